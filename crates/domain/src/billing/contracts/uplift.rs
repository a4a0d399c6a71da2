//! Uplifts: a new dated rate for many charges at once, previewed line by line (BIL-04).
use super::refusals;
use crate::money::divide_half_up;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// By how much rates change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uplift {
    /// A percentage in ten-thousandths: 45000 is 4.5%; below zero is a cut.
    Percent(i64),
    /// So much more, in ten-thousandths of a pound.
    Amount(i64),
}

/// A rate after an uplift, rounded half-up to a whole penny, or to a hundredth of one where it had part-pennies.
///
/// # Errors
/// `BIL-04-NOTHING` where the rate would not stay above zero.
pub fn uplifted(rate_e4: i64, by: Uplift) -> Result<i64, Refusal> {
    let exact = match by {
        Uplift::Percent(e4) => i128::from(rate_e4) * (1_000_000 + i128::from(e4)),
        Uplift::Amount(e4) => (i128::from(rate_e4) + i128::from(e4)) * 1_000_000,
    };
    let step = if rate_e4 % 100 == 0 && !matches!(by, Uplift::Amount(e4) if e4 % 100 != 0) { 100 } else { 1 };
    let new = divide_half_up(exact, 1_000_000 * step) * step;
    let new = i64::try_from(new).ok().filter(|new| *new > 0);
    new.ok_or_else(|| refusals::NO_UPLIFT.because("A rate would not stay above zero"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bil_04_uplifts_round_half_up_to_the_penny() {
        assert_eq!(uplifted(1_823_500, Uplift::Percent(45_000)), Ok(1_905_600));
        assert_eq!(uplifted(1_000_000, Uplift::Percent(-100_000)), Ok(900_000));
        assert_eq!(uplifted(12_345, Uplift::Percent(100_000)), Ok(13_580));
        assert_eq!(uplifted(1_823_500, Uplift::Amount(12_500)), Ok(1_836_000));
        assert_eq!(uplifted(100, Uplift::Percent(-1_000_000)).expect_err("nothing left").code, "BIL-04-NOTHING");
    }
}
