//! What queries came from and what they cost.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_desk::queries::CauseRow;
use sundry_domain::money::Pence;

/// The report of causes.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Causes {
    /// The frame.
    pub frame: Frame,
    /// The first day as typed.
    pub from: String,
    /// The last day as typed.
    pub to: String,
    /// The months, in words.
    pub months: Vec<String>,
    /// The rows, the dearest first.
    pub rows: Vec<CauseRow>,
    /// The address of this report, ready for one more field.
    pub address: String,
}

impl Causes {
    /// The heading.
    pub fn heading(&self) -> String {
        "Causes of queries".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = |cause: &str, name: &str, credited_pence, count| CauseRow {
            service: "Home care".into(),
            cause: cause.into(),
            cause_name: name.into(),
            template: "invoice".into(),
            count,
            disputed_pence: 412_671,
            credited_pence,
            steps: 31,
            days: 74,
            months: vec![1, 0, 2, count - 3],
        };
        let page = |rows| Self {
            frame: Frame::sample("Recovery"),
            from: "1 August 2026".into(),
            to: "19 November 2026".into(),
            months: ["August 2026", "September 2026", "October 2026", "November 2026"].map(str::to_owned).to_vec(),
            rows,
            address: "/queries/causes?".into(),
        };
        let rows = vec![
            row("late_notice", "We were told too late", 212_671, 8),
            row("wrong_rate", "Wrong rate or price", 80_000, 5),
            row("no_error", "No error of ours", 0, 4),
        ];
        vec![("full", page(rows)), ("empty", page(Vec::new()))]
    }
}

impl Plain for Causes {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/queries", "Queries")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let filters = ui::filters("/queries/causes")
            .field(ui::date_input("from", "From", &self.from).errors(errors))
            .field(ui::date_input("to", "To", &self.to).errors(errors));
        if self.rows.is_empty() {
            return Html::from(filters).and(ui::empty("No query ended in this time", "Choose other days."));
        }
        let links = ui::downloads(|format| format!("{}format={format}", self.address));
        let bars = self.rows.iter().take(10).fold(
            ui::bars("Credited by cause, the ten dearest", "Service and cause", "Credited"),
            |bars, row| {
                let what = format!("{}: {}", ui::or_dash(&row.service), row.cause_name);
                bars.row(what, ui::money(Pence(row.credited_pence)), row.credited_pence, 1)
            },
        );
        Html::from(filters).and(ui::toolbar("", links)).and(bars.table()).and(self.table()).and(self.trend())
    }
}

impl Causes {
    fn table(&self) -> Html {
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::or_dash(&row.service))
                .cell(&row.cause_name)
                .cell(ui::or_dash(row.template.replace('_', " ")))
                .cell(row.count.to_string())
                .cell(Pence(row.disputed_pence))
                .cell(Pence(row.credited_pence))
                .cell(row.steps.to_string())
                .cell(row.days.to_string())
        });
        ui::table("What they came from and what they cost, the dearest first")
            .columns([
                ui::col("Service"),
                ui::col("Cause"),
                ui::col("Letter"),
                ui::num("Queries"),
                ui::num("In query"),
                ui::num("Credited"),
                ui::num("Steps taken"),
                ui::num("Days"),
            ])
            .rows(rows)
            .show_caption()
            .into()
    }

    fn trend(&self) -> Html {
        let rows = self.months.iter().enumerate().map(|(at, month)| {
            let of = |row: &&CauseRow| row.months.get(at).copied().unwrap_or(0);
            let all: i64 = self.rows.iter().map(|row| of(&row)).sum();
            let ours: i64 = self.rows.iter().filter(|row| row.cause != "no_error").map(|row| of(&row)).sum();
            ui::row().cell(month).cell(all.to_string()).cell(ours.to_string())
        });
        ui::table("Month by month")
            .columns([ui::col("Month"), ui::num("Queries ended"), ui::num("With an error of ours")])
            .rows(rows)
            .show_caption()
            .into()
    }
}
