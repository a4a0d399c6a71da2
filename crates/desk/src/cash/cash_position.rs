//! Where the money is: waiting, suspense by age, on account, per bank account.
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::cash;

/// A count and a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heap {
    /// How many.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
}

/// Suspense of an age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspenseAge {
    /// `0 to 7 days`.
    pub name: String,
    /// What is in suspense so long.
    pub heap: Heap,
}

/// A bank account's part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPosition {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Last digits.
    pub shown: String,
    /// Last day of the last statement.
    pub statement_to_on: Option<NaiveDate>,
    /// Its closing balance.
    pub closing_pence: Option<i64>,
    /// Lines the matcher has not seen.
    pub waiting: Heap,
    /// Lines posted.
    pub posted: Heap,
    /// Lines suggested.
    pub suggested: Heap,
    /// Lines in suspense.
    pub suspense: Heap,
    /// Lines that are no receipts.
    pub not_receipts: Heap,
}

/// Where the money is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashPosition {
    /// Lines the matcher has not seen.
    pub waiting: Heap,
    /// In suspense, with or without suggestions.
    pub suspense: Heap,
    /// The same by age.
    pub suspense_by_age: Vec<SuspenseAge>,
    /// On customers' accounts.
    pub unallocated: Heap,
    /// By bank account.
    pub accounts: Vec<AccountPosition>,
}

/// Where the money is today.
///
/// # Errors
/// Duty.
pub async fn cash_position(desk: &Desk, by: &Actor) -> Outcome<CashPosition> {
    by.must_hold(Duty::View)?;
    let (mut look, org, today) = (desk.look().await?, by.org, desk.today());
    let mut position = CashPosition::default();
    for row in cash::bank_accounts(&mut look, org).await? {
        let last = cash::last_statement(&mut look, org, row.id).await?;
        position.accounts.push(AccountPosition {
            id: row.id,
            name: row.name,
            shown: row.shown,
            statement_to_on: last.as_ref().and_then(|s| s.to_on),
            closing_pence: last.and_then(|s| s.closing_pence),
            ..AccountPosition::default()
        });
    }
    for (account, state, count, sum_pence) in cash::lines_by_state(&mut look, org).await? {
        let Some(account) = position.accounts.iter_mut().find(|a| a.id == account) else { continue };
        let heap = match state.as_str() {
            "waiting" => &mut account.waiting,
            "posted" => &mut account.posted,
            "suggested" => &mut account.suggested,
            "suspense" => &mut account.suspense,
            "not_a_receipt" => &mut account.not_receipts,
            _ => continue,
        };
        *heap = Heap { count, sum_pence };
    }
    let sum = |heaps: &mut dyn Iterator<Item = Heap>| {
        heaps.fold(Heap::default(), |a, b| Heap { count: a.count + b.count, sum_pence: a.sum_pence + b.sum_pence })
    };
    position.waiting = sum(&mut position.accounts.iter().map(|a| a.waiting));
    for (name, from_on, to_on) in ages(today) {
        let (count, sum_pence) = cash::suspense_between(&mut look, org, from_on, to_on).await?;
        position.suspense_by_age.push(SuspenseAge { name: name.into(), heap: Heap { count, sum_pence } });
    }
    position.suspense = sum(&mut position.suspense_by_age.iter().map(|age| age.heap));
    let (count, sum_pence) = cash::unallocated(&mut look, org).await?;
    position.unallocated = Heap { count, sum_pence };
    Ok(position)
}

/// The ages of suspense; money dated ahead is youngest.
fn ages(today: NaiveDate) -> [(&'static str, NaiveDate, NaiveDate); 4] {
    let back = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    // Four-digit years sort as text and fit both engines.
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(today);
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(today);
    [
        ("0 to 7 days", back(7), last),
        ("8 to 30 days", back(30), back(8)),
        ("31 to 90 days", back(90), back(31)),
        ("over 90 days", first, back(91)),
    ]
}
