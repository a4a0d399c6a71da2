//! Blocks that pages are built of: panels, boxes, paragraphs, forms, the sticky bar.

use super::Html;
use super::html::component;
use askama::Template;

/// What a block of the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Panel,
    Boxed,
    Do,
    Columns,
    Row,
    Para,
    Muted,
    Code,
    Pre,
    Heading,
    Bar,
    Toolbar,
    Scroll,
}

/// A block of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/block.html")]
pub struct Block {
    kind: Kind,
    title: String,
    note: Html,
    parts: Vec<(u8, Html)>,
}

fn block(kind: Kind, title: &str, body: impl Into<Html>) -> Block {
    Block { kind, title: title.to_owned(), note: Html::default(), parts: vec![(12, body.into())] }
}

/// A part of the page under a line, with its own heading.
pub fn panel(title: impl AsRef<str>, body: impl Into<Html>) -> Block {
    block(Kind::Panel, title.as_ref(), body)
}

/// A box with its own heading, for a side column.
pub fn boxed(title: impl AsRef<str>, body: impl Into<Html>) -> Block {
    block(Kind::Boxed, title.as_ref(), body)
}

/// Columns: how many twelfths each takes, and what is in it.
pub fn grid<T: Into<Html>>(parts: impl IntoIterator<Item = (u8, T)>) -> Block {
    let parts = parts.into_iter().map(|(twelfths, body)| (twelfths, body.into())).collect();
    Block { kind: Kind::Columns, title: String::new(), note: Html::default(), parts }
}

/// Fields side by side.
pub fn row_of<T: Into<Html>>(parts: impl IntoIterator<Item = T>) -> Block {
    let parts = parts.into_iter().map(|body| (12, body.into())).collect();
    Block { kind: Kind::Row, title: String::new(), note: Html::default(), parts }
}

/// A paragraph.
pub fn para(body: impl Into<Html>) -> Block {
    block(Kind::Para, "", body)
}

/// A quiet line of explanation.
pub fn muted(body: impl Into<Html>) -> Block {
    block(Kind::Muted, "", body)
}

/// A code or a reference that people may quote.
pub fn code(body: impl Into<Html>) -> Block {
    block(Kind::Code, "", body)
}

/// Text whose spaces and lines count; the title names it.
pub fn preformatted(title: impl AsRef<str>, body: impl Into<Html>) -> Block {
    block(Kind::Pre, title.as_ref(), body)
}

/// A wide table that scrolls by itself; the label names it.
pub fn scroll(label: impl AsRef<str>, body: impl Into<Html>) -> Block {
    block(Kind::Scroll, label.as_ref(), body)
}

/// A heading inside the page.
pub fn heading(title: impl AsRef<str>) -> Block {
    block(Kind::Heading, title.as_ref(), "")
}

/// The bar that stays in sight: what is selected, and what can be done with it.
pub fn sticky_bar(label: impl AsRef<str>, buttons: impl Into<Html>) -> Block {
    block(Kind::Bar, label.as_ref(), buttons)
}

/// A line above a list: what is shown on the left, links on the right.
pub fn toolbar(shown: impl Into<Html>, links: impl Into<Html>) -> Block {
    Block { note: links.into(), ..block(Kind::Toolbar, "", shown) }
}

impl Block {
    /// A quiet line under the heading.
    #[must_use]
    pub fn note(mut self, note: impl Into<Html>) -> Self {
        self.note = note.into();
        self
    }

    /// Marks a box as the thing to do next.
    #[must_use]
    pub fn to_do(mut self) -> Self {
        self.kind = Kind::Do;
        self
    }

    fn body(&self) -> &Html {
        &self.parts[0].1
    }
}

/// A hidden field.
pub fn hidden(name: impl AsRef<str>, value: impl AsRef<str>) -> Html {
    #[derive(Template)]
    #[template(path = "ui/hidden.html")]
    struct Hidden<'a> {
        name: &'a str,
        value: &'a str,
    }
    Html::raw(Hidden { name: name.as_ref(), value: value.as_ref() }.to_string())
}

/// A form that changes something.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/form.html")]
pub struct Form {
    action: String,
    tokens: Html,
    body: Html,
    file: bool,
    guard: bool,
    id: Option<String>,
}

/// A form that changes something: where it goes, its hidden tokens (see [`Frame::tokens`](super::Frame::tokens)), its content.
pub fn post_form(action: impl Into<String>, tokens: Html, body: impl Into<Html>) -> Form {
    Form { action: action.into(), tokens, body: body.into(), file: false, guard: false, id: None }
}

impl Form {
    /// It carries a file.
    #[must_use]
    pub fn with_file(mut self) -> Self {
        self.file = true;
        self
    }

    /// Leaving with unsaved changes asks first.
    #[must_use]
    pub fn guarded(mut self) -> Self {
        self.guard = true;
        self
    }

    /// An id, so that an error can lead here.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

component!(Block, Form);
