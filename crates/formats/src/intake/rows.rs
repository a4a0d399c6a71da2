//! The rows of a file as they stand in it, to be shown beside what is wrong with them.

use crate::text;
use std::collections::BTreeSet;

/// A row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// The row as a spreadsheet numbers it: the header is 1.
    pub row: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// The headings of a file and some of its rows: the ones asked for, or where none is, the first; at most `most`.
pub fn source_rows(source: &[u8], wanted: &BTreeSet<usize>, most: usize) -> (Vec<String>, Vec<SourceRow>) {
    let content = text::with_line_feeds(text::decode(source, None).text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut headings, mut rows) = (Vec::new(), Vec::new());
    let mut is_header = true;
    while let Ok(true) = reader.read_record(&mut record) {
        let row = text::line_of(&reader, &record);
        let cells: Vec<String> = record.iter().map(|cell| cell.chars().take(200).collect()).collect();
        if is_header {
            headings = cells;
            is_header = false;
        } else if wanted.is_empty() || wanted.contains(&row) {
            rows.push(SourceRow { row, cells });
        }
        if rows.len() >= most {
            break;
        }
    }
    (headings, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_asked_for_are_given_as_they_stand() {
        let file = b"customer_id,name\nC1,\"Smith, Jo\"\nC2,\nC3,Ann\n";
        let (headings, rows) = source_rows(file, &BTreeSet::from([3]), 200);
        assert_eq!(headings, ["customer_id", "name"]);
        assert_eq!(rows, [SourceRow { row: 3, cells: vec!["C2".into(), String::new()] }]);
        assert_eq!(source_rows(file, &BTreeSet::new(), 2).1.len(), 2);
        assert_eq!(source_rows(&[0xff, 0xfe, 0x00], &BTreeSet::new(), 2).1.len(), 0);
    }
}
