//! Buttons: a verb each.

use super::Html;
use super::html::component;
use askama::Template;

/// A button that sends its form, or a link that looks like one.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/button.html")]
pub struct Button {
    text: String,
    about: Option<String>,
    style: &'static str,
    href: Option<String>,
    name: Option<(String, String)>,
    key: Option<&'static str>,
}

/// A button that sends its form.
pub fn button(text: impl Into<String>) -> Button {
    Button { text: text.into(), about: None, style: "", href: None, name: None, key: None }
}

/// A link to the start of a task, drawn as a button.
pub fn link_button(text: impl Into<String>, href: impl Into<String>) -> Button {
    Button { href: Some(href.into()), ..button(text) }
}

impl Button {
    /// Grey: not the main action.
    #[must_use]
    pub fn secondary(mut self) -> Self {
        self.style = " govuk-button--secondary";
        self
    }

    /// Red: it ends or destroys something.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.style = " govuk-button--warning";
        self
    }

    /// What it is about, for those who do not see the row it stands in.
    #[must_use]
    pub fn about(mut self, what: impl Into<String>) -> Self {
        self.about = Some(what.into());
        self
    }

    /// What is sent when this button is the one pressed.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = Some((name.into(), value.into()));
        self
    }

    /// The key that presses it while focus is on the account strip.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }
}

component!(Button);

/// The buttons in a page's title that take its list away; `address` gives the address of a kind of file.
pub fn downloads(address: impl Fn(&str) -> String) -> Html {
    Html::from(link_button("Download CSV", address("csv")).secondary())
        .and(link_button("Download XLSX", address("xlsx")).secondary())
}
