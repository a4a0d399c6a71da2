//! What the command line says: one JSON document or words, and never twice.
//!
//! With `--json` exactly one document goes to the standard output, whatever happened. Words for
//! people and progress go to the standard error. A reader who stops listening ends us quietly.
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{ErrorKind, Write};
use std::time::Duration;
use sundry_desk::core::vault::{RunningHash, hex, random_bytes};
use sundry_desk::{Fault, No, Outcome};
use sundry_domain::recovery::Verdict;
use sundry_domain::refusal::{Invalid, Refusal};

/// Done.
pub const DONE: u8 = 0;
/// Our fault.
pub const FAULT: u8 = 1;
/// Input not understood.
pub const NOT_UNDERSTOOD: u8 = 2;
/// Refused by a rule.
pub const REFUSED: u8 = 3;

/// Where answers go.
pub struct Out {
    json: bool,
    begun: bool,
    closed: bool,
    written: RunningHash,
}

impl Out {
    /// Answers as JSON, or as words.
    pub fn new(json: bool) -> Out {
        Out { json, begun: false, closed: false, written: RunningHash::default() }
    }

    /// Whether JSON is asked for.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether the reader stopped listening, so that there is no use in going on.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The hash of what was written.
    pub fn sha256(&self) -> String {
        self.written.hex()
    }

    /// The answer: the document, or what people read.
    ///
    /// # Errors
    /// A fault when the standard output cannot be written.
    pub fn answer(&mut self, document: &impl Serialize, words: impl FnOnce() -> String) -> Outcome<()> {
        if self.json {
            return self.document(document);
        }
        let mut text = words();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        self.write(text.as_bytes())
    }

    /// The document, whatever was asked for.
    ///
    /// # Errors
    /// As [`Out::answer`].
    pub fn document(&mut self, document: &impl Serialize) -> Outcome<()> {
        let mut bytes = serde_json::to_vec_pretty(document)?;
        bytes.push(b'\n');
        self.write(&bytes)
    }

    /// Bytes as they are: a report, a list.
    ///
    /// # Errors
    /// As [`Out::answer`].
    pub fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.begun |= !bytes.is_empty();
        if self.closed {
            return Ok(());
        }
        self.written.add(bytes);
        let mut pipe = std::io::stdout().lock();
        match pipe.write_all(bytes).and_then(|()| pipe.flush()) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(e) => Err(Fault::new(format!("writing the answer: {e}")).into()),
        }
    }

    /// Tells why there is no answer, and gives the exit code.
    pub fn no(&mut self, no: &No, log: &str) -> u8 {
        let (code, document, words) = match no {
            No::Refused(refusal) => (REFUSED, json!({ "refused": **refusal }), refusal_words(refusal)),
            No::Invalid(all) => (NOT_UNDERSTOOD, json!({ "invalid": all }), invalid_words(all)),
            No::Absent(what) => (NOT_UNDERSTOOD, json!({ "absent": what }), format!("There is no {what}.")),
            No::Fault(fault) => {
                let reference = logged(fault);
                let words = format!(
                    "Something went wrong on our side (reference {reference}). {log}\nRunning the same command again is safe."
                );
                (FAULT, json!({ "fault": { "reference": reference, "words": words } }), words)
            }
        };
        say(&words);
        self.only(&document);
        code
    }

    /// The document, unless another was begun: one is enough, and the exit code says the rest.
    fn only(&mut self, document: &Value) {
        if self.json && !self.begun {
            // The exit code tells what the standard output no longer can.
            let _ = self.document(document);
        }
    }
}

/// Notes a fault in the log under a reference that people can quote.
fn logged(fault: &Fault) -> String {
    let reference = hex(&random_bytes::<4>());
    tracing::error!(reference, words = fault.words, "fault");
    reference
}

fn refusal_words(refusal: &Refusal) -> String {
    let mut words = format!("Refused: {} ({})\nRule: {}", refusal.sentence, refusal.code, refusal.rule);
    if !refusal.way_out.is_empty() {
        words.push_str(&format!("\nWay out: {}", refusal.way_out));
    }
    if let Some(day) = refusal.allowed_from {
        words.push_str(&format!("\nAllowed from: {day}"));
    }
    words
}

fn invalid_words(all: &[Invalid]) -> String {
    let mut words = format!("{} to put right; nothing was kept:", counted(all.len(), "thing", "things"));
    for one in all {
        let row = one.row.map(|row| format!("row {row}, ")).unwrap_or_default();
        words.push_str(&format!("\n  {row}{}: {}", one.field, one.message));
        if !one.typed.is_empty() {
            words.push_str(&format!(" (typed: {})", visible(&one.typed)));
        }
    }
    words
}

/// Text of others, with nothing in it that could move a terminal's cursor.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// `1 row`, `3 rows`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How a check came out, for people: `Passed`, `Needs a look`, `Fix`.
pub fn verdict_name(stored: &str) -> &str {
    Verdict::parse(stored).map_or(stored, |one| one.name())
}

/// Words for people, on the standard error.
pub fn say(words: &str) {
    // Nobody listens: then there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{words}");
}

/// A sign of life while something takes long; only on a terminal.
pub struct Busy(ProgressBar);

/// Shows that work is under way until it is dropped.
pub fn busy(what: &str) -> Busy {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(150));
    Busy(bar)
}

impl Busy {
    /// Says how far it is.
    pub fn now(&self, what: String) {
        self.0.set_message(what);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Rows under headings, as wide as they need to be; the columns named are set to the right.
pub fn table(headings: &[&str], right: &[usize], rows: &[Vec<String>]) -> String {
    let wide = |text: &str| text.chars().count();
    let mut widths: Vec<usize> = headings.iter().map(|heading| wide(heading)).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| visible(cell)).collect()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(wide(cell));
        }
    }
    let line = |cells: Vec<&str>| {
        let mut text = String::new();
        for (place, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - wide(cell));
            let (before, after) = if right.contains(&place) { (gap.as_str(), "") } else { ("", gap.as_str()) };
            text.push_str(&format!("{before}{cell}{after}  "));
        }
        text.trim_end().to_owned() + "\n"
    };
    let mut text = line(headings.to_vec());
    for row in &rows {
        text.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_as_wide_as_it_needs() {
        let rows = [vec!["C1".to_owned(), "1.00".to_owned()], vec!["C1000\u{1b}".to_owned(), "12.50".to_owned()]];
        assert_eq!(table(&["id", "total"], &[1], &rows), "id      total\nC1       1.00\nC1000\u{FFFD}  12.50\n");
    }

    #[test]
    fn all_that_is_wrong_is_said_with_what_was_typed() {
        let all = [Invalid::row(3, "amount", "is not money", "1,2,3\u{7}"), Invalid::field("org", "Name one", "")];
        let words = invalid_words(&all);
        assert!(words.contains("2 things") && words.contains("row 3, amount: is not money (typed: 1,2,3\u{FFFD})"));
        assert!(words.ends_with("org: Name one"), "{words}");
    }
}
