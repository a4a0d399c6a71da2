//! Workbooks in: the first sheet as rows of text.
//!
//! **Call [`first_sheet`] only in a child process with a memory and a time limit.** The workbook reader underneath is
//! third-party code that a hostile file has been seen to abort; [`precheck`] refuses what can be seen from outside, and
//! is safe to call anywhere.

use crate::problem::{FormatProblem, shown};
use crate::zip_guard;
use calamine::{DataRef, Reader, Xlsx};
use std::io::Cursor;

/// The most parts a workbook may have.
const MOST_PARTS: usize = 500;
/// The most bytes a workbook may unpack to.
const LARGEST_UNPACKED: u64 = 256 * 1024 * 1024;
/// The most columns read.
const MOST_COLUMNS: u32 = 256;
/// The most rows read, headings included.
const MOST_ROWS: u32 = 500_001;
/// The most cells with something in them.
const MOST_CELLS: usize = 10_000_000;
/// The longest text of one cell.
const LONGEST_CELL: usize = 32_767;

/// The first sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows from the first; a row with nothing in it is empty.
    pub rows: Vec<Vec<String>>,
}

/// Refuses a workbook that could not be opened safely, from its ZIP directory alone.
///
/// # Errors
/// When it is no workbook, or too large once unpacked.
pub fn precheck(bytes: &[u8]) -> Result<(), FormatProblem> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let message = "this is an old or an encrypted Excel workbook; save it as .xlsx without a password, or as CSV";
        return Err(problem("xlsx.old_workbook", "", message));
    }
    zip_guard::check(bytes, MOST_PARTS, LARGEST_UNPACKED).map(|_| ())
}

/// Reads the first sheet. See the module's warning.
///
/// # Errors
/// When [`precheck`] refuses it, it is damaged, or a cell lies or a sheet grows outside the limits.
pub fn first_sheet(bytes: &[u8]) -> Result<Sheet, FormatProblem> {
    precheck(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let name =
        workbook.sheet_names().first().cloned().ok_or_else(|| problem("xlsx.no_sheet", "", "it has no sheet"))?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|e| damaged(&e.to_string()))?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut count = 0usize;
    while let Some(cell) = cells.next_cell().map_err(|e| damaged(&e.to_string()))? {
        let (row, column) = cell.get_position();
        let text = written(cell.get_value())?;
        if text.is_empty() {
            continue;
        }
        count += 1;
        if row >= MOST_ROWS || column >= MOST_COLUMNS || count > MOST_CELLS || text.len() > LONGEST_CELL * 4 {
            let at = format!("row {}, column {}", row + 1, column + 1);
            return Err(problem("xlsx.too_large", &at, "a cell lies outside what is read; delete what is not needed"));
        }
        let (row, column) = (row as usize, column as usize);
        if rows.len() <= row {
            rows.resize_with(row + 1, Vec::new);
        }
        if rows[row].len() <= column {
            rows[row].resize_with(column + 1, String::new);
        }
        rows[row][column] = text;
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    for row in rows.iter_mut().filter(|r| !r.is_empty()) {
        row.resize_with(width, String::new);
    }
    Ok(Sheet { name, rows })
}

/// A sheet as CSV bytes, so that every reader of CSV can take it.
pub fn to_csv(sheet: &Sheet) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in &sheet.rows {
        let blank = [String::new()];
        let cells: &[String] = if row.is_empty() { &blank } else { row };
        writer.write_record(cells).expect("writing to memory does not fail");
    }
    writer.into_inner().expect("writing to memory does not fail")
}

fn written(value: &DataRef<'_>) -> Result<String, FormatProblem> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => match moment.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.format("%Y-%m-%d").to_string(),
            Some(moment) => moment.format("%Y-%m-%dT%H:%M:%S").to_string(),
            None => return Err(problem("date", "", "a cell holds a date that does not exist")),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => format!("{error}"),
    })
}

fn problem(code: &str, at: &str, message: &str) -> FormatProblem {
    FormatProblem::new(code, at, message)
}

fn damaged(why: &str) -> FormatProblem {
    problem("xlsx.damaged", "", &format!("the workbook cannot be read: {}", shown(why)))
}
