//! Money is whole pence. Nothing else may hold an amount.
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in pence. Positive is owed to us unless the name says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pence(pub i64);

/// The largest amount any door accepts: £10 billion. Sums of a million such still fit an `i64`.
pub const LARGEST: Pence = Pence(1_000_000_000_000);

impl Pence {
    /// Nothing.
    pub const ZERO: Pence = Pence(0);

    /// Sum, or `None` where it would not fit.
    pub fn checked_add(self, other: Pence) -> Option<Pence> {
        self.0.checked_add(other.0).map(Pence)
    }

    /// Sum. Amounts are bounded by [`LARGEST`] at every door, so it cannot overflow.
    pub fn plus(self, other: Pence) -> Pence {
        Pence(self.0.checked_add(other.0).expect("amounts are bounded at the door"))
    }

    /// Difference. Bounded as [`Pence::plus`].
    pub fn minus(self, other: Pence) -> Pence {
        Pence(self.0.checked_sub(other.0).expect("amounts are bounded at the door"))
    }

    /// The same amount the other way.
    pub fn negated(self) -> Pence {
        Pence(-self.0)
    }

    /// The size of the amount.
    pub fn size(self) -> Pence {
        Pence(self.0.abs())
    }

    /// Sum of many.
    pub fn total<'a>(amounts: impl IntoIterator<Item = &'a Pence>) -> Pence {
        amounts.into_iter().fold(Pence::ZERO, |sum, next| sum.plus(*next))
    }

    /// `1284.50`: pounds with two decimals and no sign or commas, for files.
    pub fn pounds(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", size / 100, size % 100)
    }

    /// Reads an amount as people type it: `1,284.5`, `£1284.50`, ` 12 `, `-3.20`.
    ///
    /// More than two decimals, letters and amounts above [`LARGEST`] are not amounts.
    pub fn parse(typed: &str) -> Option<Pence> {
        let mut text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
        let negative = text.starts_with(['-', '\u{2212}']);
        if negative {
            text = text.chars().skip(1).collect();
        }
        let text = text.strip_prefix('£').unwrap_or(&text);
        let (pounds, pence) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (pounds.is_empty() && pence.is_empty())
            || pence.len() > 2
            || pounds.len() > 11
            || !digits(pounds)
            || !digits(pence)
        {
            return None;
        }
        let whole: i64 = if pounds.is_empty() { 0 } else { pounds.parse().ok()? };
        let part: i64 = format!("{pence:0<2}").parse().ok()?;
        let size = whole * 100 + part;
        if size > LARGEST.0 {
            return None;
        }
        Some(Pence(if negative { -size } else { size }))
    }
}

impl fmt::Display for Pence {
    /// `£1,284.50`, `−£60.00`: as people read it (ux.md section 6).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let pounds = (size / 100).to_string();
        let mut grouped = String::with_capacity(pounds.len() + 4);
        for (i, digit) in pounds.chars().enumerate() {
            if i > 0 && (pounds.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "\u{2212}" } else { "" };
        write!(f, "{sign}£{grouped}.{:02}", size % 100)
    }
}

/// A rate in hundredths of a per cent: 2000 is 20%.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(pub i64);

impl std::fmt::Display for BasisPoints {
    /// `20%`, `2.5%`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = format!("{:02}", self.0.unsigned_abs() % 100);
        let part = part.trim_end_matches('0');
        let (sign, dot) = (if self.0 < 0 { "-" } else { "" }, if part.is_empty() { "" } else { "." });
        write!(f, "{sign}{}{dot}{part}%", self.0.unsigned_abs() / 100)
    }
}

/// `numerator / denominator` rounded half-up, away from zero for negatives.
pub fn divide_half_up(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0);
    if numerator >= 0 {
        (2 * numerator + denominator) / (2 * denominator)
    } else {
        -divide_half_up(-numerator, denominator)
    }
}

/// Shares `total` over `weights` by largest remainder, ties to the lowest index; sums back exactly.
///
/// All weights zero: the first takes all. Rule INV-08 step 3.
pub fn spread(total: Pence, weights: &[i64]) -> Vec<Pence> {
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if weights.is_empty() {
        return Vec::new();
    }
    if sum == 0 {
        let mut shares = vec![Pence::ZERO; weights.len()];
        shares[0] = total;
        return shares;
    }
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given: i128 = 0;
    for (i, weight) in weights.iter().enumerate() {
        let exact = i128::from(total.0) * i128::from(*weight);
        let floor = exact.div_euclid(sum);
        given += floor;
        shares.push(Pence(floor as i64));
        remainders.push((exact.rem_euclid(sum), i));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let left = (i128::from(total.0) - given) as usize;
    for (_, i) in remainders.into_iter().take(left) {
        shares[i] = shares[i].plus(Pence(1));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_as_people_read_and_type_them() {
        assert_eq!(Pence(128_450).to_string(), "£1,284.50");
        assert_eq!(Pence(-6_000).to_string(), "−£60.00");
        assert_eq!(Pence(-5).pounds(), "-0.05");
        for (typed, pence) in
            [("1,284.5", 128_450), ("£1284.50", 128_450), (" 12 ", 1_200), ("-3.20", -320), (".5", 50)]
        {
            assert_eq!(Pence::parse(typed), Some(Pence(pence)), "{typed}");
        }
        for typed in ["", ".", "£", "1.234", "12a", "1e3", "--1", "1000000000000000", "10000000000.01"] {
            assert_eq!(Pence::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        for (over, under, rounded) in [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0)] {
            assert_eq!(divide_half_up(over, under), rounded);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(pence in -LARGEST.0..=LARGEST.0) {
            prop_assert_eq!(Pence::parse(&Pence(pence).to_string()), Some(Pence(pence)));
            prop_assert_eq!(Pence::parse(&Pence(pence).pounds()), Some(Pence(pence)));
        }

        #[test]
        fn rounding_is_off_by_half_at_most(over in -1_000_000_000i128..1_000_000_000, under in 1i128..10_000) {
            let off = divide_half_up(over, under) * under - over;
            prop_assert!(2 * off.abs() <= under);
        }

        #[test]
        fn shares_add_up_and_stay_near(total in -1_000_000i64..1_000_000, weights in prop::collection::vec(0i64..10_000, 1..20)) {
            let shares = spread(Pence(total), &weights);
            prop_assert_eq!(Pence::total(&shares), Pence(total));
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            for (share, weight) in shares.iter().zip(&weights).filter(|_| sum > 0) {
                let exact = i128::from(total) * i128::from(*weight);
                prop_assert!((i128::from(share.0) * sum - exact).abs() < sum);
            }
        }
    }
}
