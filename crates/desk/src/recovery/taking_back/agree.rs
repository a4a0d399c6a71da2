//! Agreeing that an overpayment is taken back, and ending it.
use super::super::recorded::reasoned;
use super::{find, hold, may_keep, release};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::{DebtClass, DebtFact, FactSeen};
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::{TAKING_RUNS, TAKING_STATE};
use sundry_domain::recovery::{
    Deduction, MOST_DEDUCTIONS, PaidEvery, TakenBy, TakenFrom, TakingFacts, deduction_count, deductions, may_take_back,
};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::debt_facts::debt_facts_of_item;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::recovery::taking_back::{self as rows, DeductionRow, TakingRow};

/// Agrees that an overpayment is taken back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AgreeOverpaymentRecovery {
    /// Idempotency key.
    pub key: String,
    /// Number of the debt.
    pub debt: String,
    /// pay or provider.
    pub taken_from: String,
    /// agreement or contract.
    pub taken_by: String,
    /// The document behind it.
    pub evidence: String,
    /// How much each time.
    pub each: Option<Pence>,
    /// week, two_weeks, four_weeks or month.
    pub every: String,
    /// The first pay day, or day of a payment.
    pub first_on: Option<NaiveDate>,
    /// From pay: in how many pay periods the overpayment arose.
    #[serde(default)]
    pub arose_over: i64,
    /// Where the employee asked in writing for fewer deductions; else empty.
    #[serde(default)]
    pub sooner: String,
}

/// It is agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverpaymentRecoveryAgreed {
    /// Its number.
    pub number: String,
    /// How many deductions.
    pub deductions: i64,
    /// What they come to.
    pub total_pence: i64,
    /// The last of them.
    pub last_on: NaiveDate,
}

/// What was asked, understood.
struct Terms {
    from: TakenFrom,
    by: TakenBy,
    every: PaidEvery,
    each: Pence,
    first_on: NaiveDate,
}

/// Agrees that an overpayment is taken back: from pay, or from payments to a provider, in deductions until it is paid.
/// Nobody is chased for it meanwhile.
///
/// # Errors
/// Duty; fields; a debt that is not there; `REC-05-…`; what the law or a hold stops.
pub async fn agree_overpayment_recovery(
    desk: &Desk,
    by: &Actor,
    ask: AgreeOverpaymentRecovery,
) -> Outcome<OverpaymentRecoveryAgreed> {
    by.must_hold(Duty::WorkCases)?;
    refuse_cards(&[("evidence", &ask.evidence), ("sooner", &ask.sooner)])?;
    command!(desk, by, "agree_overpayment_recovery", &ask.key, &ask, |cmd| {
        let terms = terms_of(&ask, cmd.today)?;
        let org = cmd.by.org;
        let item = debt_named(&mut cmd.tx, org, &ask.debt).await?;
        let total = Pence(item.open_pence);
        let Some(count) = deduction_count(total, terms.each) else {
            let message = format!("Enter an amount that pays {total} in at most {MOST_DEDUCTIONS} deductions");
            return Err(Invalid::field("each", message, terms.each.pounds()).into());
        };
        let recorded = recorded_of(&mut cmd.tx, org, &item).await?;
        let facts = TakingFacts {
            class: DebtClass::of_debt_type(&item.debt_type),
            recorded: &recorded,
            from: terms.from,
            by: terms.by,
            count,
            arose_over: ask.arose_over,
            asked_sooner: !ask.sooner.trim().is_empty(),
        };
        may_take_back(&facts, cmd.today)?;
        if let Some(number) = rows::running_of_item(&mut cmd.tx, org, ItemId(item.id)).await? {
            return Err(TAKING_RUNS.because(format!("{} is being taken back by {number}", item.number)).into());
        }
        let today = cmd.today;
        may_keep(&mut cmd.tx, org, &item, None, today).await??;
        let plan = deductions(total, terms.each, terms.every, terms.first_on);
        keep(cmd, &ask, &terms, &item, &plan).await
    })
}

fn terms_of(ask: &AgreeOverpaymentRecovery, today: NaiveDate) -> Outcome<Terms> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: String| wrong.push(Invalid::field(field, message, typed));
    if ask.debt.trim().is_empty() {
        say("debt", "Enter the number of the debt", ask.debt.clone());
    }
    let from = TakenFrom::parse(&ask.taken_from);
    if from.is_none() {
        say("taken_from", "Choose what it is taken from", ask.taken_from.clone());
    }
    let by = TakenBy::parse(&ask.taken_by);
    if by.is_none() {
        say("taken_by", "Choose what allows it", ask.taken_by.clone());
    }
    let every = PaidEvery::parse(&ask.every);
    if every.is_none() {
        say("every", "Choose how often there is a payment", ask.every.clone());
    }
    if ask.each.is_none() {
        say("each", "Enter how much is taken each time", String::new());
    }
    match ask.first_on {
        Some(on) if on < today => say("first_on", "Enter a day that has not passed", on.to_string()),
        Some(_) => {}
        None => say("first_on", "Enter the day of the first deduction", String::new()),
    }
    if from == Some(TakenFrom::Pay) && !(1..=MOST_DEDUCTIONS).contains(&ask.arose_over) {
        say("arose_over", "Enter in how many pay periods it was overpaid", ask.arose_over.to_string());
    }
    if ask.evidence.trim().is_empty() {
        say("evidence", "Enter the document behind it, in at most 300 characters", ask.evidence.clone());
    }
    wrong.extend(words_wrong(&[("evidence", &ask.evidence), ("sooner", &ask.sooner)], 300));
    wrong.extend(days_wrong(&[("first_on", ask.first_on)], today));
    match (from, by, every, ask.each, ask.first_on) {
        (Some(from), Some(by), Some(every), Some(each), Some(first_on)) if wrong.is_empty() => {
            Ok(Terms { from, by, every, each, first_on })
        }
        _ => Err(wrong.into()),
    }
}

/// The open debt with a number; of an invoice in instalments each is a debt with a number of its own.
async fn debt_named(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let items = ledger::items_numbered(tx, org, number.trim()).await?;
    let found = items.into_iter().find(|item| item.number == number.trim() && item.open_pence > 0);
    Ok(found.ok_or_else(|| Invalid::field("debt", "Enter the number of a debt that is open", number))?)
}

async fn recorded_of(tx: &mut Tx, org: OrgId, item: &ItemRow) -> Outcome<Vec<FactSeen>> {
    let known = debt_facts_of_item(tx, org, CustomerId(item.customer_id), ItemId(item.id)).await?;
    let counts = known.iter().filter(|row| row.withdrawn_on.is_none());
    let seen = counts.filter_map(|row| Some(FactSeen { fact: DebtFact::parse(&row.fact)?, on: row.happened_on }));
    Ok(seen.collect())
}

async fn keep(
    cmd: &mut Command,
    ask: &AgreeOverpaymentRecovery,
    terms: &Terms,
    item: &ItemRow,
    plan: &[Deduction],
) -> Outcome<OverpaymentRecoveryAgreed> {
    let org = cmd.by.org;
    let number = format!("OPR-{:06}", cmd.next_number("OPR").await?);
    let hold_id = hold(cmd, item, &number).await?;
    let row = TakingRow {
        id: cmd.id::<i64>(),
        number: number.clone(),
        item_id: item.id,
        taken_from: terms.from.as_str().into(),
        taken_by: terms.by.as_str().into(),
        evidence: ask.evidence.trim().to_owned(),
        every: terms.every.as_str().into(),
        each_pence: terms.each.0,
        first_on: terms.first_on,
        arose_over: if terms.from == TakenFrom::Pay { ask.arose_over } else { 0 },
        sooner: ask.sooner.trim().to_owned(),
        state: "running".into(),
        hold_id: Some(hold_id),
        agreed_on: cmd.today,
        agreed_by: cmd.by.name.clone(),
        ended_on: None,
        ended_by: String::new(),
        ended_why: String::new(),
    };
    if !rows::add_taking(&mut cmd.tx, org, &row, cmd.at).await? {
        return Err(TAKING_RUNS.because(format!("{} is being taken back already", item.number)).into());
    }
    let lines: Vec<DeductionRow> = plan.iter().map(|one| planned(row.id, one)).collect();
    rows::add_deductions(&mut cmd.tx, org, lines).await?;
    let answer = OverpaymentRecoveryAgreed {
        number: number.clone(),
        deductions: plan.len() as i64,
        total_pence: item.open_pence,
        last_on: plan.last().map_or(terms.first_on, |last| last.due_on),
    };
    let told = serde_json::json!({ "debt": item.number, "agreed": row, "answer": answer });
    cmd.tell("OverpaymentRecoveryAgreed", format!("recovery {number}"), told);
    Ok(answer)
}

/// A deduction that is to come.
pub(super) fn planned(recovery: i64, one: &Deduction) -> DeductionRow {
    DeductionRow {
        recovery_id: recovery,
        line: one.line,
        due_on: one.due_on,
        planned_pence: one.amount.0,
        state: "due".into(),
        taken_on: None,
        taken_pence: 0,
        receipt: String::new(),
        credit_item_id: None,
        reference: String::new(),
        letter: String::new(),
    }
}

/// Ends a recovery before the debt is paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndOverpaymentRecovery {
    /// Idempotency key.
    pub key: String,
    /// Its number.
    pub recovery: String,
    /// Why: they left, it was wrong.
    pub reason: String,
}

/// It is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverpaymentRecoveryEnded {
    /// Its number.
    pub number: String,
    /// What is open of the debt still.
    pub open_pence: i64,
}

/// Ends a recovery: nothing more is taken, and what is open may be asked for again.
///
/// # Errors
/// Duty; no reason; a recovery that is not there; `REC-05-STATE`.
pub async fn end_overpayment_recovery(
    desk: &Desk,
    by: &Actor,
    ask: EndOverpaymentRecovery,
) -> Outcome<OverpaymentRecoveryEnded> {
    by.must_hold(Duty::WorkCases)?;
    reasoned(&ask.reason, "why it ends")?;
    command!(desk, by, "end_overpayment_recovery", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let (mut row, item) = find(&mut cmd.tx, org, &ask.recovery).await?;
        release(cmd, &row).await?;
        row.state = "ended".into();
        row.hold_id = None;
        row.ended_on = Some(cmd.today);
        row.ended_by = cmd.by.name.clone();
        row.ended_why = ask.reason.trim().to_owned();
        if !rows::move_taking(&mut cmd.tx, org, &row, "running").await? {
            return Err(No::from(TAKING_STATE.because(format!("{} is over", row.number))));
        }
        let told = serde_json::json!({ "debt": item.number, "open_pence": item.open_pence, "reason": row.ended_why });
        cmd.tell("OverpaymentRecoveryEnded", format!("recovery {}", row.number), told);
        Ok(OverpaymentRecoveryEnded { number: row.number, open_pence: item.open_pence })
    })
}
