//! A table of somebody else's, read and written as it came: whatever its columns, with commas, semicolons or tabs.

use crate::csv_out::defused;
use crate::problem::FormatProblem;
use crate::text;

/// The text of a file, in whichever encoding it came.
pub fn text_of(bytes: &[u8]) -> String {
    text::with_line_feeds(text::decode(bytes, None).text)
}

/// The rows of a table, all as long as the longest; at most so many, of at most so many columns.
///
/// # Errors
/// A file that is no table, or a larger one.
pub fn read(bytes: &[u8], rows_most: usize, columns_most: usize) -> Result<Vec<Vec<String>>, FormatProblem> {
    let text = text_of(bytes);
    let first = text.lines().next().unwrap_or_default();
    let mark = [b',', b';', b'\t'].into_iter().max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(mark.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let place = || format!("row {}", rows.len() + 1);
        let record = record.map_err(|_| FormatProblem::new("table.row", place(), "the row cannot be read"))?;
        if record.len() > columns_most {
            let words = format!("the row has {} columns; {columns_most} at most", record.len());
            return Err(FormatProblem::new("table.columns", place(), words));
        }
        if rows.len() == rows_most {
            return Err(FormatProblem::new("table.rows", place(), format!("the table has more than {rows_most} rows")));
        }
        rows.push(record.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    rows.iter_mut().for_each(|row| row.resize(columns, String::new()));
    match rows.len() {
        0 | 1 => {
            Err(FormatProblem::new("table.empty", "", "the table has a row of headings and a row under it at least"))
        }
        _ => Ok(rows),
    }
}

/// The rows as CSV: UTF-8, commas, and nothing that a spreadsheet takes for a formula.
pub fn write(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| if is_number(cell) { cell.clone() } else { defused(cell) });
        let _ = writer.write_record(cells);
    }
    writer.into_inner().unwrap_or_default()
}

fn is_number(cell: &str) -> bool {
    let rest = cell.strip_prefix('-').unwrap_or(cell);
    !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_as_it_went_and_formulas_do_not_run() {
        let rows = read(b"Date;Hours;Note\r\n2026-05-01;-2.5;\"=cmd()\"\r\n2026-05-02;3\r\n", 10, 5).expect("a table");
        assert_eq!(rows[1], ["2026-05-01", "-2.5", "=cmd()"]);
        assert_eq!(rows[2], ["2026-05-02", "3", ""]);
        let written = String::from_utf8(write(&rows)).expect("text");
        assert_eq!(written, "Date,Hours,Note\n2026-05-01,-2.5,'=cmd()\n2026-05-02,3,\n");
        assert_eq!(read(b"Date\n", 10, 5).expect_err("empty").code, "table.empty");
        assert_eq!(read(b"a\n1\n2\n3\n", 3, 5).expect_err("long").code, "table.rows");
        assert_eq!(read(b"a,b,c\n1,2,3\n", 3, 2).expect_err("wide").code, "table.columns");
    }
}
