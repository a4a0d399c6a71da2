//! Pages: one file each, with a typed context, its template, and samples of its states.
//!
//! Handlers fill the contexts; nothing here asks the desk. Every context has a
//! [`Frame`](super::ui::Frame) and a `heading()`, which is the `<h1>` and the start of the title.

mod plain;
#[cfg(test)]
mod sampled;
#[cfg(test)]
mod samples;

pub mod account;
pub mod account_forms;
pub mod activity;
pub mod admin;
pub mod aged_debt;
pub mod allocation;
pub mod allowance;
pub mod amendment;
pub mod api_docs;
pub mod approvals;
pub mod ask;
pub mod backing;
pub mod bank_files;
pub mod billing;
pub mod billing_runs;
pub mod bulk;
pub mod cards;
pub mod cash;
pub mod cash_desk;
pub mod causes;
pub mod close;
pub mod complaints;
pub mod completeness;
pub mod contracts;
pub mod csv_layout;
pub mod customers;
pub mod dashboard;
pub mod delivery;
pub mod deposits;
pub mod direct_debit;
pub mod escalation;
pub mod explain;
pub mod feeder_setup;
pub mod feeders;
pub mod file_check;
pub mod hand_receipt;
pub mod help;
pub mod interest;
pub mod invoice_form;
pub mod invoice_view;
pub mod jobs;
pub mod letter_edit;
pub mod letters;
pub mod listing;
pub mod mail;
pub mod mandate;
pub mod matcher;
pub mod me;
pub mod pathway;
pub mod payment_terms;
pub mod problem;
pub mod proof;
pub mod proofs;
pub mod queries;
pub mod query;
pub mod query_categories;
pub mod receipt_acts;
pub mod receiver;
pub mod recovery_run;
pub mod refer;
pub mod remittance;
pub mod reports;
pub mod request;
pub mod requests;
pub mod search;
pub mod security_code;
pub mod settings;
pub mod sign_in;
pub mod standing_orders;
pub mod statement_check;
pub mod statements;
pub mod uplifts;
pub mod vat;
pub mod worklist;
pub mod write_off;
pub mod write_off_lists;
pub mod write_off_schedules;
