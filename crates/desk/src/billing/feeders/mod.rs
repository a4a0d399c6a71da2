//! Feeders: charges that other systems send in files, checked whole, billed once, their rejects kept until put right.
mod judge;
mod plan;
mod rejects;
mod release;
mod send;
mod setup;
mod show;

pub use plan::FeederTotals;
pub use rejects::{AsideSet, RejectsTable, SetRejectAside, rejects_list, rejects_table, set_reject_aside};
pub use release::{
    FeederFileTurned, ReleaseFeederFile, TurnFeederFile, release_feeder_file, stop_feeder_file, withdraw_feeder_file,
};
pub use send::{FeederFileSent, SendFeederFile, send_feeder_file};
pub use setup::{FeederChoices, FeederSet, FeederShown, SetFeeder, feeder, feeder_choices, feeders, set_feeder};
pub use show::{
    FaultSeen, FeederFileShown, FeederFilesAsk, behind_invoice, feeder_file, feeder_file_invoices, feeder_files,
};

/// Told how many invoices are done, and of how many.
pub type FeederProgress<'a> = &'a (dyn Fn(i64, i64) + Send + Sync);
