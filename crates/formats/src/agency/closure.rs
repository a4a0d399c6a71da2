//! Debts an agency closed, with its reason. What a reason asks of us is a rule, and no matter of the file.

use super::AgencyProfile;
use super::incoming::{account, table};
use crate::problem::FormatProblem;

/// A debt that was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Where it stands in the file.
    pub line: usize,
    /// Which debt.
    pub account_number: String,
    /// The agency's reason, in capitals: `RTC`, `DEC`.
    pub code: String,
    /// What the agency says.
    pub note: String,
}

/// Reads closures. A reason that is not known does not stop the file.
///
/// # Errors
/// A file without its headings, that a spreadsheet spoilt, or with a row of no debt.
pub fn read_closures(bytes: &[u8], profile: &AgencyProfile) -> Result<Vec<Closed>, Vec<FormatProblem>> {
    let table = table(bytes, profile, &["account_number", "reason"], &["note"])?;
    let (mut closed, mut wrong) = (Vec::new(), Vec::new());
    for row in &table.rows {
        closed.push(Closed {
            line: row.line,
            account_number: account(table.cell(row, "account_number"), &row.at(), &mut wrong),
            code: table.cell(row, "reason").to_ascii_uppercase(),
            note: table.cell(row, "note").to_owned(),
        });
    }
    if wrong.is_empty() { Ok(closed) } else { Err(wrong) }
}
