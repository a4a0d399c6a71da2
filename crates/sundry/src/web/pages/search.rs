//! Search results in groups: customers, invoices, receipts, references.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// What was found.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct SearchResults {
    /// The frame; its `search` is what was searched for.
    pub frame: Frame,
    /// The groups that hold something.
    pub groups: Vec<Group>,
    /// Whether they may open an account.
    pub may_add: bool,
}

/// One group of hits.
#[derive(Clone, Debug)]
pub struct Group {
    /// `Customers`.
    pub name: String,
    /// How many there are in all.
    pub count: i64,
    /// The hits shown: address, words, detail, amount in words.
    pub hits: Vec<Hit>,
}

/// One hit.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its page.
    pub href: String,
    /// Its name or number.
    pub words: String,
    /// What helps to tell it from others.
    pub detail: String,
    /// Balance or amount; may be empty.
    pub amount: String,
}

impl SearchResults {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Search: {}", self.frame.search)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let frame = || Frame { search: "pemberton".into(), ..Frame::sample("") };
        let hit = Hit {
            href: "/customers/C103316".into(),
            words: "Joyce Pemberton, C103316".into(),
            detail: "14 Ffordd y Bryn, Northmere".into(),
            amount: "£2,945.64".into(),
        };
        let group = Group { name: "Customers".into(), count: 1, hits: vec![hit] };
        vec![
            ("found", Self { frame: frame(), groups: vec![group], may_add: true }),
            ("nothing", Self { frame: frame(), groups: Vec::new(), may_add: true }),
        ]
    }
}

impl Plain for SearchResults {
    fn body(&self) -> Html {
        if self.groups.is_empty() {
            let words =
                "Names, account, invoice and receipt numbers, references and amounts were searched. Try fewer letters.";
            let nothing = ui::empty(format!("Nothing found for {}", self.frame.search), words);
            let nothing =
                if self.may_add { nothing.action(ui::link("/customers/new", "New customer")) } else { nothing };
            return nothing.into();
        }
        let group = |group: &Group| {
            let rows = group
                .hits
                .iter()
                .map(|hit| ui::row().cell(ui::link(&hit.href, &hit.words)).cell(&hit.detail).cell(&hit.amount));
            let table =
                ui::table(&group.name).columns([ui::col("Found"), ui::col("Detail"), ui::num("Amount")]).rows(rows);
            Html::from(ui::panel(format!("{} ({})", group.name, ui::number(group.count)), table))
        };
        ui::parts(self.groups.iter().map(group))
    }
}
