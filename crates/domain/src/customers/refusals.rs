//! What customers refuses.
use crate::catalogue::refusals;

refusals! {
    /// Someone changed the customer after it was read.
    CHANGED = "CUS-CHANGED", "Customers", "Look at the account again, then make your change";
    /// The flag is over.
    FLAG_ENDED = "CUS-FLAG-ENDED", "BS-08", "Set a new flag with its own evidence";
    /// A file that was taken in before.
    ALREADY_IMPORTED = "CUS-ALREADY-IMPORTED", "Customers", "Nothing needs doing; send only what is new";
    /// The authority does not reach so far.
    AUTHORITY_BEYOND = "BS-07-BEYOND", "BS-07", "Ask for a deputy or an attorney whose document covers it";
    /// The authority is not in force.
    AUTHORITY_OVER = "BS-07-OVER", "BS-07", "Ask for the new document, and write to the customer until it comes";
    /// The document was not seen.
    AUTHORITY_UNPROVED = "BS-07-UNPROVED", "BS-07", "Add a copy of the document";
    /// A balance asked of a relative who never agreed to pay.
    RELATIVE = "BS-06-RELATIVE", "BS-06 5", "Ask the estate; a relative owes only by an agreement of their own";
    /// A case that is decided or over.
    CASE_STATE = "BS-CASE-STATE", "BS-03", "Open the case to see how it stands";
    /// A notice that was taken in before.
    NOTICE_TWICE = "BS-NOTICE-TWICE", "BS-03", "Nothing needs doing; open the case it made";
    /// A standard breathing space within twelve months of the last.
    TOO_SOON = "BS-01-TOO-SOON", "BS-01; SI 2020/1311", "Ask the debt adviser; record it once they have confirmed it";
    /// Only what is frozen for two can be freed for one, and only by a manager.
    NOT_JOINT = "BS-03-NOT-JOINT", "BS-03", "Record who else owes it, with the agreement, and ask a manager";
    /// An address or a bank account that someone else must check.
    CHANGE_WAITS = "CUS-18-WAITS", "CUS-18; CTL-01", "Decide the change that waits first";
    /// A change confirmed without a call back.
    NO_CALL_BACK = "CUS-18-CALL-BACK", "CUS-18; CTL-E3", "Call the customer on a number held before the change, then confirm";
}
