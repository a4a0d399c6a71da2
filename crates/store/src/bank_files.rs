//! Files from the bank as they arrived, statements beside one another, layouts of CSV, and places to fetch from.
use crate::cash::BankStatementRow;
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

// Files ------------------------------------------------------------------------------

/// A file from the bank, whatever came of it. The same bytes are one file, however often they come.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BankFileRow {
    /// Id.
    pub id: i64,
    /// Hash of the bytes, under which they are kept.
    pub file_sha256: String,
    /// Its name when it first came.
    pub name: String,
    /// Bytes.
    pub size_bytes: i64,
    /// web, api, cli or job.
    pub channel: String,
    /// The place it was fetched from; empty when somebody handed it in.
    pub source_name: String,
    /// Who brought it.
    pub brought_by: i64,
    /// Their name.
    pub brought_by_name: String,
    /// When it first came.
    pub arrived_at: DateTime<Utc>,
    /// The business date then.
    pub business_on: NaiveDate,
    /// How often it came.
    pub times: i64,
    /// When it last came.
    pub last_at: DateTime<Utc>,
    /// Its format, if it was told.
    pub format: String,
    /// Our account, if it was told.
    pub bank_account: String,
    /// checked, accepted, warned, held or rejected.
    pub state: String,
    /// The code of the refusal or of the first problem.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
    /// What can be done.
    pub way_out: String,
    /// Every problem: code, place, sentence.
    pub problems: Value,
    /// Lines that were new.
    pub lines_new: i64,
    /// Lines that had come before.
    pub lines_seen: i64,
    /// Money in, of the new lines.
    pub credits_pence: i64,
    /// Money out, of the new lines.
    pub debits_pence: i64,
    /// Who took it although it did not follow.
    pub decided_by_name: String,
    /// Why.
    pub decided_reason: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Adds a file, or takes note that its bytes came again and what came of them this time.
///
/// What was accepted stays accepted: the same bytes again change nothing but the count.
pub async fn note_bank_file(tx: &mut Tx, org: OrgId, r: &BankFileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into bank_file (org_id, id, file_sha256, name, size_bytes, channel, source_name, brought_by, brought_by_name, arrived_at, business_on, times, last_at, format, bank_account, state, code, message, way_out, problems, lines_new, lines_seen, credits_pence, debits_pence, decided_by_name, decided_reason, decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $10, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) on conflict (org_id, file_sha256) do update set times = bank_file.times + 1, last_at = excluded.last_at, format = excluded.format, bank_account = excluded.bank_account, state = excluded.state, code = excluded.code, message = excluded.message, way_out = excluded.way_out, problems = excluded.problems, lines_new = excluded.lines_new, lines_seen = excluded.lines_seen, credits_pence = excluded.credits_pence, debits_pence = excluded.debits_pence, decided_by_name = excluded.decided_by_name, decided_reason = excluded.decided_reason, decided_at = excluded.decided_at where bank_file.state not in ('accepted', 'warned')"
    );
    let values = args![
        org,
        r.id,
        &r.file_sha256,
        &r.name,
        r.size_bytes,
        &r.channel,
        &r.source_name,
        r.brought_by,
        &r.brought_by_name,
        r.arrived_at,
        r.business_on,
        &r.format,
        &r.bank_account,
        &r.state,
        &r.code,
        &r.message,
        &r.way_out,
        r.problems.clone(),
        r.lines_new,
        r.lines_seen,
        r.credits_pence,
        r.debits_pence,
        &r.decided_by_name,
        &r.decided_reason,
        r.decided_at,
    ];
    tx.run(sql, values).await.map(drop)
}

/// Counts an accepted file that came again.
pub async fn bank_file_again(tx: &mut Tx, org: OrgId, sha256: &str, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!("update bank_file set times = times + 1, last_at = $3 where org_id = $1 and file_sha256 = $2");
    tx.run(sql, args![org, sha256, at]).await.map(drop)
}

/// Files, newest first, before an id; an empty state means all.
pub async fn bank_files(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<BankFileRow>, StoreFault> {
    let sql = sql!(
        "select id, file_sha256, name, size_bytes, channel, source_name, brought_by, brought_by_name, arrived_at, business_on, times, last_at, format, bank_account, state, code, message, way_out, problems, lines_new, lines_seen, credits_pence, debits_pence, decided_by_name, decided_reason, decided_at from bank_file where org_id = $1 and ($2 = '' or state = $2) and id < $3 order by id desc limit $4"
    );
    tx.all(sql, args![org, state, before, limit]).await
}

/// One file.
pub async fn bank_file(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<BankFileRow>, StoreFault> {
    let sql = sql!(
        "select id, file_sha256, name, size_bytes, channel, source_name, brought_by, brought_by_name, arrived_at, business_on, times, last_at, format, bank_account, state, code, message, way_out, problems, lines_new, lines_seen, credits_pence, debits_pence, decided_by_name, decided_reason, decided_at from bank_file where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// How many files there are in each state.
pub async fn bank_file_states(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!("select state, count(*) from bank_file where org_id = $1 group by state order by state");
    tx.all(sql, args![org]).await
}

// Statements beside one another --------------------------------------------------------

/// The newest statements of an account up to a day, the newest first.
pub async fn statement_before(
    tx: &mut Tx,
    org: OrgId,
    account: i64,
    day: NaiveDate,
) -> Result<Option<BankStatementRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at from bank_statement where org_id = $1 and bank_account_id = $2 and to_on < $3 and closing_pence is not null order by to_on desc, id desc limit 1"
    );
    tx.maybe(sql, args![org, account, day]).await
}

/// The first statement of an account after a day.
pub async fn statement_after(
    tx: &mut Tx,
    org: OrgId,
    account: i64,
    day: NaiveDate,
) -> Result<Option<BankStatementRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at from bank_statement where org_id = $1 and bank_account_id = $2 and to_on > $3 and opening_pence is not null order by to_on, id limit 1"
    );
    tx.maybe(sql, args![org, account, day]).await
}

/// The statements of an account with a number.
pub async fn statements_numbered(
    tx: &mut Tx,
    org: OrgId,
    account: i64,
    number: &str,
) -> Result<Vec<BankStatementRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at from bank_statement where org_id = $1 and bank_account_id = $2 and statement_number = $3 order by id"
    );
    tx.all(sql, args![org, account, number]).await
}

/// The newest statement of an account that has a number.
pub async fn last_numbered(tx: &mut Tx, org: OrgId, account: i64) -> Result<Option<BankStatementRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at from bank_statement where org_id = $1 and bank_account_id = $2 and statement_number <> '' and to_on is not null order by to_on desc, id desc limit 1"
    );
    tx.maybe(sql, args![org, account]).await
}

// Layouts of CSV -----------------------------------------------------------------------

/// A version of a layout that somebody wrote.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CsvProfileRow {
    /// Its name, as in `csv:name`.
    pub name: String,
    /// From 1; the newest counts.
    pub version: i64,
    /// The layout.
    pub layout: Value,
    /// What changed, or why.
    pub note: String,
    /// Whether it is offered; a version that is not ends the layout.
    pub in_use: bool,
    /// Who wrote it.
    pub recorded_by_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Every version of every layout, by name, the newest first.
pub async fn csv_profiles(tx: &mut Tx, org: OrgId) -> Result<Vec<CsvProfileRow>, StoreFault> {
    let sql = sql!(
        "select name, version, layout, note, in_use, recorded_by_name, recorded_at from csv_profile where org_id = $1 order by name, version desc"
    );
    tx.all(sql, args![org]).await
}

/// Adds a version.
pub async fn add_csv_profile(tx: &mut Tx, org: OrgId, r: &CsvProfileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into csv_profile (org_id, name, version, layout, note, in_use, recorded_by_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let values =
        args![org, &r.name, r.version, r.layout.clone(), &r.note, r.in_use, &r.recorded_by_name, r.recorded_at];
    tx.run(sql, values).await.map(drop)
}

// Places to fetch from -----------------------------------------------------------------

/// A place where the bank leaves files.
#[derive(Clone, Debug, FromRow)]
pub struct BankSourceRow {
    /// Id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// folder or sftp.
    pub kind: String,
    /// Where the files lie.
    pub folder: String,
    /// The server; empty for a folder.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// The name we sign in with.
    pub user_name: String,
    /// The server's key, pinned.
    pub host_key: String,
    /// Our private key, sealed.
    pub secret: String,
    /// Which files, as `*.xml`.
    pub pattern: String,
    /// Their format; empty: the file says.
    pub format: String,
    /// Our account; empty: the file says.
    pub bank_account: String,
    /// How often it is looked at.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// On whose behalf files are imported.
    pub owner: i64,
    /// Their name.
    pub owner_name: String,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be reached.
    pub failed: bool,
    /// Rises with each change.
    pub version: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Every place, by name.
pub async fn bank_sources(tx: &mut Tx, org: OrgId) -> Result<Vec<BankSourceRow>, StoreFault> {
    let sql = sql!(
        "select id, name, kind, folder, host, port, user_name, host_key, secret, pattern, format, bank_account, every_minutes, in_use, owner, owner_name, looked_at, result, failed, version, recorded_at from bank_source where org_id = $1 order by name"
    );
    tx.all(sql, args![org]).await
}

/// Adds a place, or changes the one with its id.
pub async fn keep_bank_source(tx: &mut Tx, org: OrgId, r: &BankSourceRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into bank_source (org_id, id, name, kind, folder, host, port, user_name, host_key, secret, pattern, format, bank_account, every_minutes, in_use, owner, owner_name, looked_at, result, failed, version, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) on conflict (org_id, id) do update set name = excluded.name, kind = excluded.kind, folder = excluded.folder, host = excluded.host, port = excluded.port, user_name = excluded.user_name, host_key = excluded.host_key, secret = excluded.secret, pattern = excluded.pattern, format = excluded.format, bank_account = excluded.bank_account, every_minutes = excluded.every_minutes, in_use = excluded.in_use, owner = excluded.owner, owner_name = excluded.owner_name, version = excluded.version"
    );
    let values = args![
        org,
        r.id,
        &r.name,
        &r.kind,
        &r.folder,
        &r.host,
        r.port,
        &r.user_name,
        &r.host_key,
        &r.secret,
        &r.pattern,
        &r.format,
        &r.bank_account,
        r.every_minutes,
        r.in_use,
        r.owner,
        &r.owner_name,
        r.looked_at,
        &r.result,
        r.failed,
        r.version,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Says when a place was looked at and what came of it.
pub async fn looked_at(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    at: DateTime<Utc>,
    told: (&str, bool),
) -> Result<(), StoreFault> {
    let sql = sql!("update bank_source set looked_at = $3, result = $4, failed = $5 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, at, told.0, told.1]).await.map(drop)
}

/// A file that was fetched from a place.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BankPickupRow {
    /// The place.
    pub source_id: i64,
    /// Hash of the bytes.
    pub file_sha256: String,
    /// Its name there.
    pub name: String,
    /// Bytes.
    pub size_bytes: i64,
    /// accepted, again, held or rejected.
    pub outcome: String,
    /// What came of it.
    pub message: String,
    /// When.
    pub picked_at: DateTime<Utc>,
}

/// The files fetched from a place, the newest first.
pub async fn bank_pickups(tx: &mut Tx, org: OrgId, source: i64, limit: i64) -> Result<Vec<BankPickupRow>, StoreFault> {
    let sql = sql!(
        "select source_id, file_sha256, name, size_bytes, outcome, message, picked_at from bank_pickup where org_id = $1 and source_id = $2 order by picked_at desc, name limit $3"
    );
    tx.all(sql, args![org, source, limit]).await
}

/// Whether a file with this name and content was fetched from a place before.
pub async fn picked_before(tx: &mut Tx, org: OrgId, source: i64, sha256: &str, name: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select count(*) from bank_pickup where org_id = $1 and source_id = $2 and file_sha256 = $3 and name = $4"
    );
    let count: (i64,) = tx.one(sql, args![org, source, sha256, name]).await?;
    Ok(count.0 > 0)
}

/// Takes note of a file that was fetched.
pub async fn add_bank_pickup(tx: &mut Tx, org: OrgId, r: &BankPickupRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into bank_pickup (org_id, source_id, file_sha256, name, size_bytes, outcome, message, picked_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing"
    );
    let values = args![org, r.source_id, &r.file_sha256, &r.name, r.size_bytes, &r.outcome, &r.message, r.picked_at];
    tx.run(sql, values).await.map(drop)
}
