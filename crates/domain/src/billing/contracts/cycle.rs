//! Billing cycles: periods that follow each other with no gap and no overlap (BIL-03, CAL-04, CAL-06).
use crate::calendar::{OddWeek, add_days, add_months, fin_year, four_weekly_anchor, four_weekly_periods};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// How often a contract is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// Monday to Sunday.
    Weekly,
    /// The care calendar: thirteen periods of 28 days, and a stub in a year of 53 weeks.
    FourWeekly,
    /// The care calendar with a last period of five weeks in a year of 53.
    FourWeeklyLong,
    /// Calendar months.
    Monthly,
    /// From 25 March, 24 June, 29 September and 25 December.
    QuarterDays,
    /// From the 28th of February, May, August and November.
    ScottishQuarterDays,
    /// From 1 April, July, October and January.
    Quarterly,
    /// From 1 April.
    Yearly,
    /// Terms, whose dates are data.
    Termly,
}

/// A term, as a site dates it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// `Autumn 2026`.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// One billing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Days that a price for each period pays for: 28 in a four-weekly year, its stub and its long period too.
    pub full_days: i64,
}

impl Period {
    fn between(starts_on: NaiveDate, next: NaiveDate) -> Period {
        Period { starts_on, ends_on: add_days(next, -1), full_days: (next - starts_on).num_days() }
    }

    /// Days in it.
    pub fn days(&self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }
}

const QUARTER_DAYS: [(u32, u32); 4] = [(3, 25), (6, 24), (9, 29), (12, 25)];
const SCOTTISH_QUARTER_DAYS: [(u32, u32); 4] = [(2, 28), (5, 28), (8, 28), (11, 28)];
const QUARTERS: [(u32, u32); 4] = [(1, 1), (4, 1), (7, 1), (10, 1)];

impl Cycle {
    /// All of them.
    pub const ALL: [Cycle; 9] = [
        Cycle::Weekly,
        Cycle::FourWeekly,
        Cycle::FourWeeklyLong,
        Cycle::Monthly,
        Cycle::QuarterDays,
        Cycle::ScottishQuarterDays,
        Cycle::Quarterly,
        Cycle::Yearly,
        Cycle::Termly,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Cycle::Weekly => "weekly",
            Cycle::FourWeekly => "four_weekly",
            Cycle::FourWeeklyLong => "four_weekly_long",
            Cycle::Monthly => "monthly",
            Cycle::QuarterDays => "quarter_days",
            Cycle::ScottishQuarterDays => "scottish_quarter_days",
            Cycle::Quarterly => "quarterly",
            Cycle::Yearly => "yearly",
            Cycle::Termly => "termly",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Cycle::Weekly => "every week",
            Cycle::FourWeekly => "every 4 weeks",
            Cycle::FourWeeklyLong => "every 4 weeks, the last time 5 in a year of 53",
            Cycle::Monthly => "every month",
            Cycle::QuarterDays => "on quarter days",
            Cycle::ScottishQuarterDays => "on Scottish quarter days",
            Cycle::Quarterly => "every quarter",
            Cycle::Yearly => "every year",
            Cycle::Termly => "every term",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Cycle> {
        Cycle::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The period that holds a day; none between terms.
    pub fn period_of(self, day: NaiveDate, terms: &[Term]) -> Option<Period> {
        Some(match self {
            Cycle::Weekly => {
                let monday = add_days(day, -i64::from(day.weekday().num_days_from_monday()));
                Period::between(monday, add_days(monday, 7))
            }
            Cycle::FourWeekly => four_weekly(day, OddWeek::Stub)?,
            Cycle::FourWeeklyLong => four_weekly(day, OddWeek::LongLastPeriod)?,
            Cycle::Monthly => {
                let first = day.with_day(1)?;
                Period::between(first, add_months(first, 1))
            }
            Cycle::QuarterDays => from_days(day, &QUARTER_DAYS)?,
            Cycle::ScottishQuarterDays => from_days(day, &SCOTTISH_QUARTER_DAYS)?,
            Cycle::Quarterly => from_days(day, &QUARTERS)?,
            Cycle::Yearly => {
                let first = NaiveDate::from_ymd_opt(fin_year(day), 4, 1)?;
                Period::between(first, add_months(first, 12))
            }
            Cycle::Termly => {
                let term = terms.iter().find(|term| term.starts_on <= day && day <= term.ends_on)?;
                Period::between(term.starts_on, add_days(term.ends_on, 1))
            }
        })
    }

    /// The period that holds a day, or the next one after it.
    pub fn period_from(self, day: NaiveDate, terms: &[Term]) -> Option<Period> {
        if self != Cycle::Termly {
            return self.period_of(day, terms);
        }
        let next = terms.iter().filter(|term| term.ends_on >= day).min_by_key(|term| term.starts_on)?;
        self.period_of(next.starts_on, terms)
    }

    /// The periods that touch the days from one to another, in order.
    pub fn periods(self, from: NaiveDate, until: NaiveDate, terms: &[Term]) -> Vec<Period> {
        let mut all = Vec::new();
        let mut at = from;
        while let Some(period) = self.period_from(at, terms).filter(|period| period.starts_on <= until) {
            all.push(period);
            at = add_days(period.ends_on, 1);
        }
        all
    }

    /// The last day of the last period that is due: begun by `up_to` in advance, ended by it in arrears.
    pub fn due_until(self, in_advance: bool, up_to: NaiveDate, terms: &[Term]) -> Option<NaiveDate> {
        if self == Cycle::Termly {
            let due = |term: &&Term| if in_advance { term.starts_on <= up_to } else { term.ends_on <= up_to };
            return terms.iter().filter(due).map(|term| term.ends_on).max();
        }
        let period = self.period_of(up_to, terms)?;
        let whole = in_advance || period.ends_on == up_to;
        Some(if whole { period.ends_on } else { add_days(period.starts_on, -1) })
    }

    /// The first day on which a run bills the period after `billed_to`; none where no term is dated yet.
    pub fn next_on(self, in_advance: bool, billed_to: NaiveDate, terms: &[Term]) -> Option<NaiveDate> {
        let next = self.period_from(add_days(billed_to, 1), terms)?;
        Some(if in_advance { next.starts_on } else { next.ends_on })
    }
}

fn four_weekly(day: NaiveDate, odd_week: OddWeek) -> Option<Period> {
    let year = if day >= four_weekly_anchor(day.year()) { day.year() } else { day.year() - 1 };
    let periods = four_weekly_periods(year, odd_week);
    let found = periods.iter().find(|period| period.starts_on <= day && day <= period.ends_on)?;
    Some(Period { starts_on: found.starts_on, ends_on: found.ends_on, full_days: 28 })
}

/// The period that starts on the last of these days of the year that has come.
fn from_days(day: NaiveDate, starts: &[(u32, u32); 4]) -> Option<Period> {
    let days = (day.year() - 1..=day.year() + 1)
        .flat_map(|year| starts.iter().filter_map(move |(month, of)| NaiveDate::from_ymd_opt(year, *month, *of)));
    let days: Vec<NaiveDate> = days.collect();
    let next = days.iter().position(|start| *start > day)?;
    Some(Period::between(days[next.checked_sub(1)?], days[next]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn terms() -> Vec<Term> {
        let term =
            |name: &str, starts_on, ends_on| Term { name: name.into(), starts_on: d(starts_on), ends_on: d(ends_on) };
        vec![term("Autumn 2026", "2026-09-02", "2026-12-18"), term("Spring 2027", "2027-01-04", "2027-03-25")]
    }

    #[test]
    fn bil_03_every_cycle_has_its_periods() {
        for (cycle, day, starts, ends) in [
            (Cycle::Weekly, "2026-05-13", "2026-05-11", "2026-05-17"),
            (Cycle::FourWeekly, "2026-05-13", "2026-05-04", "2026-05-31"),
            (Cycle::FourWeekly, "2027-04-07", "2027-04-05", "2027-04-11"),
            (Cycle::FourWeeklyLong, "2026-05-13", "2026-05-04", "2026-05-31"),
            (Cycle::FourWeeklyLong, "2027-04-07", "2027-03-08", "2027-04-11"),
            (Cycle::FourWeeklyLong, "2028-04-09", "2028-03-13", "2028-04-09"),
            (Cycle::Monthly, "2028-02-29", "2028-02-01", "2028-02-29"),
            (Cycle::QuarterDays, "2026-03-24", "2025-12-25", "2026-03-24"),
            (Cycle::QuarterDays, "2026-06-24", "2026-06-24", "2026-09-28"),
            (Cycle::ScottishQuarterDays, "2026-02-27", "2025-11-28", "2026-02-27"),
            (Cycle::Quarterly, "2026-12-31", "2026-10-01", "2026-12-31"),
            (Cycle::Yearly, "2027-03-31", "2026-04-01", "2027-03-31"),
            (Cycle::Termly, "2026-10-01", "2026-09-02", "2026-12-18"),
        ] {
            let period = cycle.period_of(d(day), &terms()).expect("a period");
            assert_eq!((period.starts_on, period.ends_on), (d(starts), d(ends)), "{cycle:?} {day}");
        }
        assert_eq!(Cycle::Termly.period_of(d("2026-12-25"), &terms()), None);
        assert_eq!(Cycle::FourWeekly.period_of(d("2027-04-07"), &[]).map(|p| (p.days(), p.full_days)), Some((7, 28)));
        let long = Cycle::FourWeeklyLong.period_of(d("2027-04-07"), &[]);
        assert_eq!(long.map(|p| (p.days(), p.full_days)), Some((35, 28)));
    }

    #[test]
    fn bil_03_what_is_due_in_advance_and_in_arrears() {
        let due = |cycle: Cycle, advance, day: &str| cycle.due_until(advance, d(day), &terms());
        assert_eq!(due(Cycle::Monthly, false, "2026-05-30"), Some(d("2026-04-30")));
        assert_eq!(due(Cycle::Monthly, false, "2026-05-31"), Some(d("2026-05-31")));
        assert_eq!(due(Cycle::Monthly, true, "2026-05-01"), Some(d("2026-05-31")));
        assert_eq!(due(Cycle::Termly, true, "2026-12-25"), Some(d("2026-12-18")));
        assert_eq!(due(Cycle::Termly, false, "2026-12-01"), None);
        assert_eq!(Cycle::Monthly.next_on(false, d("2026-04-30"), &[]), Some(d("2026-05-31")));
        assert_eq!(Cycle::Termly.next_on(true, d("2026-12-18"), &terms()), Some(d("2027-01-04")));
        assert_eq!(Cycle::Termly.next_on(true, d("2027-03-25"), &terms()), None);
    }

    #[test]
    fn cycles_read_back() {
        for cycle in Cycle::ALL {
            assert_eq!(Cycle::parse(cycle.as_str()), Some(cycle));
            assert!(!cycle.name().is_empty());
        }
    }

    proptest! {
        #[test]
        fn bil_03_periods_leave_no_gap_and_no_day_twice(which in 0usize..8, offset in 0i64..4_000, length in 0i64..900) {
            let cycle = Cycle::ALL[which];
            let from = add_days(d("2019-01-01"), offset);
            let until = add_days(from, length);
            let periods = cycle.periods(from, until, &[]);
            prop_assert!(periods[0].starts_on <= from);
            prop_assert!(periods[periods.len() - 1].ends_on >= until);
            for pair in periods.windows(2) {
                prop_assert_eq!(add_days(pair[0].ends_on, 1), pair[1].starts_on);
            }
        }
    }
}
