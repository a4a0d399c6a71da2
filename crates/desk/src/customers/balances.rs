//! What a customer owed at each month end of the last year: the line on the account page.
use super::find;
use crate::{Actor, Desk, Outcome};
use chrono::{Datelike, Days, Months, NaiveDate};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_store::customers;

/// The balance at the last eleven month ends and today, oldest first, in pence.
///
/// Money set against an invoice leaves the balance as it was, so what was posted up to a day is enough.
///
/// # Errors
/// Absent when there is no such customer here.
pub async fn balances(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<(NaiveDate, i64)>> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, number).await?;
    let moved = customers::posted_by_day(&mut look, by.org, CustomerId(customer.id)).await?;
    let first = today.with_day(1).unwrap_or(today);
    let ends = (0..11).rev().map(|back| first - Months::new(back) - Days::new(1)).chain([today]);
    let balance = |day: NaiveDate| {
        let up_to = moved.iter().filter(|(on, _)| *on <= day);
        let amounts: Vec<Pence> = up_to.map(|(_, pence)| Pence(*pence)).collect();
        (day, Pence::total(&amounts).0)
    };
    Ok(ends.map(balance).collect())
}
