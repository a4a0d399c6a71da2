//! A CSV table by headings, and the checks that every field shares.

use crate::csv_out::armed;
use crate::money;
use crate::problem::shown;
use crate::text;
use chrono::NaiveDate;
use serde::Serialize;

/// The most rows accepted in one file.
const MOST_ROWS: usize = 2_000_000;
/// The most problems listed; more would help nobody.
const MOST_PROBLEMS: usize = 10_000;
/// The longest text of any field.
const LONGEST: usize = 2_000;
/// A column that a corrected file may carry; it is read past.
pub(crate) const REASON: &str = "reason";

/// One thing wrong in one field of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    /// The row as a spreadsheet numbers it: the header is 1; 0 is the whole file.
    pub row: usize,
    /// The column's name, or empty for the whole row.
    pub field: String,
    /// Stable code.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
    /// What was typed.
    pub typed: String,
}

impl RowProblem {
    /// A problem of one field.
    pub fn new(row: usize, field: &str, code: &str, message: impl Into<String>, typed: &str) -> Self {
        Self { row, field: field.to_owned(), code: code.to_owned(), message: message.into(), typed: shown(typed) }
    }
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}, {}: {}", self.row, self.field, self.message)?;
        if self.typed.is_empty() { Ok(()) } else { write!(f, " (typed: {})", self.typed) }
    }
}

/// A value and the row it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<T> {
    /// The row as a spreadsheet numbers it.
    pub row: usize,
    /// What it says.
    pub value: T,
}

/// What a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake<T> {
    /// The rows with nothing wrong in them, in file order.
    pub rows: Vec<Numbered<T>>,
    /// Everything wrong, in file order.
    pub problems: Vec<RowProblem>,
    /// What is odd but does not stop it.
    pub warnings: Vec<String>,
    /// Rows in the file, header apart.
    pub rows_in_file: usize,
}

/// The columns of one kind of file.
pub(crate) struct Shape {
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
}

/// One row while its fields are read; collects what is wrong.
pub(crate) struct Fields<'a> {
    pub row: usize,
    record: &'a csv::StringRecord,
    columns: &'a [(&'static str, usize)],
    pub problems: Vec<RowProblem>,
}

/// Reads a table, giving each row to `read_row`, which gives a value when it can.
pub(crate) fn read<T>(
    bytes: &[u8],
    shape: &Shape,
    mut read_row: impl FnMut(&mut Fields<'_>) -> Option<T>,
) -> Intake<T> {
    let mut intake = Intake { rows: Vec::new(), problems: Vec::new(), warnings: Vec::new(), rows_in_file: 0 };
    if bytes.len() > text::LARGEST_FILE {
        intake.problems.push(whole("file.too_large", "the file is over 200 MB", ""));
        return intake;
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) || bytes.starts_with(b"%PDF") {
        intake.problems.push(whole("file.not_csv", "the file is not CSV; save it as CSV and send that", ""));
        return intake;
    }
    let decoded = text::decode(bytes, None);
    intake.warnings.extend(decoded.warning.map(|w| w.message));
    let content = text::with_line_feeds(decoded.text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut record = csv::StringRecord::new();
    let Some(columns) = header(&mut reader, &mut record, shape, &mut intake) else {
        return intake;
    };
    let width = record.len();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(e) => {
                intake.problems.push(whole("csv.format", &format!("the file is not CSV: {e}"), ""));
                break;
            }
        }
        if record.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        intake.rows_in_file += 1;
        if intake.rows_in_file > MOST_ROWS || intake.problems.len() >= MOST_PROBLEMS {
            intake.problems.push(whole(
                "file.too_many",
                "too many rows or too many problems; reading stopped here",
                "",
            ));
            break;
        }
        let number = text::line_of(&reader, &record);
        let extra = record.iter().skip(width).any(|c| !c.trim().is_empty());
        if record.len() < width || extra {
            let message = format!("the row has {} columns and the header {width}", record.len());
            intake.problems.push(RowProblem::new(number, "", "csv.width", message, ""));
            continue;
        }
        let mut fields = Fields { row: number, record: &record, columns: &columns, problems: Vec::new() };
        let value = read_row(&mut fields);
        match value {
            Some(value) if fields.problems.is_empty() => intake.rows.push(Numbered { row: number, value }),
            _ => intake.problems.append(&mut fields.problems),
        }
    }
    if intake.rows_in_file == 0 && intake.problems.is_empty() {
        intake.problems.push(whole("csv.empty", "the file has a header and no rows", ""));
    }
    intake
}

fn whole(code: &str, message: &str, typed: &str) -> RowProblem {
    RowProblem::new(0, "", code, message, typed)
}

/// The heading as we compare it.
pub(crate) fn heading(cell: &str) -> String {
    cell.trim_matches('\u{FEFF}').trim().to_lowercase().replace([' ', '-'], "_")
}

/// Finds every column, naming all that are missing, unknown or there twice.
fn header(
    reader: &mut csv::Reader<&[u8]>,
    record: &mut csv::StringRecord,
    shape: &Shape,
    intake: &mut Intake<impl Sized>,
) -> Option<Vec<(&'static str, usize)>> {
    if !matches!(reader.read_record(record), Ok(true)) {
        intake.problems.push(whole("csv.empty", "the file is empty", ""));
        return None;
    }
    let mut columns: Vec<(&'static str, usize)> = Vec::new();
    for (index, cell) in record.iter().enumerate() {
        let name = heading(cell);
        if name.is_empty() || name == REASON {
            continue;
        }
        let known = shape.required.iter().chain(shape.optional).find(|known| **known == name);
        match known {
            Some(known) if columns.iter().any(|(n, _)| n == known) => {
                intake.problems.push(RowProblem::new(1, &name, "csv.column_twice", "the column is there twice", cell));
            }
            Some(known) => columns.push((known, index)),
            None => {
                let message = format!("there is no column of this name; the columns are {}", all(shape));
                intake.problems.push(RowProblem::new(1, &name, "csv.unknown_column", message, cell));
            }
        }
    }
    for required in shape.required {
        if !columns.iter().any(|(name, _)| name == required) {
            intake.problems.push(RowProblem::new(1, required, "csv.missing_column", "the column is missing", ""));
        }
    }
    intake.problems.is_empty().then_some(columns)
}

fn all(shape: &Shape) -> String {
    shape.required.iter().chain(shape.optional).copied().collect::<Vec<_>>().join(", ")
}

impl Fields<'_> {
    /// A field as typed, trimmed, without a defusing apostrophe; empty when the column is not there.
    pub fn typed(&self, field: &str) -> &str {
        let index = self.columns.iter().find(|(name, _)| *name == field).map(|(_, index)| *index);
        armed(index.and_then(|i| self.record.get(i)).unwrap_or("").trim())
    }

    /// Says that a field is wrong.
    pub fn wrong(&mut self, field: &str, code: &str, message: impl Into<String>) {
        let typed = self.typed(field).to_owned();
        self.problems.push(RowProblem::new(self.row, field, code, message, &typed));
    }

    /// Text that may be empty.
    pub fn text(&mut self, field: &str) -> String {
        let text = self.typed(field).to_owned();
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
            self.wrong(field, "text.control", "holds a character that cannot be kept");
        } else if text.chars().count() > LONGEST {
            self.wrong(field, "text.too_long", format!("is longer than {LONGEST} characters"));
        }
        text
    }

    /// Text that must be there.
    pub fn needed(&mut self, field: &str) -> String {
        let text = self.text(field);
        if text.is_empty() {
            self.wrong(field, "field.missing", "must be filled");
        }
        text
    }

    /// An identity: there, of at most 40 characters, and not damaged by a spreadsheet.
    pub fn identity(&mut self, field: &str) -> String {
        let text = self.needed(field);
        let upper = text.to_ascii_uppercase();
        let damaged = upper.split_once("E+").is_some_and(|(a, b)| {
            let numeric = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit() || c == b'.');
            numeric(a) && numeric(b)
        });
        if damaged {
            self.wrong(field, "csv.excel_damage", "has been damaged by a spreadsheet; export the file again");
        } else if text.chars().count() > 40 || text.contains(['\n', '\r', '\t']) {
            self.wrong(field, "text.too_long", "must be one line of at most 40 characters");
        }
        text
    }

    /// Pounds with at most two decimals, as pence.
    pub fn pence(&mut self, field: &str) -> Option<i64> {
        let typed = self.typed(field);
        if typed.is_empty() {
            self.wrong(field, "field.missing", "must be filled");
            return None;
        }
        money::pounds(typed).map_err(|problem| self.wrong(field, problem.code(), problem.words())).ok()
    }

    /// An ISO date that exists.
    pub fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let typed = self.typed(field);
        let date = text::iso_date(typed);
        if typed.is_empty() {
            self.wrong(field, "field.missing", "must be filled");
        } else if date.is_none() {
            self.wrong(field, "date", "is not a date that exists, written YYYY-MM-DD");
        }
        date
    }

    /// A whole number within bounds.
    pub fn whole(&mut self, field: &str, least: u32, most: u32) -> Option<u32> {
        let typed = self.typed(field);
        let number = typed.parse::<u32>().ok().filter(|n| (least..=most).contains(n) && !typed.starts_with('+'));
        if number.is_none() {
            self.wrong(field, "number", format!("must be a whole number from {least} to {most}"));
        }
        number
    }
}
