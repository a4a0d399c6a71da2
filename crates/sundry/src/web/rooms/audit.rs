//! The audit trail, and the proof of its chain.
use super::about::{about, line};
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, page_number};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page};
use crate::web::pages::admin::{Audit, AuditRow};
use axum::extract::{Query, State};
use axum::routing::{get, post};
use chrono_tz::Europe::London;
use sundry_desk::control::audit_trail::{TrailPage, audit_trail};
use sundry_desk::ledger::verify::verify_by;
use sundry_domain::control::Duty;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;
use sundry_store::control::AuditRow as Event;

/// Rows a page.
const SIZE: i64 = 40;
/// The most rows in one file.
const FILE: i64 = 100_000;

/// The routes of the audit trail.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/audit", &[Duty::ReadAudit], get(view)).add("/audit/verify", &[Duty::ReadAudit], post(prove))
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (find, format) = (asked(&query, "find"), asked(&query, "format"));
    if wanted(format) {
        let trail = audit_trail(&doors.desk, &visitor.actor, find, 1, FILE).await?;
        return sheet(trail, find).file(format, &doors, &visitor);
    }
    show(&doors, &visitor, find, page_number(&query), None).await
}

async fn prove(State(doors): State<Shared>, visitor: Visitor, _posted: Posted) -> Answer {
    let proof = verify_by(&doors.desk, &visitor.actor).await?;
    let chain = proof.checks.iter().filter(|check| ["audit_chain", "signed_heads"].contains(&check.name.as_str()));
    let (mut holds, mut words) = (true, Vec::new());
    for check in chain {
        holds &= check.passed;
        words.push(check.figures.clone());
        words.extend(check.failures.iter().cloned());
    }
    let said = if holds { "The chain is unbroken" } else { "The chain is broken" };
    show(&doors, &visitor, "", 1, Some((holds, format!("{said}: {}.", words.join(", "))))).await
}

async fn show(doors: &Shared, visitor: &Visitor, find: &str, place: u32, chain: Option<(bool, String)>) -> Answer {
    let trail = audit_trail(&doors.desk, &visitor.actor, find, place, SIZE).await?;
    let pages = u32::try_from((trail.count + SIZE - 1) / SIZE).unwrap_or(1).max(1);
    let mut frame = doors.frame(visitor, "Audit").await;
    frame.help = "roles/auditor".into();
    // An administrator reads the trail, not the accounts.
    let reached = |(words, href): (String, String)| {
        let opens = frame.opens(&href);
        (words, if opens { href } else { String::new() })
    };
    let row = |event: Event| AuditRow {
        at: event.recorded_at.with_timezone(&London).naive_local(),
        who: event.actor_name,
        about: reached(about(&event.subject)),
        event: event.event,
        detail: line(&event.detail, trail.words.get(&event.seq).map(String::as_str)),
        hash: event.hash.chars().take(8).collect(),
    };
    let rows = trail.rows.into_iter().map(row).collect();
    page(&Audit { frame, find: find.to_owned(), chain, rows, page: (place.min(pages), pages) })
}

fn sheet(trail: TrailPage, find: &str) -> Sheet {
    let TrailPage { rows, words, .. } = trail;
    let cells = |event: Event| {
        let why = words.get(&event.seq).cloned().unwrap_or_default();
        vec![
            Cell::Whole(event.seq),
            Cell::Text(event.recorded_at.to_rfc3339()),
            Cell::Date(event.business_on),
            Cell::Text(event.actor_name),
            Cell::Text(event.channel),
            Cell::Text(event.event),
            Cell::Text(event.subject),
            Cell::Text(event.detail),
            Cell::Text(why),
            Cell::Text(event.hash),
        ]
    };
    let text = |name| (name, ColumnKind::Text);
    Sheet {
        title: "Audit trail",
        columns: vec![
            ("seq", ColumnKind::Whole),
            text("recorded_at"),
            ("business_on", ColumnKind::Date),
            text("who"),
            text("channel"),
            text("event"),
            text("subject"),
            text("detail"),
            text("why"),
            text("hash"),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: vec![("Find", find.to_owned())],
    }
}
