//! Random splits between two pathways: all of them with the form to ask for one, and one with what it shows so far.

use super::pathway::crumbs;
use super::pathway_edit::Typed;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, Tag};
use askama::Template;
use chrono::NaiveDate;

/// A trial in the list.
#[derive(Clone, Debug)]
pub struct TrialLine {
    /// Its number.
    pub number: String,
    /// Names of the two pathways.
    pub pathways: (String, String),
    /// The share, in hundredths.
    pub share_percent: i64,
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Whether it runs.
    pub state: Tag,
}

/// Every trial, and the form to ask for one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayTrials {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// The trials, newest first.
    pub rows: Vec<TrialLine>,
    /// Pathways in force: value and words.
    pub pathways: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
    /// Whether the reader may ask for one.
    pub may_start: bool,
}

impl PathwayTrials {
    /// The heading.
    pub fn heading(&self) -> String {
        "Trials: two pathways compared".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let line = TrialLine {
            number: "TRY-0003".into(),
            pathways: pair("People", "A reminder after three days"),
            share_percent: 20,
            days: (super::sampled::on(2026, 9, 1), super::sampled::on(2027, 2, 28)),
            state: ui::tag("Runs", ui::TagColour::Green),
        };
        let page = |frame, rows, may_start| Self {
            frame,
            rows,
            pathways: vec![pair("individual", "People"), pair("quick", "A reminder after three days")],
            typed: [pair("share_percent", "20")].into(),
            may_start,
        };
        let wrong = Frame::sample("Recovery").wrong("share_percent", "Enter a share from 1 to 99");
        vec![
            ("full", page(Frame::sample("Recovery"), vec![line.clone()], true)),
            ("empty", page(Frame::sample("Recovery"), Vec::new(), false)),
            ("error", page(wrong, vec![line], true)),
        ]
    }

    fn typed(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn table(&self) -> Html {
        if self.rows.is_empty() {
            let text =
                "A trial puts debts on one of two pathways by chance and compares what comes in. Nobody began one yet.";
            return ui::empty("No trials", text).into();
        }
        let rows = self.rows.iter().map(|one| {
            let (champion, challenger) = &one.pathways;
            let days = Html::from(one.days.0).and("to").and(one.days.1);
            ui::row()
                .cell(ui::link(format!("/recovery/pathway-trials/{}", one.number), &one.number))
                .cell(champion)
                .cell(challenger)
                .cell(format!("{} %", one.share_percent))
                .cell(days)
                .cell(&one.state)
        });
        let columns = [
            ui::col("Trial"),
            ui::col("Pathway as it is"),
            ui::col("Challenger"),
            ui::num("Share"),
            ui::col("Days"),
            ui::col("State"),
        ];
        ui::table("Trials, the newest first").columns(columns).rows(rows).into()
    }

    fn form(&self) -> Html {
        let errors = &self.frame.errors;
        let pick = |id: &'static str, label: &'static str| {
            ui::select(id, label, self.typed(id), self.pathways.clone()).errors(errors)
        };
        let body = Html::from(ui::muted(
            "It begins when somebody else says yes. Each customer is on one side by a draw that the system makes and \
             keeps, and stays on it. What is measured: customers who paid everything, pounds, letters, cost, complaints.",
        ))
        .and(pick("champion", "Pathway as it is").hint("The one on which debts would begin"))
        .and(pick("challenger", "Challenger"))
        .and(
            ui::input("share_percent", "Share of customers on the challenger, in a hundred", self.typed("share_percent"))
                .width(3)
                .errors(errors),
        )
        .and(ui::date_input("from_on", "From", self.typed("from_on")).hint("A day after today").errors(errors))
        .and(ui::date_input("until_on", "Until", self.typed("until_on")).errors(errors))
        .and(ui::textarea("reason", "What is to be learnt?", self.typed("reason")).rows(3).errors(errors))
        .and(ui::button("Ask for the trial"));
        let form = ui::post_form("/recovery/pathway-trials/start", self.frame.tokens("start"), body).guarded();
        ui::panel("Ask for a trial", form).into()
    }
}

impl Plain for PathwayTrials {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery"), ("/recovery/pathways", "Pathways")])
    }

    fn body(&self) -> Html {
        if self.may_start { self.table().and(self.form()) } else { self.table() }
    }
}

/// One trial with its result so far.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayTrialPage {
    /// The frame.
    pub frame: Frame,
    /// Its number.
    pub number: String,
    /// Key and value of what is known of it.
    pub facts: Vec<(&'static str, String)>,
    /// Names of the two pathways.
    pub pathways: (String, String),
    /// A figure a row: name, pathway as it is, challenger.
    pub figures: Vec<[String; 3]>,
    /// The difference and how sure it is.
    pub says: String,
    /// Whether the reader may end it now.
    pub may_end: bool,
}

impl PathwayTrialPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Trial {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let page = |may_end, says: &str| Self {
            frame: Frame::sample("Recovery"),
            number: text("TRY-0003"),
            facts: vec![("To be learnt", text("Does an early reminder bring money sooner?")), ("Draw", text("4711"))],
            pathways: (text("People"), text("A reminder after three days")),
            figures: vec![
                [text("Customers"), text("1,204"), text("311")],
                [text("Paid everything"), text("612"), text("187")],
                [text("Cost"), text("£2,114.00"), text("£498.00")],
            ],
            says: text(says),
            may_end,
        };
        let more = "With the challenger 9.3 more in a hundred customers paid everything, give or take 6.2. The \
                    challenger does better, and chance alone would seldom do that.";
        vec![("runs", page(true, more)), ("ended", page(false, "Too few customers to tell."))]
    }
}

impl Plain for PathwayTrialPage {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery/pathways", "Pathways"), ("/recovery/pathway-trials", "Trials")])
    }

    fn body(&self) -> Html {
        let facts = self.facts.iter().fold(ui::summary_list(), |all, (key, value)| all.fact_if(*key, value));
        let rows = self
            .figures
            .iter()
            .map(|[name, champion, challenger]| ui::row().cell(name).cell(champion).cell(challenger));
        let columns = [ui::col("Figure"), ui::num(&self.pathways.0), ui::num(&self.pathways.1)];
        let result =
            Html::from(ui::para(&self.says)).and(ui::table("The two sides so far").columns(columns).rows(rows));
        let all = Html::from(facts).and(ui::panel("Result", result));
        if !self.may_end {
            return all;
        }
        let says = "What began goes on where it is; nothing more is split.";
        let body = Html::from(ui::muted(says)).and(ui::button("End the trial").warning());
        let action = format!("/recovery/pathway-trials/{}/end", self.number);
        all.and(ui::panel("End it before its time", ui::post_form(action, self.frame.tokens("end"), body)))
    }
}
