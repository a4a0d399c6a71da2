//! Journals out to the general ledger, and its answers back.

mod acknowledgement;
mod neutral;

pub use acknowledgement::{Acknowledgement, AcknowledgementStatus, read_acknowledgements};
pub use neutral::{Batch, Line, LineEnding, Mode, Side, Totals, Written, file_name, read, write};
