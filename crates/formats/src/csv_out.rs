//! CSV that a spreadsheet can open without running anything in it.
//!
//! A text cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return would be taken as a formula, so it gets a
//! leading apostrophe. Numbers and dates are written as themselves. [`crate::intake`] takes the apostrophe off again.

use crate::money;
use chrono::NaiveDate;
use std::io::Write;

/// One cell, with its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text: defused when it could be a formula.
    Text(String),
    /// Pence, written as pounds with two decimals.
    Pence(i64),
    /// A whole number.
    Whole(i64),
    /// An ISO date.
    Date(NaiveDate),
}

impl Cell {
    /// The cell as CSV text.
    pub fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => defused(text),
            Self::Pence(pence) => money::write_pounds(*pence),
            Self::Whole(number) => number.to_string(),
            Self::Date(date) => date.format("%Y-%m-%d").to_string(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<NaiveDate>> for Cell {
    fn from(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Empty, Self::Date)
    }
}

fn could_be_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0'])
}

/// Text that no spreadsheet takes for a formula.
///
/// Text that already begins with apostrophes before such a character gets one more, so that [`armed`] gives it back.
pub fn defused(text: &str) -> String {
    if could_be_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before [`defused`].
pub fn armed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if could_be_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Writes rows of a fixed width, with a header, as UTF-8 with LF.
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    failed: Option<std::io::Error>,
}

impl<W: Write> CsvWriter<W> {
    /// A writer that has written the header.
    pub fn new(out: W, header: &[&str]) -> Self {
        let mut writer = Self { writer: csv::WriterBuilder::new().flexible(true).from_writer(out), failed: None };
        writer.record(header.iter().map(|h| (*h).to_owned()));
        writer
    }

    /// As [`CsvWriter::new`], with the byte order mark that makes Excel read UTF-8.
    pub fn for_excel(mut out: W, header: &[&str]) -> Self {
        let failed = out.write_all("\u{FEFF}".as_bytes()).err();
        let mut writer = Self::new(out, header);
        writer.failed = failed.or(writer.failed);
        writer
    }

    /// Writes one row. The first failure is kept and told by [`CsvWriter::close`].
    pub fn row(&mut self, cells: &[Cell]) {
        self.record(cells.iter().map(Cell::written));
    }

    fn record(&mut self, cells: impl Iterator<Item = String>) {
        if self.failed.is_none()
            && let Err(e) = self.writer.write_record(cells.map(String::into_bytes))
        {
            self.failed = Some(std::io::Error::other(e));
        }
    }

    /// Finishes and gives the sink back.
    ///
    /// # Errors
    /// The first failure of the sink.
    pub fn close(self) -> std::io::Result<W> {
        match self.failed {
            Some(e) => Err(e),
            None => self.writer.into_inner().map_err(|e| std::io::Error::other(e.to_string())),
        }
    }
}

impl CsvWriter<Vec<u8>> {
    /// Finishes a file in memory.
    pub fn finish(self) -> Vec<u8> {
        self.close().expect("writing to memory does not fail")
    }
}

/// A whole CSV in memory: header and rows, UTF-8 with LF.
pub fn write(header: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Vec<u8> {
    let mut writer = CsvWriter::new(Vec::new(), header);
    for row in rows {
        writer.row(&row);
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let cells = ["=1+1", "+44", "-x", "@a", "\tb", "plain", "'quoted", "'=x"].map(Cell::from);
        let written: Vec<String> = cells.iter().map(Cell::written).collect();
        assert_eq!(written, ["'=1+1", "'+44", "'-x", "'@a", "'\tb", "plain", "'quoted", "''=x"]);
        assert_eq!(Cell::Pence(-1205).written(), "-12.05");
        assert_eq!(Cell::Whole(-3).written(), "-3");
    }

    #[test]
    fn defusing_can_be_taken_back() {
        for text in ["=1", "'=1", "''@", "plain", "'plain", "", "'", "-5"] {
            assert_eq!(armed(&defused(text)), text);
        }
    }

    #[test]
    fn a_file_in_memory() {
        let bytes = write(&["a", "b"], [vec![Cell::from("x,y"), Cell::Pence(100)]]);
        assert_eq!(String::from_utf8_lossy(&bytes), "a,b\n\"x,y\",1.00\n");
        let excel = CsvWriter::for_excel(Vec::new(), &["é"]).finish();
        assert!(excel.starts_with(&[0xEF, 0xBB, 0xBF]));
    }
}
