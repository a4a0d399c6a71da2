//! Close: batches for the general ledger, periods.
use super::answer::{Answer, List, file, json, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Sent, numbered};
use super::table::{Table, desk, desk_list, get, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::Outcome;
use sundry_desk::close::advance::{IncomeInAdvance, MoveIncomeInAdvance, income_in_advance, move_income_in_advance};
use sundry_desk::close::gl_batch::{
    AcknowledgeGlBatch, GlBatchAcknowledged, GlBatchesMade, MakeGlBatch, acknowledge_gl_batch, gl_batch_file,
    gl_batches, make_gl_batch,
};
use sundry_desk::close::period::{PeriodTurned, TurnPeriod, hard_close, periods, reopen_period, soft_close};
use sundry_domain::control::Duty;
use sundry_store::close::GlBatchRow;
use utoipa::ToSchema;

const ROOM: &str = "Close";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let (reports, posts, closes): (&[Duty], &[Duty], &[Duty]) =
        (&[Duty::RunReports], &[Duty::PostJournals], &[Duty::ClosePeriods]);
    let turn = |path, id, summary| {
        post(ROOM, path, id, summary).needs(closes).takes::<WhyTurn>().gives(200, desk::<PeriodTurned>)
    };
    table
        .add(
            get(ROOM, "/gl-batches", "list_gl_batches", "List batches for the general ledger")
                .needs(reports)
                .listed(desk_list::<GlBatchRow>),
            batches,
        )
        .add(
            post(ROOM, "/gl-batches", "make_gl_batch", "Make a batch of the journals not sent before")
                .needs(posts)
                .takes::<NewBatch>()
                .gives(201, desk::<GlBatchesMade>),
            make,
        )
        .add(
            get(ROOM, "/gl-batches/{number}/file", "get_gl_batch_file", "The file of a batch")
                .needs(reports)
                .gives_file(&["text/csv"]),
            batch_file,
        )
        .add(
            post(
                ROOM,
                "/gl-batches/{number}/acknowledgement",
                "acknowledge_gl_batch",
                "Note what the general ledger answered",
            )
            .needs(posts)
            .takes::<Acknowledgement>()
            .gives(200, desk::<GlBatchAcknowledged>),
            acknowledge,
        )
        .add(get(ROOM, "/periods", "list_periods", "List accounting periods").listed(own_list::<Period>), list)
        .add(turn("/periods/{year}/{number}/soft-close", "soft_close_period", "Close a period to users"), soft)
        .add(turn("/periods/{year}/{number}/hard-close", "hard_close_period", "Close a period for the ledger"), hard)
        .add(turn("/periods/{year}/{number}/reopen", "reopen_period", "Open a closed period again"), reopen)
        .add(
            get(
                ROOM,
                "/periods/{year}/{number}/income-in-advance",
                "get_income_in_advance",
                "What a period's end would move between income and deferred income",
            )
            .gives(200, desk::<IncomeInAdvance>),
            advance,
        )
        .add(
            post(
                ROOM,
                "/periods/{year}/{number}/income-in-advance",
                "move_income_in_advance",
                "Move a period's income in advance",
            )
            .needs(closes)
            .gives(200, desk::<IncomeInAdvance>),
            move_advance,
        )
}

/// A batch to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBatch {
    /// Journals up to this day.
    pub up_to: NaiveDate,
}

/// What the general ledger answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// Whether it took the batch.
    pub accepted: bool,
    /// Its own reference.
    #[serde(default)]
    pub ledger_reference: String,
    /// What it said.
    #[serde(default)]
    pub message: String,
}

/// Why a period is turned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyTurn {
    /// Why; needed to open it again.
    #[serde(default)]
    pub reason: String,
}

/// An accounting period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Period {
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// 1 to 14.
    pub number: i64,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// open, soft_closed or hard_closed.
    pub state: String,
    /// Hash of the aged debt at its end; empty while open.
    pub snapshot_sha256: String,
}

async fn batches(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = gl_batches(&doors.desk, &by.0).await?;
    List::whole("GL batches", rows).send(&asked, &by, doors.desk.today())
}

async fn make(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewBatch>) -> Answer {
    let made = make_gl_batch(&doors.desk, &by.0, MakeGlBatch { key, up_to: new.up_to }).await?;
    json(StatusCode::CREATED, &made)
}

async fn batch_file(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (name, bytes) = gl_batch_file(&doors.desk, &by.0, numbered(&number, "batch")?).await?;
    file(&name, "text/csv; charset=utf-8", bytes)
}

async fn acknowledge(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<Acknowledgement>,
) -> Answer {
    let ask = AcknowledgeGlBatch {
        key,
        number: numbered(&number, "batch")?,
        accepted: sent.accepted,
        ledger_reference: sent.ledger_reference,
        message: sent.message,
    };
    ok(&acknowledge_gl_batch(&doors.desk, &by.0, ask).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let period = |row: sundry_store::ledger::PeriodRow| Period {
        start_year: row.start_year,
        number: row.number,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        state: row.state,
        snapshot_sha256: row.snapshot_sha256,
    };
    let rows = periods(&doors.desk, &by.0).await?.into_iter().map(period).collect();
    List::whole("Periods", rows).send(&asked, &by, doors.desk.today())
}

/// The year and the number of a period in a path.
fn period_at(AtTwo(year, number): &AtTwo) -> Outcome<(i64, i64)> {
    let absent = || sundry_desk::No::Absent("period".into());
    let small = |text: &str| text.parse::<i16>().map(i64::from).map_err(|_| absent());
    Ok((small(year)?, small(number)?))
}

fn named(at: &AtTwo, key: String, why: WhyTurn) -> Outcome<TurnPeriod> {
    let (start_year, number) = period_at(at)?;
    Ok(TurnPeriod { key, start_year, number, reason: why.reason })
}

async fn advance(State(doors): State<Shared>, by: By, at: AtTwo) -> Answer {
    ok(&income_in_advance(&doors.desk, &by.0, period_at(&at)?).await?)
}

async fn move_advance(State(doors): State<Shared>, by: By, at: AtTwo, Key(key): Key) -> Answer {
    let (start_year, number) = period_at(&at)?;
    ok(&move_income_in_advance(&doors.desk, &by.0, MoveIncomeInAdvance { key, start_year, number }).await?)
}

async fn soft(State(doors): State<Shared>, by: By, at: AtTwo, Key(key): Key, Sent(why): Sent<WhyTurn>) -> Answer {
    ok(&soft_close(&doors.desk, &by.0, named(&at, key, why)?).await?)
}

async fn hard(State(doors): State<Shared>, by: By, at: AtTwo, Key(key): Key, Sent(why): Sent<WhyTurn>) -> Answer {
    ok(&hard_close(&doors.desk, &by.0, named(&at, key, why)?).await?)
}

async fn reopen(State(doors): State<Shared>, by: By, at: AtTwo, Key(key): Key, Sent(why): Sent<WhyTurn>) -> Answer {
    ok(&reopen_period(&doors.desk, &by.0, named(&at, key, why)?).await?)
}
