//! Use cases on both engines, one binary.
mod bank_files;
mod billing;
mod cards;
mod cash;
mod cash_desk;
mod collect;
mod contracts;
mod core;
mod customers;
mod delivery;
mod direct_debit;
#[path = "../support/dovecot.rs"]
mod dovecot;
mod einvoices;
#[path = "../support/govuk_pay.rs"]
mod govuk_pay;
mod ledger;
mod listing;
mod mail;
mod matching;
mod proof;
mod proofs;
mod queries;
mod recovery;
mod reports;
#[path = "../../../formats/tests/support/rules.rs"]
mod rules;
mod settings;
mod standing_orders;
mod takings;
