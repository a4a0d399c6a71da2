//! Dated reference rows, and the questions rules ask of them. A missing row is a refusal, never a fallback.
mod add;
mod stands;

pub use add::{AskedRate, AskedRates, RateKind, new_rates, words_of_figure, words_of_key};
pub use stands::{RateLine, RateState, SOON, rate_lines};

use crate::calendar::{Calendar, Nation};
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use crate::vat_code::VatCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What reference data refuses.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// No VAT rate of this code is loaded for the tax point.
        VAT_RATE_MISSING = "REF-MISSING-VAT-RATE", "INV-06", "Ask an administrator to enter the VAT rate, with a second person to approve it";
        /// No statutory rate is loaded for the day on which interest starts.
        LATE_PAYMENT_RATE_MISSING = "REF-MISSING-LATE-PAYMENT-RATE", "LP-03", "Enter the Bank Rate of the reference date as a new row, approved by a second person";
        /// No compensation bands are loaded for the day.
        COMPENSATION_MISSING = "REF-MISSING-COMPENSATION", "LP-05", "Ask an administrator to enter the compensation bands";
        /// No court interest rate is loaded for the day.
        COURT_RATE_MISSING = "REF-MISSING-COURT-RATE", "LP-07", "Ask an administrator to enter the court's interest rate";
        /// No dated row of this kind, or with this key, can be added.
        UNKNOWN_KIND = "REF-UNKNOWN-KIND", "INV-06", "Choose one of the kinds, and a band or a step that it has";
        /// A dated row without its source.
        NO_SOURCE = "REF-NO-SOURCE", "CTL-01", "Enter the order, the regulation or the page that gives the figure";
        /// A figure below or above anything that can be meant.
        FIGURE = "REF-FIGURE", "CTL-01", "Enter the figure as its source has it: pounds and pence, or per cent";
        /// A rate of a day that has not come.
        TOO_SOON = "REF-TOO-SOON", "LP-03", "Ask again on the day on which the figure is known";
        /// Not every figure that belongs together, or one of them twice.
        INCOMPLETE = "REF-INCOMPLETE", "CT-01", "Enter every band with the figure it has from the day, changed or not";
        /// Another row begins on or after the day.
        OVERLAP = "REF-OVERLAP", "CTL-01", "Choose a later day, or a last day before the other figure begins";
        /// A figure that holds on a day that has come: work may rest on it.
        BACKDATED = "REF-BACKDATED", "CTL-01", "Choose a day that has not come; what was worked out before stays as it was";
    }
}

/// Kind of a bank holiday row: key is the nation.
pub const BANK_HOLIDAY: &str = "bank_holiday";
/// Kind of a VAT rate row: key is the code, value basis points.
pub const VAT_RATE: &str = "vat_rate";
/// Kind of a statutory late-payment rate row: value basis points, dated by the day interest starts to run.
pub const LATE_PAYMENT_RATE: &str = "late_payment_rate";
/// Kind of a compensation band: key is the least debt in pence, value pence.
pub const COMPENSATION: &str = "late_payment_compensation";
/// Kind of a court interest rate row: key `s69` or `judgment`, value basis points.
pub const COURT_INTEREST_RATE: &str = "court_interest_rate";
/// Kind of the least judgment that carries interest: value pence.
pub const JUDGMENT_MINIMUM: &str = "judgment_interest_minimum";

/// One dated fact that people outside decide: a rate, a holiday, a band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRow {
    /// What sort of fact.
    pub kind: String,
    /// Which one of the sort: a code, a nation, a threshold.
    pub key: String,
    /// First day on which it holds.
    pub from_on: NaiveDate,
    /// Last day, if known.
    pub to_on: Option<NaiveDate>,
    /// The value: basis points or pence by kind.
    pub value: i64,
    /// For people.
    pub note: String,
    /// Where it comes from.
    pub source: String,
    /// Who entered it.
    pub entered_by: String,
    /// Who approved it: someone else.
    pub approved_by: String,
}

impl ReferenceRow {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|last| day <= last)
    }

    fn read(line: &str) -> Option<ReferenceRow> {
        let fields: Vec<&str> = line.split(',').collect();
        let [kind, key, from_on, to_on, value, note, source, entered_by, approved_by] = fields.try_into().ok()?;
        Some(ReferenceRow {
            kind: kind.into(),
            key: key.into(),
            from_on: from_on.parse().ok()?,
            to_on: if to_on.is_empty() { None } else { Some(to_on.parse().ok()?) },
            value: value.parse().ok()?,
            note: note.into(),
            source: source.into(),
            entered_by: entered_by.into(),
            approved_by: approved_by.into(),
        })
    }
}

/// The rows that come with the program; a home may add to them.
pub fn shipped_rows() -> Vec<ReferenceRow> {
    let files = [
        include_str!("../data/bank_holidays.csv"),
        include_str!("../data/vat_rates.csv"),
        include_str!("../data/late_payment.csv"),
        include_str!("../data/court_fees.csv"),
    ];
    let lines = files.into_iter().flat_map(|file| file.lines().skip(1)).filter(|line| !line.is_empty());
    lines.map(|line| ReferenceRow::read(line).expect("shipped rows are read by a test")).collect()
}

/// A statutory rate and the row it came from, so that the working can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatePaymentRate {
    /// Eight per cent over Bank Rate.
    pub rate: BasisPoints,
    /// First day of the half-years this row serves.
    pub from_on: NaiveDate,
    /// The working: Bank Rate and its date.
    pub note: String,
    /// Where the row comes from.
    pub source: String,
}

/// All reference rows, ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceBook {
    calendars: [Calendar; 3],
    rows: Vec<ReferenceRow>,
}

impl Default for ReferenceBook {
    /// The book of the shipped rows.
    fn default() -> Self {
        Self::from_rows(&shipped_rows())
    }
}

impl ReferenceBook {
    /// A book of these rows. Where two rows of a kind and key hold on a day, the later one supersedes.
    pub fn from_rows(rows: &[ReferenceRow]) -> ReferenceBook {
        let holidays = |nation: Nation| {
            let of_nation = rows.iter().filter(move |row| row.kind == BANK_HOLIDAY && row.key == nation.as_str());
            Calendar::new(nation, of_nation.map(|row| row.from_on))
        };
        ReferenceBook {
            calendars: Nation::ALL.map(holidays),
            rows: rows.iter().filter(|row| row.kind != BANK_HOLIDAY).cloned().collect(),
        }
    }

    /// The calendar of a nation.
    pub fn calendar(&self, nation: Nation) -> &Calendar {
        let place = match nation {
            Nation::EnglandAndWales => 0,
            Nation::Scotland => 1,
            Nation::NorthernIreland => 2,
        };
        &self.calendars[place]
    }

    /// The row of a kind and key that holds on a day.
    pub fn row(&self, kind: &str, key: &str, day: NaiveDate) -> Option<&ReferenceRow> {
        let holding = self.rows.iter().filter(|row| row.kind == kind && row.key == key && row.holds_on(day));
        holding.max_by_key(|row| row.from_on)
    }

    /// The rows of a kind that hold on a day, of any key.
    pub fn rows_of<'a>(&'a self, kind: &'a str, day: NaiveDate) -> impl Iterator<Item = &'a ReferenceRow> {
        self.rows.iter().filter(move |row| row.kind == kind && row.holds_on(day))
    }

    /// The VAT rate of a code at a tax point.
    pub fn vat_rate(&self, code: VatCode, tax_point: NaiveDate) -> Result<BasisPoints, Refusal> {
        match self.row(VAT_RATE, code.as_str(), tax_point) {
            Some(row) => Ok(BasisPoints(row.value)),
            None => Err(refusals::VAT_RATE_MISSING
                .because(format!("No VAT rate for code {} is loaded for {tax_point}", code.as_str()))),
        }
    }

    /// The statutory rate of a debt whose interest starts to run on a day: fixed for the life of the debt.
    pub fn late_payment_rate(&self, starts_on: NaiveDate) -> Result<LatePaymentRate, Refusal> {
        match self.row(LATE_PAYMENT_RATE, "statutory", starts_on) {
            Some(row) => Ok(LatePaymentRate {
                rate: BasisPoints(row.value),
                from_on: row.from_on,
                note: row.note.clone(),
                source: row.source.clone(),
            }),
            None => Err(refusals::LATE_PAYMENT_RATE_MISSING
                .because(format!("No late-payment rate is loaded for interest that starts on {starts_on}"))),
        }
    }

    /// The fixed compensation for a debt of this size when interest starts to run.
    pub fn compensation(&self, debt: Pence, starts_on: NaiveDate) -> Result<Pence, Refusal> {
        let bands = self.rows.iter().filter(|row| row.kind == COMPENSATION && row.holds_on(starts_on));
        let reached = bands.filter_map(|row| row.key.parse::<i64>().ok().map(|least| (least, row.from_on, row.value)));
        match reached.filter(|(least, _, _)| *least <= debt.0).max() {
            Some((_, _, value)) => Ok(Pence(value)),
            None => Err(refusals::COMPENSATION_MISSING
                .because(format!("No compensation band is loaded for {debt} on {starts_on}"))),
        }
    }

    /// The court's yearly rate: key `s69` or `judgment`.
    pub fn court_rate(&self, key: &str, day: NaiveDate) -> Result<BasisPoints, Refusal> {
        match self.row(COURT_INTEREST_RATE, key, day) {
            Some(row) => Ok(BasisPoints(row.value)),
            None => Err(refusals::COURT_RATE_MISSING.because(format!("No {key} rate is loaded for {day}"))),
        }
    }

    /// The least judgment that carries interest.
    pub fn judgment_minimum(&self, day: NaiveDate) -> Result<Pence, Refusal> {
        match self.row(JUDGMENT_MINIMUM, "county_court", day) {
            Some(row) => Ok(Pence(row.value)),
            None => Err(refusals::COURT_RATE_MISSING.because(format!("No judgment minimum is loaded for {day}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn every_shipped_row_is_read_with_source_and_two_people() {
        let rows = shipped_rows();
        assert_eq!(rows.iter().filter(|row| row.kind == BANK_HOLIDAY).count(), 388);
        for row in rows {
            assert!(!row.source.is_empty() && row.entered_by != row.approved_by, "{row:?}");
            assert!(row.to_on.is_none_or(|last| last >= row.from_on), "{row:?}");
        }
    }

    #[test]
    fn vat_rates_go_by_tax_point_and_a_missing_row_stops() {
        let book = ReferenceBook::default();
        assert_eq!(book.vat_rate(VatCode::S, d("2011-01-03")), Ok(BasisPoints(1750)));
        assert_eq!(book.vat_rate(VatCode::S, d("2011-01-04")), Ok(BasisPoints(2000)));
        assert_eq!(book.vat_rate(VatCode::E, d("2026-11-21")), Ok(BasisPoints(0)));
        let refused = book.vat_rate(VatCode::S, d("2008-11-30")).expect_err("no row");
        assert_eq!(refused.code, "REF-MISSING-VAT-RATE");
    }

    #[test]
    fn late_payment_rates_cover_every_half_year_once_until_the_unknown_one() {
        let book = ReferenceBook::default();
        let mut day = d("2008-01-01");
        while day < d("2027-01-01") {
            let holding = book.rows.iter().filter(|row| row.kind == LATE_PAYMENT_RATE && row.holds_on(day)).count();
            assert_eq!(holding, 1, "{day}");
            day = crate::calendar::add_days(day, 1);
        }
        let refused = book.late_payment_rate(d("2027-01-01")).expect_err("no row");
        assert_eq!(refused.code, "REF-MISSING-LATE-PAYMENT-RATE");
        assert_eq!(book.late_payment_rate(d("2016-12-31")).map(|r| r.rate), Ok(BasisPoints(850)));
        assert_eq!(book.late_payment_rate(d("2026-07-01")).map(|r| r.rate), Ok(BasisPoints(1175)));
    }

    #[test]
    fn lp_03_every_half_year_has_eight_per_cent_over_the_bank_rate_of_its_reference_day() {
        // Bank Rate in basis points, from the day on which it changed.
        let changes = [
            ("2007-12-06", 550),
            ("2008-02-07", 525),
            ("2008-04-10", 500),
            ("2008-10-08", 450),
            ("2008-11-06", 300),
            ("2008-12-04", 200),
            ("2009-01-08", 150),
            ("2009-02-05", 100),
            ("2009-03-05", 50),
            ("2016-08-04", 25),
            ("2017-11-02", 50),
            ("2018-08-02", 75),
            ("2020-03-11", 25),
            ("2020-03-19", 10),
            ("2021-12-16", 25),
            ("2022-02-03", 50),
            ("2022-03-17", 75),
            ("2022-05-05", 100),
            ("2022-06-16", 125),
            ("2022-08-04", 175),
            ("2022-09-22", 225),
            ("2022-11-03", 300),
            ("2022-12-15", 350),
            ("2023-02-02", 400),
            ("2023-03-23", 425),
            ("2023-05-11", 450),
            ("2023-06-22", 500),
            ("2023-08-03", 525),
            ("2024-08-01", 500),
            ("2024-11-07", 475),
            ("2025-02-06", 450),
            ("2025-05-08", 425),
            ("2025-08-07", 400),
            ("2025-12-18", 375),
        ];
        let book = ReferenceBook::default();
        for year in 2008..=2026 {
            for (first, before) in [("01-01", format!("{}-12-31", year - 1)), ("07-01", format!("{year}-06-30"))] {
                let bank_rate = changes.iter().rfind(|(on, _)| d(on) <= d(&before)).map(|(_, rate)| *rate);
                let starts_on = d(&format!("{year}-{first}"));
                let rate = book.late_payment_rate(starts_on).map(|row| row.rate.0).ok();
                assert_eq!(rate, bank_rate.map(|rate: i64| rate + 800), "{starts_on}");
            }
        }
    }

    #[test]
    fn a_later_row_supersedes() {
        let mut rows = shipped_rows();
        let mut new = rows.iter().find(|row| row.kind == VAT_RATE && row.key == "R").expect("shipped").clone();
        new.from_on = d("2026-12-01");
        new.value = 600;
        rows.push(new);
        let book = ReferenceBook::from_rows(&rows);
        assert_eq!(book.vat_rate(VatCode::R, d("2026-11-30")), Ok(BasisPoints(500)));
        assert_eq!(book.vat_rate(VatCode::R, d("2026-12-01")), Ok(BasisPoints(600)));
    }

    #[test]
    fn compensation_bands() {
        let book = ReferenceBook::default();
        let day = d("2026-04-01");
        for (debt, sum) in [(99_999, 4_000), (100_000, 7_000), (999_999, 7_000), (1_000_000, 10_000)] {
            assert_eq!(book.compensation(Pence(debt), day), Ok(Pence(sum)));
        }
    }

    #[test]
    fn a_book_survives_json() {
        let book = ReferenceBook::default();
        let text = serde_json::to_string(&book).expect("json");
        assert_eq!(serde_json::from_str::<ReferenceBook>(&text).expect("json"), book);
    }
}
