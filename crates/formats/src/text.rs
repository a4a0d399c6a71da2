//! Bytes to text: the declared encoding, then UTF-8, then Windows-1252, saying which was used.

use crate::problem::FormatProblem;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The largest file any reader takes, in bytes.
pub(crate) const LARGEST_FILE: usize = 200 * 1024 * 1024;

/// Text, and how it was read.
pub(crate) struct Decoded {
    pub text: String,
    pub warning: Option<FormatProblem>,
}

/// Decodes a file. Never fails: Windows-1252 gives a character for every byte.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Decoded { text: text.into_owned(), warning: None };
    }
    if let Some(encoding) = unmarked_utf_16(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let message = "the file has two bytes for each letter and does not say so; it was read as UTF-16";
        return Decoded { text: text.into_owned(), warning: Some(FormatProblem::new("encoding.utf_16", "", message)) };
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = declared
        && encoding.is_ascii_compatible()
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return Decoded { text: text.into_owned(), warning: None };
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Decoded { text: text.into_owned(), warning: None };
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let message = "the file is not UTF-8; it was read as Windows-1252";
    Decoded { text: text.into_owned(), warning: Some(FormatProblem::new("encoding.windows_1252", "", message)) }
}

/// UTF-16 without its mark: every other byte of the beginning is nothing.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..8)?;
    let empty = |from: usize| head.iter().skip(from).step_by(2).all(|b| *b == 0);
    let said = |from: usize| head.iter().skip(from).step_by(2).all(|b| *b != 0 && b.is_ascii());
    match (empty(1) && said(0), empty(0) && said(1)) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// Text whose every line ends in one line feed, so that lines can be counted the same whoever wrote them.
pub(crate) fn with_line_feeds(text: String) -> String {
    let mut text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The line on which the record just read begins, as a spreadsheet numbers rows; needs [`with_line_feeds`].
pub(crate) fn line_of<R: std::io::Read>(reader: &csv::Reader<R>, record: &csv::StringRecord) -> usize {
    let end = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
    let inside: usize = record.iter().map(|cell| cell.bytes().filter(|b| *b == b'\n').count()).sum();
    end.saturating_sub(inside + 1)
}

/// The first character that no text file should hold, with its line.
pub(crate) fn control_character(text: &str) -> Option<(usize, char)> {
    text.lines().enumerate().find_map(|(index, line)| {
        line.chars().find(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\u{80}'..='\u{9f}')).map(|c| (index + 1, c))
    })
}

/// A calendar date within the years we accept, by an exact `chrono` format.
pub(crate) fn date(text: &str, format: &str) -> Option<chrono::NaiveDate> {
    use chrono::Datelike;
    let parsed = chrono::NaiveDate::parse_from_str(text.trim(), format).ok()?;
    (1990..=2199).contains(&parsed.year()).then_some(parsed)
}

/// A date written `YYMMDD`; 70 to 99 are 19xx.
pub(crate) fn short_date(text: &str) -> Option<chrono::NaiveDate> {
    if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let century = if text >= "70" { "19" } else { "20" };
    date(&format!("{century}{text}"), "%Y%m%d")
}

/// An ISO date written exactly `YYYY-MM-DD`.
pub(crate) fn iso_date(text: &str) -> Option<chrono::NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { date(text, "%Y-%m-%d") } else { None }
}
