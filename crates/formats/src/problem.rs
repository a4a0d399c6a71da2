//! What is wrong with a file, said so that a finance clerk can act on it.

use serde::Serialize;

/// One thing wrong (or odd) in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormatProblem {
    /// Stable code, such as `camt.balance`; never translated.
    pub code: String,
    /// Where: a line, a row or a path, such as `line 12` or `Stmt[1]/Ntry[3]`; empty for the whole file.
    pub at: String,
    /// A sentence for a person, with the value as found.
    pub message: String,
}

impl FormatProblem {
    /// A problem with its code, its place and a sentence.
    pub fn new(code: &str, at: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), at: at.into(), message: message.into() }
    }
}

impl std::fmt::Display for FormatProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.at.is_empty() {
            write!(f, "{}: {}", self.code, self.message)
        } else {
            write!(f, "{} at {}: {}", self.code, self.at, self.message)
        }
    }
}

/// A value shortened so that a hostile one cannot fill a page.
pub(crate) fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = value.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).take(LONGEST).collect();
    if value.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
