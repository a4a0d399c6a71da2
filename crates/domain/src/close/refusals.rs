//! What close refuses.
use crate::catalogue::refusals;

refusals! {
    /// A difference that nobody explains.
    PROOF_UNEXPLAINED = "GL-03-UNEXPLAINED", "GL-03", "Find the difference, or say in words what it is";
    /// Reviewing one's own proof.
    PROOF_OWN_WORK = "GL-03-OWN-PROOF", "CTL-01", "Ask a colleague to review it";
    /// A proof that was reviewed or sent back.
    PROOF_DECIDED = "GL-03-PROOF-DECIDED", "GL-03", "Prepare a new proof";
    /// A day that has not come.
    PROOF_TOO_EARLY = "GL-03-PROOF-TOO-EARLY", "GL-03", "Prepare the proof on or after that day";
    /// The loss rates cannot be used.
    ALLOWANCE_MATRIX = "GL-07-MATRIX", "GL-07", "Enter seven rates for each class, the last class for every other debt";
    /// A run of the day stands already, or waits.
    ALLOWANCE_AGAIN = "GL-07-RUN-WAITS", "GL-07", "Decide on the run that waits, then make another";
    /// The books have moved.
    ALLOWANCE_CHANGED = "GL-07-CHANGED", "GL-07", "Make the run again: the debts or the allowance have changed";
}
