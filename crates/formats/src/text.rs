//! Bytes to text: the declared encoding, then UTF-8, then Windows-1252, saying which was used.

use crate::problem::FormatProblem;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

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

/// An ISO date written exactly `YYYY-MM-DD`.
pub(crate) fn iso_date(text: &str) -> Option<chrono::NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { date(text, "%Y-%m-%d") } else { None }
}
