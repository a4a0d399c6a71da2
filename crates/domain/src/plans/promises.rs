//! Promises: kept or broken.
use super::refusals;
use crate::calendar::Calendar;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Working days of grace after the promised day, in which the hold stands and money still counts.
pub const PROMISE_GRACE_DAYS: i64 = 3;

/// A promise to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// When it was made.
    pub made_on: NaiveDate,
    /// How much.
    pub amount: Pence,
    /// By when.
    pub due_on: NaiveDate,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// Its days of grace are not over.
    Open,
    /// Enough came in.
    Kept,
    /// It did not.
    Broken,
}

impl PromiseState {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            PromiseState::Open => "open",
            PromiseState::Kept => "kept",
            PromiseState::Broken => "broken",
        }
    }
}

/// Whether a promise may be taken.
pub fn may_promise(promise: &Promise, owed: Pence) -> Result<(), Refusal> {
    if promise.amount <= Pence::ZERO || promise.amount > owed {
        return Err(
            refusals::PROMISE_AMOUNT.because(format!("{} cannot be promised where {owed} is owed", promise.amount))
        );
    }
    if promise.due_on < promise.made_on {
        return Err(refusals::PROMISE_DATE
            .because(format!("{} has passed", promise.due_on))
            .allowed_from(promise.made_on));
    }
    Ok(())
}

/// The last day of the promise's hold: three working days after the promised day.
pub fn promise_last_day(promise: &Promise, calendar: &Calendar) -> Result<NaiveDate, Refusal> {
    calendar.add(promise.due_on, PROMISE_GRACE_DAYS)
}

/// How a promise stands: kept as soon as receipts since it was made reach it, broken once its grace is over.
pub fn promise_state(
    promise: &Promise,
    receipts: &[(NaiveDate, Pence)],
    calendar: &Calendar,
    today: NaiveDate,
) -> Result<PromiseState, Refusal> {
    let last = promise_last_day(promise, calendar)?;
    let counted = receipts.iter().filter(|(on, _)| *on >= promise.made_on && *on <= last);
    let received = counted.fold(Pence::ZERO, |sum, (_, amount)| sum.plus(*amount));
    Ok(if received >= promise.amount {
        PromiseState::Kept
    } else if today > last {
        PromiseState::Broken
    } else {
        PromiseState::Open
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn kept_within_three_working_days_else_broken() {
        let book = ReferenceBook::default();
        let calendar = book.calendar(Nation::EnglandAndWales);
        let promise = Promise { made_on: d("2026-12-14"), amount: Pence(10_000), due_on: d("2026-12-23") };
        assert_eq!(promise_last_day(&promise, calendar), Ok(d("2026-12-30")));
        let state = |receipts: &[(NaiveDate, Pence)], today| promise_state(&promise, receipts, calendar, d(today));
        let early = (d("2026-12-13"), Pence(10_000));
        assert_eq!(state(&[early], "2026-12-30"), Ok(PromiseState::Open));
        assert_eq!(state(&[early], "2026-12-31"), Ok(PromiseState::Broken));
        let parts = [(d("2026-12-20"), Pence(4_000)), (d("2026-12-30"), Pence(6_000))];
        assert_eq!(state(&parts, "2027-02-01"), Ok(PromiseState::Kept));
        assert_eq!(state(&[(d("2026-12-31"), Pence(10_000))], "2026-12-31"), Ok(PromiseState::Broken));
    }

    #[test]
    fn a_promise_is_of_something_owed_and_of_a_day_to_come() {
        let promise = Promise { made_on: d("2026-12-14"), amount: Pence(100), due_on: d("2026-12-14") };
        assert_eq!(may_promise(&promise, Pence(100)), Ok(()));
        assert!(may_promise(&promise, Pence(99)).is_err());
        assert!(may_promise(&Promise { due_on: d("2026-12-13"), ..promise }, Pence(100)).is_err());
    }
}
