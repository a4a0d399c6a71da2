//! Queries: the list by clock.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The queries.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Queries {
    /// The frame.
    pub frame: Frame,
    /// The views: state in the address, name.
    pub views: Vec<(String, String)>,
    /// The view shown.
    pub view: String,
    /// The address of this list, ready for one more field.
    pub address: String,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// The rows, the one whose clock ends first on top.
    pub rows: Vec<QueryRow>,
    /// Links to what belongs to queries and the reader may open: address, words.
    pub more: Vec<(String, String)>,
}

/// One query in the list.
#[derive(Clone, Debug)]
pub struct QueryRow {
    /// `Q-2026-0311`.
    pub number: String,
    /// Account and name.
    pub customer: (String, String),
    /// The invoice.
    pub invoice: String,
    /// The category.
    pub category: String,
    /// How much is in query.
    pub amount: Pence,
    /// On whom it waits.
    pub waits_on: String,
    /// The answer is due.
    pub due: NaiveDate,
    /// Days late; 0 where in time.
    pub late: i64,
    /// Its state.
    pub state: ui::Tag,
}

impl Queries {
    /// The heading.
    pub fn heading(&self) -> String {
        "Queries".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: Frame::sample("Recovery"),
            views: vec![(String::new(), "Not over".into()), ("answered".into(), "Answered".into())],
            view: String::new(),
            address: "/queries?".into(),
            next: "/queries?after=2026-11-11%2F1".into(),
            rows,
            more: vec![("/admin/query-categories".into(), "Categories".into())],
        };
        vec![("full", page(vec![sample_row()])), ("empty", page(Vec::new()))]
    }
}

#[cfg(test)]
pub(super) fn sample_row() -> QueryRow {
    QueryRow {
        number: "Q-2026-0311".into(),
        customer: ("C103316".into(), "Joyce Pemberton".into()),
        invoice: "7104396".into(),
        category: "Service not received".into(),
        amount: Pence(12_671),
        waits_on: "Adult Social Care".into(),
        due: super::sampled::on(2026, 11, 11),
        late: 8,
        state: ui::tag("Open", ui::TagColour::Yellow),
    }
}

impl Plain for Queries {
    fn actions(&self) -> Html {
        ui::parts(self.more.iter().map(|(href, words)| ui::link_button(words, href).secondary()))
    }

    fn body(&self) -> Html {
        let nav = self.views.iter().fold(ui::sub_navigation("Queries by state"), |nav, (word, name)| {
            let href = if word.is_empty() { "/queries".to_owned() } else { format!("/queries?state={word}") };
            nav.place(name, href, *word == self.view)
        });
        if self.rows.is_empty() {
            return Html::from(nav).and(ui::empty("No queries here", "Nobody is waiting for an answer."));
        }
        let rows = self.rows.iter().map(|row| {
            let due = ui::date(row.due);
            let late = ui::sub_line(format!("{} late", ui::count_of(row.late, "day", "days")));
            ui::row()
                .cell(ui::link(format!("/queries/{}", row.number), &row.number))
                .cell(ui::link(format!("/customers/{}", row.customer.0), &row.customer.1))
                .cell(&row.invoice)
                .cell(&row.category)
                .cell(&row.waits_on)
                .cell(if row.late > 0 { due.and(late) } else { due })
                .cell(row.amount)
                .cell(&row.state)
        });
        let links = ui::link(format!("{}format=csv", self.address), "Download CSV")
            .and(ui::link(format!("{}format=xlsx", self.address), "Download XLSX"));
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        let table = Html::from(
            ui::table("Queries, first due first")
                .columns([
                    ui::col("Query"),
                    ui::col("Customer"),
                    ui::col("Invoice").nowrap(),
                    ui::col("Category"),
                    ui::col("Waits on"),
                    ui::col("Answer due").nowrap(),
                    ui::num("In query"),
                    ui::col("State"),
                ])
                .rows(rows),
        );
        Html::from(nav).and(ui::toolbar("", links)).and(table).and(ui::para(next))
    }
}
