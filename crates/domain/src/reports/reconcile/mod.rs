//! Two large lists against each other: a funder's own listing and our ledger (G7).
//!
//! Rows are joined by their references first; what is left is weighed by the
//! matcher of the cash room, in which every item of ours stands alone. Each
//! pair, and each row without one, becomes a [`Line`] with a class and a
//! sentence, so that [`Proof`] holds to the penny: their total and the
//! differences of all lines make our total. Work grows as n log n: no step
//! compares a list with a list.
mod classify;
mod facts;
mod line;
mod pair;
mod prove;
#[cfg(test)]
mod tests;

pub use facts::{Basis, OurKind, OurRow, Rules, Said, TheirRow};
pub use line::{Change, Class, Line};
pub use pair::{Judged, Reconciled, Reconciler};
pub use prove::{Before, ClassSum, Gone, Proof, changes};
