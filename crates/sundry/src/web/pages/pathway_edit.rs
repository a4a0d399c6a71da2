//! A pathway's draft: its steps with Change or Why, one step as a form, the checks, and a year of it tried.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, Verdict};
use askama::Template;
use std::collections::BTreeMap;
use sundry_domain::money::Pence;
use sundry_domain::recovery::StepCharges;

/// What was typed, by field.
pub type Typed = BTreeMap<String, String>;

fn of<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map_or("", String::as_str)
}

fn above(code: &str, name: &str) -> Html {
    let here = format!("/recovery/pathways/{code}");
    ui::breadcrumbs([("/recovery/pathways".to_owned(), "Pathways".to_owned()), (here, name.to_owned())]).into()
}

/// A step of a draft, in words.
#[derive(Clone, Debug)]
pub struct DraftStep {
    /// Code and name.
    pub names: (String, String),
    /// Day.
    pub day: i64,
    /// How it reaches the customer.
    pub how: String,
    /// From which debts it is asked.
    pub when: String,
    /// What it costs.
    pub cost: Pence,
    /// Its clause.
    pub clause: String,
    /// Why it cannot be changed, where the law fixes it; else empty.
    pub why: String,
}

/// A draft under way.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayDraftPage {
    /// The frame; errors belong to `name`, `words` and `steps`.
    pub frame: Frame,
    /// In addresses.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// What was read of it; 0 where it is not begun.
    pub changes: i64,
    /// `name`, `words` and `moves_open`.
    pub typed: Typed,
    /// For whom it is.
    pub applies: String,
    /// The steps.
    pub steps: Vec<DraftStep>,
    /// Why it was turned down; else empty.
    pub turned_down: String,
    /// The approval it waits for; else empty.
    pub approval: String,
}

impl PathwayDraftPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: draft of version {}", of(&self.typed, "name"), self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let step = |code: &str, name: &str, day, why: &str| DraftStep {
            names: (code.into(), name.into()),
            day,
            how: "Letter".into(),
            when: "£20.00 or more; not vulnerable".into(),
            cost: Pence(95),
            clause: "4.2".into(),
            why: why.into(),
        };
        let law = "Posted on the day it is dated, with its forms (Pre-Action Protocol for Debt Claims, section 3)";
        let page = |frame, steps, turned_down: &str, approval: &str| Self {
            frame,
            code: "individual".into(),
            version: 7,
            changes: 3,
            typed: [("name".to_owned(), "Individuals".to_owned()), ("moves_open".to_owned(), "no".to_owned())].into(),
            applies: "individual or sole trader".into(),
            steps,
            turned_down: turned_down.into(),
            approval: approval.into(),
        };
        let all = vec![step("R1", "First reminder", 7, ""), step("R4", "Letter of claim", 42, law)];
        let wrong = Frame::sample("Recovery").wrong("name", "Enter a name of at most 80 characters");
        vec![
            ("full", page(Frame::sample("Recovery"), all.clone(), "Too quick for people on pensions", "")),
            ("asked", page(Frame::sample("Recovery"), all.clone(), "", "APP-000017")),
            ("error", page(wrong, all, "", "")),
        ]
    }

    fn table(&self) -> ui::Table {
        let here = format!("/recovery/pathways/{}/draft", self.code);
        let rows = self.steps.iter().enumerate().map(|(at, step)| {
            let (code, name) = &step.names;
            let change = match (step.why.is_empty(), self.approval.is_empty()) {
                (true, true) => ui::link(format!("{here}/{}", at + 1), format!("Change {code}")),
                (false, _) => Html::from("Why: ").and(step.why.as_str()),
                (true, false) => Html::default(),
            };
            let what = Html::from(name).and(ui::sub_line(format!("{code}, clause {}", step.clause)));
            ui::row()
                .cell(what)
                .cell(step.day)
                .cell(&step.how)
                .cell(ui::or_dash(&step.when))
                .cell(step.cost)
                .cell(change)
        });
        ui::table("Steps by day from the due date")
            .columns([
                ui::col("Step"),
                ui::num("Day"),
                ui::col("How"),
                ui::col("If the debt is"),
                ui::num("Cost"),
                ui::col("Change"),
            ])
            .rows(rows)
    }

    fn head(&self) -> Html {
        let errors = &self.frame.errors;
        let moves = [("no", "They keep the version they began on"), ("yes", "They go on with this one")];
        let body = ui::hidden("changes", self.changes.to_string())
            .and(ui::input("name", "Name", of(&self.typed, "name")).errors(errors))
            .and(
                ui::textarea("words", "For a manager: for whom, and why these days", of(&self.typed, "words"))
                    .rows(4)
                    .errors(errors),
            )
            .and(ui::radios("moves_open", "Cases that began", of(&self.typed, "moves_open"), moves))
            .and(ui::button(if self.changes == 0 { "Begin the draft" } else { "Save" }));
        ui::post_form(format!("/recovery/pathways/{}/draft", self.code), self.frame.tokens("draft"), body).into()
    }
}

impl Plain for PathwayDraftPage {
    fn above(&self) -> Html {
        above(&self.code, of(&self.typed, "name"))
    }

    fn caption(&self) -> Html {
        format!("For: {}", self.applies).into()
    }

    fn actions(&self) -> Html {
        if self.changes == 0 {
            return Html::default();
        }
        let here = format!("/recovery/pathways/{}", self.code);
        let tried = Html::from(ui::link_button("Try it", format!("{here}/try")).secondary())
            .and(ui::link_button("Check it", format!("{here}/check")).secondary());
        if self.approval.is_empty() {
            Html::from(ui::link_button("Who it is for", format!("{here}/for")).secondary()).and(tried)
        } else {
            tried
        }
    }

    fn body(&self) -> Html {
        let mut all = Html::default();
        if !self.turned_down.is_empty() {
            all = all.and(ui::panel("Turned down", ui::para(&self.turned_down)));
        }
        if !self.approval.is_empty() {
            let waits = format!("It waits for somebody's yes under {}. Take it back to change it.", self.approval);
            all = all.and(ui::para(waits));
        }
        all = all.and(ui::panel("Steps", self.table()));
        if self.changes > 0 && self.approval.is_empty() {
            let new = format!("/recovery/pathways/{}/draft/new", self.code);
            all = all.and(ui::para(ui::link(new, "Add a step")));
        }
        if self.approval.is_empty() {
            all = all.and(ui::panel("The pathway", self.head()));
        }
        if self.changes == 0 {
            return all;
        }
        let back = ui::post_form(
            format!("/recovery/pathways/{}/withdraw", self.code),
            self.frame.tokens("withdraw"),
            ui::button("Take the draft back").secondary(),
        );
        all.and(back)
    }
}

/// One step of a draft as a form.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayStepForm {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// In addresses.
    pub code: String,
    /// Name of the pathway.
    pub name: String,
    /// `3`, or `new`.
    pub place: String,
    /// What was read of the draft.
    pub changes: i64,
    /// What was typed.
    pub typed: Typed,
    /// Letters in use.
    pub templates: Vec<String>,
    /// Kinds of step: value and words.
    pub kinds: Vec<(String, String)>,
    /// Channels: value and words.
    pub channels: Vec<(String, String)>,
    /// Flags: value and words.
    pub flags: Vec<(String, String)>,
}

impl PathwayStepForm {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.place.as_str() {
            "new" => "Add a step".into(),
            place => format!("Step {place}: {}", of(&self.typed, "step_name")),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let fields =
            [("code", "R1"), ("step_name", "First reminder"), ("day", "7"), ("kind", "letter"), ("cost", "0.95")];
        let page = |frame, place: &str| Self {
            frame,
            code: "individual".into(),
            name: "Individuals".into(),
            place: place.into(),
            changes: 3,
            typed: fields.iter().map(|(field, value)| pair(field, value)).collect(),
            templates: vec!["reminder_1".into(), "final_notice".into()],
            kinds: vec![pair("letter", "Reminder"), pair("task", "Work for a person")],
            channels: vec![pair("post", "Letter"), pair("phone", "Telephone")],
            flags: vec![pair("vulnerable", "Vulnerable")],
        };
        let wrong = Frame::sample("Recovery").wrong("day", "Enter a whole number of days, such as 7 or -7");
        vec![("change", page(Frame::sample("Recovery"), "2")), ("error", page(wrong, "new"))]
    }

    fn field(&self, id: &str, label: &str, hint: &str, width: u8) -> ui::Input {
        let input = ui::input(id, label, of(&self.typed, id)).width(width).errors(&self.frame.errors);
        if hint.is_empty() { input } else { input.hint(hint) }
    }

    fn pick(&self, id: &str, label: &str, choices: &[(String, String)]) -> ui::Select {
        let choices = choices.iter().map(|(value, words)| (value.as_str(), words.as_str()));
        ui::select(id, label, of(&self.typed, id), choices).errors(&self.frame.errors)
    }

    fn what(&self) -> Html {
        let mut templates = vec![(String::new(), "None".to_owned())];
        templates.extend(self.templates.iter().map(|code| (code.clone(), code.replace('_', " "))));
        Html::from(self.field("code", "Code", "Unique in the pathway, such as R2-TEXT", 20))
            .and(self.field("step_name", "Name", "", 30))
            .and(self.field("day", "Day", "Days after the due date; a minus before it", 5))
            .and(self.pick("kind", "What it is", &self.kinds))
            .and(self.pick("channel", "How", &self.channels))
            .and(self.pick("template", "Letter", &templates))
            .and(self.charges())
            .and(self.field("wait_days", "Days to wait after the step before", "", 5))
            .and(self.field("lapses", "Lapses after day", "Empty where it never lapses", 5))
            .and(self.field("cost", "Cost in pounds", "", 10))
            .and(self.field("who", "Who acts", "Empty is the daily run, or whoever has the case", 30))
            .and(self.field("clause", "Clause of the policy", "Empty is its place among the steps", 10))
    }

    fn charges(&self) -> ui::Select {
        let choice = |one: &StepCharges| (one.as_str().to_owned(), one.name().to_owned());
        let choices: Vec<(String, String)> = StepCharges::ALL.iter().map(choice).collect();
        let hint = "Only where every debt of the pathway is a business's under a contract";
        self.pick("charges", "Interest and the fixed sum for paying late", &choices).hint(hint)
    }

    fn when(&self) -> Html {
        let mut flags = vec![(String::new(), "Any".to_owned())];
        flags.extend(self.flags.iter().cloned());
        Html::from(self.field("least", "At least, in pounds", "", 10))
            .and(self.field("most", "At most, in pounds", "", 10))
            .and(self.field("debt_types", "Debt types", "Words in the debt type, parted by commas", 30))
            .and(self.pick("with_flag", "Only with the flag", &flags))
            .and(self.pick("without_flag", "Only without the flag", &flags))
            .and(self.field("least_score", "History: at least", "From 0, paid late, to 100, paid in time", 5))
            .and(self.field("most_score", "History: at most", "", 5))
    }
}

impl Plain for PathwayStepForm {
    fn above(&self) -> Html {
        above(&self.code, &self.name)
    }

    fn body(&self) -> Html {
        let mut buttons = Html::from(ui::button("Save the step"));
        if self.place != "new" {
            buttons = buttons.and(ui::button("Remove the step").named("do", "remove").secondary());
        }
        let body = ui::hidden("changes", self.changes.to_string())
            .and(ui::grid([
                (6, Html::from(ui::panel("The step", self.what()))),
                (6, Html::from(ui::panel("Only if the debt is", self.when()))),
            ]))
            .and(buttons);
        let action = format!("/recovery/pathways/{}/draft/{}", self.code, self.place);
        ui::post_form(action, self.frame.tokens("step"), body).guarded().into()
    }
}

/// The checks of a draft, what it changes, and asking for a yes.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayCheckPage {
    /// The frame; errors belong to `live_from`.
    pub frame: Frame,
    /// In addresses.
    pub code: String,
    /// Name of the pathway.
    pub name: String,
    /// The version it would be.
    pub version: i64,
    /// What was read of the draft.
    pub changes: i64,
    /// What was checked.
    pub checks: Vec<(Verdict, String)>,
    /// Where it differs from the version before: step, before, after.
    pub differences: Vec<[String; 3]>,
    /// First day, as typed.
    pub live_from: String,
    /// Whether the reader edits, and it was not asked for yet.
    pub may_ask: bool,
}

impl PathwayCheckPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: checks of version {}", self.name, self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, checks: &[(Verdict, &str)], may_ask| Self {
            frame,
            code: "individual".into(),
            name: "Individuals".into(),
            version: 7,
            changes: 3,
            checks: checks.iter().map(|(verdict, words)| (*verdict, (*words).to_owned())).collect(),
            differences: vec![["R1".into(), "day 7".into(), "day 10".into()]],
            live_from: "1 Dec 2026".into(),
            may_ask,
        };
        let good = [
            (Verdict::Passed, "0 accounts skip a step, tried on 19 November 2026"),
            (Verdict::Look, "The next step of 412 debts changes"),
        ];
        let bad = [(Verdict::Fix, "These steps were not tried on the live book")];
        let wrong = Frame::sample("Recovery").wrong("live_from", "Enter a date such as 1 Dec 2026");
        vec![
            ("good", page(Frame::sample("Recovery"), &good, true)),
            ("fix", page(Frame::sample("Recovery"), &bad, true)),
            ("read", page(Frame::sample("Recovery"), &good, false)),
            ("error", page(wrong, &good, true)),
        ]
    }
}

impl Plain for PathwayCheckPage {
    fn above(&self) -> Html {
        above(&self.code, &self.name)
    }

    fn actions(&self) -> Html {
        if !self.may_ask {
            return Html::default();
        }
        let here = format!("/recovery/pathways/{}", self.code);
        Html::from(ui::link_button("Edit the draft", format!("{here}/draft")).secondary())
            .and(ui::link_button("Try it", format!("{here}/try")).secondary())
    }

    fn body(&self) -> Html {
        let checks = ui::checks(self.checks.iter().map(|(verdict, words)| (*verdict, Html::from(words.as_str()))));
        let rows = self
            .differences
            .iter()
            .map(|[step, was, will]| ui::row().cell(step).cell(ui::or_dash(was)).cell(ui::or_dash(will)));
        let table = ui::table("What it changes").show_caption();
        let table = table.columns([ui::col("Step"), ui::col("In force"), ui::col("Draft")]).rows(rows);
        let all = Html::from(checks).and(table);
        if !self.may_ask {
            return all;
        }
        let blocked = self.checks.iter().any(|(verdict, _)| *verdict == Verdict::Fix);
        let ask = if blocked {
            Html::from(ui::para("What is marked Fix stands in the way of approval."))
        } else {
            let from = ui::date_input("live_from", "In force from", &self.live_from)
                .hint("A day after today and after every run: no run sees two versions. Empty is the first possible.")
                .errors(&self.frame.errors);
            let body = ui::hidden("changes", self.changes.to_string()).and(from).and(ui::button("Send for approval"));
            ui::post_form(format!("/recovery/pathways/{}/ask", self.code), self.frame.tokens("ask"), body).into()
        };
        all.and(ui::panel("Approval", Html::from(ui::muted("Someone else approves it.")).and(ask)))
    }
}

/// What one kind of trial found.
#[derive(Clone, Debug, Default)]
pub struct TrialSeen {
    /// `On the live book, 19 November 2026 to 18 November 2027`.
    pub title: String,
    /// A figure a row: name, in force, draft.
    pub figures: Vec<[String; 3]>,
    /// Letters a week: in force and draft.
    pub weeks: Vec<(i64, i64)>,
    /// The first debts whose next step changes: customer, debt, before, after.
    pub sample: Vec<[String; 4]>,
    /// Where more of them are to be had as a file, the kind of file to follow; empty where there are none.
    pub download: String,
}

/// A year of the draft, tried.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayTryPage {
    /// The frame.
    pub frame: Frame,
    /// In addresses.
    pub code: String,
    /// Name of the pathway.
    pub name: String,
    /// The version it would be.
    pub version: i64,
    /// What trying the draft as it stands found.
    pub found: Vec<TrialSeen>,
}

impl PathwayTryPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: version {} tried", self.name, self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let seen = TrialSeen {
            title: text("On the live book, 19 November 2026 to 18 November 2027"),
            figures: vec![
                [text("Letters"), text("4,120"), text("3,980")],
                [text("Cost"), text("£3,914.00"), text("£3,781.00")],
            ],
            weeks: (0..52).map(|week| (80 - week, 76 - week)).collect(),
            sample: vec![[
                text("C103316"),
                text("INV-020817"),
                text("R1 First reminder on 21 November 2026"),
                text("R1 First reminder on 24 November 2026"),
            ]],
            download: text("/recovery/pathways/individual/try?kind=live&format="),
        };
        let page = |found| Self {
            frame: Frame::sample("Recovery"),
            code: "individual".into(),
            name: "Individuals".into(),
            version: 7,
            found,
        };
        vec![("full", page(vec![seen])), ("empty", page(vec![]))]
    }
}

impl TrialSeen {
    fn shown(&self, at: usize) -> Html {
        let rows = self.figures.iter().map(|[name, live, draft]| ui::row().cell(name).cell(live).cell(draft));
        let figures = ui::table("The year").columns([ui::col("In the year"), ui::num("In force"), ui::num("Draft")]);
        let mut all = Html::from(figures.rows(rows));
        if self.weeks.len() > 1 {
            let desc = "Letters a week: the version in force dashed, the draft solid.";
            let chart = ui::lines(&format!("weeks-{at}"), "Letters a week", desc, ui::number)
                .places("Week", (1..=self.weeks.len()).map(|week| week.to_string()))
                .series("Draft", self.weeks.iter().map(|(_, draft)| Some(*draft)))
                .beside("In force", self.weeks.iter().map(|(live, _)| Some(*live)));
            all = all.and(chart);
        }
        if !self.sample.is_empty() {
            let rows = self.sample.iter().map(|[customer, item, was, will]| {
                ui::row().cell(customer).cell(item).cell(ui::or_dash(was)).cell(ui::or_dash(will))
            });
            let columns = [ui::col("Account"), ui::col("Debt"), ui::col("Next step now"), ui::col("With the draft")];
            let title = format!("Whose next step changes, the first {}", self.sample.len());
            all = all.and(ui::table(title).show_caption().columns(columns).rows(rows));
            let file = |kind: &str, words: &str| ui::link(format!("{}{kind}", self.download), words);
            let more = "The file has the first thousand.";
            all = all.and(ui::para(file("csv", "Download CSV").and(file("xlsx", "Download XLSX")).and(more)));
        }
        ui::panel(&self.title, all).into()
    }
}

impl Plain for PathwayTryPage {
    fn above(&self) -> Html {
        above(&self.code, &self.name)
    }

    fn actions(&self) -> Html {
        let here = format!("/recovery/pathways/{}", self.code);
        Html::from(ui::link_button("Edit the draft", format!("{here}/draft")).secondary())
            .and(ui::link_button("Check it", format!("{here}/check")).secondary())
    }

    fn body(&self) -> Html {
        let kinds = [
            ("live", "The live book, for a year from today"),
            ("replay", "Last year's invoices and payments, as they were"),
        ];
        let says = "A job does it: it can be watched and stopped, and nothing is sent. Money that waits is taken as \
                    allocated. Expected cash is what came in within four weeks of such steps last year.";
        let body = Html::from(ui::para(says))
            .and(ui::radios("kind", "Try it on", "live", kinds))
            .and(ui::button("Try the draft"));
        let form = ui::post_form(format!("/recovery/pathways/{}/try", self.code), self.frame.tokens("try"), body);
        let mut all = Html::from(ui::panel("Try it", form));
        if self.found.is_empty() {
            all = all.and(ui::empty("Not tried yet", "These steps were not tried since they changed."));
        }
        for (at, seen) in self.found.iter().enumerate() {
            all = all.and(seen.shown(at));
        }
        all
    }
}
