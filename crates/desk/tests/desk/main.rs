//! Use cases on both engines, one binary.
mod activity;
mod agencies;
mod bank_files;
mod billing;
mod bundle;
mod cards;
mod cash;
mod cash_desk;
mod collect;
mod contract_fees;
mod contracts;
mod core;
mod court;
mod court_answers;
mod court_forms;
mod court_hostile;
mod customers;
mod debt_facts;
mod delivery;
mod direct_debit;
#[path = "../support/dovecot.rs"]
mod dovecot;
mod dunning;
mod einvoices;
mod feeders;
#[path = "../support/govuk_notify.rs"]
mod govuk_notify;
#[path = "../support/govuk_pay.rs"]
mod govuk_pay;
mod ledger;
mod letters;
mod listing;
mod mail;
mod matching;
mod merge;
mod notify;
mod pathways;
mod people;
mod people_hostile;
mod plan_links;
mod plans;
mod plans_hostile;
mod proof;
mod proofs;
mod queries;
mod rates;
mod recovery;
mod recovery_hostile;
mod reports;
mod requests;
#[path = "../../../formats/tests/support/rules.rs"]
mod rules;
mod servicenow;
#[path = "../support/servicenow.rs"]
mod servicenow_desk;
mod settings;
mod standing_orders;
mod step_charges;
mod stops;
mod taking_back;
mod takings;
mod terms;
mod trail;
mod uplifts;
mod writeoff;
mod writeoff_hostile;
