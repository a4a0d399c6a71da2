//! The reports there are, each with what it answers and its files.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// The reports there are.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Reports {
    /// The frame; an error on the date belongs to `since`.
    pub frame: Frame,
    /// Reports with a page: address, name, what it answers.
    pub reports: Vec<(String, String, String)>,
    /// Lists in full: their word in the address, name, what is in them.
    pub lists: Vec<(String, String, String)>,
    /// The list chosen.
    pub chosen: String,
    /// The first day of the lists as typed; empty for all.
    pub since: String,
}

impl Reports {
    /// The heading.
    pub fn heading(&self) -> String {
        "Reports".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        let page = |frame, since: &str| Self {
            frame,
            reports: vec![three("/reports/aged-debt", "Aged debt", "What is owed, by age, as at any day.")],
            lists: vec![three("items", "Open items", "Every item posted, with what is open of it.")],
            chosen: "items".into(),
            since: since.into(),
        };
        let wrong = Frame::sample("Reports").wrong("since", "Enter a date such as 19/11/26");
        vec![("full", page(Frame::sample("Reports"), "")), ("error", page(wrong, "31/02/26"))]
    }
}

impl Plain for Reports {
    fn body(&self) -> Html {
        let rows = self.reports.iter().map(|(href, name, answers)| ui::row().cell(ui::link(href, name)).cell(answers));
        let reports = ui::table("Reports").columns([ui::col("Report"), ui::col("What it answers")]).rows(rows);
        let lists = self.lists.iter().map(|(word, name, _)| (word.as_str(), name.as_str()));
        let files = ui::filters("/reports/list")
            .field(ui::select("list", "List", &self.chosen, lists))
            .field(ui::date_input("since", "From, empty for all", &self.since).errors(&self.frame.errors))
            .field(ui::select("format", "File", "csv", [("csv", "CSV"), ("json", "JSON")]))
            .verb("Download");
        let rows = self.lists.iter().map(|(_, name, holds)| ui::row().cell(name).cell(holds));
        let held = ui::table("What is in the lists").columns([ui::col("List"), ui::col("What is in it")]).rows(rows);
        Html::from(ui::panel("Reports", reports)).and(
            ui::panel("Lists in full", Html::from(files).and(held))
                .note("Amounts in CSV are pounds with two decimals; in JSON they are whole pence."),
        )
    }
}
