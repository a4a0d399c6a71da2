//! Bank statements of every kind, read into one shape.
//!
//! [`read`] looks at the bytes, chooses the reader and gives a [`BankStatementFile`]. A file is whole or nothing: one
//! error anywhere and there are no statements, because half a bank statement is worse than none.

mod bai2;
mod bai2_records;
mod bai2_text;
mod camt;
mod csv;
mod csv_preview;
mod csv_profile;
mod csv_row;
mod inspection;
mod mt940;
mod mt940_narrative;
mod ofx;
mod ofx_tags;
mod payment_file;
mod payment_layout;
mod record;
mod sniff;
pub(crate) mod xml;

pub use csv::{read_rows, write_neutral};
pub use csv_preview::{Preview, first_rows, preview};
pub use csv_profile::{AmountShape, FIELDS, Meta, Profile, Prove, profiles};
pub use inspection::inspection;
pub use payment_layout::{Layout, layouts};
pub use record::{BankStatementFile, Detail, Entry, EntryStatus, Statement, rejects};
pub use sniff::{PAYMENT_FILE, read, read_by_layout, read_with};
