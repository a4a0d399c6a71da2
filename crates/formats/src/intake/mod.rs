//! Customers and invoices taken on from CSV: every error at once, by row and field, with what was typed.
//!
//! Headings are found by name in any order. A file with problems still gives its good rows, so that the caller may keep
//! them when the person says so, and [`bad_rows`] writes the others with the reason, to be corrected and sent again.

mod activity;
mod correct;
mod customers;
mod feeder;
mod invoices;
mod rates;
mod requests;
mod rows;
mod table;

pub use activity::{ActivityLine, read_activity};
pub use correct::bad_rows;
pub use customers::{CustomerRow, read_customers};
pub use feeder::{Mapped, MappedRow, SAID, Said, changed, read_mapped, rows_with};
pub use invoices::{InvoiceLineRow, InvoiceRow, check_lines, read_invoice_lines, read_invoices};
pub use rates::{RateRow, read_rates};
pub use requests::{RequestLineRow, read_requests};
pub use rows::{SourceRow, source_rows};
pub use table::{Intake, Numbered, RowProblem};
