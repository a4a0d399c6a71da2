//! Taking in bank statements and moving receipts: what must hold, and what each move posts.
use crate::ledger::{
    EntryLine, GlRole, Journal, allocate_unallocated, identify_suspense, receipt_allocated, receipt_returned,
    receipt_to_suspense, receipt_unallocated, return_suspense,
};
use crate::money::Pence;
use crate::refusal::{Refusal, RefusalKind};

/// The statement does not begin where the last one ended.
pub const GAP: RefusalKind = RefusalKind {
    code: "CSH-GAP",
    rule: "CSH-01",
    way_out: "Import the missing statement first, or accept the gap if the bank confirms there is none.",
};
/// The file is of an account that is not ours, or does not say of which.
pub const UNKNOWN_ACCOUNT: RefusalKind = RefusalKind {
    code: "CSH-ACCOUNT",
    rule: "CSH-01",
    way_out: "Choose the bank account the file belongs to, or add the account first.",
};
/// The statement is not in pounds.
pub const NOT_POUNDS: RefusalKind =
    RefusalKind { code: "CSH-CURRENCY", rule: "CSH-01", way_out: "Import statements of accounts held in pounds." };
/// The file is a report of the day so far, or an advice.
pub const NOT_BOOKED: RefusalKind = RefusalKind {
    code: "CSH-NOT-BOOKED",
    rule: "CSH-01",
    way_out: "Import the end-of-day statement (camt.053 or MT940): its lines are final.",
};
/// The receipt is not in a state that allows the move.
pub const WRONG_STATE: RefusalKind =
    RefusalKind { code: "CSH-STATE", rule: "GL-02", way_out: "Open the receipt again to see what happened to it." };
/// Money on one customer's account is asked for another's.
pub const OTHER_CUSTOMER: RefusalKind = RefusalKind {
    code: "CSH-OTHER-CUSTOMER",
    rule: "GL-02",
    way_out: "Put the receipt in suspense, then allocate it to the other customer.",
};
/// The parts do not add up to the whole.
pub const SPLIT: RefusalKind = RefusalKind {
    code: "CSH-SPLIT",
    rule: "GL-02",
    way_out: "Change the customers' shares until they add up to what is left of the receipt.",
};
/// Somebody changed it meanwhile.
pub const CHANGED: RefusalKind =
    RefusalKind { code: "CSH-CHANGED", rule: "reliability P04", way_out: "Look at what is open now and try again." };
/// The matcher's settings are outside what can be measured or cleared by rule.
pub const MATCH_POLICY: RefusalKind = RefusalKind {
    code: "CSH-10-THRESHOLD",
    rule: "CSH-10",
    way_out: "Choose one of the thresholds that are listed with their measured error.",
};
/// These, in order of precedence.
pub const ALL: &[RefusalKind] = &[
    NOT_BOOKED,
    NOT_POUNDS,
    UNKNOWN_ACCOUNT,
    GAP,
    WRONG_STATE,
    OTHER_CUSTOMER,
    SPLIT,
    CHANGED,
    MATCH_POLICY,
    super::order::ORDER_IN_THE_PAST,
];

/// Whether a statement follows the last: less what is new in it, it ends where the last one ended.
///
/// Seen this way an overlapping statement follows too. A statement without balances cannot be proved.
pub fn follows(last_closing: Option<Pence>, closing: Option<Pence>, new: Pence) -> Result<(), Refusal> {
    let (Some(last), Some(closing)) = (last_closing, closing) else { return Ok(()) };
    let begins = closing.minus(new);
    if begins == last {
        return Ok(());
    }
    let difference = begins.minus(last);
    let sentence =
        format!("The last statement ended at {last} and this one goes on from {begins}: {difference} is missing.");
    Err(GAP.because(sentence))
}

/// Rows 7 and 8: a receipt whose payer is known.
pub fn post_receipt(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    joined([receipt_allocated(allocated), receipt_unallocated(on_account)])
}

/// Row 10: a receipt whose payer is not known.
pub fn post_suspense(amount: Pence) -> Vec<EntryLine> {
    receipt_to_suspense(amount)
}

/// Row 11: suspense is somebody's money.
pub fn identify(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    joined([identify_suspense(allocated, true), identify_suspense(on_account, false)])
}

/// Row 9: money on the account is set against items.
pub fn allocate_later(amount: Pence) -> Vec<EntryLine> {
    allocate_unallocated(amount)
}

/// The mirror of row 9: the money is on the account again.
pub fn take_back(amount: Pence) -> Vec<EntryLine> {
    mirrored(allocate_unallocated(amount))
}

/// The mirror of row 11: it was not theirs.
pub fn back_to_suspense(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    mirrored(identify(allocated, on_account))
}

/// Row 17: a cheque unpaid, a payment recalled. What lay on the account goes from there.
pub fn returned(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    joined([receipt_returned(allocated), mirrored(receipt_unallocated(on_account))])
}

/// Row 12: suspense sent back.
pub fn suspense_returned(amount: Pence) -> Vec<EntryLine> {
    return_suspense(amount)
}

/// Whether setting a credit of this kind against a debit moves money between GL codes:
/// receipts wait in unallocated cash, every other credit is in the control account already.
pub fn waits_unallocated(credit_kind: &str) -> bool {
    credit_kind == "receipt"
}

pub(super) fn mirrored(lines: Vec<EntryLine>) -> Vec<EntryLine> {
    Journal::balanced(lines).map(|journal| journal.reversed().lines().to_vec()).unwrap_or_default()
}

/// Lines of one role on one side become one line.
pub(super) fn joined(parts: [Vec<EntryLine>; 2]) -> Vec<EntryLine> {
    let mut sums: Vec<EntryLine> = Vec::new();
    for line in parts.into_iter().flatten() {
        let same = |sum: &&mut EntryLine| same_side(sum, &line);
        match sums.iter_mut().find(same) {
            Some(sum) => {
                sum.debit = sum.debit.plus(line.debit);
                sum.credit = sum.credit.plus(line.credit);
            }
            None => sums.push(line),
        }
    }
    sums
}

fn same_side(one: &EntryLine, other: &EntryLine) -> bool {
    let role: (GlRole, bool) = (one.role, one.debit == Pence::ZERO);
    role == (other.role, other.debit == Pence::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(lines: &[EntryLine]) -> Vec<(GlRole, i64, i64)> {
        lines.iter().map(|line| (line.role, line.debit.0, line.credit.0)).collect()
    }

    #[test]
    fn csh_01_a_statement_begins_where_the_last_ended() {
        let closing = Some(Pence(1_500));
        assert_eq!(follows(None, closing, Pence(500)), Ok(()));
        assert_eq!(follows(Some(Pence(900)), None, Pence(500)), Ok(()));
        assert_eq!(follows(Some(Pence(1_000)), closing, Pence(500)), Ok(()));
        assert_eq!(follows(Some(Pence(1_300)), closing, Pence(200)), Ok(()), "two lines were seen before");
        let refusal = follows(Some(Pence(900)), closing, Pence(500)).expect_err("a gap");
        assert_eq!(refusal.code, "CSH-GAP");
        assert_eq!(
            refusal.sentence,
            "The last statement ended at £9.00 and this one goes on from £10.00: £1.00 is missing."
        );
    }

    #[test]
    fn gl_02_rows_7_to_12_and_17_and_their_mirrors() {
        use GlRole::{Ar, Bank, Susp, Unall};
        let (a, b) = (Pence(700), Pence(300));
        assert_eq!(sides(&post_receipt(a, b)), [(Bank, 1_000, 0), (Ar, 0, 700), (Unall, 0, 300)]);
        assert_eq!(sides(&post_receipt(Pence::ZERO, b)), [(Bank, 300, 0), (Unall, 0, 300)]);
        assert_eq!(sides(&identify(a, b)), [(Susp, 1_000, 0), (Ar, 0, 700), (Unall, 0, 300)]);
        assert_eq!(sides(&back_to_suspense(a, b)), [(Susp, 0, 1_000), (Ar, 700, 0), (Unall, 300, 0)]);
        assert_eq!(sides(&returned(a, b)), [(Ar, 700, 0), (Bank, 0, 1_000), (Unall, 300, 0)]);
        assert_eq!(sides(&take_back(a)), [(Unall, 0, 700), (Ar, 700, 0)]);
        assert_eq!(sides(&suspense_returned(a)), [(Susp, 700, 0), (Bank, 0, 700)]);
    }
}
