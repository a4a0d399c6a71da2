//! How the plans of each week came about: the figure of those that no staff touched.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_desk::plans::PlanWeek;

/// The plans of twelve weeks.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlanWeeks {
    /// The frame.
    pub frame: Frame,
    /// Newest first.
    pub weeks: Vec<PlanWeek>,
    /// A day of the newest, as the files ask for it.
    pub on: String,
}

fn share(week: &PlanWeek) -> String {
    week.untouched_permille.map_or_else(|| "–".to_owned(), ui::percent)
}

fn named(week: &PlanWeek) -> String {
    format!("{} to {}", week.from.format("%-d %B"), week.to.format("%-d %B %Y"))
}

impl PlanWeeks {
    /// The heading.
    pub fn heading(&self) -> String {
        "Plans, week by week".to_owned()
    }

    /// The last week that is over.
    fn last(&self) -> Html {
        let Some(week) = self.weeks.iter().find(|week| week.is_over) else { return Html::default() };
        let note = match week.agreed {
            0 => "No plan began".to_owned(),
            agreed => format!("{} of {}", share(week), ui::count_of(agreed, "plan", "plans")),
        };
        ui::figures([
            ui::figure("Set without staff", Some(ui::number(week.untouched))).note(note),
            ui::figure("Offered online, decided by us", Some(ui::number(week.offered))),
            ui::figure("Agreed by us", Some(ui::number(week.by_staff))),
        ])
        .into()
    }

    fn table(&self) -> Html {
        let rows = self.weeks.iter().map(|week| {
            let name: Html = match week.is_over {
                true => named(week).into(),
                false => Html::from(named(week)).and(ui::sub_line("So far")),
            };
            ui::row()
                .cell(name)
                .cell(ui::number(week.agreed))
                .cell(ui::number(week.untouched))
                .cell(share(week))
                .cell(ui::number(week.offered))
                .cell(ui::number(week.by_staff))
                .cell(ui::number(week.links))
        });
        ui::table("Twelve weeks, newest first")
            .show_caption()
            .columns([
                ui::col("Week"),
                ui::num("Plans that began"),
                ui::num("Set without staff"),
                ui::num("Share"),
                ui::num("Offered online, decided by us"),
                ui::num("Agreed by us"),
                ui::num("Links made"),
            ])
            .rows(rows)
            .into()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let week = |from, to, is_over, [untouched, offered, by_staff, links]: [i64; 4]| {
            let agreed = untouched + offered + by_staff;
            PlanWeek {
                from,
                to,
                is_over,
                links,
                agreed,
                untouched,
                untouched_permille: sundry_domain::plans::online::share_untouched(untouched, agreed),
                offered,
                by_staff,
            }
        };
        let weeks = |counts: [[i64; 4]; 3]| {
            let [now, last, before] = counts;
            vec![
                week(on(2026, 11, 16), on(2026, 11, 22), false, now),
                week(on(2026, 11, 9), on(2026, 11, 15), true, last),
                week(on(2026, 11, 2), on(2026, 11, 8), true, before),
            ]
        };
        let page = |counts| Self { frame: Frame::sample("Customers"), weeks: weeks(counts), on: "2026-11-19".into() };
        let some = [[1, 0, 3, 4], [4, 1, 7, 9], [0, 0, 0, 1]];
        vec![("full", page(some)), ("empty", page([[0; 4]; 3]))]
    }
}

impl Plain for PlanWeeks {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/customers", "Customers"), ("/plans", "Payment plans")]).into()
    }

    fn actions(&self) -> Html {
        ui::downloads(|kind| format!("/plans/weeks?on={}&format={kind}", self.on))
    }

    fn body(&self) -> Html {
        let heading = self.weeks.iter().find(|week| week.is_over).map(named).unwrap_or_default();
        let says = "Without staff: the customer chose the plan by a link, and it was granted at once. Making the link does not count, and \
                    what happens to the plan later does not either. A plan counts in the week in which it began.";
        Html::from(ui::heading(format!("The last whole week: {heading}")))
            .and(self.last())
            .and(ui::para(says))
            .and(self.table())
    }
}
