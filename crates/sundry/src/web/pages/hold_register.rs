//! The hold register with its week, and the call list.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use sundry_desk::recovery::people::{CallList, HoldRegister, HoldWeek};
use sundry_domain::money::Pence;
use sundry_domain::recovery::HoldReason;
use sundry_domain::words::counted;

/// What the register may be narrowed to.
const KINDS: [(&str, &str); 5] =
    [("", "All"), ("hold", "Holds"), ("query", "Queries"), ("freeze", "Cases"), ("flag", "Flags")];

/// A reason of a hold, for people.
fn reason_words(reason: &str) -> String {
    HoldReason::parse(reason).map_or_else(|| reason.replace('_', " "), |reason| reason.name().to_owned())
}

/// The register.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Register {
    /// The frame.
    pub frame: Frame,
    /// hold, query, freeze, flag or empty for all.
    pub what: String,
    /// Only this owner's, as typed.
    pub owner: String,
    /// The register.
    pub register: HoldRegister,
}

impl Register {
    /// The heading.
    pub fn heading(&self) -> String {
        "Hold register".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_desk::recovery::people::Stop;
        let day = |month, day| super::sampled::on(2026, month, day);
        let stop = |reason: &str, debt: &str, expired| Stop {
            row: sundry_store::people::register::StopRow {
                what: "hold".into(),
                id: 7,
                number: String::new(),
                customer_id: 1,
                customer_number: "C103316".into(),
                customer_name: "Joyce Pemberton".into(),
                item_id: Some(1),
                item_number: debt.into(),
                reason: "complaint".into(),
                words: "Stage 1, answered by 26 November".into(),
                owner: "Priya Nair".into(),
                from_on: day(11, 5),
                until_on: if expired { Some(day(11, 18)) } else { None },
                risk_pence: 24_000,
            },
            reason_name: reason.into(),
            expired,
            days: 14,
        };
        let register = |stops: Vec<Stop>| HoldRegister {
            day: day(11, 19),
            risk_pence: 24_000 * stops.len() as i64,
            by_reason: vec![("Complaint".into(), stops.len() as i64, 48_000)],
            open_ended: 1,
            expired: 1,
            stops,
        };
        let page =
            |register| Self { frame: Frame::sample("Recovery"), what: String::new(), owner: String::new(), register };
        let two = vec![stop("Complaint", "INV-7104211", true), stop("Legal", "", false)];
        let mut none_of_theirs = page(register(Vec::new()));
        none_of_theirs.owner = "Priya & Tom".into();
        vec![("full", page(register(two))), ("empty", page(register(Vec::new()))), ("narrowed", none_of_theirs)]
    }
}

impl Plain for Register {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery")]).into()
    }

    fn actions(&self) -> Html {
        let (what, owner) = (&self.what, &self.owner);
        let owner = crate::web::door::form_encode(owner);
        let files = ui::downloads(|kind| format!("/recovery/holds?what={what}&owner={owner}&format={kind}"));
        if self.frame.opens("/recovery/holds/week") {
            return Html::from(ui::link_button("This week", "/recovery/holds/week").secondary()).and(files);
        }
        files
    }

    fn body(&self) -> Html {
        let tabs = KINDS.iter().fold(ui::sub_navigation("What stops recovery"), |tabs, (what, words)| {
            tabs.place(*words, format!("/recovery/holds?what={what}"), *what == self.what)
        });
        let filter = ui::filters("/recovery/holds")
            .field(ui::hidden("what", &self.what))
            .field(ui::input("owner", "Owner", &self.owner).width(20))
            .verb("Show");
        let head = Html::from(tabs).and(filter);
        if self.register.stops.is_empty() {
            let narrowed = !self.what.is_empty() || !self.owner.is_empty();
            let nothing = match narrowed {
                true => {
                    ui::empty("Nothing of this kind", "Something else may be held back, or somebody else may hold it.")
                        .action(ui::link("/recovery/holds", "Show everything that is held back"))
                }
                false => ui::empty("Nothing is held back", "Everything that is owed may be asked for."),
            };
            return head.and(nothing);
        }
        let figures = ui::figures([
            ui::figure("At risk", Some(ui::money_short(Pence(self.register.risk_pence))))
                .note("Each debt counted once"),
            ui::figure("Lines", Some(ui::number(self.register.stops.len() as i64))),
            ui::figure("Without a last day", Some(ui::number(self.register.open_ended))),
            ui::figure("Have run out", Some(ui::number(self.register.expired)))
                .note("They come back with the next run")
                .bad(self.register.expired > 0),
        ]);
        head.and(figures).and(self.lines()).and(self.reasons())
    }
}

impl Register {
    fn lines(&self) -> Html {
        let rows = self.register.stops.iter().map(|one| {
            let row = &one.row;
            let debt = if row.item_number.is_empty() { "Whole account" } else { row.item_number.as_str() };
            let why = match (row.what.as_str(), row.number.as_str()) {
                ("query", number) => ui::link(format!("/queries/{number}"), &one.reason_name),
                ("hold", number) if !number.is_empty() => ui::link(format!("/plans/{number}"), &one.reason_name),
                ("freeze", number) => ui::link(format!("/recovery/cases/{number}"), &one.reason_name),
                _ => Html::from(&one.reason_name),
            };
            let why = if row.words.is_empty() { why } else { why.and(ui::sub_line(&row.words)) };
            let until = match (row.until_on, one.expired) {
                (None, _) => Html::from("Not known"),
                (Some(on), true) => ui::date(on).and(ui::sub_line(ui::tag("Has run out", TagColour::Yellow))),
                (Some(on), false) => ui::date(on),
            };
            ui::row()
                .cell(ui::link(format!("/customers/{}", row.customer_number), &row.customer_name))
                .cell(debt)
                .cell(why)
                .cell(ui::or_dash(&row.owner))
                .cell(ui::date(row.from_on))
                .cell(until)
                .cell(Pence(row.risk_pence))
        });
        ui::table("What stops recovery, what runs out first at the top")
            .columns([
                ui::col("Customer"),
                ui::col("Debt"),
                ui::col("Why"),
                ui::col("Owner"),
                ui::col("Since"),
                ui::col("Until"),
                ui::num("At risk"),
            ])
            .rows(rows)
            .into()
    }

    fn reasons(&self) -> Html {
        let rows = self
            .register
            .by_reason
            .iter()
            .map(|(reason, count, pence)| ui::row().cell(reason).cell(ui::number(*count)).cell(Pence(*pence)));
        ui::table("By reason; a debt stands under each of its reasons")
            .columns([ui::col("Reason"), ui::num("Lines"), ui::num("At risk")])
            .rows(rows)
            .show_caption()
            .into()
    }
}

/// A week of holds.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Week {
    /// The frame.
    pub frame: Frame,
    /// The week.
    pub week: HoldWeek,
    /// The Monday before, and the one after.
    pub beside: (String, String),
}

impl Week {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Holds, {} to {}", self.week.from.format("%-d %B"), self.week.to.format("%-d %B %Y"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = sundry_store::people::register::WeekRow {
            reason: "complaint".into(),
            owner: "Priya Nair".into(),
            placed: 4,
            ended: 3,
            live: 12,
            open_ended: 2,
            soon: 5,
        };
        let page = |rows| Self {
            frame: Frame::sample("Recovery"),
            week: HoldWeek {
                from: super::sampled::on(2026, 11, 16),
                to: super::sampled::on(2026, 11, 22),
                rows,
                placed: 4,
                ended: 3,
                live: 12,
            },
            beside: ("2026-11-09".into(), "2026-11-23".into()),
        };
        vec![("full", page(vec![row])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Week {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery"), ("/recovery/holds", "Hold register")]).into()
    }

    fn actions(&self) -> Html {
        let at = |on: &str| format!("/recovery/holds/week?on={on}");
        let files = ui::downloads(|kind| format!("{}&format={kind}", at(&self.week.from.to_string())));
        Html::from(ui::link_button("Week before", at(&self.beside.0)).secondary())
            .and(ui::link_button("Week after", at(&self.beside.1)).secondary())
            .and(files)
    }

    fn body(&self) -> Html {
        if self.week.rows.is_empty() {
            let all = ui::link("/recovery/holds", "Show everything that is held back");
            let text = "None was placed, none ended, none was in force.";
            return ui::empty("No holds in this week", text).action(all).into();
        }
        let rows = self.week.rows.iter().map(|row| {
            ui::row()
                .cell(reason_words(&row.reason))
                .cell(ui::or_dash(&row.owner))
                .cell(ui::number(row.placed))
                .cell(ui::number(row.ended))
                .cell(ui::number(row.live))
                .cell(ui::number(row.open_ended))
                .cell(ui::number(row.soon))
        });
        let totals = [self.week.placed, self.week.ended, self.week.live].map(|n| Html::from(ui::number(n)));
        let [placed, ended, live] = totals;
        ui::table("Holds by reason and owner")
            .columns([
                ui::col("Reason"),
                ui::col("Owner"),
                ui::num("Placed"),
                ui::num("Ended"),
                ui::num("In force"),
                ui::num("Without a last day"),
                ui::num("Run out next week"),
            ])
            .rows(rows)
            .total([Html::from("Total"), Html::default(), placed, ended, live, Html::default(), Html::default()])
            .into()
    }
}

/// The call list.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Calls {
    /// The frame.
    pub frame: Frame,
    /// The list.
    pub list: CallList,
}

impl Calls {
    /// The heading.
    pub fn heading(&self) -> String {
        "Call list".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_desk::recovery::people::ToCall;
        let row = |number: &str, not_today: &str| ToCall {
            customer: number.into(),
            name: "Joyce Pemberton".into(),
            why: "Promised £120.00 and it did not come".into(),
            due_on: super::sampled::on(2026, 11, 16),
            overdue_pence: 48_000,
            contacts: 2,
            not_today: not_today.into(),
            from_on: None,
        };
        let page = |rows: Vec<ToCall>, quiet: &str| Self {
            frame: Frame::sample("Recovery"),
            list: CallList { count: 1, rows, quiet: quiet.into() },
        };
        let rows = vec![row("C103316", ""), row("C103317", "They asked not to be called")];
        vec![
            ("full", page(rows.clone(), "")),
            ("quiet", page(rows, "It is after 8pm; again from 8am on Tuesday 24 November 2026")),
            ("empty", page(Vec::new(), "")),
        ]
    }
}

impl Plain for Calls {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery")]).into()
    }

    fn body(&self) -> Html {
        if self.list.rows.is_empty() {
            return ui::empty(
                "Nobody is to be called",
                "Somebody is listed here when a call is booked, a promise is broken or a pathway asks for a call.",
            )
            .into();
        }
        let quiet = match self.list.quiet.as_str() {
            "" => Html::default(),
            why => ui::alert(ui::AlertKind::Warning, why).into(),
        };
        let rows = self.list.rows.iter().map(|one| {
            let who = ui::link(format!("/customers/{}", one.customer), &one.name);
            let call = match (one.not_today.as_str(), one.from_on) {
                ("", _) if self.frame.opens("/customers/{number}/call") => {
                    ui::link(format!("/customers/{}/call", one.customer), format!("Call {}", one.name))
                }
                ("", _) => Html::from("May be called"),
                (why, None) => Html::from("Not today").and(ui::sub_line(why)),
                (why, Some(on)) => Html::from("From ").and(ui::date(on)).and(ui::sub_line(why)),
            };
            ui::row()
                .cell(who)
                .cell(&one.why)
                .cell(ui::date(one.due_on))
                .cell(Pence(one.overdue_pence))
                .cell(counted(one.contacts, "contact"))
                .cell(call)
        });
        let table = ui::table("To be called, the largest first; after them who may not be called today")
            .columns([
                ui::col("Customer"),
                ui::col("Why"),
                ui::col("Since"),
                ui::num("Overdue"),
                ui::col("In 7 days"),
                ui::col("Call"),
            ])
            .rows(rows);
        quiet.and(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rec_04_an_empty_list_of_one_owner_does_not_say_that_nothing_is_held() {
        let of = |name: &str| Register::samples().into_iter().find(|(found, _)| *found == name).expect("a sample").1;
        assert!(of("empty").body().as_str().contains("Nothing is held back"));
        let narrowed = of("narrowed");
        assert!(!narrowed.body().as_str().contains("Nothing is held back"), "{}", narrowed.body());
        assert!(narrowed.actions().as_str().contains("owner=Priya%20%26%20Tom"), "{}", narrowed.actions());
    }
}
