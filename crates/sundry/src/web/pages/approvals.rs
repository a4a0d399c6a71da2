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
        let page = |rows| Self {
            frame: Frame::sample("Approvals"),
            rows,
        };
        vec![
            ("full", page(vec![row(""), row("You asked for this")])),
            ("empty", page(Vec::new())),
        ]
    }
}

impl Plain for Approvals {
    fn body(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty(
                "Nothing waits for approval",
                "You have decided everything that was asked of you.",
            )
            .into();
        }
        let rows = self.rows.iter().map(|row| {
            let what = ui::link(format!("/approvals/{}", row.id), &row.what);
            let what = if row.locked.is_empty() {
                what
            } else {
                what.and(ui::sub_line(&row.locked))
            };
            ui::row()
                .cell(what)
                .cell(&row.asked_by)
                .cell(row.asked_on)
                .cell(row.amount)
        });
        ui::table("What waits for approval, oldest first")
            .columns([
                ui::col("What"),
                ui::col("Asked by"),
                ui::col("Asked on"),
                ui::num("Amount"),
            ])
            .rows(rows)
            .into()
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
    /// Whether the security code is asked for.
    pub ask_code: bool,
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
            facts: vec![
                ("Customer".into(), "Tidewater Scaffolding Ltd".into()),
                ("Why".into(), "Wrong price".into()),
            ],
            checks: vec![(ui::Verdict::Passed, "Within your limit of £5,000.00".into())],
            reason: String::new(),
            ask_code: true,
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
        let facts = self
            .asked
            .amount
            .iter()
            .fold(ui::summary_list(), |list, sum| list.fact("Amount", sum));
        let facts = self
            .facts
            .iter()
            .fold(facts, |list, (key, value)| list.fact(key, value));
        let errors = &self.frame.errors;
        let decide = if self.asked.locked.is_empty() {
            let code = ui::input("code", "Security code", "")
                .width(5)
                .input_mode("numeric")
                .autocomplete("one-time-code")
                .errors(errors);
            let fields = Html::from(
                ui::textarea("reason", "Reason, if you refuse", &self.reason)
                    .rows(3)
                    .errors(errors),
            );
            let fields = if self.ask_code { fields.and(code) } else { fields };
            let buttons = fields
                .and(ui::button("Approve").named("do", "approve"))
                .and(ui::button("Refuse").warning().named("do", "refuse"));
            Html::from(ui::post_form(
                format!("/approvals/{}", self.asked.id),
                self.frame.tokens("decide"),
                buttons,
            ))
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
