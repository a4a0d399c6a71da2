//! What the figures say, as at any day, and why.
pub mod aged_debt;
mod drill;
pub mod explain;
pub mod exports;
pub mod listing;
pub mod refusals;

use crate::Outcome;
use crate::core::actor::Actor;
use sundry_domain::control::Duty;

/// Refuses someone who may not see reports.
pub(crate) fn refused_report(by: &Actor) -> Outcome<()> {
    Ok(by.must_hold(Duty::RunReports)?)
}
