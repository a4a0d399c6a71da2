//! Monthly schedules and their lines.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A schedule with what stands on it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ScheduleRow {
    /// Id.
    pub id: i64,
    /// `WO-2026-11`.
    pub number: String,
    /// First day of its month.
    pub month_on: NaiveDate,
    /// When the committee decided.
    pub committee_on: Option<NaiveDate>,
    /// Its minute.
    pub committee_minute: String,
    /// Who recorded it.
    pub committee_by: String,
    /// Lines that wait.
    pub waiting: i64,
    /// Their sum.
    pub waiting_pence: i64,
    /// Lines that were approved.
    pub approved: i64,
    /// Their sum.
    pub approved_pence: i64,
    /// Lines sent back, refused or withdrawn.
    pub other: i64,
}

/// The schedules, newest first.
pub async fn schedules(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ScheduleRow>, StoreFault> {
    let sql = sql!(
        "select s.id, s.number, s.month_on, s.committee_on, s.committee_minute, s.committee_by, cast(coalesce(sum(case when l.state = 'proposed' then 1 else 0 end), 0) as bigint) as waiting, cast(coalesce(sum(case when l.state = 'proposed' then l.amount_pence else 0 end), 0) as bigint) as waiting_pence, cast(coalesce(sum(case when l.state = 'approved' then 1 else 0 end), 0) as bigint) as approved, cast(coalesce(sum(case when l.state = 'approved' then l.amount_pence else 0 end), 0) as bigint) as approved_pence, cast(coalesce(sum(case when l.state in ('sent_back','refused','withdrawn') then 1 else 0 end), 0) as bigint) as other from writeoff_schedule s left join writeoff_line l on l.org_id = s.org_id and l.schedule_id = s.id where s.org_id = $1 group by s.id, s.number, s.month_on, s.committee_on, s.committee_minute, s.committee_by order by s.month_on desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// One schedule.
pub async fn schedule(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ScheduleRow>, StoreFault> {
    let sql = sql!(
        "select s.id, s.number, s.month_on, s.committee_on, s.committee_minute, s.committee_by, cast(coalesce(sum(case when l.state = 'proposed' then 1 else 0 end), 0) as bigint) as waiting, cast(coalesce(sum(case when l.state = 'proposed' then l.amount_pence else 0 end), 0) as bigint) as waiting_pence, cast(coalesce(sum(case when l.state = 'approved' then 1 else 0 end), 0) as bigint) as approved, cast(coalesce(sum(case when l.state = 'approved' then l.amount_pence else 0 end), 0) as bigint) as approved_pence, cast(coalesce(sum(case when l.state in ('sent_back','refused','withdrawn') then 1 else 0 end), 0) as bigint) as other from writeoff_schedule s left join writeoff_line l on l.org_id = s.org_id and l.schedule_id = s.id where s.org_id = $1 and s.number = $2 group by s.id, s.number, s.month_on, s.committee_on, s.committee_minute, s.committee_by"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Opens the schedule of a month, unless it is open.
pub async fn open_schedule(
    tx: &mut Tx,
    org: OrgId,
    (id, number, month_on): (i64, &str, NaiveDate),
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into writeoff_schedule (org_id, id, number, month_on, committee_minute, committee_by, recorded_at) values ($1, $2, $3, $4, '', '', $5) on conflict do nothing"
    );
    tx.run(sql, args![org, id, number, month_on, at]).await.map(drop)
}

/// Records what the committee decided.
pub async fn set_committee(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (on, minute, by): (NaiveDate, &str, &str),
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update writeoff_schedule set committee_on = $3, committee_minute = $4, committee_by = $5 where org_id = $1 and id = $2"
    );
    tx.run(sql, args![org, id, on, minute, by]).await.map(drop)
}

/// A line of a schedule.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LineRow {
    /// Id.
    pub id: i64,
    /// Its schedule.
    pub schedule_id: i64,
    /// The debt.
    pub item_id: i64,
    /// Whose.
    pub customer_id: i64,
    /// How much.
    pub amount_pence: i64,
    /// Why.
    pub reason: String,
    /// In words.
    pub words: String,
    /// proposed, sent_back, refused, approved or withdrawn.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: i64,
    /// Their name.
    pub proposed_by_name: String,
    /// When.
    pub proposed_on: NaiveDate,
    /// Who decided.
    pub decided_by: Option<i64>,
    /// Their name.
    pub decided_by_name: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// Why it was sent back or refused.
    pub decision_words: String,
    /// Number of the write-off.
    pub write_off: String,
    /// Counts its changes.
    pub version: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a line.
pub async fn add_line(tx: &mut Tx, org: OrgId, l: &LineRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into writeoff_line (org_id, id, schedule_id, item_id, customer_id, amount_pence, reason, words, state, proposed_by, proposed_by_name, proposed_on, decided_by_name, decision_words, write_off, version, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', '', 1, $13)"
    );
    let values = args![
        org,
        l.id,
        l.schedule_id,
        l.item_id,
        l.customer_id,
        l.amount_pence,
        &l.reason,
        &l.words,
        &l.state,
        l.proposed_by,
        &l.proposed_by_name,
        l.proposed_on,
        l.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The lines of a schedule, by customer.
pub async fn lines_of(tx: &mut Tx, org: OrgId, schedule: i64) -> Result<Vec<LineRow>, StoreFault> {
    let sql = sql!(
        "select id, schedule_id, item_id, customer_id, amount_pence, reason, words, state, proposed_by, proposed_by_name, proposed_on, decided_by, decided_by_name, decided_on, decision_words, write_off, version, recorded_at from writeoff_line where org_id = $1 and schedule_id = $2 order by customer_id, id"
    );
    tx.all(sql, args![org, schedule]).await
}

/// One line.
pub async fn line(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<LineRow>, StoreFault> {
    let sql = sql!(
        "select id, schedule_id, item_id, customer_id, amount_pence, reason, words, state, proposed_by, proposed_by_name, proposed_on, decided_by, decided_by_name, decided_on, decision_words, write_off, version, recorded_at from writeoff_line where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Every line of a debt, oldest first.
pub async fn lines_of_item(tx: &mut Tx, org: OrgId, item: i64) -> Result<Vec<LineRow>, StoreFault> {
    let sql = sql!(
        "select id, schedule_id, item_id, customer_id, amount_pence, reason, words, state, proposed_by, proposed_by_name, proposed_on, decided_by, decided_by_name, decided_on, decision_words, write_off, version, recorded_at from writeoff_line where org_id = $1 and item_id = $2 order by id"
    );
    tx.all(sql, args![org, item]).await
}

/// Writes a line as it is now; false if somebody changed it since it was read.
pub async fn change_line(tx: &mut Tx, org: OrgId, l: &LineRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update writeoff_line set schedule_id = $4, amount_pence = $5, reason = $6, words = $7, state = $8, proposed_by = $9, proposed_by_name = $10, proposed_on = $11, decided_by = $12, decided_by_name = $13, decided_on = $14, decision_words = $15, write_off = $16, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        l.id,
        l.version,
        l.schedule_id,
        l.amount_pence,
        &l.reason,
        &l.words,
        &l.state,
        l.proposed_by,
        &l.proposed_by_name,
        l.proposed_on,
        l.decided_by,
        &l.decided_by_name,
        l.decided_on,
        &l.decision_words,
        &l.write_off
    ];
    Ok(tx.run(sql, values).await? == 1)
}
