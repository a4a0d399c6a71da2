//! Tables: caption, scopes, sort links, selection, cards on a phone, a totals row.

use super::Html;
use super::html::component;
use askama::Template;
use sundry_domain::money::Pence;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest, oldest or A first.
    Ascending,
    /// Largest, newest or Z first.
    Descending,
}

/// The head of a column.
#[derive(Clone, Debug)]
pub struct Column {
    heading: String,
    numeric: bool,
    nowrap: bool,
    quiet: bool,
    bar: bool,
    sort: Option<String>,
    sorted: Option<Direction>,
}

/// A column of words.
pub fn col(heading: impl Into<String>) -> Column {
    Column {
        heading: heading.into(),
        numeric: false,
        nowrap: false,
        quiet: false,
        bar: false,
        sort: None,
        sorted: None,
    }
}

/// A column of figures: to the right, in tabular figures.
pub fn num(heading: impl Into<String>) -> Column {
    Column { numeric: true, ..col(heading) }
}

impl Column {
    /// Its cells stay on one line.
    #[must_use]
    pub fn nowrap(mut self) -> Self {
        self.nowrap = true;
        self
    }

    /// The heading is for assistive technology only.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// The column holds bars, which a phone leaves out.
    #[must_use]
    pub fn bar(mut self) -> Self {
        self.bar = true;
        self.quiet = true;
        self
    }

    /// Sorting by this column is a link to this address.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>) -> Self {
        self.sort = Some(href.into());
        self
    }

    /// The list is sorted by this column now.
    #[must_use]
    pub fn sorted(mut self, direction: Option<Direction>) -> Self {
        self.sorted = direction;
        self
    }

    fn class(&self) -> String {
        let mut class = String::new();
        if self.numeric {
            class.push_str(" govuk-table__cell--numeric");
        }
        if self.nowrap {
            class.push_str(" app-nowrap");
        }
        if self.bar {
            class.push_str(" app-barcol app-barcell");
        }
        class
    }
}

#[derive(Clone, Debug)]
struct Tick {
    value: String,
    label: String,
    pence: i64,
    ticked: bool,
    locked: bool,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    cells: Vec<Html>,
    tick: Option<Tick>,
    class: &'static str,
}

/// One row, still empty; its first cell becomes its header.
pub fn row() -> Row {
    Row::default()
}

impl Row {
    /// One more cell.
    #[must_use]
    pub fn cell(mut self, cell: impl Into<Html>) -> Self {
        self.cells.push(cell.into());
        self
    }

    /// A box to select the row: what is sent, what it is called, what it is worth.
    #[must_use]
    pub fn select(mut self, value: impl Into<String>, label: impl Into<String>, worth: Pence) -> Self {
        self.tick =
            Some(Tick { value: value.into(), label: label.into(), pence: worth.0, ticked: false, locked: false });
        self
    }

    /// Whether its box is ticked.
    #[must_use]
    pub fn ticked(mut self, ticked: bool) -> Self {
        if let Some(tick) = &mut self.tick {
            tick.ticked = ticked;
        }
        self
    }

    /// Its box is shown but cannot be ticked.
    #[must_use]
    pub fn locked(mut self, locked: bool) -> Self {
        if let Some(tick) = &mut self.tick {
            tick.locked = locked;
        }
        self
    }

    /// The row has something wrong in it.
    #[must_use]
    pub fn wrong(mut self, wrong: bool) -> Self {
        self.class = if wrong { " app-row--wrong" } else { "" };
        self
    }
}

/// A table.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/table.html")]
pub struct Table {
    caption: String,
    caption_shown: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
    total: Vec<Html>,
    select: Option<String>,
    compact: bool,
    cards: bool,
    exclude: bool,
}

/// A table; the caption is for assistive technology unless [`Table::show_caption`] is called.
pub fn table(caption: impl Into<String>) -> Table {
    Table {
        caption: caption.into(),
        caption_shown: false,
        columns: Vec::new(),
        rows: Vec::new(),
        total: Vec::new(),
        select: None,
        compact: false,
        cards: true,
        exclude: false,
    }
}

impl Table {
    /// The columns, in order.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = Column>) -> Self {
        self.columns = columns.into_iter().collect();
        self
    }

    /// The rows, in order.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// The last row: sums. As many cells as there are columns; an empty one stays empty.
    #[must_use]
    pub fn total<T: Into<Html>>(mut self, cells: impl IntoIterator<Item = T>) -> Self {
        self.total = cells.into_iter().map(Into::into).collect();
        self
    }

    /// Rows can be selected; the name is that of the boxes.
    #[must_use]
    pub fn selectable(mut self, name: impl Into<String>) -> Self {
        self.select = Some(name.into());
        self
    }

    /// A row that is not ticked is tinted: taken out of what is about to happen.
    #[must_use]
    pub fn exclude(mut self) -> Self {
        self.exclude = true;
        self
    }

    /// Shows the caption as a small heading.
    #[must_use]
    pub fn show_caption(mut self) -> Self {
        self.caption_shown = true;
        self
    }

    /// Smaller rows.
    #[must_use]
    pub fn compact(mut self) -> Self {
        self.compact = true;
        self
    }

    /// Stays a table on a phone: for two or three narrow columns.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.cards = false;
        self
    }

    fn column(&self, place: usize) -> Option<&Column> {
        self.columns.get(place)
    }

    fn cell_class(&self, place: &usize) -> String {
        self.column(*place).map(Column::class).unwrap_or_default()
    }

    fn cell_heading(&self, place: &usize) -> &str {
        self.column(*place).map_or("", |column| &column.heading)
    }
}

component!(Table);
