//! Remittance advice: which bills a payment is for, as the payer's own list says.
//!
//! A list comes as CSV or as the text of a message, with headings of the payer's choosing. Read here is what stands in
//! it: one line for each bill, with what was paid, what was taken off and why, and credit notes taken. Whose bills they
//! are, and whether they are open, is for the ledger to say.

mod plain;
mod table;

use crate::problem::FormatProblem;
use crate::text;
use serde::{Deserialize, Serialize};

pub use crate::mail::body_of;

/// The most lines read from one advice.
pub const MOST_LINES: usize = 20_000;
/// The largest file read.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// One bill of an advice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemittanceLine {
    /// Where it stands in the file, from 1.
    pub row: usize,
    /// The bill's number as the payer writes it.
    pub reference: String,
    /// What was paid of it, in pence; less than nothing for a credit note taken.
    pub paid_pence: i64,
    /// What was taken off it, in pence.
    pub deducted_pence: i64,
    /// Why, as the payer says.
    pub reason: String,
}

/// What an advice says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Its lines, in order.
    pub lines: Vec<RemittanceLine>,
    /// The sum it gives itself, in pence, where it does.
    pub total_pence: Option<i64>,
    /// Rows that hold an amount and could not be read as a bill, for people.
    pub left_out: Vec<String>,
}

impl Advice {
    /// What its lines add up to, in pence.
    pub fn sum_pence(&self) -> i64 {
        self.lines.iter().map(|line| line.paid_pence).sum()
    }
}

/// Reads an advice: CSV by its headings, a message or plain text line by line.
///
/// `is_number` says whether a word may be the number of a bill; in plain text nothing else can tell.
///
/// # Errors
/// When it is empty, too large, a kind of file that is not read, or does not add up to its own total.
pub fn read(name: &str, bytes: &[u8], is_number: &dyn Fn(&str) -> bool) -> Result<Advice, FormatProblem> {
    if bytes.len() > LARGEST {
        return Err(FormatProblem::new("file.too_large", "", "the advice is over 10 MB"));
    }
    if bytes.starts_with(b"%PDF") {
        let message = "a PDF is a picture of a list; ask the payer for CSV, a workbook or the list in an e-mail";
        return Err(FormatProblem::new("remittance.pdf", "", message));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(FormatProblem::new("remittance.packed", "", "the file is packed; send a list as .xlsx or as CSV"));
    }
    let lower = name.to_lowercase();
    let decoded = if lower.ends_with(".eml") || crate::mail::looks_like_mail(bytes) {
        body_of(bytes)
    } else {
        text::with_line_feeds(text::decode(bytes, None).text)
    };
    let mut advice = match table::read(&decoded) {
        Some(advice) => advice,
        None => plain::read(&decoded, is_number),
    };
    advice.left_out.truncate(50);
    if advice.lines.is_empty() {
        let message = "no line of it names a bill with an amount";
        return Err(FormatProblem::new("remittance.empty", "", message));
    }
    if advice.lines.len() > MOST_LINES {
        return Err(FormatProblem::new("remittance.too_many", "", "the advice has over 20,000 lines"));
    }
    match advice.total_pence {
        Some(total) if total != advice.sum_pence() => {
            let (sum, said) = (pounds(advice.sum_pence()), pounds(total));
            let message = format!("its lines add up to {sum} and it gives {said} as its total");
            Err(FormatProblem::new("remittance.total", "", message))
        }
        _ => Ok(advice),
    }
}

fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.abs() / 100, pence.abs() % 100)
}

/// An amount as payers write it, in pence: `£1,234.50`, `(12.00)`, `12.00-`, `12.00 CR`.
pub(crate) fn amount(text: &str) -> Option<i64> {
    let mut rest = text.trim().to_uppercase().replace(['\u{00A3}', ',', ' ', '\u{00A0}'], "");
    rest = rest.replace("GBP", "");
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        (negative, rest) = (true, inner.to_owned());
    }
    for mark in ["CR", "-"] {
        if let Some(before) = rest.strip_suffix(mark) {
            (negative, rest) = (!negative, before.to_owned());
        }
    }
    if let Some(after) = rest.strip_prefix(['-', '\u{2212}']) {
        (negative, rest) = (!negative, after.to_owned());
    }
    if let Some(before) = rest.strip_suffix("DR") {
        rest = before.to_owned();
    }
    let pence = crate::money::unsigned(rest.trim_start_matches('+'), 2, '.').ok()?;
    Some(if negative { -pence } else { pence })
}

#[cfg(test)]
mod tests;
