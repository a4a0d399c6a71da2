//! Rates and fees by date: what is in force, what ends or is missing, and the form that asks for new ones.

use super::admin::tabs;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use sundry_domain::reference::{RateKind, RateLine, RateState};

/// The dated rates.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Rates {
    /// The frame.
    pub frame: Frame,
    /// Every row, the newest of each first.
    pub rows: Vec<RateLine>,
    /// The reader may ask for new ones.
    pub may_ask: bool,
    /// What was typed: kind, from_on, to_on, rates, source, note.
    pub typed: [String; 6],
}

fn state_of(row: &RateLine) -> RateState {
    RateState::parse(&row.state).unwrap_or(RateState::Past)
}

impl Rates {
    /// The heading.
    pub fn heading(&self) -> String {
        "Rates and fees by date".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let rows = sundry_domain::reference::shipped_rows();
        let rows = sundry_domain::reference::rate_lines(&rows, super::sampled::on(2026, 11, 22));
        let typed = ["court_fee", "13/7/26", "", "warrant=97.00", "SI 2026/1", ""].map(str::to_owned);
        let page = |frame, may_ask| Self { frame, rows: rows.clone(), may_ask, typed: typed.clone() };
        let wrong = Frame::sample("Admin").wrong("source", "Enter the order, the regulation or the page");
        vec![
            ("full", page(Frame::sample("Admin"), true)),
            ("read", page(Frame::sample("Admin"), false)),
            ("error", page(wrong, true)),
        ]
    }

    fn warning(&self) -> Html {
        let count = |state: RateState| self.rows.iter().filter(|row| state_of(row) == state).count();
        let (missing, ending) = (count(RateState::Missing), count(RateState::Ending));
        if missing + ending == 0 {
            return Html::default();
        }
        let words = format!(
            "Missing: {missing}. Ending within 90 days: {ending}. Work that needs a missing figure stops until \
             somebody enters it and somebody else approves it."
        );
        ui::alert(ui::AlertKind::Warning, words).into()
    }

    fn table(&self, caption: &str, wanted: impl Fn(&RateLine) -> bool) -> Html {
        let rows = self.rows.iter().filter(|row| wanted(row)).map(|row| {
            let state = state_of(row);
            let colour = match state {
                RateState::Missing => TagColour::Red,
                RateState::Ending => TagColour::Yellow,
                RateState::InForce => TagColour::Green,
                RateState::ToCome => TagColour::Blue,
                RateState::Past => TagColour::Grey,
            };
            let people = format!("{}; approved by {}", row.entered_by, row.approved_by);
            ui::row()
                .cell(Html::from(row.name.as_str()).and(ui::sub_line(&row.what)))
                .cell(row.figure.as_str())
                .cell(row.from_on)
                .cell(row.to_on)
                .cell(ui::tag(state.name(), colour))
                .cell(Html::from(row.source.as_str()).and(ui::sub_line(&row.note)).and(ui::sub_line(people)))
        });
        ui::table(caption)
            .columns([
                ui::col("What"),
                ui::num("Figure"),
                ui::col("From"),
                ui::col("Confirmed to"),
                ui::col("State"),
                ui::col("Source"),
            ])
            .rows(rows)
            .show_caption()
            .into()
    }

    fn form(&self) -> Html {
        if !self.may_ask {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let [kind, from, to, rates, source, note] = &self.typed;
        let kinds = RateKind::ALL.iter().map(|kind| (kind.as_str(), kind.name()));
        let hint = "One on each line: 300=37.00 for claims up to £300, 200000=5%, max=10500.00; warrant=97.00; S=20%. \
                    Bank Rate is a line of its own: 3.75%. A bank holiday is its nation: england-and-wales=. Fees by \
                    band come all together";
        let body = Html::from(ui::select("kind", "Of what?", kind, kinds).errors(errors))
            .and(ui::date_input("from_on", "From", from).errors(errors))
            .and(
                ui::date_input("to_on", "Confirmed to", to)
                    .hint("Empty where nobody has said when it ends")
                    .errors(errors),
            )
            .and(ui::textarea("rates", "Figures", rates).rows(9).hint(hint).errors(errors))
            .and(
                ui::input("source", "Source", source)
                    .hint("The order, the regulation or the page that gives the figures")
                    .errors(errors),
            )
            .and(ui::input("note", "Note", note).errors(errors))
            .and(ui::button("Ask for approval"));
        let form = ui::post_form("/admin/rates", self.frame.tokens("rates"), body).guarded();
        ui::panel("Ask for new figures", form).into()
    }
}

impl Plain for Rates {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/rates")
    }

    fn body(&self) -> Html {
        let past = |row: &RateLine| state_of(row) == RateState::Past;
        // A year has many bank holidays: they would hide what is missing, and the form.
        let holiday = |row: &RateLine| RateKind::of(&row.kind) == Some(RateKind::BankHoliday);
        self.warning()
            .and(self.table("In force, to come and missing", |row| !past(row) && !holiday(row)))
            .and(self.form())
            .and(self.table("Bank holidays to come", |row| !past(row) && holiday(row)))
            .and(self.table("Past", past))
    }
}
