//! What a rate is for, and which exact part of it some days of a period are; rounded once (BIL-06, SC-02).
use super::cycle::{Cycle, Period, Term};
use super::refusals;
use crate::calendar::{add_days, add_months, fin_year};
use crate::money::{BasisPoints, LARGEST, Pence, divide_half_up};
use crate::refusal::Refusal;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// What a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A day, or a bed day.
    Day,
    /// A week: a day is a seventh.
    Week,
    /// A calendar month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
    /// A term.
    Term,
    /// Each billing period, however long.
    Period,
    /// An hour; the quantity is planned hours a week.
    Hour,
    /// A visit; the quantity is planned visits a week.
    Visit,
    /// A session; the quantity is planned sessions a week.
    Session,
}

impl Unit {
    /// All of them.
    pub const ALL: [Unit; 10] = [
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
        Unit::Term,
        Unit::Period,
        Unit::Hour,
        Unit::Visit,
        Unit::Session,
    ];

    /// Those that activity is counted in: bed days, hours, visits, sessions.
    pub const OF_ACTIVITY: [Unit; 4] = [Unit::Day, Unit::Hour, Unit::Visit, Unit::Session];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
            Unit::Term => "term",
            Unit::Period => "period",
            Unit::Hour => "hour",
            Unit::Visit => "visit",
            Unit::Session => "session",
        }
    }

    /// After a price: `a week`.
    pub fn each(self) -> &'static str {
        match self {
            Unit::Day => "a day",
            Unit::Week => "a week",
            Unit::Month => "a month",
            Unit::Quarter => "a quarter",
            Unit::Year => "a year",
            Unit::Term => "a term",
            Unit::Period => "a period",
            Unit::Hour => "an hour",
            Unit::Visit => "a visit",
            Unit::Session => "a session",
        }
    }

    /// `1 hour`, `12.5 hours`.
    pub fn counted(self, quantity_e4: i64) -> String {
        let plural = if quantity_e4 == 10_000 { "" } else { "s" };
        format!("{} {}{plural}", decimals(quantity_e4), self.as_str())
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// An exact fraction, in its lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// Above the line.
    pub num: i64,
    /// Below the line; above zero.
    pub den: i64,
}

impl Ratio {
    /// None of it.
    pub const ZERO: Ratio = Ratio { num: 0, den: 1 };

    /// `num / den`, reduced.
    pub fn new(num: i64, den: i64) -> Ratio {
        let by = divisor(num.abs(), den).max(1);
        Ratio { num: num / by, den: den / by }
    }

    fn plus(self, other: Ratio) -> Ratio {
        Ratio::new(self.num * other.den + other.num * self.den, self.den * other.den)
    }

    /// `4` or `19/7`.
    pub fn words(self) -> String {
        if self.den == 1 { self.num.to_string() } else { format!("{}/{}", self.num, self.den) }
    }
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The exact number of units in the days from one to another, which lie in one period of the cycle.
///
/// A month of a quarterly or yearly price is a third or a twelfth of it, and a quarter of a yearly one is a quarter,
/// whatever their days; only part of a month or quarter is counted by its days.
///
/// # Errors
/// `BIL-03-NO-TERM` where a price for a term meets days for which no term is dated.
pub fn units_of(
    unit: Unit,
    cycle: Cycle,
    period: Period,
    (from, to): (NaiveDate, NaiveDate),
    terms: &[Term],
) -> Result<Ratio, Refusal> {
    let days = (to - from).num_days() + 1;
    let by_quarter = matches!(cycle, Cycle::Quarterly | Cycle::QuarterDays | Cycle::ScottishQuarterDays);
    Ok(match (unit, cycle) {
        (Unit::Day, _) => Ratio::new(days, 1),
        (Unit::Week | Unit::Hour | Unit::Visit | Unit::Session, _) => Ratio::new(days, 7),
        (Unit::Period, _) => Ratio::new(days, period.full_days),
        (Unit::Month, _) => over(Cycle::Monthly, (from, to), 1),
        (Unit::Quarter, Cycle::Monthly) => over(Cycle::Monthly, (from, to), 3),
        (Unit::Quarter, _) if by_quarter => Ratio::new(days, period.days()),
        (Unit::Quarter, _) => over(Cycle::Quarterly, (from, to), 1),
        (Unit::Year, Cycle::Monthly) => over(Cycle::Monthly, (from, to), 12),
        (Unit::Year, _) if by_quarter => Ratio::new(days, 4 * period.days()),
        (Unit::Year, _) => years(from, to),
        (Unit::Term, Cycle::Termly) => Ratio::new(days, period.days()),
        (Unit::Term, _) => of_terms(from, to, terms)?,
    })
}

/// Days of each period of `cycle` over its days, over `parts`, added up.
fn over(cycle: Cycle, (from, to): (NaiveDate, NaiveDate), parts: i64) -> Ratio {
    cycle.periods(from, to, &[]).into_iter().fold(Ratio::ZERO, |sum, period| {
        let days = (period.ends_on.min(to) - period.starts_on.max(from)).num_days() + 1;
        sum.plus(Ratio::new(days, parts * period.days()))
    })
}

/// Days of each financial year over its days, added up.
fn years(from: NaiveDate, to: NaiveDate) -> Ratio {
    let mut sum = Ratio::ZERO;
    let mut at = from;
    while at <= to {
        let first = NaiveDate::from_ymd_opt(fin_year(at), 4, 1).unwrap_or(at);
        let next = add_months(first, 12);
        let last = add_days(next, -1).min(to);
        sum = sum.plus(Ratio::new((last - at).num_days() + 1, (next - first).num_days()));
        at = add_days(last, 1);
    }
    sum
}

fn of_terms(from: NaiveDate, to: NaiveDate, terms: &[Term]) -> Result<Ratio, Refusal> {
    let touched: Vec<&Term> = terms.iter().filter(|term| term.starts_on <= to && term.ends_on >= from).collect();
    if !terms.iter().any(|term| term.ends_on >= to) {
        return Err(refusals::NO_TERM.because(format!("No term is dated for {}", to.format("%-d %B %Y"))));
    }
    Ok(touched.into_iter().fold(Ratio::ZERO, |sum, term| {
        let days = (term.ends_on.min(to) - term.starts_on.max(from)).num_days() + 1;
        sum.plus(Ratio::new(days, (term.ends_on - term.starts_on).num_days() + 1))
    }))
}

/// Rate × quantity × units × what is retained, in whole pence, rounded half-up once.
///
/// # Errors
/// `BIL-06-TOO-LARGE` above £10,000,000,000.
pub fn amount_of(rate_e4: i64, quantity_e4: i64, units: Ratio, retained: BasisPoints) -> Result<Pence, Refusal> {
    let above = i128::from(rate_e4) * i128::from(quantity_e4);
    let above = above.checked_mul(i128::from(units.num) * i128::from(retained.0));
    let below = i128::from(units.den) * 1_000_000 * 10_000;
    let pence = above.map(|above| divide_half_up(above, below)).filter(|pence| *pence <= i128::from(LARGEST.0));
    match pence.and_then(|pence| i64::try_from(pence).ok()) {
        Some(pence) => Ok(Pence(pence)),
        None => Err(refusals::TOO_LARGE.because("A charge comes to more than £10,000,000,000")),
    }
}

/// `£182.35`: a rate in ten-thousandths of a pound, with no more decimals than it needs but two.
pub fn rate_in_words(rate_e4: i64) -> String {
    rate_words(rate_e4)
}

pub(super) fn rate_words(rate_e4: i64) -> String {
    let pence = Pence(rate_e4 / 100).to_string();
    match rate_e4 % 100 {
        0 => pence,
        rest if rest % 10 == 0 => format!("{pence}{}", rest / 10),
        rest => format!("{pence}{rest:02}"),
    }
}

/// `2.5` of 25000 ten-thousandths.
pub(super) fn decimals(e4: i64) -> String {
    let text = format!("{}.{:04}", e4 / 10_000, e4 % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `13 May 2026`.
pub(super) fn day_words(day: NaiveDate) -> String {
    format!("{} {}", day.day(), day.format("%B %Y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn units(unit: Unit, cycle: Cycle, from: &str, to: &str) -> Ratio {
        let period = cycle.period_of(d(from), &[]).expect("a period");
        units_of(unit, cycle, period, (d(from), d(to)), &[]).expect("units")
    }

    #[test]
    fn bil_06_units_are_exact_fractions() {
        assert_eq!(units(Unit::Week, Cycle::FourWeekly, "2026-05-13", "2026-05-31"), Ratio::new(19, 7));
        assert_eq!(units(Unit::Month, Cycle::Monthly, "2026-05-13", "2026-05-31"), Ratio::new(19, 31));
        assert_eq!(units(Unit::Month, Cycle::FourWeekly, "2026-05-04", "2026-05-31"), Ratio::new(28, 31));
        assert_eq!(units(Unit::Month, Cycle::Quarterly, "2026-04-01", "2026-06-30"), Ratio::new(3, 1));
        assert_eq!(units(Unit::Quarter, Cycle::Monthly, "2026-02-01", "2026-02-28"), Ratio::new(1, 3));
        assert_eq!(units(Unit::Year, Cycle::Monthly, "2026-02-01", "2026-02-28"), Ratio::new(1, 12));
        assert_eq!(units(Unit::Year, Cycle::QuarterDays, "2026-03-25", "2026-06-23"), Ratio::new(1, 4));
        assert_eq!(units(Unit::Year, Cycle::FourWeekly, "2027-03-08", "2027-04-04"), {
            Ratio::new(24, 365).plus(Ratio::new(4, 366))
        });
        assert_eq!(units(Unit::Year, Cycle::Yearly, "2026-04-01", "2027-03-31"), Ratio::new(1, 1));
        assert_eq!(units(Unit::Period, Cycle::FourWeekly, "2027-04-05", "2027-04-11"), Ratio::new(1, 4));
        assert_eq!(units(Unit::Period, Cycle::FourWeeklyLong, "2027-03-08", "2027-04-11"), Ratio::new(5, 4));
        assert_eq!(units(Unit::Week, Cycle::FourWeeklyLong, "2027-03-08", "2027-04-11"), Ratio::new(5, 1));
        assert_eq!(units(Unit::Day, Cycle::Monthly, "2026-05-01", "2026-05-31"), Ratio::new(31, 1));
    }

    #[test]
    fn bil_03_a_price_for_a_term_needs_dated_terms() {
        let period = Cycle::Monthly.period_of(d("2026-09-01"), &[]).expect("a period");
        let term = Term { name: "Autumn".into(), starts_on: d("2026-09-02"), ends_on: d("2026-12-18") };
        let september = (d("2026-09-01"), d("2026-09-30"));
        let of = |terms: &[Term]| units_of(Unit::Term, Cycle::Monthly, period, september, terms);
        assert_eq!(of(&[term]), Ok(Ratio::new(29, 108)));
        assert_eq!(of(&[]).expect_err("no terms").code, "BIL-03-NO-TERM");
    }

    #[test]
    fn bil_06_amounts_are_rounded_half_up_once() {
        let whole = BasisPoints(10_000);
        assert_eq!(amount_of(1_823_500, 10_000, Ratio::new(19, 7), whole), Ok(Pence(49_495)));
        assert_eq!(amount_of(50, 10_000, Ratio::new(1, 1), whole), Ok(Pence(1)));
        assert_eq!(amount_of(49, 10_000, Ratio::new(1, 1), whole), Ok(Pence(0)));
        assert_eq!(amount_of(1_000_000, 25_000, Ratio::new(1, 1), BasisPoints(5_000)), Ok(Pence(12_500)));
        let huge = amount_of(i64::MAX / 4, i64::MAX / 4, Ratio::new(1, 1), whole);
        assert_eq!(huge.expect_err("too large").code, "BIL-06-TOO-LARGE");
    }

    #[test]
    fn rates_and_units_in_words() {
        assert_eq!(rate_words(1_823_500), "£182.35");
        assert_eq!(rate_words(12_345), "£1.2345");
        assert_eq!(rate_words(12_340), "£1.234");
        for unit in Unit::ALL {
            assert_eq!(Unit::parse(unit.as_str()), Some(unit));
            assert!(unit.each().starts_with('a'));
        }
    }
}
