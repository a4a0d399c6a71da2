//! Bank statements of every kind, read into one shape.
//!
//! [`read`] looks at the bytes, chooses the reader and gives a [`BankStatementFile`]. A file is whole or nothing: one
//! error anywhere and there are no statements, because half a bank statement is worse than none.

mod camt;
mod csv;
mod csv_profile;
mod inspection;
mod mt940;
mod mt940_narrative;
mod record;
mod sniff;
pub(crate) mod xml;

pub use csv::{read_rows, write_neutral};
pub use csv_profile::{AmountShape, Profile, Prove, profiles};
pub use inspection::inspection;
pub use record::{BankStatementFile, Detail, Entry, EntryStatus, Statement};
pub use sniff::read;
