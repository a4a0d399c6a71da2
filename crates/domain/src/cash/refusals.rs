//! What the cash room refuses.
use crate::refusal::RefusalKind;

/// More is set against an item than is open on it.
pub const MORE_THAN_OPEN: RefusalKind = RefusalKind {
    code: "GL-E12-MORE-THAN-OPEN",
    rule: "GL-02",
    way_out: "Allocate no more than the open amount, and leave the rest on the account.",
};

/// The amounts come to more than the receipt has left.
pub const MORE_THAN_RECEIPT: RefusalKind = RefusalKind {
    code: "GL-02-MORE-THAN-RECEIPT",
    rule: "GL-02",
    way_out: "Lower the amounts until they add up to what is left of the receipt.",
};

/// The item is cleared, reversed or not on the books.
pub const ITEM_NOT_OPEN: RefusalKind = RefusalKind {
    code: "GL-02-ITEM-NOT-OPEN",
    rule: "GL-02",
    way_out: "Choose an open item, or leave the money on the account.",
};

/// Nothing, or less than nothing, would be allocated.
pub const NOTHING_TO_ALLOCATE: RefusalKind = RefusalKind {
    code: "GL-02-NOTHING-TO-ALLOCATE",
    rule: "GL-02",
    way_out: "Enter an amount above £0.00, or leave the item out.",
};

/// The allocation was reversed before.
pub const ALREADY_REVERSED: RefusalKind = RefusalKind {
    code: "GL-02-ALREADY-REVERSED",
    rule: "GL-02",
    way_out: "Allocate the receipt again if the reversal was a mistake.",
};

/// Every refusal of the room, in order of precedence.
pub const ALL: &[RefusalKind] =
    &[ITEM_NOT_OPEN, NOTHING_TO_ALLOCATE, MORE_THAN_OPEN, MORE_THAN_RECEIPT, ALREADY_REVERSED];
