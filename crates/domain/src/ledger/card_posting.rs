//! What card payments post. Money is in clearing from the provider's yes until its payout is in the bank.
//!
//! The shape is that of Direct Debit (GL-02 rows 13 to 15): the customer is credited at once, and the clearing
//! account says what each provider still owes us.
use super::posting::{credit, debit, move_between, present};
use super::{EntryLine, GlRole::*};
use crate::money::Pence;

/// Rows 7 and 8 by card: taken by the provider, for items and on account.
pub fn card_taken(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    let whole = allocated.plus(on_account);
    present(vec![debit(Crdc, whole), credit(Ar, allocated), credit(Unall, on_account)])
}

/// Row 10 by card: taken by the provider, and nobody knows for whom.
pub fn card_taken_to_suspense(amount: Pence) -> Vec<EntryLine> {
    move_between(Crdc, Susp, amount)
}

/// Row 17 by card: what paid items is owed again, what lay on the account goes, the provider keeps it all.
pub fn card_charged_back(reopened: Pence, on_account: Pence) -> Vec<EntryLine> {
    let whole = reopened.plus(on_account);
    present(vec![debit(Ar, reopened), debit(Unall, on_account), credit(Crdc, whole)])
}

/// Row 17 by card, of money still in suspense.
pub fn card_suspense_charged_back(amount: Pence) -> Vec<EntryLine> {
    move_between(Susp, Crdc, amount)
}

/// Row 18: a refund approved, from what lies on the account and from other credits.
pub fn card_refund_approved(on_account: Pence, other_credits: Pence) -> Vec<EntryLine> {
    let whole = on_account.plus(other_credits);
    present(vec![debit(Unall, on_account), debit(Ar, other_credits), credit(Ref, whole)])
}

/// Row 18 taken back: the provider could not refund, so the customer has the money again.
pub fn card_refund_failed(on_account: Pence, other_credits: Pence) -> Vec<EntryLine> {
    let whole = on_account.plus(other_credits);
    present(vec![debit(Ref, whole), credit(Unall, on_account), credit(Ar, other_credits)])
}

/// Row 19 by card: the provider has paid the refund out of what it owes us.
pub fn card_refund_paid(amount: Pence) -> Vec<EntryLine> {
    move_between(Ref, Crdc, amount)
}

/// A payout is in the bank: the net and what the provider kept for itself clear what it owed us.
///
/// Below zero the provider took money from the bank. Money that had been put in suspense comes from there.
pub fn card_payout(net: Pence, charges: Pence, was_in_suspense: bool) -> Vec<EntryLine> {
    let place = if was_in_suspense { Susp } else { Bank };
    let side = |role, amount: Pence| {
        if amount < Pence::ZERO { credit(role, amount.size()) } else { debit(role, amount) }
    };
    let owed = net.plus(charges);
    present(vec![side(place, net), side(Crdf, charges), side(Crdc, owed.negated())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{GlRole, Journal};
    use proptest::prelude::*;

    fn sides(lines: &[EntryLine]) -> Vec<(GlRole, i64, i64)> {
        lines.iter().map(|line| (line.role, line.debit.0, line.credit.0)).collect()
    }

    #[test]
    fn csh_17_a_payout_of_gross_fees_refunds_and_disputes_clears_the_provider() {
        let life = [
            card_taken(Pence(12_000), Pence(3_000)),
            card_refund_approved(Pence(2_000), Pence(500)),
            card_refund_paid(Pence(2_500)),
            card_charged_back(Pence(4_000), Pence::ZERO),
            // 150.00 - 25.00 - 40.00 = 85.00, of which 1.80 and 15.00 are charges.
            card_payout(Pence(6_820), Pence(1_680), false),
        ];
        let journal = Journal::balanced(life.concat()).expect("balanced");
        assert_eq!(journal.net_of(Crdc), Pence::ZERO);
        assert_eq!(journal.net_of(Ref), Pence::ZERO);
        assert_eq!((journal.net_of(Bank), journal.net_of(Crdf)), (Pence(6_820), Pence(1_680)));
    }

    #[test]
    fn csh_18_row_17_by_card() {
        assert_eq!(
            sides(&card_charged_back(Pence(700), Pence(300))),
            [(Ar, 700, 0), (Unall, 300, 0), (Crdc, 0, 1_000)]
        );
    }

    #[test]
    fn a_payout_may_take_money_from_the_bank() {
        assert_eq!(
            sides(&card_payout(Pence(-5_000), Pence(1_500), false)),
            [(Bank, 0, 5_000), (Crdf, 1_500, 0), (Crdc, 3_500, 0)]
        );
        assert_eq!(sides(&card_payout(Pence(100), Pence::ZERO, true)), [(Susp, 100, 0), (Crdc, 0, 100)]);
    }

    proptest! {
        #[test]
        fn each_balances(a in 0i64..1_000_000, b in 1i64..1_000_000, net in -1_000_000i64..1_000_000) {
            let (a, b) = (Pence(a), Pence(b));
            let all = [card_taken(a, b), card_taken_to_suspense(b), card_charged_back(a, b), card_suspense_charged_back(b),
                card_refund_approved(a, b), card_refund_failed(a, b), card_refund_paid(b), card_payout(Pence(net), b, false)];
            for lines in all {
                prop_assert!(Journal::balanced(lines).is_ok());
            }
        }
    }
}
