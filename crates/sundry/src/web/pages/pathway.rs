//! A pathway to read: like a page of procedure, with the steps on a line of days.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// A version of a pathway.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Pathway {
    /// The frame.
    pub frame: Frame,
    /// `Individuals`.
    pub name: String,
    /// `individual`, in the address.
    pub code: String,
    /// Its version.
    pub version: i64,
    /// `Live since 1 April 2026 for 7,214 accounts`.
    pub standing: String,
    /// For whom it is, in a sentence or two.
    pub applies_to: String,
    /// Whether the reader edits pathways.
    pub edit: bool,
    /// The steps, in order.
    pub steps: Vec<PathwayStep>,
    /// What stops it: rule in words, and its code.
    pub stops: Vec<(String, String)>,
    /// Other versions: words and address.
    pub versions: Vec<(String, String)>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct PathwayStep {
    /// Days from the due date.
    pub day: i64,
    /// Its name.
    pub name: String,
    /// `Post`, `Email or text`, `Task`.
    pub how: String,
    /// The template: words and address; the address may be empty.
    pub template: (String, String),
    /// Who acts.
    pub who: String,
    /// Whether a person acts.
    pub person: bool,
    /// From what debt: `Over £20`.
    pub condition: String,
    /// Days that the law makes us wait after it; 0 for none.
    pub legal_wait: i64,
    /// Why, where the law fixes it: sentence; may be empty.
    pub law: String,
}

/// The way back, as far as the reader may go it.
pub(super) fn crumbs(frame: &Frame, places: &[(&str, &str)]) -> Html {
    let open: Vec<(&str, &str)> = places.iter().copied().filter(|(to, _)| frame.opens(to)).collect();
    if open.is_empty() { Html::default() } else { ui::breadcrumbs(open).into() }
}

impl Pathway {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: version {}", self.name, self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let step = |day, name: &str, person, legal_wait| PathwayStep {
            day,
            name: name.into(),
            how: "Post".into(),
            template: ("R1 Friendly reminder".into(), "/recovery/letters/R1".into()),
            who: if person { "Collector".into() } else { "Automatic".into() },
            person,
            condition: "Over £20".into(),
            legal_wait,
            law: if legal_wait > 0 { "Pre-action protocol for debt claims, paragraph 3".into() } else { String::new() },
        };
        let page = |steps| Self {
            frame: Frame::sample("Recovery"),
            name: "Individuals".into(),
            code: "individual".into(),
            version: 6,
            standing: "Live since 1 April 2026 for 7,214 accounts".into(),
            applies_to: "People who owe in their own name, and sole traders.".into(),
            edit: true,
            steps,
            stops: vec![("No step is taken in breathing space.".into(), "REC-04-BREATHING".into())],
            versions: vec![("Version 5, to 31 March 2026".into(), "/recovery/pathways/individuals/5".into())],
        };
        let all = vec![
            step(-7, "Courtesy message", false, 0),
            step(7, "Reminder 1", false, 0),
            step(28, "Phone call", true, 0),
            step(42, "Letter of claim", false, 30),
        ];
        vec![("full", page(all)), ("empty", page(Vec::new()))]
    }
}

impl Plain for Pathway {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery"), ("/recovery/pathways", "Pathways")])
    }

    fn caption(&self) -> Html {
        (&self.standing).into()
    }

    fn actions(&self) -> Html {
        if !self.edit {
            return Html::default();
        }
        ui::link_button("Draft of the next version", format!("/recovery/pathways/{}/draft", self.code))
            .secondary()
            .into()
    }

    fn body(&self) -> Html {
        let applies = ui::para(&self.applies_to);
        if self.steps.is_empty() {
            return Html::from(applies)
                .and(ui::empty("No steps", "Accounts on this pathway are never chased. Check that this is meant."));
        }
        let strip = self.steps.iter().map(|step| ui::StripStep {
            day: step.day,
            name: step.name.clone(),
            person: step.person,
            legal_wait: step.legal_wait,
        });
        let rows = self.steps.iter().map(|step| {
            let (words, href) = &step.template;
            let template = if href.is_empty() { Html::from(ui::or_dash(words)) } else { ui::link(href, words) };
            let name = if step.law.is_empty() {
                Html::from(&step.name)
            } else {
                Html::from(&step.name).and(ui::sub_line(&step.law))
            };
            ui::row().cell(name).cell(step.day).cell(&step.how).cell(template).cell(&step.who).cell(&step.condition)
        });
        let table = ui::table("Steps by day from the due date")
            .columns([
                ui::col("Step"),
                ui::num("Day"),
                ui::col("How"),
                ui::col("Template"),
                ui::col("Who acts"),
                ui::col("If the debt is"),
            ])
            .rows(rows);
        let stops = ui::parts(
            self.stops.iter().map(|(rule, code)| Html::from(ui::para(Html::from(rule).and(ui::sub_line(code))))),
        );
        let mut side = Html::from(ui::panel("What stops it", stops));
        if !self.versions.is_empty() {
            let each = self.versions.iter().map(|(words, href)| Html::from(ui::para(ui::link(href, words))));
            side = side.and(ui::panel("Other versions", ui::parts(each)));
        }
        Html::from(applies).and(ui::step_strip("steps", strip.collect())).and(ui::grid([
            (8, Html::from(ui::panel("Steps", table).note("Days count from the due date. A step due on a weekend or bank holiday moves to the next working day."))),
            (4, side),
        ]))
    }
}

/// Every pathway there is.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Pathways {
    /// The frame.
    pub frame: Frame,
    /// The pathways: address, name, version, steps, state.
    pub rows: Vec<(String, String, i64, i64, ui::Tag)>,
}

impl Pathways {
    /// The heading.
    pub fn heading(&self) -> String {
        "Pathways".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let live = ui::tag("Live", ui::TagColour::Green);
        let row = ("/recovery/pathways/individual".to_owned(), "Individuals".to_owned(), 6, 8, live);
        let page = |rows| Self { frame: Frame::sample("Recovery"), rows };
        vec![("full", page(vec![row])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Pathways {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery"), ("/admin", "Admin")])
    }

    fn actions(&self) -> Html {
        let more =
            [("Chosen by a person", "/recovery/pathway-choices"), ("Trials", "/recovery/pathway-trials")].into_iter();
        ui::parts(more.filter(|(_, to)| self.frame.opens(to)).map(|(words, to)| ui::link_button(words, to).secondary()))
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty("No pathways", "Accounts without a pathway are never chased.").into();
        }
        let rows = self.rows.iter().map(|(href, name, version, steps, state)| {
            ui::row().cell(ui::link(href, name)).cell(*version).cell(*steps).cell(state)
        });
        ui::table("Pathways and their versions")
            .columns([ui::col("Pathway"), ui::num("Version"), ui::num("Steps"), ui::col("State")])
            .rows(rows)
            .into()
    }
}
