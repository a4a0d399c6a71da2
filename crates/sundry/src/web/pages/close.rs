//! Closing: the periods with the proof, one period, and one GL batch.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The periods, and the proof of the ledger.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Close {
    /// The frame.
    pub frame: Frame,
    /// The proof, where it was run: whether it holds, what it looked at, what is wrong.
    pub proof: Vec<(bool, String, String)>,
    /// The periods, newest first.
    pub periods: Vec<PeriodLine>,
    /// The financial years to look at: address, words, whether shown.
    pub years: Vec<(String, String, bool)>,
}

/// One period.
#[derive(Clone, Debug)]
pub struct PeriodLine {
    /// Its address.
    pub href: String,
    /// `2026/27 period 8`.
    pub name: String,
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Its state.
    pub state: ui::Tag,
    /// The beginning of the hash of what was kept at its close; may be empty.
    pub snapshot: String,
}

impl Close {
    /// The heading.
    pub fn heading(&self) -> String {
        "Close".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let on = super::sampled::on;
        let period = PeriodLine {
            href: "/close/periods/2026/8".into(),
            name: "2026/27 period 8".into(),
            days: (on(2026, 11, 1), on(2026, 11, 30)),
            state: ui::tag("Open", ui::TagColour::Green),
            snapshot: String::new(),
        };
        let page = |proof| Self {
            frame: Frame::sample("Close"),
            proof,
            periods: vec![period.clone()],
            years: vec![("/close?year=2026".into(), "2026/27".into(), true)],
        };
        let proof = vec![
            (true, "Journals balance: 18,306 journals".into(), String::new()),
            (false, "Control account".into(), "difference £0.01".into()),
        ];
        vec![("full", page(Vec::new())), ("proof", page(proof))]
    }
}

impl Plain for Close {
    fn actions(&self) -> Html {
        Html::from(ui::link_button("Reconciliations", "/cash/reconciliations").secondary())
            .and(ui::link_button("GL batches", "/close/gl-batches").secondary())
            .and(match self.frame.opens("/close/allowance") {
                true => ui::link_button("Loss allowance", "/close/allowance").secondary().into(),
                false => Html::default(),
            })
    }

    fn body(&self) -> Html {
        let years = self
            .years
            .iter()
            .fold(ui::sub_navigation("Financial years"), |nav, (href, words, here)| nav.place(words, href, *here));
        let rows = self.periods.iter().map(|one| {
            ui::row()
                .cell(ui::link(&one.href, &one.name))
                .cell(one.days.0)
                .cell(one.days.1)
                .cell(&one.state)
                .cell(ui::or_dash(&one.snapshot))
        });
        let periods = ui::table("Periods")
            .columns([
                ui::col("Period"),
                ui::col("From").nowrap(),
                ui::col("To").nowrap(),
                ui::col("State"),
                ui::col("Kept at its close"),
            ])
            .rows(rows);
        let checks = self.proof.iter().map(|(holds, figures, wrong)| {
            let verdict = if *holds { ui::Verdict::Passed } else { ui::Verdict::Fix };
            let words = if wrong.is_empty() { figures.clone() } else { format!("{figures}. {wrong}") };
            (verdict, words)
        });
        let run = ui::post_form("/close/proof", self.frame.tokens("proof"), ui::button("Run the proof").secondary());
        let says = ui::muted(
            "Everything again from entries and allocations: balance, control account, items, numbers, audit trail, files.",
        );
        let proof = Html::from(says).and(run).and(ui::checks(checks));
        Html::from(years).and(ui::grid([(8, Html::from(periods)), (4, ui::panel("Proof", proof).into())]))
    }
}

/// One period: closing it, or opening it again.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct TurnPeriod {
    /// The frame; an error belongs to `reason`.
    pub frame: Frame,
    /// The period.
    pub period: PeriodLine,
    /// What can be done now: word sent, and words.
    pub acts: Vec<(&'static str, &'static str)>,
    /// What must hold before it is closed.
    pub checks: Vec<(ui::Verdict, String)>,
    /// The reason as typed.
    pub reason: String,
    /// The accounts to prove as at its last day.
    pub proofs: Vec<ProofDue>,
}

/// An account that is proved at the end of a period.
#[derive(Clone, Debug)]
pub struct ProofDue {
    /// Its name.
    pub title: String,
    /// Where it is proved.
    pub href: String,
    /// The newest proof that is kept: number and state.
    pub kept: Option<(String, ui::Tag)>,
}

impl TurnPeriod {
    /// The heading.
    pub fn heading(&self) -> String {
        self.period.name.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let period = Close::samples().remove(0).1.periods.remove(0);
        let frame = Frame::sample("Close").wrong("reason", "Enter why the period is opened again");
        let acts = vec![("soft", "Soft close"), ("hard", "Hard close")];
        let checks = vec![(ui::Verdict::Fix, "Suspense: £45.00 has no owner, reason or next step".into())];
        let proofs = vec![
            ProofDue { title: "Bank".into(), href: "/cash/reconciliations/bank".into(), kept: None },
            ProofDue {
                title: "Cash suspense".into(),
                href: "/cash/reconciliations/suspense".into(),
                kept: Some(("PRF-000041".to_owned(), ui::tag("Reviewed", ui::TagColour::Green))),
            },
        ];
        vec![("error", Self { frame, period, acts, checks, reason: String::new(), proofs })]
    }
}

impl TurnPeriod {
    /// The proofs that should stand behind the close.
    fn checklist(&self) -> Html {
        if self.proofs.is_empty() {
            return Html::default();
        }
        let rows = self.proofs.iter().map(|ProofDue { title, href, kept }| {
            let (number, state) = match kept {
                Some((number, state)) => (ui::link(format!("/cash/proofs/{number}"), number), state.into()),
                None => (ui::link(href, "Prepare it"), Html::from(ui::tag("Not prepared", ui::TagColour::Grey))),
            };
            ui::row().cell(ui::link(href, title)).cell(number).cell(state)
        });
        ui::table("Reconciliations at its last day")
            .show_caption()
            .columns([ui::col("Account"), ui::col("Proof"), ui::col("State")])
            .rows(rows)
            .into()
    }
}

impl Plain for TurnPeriod {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/close", "Close")]).into()
    }

    fn body(&self) -> Html {
        let facts = ui::summary_list()
            .fact("From", ui::long_date(self.period.days.0))
            .fact("To", ui::long_date(self.period.days.1))
            .fact("State", &self.period.state)
            .fact_if("Aged debt kept at its close", &self.period.snapshot);
        let says = ui::para(
            "A soft close keeps people out. A hard close also asks that the general ledger has accepted every journal. Opening a period again needs a reason, and is told to the auditors.",
        );
        let checks = self.checks.iter().map(|(verdict, words)| (*verdict, words.as_str()));
        let look = ui::link("/cash/suspense?show=unexplained", "Suspense that nobody has explained");
        let panel = ui::panel("Before it is closed", Html::from(ui::checks(checks)).and(ui::para(look)));
        let facts = Html::from(facts).and(panel).and(self.checklist());
        if self.acts.is_empty() {
            return facts;
        }
        let reason = ui::textarea("reason", "Reason", &self.reason)
            .hint("Needed to open it again")
            .rows(3)
            .errors(&self.frame.errors);
        let buttons = ui::parts(self.acts.iter().map(|(word, words)| {
            let button = ui::button(*words).named("do", *word);
            if *word == "reopen" { button.warning() } else { button }
        }));
        let form = ui::post_form(&self.period.href, self.frame.tokens("turn"), Html::from(reason).and(buttons));
        ui::grid([(7, facts), (5, ui::panel("Close or open it", Html::from(says).and(form)).into())]).into()
    }
}

/// GL batches.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct GlBatches {
    /// The frame; an error belongs to `up_to`.
    pub frame: Frame,
    /// The last day of journals for the next batch, as typed.
    pub up_to: String,
    /// Whether the reader makes batches.
    pub may_make: bool,
    /// The batches, newest first.
    pub rows: Vec<GlBatchLine>,
}

/// One GL batch.
#[derive(Clone, Debug)]
pub struct GlBatchLine {
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub made: NaiveDate,
    /// Journals and entries in it.
    pub counts: (i64, i64),
    /// Debits and credits.
    pub sums: (Pence, Pence),
    /// The name of its file.
    pub file: String,
    /// The hash of its file.
    pub sha256: String,
    /// Its state.
    pub state: ui::Tag,
}

impl GlBatches {
    /// The heading.
    pub fn heading(&self) -> String {
        "GL batches".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = GlBatchLine {
            number: 42,
            made: super::sampled::on(2026, 11, 18),
            counts: (311, 640),
            sums: (Pence(9_912_000), Pence(9_912_000)),
            file: "NCC-202611-0042.csv".into(),
            sha256: "9f2ac1".into(),
            state: ui::tag("Made", ui::TagColour::Yellow),
        };
        let page = |frame, rows| Self { frame, up_to: "30 Nov 2026".into(), may_make: true, rows };
        let wrong = Frame::sample("Close").wrong("up_to", "Enter a date such as 30/11/26");
        vec![("full", page(Frame::sample("Close"), vec![row])), ("empty", page(wrong, Vec::new()))]
    }
}

impl Plain for GlBatches {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/close", "Close")]).into()
    }

    fn actions(&self) -> Html {
        ui::downloads(|kind| format!("/close/gl-batches?format={kind}"))
    }

    fn body(&self) -> Html {
        let make = if self.may_make {
            let up_to = ui::date_input("up_to", "Journals posted up to", &self.up_to).errors(&self.frame.errors);
            let says =
                ui::para("One balanced file for each month that has journals in no batch. No journal is ever in two.");
            let body = Html::from(says).and(up_to).and(ui::button("Make the next batch"));
            Html::from(ui::post_form("/close/gl-batches", self.frame.tokens("make"), body))
        } else {
            Html::default()
        };
        if self.rows.is_empty() {
            return make.and(ui::empty("No batches yet", "Nothing has been sent to the general ledger."));
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/close/gl-batches/{}", row.number), format!("Batch {}", row.number)))
                .cell(row.made)
                .cell(row.counts.0)
                .cell(row.sums.0)
                .cell(row.sums.1)
                .cell(&row.state)
        });
        make.and(
            ui::table("Batches, newest first")
                .columns([
                    ui::col("Batch"),
                    ui::col("Made"),
                    ui::num("Journals"),
                    ui::num("Debits"),
                    ui::num("Credits"),
                    ui::col("State"),
                ])
                .rows(rows),
        )
    }
}

/// One GL batch, with the general ledger's answer.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct GlBatch {
    /// The frame; errors belong to `ledger_reference` and `message`.
    pub frame: Frame,
    /// The batch.
    pub batch: GlBatchLine,
    /// Whether an answer can be entered, and the reader may.
    pub may_answer: bool,
    /// The general ledger's reference and message, as typed.
    pub typed: (String, String),
}

impl GlBatch {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("GL batch {}", self.batch.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let batch = GlBatches::samples().remove(0).1.rows.remove(0);
        let frame = Frame::sample("Close").wrong("message", "Enter at most 200 characters");
        vec![("error", Self { frame, batch, may_answer: true, typed: ("J-88121".into(), String::new()) })]
    }
}

impl Plain for GlBatch {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/close", "Close"), ("/close/gl-batches", "GL batches")]).into()
    }

    fn actions(&self) -> Html {
        ui::link_button("Download the file", format!("/close/gl-batches/{}/file", self.batch.number)).into()
    }

    fn body(&self) -> Html {
        let batch = &self.batch;
        let facts = ui::summary_list()
            .fact("State", &batch.state)
            .fact("Made", ui::long_date(batch.made))
            .fact("Journals", batch.counts.0)
            .fact("Entries", batch.counts.1)
            .fact("Debits", batch.sums.0)
            .fact("Credits", batch.sums.1)
            .fact("File", &batch.file)
            .fact("SHA-256 of the file", &batch.sha256);
        if !self.may_answer {
            return facts.into();
        }
        let errors = &self.frame.errors;
        let body =
            Html::from(ui::input("ledger_reference", "The ledger's reference", &self.typed.0).width(20).errors(errors))
                .and(ui::input("message", "What it said", &self.typed.1).errors(errors))
                .and(ui::button("Accepted").named("do", "accepted"))
                .and(ui::button("Rejected").warning().named("do", "rejected"));
        let form = ui::post_form(format!("/close/gl-batches/{}", batch.number), self.frame.tokens("answer"), body);
        let says = ui::para("A rejected batch keeps its journals and its file, to be sent again.");
        ui::grid([
            (7, Html::from(facts)),
            (5, ui::panel("The general ledger's answer", Html::from(says).and(form)).into()),
        ])
        .into()
    }
}
