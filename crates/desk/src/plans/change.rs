//! Changing a plan that runs: a new version takes the place of the old one, and what is past stays (PLN-05, PP-06).
use super::agree::{PlanAgreed, add_version, answer, cover, event, may_at_once_terms, save};
use super::assess::{Assessed, assess, is_frozen};
use super::letter::{self, Said};
use super::tend::{nation_of, note_figures, withdraw_collections};
use super::terms::{Grant, MOST_INSTALMENTS, People, mandate_of, usual};
use crate::approvals::{AskForApproval, PLAN_CHANGE, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::money::Pence;
use sundry_domain::plans::refusals::{INSTALMENT_AMOUNT, MORATORIUM, PAST, PAST_INSTALMENT, PLAN_OVER, TOO_LONG};
use sundry_domain::plans::running::refusals::PLAN_STATE;
use sundry_domain::plans::{
    Approver, Every, Instalment, PlanChange, PlanFacts, PlanInterest, PlanItem, PlanMethod, Remainder, ScheduleAsk,
    Size, WhoAsked, change_plan as changed_schedule, may_agree, schedule, shift, standing_of, term_months,
};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_domain::words::{counted, written};
use sundry_store::control::{self, ApprovalRow};
use sundry_store::ledger::ItemRow;
use sundry_store::plans::agreed::{self, PlanRow};
use sundry_store::plans::budgets;

/// The changes there are.
pub const CHANGES: [(&str, &str); 6] = [
    ("skip", "Skip an instalment"),
    ("sooner", "Take extra money off the end"),
    ("smaller", "Take extra money off each to come"),
    ("add", "Add invoices"),
    ("reschedule", "Agree new instalments for what is left"),
    ("shift", "Move the days"),
];

/// Changes a plan that runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChangePlan {
    /// Idempotency key.
    pub key: String,
    /// Number of the plan.
    pub number: String,
    /// skip, sooner, smaller, add, reschedule or shift.
    pub what: String,
    /// Skip: which instalment, counted from 1.
    #[serde(default)]
    pub part: Option<u32>,
    /// Sooner, smaller: how much came beyond the schedule. Reschedule: how much each.
    #[serde(default)]
    pub amount_pence: Option<Pence>,
    /// Add: numbers of the invoices.
    #[serde(default)]
    pub items: Vec<String>,
    /// Shift: by how many days.
    #[serde(default)]
    pub days: Option<i64>,
    /// Shift: from which day on; reschedule: the first day.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Reschedule: by how many.
    #[serde(default)]
    pub instalments: Option<u32>,
    /// Reschedule: how far apart; as it is where empty.
    #[serde(default)]
    pub every: String,
    /// Reschedule: how it is paid; as it is where empty.
    #[serde(default)]
    pub method: String,
    /// customer, adviser or us.
    pub asked_by: String,
    /// Why.
    pub reason: String,
}

impl ChangePlan {
    fn check(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if !CHANGES.iter().any(|(what, _)| *what == self.what) {
            wrong.push(Invalid::field("what", "Choose one from the list", &self.what));
        }
        if self.who().is_none() {
            wrong.push(Invalid::field("asked_by", "Choose who asked", &self.asked_by));
        }
        if self.reason.trim().is_empty() {
            wrong.push(Invalid::field("reason", "Enter why, in up to 2,000 characters", &self.reason));
        }
        wrong.extend(words_wrong(&[("reason", &self.reason)], 2_000));
        wrong.extend(days_wrong(&[("from_on", self.from_on)], today));
        let mut need = |field: &str, there: bool, say: &str| {
            if !there {
                wrong.push(Invalid::field(field, say, ""));
            }
        };
        match self.what.as_str() {
            "skip" => need("part", self.part.is_some(), "Enter which instalment"),
            "sooner" | "smaller" => need("amount_pence", self.amount_pence.is_some(), "Enter how much came"),
            "add" => need("items", (1..=500).contains(&self.items.len()), "Choose an invoice, and at most 500"),
            "shift" => {
                let days = self.days.is_some_and(|days| (1..=365).contains(&days));
                need("days", days, "Enter from 1 to 365 days");
            }
            "reschedule" => {
                let one = self.instalments.is_some() != self.amount_pence.is_some();
                need("instalments", one, "Enter how many instalments, or how much each");
                need("from_on", self.from_on.is_some(), "Enter the day of the first");
                need("every", self.every.is_empty() || Every::parse(&self.every).is_some(), "Choose how far apart");
                let method = self.method.is_empty() || PlanMethod::parse(&self.method).is_some();
                need("method", method, "Choose how it is paid");
            }
            _ => {}
        }
        wrong
    }

    fn who(&self) -> Option<WhoAsked> {
        match self.asked_by.as_str() {
            "customer" => Some(WhoAsked::Customer),
            "adviser" => Some(WhoAsked::Adviser),
            "us" => Some(WhoAsked::Us),
            _ => None,
        }
    }
}

/// Changes a plan: at once where the new terms are inside what one may grant, else with somebody else's yes.
///
/// # Errors
/// Duty; fields; `PP-06-HISTORY`, `PP-01-OVER`, and what agreeing such a plan would refuse.
pub async fn change_plan(desk: &Desk, by: &Actor, ask: ChangePlan) -> Outcome<PlanAgreed> {
    by.must_hold(Duty::AgreePlans)?;
    let wrong = ask.check(desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("reason", &ask.reason)?;
    command!(desk, by, "change_plan", &ask.key, &ask, |cmd| {
        let standing = standing_of(&cmd.by.roles);
        match apply(cmd, &ask, standing).await? {
            Applied::Changed(done) => Ok(done),
            Applied::Beyond(row, no, needed) => {
                let row = *row;
                let total = Pence(row.total_pence);
                let name = CHANGES.iter().find(|(what, _)| *what == ask.what).map_or("", |(_, name)| name);
                let summary = format!("Plan {}: {}. {}. {}", row.number, name, ask.reason.trim(), no.sentence);
                let payload = serde_json::json!({ "plan": row.number, "change": ask, "needed": needed.as_str() });
                let subject = format!("plan {}", row.number);
                let asked = AskForApproval { command: PLAN_CHANGE, subject, summary, payload, amount: total };
                let approval = ask_for_approval(cmd, asked).await?;
                event(cmd, row.id, "change_asked", format!("{name}. {}", ask.reason.trim()), 0).await?;
                cmd.tell("PlanChangeProposed", format!("plan {}", row.number), &ask);
                Ok(PlanAgreed { approval, ..answer(row, String::new()) })
            }
        }
    })
}

/// Carries out a change that was approved.
pub(crate) async fn change_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let ask: ChangePlan = serde_json::from_value(approval.payload["change"].clone())?;
    let standing = standing_of(&cmd.by.roles);
    match apply(cmd, &ask, standing).await? {
        Applied::Changed(done) => Ok(done.number),
        Applied::Beyond(_, no, _) => Err(no.into()),
    }
}

/// Notes that a change was not approved; the plan goes on as it is.
pub(crate) async fn change_refused(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let ask: ChangePlan = serde_json::from_value(approval.payload["change"].clone())?;
    let row = agreed::plan_numbered(&mut cmd.tx, cmd.by.org, &ask.number).await?;
    if let Some(row) = row {
        event(cmd, row.id, "change_refused", reason.trim().to_owned(), 0).await?;
    }
    Ok(())
}

enum Applied {
    Changed(PlanAgreed),
    /// Beyond somebody's standing: the plan, why, and who may.
    Beyond(Box<PlanRow>, Refusal, Approver),
}

/// A plan that runs, by its number.
pub(super) async fn running(cmd: &mut Command, number: &str) -> Outcome<PlanRow> {
    let row = agreed::plan_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("plan {number}")))?;
    if matches!(row.state.as_str(), "active" | "suspended") {
        return Ok(row);
    }
    if row.state == "proposed" {
        return Err(PLAN_STATE.because(format!("{} waits for approval", row.number)).into());
    }
    Err(PLAN_OVER.because(format!("{} is {}", row.number, row.state)).into())
}

/// How a plan stands today.
pub(super) async fn assessed(cmd: &mut Command, row: PlanRow) -> Outcome<Assessed> {
    let nation = nation_of(&mut cmd.tx, cmd.by.org).await?;
    let book = cmd.desk.book();
    let mut all = assess(&mut cmd.tx, cmd.by.org, book.calendar(nation), vec![row], cmd.today).await?;
    Ok(all.pop().ok_or_else(|| Fault::new("a plan that was there"))?)
}

/// What a change makes of the plan.
struct New {
    schedule: Vec<Instalment>,
    items: Vec<ItemRow>,
    every: Every,
    method: Option<(PlanMethod, String)>,
    /// Credit notes that the new schedule has taken in.
    credited: Pence,
}

async fn apply(cmd: &mut Command, ask: &ChangePlan, standing: Approver) -> Outcome<Applied> {
    let row = running(cmd, &ask.number).await?;
    let one = assessed(cmd, row).await?;
    let people = people_of(cmd, &one.plan).await?;
    let asked_by = ask.who().unwrap_or(WhoAsked::Us);
    if asked_by == WhoAsked::Us && is_frozen(&one.frozen, cmd.today) {
        return Err(MORATORIUM.because(format!("{} is in breathing space", people.main().name)).into());
    }
    let new = worked(cmd, ask, &one, &people, asked_by).await?;
    let ahead: Vec<Instalment> = new.schedule.iter().copied().filter(|part| part.due_on >= cmd.today).collect();
    if ahead.len() > MOST_INSTALMENTS as usize {
        let count = counted(ahead.len() as i64, "instalment");
        return Err(TOO_LONG.because(format!("{count} to come are more than {MOST_INSTALMENTS}")).into());
    }
    if let Some((no, needed)) = beyond(cmd, &one.plan, &people, &ahead, (new.every, standing)).await? {
        return Ok(Applied::Beyond(Box::new(one.plan), no, needed));
    }
    write(cmd, ask, one, new).await.map(Applied::Changed)
}

async fn people_of(cmd: &mut Command, plan: &PlanRow) -> Outcome<People> {
    let (org, today) = (cmd.by.org, cmd.today);
    let parties = agreed::parties(&mut cmd.tx, org, plan.id).await?;
    let main = parties.iter().find(|party| party.customer_id == plan.customer_id);
    let others = parties.iter().filter(|party| party.customer_id != plan.customer_id);
    let numbers: Vec<&str> = main.into_iter().chain(others).map(|party| party.number.as_str()).collect();
    let mut people = People::load(&mut cmd.tx, org, &numbers, today).await?;
    // What broke before was weighed when the plan was granted.
    people.broke_one = false;
    Ok(people)
}

async fn worked(
    cmd: &mut Command,
    ask: &ChangePlan,
    one: &Assessed,
    people: &People,
    asked_by: WhoAsked,
) -> Outcome<New> {
    let every = Every::parse(&one.plan.every).ok_or_else(|| Fault::new("how far apart cannot be read"))?;
    let same = |schedule| New { schedule, items: Vec::new(), every, method: None, credited: one.credited };
    let (amount, today) = (ask.amount_pence.unwrap_or(Pence::ZERO), cmd.today);
    let change = |change| changed_schedule(&one.schedule, every, change, today);
    Ok(match ask.what.as_str() {
        "skip" => same(change(PlanChange::Skip(ask.part.unwrap_or(0)))?),
        "sooner" => same(with_lump(change(PlanChange::Sooner(beyond_schedule(one, amount)?))?, amount, (one, today))),
        "smaller" => same(with_lump(change(PlanChange::Smaller(beyond_schedule(one, amount)?))?, amount, (one, today))),
        "shift" => same(shifted(ask, one, today)?),
        "add" => {
            let (items, facts) = people.items(&mut cmd.tx, cmd.by.org, &ask.items).await?;
            let more = facts.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
            let part = Instalment { due_on: cmd.today, amount: more };
            may_agree(&facts_of(&one.plan, people, (facts, vec![part]), asked_by, None), cmd.today)?;
            New { items, ..same(change(PlanChange::Add(more))?) }
        }
        _ => rescheduled(cmd, ask, one, people, asked_by).await?,
    })
}

fn facts_of(
    plan: &PlanRow,
    people: &People,
    (items, schedule): (Vec<PlanItem>, Vec<Instalment>),
    asked_by: WhoAsked,
    replaces: Option<String>,
) -> PlanFacts {
    PlanFacts {
        items,
        months: term_months(&schedule),
        schedule,
        asked_by,
        individual: people.individual,
        interest: PlanInterest {
            charged: plan.interest_charged,
            in_writing: plan.interest_in_writing,
            legal_approved: plan.interest_legal,
        },
        business_months: u32::MAX,
        late_interest_decided: !plan.late_interest.is_empty(),
        replaces,
    }
}

/// Money that came beyond what was due by now.
fn beyond_schedule(one: &Assessed, amount: Pence) -> Result<Pence, Refusal> {
    let extra = one.standing.paid.minus(one.standing.due).max(Pence::ZERO);
    if amount > extra {
        let sentence = format!("{extra} has come beyond the schedule, not {amount}");
        return Err(INSTALMENT_AMOUNT.because(sentence));
    }
    Ok(amount)
}

/// The last day before today that is not in breathing space: money that came stands there, since an instalment of a day
/// inside is not asked for, and what paid it would count for those to come.
fn day_before(one: &Assessed, today: NaiveDate) -> NaiveDate {
    let mut day = today.pred_opt().unwrap_or(today);
    while let Some((from, _)) = one.frozen.iter().find(|span| is_frozen(&[**span], day)) {
        day = from.pred_opt().unwrap_or(NaiveDate::MIN);
    }
    day
}

/// The money that came stands in the new version as an instalment of a day before, so that the sum stays what is owed.
fn with_lump(mut parts: Vec<Instalment>, amount: Pence, (one, today): (&Assessed, NaiveDate)) -> Vec<Instalment> {
    let due_on = day_before(one, today);
    let at = parts.iter().take_while(|part| part.due_on <= due_on).count();
    parts.insert(at, Instalment { due_on, amount });
    parts
}

/// What is to come moves; what fell due in breathing space was not asked for, so it may move too.
fn shifted(ask: &ChangePlan, one: &Assessed, today: NaiveDate) -> Result<Vec<Instalment>, Refusal> {
    let (from, days) = (ask.from_on.unwrap_or(today), ask.days.unwrap_or(0));
    let moves = |part: &&Instalment| part.due_on >= from;
    let past = |part: &&Instalment| part.due_on < today && !is_frozen(&one.frozen, part.due_on);
    if let Some(part) = one.schedule.iter().filter(moves).find(past) {
        let sentence = format!("The instalment of {} is past", written(part.due_on));
        return Err(PAST_INSTALMENT.because(sentence));
    }
    let parts = shift(&one.schedule, from, days);
    let moved = parts.iter().zip(&one.schedule).find(|(new, old)| new.due_on != old.due_on && new.due_on < today);
    match moved {
        Some((new, _)) => Err(PAST.because(format!("{} has passed", written(new.due_on))).allowed_from(today)),
        None => Ok(parts),
    }
}

/// New instalments for what is left: what was paid stands as one part of a day before, and the rest is agreed anew.
async fn rescheduled(
    cmd: &mut Command,
    ask: &ChangePlan,
    one: &Assessed,
    people: &People,
    asked_by: WhoAsked,
) -> Outcome<New> {
    let (org, plan) = (cmd.by.org, &one.plan);
    let every = Every::parse(if ask.every.is_empty() { &plan.every } else { &ask.every });
    let every = every.ok_or_else(|| Fault::new("checked above"))?;
    let covered = agreed::covered(&mut cmd.tx, org, (plan.id, plan.id)).await?;
    let facts: Vec<PlanItem> = covered
        .iter()
        .filter(|row| row.open_pence > 0)
        .map(|row| PlanItem {
            number: row.number.clone(),
            open: Pence(row.open_pence),
            in_query: row.disputed_pence > 0,
            in_plan: Some(plan.number.clone()),
            frozen: people.is_frozen((row.customer_id, row.item_id), row.dated_on),
        })
        .collect();
    let left = facts.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
    let size = match (ask.instalments, ask.amount_pence) {
        (Some(count), _) => Size::Number(count),
        (_, amount) => Size::Amount(amount.unwrap_or(Pence::ZERO)),
    };
    let new = schedule(&ScheduleAsk {
        total: left,
        size,
        every,
        first_on: ask.from_on.unwrap_or(cmd.today),
        day_of_month: None,
        remainder: Remainder::parse(&plan.remainder).unwrap_or(Remainder::First),
        most: MOST_INSTALMENTS,
    })?;
    may_agree(&facts_of(plan, people, (facts, new.clone()), asked_by, Some(plan.number.clone())), cmd.today)?;
    let method = match PlanMethod::parse(&ask.method) {
        Some(method) => Some((method, mandate_of(&mut cmd.tx, org, people, method).await?)),
        None => None,
    };
    let paid = one.standing.paid;
    let before = Instalment { due_on: day_before(one, cmd.today), amount: paid };
    let schedule = (paid > Pence::ZERO).then_some(before).into_iter().chain(new).collect();
    Ok(New { schedule, items: Vec::new(), every, method, credited: one.credited })
}

/// Why somebody's standing does not reach for the instalments to come, and whose does; none when it does.
async fn beyond(
    cmd: &mut Command,
    plan: &PlanRow,
    people: &People,
    ahead: &[Instalment],
    (every, standing): (Every, Approver),
) -> Outcome<Option<(Refusal, Approver)>> {
    let org = cmd.by.org;
    if ahead.is_empty() {
        return Ok(None);
    }
    let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let settings = super::policy::PlanSettings::of(&site)?;
    let budget = match plan.budget_id {
        Some(id) => budgets::budget(&mut cmd.tx, org, id).await?,
        None => None,
    };
    let total = ahead.iter().fold(Pence::ZERO, |sum, part| sum.plus(part.amount));
    let grant = Grant { usual: usual(ahead), several: ahead.len() > 1, every, total, months: term_months(ahead) };
    let (terms, below, _) = grant.judge(people, &settings, budget.as_ref(), "a change")?;
    Ok(may_at_once_terms(&settings.policy, &terms, below.as_ref(), standing).err())
}

async fn write(cmd: &mut Command, ask: &ChangePlan, one: Assessed, new: New) -> Outcome<PlanAgreed> {
    let mut row = one.plan.clone();
    row.version += 1;
    row.credited_pence = new.credited.0;
    row.total_pence = new.schedule.iter().map(|part| part.amount.0).sum();
    row.last_on = new.schedule.last().map_or(row.last_on, |part| part.due_on);
    row.every = new.every.as_str().into();
    if let Some((method, mandate)) = &new.method {
        row.method = method.as_str().into();
        row.mandate_reference = mandate.clone();
    }
    if ask.what == "reschedule" {
        (row.reminded_part, row.reminded_on) = (0, None);
    }
    add_version(cmd, &row, (&ask.what, &ask.reason), &new.schedule).await?;
    cover(cmd, &row, &new.items, None).await?;
    save(cmd, &mut row).await?;
    let after = assessed(cmd, row.clone()).await?;
    note_figures(&mut row, &after, cmd.today);
    save(cmd, &mut row).await?;
    let stands: Vec<(NaiveDate, i64)> = after.schedule.iter().map(|part| (part.due_on, part.amount.0)).collect();
    let why = format!("{} was changed", row.number);
    withdraw_collections(cmd, &row, &stands, &why).await?;
    let name = CHANGES.iter().find(|(what, _)| *what == ask.what).map_or("", |(_, name)| name);
    let ahead = new.schedule.iter().filter(|part| part.due_on >= cmd.today).count();
    let words = format!("{name}: {} to come. {}", counted(ahead as i64, "instalment"), ask.reason.trim());
    event(cmd, row.id, "changed", words, row.total_pence).await?;
    let letter = letter::write(cmd, &row, Said::Changed).await?;
    cmd.tell("PlanChanged", format!("plan {}", row.number), ask);
    Ok(answer(row, letter))
}
