//! Direct Debit, the whole circle: set up, lodged, notified, collected, come back, claimed.
//!
//! Sundry makes the file and reads the reports; the bank's software or a bureau carries both.
mod act;
mod apply;
mod bank;
mod bank_check;
mod change_bank;
mod claims;
mod common;
mod daily;
mod file;
mod give_back;
mod import;
mod letters;
mod notify;
mod plan;
mod release;
mod represent;
mod run;
mod service_user;
mod set_up;
mod view;
mod words;

pub(crate) use act::cancel_all;
pub use act::{MandateAct, MandateActed, act_on_mandate};
pub use bank::{BankSettled, SettleBankLine, settle_bank_line};
pub use bank_check::{
    BankChecked, LoadModulusTable, ModulusLoaded, check_bank, load_modulus_table, modulus_table_in_force,
};
pub use change_bank::{BankChangeAsked, ChangeMandateBank, change_mandate_bank};
pub use claims::{ClaimDecided, DecideClaim, decide_claim};
pub use daily::{AgedMandates, age_mandates};
pub use import::{
    ImportBacsReport, ItemSettled, ReportTaken, ReportsTaken, SettleReportItem, import_bacs_report, settle_report_item,
};
pub use notify::{
    CollectionChanged, MarkFinal, Notified, NotifyCollections, WithdrawCollection, mark_final, notify_collections,
    withdraw_collection,
};
pub use plan::{PlannedCollection, PlannedRefusal, RunPreview, preview_run};
pub use release::{ReleaseRun, RunReleased, release_run};
pub use represent::{RepresentCollection, Represented, represent_collection};
pub use run::{AskRun, MarkSent, RunAsked, RunMarked, ask_run, mark_run_sent};
pub use service_user::{Agreed, ServiceUserSet, ServiceUserShown, SetServiceUser, service_user, set_service_user};
pub use set_up::{MandateSetUp, SetUpMandate, set_up_mandate};
pub use view::{
    DirectDebitSummary, MandateView, ReportView, RunView, bacs_report, bacs_reports, claims, collection_run,
    collection_runs, direct_debits, held_report_items, mandate, mandates_list, mandates_of, run_file,
    unpaid_collections,
};

pub(crate) use change_bank::carry_out_change;
pub(crate) use common::seed;
pub(crate) use give_back::refuse_by_hand;
pub(crate) use run::{carry_out_run, refuse_run};

/// The approval of a collection run.
pub(crate) const COLLECTION_RUN: &str = "collection_run";
/// The approval of new bank details.
pub(crate) const MANDATE_BANK: &str = "mandate_bank";
