//! Money asked for before the service (BIL-15): how much of it can be used, and what may be a deposit.
use super::{VatCode, refusals};
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// What a deposit is.
    DepositKind {
        /// Part of the price, paid early: a tax point like any other (INV-05).
        Advance = "advance", "Part of the price, paid early";
        /// Security that is given back: no supply, so no VAT (INV-05).
        Returnable = "returnable", "Security that is given back";
    }
}

/// A returnable deposit is no supply and bears no VAT.
///
/// # Errors
/// `BIL-15-RETURNABLE-VAT`.
pub fn may_be_deposit(kind: DepositKind, code: VatCode) -> Result<(), Refusal> {
    match kind {
        DepositKind::Returnable if code != VatCode::O => {
            let sentence =
                format!("A deposit that is given back is no supply: it cannot bear VAT code {}", code.as_str());
            Err(refusals::DEPOSIT_VAT.because(sentence))
        }
        _ => Ok(()),
    }
}

/// What stands of a deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepositFacts {
    /// Not used and not given back, before VAT.
    pub left_net: Pence,
    /// The VAT on that.
    pub left_vat: Pence,
    /// What is not paid yet.
    pub unpaid: Pence,
    /// Rate of its line.
    pub rate: BasisPoints,
}

impl DepositFacts {
    /// Paid, not used and not given back.
    pub fn usable(&self) -> Pence {
        self.left_net.plus(self.left_vat).minus(self.unpaid).max(Pence::ZERO)
    }
}

/// How much of a deposit, before VAT, to use for an amount with VAT: all that is left for all of it, else the net whose
/// gross comes nearest without passing it.
///
/// # Errors
/// `BIL-15-MORE-THAN-LEFT`, `BIL-15-NOT-PAID`.
pub fn net_to_use(facts: &DepositFacts, amount: Pence) -> Result<Pence, Refusal> {
    let left = facts.left_net.plus(facts.left_vat);
    if amount <= Pence::ZERO || amount > left {
        return Err(
            refusals::DEPOSIT_LEFT.because(format!("{left} of the deposit is left, so {amount} cannot be used"))
        );
    }
    if amount > facts.usable() {
        let sentence = format!("{} of the deposit is paid and not used, so {amount} cannot be used", facts.usable());
        return Err(refusals::DEPOSIT_UNPAID.because(sentence));
    }
    if amount == left {
        return Ok(facts.left_net);
    }
    let rate = i128::from(facts.rate.0);
    let gross = |net: i64| net + i64::try_from(divide_half_up(i128::from(net) * rate, 10_000)).unwrap_or(0);
    let mut net = i64::try_from(i128::from(amount.0) * 10_000 / (10_000 + rate)).unwrap_or(amount.0) + 1;
    while net > 0 && (gross(net) > amount.0 || net > facts.left_net.0) {
        net -= 1;
    }
    if net == 0 {
        return Err(refusals::DEPOSIT_LEFT.because(format!("{amount} is too little to be used with its VAT")));
    }
    Ok(Pence(net))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> DepositFacts {
        DepositFacts { left_net: Pence(10_000), left_vat: Pence(2_000), unpaid: Pence::ZERO, rate: BasisPoints(2_000) }
    }

    #[test]
    fn bil_15_a_deposit_is_used_with_its_vat() {
        assert_eq!(net_to_use(&facts(), Pence(12_000)), Ok(Pence(10_000)));
        assert_eq!(net_to_use(&facts(), Pence(6_000)), Ok(Pence(5_000)));
        // No net and its VAT come to 3p: 2p is the nearest below.
        assert_eq!(net_to_use(&facts(), Pence(3)), Ok(Pence(2)));
        let none = DepositFacts { rate: BasisPoints(0), left_vat: Pence::ZERO, ..facts() };
        assert_eq!(net_to_use(&none, Pence(9_999)), Ok(Pence(9_999)));
    }

    #[test]
    fn bil_15_no_more_is_used_than_was_paid_and_is_left() {
        let code = |facts: &DepositFacts, pence| net_to_use(facts, Pence(pence)).map_err(|no| no.code);
        assert_eq!(code(&facts(), 12_001), Err("BIL-15-MORE-THAN-LEFT".into()));
        assert_eq!(code(&facts(), 0), Err("BIL-15-MORE-THAN-LEFT".into()));
        let unpaid = DepositFacts { unpaid: Pence(8_000), ..facts() };
        assert_eq!(unpaid.usable(), Pence(4_000));
        assert_eq!(code(&unpaid, 4_001), Err("BIL-15-NOT-PAID".into()));
        assert_eq!(code(&unpaid, 4_000), Ok(Pence(3_333)));
    }

    #[test]
    fn bil_15_security_that_is_given_back_bears_no_vat() {
        assert_eq!(may_be_deposit(DepositKind::Advance, VatCode::S), Ok(()));
        assert_eq!(may_be_deposit(DepositKind::Returnable, VatCode::O), Ok(()));
        let no = may_be_deposit(DepositKind::Returnable, VatCode::S).expect_err("refused");
        assert_eq!(no.code, "BIL-15-RETURNABLE-VAT");
    }
}
