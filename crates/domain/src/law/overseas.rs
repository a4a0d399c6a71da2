//! Telling the Home Office of an overseas visitor's debt (NHS-03). No clinical data, and never while anything is in doubt.
use super::refusals;
use crate::calendar::add_months;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Months after the invoice before it counts.
const MONTHS: i32 = 2;
/// From this in all, for debts since April 2016.
const LEAST: Pence = Pence(50_000);
/// From this in all, for debts since November 2011.
const LEAST_BEFORE: Pence = Pence(100_000);

/// An invoice of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverseasInvoice {
    /// Its date.
    pub on: NaiveDate,
    /// What is open of it.
    pub open: Pence,
}

/// What is known of a patient's debts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeOfficeFacts {
    /// Open invoices.
    pub invoices: Vec<OverseasInvoice>,
    /// A query, a review of eligibility or a moratorium is open on any of them.
    pub in_doubt: bool,
    /// The invoices bear the notice.
    pub told: bool,
    /// We reported it before.
    pub reported: bool,
}

impl HomeOfficeFacts {
    /// What is old enough on a day.
    pub fn ripe(&self, today: NaiveDate) -> Pence {
        let old = self.invoices.iter().filter(|invoice| add_months(invoice.on, MONTHS) <= today);
        old.fold(Pence::ZERO, |sum, invoice| sum.plus(invoice.open))
    }

    fn since(&self, from: NaiveDate, today: NaiveDate) -> Pence {
        let of_then = self.invoices.iter().filter(|invoice| invoice.on >= from).copied().collect();
        HomeOfficeFacts { invoices: of_then, ..HomeOfficeFacts::default() }.ripe(today)
    }

    /// Whether the report is to be taken back today: reported, and nothing is open any more.
    pub fn removal_due(&self) -> bool {
        self.reported && self.invoices.iter().all(|invoice| invoice.open <= Pence::ZERO)
    }
}

/// Whether the debts may be reported.
pub fn may_report(facts: &HomeOfficeFacts, today: NaiveDate) -> Result<(), Refusal> {
    if facts.in_doubt {
        return Err(refusals::HOME_OFFICE_QUERY.because("A query, review or moratorium is open on these debts"));
    }
    if !facts.told {
        return Err(refusals::HOME_OFFICE_NOT_TOLD.because("The patient was not told by a notice on the invoice"));
    }
    let from = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN);
    let recent = facts.since(from(2016, 4, 6), today);
    if recent >= LEAST || facts.since(from(2011, 11, 1), today) >= LEAST_BEFORE {
        return Ok(());
    }
    let refusal = refusals::HOME_OFFICE_NOT_RIPE.because(format!("{recent} is two months old; it takes {LEAST}"));
    let later = facts.invoices.iter().map(|invoice| add_months(invoice.on, MONTHS)).filter(|day| *day > today);
    let enough = later.filter(|day| facts.since(from(2016, 4, 6), *day) >= LEAST).min();
    Err(match enough {
        Some(day) => refusal.allowed_from(day),
        None => refusal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn patient(invoices: &[(&str, i64)]) -> HomeOfficeFacts {
        let invoices = invoices.iter().map(|(on, open)| OverseasInvoice { on: d(on), open: Pence(*open) });
        HomeOfficeFacts { invoices: invoices.collect(), in_doubt: false, told: true, reported: false }
    }

    #[test]
    fn nhs_e2_five_hundred_pounds_two_months_old() {
        let facts = patient(&[("2026-07-10", 31_000), ("2026-08-01", 20_500)]);
        assert_eq!(facts.ripe(d("2026-10-05")), Pence(51_500));
        assert_eq!(may_report(&facts, d("2026-10-05")), Ok(()));
    }

    #[test]
    fn nhs_e3_not_yet() {
        let facts = patient(&[("2026-07-10", 31_000), ("2026-08-01", 20_500)]);
        let refused = may_report(&facts, d("2026-09-15")).expect_err("not ripe");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("NHS-03-NOT-RIPE", Some(d("2026-10-01"))));
        assert_eq!(facts.ripe(d("2026-09-15")), Pence(31_000));
    }

    #[test]
    fn nhs_e4_a_penny_short() {
        let refused = may_report(&patient(&[("2025-01-01", 49_999)]), d("2026-10-05")).expect_err("short");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("NHS-03-NOT-RIPE", None));
        assert!(may_report(&patient(&[("2012-01-01", 100_000)]), d("2026-10-05")).is_ok());
        assert!(may_report(&patient(&[("2012-01-01", 99_999)]), d("2026-10-05")).is_err());
    }

    #[test]
    fn nhs_e5_a_review_of_eligibility() {
        let facts = HomeOfficeFacts { in_doubt: true, ..patient(&[("2026-07-10", 60_000)]) };
        assert_eq!(may_report(&facts, d("2026-10-05")).expect_err("in doubt").code, "NHS-03-QUERY");
        let untold = HomeOfficeFacts { told: false, ..patient(&[("2026-07-10", 60_000)]) };
        assert_eq!(may_report(&untold, d("2026-10-05")).expect_err("untold").code, "NHS-03-NOT-TOLD");
    }

    #[test]
    fn nhs_e6_paid_is_taken_back_the_same_day() {
        let mut facts = patient(&[("2026-07-10", 1)]);
        facts.reported = true;
        assert!(!facts.removal_due());
        facts.invoices[0].open = Pence::ZERO;
        assert!(facts.removal_due());
    }
}
