//! Who pays which part: fixed amounts, then percentages, then the rest; odd pennies to the lead payer (NHS-07).
use super::units::{Ratio, amount_of};
use crate::ids::CustomerId;
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A part that one payer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// So much for each unit of the rate, in ten-thousandths of a pound, but never more than the charge.
    Fixed(i64),
    /// A percentage in ten-thousandths: 600000 is 60%.
    Percent(i64),
    /// What the others leave; several share it equally.
    Remainder,
}

/// A payer with their dated share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// Who.
    pub customer: CustomerId,
    /// The charge it is for; every one when not said.
    pub line: Option<i64>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// How much.
    pub share: Share,
    /// Takes the odd pennies.
    pub lead: bool,
}

impl Payer {
    /// Whether they pay for a charge on a day.
    pub fn pays(&self, line: i64, day: NaiveDate) -> bool {
        self.line.is_none_or(|of| of == line) && self.from_on <= day && self.to_on.is_none_or(|to| day <= to)
    }
}

/// Shares a charge over the payers in force, in their order; always adds up to it.
///
/// # Errors
/// `BIL-06-TOO-LARGE` from a fixed amount beyond any door.
pub fn share_out(whole: Pence, payers: &[&Payer], units: Ratio, retained: BasisPoints) -> Result<Vec<Pence>, Refusal> {
    let mut shares = vec![Pence::ZERO; payers.len()];
    let mut left = whole;
    for (share, payer) in shares.iter_mut().zip(payers) {
        if let Share::Fixed(rate_e4) = payer.share {
            *share = amount_of(rate_e4, 10_000, units, retained)?.min(left);
            left = left.minus(*share);
        }
    }
    let shared = left;
    for (share, payer) in shares.iter_mut().zip(payers) {
        if let Share::Percent(e4) = payer.share {
            *share = Pence((i128::from(shared.0) * i128::from(e4) / 1_000_000) as i64).min(left);
            left = left.minus(*share);
        }
    }
    let rest: Vec<usize> = (0..payers.len()).filter(|i| payers[*i].share == Share::Remainder).collect();
    if let Some(each) = left.0.checked_div(rest.len() as i64) {
        for i in &rest {
            shares[*i] = Pence(each);
            left = left.minus(Pence(each));
        }
    }
    let lead = payers.iter().position(|payer| payer.lead).unwrap_or(0);
    if let Some(lead) = shares.get_mut(lead) {
        *lead = lead.plus(left);
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn payer(n: i64, share: Share) -> Payer {
        let from_on = "2026-04-01".parse().expect("a date in a test");
        Payer { customer: CustomerId(n), line: None, from_on, to_on: None, share, lead: n == 1 }
    }

    fn shared(whole: i64, all: &[Payer]) -> Vec<i64> {
        let all: Vec<&Payer> = all.iter().collect();
        let shares = share_out(Pence(whole), &all, Ratio::new(1, 1), BasisPoints(10_000)).expect("shares");
        shares.into_iter().map(|share| share.0).collect()
    }

    #[test]
    fn nhs_e8_three_equal_funders() {
        let all = [1, 2, 3].map(|n| payer(n, Share::Remainder));
        assert_eq!(shared(100_000, &all), [33_334, 33_333, 33_333]);
        let last_leads = [payer(2, Share::Remainder), payer(3, Share::Remainder), payer(1, Share::Remainder)];
        assert_eq!(shared(100_000, &last_leads), [33_333, 33_333, 33_334]);
    }

    #[test]
    fn nhs_07_fixed_then_percentage_then_the_rest() {
        let all = [payer(1, Share::Percent(250_000)), payer(2, Share::Fixed(1_000_000)), payer(3, Share::Remainder)];
        assert_eq!(shared(50_000, &all), [10_000, 10_000, 30_000]);
        // Never above the charge.
        assert_eq!(shared(6_000, &all), [0, 6_000, 0]);
    }

    proptest! {
        #[test]
        fn nhs_07_shares_always_add_up(whole in 0i64..10_000_000, cut in 0i64..=1_000_000, rest in 0usize..4) {
            let mut all = vec![payer(1, Share::Percent(cut))];
            if rest == 0 {
                all.push(payer(2, Share::Percent(1_000_000 - cut)));
            }
            all.extend((0..rest).map(|n| payer(3 + n as i64, Share::Remainder)));
            let shares = shared(whole, &all);
            prop_assert_eq!(shares.iter().sum::<i64>(), whole);
            prop_assert!(shares.iter().all(|share| *share >= 0));
        }
    }
}
