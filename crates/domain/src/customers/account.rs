//! What an account comes to on a day: the strip at the top of its page.
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An open item as the strip sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountItem {
    /// What is open: less than nothing for a credit.
    pub open: Pence,
    /// What of it is disputed.
    pub disputed: Pence,
    /// When it is due.
    pub due_on: NaiveDate,
}

/// What an account comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountTotals {
    /// Debits less credits.
    pub balance: Pence,
    /// Debits past their due date.
    pub overdue: Pence,
    /// The disputed part.
    pub in_query: Pence,
    /// Credits not set against anything, as a positive amount.
    pub unallocated: Pence,
}

/// Adds an account up. Credits never lower what is overdue: they are shown beside it.
pub fn account_totals(items: &[AccountItem], today: NaiveDate) -> AccountTotals {
    let mut totals = AccountTotals::default();
    for item in items {
        totals.balance = totals.balance.plus(item.open);
        totals.in_query = totals.in_query.plus(item.disputed);
        if item.open < Pence::ZERO {
            totals.unallocated = totals.unallocated.minus(item.open);
        } else if days_overdue(item.due_on, today) > 0 {
            totals.overdue = totals.overdue.plus(item.open);
        }
    }
    totals
}

/// Days past the due date; nothing before and on it.
pub fn days_overdue(due_on: NaiveDate, today: NaiveDate) -> i64 {
    (today - due_on).num_days().max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a2_the_strip_adds_up_and_credits_stand_beside() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let item = |open, disputed, due| AccountItem { open: Pence(open), disputed: Pence(disputed), due_on: d(due) };
        let items = [item(10_000, 2_500, "2026-04-30"), item(5_000, 0, "2026-05-01"), item(-3_000, 0, "2026-01-01")];
        let totals = account_totals(&items, d("2026-05-01"));
        assert_eq!((totals.balance, totals.overdue), (Pence(12_000), Pence(10_000)));
        assert_eq!((totals.in_query, totals.unallocated), (Pence(2_500), Pence(3_000)));
    }
}
