//! Looking at runs and at what they refused.
use super::day::DayTotals;
use super::release::state_of;
use crate::{Actor, Desk, No, Outcome};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::RunId;
use sundry_store::recovery::{self, RefusalRow, RunRow};

/// A run as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Number.
    pub number: String,
    /// The business day it is for.
    pub business_on: NaiveDate,
    /// releasing, stopped or done.
    pub state: String,
    /// Customers and documents done.
    pub done_count: i64,
    /// Customers and documents in all.
    pub total_count: i64,
    /// Control totals so far.
    pub totals: DayTotals,
    /// Who released it.
    pub started_by: String,
    /// When it was begun.
    pub recorded_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

fn view(row: RunRow) -> Outcome<RunView> {
    Ok(RunView {
        totals: state_of(&row)?.totals,
        number: row.number,
        business_on: row.business_on,
        state: row.state,
        done_count: row.done_count,
        total_count: row.total_count,
        started_by: row.started_by,
        recorded_at: row.recorded_at,
        ended_at: row.ended_at,
    })
}

/// Runs, newest day first, at most `limit`.
pub async fn runs(desk: &Desk, by: &Actor, limit: i64) -> Outcome<Vec<RunView>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    recovery::runs(&mut look, by.org, limit.clamp(1, 10_000)).await?.into_iter().map(view).collect()
}

/// One run, with what it refused after a place, at most `limit`.
pub async fn run(desk: &Desk, by: &Actor, number: &str, after: i64, limit: i64) -> Outcome<(RunView, Vec<RefusalRow>)> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = recovery::run(&mut look, by.org, number).await?.ok_or_else(|| No::Absent("run".into()))?;
    let limit = limit.clamp(1, 1_000_000);
    let refusals = recovery::refusals_of_run(&mut look, by.org, RunId(row.id), after, limit).await?;
    Ok((view(row)?, refusals))
}
