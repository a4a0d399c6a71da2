//! Files from the bank: all that arrived, and one with what came of it.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, Tag};
use askama::Template;
use chrono::NaiveDateTime;
use sundry_domain::money::Pence;

/// The files, newest first.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct BankFiles {
    /// The frame.
    pub frame: Frame,
    /// The state shown; empty for all.
    pub state: String,
    /// States with how many files are in each: word, name, count.
    pub states: Vec<(&'static str, &'static str, i64)>,
    /// The rows.
    pub rows: Vec<BankFileLine>,
    /// The id before which older ones are; empty on the last page.
    pub before: String,
    /// Whether the reader may import.
    pub may_import: bool,
}

/// One file in the list.
#[derive(Clone, Debug)]
pub struct BankFileLine {
    /// Its id in the address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: Tag,
    /// What came of it.
    pub message: String,
    /// When it first came.
    pub arrived: NaiveDateTime,
    /// Who brought it, and how.
    pub by: String,
    /// New lines.
    pub lines: i64,
    /// How often it came.
    pub times: i64,
}

impl BankFiles {
    /// The heading.
    pub fn heading(&self) -> String {
        "Files from the bank".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = |id: &str, name: &str, state: Tag, message: &str, times| BankFileLine {
            id: id.into(),
            name: name.into(),
            state,
            message: message.into(),
            arrived: super::sampled::on(2026, 11, 18).and_hms_opt(7, 2, 0).unwrap_or_default(),
            by: "Cashier 1, on a page".into(),
            lines: 386,
            times,
        };
        let rows = vec![
            line("7", "camt053-18-november.xml", ui::tag("Imported", ui::TagColour::Green), "386 new lines", 1),
            line(
                "6",
                "camt053-20-november.xml",
                ui::tag("Held", ui::TagColour::Yellow),
                "The last statement was number 324 and this one is number 326: number 325 is missing.",
                2,
            ),
            line("5", "statement.pdf", ui::tag("Refused", ui::TagColour::Red), "this is a PDF", 1),
        ];
        let states = vec![("", "All", 3), ("accepted", "Imported", 1), ("held", "Held", 1), ("rejected", "Refused", 1)];
        let page = |rows: Vec<BankFileLine>, before: &str| Self {
            frame: Frame::sample("Cash"),
            state: String::new(),
            states: states.clone(),
            rows,
            before: before.into(),
            may_import: true,
        };
        vec![("full", page(rows, "5")), ("empty", page(Vec::new(), ""))]
    }
}

impl Plain for BankFiles {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn actions(&self) -> Html {
        let import = ui::link_button("Import a bank file", "/cash/import").secondary();
        if self.may_import { import.into() } else { Html::default() }
    }

    fn body(&self) -> Html {
        let nav = self.states.iter().fold(ui::sub_navigation("Files by state"), |nav, (word, name, count)| {
            nav.counted(*name, *count, format!("/cash/files?state={word}"), *word == self.state)
        });
        if self.rows.is_empty() {
            return Html::from(nav).and(ui::empty("No files", "No file from the bank is in this state."));
        }
        let rows = self.rows.iter().map(|row| {
            let name = ui::link(format!("/cash/files/{}", row.id), &row.name).and(ui::sub_line(&row.message));
            let times = if row.times > 1 { format!("{} times", row.times) } else { "once".to_owned() };
            ui::row()
                .cell(name)
                .cell(&row.state)
                .cell(ui::date(row.arrived.date()).and(ui::sub_line(ui::time_of_day(row.arrived.time()))))
                .cell(Html::from(&row.by).and(ui::sub_line(format!("came {times}"))))
                .cell(ui::number(row.lines))
        });
        let table = ui::table("Files, newest first")
            .columns([
                ui::col("File"),
                ui::col("State"),
                ui::col("Arrived"),
                ui::col("Brought by"),
                ui::num("New lines"),
            ])
            .rows(rows);
        let older = if self.before.is_empty() {
            Html::default()
        } else {
            let address = format!("/cash/files?state={}&before={}", self.state, self.before);
            ui::para(ui::link(address, "Older files")).into()
        };
        Html::from(nav).and(table).and(older)
    }
}

/// One file.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct BankFile {
    /// The frame.
    pub frame: Frame,
    /// The line of the list.
    pub line: BankFileLine,
    /// Facts: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// What can be done.
    pub way_out: String,
    /// What is wrong or odd: place and sentence.
    pub problems: Vec<(String, String)>,
    /// Money in and out of the new lines.
    pub moved: (Pence, Pence),
    /// Whether the reader may import.
    pub may_import: bool,
    /// An agent's payment file whose credit the bank has not shown: its id and sum, for a reader who may tie it.
    pub awaited: Option<(String, Pence)>,
    /// The receipt typed.
    pub receipt: String,
}

impl BankFile {
    /// The heading.
    pub fn heading(&self) -> String {
        self.line.name.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = BankFiles::samples().remove(0).1.rows.remove(1);
        let facts = vec![("Arrived", "18 November 2026 at 7:02am".to_owned()), ("Size", "18,211 bytes".to_owned())];
        let page = |problems| Self {
            frame: Frame::sample("Cash"),
            line: line.clone(),
            facts: facts.clone(),
            way_out: "Import the missing statement first, or import this one anyway and say why.".into(),
            problems,
            moved: (Pence(41_220_019), Pence::ZERO),
            may_import: true,
            awaited: None,
            receipt: String::new(),
        };
        let wrong = vec![("line 4".to_owned(), "`1.234,5` is not an amount (money.format)".to_owned())];
        let awaited = Self { awaited: Some(("9".into(), Pence(36_550))), ..page(Vec::new()) };
        vec![("held", page(Vec::new())), ("wrong", page(wrong)), ("awaited", awaited)]
    }
}

impl BankFile {
    fn tie(&self, (id, sum): &(String, Pence)) -> Html {
        let says = ui::para(format!(
            "The bank pays these payments in one sum, {sum}. It is known by itself when it comes within ten days; if it \
             stands in suspense, say which receipt it is."
        ));
        let receipt = ui::input("receipt", "Receipt in suspense", &self.receipt).width(10).errors(&self.frame.errors);
        let body =
            Html::from(receipt).and(ui::hidden("takings", id)).and(ui::button("It is this file's sum").secondary());
        let form = ui::post_form(format!("/cash/files/{}/tie", self.line.id), self.frame.tokens("tie"), body);
        ui::panel("The bank's credit for it", Html::from(says).and(form)).into()
    }
}

impl Plain for BankFile {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/files", "Files from the bank")]).into()
    }

    fn actions(&self) -> Html {
        if !self.may_import {
            return Html::default();
        }
        let content = format!("/cash/files/{}/content", self.line.id);
        Html::from(ui::link_button("Download as it arrived", content).secondary())
    }

    fn body(&self) -> Html {
        let state = ui::para(Html::from(&self.line.state).and(" ").and(&self.line.message));
        let way = if self.way_out.is_empty() { Html::default() } else { ui::para(&self.way_out).into() };
        let facts = self.facts.iter().fold(ui::summary_list(), |list, (name, value)| list.fact(*name, value));
        let tiles = ui::figures([
            ui::figure("New lines", Some(ui::number(self.line.lines))),
            ui::figure("Money in", Some(ui::money(self.moved.0))),
            ui::figure("Money out", Some(ui::money(self.moved.1))),
        ]);
        let problems = if self.problems.is_empty() {
            Html::default()
        } else {
            let rows = self.problems.iter().map(|(at, what)| ui::row().cell(ui::or_dash(at)).cell(what));
            ui::table("What is wrong or odd in the file").columns([ui::col("Where"), ui::col("What")]).rows(rows).into()
        };
        let tie = self.awaited.as_ref().map_or_else(Html::default, |awaited| self.tie(awaited));
        Html::from(state).and(way).and(tiles).and(facts).and(problems).and(tie)
    }
}
