//! What the ledger refuses.
use crate::catalogue::refusals;

refusals! {
    /// Debits and credits differ, or a line has both or neither.
    NOT_BALANCED = "GL-01-NOT-BALANCED", "GL-01", "Make the debits equal the credits";
    /// Posting to a closed period.
    PERIOD_CLOSED = "GL-04-PERIOD-CLOSED", "GL-04", "Post in the open period, or ask the head of finance to re-open this one";
    /// A journal typed straight to the control account.
    DIRECT_TO_CONTROL = "GL-02-DIRECT-TO-AR", "GL-02", "Raise an invoice, a credit note or a transfer: only events post to the control account";
    /// More than is open on the item, or on the credit.
    ABOVE_OPEN = "GL-02-ABOVE-OPEN", "GL-02", "Allocate at most what is open";
    /// Nothing, or less.
    NOT_POSITIVE = "GL-02-NOT-POSITIVE", "GL-02", "Enter an amount above zero";
    /// A period cannot go from where it is to where it was sent.
    PERIOD_STATE = "GL-04-PERIOD-STATE", "GL-04", "Close users first, then the ledger; re-open only a closed period";
}
