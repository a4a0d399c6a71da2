//! What Direct Debit refuses.
use crate::catalogue::refusals;

refusals! {
    /// No service user is set up.
    NO_SERVICE_USER = "DD-01-NO-SERVICE-USER", "DD-01", "Ask an administrator to enter the service user number and the account that collects";
    /// No weight table in force.
    NO_TABLE = "DD-12-NO-TABLE", "DD-12", "Ask an administrator to load the current weight table";
    /// The number is not possible for the sort code.
    BAD_ACCOUNT = "DD-12-BAD-ACCOUNT", "DD-12", "Ask the payer to read the sort code and account number again";
    /// A weight table of this version with other contents.
    TABLE_DIFFERS = "DD-12-TABLE-DIFFERS", "DD-12", "Give the table the version its publisher gave it";
    /// A step a mandate cannot take from where it is.
    STATE = "DD-01-STATE", "DD-01", "Look at the mandate again to see what happened to it";
    /// A reference that the scheme does not allow or that was used before.
    REFERENCE = "DD-01-REFERENCE", "DD-01", "Choose another reference of 6 to 18 letters and digits";
    /// A mandate in place of a cancelled one, without fresh authority.
    FRESH_AUTHORITY = "DD-01-FRESH-AUTHORITY", "DD-01", "Ask the payer for a new authority, dated after the cancellation";
    /// The guarantee's words are not loaded.
    NO_GUARANTEE = "DD-05-NO-GUARANTEE", "DD-05", "Load the words of the Guarantee from the sponsoring bank's pack";
    /// The mandate is not active.
    NOT_ACTIVE = "DD-01-NOT-ACTIVE", "DD-01", "Wait until the instruction is accepted, or set up a new one";
    /// The instruction has not stood long enough.
    LEAD_TIME = "DD-03-LEAD-TIME", "DD-03", "Collect on or after the day named";
    /// Two years without a collection.
    DORMANT = "DD-08-DORMANT", "DD-08", "Set up a new instruction with the payer's authority";
    /// An advice about the instruction waits.
    ADVICE_WAITS = "DD-06-ADVICE-WAITS", "DD-06", "Deal with the held items of the bank's reports first";
    /// No advance notice.
    NO_NOTICE = "DD-04-NO-NOTICE", "DD-04", "Send advance notice of the amount and the day";
    /// The notice does not give the days agreed.
    SHORT_NOTICE = "DD-04-SHORT-NOTICE", "DD-04", "Collect later, or send fresh notice for a later day";
    /// Earlier than notified.
    TOO_EARLY = "DD-04-TOO-EARLY", "DD-04", "Collect on the day notified";
    /// More than three working days after the notified day.
    TOO_LATE = "DD-04-TOO-LATE", "DD-04", "Send fresh notice for a later day";
    /// The amount is not the one notified.
    AMOUNT_DIFFERS = "DD-04-AMOUNT", "DD-04", "Send fresh notice of the new amount";
    /// The debt or the customer is held.
    HELD = "DD-05-HELD", "DD-05", "Wait until the hold ends, or ask the payer whether the collection should go on";
    /// A claim waits for a person.
    CLAIM_OPEN = "DD-05-CLAIM-OPEN", "DD-05", "Decide the claim first";
    /// Regular before the first is paid.
    FIRST_UNPAID = "DD-02-FIRST-UNPAID", "DD-02", "Wait until the first collection is paid";
    /// Final without a yes.
    FINAL_NOT_CONFIRMED = "DD-02-FINAL", "DD-02", "Confirm that nothing will be owed later: the final collection closes the instruction";
    /// The same payer, amount and day twice.
    TWICE = "DD-02-TWICE", "DD-02", "Leave one of them out, or collect them as one";
    /// A re-presentation the scheme does not allow.
    NOT_AGAIN = "DD-07-NOT-AGAIN", "DD-07", "Collect again with full advance notice, or agree another way to pay";
    /// A re-presentation for another amount.
    AGAIN_AMOUNT = "DD-07-AMOUNT", "DD-07", "Present exactly the amount that came back, and collect the rest with notice";
    /// A re-presentation too late.
    AGAIN_LATE = "DD-07-LATE", "DD-07", "Collect again with full advance notice";
    /// Too many re-presentations.
    AGAIN_OFTEN = "DD-07-OFTEN", "DD-07", "Tell the payer and offer another way to pay";
    /// Over the limits the bank gave the service user.
    OVER_LIMIT = "DD-09-LIMIT", "DD-09", "Make smaller runs, or ask the bank for a higher limit";
    /// Nothing to send.
    NOTHING = "DD-09-NOTHING", "DD-09", "Send advance notices first, or choose another day";
    /// A run that is not in the state for the step.
    RUN_STATE = "DD-09-RUN-STATE", "DD-09", "Look at the run again to see what happened to it";
    /// Another run is under way.
    RUN_OPEN = "DD-09-RUN-OPEN", "DD-09", "Finish or refuse the run that is under way";
    /// What was approved is not what stands now.
    RUN_CHANGED = "DD-09-RUN-CHANGED", "DD-09", "Look at the run again and ask for a fresh approval";
    /// The day's input window is over.
    INPUT_PAST = "DD-03-INPUT-PAST", "DD-03", "Choose a later collection day: input is two working days before it";
    /// A report that cannot be taken.
    REPORT = "DD-09-REPORT", "DD-09", "Keep the file and ask the bank or bureau; nothing was changed";
    /// A report of another service user.
    OTHER_SUN = "DD-09-OTHER-SUN", "DD-09", "Give the report to the organisation whose number it bears";
    /// A receipt by Direct Debit reversed by hand.
    BY_REPORT = "DD-06-BY-REPORT", "DD-06", "Import the bank's report: it reverses the collection and says why";
    /// Bank line and run do not agree.
    BANK_DIFFERS = "DD-09-BANK-DIFFERS", "GL-03", "Find the line of this amount, or look into the difference";
}
