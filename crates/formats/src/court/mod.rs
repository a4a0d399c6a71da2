//! Bulk claims to the county court: requests out, answers in (HMCTS Secure Data Transfer).
//!
//! What is written is read back by the same rules before it leaves: a file that would be refused is never made.

mod answers;
mod matched;
mod model;
mod read;
mod received;
mod shape;
mod text;
mod write;

pub use answers::{
    BulkAnswer, Defence, DefenceKind, Feedback, FeedbackItem, FeedbackStatus, SdtError, read_defences, read_feedback,
    read_submitted,
};
pub use matched::{Held, Matched, Outcome, match_feedback};
pub use model::{
    Address, BreathingSpaceKind, BreathingSpaceNotice, Claim, ClaimInterest, CourtBatch, CourtRequest, Defendant,
    Judgment, JudgmentKind, PaymentSchedule, Request, StatusUpdate, StatusUpdateKind, Warrant,
};
pub use read::{read_bulk, read_request};
pub use received::{CourtAnswer, read_answer};
pub use text::{PARTICULARS_LINES, PARTICULARS_WIDTH, Plain, particulars, plain};
pub use write::{LARGEST_CLAIM, write_bulk};

#[cfg(test)]
mod tests;
