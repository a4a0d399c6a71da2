//! What every event posts (GL-02). Each function is one row of the table and gives balanced entries.
use super::{EntryLine, GlRole};
use crate::money::Pence;
use GlRole::*;
use serde::{Deserialize, Serialize};

/// An amount of income at a code and a cost centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomeShare {
    /// The income code.
    pub income_code: String,
    /// The cost centre.
    pub cost_centre: String,
    /// Before VAT.
    pub net: Pence,
}

fn line(role: GlRole, debit: Pence, credit: Pence) -> EntryLine {
    EntryLine { role, income_code: None, cost_centre: String::new(), debit, credit }
}

pub(super) fn debit(role: GlRole, amount: Pence) -> EntryLine {
    line(role, amount, Pence::ZERO)
}

pub(super) fn credit(role: GlRole, amount: Pence) -> EntryLine {
    line(role, Pence::ZERO, amount)
}

/// Debit one role, credit another; nothing at all for nothing.
pub(crate) fn move_between(to: GlRole, from: GlRole, amount: Pence) -> Vec<EntryLine> {
    present(vec![debit(to, amount), credit(from, amount)])
}

pub(super) fn present(lines: Vec<EntryLine>) -> Vec<EntryLine> {
    lines.into_iter().filter(|line| line.debit != Pence::ZERO || line.credit != Pence::ZERO).collect()
}

fn income(shares: &[IncomeShare], reducing: bool) -> Vec<EntryLine> {
    let of_share = |share: &IncomeShare| {
        let side = if reducing { debit(Inc, share.net) } else { credit(Inc, share.net) };
        EntryLine { income_code: Some(share.income_code.clone()), cost_centre: share.cost_centre.clone(), ..side }
    };
    merged(shares).iter().map(of_share).collect()
}

fn merged(shares: &[IncomeShare]) -> Vec<IncomeShare> {
    let mut sums: Vec<IncomeShare> = Vec::new();
    for share in shares {
        let same =
            |sum: &&mut IncomeShare| sum.income_code == share.income_code && sum.cost_centre == share.cost_centre;
        match sums.iter_mut().find(same) {
            Some(sum) => sum.net = sum.net.plus(share.net),
            None => sums.push(share.clone()),
        }
    }
    sums
}

fn net_of(shares: &[IncomeShare]) -> Pence {
    shares.iter().fold(Pence::ZERO, |sum, share| sum.plus(share.net))
}

/// Row 1: an invoice.
pub fn invoice(shares: &[IncomeShare], vat: Pence) -> Vec<EntryLine> {
    let mut lines = vec![debit(Ar, net_of(shares).plus(vat))];
    lines.extend(income(shares, false));
    lines.push(credit(Vato, vat));
    present(lines)
}

/// Row 2: an invoice in advance of the service.
pub fn invoice_in_advance(net: Pence, vat: Pence) -> Vec<EntryLine> {
    present(vec![debit(Ar, net.plus(vat)), credit(Def, net), credit(Vato, vat)])
}

/// The mirror of row 2: a deposit used for an invoice, or given back.
pub fn credit_in_advance(net: Pence, vat: Pence) -> Vec<EntryLine> {
    present(vec![debit(Def, net), debit(Vato, vat), credit(Ar, net.plus(vat))])
}

/// Row 2 at the end of a period: what was posted as income and is for days to come.
pub fn defer_income(shares: &[IncomeShare]) -> Vec<EntryLine> {
    let mut lines = income(shares, true);
    lines.push(credit(Def, net_of(shares)));
    present(lines)
}

/// Row 3: deferred income is released as the service is given.
pub fn release_deferred_income(shares: &[IncomeShare]) -> Vec<EntryLine> {
    let mut lines = vec![debit(Def, net_of(shares))];
    lines.extend(income(shares, false));
    present(lines)
}

/// Row 4: service given and not billed.
pub fn accrue_income(shares: &[IncomeShare]) -> Vec<EntryLine> {
    let mut lines = vec![debit(Accr, net_of(shares))];
    lines.extend(income(shares, false));
    present(lines)
}

/// Row 5: the accrual is reversed in the next period.
pub fn reverse_accrual(shares: &[IncomeShare]) -> Vec<EntryLine> {
    let mut lines = income(shares, true);
    lines.push(credit(Accr, net_of(shares)));
    present(lines)
}

/// Row 6: a credit note.
pub fn credit_note(shares: &[IncomeShare], vat: Pence) -> Vec<EntryLine> {
    let mut lines = income(shares, true);
    lines.extend([debit(Vato, vat), credit(Ar, net_of(shares).plus(vat))]);
    present(lines)
}

/// Row 7: a receipt whose items are known.
pub fn receipt_allocated(amount: Pence) -> Vec<EntryLine> {
    move_between(Bank, Ar, amount)
}

/// Row 8: a receipt whose payer is known and whose items are not.
pub fn receipt_unallocated(amount: Pence) -> Vec<EntryLine> {
    move_between(Bank, Unall, amount)
}

/// Row 9: unallocated cash set against items. Its undoing is the mirror image.
pub fn allocate_unallocated(amount: Pence) -> Vec<EntryLine> {
    move_between(Unall, Ar, amount)
}

/// Row 10: a receipt whose payer is not known.
pub fn receipt_to_suspense(amount: Pence) -> Vec<EntryLine> {
    move_between(Bank, Susp, amount)
}

/// Row 11: suspense identified, to items at once or to the customer's unallocated cash.
pub fn identify_suspense(amount: Pence, allocated: bool) -> Vec<EntryLine> {
    move_between(Susp, if allocated { Ar } else { Unall }, amount)
}

/// Row 12: suspense sent back.
pub fn return_suspense(amount: Pence) -> Vec<EntryLine> {
    move_between(Susp, Bank, amount)
}

/// Row 12, in two steps: suspense is to be sent back, and waits for its payment.
pub fn suspense_refund_approved(amount: Pence) -> Vec<EntryLine> {
    move_between(Susp, Ref, amount)
}

fn to_fund(from: GlRole, fund: &str, amount: Pence) -> Vec<EntryLine> {
    let due = EntryLine { income_code: Some(fund.to_owned()), ..credit(GlRole::Fund, amount) };
    present(vec![debit(from, amount), due])
}

/// Money at the counter for another fund or organisation.
pub fn receipt_for_fund(fund: &str, amount: Pence) -> Vec<EntryLine> {
    to_fund(Bank, fund, amount)
}

/// Suspense that belongs to another fund or organisation.
pub fn suspense_to_fund(fund: &str, amount: Pence) -> Vec<EntryLine> {
    to_fund(Susp, fund, amount)
}

/// A customer's money that belongs to another fund or organisation.
pub fn account_to_fund(fund: &str, amount: Pence, from_unallocated: bool) -> Vec<EntryLine> {
    to_fund(if from_unallocated { Unall } else { Ar }, fund, amount)
}

/// Row 20 for money on account: it moves between customers and stays unallocated.
pub fn transfer_unallocated(amount: Pence) -> Vec<EntryLine> {
    move_between(Unall, Unall, amount)
}

/// Row 13: a Direct Debit file is released.
pub fn direct_debit_released(amount: Pence) -> Vec<EntryLine> {
    move_between(Ddc, Ar, amount)
}

/// Row 14: its credit is on the bank statement.
pub fn direct_debit_banked(amount: Pence) -> Vec<EntryLine> {
    move_between(Bank, Ddc, amount)
}

/// Row 15, first part: a collection comes back unpaid.
pub fn direct_debit_unpaid(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Ddc, amount)
}

/// Row 15, second part: the bank takes it back.
pub fn direct_debit_unpaid_banked(amount: Pence) -> Vec<EntryLine> {
    move_between(Ddc, Bank, amount)
}

/// Row 16: an indemnity claim under the Guarantee.
pub fn indemnity_claim(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Bank, amount)
}

/// Row 17: a cheque unpaid or a card charged back.
pub fn receipt_returned(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Bank, amount)
}

/// Row 18: a refund approved, from a credit on the account or from unallocated cash.
pub fn refund_approved(amount: Pence, from_unallocated: bool) -> Vec<EntryLine> {
    move_between(if from_unallocated { Unall } else { Ar }, Ref, amount)
}

/// Row 19: the refund is paid.
pub fn refund_paid(amount: Pence) -> Vec<EntryLine> {
    move_between(Ref, Bank, amount)
}

/// Row 20: a balance moves from one customer to another; the first entry is the receiving account's.
pub fn transfer(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Ar, amount)
}

/// Row 21: a contra with payables.
pub fn contra(amount: Pence) -> Vec<EntryLine> {
    move_between(Ap, Ar, amount)
}

/// The mirror of row 39: payroll kept overpaid pay back, and credits it to the pay code.
pub fn taken_from_pay(amount: Pence) -> Vec<EntryLine> {
    move_between(Pay, Ar, amount)
}

/// Row 22: a bad debt written off, of which `relief` is VAT that can be claimed today.
pub fn write_off(gross: Pence, relief: Pence) -> Vec<EntryLine> {
    present(vec![debit(Allow, gross.minus(relief)), debit(Vatbdr, relief), credit(Ar, gross)])
}

/// Row 22, later: the relief conditions are met after the write-off.
pub fn vat_relief_due(relief: Pence) -> Vec<EntryLine> {
    move_between(Vatbdr, Allow, relief)
}

/// Row 23: a small balance written off.
pub fn small_balance_write_off(amount: Pence) -> Vec<EntryLine> {
    move_between(Ecl, Ar, amount)
}

/// Row 24, first part: the customer pays after the write-off, so the debt is restored.
pub fn write_back(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Allow, amount)
}

/// Row 24, second part: the VAT share of it is owed again.
pub fn repay_vat_relief(vat: Pence) -> Vec<EntryLine> {
    move_between(Allow, Vato, vat)
}

/// Row 25: the receipt that follows a write-back.
pub fn receipt_after_write_back(amount: Pence) -> Vec<EntryLine> {
    receipt_allocated(amount)
}

/// Row 26: the loss allowance rises by this much, or falls when it is below zero.
pub fn allowance_change(change: Pence) -> Vec<EntryLine> {
    if change >= Pence::ZERO { move_between(Ecl, Allow, change) } else { move_between(Allow, Ecl, change.size()) }
}

/// Rows 27 and 40: interest or compensation is demanded.
pub fn interest_demanded(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Intinc, amount)
}

/// Row 28: it is waived.
pub fn interest_waived(amount: Pence) -> Vec<EntryLine> {
    move_between(Intinc, Ar, amount)
}

/// Row 29: a court fee is paid.
pub fn court_fee_paid(amount: Pence) -> Vec<EntryLine> {
    move_between(Legal, Bank, amount)
}

/// Row 30: costs are awarded or claimed on the account.
pub fn costs_charged(amount: Pence) -> Vec<EntryLine> {
    move_between(Ar, Costrec, amount)
}

/// Row 31: an agency pays over the gross.
pub fn agency_gross(amount: Pence) -> Vec<EntryLine> {
    move_between(Bank, Ar, amount)
}

/// Row 32: an agency pays over the net; the customer is credited the gross.
pub fn agency_net(gross: Pence, commission: Pence, commission_vat: Pence) -> Vec<EntryLine> {
    let net = gross.minus(commission).minus(commission_vat);
    present(vec![debit(Bank, net), debit(Comm, commission), debit(Vati, commission_vat), credit(Ar, gross)])
}

/// Row 32 for a whole statement, whose receipts are posted gross: commission and its VAT, kept out of the money or owed.
///
/// Below zero the agency gives commission back.
pub fn agency_commission(commission: Pence, commission_vat: Pence, kept_back: bool) -> Vec<EntryLine> {
    let side =
        |role, amount: Pence| if amount < Pence::ZERO { credit(role, amount.size()) } else { debit(role, amount) };
    let from = if kept_back { Bank } else { Ap };
    let whole = commission.plus(commission_vat);
    present(vec![side(Comm, commission), side(Vati, commission_vat), side(from, whole.negated())])
}

/// Row 33: a care charge is deferred.
pub fn defer_payment(amount: Pence) -> Vec<EntryLine> {
    move_between(Dpa, Ar, amount)
}

/// Row 34: interest on deferred payments.
pub fn deferred_payment_interest(amount: Pence) -> Vec<EntryLine> {
    move_between(Dpa, Dpaint, amount)
}

/// Row 35: an administration fee is deferred.
pub fn deferred_payment_fee(shares: &[IncomeShare], vat: Pence) -> Vec<EntryLine> {
    let mut lines = vec![debit(Dpa, net_of(shares).plus(vat))];
    lines.extend(income(shares, false));
    lines.push(credit(Vato, vat));
    present(lines)
}

/// Row 36: a deferred payment is repaid.
pub fn deferred_payment_repaid(amount: Pence) -> Vec<EntryLine> {
    move_between(Bank, Dpa, amount)
}

/// Row 38: a provider is paid the gross.
pub fn provider_paid(amount: Pence) -> Vec<EntryLine> {
    move_between(Prov, Bank, amount)
}

/// Row 41: a rounding difference; the system's own rule allows at most a penny for each document.
pub fn rounding_difference(amount: Pence) -> Vec<EntryLine> {
    move_between(Tol, Ar, amount)
}

/// Row 23, paid short within the tolerance: the rest of the item is cleared to the tolerance account.
pub fn short_within_tolerance(amount: Pence) -> Vec<EntryLine> {
    move_between(Tol, Ar, amount)
}

/// Paid over within the tolerance: what is left of the receipt is kept on the tolerance account.
pub fn over_within_tolerance(amount: Pence) -> Vec<EntryLine> {
    move_between(Unall, Tol, amount)
}

/// An open item taken on from an old ledger: its income and VAT were posted there.
pub fn taken_on(gross: Pence) -> Vec<EntryLine> {
    if gross >= Pence::ZERO { move_between(Ar, Take, gross) } else { move_between(Take, Ar, gross.size()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Journal, JournalSource};
    use proptest::prelude::*;

    fn shares(nets: &[i64]) -> Vec<IncomeShare> {
        let one = |(i, net): (usize, &i64)| IncomeShare {
            income_code: format!("40{i:02}"),
            cost_centre: "C1".into(),
            net: Pence(*net),
        };
        nets.iter().enumerate().map(one).collect()
    }

    fn sides(lines: &[EntryLine]) -> Vec<(GlRole, i64, i64)> {
        lines.iter().map(|line| (line.role, line.debit.0, line.credit.0)).collect()
    }

    #[test]
    fn gl_e1_the_life_of_a_debt() {
        let raised = invoice(&shares(&[100_000]), Pence(20_000));
        assert_eq!(sides(&raised), [(Ar, 120_000, 0), (Inc, 0, 100_000), (Vato, 0, 20_000)]);
        let off = write_off(Pence(90_000), Pence(15_000));
        assert_eq!(sides(&off), [(Allow, 75_000, 0), (Vatbdr, 15_000, 0), (Ar, 0, 90_000)]);
        let all = [
            raised,
            receipt_allocated(Pence(30_000)),
            off,
            write_back(Pence(24_000)),
            receipt_after_write_back(Pence(24_000)),
            repay_vat_relief(Pence(4_000)),
        ];
        let journal = Journal::balanced(all.concat()).expect("balanced");
        assert_eq!(journal.net_of(Ar), Pence::ZERO);
        assert_eq!(journal.net_of(Bank), Pence(54_000));
        assert_eq!(journal.net_of(Allow), Pence(55_000));
    }

    #[test]
    fn gl_e11_a_net_remittance_credits_the_gross() {
        let lines = agency_net(Pence(30_000), Pence(3_600), Pence(720));
        assert_eq!(sides(&lines), [(Bank, 25_680, 0), (Comm, 3_600, 0), (Vati, 720, 0), (Ar, 0, 30_000)]);
    }

    #[test]
    fn gl_e11_gross_receipts_and_the_commission_of_a_statement_come_to_the_same() {
        let all = [receipt_allocated(Pence(30_000)), agency_commission(Pence(3_600), Pence(720), true)].concat();
        let journal = Journal::balanced(all).expect("balanced");
        assert_eq!(journal.net_of(Bank), Pence(25_680));
        let owed = agency_commission(Pence(-100), Pence(-20), false);
        assert_eq!(sides(&owed), [(Comm, 0, 100), (Vati, 0, 20), (Ap, 120, 0)]);
    }

    #[test]
    fn gl_e12_only_events_post_to_the_control_account() {
        let typed = Journal::from_source(contra(Pence(100)), JournalSource::Manual);
        assert_eq!(typed.expect_err("direct").code, "GL-02-DIRECT-TO-AR");
        assert!(Journal::from_source(contra(Pence(100)), JournalSource::Event).is_ok());
        assert!(Journal::from_source(court_fee_paid(Pence(100)), JournalSource::Manual).is_ok());
    }

    #[test]
    fn income_of_one_code_and_cost_centre_is_one_entry() {
        let twice = [shares(&[100]), shares(&[250])].concat();
        assert_eq!(sides(&invoice(&twice, Pence::ZERO)), [(Ar, 350, 0), (Inc, 0, 350)]);
    }

    #[test]
    fn entries_that_do_not_balance_are_refused() {
        let code = |lines| Journal::balanced(lines).expect_err("refused").code;
        assert_eq!(code(vec![debit(Ar, Pence(1))]), "GL-01-NOT-BALANCED");
        assert_eq!(code(vec![]), "GL-01-NOT-BALANCED");
        assert_eq!(code(vec![line(Ar, Pence(5), Pence(5))]), "GL-01-NOT-BALANCED");
    }

    fn every_event(a: Pence, small: Pence) -> Vec<Vec<EntryLine>> {
        let net = shares(&[a.0, small.0]);
        let one = [
            receipt_allocated,
            receipt_unallocated,
            allocate_unallocated,
            receipt_to_suspense,
            return_suspense,
            suspense_refund_approved,
            transfer_unallocated,
            direct_debit_released,
            direct_debit_banked,
            direct_debit_unpaid,
            direct_debit_unpaid_banked,
            indemnity_claim,
            receipt_returned,
            refund_paid,
            transfer,
            contra,
            taken_from_pay,
            vat_relief_due,
            small_balance_write_off,
            write_back,
            repay_vat_relief,
            receipt_after_write_back,
            allowance_change,
            interest_demanded,
            interest_waived,
            court_fee_paid,
            costs_charged,
            agency_gross,
            defer_payment,
            deferred_payment_interest,
            deferred_payment_repaid,
            provider_paid,
            rounding_difference,
            taken_on,
        ];
        let mut events: Vec<Vec<EntryLine>> = one.iter().map(|event| event(a)).collect();
        events.extend([
            invoice(&net, small),
            invoice_in_advance(a, small),
            release_deferred_income(&net),
            accrue_income(&net),
            reverse_accrual(&net),
            credit_note(&net, small),
            identify_suspense(a, true),
            identify_suspense(a, false),
            receipt_for_fund("2961", a),
            suspense_to_fund("2961", a),
            account_to_fund("2961", a, true),
            account_to_fund("2961", a, false),
            refund_approved(a, true),
            refund_approved(a, false),
            write_off(a, small),
            allowance_change(a.negated()),
            agency_net(a, small, Pence::ZERO),
            deferred_payment_fee(&net, small),
            taken_on(a.negated()),
        ]);
        events
    }

    proptest! {
        #[test]
        fn every_event_balances_and_its_mirror_undoes_it(amount in 1_000i64..1_000_000_000, small in 1i64..1_000) {
            for lines in every_event(Pence(amount), Pence(small)) {
                let journal = Journal::balanced(lines).expect("every event balances");
                let both = [journal.lines(), journal.reversed().lines()].concat();
                let both = Journal::balanced(both).expect("still balanced");
                for role in GlRole::ALL {
                    prop_assert_eq!(both.net_of(*role), Pence::ZERO);
                }
            }
        }
    }
}
