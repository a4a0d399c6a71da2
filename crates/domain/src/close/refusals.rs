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
}
