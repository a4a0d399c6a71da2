//! The monthly schedules: read, checked, decided with the security code.
use super::export::{Sheet, wanted};
use super::form::{Asked, again, asked, date_field, onto};
use super::write_off::READ;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::write_off_schedules::{ConfirmSchedule, Rest, SchedulePage, Schedules};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::writeoff::{
    DecideSchedule, LineDecision, LineShown, RecordCommittee, ScheduleShown, WithdrawLine, decide_schedule,
    record_committee, schedule, schedules_list, withdraw_line,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::counted;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};

const APPROVE: &[Duty] = &[Duty::ApproveWriteOff];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/approvals/writeoffs", READ, get(list))
        .add("/approvals/writeoffs/{number}", READ, get(view).post(check))
        .add("/approvals/writeoffs/{number}/confirm", APPROVE, post(confirm))
        .add("/approvals/writeoffs/{number}/committee", APPROVE, post(committee))
        .add("/approvals/writeoffs/{number}/withdraw", &[Duty::ProposeWriteOff], post(withdraw))
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = schedules_list(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(&visitor, "Approvals").await;
    frame.help = "rooms/writeoff".into();
    page(&Schedules { frame, rows })
}

async fn one(doors: &Shared, visitor: &Visitor, number: &str) -> Result<SchedulePage, Trouble> {
    let shown = schedule(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Approvals").await;
    frame.help = "rooms/writeoff".into();
    Ok(SchedulePage { frame, shown, committee: (String::new(), String::new()) })
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let shown = one(&doors, &visitor, &number).await?;
    if wanted(asked(&query, "format")) {
        return sheet(shown.shown).file(asked(&query, "format"), &doors, &visitor);
    }
    page(&shown)
}

fn sheet(shown: ScheduleShown) -> Sheet {
    let columns = vec![
        ("debt", Text),
        ("customer_id", Text),
        ("customer", Text),
        ("service", Text),
        ("due", Date),
        ("amount", Money),
        ("reason", Text),
        ("steps_done", Text),
        ("evidence", Text),
        ("missing", Text),
        ("category", Text),
        ("decides", Text),
        ("twelve_months", Money),
        ("vat_relief", Money),
        ("proposed_by", Text),
        ("proposed_on", Date),
        ("state", Text),
        ("decided_by", Text),
        ("decided_on", Date),
        ("why", Text),
        ("write_off", Text),
    ];
    let row = |line: LineShown| {
        vec![
            Cell::Text(line.number),
            Cell::Text(line.customer_number),
            Cell::Text(line.customer_name),
            Cell::Text(line.service),
            Cell::Date(line.due_on),
            Cell::Pence(line.amount_pence),
            Cell::Text(line.reason_name),
            Cell::Text(line.words),
            Cell::Text(line.evidence),
            Cell::Text(line.missing),
            Cell::Text(line.category),
            Cell::Text(line.tier),
            Cell::Pence(line.cumulative_pence),
            Cell::Pence(line.relief.amount_pence),
            Cell::Text(line.proposed_by),
            Cell::Date(line.proposed_on),
            Cell::Text(line.state),
            Cell::Text(line.decided_by),
            line.decided_on.into(),
            Cell::Text(line.decision_words),
            Cell::Text(line.write_off),
        ]
    };
    let filters = vec![("Schedule", shown.schedule.number)];
    Sheet { title: "Write-off schedule", columns, rows: shown.lines.into_iter().map(row).collect(), filters }
}

/// What waits, split into what was chosen and the rest.
fn split(shown: ScheduleShown, chosen: &[i64]) -> (Vec<LineShown>, Vec<LineShown>) {
    let waiting = shown.lines.into_iter().filter(|line| line.state == "proposed");
    waiting.partition(|line| chosen.contains(&line.line))
}

fn numbers<'a>(all: impl Iterator<Item = &'a str>) -> Vec<i64> {
    all.filter_map(|text| text.parse().ok()).collect()
}

/// The check page after the boxes were ticked.
async fn check(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    visitor.actor.must_hold(Duty::ApproveWriteOff).map_err(No::from)?;
    let shown = one(&doors, &visitor, &number).await?;
    let (approve, rest) = split(shown.shown, &numbers(posted.all("line")));
    let rest = rest.into_iter().map(|line| {
        let act = if line.missing.is_empty() { "leave" } else { "send_back" };
        let reason = if line.missing.is_empty() { String::new() } else { format!("Missing: {}", line.missing) };
        Rest { line, act: act.into(), reason }
    });
    page(&ConfirmSchedule { frame: shown.frame, number, approve, rest: rest.collect() })
}

async fn confirm(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut lines = Vec::new();
    for id in numbers(posted.all("line")) {
        lines.push(decision(&posted, id, "approve", String::new()));
    }
    for id in numbers(posted.all("rest")) {
        let act = posted.get(&format!("act-{id}")).to_owned();
        if act == "send_back" || act == "refuse" {
            let reason = posted.get(&format!("reason-{id}")).to_owned();
            lines.push(decision(&posted, id, &act, reason));
        }
    }
    let ids: Vec<i64> = lines.iter().map(|line| line.line).collect();
    let ask = DecideSchedule {
        key: posted.key(),
        schedule: number.clone(),
        lines,
        count: posted.get("count").parse().unwrap_or_default(),
        total: Pence(posted.get("total").parse().unwrap_or_default()),
        security_code: posted.get("security_code").to_owned(),
    };
    match decide_schedule(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let gone = counted(done.write_offs.len() as i64, "debt");
            let news = format!(
                "{gone} of {} written off, {} sent back, {} refused",
                Pence(done.total_pence),
                done.sent_back,
                done.refused
            );
            told(&format!("/approvals/writeoffs/{number}"), &news)
        }
        Err(no) => {
            let mut again = filled(&doors, &visitor, number, &posted).await?;
            let status = onto(
                &mut again.frame,
                at_lines(no, &ids),
                &[
                    ("CTL-07-CODE-WRONG", "security_code"),
                    ("CTL-07-CODE-NOT-SET", "security_code"),
                    ("CTL-07-CODE-LOCKED", "security_code"),
                ],
            )?;
            page_with(status, &again)
        }
    }
}

fn decision(posted: &Posted, line: i64, act: &str, reason: String) -> LineDecision {
    let version = posted.get(&format!("version-{line}")).parse().unwrap_or_default();
    LineDecision { line, version, act: act.to_owned(), reason }
}

/// A wrong row of the request is a wrong field of the page.
fn at_lines(no: No, ids: &[i64]) -> No {
    let No::Invalid(mut all) = no else { return no };
    for one in &mut all {
        let row = one.row.and_then(|row| usize::try_from(row).ok()).and_then(|row| row.checked_sub(1));
        if let Some(id) = row.and_then(|row| ids.get(row)) {
            one.field = format!("{}-{id}", one.field);
            one.row = None;
        }
    }
    No::Invalid(all)
}

/// The check page with what was typed on it.
async fn filled(
    doors: &Shared,
    visitor: &Visitor,
    number: String,
    posted: &Posted,
) -> Result<ConfirmSchedule, Trouble> {
    let shown = one(doors, visitor, &number).await?;
    let (approve, rest) = split(shown.shown, &numbers(posted.all("line")));
    let rest = rest.into_iter().map(|line| {
        let act = posted.get(&format!("act-{}", line.line)).to_owned();
        let reason = posted.get(&format!("reason-{}", line.line)).to_owned();
        Rest { line, act, reason }
    });
    Ok(ConfirmSchedule { frame: shown.frame, number, approve, rest: rest.collect() })
}

async fn committee(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut shown = one(&doors, &visitor, &number).await?;
    shown.committee = (posted.get("on").to_owned(), posted.get("minute").to_owned());
    let on = date_field(&mut shown.frame, "on", posted.get("on"), doors.desk.today());
    if posted.get("on").is_empty() {
        shown.frame.errors.add("on", "Enter the day it met");
    }
    let Some(on) = on else { return again(&shown) };
    let ask =
        RecordCommittee { key: posted.key(), schedule: number.clone(), on, minute: posted.get("minute").to_owned() };
    match record_committee(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("/approvals/writeoffs/{number}"), "The committee's decision is recorded"),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let line = posted.get("line").parse().unwrap_or_default();
    let ask = WithdrawLine { key: posted.key(), schedule: number.clone(), line };
    withdraw_line(&doors.desk, &visitor.actor, ask).await?;
    told(&format!("/approvals/writeoffs/{number}"), "The line is taken off the schedule")
}
