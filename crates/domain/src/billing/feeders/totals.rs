//! The sender's control totals against what the file holds.
use super::refusals::CONTROL_TOTALS;
use crate::money::Pence;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Rows and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows.
    pub rows: i64,
    /// Sum of the amounts.
    pub pence: i64,
}

/// Whether a file comes to what its sender says. Where `unread` amounts cannot be read, the difference is theirs.
///
/// # Errors
/// `BIL-08-CONTROL-TOTALS` with both figures.
pub fn agree(told: Totals, found: Totals, unread: i64) -> Result<(), Refusal> {
    if told.rows != found.rows {
        let sentence = format!("The sender says {} rows; the file has {}", told.rows, found.rows);
        return Err(CONTROL_TOTALS.because(sentence));
    }
    if told.pence != found.pence && unread == 0 {
        let sentence = format!("The sender says {}; the rows come to {}", Pence(told.pence), Pence(found.pence));
        return Err(CONTROL_TOTALS.because(sentence));
    }
    Ok(())
}
