//! Close: the proof of each account that must be explained before a period ends (GL-03).
mod advance;
mod proof;
pub mod refusals;

pub use advance::ahead;
pub use proof::{ClearingEntry, Group, OpenLine, Proof, ProofKind, clear};
