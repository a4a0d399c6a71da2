//! Dated facts of a debt that a person records with evidence: overpaid benefit, care charges, overpaid pay, care
//! providers and direct payments (REC-05, SC-06).
use super::recorded::{reasoned, withdraw};
use crate::core::typed::{days_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::delivery::RecordedFacts;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::law::refusals::{FACT_OF_ANOTHER, FACT_ORDER, FACT_WITHDRAWN};
use sundry_domain::law::{DebtClass, DebtFact, RecoveryMethod, SpecialDebt};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::billing::debt_facts::{self as rows, DebtFactRow};
use sundry_store::ledger;
use sundry_store::recovery::recorded::Recorded;

/// Records a fact of a debt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordDebtFact {
    /// Idempotency key.
    pub key: String,
    /// The debt; the other instalments of its invoice have the fact too.
    pub item: ItemId,
    /// Stored name of the fact.
    pub fact: String,
    /// The day of it; none where it was not entered.
    pub on: Option<NaiveDate>,
    /// Stored name of the way of recovery, where the fact is one; else empty.
    pub method: String,
    /// The document behind it.
    pub evidence: String,
}

/// A fact was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtFactRecorded {
    /// Id, for withdrawing it.
    pub id: i64,
    /// Which fact.
    pub fact: String,
    /// The day of it.
    pub happened_on: NaiveDate,
    /// Of how many instalments.
    pub debts: i64,
}

/// Records a dated fact of a debt with its evidence.
///
/// # Errors
/// Duty; what is not filled in; a debt that is not there; `REC-05-OTHER-DEBT`, `REC-05-ORDER`.
pub async fn record_debt_fact(desk: &Desk, by: &Actor, ask: RecordDebtFact) -> Outcome<DebtFactRecorded> {
    by.must_hold(Duty::WorkCases)?;
    refuse_cards(&[("evidence", &ask.evidence)])?;
    let (fact, on) = checked(&ask, desk.today())?;
    command!(desk, by, "record_debt_fact", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let item = ledger::item(&mut cmd.tx, org, ask.item).await?.filter(|item| item.original_pence > 0);
        let item = item.ok_or_else(|| No::Absent("debt".into()))?;
        let customer = CustomerId(item.customer_id);
        let known = rows::debt_facts_of_item(&mut cmd.tx, org, customer, ask.item).await?;
        may_record(&item.debt_type, fact, on, &known)?;
        let mut items = vec![item.id];
        if item.document_id.is_some() {
            let others = ledger::instalments_with(&mut cmd.tx, org, &item).await?;
            items.extend(others.into_iter().map(|other| other.id));
        }
        let (id, recorded_by, today) = (cmd.id::<i64>(), cmd.by.name.clone(), cmd.today);
        let row = |item_id: i64| DebtFactRow {
            id,
            item_id,
            customer_id: customer.0,
            fact: fact.as_str().into(),
            happened_on: on,
            method: ask.method.clone(),
            evidence: ask.evidence.trim().to_owned(),
            recorded_by: recorded_by.clone(),
            recorded_on: today,
            withdrawn_on: None,
            withdrawn_by: String::new(),
            withdrawn_why: String::new(),
        };
        let all: Vec<DebtFactRow> = items.iter().map(|item| row(*item)).collect();
        let debts = all.len() as i64;
        rows::add_debt_facts(&mut cmd.tx, org, all, cmd.at).await?;
        let told = serde_json::json!({
            "fact": fact.as_str(), "on": on, "method": ask.method, "evidence": ask.evidence.trim(), "id": id,
        });
        cmd.tell("DebtFactRecorded", format!("item {}", item.number), told);
        Ok(DebtFactRecorded { id, fact: fact.as_str().into(), happened_on: on, debts })
    })
}

fn checked(ask: &RecordDebtFact, today: NaiveDate) -> Outcome<(DebtFact, NaiveDate)> {
    let mut wrong = Vec::new();
    let fact = DebtFact::parse(ask.fact.trim());
    if fact.is_none() {
        wrong.push(Invalid::field("fact", "Choose what happened", &ask.fact));
    }
    match ask.on {
        None => wrong.push(Invalid::field("on", "Enter the day on which it happened", "")),
        Some(on) if on > today => {
            wrong.push(Invalid::field("on", "Enter a day that is not in the future", on.to_string()));
        }
        Some(_) => {}
    }
    let is_way = fact == Some(DebtFact::RecoveryMethod);
    if is_way && RecoveryMethod::parse(&ask.method).is_none() {
        wrong.push(Invalid::field("method", "Choose the way of recovery", &ask.method));
    } else if fact.is_some() && !is_way && !ask.method.is_empty() {
        wrong.push(Invalid::field("method", "Only a way of recovery has a method", &ask.method));
    }
    wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 300));
    wrong.extend(days_wrong(&[("on", ask.on.filter(|on| *on <= today))], today));
    if ask.evidence.trim().is_empty() {
        wrong.push(Invalid::field(
            "evidence",
            "Enter the document behind it, in at most 300 characters",
            &ask.evidence,
        ));
    }
    match (fact, ask.on) {
        (Some(fact), Some(on)) if wrong.is_empty() => Ok((fact, on)),
        _ => Err(No::Invalid(wrong)),
    }
}

/// A fact must be of this kind of debt, and follow what it follows.
fn may_record(debt_type: &str, fact: DebtFact, on: NaiveDate, known: &[DebtFactRow]) -> Result<(), Refusal> {
    let class = DebtClass::of_debt_type(debt_type);
    if class != fact.class() {
        let sentence = format!("{} is a fact of another kind of debt: this is {}", fact.name(), class.name());
        return Err(FACT_OF_ANOTHER.because(sentence));
    }
    let first = match fact {
        DebtFact::AppealLodged => DebtFact::BenefitNotice,
        DebtFact::AppealDecided => DebtFact::AppealLodged,
        DebtFact::DeferralEnded => DebtFact::Deferred,
        DebtFact::SalaryAgreement => DebtFact::SalaryNotice,
        _ => return Ok(()),
    };
    let before = |row: &DebtFactRow| row.fact == first.as_str() && row.withdrawn_on.is_none() && row.happened_on <= on;
    if !known.iter().any(before) {
        return Err(FACT_ORDER.because(format!("Nothing is recorded before that day: {}", first.name().to_lowercase())));
    }
    Ok(())
}

/// Withdraws a fact that was recorded wrongly.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawDebtFact {
    /// Idempotency key.
    pub key: String,
    /// The debt.
    pub item: ItemId,
    /// The fact.
    pub id: i64,
    /// Why it was wrong.
    pub reason: String,
}

/// A fact counts no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtFactWithdrawn {
    /// Id.
    pub id: i64,
    /// Which fact.
    pub fact: String,
}

/// Withdraws a fact: it is kept and counts no longer, for the other instalments neither.
///
/// # Errors
/// Duty; no reason; a fact that is not there; `REC-05-WITHDRAWN`.
pub async fn withdraw_debt_fact(desk: &Desk, by: &Actor, ask: WithdrawDebtFact) -> Outcome<DebtFactWithdrawn> {
    by.must_hold(Duty::WorkCases)?;
    reasoned(&ask.reason, "why it was wrong")?;
    command!(desk, by, "withdraw_debt_fact", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let item = ledger::item(&mut cmd.tx, org, ask.item).await?.ok_or_else(|| No::Absent("debt".into()))?;
        let known = rows::debt_facts_of_item(&mut cmd.tx, org, CustomerId(item.customer_id), ask.item).await?;
        let row = known.into_iter().find(|row| row.id == ask.id).ok_or_else(|| No::Absent("fact".into()))?;
        withdraw(cmd, (Recorded::DebtFact, row.id), &ask.reason, FACT_WITHDRAWN).await?;
        let reason = ask.reason.trim();
        let told = serde_json::json!({ "fact": row.fact, "on": row.happened_on, "reason": reason, "id": row.id });
        cmd.tell("DebtFactWithdrawn", format!("item {}", item.number), told);
        Ok(DebtFactWithdrawn { id: row.id, fact: row.fact })
    })
}

/// What is recorded of a debt, and what may be.
#[derive(Clone, Debug, Serialize)]
pub struct DebtFactsView {
    /// The debt's number.
    pub number: String,
    /// What kind of debt it is.
    pub class: DebtClass,
    /// What the law asks of it today.
    pub special: SpecialDebt,
    /// In the order of recording, withdrawn ones too.
    pub facts: Vec<DebtFactRow>,
}

/// What is recorded of a debt.
///
/// # Errors
/// Duty; a debt that is not there.
pub async fn debt_facts(desk: &Desk, by: &Actor, item: ItemId) -> Outcome<DebtFactsView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = ledger::item(&mut look, by.org, item).await?.ok_or_else(|| No::Absent("debt".into()))?;
    let customer = CustomerId(row.customer_id);
    let recorded = RecordedFacts::of_range(&mut look, by.org, (customer, customer)).await?;
    Ok(DebtFactsView {
        class: DebtClass::of_debt_type(&row.debt_type),
        special: recorded.special(row.id, &row.debt_type, desk.today()),
        facts: rows::debt_facts_of_item(&mut look, by.org, customer, item).await?,
        number: row.number,
    })
}
