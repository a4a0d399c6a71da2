//! Files that we exchange with agencies and bureaux: rows of a CSV, and what no such file may be.

use crate::csv_out::armed;
use crate::money;
use crate::problem::{FormatProblem, shown};
use crate::text::{LARGEST_FILE, control_character, decode, iso_date, line_of, with_line_feeds};
use chrono::NaiveDate;

/// The most rows of a file.
const MOST_ROWS: usize = 500_000;

/// A row, with the line it begins on.
pub(crate) struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

impl Row {
    pub fn at(&self) -> String {
        format!("line {}", self.line)
    }

    pub fn cell(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", String::as_str)
    }
}

/// The rows of a file, empty ones left out.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<Row>, FormatProblem> {
    if bytes.len() > LARGEST_FILE {
        return Err(FormatProblem::new("file.too_large", "", "the file is over 200 MB"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let message = "the file is a workbook; ask for CSV, or save it as CSV with the numbers as text";
        return Err(FormatProblem::new("exchange.workbook", "", message));
    }
    let text = with_line_feeds(decode(bytes, None).text);
    if let Some((line, _)) = control_character(&text) {
        let message = "the line holds a character that no text holds";
        return Err(FormatProblem::new("file.control", format!("line {line}"), message));
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut found = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                let at = format!("line {}", reader.position().line());
                return Err(FormatProblem::new("exchange.row", at, "the row cannot be read"));
            }
        }
        let cells: Vec<String> = record.iter().map(|cell| armed(cell.trim()).to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            found.push(Row { line: line_of(&reader, &record), cells });
        }
        if found.len() > MOST_ROWS {
            return Err(FormatProblem::new("file.too_many_records", "", "the file has over 500,000 rows"));
        }
    }
    for row in &found {
        if let Some(cell) = row.cells.iter().find(|cell| is_scientific(cell)) {
            let message = format!("{} was saved by a spreadsheet: the number is lost", shown(cell));
            return Err(FormatProblem::new("exchange.spreadsheet", row.at(), message));
        }
    }
    Ok(found)
}

/// `1.00047E+07`
fn is_scientific(cell: &str) -> bool {
    let Some((number, power)) = cell.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(part) && power.strip_prefix(['+', '-']).is_some_and(digits)
}

/// A table under its headings: where each wanted column stands.
pub(crate) struct Table {
    pub rows: Vec<Row>,
    columns: Vec<Option<usize>>,
    names: Vec<&'static str>,
}

impl Table {
    /// The headings stand in a row counted from 1; nothing is looked for above it.
    pub fn of(
        mut rows: Vec<Row>,
        heading_row: usize,
        must: &[&'static str],
        may: &[&'static str],
    ) -> Result<Table, FormatProblem> {
        let place = heading_row.max(1) - 1;
        if rows.len() <= place {
            return Err(FormatProblem::new(
                "exchange.headings",
                "",
                format!("there is no row {heading_row} of headings"),
            ));
        }
        let headings = rows.remove(place);
        rows.drain(..place);
        let squeezed = |text: &str| text.to_ascii_lowercase().replace([' ', '-'], "_");
        let at = |name: &str| headings.cells.iter().position(|cell| squeezed(cell) == name);
        let names: Vec<&'static str> = must.iter().chain(may).copied().collect();
        let columns: Vec<Option<usize>> = names.iter().map(|name| at(name)).collect();
        let missing: Vec<&str> =
            must.iter().zip(&columns).filter(|(_, at)| at.is_none()).map(|(name, _)| *name).collect();
        if missing.is_empty() {
            return Ok(Table { rows, columns, names });
        }
        let message = format!("there is no heading {}", missing.join(", "));
        Err(FormatProblem::new("exchange.headings", headings.at(), message))
    }

    /// A cell of a row by its heading; empty where the column is not there.
    pub fn cell<'a>(&self, row: &'a Row, name: &str) -> &'a str {
        let place = self.names.iter().position(|known| *known == name).and_then(|at| self.columns[at]);
        place.map_or("", |place| row.cell(place))
    }
}

/// An amount in pounds; the fault is added to the list.
pub(crate) fn pence(text: &str, at: &str, name: &str, wrong: &mut Vec<FormatProblem>) -> i64 {
    money::pounds(text).unwrap_or_else(|error| {
        let message = format!("{name}: {} {}", shown(text), error.words());
        wrong.push(FormatProblem::new(error.code(), at, message));
        0
    })
}

/// A date `YYYY-MM-DD`; the fault is added to the list.
pub(crate) fn date(text: &str, at: &str, name: &str, wrong: &mut Vec<FormatProblem>) -> Option<NaiveDate> {
    let day = iso_date(text);
    if day.is_none() {
        let message = format!("{name}: {} is not a date such as 2026-11-20", shown(text));
        wrong.push(FormatProblem::new("exchange.date", at, message));
    }
    day
}
