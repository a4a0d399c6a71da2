//! Arrangements to pay that an agency made with a debtor, or ended.

use super::AgencyProfile;
use super::incoming::{account, table};
use crate::exchange::{date, pence};
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;

/// How often somebody pays an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Often {
    /// Each week.
    Weekly,
    /// Every two weeks.
    Biweekly,
    /// Each month.
    Monthly,
}

impl Often {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Often::Weekly => "each week",
            Often::Biweekly => "every two weeks",
            Often::Monthly => "each month",
        }
    }
}

/// What a debtor agreed to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How much each time, in pence.
    pub amount: i64,
    /// How often.
    pub often: Often,
    /// When first.
    pub first_on: NaiveDate,
    /// How, in the agency's words.
    pub method: String,
}

/// An arrangement, made or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arranged {
    /// Where it stands in the file.
    pub line: usize,
    /// Which debt.
    pub account_number: String,
    /// What was agreed; none where it was cancelled.
    pub terms: Option<Terms>,
}

/// Reads arrangements.
///
/// # Errors
/// A file without its headings, or everything that is wrong in its rows. A cancelled one needs no terms.
pub fn read_arrangements(bytes: &[u8], profile: &AgencyProfile) -> Result<Vec<Arranged>, Vec<FormatProblem>> {
    let must = ["account_number", "amount", "frequency", "first_payment_date"];
    let table = table(bytes, profile, &must, &["payment_method", "is_cancelled"])?;
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let at = row.at();
        let cell = |name: &str| table.cell(row, name);
        let account_number = account(cell("account_number"), &at, &mut wrong);
        let cancelled = match cell("is_cancelled").to_ascii_lowercase().as_str() {
            "" | "false" | "no" | "n" | "0" => false,
            "true" | "yes" | "y" | "1" => true,
            _ => {
                let message = format!("is_cancelled: {} is neither true nor false", shown(cell("is_cancelled")));
                wrong.push(FormatProblem::new("agency.cancelled", at, message));
                continue;
            }
        };
        if cancelled {
            found.push(Arranged { line: row.line, account_number, terms: None });
            continue;
        }
        let amount = pence(cell("amount"), &at, "amount", &mut wrong);
        let first_on = date(cell("first_payment_date"), &at, "first_payment_date", &mut wrong);
        let often = match cell("frequency").to_ascii_lowercase().as_str() {
            "weekly" => Some(Often::Weekly),
            "biweekly" => Some(Often::Biweekly),
            "monthly" => Some(Often::Monthly),
            _ => None,
        };
        if amount <= 0 {
            let message = format!("amount: {} is not above zero", shown(cell("amount")));
            wrong.push(FormatProblem::new("agency.amount", at.clone(), message));
        }
        if often.is_none() {
            let message = format!("frequency: {} is not Weekly, Biweekly or Monthly", shown(cell("frequency")));
            wrong.push(FormatProblem::new("agency.frequency", at, message));
        }
        if let (Some(often), Some(first_on)) = (often, first_on) {
            let terms = Terms { amount, often, first_on, method: cell("payment_method").to_owned() };
            found.push(Arranged { line: row.line, account_number, terms: Some(terms) });
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}
