//! What waits for somebody's yes, and the page where it is decided.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// What waits for approval.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Approvals {
    /// The frame.
    pub frame: Frame,
    /// `waiting`, `approved` or `refused`.
    pub state: String,
    /// The sum of the rows.
    pub total: Pence,
    /// The rows, oldest first.
    pub rows: Vec<ApprovalRow>,
}

/// One thing that waits.
#[derive(Clone, Debug)]
pub struct ApprovalRow {
    /// Its id in the address.
    pub id: String,
    /// `Credit note on 7104211`.
    pub what: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_on: NaiveDate,
    /// How much; none where it is not about money.
    pub amount: Option<Pence>,
    /// Why the reader may not decide it: `You asked for this`; empty where they may.
    pub locked: String,
}

impl Approvals {
    /// The heading.
    pub fn heading(&self) -> String {
        "Approvals".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = |locked: &str| ApprovalRow {
            id: "1".into(),
            what: "Credit note on 7104211".into(),
            asked_by: "Priya Nair".into(),
            asked_on: super::sampled::on(2026, 11, 17),
            amount: Some(Pence(28_704)),
            locked: locked.into(),
        };
        let page =
            |rows| Self { frame: Frame::sample("Approvals"), state: "waiting".into(), total: Pence(57_408), rows };
        vec![("full", page(vec![row(""), row("You asked for this")])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Approvals {
    fn actions(&self) -> Html {
        let file = |kind: &str| format!("/approvals?state={}&format={kind}", self.state);
        let schedules = match self.frame.opens("/approvals/writeoffs") {
            true => ui::link_button("Write-off schedules", "/approvals/writeoffs").secondary().into(),
            false => Html::default(),
        };
        schedules.and(ui::downloads(file))
    }

    fn body(&self) -> Html {
        let states = [("waiting", "Waiting"), ("approved", "Approved"), ("refused", "Refused")];
        let tabs = states.iter().fold(ui::sub_navigation("Approvals by state"), |tabs, (state, name)| {
            tabs.place(*name, format!("/approvals?state={state}"), *state == self.state)
        });
        if self.rows.is_empty() {
            let (title, text) = match self.state.as_str() {
                "waiting" => ("Nothing waits for approval", "Everything that was asked for has been decided."),
                "approved" => ("Nothing has been approved", "What is approved is listed here for ever."),
                _ => ("Nothing has been refused", "What is refused is listed here for ever."),
            };
            return Html::from(tabs).and(ui::empty(title, text));
        }
        let rows = self.rows.iter().map(|row| {
            let what = ui::link(format!("/approvals/{}", row.id), &row.what);
            let what = if row.locked.is_empty() { what } else { what.and(ui::sub_line(&row.locked)) };
            ui::row().cell(what).cell(&row.asked_by).cell(row.asked_on).cell(row.amount)
        });
        let table = ui::table("Approvals, oldest first")
            .columns([ui::col("What"), ui::col("Asked by"), ui::col("Asked on"), ui::num("Amount")])
            .rows(rows)
            .total([Html::from("Total"), Html::default(), Html::default(), self.total.into()]);
        Html::from(tabs).and(table)
    }
}

/// Deciding one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Decide {
    /// The frame.
    pub frame: Frame,
    /// What waits.
    pub asked: ApprovalRow,
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// Checks before deciding: own work, limit, holds.
    pub checks: Vec<(ui::Verdict, String)>,
    /// The reason typed.
    pub reason: String,
    /// The hash of what is read, which the decision binds.
    pub content: String,
    /// What it is about: words and address; the address may be empty.
    pub subject: (String, String),
}

impl Decide {
    /// The heading.
    pub fn heading(&self) -> String {
        self.asked.what.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let asked = |n: usize| Approvals::samples().remove(0).1.rows.remove(n);
        let page = |frame, asked| Self {
            frame,
            asked,
            facts: vec![("Customer".into(), "Tidewater Scaffolding Ltd".into()), ("Why".into(), "Wrong price".into())],
            checks: vec![(ui::Verdict::Passed, "Within your limit of £5,000.00".into())],
            reason: String::new(),
            content: "9f2ac1".into(),
            subject: ("invoice 7104211".into(), "/invoices/7104211".into()),
        };
        let wrong = Frame::sample("Approvals").wrong("reason", "Say why you refuse it");
        vec![
            ("open", page(Frame::sample("Approvals"), asked(0))),
            ("own", page(Frame::sample("Approvals"), asked(1))),
            ("error", page(wrong, asked(0))),
        ]
    }
}

impl Plain for Decide {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/approvals", "Approvals")]).into()
    }

    fn caption(&self) -> Html {
        Html::from(format!("Asked by {} on", self.asked.asked_by)).and(ui::long_date(self.asked.asked_on))
    }

    fn body(&self) -> Html {
        let (words, href) = &self.subject;
        let about = if href.is_empty() { Html::from(words) } else { ui::link(href, words) };
        let facts = self
            .asked
            .amount
            .iter()
            .fold(ui::summary_list().fact("About", about), |list, sum| list.fact("Amount", sum));
        let facts = self.facts.iter().fold(facts, |list, (key, value)| list.fact(key, value));
        let errors = &self.frame.errors;
        let decide = if self.asked.locked.is_empty() {
            let fields = Html::from(
                ui::textarea(
                    "reason",
                    "Reason, if you refuse; whom you called back, for a new address or bank account",
                    &self.reason,
                )
                .rows(3)
                .errors(errors),
            )
            .and(ui::hidden("content", &self.content));
            let buttons = fields
                .and(ui::button("Approve").named("do", "approve"))
                .and(ui::button("Refuse").warning().named("do", "refuse"));
            Html::from(ui::post_form(format!("/approvals/{}", self.asked.id), self.frame.tokens("decide"), buttons))
        } else {
            Html::from(ui::para(format!("You cannot decide this. {}.", self.asked.locked)))
        };
        ui::grid([
            (7, Html::from(facts)),
            (
                5,
                Html::from(ui::panel("Checks before you decide", ui::checks(self.checks.clone())))
                    .and(ui::panel("Decide", decide)),
            ),
        ])
        .into()
    }
}
