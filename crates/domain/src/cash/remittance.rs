//! Applying the payer's own list: what is refused.
use crate::refusal::RefusalKind;

/// The advice and the receipt are not the same sum, or not all of it is ours.
pub const NOT_THE_SUM: RefusalKind = RefusalKind {
    code: "CSH-04-NOT-THE-SUM",
    rule: "CSH-04",
    way_out: "Check that it is the advice of this receipt. If all of it is one customer's, keep the rest on the account.",
};
/// No line names an open item.
pub const NOTHING_FOUND: RefusalKind = RefusalKind {
    code: "CSH-04-NOTHING-FOUND",
    rule: "CSH-04",
    way_out: "Check that the file is the advice of this receipt, or allocate by hand.",
};
/// These, in order of precedence.
pub const ALL: &[RefusalKind] = &[NOTHING_FOUND, NOT_THE_SUM];
