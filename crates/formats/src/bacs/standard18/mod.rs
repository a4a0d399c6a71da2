//! The Bacs submission file: debits, credits and instructions, with labels and contras, to the byte.
//!
//! [`write`] refuses every field that does not fit; [`read`] takes a file apart again and proves it. Neither asks what
//! day it is or whose instruction stands: that is for whoever calls.

mod read;
mod record;
mod write;

pub use read::{Parsed, read};
pub use record::{Code, Contra, LineEnd, Origin, Record, Submission, Totals, Written};
pub use write::write;

#[cfg(test)]
mod tests;
