//! What contracts and the periodic run refuse.
use crate::catalogue::refusals;

refusals! {
    /// A day to be charged has no rate.
    NO_RATE = "BIL-06-NO-RATE", "BIL-06", "Enter the rate from that day on, or end the charge the day before";
    /// A period needs dates of terms that nobody entered.
    NO_TERM = "BIL-03-NO-TERM", "BIL-03", "Enter the dates of the terms, then run again";
    /// A charge in force has nobody to pay it.
    NO_PAYER = "BIL-06-NO-PAYER", "NHS-07; BIL-06", "Enter who pays from that day on";
    /// An amount larger than any door accepts.
    TOO_LARGE = "BIL-06-TOO-LARGE", "BIL-06", "Check the rate and the quantity";
    /// Someone else changed the contract meanwhile.
    CHANGED = "BIL-03-CHANGED", "BIL-03", "Read it again, then change it";
    /// A contract that has charges cannot change its cycle.
    CYCLE_BILLED = "BIL-03-CYCLE-BILLED", "BIL-03", "End this contract and open a new one from the next period";
    /// A billing run is not in the state that the step needs.
    RUN_STATE = "BIL-10-RUN-STATE", "BIL-10", "Look at the run: it may be released, stopped or done already";
    /// Another worker has taken the run.
    RUN_TAKEN_OVER = "BIL-10-TAKEN-OVER", "BIL-10", "Wait for the other worker, or look at the run's progress";
    /// A later run waits for an earlier one.
    RUN_UNFINISHED = "BIL-10-UNFINISHED", "BIL-10", "Finish or withdraw the earlier run first";
    /// The ledger does not hold what the run says.
    CONTROL_TOTALS = "BIL-10-CONTROL-TOTALS", "BIL-10", "Do not raise anything more; ask for the run's proof and compare";
    /// A contract cannot be billed as its customer stands.
    PARKED = "BIL-10-PARKED", "BIL-10", "Put right what is said, then run again: what was left out is billed then";
    /// The customer would send the invoice back by their own rules.
    RECEIVER = "BIL-16-RECEIVER", "BIL-16", "Enter on the contract what the customer asks for, or mend the customer's own rules; then run again";
    /// An uplift that changes nothing.
    NO_UPLIFT = "BIL-04-NOTHING", "BIL-04", "Choose another service or date, or an amount that changes a rate";
    /// An uplift is not in the state that the step needs.
    UPLIFT_STATE = "BIL-04-STATE", "BIL-04", "Look at the uplift: it waits for a yes, was refused, applied or taken back";
    /// An uplift is in force.
    UPLIFT_BEGUN = "BIL-04-BEGUN", "BIL-04", "Set another rate from a day to come; what was billed is adjusted by the next run";
    /// The book has changed since the uplift was previewed.
    UPLIFT_CHANGED = "BIL-04-CHANGED", "BIL-04", "Look at the new preview, then apply it";
}
