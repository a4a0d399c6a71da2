//! Files to and from collection agencies: placement, changes, answers, closures, remittance, stock.
//!
//! No standard exists. The columns of the placement and its control file are ours on the model of a public guide; what
//! comes in is read strictly: a file whose own totals disagree, or that a spreadsheet has changed, is not taken.

mod incoming;
mod outgoing;
mod remittance;

pub use incoming::{AgencyAnswer, ClosureRow, StockRow, read_answers, read_closures, read_stock};
pub use outgoing::{Change, ControlLine, Placement, write_changes, write_control, write_placements};
pub use remittance::{PaidTo, Remittance, RemittanceRow, RowKind, read_remittance};

use crate::problem::{FormatProblem, shown};
use crate::{money, text};
use chrono::NaiveDate;

/// The most rows of any of these files.
pub const MOST_ROWS: usize = 100_000;

/// The cells of a row with its line, for messages.
pub(crate) struct Cells<'a> {
    pub(crate) line: usize,
    pub(crate) cells: Vec<&'a str>,
}

impl Cells<'_> {
    pub(crate) fn text(&self, at: usize) -> &str {
        self.cells.get(at).copied().unwrap_or_default().trim()
    }

    pub(crate) fn at(&self) -> String {
        format!("line {}", self.line)
    }

    pub(crate) fn problem(&self, code: &str, message: String) -> FormatProblem {
        FormatProblem::new(code, self.at(), message)
    }

    /// A number of a debt: never as a spreadsheet rewrites it.
    pub(crate) fn account(&self, at: usize, problems: &mut Vec<FormatProblem>) -> String {
        let typed = self.text(at);
        if typed.is_empty() || typed.len() > 40 || typed.chars().any(char::is_control) {
            problems.push(self.problem("agency.account", format!("“{}” is not the number of a debt", shown(typed))));
        } else if scientific(typed) {
            let message = format!("“{}” was saved by a spreadsheet: send the file as it was made", shown(typed));
            problems.push(self.problem("agency.spreadsheet", message));
        }
        typed.to_owned()
    }

    pub(crate) fn pounds(&self, at: usize, name: &str, problems: &mut Vec<FormatProblem>) -> i64 {
        let typed = self.text(at);
        money::pounds(typed).unwrap_or_else(|error| {
            problems.push(self.problem("agency.amount", format!("{name} “{}” {}", shown(typed), error.words())));
            0
        })
    }

    pub(crate) fn day(&self, at: usize, name: &str, problems: &mut Vec<FormatProblem>) -> NaiveDate {
        let typed = self.text(at);
        text::iso_date(typed).unwrap_or_else(|| {
            problems
                .push(self.problem("agency.date", format!("{name} “{}” is not a date as 2026-11-30", shown(typed))));
            NaiveDate::default()
        })
    }
}

/// `1.00047E+07`: what a spreadsheet makes of a long number.
pub(crate) fn scientific(typed: &str) -> bool {
    let upper = typed.to_ascii_uppercase();
    let Some((mantissa, power)) = upper.split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    digits(mantissa) && digits(power)
}

/// The records of a CSV file with their lines, without a heading check.
pub(crate) fn records(bytes: &[u8]) -> Result<Vec<(usize, csv::StringRecord)>, Vec<FormatProblem>> {
    let whole = |code: &str, message: &str| vec![FormatProblem::new(code, "", message)];
    if bytes.is_empty() {
        return Err(whole("file.empty", "the file is empty"));
    }
    if bytes.len() > text::LARGEST_FILE {
        return Err(whole("file.too_large", "the file is too large"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(whole("agency.workbook", "the file is a workbook: send it as CSV"));
    }
    let text = text::with_line_feeds(text::decode(bytes, None).text);
    if let Some((line, _)) = text::control_character(&text) {
        let at = format!("line {line}");
        return Err(vec![FormatProblem::new("file.control", at, "the line holds a character that no text holds")]);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut all = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) if all.len() == MOST_ROWS + 2 => {
                return Err(whole("file.rows", "the file has more than 100,000 rows"));
            }
            Ok(true) => all.push((text::line_of(&reader, &record), record.clone())),
            Ok(false) => return Ok(all),
            Err(_) => return Err(whole("file.csv", "the file is not CSV that can be read")),
        }
    }
}

/// The rows under a heading that must be there as it is named.
pub(crate) fn rows_under(
    bytes: &[u8],
    headings: &[&str],
) -> Result<Vec<(usize, csv::StringRecord)>, Vec<FormatProblem>> {
    let mut all = records(bytes)?;
    let Some((line, first)) = all.first() else {
        return Err(vec![FormatProblem::new("file.empty", "", "the file has no rows")]);
    };
    let found: Vec<String> = first.iter().map(|cell| cell.trim().to_lowercase()).collect();
    if found.len() < headings.len() || headings.iter().zip(&found).any(|(want, have)| want != have) {
        let message = format!("the first row must be: {}", headings.join(","));
        return Err(vec![FormatProblem::new("agency.headings", format!("line {line}"), message)]);
    }
    all.remove(0);
    all.retain(|(_, record)| record.iter().any(|cell| !cell.trim().is_empty()));
    Ok(all)
}

pub(crate) fn cells((line, record): &(usize, csv::StringRecord)) -> Cells<'_> {
    Cells { line: *line, cells: record.iter().collect() }
}
