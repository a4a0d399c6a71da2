//! What activity refuses.
use crate::catalogue::refusals;

refusals! {
    /// The same file was taken in before.
    FILE_TWICE = "BIL-05-FILE-TWICE", "BIL-05", "Send only what is new; to put lines right, send them again as a correction with a reason";
    /// A line is not among the exceptions any more.
    NOT_HELD = "BIL-05-NOT-HELD", "BIL-05", "Look at the line: it was accepted, explained or replaced already";
    /// A line that no contract covers cannot be let through.
    NO_OVERRIDE = "BIL-05-NO-OVERRIDE", "BIL-05", "Correct the line, assign it to a contract, change the contract, or explain why it is not billed";
    /// A line waits for someone else's yes.
    WAITS = "BIL-05-WAITS", "BIL-05", "Decide the approval first";
    /// Someone else changed the line meanwhile.
    LINE_CHANGED = "BIL-05-CHANGED", "BIL-05", "Read the line again, then decide";
}
