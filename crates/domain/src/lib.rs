//! What is true and what is allowed: money, dates, reference data, refusals,
//! then a module per room. No IO, no clock, no dice, no floats, no SQL.
pub mod calendar;
pub mod catalogue;
pub mod control;
pub mod ids;
pub mod money;
pub mod reference;
pub mod refusal;
pub mod settings;
pub mod vat_code;

pub mod billing;
pub mod cash;
pub mod close;
pub mod court;
pub mod customers;
pub mod delivery;
pub mod law;
pub mod ledger;
pub mod plans;
pub mod queries;
pub mod recovery;
pub mod reports;
pub mod words;
pub mod work;
pub mod writeoff;
