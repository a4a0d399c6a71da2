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
    /// Whether the reader may answer it now.
    pub may_answer: bool,
    /// Whether the reader may resolve it now.
    pub may_resolve: bool,
    /// What else the reader may do now: word that is sent and verb.
    pub acts: Vec<(String, String)>,
    /// What was typed as the answer.
    pub typed: String,
    /// The outcome chosen.
    pub outcome: String,
    /// What was typed with the outcome.
    pub words: String,
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
            may_resolve: may_answer,
            acts: vec![("ask_customer".into(), "Wait for the customer".into()), ("withdraw".into(), "Withdraw".into())],
            typed: String::new(),
            outcome: String::new(),
            words: String::new(),
        };
        let wrong = Frame::sample("Recovery").wrong("resolution", "Choose what becomes of the amount");
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
            (format!("/customers/{}", self.row.customer.0), self.row.customer.1.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let row = &self.row;
        let invoice = if row.invoice.is_empty() {
            Html::from("–")
        } else {
            ui::link(format!("/billing/invoices/{}", row.invoice), &row.invoice)
        };
        let facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", row.customer.0), &row.customer.1))
            .fact("Invoice", invoice)
            .fact("In query", Html::from(row.amount).and(&row.state))
            .fact("Category", &row.category)
            .fact("Waits on", ui::or_dash(&row.waits_on))
            .fact("Answer due", ui::long_date(row.due))
            .fact("The customer says", &self.says)
            .fact_if("The answer", &self.answer);
        let story = super::account::timeline(&self.story);
        let left = Html::from(facts).and(ui::panel("What happened", story));
        let forms = self.answer_form().and(self.resolve_form()).and(self.act_form());
        ui::grid([(7, left), (5, forms)]).into()
    }
}

impl Query {
    fn form(&self, name: &str, fields: Html) -> Html {
        let fields = ui::hidden("act", name).and(fields);
        ui::post_form(format!("/queries/{}", self.row.number), self.frame.tokens(name), fields).guarded().into()
    }

    fn answer_form(&self) -> Html {
        if !self.may_answer {
            return Html::default();
        }
        let answer = ui::textarea("answer", "Answer", &self.typed)
            .hint("The customer may read this.")
            .errors(&self.frame.errors);
        ui::panel("Answer it", self.form("answer", Html::from(answer).and(ui::button("Save answer")))).into()
    }

    fn resolve_form(&self) -> Html {
        if !self.may_resolve {
            return Html::default();
        }
        let outcomes = [
            ("explained", "The charge stands, and has been explained"),
            ("upheld", "The customer is right: ask for a credit note"),
            ("rebilled", "It has been billed again"),
            ("paid", "It has been paid"),
            ("other", "Something else"),
        ];
        let errors = &self.frame.errors;
        let fields =
            Html::from(ui::radios("resolution", "What becomes of the amount?", &self.outcome, outcomes).errors(errors))
                .and(ui::textarea("words", "What was the customer told?", &self.words).errors(errors))
                .and(ui::button("Resolve query"));
        ui::panel("Resolve it", self.form("resolve", fields)).into()
    }

    fn act_form(&self) -> Html {
        if self.acts.is_empty() {
            return Html::default();
        }
        let buttons = self.acts.iter().map(|(act, verb)| ui::button(verb).secondary().named("do", act));
        ui::panel("Something else", self.form("other", ui::parts(buttons))).into()
    }
}
