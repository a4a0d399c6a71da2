//! Jobs: the list, one with its progress, stopping it, letting it go on.
use super::form::{Asked, asked, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, see_other};
use crate::web::pages::jobs::{Job, JobRow as Line, Jobs};
use crate::web::ui::{self, Tag, TagColour, tag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Europe::London;
use serde_json::{Value, json};
use sundry_desk::No;
use sundry_desk::jobs::ask::{TurnJob, job, jobs_list, resume_job, stop_job};
use sundry_desk::jobs::kinds::duty_of;
use sundry_domain::control::Duty;
use sundry_store::jobs::JobRow;

/// The routes of jobs.
pub fn routes(routes: Routes) -> Routes {
    let look: &[Duty] = &[Duty::View, Duty::ManageSettings];
    routes.add("/jobs", look, get(list)).add("/jobs/{id}", look, get(view)).add("/jobs/{id}/{verb}", look, post(turn))
}

fn what(row: &JobRow) -> String {
    match row.kind.as_str() {
        "release_day" => {
            let date = row.request.get("date").and_then(Value::as_str).unwrap_or_default();
            let day = date.parse::<chrono::NaiveDate>();
            day.map_or_else(|_| "Recovery run".into(), |day| format!("Recovery run for {}", day.format("%-d %B %Y")))
        }
        "match_cash" => "Match bank lines".into(),
        "collect_bank_files" => "Fetch files from the bank".into(),
        "collect_mail" => "Collect mail".into(),
        "send_by_notify" => "Send by GOV.UK Notify".into(),
        "sync_servicenow" => "Look at ServiceNow".into(),
        "print_letters" => "Print letters".into(),
        "simulate_pathway" => {
            format!("Try a draft of {}", row.request.get("code").and_then(Value::as_str).unwrap_or_default())
        }
        "send_emails" => "Send e-mails".into(),
        "send_einvoices" => "Send e-invoices".into(),
        "send_statements" => "Write statements".into(),
        "bill_contracts" => {
            format!("Billing run {}", row.request.get("number").and_then(Value::as_str).unwrap_or_default())
        }
        "bill_feeder_file" => {
            format!("Feeder file {}", row.request.get("number").and_then(Value::as_str).unwrap_or_default())
        }
        "apply_uplift" => {
            format!("Uplift {}", row.request.get("number").and_then(Value::as_str).unwrap_or_default())
        }
        "reconcile_listing" => {
            format!("Reconcile {}", row.request.get("number").and_then(Value::as_str).unwrap_or_default())
        }
        other => plain(other),
    }
}

fn state(row: &JobRow) -> Tag {
    match row.state.as_str() {
        "done" => tag("Done", TagColour::Green),
        "running" => tag("Running", TagColour::Blue),
        "stopped" => tag("Stopped", TagColour::Yellow),
        "failed" => tag("Failed", TagColour::Red),
        _ => tag("Waiting", TagColour::Grey),
    }
}

fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&London).naive_local()
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = jobs_list(&doors.desk, &visitor.actor).await?;
    let line = |row: JobRow| Line {
        id: row.id.to_string(),
        what: what(&row),
        state: state(&row),
        started: Some(local(row.recorded_at)),
        done: (row.done_count, row.total_count),
        failure: if row.state == "failed" { row.message } else { String::new() },
    };
    let frame = doors.frame(&visitor, "").await;
    page(&Jobs { frame, rows: rows.into_iter().map(line).collect() })
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Answer {
    let row = job(&doors.desk, &visitor.actor, numbered(&id)?).await?;
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if asked(&query, "format") == "json" || accepts.starts_with("application/json") {
        let told = json!({
            "id": id, "kind": row.kind, "state": row.state, "done": row.done_count, "total": row.total_count,
            "message": row.message, "result": row.result,
        });
        return Ok(Json(told).into_response());
    }
    let ended = ["done", "stopped", "failed"].contains(&row.state.as_str());
    let action = match row.state.as_str() {
        "waiting" | "running" => Some(("stop".to_owned(), "Stop".to_owned())),
        "stopped" => Some(("resume".to_owned(), "Go on".to_owned())),
        "failed" => Some(("resume".to_owned(), "Try again".to_owned())),
        _ => None,
    };
    let action = action.filter(|_| visitor.actor.holds(duty_of(&row.kind)));
    page(&Job {
        frame: doors.frame(&visitor, "").await,
        id,
        what: what(&row),
        state: state(&row),
        ended,
        done: row.done_count,
        total: row.total_count,
        failed: parked(&row),
        speed: if row.state == "running" { speed(&row, doors.desk.clock().now()) } else { String::new() },
        failure: if row.state == "failed" { row.message.clone() } else { String::new() },
        result: result(&row),
        action,
    })
}

/// How fast it goes and about when it is done, once that can be said.
fn speed(row: &JobRow, now: DateTime<Utc>) -> String {
    let seconds = (now - row.recorded_at).num_seconds();
    if row.done_count == 0 || seconds < 5 || row.total_count <= row.done_count {
        return String::new();
    }
    let left = (row.total_count - row.done_count) * seconds / row.done_count;
    let done_at = local(now + chrono::TimeDelta::seconds(left));
    let rate = row.done_count / seconds;
    let rate = if rate > 0 { format!("About {} a second, done", ui::number(rate)) } else { "Done".to_owned() };
    format!("{rate} at about {}.", ui::time_of_day(done_at.time()))
}

/// What the job left to a person, each with its reason where the result is.
fn parked(row: &JobRow) -> i64 {
    let of = |name: &str| row.result.as_ref().and_then(|result| result.get(name)).and_then(Value::as_i64);
    of("parked").or_else(|| of("failed")).unwrap_or_default()
}

fn result(row: &JobRow) -> Option<(String, String)> {
    if row.state != "done" {
        return None;
    }
    let named = |name: &str| row.result.as_ref().and_then(|result| result.get(name)).and_then(Value::as_str);
    match row.kind.as_str() {
        "release_day" => named("run").map(|run| (format!("/recovery/runs/{run}"), "See the run".to_owned())),
        "match_cash" => Some(("/cash/match".to_owned(), "See how the bank lines matched".to_owned())),
        "print_letters" => {
            named("batch").map(|batch| (format!("/delivery/batches/{batch}"), "See the batch".to_owned()))
        }
        "reconcile_listing" => {
            named("number").map(|number| (format!("/cash/listings/{number}"), "See the result".to_owned()))
        }
        "simulate_pathway" => {
            named("pathway").map(|code| (format!("/recovery/pathways/{code}/try"), "See what it found".to_owned()))
        }
        "send_emails" => Some(("/delivery".to_owned(), "See the letters".to_owned())),
        "send_statements" => Some(("/delivery".to_owned(), "See the letters".to_owned())),
        "send_einvoices" => Some(("/delivery/einvoices".to_owned(), "See the e-invoices".to_owned())),
        _ => None,
    }
}

fn numbered(id: &str) -> Result<i64, No> {
    id.parse().map_err(|_| No::Absent("job".into()))
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((id, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let ask = TurnJob { key: posted.key(), job: numbered(&id)? };
    match verb.as_str() {
        "stop" => stop_job(&doors.desk, &visitor.actor, ask).await?,
        "resume" => resume_job(&doors.desk, &visitor.actor, ask).await?,
        _ => return Err(No::Absent("page".into()).into()),
    };
    see_other(&format!("/jobs/{id}"))
}
