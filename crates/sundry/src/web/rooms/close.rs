//! Close: periods, the proof, and batches for the general ledger.
use super::export::{Sheet, download, wanted};
use super::form::{Asked, asked, onto, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::close::{Close, GlBatch, GlBatchLine, GlBatches, PeriodLine, ProofDue, TurnPeriod};
use crate::web::ui::{Frame, TagColour, Verdict, count_of, tag};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use chrono::Datelike;
use sundry_desk::No;
use sundry_desk::cash::suspense::suspense_at_close;
use sundry_desk::close::advance::{MoveIncomeInAdvance, income_in_advance, move_income_in_advance};
use sundry_desk::close::gl_batch::{
    AcknowledgeGlBatch, MakeGlBatch, acknowledge_gl_batch, gl_batch_file, gl_batches, make_gl_batch,
};
use sundry_desk::close::period::{self, hard_close, periods, reopen_period, soft_close};
use sundry_desk::close::proofs::{proof_subjects, proofs};
use sundry_desk::ledger::verify::verify_by;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;
use sundry_store::close::GlBatchRow;
use sundry_store::ledger::PeriodRow;

const LOOK: &[Duty] = &[Duty::ClosePeriods, Duty::PostJournals, Duty::ReadAudit];

/// The routes of closing.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/close", LOOK, get(view))
        .add("/close/proof", LOOK, post(prove))
        .add("/close/periods/{year}/{number}", LOOK, get(one_period).post(turn))
        .add("/close/gl-batches", LOOK, get(list).post(make))
        .add("/close/gl-batches/{number}", LOOK, get(one_batch).post(answer))
        .add("/close/gl-batches/{number}/file", LOOK, get(file))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Close").await;
    frame.help = "rooms/ledger".into();
    frame
}

fn line(row: &PeriodRow) -> PeriodLine {
    let state = match row.state.as_str() {
        "open" => tag("Open", TagColour::Green),
        "soft_closed" => tag("Soft closed", TagColour::Yellow),
        _ => tag("Hard closed", TagColour::Grey),
    };
    PeriodLine {
        href: format!("/close/periods/{}/{}", row.start_year, row.number),
        name: format!("{} period {}", year_words(row.start_year), row.number),
        days: (row.starts_on, row.ends_on),
        state,
        snapshot: row.snapshot_sha256.chars().take(12).collect(),
    }
}

fn year_words(year: i64) -> String {
    format!("{year}/{:02}", (year + 1) % 100)
}

async fn shown(doors: &Shared, visitor: &Visitor, year: &str) -> Result<Close, Trouble> {
    let today = doors.desk.today();
    let this_year = i64::from(if today.month() >= 4 { today.year() } else { today.year() - 1 });
    let year = year.parse().unwrap_or(this_year);
    let all = periods(&doors.desk, &visitor.actor).await?;
    let mut years: Vec<i64> =
        all.iter().map(|row| row.start_year).filter(|y| (this_year - 3..=this_year + 1).contains(y)).collect();
    years.dedup();
    Ok(Close {
        frame: room(doors, visitor).await,
        proof: Vec::new(),
        periods: all.iter().rev().filter(|row| row.start_year == year).map(line).collect(),
        years: years.into_iter().map(|y| (format!("/close?year={y}"), year_words(y), y == year)).collect(),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&shown(&doors, &visitor, asked(&query, "year")).await?)
}

async fn prove(State(doors): State<Shared>, visitor: Visitor, _posted: Posted) -> Answer {
    let proof = verify_by(&doors.desk, &visitor.actor).await?;
    let mut again = shown(&doors, &visitor, "").await?;
    let one = |check: sundry_desk::ledger::verify::Check| {
        let name = super::form::plain(&check.name);
        (check.passed, format!("{name}: {}", check.figures), check.failures.join("; "))
    };
    again.proof = proof.checks.into_iter().map(one).collect();
    page(&again)
}

async fn period_form(doors: &Shared, visitor: &Visitor, key: &(String, String)) -> Result<TurnPeriod, Trouble> {
    let all = periods(&doors.desk, &visitor.actor).await?;
    let same = |row: &&PeriodRow| row.start_year.to_string() == key.0 && row.number.to_string() == key.1;
    let row = all.iter().find(same).ok_or_else(|| No::Absent("period".into()))?;
    let mut acts = match row.state.as_str() {
        _ if !visitor.actor.holds(Duty::ClosePeriods) => Vec::new(),
        "open" => vec![("soft", "Soft close")],
        "soft_closed" => vec![("hard", "Hard close"), ("reopen", "Open it again")],
        _ => vec![("reopen", "Open it again")],
    };
    let told = suspense_at_close(&doors.desk, &visitor.actor, row.ends_on).await?;
    let all = format!("{} in {}", Pence(told.sum_pence), count_of(told.count, "receipt", "receipts"));
    let check = match (told.count, told.unexplained_count) {
        (0, _) => (Verdict::Passed, "Suspense: nil".to_owned()),
        (_, 0) => (Verdict::Passed, format!("Suspense: {all}, each with an owner, a reason and a next step")),
        (_, open) => {
            let left = Pence(told.unexplained_pence);
            (Verdict::Fix, format!("Suspense: {all}; {open} of {left} have no owner, reason or next step"))
        }
    };
    let proofs =
        if visitor.actor.holds(Duty::RunReports) { proofs_at(doors, visitor, row.ends_on).await? } else { Vec::new() };
    let mut checks = vec![check];
    let ended = row.ends_on < doors.desk.today() && row.number <= 12;
    if ended && row.state == "open" && visitor.actor.holds(Duty::View) {
        let found = income_in_advance(&doors.desk, &visitor.actor, (row.start_year, row.number)).await?;
        let ahead = Pence(found.ahead_pence);
        if (found.deferred_pence, found.released_pence) != (0, 0) {
            let (up, down) = (Pence(found.deferred_pence), Pence(found.released_pence));
            let words = format!("Income in advance: {ahead}; {up} to be deferred, {down} to be released");
            checks.push((Verdict::Look, words));
            if visitor.actor.holds(Duty::ClosePeriods) {
                acts.push(("advance", "Move income in advance"));
            }
        } else if found.ahead_pence != 0 {
            checks.push((Verdict::Passed, format!("Income in advance: {ahead}, all of it deferred")));
        }
    }
    let frame = room(doors, visitor).await;
    Ok(TurnPeriod { frame, period: line(row), acts, checks, reason: String::new(), proofs })
}

/// The accounts to prove as at a day, each with the newest proof that is kept.
async fn proofs_at(doors: &Shared, visitor: &Visitor, day: chrono::NaiveDate) -> Result<Vec<ProofDue>, Trouble> {
    let kept = proofs(&doors.desk, &visitor.actor, Some(day)).await?;
    let subjects = proof_subjects(&doors.desk, &visitor.actor).await?;
    let told = subjects.into_iter().map(|one| {
        let newest = kept.iter().find(|row| row.kind == one.kind.as_str() && row.subject == one.subject);
        ProofDue {
            href: super::proofs::address_of(one.kind, &one.subject, day),
            title: one.title,
            kept: newest.map(|row| (row.number.clone(), super::proofs::state(row))),
        }
    });
    Ok(told.collect())
}

async fn one_period(State(doors): State<Shared>, visitor: Visitor, Path(key): Path<(String, String)>) -> Answer {
    page(&period_form(&doors, &visitor, &key).await?)
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(key): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut again = period_form(&doors, &visitor, &key).await?;
    let ask = period::TurnPeriod {
        key: posted.key(),
        start_year: key.0.parse().unwrap_or(0),
        number: key.1.parse().unwrap_or(0),
        reason: posted.get("reason").to_owned(),
    };
    let (desk, by) = (&doors.desk, &visitor.actor);
    let (outcome, words) = match posted.get("do") {
        "soft" => (soft_close(desk, by, ask).await.map(drop), "soft closed"),
        "hard" => (hard_close(desk, by, ask).await.map(drop), "hard closed"),
        "reopen" => (reopen_period(desk, by, ask).await.map(drop), "open again"),
        "advance" => {
            let ask = MoveIncomeInAdvance { key: ask.key, start_year: ask.start_year, number: ask.number };
            (move_income_in_advance(desk, by, ask).await.map(drop), "as it was, its income in advance moved")
        }
        _ => return Err(No::Absent("act".into()).into()),
    };
    match outcome {
        Ok(_) => told("/close", &format!("{} is {words}", again.period.name)),
        Err(no) => {
            again.reason = posted.get("reason").to_owned();
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

fn batch_line(row: GlBatchRow) -> GlBatchLine {
    let state = match row.state.as_str() {
        "acknowledged" => tag("Accepted", TagColour::Green),
        "rejected" => tag("Rejected", TagColour::Red),
        "sent" => tag("Sent", TagColour::Blue),
        _ => tag("Made", TagColour::Yellow),
    };
    GlBatchLine {
        number: row.number,
        made: row.made_on,
        counts: (row.journals_count, row.entries_count),
        sums: (Pence(row.debit_pence), Pence(row.credit_pence)),
        file: row.file_name,
        sha256: row.file_sha256,
        state,
    }
}

async fn listed(doors: &Shared, visitor: &Visitor) -> Result<GlBatches, Trouble> {
    let rows = gl_batches(&doors.desk, &visitor.actor).await?;
    Ok(GlBatches {
        frame: room(doors, visitor).await,
        up_to: doors.desk.today().format("%-d %b %Y").to_string(),
        may_make: visitor.actor.holds(Duty::PostJournals),
        rows: rows.into_iter().map(batch_line).collect(),
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    if wanted(asked(&query, "format")) {
        let rows = gl_batches(&doors.desk, &visitor.actor).await?;
        return sheet(rows).file(asked(&query, "format"), &doors, &visitor);
    }
    page(&listed(&doors, &visitor).await?)
}

fn sheet(rows: Vec<GlBatchRow>) -> Sheet {
    let cells = |row: GlBatchRow| {
        vec![
            Cell::Whole(row.number),
            Cell::Date(row.made_on),
            Cell::Whole(row.journals_count),
            Cell::Whole(row.entries_count),
            Cell::Pence(row.debit_pence),
            Cell::Pence(row.credit_pence),
            Cell::Text(row.state),
            Cell::Text(row.file_name),
            Cell::Text(row.file_sha256),
        ]
    };
    Sheet {
        title: "GL batches",
        columns: vec![
            ("batch", ColumnKind::Whole),
            ("made_on", ColumnKind::Date),
            ("journals", ColumnKind::Whole),
            ("entries", ColumnKind::Whole),
            ("debits", ColumnKind::Money),
            ("credits", ColumnKind::Money),
            ("state", ColumnKind::Text),
            ("file", ColumnKind::Text),
            ("sha256", ColumnKind::Text),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: Vec::new(),
    }
}

async fn make(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut again = listed(&doors, &visitor).await?;
    again.up_to = posted.get("up_to").to_owned();
    let Some(up_to) = read_date(&again.up_to, doors.desk.today()) else {
        again.frame.errors.add("up_to", "Enter a date such as 30/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    match make_gl_batch(&doors.desk, &visitor.actor, MakeGlBatch { key: posted.key(), up_to }).await {
        Ok(made) => {
            let numbers: Vec<String> = made.batches.iter().map(|batch| format!("batch {}", batch.number)).collect();
            told("/close/gl-batches", &format!("Made {}", numbers.join(", ")))
        }
        Err(no) => {
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn batch_form(doors: &Shared, visitor: &Visitor, number: &str) -> Result<GlBatch, Trouble> {
    let rows = gl_batches(&doors.desk, &visitor.actor).await?;
    let row = rows.into_iter().find(|row| row.number.to_string() == number);
    let row = row.ok_or_else(|| No::Absent("GL batch".into()))?;
    let may_answer = row.state != "acknowledged" && visitor.actor.holds(Duty::PostJournals);
    Ok(GlBatch { frame: room(doors, visitor).await, batch: batch_line(row), may_answer, typed: Default::default() })
}

async fn one_batch(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&batch_form(&doors, &visitor, &number).await?)
}

async fn answer(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut again = batch_form(&doors, &visitor, &number).await?;
    again.typed = (posted.get("ledger_reference").to_owned(), posted.get("message").to_owned());
    let ask = AcknowledgeGlBatch {
        key: posted.key(),
        number: again.batch.number,
        accepted: posted.get("do") == "accepted",
        ledger_reference: again.typed.0.clone(),
        message: again.typed.1.clone(),
    };
    match acknowledge_gl_batch(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told("/close/gl-batches", &format!("Batch {} is {}", done.number, done.state)),
        Err(no) => {
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let number = number.parse().map_err(|_| No::Absent("GL batch".into()))?;
    let (name, bytes) = gl_batch_file(&doors.desk, &visitor.actor, number).await?;
    download(&name, "text/csv; charset=utf-8", bytes)
}
