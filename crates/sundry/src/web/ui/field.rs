//! Text boxes, text areas and file boxes.

use super::Errors;
use super::html::component;
use askama::Template;

/// The methods that every field shares.
macro_rules! field_methods {
    () => {
        /// A line of help under the label.
        #[must_use]
        pub fn hint(mut self, hint: impl Into<String>) -> Self {
            self.hint = Some(hint.into());
            self
        }

        /// What is wrong with what was typed.
        #[must_use]
        pub fn error(mut self, error: Option<&str>) -> Self {
            self.error = error.map(str::to_owned);
            self
        }

        /// Takes the error of this field, if there is one, out of all errors of the page.
        #[must_use]
        pub fn errors(self, errors: &Errors) -> Self {
            let own = errors.of(&self.id).map(str::to_owned);
            self.error(own.as_deref())
        }

        /// Keeps the label for assistive technology only.
        #[must_use]
        pub fn hide_label(mut self) -> Self {
            self.label_hidden = true;
            self
        }

        /// The ids of the hint and the error, for `aria-describedby`.
        fn described_by(&self) -> String {
            let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
            let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
            [hint, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
    };
}
pub(super) use field_methods;

/// A one-line text box.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/input.html")]
pub struct Input {
    id: String,
    label: String,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    label_hidden: bool,
    kind: &'static str,
    width: Option<u8>,
    prefix: Option<&'static str>,
    input_mode: Option<&'static str>,
    autocomplete: &'static str,
}

/// A one-line text box; its name is its id.
pub fn input(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Input {
    Input {
        id: id.into(),
        label: label.into(),
        value: value.into(),
        hint: None,
        error: None,
        label_hidden: false,
        kind: "text",
        width: None,
        prefix: None,
        input_mode: None,
        autocomplete: "off",
    }
}

/// A box for an amount in pounds.
pub fn amount_input(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Input {
    Input { prefix: Some("£"), input_mode: Some("decimal"), width: Some(10), ..input(id, label, value) }
}

/// A box for a date: 19/11/26, 19 Nov 2026, today, +14.
pub fn date_input(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Input {
    Input { width: Some(10), ..input(id, label, value) }
}

impl Input {
    field_methods!();

    /// How wide, in characters: 2, 3, 4, 5, 10, 20 or 30.
    #[must_use]
    pub fn width(mut self, characters: u8) -> Self {
        self.width = Some(characters);
        self
    }

    /// The kind of box: `email`, `password`, `tel`, `search`.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// What the browser may fill in: `username`, `current-password`, `one-time-code`.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    /// Which keyboard a phone shows: `numeric`, `decimal`.
    #[must_use]
    pub fn input_mode(mut self, mode: &'static str) -> Self {
        self.input_mode = Some(mode);
        self
    }
}

/// A box for several lines of text.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/textarea.html")]
pub struct Textarea {
    id: String,
    label: String,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    label_hidden: bool,
    rows: u8,
    welsh: bool,
}

/// A box for several lines of text.
pub fn textarea(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Textarea {
    Textarea {
        id: id.into(),
        label: label.into(),
        value: value.into(),
        hint: None,
        error: None,
        label_hidden: false,
        rows: 4,
        welsh: false,
    }
}

impl Textarea {
    field_methods!();

    /// How many lines are seen.
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// What is typed in it is Welsh.
    #[must_use]
    pub fn welsh(mut self) -> Self {
        self.welsh = true;
        self
    }
}

/// A box that takes a file.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/file.html")]
pub struct FileField {
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    label_hidden: bool,
    accept: &'static str,
}

/// A box that takes a file; `accept` as in `.csv,.xml`.
pub fn file_field(id: impl Into<String>, label: impl Into<String>, accept: &'static str) -> FileField {
    FileField { id: id.into(), label: label.into(), hint: None, error: None, label_hidden: false, accept }
}

impl FileField {
    field_methods!();
}

component!(Input, Textarea, FileField);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_carries_its_hint_and_error() {
        let html = input("po", "Order <number>", "P\"1").hint("As sent").error(Some("Enter it")).to_string();
        assert!(html.contains(r#"aria-describedby="po-hint po-error""#), "{html}");
        assert!(html.contains("govuk-form-group--error"));
        assert!(html.contains("Order &#60;number&#62;") || html.contains("Order &lt;number&gt;"), "{html}");
        assert!(!html.contains("P\"1"));
    }
}
