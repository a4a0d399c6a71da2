//! Someone else's yes: asked for by any room, decided here, and carried out in the same transaction.
mod ask;
mod decide;
mod list;

pub use decide::{DecideApproval, Decided, decide_approval};
pub use list::{ApprovalShown, ApprovalsPage, approval, approvals_list};

pub(crate) use ask::{AskForApproval, ask_for_approval, content_hash};

use sundry_domain::control::{Duty, LimitedAct};

/// Credit notes, as kept in an approval.
pub(crate) const CREDIT_NOTE: &str = "credit_note";
/// Write-offs, as kept in an approval.
pub(crate) const WRITE_OFF: &str = "write_off";
/// Write-backs, as kept in an approval.
pub(crate) const WRITE_BACK: &str = "write_back";

/// The duty it takes to decide a command of this name, the duty it took to ask, and the limit that counts.
pub(crate) fn needs(command: &str) -> Option<(Duty, Duty, LimitedAct)> {
    match command {
        CREDIT_NOTE => Some((Duty::ApproveCredit, Duty::ProposeCredit, LimitedAct::CreditNote)),
        WRITE_OFF => Some((Duty::ApproveWriteOff, Duty::ProposeWriteOff, LimitedAct::WriteOff)),
        WRITE_BACK => Some((Duty::ApproveWriteOff, Duty::ProposeWriteOff, LimitedAct::WriteBack)),
        "refund" => Some((Duty::ApproveRefund, Duty::ProposeRefund, LimitedAct::Refund)),
        _ => None,
    }
}
