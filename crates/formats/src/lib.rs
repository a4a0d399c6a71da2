//! Bytes to records and records to bytes, and nothing else.
//!
//! A reader takes the bytes of a file and gives either records or every reason why the file cannot be trusted,
//! each with a stable code, a place and a sentence. A writer gives bytes that its own reader reads back.
//! Money is whole minor units (pence) in `i64`; dates are `chrono` dates; nothing here knows a ledger.

pub mod agency;
pub mod bacs;
pub mod bank_statement;
pub mod bounce;
pub mod card;
pub mod court;
pub mod csv_out;
pub mod einvoice;
pub mod gl;
pub mod intake;
pub mod listing;
pub mod mail;
pub mod money;
pub mod pain;
pub mod plain_table;
mod problem;
pub mod remittance;
mod text;
pub mod trace;
pub mod xlsx_in;
pub mod xlsx_out;
pub mod zip_guard;

pub use problem::FormatProblem;
