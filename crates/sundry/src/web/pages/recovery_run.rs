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
    /// Whether the reader may release it now.
    pub may_release: bool,
    /// Who gets what.
    pub letters: Vec<RunLetter>,
    /// Who is left out, and why.
    pub left_out: Vec<LeftOut>,
    /// Letters and their sum in all, where more than those shown.
    pub totals: (i64, Pence),
    /// How many are left out in all.
    pub left_out_total: i64,
    /// Work for people: account, name, step, invoices.
    pub tasks: Vec<(String, String, String, i64)>,
    /// What else the day brings: promises, holds, letters by kind.
    pub facts: Vec<(String, String)>,
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
    /// The clause that says so: `Individuals 6, step 2`; or the letter's number.
    pub clause: String,
    /// The letter itself, where it is written.
    pub href: String,
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
    /// How many items; 0 where it is about the whole account.
    pub items: i64,
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
            may_release: !released,
            tasks: vec![("C103316".into(), "Joyce Pemberton".into(), "Telephone call".into(), 2)],
            facts: vec![("Promises kept".into(), "3".into())],
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
            href: String::new(),
        };
        let out = LeftOut {
            account: "C100848".into(),
            customer: "Grace Okafor".into(),
            step: "Reminder 2".into(),
            items: 2,
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
        ui::breadcrumbs([("/recovery", "Recovery")]).into()
    }

    fn caption(&self) -> Html {
        if self.released { "Released".into() } else { "Preview: nothing has been sent".into() }
    }

    fn actions(&self) -> Html {
        let file = |kind: &str| {
            if self.released {
                format!("/recovery/runs/{}?format={kind}", self.number)
            } else {
                format!("/recovery/preview?date={}&format={kind}", self.date)
            }
        };
        ui::downloads(file)
    }

    fn body(&self) -> Html {
        let tiles = ui::figures([
            ui::figure("Letters", Some(ui::number(self.totals.0))),
            ui::figure("Asked for", Some(ui::money(self.totals.1))),
            ui::figure("Left out", Some(ui::number(self.left_out_total))),
        ]);
        let facts = self.facts.iter().fold(ui::details_list(), |list, (key, value)| list.fact(key, value));
        let side = Html::from(ui::panel("Checks", ui::checks(self.checks.clone())))
            .and(ui::boxed("What else the day brings", facts))
            .and(self.release());
        if self.letters.is_empty() && self.left_out.is_empty() && self.tasks.is_empty() {
            let nothing =
                ui::empty("Nobody is chased on this date", "No account reaches a step, and nobody is left out.")
                    .action(ui::link("/recovery", "Choose another date"));
            return ui::grid([(8, Html::from(nothing)), (4, side)]).into();
        }
        let who = |account: &str, name: &str| ui::link(format!("/customers/{account}"), name);
        let letters = self.letters.iter().map(|one| {
            ui::row()
                .cell(who(&one.account, &one.customer))
                .cell(&one.account)
                .cell(&one.step)
                .cell(&one.how)
                .cell(if one.href.is_empty() { Html::from(&one.clause) } else { ui::link(&one.href, &one.clause) })
                .cell(one.invoices)
                .cell(one.amount)
        });
        let letters = ui::table("Who gets which letter")
            .columns([
                ui::col("Customer"),
                ui::col("Account"),
                ui::col("Step"),
                ui::col("How"),
                ui::col(if self.released { "Letter" } else { "Because of" }),
                ui::num("Invoices"),
                ui::num("Amount"),
            ])
            .rows(letters);
        let left_out = self.left_out.iter().map(|one| {
            let items = ui::count_of(one.items, "item", "items");
            let code = if one.items > 0 { format!("{}, {items}", one.code) } else { one.code.clone() };
            let why = Html::from(&one.why).and(ui::sub_line(code));
            ui::row()
                .cell(who(&one.account, &one.customer))
                .cell(&one.account)
                .cell(&one.step)
                .cell(why)
                .cell(one.until)
        });
        let left_out = ui::table("Who is left out, and why")
            .columns([ui::col("Customer"), ui::col("Account"), ui::col("Step"), ui::col("Why"), ui::col("Until")])
            .rows(left_out);
        let tasks = self.tasks.iter().map(|(account, name, step, items)| {
            ui::row().cell(who(account, name)).cell(account).cell(step).cell(*items)
        });
        let tasks = ui::table("Work for people")
            .columns([ui::col("Customer"), ui::col("Account"), ui::col("Step"), ui::num("Invoices")])
            .rows(tasks);
        let shown = |shown: usize, all: i64, what: &str| {
            if (shown as i64) < all {
                format!("The first {shown} of {}. Download the list for all of them.", ui::number(all))
            } else {
                what.to_owned()
            }
        };
        let mut main = if self.letters.is_empty() {
            Html::from(ui::panel("Who gets which letter", ui::para("Nobody gets a letter on this date.")))
        } else {
            let note = shown(self.letters.len(), self.totals.0, "One letter for each customer and step.");
            Html::from(ui::panel("Who gets which letter", letters).note(note))
        };
        main = if self.left_out.is_empty() {
            main.and(ui::panel("Who is left out, and why", ui::para("Nobody is left out.")))
        } else {
            let note = shown(self.left_out.len(), self.left_out_total, "Each with the rule that says so.");
            main.and(ui::panel("Who is left out, and why", left_out).note(note))
        };
        if !self.tasks.is_empty() {
            main = main.and(ui::panel("Work for people", tasks));
        }
        Html::from(tiles).and(ui::grid([(8, main), (4, side)]))
    }
}

impl RunPreview {
    fn release(&self) -> Html {
        if self.released || !self.may_release {
            return Html::default();
        }
        let date = ui::hidden("date", self.date.to_string());
        let says = ui::para(
            "Letters cannot be taken back once they are sent. Before that, one can be withdrawn under Letters.",
        );
        let body = Html::from(says).and(date).and(ui::button("Release this run"));
        ui::panel("Release", ui::post_form("/recovery/release", self.frame.tokens("release"), body)).into()
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
    /// Who released it.
    pub by: String,
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
        let page = |frame, runs| Self { frame, next_date: "19 Nov 2026".into(), runs };
        let run = RunRow {
            number: "RUN-2026-11-18".into(),
            date: super::sampled::on(2026, 11, 18),
            by: "Shazia Malik".into(),
            letters: 41,
            amount: Pence(1_220_010),
            left_out: 12,
            state: ui::tag("Released", ui::TagColour::Green),
        };
        let wrong = Frame::sample("Recovery").wrong("date", "Enter a date that exists");
        vec![("full", page(Frame::sample("Recovery"), vec![run])), ("empty", page(wrong, Vec::new()))]
    }
}

impl Plain for RunList {
    fn actions(&self) -> Html {
        let always = Html::from(ui::link_button("Letters", "/delivery").secondary())
            .and(ui::link_button("Pathways", "/recovery/pathways").secondary());
        let places = [
            ("Call list", "/recovery/calls"),
            ("Cases", "/recovery/cases"),
            ("Hold register", "/recovery/holds"),
            ("Agencies", "/recovery/agencies"),
            ("Overpayments", "/recovery/overpayments"),
            ("Court", "/court"),
            ("Debts to give up", "/write-offs"),
        ];
        let open = places.into_iter().filter(|(_, address)| self.frame.opens(address));
        open.fold(always, |all, (words, address)| all.and(ui::link_button(words, address).secondary()))
    }

    fn body(&self) -> Html {
        let field = ui::date_input("date", "Everything due up to", &self.next_date).errors(&self.frame.errors);
        let form = ui::filters("/recovery/preview").field(field).verb("Preview the run");
        if self.runs.is_empty() {
            return Html::from(form).and(ui::empty(
                "No runs yet",
                "Nothing has been sent by a run. Preview one above: who would get what is shown before anything is sent.",
            ));
        }
        let rows = self.runs.iter().map(|run| {
            ui::row()
                .cell(ui::link(format!("/recovery/runs/{}", run.number), &run.number))
                .cell(run.date)
                .cell(&run.by)
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
                    ui::col("Released by"),
                    ui::num("Letters"),
                    ui::num("Asked for"),
                    ui::num("Left out"),
                    ui::col("State"),
                ])
                .rows(rows),
        )
    }
}
