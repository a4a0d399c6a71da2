//! Document numbers: unique and gapless within a series, given at posting (INV-04).
use super::refusals;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The longest number that still fits a Bacs reference.
pub const LONGEST_NUMBER: usize = 18;

/// How the numbers of a series look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Letters in front.
    pub prefix: String,
    /// Digits, padded with zeros.
    pub digits: usize,
}

impl Series {
    /// The number `n` of this series: `INV0000123`. A number that outgrows its padding simply gets longer.
    pub fn number(&self, n: i64) -> Result<String, Refusal> {
        let number = format!("{}{n:0digits$}", self.prefix, digits = self.digits);
        if number.chars().count() > LONGEST_NUMBER {
            let sentence = format!("The number {number} has more than {LONGEST_NUMBER} characters");
            return Err(refusals::NUMBER_TOO_LONG.because(sentence));
        }
        Ok(number)
    }
}

/// The numbers missing from a series of given numbers, first to last: the monthly gap report, which must be empty.
pub fn gaps(given: &[i64]) -> Vec<i64> {
    let mut sorted = given.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).flat_map(|pair| pair[0] + 1..pair[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_04_numbers_fit_a_bacs_reference() {
        let series = Series { prefix: "INV".into(), digits: 7 };
        assert_eq!(series.number(123).as_deref(), Ok("INV0000123"));
        assert_eq!(series.number(12_345_678).as_deref(), Ok("INV12345678"));
        let long = Series { prefix: "FENMARCHCOUNCIL".into(), digits: 4 };
        assert_eq!(long.number(1).expect_err("nineteen").code, "INV-04-NUMBER-TOO-LONG");
    }

    #[test]
    fn inv_04_gap_report() {
        assert_eq!(gaps(&[3, 1, 2, 4]), [] as [i64; 0]);
        assert_eq!(gaps(&[1, 5, 3]), [2, 4]);
    }
}
