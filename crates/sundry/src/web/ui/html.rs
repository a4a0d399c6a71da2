//! Markup that is safe to put into a page as it is.

use askama::filters::HtmlSafe;
use std::fmt;

/// Markup made by this crate: text in it has been escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Markup that the caller vouches for. Only components of this module call it.
    pub(super) fn raw(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// What a template gives: it has escaped its own values.
    pub fn from_template(template: &impl askama::Template) -> Self {
        Self(template.render().expect("templates of this crate write to a string, which cannot fail"))
    }

    /// Text, escaped.
    pub fn text(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }

    /// This, a space, and more.
    #[must_use]
    pub fn and(mut self, more: impl Into<Html>) -> Self {
        let more = more.into();
        if !self.0.is_empty() && !more.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(&more.0);
        self
    }

    /// The same on a page in Welsh: what is said before an error, to whoever hears the page.
    #[must_use]
    pub fn in_welsh(self) -> Self {
        Self(self.0.replace(">Error:</span>", ">Gwall:</span>"))
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Html {}
impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Html::text(text)
    }
}
impl From<String> for Html {
    fn from(text: String) -> Self {
        Html::text(&text)
    }
}
impl From<&String> for Html {
    fn from(text: &String) -> Self {
        Html::text(text)
    }
}
impl From<&Html> for Html {
    fn from(html: &Html) -> Self {
        html.clone()
    }
}

/// Lets a component be shown in templates and put into table cells.
macro_rules! component {
    ($($name:ty),* $(,)?) => {$(
        impl askama::filters::HtmlSafe for $name {}
        impl From<$name> for $crate::web::ui::Html {
            fn from(component: $name) -> Self {
                $crate::web::ui::Html::raw(component.to_string())
            }
        }
    )*};
}
pub(super) use component;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(Html::text("<b>Tom & 'Jo'</b>").as_str(), "&lt;b&gt;Tom &amp; &#39;Jo&#39;&lt;/b&gt;");
        assert_eq!(Html::text("a").and("b").as_str(), "a b");
    }
}
