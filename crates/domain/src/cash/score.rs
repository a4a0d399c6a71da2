//! Log-odds in thousandths of a nat, whole numbers only, and the shipped priors.
//!
//! A score is the log of how much likelier the evidence is if the candidate is
//! right than if the money is for something else. Zero stands for "something
//! else", so the posterior is the candidate's share of all scores and zero.
use serde::{Deserialize, Serialize};

/// When a match is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Posterior needed to post without a person, in parts per million.
    pub certain_ppm: i64,
    /// Lead over the second candidate, in thousandths of a nat (2,300 is ten to one).
    pub margin_millinats: i64,
}

/// Lower ends of the stretches of confidence in which the matcher's answers are counted, in parts per million.
pub const CONFIDENCE_EDGES: &[i64] =
    &[0, 500_000, 700_000, 800_000, 900_000, 950_000, 980_000, 990_000, 995_000, 998_000, 999_000, 999_500, 999_900];

/// The lower end of the stretch that a confidence lies in.
pub fn edge_of(confidence_ppm: i64) -> i64 {
    CONFIDENCE_EDGES.iter().rev().find(|edge| **edge <= confidence_ppm).copied().unwrap_or_default()
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { certain_ppm: 990_000, margin_millinats: 3_000 }
    }
}

/// The number stands in the text in full, letters and all (against a wrong number, 1 in 30).
pub(super) const REFERENCE_FULL: i64 = 3_300;
/// All its digits stand alone, without the letters of the series.
pub(super) const REFERENCE_DIGITS: i64 = 2_600;
/// All its digits, after letters of another kind of number (PO, REQ).
pub(super) const REFERENCE_OTHER_LETTERS: i64 = -3_000;
/// A letter stands for the digit it looks like.
pub(super) const REFERENCE_CONFUSED: i64 = 700;
/// One digit differs, or two changed places.
pub(super) const REFERENCE_MISTYPED: i64 = -3_600;
/// One digit is missing or added.
pub(super) const REFERENCE_LEFT_OUT: i64 = -2_900;
/// The text names another customer's item, and the candidate without its own number.
pub(super) const REFERENCE_ELSEWHERE: i64 = -3_500;
/// Exactly what is open, before the rarity of the amount.
pub(super) const AMOUNT_EXACT: i64 = -150;
/// Less than what is open.
pub(super) const AMOUNT_PART: i64 = -2_100;
/// More than what is open.
pub(super) const AMOUNT_OVER: i64 = -2_800;
/// Exactly what was paid on it before, before the rarity of the amount.
pub(super) const AMOUNT_AGAIN: i64 = -4_600;
/// The item is cleared and the amount is another.
pub(super) const AMOUNT_CLEARED: i64 = -6_000;
/// A payer name that is clearly not the customer's.
pub(super) const NAME_OTHER: i64 = -2_300;
/// Only surname and initial agree.
pub(super) const NAME_INITIAL: i64 = -1_200;
/// Only the first words of the name agree.
pub(super) const NAME_PART: i64 = -1_200;
/// An account known to pay for another customer.
pub(super) const ACCOUNT_OTHER: i64 = -5_300;
/// An account not seen for this customer.
pub(super) const ACCOUNT_UNSEEN: i64 = -700;
/// The account agrees, before the number of customers.
pub(super) const ACCOUNT_KNOWN: i64 = -200;
/// The customer's own order number for the item stands in the text.
pub(super) const ORDER_NUMBER: i64 = 2_300;
/// A payment of the amount was to come about now.
pub(super) const EXPECTED: i64 = 2_500;
/// A person has said before that the payer's name means the customer.
pub(super) const NAME_TAUGHT: i64 = -800;
/// The words have meant this kind of invoice before, less a little for each other kind.
pub(super) const WORDING_FITS: i64 = 700;
/// The words have only meant other kinds of invoice.
pub(super) const WORDING_OTHER: i64 = -1_400;
/// Of several items with the amount the oldest; the others lose as much.
pub(super) const OLDEST_OF_SAME: i64 = 1_500;
/// A difference that the tolerance clears, against the exact amount.
pub(super) const AMOUNT_NEAR: i64 = -900;
/// The customer number stands in the text, before the number of customers.
pub(super) const CUSTOMER_NUMBER: i64 = 2_500;
/// The most that name and account together may add above the number of customers.
pub(super) const PAYER_CAP: i64 = 3_000;

/// Natural logarithm in thousandths; of nothing, that of one.
pub(super) fn ln(n: usize) -> i64 {
    let n = n.max(1) as u128;
    let whole = i64::from(n.ilog2());
    let part = ((n << 10 >> whole) - 1024) as i64;
    whole * 693 + part * 693 / 1024 + 236 * part * (1024 - part) / (1024 * 1024)
}

/// e to the power of minus `down` thousandths, in thousand-millionths.
fn exp_minus(down: i64) -> i64 {
    let halvings = down / 693;
    if halvings > 40 {
        return 0;
    }
    let r = down % 693;
    let series = 1_000_000_000 - r * 1_000_000 + r * r * 500 - r * r * r / 6 + r * r * r / 1000 * r / 24;
    series >> halvings
}

/// The posterior of each score, in parts per million; zero stands for none of them.
pub(super) fn posteriors(scores: &[i64]) -> Vec<i64> {
    let top = scores.iter().copied().max().unwrap_or(0).max(0);
    let weights: Vec<i64> = scores.iter().map(|s| exp_minus(top - s)).collect();
    let all: i64 = weights.iter().sum::<i64>() + exp_minus(top);
    weights.iter().map(|w| (i128::from(*w) * 1_000_000 / i128::from(all.max(1))) as i64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_09_whole_number_logarithms_are_close() {
        for (n, want) in [(1, 0), (2, 693), (3, 1099), (10, 2303), (1000, 6908), (1_000_000, 13816)] {
            assert!((ln(n) - want).abs() <= 12, "{n}: {}", ln(n));
        }
    }

    #[test]
    fn csh_09_posteriors_share_with_none_of_them() {
        assert_eq!(posteriors(&[0]), [500_000]);
        let p = posteriors(&[4_595, -2_000]);
        assert!((988_000..=991_000).contains(&p[0]), "{p:?}");
        assert_eq!(posteriors(&[-90_000]), [0]);
    }
}
