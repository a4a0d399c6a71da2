//! A list as a file: the same rows as on the screen, all of them, as CSV or as a workbook.
use crate::web::door::{Answer, Leaving, Shared, Visitor};
use axum::http::header;
use axum::response::IntoResponse;
use sundry_desk::Fault;
use sundry_formats::csv_out::{Cell, CsvWriter};
use sundry_formats::xlsx_out::{About, Column, ColumnKind, WorkbookWriter};

/// A list on its way into a file.
pub struct Sheet {
    /// What it is: `Customers`; also the name of the file.
    pub title: &'static str,
    /// Columns: the name in the file, and what they hold.
    pub columns: Vec<(&'static str, ColumnKind)>,
    /// Rows, in order.
    pub rows: Vec<Vec<Cell>>,
    /// The filters chosen: name and value.
    pub filters: Vec<(&'static str, String)>,
}

/// Whether a list is asked for as a file.
pub fn wanted(format: &str) -> bool {
    matches!(format, "csv" | "xlsx")
}

impl Sheet {
    /// The file, as `csv` or `xlsx`.
    ///
    /// # Errors
    /// Our fault, when it cannot be written.
    pub fn file(self, format: &str, doors: &Shared, visitor: &Visitor) -> Answer {
        let today = doors.desk.today();
        let name = format!("{}-{today}.{format}", self.title.to_lowercase().replace(' ', "-"));
        let (bytes, kind) = if format == "xlsx" {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (self.workbook(doors, visitor)?, kind)
        } else {
            (self.csv(), "text/csv; charset=utf-8")
        };
        let left = Leaving::of(self.title, format, self.rows.len(), &bytes);
        let left = self.filters.into_iter().fold(left, |left, (name, value)| left.with(name, value));
        Ok(left.on(download(&name, kind, bytes)?))
    }

    fn csv(&self) -> Vec<u8> {
        let heads: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let mut out = CsvWriter::for_excel(Vec::new(), &heads);
        for row in &self.rows {
            out.row(row);
        }
        out.finish()
    }

    fn workbook(&self, doors: &Shared, visitor: &Visitor) -> Result<Vec<u8>, Fault> {
        let broken = |e: &dyn std::fmt::Display| Fault::new(format!("a workbook was not written: {e}"));
        let mut facts = vec![
            ("As at".to_owned(), doors.desk.today().to_string()),
            ("Made by".to_owned(), visitor.actor.name.clone()),
        ];
        facts.extend(self.filters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let about = About { title: self.title.to_owned(), facts, made_on: Some(doors.desk.today()) };
        let columns = self.columns.iter().map(|(heading, kind)| Column { heading: (*heading).to_owned(), kind: *kind });
        let mut book = WorkbookWriter::new(about, columns.collect()).map_err(|e| broken(&e))?;
        for row in &self.rows {
            book.row(row).map_err(|e| broken(&e))?;
        }
        book.finish().map_err(|e| broken(&e))
    }
}

/// Bytes to be saved under a name.
///
/// # Errors
/// Never in practice: the name is made of our own words.
pub fn download(name: &str, kind: &str, bytes: Vec<u8>) -> Answer {
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{safe}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
