//! Court fees by date: a day without a confirmed row stops the work (CT-01, CT-02).
use super::refusals;
use crate::money::{Pence, divide_half_up};
use crate::reference::{ReferenceBook, ReferenceRow};
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Kind of an issue fee: key is the greatest claim in pence, or `max`; value pence.
pub const ISSUE_FEE: &str = "court_issue_fee";
/// Kind of an issue fee that is a share: key is the greatest claim in pence, value basis points.
pub const ISSUE_FEE_RATE: &str = "court_issue_fee_rate";
/// Kind of a step's fee: key is the step, value pence.
pub const COURT_FEE: &str = "court_fee";
/// Kind of the hearing fee of a small claim: key is the greatest claim.
pub const SMALL_HEARING_FEE: &str = "court_small_hearing_fee";
/// Kind of the fixed costs of a representative on issue: key is the greatest debt.
pub const FIXED_COSTS: &str = "court_fixed_costs";
/// Kind of the fixed costs of a representative on judgment by default.
pub const JUDGMENT_COSTS: &str = "court_judgment_costs";
/// Below this no fixed costs are allowed.
const COSTS_FROM: Pence = Pence(2_501);

named! {
    /// A step at court with a fee of its own.
    CourtStep {
        /// County court bailiff.
        Warrant = "warrant", "Warrant of control";
        /// High Court enforcement.
        Writ = "writ", "Writ of control";
        /// A charge on property.
        ChargingOrder = "charging_order", "Charging order";
        /// From wages.
        AttachmentOfEarnings = "attachment_of_earnings", "Attachment of earnings";
        /// From an account.
        ThirdPartyDebt = "third_party_debt", "Third party debt order";
        /// Questions under oath.
        Information = "information", "Order to obtain information";
        /// Without notice, or by consent.
        ApplicationWithoutNotice = "application_without_notice", "Application without notice";
        /// On notice.
        ApplicationOnNotice = "application_on_notice", "Application on notice";
        /// Fast track.
        HearingFast = "hearing_fast", "Fast track hearing";
        /// Intermediate and multi track.
        HearingMulti = "hearing_multi", "Intermediate or multi track hearing";
        /// A creditor's petition.
        Petition = "petition", "Creditor's bankruptcy petition";
    }
}

/// A fee and the row it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtFee {
    /// How much.
    pub amount: Pence,
    /// First day of the row.
    pub from_on: NaiveDate,
    /// In words.
    pub note: String,
    /// Where it comes from.
    pub source: String,
}

impl CourtFee {
    fn of(row: &ReferenceRow, amount: Pence) -> CourtFee {
        CourtFee { amount, from_on: row.from_on, note: row.note.clone(), source: row.source.clone() }
    }
}

/// The fee to issue a claim of this value (debt and interest to the day of issue) on a day.
pub fn issue_fee(book: &ReferenceBook, value: Pence, on: NaiveDate) -> Result<CourtFee, Refusal> {
    if value <= Pence::ZERO {
        return Err(refusals::NO_SUM.because(format!("{value} is no claim")));
    }
    let fixed = band(book, ISSUE_FEE, value, on);
    let share = band(book, ISSUE_FEE_RATE, value, on);
    match (fixed, share) {
        (Some((_, row)), None) => Ok(CourtFee::of(row, Pence(row.value))),
        (Some((top, row)), Some((by_share, _))) if top <= by_share => Ok(CourtFee::of(row, Pence(row.value))),
        (_, Some((_, row))) => {
            let fee = divide_half_up(i128::from(value.0) * i128::from(row.value), 10_000);
            Ok(CourtFee::of(row, Pence(i64::try_from(fee).expect("a share of an amount fits"))))
        }
        (None, None) => Err(check(&format!("to issue a claim of {value}"), on)),
    }
}

/// The fee of a step on a day.
pub fn court_fee(book: &ReferenceBook, step: CourtStep, on: NaiveDate) -> Result<CourtFee, Refusal> {
    match book.row(COURT_FEE, step.as_str(), on) {
        Some(row) => Ok(CourtFee::of(row, Pence(row.value))),
        None => Err(check(&format!("of this step: {}", step.name().to_lowercase()), on)),
    }
}

/// The hearing fee of a small claim on a day.
pub fn small_hearing_fee(book: &ReferenceBook, value: Pence, on: NaiveDate) -> Result<CourtFee, Refusal> {
    match band(book, SMALL_HEARING_FEE, value, on) {
        Some((_, row)) => Ok(CourtFee::of(row, Pence(row.value))),
        None => Err(check("of a small claims hearing", on)),
    }
}

/// Fixed costs on issue, or on judgment by default: only where a legal representative acts.
pub fn fixed_costs(
    book: &ReferenceBook,
    kind: &str,
    debt: Pence,
    represented: bool,
    on: NaiveDate,
) -> Result<Pence, Refusal> {
    if !represented || debt < COSTS_FROM {
        return Ok(Pence::ZERO);
    }
    match band(book, kind, debt, on) {
        Some((_, row)) => Ok(Pence(row.value)),
        None => Err(check("of fixed costs", on)),
    }
}

/// The narrowest band that holds an amount.
fn band<'a>(book: &'a ReferenceBook, kind: &'a str, amount: Pence, on: NaiveDate) -> Option<(i64, &'a ReferenceRow)> {
    let top = |row: &ReferenceRow| if row.key == "max" { Some(i64::MAX) } else { row.key.parse::<i64>().ok() };
    let holding = book.rows_of(kind, on).filter_map(|row| top(row).map(|top| (top, row)));
    holding.filter(|(top, _)| amount.0 <= *top).min_by_key(|(top, row)| (*top, std::cmp::Reverse(row.from_on)))
}

fn check(what: &str, on: NaiveDate) -> Refusal {
    refusals::CHECK_FEE.because(format!("Check fee: nobody confirmed the fee {what} on {}", written(on)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn fee(value: i64) -> i64 {
        issue_fee(&ReferenceBook::default(), Pence(value), d("2026-06-01")).expect("a band").amount.0
    }

    #[test]
    fn ct_e1_the_bands_of_small_claims() {
        assert_eq!([30_000, 30_001, 100_000, 100_001].map(fee), [3_500, 5_000, 7_000, 8_000]);
        assert_eq!([1, 50_001, 150_001, 300_001, 500_001].map(fee), [3_500, 7_000, 11_500, 20_500, 45_500]);
    }

    #[test]
    fn ct_e2_where_the_share_begins() {
        assert_eq!([1_000_000, 1_000_001].map(fee), [45_500, 50_000]);
    }

    #[test]
    fn ct_e3_five_per_cent_to_the_penny() {
        assert_eq!(fee(1_234_567), 61_728);
    }

    #[test]
    fn ct_e4_the_most_a_claim_costs() {
        assert_eq!([20_000_000, 20_000_001, 100_000_000].map(fee), [1_000_000; 3]);
    }

    #[test]
    fn ct_01_an_unconfirmed_fee_stops_the_work_until_somebody_enters_it() {
        let mut rows = crate::reference::shipped_rows();
        let book = ReferenceBook::from_rows(&rows);
        assert!(issue_fee(&book, Pence(30_000), d("2026-07-12")).is_ok());
        let refused = issue_fee(&book, Pence(30_000), d("2026-07-13")).expect_err("not confirmed");
        assert_eq!(refused.code, "CT-01-CHECK-FEE");
        let sentence = "Check fee: nobody confirmed the fee to issue a claim of £300.00 on 13 July 2026";
        assert_eq!(refused.sentence, sentence);
        for step in CourtStep::ALL {
            assert_eq!(court_fee(&book, *step, d("2026-07-13")).expect_err("not confirmed").code, "CT-01-CHECK-FEE");
        }
        assert!(small_hearing_fee(&book, Pence(1), d("2025-04-08")).is_err());
        assert!(fixed_costs(&book, FIXED_COSTS, Pence(50_000), true, d("2026-07-13")).is_err());
        let mut row = rows.iter().find(|row| row.kind == ISSUE_FEE && row.key == "30000").expect("shipped").clone();
        (row.from_on, row.to_on, row.value) = (d("2026-07-13"), None, 3_700);
        rows.push(row);
        let book = ReferenceBook::from_rows(&rows);
        assert_eq!(issue_fee(&book, Pence(30_000), d("2026-11-22")).map(|fee| fee.amount), Ok(Pence(3_700)));
        assert!(issue_fee(&book, Pence(0), d("2026-06-01")).is_err());
    }

    #[test]
    fn ct_02_fees_of_steps_by_date() {
        let book = ReferenceBook::default();
        let of = |step, on| court_fee(&book, step, d(on)).expect("a row").amount.0;
        for (step, fees) in [
            (CourtStep::Warrant, [8_300, 9_100, 9_400]),
            (CourtStep::Writ, [7_100, 7_800, 8_000]),
            (CourtStep::ChargingOrder, [11_900, 13_100, 13_500]),
            (CourtStep::AttachmentOfEarnings, [11_900, 13_100, 13_500]),
            (CourtStep::ThirdPartyDebt, [11_900, 13_100, 13_500]),
            (CourtStep::Information, [5_900, 6_500, 6_700]),
            (CourtStep::ApplicationWithoutNotice, [10_800, 11_900, 12_300]),
            (CourtStep::ApplicationOnNotice, [27_500, 30_300, 31_300]),
            (CourtStep::HearingFast, [54_500, 54_500, 61_900]),
            (CourtStep::HearingMulti, [117_500, 117_500, 133_400]),
            (CourtStep::Petition, [30_200, 33_200, 34_300]),
        ] {
            assert_eq!(["2024-04-30", "2025-04-07", "2025-04-08"].map(|on| of(step, on)), fees, "{step:?}");
        }
        assert_eq!(small_hearing_fee(&book, Pence(30_001), d("2025-01-01")).expect("a row").amount, Pence(5_900));
        let costs = |debt, represented| fixed_costs(&book, FIXED_COSTS, Pence(debt), represented, d("2026-06-01"));
        assert_eq!(costs(50_000, true), Ok(Pence(5_000)));
        assert_eq!(costs(500_001, true), Ok(Pence(10_000)));
        assert_eq!((costs(50_000, false), costs(2_500, true)), (Ok(Pence::ZERO), Ok(Pence::ZERO)));
        let judgment = fixed_costs(&book, JUDGMENT_COSTS, Pence(500_001), true, d("2026-06-01"));
        assert_eq!(judgment, Ok(Pence(3_000)));
    }
}
