//! How a credit is set against debits (GL-02): never above what is open; oldest due first, interest and costs last.
use super::refusals;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A debit that is still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDebit {
    /// Its id.
    pub item: i64,
    /// When it is due.
    pub due_on: NaiveDate,
    /// What is open.
    pub open: Pence,
    /// Interest, compensation or costs, which voluntary payers pay last.
    pub is_charge: bool,
}

/// A part of a credit set against a debit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationShare {
    /// The debit's id.
    pub item: i64,
    /// How much.
    pub amount: Pence,
}

/// Whether this much of a credit may be set against a debit.
pub fn may_allocate(amount: Pence, debit_open: Pence, credit_open: Pence) -> Result<(), Refusal> {
    if amount <= Pence::ZERO {
        return Err(refusals::NOT_POSITIVE.because(format!("{amount} cannot be allocated")));
    }
    let open = debit_open.min(credit_open);
    if amount > open {
        return Err(refusals::ABOVE_OPEN.because(format!("{amount} is more than the {open} that is open")));
    }
    Ok(())
}

/// Sets a credit against debits: one of exactly this amount if there is just one, else oldest due first,
/// interest and costs last. What is left over stays unallocated.
pub fn allocate_oldest_first(credit: Pence, debits: &[OpenDebit]) -> Vec<AllocationShare> {
    let exact: Vec<&OpenDebit> = debits.iter().filter(|debit| debit.open == credit).collect();
    if let ([only], true) = (exact.as_slice(), credit > Pence::ZERO) {
        return vec![AllocationShare { item: only.item, amount: credit }];
    }
    let mut ordered: Vec<&OpenDebit> = debits.iter().filter(|debit| debit.open > Pence::ZERO).collect();
    ordered.sort_by_key(|debit| (debit.is_charge, debit.due_on, debit.item));
    let mut left = credit;
    let mut shares = Vec::new();
    for debit in ordered {
        let amount = left.min(debit.open);
        if amount <= Pence::ZERO {
            break;
        }
        shares.push(AllocationShare { item: debit.item, amount });
        left = left.minus(amount);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn debit(item: i64, day: u32, open: i64, is_charge: bool) -> OpenDebit {
        let due_on = NaiveDate::from_ymd_opt(2026, 6, day).expect("a date");
        OpenDebit { item, due_on, open: Pence(open), is_charge }
    }

    #[test]
    fn gl_e12_allocation_above_what_is_open_is_refused() {
        let refused = may_allocate(Pence(10_000), Pence(9_999), Pence(50_000)).expect_err("above");
        assert_eq!(refused.code, "GL-02-ABOVE-OPEN");
        assert_eq!(may_allocate(Pence(0), Pence(1), Pence(1)).expect_err("nothing").code, "GL-02-NOT-POSITIVE");
        assert_eq!(may_allocate(Pence(9_999), Pence(9_999), Pence(9_999)), Ok(()));
    }

    #[test]
    fn exact_amount_before_age_and_charges_last() {
        let debits = [debit(1, 1, 4_000, true), debit(2, 9, 5_000, false), debit(3, 5, 3_000, false)];
        let items = |credit| {
            let shares = allocate_oldest_first(Pence(credit), &debits);
            shares.into_iter().map(|share| (share.item, share.amount.0)).collect::<Vec<_>>()
        };
        assert_eq!(items(5_000), [(2, 5_000)]);
        assert_eq!(items(9_000), [(3, 3_000), (2, 5_000), (1, 1_000)]);
        assert_eq!(items(99_000), [(3, 3_000), (2, 5_000), (1, 4_000)]);
    }

    proptest! {
        #[test]
        fn never_more_than_the_credit_nor_than_an_item(
            credit in 0i64..100_000, opens in prop::collection::vec((1u32..28, 1i64..20_000, any::<bool>()), 0..12)
        ) {
            let debits: Vec<OpenDebit> =
                opens.iter().enumerate().map(|(i, (day, open, charge))| debit(i as i64, *day, *open, *charge)).collect();
            let shares = allocate_oldest_first(Pence(credit), &debits);
            let given: i64 = shares.iter().map(|share| share.amount.0).sum();
            let owed: i64 = debits.iter().map(|debit| debit.open.0).sum();
            prop_assert_eq!(given, credit.min(owed));
            for share in shares {
                prop_assert!(share.amount <= debits[share.item as usize].open);
            }
        }
    }
}
