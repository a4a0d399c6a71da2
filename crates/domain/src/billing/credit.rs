//! Credit notes: never above the line less earlier credits, VAT at the rate of the original supply (INV-09).
use super::pricing::{on_net, share_out, to_pence};
use super::{VatCode, refusals};
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// Why a charge is taken back. A bad debt is a write-off, not a credit.
    CreditReason {
        /// The price or quantity was wrong.
        WrongPrice = "wrong_price", "Wrong price or quantity";
        /// It was someone else's.
        WrongCustomer = "wrong_customer", "Wrong customer";
        /// The order was cancelled.
        Cancelled = "cancelled", "Cancelled";
        /// The service was not given.
        ServiceNotGiven = "service_not_given", "Service not given";
        /// Disputed, and we agree.
        DisputeAgreed = "dispute_agreed", "Disputed and agreed";
        /// Paid early enough for the discount of its terms; given by rule.
        PaidEarly = "paid_early", "Discount for paying early";
        /// A deposit used for an invoice; by rule.
        DepositUsed = "deposit_used", "Deposit used";
        /// A deposit given back; by rule.
        DepositReturned = "deposit_returned", "Deposit given back";
    }
}

impl CreditReason {
    /// What a person may choose; the others are a rule's.
    pub fn can_be_chosen(self) -> bool {
        !matches!(self, CreditReason::PaidEarly | CreditReason::DepositUsed | CreditReason::DepositReturned)
    }
}

/// A line of the invoice and what has been credited of it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditableLine {
    /// Line number on the invoice.
    pub line_no: u32,
    /// Charged before VAT.
    pub net: Pence,
    /// VAT charged.
    pub vat: Pence,
    /// VAT code.
    pub vat_code: VatCode,
    /// Rate of the original supply.
    pub rate: BasisPoints,
    /// Credited before, without VAT.
    pub credited_net: Pence,
    /// VAT credited before.
    pub credited_vat: Pence,
}

/// How much of a line to credit, before VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditAsk {
    /// Line number on the invoice.
    pub line_no: u32,
    /// Before VAT.
    pub net: Pence,
}

/// A line of a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditedLine {
    /// Line number on the invoice.
    pub line_no: u32,
    /// Before VAT.
    pub net: Pence,
    /// VAT.
    pub vat: Pence,
    /// VAT code.
    pub vat_code: VatCode,
    /// Rate of the original supply.
    pub rate: BasisPoints,
}

/// A credit note with its amounts, all positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedCredit {
    /// In the order asked.
    pub lines: Vec<CreditedLine>,
    /// Sum before VAT.
    pub net: Pence,
    /// Sum of VAT.
    pub vat: Pence,
    /// What is credited.
    pub gross: Pence,
}

/// A share of an amount in basis points, rounded half-up: 1500 is 15%.
pub fn share_of_net(net: Pence, share: BasisPoints) -> Pence {
    on_net(net, share)
}

/// Prices a credit note against an invoice's lines. The last credit of a line takes exactly the VAT that is left.
pub fn price_credit(lines: &[CreditableLine], asks: &[CreditAsk]) -> Result<PricedCredit, Refusal> {
    let mut credited: Vec<CreditedLine> = Vec::with_capacity(asks.len());
    let mut left_vat = Vec::with_capacity(asks.len());
    let mut whole = Vec::with_capacity(asks.len());
    for ask in asks {
        let line = lines.iter().find(|line| line.line_no == ask.line_no);
        let Some(line) = line.filter(|_| credited.iter().all(|other| other.line_no != ask.line_no)) else {
            let sentence = format!("Line {} is not on the invoice, or is named twice", ask.line_no);
            return Err(refusals::CREDIT_WRONG_LINE.because(sentence));
        };
        let left = line.net.minus(line.credited_net);
        if ask.net <= Pence::ZERO {
            return Err(refusals::CREDIT_NOT_POSITIVE.because(format!("Line {} credits {}", ask.line_no, ask.net)));
        }
        if ask.net > left {
            let sentence = format!("Line {} has {left} left to credit, not {}", ask.line_no, ask.net);
            return Err(refusals::CREDIT_ABOVE_LINE.because(sentence));
        }
        let remaining = line.vat.minus(line.credited_vat);
        left_vat.push(remaining);
        whole.push(ask.net == left);
        let vat = if ask.net == left { remaining } else { Pence::ZERO };
        credited.push(CreditedLine {
            line_no: ask.line_no,
            net: ask.net,
            vat,
            vat_code: line.vat_code,
            rate: line.rate,
        });
    }
    if credited.is_empty() {
        return Err(refusals::CREDIT_NOT_POSITIVE.because("The credit note has no line"));
    }
    spread_vat(&mut credited, &whole, &left_vat);
    let net = credited.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.net));
    let vat = credited.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.vat));
    Ok(PricedCredit { lines: credited, net, vat, gross: net.plus(vat) })
}

fn spread_vat(credited: &mut [CreditedLine], whole: &[bool], left_vat: &[Pence]) {
    for code in VatCode::ALL {
        let part: Vec<usize> = (0..credited.len()).filter(|i| credited[*i].vat_code == code && !whole[*i]).collect();
        let Some(first) = part.first() else { continue };
        let sum = part.iter().fold(Pence::ZERO, |sum, i| sum.plus(credited[*i].net));
        let vat = on_net(sum, credited[*first].rate);
        let shares = share_out(vat, part.iter().map(|i| credited[*i].net));
        for (i, share) in part.iter().zip(shares) {
            credited[*i].vat = share.min(left_vat[*i]);
        }
    }
}

/// The share `part / whole` of an amount, rounded half-up.
pub(super) fn proportion(amount: Pence, part: i128, whole: i128) -> Pence {
    if whole == 0 { Pence::ZERO } else { to_pence(divide_half_up(i128::from(amount.0) * part, whole)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(line_no: u32, net: i64, vat: i64) -> CreditableLine {
        CreditableLine {
            line_no,
            net: Pence(net),
            vat: Pence(vat),
            vat_code: VatCode::S,
            rate: BasisPoints(2000),
            credited_net: Pence::ZERO,
            credited_vat: Pence::ZERO,
        }
    }

    #[test]
    fn inv_e8_fifteen_per_cent_of_an_invoice() {
        let part = share_of_net(Pence(123_456), BasisPoints(1500));
        let credit = price_credit(&[line(1, 123_456, 24_691)], &[CreditAsk { line_no: 1, net: part }]).expect("priced");
        assert_eq!((credit.net, credit.vat, credit.gross), (Pence(18_518), Pence(3_704), Pence(22_222)));
    }

    #[test]
    fn credits_never_pass_the_line_less_earlier_credits() {
        let mut used = line(1, 10_000, 2_000);
        used.credited_net = Pence(4_000);
        used.credited_vat = Pence(800);
        let ask = |net| [CreditAsk { line_no: 1, net: Pence(net) }];
        let code = |asks: &[CreditAsk]| price_credit(&[used.clone()], asks).map_err(|refusal| refusal.code);
        assert_eq!(code(&ask(6_001)), Err("INV-09-ABOVE-LINE".into()));
        assert_eq!(code(&ask(0)), Err("INV-09-NOT-POSITIVE".into()));
        assert_eq!(code(&[CreditAsk { line_no: 9, net: Pence(1) }]), Err("INV-09-WRONG-LINE".into()));
        assert_eq!(code(&[ask(1), ask(1)].concat()), Err("INV-09-WRONG-LINE".into()));
        assert_eq!(code(&[]), Err("INV-09-NOT-POSITIVE".into()));
        assert_eq!(price_credit(&[used.clone()], &ask(6_000)).map(|credit| credit.vat), Ok(Pence(1_200)));
    }

    #[test]
    fn vat_is_at_the_rate_of_the_original_supply() {
        let old = CreditableLine { rate: BasisPoints(1750), vat: Pence(1_750), ..line(1, 10_000, 0) };
        let credit = price_credit(&[old], &[CreditAsk { line_no: 1, net: Pence(1_000) }]).expect("priced");
        assert_eq!(credit.vat, Pence(175));
    }

    #[test]
    fn reasons_read_back() {
        for reason in CreditReason::ALL {
            assert_eq!(CreditReason::parse(reason.as_str()), Some(*reason));
        }
    }

    proptest! {
        #[test]
        fn credits_in_parts_return_exactly_what_was_charged(net in 2i64..1_000_000, cut in 1i64..1_000_000) {
            prop_assume!(cut < net);
            let vat = on_net(Pence(net), BasisPoints(2000));
            let mut open = line(1, net, vat.0);
            let first = price_credit(&[open.clone()], &[CreditAsk { line_no: 1, net: Pence(cut) }]).expect("first");
            open.credited_net = first.net;
            open.credited_vat = first.vat;
            let rest = [CreditAsk { line_no: 1, net: Pence(net - cut) }];
            let second = price_credit(&[open], &rest).expect("second");
            prop_assert_eq!(first.vat.plus(second.vat), vat);
        }
    }
}
