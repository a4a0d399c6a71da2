//! A document and what backs it in one PDF, with an index; and tables and texts as pages.

use crate::letter::{Enclosure, Language, Letter};
use crate::printer::{PaperFault, Printer};
use chrono::{Datelike, NaiveDate};
use hayro_syntax::Pdf;
use serde::Serialize;
use std::sync::Arc;

/// A table or a text to be set as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    /// Its heading.
    pub title: String,
    /// Whose it is, in the foot of each page.
    pub author: String,
    /// A sentence under the heading; may be empty.
    pub note: String,
    /// Headings and rows; empty for a text.
    pub table: Vec<Vec<String>>,
    /// Lines; empty for a table.
    pub lines: Vec<String>,
    /// The date of the file.
    pub dated_on: NaiveDate,
    /// The language of our own words on it.
    pub language: Language,
    /// Set as large print.
    pub large: bool,
}

/// A plain sheet on its way to the typesetter.
#[derive(Serialize)]
pub(crate) struct PlainJob {
    title: String,
    author: String,
    note: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    lines: Vec<String>,
    small: bool,
    wide: bool,
    large: bool,
    lang: &'static str,
    year: i32,
    month: u32,
    day: u32,
}

impl PlainJob {
    /// Every text shown by `shown`; rows are as long as the head.
    pub(crate) fn of(plain: &Plain, small: bool, shown: impl Fn(&str) -> String) -> PlainJob {
        let columns = plain.table.iter().map(Vec::len).max().unwrap_or_default();
        let mut rows: Vec<Vec<String>> =
            plain.table.iter().map(|row| row.iter().map(|cell| shown(cell)).collect()).collect();
        rows.iter_mut().for_each(|row| row.resize(columns, String::new()));
        let head = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
        PlainJob {
            title: shown(&plain.title),
            author: shown(&plain.author),
            note: shown(&plain.note),
            head,
            rows,
            lines: plain.lines.iter().map(|line| shown(line)).collect(),
            small,
            wide: columns > 6,
            large: plain.large,
            lang: match plain.language {
                Language::English => "en",
                Language::Welsh => "cy",
            },
            year: plain.dated_on.year(),
            month: plain.dated_on.month(),
            day: plain.dated_on.day(),
        }
    }
}

impl Printer {
    /// A document, what backs it, and an index before them, as one PDF of pages.
    ///
    /// # Errors
    /// A letter that cannot be set; a backing file that is no readable PDF.
    pub fn bundle(&self, letter: &Letter, backing: &[Enclosure]) -> Result<Vec<u8>, PaperFault> {
        let enclosed: Vec<Enclosure> =
            letter.enclosures.iter().filter(|one| one.pdf.is_some()).chain(backing).cloned().collect();
        let whole = Letter { enclosures: enclosed.clone(), ..letter.clone() };
        let set = self.pages_for_print(&whole)?;
        // With nothing behind it but its own enclosures, a letter begins with its first page, where its date stands.
        if backing.is_empty() && letter.encloses_pages() {
            return self.bound_pages(set, Default::default(), letter);
        }
        let mut counts = Vec::new();
        for one in &enclosed {
            counts.push((
                one.title.clone(),
                pages_in(one.pdf.as_deref().unwrap_or_default(), &letter.number, &one.title)?,
            ));
        }
        let backed: usize = counts.iter().map(|(_, pages)| pages).sum();
        let own = set.len().saturating_sub(backed);
        let mut index_pages = 1;
        loop {
            let index = index(letter, own, &counts, index_pages);
            let first = self.plain_pages(&index, false)?;
            if first.len() == index_pages {
                return self.bound_pages(first, set, letter);
            }
            index_pages = first.len();
        }
    }

    /// A table or a text as PDF/A-3a and PDF/UA-1.
    ///
    /// # Errors
    /// What the typesetter refuses.
    pub fn plain_pdf(&self, plain: &Plain) -> Result<Vec<u8>, PaperFault> {
        self.plain(plain, true)
    }
}

fn index(letter: &Letter, own: usize, counts: &[(String, usize)], before: usize) -> Plain {
    let (name, customer) = (&letter.to.name, &letter.to.customer_number);
    let (title, note, part, pages, to) = match letter.language {
        Language::English => (
            format!("{} and what backs it", letter.number),
            format!("For {name}, customer number {customer}."),
            "Part",
            "Pages of this file",
            "to",
        ),
        Language::Welsh => (
            format!("{} a'r hyn sy'n ei gefnogi", letter.number),
            format!("I {name}, rhif cwsmer {customer}."),
            "Rhan",
            "Tudalennau'r ffeil hon",
            "i",
        ),
    };
    let span = |from: usize, pages: usize| match pages {
        1 => from.to_string(),
        _ => format!("{from} {to} {}", from + pages - 1),
    };
    let mut table = vec![vec![part.to_owned(), pages.to_owned()]];
    let mut at = before + 1;
    for (title, pages) in std::iter::once((letter.number.clone(), own)).chain(counts.iter().cloned()) {
        table.push(vec![title, span(at, pages)]);
        at += pages;
    }
    Plain {
        title,
        author: letter.organisation.name.clone(),
        note,
        table,
        lines: Vec::new(),
        dated_on: letter.dated_on,
        language: letter.language,
        large: letter.large_print,
    }
}

fn opened(pdf: &[u8], number: &str, title: &str) -> Result<Pdf, PaperFault> {
    let why = || PaperFault::NotSet { number: number.to_owned(), why: format!("{title} is not a readable PDF") };
    Pdf::new(Arc::new(pdf.to_vec())).map_err(|_| why())
}

fn pages_in(pdf: &[u8], number: &str, title: &str) -> Result<usize, PaperFault> {
    Ok(opened(pdf, number, title)?.pages().len())
}

/// What can be read of a PDF without a reader of fonts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PdfSeen {
    /// Words of each page that stand in it as plain characters; a font of its own may hide others.
    pub pages: Vec<String>,
    /// It holds a program, a call of one, or is locked.
    pub unsafe_parts: bool,
}

/// Looks into a PDF.
///
/// # Errors
/// A file that is no readable PDF.
pub fn look_into(pdf: &[u8]) -> Result<PdfSeen, PaperFault> {
    let read = opened(pdf, "", "The file")?;
    let holds = |name: &[u8]| pdf.windows(name.len()).any(|window| window == name);
    let unsafe_parts = [&b"/JavaScript"[..], b"/Launch", b"/Encrypt", b"/RichMedia"].iter().any(|name| holds(name));
    let words = |at: usize| read.pages().get(at).and_then(|page| page.page_stream().map(words_of)).unwrap_or_default();
    Ok(PdfSeen { pages: (0..read.pages().len()).map(words).collect(), unsafe_parts })
}

/// The strings of a page's drawing, those of one call together.
fn words_of(stream: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < stream.len() {
        match stream[at] {
            b'(' => at = literal(stream, at + 1, &mut out),
            b'<' if stream.get(at + 1) != Some(&b'<') => at = hex(stream, at + 1, &mut out),
            b'T' if matches!(stream.get(at + 1), Some(b'j' | b'J' | b'd' | b'D' | b'm' | b'*')) => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
    out
}

fn literal(stream: &[u8], mut at: usize, out: &mut String) -> usize {
    let mut depth = 1;
    while let Some(byte) = stream.get(at) {
        match byte {
            b'\\' => {
                at += 1;
                out.extend(stream.get(at).filter(|byte| byte.is_ascii_graphic()).map(|byte| char::from(*byte)));
            }
            b'(' => depth += 1,
            b')' if depth == 1 => return at + 1,
            b')' => depth -= 1,
            byte if byte.is_ascii_graphic() || *byte == b' ' => out.push(char::from(*byte)),
            _ => {}
        }
        at += 1;
    }
    at
}

fn hex(stream: &[u8], mut at: usize, out: &mut String) -> usize {
    let mut digits = Vec::new();
    while let Some(byte) = stream.get(at) {
        at += 1;
        match byte {
            b'>' => break,
            byte => digits.extend(char::from(*byte).to_digit(16)),
        }
    }
    let bytes: Vec<u32> =
        digits.chunks(2).map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or_default()).collect();
    // Two bytes for each sign are places in a font, which say nothing without it.
    if !bytes.contains(&0) {
        let shown = bytes.into_iter().filter_map(char::from_u32);
        out.extend(shown.filter(|c| c.is_ascii_graphic() || *c == ' '));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn strings_of_one_call_stand_together() {
        let page = b"BT /F1 12 Tf (Ann \\(Bell\\)) Tj [(943) -20 ( 476) 3 ( 5919)] TJ <4142> Tj <00390034> Tj ET << /MCID 1 >> BDC";
        assert_eq!(words_of(page), "Ann (Bell) 943 476 5919 AB ");
    }
}
