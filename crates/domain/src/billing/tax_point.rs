//! When a supply is taxed (INV-05).
use super::refusals;
use crate::calendar::add_days;
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What decides a tax point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxPointFacts {
    /// Services completed or goods made available.
    pub supply_on: NaiveDate,
    /// The VAT invoice's date.
    pub issue_on: NaiveDate,
    /// First payment, if there was one.
    pub paid_on: Option<NaiveDate>,
    /// Weekly care, rents, secondments: taxed as billed or paid.
    pub continuous: bool,
    /// The body has elected out of the 14-day rule.
    pub elected_out: bool,
}

/// The tax point: by payment or invoice before the supply, by an invoice within 14 days after it, else the supply.
pub fn tax_point(facts: &TaxPointFacts) -> NaiveDate {
    let first_paper_or_money = facts.paid_on.map_or(facts.issue_on, |paid| paid.min(facts.issue_on));
    if facts.continuous || first_paper_or_money < facts.supply_on {
        return first_paper_or_money;
    }
    if !facts.elected_out && facts.issue_on <= add_days(facts.supply_on, 14) {
        return facts.issue_on;
    }
    facts.supply_on
}

/// Whether the invoice comes later than 30 days after the supply.
pub fn issued_late(tax_point: NaiveDate, issue_on: NaiveDate) -> bool {
    issue_on > add_days(tax_point, 30)
}

/// Refuses a tax point in a VAT period already filed.
pub fn may_use_tax_point(tax_point: NaiveDate, filed_until: Option<NaiveDate>) -> Result<(), Refusal> {
    match filed_until {
        Some(last) if tax_point <= last => Err(refusals::VAT_PERIOD_FILED
            .because(format!("The VAT return that holds {} has been filed", written(tax_point)))
            .allowed_from(add_days(last, 1))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn facts(supply: &str, issue: &str, paid: Option<&str>) -> TaxPointFacts {
        TaxPointFacts {
            supply_on: d(supply),
            issue_on: d(issue),
            paid_on: paid.map(d),
            continuous: false,
            elected_out: false,
        }
    }

    #[test]
    fn inv_05_tax_points() {
        assert_eq!(tax_point(&facts("2026-06-10", "2026-06-24", None)), d("2026-06-24"));
        assert_eq!(tax_point(&facts("2026-06-10", "2026-06-25", None)), d("2026-06-10"));
        assert_eq!(tax_point(&facts("2026-06-10", "2026-06-01", None)), d("2026-06-01"));
        assert_eq!(tax_point(&facts("2026-06-10", "2026-06-20", Some("2026-06-02"))), d("2026-06-02"));
        let out = TaxPointFacts { elected_out: true, ..facts("2026-06-10", "2026-06-12", None) };
        assert_eq!(tax_point(&out), d("2026-06-10"));
        let weekly = TaxPointFacts { continuous: true, ..facts("2026-06-10", "2026-07-20", Some("2026-07-25")) };
        assert_eq!(tax_point(&weekly), d("2026-07-20"));
    }

    #[test]
    fn inv_05_thirty_days_and_filed_periods() {
        assert!(!issued_late(d("2026-06-10"), d("2026-07-10")));
        assert!(issued_late(d("2026-06-10"), d("2026-07-11")));
        let refused = may_use_tax_point(d("2026-06-30"), Some(d("2026-06-30"))).expect_err("filed");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("INV-05-PERIOD-FILED", Some(d("2026-07-01"))));
        assert_eq!(may_use_tax_point(d("2026-07-01"), Some(d("2026-06-30"))), Ok(()));
    }
}
