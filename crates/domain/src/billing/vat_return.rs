//! The figures of a VAT return that receivables give: boxes 1, 4 and 6 (INV-05, INV-06, INV-09, INV-10).
use super::{VatCode, refusals};
use crate::calendar::add_days;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Sales or credits at one code and rate in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatPart {
    /// A credit note takes away, in the period of the decrease.
    pub is_credit: bool,
    /// VAT code.
    pub code: VatCode,
    /// Before VAT.
    pub net: Pence,
    /// VAT.
    pub vat: Pence,
}

/// The boxes that receivables fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatBoxes {
    /// VAT due on sales, less credits, with relief that is owed again.
    pub box1: Pence,
    /// Relief on bad debts.
    pub box4: Pence,
    /// Value of sales before VAT, less credits: whole pounds, pence left out. Outside the scope is no part of it.
    pub box6_pounds: i64,
}

/// Works the boxes out from the parts, the relief claimed and the relief owed again.
pub fn vat_boxes(parts: &[VatPart], relief: Pence, repaid: Pence) -> VatBoxes {
    let signed = |part: &VatPart, amount: Pence| if part.is_credit { amount.negated() } else { amount };
    let vat = parts.iter().fold(Pence::ZERO, |sum, part| sum.plus(signed(part, part.vat)));
    let supplies = parts.iter().filter(|part| part.code != VatCode::O);
    let net = supplies.fold(Pence::ZERO, |sum, part| sum.plus(signed(part, part.net)));
    VatBoxes { box1: vat.plus(repaid), box4: relief, box6_pounds: net.0 / 100 }
}

/// Whether a period may be filed: it follows the last one without a gap, and is over.
pub fn may_file(
    (from, to): (NaiveDate, NaiveDate),
    filed_until: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if let Some(next) = filed_until.map(|last| add_days(last, 1)).filter(|next| *next != from) {
        let sentence =
            format!("The last return ended on {}; this one begins on {}", written(add_days(next, -1)), written(from));
        return Err(refusals::VAT_GAP.because(sentence));
    }
    if to < from || to >= today {
        let sentence = format!("The period up to {} is not over", written(to));
        return Err(refusals::VAT_NOT_OVER.because(sentence).allowed_from(add_days(to.max(from), 1)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(is_credit: bool, code: VatCode, net: i64, vat: i64) -> VatPart {
        VatPart { is_credit, code, net: Pence(net), vat: Pence(vat) }
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn bil_14_exempt_counts_in_box_6_and_outside_scope_does_not() {
        let parts = [
            part(false, VatCode::S, 100_000, 20_000),
            part(false, VatCode::E, 50_000, 0),
            part(false, VatCode::Z, 1_099, 0),
            part(false, VatCode::O, 77_700, 0),
            part(true, VatCode::S, 18_518, 3_704),
        ];
        let boxes = vat_boxes(&parts, Pence(15_000), Pence(4_000));
        assert_eq!(boxes, VatBoxes { box1: Pence(20_296), box4: Pence(15_000), box6_pounds: 1_325 });
        let credits = vat_boxes(&parts[4..], Pence::ZERO, Pence::ZERO);
        assert_eq!(credits, VatBoxes { box1: Pence(-3_704), box4: Pence::ZERO, box6_pounds: -185 });
    }

    #[test]
    fn bil_14_a_period_follows_the_last_and_is_over() {
        let quarter = (on("2026-07-01"), on("2026-09-30"));
        assert!(may_file(quarter, None, on("2026-10-01")).is_ok());
        assert!(may_file(quarter, Some(on("2026-06-30")), on("2026-11-07")).is_ok());
        let code = |result: Result<(), Refusal>| result.expect_err("refused").code;
        assert_eq!(code(may_file(quarter, Some(on("2026-05-31")), on("2026-11-07"))), "INV-05-RETURN-GAP");
        assert_eq!(code(may_file(quarter, Some(on("2026-09-30")), on("2026-11-07"))), "INV-05-RETURN-GAP");
        assert_eq!(code(may_file(quarter, None, on("2026-09-30"))), "INV-05-RETURN-OPEN");
        assert_eq!(code(may_file((quarter.1, quarter.0), None, on("2027-01-01"))), "INV-05-RETURN-OPEN");
    }
}
