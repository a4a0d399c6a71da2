//! For administrators and auditors: users with their roles, and the audit trail with its chain.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDateTime;

fn when(at: &NaiveDateTime) -> Html {
    ui::date(at.date()).and(ui::time_of_day(at.time()))
}

/// The users.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Users {
    /// The frame.
    pub frame: Frame,
    /// The rows.
    pub rows: Vec<UserRow>,
}

/// One user.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// User name.
    pub user: String,
    /// Name.
    pub name: String,
    /// Roles in words.
    pub roles: String,
    /// Limits in words; may be empty.
    pub limits: String,
    /// Last sign-in.
    pub last_seen: Option<NaiveDateTime>,
    /// Duties that should not lie in one hand; may be empty.
    pub conflict: String,
    /// Its state.
    pub state: ui::Tag,
}

impl Users {
    /// The heading.
    pub fn heading(&self) -> String {
        "Users and roles".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = UserRow {
            user: "priya".into(),
            name: "Priya Nair".into(),
            roles: "Credit controller".into(),
            limits: "Credit notes to £500.00".into(),
            last_seen: super::sampled::on(2026, 11, 19).and_hms_opt(8, 1, 0),
            conflict: "Raises and approves credit notes".into(),
            state: ui::tag("In use", ui::TagColour::Green),
        };
        vec![(
            "full",
            Self {
                frame: Frame::sample(""),
                rows: vec![row],
            },
        )]
    }
}

impl Plain for Users {
    fn body(&self) -> Html {
        let rows = self.rows.iter().map(|row| {
            let name = Html::from(&row.name).and(ui::sub_line(&row.user));
            let roles = Html::from(&row.roles);
            let roles = if row.conflict.is_empty() {
                roles
            } else {
                roles.and(ui::cell_error(&row.conflict))
            };
            ui::row()
                .cell(name)
                .cell(roles)
                .cell(ui::or_dash(&row.limits))
                .cell(row.last_seen.as_ref().map(when))
                .cell(&row.state)
        });
        ui::table("Users")
            .columns([
                ui::col("Name"),
                ui::col("Roles"),
                ui::col("Limits"),
                ui::col("Last sign-in"),
                ui::col("State"),
            ])
            .rows(rows)
            .into()
    }
}

/// The audit trail.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Audit {
    /// The frame.
    pub frame: Frame,
    /// What was searched for.
    pub find: String,
    /// Whether the chain holds; none before it was checked.
    pub chain: Option<(bool, String)>,
    /// The rows, newest first.
    pub rows: Vec<AuditRow>,
    /// This page and how many there are.
    pub page: (u32, u32),
}

/// One row of the trail.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: NaiveDateTime,
    /// Who.
    pub who: String,
    /// What: the event.
    pub event: String,
    /// About what: words and address; the address may be empty.
    pub about: (String, String),
    /// Before and after, or other facts.
    pub detail: String,
    /// The first letters of its hash.
    pub hash: String,
}

impl Audit {
    /// The heading.
    pub fn heading(&self) -> String {
        "Audit trail".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = AuditRow {
            at: super::sampled::on(2026, 11, 19)
                .and_hms_opt(8, 1, 0)
                .expect("a time that exists"),
            who: "Priya Nair".into(),
            event: "Promise recorded".into(),
            about: ("C103316".into(), "/customers/C103316".into()),
            detail: "£450.00 by 27 November 2026".into(),
            hash: "9f2ac1".into(),
        };
        let page = |chain, rows| Self {
            frame: Frame::sample(""),
            find: String::new(),
            chain,
            rows,
            page: (1, 40),
        };
        vec![
            (
                "full",
                page(Some((true, "18,306 rows, unbroken".to_owned())), vec![row.clone()]),
            ),
            (
                "broken",
                page(Some((false, "Row 211 does not match".to_owned())), vec![row]),
            ),
            ("empty", page(None, Vec::new())),
        ]
    }
}

impl Plain for Audit {
    fn body(&self) -> Html {
        let chain = self.chain.as_ref().map(|(holds, words)| {
            let verdict = if *holds { ui::Verdict::Passed } else { ui::Verdict::Fix };
            Html::from(ui::checks([(verdict, words.as_str())]))
        });
        let check = ui::post_form(
            "/audit/verify",
            self.frame.tokens("verify"),
            ui::button("Verify the chain").secondary(),
        );
        let filter = ui::filters("/audit")
            .field(ui::input("find", "Who, event or reference", &self.find).width(20))
            .clear("/audit");
        let top = Html::from(check).and(chain.unwrap_or_default()).and(filter);
        if self.rows.is_empty() {
            return top.and(ui::empty("Nothing matches", "No event has this in it."));
        }
        let rows = self.rows.iter().map(|row| {
            let (words, href) = &row.about;
            let about = if href.is_empty() {
                Html::from(words)
            } else {
                ui::link(href, words)
            };
            ui::row()
                .cell(&row.event)
                .cell(when(&row.at))
                .cell(&row.who)
                .cell(about)
                .cell(&row.detail)
                .cell(&row.hash)
        });
        let table = ui::table("Events, newest first")
            .columns([
                ui::col("Event"),
                ui::col("When"),
                ui::col("Who"),
                ui::col("About"),
                ui::col("Detail"),
                ui::col("Hash"),
            ])
            .rows(rows);
        let (page, pages) = self.page;
        top.and(table)
            .and(ui::pagination(page, pages, format!("/audit?find={}&page=", self.find)))
    }
}
