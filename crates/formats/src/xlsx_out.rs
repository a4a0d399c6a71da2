//! Workbooks out: one sheet of typed rows with frozen headings and totals, and one that says what was asked.

use crate::csv_out::Cell;
use crate::money;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The kind of a column: it sets the width, the number format and whether it has a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// Pounds, with a total.
    Money,
    /// A whole number, without a total.
    Whole,
    /// A date.
    Date,
}

/// A column of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub heading: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a workbook says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The report's name; also the first sheet's.
    pub title: String,
    /// Pairs such as ("As at", "2026-11-30"), ("Basis", "due"), ("Made by", "J Smith"), ("Made at", "…").
    pub facts: Vec<(String, String)>,
    /// The day stamped in the document properties, so that the same report gives the same bytes.
    pub made_on: Option<chrono::NaiveDate>,
}

/// Writes a workbook row by row, so that memory stays flat.
pub struct WorkbookWriter {
    workbook: Workbook,
    sheet: Worksheet,
    columns: Vec<Column>,
    totals: Vec<i64>,
    formats: Formats,
    about: About,
    next_row: u32,
}

struct Formats {
    heading: Format,
    money: Format,
    whole: Format,
    date: Format,
    total: Format,
}

/// The most rows a sheet takes, headings and totals apart.
pub const MOST_ROWS: u32 = 1_048_574;

impl WorkbookWriter {
    /// A workbook with its headings written and frozen.
    ///
    /// # Errors
    /// When the writer cannot make a sheet, for example for want of a temporary directory.
    pub fn new(about: About, columns: Vec<Column>) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        let formats = Formats {
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            money: Format::new().set_num_format("#,##0.00;[Red]-#,##0.00"),
            whole: Format::new().set_num_format("0"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            total: Format::new().set_bold().set_num_format("#,##0.00;[Red]-#,##0.00"),
        };
        sheet.set_name(sheet_name(&about.title))?;
        sheet.set_freeze_panes(1, 0)?;
        for (index, column) in columns.iter().enumerate() {
            let width = match column.kind {
                ColumnKind::Text => 28,
                ColumnKind::Money => 16,
                ColumnKind::Whole | ColumnKind::Date => 12,
            };
            sheet.set_column_width(place(index), width)?;
            sheet.write_string_with_format(0, place(index), &column.heading, &formats.heading)?;
        }
        let totals = vec![0; columns.len()];
        Ok(Self { workbook, sheet, columns, totals, formats, about, next_row: 1 })
    }

    /// Writes one row. Text is always text, never a formula.
    ///
    /// # Errors
    /// When the sheet is full or the writer fails.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.next_row > MOST_ROWS {
            return Err(XlsxError::RowColumnLimitError);
        }
        let row = self.next_row;
        for (index, cell) in cells.iter().enumerate() {
            let column = place(index);
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    self.sheet.write_string(row, column, text)?;
                }
                Cell::Pence(pence) => {
                    self.sheet.write_number_with_format(row, column, pounds(*pence), &self.formats.money)?;
                    if let Some(total) = self.totals.get_mut(index) {
                        *total = total.saturating_add(*pence);
                    }
                }
                Cell::Whole(number) => {
                    let number: f64 = number.to_string().parse().unwrap_or_default();
                    self.sheet.write_number_with_format(row, column, number, &self.formats.whole)?;
                }
                Cell::Date(date) => {
                    let written = ExcelDateTime::parse_from_str(&date.format("%Y-%m-%d").to_string())?;
                    self.sheet.write_datetime_with_format(row, column, &written, &self.formats.date)?;
                }
            }
        }
        self.next_row += 1;
        Ok(())
    }

    /// Writes the totals and the sheet that says what was asked, and gives the bytes.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        let row = self.next_row;
        for (index, column) in self.columns.iter().enumerate() {
            if column.kind == ColumnKind::Money {
                self.sheet.write_number_with_format(
                    row,
                    place(index),
                    pounds(self.totals[index]),
                    &self.formats.total,
                )?;
            } else if index == 0 {
                self.sheet.write_string_with_format(row, 0, "Total", &self.formats.heading)?;
            }
        }
        self.workbook.push_worksheet(self.sheet);
        let about = self.workbook.add_worksheet();
        about.set_name("About")?;
        about.set_column_width(0, 24)?;
        about.set_column_width(1, 60)?;
        about.write_string_with_format(0, 0, &self.about.title, &self.formats.heading)?;
        for (index, (name, value)) in self.about.facts.iter().enumerate() {
            let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
            about.write_string(row, 0, name)?;
            about.write_string(row, 1, value)?;
        }
        let mut properties = DocProperties::new().set_title(&self.about.title);
        if let Some(made_on) = self.about.made_on {
            properties = properties
                .set_creation_datetime(&ExcelDateTime::parse_from_str(&made_on.format("%Y-%m-%d").to_string())?);
        }
        self.workbook.set_properties(&properties);
        self.workbook.save_to_buffer()
    }
}

fn place(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

/// A workbook holds binary fractions; the nearest one to the exact decimal is what any spreadsheet would hold.
fn pounds(pence: i64) -> f64 {
    money::write_pounds(pence).parse().unwrap_or_default()
}

/// A title cut to what a sheet's name may be.
fn sheet_name(title: &str) -> String {
    let name: String =
        title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')).take(31).collect();
    if name.trim().is_empty() || name == "About" { "Report".to_owned() } else { name }
}
