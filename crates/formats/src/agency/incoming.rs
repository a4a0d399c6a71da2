//! What comes back about single debts: taken or not, and arrangements.

use super::AgencyProfile;
use crate::exchange::{Table, date, pence, rows};
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;

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

/// How often an arrangement is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Each week.
    Weekly,
    /// Each two weeks.
    Fortnightly,
    /// Each month.
    Monthly,
}

/// An arrangement the agency made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// Which debt.
    pub account_number: String,
    /// Each time, in pence.
    pub amount: i64,
    /// How often.
    pub frequency: Frequency,
    /// From when.
    pub first_on: NaiveDate,
    /// How.
    pub method: String,
    /// It ended.
    pub cancelled: bool,
}

/// Reads arrangements.
///
/// # Errors
/// Everything that is wrong.
pub fn read_arrangements(bytes: &[u8], profile: &AgencyProfile) -> Result<Vec<Arrangement>, Vec<FormatProblem>> {
    let must = ["account_number", "amount", "frequency", "first_payment_date"];
    let table = table(bytes, profile, &must, &["payment_method", "is_cancelled"])?;
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let at = row.at();
        let account_number = account(table.cell(row, "account_number"), &at, &mut wrong);
        let amount = pence(table.cell(row, "amount"), &at, "amount", &mut wrong);
        let first_on = date(table.cell(row, "first_payment_date"), &at, "first_payment_date", &mut wrong);
        let said = table.cell(row, "frequency");
        let frequency = match said.to_ascii_lowercase().as_str() {
            "weekly" => Some(Frequency::Weekly),
            "biweekly" | "fortnightly" => Some(Frequency::Fortnightly),
            "monthly" => Some(Frequency::Monthly),
            _ => None,
        };
        let (Some(frequency), Some(first_on)) = (frequency, first_on) else {
            if frequency.is_none() {
                let message = format!("{} is not Weekly, Biweekly or Monthly", shown(said));
                wrong.push(FormatProblem::new("agency.frequency", at, message));
            }
            continue;
        };
        found.push(Arrangement {
            account_number,
            amount,
            frequency,
            first_on,
            method: table.cell(row, "payment_method").to_owned(),
            cancelled: matches!(table.cell(row, "is_cancelled").to_ascii_lowercase().as_str(), "true" | "yes" | "1"),
        });
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
