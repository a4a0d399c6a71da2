//! The team dashboard: key figures, four pictures, what needs attention, work by collector.

use crate::web::ui::{self, Frame, Trend};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The team dashboard.
#[derive(Debug, Template)]
#[template(path = "pages/dashboard.html")]
pub struct Dashboard {
    /// The frame.
    pub frame: Frame,
    /// The business date.
    pub today: NaiveDate,
    /// The tiles, in order; a figure without value says that it is not available.
    pub figures: Vec<KeyFigure>,
    /// Debt by age and type of customer; none while there is no debt.
    pub ages: Vec<AgeBand>,
    /// The types of customer, at most four, in the order of [`AgeBand::by_type`].
    pub types: Vec<String>,
    /// What the picture of ages finds, in a sentence.
    pub ages_finding: String,
    /// Money collected this financial year, a running total for each month.
    pub collected: Vec<CollectedMonth>,
    /// What the picture of collections finds.
    pub collected_finding: String,
    /// Debt over 90 days old at each month end.
    pub over_90: Vec<MonthEnd>,
    /// What the picture of old debt finds.
    pub over_90_finding: String,
    /// Accounts and value at each step.
    pub steps: Vec<StepRow>,
    /// What stops work or breaks a rule.
    pub attention: Vec<Attention>,
}

/// One tile.
#[derive(Clone, Debug)]
pub struct KeyFigure {
    /// `Overdue`.
    pub label: String,
    /// `£2.32m`; none where it could not be worked out.
    pub value: Option<String>,
    /// The list behind it.
    pub href: String,
    /// `£61k down on October`.
    pub note: String,
    /// How it moved.
    pub trend: Option<Trend>,
}

/// One band of age.
#[derive(Clone, Debug)]
pub struct AgeBand {
    /// `31–60`.
    pub name: String,
    /// The amount for each type of customer.
    pub by_type: Vec<Pence>,
    /// The list behind it.
    pub href: String,
}

/// One month of the financial year.
#[derive(Clone, Debug)]
pub struct CollectedMonth {
    /// `Apr`.
    pub name: String,
    /// Collected up to its end; none for months to come.
    pub this_year: Option<Pence>,
    /// Last year up to its end.
    pub last_year: Option<Pence>,
}

/// One month end.
#[derive(Clone, Debug)]
pub struct MonthEnd {
    /// Its date.
    pub date: NaiveDate,
    /// The amount.
    pub amount: Pence,
}

/// One step with its accounts.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// `Reminder 1 sent`.
    pub name: String,
    /// The list behind it.
    pub href: String,
    /// How many accounts.
    pub accounts: i64,
    /// How much.
    pub value: Pence,
}

/// Something that stops work or breaks a rule.
#[derive(Clone, Debug)]
pub struct Attention {
    /// `12 letters could not be sent: no address`.
    pub what: String,
    /// Where to put it right; empty where the reader may not.
    pub href: String,
    /// `Oldest 4 days`.
    pub detail: String,
}

fn short(pence: i64) -> String {
    ui::money_short(Pence(pence))
}

fn link_or_text(href: &str, words: &str) -> ui::Html {
    if href.is_empty() { ui::Html::from(words) } else { ui::link(href, words) }
}

impl Dashboard {
    /// The heading.
    pub fn heading(&self) -> String {
        "Team dashboard".to_owned()
    }

    fn tiles(&self) -> ui::Figures {
        let tile = |figure: &KeyFigure| {
            let tile = ui::figure(&figure.label, figure.value.clone()).note(&figure.note).trend(figure.trend);
            if figure.href.is_empty() { tile } else { tile.href(&figure.href) }
        };
        ui::figures(self.figures.iter().map(tile))
    }

    fn ages_chart(&self) -> ui::Columns {
        let total = Pence::total(self.ages.iter().flat_map(|band| &band.by_type));
        let desc = format!("Stacked columns. Total debt is {}. {}.", ui::money_short(total), self.ages_finding);
        let mut chart = ui::columns("aged", "Debt by age and type of customer", desc, short)
            .places("Days overdue", self.ages.iter().map(|band| &band.name))
            .hrefs(self.ages.iter().map(|band| &band.href));
        for (place, name) in self.types.iter().enumerate().take(4) {
            chart =
                chart.series(name, self.ages.iter().map(|band| band.by_type.get(place).map_or(0, |amount| amount.0)));
        }
        chart
    }

    fn collected_chart(&self) -> ui::Lines {
        let of = |pick: fn(&CollectedMonth) -> Option<Pence>| {
            self.collected.iter().map(move |month| pick(month).map(|p| p.0))
        };
        let last = self.collected.iter().filter_map(|month| month.this_year).next_back().unwrap_or(Pence::ZERO);
        let desc = format!("Lines for this financial year and the last. {}.", self.collected_finding);
        ui::lines("collected", "Money collected this financial year, running total", desc, short)
            .places("Month", self.collected.iter().map(|month| month.name.clone()))
            .series(format!("This year {}", ui::money_short(last)), of(|month| month.this_year))
            .beside("Last year", of(|month| month.last_year))
    }

    fn over_90_chart(&self) -> ui::Lines {
        let last = self.over_90.last().map_or(Pence::ZERO, |month| month.amount);
        ui::lines("over90", "Debt over 90 days old at each month end", format!("{}.", self.over_90_finding), short)
            .places("Month", self.over_90.iter().map(|month| month.date.format("%b").to_string()))
            .series(ui::money_short(last), self.over_90.iter().map(|month| Some(month.amount.0)))
    }

    fn steps_table(&self) -> ui::Table {
        let largest = self.steps.iter().map(|step| step.value.0).max().unwrap_or(0).max(1);
        let rows = self.steps.iter().map(|step| {
            ui::row()
                .cell(link_or_text(&step.href, &step.name))
                .cell(step.accounts)
                .cell(ui::money_short(step.value))
                .cell(ui::bar(step.value.0.max(0) * 1000 / largest, 1, None))
        });
        ui::table("Accounts and value at each recovery step")
            .columns([ui::col("Step"), ui::num("Accounts"), ui::num("Value"), ui::col("Share").bar()])
            .rows(rows)
            .narrow()
    }

    fn attention_table(&self) -> ui::Table {
        let rows =
            self.attention.iter().map(|one| ui::row().cell(link_or_text(&one.href, &one.what)).cell(&one.detail));
        ui::table("Things that stop work or break a rule")
            .columns([ui::col("What"), ui::col("Detail")])
            .rows(rows)
            .narrow()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        vec![("full", sample::full()), ("empty", sample::empty())]
    }
}

#[cfg(test)]
mod sample {
    use super::*;

    fn on(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(if month == 12 { 2025 } else { 2026 }, month, day).expect("a date that exists")
    }

    fn figure(label: &str, value: Option<&str>, note: &str, trend: Option<Trend>) -> KeyFigure {
        let href = format!("/reports/{}", label.to_lowercase().replace(' ', "-"));
        KeyFigure { label: label.into(), value: value.map(str::to_owned), href, note: note.into(), trend }
    }

    pub fn empty() -> Dashboard {
        Dashboard {
            frame: Frame::sample("Dashboard"),
            today: on(11, 19),
            figures: Vec::new(),
            ages: Vec::new(),
            types: Vec::new(),
            ages_finding: String::new(),
            collected: Vec::new(),
            collected_finding: String::new(),
            over_90: Vec::new(),
            over_90_finding: String::new(),
            steps: Vec::new(),
            attention: Vec::new(),
        }
    }

    pub fn full() -> Dashboard {
        let bands = [
            ("Not due", [612, 301, 410, 228]),
            ("1–30", [214, 142, 118, 131]),
            ("31–60", [121, 66, 84, 109]),
            ("61–90", [88, 41, 61, 97]),
            ("91–180", [64, 38, 92, 188]),
            ("181–365", [31, 18, 71, 251]),
            ("Over 365", [9, 4, 56, 222]),
        ];
        let band = |(name, amounts): (&str, [i64; 4])| AgeBand {
            name: name.into(),
            by_type: amounts.map(|thousand| Pence(thousand * 100_000)).into(),
            href: "/reports/aged-debt".into(),
        };
        let month = |at: i64, name: &str| CollectedMonth {
            name: name.into(),
            this_year: (at <= 8).then(|| Pence(at * 95_526_300)),
            last_year: Some(Pence(at * 84_500_000 + at % 4 * 900_000)),
        };
        let names = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"];
        let steps = [
            ("Overdue, no reminder yet", 402, 376),
            ("Reminder 1 sent", 1_204, 318),
            ("Final notice sent", 611, 241),
            ("Letter of claim", 143, 186),
            ("Payment plan, up to date", 417, 402),
            ("Payment plan, behind", 73, 69),
            ("In query with a service", 96, 214),
            ("On hold: breathing space", 12, 21),
        ];
        Dashboard {
            figures: vec![
                figure("Debt", Some("£3.87m"), "4,611 accounts", None),
                figure("Overdue", Some("£2.32m"), "£61k down on October", Some(Trend::DownGood)),
                figure("Over 90 days", Some("£1.04m"), "£18k up on October", Some(Trend::UpBad)),
                figure("Collected in November", Some("£1.05m"), "Target to date £918k", None),
                figure("Days to collect", Some("47"), "2 down on October", Some(Trend::DownGood)),
                figure("Not allocated", Some("£86k"), "143 receipts", None),
                figure("Promises kept", None, "", None),
            ],
            ages: bands.map(band).into(),
            types: ["NHS bodies", "Other councils", "Companies", "Individuals"].map(str::to_owned).into(),
            ages_finding: "Individuals hold most of the debt over 90 days old".into(),
            collected: (1..).zip(names).map(|(at, name)| month(at, name)).collect(),
            collected_finding: "Collections are ahead of target by £130k".into(),
            over_90: [12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
                .map(|month| MonthEnd {
                    date: on(month, 28),
                    amount: Pence(100_000_000 + i64::from(month % 7) * 2_000_000),
                })
                .into(),
            over_90_finding: "Debt over 90 days old has risen for 4 months".into(),
            steps: steps
                .map(|(name, accounts, value)| StepRow {
                    name: name.into(),
                    href: "/work".into(),
                    accounts,
                    value: Pence(value * 100_000),
                })
                .into(),
            attention: vec![
                Attention {
                    what: "12 letters could not be sent: no address".into(),
                    href: "/recovery/letters?state=failed".into(),
                    detail: "Oldest 4 days".into(),
                },
                Attention {
                    what: "143 receipts not allocated, £86,204".into(),
                    href: "/cash".into(),
                    detail: "Oldest 23 days".into(),
                },
            ],
            ..empty()
        }
    }
}
