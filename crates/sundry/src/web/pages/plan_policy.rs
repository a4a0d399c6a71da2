//! The policy on plans: who grants what, the least instalments, the days, and the site's own spending guidelines.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use std::collections::BTreeMap;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Approver, LineKind};

/// Who grants up to a limit; what is beyond the last is for the head of service.
pub const GRANTORS: [Approver; 3] = [Approver::Clerk, Approver::TeamLeader, Approver::Manager];
/// Spending that a guideline can be held against.
pub const GUIDED: &[LineKind] = &[LineKind::Communications, LineKind::Food, LineKind::Personal];
/// Amounts: field, label, hint.
pub const AMOUNTS: [(&str, &str, &str); 3] = [
    ("least_weekly", "Least instalment a week", "Less needs a budget that shows there is no more."),
    ("least_monthly", "Least instalment a month", "Less needs a budget that shows there is no more."),
    ("token_below", "Token payment below, a month", "The head of service grants a token payment."),
];
/// Days and months: field, label, hint, and what one and many are called.
pub const COUNTS: [(&str, &str, &str, &str, &str); 5] = [
    ("tolerance_days", "Days of grace", "After an instalment is due, before it counts as missed.", "day", "days"),
    ("cure_days", "Days to catch up", "After the letter about a missed instalment.", "day", "days"),
    ("break_days", "Days behind", "After these a plan can break without a second miss.", "day", "days"),
    ("review_months", "Months between reviews", "A token payment is reviewed every 3 months.", "month", "months"),
    ("business_months", "Months for a business", "A longer plan of a business is for a manager.", "month", "months"),
];
/// The share of savings.
pub const SAVINGS: (&str, &str, &str) =
    ("savings", "Savings not asked about, %", "Up to this share of what a month leaves.");

/// The policy, to read or to change.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlanPolicyPage {
    /// The frame.
    pub frame: Frame,
    /// What stands in each field, or was typed there.
    pub values: BTreeMap<String, String>,
    /// Lines for guidelines, empty ones too.
    pub lines: usize,
    /// Who changed it last, in words; empty where nobody is known.
    pub changed: String,
    /// Whether the reader changes it.
    pub may_change: bool,
}

impl PlanPolicyPage {
    /// The heading.
    pub fn heading(&self) -> String {
        "Policy on payment plans".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let values = [
            ("months-clerk", "6"),
            ("up_to-clerk", "1000.00"),
            ("months-team_leader", "12"),
            ("up_to-team_leader", "5000.00"),
            ("months-manager", "24"),
            ("up_to-manager", "20000.00"),
            ("least_weekly", "5.00"),
            ("least_monthly", "20.00"),
            ("token_below", "5.00"),
            ("tolerance_days", "7"),
            ("cure_days", "14"),
            ("break_days", "21"),
            ("review_months", "6"),
            ("business_months", "3"),
            ("savings", "10"),
            ("kind-1", "food"),
            ("adults-1", "1"),
            ("children-1", "0"),
            ("monthly-1", "300.00"),
        ];
        let values: BTreeMap<String, String> =
            values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let page = |frame| Self {
            frame,
            values: values.clone(),
            lines: 4,
            changed: "Changed last by Owen Hart on 2 November 2026.".into(),
            may_change: true,
        };
        let wrong = Frame::sample("Admin").wrong("tolerance_days", "Enter from 0 to 90 days");
        let reads = |lines| Self { may_change: false, lines, ..page(Frame::sample("Worklist")) };
        let first = Self { changed: String::new(), ..reads(0) };
        vec![("full", page(Frame::sample("Admin"))), ("error", page(wrong)), ("reader", reads(1)), ("first", first)]
    }

    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str, label: &str) -> ui::Input {
        ui::input(name, label, self.value(name)).width(4).input_mode("numeric").errors(&self.frame.errors)
    }

    fn pounds(&self, name: &str, label: &str) -> ui::Input {
        ui::amount_input(name, label, self.value(name)).errors(&self.frame.errors)
    }

    fn grants(&self) -> Html {
        let line = |all: Html, who: Approver| {
            let (code, name) = (who.as_str(), who.name());
            all.and(ui::row_of([
                self.number(&format!("months-{code}"), &format!("{name}: months at most")),
                self.pounds(&format!("up_to-{code}"), &format!("{name}: pounds at most")),
            ]))
        };
        let say = "Both hold. Leave both empty where somebody grants none. What is beyond the last is for the head of \
                   service, and so is a token payment and a plan after one that broke within a year.";
        GRANTORS.into_iter().fold(Html::from(ui::muted(say)), line)
    }

    fn guidelines(&self) -> Html {
        let kinds = || {
            let none = std::iter::once(("", "None"));
            none.chain(GUIDED.iter().map(|kind| (kind.as_str(), kind.name())))
        };
        let line = |all: Html, n: usize| {
            let kind = self.value(&format!("kind-{n}"));
            let spending = format!("Spending, line {n}");
            all.and(ui::row_of([
                Html::from(ui::select(format!("kind-{n}"), spending, kind, kinds()).errors(&self.frame.errors)),
                self.number(&format!("adults-{n}"), &format!("Adults, line {n}")).into(),
                self.number(&format!("children-{n}"), &format!("Children, line {n}")).into(),
                self.pounds(&format!("monthly-{n}"), &format!("A month, line {n}")).into(),
            ]))
        };
        let say = "Yours, under your own licence. Spending above one is said on the budget, not refused. Choose None \
                   to take a line away; more empty lines come once these are saved.";
        (1..=self.lines).fold(Html::from(ui::muted(say)), line)
    }

    fn form(&self) -> Html {
        let counts = COUNTS
            .iter()
            .fold(Html::default(), |all, (name, label, hint, ..)| all.and(self.number(name, label).hint(*hint)));
        let amounts = AMOUNTS
            .iter()
            .fold(Html::default(), |all, (name, label, hint)| all.and(self.pounds(name, label).hint(*hint)));
        let (name, label, hint) = SAVINGS;
        let savings = self.number(name, label).hint(hint);
        let left = Html::from(ui::panel("Who grants what", self.grants())).and(ui::panel("Instalments", amounts));
        let guidelines = self.guidelines().and(savings);
        let right = Html::from(ui::panel("Days and months", counts)).and(ui::panel("Spending guidelines", guidelines));
        let body = Html::from(ui::grid([(6, left), (6, right)])).and(ui::button("Save the policy"));
        ui::post_form("/plans/settings/change", self.frame.tokens("policy"), body).guarded().into()
    }

    fn read(&self) -> Html {
        let grants = GRANTORS.into_iter().map(|who| {
            let [months, up_to] = ["months", "up_to"].map(|name| self.value(&format!("{name}-{}", who.as_str())));
            let (months, up_to) = match months {
                "" => ("–".to_owned(), "–".to_owned()),
                months => (months.to_owned(), sum(up_to)),
            };
            ui::row().cell(who.name()).cell(months).cell(up_to)
        });
        let grants = ui::table("Who grants what")
            .show_caption()
            .columns([ui::col("Who"), ui::num("Months at most"), ui::num("Pounds at most")])
            .rows(grants);
        let say = "What is beyond the last is for the head of service, and so is a token payment and a plan after one \
                   that broke within a year.";
        let list =
            AMOUNTS.iter().fold(ui::summary_list(), |list, (name, label, _)| list.fact(*label, sum(self.value(name))));
        let list = COUNTS.iter().fold(list, |list, (name, label, _, one, many)| {
            let count: i64 = self.value(name).parse().unwrap_or_default();
            list.fact(*label, ui::count_of(count, one, many))
        });
        let list = list.fact(SAVINGS.1.trim_end_matches(", %"), format!("{}%", self.value(SAVINGS.0)));
        let left = Html::from(grants).and(ui::muted(say)).and(self.read_guidelines());
        ui::grid([(6, left), (6, Html::from(ui::boxed("Instalments, days and months", list)))]).into()
    }

    fn read_guidelines(&self) -> Html {
        if self.lines == 0 {
            return ui::empty("There are no spending guidelines", "Budgets are held against none until there are.")
                .into();
        }
        let rows = (1..=self.lines).map(|n| {
            let of = |name: &str| self.value(&format!("{name}-{n}")).to_owned();
            let kind = of("kind");
            let kind = LineKind::parse(&kind).map_or(kind, |kind| kind.name().to_owned());
            ui::row().cell(kind).cell(of("adults")).cell(of("children")).cell(sum(&of("monthly")))
        });
        ui::table("Spending guidelines")
            .show_caption()
            .columns([ui::col("Spending"), ui::num("Adults"), ui::num("Children"), ui::num("A month")])
            .rows(rows)
            .into()
    }
}

/// An amount of a field, as people read it.
fn sum(value: &str) -> String {
    Pence::parse(value).map_or_else(|| value.to_owned(), ui::money)
}

impl Plain for PlanPolicyPage {
    fn above(&self) -> Html {
        // Who keeps the settings sees no plans.
        match self.frame.opens("/plans") {
            true => ui::breadcrumbs([("/plans", "Payment plans")]).into(),
            false => ui::breadcrumbs([("/admin/settings", "Settings")]).into(),
        }
    }

    fn body(&self) -> Html {
        let changed = match self.changed.as_str() {
            "" => Html::default(),
            words => ui::muted(words).into(),
        };
        let keep = "Plans that run keep the days they were agreed with.";
        changed.and(ui::muted(keep)).and(if self.may_change { self.form() } else { self.read() })
    }
}
