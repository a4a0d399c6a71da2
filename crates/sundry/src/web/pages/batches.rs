//! Batches: letters to print, and journals posted out to the general ledger. Each with control totals.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Batches of one kind.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Batches {
    /// The frame.
    pub frame: Frame,
    /// Whether they are GL batches; else print batches.
    pub gl: bool,
    /// How many letters or journals wait for the next batch.
    pub waiting: i64,
    /// The batches, newest first.
    pub rows: Vec<BatchRow>,
}

/// One batch.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// Its number.
    pub number: String,
    /// When it was made.
    pub made: NaiveDate,
    /// Letters or journals in it.
    pub count: i64,
    /// Pages, for print batches.
    pub pages: i64,
    /// Debits (GL) or amount asked for (print).
    pub amount: Pence,
    /// Credits, for GL batches.
    pub credits: Pence,
    /// Its state.
    pub state: ui::Tag,
    /// Where the file is.
    pub href: String,
}

impl Batches {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.gl {
            "GL batches".to_owned()
        } else {
            "Print batches".to_owned()
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = BatchRow {
            number: "PB-0042".into(),
            made: super::sampled::on(2026, 11, 18),
            count: 311,
            pages: 640,
            amount: Pence(9_912_000),
            credits: Pence(9_912_000),
            state: ui::tag("Sent", ui::TagColour::Green),
            href: "/files/1".into(),
        };
        let page = |gl, rows| Self {
            frame: Frame::sample(""),
            gl,
            waiting: 12,
            rows,
        };
        vec![
            ("print", page(false, vec![row.clone()])),
            ("gl", page(true, vec![row])),
            ("empty", page(true, Vec::new())),
        ]
    }
}

impl Plain for Batches {
    fn body(&self) -> Html {
        let (path, what) = if self.gl {
            ("/close/gl-batches", "journals")
        } else {
            ("/delivery/batches", "letters")
        };
        let verb = if self.gl {
            "Make the next GL batch"
        } else {
            "Make the next print batch"
        };
        let words = ui::para(format!("{} {what} wait for the next batch.", ui::number(self.waiting)));
        let make = ui::post_form(path, self.frame.tokens("make"), Html::from(words).and(ui::button(verb)));
        if self.rows.is_empty() {
            return Html::from(make).and(ui::empty("No batches yet", "Nothing has been sent from here."));
        }
        let rows = self.rows.iter().map(|row| {
            let start = ui::row()
                .cell(ui::link(&row.href, &row.number))
                .cell(row.made)
                .cell(row.count);
            let middle = if self.gl {
                start.cell(row.amount).cell(row.credits)
            } else {
                start.cell(row.pages).cell(row.amount)
            };
            middle.cell(&row.state)
        });
        let figures = if self.gl {
            [ui::num("Debits"), ui::num("Credits")]
        } else {
            [ui::num("Pages"), ui::num("Asked for")]
        };
        let count = ui::num(if self.gl { "Journals" } else { "Letters" });
        let columns = [ui::col("Batch"), ui::col("Made"), count]
            .into_iter()
            .chain(figures)
            .chain([ui::col("State")]);
        Html::from(make).and(ui::table("Batches, newest first").columns(columns).rows(rows))
    }
}
