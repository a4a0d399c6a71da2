//! Small helps for samples.

use chrono::NaiveDate;

/// A date that exists.
pub(super) fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date that exists")
}
