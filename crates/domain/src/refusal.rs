//! Saying no: a rule forbids it, and says which, and the way out.
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A kind of refusal in a room's catalogue: stable code, rule, way out.
///
/// Rooms keep theirs as constants in `<room>/refusals.rs` and list them in `ALL`,
/// from which the handbook's page of refusals is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalKind {
    /// Stable code, taken from the rule book where it has one (`LP-06-CONSUMER`).
    pub code: &'static str,
    /// The rule: statute, standard or our own rule's id.
    pub rule: &'static str,
    /// What can be done instead.
    pub way_out: &'static str,
}

impl RefusalKind {
    /// The refusal of this kind for this case, in a plain sentence.
    pub fn because(self, sentence: impl Into<String>) -> Refusal {
        Refusal {
            code: self.code.into(),
            sentence: sentence.into(),
            way_out: self.way_out.into(),
            rule: self.rule.into(),
            allowed_from: None,
        }
    }
}

/// A rule says no. Carried to every door with its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{sentence} ({code})")]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// Plain sentence for the person who asked.
    pub sentence: String,
    /// The way out.
    pub way_out: String,
    /// The rule.
    pub rule: String,
    /// The first day it would be allowed, where known.
    pub allowed_from: Option<NaiveDate>,
}

impl Refusal {
    /// The same refusal, naming the first day on which the step is allowed.
    pub fn allowed_from(mut self, day: NaiveDate) -> Self {
        self.allowed_from = Some(day);
        self
    }
}

/// One thing wrong with what was typed or sent, at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// Row of the file or line of the form, counted from 1; none for the whole.
    pub row: Option<u64>,
    /// Name of the field as the person sees it.
    pub field: String,
    /// What to do: "Enter a date on or after 19 November 2026".
    pub message: String,
    /// What was typed, kept.
    pub typed: String,
}

impl Invalid {
    /// A wrong field of a form or request.
    pub fn field(field: &str, message: impl Into<String>, typed: impl Into<String>) -> Self {
        Self { row: None, field: field.into(), message: message.into(), typed: typed.into() }
    }

    /// A wrong field in a row of a file.
    pub fn row(row: u64, field: &str, message: impl Into<String>, typed: impl Into<String>) -> Self {
        Self { row: Some(row), field: field.into(), message: message.into(), typed: typed.into() }
    }
}
