//! A recovery run before it is released: who gets which letter, who is left out and why; and past runs.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// A recovery run as a preview, or as it was released.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct RunPreview {
    /// The frame.
    pub frame: Frame,
    /// The run's number: `RUN-2026-11-19`.
    pub number: String,
    /// The date it is for.
    pub date: NaiveDate,
    /// Whether it has been released.
    pub released: bool,
    /// Who gets what.
    pub letters: Vec<RunLetter>,
    /// Who is left out, and why.
    pub left_out: Vec<LeftOut>,
    /// Letters and their sum in all, where more than those shown.
    pub totals: (i64, Pence),
    /// How many are left out in all.
    pub left_out_total: i64,
    /// Checks on the whole run.
    pub checks: Vec<(ui::Verdict, String)>,
}

/// One letter of the run: one per customer per step.
#[derive(Clone, Debug)]
pub struct RunLetter {
    /// Account.
    pub account: String,
    /// Name.
    pub customer: String,
    /// The step: `Reminder 1`.
    pub step: String,
    /// How it goes: `Post`, `Email`.
    pub how: String,
    /// How many invoices it asks for.
    pub invoices: i64,
    /// How much it asks for.
    pub amount: Pence,
    /// The clause that says so: `Individuals 6, step 2`.
    pub clause: String,
}

/// One customer left out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Account.
    pub account: String,
    /// Name.
    pub customer: String,
    /// The step they would have had.
    pub step: String,
    /// Why not, in a sentence.
    pub why: String,
    /// The rule's code.
    pub code: String,
    /// When it becomes allowed, where known.
    pub until: Option<NaiveDate>,
}

impl RunPreview {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Recovery run for {}", self.date.format("%-d %B %Y"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |letters, left_out, released| Self {
            frame: Frame::sample("Recovery"),
            number: "RUN-2026-11-19".into(),
            date: super::sampled::on(2026, 11, 19),
            released,
            letters,
            left_out,
            totals: (1, Pence(39_280)),
            left_out_total: 1,
            checks: vec![
                (ui::Verdict::Passed, "Nobody skips a step".into()),
                (ui::Verdict::Look, "3 days are caught up".into()),
            ],
        };
        let letter = RunLetter {
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            step: "Reminder 1".into(),
            how: "Post".into(),
            invoices: 4,
            amount: Pence(39_280),
            clause: "Individuals 6, step 2".into(),
        };
        let out = LeftOut {
            account: "C100848".into(),
            customer: "Grace Okafor".into(),
            step: "Reminder 2".into(),
            why: "Breathing space".into(),
            code: "REC-04-BREATHING".into(),
            until: Some(super::sampled::on(2026, 11, 23)),
        };
        vec![
            ("preview", page(vec![letter.clone()], vec![out.clone()], false)),
            ("released", page(vec![letter], vec![out], true)),
            ("empty", page(Vec::new(), Vec::new(), false)),
        ]
    }
}

impl Plain for RunPreview {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery"), ("/recovery/runs", "Runs")]).into()
    }

    fn caption(&self) -> Html {
        if self.released {
            "Released".into()
        } else {
            "Preview: nothing has been sent".into()
        }
    }

    fn body(&self) -> Html {
        let tiles = ui::figures([
            ui::figure("Letters", Some(ui::number(self.totals.0))),
            ui::figure("Asked for", Some(ui::money(self.totals.1))),
            ui::figure("Left out", Some(ui::number(self.left_out_total))),
        ]);
        if self.letters.is_empty() && self.left_out.is_empty() {
            return ui::empty(
                "Nothing is due on this date",
                "No account reaches a step, and nobody is left out.",
            )
            .into();
        }
        let who = |account: &str, name: &str| ui::link(format!("/customers/{account}"), name);
        let letters = self.letters.iter().map(|one| {
            ui::row()
                .cell(who(&one.account, &one.customer))
                .cell(&one.account)
                .cell(&one.step)
                .cell(&one.how)
                .cell(&one.clause)
                .cell(one.invoices)
                .cell(one.amount)
        });
        let letters = ui::table("Who gets which letter")
            .columns([
                ui::col("Customer"),
                ui::col("Account"),
                ui::col("Step"),
                ui::col("How"),
                ui::col("Because of"),
                ui::num("Invoices"),
                ui::num("Amount"),
            ])
            .rows(letters);
        let left_out = self.left_out.iter().map(|one| {
            let why = Html::from(&one.why).and(ui::sub_line(&one.code));
            ui::row()
                .cell(who(&one.account, &one.customer))
                .cell(&one.account)
                .cell(&one.step)
                .cell(why)
                .cell(one.until)
        });
        let left_out = ui::table("Who is left out, and why")
            .columns([
                ui::col("Customer"),
                ui::col("Account"),
                ui::col("Step"),
                ui::col("Why"),
                ui::col("Until"),
            ])
            .rows(left_out);
        let release = ui::post_form(
            format!("/recovery/runs/{}/release", self.number),
            self.frame.tokens("release"),
            Html::from(ui::para("Letters cannot be taken back once they are sent."))
                .and(ui::button("Release this run")),
        );
        let release = if self.released {
            Html::default()
        } else {
            ui::panel("Release", release).into()
        };
        Html::from(tiles).and(ui::grid([
            (
                8,
                Html::from(ui::panel("Who gets which letter", letters))
                    .and(ui::panel("Who is left out, and why", left_out)),
            ),
            (
                4,
                Html::from(ui::panel("Checks", ui::checks(self.checks.clone()))).and(release),
            ),
        ]))
    }
}

/// Past and coming runs.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct RunList {
    /// The frame.
    pub frame: Frame,
    /// The date proposed for the next preview, as typed.
    pub next_date: String,
    /// The runs, newest first: number, date, letters, sum, left out, state.
    pub runs: Vec<RunRow>,
}

/// One run.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its number.
    pub number: String,
    /// The date it was for.
    pub date: NaiveDate,
    /// Letters.
    pub letters: i64,
    /// Asked for.
    pub amount: Pence,
    /// Left out.
    pub left_out: i64,
    /// Its state.
    pub state: ui::Tag,
}

impl RunList {
    /// The heading.
    pub fn heading(&self) -> String {
        "Recovery runs".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, runs| Self {
            frame,
            next_date: "19 Nov 2026".into(),
            runs,
        };
        let run = RunRow {
            number: "RUN-2026-11-18".into(),
            date: super::sampled::on(2026, 11, 18),
            letters: 41,
            amount: Pence(1_220_010),
            left_out: 12,
            state: ui::tag("Released", ui::TagColour::Green),
        };
        let wrong = Frame::sample("Recovery").wrong("date", "Enter a date that exists");
        vec![
            ("full", page(Frame::sample("Recovery"), vec![run])),
            ("empty", page(wrong, Vec::new())),
        ]
    }
}

impl Plain for RunList {
    fn body(&self) -> Html {
        let field = ui::date_input("date", "Everything due up to", &self.next_date).errors(&self.frame.errors);
        let form = ui::post_form(
            "/recovery/runs",
            self.frame.tokens("preview"),
            Html::from(field).and(ui::button("Preview a run")),
        );
        if self.runs.is_empty() {
            return Html::from(form).and(ui::empty("No runs yet", "Nothing has been sent by a run."));
        }
        let rows = self.runs.iter().map(|run| {
            ui::row()
                .cell(ui::link(format!("/recovery/runs/{}", run.number), &run.number))
                .cell(run.date)
                .cell(run.letters)
                .cell(run.amount)
                .cell(run.left_out)
                .cell(&run.state)
        });
        Html::from(form).and(
            ui::table("Runs, newest first")
                .columns([
                    ui::col("Run"),
                    ui::col("For"),
                    ui::num("Letters"),
                    ui::num("Asked for"),
                    ui::num("Left out"),
                    ui::col("State"),
                ])
                .rows(rows),
        )
    }
}
