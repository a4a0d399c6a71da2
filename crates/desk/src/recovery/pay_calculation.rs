//! The calculation of overpaid pay: recorded, sent to the employee, and kept as a fact of the debt (REC-05).
use super::pay_letter::write;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::refusals::FACT_OF_ANOTHER;
use sundry_domain::law::{DebtClass, DebtFact};
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::PAY_CALCULATED;
use sundry_domain::recovery::{
    AskedPeriod, MOST_PERIODS, OverpaidPeriod, PayCalculation, may_ask_back, pay_calculation, period_faults,
};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::billing::debt_facts::{DebtFactRow, add_debt_facts, debt_facts_of_item};
use sundry_store::ledger::{self, ItemRow};
use sundry_store::recovery::pay_calculation::{self as rows, CalculationRow, PeriodRow};

/// Sends the calculation of overpaid pay.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SendPayCalculation {
    /// Idempotency key.
    pub key: String,
    /// Number of the debt.
    pub debt: String,
    /// What was overpaid, as payroll gives it.
    pub periods: Vec<OverpaidPeriod>,
    /// By when it is to be paid back.
    pub repay_by: Option<NaiveDate>,
    /// Payroll can correct tax, National Insurance and pension.
    pub paye_corrected: Option<bool>,
    /// Payroll's document.
    pub evidence: String,
}

/// The calculation was recorded and its letter written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayCalculationSent {
    /// Number of the debt.
    pub debt: String,
    /// Which calculation of it, counted from 1.
    pub version: i64,
    /// What is asked back.
    pub asked_pence: i64,
    /// Number of the letter.
    pub letter: String,
    /// Whether it counts as sent; not where the letter is held.
    pub told: bool,
}

/// Records the calculation of overpaid pay, writes the letter to the employee, and records that it was sent.
///
/// # Errors
/// Duty; fields; a debt that is not there; `REC-05-OTHER-DEBT`, `REC-05-CALCULATED`, `REC-05-TOTAL`.
pub async fn send_pay_calculation(desk: &Desk, by: &Actor, ask: SendPayCalculation) -> Outcome<PayCalculationSent> {
    by.must_hold(Duty::WorkCases)?;
    let reasons = ask.periods.iter().map(|one| ("periods", one.reason.as_str()));
    let texts: Vec<(&str, &str)> = reasons.chain([("evidence", ask.evidence.as_str())]).collect();
    refuse_cards(&texts)?;
    command!(desk, by, "send_pay_calculation", &ask.key, &ask, |cmd| {
        let (repay_by, corrected) = checked(&ask, cmd.today)?;
        let debts = debts_named(&mut cmd.tx, cmd.by.org, &ask.debt).await?;
        may_send(cmd, &debts[0]).await?;
        let sum = |of: fn(&ItemRow) -> i64| Pence(debts.iter().map(of).sum());
        let worked = pay_calculation(&ask.periods, repay_by, corrected);
        may_ask_back(worked.asked, sum(|debt| debt.original_pence), sum(|debt| debt.open_pence))?;
        keep(cmd, &ask, &debts, &worked, (repay_by, corrected)).await
    })
}

fn checked(ask: &SendPayCalculation, today: NaiveDate) -> Outcome<(NaiveDate, bool)> {
    let mut wrong = Vec::new();
    if ask.debt.trim().is_empty() {
        wrong.push(Invalid::field("debt", "Enter the number of the debt", &ask.debt));
    }
    if ask.periods.is_empty() || ask.periods.len() > MOST_PERIODS {
        let message = format!("Enter from 1 to {MOST_PERIODS} pay periods");
        wrong.push(Invalid::field("periods", message, ask.periods.len().to_string()));
    }
    for (place, fault) in period_faults(&ask.periods, today) {
        wrong.push(Invalid::field("periods", format!("Pay period {place}: {fault}"), place.to_string()));
    }
    for one in ask.periods.iter().take(MOST_PERIODS) {
        let days = [one.from, one.to, one.paid_on].map(|day| ("periods", Some(day)));
        wrong.extend(days_wrong(&days, today));
        // A reason that is too long is a fault of its period already.
        let reason: String = one.reason.chars().take(200).collect();
        wrong.extend(lines_wrong(&[("periods", &reason)], 200));
    }
    wrong.extend(days_wrong(&[("repay_by", ask.repay_by)], today));
    match ask.repay_by {
        None => wrong.push(Invalid::field("repay_by", "Enter by when it is to be paid back", "")),
        Some(day) if day < today => {
            wrong.push(Invalid::field("repay_by", "Enter a day that has not passed", day.to_string()));
        }
        Some(_) => {}
    }
    if ask.paye_corrected.is_none() {
        wrong.push(Invalid::field("paye_corrected", "Choose whether payroll can correct the tax", ""));
    }
    wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 250));
    if ask.evidence.trim().is_empty() {
        let message = "Enter payroll's document, in at most 250 characters";
        wrong.push(Invalid::field("evidence", message, &ask.evidence));
    }
    match (ask.repay_by, ask.paye_corrected) {
        (Some(repay_by), Some(corrected)) if wrong.is_empty() => Ok((repay_by, corrected)),
        _ => Err(No::Invalid(wrong)),
    }
}

/// The debt with a number that is open, and after it the other instalments of its invoice.
async fn debts_named(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<Vec<ItemRow>> {
    let items = ledger::items_numbered(tx, org, number.trim()).await?;
    let found = items.into_iter().find(|item| item.number == number.trim() && item.open_pence > 0);
    let found = found.ok_or_else(|| Invalid::field("debt", "Enter the number of a debt that is open", number))?;
    let others = match found.document_id {
        Some(_) => ledger::instalments_with(tx, org, &found).await?,
        None => Vec::new(),
    };
    Ok(std::iter::once(found).chain(others).collect())
}

async fn may_send(cmd: &mut Command, debt: &ItemRow) -> Outcome<()> {
    let class = DebtClass::of_debt_type(&debt.debt_type);
    if class != DebtClass::Salary {
        return Err(FACT_OF_ANOTHER.because(format!("Overpaid pay is worked out so: this is {}", class.name())).into());
    }
    let org = cmd.by.org;
    let known = debt_facts_of_item(&mut cmd.tx, org, CustomerId(debt.customer_id), ItemId(debt.id)).await?;
    let sent = known.iter().find(|row| row.fact == DebtFact::SalaryNotice.as_str() && row.withdrawn_on.is_none());
    match sent {
        Some(row) => {
            let sentence = format!("The calculation of {} was sent on {}", debt.number, written(row.happened_on));
            Err(PAY_CALCULATED.because(sentence).into())
        }
        None => Ok(()),
    }
}

async fn keep(
    cmd: &mut Command,
    ask: &SendPayCalculation,
    debts: &[ItemRow],
    worked: &PayCalculation,
    (repay_by, paye_corrected): (NaiveDate, bool),
) -> Outcome<PayCalculationSent> {
    let (org, debt) = (cmd.by.org, &debts[0]);
    let before = rows::calculation_of(&mut cmd.tx, org, ItemId(debt.id)).await?;
    let letter = write(cmd, debts, worked, repay_by).await?;
    let told = letter.state != "held";
    let fact_id = if told { Some(note(cmd, debts, &letter.number, ask.evidence.trim()).await?) } else { None };
    let row = CalculationRow {
        id: cmd.id::<i64>(),
        item_id: debt.id,
        version: before.map_or(1, |row| row.version + 1),
        repay_by,
        paye_corrected,
        gross_pence: worked.gross.0,
        tax_pence: worked.tax.0,
        insurance_pence: worked.insurance.0,
        pension_pence: worked.pension.0,
        net_pence: worked.net.0,
        asked_pence: worked.asked.0,
        evidence: ask.evidence.trim().to_owned(),
        letter: letter.number.clone(),
        fact_id,
        recorded_by: cmd.by.name.clone(),
        recorded_on: cmd.today,
    };
    if !rows::add_calculation(&mut cmd.tx, org, &row, cmd.at).await? {
        return Err(PAY_CALCULATED.because(format!("{} was worked out a moment ago", debt.number)).into());
    }
    let periods: Vec<PeriodRow> = (1..).zip(&worked.periods).map(period).collect();
    rows::add_periods(&mut cmd.tx, org, row.id, periods).await?;
    let detail = serde_json::json!({ "calculation": row, "periods": worked.periods });
    cmd.tell("PayCalculationSent", format!("item {}", debt.number), detail);
    Ok(PayCalculationSent {
        debt: debt.number.clone(),
        version: row.version,
        asked_pence: row.asked_pence,
        letter: row.letter,
        told,
    })
}

fn period((line, one): (i64, &AskedPeriod)) -> PeriodRow {
    let paid = &one.period;
    PeriodRow {
        line,
        from_on: paid.from,
        to_on: paid.to,
        paid_on: paid.paid_on,
        gross_pence: paid.gross.0,
        tax_pence: paid.tax.0,
        insurance_pence: paid.insurance.0,
        pension_pence: paid.pension.0,
        tax_year: one.tax_year.clone(),
        asked_as: one.asked_as.as_str().into(),
        asked_pence: one.asked.0,
        reason: paid.reason.trim().to_owned(),
    }
}

/// Records of every instalment that the calculation was sent.
async fn note(cmd: &mut Command, debts: &[ItemRow], letter: &str, evidence: &str) -> Outcome<i64> {
    let (org, id) = (cmd.by.org, cmd.id::<i64>());
    let evidence = format!("Letter {letter}; {evidence}");
    let row = |debt: &ItemRow| DebtFactRow {
        id,
        item_id: debt.id,
        customer_id: debt.customer_id,
        fact: DebtFact::SalaryNotice.as_str().into(),
        happened_on: cmd.today,
        method: String::new(),
        evidence: evidence.clone(),
        recorded_by: cmd.by.name.clone(),
        recorded_on: cmd.today,
        withdrawn_on: None,
        withdrawn_by: String::new(),
        withdrawn_why: String::new(),
    };
    let all: Vec<DebtFactRow> = debts.iter().map(row).collect();
    add_debt_facts(&mut cmd.tx, org, all, cmd.at).await?;
    Ok(id)
}

/// The newest calculation of a debt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayCalculationView {
    /// Number of the debt.
    pub debt: String,
    /// What is open of it.
    pub open_pence: i64,
    /// Its totals and its letter.
    pub calculation: CalculationRow,
    /// Its pay periods.
    pub periods: Vec<PeriodRow>,
}

/// The newest calculation of a debt, with its pay periods.
///
/// # Errors
/// Duty; a debt that is not there, or that has none.
pub async fn pay_calculation_of(desk: &Desk, by: &Actor, debt: &str) -> Outcome<PayCalculationView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let absent = || No::Absent(format!("calculation of {}", debt.trim()));
    let items = ledger::items_numbered(&mut look, by.org, debt.trim()).await?;
    let item = items.into_iter().find(|item| item.number == debt.trim() && item.original_pence > 0);
    let item = item.ok_or_else(absent)?;
    let calculation = rows::calculation_of(&mut look, by.org, ItemId(item.id)).await?.ok_or_else(absent)?;
    Ok(PayCalculationView {
        periods: rows::periods_of(&mut look, by.org, calculation.id).await?,
        calculation,
        debt: item.number,
        open_pence: item.open_pence,
    })
}
