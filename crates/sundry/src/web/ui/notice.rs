//! What the page must tell before its content: errors, refusals, alerts, emptiness.

use super::Html;
use super::html::component;
use askama::Template;

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The id of the field.
    pub field: String,
    /// What to do: "Enter a date on or after 19 November 2026".
    pub message: String,
}

/// Everything to put right before the form can be taken: the summary above the heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(path = "ui/error_summary.html")]
pub struct Errors {
    /// In the order of the fields on the page.
    pub list: Vec<FieldError>,
}

impl Errors {
    /// Nothing is wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.list.push(FieldError { field: field.into(), message: message.into() });
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.add(field, message);
        self
    }

    /// The message for a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.list.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// A rule said no: shown above the form, which keeps what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "ui/refused.html")]
pub struct Refused {
    /// The rule's stable code: `REC-04-HOLD`.
    pub code: String,
    /// Why not, in a sentence.
    pub sentence: String,
    /// The law or the policy it comes from; may be empty.
    pub citation: String,
    /// What can be done instead, or when it becomes allowed; may be empty.
    pub instead: String,
}

/// What kind of news an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// It is done.
    Success,
    /// Good to know.
    Information,
    /// Look before going on.
    Warning,
    /// It did not work.
    Error,
}

/// News at the top of a page, one at a time, which stays until the next page.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/alert.html")]
pub struct Alert {
    kind: AlertKind,
    text: Html,
    undo: Option<String>,
    tokens: Html,
}

/// News at the top of a page.
pub fn alert(kind: AlertKind, text: impl Into<Html>) -> Alert {
    Alert { kind, text: text.into(), undo: None, tokens: Html::default() }
}

impl Alert {
    /// Offers Undo: a form posted to this address with these hidden fields.
    #[must_use]
    pub fn undo(mut self, action: impl Into<String>, tokens: Html) -> Self {
        self.undo = Some(action.into());
        self.tokens = tokens;
        self
    }

    fn word(&self) -> &'static str {
        match self.kind {
            AlertKind::Success => "success",
            AlertKind::Information => "information",
            AlertKind::Warning => "warning",
            AlertKind::Error => "error",
        }
    }
}

/// A list with nothing in it: what is empty, whether that is good, and the one next action.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/empty.html")]
pub struct Empty {
    title: String,
    text: Html,
    action: Html,
}

/// A list with nothing in it.
pub fn empty(title: impl Into<String>, text: impl Into<Html>) -> Empty {
    Empty { title: title.into(), text: text.into(), action: Html::default() }
}

impl Empty {
    /// The one next action: a link or a button.
    #[must_use]
    pub fn action(mut self, action: impl Into<Html>) -> Self {
        self.action = action.into();
        self
    }
}

component!(Errors, Refused, Alert, Empty);
