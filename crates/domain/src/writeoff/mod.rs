//! Giving up a debt, with evidence, by the right people, into the right register.
pub use crate::law::{UNECONOMIC_BELOW, WriteOffFacts, WriteOffReason, may_write_off};
