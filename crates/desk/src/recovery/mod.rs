//! From the first reminder to the decision, run by date: preview and release are the same function.
pub mod agencies;
mod case;
mod charges;
pub mod contract_fees;
mod day;
pub mod debt_facts;
mod facts;
mod interest;
mod letters;
mod out_of_time;
pub mod pathways;
pub mod pay_calculation;
mod pay_letter;
pub mod people;
mod recorded;
mod release;
mod restarts;
mod run_shown;
mod runs;
mod statements;
mod step_charges;
pub mod taking_back;
pub mod tracing;
mod waive;

pub use case::{CaseView, NextView, case};
pub use charges::{ChargesPosted, ChargesView, PostCharges, charges, post_charges};
pub(crate) use charges::{bears_fee, charged, give_way_to_judgment};
pub(crate) use contract_fees::{fee_approved, fee_refused};
pub use day::{
    DayPreview, DayTotals, LetterTotal, PlannedItem, PlannedLetter, PlannedRefusal, PlannedStep, PlannedTask,
    preview_day,
};
pub(crate) use interest::frozen_of;
pub use interest::{InterestView, statutory_interest};
pub(crate) use pathways::{PATHWAY, pathway_approved, pathway_refused, seed, trial_approved};
pub use pathways::{PathwayDraft, PathwayView, pathway, pathway_draft, pathway_drafts, pathways};
pub use release::{DayReleased, ReleaseDay, release_day};
pub(crate) use restarts::Restarts;
pub use run_shown::{RunShown, run_shown};
pub use runs::{RunView, run, runs};
pub use statements::{
    SendStatements, StatementPlanned, StatementsAsk, StatementsPreview, StatementsWritten, preview_statements,
    send_statements,
};
pub(crate) use waive::waiver_approved;
pub use waive::{ChargeWaived, WaiveCharge, waive_charge};
