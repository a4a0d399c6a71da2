//! Ways about: sub-navigation, breadcrumbs, pages of a list, the filter row.

use super::Html;
use super::html::component;
use askama::Template;

#[derive(Clone, Debug)]
struct Place {
    text: String,
    href: String,
    current: bool,
}

/// Tabs with real addresses.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/sub_navigation.html")]
pub struct SubNavigation {
    label: String,
    places: Vec<Place>,
}

/// Tabs with real addresses; the label names them for assistive technology.
pub fn sub_navigation(label: impl Into<String>) -> SubNavigation {
    SubNavigation { label: label.into(), places: Vec::new() }
}

impl SubNavigation {
    /// One more tab.
    #[must_use]
    pub fn place(mut self, text: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        self.places.push(Place { text: text.into(), href: href.into(), current });
        self
    }

    /// One more tab with how many are in it.
    #[must_use]
    pub fn counted(self, text: impl AsRef<str>, count: i64, href: impl Into<String>, current: bool) -> Self {
        self.place(format!("{} ({})", text.as_ref(), super::number(count)), href, current)
    }
}

/// The way back up.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/breadcrumbs.html")]
pub struct Breadcrumbs {
    places: Vec<(String, String)>,
}

/// The way back up: address and words of each page above this one.
pub fn breadcrumbs<H: Into<String>, T: Into<String>>(places: impl IntoIterator<Item = (H, T)>) -> Breadcrumbs {
    Breadcrumbs { places: places.into_iter().map(|(href, text)| (href.into(), text.into())).collect() }
}

/// The pages of a list.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/pagination.html")]
pub struct Pagination {
    page: u32,
    pages: u32,
    address: String,
}

/// The pages of a list. The address ends where the page number goes: `/work?view=today&page=`.
pub fn pagination(page: u32, pages: u32, address: impl Into<String>) -> Pagination {
    Pagination { page, pages, address: address.into() }
}

impl Pagination {
    /// The numbers to show: the ends, this one and its neighbours; `None` is a gap.
    fn numbers(&self) -> Vec<Option<u32>> {
        let near = |n: &u32| *n == 1 || *n == self.pages || n.abs_diff(self.page) <= 1;
        let mut shown = Vec::new();
        let mut before = 0;
        for number in (1..=self.pages).filter(near) {
            if number > before + 1 {
                shown.push(None);
            }
            shown.push(Some(number));
            before = number;
        }
        shown
    }

    fn shows(&self, number: &u32) -> bool {
        *number == self.page
    }
}

/// Filters in one row, Apply after the fields.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/filters.html")]
pub struct Filters {
    action: String,
    fields: Vec<Html>,
    clear: Option<String>,
    verb: String,
    label: String,
}

/// Filters in one row, sent by GET so that they stay in the address.
pub fn filters(action: impl Into<String>) -> Filters {
    let (verb, label) = ("Apply filters".to_owned(), "Filter this list".to_owned());
    Filters { action: action.into(), fields: Vec::new(), clear: None, verb, label }
}

impl Filters {
    /// One more field.
    #[must_use]
    pub fn field(mut self, field: impl Into<Html>) -> Self {
        self.fields.push(field.into());
        self
    }

    /// Where Clear leads; shown only when given.
    #[must_use]
    pub fn clear(mut self, href: impl Into<String>) -> Self {
        self.clear = Some(href.into());
        self
    }

    /// Another name, where a page has several.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Another word for the button.
    #[must_use]
    pub fn verb(mut self, verb: impl Into<String>) -> Self {
        self.verb = verb.into();
        self
    }
}

component!(SubNavigation, Breadcrumbs, Pagination, Filters);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_show_the_ends_and_the_neighbours() {
        assert_eq!(pagination(5, 9, "?page=").numbers(), [Some(1), None, Some(4), Some(5), Some(6), None, Some(9)]);
        assert_eq!(pagination(1, 2, "?page=").numbers(), [Some(1), Some(2)]);
    }
}
