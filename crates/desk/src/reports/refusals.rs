//! Refusals of reports.
use sundry_domain::refusal::RefusalKind;

/// A listing whose columns are not named cannot be reconciled.
pub const LISTING_COLUMNS: RefusalKind = RefusalKind {
    code: "G7-LISTING-COLUMNS",
    rule: "G7",
    way_out: "Name the columns of the list first: at least the one that holds the amount.",
};
/// A listing that is signed stays as it is.
pub const LISTING_SIGNED: RefusalKind =
    RefusalKind { code: "G7-LISTING-SIGNED", rule: "G7", way_out: "Bring the list again as a new reconciliation." };
/// A listing that is not reconciled cannot be signed.
pub const LISTING_NOT_DONE: RefusalKind = RefusalKind {
    code: "G7-LISTING-NOT-DONE",
    rule: "G7",
    way_out: "Let the reconciliation end, look at it, and sign then.",
};
/// Signing one's own reconciliation.
pub const LISTING_OWN_WORK: RefusalKind =
    RefusalKind { code: "G7-LISTING-OWN-WORK", rule: "CTL-01", way_out: "Ask a colleague to review and sign it." };
/// Neither customers nor the whole ledger nor a second file stand on our side.
pub const LISTING_NO_SIDE: RefusalKind = RefusalKind {
    code: "G7-LISTING-NO-SIDE",
    rule: "G7",
    way_out: "Name the customers, choose the whole ledger, or send our own list as a second file.",
};
/// All of the room.
pub const ALL: &[RefusalKind] = &[LISTING_COLUMNS, LISTING_SIGNED, LISTING_NOT_DONE, LISTING_OWN_WORK, LISTING_NO_SIDE];
