//! Payment plans: the list, and one with its strip of instalments, what it covers, its versions and what happened.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, StripPart, Tag};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// A plan in a list.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Number.
    pub number: String,
    /// Account and name.
    pub customer: (String, String),
    /// Where it stands.
    pub stands: Tag,
    /// What it covers.
    pub total: Pence,
    /// Paid.
    pub paid: Pence,
    /// Behind.
    pub behind: Pence,
    /// The next instalment, and what is left of it.
    pub next: Option<(NaiveDate, Pence)>,
    /// Day of the last.
    pub last_on: NaiveDate,
    /// How it is paid.
    pub method: String,
}

/// The table of some plans; with the customer where they are not one customer's.
pub fn plan_table(caption: &str, rows: &[PlanRow], with_customer: bool) -> Html {
    let lines = rows.iter().map(|one| {
        let row = ui::row().cell(ui::link(format!("/plans/{}", one.number), &one.number));
        let row = match with_customer {
            true => row.cell(ui::link(format!("/customers/{}", one.customer.0), &one.customer.1)),
            false => row,
        };
        let next =
            one.next.map_or_else(|| Html::from("–"), |(day, left)| ui::date(day).and(ui::sub_line(ui::money(left))));
        row.cell(&one.stands)
            .cell(one.total)
            .cell(one.paid)
            .cell(one.behind)
            .cell(next)
            .cell(one.last_on)
            .cell(&one.method)
    });
    let mut heads = vec![ui::col("Plan").nowrap()];
    if with_customer {
        heads.push(ui::col("Customer"));
    }
    heads.extend([
        ui::col("State"),
        ui::num("Total"),
        ui::num("Paid"),
        ui::num("Behind"),
        ui::col("Next").nowrap(),
        ui::col("Last").nowrap(),
        ui::col("Paid by"),
    ]);
    ui::table(caption).columns(heads).rows(lines).into()
}

/// All plans.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Plans {
    /// The frame.
    pub frame: Frame,
    /// Views: name, address, whether it is this one.
    pub views: Vec<(String, String, bool)>,
    /// Newest first.
    pub rows: Vec<PlanRow>,
    /// Address of the next page; empty for none.
    pub next: String,
    /// Whether the reader may see how the plans of each week came about.
    pub weeks: bool,
}

impl Plans {
    /// The heading.
    pub fn heading(&self) -> String {
        "Payment plans".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let views = |chosen: usize| {
            let names = ["Behind", "Running", "Waiting for approval", "Ended", "All"];
            let one = |(n, name): (usize, &str)| (name.to_owned(), format!("/plans?view={n}"), n == chosen);
            names.into_iter().enumerate().map(one).collect()
        };
        let page =
            |rows| Self { frame: Frame::sample("Worklist"), views: views(0), rows, next: String::new(), weeks: true };
        vec![("full", page(vec![sample_row()])), ("empty", page(Vec::new()))]
    }
}

#[cfg(test)]
pub(super) fn sample_row() -> PlanRow {
    use super::sampled::on;
    PlanRow {
        number: "PLAN-000012".into(),
        customer: ("C103316".into(), "Joyce Pemberton".into()),
        stands: ui::tag("Missed", ui::TagColour::Red),
        total: Pence(100_000),
        paid: Pence(8_337),
        behind: Pence(8_333),
        next: Some((on(2026, 11, 1), Pence(8_333))),
        last_on: on(2027, 9, 1),
        method: "Standing order".into(),
    }
}

impl Plans {
    /// An empty view: whether that is good, and what to do next.
    fn none(&self) -> Html {
        let view = self.views.iter().find(|(.., current)| *current).map_or("", |(name, ..)| name.as_str());
        let running = || ui::link("/plans?view=running", "Look at the plans that run");
        let (title, text, next) = match view {
            "Behind" => ("No plan is behind", "That is good: every plan that runs is paid as agreed.", running()),
            "Waiting for approval" => (
                "No plan waits for approval",
                "A plan beyond what its clerk may grant waits here for a yes.",
                running(),
            ),
            "Broken" => {
                ("No plan is broken", "A plan that is not paid as agreed ends here after its grace.", running())
            }
            _ => {
                let find = ui::link("/customers", "Find a customer");
                ("There are no plans here", "A plan is set up from the account of its customer.", find)
            }
        };
        ui::empty(title, text).action(next).into()
    }
}

impl Plain for Plans {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/customers", "Customers")]).into()
    }

    fn actions(&self) -> Html {
        let policy = Html::from(ui::link_button("Policy", "/plans/settings").secondary());
        match self.weeks {
            true => policy.and(ui::link_button("Week by week", "/plans/weeks").secondary()),
            false => policy,
        }
    }

    fn body(&self) -> Html {
        let views = self
            .views
            .iter()
            .fold(ui::sub_navigation("Which plans"), |list, (name, href, current)| list.place(name, href, *current));
        if self.rows.is_empty() {
            return Html::from(views).and(self.none());
        }
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        Html::from(views).and(plan_table("Payment plans, newest first", &self.rows, true)).and(ui::para(next))
    }
}

/// A version of a plan.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// Version.
    pub version: i64,
    /// What was done.
    pub what: String,
    /// Why.
    pub reason: String,
    /// When.
    pub on: NaiveDate,
    /// Who.
    pub by: String,
    /// The letter with its schedule.
    pub letter: String,
    /// How many instalments, and their sum.
    pub parts: (i64, Pence),
}

/// A plan.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlanView {
    /// The frame.
    pub frame: Frame,
    /// The plan in a line.
    pub row: PlanRow,
    /// Key and value of what is known of it.
    pub facts: Vec<(String, String)>,
    /// Others who owe it: account and name.
    pub others: Vec<(String, String)>,
    /// Still to come, or never paid of one that has ended.
    pub balance: Pence,
    /// Whether nothing is asked for any more.
    pub ended: bool,
    /// A month's worth of its usual instalment.
    pub monthly: Pence,
    /// The instalments.
    pub strip: Vec<StripPart>,
    /// Number, due day, service, share, open of what it covers.
    pub covers: Vec<(String, NaiveDate, String, Pence, Pence)>,
    /// Versions, newest first.
    pub versions: Vec<VersionLine>,
    /// What happened, newest first: day, words, who.
    pub happened: Vec<(NaiveDate, String, String)>,
    /// What is to be known first: a sentence; empty for nothing.
    pub warning: String,
    /// Buttons: words and address.
    pub acts: Vec<(String, String)>,
    /// The budget it rests on: key and value; empty for none, or for those who may not read it.
    pub budget: Vec<(String, String)>,
}

impl PlanView {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Payment plan {}", self.row.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let states = ["paid", "missed", "due", "to_come", "part_paid", "frozen", "to_come", "to_come"];
        let strip = |count: usize, states: &[&str]| -> Vec<StripPart> {
            let part = |(n, state): (usize, &&str)| {
                let day = on(2026, 10, 1) + chrono::Months::new(u32::try_from(n).unwrap_or(0));
                let amount = Pence(if n == 0 { 8_337 } else { 8_333 });
                let paid = if *state == "part_paid" { Pence(2_000) } else { Pence::ZERO };
                ui::strip_part(day, amount, paid, state)
            };
            states.iter().cycle().take(count).enumerate().map(part).collect()
        };
        let page = |count, warning: &str| Self {
            frame: Frame::sample("Customers"),
            row: sample_row(),
            facts: vec![
                ("Agreed".into(), "1 September 2026 with Joyce Pemberton, on the telephone".into()),
                ("How it is paid".into(), "Standing order, every month".into()),
                ("Looked at again".into(), "1 March 2027".into()),
            ],
            others: vec![("C103317".into(), "Alun Pemberton".into())],
            balance: Pence(91_663),
            ended: false,
            monthly: Pence(8_333),
            strip: strip(count, &states),
            covers: vec![
                ("INV-20691".into(), on(2026, 8, 30), "Home care".into(), Pence(60_000), Pence(51_663)),
                ("INV-20745/2".into(), on(2026, 9, 30), "Home care".into(), Pence(40_000), Pence(40_000)),
            ],
            versions: vec![VersionLine {
                version: 1,
                what: "Agreed".into(),
                reason: "Works part time now".into(),
                on: on(2026, 9, 1),
                by: "Priya Nair".into(),
                letter: "LTR-000104".into(),
                parts: (12, Pence(100_000)),
            }],
            happened: vec![
                (
                    on(2026, 11, 9),
                    "Missed. £83.33 behind since 1 November 2026. Letter LTR-000131".into(),
                    "Runs".into(),
                ),
                (on(2026, 9, 1), "Granted. The debt is acknowledged.".into(), "Priya Nair".into()),
            ],
            warning: warning.to_owned(),
            acts: vec![
                ("Change the plan".into(), "/plans/PLAN-000012/change".into()),
                ("Record a review".into(), "/plans/PLAN-000012/review".into()),
                ("End the plan".into(), "/plans/PLAN-000012/end".into()),
            ],
            budget: vec![
                ("Income".into(), "£1,420.00 a month".into()),
                ("Costs".into(), "£1,238.50".into()),
                ("Left".into(), "£163.35".into()),
                ("Offer to us".into(), "£40.83".into()),
            ],
        };
        let mut waits = page(3, "It waits for approval APP-000007: it begins when somebody else has said yes.");
        waits.row.stands = ui::tag("Waits for approval", ui::TagColour::Yellow);
        waits.others.clear();
        let mut ended = page(6, "");
        ended.row.stands = ui::tag("Broken", ui::TagColour::Red);
        ended.row.next = None;
        ended.ended = true;
        ended.strip = strip(6, &["paid", "missed", "missed", "ended", "ended", "ended"]);
        ended.acts.clear();
        vec![("behind", page(12, "")), ("waiting", waits), ("long", page(60, "")), ("ended", ended)]
    }

    fn known(&self) -> Html {
        let row = &self.row;
        let mut list = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", row.customer.0), &row.customer.1))
            .fact("State", &row.stands);
        if !self.others.is_empty() {
            let others = self.others.iter().map(|(account, name)| ui::link(format!("/customers/{account}"), name));
            list = list.fact("Owed with them by", ui::parts(others));
        }
        let known = Html::from(self.facts.iter().fold(list, |list, (key, value)| list.fact(key, value)));
        if self.budget.is_empty() {
            return known;
        }
        let budget = self.budget.iter().fold(ui::summary_list(), |list, (key, value)| list.fact(key, value));
        known.and(ui::boxed("The budget", budget))
    }

    fn figures(&self) -> Html {
        let row = &self.row;
        let next = row.next.map_or_else(
            || ui::figure("Next instalment", Some("–".into())),
            |(day, left)| {
                ui::figure("Next instalment", Some(ui::money(left))).note(day.format("%-d %B %Y").to_string())
            },
        );
        ui::figures([
            ui::figure("Plan", Some(ui::money(row.total))).note(format!("{} a month", ui::money(self.monthly))),
            ui::figure("Paid", Some(ui::money(row.paid))),
            ui::figure("Behind", Some(ui::money(row.behind))).bad(row.behind > Pence::ZERO),
            ui::figure(if self.ended { "Not paid" } else { "To come" }, Some(ui::money(self.balance))),
            next,
        ])
        .into()
    }

    fn covered(&self) -> Html {
        let rows = self.covers.iter().map(|(number, due, service, share, open)| {
            ui::row()
                .cell(ui::link(crate::web::door::invoice_at(number), number))
                .cell(ui::or_dash(service))
                .cell(*due)
                .cell(*share)
                .cell(*open)
        });
        let heads = [
            ui::col("Invoice").nowrap(),
            ui::col("Service"),
            ui::col("Due").nowrap(),
            ui::num("In the plan"),
            ui::num("Open"),
        ];
        Html::from(ui::table("What the plan covers").show_caption().columns(heads).rows(rows))
            .and(ui::muted("Ages count from the due day of each invoice, plan or none."))
    }

    fn history(&self) -> Html {
        let versions = self.versions.iter().map(|one| {
            let letter = match one.letter.as_str() {
                "" => Html::from("–"),
                letter => ui::link(format!("/letters/{letter}.pdf"), letter),
            };
            let parts = format!("{}, {}", ui::count_of(one.parts.0, "instalment", "instalments"), one.parts.1);
            ui::row()
                .cell(one.version.to_string())
                .cell(Html::from(&one.what).and(ui::sub_line(&one.reason)))
                .cell(one.on)
                .cell(&one.by)
                .cell(parts)
                .cell(letter)
        });
        let heads = [
            ui::col("Version"),
            ui::col("What"),
            ui::col("On").nowrap(),
            ui::col("By"),
            ui::col("Instalments"),
            ui::col("Letter").nowrap(),
        ];
        let versions = ui::table("Versions").show_caption().columns(heads).rows(versions);
        let rows = self.happened.iter().map(|(on, words, by)| ui::row().cell(*on).cell(words).cell(by));
        let heads = [ui::col("On").nowrap(), ui::col("What happened"), ui::col("By")];
        Html::from(versions).and(ui::table("What happened").show_caption().columns(heads).rows(rows))
    }
}

impl Plain for PlanView {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/plans".to_owned(), "Payment plans".to_owned()),
            (format!("/customers/{}/plans", self.row.customer.0), self.row.customer.1.clone()),
        ])
        .into()
    }

    fn actions(&self) -> Html {
        let buttons = self.acts.iter().map(|(words, href)| ui::link_button(words, href).secondary());
        buttons.fold(Html::default(), |all, button| all.and(button))
    }

    fn body(&self) -> Html {
        let warning = match self.warning.as_str() {
            "" => Html::default(),
            words => ui::alert(ui::AlertKind::Warning, words).into(),
        };
        let label = format!("Instalments of {}", self.row.number);
        let left = Html::from(ui::heading("Instalments"))
            .and(ui::instalment_strip(label, self.strip.clone()))
            .and(self.covered());
        warning.and(self.figures()).and(ui::grid([(8, left), (4, self.known())])).and(self.history())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pln_01_an_instalment_that_a_plan_covers_leads_to_its_page() {
        let (_, plan) = PlanView::samples().into_iter().next().expect("a sample");
        let covered = plan.covered();
        assert!(covered.as_str().contains("/billing/invoices/INV-20745%2F2\""), "{covered}");
    }
}
