//! VAT relief on bad debts (INV-10, VATA 1994 s36).
use super::credit::proportion;
use super::{refusals, vat_within};
use crate::calendar::add_months;
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The part of an invoice at one rate above nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxablePart {
    /// With VAT.
    pub gross: Pence,
    /// Its rate.
    pub rate: BasisPoints,
}

/// What decides the relief on an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliefFacts {
    /// Whole invoice with VAT.
    pub gross: Pence,
    /// Its taxable parts.
    pub taxable: Vec<TaxablePart>,
    /// Paid so far; a payment on a mixed invoice is split in proportion to gross.
    pub paid: Pence,
    /// When supplied.
    pub supply_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
}

/// How much VAT can be reclaimed, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relief {
    /// VAT part of what is unpaid.
    pub amount: Pence,
    /// First day of claim.
    pub earliest_on: NaiveDate,
    /// Last day of claim.
    pub latest_on: NaiveDate,
}

/// Works out the relief; nothing when the debt bore no VAT.
pub fn vat_relief(facts: &ReliefFacts) -> Relief {
    let unpaid = facts.gross.minus(facts.paid).max(Pence::ZERO);
    let of_part = |part: &TaxablePart| {
        let share = i128::from(part.gross.0) * i128::from(part.rate.0);
        proportion(unpaid, share, i128::from(facts.gross.0) * i128::from(10_000 + part.rate.0))
    };
    let later = facts.supply_on.max(facts.due_on);
    Relief {
        amount: facts.taxable.iter().fold(Pence::ZERO, |sum, part| sum.plus(of_part(part))),
        earliest_on: add_months(later, 6),
        latest_on: add_months(later, 54),
    }
}

/// Whether relief may be claimed on a day.
pub fn may_claim_relief(facts: &ReliefFacts, on: NaiveDate) -> Result<Relief, Refusal> {
    let relief = vat_relief(facts);
    if relief.amount == Pence::ZERO {
        return Err(refusals::RELIEF_NO_VAT.because("This debt has no unpaid VAT"));
    }
    if on < relief.earliest_on {
        let sentence = format!("VAT relief cannot be claimed before {}", relief.earliest_on);
        return Err(refusals::RELIEF_TOO_EARLY.because(sentence).allowed_from(relief.earliest_on));
    }
    if on > relief.latest_on {
        return Err(refusals::RELIEF_TOO_LATE.because(format!("VAT relief ended on {}", relief.latest_on)));
    }
    Ok(relief)
}

/// The VAT to repay when money comes in after relief.
pub fn relief_repayment(received: Pence, rate: BasisPoints) -> Pence {
    vat_within(received, rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn facts(gross: i64, taxable: i64, paid: i64) -> ReliefFacts {
        ReliefFacts {
            gross: Pence(gross),
            taxable: vec![TaxablePart { gross: Pence(taxable), rate: BasisPoints(2000) }],
            paid: Pence(paid),
            supply_on: d("2026-01-10"),
            due_on: d("2026-02-09"),
        }
    }

    #[test]
    fn inv_e9_relief_and_its_window() {
        let relief = vat_relief(&facts(120_000, 120_000, 30_000));
        assert_eq!(relief.amount, Pence(15_000));
        assert_eq!((relief.earliest_on, relief.latest_on), (d("2026-08-09"), d("2030-08-09")));
        let on = |day| may_claim_relief(&facts(120_000, 120_000, 30_000), d(day)).map_err(|refusal| refusal.code);
        assert_eq!(on("2026-08-08"), Err("INV-10-TOO-EARLY".into()));
        assert!(on("2026-08-09").is_ok() && on("2030-08-09").is_ok());
        assert_eq!(on("2030-08-10"), Err("INV-10-TOO-LATE".into()));
    }

    #[test]
    fn inv_e10_a_mixed_invoice_splits_payments_by_gross() {
        assert_eq!(vat_relief(&facts(170_000, 120_000, 85_000)).amount, Pence(10_000));
    }

    #[test]
    fn inv_e11_money_after_relief_repays_vat() {
        assert_eq!(relief_repayment(Pence(24_000), BasisPoints(2000)), Pence(4_000));
    }

    #[test]
    fn no_relief_without_vat() {
        let mut exempt = facts(50_000, 0, 0);
        exempt.taxable.clear();
        assert_eq!(may_claim_relief(&exempt, d("2027-01-01")).expect_err("no VAT").code, "INV-10-NO-VAT");
    }
}
