//! Tags: one or two words about the state of a thing.

use super::html::component;
use askama::Template;

/// The colour of a tag; the words carry the meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagColour {
    /// The ordinary one.
    #[default]
    Blue,
    /// Not started, not due.
    Grey,
    /// Good, done.
    Green,
    /// Look at this.
    Yellow,
    /// A late step.
    Orange,
    /// Wrong, refused, court.
    Red,
    /// Somebody is to be treated with care; a pause.
    Purple,
    /// On a plan; language.
    Teal,
}

/// One or two words about the state of a thing.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/tag.html")]
pub struct Tag {
    /// The words.
    pub text: String,
    /// The colour.
    pub colour: TagColour,
    /// The language of the words where it is not English: `cy`.
    pub lang: Option<&'static str>,
}

/// One or two words about the state of a thing.
pub fn tag(text: impl Into<String>, colour: TagColour) -> Tag {
    Tag { text: text.into(), colour, lang: None }
}

impl Tag {
    /// Marks the words as Welsh.
    #[must_use]
    pub fn welsh(mut self) -> Self {
        self.lang = Some("cy");
        self
    }

    fn class(&self) -> &'static str {
        match self.colour {
            TagColour::Blue => "",
            TagColour::Grey => " govuk-tag--grey",
            TagColour::Green => " govuk-tag--green",
            TagColour::Yellow => " govuk-tag--yellow",
            TagColour::Orange => " govuk-tag--orange",
            TagColour::Red => " govuk-tag--red",
            TagColour::Purple => " govuk-tag--purple",
            TagColour::Teal => " govuk-tag--teal",
        }
    }
}

component!(Tag);
impl From<&Tag> for super::Html {
    fn from(tag: &Tag) -> Self {
        tag.clone().into()
    }
}
