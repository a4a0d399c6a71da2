//! The days of a collection: input, processing, entry, notice, re-presentation, dormancy (DD-03, DD-04, DD-07, DD-08).
//!
//! Always asked of the calendar of England and Wales, whatever the organisation's nation.
use crate::calendar::{Calendar, add_days, add_months};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Working days' notice of a re-presentation: good practice, not a rule of the scheme.
pub const REPRESENT_NOTICE_DAYS: i64 = 5;
/// Months after the last collection when the payer's bank may drop the instruction.
pub const DORMANT_MONTHS: i32 = 24;
/// Months after which we warn.
pub const DORMANT_WARNING_MONTHS: i32 = 22;
/// Working days after the notified day in which it may still be taken.
const LATE_DAYS: i64 = 3;
/// Working days in which a claim may be challenged.
const CHALLENGE_DAYS: i64 = 14;
/// Calendar days in which a collection may be presented again.
const AGAIN_DAYS: i64 = 30;

/// The three days of the cycle, and the last day on which notice must be with the payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionDates {
    /// Day 3: money moves.
    pub entry_on: NaiveDate,
    /// Day 2: the date in the file.
    pub process_on: NaiveDate,
    /// Day 1: the file goes in.
    pub input_on: NaiveDate,
    /// Notice must be with the payer by this day.
    pub notice_by: NaiveDate,
}

/// The days of a collection wanted on a day; one that is no working day rolls forward, never back.
pub fn collection_dates(
    calendar: &Calendar,
    wanted_on: NaiveDate,
    notice_days: i64,
) -> Result<CollectionDates, Refusal> {
    let entry_on = calendar.next_or_same(wanted_on)?;
    Ok(CollectionDates {
        entry_on,
        process_on: calendar.add(entry_on, -1)?,
        input_on: calendar.add(entry_on, -2)?,
        notice_by: calendar.add(entry_on, -notice_days)?,
    })
}

/// The first entry day that a notice sent today and an instruction lodged (processed) on a day allow.
pub fn earliest_entry(
    calendar: &Calendar,
    notice_with_payer_on: NaiveDate,
    notice_days: i64,
    lodged_on: Option<NaiveDate>,
    first_lead_days: i64,
) -> Result<NaiveDate, Refusal> {
    let by_notice = calendar.add(notice_with_payer_on, notice_days)?;
    let by_lodging = lodged_on.map(|day| calendar.add(day, first_lead_days)).transpose()?;
    Ok(by_lodging.map_or(by_notice, |day| day.max(by_notice)))
}

/// The last usable entry day of a re-presentation: a month or 30 days, whichever is earlier, rolled back.
pub fn last_representation(calendar: &Calendar, first_presented_on: NaiveDate) -> Result<NaiveDate, Refusal> {
    let limit = add_days(first_presented_on, AGAIN_DAYS).min(add_months(first_presented_on, 1));
    calendar.previous_or_same(limit)
}

/// Whether a collection is taken on or within three working days after the day notified.
pub fn taken_in_time(calendar: &Calendar, notified_on: NaiveDate, entry_on: NaiveDate) -> Result<bool, Refusal> {
    let first = calendar.next_or_same(notified_on)?;
    Ok(entry_on >= first && entry_on <= calendar.add(first, LATE_DAYS)?)
}

/// The day from which an instruction is dormant.
pub fn dormant_from(lodged_on: NaiveDate, last_collected_on: Option<NaiveDate>) -> NaiveDate {
    add_months(last_collected_on.map_or(lodged_on, |last| last.max(lodged_on)), DORMANT_MONTHS)
}

/// The last day to challenge a claim that we are debited for on a day.
pub fn challenge_by(calendar: &Calendar, debited_on: NaiveDate) -> Result<NaiveDate, Refusal> {
    calendar.add(debited_on, CHALLENGE_DAYS)
}
