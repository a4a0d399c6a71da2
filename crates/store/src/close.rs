//! Batches of journals for the general ledger, and what closing a period asks.
pub mod advance;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A batch of journals sent to the general ledger.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct GlBatchRow {
    /// Id.
    pub id: i64,
    /// Gapless number.
    pub number: i64,
    /// When it was made.
    pub made_on: NaiveDate,
    /// Journals.
    pub journals_count: i64,
    /// Entries.
    pub entries_count: i64,
    /// Debits.
    pub debit_pence: i64,
    /// Credits.
    pub credit_pence: i64,
    /// Hash of its file.
    pub file_sha256: String,
    /// Name of its file.
    pub file_name: String,
    /// made, sent, acknowledged or rejected.
    pub state: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A journal that no batch has.
#[derive(Clone, Debug, FromRow)]
pub struct JournalToSend {
    /// Id.
    pub id: i64,
    /// Posting date.
    pub posted_on: NaiveDate,
}

/// Journals posted up to a day that are in no batch, oldest first.
pub async fn journals_to_send(tx: &mut Tx, org: OrgId, up_to: NaiveDate) -> Result<Vec<JournalToSend>, StoreFault> {
    let sql = sql!(
        "select j.id, j.posted_on from journal j left join gl_batch_journal b on b.org_id = j.org_id and b.journal_id = j.id where j.org_id = $1 and j.posted_on <= $2 and b.journal_id is null order by j.posted_on, j.id"
    );
    tx.all(sql, args![org, up_to]).await
}

/// Puts journals into a batch; a journal that is in one already is refused by the engine.
pub async fn add_to_batch(tx: &mut Tx, org: OrgId, batch: i64, journals: &[i64]) -> Result<(), StoreFault> {
    let rows = journals.iter().map(|journal| args![org, *journal, batch]).collect();
    tx.insert("gl_batch_journal", &["org_id", "journal_id", "batch_id"], rows).await
}

/// Entries of a batch, summed by day, event, code and cost centre, each side by itself.
#[derive(Clone, Debug, FromRow)]
pub struct BatchSum {
    /// Posting date.
    pub posted_on: NaiveDate,
    /// Event.
    pub event: String,
    /// GL code.
    pub gl_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Entries.
    pub entries: i64,
    /// Debits.
    pub debit_pence: i64,
    /// Credits.
    pub credit_pence: i64,
}

/// What a batch posts, in the order of its file.
pub async fn sums_of_batch(tx: &mut Tx, org: OrgId, batch: i64) -> Result<Vec<BatchSum>, StoreFault> {
    let sql = sql!(
        "select j.posted_on, j.event, e.gl_code, e.cost_centre, cast(count(*) as bigint) as entries, cast(sum(e.debit_pence) as bigint) as debit_pence, cast(sum(e.credit_pence) as bigint) as credit_pence from gl_batch_journal x join journal j on j.org_id = x.org_id and j.id = x.journal_id join entry e on e.org_id = x.org_id and e.journal_id = x.journal_id where x.org_id = $1 and x.batch_id = $2 group by j.posted_on, j.event, e.gl_code, e.cost_centre order by j.posted_on, j.event, e.gl_code, e.cost_centre"
    );
    tx.all(sql, args![org, batch]).await
}

/// Adds a batch.
pub async fn add_batch(tx: &mut Tx, org: OrgId, row: &GlBatchRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into gl_batch (org_id, id, number, made_on, journals_count, entries_count, debit_pence, credit_pence, file_sha256, file_name, state, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        row.id,
        row.number,
        row.made_on,
        row.journals_count,
        row.entries_count,
        row.debit_pence,
        row.credit_pence,
        &row.file_sha256,
        &row.file_name,
        &row.state,
        row.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Batches, newest first.
pub async fn batches(tx: &mut Tx, org: OrgId) -> Result<Vec<GlBatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, made_on, journals_count, entries_count, debit_pence, credit_pence, file_sha256, file_name, state, recorded_at from gl_batch where org_id = $1 order by number desc"
    );
    tx.all(sql, args![org]).await
}

/// The batch with a number.
pub async fn batch_numbered(tx: &mut Tx, org: OrgId, number: i64) -> Result<Option<GlBatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, made_on, journals_count, entries_count, debit_pence, credit_pence, file_sha256, file_name, state, recorded_at from gl_batch where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Notes the general ledger's answer; false if the batch has had its last one.
pub async fn answer_batch(tx: &mut Tx, org: OrgId, number: i64, state: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update gl_batch set state = $3 where org_id = $1 and number = $2 and state in ('made','sent','rejected')"
    );
    Ok(tx.run(sql, args![org, number, state]).await? == 1)
}

/// Batches with journals dated up to a day that the general ledger has not accepted.
pub async fn batches_not_accepted(tx: &mut Tx, org: OrgId, up_to: NaiveDate) -> Result<Vec<(i64,)>, StoreFault> {
    let sql = sql!(
        "select b.number from gl_batch b join gl_batch_journal x on x.org_id = b.org_id and x.batch_id = b.id join journal j on j.org_id = x.org_id and j.id = x.journal_id where b.org_id = $1 and b.state <> 'acknowledged' and j.posted_on <= $2 group by b.number order by b.number"
    );
    tx.all(sql, args![org, up_to]).await
}

/// How many journals of a period there are.
pub async fn journals_in_period(tx: &mut Tx, org: OrgId, start_year: i64, number: i64) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from journal where org_id = $1 and start_year = $2 and period_number = $3"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, start_year, number]).await?.0)
}

/// The period with a year and a number.
pub async fn period(
    tx: &mut Tx,
    org: OrgId,
    start_year: i64,
    number: i64,
) -> Result<Option<crate::ledger::PeriodRow>, StoreFault> {
    let sql = sql!(
        "select start_year, number, starts_on, ends_on, state, snapshot_sha256 from period where org_id = $1 and start_year = $2 and number = $3"
    );
    tx.maybe(sql, args![org, start_year, number]).await
}
