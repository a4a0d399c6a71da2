//! Choices: a list to pick from, radios and checkboxes.

use super::html::component;
use super::{Errors, field::field_methods};
use askama::Template;

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// A line of help under it.
    pub hint: Option<String>,
    /// Whether it is chosen now.
    pub chosen: bool,
}

/// One thing that can be chosen.
pub fn choice(value: impl Into<String>, text: impl Into<String>) -> Choice {
    Choice { value: value.into(), text: text.into(), hint: None, chosen: false }
}

impl Choice {
    /// A line of help under it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Ticked, for checkboxes.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }
}

impl<V: Into<String>, T: Into<String>> From<(V, T)> for Choice {
    fn from((value, text): (V, T)) -> Self {
        choice(value, text)
    }
}

fn marked<C: Into<Choice>>(choices: impl IntoIterator<Item = C>, value: &str) -> Vec<Choice> {
    let mark = |mut one: Choice| {
        one.chosen = one.value == value;
        one
    };
    choices.into_iter().map(Into::into).map(mark).collect()
}

/// A list to pick one from.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/select.html")]
pub struct Select {
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    label_hidden: bool,
    choices: Vec<Choice>,
}

/// A list to pick one from; `value` is the one chosen now.
pub fn select<C: Into<Choice>>(
    id: impl Into<String>,
    label: impl Into<String>,
    value: impl AsRef<str>,
    choices: impl IntoIterator<Item = C>,
) -> Select {
    Select {
        id: id.into(),
        label: label.into(),
        hint: None,
        error: None,
        label_hidden: false,
        choices: marked(choices, value.as_ref()),
    }
}

impl Select {
    field_methods!();
}

/// Radios: one of a few, all in sight.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/radios.html")]
pub struct Radios {
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    label_hidden: bool,
    inline: bool,
    choices: Vec<Choice>,
}

/// Radios: one of a few, all in sight.
pub fn radios<C: Into<Choice>>(
    id: impl Into<String>,
    label: impl Into<String>,
    value: impl AsRef<str>,
    choices: impl IntoIterator<Item = C>,
) -> Radios {
    Radios {
        id: id.into(),
        label: label.into(),
        hint: None,
        error: None,
        label_hidden: false,
        inline: false,
        choices: marked(choices, value.as_ref()),
    }
}

impl Radios {
    field_methods!();

    /// Side by side, for two short answers.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }
}

/// Checkboxes: any of a few.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/checkboxes.html")]
pub struct Checkboxes {
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    label_hidden: bool,
    choices: Vec<Choice>,
}

/// Checkboxes: any of a few; each choice says whether it is ticked.
pub fn checkboxes<C: Into<Choice>>(
    id: impl Into<String>,
    label: impl Into<String>,
    choices: impl IntoIterator<Item = C>,
) -> Checkboxes {
    Checkboxes {
        id: id.into(),
        label: label.into(),
        hint: None,
        error: None,
        label_hidden: false,
        choices: choices.into_iter().map(Into::into).collect(),
    }
}

impl Checkboxes {
    field_methods!();
}

component!(Select, Radios, Checkboxes);
