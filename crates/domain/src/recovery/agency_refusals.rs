//! What is refused with agencies and in tracing.
use crate::catalogue::refusals;

refusals! {
    /// A debt is part of a claim.
    AT_COURT = "REC-07-AT-COURT", "REC-07", "Go on with the claim, or withdraw it first";
    /// The agency is closed to new debts.
    AGENCY_CLOSED = "REC-07-AGENCY-CLOSED", "REC-07", "Choose another agency";
    /// Below what the agency takes.
    BELOW_AGENCY = "REC-07-BELOW-AGENCY", "REC-07", "Choose another agency, or propose a write-off";
    /// A row that every agency would send back.
    ROW_LACKS = "REC-07-ROW-LACKS", "REC-07; formats/27", "Complete the customer's name or address";
    /// Nothing that was chosen may be placed.
    NOTHING_TO_PLACE = "REC-07-NOTHING", "REC-07", "Choose customers whom the preview lets go";
    /// Nothing is left to pay: the placement ends.
    PAID = "REC-07-PAID", "REC-07; DUN-15", "Nothing: the agency is told today";
    /// The placement is over.
    NOT_PLACED = "REC-07-NOT-PLACED", "REC-07", "Look at where the placement stands";
    /// A file of an agency that cannot be taken.
    AGENCY_FILE = "REC-07-FILE", "REC-07", "Ask the agency for a file that agrees with its own totals";
    /// A statement that came before.
    STATEMENT_AGAIN = "REC-07-STATEMENT-AGAIN", "REC-07", "Nothing: it was posted once; ask the agency if it means another";
    /// A statement is missing before this one.
    STATEMENT_GAP = "REC-07-STATEMENT-GAP", "REC-07", "Bring in the statement between them first, or accept the gap with a reason";
    /// A reversal of what was never paid.
    REVERSAL_UNKNOWN = "REC-07-REVERSAL", "REC-07", "Ask the agency which payment it takes back";
    /// Terms that were changed meanwhile.
    AGENCY_CHANGED = "REC-07-CHANGED", "reliability P04", "Look at what it says now and try again";
    /// A search in a source that may not be used.
    SOURCE_OFF = "REC-08-SOURCE", "REC-08; Local Government Finance Act 1992", "Use another source, or have the agreement recorded in the settings";
    /// An answer to nothing that was asked.
    UNKNOWN_REQUEST = "REC-08-UNKNOWN-REQUEST", "REC-08; formats/28", "The rows are held: ask the bureau whose they are";
    /// A found address that is not sure enough.
    NOT_SURE = "CUS-17-CONFIDENCE", "CUS-17; REC-08", "Write a letter that only asks whether this is the person, or search another source";
    /// A found address where somebody must look first.
    RESTRICTED = "CUS-17-RESTRICTED", "CUS-17; formats/28", "Nothing goes there by itself: a team leader decides with the safeguarding lead";
    /// A found address that was decided.
    ADDRESS_DECIDED = "CUS-17-DECIDED", "CUS-17", "Look at what was decided";
    /// Nobody was asked.
    NO_CALL_BACK = "CUS-17-CALL-BACK", "CUS-18", "Say how it was confirmed: with whom, on which number, when";
}
