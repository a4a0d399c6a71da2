//! Durable work: rows with a lease, a fence number and a dedupe key.
use crate::{Engine, StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A piece of work.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct JobRow {
    /// Organisation.
    pub org_id: i64,
    /// Id.
    pub id: i64,
    /// Kind, which names its handler.
    pub kind: String,
    /// Two requests with the same key are one job.
    pub dedupe_key: String,
    /// waiting, running, stopped, done or failed.
    pub state: String,
    /// What was asked.
    pub request: Value,
    /// Done so far.
    pub done_count: i64,
    /// Of how many.
    pub total_count: i64,
    /// What it says of itself.
    pub message: String,
    /// What came of it.
    pub result: Option<Value>,
    /// Who asked.
    pub asked_by: i64,
    /// Rises with every claim; the holder of an older one is refused.
    pub fence: i64,
    /// Who works on it.
    pub holder: String,
    /// Until when, unless it tells that it lives.
    pub lease_until: Option<DateTime<Utc>>,
    /// When it was asked.
    pub recorded_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Adds a job; false if there is one with its dedupe key.
pub async fn add_job(tx: &mut Tx, row: &JobRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into job (org_id, id, kind, dedupe_key, state, request, done_count, total_count, message, asked_by, fence, holder, recorded_at) values ($1, $2, $3, $4, 'waiting', $5, 0, 0, '', $6, 0, '', $7) on conflict do nothing"
    );
    let values =
        args![row.org_id, row.id, &row.kind, &row.dedupe_key, row.request.clone(), row.asked_by, row.recorded_at];
    Ok(tx.run(sql, values).await? == 1)
}

/// The job with a dedupe key.
pub async fn job_keyed(tx: &mut Tx, org: OrgId, dedupe_key: &str) -> Result<Option<JobRow>, StoreFault> {
    let sql = sql!(
        "select org_id, id, kind, dedupe_key, state, request, done_count, total_count, message, result, asked_by, fence, holder, lease_until, recorded_at, ended_at from job where org_id = $1 and dedupe_key = $2"
    );
    tx.maybe(sql, args![org, dedupe_key]).await
}

/// One job.
pub async fn job(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<JobRow>, StoreFault> {
    let sql = sql!(
        "select org_id, id, kind, dedupe_key, state, request, done_count, total_count, message, result, asked_by, fence, holder, lease_until, recorded_at, ended_at from job where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Jobs, newest first.
pub async fn jobs(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<JobRow>, StoreFault> {
    let sql = sql!(
        "select org_id, id, kind, dedupe_key, state, request, done_count, total_count, message, result, asked_by, fence, holder, lease_until, recorded_at, ended_at from job where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

const FREE_JOB_SQLITE: &str = "select org_id, id, kind, dedupe_key, state, request, done_count, total_count, message, result, asked_by, fence, holder, lease_until, recorded_at, ended_at from job where org_id = $1 and (state = 'waiting' or (state = 'running' and lease_until < $2)) order by id limit 1";
const FREE_JOB_POSTGRES: &str = "select org_id, id, kind, dedupe_key, state, request, done_count, total_count, message, result, asked_by, fence, holder, lease_until, recorded_at, ended_at from job where org_id = $1 and (state = 'waiting' or (state = 'running' and lease_until < $2)) order by id limit 1 for update skip locked";

/// Takes the oldest job that waits or whose holder has gone quiet; the fence rises.
pub async fn claim_job(
    tx: &mut Tx,
    org: OrgId,
    holder: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<JobRow>, StoreFault> {
    let free = match tx.engine() {
        Engine::Sqlite => FREE_JOB_SQLITE,
        Engine::Postgres => FREE_JOB_POSTGRES,
    };
    let Some(mut job) = tx.maybe::<JobRow>(free, args![org, now]).await? else { return Ok(None) };
    // Skipping locked rows is only a speed-up: this guarded update decides.
    let take = sql!(
        "update job set state = 'running', fence = fence + 1, holder = $3, lease_until = $4, ended_at = null where org_id = $1 and id = $2 and fence = $5 and (state = 'waiting' or (state = 'running' and lease_until < $6))"
    );
    if tx.run(take, args![org, job.id, holder, until, job.fence, now]).await? == 0 {
        return Ok(None);
    }
    job.fence += 1;
    job.state = "running".into();
    job.holder = holder.into();
    job.lease_until = Some(until);
    Ok(Some(job))
}

/// Tells progress and holds the lease longer; false if the job is another's by now, or was stopped.
pub async fn heartbeat(
    tx: &mut Tx,
    org: OrgId,
    (id, fence): (i64, i64),
    (done, total): (i64, i64),
    message: &str,
    until: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update job set done_count = $4, total_count = $5, message = $6, lease_until = $7 where org_id = $1 and id = $2 and fence = $3 and state = 'running'"
    );
    Ok(tx.run(sql, args![org, id, fence, done, total, message, until]).await? == 1)
}

/// Ends a job; false if it is another's by now.
pub async fn finish(
    tx: &mut Tx,
    org: OrgId,
    (id, fence): (i64, i64),
    state: &str,
    message: &str,
    result: Option<Value>,
    at: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update job set state = $4, message = $5, result = $6, ended_at = $7, lease_until = null where org_id = $1 and id = $2 and fence = $3 and state = 'running'"
    );
    Ok(tx.run(sql, args![org, id, fence, state, message, result, at]).await? == 1)
}

/// Stops a job that waits or runs; its holder is refused at the next heartbeat.
pub async fn stop(tx: &mut Tx, org: OrgId, id: i64, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update job set state = 'stopped', fence = fence + 1, ended_at = $3, lease_until = null where org_id = $1 and id = $2 and state in ('waiting','running')"
    );
    Ok(tx.run(sql, args![org, id, at]).await? == 1)
}

/// Lets a stopped or failed job wait again; it goes on where it was.
pub async fn resume(tx: &mut Tx, org: OrgId, id: i64) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update job set state = 'waiting', message = '', ended_at = null where org_id = $1 and id = $2 and state in ('stopped','failed')"
    );
    Ok(tx.run(sql, args![org, id]).await? == 1)
}
