//! Receipts as a list, suspense, and how the matching of a bank file went.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Receipts, or what lies in suspense.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Receipts {
    /// The frame.
    pub frame: Frame,
    /// Figures of the position: words, figure, note, address; may be empty.
    pub position: Vec<(String, String, String, String)>,
    /// The first receipt that waits; empty for none.
    pub first: String,
    /// How many strong matches could be accepted at once; 0 hides the button.
    pub strong: i64,
    /// Whether the reader posts cash.
    pub may_post: bool,
    /// `waiting`, `suspense`, `allocated`, `all`.
    pub view: String,
    /// How many in each view: its word in the address, its name, its count.
    pub views: Vec<(String, String, i64)>,
    /// What was searched for in payer, reference and amount.
    pub filter: String,
    /// The rows.
    pub rows: Vec<ReceiptRow>,
    /// The sum of what is not allocated in all that match.
    pub sum: Pence,
    /// This page and how many there are.
    pub page: (u32, u32),
}

/// One receipt.
#[derive(Clone, Debug)]
pub struct ReceiptRow {
    /// `R88431`.
    pub number: String,
    /// When it came.
    pub received: NaiveDate,
    /// The payer.
    pub payer: String,
    /// The reference.
    pub reference: String,
    /// How much came.
    pub amount: Pence,
    /// How much is not allocated.
    pub unallocated: Pence,
    /// The customer, or why it is in suspense and who owns it.
    pub where_it_is: String,
    /// Its state.
    pub state: ui::Tag,
}

impl Receipts {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.view == "suspense" { "Suspense".to_owned() } else { "Receipts".to_owned() }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = ReceiptRow {
            number: "R88431".into(),
            received: super::sampled::on(2026, 11, 17),
            payer: "OKAFOR G".into(),
            reference: "INV 7104213".into(),
            amount: Pence(128_450),
            unallocated: Pence(128_450),
            where_it_is: "Unknown payer, owner Tom Ashdown".into(),
            state: ui::tag("In suspense", ui::TagColour::Yellow),
        };
        let page = |view: &str, rows| Self {
            frame: Frame::sample("Cash"),
            position: vec![("In suspense".into(), "£86k".into(), "143 receipts".into(), "/cash?view=waiting".into())],
            first: "R88431".into(),
            strong: 61,
            may_post: true,
            view: view.into(),
            views: vec![("waiting".into(), "Waiting".into(), 143), ("suspense".into(), "Suspense".into(), 12)],
            filter: String::new(),
            rows,
            sum: Pence(128_450),
            page: (1, 4),
        };
        vec![("suspense", page("suspense", vec![row.clone(), row])), ("empty", page("waiting", Vec::new()))]
    }
}

impl Plain for Receipts {
    fn actions(&self) -> Html {
        let find = crate::web::door::form_encode(&self.filter);
        let file = |kind: &str| format!("/cash?view={}&find={find}&format={kind}", self.view);
        let start = if self.first.is_empty() {
            Html::default()
        } else {
            ui::link_button("Start at the top", format!("/cash/receipts/{}", self.first)).into()
        };
        let strong = if self.strong > 0 && self.may_post {
            ui::link_button(format!("Accept {} strong matches", self.strong), "/cash/accept").secondary().into()
        } else {
            Html::default()
        };
        let work = if self.may_post {
            Html::from(ui::link_button("Match bank lines", "/cash/match").secondary())
                .and(ui::link_button("Card payments", "/cash/cards").secondary())
                .and(ui::link_button("Import a bank file", "/cash/import").secondary())
        } else {
            Html::default()
        };
        let more = ui::link("/cash/reconciliations", "Reconciliations");
        start.and(strong).and(work).and(ui::downloads(file)).and(more)
    }

    fn body(&self) -> Html {
        let nav = self.views.iter().fold(ui::sub_navigation("Receipts by state"), |nav, (word, name, count)| {
            nav.counted(name, *count, format!("/cash?view={word}"), *word == self.view)
        });
        let filter = ui::filters("/cash")
            .field(ui::input("find", "Payer, reference or amount", &self.filter).width(20))
            .field(ui::hidden("view", &self.view))
            .clear(format!("/cash?view={}", self.view));
        let tiles = self.position.iter().map(|(words, figure, note, href)| {
            let tile = ui::figure(words, Some(figure.clone())).note(note);
            if href.is_empty() { tile } else { tile.href(href) }
        });
        let top = super::cash_desk::places(&self.frame, "/cash").and(ui::figures(tiles)).and(nav).and(filter);
        if self.rows.is_empty() {
            return top.and(ui::empty("No receipts here", "None of the receipts is in this state with this filter."));
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/cash/receipts/{}", row.number), &row.number))
                .cell(row.received)
                .cell(&row.payer)
                .cell(&row.reference)
                .cell(&row.where_it_is)
                .cell(row.amount)
                .cell(row.unallocated)
                .cell(&row.state)
        });
        let blank = || Html::default();
        let table = ui::table(self.heading())
            .columns([
                ui::col("Receipt").nowrap(),
                ui::col("Received").nowrap(),
                ui::col("Payer"),
                ui::col("Reference"),
                ui::col("Where it is"),
                ui::num("Amount"),
                ui::num("Not allocated"),
                ui::col("State"),
            ])
            .rows(rows)
            .total([
                "Not allocated, all".into(),
                blank(),
                blank(),
                blank(),
                blank(),
                blank(),
                self.sum.into(),
                blank(),
            ]);
        let (page, pages) = self.page;
        top.and(table).and(ui::pagination(
            page,
            pages,
            format!("/cash?view={}&find={}&page=", self.view, crate::web::door::form_encode(&self.filter)),
        ))
    }
}

/// How the matching of a bank file went.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct MatchingSummary {
    /// The frame.
    pub frame: Frame,
    /// The accounts: `All bank accounts`.
    pub source: String,
    /// How many lines wait for the matcher, where the reader may start it.
    pub waiting: i64,
    /// How many receipts and how much in all.
    pub total: (i64, Pence),
    /// What became of them: words, address, count, amount, whether it is done.
    pub outcomes: Vec<MatchOutcome>,
}

/// What became of some of the receipts.
#[derive(Clone, Debug)]
pub struct MatchOutcome {
    /// `Allocated: certain`.
    pub name: String,
    /// The list behind it.
    pub href: String,
    /// How many.
    pub count: i64,
    /// How much.
    pub amount: Pence,
    /// Whether nothing more is to be done.
    pub done: bool,
}

impl MatchingSummary {
    /// The heading.
    pub fn heading(&self) -> String {
        "How the bank lines matched".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let one = |name: &str, count, amount, done| MatchOutcome {
            name: name.into(),
            href: "/cash".into(),
            count,
            amount: Pence(amount),
            done,
        };
        let page = |outcomes| Self {
            frame: Frame::sample("Cash"),
            source: "Bank file of 18 November".into(),
            waiting: 12,
            total: (386, Pence(41_220_019)),
            outcomes,
        };
        let all =
            vec![one("Allocated: certain", 243, 32_599_600, true), one("Suggested: look first", 143, 8_620_419, false)];
        vec![("full", page(all)), ("empty", page(Vec::new()))]
    }
}

impl Plain for MatchingSummary {
    fn caption(&self) -> Html {
        (&self.source).into()
    }

    fn actions(&self) -> Html {
        Html::from(ui::link_button("Allocate what is left", "/cash"))
            .and(ui::link_button("When it posts", "/cash/matcher").secondary())
            .and(ui::link_button("What it has learned", "/cash/matcher/lessons").secondary())
    }

    fn body(&self) -> Html {
        let start = if self.waiting > 0 {
            let lines = ui::count_of(self.waiting, "bank line waits", "bank lines wait");
            let words = ui::para(format!("{lines} to be matched. What is certain is posted; the rest is suggested."));
            let body = Html::from(words).and(ui::button("Match them"));
            Html::from(ui::post_form("/cash/match", self.frame.tokens("match"), body))
        } else {
            ui::para("No bank line waits to be matched.").into()
        };
        if self.outcomes.is_empty() {
            let import = ui::link_button("Import a bank file", "/cash/import").secondary();
            return start.and(ui::empty("No bank lines yet", "Import a bank file first.").action(import));
        }
        let largest = self.outcomes.iter().map(|one| one.count).max().unwrap_or(1).max(1);
        let rows = self.outcomes.iter().map(|one| {
            ui::row().cell(ui::link(&one.href, &one.name)).cell(one.count).cell(one.amount).cell(ui::bar(
                one.count * 1000 / largest,
                if one.done { 2 } else { 3 },
                None,
            ))
        });
        let table = ui::table("What became of the bank lines")
            .columns([ui::col("Outcome"), ui::num("Lines"), ui::num("Amount"), ui::col("Share").bar()])
            .rows(rows)
            .total([Html::from("Total"), self.total.0.into(), self.total.1.into(), Html::default()]);
        start.and(table)
    }
}
