//! Losses and special payments: the categories, the register's rows and its totals (NHS-05).
use super::WriteOffReason;
use crate::money::Pence;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// A category of the register.
    LossCategory {
        /// Losses of cash: an overpayment given up among them.
        Cash = "1", "Losses of cash and overpayments";
        /// Bad debts: private patients.
        BadDebtPrivate = "3a", "Bad debts and claims abandoned: private patients";
        /// Bad debts: overseas visitors.
        BadDebtOverseas = "3b", "Bad debts and claims abandoned: overseas visitors";
        /// Bad debts: other.
        BadDebtOther = "3c", "Bad debts and claims abandoned: other";
        /// Ex gratia: goodwill.
        ExGratia = "7", "Ex gratia payments";
    }
}

/// The category of a debt that is given up: by what it arose from and why.
pub fn category_of(debt_type: &str, customer_kind: &str, reason: WriteOffReason) -> LossCategory {
    let words = debt_type.to_lowercase();
    let has = |all: &[&str]| all.iter().any(|one| words.contains(one));
    if has(&["overseas"]) {
        LossCategory::BadDebtOverseas
    } else if has(&["private patient", "private_patient"]) {
        LossCategory::BadDebtPrivate
    } else if customer_kind == "employee" || has(&["salary", "overpayment", "payroll"]) {
        LossCategory::Cash
    } else if reason == WriteOffReason::Compassionate && has(&["goodwill", "ex gratia"]) {
        LossCategory::ExGratia
    } else {
        LossCategory::BadDebtOther
    }
}

/// A loss as its totals count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Category.
    pub category: LossCategory,
    /// Gross, without any allowance.
    pub gross: Pence,
    /// VAT relief.
    pub relief: Pence,
    /// Restored since.
    pub recovered: Pence,
}

/// The total of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossTotal {
    /// Category.
    pub category: LossCategory,
    /// Cases.
    pub cases: i64,
    /// Gross.
    pub gross: Pence,
    /// VAT relief.
    pub relief: Pence,
    /// Restored since.
    pub recovered: Pence,
    /// Cases disclosed one by one.
    pub disclosed: i64,
}

/// Totals by category, in the register's order; categories without a case are left out.
pub fn totals(losses: &[Loss], disclosed_from: Pence) -> Vec<LossTotal> {
    let of = |category: &LossCategory| {
        let rows: Vec<&Loss> = losses.iter().filter(|loss| loss.category == *category).collect();
        LossTotal {
            category: *category,
            cases: rows.len() as i64,
            gross: rows.iter().fold(Pence::ZERO, |sum, loss| sum.plus(loss.gross)),
            relief: rows.iter().fold(Pence::ZERO, |sum, loss| sum.plus(loss.relief)),
            recovered: rows.iter().fold(Pence::ZERO, |sum, loss| sum.plus(loss.recovered)),
            disclosed: rows.iter().filter(|loss| loss.gross > disclosed_from).count() as i64,
        }
    };
    LossCategory::ALL.iter().map(of).filter(|total| total.cases > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nhs_e9_private_and_overseas_losses_stand_in_their_categories() {
        let reason = WriteOffReason::Untraceable;
        let loss = |debt_type: &str, pence| Loss {
            category: category_of(debt_type, "individual", reason),
            gross: Pence(pence),
            relief: Pence::ZERO,
            recovered: Pence::ZERO,
        };
        let all = [loss("private patient", 1_240_000), loss("overseas visitor", 315_000)];
        let found = totals(&all, Pence(30_000_000));
        let seen: Vec<_> = found.iter().map(|t| (t.category.as_str(), t.cases, t.gross.0, t.disclosed)).collect();
        assert_eq!(seen, [("3a", 1, 1_240_000, 0), ("3b", 1, 315_000, 0)]);
        let large = totals(&[loss("hall hire", 30_000_001)], Pence(30_000_000));
        assert_eq!((large[0].category, large[0].disclosed), (LossCategory::BadDebtOther, 1));
    }

    #[test]
    fn wof_07_staff_debts_are_losses_of_cash() {
        let of = |debt_type, kind| category_of(debt_type, kind, WriteOffReason::Uneconomic).as_str();
        assert_eq!(of("lease car", "employee"), "1");
        assert_eq!(of("Salary overpayment", "individual"), "1");
        assert_eq!(of("care", "individual"), "3c");
    }
}
