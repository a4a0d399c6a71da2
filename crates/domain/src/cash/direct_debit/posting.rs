//! What Direct Debit posts (GL-02 rows 13 to 16). What lies on the account goes from there.
use crate::cash::intake::{joined, mirrored};
use crate::ledger::{
    EntryLine, GlRole, direct_debit_released, direct_debit_unpaid, indemnity_claim, move_between, receipt_unallocated,
};
use crate::money::Pence;

/// Row 13: a file is released.
pub fn collected(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    joined([direct_debit_released(allocated), move_between(GlRole::Ddc, GlRole::Unall, on_account)])
}

/// Row 15: a collection comes back unpaid.
pub fn came_back(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    joined([direct_debit_unpaid(allocated), move_between(GlRole::Unall, GlRole::Ddc, on_account)])
}

/// Row 16: an indemnity claim takes it back.
pub fn claimed(allocated: Pence, on_account: Pence) -> Vec<EntryLine> {
    joined([indemnity_claim(allocated), mirrored(receipt_unallocated(on_account))])
}

/// Money that went to suspense was a run's.
pub fn from_suspense(amount: Pence) -> Vec<EntryLine> {
    move_between(GlRole::Susp, GlRole::Ddc, amount)
}
