//! Queries: the list by clock, and one query with its story.

use super::account::Happening;
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
    /// The views: word in the address, name, count.
    pub views: Vec<(String, String, i64)>,
    /// The view shown.
    pub view: String,
    /// The rows, the one whose clock ends first on top.
    pub rows: Vec<QueryRow>,
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
            views: vec![
                ("open".into(), "Open".into(), 96),
                ("answered".into(), "Answered".into(), 5),
            ],
            view: "open".into(),
            rows,
        };
        vec![("full", page(vec![sample_row()])), ("empty", page(Vec::new()))]
    }
}

#[cfg(test)]
fn sample_row() -> QueryRow {
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
    fn body(&self) -> Html {
        let nav = self
            .views
            .iter()
            .fold(ui::sub_navigation("Queries by state"), |nav, (word, name, count)| {
                nav.counted(name, *count, format!("/queries?view={word}"), *word == self.view)
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
        Html::from(nav).and(
            ui::table("Queries, first due first")
                .columns([
                    ui::col("Query"),
                    ui::col("Customer"),
                    ui::col("Invoice"),
                    ui::col("Category"),
                    ui::col("Waits on"),
                    ui::col("Answer due").nowrap(),
                    ui::num("In query"),
                    ui::col("State"),
                ])
                .rows(rows),
        )
    }
}

/// One query.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Query {
    /// The frame.
    pub frame: Frame,
    /// The query.
    pub row: QueryRow,
    /// What the customer says.
    pub says: String,
    /// The service's answer; empty while there is none.
    pub answer: String,
    /// What happened, newest first.
    pub story: Vec<Happening>,
    /// Whether the reader may answer or resolve it.
    pub may_answer: bool,
    /// What was typed as the answer.
    pub typed: String,
    /// The outcome chosen.
    pub outcome: String,
}

impl Query {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Query {}", self.row.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, answer: &str, may_answer| Self {
            frame,
            row: sample_row(),
            says: "I was in hospital, so the carers did not come.".into(),
            answer: answer.into(),
            story: Vec::new(),
            may_answer,
            typed: String::new(),
            outcome: String::new(),
        };
        let wrong = Frame::sample("Recovery").wrong("outcome", "Choose what becomes of the amount");
        vec![
            ("open", page(Frame::sample("Recovery"), "", true)),
            ("answered", page(Frame::sample("Recovery"), "The charge stands.", false)),
            ("error", page(wrong, "", true)),
        ]
    }
}

impl Plain for Query {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/queries".to_owned(), "Queries".to_owned()),
            (
                format!("/customers/{}", self.row.customer.0),
                self.row.customer.1.clone(),
            ),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let row = &self.row;
        let facts = ui::summary_list()
            .fact("Invoice", ui::link(format!("/invoices/{}", row.invoice), &row.invoice))
            .fact("In query", Html::from(row.amount).and(&row.state))
            .fact("Category", &row.category)
            .fact("Waits on", &row.waits_on)
            .fact("Answer due", ui::long_date(row.due))
            .fact("The customer says", &self.says)
            .fact_if("The answer", &self.answer);
        let errors = &self.frame.errors;
        let outcomes = [
            ("stands", "The charge stands"),
            ("credit", "Credit the amount in query"),
            ("rebill", "Credit all and bill again"),
        ];
        let fields = Html::from(
            ui::textarea("answer", "Answer", &self.typed)
                .hint("The customer will read this.")
                .errors(errors),
        )
        .and(ui::radios("outcome", "What becomes of the amount?", &self.outcome, outcomes).errors(errors))
        .and(ui::button("Resolve query"));
        let form = ui::post_form(format!("/queries/{}", row.number), self.frame.tokens("resolve"), fields).guarded();
        let form = if self.may_answer {
            Html::from(ui::panel("Resolve it", form))
        } else {
            Html::default()
        };
        let story = super::account::timeline(&self.story);
        ui::grid([(7, Html::from(facts).and(ui::panel("What happened", story))), (5, form)]).into()
    }
}
