//! What feeder files refuse.
use crate::catalogue::refusals;

refusals! {
    /// The same file was sent before.
    SEEN = "BIL-08-SEEN", "BIL-08", "Look at the file that was sent before; send only what is new, or what was put right";
    /// The file does not come to what its sender says.
    CONTROL_TOTALS = "BIL-08-CONTROL-TOTALS", "BIL-08", "Ask the sender for the whole file, or for the right totals; nothing was taken";
    /// The file cannot be read at all.
    UNREADABLE = "BIL-08-UNREADABLE", "BIL-08", "Send it as CSV or a workbook with the headings of the feeder's set-up";
    /// A feeder that is switched off takes no files.
    SWITCHED_OFF = "BIL-08-SWITCHED-OFF", "BIL-08", "Switch the feeder on again in its set-up";
    /// A file is not in the state that the step needs.
    STATE = "BIL-08-STATE", "BIL-08", "Look at the file: it may be billed, stopped or withdrawn already";
    /// Another worker has taken the file.
    TAKEN_OVER = "BIL-08-TAKEN-OVER", "BIL-08", "Wait for the other worker, or look at how far the file is";
    /// No row of a file can be billed.
    NOTHING = "BIL-08-NOTHING", "BIL-08", "Put the rows right and send them again";
    /// The ledger does not hold what the file says.
    UNPROVED = "BIL-08-UNPROVED", "BIL-08", "Do not bill anything more; compare the file's invoices with the ledger";
    /// Someone else changed the set-up meanwhile.
    CHANGED = "BIL-08-CHANGED", "BIL-08", "Read the set-up again, then change it";
    /// No reject of that row waits.
    NO_REJECT = "BIL-08-NO-REJECT", "BIL-08", "Look at the list: it may be put right or set aside already";
}
