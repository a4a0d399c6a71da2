//! What recovery refuses.
use crate::catalogue::refusals;

refusals! {
    /// The document did not arrive, or came back.
    NOT_RECEIVED = "REC-04-NOT-RECEIVED", "DEL-06; REC-04", "Send the document again first; the chase goes on when it was sent";
    /// A net remittance that does not add up.
    REMITTANCE_DIFFERS = "REC-07-REMITTANCE", "REC-07", "Query the remittance with the agency";
    /// No address that a letter could go to.
    UNREACHABLE = "REC-04-UNREACHABLE", "REC-04", "Find an address, or an e-mail address the customer agrees to";
    /// A second statement on the same day.
    STATEMENT_TODAY = "REC-STATEMENT-TODAY", "DEL-05", "Print a copy of today's statement, or write another tomorrow";
    /// A letter that cannot be written, or a customer who cannot be decided: only that one waits.
    PARKED = "REC-PARKED", "reliability P17", "Put right what is named: the next run tries it again";
    /// A day that has not come.
    RUN_FUTURE = "REC-RUN-FUTURE", "Runs", "Release the run on its day; a preview may look ahead";
    /// A day before one that was released.
    RUN_ORDER = "REC-RUN-ORDER", "Runs", "Release today's run: it catches up what was missed";
    /// Another worker took the run over.
    RUN_TAKEN_OVER = "REC-RUN-TAKEN-OVER", "reliability P11", "Nothing: the other worker finishes the run";
}
