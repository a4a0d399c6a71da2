//! Tables of charges whose headings the site has mapped, with the sender's row of totals at the end.

use super::table::{RowProblem, heading};
use crate::csv_out::armed;
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// The most rows of a file.
const MOST_ROWS: usize = 200_000;

/// A row of a mapped table: one cell for each column asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRow {
    /// The row as a spreadsheet numbers it: the header is 1.
    pub row: usize,
    /// The cells, in the order of the columns asked for; empty where the file has no such column.
    pub cells: Vec<String>,
}

/// What a mapped table gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    /// The rows, in file order.
    pub rows: Vec<MappedRow>,
    /// Rows that do not have as many columns as the header.
    pub crooked: Vec<(usize, String)>,
    /// The cells of the row of totals after its first.
    pub trailer: Option<Vec<String>>,
    /// What is wrong with the file as a whole.
    pub problems: Vec<RowProblem>,
}

/// Reads a table. `columns` are the headings wanted, empty for none, and whether each must be there; `trailer` is what the
/// first cell of the row of totals says.
pub fn read_mapped(bytes: &[u8], columns: &[(&str, bool)], trailer: &str) -> Mapped {
    let mut found = Mapped::default();
    if bytes.len() > text::LARGEST_FILE {
        found.problems.push(RowProblem::new(0, "", "file.too_large", "the file is over 200 MB", ""));
        return found;
    }
    let content = text::with_line_feeds(text::decode(bytes, None).text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut record = csv::StringRecord::new();
    if !matches!(reader.read_record(&mut record), Ok(true)) {
        found.problems.push(RowProblem::new(0, "", "csv.empty", "the file is empty", ""));
        return found;
    }
    let width = record.len();
    let places = places(&record, columns, &mut found.problems);
    if !found.problems.is_empty() {
        return found;
    }
    let is_trailer = |record: &csv::StringRecord| {
        !trailer.is_empty() && armed(record.get(0).unwrap_or("").trim()).eq_ignore_ascii_case(trailer.trim())
    };
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(e) => {
                let message = format!("the file is not CSV: {e}");
                found.problems.push(RowProblem::new(0, "", "csv.format", message, ""));
                break;
            }
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let row = text::line_of(&reader, &record);
        if found.trailer.is_some() {
            let message = format!("row {row} comes after the row of totals");
            found.problems.push(RowProblem::new(row, "", "trailer.last", message, ""));
            break;
        }
        if is_trailer(&record) {
            found.trailer = Some(record.iter().skip(1).map(|cell| armed(cell.trim()).to_owned()).collect());
            continue;
        }
        if found.rows.len() + found.crooked.len() >= MOST_ROWS {
            let message = format!("the file has more than {MOST_ROWS} rows; send it in parts");
            found.problems.push(RowProblem::new(row, "", "file.too_many", message, ""));
            break;
        }
        let extra = record.iter().skip(width).any(|cell| !cell.trim().is_empty());
        if record.len() < width || extra {
            let message = format!("{} columns", record.len());
            found.crooked.push((row, message));
        }
        let cell = |place: &Option<usize>| {
            place.and_then(|at| record.get(at)).map_or(String::new(), |cell| armed(cell.trim()).to_owned())
        };
        found.rows.push(MappedRow { row, cells: places.iter().map(cell).collect() });
    }
    if found.rows.is_empty() && found.problems.is_empty() {
        found.problems.push(RowProblem::new(0, "", "csv.empty", "the file has a header and no rows", ""));
    }
    found
}

/// Where each wanted column is.
fn places(record: &csv::StringRecord, columns: &[(&str, bool)], problems: &mut Vec<RowProblem>) -> Vec<Option<usize>> {
    let headings: Vec<String> = record.iter().map(heading).collect();
    let mut places = Vec::with_capacity(columns.len());
    for (wanted, needed) in columns {
        let name = heading(wanted);
        let at: Vec<usize> = (0..headings.len()).filter(|at| !name.is_empty() && headings[*at] == name).collect();
        if at.len() > 1 {
            problems.push(RowProblem::new(1, wanted, "csv.column_twice", "the column is there twice", wanted));
        } else if at.is_empty() && (*needed || !name.is_empty()) {
            let message = format!("the column is missing; the file has {}", headings.join(", "));
            problems.push(RowProblem::new(1, wanted, "csv.missing_column", message, ""));
        }
        places.push(at.first().copied());
    }
    places
}

/// What is said beside a row that is given back: field, value as given, what would be right.
pub type Said = (String, String, String);

/// Headings that a file of rejects adds; read past when it comes back.
pub const SAID: [&str; 4] = ["sent_row", "wrong_field", "value_given", "what_would_be_right"];

/// Rows as they stand in the file, each with what is said about it; the header first.
pub fn rows_with(source: &[u8], said: &BTreeMap<usize, Vec<Said>>) -> Vec<Vec<String>> {
    let content = text::with_line_feeds(text::decode(source, None).text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut all = Vec::new();
    let mut added = BTreeSet::new();
    while let Ok(true) = reader.read_record(&mut record) {
        if all.is_empty() {
            added = (0..record.len()).filter(|at| SAID.contains(&heading(&record[*at]).as_str())).collect();
        }
        let kept = record.iter().enumerate().filter(|(at, _)| !added.contains(at));
        let mut cells: Vec<String> = kept.map(|(_, cell)| armed(cell).to_owned()).collect();
        if all.is_empty() {
            cells.extend(SAID.map(str::to_owned));
            all.push(cells);
            continue;
        }
        let row = text::line_of(&reader, &record);
        let Some(about) = said.get(&row) else { continue };
        let width = all.first().map_or(0, Vec::len) - SAID.len();
        cells.resize(width, String::new());
        let joined = |of: fn(&Said) -> &String| about.iter().map(|one| of(one).as_str()).collect::<Vec<_>>().join("; ");
        cells.extend([row.to_string(), joined(|one| &one.0), joined(|one| &one.1), joined(|one| &one.2)]);
        all.push(cells);
    }
    all
}

/// The same table with some cells' text changed: used to keep a file without what must never be kept.
pub fn changed(source: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let content = text::with_line_feeds(text::decode(source, None).text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut record = csv::StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        writer.write_record(record.iter().map(&change)).expect("writing to memory does not fail");
    }
    writer.into_inner().expect("writing to memory does not fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Ref,Cust No,What,Net\nL1,C1,Licence,295.00\nL2,C2,\"Licence, late\"\n\nL3,C3,Fine,1.00,more\n#TOTAL,3,296.00\n";
    const COLUMNS: &[(&str, bool)] = &[("ref", true), ("Cust No", true), ("", false), ("net", true)];

    #[test]
    fn bil_08_a_mapped_table_gives_every_row_and_the_senders_totals() {
        let found = read_mapped(FILE.as_bytes(), COLUMNS, "#total");
        assert_eq!(found.problems, []);
        assert_eq!(found.trailer, Some(vec!["3".to_owned(), "296.00".to_owned()]));
        assert_eq!(found.rows.len(), 3);
        assert_eq!(found.rows[0], MappedRow { row: 2, cells: ["L1", "C1", "", "295.00"].map(str::to_owned).into() });
        assert_eq!(found.crooked.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 5]);
        let late = format!("{FILE}L4,C4,Fine,1.00\n");
        assert_eq!(read_mapped(late.as_bytes(), COLUMNS, "#TOTAL").problems[0].code, "trailer.last");
        let wrong = read_mapped(b"ref,what\n1,2\n", COLUMNS, "");
        assert_eq!(wrong.problems.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["Cust No", "net"]);
        assert_eq!(read_mapped(b"", COLUMNS, "").problems[0].code, "csv.empty");
    }

    #[test]
    fn bil_08_rejects_go_back_as_they_came_with_what_would_be_right() {
        let one = ("amount".to_owned(), "2x".to_owned(), "pounds".to_owned());
        let said = BTreeMap::from([(3, vec![one.clone(), one])]);
        let rows = rows_with(FILE.as_bytes(), &said);
        assert_eq!(rows[0][4..], SAID.map(str::to_owned));
        assert_eq!(rows[1], ["L2", "C2", "Licence, late", "", "3", "amount; amount", "2x; 2x", "pounds; pounds"]);
        let again = rows.iter().map(|row| row.join("|")).collect::<Vec<_>>().join("\n").replace('|', "\t");
        assert_eq!(rows.len(), 2, "{again}");
        let text = String::from_utf8(changed(FILE.as_bytes(), |cell| cell.replace("Licence", "***"))).expect("text");
        assert!(text.contains("\"***, late\"") && !text.contains("Licence"), "{text}");
    }
}
