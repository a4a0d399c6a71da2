//! Tracing: each search with its source, ground, cost and result; addresses found; people who may not be traced.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A search.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TraceRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Who is looked for.
    pub customer_id: i64,
    /// Where.
    pub source: String,
    /// What for.
    pub purpose: String,
    /// The ground in law.
    pub lawful_basis: String,
    /// Why, in words.
    pub why: String,
    /// What it cost.
    pub cost_pence: i64,
    /// The identifier in a file to a bureau.
    pub request_id: String,
    /// The file it went in; empty for a search by hand.
    pub file_number: String,
    /// asked, sent, answered, no_answer, held or cancelled.
    pub state: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_on: NaiveDate,
    /// When an answer is due.
    pub answer_by: NaiveDate,
    /// When it was answered.
    pub answered_on: Option<NaiveDate>,
    /// The result code; empty before the answer.
    pub result: String,
    /// How sure, in per cent.
    pub confidence_pct: i64,
    /// How many independent sources agree.
    pub sources_found: i64,
    /// When the newest of them saw the person.
    pub last_seen_on: Option<NaiveDate>,
    /// The date of birth agrees.
    pub birth_agrees: bool,
    /// The name agrees.
    pub name_agrees: bool,
    /// What was found, in words.
    pub words: String,
    /// What is done next.
    pub next_step: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a search.
pub async fn add_trace(tx: &mut Tx, org: OrgId, t: &TraceRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into trace (org_id, id, number, customer_id, source, purpose, lawful_basis, why, cost_pence, request_id, file_number, state, asked_by, asked_on, answer_by, answered_on, result, confidence_pct, sources_found, last_seen_on, birth_agrees, name_agrees, words, next_step, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)"
    );
    let values = args![
        org,
        t.id,
        &t.number,
        t.customer_id,
        &t.source,
        &t.purpose,
        &t.lawful_basis,
        &t.why,
        t.cost_pence,
        &t.request_id,
        &t.file_number,
        &t.state,
        &t.asked_by,
        t.asked_on,
        t.answer_by,
        t.answered_on,
        &t.result,
        t.confidence_pct,
        t.sources_found,
        t.last_seen_on,
        t.birth_agrees,
        t.name_agrees,
        &t.words,
        &t.next_step,
        t.recorded_at,
        t.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes where a search stands; false if its version has moved on.
pub async fn change_trace(tx: &mut Tx, org: OrgId, t: &TraceRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update trace set cost_pence = $4, file_number = $5, state = $6, answer_by = $7, answered_on = $8, result = $9, confidence_pct = $10, sources_found = $11, last_seen_on = $12, birth_agrees = $13, name_agrees = $14, words = $15, next_step = $16, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        t.id,
        t.version,
        t.cost_pence,
        &t.file_number,
        &t.state,
        t.answer_by,
        t.answered_on,
        &t.result,
        t.confidence_pct,
        t.sources_found,
        t.last_seen_on,
        t.birth_agrees,
        t.name_agrees,
        &t.words,
        &t.next_step
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A search by its number.
pub async fn trace(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<TraceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, source, purpose, lawful_basis, why, cost_pence, request_id, file_number, state, asked_by, asked_on, answer_by, answered_on, result, confidence_pct, sources_found, last_seen_on, birth_agrees, name_agrees, words, next_step, recorded_at, version from trace where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A search by the identifier it had in a file.
pub async fn trace_requested(tx: &mut Tx, org: OrgId, request: &str) -> Result<Option<TraceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, source, purpose, lawful_basis, why, cost_pence, request_id, file_number, state, asked_by, asked_on, answer_by, answered_on, result, confidence_pct, sources_found, last_seen_on, birth_agrees, name_agrees, words, next_step, recorded_at, version from trace where org_id = $1 and request_id = $2"
    );
    tx.maybe(sql, args![org, request]).await
}

/// Identifiers of all searches that go to a bureau.
pub async fn requests_of_bureaux(tx: &mut Tx, org: OrgId) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!("select request_id from trace where org_id = $1 and source = 'bureau'");
    tx.all(sql, args![org]).await
}

/// Searches in a state, oldest first.
pub async fn traces_in_state(tx: &mut Tx, org: OrgId, state: &str, limit: i64) -> Result<Vec<TraceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, source, purpose, lawful_basis, why, cost_pence, request_id, file_number, state, asked_by, asked_on, answer_by, answered_on, result, confidence_pct, sources_found, last_seen_on, birth_agrees, name_agrees, words, next_step, recorded_at, version from trace where org_id = $1 and state = $2 order by answer_by, id limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// Searches for a customer, newest first.
pub async fn traces_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<TraceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, source, purpose, lawful_basis, why, cost_pence, request_id, file_number, state, asked_by, asked_on, answer_by, answered_on, result, confidence_pct, sources_found, last_seen_on, birth_agrees, name_agrees, words, next_step, recorded_at, version from trace where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// A search as the list over all customers shows it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TraceLine {
    /// Id, for the next page.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Customer.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Where.
    pub source: String,
    /// What for.
    pub purpose: String,
    /// Where it stands.
    pub state: String,
    /// When it was asked.
    pub asked_on: NaiveDate,
    /// When an answer is due.
    pub answer_by: NaiveDate,
    /// The result.
    pub result: String,
    /// How sure, in per cent.
    pub confidence_pct: i64,
    /// What it cost.
    pub cost_pence: i64,
    /// What is next.
    pub next_step: String,
}

/// Searches in a state (empty for all but those that are held), newest first.
pub async fn traces(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<TraceLine>, StoreFault> {
    let sql = sql!(
        "select t.id, t.number, c.number as customer_number, c.name as customer_name, t.source, t.purpose, t.state, t.asked_on, t.answer_by, t.result, t.confidence_pct, t.cost_pence, t.next_step from trace t join customer c on c.org_id = t.org_id and c.id = t.customer_id where t.org_id = $1 and ($2 = '' or t.state = $2) and t.id < $3 order by t.id desc limit $4"
    );
    tx.all(sql, args![org, state, before, limit]).await
}

/// An address that a search found.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TraceAddressRow {
    /// Id.
    pub id: i64,
    /// The search.
    pub trace_id: i64,
    /// The customer.
    pub customer_id: i64,
    /// First line.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// How sure, in per cent.
    pub confidence_pct: i64,
    /// Two independent recent sources, and the date of birth agrees.
    pub proven: bool,
    /// A care home, a prison, a hospital, a refuge: few may see it, and nothing is sent by itself.
    pub restricted: bool,
    /// What is odd about it.
    pub flagged: String,
    /// candidate, asked, used or turned_down.
    pub state: String,
    /// The approval that decides it.
    pub approval: String,
    /// How it was confirmed with the person.
    pub call_back: String,
    /// When it became the customer's address.
    pub used_on: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds an address that was found.
pub async fn add_address(tx: &mut Tx, org: OrgId, a: &TraceAddressRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into trace_address (org_id, id, trace_id, customer_id, address1, address2, town, postcode, confidence_pct, proven, restricted, flagged, state, approval, call_back, used_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    let values = args![
        org,
        a.id,
        a.trace_id,
        a.customer_id,
        &a.address1,
        &a.address2,
        &a.town,
        &a.postcode,
        a.confidence_pct,
        a.proven,
        a.restricted,
        &a.flagged,
        &a.state,
        &a.approval,
        &a.call_back,
        a.used_on,
        a.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// An address that was found.
pub async fn address(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<TraceAddressRow>, StoreFault> {
    let sql = sql!(
        "select id, trace_id, customer_id, address1, address2, town, postcode, confidence_pct, proven, restricted, flagged, state, approval, call_back, used_on, recorded_at from trace_address where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Addresses found for a customer, newest first.
pub async fn addresses_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<TraceAddressRow>, StoreFault> {
    let sql = sql!(
        "select id, trace_id, customer_id, address1, address2, town, postcode, confidence_pct, proven, restricted, flagged, state, approval, call_back, used_on, recorded_at from trace_address where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Moves an address from one state to another; false if it is not in the first.
pub async fn move_address(tx: &mut Tx, org: OrgId, a: &TraceAddressRow, from: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update trace_address set state = $4, approval = $5, call_back = $6, used_on = $7 where org_id = $1 and id = $2 and state = $3"
    );
    Ok(tx.run(sql, args![org, a.id, from, &a.state, &a.approval, &a.call_back, a.used_on]).await? == 1)
}

/// A person who may not be traced.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TraceMarkRow {
    /// The customer.
    pub customer_id: i64,
    /// Why.
    pub why: String,
    /// Who said so.
    pub set_by: String,
    /// When.
    pub set_on: NaiveDate,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Marks a customer as not to be traced, or ends the mark.
pub async fn set_mark(tx: &mut Tx, org: OrgId, m: &TraceMarkRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into trace_mark (org_id, customer_id, why, set_by, set_on, ended_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, customer_id) do update set why = excluded.why, set_by = excluded.set_by, set_on = excluded.set_on, ended_on = excluded.ended_on, recorded_at = excluded.recorded_at"
    );
    let values = args![org, m.customer_id, &m.why, &m.set_by, m.set_on, m.ended_on, m.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// The mark of a customer, if there is one.
pub async fn mark(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Option<TraceMarkRow>, StoreFault> {
    let sql = sql!(
        "select customer_id, why, set_by, set_on, ended_on, recorded_at from trace_mark where org_id = $1 and customer_id = $2"
    );
    tx.maybe(sql, args![org, customer]).await
}
