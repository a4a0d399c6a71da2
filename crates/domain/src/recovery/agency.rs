//! Collection agencies: commission on what came in while placed, and remittances that must add up (REC-07).
use super::refusals;
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Terms and dates of a placement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementFacts {
    /// When placed.
    pub placed_on: NaiveDate,
    /// When recalled, if it was.
    pub recalled_on: Option<NaiveDate>,
    /// Commission.
    pub rate: BasisPoints,
    /// VAT on the commission.
    pub vat_rate: BasisPoints,
}

/// Money that came in on a placed debt, through the agency or straight to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// When it was paid.
    pub on: NaiveDate,
    /// How much.
    pub amount: Pence,
}

/// What the agency earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyCharge {
    /// What commission is due on.
    pub collected: Pence,
    /// Commission.
    pub commission: Pence,
    /// Input VAT on it, never added to the customer's debt.
    pub vat: Pence,
}

impl AgencyCharge {
    /// What a net remittance must bring.
    pub fn net_remittance(&self) -> Pence {
        self.collected.minus(self.commission).minus(self.vat)
    }
}

/// Commission on what was paid from the day of placement to the day of recall.
pub fn commission(placement: &PlacementFacts, collections: &[Collection]) -> AgencyCharge {
    let counts = |paid: &&Collection| {
        paid.on >= placement.placed_on && placement.recalled_on.is_none_or(|recalled| paid.on <= recalled)
    };
    let collected = collections.iter().filter(counts).fold(Pence::ZERO, |sum, paid| sum.plus(paid.amount));
    let commission = part(collected, placement.rate);
    AgencyCharge { collected, commission, vat: part(commission, placement.vat_rate) }
}

/// Refuses a net remittance that is not the gross less commission and VAT.
pub fn check_net_remittance(charge: &AgencyCharge, received: Pence) -> Result<(), Refusal> {
    let expected = charge.net_remittance();
    if received == expected {
        return Ok(());
    }
    Err(refusals::REMITTANCE_DIFFERS.because(format!("The agency paid {received} where {expected} was expected")))
}

fn part(amount: Pence, rate: BasisPoints) -> Pence {
    let share = divide_half_up(i128::from(amount.0) * i128::from(rate.0), 10_000);
    Pence(i64::try_from(share).expect("a rate of an amount bounded at the door fits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn placement() -> PlacementFacts {
        PlacementFacts {
            placed_on: d("2026-07-01"),
            recalled_on: Some(d("2026-08-01")),
            rate: BasisPoints(1200),
            vat_rate: BasisPoints(2000),
        }
    }

    fn paid(on: &str, amount: i64) -> Collection {
        Collection { on: d(on), amount: Pence(amount) }
    }

    #[test]
    fn rec_e7_commission_on_what_came_in_while_placed() {
        let all = [
            paid("2026-06-30", 5_000),
            paid("2026-07-10", 30_000),
            paid("2026-07-20", 20_000),
            paid("2026-08-05", 70_000),
        ];
        let charge = commission(&placement(), &all);
        assert_eq!((charge.collected, charge.commission, charge.vat), (Pence(50_000), Pence(6_000), Pence(1_200)));
    }

    #[test]
    fn rec_e8_a_net_remittance_that_disagrees_is_refused() {
        let charge = commission(&placement(), &[paid("2026-07-10", 30_000)]);
        assert_eq!(charge.net_remittance(), Pence(25_680));
        assert_eq!(check_net_remittance(&charge, Pence(22_800)).expect_err("differs").code, "REC-07-REMITTANCE");
        assert_eq!(check_net_remittance(&charge, Pence(25_680)), Ok(()));
    }
}
