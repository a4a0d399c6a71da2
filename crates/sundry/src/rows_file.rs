//! A table whose headings someone else chose, as CSV or as a workbook.
use chrono::NaiveDate;
use std::fmt::Display;
use sundry_desk::{Fault, Outcome};
use sundry_formats::csv_out::{Cell, CsvWriter};
use sundry_formats::xlsx_out::{About, Column, ColumnKind, WorkbookWriter};

/// The bytes of a table, as `xlsx` or, for anything else, as `csv`.
///
/// # Errors
/// Our fault, when it cannot be written.
pub fn rows_file(
    (title, format): (&str, &str),
    (headings, rows): (&[String], &[Vec<String>]),
    (today, by): (NaiveDate, &str),
) -> Outcome<Vec<u8>> {
    let cells = |row: &Vec<String>| row.iter().map(|cell| Cell::Text(cell.clone())).collect::<Vec<_>>();
    if format != "xlsx" {
        let heads: Vec<&str> = headings.iter().map(String::as_str).collect();
        let mut out = CsvWriter::for_excel(Vec::new(), &heads);
        for row in rows {
            out.row(&cells(row));
        }
        return Ok(out.finish());
    }
    let broken = |e: &dyn Display| Fault::new(format!("a workbook was not written: {e}"));
    let facts = vec![("As at".to_owned(), today.to_string()), ("Made by".to_owned(), by.to_owned())];
    let about = About { title: title.to_owned(), facts, made_on: Some(today) };
    let columns = headings.iter().map(|heading| Column { heading: heading.clone(), kind: ColumnKind::Text });
    let mut book = WorkbookWriter::new(about, columns.collect()).map_err(|e| broken(&e))?;
    for row in rows {
        book.row(&cells(row)).map_err(|e| broken(&e))?;
    }
    Ok(book.finish().map_err(|e| broken(&e))?)
}
