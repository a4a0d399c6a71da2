//! Complaints: the list, one of them, and recording one.

use super::account::Happening;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::queries::{ComplaintOutcome, Stage};
use sundry_store::queries::complaints::{ComplaintLine, ComplaintRow, StageRow};

fn stage(code: &str) -> String {
    Stage::parse(code).map_or_else(|| code.to_owned(), |stage| stage.name().to_owned())
}

fn outcome(code: &str) -> String {
    ComplaintOutcome::parse(code).map_or_else(|| ui::or_dash(code), |outcome| outcome.name().to_owned())
}

/// The complaints.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Complaints {
    /// The frame.
    pub frame: Frame,
    /// open or closed.
    pub state: String,
    /// The rows, each with whether its day has passed.
    pub rows: Vec<(ComplaintLine, bool)>,
    /// The address of the next page; empty on the last.
    pub next: String,
}

impl Complaints {
    /// The heading.
    pub fn heading(&self) -> String {
        "Complaints".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = ComplaintLine {
            id: 1,
            number: "CMP-000012".into(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            stage: "stage_2".into(),
            state: "open".into(),
            opened_on: super::sampled::on(2026, 10, 5),
            acknowledge_by: super::sampled::on(2026, 10, 12),
            acknowledged_on: Some(super::sampled::on(2026, 10, 6)),
            answer_by: super::sampled::on(2026, 11, 9),
            outcome: String::new(),
            learning: String::new(),
            owner: "Priya Nair".into(),
        };
        let page = |rows| Self { frame: Frame::sample("Recovery"), state: "open".into(), rows, next: String::new() };
        vec![("full", page(vec![(line, true)])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Complaints {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/queries", "Queries")]).into()
    }

    fn body(&self) -> Html {
        let nav = ui::sub_navigation("Complaints by state").place("Open", "/complaints", self.state == "open").place(
            "Closed",
            "/complaints?state=closed",
            self.state == "closed",
        );
        if self.rows.is_empty() {
            return Html::from(nav).and(ui::empty("No complaints here", "Record one on the customer's account."));
        }
        let rows = self.rows.iter().map(|(line, late)| {
            let by = ui::date(line.answer_by);
            ui::row()
                .cell(ui::link(format!("/complaints/{}", line.number), &line.number))
                .cell(ui::link(format!("/customers/{}", line.customer_number), &line.customer_name))
                .cell(stage(&line.stage))
                .cell(ui::date(line.opened_on))
                .cell(line.acknowledged_on.map_or_else(|| Html::from("Not yet"), ui::date))
                .cell(if *late { by.and(ui::sub_line("late")) } else { by })
                .cell(ui::or_dash(&line.owner))
                .cell(outcome(&line.outcome))
        });
        let table = ui::table("Complaints, first due first")
            .columns([
                ui::col("Complaint"),
                ui::col("Customer"),
                ui::col("Stage"),
                ui::col("Came"),
                ui::col("Acknowledged"),
                ui::col("Answer due"),
                ui::col("Owner"),
                ui::col("Outcome"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        Html::from(nav).and(table).and(ui::para(next))
    }
}

/// One complaint.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Complaint {
    /// The frame.
    pub frame: Frame,
    /// The complaint.
    pub row: ComplaintRow,
    /// Account and name.
    pub customer: (String, String),
    /// The query it came out of.
    pub query: String,
    /// Its stages.
    pub stages: Vec<StageRow>,
    /// What happened, newest first.
    pub story: Vec<Happening>,
    /// Whether the reader may work on it.
    pub may_work: bool,
    /// What was typed: words, outcome, learning, why.
    pub typed: [String; 4],
}

impl Complaint {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Complaint {}", self.row.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let day = |month, day| super::sampled::on(2026, month, day);
        let row = ComplaintRow {
            id: 1,
            number: "CMP-000012".into(),
            customer_id: 1,
            query_id: Some(1),
            hold_id: 1,
            words: "Nobody rang me back, three times.".into(),
            owner: "Priya Nair".into(),
            state: "open".into(),
            stage: "stage_1".into(),
            opened_on: day(11, 5),
            acknowledge_by: day(11, 12),
            acknowledged_on: None,
            answer_by: day(11, 26),
            closed_on: None,
            outcome: String::new(),
            learning: String::new(),
            answer: String::new(),
            letter: String::new(),
            actor_id: 1,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            version: 1,
        };
        let stages = vec![StageRow {
            stage: "stage_1".into(),
            opened_on: day(11, 5),
            answer_by: day(11, 26),
            ended_on: None,
            words: "Nobody rang me back, three times.".into(),
        }];
        let page = |frame, row| Self {
            frame,
            row,
            customer: ("C103316".into(), "Joyce Pemberton".into()),
            query: "QRY-000311".into(),
            stages: stages.clone(),
            story: Vec::new(),
            may_work: true,
            typed: Default::default(),
        };
        let wrong =
            Frame::sample("Recovery").wrong("learning", "Enter what we learned, so that it does not happen again");
        let closed = ComplaintRow {
            state: "closed".into(),
            closed_on: Some(day(11, 19)),
            outcome: "upheld".into(),
            learning: "Calls back are booked as tasks with a day.".into(),
            answer: "We should have rung.".into(),
            letter: "LTR-000031".into(),
            ..row.clone()
        };
        vec![
            ("open", page(Frame::sample("Recovery"), row.clone())),
            ("error", page(wrong, row)),
            ("closed", page(Frame::sample("Recovery"), closed)),
        ]
    }
}

impl Plain for Complaint {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/complaints".to_owned(), "Complaints".to_owned()),
            (format!("/customers/{}", self.customer.0), self.customer.1.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let row = &self.row;
        let open = row.state == "open";
        let held = if open { "The whole account, until it is closed" } else { "Nothing for it" };
        let facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.customer.0), &self.customer.1))
            .fact("Stage", stage(&row.stage))
            .fact("State", if open { "Open" } else { "Closed" })
            .fact("Held", held)
            .fact("Came", ui::long_date(row.opened_on))
            .fact("Acknowledge by", ui::long_date(row.acknowledge_by))
            .fact("Acknowledged", row.acknowledged_on.map_or_else(|| Html::from("Not yet"), ui::long_date))
            .fact("Answer by", ui::long_date(row.answer_by))
            .fact("Owner", ui::or_dash(&row.owner))
            .fact("They say", &row.words)
            .fact_if("Outcome", if row.outcome.is_empty() { String::new() } else { outcome(&row.outcome) })
            .fact_if("They were told", &row.answer)
            .fact_if("What we learned", &row.learning)
            .fact_if("Letter", &row.letter);
        let facts = if self.query.is_empty() {
            facts
        } else {
            facts.fact("Query", ui::link(format!("/queries/{}", self.query), &self.query))
        };
        let stages = self.stages.iter().map(|one| {
            ui::row()
                .cell(stage(&one.stage))
                .cell(ui::date(one.opened_on))
                .cell(ui::date(one.answer_by))
                .cell(one.ended_on.map_or_else(|| Html::from("–"), ui::date))
                .cell(&one.words)
        });
        let stages = ui::table("Stages")
            .columns([ui::col("Stage"), ui::col("Began"), ui::col("Answer due"), ui::col("Ended"), ui::col("Why")])
            .rows(stages)
            .show_caption();
        let left = Html::from(facts).and(stages).and(ui::panel("What happened", super::account::timeline(&self.story)));
        if !self.may_work {
            return left;
        }
        ui::grid([(7, left), (5, self.forms(open))]).into()
    }
}

impl Complaint {
    fn form(&self, act: &str, fields: Html) -> Html {
        let fields = ui::hidden("act", act).and(fields);
        ui::post_form(format!("/complaints/{}", self.row.number), self.frame.tokens(act), fields).guarded().into()
    }

    fn forms(&self, open: bool) -> Html {
        let errors = &self.frame.errors;
        let [words, chosen, learning, why] = &self.typed;
        let mut forms = Html::default();
        if open && self.row.acknowledged_on.is_none() {
            let body = Html::from(ui::button("It is acknowledged"));
            forms = forms.and(ui::panel("Acknowledge it", self.form("acknowledge", body)));
        }
        if open {
            let outcomes = ComplaintOutcome::ALL.iter().map(|one| (one.as_str(), one.name()));
            let body = Html::from(ui::radios("outcome", "How does it end?", chosen, outcomes).errors(errors))
                .and(
                    ui::textarea("words", "What are they told?", words)
                        .hint("This goes into the letter.")
                        .errors(errors),
                )
                .and(
                    ui::textarea("learning", "What did we learn?", learning)
                        .hint("Needed where they were right, even in part.")
                        .errors(errors),
                )
                .and(ui::button("Close complaint"));
            forms = forms.and(ui::panel("Close it", self.form("close", body)));
        }
        if Stage::parse(&self.row.stage).and_then(Stage::next).is_some() {
            let body = Html::from(ui::textarea("why", "Why does it go on?", why).errors(errors))
                .and(ui::button("To the next stage").secondary());
            forms = forms.and(ui::panel("Take it to the next stage", self.form("next_stage", body)));
        }
        forms
    }
}

/// Recording a complaint.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ComplaintForm {
    /// The frame.
    pub frame: Frame,
    /// Account and name.
    pub customer: (String, String),
    /// What they say, as typed.
    pub words: String,
    /// The query it came out of, as typed.
    pub query: String,
    /// Who looks after it, as typed.
    pub owner: String,
}

impl ComplaintForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Record a complaint: {}", self.customer.1)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            customer: ("C103316".into(), "Joyce Pemberton".into()),
            words: String::new(),
            query: String::new(),
            owner: String::new(),
        };
        let wrong =
            Frame::sample("Customers").wrong("words", "Enter what they complain of, in at most 4,000 characters");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for ComplaintForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([(format!("/customers/{}", self.customer.0), self.customer.1.clone())]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let body = Html::from(
            ui::textarea("words", "What do they complain of?", &self.words).hint("In their words.").errors(errors),
        )
        .and(ui::input("query", "Query it came out of, if any", &self.query).width(20).errors(errors))
        .and(ui::input("owner", "Who looks after it?", &self.owner).hint("Empty is you.").width(20).errors(errors))
        .and(ui::muted("Nothing of the account is chased until it is closed."))
        .and(ui::button("Record complaint"));
        let action = format!("/customers/{}/complaint", self.customer.0);
        ui::post_form(action, self.frame.tokens("complaint"), body).guarded().into()
    }
}
