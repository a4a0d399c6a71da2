//! Components of the pages: each a typed struct with one small template, so that its markup is
//! written once, escaped always, and checked by the compiler.
//!
//! A component is made by a function and finished by its methods:
//! `ui::input("po", "Purchase order number", &self.po).hint("For example, PO12345").errors(&self.frame.errors)`.
//! Every component can be shown in a template with `{{ … }}` and put in a table cell with `into()`.

mod blocks;
mod button;
mod chart;
mod choice;
mod field;
mod figures;
mod frame;
mod html;
mod instalments;
mod lists;
mod markdown;
mod navigation;
mod notice;
mod table;
mod tag;
mod words;

pub use blocks::{
    Block, Form, boxed, code, grid, heading, hidden, muted, panel, para, post_form, preformatted, row_of, scroll,
    sticky_bar, toolbar,
};
pub use button::{Button, button, downloads, link_button};
pub use chart::{Bars, Columns, Lines, Series, StepStrip, StripStep, bar, bars, columns, lines, step_strip};
pub use choice::{Checkboxes, Choice, Radios, Select, checkboxes, choice, radios, select};
pub use field::{FileField, Input, Textarea, amount_input, date_input, file_field, input, textarea};
pub use figures::{Figure, Figures, Trend, figure, figures};
pub use frame::{Frame, Home, NavItem, SignedIn};
pub use html::Html;
pub use instalments::{InstalmentStrip, StripPart, instalment_strip, strip_part};
pub use lists::{Checks, SummaryList, Verdict, checks, details_list, summary_list};
pub use markdown::{markdown, markdown_title};
pub use navigation::{
    Breadcrumbs, Filters, Pagination, SubNavigation, breadcrumbs, filters, pagination, sub_navigation,
};
pub use notice::{Alert, AlertKind, Empty, Errors, FieldError, Refused, alert, empty};
pub use table::{Column, Direction, Row, Table, col, num, row, table};
pub use tag::{Tag, TagColour, tag};
pub use words::{
    age, as_written, cell_error, count_of, date, day, link, long_date, money, money_short, month, number, or_dash,
    parts, percent, picture, strong, sub_line, time_of_day, welsh, with_code,
};
