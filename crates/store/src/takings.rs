//! Files of collection agents, and the credit that the bank shows for each.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A file whose payments are in the books one by one.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct TakingsFileRow {
    /// Id.
    pub id: i64,
    /// The account that the bank pays it into.
    pub bank_account_id: i64,
    /// Hash of the bytes.
    pub file_sha256: String,
    /// Its name.
    pub name: String,
    /// The layout it was read by.
    pub layout: String,
    /// Its day.
    pub dated_on: NaiveDate,
    /// Payments that were new in it.
    pub payments_count: i64,
    /// Their sum, less what was taken back.
    pub total_pence: i64,
    /// expected or shown.
    pub state: String,
    /// The bank's line for it.
    pub bank_line_id: Option<i64>,
    /// The day of that line.
    pub shown_on: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a file.
pub async fn add_takings(tx: &mut Tx, org: OrgId, r: &TakingsFileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into takings_file (org_id, id, bank_account_id, file_sha256, name, layout, dated_on, payments_count, total_pence, state, bank_line_id, shown_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let values = args![
        org,
        r.id,
        r.bank_account_id,
        &r.file_sha256,
        &r.name,
        &r.layout,
        r.dated_on,
        r.payments_count,
        r.total_pence,
        &r.state,
        r.bank_line_id,
        r.shown_on,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Files, newest first.
pub async fn takings(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<TakingsFileRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, name, layout, dated_on, payments_count, total_pence, state, bank_line_id, shown_on, recorded_at from takings_file where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// One file.
pub async fn takings_file(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<TakingsFileRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, name, layout, dated_on, payments_count, total_pence, state, bank_line_id, shown_on, recorded_at from takings_file where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// A waiting line of the bank that has the account and the sum of a file that waits for it.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CreditRow {
    /// The line.
    pub line_id: i64,
    /// Its day.
    pub posted_on: NaiveDate,
    /// The file.
    pub takings_id: i64,
    /// The file's day.
    pub dated_on: NaiveDate,
    /// The file's name.
    pub name: String,
}

/// Lines that may be the credit of a file; a file's own payments are none.
pub async fn possible_credits(tx: &mut Tx, org: OrgId) -> Result<Vec<CreditRow>, StoreFault> {
    let sql = sql!(
        "select l.id as line_id, l.posted_on, t.id as takings_id, t.dated_on, t.name from takings_file t join bank_line l on l.org_id = t.org_id and l.bank_account_id = t.bank_account_id and l.amount_pence = t.total_pence and l.state = 'waiting' join bank_statement s on s.org_id = l.org_id and s.id = l.bank_statement_id where t.org_id = $1 and t.state = 'expected' and s.format not like 'payment-file:%' order by t.id, l.posted_on, l.id"
    );
    tx.all(sql, args![org]).await
}

/// The bank has shown a file's credit; `false` when it had before.
pub async fn show_takings(tx: &mut Tx, org: OrgId, id: i64, (line, on): (i64, NaiveDate)) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update takings_file set state = 'shown', bank_line_id = $3, shown_on = $4 where org_id = $1 and id = $2 and state = 'expected'"
    );
    Ok(tx.run(sql, args![org, id, line, on]).await? == 1)
}
