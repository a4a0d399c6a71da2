//! What is taken back: all of it, one recovery, and what payroll or payments are to keep up to a day.
use super::{find, may_keep};
use crate::core::typed::{all_right, days_wrong};
use crate::{Actor, Desk, Fault, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::recovery::{TakenFrom, pay_week};
use sundry_domain::refusal::Refusal;
use sundry_store::recovery::taking_back::{self as rows, DeductionRow, ListedTakingRow, TakingRow};
use sundry_store::{delivery, ledger};

/// Most recoveries in a list.
const MOST: i64 = 1_000;

/// Recoveries, newest first, with what was taken and what is to come.
///
/// # Errors
/// Duty.
pub async fn overpayment_recoveries(desk: &Desk, by: &Actor) -> Outcome<Vec<ListedTakingRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(rows::takings(&mut look, by.org, MOST).await?)
}

/// A deduction that payroll or payments are to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeductionDue {
    /// Number of the recovery.
    pub recovery: String,
    /// Which deduction of it, counted from 1.
    pub deduction: i64,
    /// Number of who owes it.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Number of the debt.
    pub debt: String,
    /// Pay day, or day of the payment.
    pub due_on: NaiveDate,
    /// The tax year it lies in.
    pub tax_year: String,
    /// The tax week of it.
    pub tax_week: i64,
    /// How much is kept: nothing where it is stopped.
    pub amount_pence: i64,
    /// Why nothing is kept, by its code; else empty.
    pub stopped: String,
    /// The same in a sentence; else empty.
    pub why: String,
}

/// What payroll or payments are to keep up to a day, never more than is open; what the law or a hold stops is shown with
/// nothing to keep.
///
/// # Errors
/// Duty.
pub async fn overpayment_deductions(
    desk: &Desk,
    by: &Actor,
    from: TakenFrom,
    through: NaiveDate,
) -> Outcome<Vec<DeductionDue>> {
    by.must_hold(Duty::View)?;
    all_right(days_wrong(&[("through", Some(through))], desk.today()))?;
    let (mut look, today) = (desk.look().await?, desk.today());
    let mut left: HashMap<i64, (i64, Option<Refusal>)> = HashMap::new();
    let mut all = Vec::new();
    for row in rows::deductions_due(&mut look, by.org, from.as_str(), through).await? {
        if let Entry::Vacant(place) = left.entry(row.item_id) {
            let item = ledger::item(&mut look, by.org, ItemId(row.item_id)).await?;
            let item = item.ok_or_else(|| Fault::new("a recovery names a debt that is not there"))?;
            let stopped = may_keep(&mut look, by.org, &item, row.hold_id, today).await?.err();
            place.insert((row.open_pence, stopped));
        }
        let Some((open, stopped)) = left.get_mut(&row.item_id) else { continue };
        let amount = if stopped.is_none() { row.planned_pence.min(*open) } else { 0 };
        if amount == 0 && stopped.is_none() {
            continue;
        }
        *open -= amount;
        let (tax_year, tax_week) = pay_week(row.due_on);
        all.push(DeductionDue {
            recovery: row.number,
            deduction: row.line,
            customer_number: row.customer_number,
            customer_name: row.customer_name,
            debt: row.debt,
            due_on: row.due_on,
            tax_year,
            tax_week,
            amount_pence: amount,
            stopped: stopped.as_ref().map(|no| no.code.clone()).unwrap_or_default(),
            why: stopped.as_ref().map(|no| no.sentence.clone()).unwrap_or_default(),
        });
    }
    Ok(all)
}

/// A recovery with its deductions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OverpaymentRecoveryView {
    /// What was agreed.
    pub recovery: TakingRow,
    /// Number of who owes it.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Number of the debt.
    pub debt: String,
    /// What is open of it.
    pub open_pence: i64,
    /// The deductions, in order.
    pub deductions: Vec<DeductionRow>,
    /// What stops the next one today.
    pub stopped: Option<Refusal>,
}

/// One recovery.
///
/// # Errors
/// Duty; a recovery that is not there.
pub async fn overpayment_recovery(desk: &Desk, by: &Actor, number: &str) -> Outcome<OverpaymentRecoveryView> {
    by.must_hold(Duty::View)?;
    let (mut look, today) = (desk.look().await?, desk.today());
    let (recovery, item) = find(&mut look, by.org, number).await?;
    let customer = CustomerId(item.customer_id);
    let who = delivery::recipients(&mut look, by.org, customer, customer).await?.into_iter().next();
    let who = who.ok_or_else(|| Fault::new("a debt names a customer who is not there"))?;
    let stopped = match recovery.state.as_str() {
        "running" => may_keep(&mut look, by.org, &item, recovery.hold_id, today).await?.err(),
        _ => None,
    };
    Ok(OverpaymentRecoveryView {
        deductions: rows::deductions_of(&mut look, by.org, recovery.id).await?,
        recovery,
        customer_number: who.number,
        customer_name: who.name,
        debt: item.number,
        open_pence: item.open_pence,
        stopped,
    })
}
