//! Cases of ServiceNow and ours there, with their comments, their files, and the requests they became.
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, QueryId};

/// A case.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ServiceNowCaseRow {
    /// Id.
    pub id: i64,
    /// Our number of it: `SNC-000001`.
    pub number: String,
    /// Their id; empty until it is there.
    pub sys_id: String,
    /// Their number.
    pub their_number: String,
    /// What both sides know it by.
    pub correlation_id: String,
    /// Whether we opened it.
    pub ours: bool,
    /// What it asks for; empty where that is not known.
    pub request_type: String,
    /// One line.
    pub subject: String,
    /// The words.
    pub words: String,
    /// State there, as they code it.
    pub their_state: String,
    /// The state that we last sent.
    pub sent_state: String,
    /// When it was last changed there.
    pub updated_at: Option<DateTime<Utc>>,
    /// Whether it is not there any more.
    pub removed_there: bool,
    /// Where it stands here.
    pub state: String,
    /// Why, in sentences.
    pub reasons: Value,
    /// The query.
    pub query_id: Option<i64>,
    /// What it was last told.
    pub told: String,
    /// What it may have been told: no answer came.
    pub telling: String,
    /// What a person or a sheet has it told, until it is.
    pub tell_now: String,
    /// The version of the query that it was told of.
    pub query_version: i64,
    /// How often it was to be opened.
    pub tries: i64,
    /// What they said no with.
    pub error: String,
    /// By when they should answer.
    pub answer_by: Option<NaiveDate>,
    /// Who is to look at it.
    pub owner: String,
    /// Who said what becomes of it; empty where the rules did.
    pub decided_by_name: String,
    /// When it was last looked for there.
    pub checked_at: Option<DateTime<Utc>>,
    /// The business day on which it came, or was opened.
    pub came_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds a case; false where another has its id there, or what both sides know it by.
pub async fn add_case(tx: &mut Tx, org: OrgId, row: &ServiceNowCaseRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into servicenow_case (org_id, id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) on conflict do nothing"
    );
    let values = args![
        org,
        row.id,
        &row.number,
        &row.sys_id,
        &row.their_number,
        &row.correlation_id,
        row.ours,
        &row.request_type,
        &row.subject,
        &row.words,
        &row.their_state,
        &row.sent_state,
        row.updated_at,
        row.removed_there,
        &row.state,
        row.reasons.clone(),
        row.query_id,
        &row.told,
        &row.telling,
        &row.tell_now,
        row.query_version,
        row.tries,
        &row.error,
        row.answer_by,
        &row.owner,
        &row.decided_by_name,
        row.checked_at,
        row.came_on,
        row.recorded_at,
        row.version
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Changes a case, if it still has the version that was read; false if not.
pub async fn change_case(tx: &mut Tx, org: OrgId, row: &ServiceNowCaseRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update servicenow_case set sys_id = $4, their_number = $5, request_type = $6, subject = $7, words = $8, their_state = $9, sent_state = $10, updated_at = $11, removed_there = $12, state = $13, reasons = $14, query_id = $15, told = $16, telling = $17, tell_now = $18, query_version = $19, tries = $20, error = $21, owner = $22, decided_by_name = $23, checked_at = $24, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        row.id,
        row.version,
        &row.sys_id,
        &row.their_number,
        &row.request_type,
        &row.subject,
        &row.words,
        &row.their_state,
        &row.sent_state,
        row.updated_at,
        row.removed_there,
        &row.state,
        row.reasons.clone(),
        row.query_id,
        &row.told,
        &row.telling,
        &row.tell_now,
        row.query_version,
        row.tries,
        &row.error,
        &row.owner,
        &row.decided_by_name,
        row.checked_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The case with a number of ours.
pub async fn case_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ServiceNowCaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version from servicenow_case where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The case with an id of theirs, or what both sides know it by.
pub async fn case_there(
    tx: &mut Tx,
    org: OrgId,
    sys_id: &str,
    correlation_id: &str,
) -> Result<Option<ServiceNowCaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version from servicenow_case where org_id = $1 and sys_id = $2"
    );
    let found = tx.maybe(sql, args![org, sys_id]).await?;
    if found.is_some() || correlation_id.is_empty() {
        return Ok(found);
    }
    let sql = sql!(
        "select id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version from servicenow_case where org_id = $1 and correlation_id = $2 and sys_id = ''"
    );
    tx.maybe(sql, args![org, correlation_id]).await
}

/// The cases of a query, oldest first.
pub async fn cases_of_query(tx: &mut Tx, org: OrgId, query: QueryId) -> Result<Vec<ServiceNowCaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version from servicenow_case where org_id = $1 and query_id = $2 order by id"
    );
    tx.all(sql, args![org, query]).await
}

/// Cases of ours that are to be opened there, oldest first.
pub async fn cases_to_send(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ServiceNowCaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version from servicenow_case where org_id = $1 and state in ('to_send','unsure') order by id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Cases of theirs whose query has changed since they were told of it, oldest first.
pub async fn cases_to_tell(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ServiceNowCaseRow>, StoreFault> {
    let sql = sql!(
        "select c.id, c.number, c.sys_id, c.their_number, c.correlation_id, c.ours, c.request_type, c.subject, c.words, c.their_state, c.sent_state, c.updated_at, c.removed_there, c.state, c.reasons, c.query_id, c.told, c.telling, c.tell_now, c.query_version, c.tries, c.error, c.answer_by, c.owner, c.decided_by_name, c.checked_at, c.came_on, c.recorded_at, c.version from servicenow_case c left join query q on q.org_id = c.org_id and q.id = c.query_id where c.org_id = $1 and c.ours = false and c.removed_there = false and (c.tell_now <> '' or (c.state = 'query' and q.version <> c.query_version) or (c.state = 'requests' and exists (select 1 from servicenow_request s join invoice_request r on r.org_id = s.org_id and r.number = s.request_number where s.org_id = c.org_id and s.case_id = c.id and r.state <> s.told_state))) order by c.id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Cases that are open there and were not looked for since an instant, the longest ago first.
pub async fn cases_to_check(
    tx: &mut Tx,
    org: OrgId,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ServiceNowCaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, sys_id, their_number, correlation_id, ours, request_type, subject, words, their_state, sent_state, updated_at, removed_there, state, reasons, query_id, told, telling, tell_now, query_version, tries, error, answer_by, owner, decided_by_name, checked_at, came_on, recorded_at, version from servicenow_case where org_id = $1 and state in ('waiting','query','requests','sent_back','asked') and removed_there = false and sys_id <> '' and checked_at < $2 order by checked_at, id limit $3"
    );
    tx.all(sql, args![org, before, limit]).await
}

/// A case in a list.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ServiceNowCaseLine {
    /// Id: the key of the list.
    pub id: i64,
    /// Our number of it.
    pub number: String,
    /// Their number.
    pub their_number: String,
    /// Whether we opened it.
    pub ours: bool,
    /// What it asks for.
    pub request_type: String,
    /// One line.
    pub subject: String,
    /// Where it stands here.
    pub state: String,
    /// Whether it is not there any more.
    pub removed_there: bool,
    /// Why, in sentences.
    pub reasons: Value,
    /// What they said no with.
    pub error: String,
    /// The query.
    pub query_number: String,
    /// Who is to look at it.
    pub owner: String,
    /// When it came, or was opened.
    pub came_on: NaiveDate,
}

/// Cases in a state, newest first; in any when none is said.
pub async fn cases_page(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<ServiceNowCaseLine>, StoreFault> {
    let mut values = args![org, before, limit];
    let mut sql = "select c.id, c.number, c.their_number, c.ours, c.request_type, c.subject, c.state, c.removed_there, c.reasons, c.error, coalesce(q.number, '') as query_number, c.owner, c.came_on from servicenow_case c left join query q on q.org_id = c.org_id and q.id = c.query_id where c.org_id = $1 and c.id < $2".to_owned();
    if !state.is_empty() {
        values.push(Arg::from(state));
        sql.push_str(" and c.state = $4");
    }
    sql.push_str(" order by c.id desc limit $3");
    tx.all_built(sql, values).await
}

/// How many cases stand where.
pub async fn case_counts(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!("select state, count(*) from servicenow_case where org_id = $1 group by state order by state");
    tx.all(sql, args![org]).await
}

/// Whether anything waits to be opened there.
pub async fn anything_to_send(tx: &mut Tx, org: OrgId) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select cast(case when exists (select 1 from servicenow_case where org_id = $1 and state in ('to_send','unsure')) then 1 else 0 end as bigint)"
    );
    let count: Option<(i64,)> = tx.maybe(sql, args![org]).await?;
    Ok(count.is_some_and(|(count,)| count > 0))
}

/// A comment of theirs.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ServiceNowCommentRow {
    /// The case.
    pub case_id: i64,
    /// Their id of it.
    pub sys_id: String,
    /// What it says.
    pub words: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// When it was taken.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps a comment; false where it is known.
pub async fn add_comment(tx: &mut Tx, org: OrgId, row: &ServiceNowCommentRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into servicenow_comment (org_id, case_id, sys_id, words, written_at, recorded_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    );
    let values = args![org, row.case_id, &row.sys_id, &row.words, row.written_at, row.recorded_at];
    Ok(tx.run(sql, values).await? == 1)
}

/// The comments of a case, oldest first.
pub async fn comments_of(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<ServiceNowCommentRow>, StoreFault> {
    let sql = sql!(
        "select case_id, sys_id, words, written_at, recorded_at from servicenow_comment where org_id = $1 and case_id = $2 order by written_at, sys_id"
    );
    tx.all(sql, args![org, case]).await
}

/// A file of theirs.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ServiceNowFileRow {
    /// The case.
    pub case_id: i64,
    /// Their id of it.
    pub sys_id: String,
    /// Its name.
    pub name: String,
    /// What it says it is.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// Its hash; empty where it was left there.
    pub sha256: String,
    /// Why it was left there.
    pub left_there: String,
    /// When it was looked at.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps what is known of a file; false where it is known.
pub async fn add_file(tx: &mut Tx, org: OrgId, row: &ServiceNowFileRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into servicenow_file (org_id, case_id, sys_id, name, media_type, size_bytes, sha256, left_there, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"
    );
    let values = args![
        org,
        row.case_id,
        &row.sys_id,
        &row.name,
        &row.media_type,
        row.size_bytes,
        &row.sha256,
        &row.left_there,
        row.recorded_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The files of a case.
pub async fn files_of(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<ServiceNowFileRow>, StoreFault> {
    let sql = sql!(
        "select case_id, sys_id, name, media_type, size_bytes, sha256, left_there, recorded_at from servicenow_file where org_id = $1 and case_id = $2 order by recorded_at, sys_id"
    );
    tx.all(sql, args![org, case]).await
}

/// Notes that a case became a request.
pub async fn add_request(tx: &mut Tx, org: OrgId, case: i64, number: &str) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into servicenow_request (org_id, case_id, request_number, told_state) values ($1, $2, $3, '') on conflict do nothing"
    );
    tx.run(sql, args![org, case, number]).await.map(drop)
}

/// A request that a case became.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CaseRequestRow {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// Why it was sent back.
    pub reason: String,
    /// The invoice it became.
    pub invoice_number: String,
}

/// The requests that a case became.
pub async fn requests_of(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<CaseRequestRow>, StoreFault> {
    let sql = sql!(
        "select r.number, r.state, r.reason, r.invoice_number from servicenow_request s join invoice_request r on r.org_id = s.org_id and r.number = s.request_number where s.org_id = $1 and s.case_id = $2 order by r.number"
    );
    tx.all(sql, args![org, case]).await
}

/// Notes that a case was told where its request stands.
pub async fn told_of_request(
    tx: &mut Tx,
    org: OrgId,
    case: i64,
    (number, state): (&str, &str),
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update servicenow_request set told_state = $4 where org_id = $1 and case_id = $2 and request_number = $3"
    );
    tx.run(sql, args![org, case, number, state]).await.map(drop)
}
