//! The frame of a visitor's page: the rooms they may open, and what waits for them there.
use super::server::Doors;
use super::visitor::Visitor;
use crate::web::ui::{Frame, Home, NavItem, SignedIn};
use sundry_desk::Mode;
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_domain::control::Duty;

/// A room of the bar: its name, its address, and whose work it is. Others may open some of them, but do not live there.
const ROOMS: &[(&str, &str, &[Duty])] = &[
    ("Dashboard", "/dashboard", &[Duty::View]),
    ("Worklist", "/work", &[Duty::WorkCases]),
    ("Customers", "/customers", &[Duty::View]),
    ("Billing", "/billing", &[Duty::RaiseInvoice, Duty::ProposeCredit]),
    ("Cash", "/cash", &[Duty::PostCash, Duty::ReleasePaymentFile]),
    ("Queries", "/queries", &[Duty::AnswerQueries]),
    ("Recovery", "/recovery", &[Duty::WorkCases, Duty::ReleaseRuns]),
    (
        "Approvals",
        "/approvals",
        &[Duty::ApproveCredit, Duty::ApproveWriteOff, Duty::ApproveRefund, Duty::ProposeCredit],
    ),
    ("Reports", "/reports", &[Duty::RunReports]),
    ("Close", "/close", &[Duty::ClosePeriods, Duty::PostJournals]),
    ("Audit", "/audit", &[Duty::ReadAudit]),
    ("Admin", "/admin", &[Duty::ManageUsers, Duty::ManageSettings]),
];

impl Doors {
    /// The frame of a page in a room, read now.
    pub async fn frame(&self, visitor: &Visitor, room: &str) -> Frame {
        let (organisation, waiting) = self.read(visitor).await;
        let may = |duties: &[Duty]| duties.iter().any(|d| visitor.actor.holds(*d));
        let nav = ROOMS.iter().filter(|(_, _, duties)| may(duties)).map(|(text, href, _)| NavItem {
            text: (*text).to_owned(),
            href: (*href).to_owned(),
            current: *text == room,
            waiting: waiting.iter().find(|(name, _)| name == text).map_or(0, |(_, count)| *count),
            urgent: *text == "Approvals",
        });
        let now = self.desk.clock().now().with_timezone(&chrono_tz::Europe::London).time();
        let role = visitor.actor.roles.iter().map(|r| r.name().to_lowercase()).collect::<Vec<_>>().join(", ");
        Frame {
            organisation,
            home: match self.desk.mode() {
                Mode::Live => Home::Live,
                Mode::Training => Home::Training,
                Mode::Demo | Mode::Test => Home::Demo,
            },
            signed_in: Some(SignedIn { name: visitor.actor.name.clone(), role }),
            nav: nav.collect(),
            reach: self.pages.iter().filter(|row| row.opens_for(&visitor.actor)).map(|row| row.path).collect(),
            read_at: Some(self.desk.today().and_time(now)),
            csrf: visitor.csrf.clone(),
            form_key: hex(&random_bytes::<12>()),
            alert: visitor.news.as_deref().map(|news| crate::web::ui::alert(crate::web::ui::AlertKind::Success, news)),
            small_rows: visitor.small_rows,
            ..Frame::default()
        }
    }

    /// The name of the organisation, and what waits for the visitor by room; what cannot be read is not shown.
    async fn read(&self, visitor: &Visitor) -> (String, Vec<(&'static str, i64)>) {
        let Ok(mut look) = self.desk.look().await else {
            return (String::new(), Vec::new());
        };
        let row = sundry_store::control::organisation(&mut look, visitor.actor.org).await.ok().flatten();
        let mut counts = Vec::new();
        if let Ok(count) = sundry_store::control::approvals_waiting(&mut look, visitor.actor.org).await {
            counts.push(("Approvals", count));
        }
        (row.map(|row| row.name).unwrap_or_default(), counts)
    }
}
