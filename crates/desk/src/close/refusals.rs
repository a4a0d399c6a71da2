//! Refusals of closing.
use sundry_domain::refusal::RefusalKind;

/// There is no journal to send.
pub const NOTHING_TO_SEND: RefusalKind = RefusalKind {
    code: "GL-03-NOTHING-TO-SEND",
    rule: "domain GL-03",
    way_out: "Every journal up to that day is in a batch already. Choose a later day.",
};
/// A batch had its answer.
pub const BATCH_ANSWERED: RefusalKind = RefusalKind {
    code: "GL-03-BATCH-ANSWERED",
    rule: "domain GL-03",
    way_out: "An accepted batch stays accepted. Reverse its journals with new ones.",
};
/// The control account is not what is open.
pub const DIFFERENCE: RefusalKind = RefusalKind {
    code: "GL-03-DIFFERENCE",
    rule: "domain GL-03",
    way_out: "Run the proof and put right what it names before you close.",
};
/// Journals of the period are not yet accepted by the general ledger.
pub const NOT_ACCEPTED: RefusalKind = RefusalKind {
    code: "GL-03-NOT-ACCEPTED",
    rule: "domain GL-03",
    way_out: "Make the batch, send it, and enter the general ledger's answer.",
};
/// A period that has not ended.
pub const NOT_ENDED: RefusalKind =
    RefusalKind { code: "GL-04-NOT-ENDED", rule: "domain GL-04", way_out: "Close the period after its last day." };
/// A later period has moved its income in advance.
pub const LATER_MOVED: RefusalKind = RefusalKind {
    code: "GL-02-LATER-MOVED",
    rule: "domain GL-02",
    way_out: "Move it at the end of the latest period: it comes out right there.",
};
/// Income in advance that the period has not moved.
pub const NOT_MOVED: RefusalKind = RefusalKind {
    code: "GL-02-NOT-MOVED",
    rule: "domain GL-02",
    way_out: "Move the period's income in advance, then close it.",
};
/// All of the room.
pub const ALL: &[RefusalKind] =
    &[NOTHING_TO_SEND, BATCH_ANSWERED, DIFFERENCE, NOT_ACCEPTED, NOT_ENDED, LATER_MOVED, NOT_MOVED];
