//! What waits for somebody's yes, and deciding it.
use super::about::{about, facts};
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, onto, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::approvals::{ApprovalRow, Approvals, Decide};
use crate::web::ui::Verdict;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::approvals::{ApprovalShown, DecideApproval, approval, approvals_list, decide_approval};
use sundry_desk::setup::rates::rates_in_words;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;

const DUTIES: &[Duty] = &[
    Duty::ApproveCredit,
    Duty::ApproveWriteOff,
    Duty::ApproveRefund,
    Duty::ProposeCredit,
    Duty::ProposeWriteOff,
    Duty::ProposeRefund,
    Duty::ReadAudit,
];

/// The routes of approvals.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/approvals", DUTIES, get(list)).add("/approvals/{number}", DUTIES, get(view).post(submit))
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let state = match asked(&query, "state") {
        state @ ("approved" | "refused") => state,
        _ => "waiting",
    };
    let found = approvals_list(&doors.desk, &visitor.actor, state).await?;
    if wanted(asked(&query, "format")) {
        return sheet(found.rows, state).file(asked(&query, "format"), &doors, &visitor);
    }
    let mut frame = doors.frame(&visitor, "Approvals").await;
    frame.help = "roles/approver".into();
    let total = Pence(found.total_pence);
    page(&Approvals { frame, state: state.to_owned(), total, rows: found.rows.iter().map(row).collect() })
}

fn row(one: &ApprovalShown) -> ApprovalRow {
    ApprovalRow {
        id: one.number.clone(),
        what: one.summary.clone(),
        asked_by: one.asked_by_name.clone(),
        asked_on: one.asked_on,
        amount: (one.amount_pence != 0).then_some(Pence(one.amount_pence)),
        locked: if one.state == "waiting" { one.why_not.clone() } else { decided(one) },
    }
}

fn decided(one: &ApprovalShown) -> String {
    let on = one.decided_on.map_or_else(String::new, |day| format!(" on {}", day.format("%-d %B %Y")));
    let why = if one.reason.is_empty() { String::new() } else { format!(": {}", one.reason) };
    format!("{} by {}{on}{why}", plain(&one.state), one.decided_by_name)
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&asked_for(&doors, &visitor, &number).await?)
}

async fn submit(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = DecideApproval {
        key: posted.key(),
        number: number.clone(),
        approve: posted.get("do") == "approve",
        reason: posted.get("reason").to_owned(),
        content_hash: posted.get("content").to_owned(),
    };
    match decide_approval(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let made = done.made.map_or_else(String::new, |made| format!(": {made}"));
            told("/approvals", &format!("{} {}{made}", done.number, done.state))
        }
        Err(no) => {
            let mut again = asked_for(&doors, &visitor, &number).await?;
            again.reason = posted.get("reason").to_owned();
            let status = onto(&mut again.frame, no, &[("CUS-18-CALL-BACK", "reason")])?;
            page_with(status, &again)
        }
    }
}

async fn asked_for(doors: &Shared, visitor: &Visitor, number: &str) -> Result<Decide, crate::web::door::Trouble> {
    let one = approval(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Approvals").await;
    frame.help = "roles/approver".into();
    let mut checks = Vec::new();
    if one.state == "waiting" {
        checks.push(match (one.own, one.why_not.is_empty()) {
            (true, _) => (Verdict::Fix, "You asked for this: someone else decides".to_owned()),
            (false, true) => (Verdict::Passed, "Someone else's work, within your duty and your limit".to_owned()),
            (false, false) => (Verdict::Fix, one.why_not.clone()),
        });
        checks.push((Verdict::Look, "Everything is checked again when you approve".to_owned()));
    }
    Ok(Decide {
        frame,
        subject: about(&one.subject),
        facts: said(&one),
        checks,
        reason: String::new(),
        content: one.content_hash.clone(),
        asked: row(&one),
    })
}

fn sheet(rows: Vec<ApprovalShown>, state: &str) -> Sheet {
    let cells = |one: ApprovalShown| {
        vec![
            Cell::Text(one.number),
            Cell::Text(one.summary),
            Cell::Text(one.subject),
            Cell::Text(one.asked_by_name),
            Cell::Date(one.asked_on),
            Cell::Pence(one.amount_pence),
            Cell::Text(one.state),
            Cell::Text(one.decided_by_name),
            one.decided_on.into(),
            Cell::Text(one.reason),
        ]
    };
    let text = |name| (name, ColumnKind::Text);
    Sheet {
        title: "Approvals",
        columns: vec![
            text("number"),
            text("what"),
            text("subject"),
            text("asked_by"),
            ("asked_on", ColumnKind::Date),
            ("amount", ColumnKind::Money),
            text("state"),
            text("decided_by"),
            ("decided_on", ColumnKind::Date),
            text("reason"),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: vec![("State", state.to_owned())],
    }
}

/// The plain facts of what is asked; of rates each figure.
fn said(one: &ApprovalShown) -> Vec<(String, String)> {
    let rates = (one.command == "dated_rates").then(|| rates_in_words(&one.payload)).flatten();
    rates.unwrap_or_else(|| {
        facts(&one.payload).into_iter().filter(|(name, words)| says_more(one, name, words)).collect()
    })
}

/// Whether a fact says what the page does not say already: the amount and the subject stand over them.
fn says_more(one: &ApprovalShown, name: &str, words: &str) -> bool {
    name != "Amount" && !one.subject.ends_with(words)
}
