//! Charges that other systems send: what a row must say, what rows must agree on, and the sender's control totals.
mod field;
pub mod refusals;
mod row;
mod together;
mod totals;

pub use field::Field;
pub use row::{Charge, Coding, Defaults, Fault, Given, read_charge};
pub use together::{Before, Known, against_before, one_document, twice_in_file};
pub use totals::{Totals, agree};

#[cfg(test)]
mod tests;
