//! Use cases: a folder per room, a file per command or question.
//!
//! Every command is the same five steps: may they, load, decide, record, tell. Every
//! command carries an idempotency key, runs whole or not at all, and leaves an audit event.
pub mod approvals;
pub mod billing;
pub mod cash;
pub mod close;
pub mod control;
pub mod core;
pub mod court;
pub mod customers;
pub mod delivery;
pub mod jobs;
pub mod ledger;
pub mod plans;
pub mod queries;
pub mod recovery;
pub mod reports;
pub mod setup;
pub mod work;
pub mod writeoff;

pub use crate::core::actor::{Actor, Channel};
pub use crate::core::desk::{Desk, Mode};
pub use crate::core::outcome::{Fault, No, Outcome};

/// What each room puts into a newly opened organisation.
pub(crate) async fn seeds(cmd: &mut crate::core::command::Command) -> Outcome<()> {
    cash::seed(cmd).await?;
    delivery::seed(cmd).await?;
    recovery::seed(cmd).await?;
    delivery::seed_court_forms(cmd).await
}
