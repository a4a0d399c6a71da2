//! All SQL. A file per room beside the engine; answers are domain types or plain rows.
//!
//! Every statement is written once, in PostgreSQL's dialect, and runs on SQLite too.
//! `sql!` marks each one, so that a test can prepare them all on both engines.
pub mod activity;
pub mod agency;
pub mod allowance;
pub mod bank_files;
pub mod billing;
pub mod cash;
pub mod cash_counter;
pub mod cash_refunds;
pub mod cash_suspense;
pub mod close;
pub mod collections;
pub mod contracts;
pub mod control;
pub mod control_code;
pub mod control_proof;
pub mod control_services;
pub mod court;
pub mod court_answers;
pub mod court_estates;
pub mod customers;
pub mod delivery;
pub mod engine;
pub mod event_words;
pub mod evidence;
pub mod feeders;
pub mod jobs;
pub mod ledger;
pub mod limitation;
pub mod listing;
pub mod mandates;
pub mod people;
pub mod plans;
pub mod proof;
pub mod queries;
pub mod recovery;
pub mod reports;
pub mod requests;
pub mod standing_order;
pub mod takings;
pub mod trace;
pub mod work;
pub mod writeoff;

pub use engine::{Arg, Db, Engine, StoreFault, Tx};

/// Marks a statement for the test that prepares every one on both engines.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $text
    };
}

/// The arguments of a statement, in the order of its `$1`, `$2` ….
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Arg::from($value)),*] };
}
