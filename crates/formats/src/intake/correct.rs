//! The rows that were refused, with the reason beside each, as a file that can be corrected and sent again.

use super::table::{REASON, RowProblem, heading};
use crate::csv_out::{armed, defused};
use crate::text;
use std::collections::BTreeMap;

/// Writes the rows of `source` that `problems` name, in file order, with a last column `reason`.
///
/// The header is the file's own. When the header itself is at fault every row is given back. Text that a spreadsheet
/// would run is defused; reading the corrected file takes that off again.
pub fn bad_rows(source: &[u8], problems: &[RowProblem]) -> Vec<u8> {
    let mut reasons: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for problem in problems {
        let field = if problem.field.is_empty() { String::new() } else { format!("{}: ", problem.field) };
        reasons.entry(problem.row).or_default().push(format!("{field}{}", problem.message));
    }
    let all = reasons.contains_key(&0) || reasons.contains_key(&1);
    let content = text::with_line_feeds(text::decode(source, None).text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(content.as_bytes());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut record = csv::StringRecord::new();
    let mut reason_at = None;
    let mut is_header = true;
    while let Ok(true) = reader.read_record(&mut record) {
        let row = text::line_of(&reader, &record);
        if is_header {
            reason_at = record.iter().position(|cell| heading(cell) == REASON);
        } else if !all && !reasons.contains_key(&row) {
            continue;
        }
        let kept = record.iter().enumerate().filter(|(index, _)| Some(*index) != reason_at);
        let mut cells: Vec<String> = kept.map(|(_, cell)| defused_unless_number(armed(cell))).collect();
        cells.push(if is_header {
            REASON.to_owned()
        } else {
            reasons.get(&row).map(|r| r.join("; ")).unwrap_or_default()
        });
        writer.write_record(&cells).expect("writing to memory does not fail");
        is_header = false;
    }
    writer.into_inner().expect("writing to memory does not fail")
}

/// A negative amount stays a number.
fn defused_unless_number(cell: &str) -> String {
    if crate::money::pounds(cell).is_ok() { cell.to_owned() } else { defused(cell) }
}
