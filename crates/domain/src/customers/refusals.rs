//! What customers refuses.
use crate::catalogue::refusals;

refusals! {
    /// Someone changed the customer after it was read.
    CHANGED = "CUS-CHANGED", "Customers", "Look at the account again, then make your change";
    /// The flag is over.
    FLAG_ENDED = "CUS-FLAG-ENDED", "BS-08", "Set a new flag with its own evidence";
    /// A file that was taken in before.
    ALREADY_IMPORTED = "CUS-ALREADY-IMPORTED", "Customers", "Nothing needs doing; send only what is new";
}
