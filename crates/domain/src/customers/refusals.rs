//! What customers refuses.
use crate::catalogue::refusals;

refusals! {
    /// Someone changed the customer after it was read.
    CHANGED = "CUS-CHANGED", "Customers", "Look at the account again, then make your change";
    /// The flag is over.
    FLAG_ENDED = "CUS-FLAG-ENDED", "BS-08", "Set a new flag with its own evidence";
    /// A file that was taken in before.
    ALREADY_IMPORTED = "CUS-ALREADY-IMPORTED", "Customers", "Nothing needs doing; send only what is new";
    /// The flag of a case.
    FLAG_OF_CASE = "CUS-FLAG-OF-CASE", "BS-03", "End the case: its flag ends with it";
    /// An address or a bank account that someone else must check.
    CHANGE_WAITS = "CUS-18-WAITS", "CUS-18; CTL-01", "Decide the change that waits first";
    /// A change confirmed without a call back.
    NO_CALL_BACK = "CUS-18-CALL-BACK", "CUS-18; CTL-E3", "Call the customer on a number held before the change, then confirm";
}
