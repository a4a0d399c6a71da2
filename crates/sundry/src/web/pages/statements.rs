//! Statements on demand: to whom, what would be written, who gets none and why.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// Statements that would be written today.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Statements {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// The least balance, as typed.
    pub at_least: String,
    /// Account numbers, as typed.
    pub accounts: String,
    /// What would be written; none where the fields cannot be read.
    pub seen: Option<Seen>,
    /// Whether the reader releases runs.
    pub may_send: bool,
}

/// What would be written.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Statements.
    pub count: i64,
    /// Their balances.
    pub total: Pence,
    /// Way in words, and how many.
    pub ways: Vec<(String, i64)>,
    /// Accounts with nothing to pay.
    pub without: i64,
    /// Accounts kept back by a rule.
    pub kept_total: i64,
    /// Account, name, why, code; the first of them.
    pub kept: Vec<(String, String, String, String)>,
    /// Account, name, way, balance; the first of them.
    pub rows: Vec<(String, String, String, Pence)>,
}

impl Statements {
    /// The heading.
    pub fn heading(&self) -> String {
        "Statements".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let seen = Seen {
            count: 214,
            total: Pence(9_812_044),
            ways: vec![("Email".into(), 60), ("Post".into(), 154)],
            without: 31,
            kept_total: 1,
            kept: vec![(
                "C100017".into(),
                "Mr A Bell".into(),
                "Breathing space until 23 November 2026".into(),
                "BS-01-MORATORIUM".into(),
            )],
            rows: vec![("C103316".into(), "Mrs J Pemberton".into(), "Post".into(), Pence(39_280))],
        };
        let page = |frame, seen| Self { frame, at_least: "10".into(), accounts: String::new(), seen, may_send: true };
        let wrong = Frame::sample("Recovery").wrong("accounts", "There is no account C9");
        vec![
            ("full", page(Frame::sample("Recovery"), Some(seen))),
            ("nobody", page(Frame::sample("Recovery"), Some(Seen::default()))),
            ("error", page(wrong, None)),
        ]
    }

    fn choose(&self) -> Html {
        let errors = &self.frame.errors;
        ui::filters("/delivery/statements")
            .field(ui::amount_input("at_least", "Balance of at least", &self.at_least).errors(errors))
            .field(
                ui::input("accounts", "Only these accounts", &self.accounts)
                    .hint("Numbers with a space between; empty is everyone")
                    .errors(errors),
            )
            .verb("Show who gets one")
            .into()
    }

    fn send(&self, seen: &Seen) -> Html {
        if !self.may_send || seen.count == 0 {
            return Html::default();
        }
        let button = ui::button(format!("Write {}", ui::count_of(seen.count, "statement", "statements")));
        let body = ui::hidden("at_least", &self.at_least).and(ui::hidden("accounts", &self.accounts)).and(button);
        ui::post_form("/delivery/statements", self.frame.tokens("statements"), body).into()
    }

    fn seen(&self, seen: &Seen) -> Html {
        let ways = seen.ways.iter().map(|(way, count)| (way.as_str(), ui::number(*count)));
        let facts = ways.fold(
            ui::summary_list().fact("Statements", ui::number(seen.count)).fact("Their balances", seen.total),
            |facts, (way, count)| facts.fact(way, count),
        );
        let facts = facts
            .fact("Nothing to pay, or less than that", ui::number(seen.without))
            .fact("Kept back by a rule", ui::number(seen.kept_total));
        let note = "Each lists what is open with its age. Nobody gets two on a day; a balance that is nil or a credit gets none.";
        let rows = seen.rows.iter().map(|(number, name, way, balance)| {
            ui::row()
                .cell(ui::link(format!("/customers/{number}"), number))
                .cell(name.as_str())
                .cell(way.as_str())
                .cell(*balance)
        });
        let table = match seen.rows.is_empty() {
            true => Html::from(ui::empty("Nobody gets a statement", "No account has such a balance today.")),
            false => ui::table("Statements, the first 200")
                .show_caption()
                .columns([ui::col("Account"), ui::col("Name"), ui::col("How"), ui::num("Balance")])
                .rows(rows)
                .into(),
        };
        let kept = seen.kept.iter().map(|(number, name, why, code)| {
            let why = Html::from(why.as_str()).and(ui::sub_line(code.as_str()));
            ui::row().cell(ui::link(format!("/customers/{number}"), number)).cell(name.as_str()).cell(why)
        });
        let kept = match seen.kept.is_empty() {
            true => Html::default(),
            false => ui::table("Kept back")
                .show_caption()
                .columns([ui::col("Account"), ui::col("Name"), ui::col("Why")])
                .rows(kept)
                .into(),
        };
        Html::from(ui::panel("Today", Html::from(facts).and(ui::muted(note)).and(self.send(seen)))).and(table).and(kept)
    }
}

impl Plain for Statements {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/delivery", "Letters")]).into()
    }

    fn body(&self) -> Html {
        let seen = self.seen.as_ref().map_or_else(Html::default, |seen| self.seen(seen));
        self.choose().and(seen)
    }
}
