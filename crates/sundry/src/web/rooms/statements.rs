//! Statements on demand: a preview of who gets one, then a job that writes them.
use super::form::{Asked, again, amount_field, asked, onto, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other};
use crate::web::pages::statements::{Seen, Statements};
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_desk::recovery::{StatementsAsk, StatementsPreview, preview_statements};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// Who may look at what would be written.
const LOOK: &[Duty] = &[Duty::ReleaseRuns, Duty::RaiseInvoice, Duty::WorkCases, Duty::ReadAudit];

/// The routes of statements.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/delivery/statements", LOOK, get(view).post(send))
}

async fn blank(doors: &Shared, visitor: &Visitor, typed: (&str, &str)) -> (Statements, StatementsAsk) {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/delivery".into();
    let at_least_pence = amount_field(&mut frame, "at_least", typed.0).unwrap_or(Pence::ZERO);
    let split = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let accounts = typed.1.split(split).filter(|one| !one.is_empty()).map(str::to_uppercase).collect();
    let shown = Statements {
        frame,
        at_least: typed.0.to_owned(),
        accounts: typed.1.to_owned(),
        seen: None,
        may_send: visitor.actor.holds(Duty::ReleaseRuns),
    };
    (shown, StatementsAsk { at_least_pence, accounts })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (mut shown, ask) = blank(&doors, &visitor, (asked(&query, "at_least"), asked(&query, "accounts"))).await;
    if !shown.frame.errors.is_empty() {
        return again(&shown);
    }
    match look(&doors, &visitor, &ask).await {
        Ok(seen) => {
            shown.seen = Some(seen);
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn look(doors: &Shared, visitor: &Visitor, ask: &StatementsAsk) -> Result<Seen, No> {
    let found: StatementsPreview = preview_statements(&doors.desk, &visitor.actor, ask).await?;
    let kept = found
        .kept_back
        .into_iter()
        .map(|one| (one.customer_number, one.customer_name, one.refusal.sentence, one.refusal.code));
    let row = |one: sundry_desk::recovery::StatementPlanned| {
        (one.number, one.name, plain(&one.way), Pence(one.balance_pence))
    };
    Ok(Seen {
        count: found.count,
        total: Pence(found.total_pence),
        ways: found.ways.iter().map(|(way, count)| (plain(way), *count)).collect(),
        without: found.without,
        kept_total: found.refused.values().sum(),
        kept: kept.collect(),
        rows: found.rows.into_iter().map(row).collect(),
    })
}

async fn send(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let (mut shown, ask) = blank(&doors, &visitor, (posted.get("at_least"), posted.get("accounts"))).await;
    if !shown.frame.errors.is_empty() {
        return again(&shown);
    }
    // What is wrong is said here, not by the job.
    if let Err(no) = look(&doors, &visitor, &ask).await {
        let status = onto(&mut shown.frame, no, &[])?;
        return page_with(status, &shown);
    }
    let request = serde_json::to_value(&ask).map_err(No::from).map_err(Trouble)?;
    let dedupe_key = format!("send_statements/{}", posted.key());
    let job = AddJob { key: posted.key(), kind: "send_statements".into(), dedupe_key, request };
    let job = add_job(&doors.desk, &visitor.actor, job).await?.job;
    see_other(&format!("/jobs/{job}"))
}
