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
    /// Whose work it is: `All teams`.
    pub team: String,
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
    /// Money collected this month, a running total for each day of the month.
    pub collected: Vec<CollectedDay>,
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
    /// Work by collector.
    pub collectors: Vec<Collector>,
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

/// One day of the month.
#[derive(Clone, Debug)]
pub struct CollectedDay {
    /// The day of the month.
    pub day: u32,
    /// Collected up to this day; none for days to come.
    pub this_month: Option<Pence>,
    /// The target up to this day.
    pub target: Option<Pence>,
    /// Last year up to this day.
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

/// What is being done about the accounts at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// They are being chased.
    Chased,
    /// They are paying by plan.
    Plan,
    /// Something holds us back.
    Paused,
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
    /// What is being done.
    pub doing: Doing,
}

/// Something that stops work or breaks a rule.
#[derive(Clone, Debug)]
pub struct Attention {
    /// `12 letters could not be sent: no address`.
    pub what: String,
    /// Where to put it right.
    pub href: String,
    /// `Oldest 4 days`.
    pub detail: String,
}

/// One collector's work.
#[derive(Clone, Debug)]
pub struct Collector {
    /// Their name.
    pub name: String,
    /// Their list.
    pub href: String,
    /// `A to D, companies`.
    pub patch: String,
    /// Due today.
    pub due_today: i64,
    /// Past its day.
    pub overdue: i64,
    /// Collected this month.
    pub collected: Pence,
    /// The goal for the month; zero where there is none.
    pub goal: Pence,
}

fn short(pence: i64) -> String {
    ui::money_short(Pence(pence))
}

impl Dashboard {
    /// The heading.
    pub fn heading(&self) -> String {
        "Team dashboard".to_owned()
    }

    fn tiles(&self) -> ui::Figures {
        let tile = |figure: &KeyFigure| {
            let tile = ui::figure(&figure.label, figure.value.clone())
                .note(&figure.note)
                .trend(figure.trend);
            if figure.href.is_empty() {
                tile
            } else {
                tile.href(&figure.href)
            }
        };
        ui::figures(self.figures.iter().map(tile))
    }

    fn ages_chart(&self) -> ui::Columns {
        let total = Pence::total(self.ages.iter().flat_map(|band| &band.by_type));
        let desc = format!(
            "Stacked columns. Total debt is {}. {}.",
            ui::money_short(total),
            self.ages_finding
        );
        let mut chart = ui::columns("aged", "Debt by age and type of customer", desc, short)
            .places("Days overdue", self.ages.iter().map(|band| &band.name))
            .hrefs(self.ages.iter().map(|band| &band.href));
        for (place, name) in self.types.iter().enumerate().take(4) {
            chart = chart.series(
                name,
                self.ages
                    .iter()
                    .map(|band| band.by_type.get(place).map_or(0, |amount| amount.0)),
            );
        }
        chart
    }

    fn collected_chart(&self) -> ui::Lines {
        let of =
            |pick: fn(&CollectedDay) -> Option<Pence>| self.collected.iter().map(move |day| pick(day).map(|p| p.0));
        let last = self
            .collected
            .iter()
            .filter_map(|day| day.this_month)
            .next_back()
            .unwrap_or(Pence::ZERO);
        let desc = format!(
            "Lines for this month, target and last year. {}.",
            self.collected_finding
        );
        ui::lines("collected", "Money collected this month, running total", desc, short)
            .places("Day", self.collected.iter().map(|day| day.day.to_string()))
            .series(
                format!("This month {}", ui::money_short(last)),
                of(|day| day.this_month),
            )
            .beside("Target", of(|day| day.target))
            .beside("Last year", of(|day| day.last_year))
    }

    fn over_90_chart(&self) -> ui::Lines {
        let last = self.over_90.last().map_or(Pence::ZERO, |month| month.amount);
        ui::lines(
            "over90",
            "Debt over 90 days old at each month end",
            format!("{}.", self.over_90_finding),
            short,
        )
        .places(
            "Month",
            self.over_90.iter().map(|month| month.date.format("%b").to_string()),
        )
        .series(
            ui::money_short(last),
            self.over_90.iter().map(|month| Some(month.amount.0)),
        )
    }

    fn steps_table(&self) -> ui::Table {
        let largest = self.steps.iter().map(|step| step.value.0).max().unwrap_or(0).max(1);
        let rows = self.steps.iter().map(|step| {
            let colour = match step.doing {
                Doing::Chased => 1,
                Doing::Plan => 2,
                Doing::Paused => 3,
            };
            ui::row()
                .cell(ui::link(&step.href, &step.name))
                .cell(step.accounts)
                .cell(ui::money_short(step.value))
                .cell(ui::bar(step.value.0.max(0) * 1000 / largest, colour, None))
        });
        ui::table("Accounts and value at each recovery step")
            .columns([
                ui::col("Step"),
                ui::num("Accounts"),
                ui::num("Value"),
                ui::col("Share").bar(),
            ])
            .rows(rows)
            .narrow()
    }

    fn attention_table(&self) -> ui::Table {
        let rows = self
            .attention
            .iter()
            .map(|one| ui::row().cell(ui::link(&one.href, &one.what)).cell(&one.detail));
        ui::table("Things that stop work or break a rule")
            .columns([ui::col("What"), ui::col("Detail")])
            .rows(rows)
            .narrow()
    }

    fn collectors_table(&self) -> ui::Table {
        let largest = self
            .collectors
            .iter()
            .map(|one| one.collected.0.max(one.goal.0))
            .max()
            .unwrap_or(0)
            .max(1);
        let rows = self.collectors.iter().map(|one| {
            let mark = (one.goal.0 > 0).then(|| one.goal.0 * 1000 / largest);
            ui::row()
                .cell(ui::link(&one.href, &one.name).and(ui::sub_line(&one.patch)))
                .cell(one.due_today)
                .cell(one.overdue)
                .cell(ui::money_short(one.collected))
                .cell(ui::bar(one.collected.0.max(0) * 1000 / largest, 1, mark))
        });
        ui::table("Work by collector")
            .columns([
                ui::col("Collector"),
                ui::num("Due today"),
                ui::num("Overdue"),
                ui::num("Collected"),
                ui::col("Against goal").bar(),
            ])
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
        KeyFigure {
            label: label.into(),
            value: value.map(str::to_owned),
            href,
            note: note.into(),
            trend,
        }
    }

    pub fn empty() -> Dashboard {
        Dashboard {
            frame: Frame::sample("Dashboard"),
            team: "All teams".into(),
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
            collectors: Vec::new(),
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
        let day = |day: u32| CollectedDay {
            day,
            this_month: (day <= 19).then(|| Pence(i64::from(day) * 5_526_300)),
            target: Some(Pence(i64::from(day) * 4_830_000)),
            last_year: Some(Pence(i64::from(day) * 4_500_000 + i64::from(day % 4) * 900_000)),
        };
        let steps = [
            ("Overdue, no reminder yet", 402, 376, Doing::Chased),
            ("Reminder 1 sent", 1_204, 318, Doing::Chased),
            ("Final notice sent", 611, 241, Doing::Chased),
            ("Letter of claim", 143, 186, Doing::Chased),
            ("Payment plan, up to date", 417, 402, Doing::Plan),
            ("Payment plan, behind", 73, 69, Doing::Plan),
            ("In query with a service", 96, 214, Doing::Paused),
            ("On hold: breathing space", 12, 21, Doing::Paused),
        ];
        let collectors = [
            ("Priya Nair", "A to D, companies", 42, 3, 96),
            ("Rhys Morgan", "Adult social care 2", 61, 19, 97),
        ];
        Dashboard {
            figures: vec![
                figure("Debt", Some("£3.87m"), "4,611 accounts", None),
                figure("Overdue", Some("£2.32m"), "£61k down on October", Some(Trend::DownGood)),
                figure("Over 90 days", Some("£1.04m"), "£18k up on October", Some(Trend::UpBad)),
                figure("Collected in November", Some("£1.05m"), "Target to date £918k", None),
                figure(
                    "Days to collect",
                    Some("47"),
                    "2 down on October",
                    Some(Trend::DownGood),
                ),
                figure("Not allocated", Some("£86k"), "143 receipts", None),
                figure("Promises kept", None, "", None),
            ],
            ages: bands.map(band).into(),
            types: ["NHS bodies", "Other councils", "Companies", "Individuals"]
                .map(str::to_owned)
                .into(),
            ages_finding: "Individuals hold most of the debt over 90 days old".into(),
            collected: (1..=30).map(day).collect(),
            collected_finding: "Collections are ahead of target by £130k".into(),
            over_90: [12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
                .map(|month| MonthEnd {
                    date: on(month, 28),
                    amount: Pence(100_000_000 + i64::from(month % 7) * 2_000_000),
                })
                .into(),
            over_90_finding: "Debt over 90 days old has risen for 4 months".into(),
            steps: steps
                .map(|(name, accounts, value, doing)| StepRow {
                    name: name.into(),
                    href: "/work".into(),
                    accounts,
                    value: Pence(value * 100_000),
                    doing,
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
            collectors: collectors
                .map(|(name, patch, due_today, overdue, collected)| Collector {
                    name: name.into(),
                    href: "/work".into(),
                    patch: patch.into(),
                    due_today,
                    overdue,
                    collected: Pence(collected * 100_000),
                    goal: Pence(12_000_000),
                })
                .into(),
            ..empty()
        }
    }
}
