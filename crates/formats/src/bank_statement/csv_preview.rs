//! A sample of a bank's CSV as a person sees it while writing a profile: the raw rows, and what the profile makes of them.

use super::csv::{Wanted, rows, unsettled};
use super::csv_profile::Profile;
use super::record::Entry;
use crate::problem::FormatProblem;
use crate::text;

/// Rows shown of a sample.
const SHOWN: usize = 20;
/// Bytes of a sample that are looked at to find its delimiter and first rows.
const LOOKED_AT: usize = 256 * 1024;

/// What a profile makes of a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Preview {
    /// Rows read in all.
    pub rows: usize,
    /// The first of them.
    pub entries: Vec<Entry>,
    /// Money in, of all rows, in minor units.
    pub credits: i64,
    /// Money out, of all rows, in minor units.
    pub debits: i64,
    /// Opening balance, when the running balance proves.
    pub opening: Option<i64>,
    /// Closing balance, when the running balance proves.
    pub closing: Option<i64>,
    /// The accounts that the rows name.
    pub accounts: Vec<String>,
    /// What is wrong: with the profile, then with the rows.
    pub problems: Vec<FormatProblem>,
}

/// Reads a sample by a profile that is being written.
pub fn preview(file_name: &str, bytes: &[u8], profile: &Profile) -> Preview {
    let problems = profile.problems();
    if !problems.is_empty() {
        return Preview { problems, ..Preview::default() };
    }
    let own = std::slice::from_ref(profile);
    let file = unsettled(bytes, Wanted { file_name, profile: Some(&profile.name), own });
    let ends = match file.statements.as_slice() {
        [only] => (only.opening, only.closing),
        _ => (None, None),
    };
    Preview {
        rows: file.statements.iter().map(|s| s.entries.len()).sum(),
        entries: file.statements.iter().flat_map(|s| &s.entries).take(SHOWN).cloned().collect(),
        credits: file.statements.iter().map(|s| s.credits()).sum(),
        debits: file.statements.iter().map(|s| s.debits()).sum(),
        opening: ends.0,
        closing: ends.1,
        accounts: file.statements.iter().map(|s| s.account.clone()).filter(|a| !a.is_empty()).collect(),
        problems: file.errors.into_iter().chain(file.warnings).collect(),
    }
}

/// The delimiter that gives a sample the most columns, and its first rows by it.
///
/// # Errors
/// When the sample is empty or no text.
pub fn first_rows(bytes: &[u8]) -> Result<(char, Vec<Vec<String>>), FormatProblem> {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let decoded = text::decode(head, None);
    if decoded.text.trim().is_empty() {
        return Err(FormatProblem::new("csv.empty", "", "the sample is empty"));
    }
    if let Some((line, _)) = text::control_character(&decoded.text) {
        let message = "a character that no text file should hold";
        return Err(FormatProblem::new("encoding.control", format!("line {line}"), message));
    }
    let content = text::with_line_feeds(decoded.text);
    let mut best: Option<(char, Vec<Vec<String>>)> = None;
    for delimiter in [',', ';', '\t', '|'] {
        let Ok(found) = rows(&content, delimiter as u8, SHOWN) else { continue };
        let cells: Vec<Vec<String>> = found.into_iter().map(|row| row.cells).collect();
        let width = |rows: &[Vec<String>]| rows.iter().map(Vec::len).sum::<usize>();
        if best.as_ref().is_none_or(|(_, before)| width(&cells) > width(before)) {
            best = Some((delimiter, cells));
        }
    }
    best.ok_or_else(|| FormatProblem::new("csv.format", "", "the sample is not CSV"))
}
