//! Activity against contract: what was delivered is billed only where a contract says so, at its rate (BIL-05, BIL-07).
mod held;
pub mod refusals;
#[cfg(test)]
mod tests;
mod told;

pub use held::{Fit, Held, Offer, OfferLine, hold_against};
pub use told::{HeldBecause, NotBillable, Told, check_told, unit_of};
