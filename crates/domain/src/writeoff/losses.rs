//! The losses and special payments register, and the committee's report of the same lines (NHS-05, WOF-07).
use super::WriteOffReason;
use crate::calendar::{fin_year, fin_year_name};
use crate::money::Pence;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A case above this is disclosed by itself in the annual accounts.
pub const DISCLOSED_ABOVE: Pence = Pence(30_000_000);

named! {
    /// A category of the register, as receivables use it.
    LossCategory {
        /// Overpaid salary that is abandoned, cash that is short.
        Cash = "1", "Losses of cash";
        /// Private patients.
        PrivatePatients = "3a", "Bad debts and claims abandoned: private patients";
        /// Overseas visitors.
        OverseasVisitors = "3b", "Bad debts and claims abandoned: overseas visitors";
        /// Everything else.
        OtherDebts = "3c", "Bad debts and claims abandoned: other";
        /// Goodwill.
        ExGratia = "7", "Ex gratia payments";
    }
}

/// The category a class of debt falls into, where nobody chose another. A credit note for an error is in none.
pub fn category_of(class: &str) -> LossCategory {
    let word = class.to_lowercase();
    let says = |part: &str| word.contains(part);
    if says("overseas") {
        LossCategory::OverseasVisitors
    } else if says("private") && (says("patient") || says("health") || says("insur")) {
        LossCategory::PrivatePatients
    } else if says("salary") || says("payroll") || says("shortage") {
        LossCategory::Cash
    } else {
        LossCategory::OtherDebts
    }
}

/// A row of the register: gross, by case, on the day it was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossRow {
    /// Gapless within the year.
    pub serial: u32,
    /// The category.
    pub category: LossCategory,
    /// Our case.
    pub case_ref: String,
    /// The debtor, pseudonymised.
    pub debtor_ref: String,
    /// When the debt arose.
    pub arisen_on: NaiveDate,
    /// When it was approved.
    pub approved_on: NaiveDate,
    /// Gross, without regard to a provision.
    pub gross: Pence,
    /// VAT relief on it.
    pub vat_relief: Pence,
    /// What came in since.
    pub recovered: Pence,
    /// Why.
    pub reason: WriteOffReason,
    /// What was done.
    pub actions: String,
    /// Who approved.
    pub approvers: Vec<String>,
    /// When the audit committee saw it.
    pub committee_on: Option<NaiveDate>,
    /// Referred to counter-fraud.
    pub counter_fraud: bool,
}

impl LossRow {
    /// The financial year of its approval.
    pub fn year(&self) -> i32 {
        fin_year(self.approved_on)
    }

    /// Whether it is disclosed by itself.
    pub fn is_disclosed(&self) -> bool {
        self.gross > DISCLOSED_ABOVE
    }
}

/// A category in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossTotal {
    /// Cases.
    pub cases: u32,
    /// Gross.
    pub gross: Pence,
    /// VAT relief.
    pub vat_relief: Pence,
    /// Came in since.
    pub recovered: Pence,
}

/// The report of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossReport {
    /// `2026/27`.
    pub year: String,
    /// By category.
    pub categories: BTreeMap<LossCategory, LossTotal>,
    /// Serials of what is disclosed by itself.
    pub disclosed: Vec<u32>,
}

/// The report of a financial year from the register's rows.
pub fn loss_report(rows: &[LossRow], start_year: i32) -> LossReport {
    let mut report = LossReport { year: fin_year_name(start_year), ..LossReport::default() };
    for row in rows.iter().filter(|row| row.year() == start_year) {
        let total = report.categories.entry(row.category).or_default();
        total.cases += 1;
        total.gross = total.gross.plus(row.gross);
        total.vat_relief = total.vat_relief.plus(row.vat_relief);
        total.recovered = total.recovered.plus(row.recovered);
        if row.is_disclosed() {
            report.disclosed.push(row.serial);
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(serial: u32, category: LossCategory, gross: i64, approved: &str) -> LossRow {
        LossRow {
            serial,
            category,
            case_ref: format!("WO-{serial:06}"),
            debtor_ref: "D-1".into(),
            arisen_on: "2025-01-01".parse().expect("a date"),
            approved_on: approved.parse().expect("a date"),
            gross: Pence(gross),
            vat_relief: Pence::ZERO,
            recovered: Pence(100),
            reason: WriteOffReason::Untraceable,
            actions: "Letters, agency, trace".into(),
            approvers: vec!["A Head".into()],
            committee_on: None,
            counter_fraud: false,
        }
    }

    #[test]
    fn nhs_e9_the_register_of_a_year() {
        let rows = [
            row(1, LossCategory::PrivatePatients, 1_240_000, "2026-11-22"),
            row(2, LossCategory::OverseasVisitors, 315_000, "2027-03-31"),
            row(3, LossCategory::OverseasVisitors, 99, "2027-04-01"),
        ];
        let report = loss_report(&rows, 2026);
        assert_eq!(report.year, "2026/27");
        let of = |category| report.categories[&category];
        assert_eq!(
            (of(LossCategory::PrivatePatients).cases, of(LossCategory::PrivatePatients).gross),
            (1, Pence(1_240_000))
        );
        assert_eq!(
            (of(LossCategory::OverseasVisitors).cases, of(LossCategory::OverseasVisitors).gross),
            (1, Pence(315_000))
        );
        assert!(report.disclosed.is_empty());
    }

    #[test]
    fn wof_07_large_cases_are_disclosed_and_classes_find_their_category() {
        let large = row(9, LossCategory::OtherDebts, 30_000_001, "2026-05-01");
        assert!(large.is_disclosed() && !row(8, LossCategory::OtherDebts, 30_000_000, "2026-05-01").is_disclosed());
        assert_eq!(loss_report(&[large], 2026).disclosed, [9]);
        for (class, category) in [
            ("Overseas visitor", LossCategory::OverseasVisitors),
            ("private_patient", LossCategory::PrivatePatients),
            ("Private health insurer", LossCategory::PrivatePatients),
            ("salary_overpayment", LossCategory::Cash),
            ("private_hire", LossCategory::OtherDebts),
            ("", LossCategory::OtherDebts),
        ] {
            assert_eq!(category_of(class), category, "{class}");
        }
    }
}
