//! Payments by ISO 20022: credits (pain.001), Direct Debits (pain.008), and the bank's answer (pain.002).

mod credit;
mod debit;
mod status;
mod xml_out;

pub use credit::{CreditBatch, CreditProfile, CreditVersion, Payment, write_credits};
pub use debit::{Collection, DebitBatch, DebitProfile, DebitVersion, Sequence, write_debits};
pub use status::{ItemStatus, Status, StatusReport, read_status};

use crate::bacs::{is_account, is_sort_code};
use crate::problem::{FormatProblem, shown};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One end of a payment: a UK account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// In whose name.
    pub name: String,
    /// Six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account: String,
}

/// A file and its control totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The XML, in UTF-8.
    pub bytes: Vec<u8>,
    /// Payments or collections.
    pub count: u32,
    /// Their sum.
    pub total_pence: i64,
}

/// Whether a character may stand in a text a UK bank passes on.
fn allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c)
}

/// A text as banks pass it on: accents by the Bacs table, a space for what is left.
pub fn convert(text: &str) -> String {
    let words: Vec<String> = text
        .trim()
        .chars()
        .map(|c| if allowed(c) { c.to_string() } else { or_space(crate::bacs::words::convert(&c.to_string())) })
        .collect();
    words.concat()
}

fn or_space(text: String) -> String {
    if text.is_empty() || !text.chars().all(allowed) { " ".into() } else { text }
}

struct Check {
    wrong: Vec<FormatProblem>,
}

impl Check {
    fn text(&mut self, at: &str, field: &str, text: &str, most: usize) {
        if text.trim().is_empty() || text.chars().count() > most {
            let message = format!("{field} “{}” is not 1 to {most} characters", shown(text));
            self.wrong.push(FormatProblem::new("pain.length", at, message));
        }
        if !text.chars().all(allowed) {
            let message = format!("{field} “{}” has a character that banks do not pass on", shown(text));
            self.wrong.push(FormatProblem::new("pain.charset", at, message));
        }
    }

    fn id(&mut self, at: &str, field: &str, text: &str, most: usize) {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if text.is_empty() || text.len() > most || !plain {
            let message = format!("{field} “{}” is not 1 to {most} letters, digits or hyphens", shown(text));
            self.wrong.push(FormatProblem::new("pain.id", at, message));
        }
    }

    fn party(&mut self, at: &str, party: &Party, name_most: usize) {
        self.text(at, "the name", &party.name, name_most);
        if !is_sort_code(&party.sort_code) || !is_account(&party.account) {
            let message = "the sort code is not six digits or the account is not eight";
            self.wrong.push(FormatProblem::new("pain.account", at, message));
        }
    }

    fn amount(&mut self, at: &str, pence: i64, most: i64) {
        if pence <= 0 || pence > most {
            let message = format!("{pence} pence is not above zero and at most {most}");
            self.wrong.push(FormatProblem::new("pain.amount", at, message));
        }
    }

    fn once<'a>(&mut self, ids: impl Iterator<Item = &'a str>) {
        let mut seen = std::collections::BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                let message = format!("EndToEndId “{}” stands twice", shown(id));
                self.wrong.push(FormatProblem::new("pain.duplicate", "", message));
            }
        }
    }
}

/// With a zone where the version asks for one.
fn instant(at: DateTime<Utc>, zone: bool) -> String {
    at.format(if zone { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S" }).to_string()
}

#[cfg(test)]
mod tests;
