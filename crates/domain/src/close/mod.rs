//! Close: the proof of each account that must be explained before a period ends (GL-03).
mod advance;
mod allowance;
mod proof;
pub mod refusals;

pub use advance::ahead;
pub use allowance::{
    AllowanceBook, AllowanceLine, AllowanceMovement, BUCKETS, ClassRates, DebtToCover, Matrix, book, bucket_of,
    default_matrix, movement,
};
pub use proof::{ClearingEntry, Group, OpenLine, Proof, ProofKind, clear};
