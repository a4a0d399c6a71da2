//! Working days by nation, financial years, periods, tax weeks and four-weekly periods (rules CAL-01 to CAL-06).
use crate::money::{Pence, divide_half_up};
use crate::refusal::Refusal;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the calendar refuses.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// A working-day question about a year whose bank holidays are not loaded.
        YEAR_NOT_LOADED = "CAL-01-YEAR-NOT-LOADED", "CAL-01", "Ask an administrator to load the bank holidays of that year";
    }
}

/// Whose bank holidays count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nation {
    /// England and Wales; Bacs and the courts use it whatever the organisation's nation.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

impl Nation {
    /// All three.
    pub const ALL: [Nation; 3] = [Nation::EnglandAndWales, Nation::Scotland, Nation::NorthernIreland];

    /// The stored name, also the calendar id kept with every deadline.
    pub fn as_str(self) -> &'static str {
        match self {
            Nation::EnglandAndWales => "england-and-wales",
            Nation::Scotland => "scotland",
            Nation::NorthernIreland => "northern-ireland",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Nation> {
        Nation::ALL.into_iter().find(|nation| nation.as_str() == text)
    }
}

/// The bank holidays of one nation, over the years that are loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    nation: Nation,
    holidays: BTreeSet<NaiveDate>,
    closures: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// A calendar of these bank holidays; the years from the first to the last of them are loaded.
    pub fn new(nation: Nation, holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { nation, holidays: holidays.into_iter().collect(), closures: BTreeSet::new() }
    }

    /// The same calendar with local closure days, which are not bank holidays.
    pub fn with_closures(mut self, closures: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.closures = closures.into_iter().collect();
        self
    }

    /// Whose calendar this is.
    pub fn nation(&self) -> Nation {
        self.nation
    }

    /// First and last year loaded.
    pub fn years(&self) -> Option<(i32, i32)> {
        Some((self.holidays.first()?.year(), self.holidays.last()?.year()))
    }

    /// The bank holidays of a year.
    pub fn bank_holidays(&self, year: i32) -> Vec<NaiveDate> {
        self.holidays.iter().copied().filter(|day| day.year() == year).collect()
    }

    /// Refuses a day of a year that is not loaded.
    pub fn require_loaded(&self, day: NaiveDate) -> Result<(), Refusal> {
        match self.years() {
            Some((first, last)) if (first..=last).contains(&day.year()) => Ok(()),
            _ => Err(refusals::YEAR_NOT_LOADED.because(format!(
                "The bank holidays of {} are not loaded for {}",
                day.year(),
                self.nation.as_str()
            ))),
        }
    }

    /// Monday to Friday, not a bank holiday, not a local closure.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, Refusal> {
        self.require_loaded(day)?;
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(!weekend && !self.holidays.contains(&day) && !self.closures.contains(&day))
    }

    /// The working day `count` steps after `from` (before, when negative). The start is never counted.
    pub fn add(&self, from: NaiveDate, count: i64) -> Result<NaiveDate, Refusal> {
        let mut day = from;
        let mut left = count.abs();
        while left > 0 {
            day = self.step(day, count > 0)?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// Working days in the half-open interval `(after, until]`; negative when `until` is earlier.
    pub fn between(&self, after: NaiveDate, until: NaiveDate) -> Result<i64, Refusal> {
        if until < after {
            return Ok(-self.between(until, after)?);
        }
        let mut count = 0;
        let mut day = after;
        while day < until {
            day = self.step(day, true)?;
            count += i64::from(self.is_working_day(day)?);
        }
        Ok(count)
    }

    /// The day itself if it is a working day, else the next one.
    pub fn next_or_same(&self, day: NaiveDate) -> Result<NaiveDate, Refusal> {
        if self.is_working_day(day)? { Ok(day) } else { self.add(day, 1) }
    }

    /// The day itself if it is a working day, else the one before.
    pub fn previous_or_same(&self, day: NaiveDate) -> Result<NaiveDate, Refusal> {
        if self.is_working_day(day)? { Ok(day) } else { self.add(day, -1) }
    }

    fn step(&self, day: NaiveDate, forward: bool) -> Result<NaiveDate, Refusal> {
        let next = if forward { day.succ_opt() } else { day.pred_opt() };
        next.ok_or_else(|| refusals::YEAR_NOT_LOADED.because("The calendar ends here"))
    }
}

/// The day `days` calendar days later (earlier when negative), held at the ends of the calendar.
pub fn add_days(day: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days >= 0 {
        day.checked_add_days(Days::new(days.unsigned_abs()))
    } else {
        day.checked_sub_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(if days >= 0 { NaiveDate::MAX } else { NaiveDate::MIN })
}

/// The same day of the month `months` later (earlier when negative); the month's last day if there is none.
pub fn add_months(day: NaiveDate, months: i32) -> NaiveDate {
    let count = Months::new(months.unsigned_abs());
    let moved = if months >= 0 { day.checked_add_months(count) } else { day.checked_sub_months(count) };
    moved.unwrap_or(if months >= 0 { NaiveDate::MAX } else { NaiveDate::MIN })
}

/// The year in which the financial year of this day starts: 2026 for 1 April 2026 to 31 March 2027.
pub fn fin_year(day: NaiveDate) -> i32 {
    if day.month() >= 4 { day.year() } else { day.year() - 1 }
}

/// `2026/27`.
pub fn fin_year_name(start_year: i32) -> String {
    format!("{start_year}/{:02}", (start_year + 1).rem_euclid(100))
}

/// The monthly period of the public-sector year: 1 is April, 12 is March.
pub fn period(day: NaiveDate) -> u32 {
    (day.month() + 8) % 12 + 1
}

/// The period a posting of this day belongs to; year-end adjustments dated 31 March go to period 13.
pub fn posting_period(day: NaiveDate, adjustment: bool) -> (i32, u32) {
    let year_end = day.month() == 3 && day.day() == 31;
    (fin_year(day), if adjustment && year_end { 13 } else { period(day) })
}

/// First and last day of a monthly period (13 and 14 are the last day of the year).
pub fn period_days(start_year: i32, period: u32) -> Option<(NaiveDate, NaiveDate)> {
    let april = NaiveDate::from_ymd_opt(start_year, 4, 1)?;
    let after = |months: u32| april.checked_add_months(Months::new(months));
    match period {
        1..=12 => Some((after(period - 1)?, after(period)?.pred_opt()?)),
        13 | 14 => after(12)?.pred_opt().map(|last| (last, last)),
        _ => None,
    }
}

/// The tax year (by the year it starts in) and week of a day. Weeks start on 6 April.
pub fn tax_week(day: NaiveDate) -> (i32, u32) {
    let start_of = |year| NaiveDate::from_ymd_opt(year, 4, 6).expect("6 April is in every year");
    let year = if day >= start_of(day.year()) { day.year() } else { day.year() - 1 };
    let days = (day - start_of(year)).num_days();
    (year, (days / 7) as u32 + 1)
}

/// What becomes of the 53rd week of a four-weekly year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OddWeek {
    /// A one-week period of its own.
    Stub,
    /// The last period has five weeks.
    LongLastPeriod,
}

/// One period of a four-weekly billing year, stored with its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingPeriod {
    /// Counted from 1.
    pub number: u32,
    /// First day, a Monday.
    pub starts_on: NaiveDate,
    /// Last day, a Sunday.
    pub ends_on: NaiveDate,
}

impl BillingPeriod {
    /// Days in the period.
    pub fn days(&self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }

    /// Splits a charge for the period after `cut_on`: the part up to and with that day, and the rest.
    pub fn split(&self, charge: Pence, cut_on: NaiveDate) -> (Pence, Pence) {
        let days = ((cut_on - self.starts_on).num_days() + 1).clamp(0, self.days());
        let before = divide_half_up(i128::from(charge.0) * i128::from(days), i128::from(self.days()));
        let before = Pence(i64::try_from(before).expect("a part is no larger than the whole"));
        (before, charge.minus(before))
    }
}

/// The anchor of a four-weekly year: the first Monday on or after 6 April.
pub fn four_weekly_anchor(start_year: i32) -> NaiveDate {
    let sixth = NaiveDate::from_ymd_opt(start_year, 4, 6).expect("6 April is in every year");
    let ahead = (7 - sixth.weekday().num_days_from_monday()) % 7;
    add_days(sixth, i64::from(ahead))
}

/// Weeks from one anchor to the next: 52 or 53.
pub fn four_weekly_weeks(start_year: i32) -> i64 {
    (four_weekly_anchor(start_year + 1) - four_weekly_anchor(start_year)).num_days() / 7
}

/// The thirteen periods of a four-weekly year, and its 53rd week if it has one.
pub fn four_weekly_periods(start_year: i32, odd_week: OddWeek) -> Vec<BillingPeriod> {
    let anchor = four_weekly_anchor(start_year);
    let mut periods: Vec<BillingPeriod> = (0..13)
        .map(|i| BillingPeriod {
            number: i + 1,
            starts_on: add_days(anchor, i64::from(i) * 28),
            ends_on: add_days(anchor, i64::from(i) * 28 + 27),
        })
        .collect();
    if four_weekly_weeks(start_year) == 53 {
        match odd_week {
            OddWeek::Stub => periods.push(BillingPeriod {
                number: 14,
                starts_on: add_days(anchor, 364),
                ends_on: add_days(anchor, 370),
            }),
            OddWeek::LongLastPeriod => periods[12].ends_on = add_days(anchor, 370),
        }
    }
    periods
}

#[cfg(test)]
mod tests;
