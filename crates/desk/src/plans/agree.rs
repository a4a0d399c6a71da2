//! Agreeing a plan: inside policy at once, beyond it with somebody else's yes (PP-01 to PP-06).
use super::letter::{self, Said};
use super::terms::{PlanAsk, Weighed, weigh, weigh_known};
use crate::approvals::{AskForApproval, PLAN, ask_for_approval};
use crate::core::command::{Command, answer_to, noted};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::law::HoldReason;
use sundry_domain::money::Pence;
use sundry_domain::plans::refusals::{APPROVER, SUM};
use sundry_domain::plans::running::refusals::{PLAN_CHANGED, PLAN_STATE};
use sundry_domain::plans::{
    Approver, Instalment, PlanPolicy, PlanTerms, WhoAsked, approver_of, may_grant, standing_of,
};
use sundry_domain::refusal::Refusal;
use sundry_domain::words::{counted, written};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::ItemRow;
use sundry_store::plans::agreed::{self, InstalmentRow, NewCovered, PlanEventRow, PlanRow, VersionRow};
use sundry_store::plans::{self, HoldRow};

/// Days for which a plan that waits for approval pauses recovery.
const PROPOSED_DAYS: i64 = 14;

/// What a plan would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOffer {
    /// What it covers in all.
    pub total_pence: Pence,
    /// The instalments.
    pub schedule: Vec<Instalment>,
    /// Months it takes.
    pub months: u32,
    /// Day of the last.
    pub last_on: NaiveDate,
    /// clerk, team_leader, manager or head: the least standing that may grant it.
    pub granted_by: String,
    /// Whether who asks may grant it at once.
    pub at_once: bool,
    /// Why not, in a sentence; empty when they may.
    pub why_not: String,
    /// When it would be looked at again.
    pub review_on: NaiveDate,
    /// The way it is paid, with the mandate.
    pub method: String,
    /// The mandate; empty where there is none.
    pub mandate: String,
    /// What to talk about in the budget.
    pub findings: Vec<String>,
}

/// Works out what a plan would be; changes nothing.
///
/// # Errors
/// Duty; fields; every `PP-` refusal that agreeing it would give.
pub async fn offer_plan(desk: &Desk, by: &Actor, ask: &PlanAsk) -> Outcome<PlanOffer> {
    by.must_hold(Duty::AgreePlans)?;
    let mut look = desk.look().await?;
    let weighed = match weigh(&mut look, by.org, desk.today(), ask).await {
        Ok(weighed) => weighed,
        Err(no) => {
            drop(look);
            return Err(noted(desk, by, "offer_plan", ask, no).await);
        }
    };
    let no = may_at_once(&weighed, standing_of(&by.roles)).err();
    Ok(PlanOffer {
        total_pence: weighed.total,
        months: weighed.months,
        last_on: weighed.schedule.last().map_or(ask.first_on, |part| part.due_on),
        granted_by: weighed.needed.as_str().into(),
        at_once: no.is_none(),
        why_not: no.map(|no| no.sentence).unwrap_or_default(),
        review_on: weighed.review_on,
        method: weighed.method.as_str().into(),
        mandate: weighed.mandate,
        findings: weighed.findings,
        schedule: weighed.schedule,
    })
}

/// Whether somebody of a standing may grant it.
pub(super) fn may_at_once(weighed: &Weighed, standing: Approver) -> Result<(), Refusal> {
    let (policy, below) = (&weighed.settings.policy, weighed.below_floor.as_ref());
    may_at_once_terms(policy, &weighed.terms, below, standing).map_err(|(no, _)| no)
}

/// The same for any terms: why not, and whose standing it takes.
pub(super) fn may_at_once_terms(
    policy: &PlanPolicy,
    terms: &PlanTerms,
    below_floor: Option<&Refusal>,
    standing: Approver,
) -> Result<(), (Refusal, Approver)> {
    let needed = approver_of(policy, terms);
    may_grant(policy, terms, standing).map_err(|no| (no, needed))?;
    match below_floor {
        Some(no) if standing < Approver::Manager => Err((no.clone(), needed.max(Approver::Manager))),
        _ => Ok(()),
    }
}

/// Agrees a plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgreePlan {
    /// Idempotency key.
    pub key: String,
    /// What is agreed.
    pub ask: PlanAsk,
}

/// A plan that was agreed, or waits for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAgreed {
    /// Number.
    pub number: String,
    /// active, or proposed while it waits.
    pub state: String,
    /// The version in force.
    pub version: i64,
    /// The approval that was asked for; empty where none was needed.
    pub approval: String,
    /// The letter with the schedule; empty where there is none yet.
    pub letter: String,
    /// What it covers in all.
    pub total_pence: Pence,
}

/// Agrees a plan: inside policy at once, beyond it for approval by somebody with the standing.
///
/// # Errors
/// Duty; fields; `PP-01` to `PP-06`; `BS-05-INSOLVENT`, `BS-06-DECEASED`.
pub async fn agree_plan(desk: &Desk, by: &Actor, ask: AgreePlan) -> Outcome<PlanAgreed> {
    by.must_hold(Duty::AgreePlans)?;
    refuse_card_number("words", &ask.ask.words)?;
    refuse_card_number("agreed_with", &ask.ask.agreed_with)?;
    command!(desk, by, "agree_plan", &ask.key, &ask, |cmd| {
        let weighed = weigh(&mut cmd.tx, cmd.by.org, cmd.today, &ask.ask).await?;
        let waits = may_at_once(&weighed, standing_of(&cmd.by.roles)).err();
        agreed_or_asked(cmd, &ask.ask, &weighed, waits).await
    })
}

/// What this very request agreed before. For a page that shows what is offered first: a form that is sent twice has its
/// first answer, though the debts are in a plan by now (P02).
///
/// # Errors
/// Duty; `OPS-KEY-REUSED` where the key had another request.
pub async fn agreed_before(desk: &Desk, by: &Actor, ask: &AgreePlan) -> Outcome<Option<PlanAgreed>> {
    by.must_hold(Duty::AgreePlans)?;
    answer_to(desk, by, ("agree_plan", &ask.key), ask).await
}

/// A plan that was weighed begins, or waits for somebody else's yes where something is against it.
pub(super) async fn agreed_or_asked(
    cmd: &mut Command,
    ask: &PlanAsk,
    weighed: &Weighed,
    waits: Option<Refusal>,
) -> Outcome<PlanAgreed> {
    let mut row = record(cmd, ask, weighed, waits.is_some()).await?;
    let letter = match &waits {
        None => granted(cmd, &mut row, ask).await?,
        Some(no) => {
            row.approval = ask_for(cmd, &row, weighed, ask, no).await?;
            save(cmd, &mut row).await?;
            String::new()
        }
    };
    let event = if waits.is_none() { "PlanAgreed" } else { "PlanProposed" };
    cmd.tell(event, format!("plan {}", row.number), ask);
    Ok(answer(row, letter))
}

pub(super) fn answer(row: PlanRow, letter: String) -> PlanAgreed {
    PlanAgreed {
        number: row.number,
        state: row.state,
        version: row.version,
        approval: row.approval,
        letter,
        total_pence: Pence(row.total_pence),
    }
}

async fn ask_for(cmd: &mut Command, row: &PlanRow, weighed: &Weighed, ask: &PlanAsk, no: &Refusal) -> Outcome<String> {
    let months = counted(i64::from(weighed.months), "month");
    let summary = format!(
        "Plan {} for {}: {} by {} over {months}, the first on {}. {}",
        row.number,
        weighed.people.main().name,
        weighed.total,
        counted(weighed.schedule.len() as i64, "instalment"),
        written(weighed.schedule.first().map_or(ask.first_on, |part| part.due_on)),
        no.sentence
    );
    let needed = weighed.needed.as_str();
    let payload = serde_json::json!({ "plan": row.number, "ask": ask, "schedule": weighed.schedule, "needed": needed });
    let subject = format!("plan {}", row.number);
    ask_for_approval(cmd, AskForApproval { command: PLAN, subject, summary, payload, amount: weighed.total }).await
}

/// Writes the plan, its people, its first version, what it covers, and the holds that pause recovery meanwhile.
async fn record(cmd: &mut Command, ask: &PlanAsk, weighed: &Weighed, waits: bool) -> Outcome<PlanRow> {
    let org = cmd.by.org;
    let number = format!("PLAN-{:06}", cmd.next_number("PLAN").await?);
    let row = new_row(cmd, ask, weighed, number);
    agreed::add_plan(&mut cmd.tx, org, &row).await?;
    let people: Vec<i64> = weighed.people.all.iter().map(|person| person.id).collect();
    agreed::add_parties(&mut cmd.tx, org, row.id, &people).await?;
    add_version(cmd, &row, ("agreed", &ask.words), &weighed.schedule).await?;
    let until = waits.then(|| add_days(cmd.today, PROPOSED_DAYS));
    cover(cmd, &row, &weighed.items, until).await?;
    if waits {
        let words = format!("{} over {}", weighed.total, counted(i64::from(weighed.months), "month"));
        event(cmd, row.id, "proposed", words, weighed.total.0).await?;
    }
    Ok(row)
}

fn new_row(cmd: &mut Command, ask: &PlanAsk, weighed: &Weighed, number: String) -> PlanRow {
    let policy = &weighed.settings.policy;
    let who = match ask.who() {
        WhoAsked::Customer => "customer",
        WhoAsked::Adviser => "adviser",
        WhoAsked::Us => "us",
    };
    let main = weighed.people.main();
    let with = ask.agreed_with.trim();
    let first = weighed.schedule.first().copied();
    PlanRow {
        id: cmd.id(),
        number,
        customer_id: main.id,
        state: "proposed".into(),
        version: 1,
        total_pence: weighed.total.0,
        every: weighed.every.as_str().into(),
        remainder: weighed.remainder.as_str().into(),
        method: weighed.method.as_str().into(),
        mandate_reference: weighed.mandate.clone(),
        asked_by: who.into(),
        agreed_with: if with.is_empty() { main.name.clone() } else { with.to_owned() },
        evidence: ask.evidence.clone(),
        words: ask.words.trim().to_owned(),
        interest_charged: ask.interest_charged,
        interest_in_writing: ask.interest_in_writing,
        interest_legal: ask.interest_legal,
        late_interest: ask.late_interest.clone(),
        token: weighed.token,
        budget_id: weighed.budget.as_ref().map(|row| row.id),
        proposed_on: cmd.today,
        granted_on: None,
        granted_at: None,
        granted_by: String::new(),
        approval: String::new(),
        tolerance_days: policy.tolerance_days,
        cure_days: policy.cure_days,
        break_days: policy.break_days,
        credited_pence: 0,
        review_on: weighed.review_on,
        standing: String::new(),
        due_pence: 0,
        paid_pence: 0,
        behind_pence: 0,
        behind_since: None,
        next_on: first.map(|part| part.due_on),
        next_pence: first.map_or(0, |part| part.amount.0),
        last_on: weighed.schedule.last().map_or(cmd.today, |part| part.due_on),
        checked_on: None,
        reminded_part: 0,
        reminded_on: None,
        claim_again: false,
        ended_on: None,
        end_reason: String::new(),
        recorded_at: cmd.at,
        changes: 1,
    }
}

/// Adds the version that the row names, with its instalments; those before it are superseded.
pub(super) async fn add_version(
    cmd: &mut Command,
    row: &PlanRow,
    (what, reason): (&str, &str),
    schedule: &[Instalment],
) -> Outcome<()> {
    let (org, at) = (cmd.by.org, cmd.at);
    let version = VersionRow {
        version: row.version,
        what: what.to_owned(),
        reason: reason.trim().to_owned(),
        made_on: cmd.today,
        total_pence: schedule.iter().map(|part| part.amount.0).sum(),
        actor_name: cmd.by.name.clone(),
        letter: String::new(),
        superseded_on: None,
    };
    agreed::supersede(&mut cmd.tx, org, row.id, row.version, cmd.today).await?;
    agreed::add_version(&mut cmd.tx, org, row.id, &version, at).await?;
    let rows = (1..).zip(schedule).map(|(part, one)| InstalmentRow {
        plan_id: row.id,
        version: row.version,
        part,
        due_on: one.due_on,
        amount_pence: one.amount.0,
    });
    Ok(agreed::add_instalments(&mut cmd.tx, org, rows.collect()).await?)
}

/// Puts items under the plan: each is held, open-ended or until a day.
pub(super) async fn cover(
    cmd: &mut Command,
    row: &PlanRow,
    items: &[ItemRow],
    until: Option<NaiveDate>,
) -> Outcome<()> {
    let org = cmd.by.org;
    let (mut holds, mut rows) = (Vec::new(), Vec::new());
    for item in items {
        let hold = hold_row(cmd, row, (item.customer_id, item.id), until);
        rows.push(NewCovered {
            plan_id: row.id,
            item_id: item.id,
            customer_id: item.customer_id,
            share_pence: item.open_pence,
            version: row.version,
            hold_id: Some(hold.id),
            joined_at: cmd.at,
        });
        holds.push(hold);
    }
    plans::add_holds(&mut cmd.tx, org, holds).await?;
    Ok(agreed::add_covered(&mut cmd.tx, org, rows).await?)
}

pub(super) fn hold_row(
    cmd: &mut Command,
    row: &PlanRow,
    (customer, item): (i64, i64),
    until: Option<NaiveDate>,
) -> HoldRow {
    HoldRow {
        id: cmd.id(),
        customer_id: customer,
        item_id: Some(item),
        reason: HoldReason::Plan.as_str().into(),
        words: if until.is_some() { format!("{} waits for approval", row.number) } else { row.number.clone() },
        from_on: cmd.today,
        until_on: until,
        ended_on: None,
        owner: cmd.by.name.clone(),
        query_id: None,
        promise_id: None,
        recorded_at: cmd.at,
    }
}

/// Notes what happened to a plan, for its page and the account's timeline.
pub(super) async fn event(cmd: &mut Command, plan: i64, what: &str, words: String, pence: i64) -> Outcome<()> {
    let row = PlanEventRow {
        id: cmd.id(),
        plan_id: plan,
        on_day: cmd.today,
        what: what.to_owned(),
        words,
        amount_pence: pence,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    Ok(agreed::add_event(&mut cmd.tx, cmd.by.org, &row).await?)
}

/// Keeps a changed plan, unless somebody changed it meanwhile.
pub(super) async fn save(cmd: &mut Command, row: &mut PlanRow) -> Outcome<()> {
    if !agreed::change_plan(&mut cmd.tx, cmd.by.org, row).await? {
        return Err(PLAN_CHANGED.because(format!("Somebody else has just changed {}", row.number)).into());
    }
    row.changes += 1;
    Ok(())
}

/// The plan begins: what comes from now on counts, its holds stand while it is kept, and the letter goes out.
async fn granted(cmd: &mut Command, row: &mut PlanRow, ask: &PlanAsk) -> Outcome<String> {
    let org = cmd.by.org;
    row.state = "active".into();
    row.standing = "kept".into();
    row.granted_on = Some(cmd.today);
    row.granted_at = Some(cmd.at);
    row.granted_by = cmd.by.name.clone();
    agreed::begin_counting(&mut cmd.tx, org, row.id, cmd.at).await?;
    agreed::move_holds_of_plan(&mut cmd.tx, org, row.id, None).await?;
    save(cmd, row).await?;
    let how = match ask.evidence.as_str() {
        "call" => "on the telephone",
        "online" => "online",
        _ => "in writing",
    };
    let signed = if matches!(ask.evidence.as_str(), "form" | "letter") { ". It acknowledges the debt" } else { "" };
    let words = format!("Agreed with {} {how}{signed}.", row.agreed_with);
    event(cmd, row.id, "granted", words, row.total_pence).await?;
    letter::write(cmd, row, Said::Agreed).await
}

/// Carries out an approval: the plan begins, if nothing has changed that it rests on.
pub(crate) async fn plan_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let ask: PlanAsk = serde_json::from_value(approval.payload["ask"].clone())?;
    let mut row = proposed(cmd, approval).await?;
    let weighed = weigh_known(&mut cmd.tx, cmd.by.org, cmd.today, &ask, Some(&row.number)).await?;
    may_at_once(&weighed, standing_of(&cmd.by.roles))?;
    if weighed.total.0 != row.total_pence {
        let sentence = format!("{} is open now where the plan is for {}", weighed.total, Pence(row.total_pence));
        return Err(SUM.because(sentence).into());
    }
    granted(cmd, &mut row, &ask).await?;
    cmd.tell("PlanAgreed", format!("plan {}", row.number), &ask);
    Ok(row.number)
}

/// Closes a plan that was not approved.
pub(crate) async fn plan_refused(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let mut row = match proposed(cmd, approval).await {
        // It was withdrawn meanwhile: only the approval is left to close.
        Err(no) if no.code() == Some(PLAN_STATE.code) => return Ok(()),
        found => found?,
    };
    row.state = "refused".into();
    (row.ended_on, row.end_reason) = (Some(cmd.today), reason.trim().to_owned());
    agreed::end_holds_of_plan(&mut cmd.tx, cmd.by.org, row.id, cmd.today).await?;
    save(cmd, &mut row).await?;
    event(cmd, row.id, "refused", reason.trim().to_owned(), row.total_pence).await?;
    cmd.tell("PlanRefused", format!("plan {}", row.number), reason);
    Ok(())
}

async fn proposed(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<PlanRow> {
    let number = approval.payload["plan"].as_str().ok_or_else(|| Fault::new("an approval of no plan"))?;
    let row = agreed::plan_numbered(&mut cmd.tx, cmd.by.org, number).await?;
    let row = row.ok_or_else(|| No::Absent(format!("plan {number}")))?;
    if row.state != "proposed" {
        return Err(PLAN_STATE.because(format!("{number} is {}", row.state)).into());
    }
    Ok(row)
}

/// Why somebody's standing does not reach for a plan that waits; none when it does.
pub(crate) fn standing_refusal(by: &Actor, payload: &serde_json::Value) -> Option<Refusal> {
    let needed = payload.get("needed").and_then(|name| name.as_str()).and_then(Approver::parse)?;
    (standing_of(&by.roles) < needed)
        .then(|| APPROVER.because(format!("This plan is for the {}", needed.name().to_lowercase())))
}
