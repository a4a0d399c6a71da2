//! Time at court: short limits skip days the court is closed, papers are served on a later day (CAL-03).
use crate::calendar::{Calendar, add_days};
use crate::refusal::Refusal;
use chrono::NaiveDate;

/// The last day of "within N days of" a day: that day is not counted.
pub fn within_days(of: NaiveDate, days: i64) -> NaiveDate {
    add_days(of, days)
}

/// The last day of a court time limit. Limits of five days or less skip days that are not business days (CPR 2.8(4));
/// a longer one that ends when the office is closed moves to the next open day (CPR 2.8(5)).
pub fn court_time_limit(from: NaiveDate, days: i64, calendar: &Calendar) -> Result<NaiveDate, Refusal> {
    if days <= 5 { calendar.add(from, days) } else { calendar.next_or_same(add_days(from, days)) }
}

/// The day a posted paper, or a claim form, counts as served: the second business day after the step.
pub fn deemed_served(step_on: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, Refusal> {
    calendar.add(step_on, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;

    #[test]
    fn cal_03_time_limits() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let book = ReferenceBook::default();
        let calendar = book.calendar(Nation::EnglandAndWales);
        assert_eq!(within_days(d("2026-06-01"), 30), d("2026-07-01"));
        assert_eq!(court_time_limit(d("2026-12-23"), 5, calendar), Ok(d("2027-01-04")));
        assert_eq!(court_time_limit(d("2026-12-11"), 14, calendar), Ok(d("2026-12-29")));
        assert_eq!(deemed_served(d("2026-12-24"), calendar), Ok(d("2026-12-30")));
    }
}
