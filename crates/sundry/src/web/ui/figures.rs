//! Key figures: a row of tiles, each a label, a figure and a note.

use super::html::component;
use askama::Template;

/// How a figure moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Up, and that is good.
    UpGood,
    /// Up, and that is bad.
    UpBad,
    /// Down, and that is good.
    DownGood,
    /// Down, and that is bad.
    DownBad,
}

/// One key figure.
#[derive(Clone, Debug)]
pub struct Figure {
    label: String,
    value: Option<String>,
    href: Option<String>,
    note: String,
    note_href: Option<String>,
    trend: Option<Trend>,
    bad: bool,
}

/// One key figure. No value means that it could not be worked out: the tile says so and never shows 0.
pub fn figure(label: impl Into<String>, value: Option<String>) -> Figure {
    Figure { label: label.into(), value, href: None, note: String::new(), note_href: None, trend: None, bad: false }
}

impl Figure {
    /// The list behind the figure.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// A line under the figure.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Makes the line under the figure a link.
    #[must_use]
    pub fn note_href(mut self, href: impl Into<String>) -> Self {
        self.note_href = Some(href.into());
        self
    }

    /// How it moved: an arrow before the note.
    #[must_use]
    pub fn trend(mut self, trend: Option<Trend>) -> Self {
        self.trend = trend;
        self
    }

    /// Marks the figure as one to look at.
    #[must_use]
    pub fn bad(mut self, bad: bool) -> Self {
        self.bad = bad;
        self
    }

    fn trend_class(&self) -> &'static str {
        match self.trend {
            None => "",
            Some(Trend::UpGood) => " app-up app-good",
            Some(Trend::UpBad) => " app-up app-bad",
            Some(Trend::DownGood) => " app-down app-good",
            Some(Trend::DownBad) => " app-down app-bad",
        }
    }
}

/// A row of key figures.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/figures.html")]
pub struct Figures {
    tiles: Vec<Figure>,
}

/// A row of key figures.
pub fn figures(tiles: impl IntoIterator<Item = Figure>) -> Figures {
    Figures { tiles: tiles.into_iter().collect() }
}

component!(Figures);
