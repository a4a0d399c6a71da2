//! What is charged on an invoice for paying late: worked out anew each time, and only the difference is posted (DUN-11).
use super::refusals;
use crate::law::LateInterest;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// A part of what is charged.
    ChargePart {
        /// Interest by the day.
        Interest = "interest", "Interest";
        /// The fixed sum.
        Compensation = "compensation", "Fixed sum";
        /// The contract's own fee.
        Fee = "fee", "Late-payment fee";
    }
}

impl ChargePart {
    /// The kind of item it becomes on the account.
    pub fn item_kind(self) -> &'static str {
        match self {
            ChargePart::Fee => "costs",
            by_the_act => by_the_act.as_str(),
        }
    }
}

named! {
    /// Why a charge is waived.
    WaiveReason {
        /// A first lapse, or for peace.
        Goodwill = "goodwill", "Goodwill";
        /// We were late, or wrong.
        OurError = "our_error", "Our error or delay";
        /// A query or a complaint ended so.
        Dispute = "dispute", "Settled with a query or complaint";
        /// They cannot pay it.
        Hardship = "hardship", "They cannot pay it";
        /// Part of an agreement to pay.
        Agreed = "agreed", "Part of an agreement to pay";
        /// Collecting it would cost more.
        Uneconomic = "uneconomic", "Not worth collecting";
    }
}

/// What was charged of one part before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charged {
    /// Posted, less what was corrected.
    pub net: Pence,
    /// Of that, waived for good.
    pub waived: Pence,
    /// Of that, still open.
    pub open: Pence,
}

impl Charged {
    /// What to post more, or to take off where below nothing.
    fn change(self, owed: Pence, part: ChargePart) -> Result<Pence, Refusal> {
        if owed >= self.net {
            return Ok(owed.minus(self.net));
        }
        // What was waived is not asked for, and needs no taking off.
        let less = self.net.minus(owed).min(self.net.minus(self.waived));
        if less > self.open {
            let sentence =
                format!("{}: {} too much was charged, and only {} of it is open", part.name(), less, self.open);
            return Err(refusals::CHARGES_PAID.because(sentence));
        }
        Ok(less.negated())
    }
}

/// What changes on an account when interest is worked out again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeChange {
    /// Interest more, or less where below nothing.
    pub interest: Pence,
    /// Fixed sum more, or less where below nothing.
    pub compensation: Pence,
}

/// What to post so that exactly the interest and the fixed sum that the law gives today were charged.
///
/// # Errors
/// `DUN-11-SAME` where nothing changes, `DUN-11-PAID` where too much was charged and paid.
pub fn charge_change(worked: &LateInterest, interest: Charged, compensation: Charged) -> Result<ChargeChange, Refusal> {
    let change = ChargeChange {
        interest: interest.change(worked.interest, ChargePart::Interest)?,
        compensation: compensation.change(worked.compensation, ChargePart::Compensation)?,
    };
    if change == ChargeChange::default() {
        return Err(refusals::CHARGES_SAME.because("Everything that the law gives to this day was charged"));
    }
    Ok(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charged(net: i64, waived: i64, open: i64) -> Charged {
        Charged { net: Pence(net), waived: Pence(waived), open: Pence(open) }
    }

    #[test]
    fn dun_11_only_the_difference_is_charged_and_too_much_is_taken_off() {
        let change = |owed: i64, before: Charged| before.change(Pence(owed), ChargePart::Interest);
        assert_eq!(change(966, Charged::default()), Ok(Pence(966)));
        assert_eq!(change(966, charged(900, 0, 900)), Ok(Pence(66)));
        assert_eq!(change(800, charged(900, 0, 900)), Ok(Pence(-100)));
        assert_eq!(change(800, charged(900, 0, 99)).expect_err("it is paid").code, "DUN-11-PAID");
    }

    #[test]
    fn dun_12_what_was_waived_is_neither_asked_for_again_nor_taken_off_twice() {
        let change = |owed: i64, before: Charged| before.change(Pence(owed), ChargePart::Compensation);
        assert_eq!(change(900, charged(900, 900, 0)), Ok(Pence::ZERO));
        assert_eq!(change(300, charged(1_000, 400, 600)), Ok(Pence(-600)));
        assert_eq!(change(300, charged(400, 400, 0)), Ok(Pence::ZERO));
    }
}
