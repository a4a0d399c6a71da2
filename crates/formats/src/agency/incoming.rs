//! What comes back about single debts: taken or not.

use super::AgencyProfile;
use crate::exchange::{Table, rows};
use crate::problem::{FormatProblem, shown};

/// Whether a placed debt was taken. Only then is it with the agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Where it stands in the file.
    pub line: usize,
    /// Which debt.
    pub account_number: String,
    /// The agency's number.
    pub agency_ref: String,
    /// It was taken.
    pub accepted: bool,
    /// Why not.
    pub reason: String,
}

/// Reads which debts were taken.
///
/// # Errors
/// Everything that is wrong.
pub fn read_acknowledgements(bytes: &[u8], profile: &AgencyProfile) -> Result<Vec<Acknowledged>, Vec<FormatProblem>> {
    let table = table(bytes, profile, &["account_number", "agency_ref", "status"], &["reason"])?;
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let account_number = account(table.cell(row, "account_number"), &row.at(), &mut wrong);
        let status = table.cell(row, "status");
        let accepted = match status.to_ascii_uppercase().as_str() {
            "ACCEPTED" => true,
            "REJECTED" => false,
            _ => {
                let message = format!("{} is neither ACCEPTED nor REJECTED", shown(status));
                wrong.push(FormatProblem::new("agency.status", row.at(), message));
                continue;
            }
        };
        found.push(Acknowledged {
            line: row.line,
            account_number,
            agency_ref: table.cell(row, "agency_ref").to_owned(),
            accepted,
            reason: table.cell(row, "reason").to_owned(),
        });
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

pub(super) fn table(
    bytes: &[u8],
    profile: &AgencyProfile,
    must: &[&'static str],
    may: &[&'static str],
) -> Result<Table, Vec<FormatProblem>> {
    rows(bytes).and_then(|rows| Table::of(rows, profile.heading_row, must, may)).map_err(|problem| vec![problem])
}

/// The longest number of a debt.
const LONGEST_ACCOUNT: usize = 40;

/// The number of a debt; the fault is added to the list.
pub(super) fn account(text: &str, at: &str, wrong: &mut Vec<FormatProblem>) -> String {
    if text.is_empty() || text.len() > LONGEST_ACCOUNT {
        let message = format!("“{}” is not the number of a debt", shown(text));
        wrong.push(FormatProblem::new("agency.account", at, message));
    }
    text.to_owned()
}
