//! Complaints and their stages.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A complaint.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ComplaintRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_id: i64,
    /// The query it came out of.
    pub query_id: Option<i64>,
    /// The hold of the account.
    pub hold_id: i64,
    /// In their words.
    pub words: String,
    /// Who looks after it.
    pub owner: String,
    /// open or closed.
    pub state: String,
    /// stage_1, stage_2 or ombudsman.
    pub stage: String,
    /// When it came.
    pub opened_on: NaiveDate,
    /// By when it is acknowledged.
    pub acknowledge_by: NaiveDate,
    /// When it was.
    pub acknowledged_on: Option<NaiveDate>,
    /// By when the stage is answered.
    pub answer_by: NaiveDate,
    /// When it ended.
    pub closed_on: Option<NaiveDate>,
    /// How.
    pub outcome: String,
    /// What we learned.
    pub learning: String,
    /// What they were told.
    pub answer: String,
    /// The letter that told them.
    pub letter: String,
    /// Who recorded it.
    pub actor_id: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds a complaint.
pub async fn add_complaint(tx: &mut Tx, org: OrgId, c: &ComplaintRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into complaint (org_id, id, number, customer_id, query_id, hold_id, words, owner, state, stage, opened_on, acknowledge_by, answer_by, outcome, learning, answer, letter, actor_id, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', '', '', $14, $15, 1)"
    );
    let values = args![
        org,
        c.id,
        &c.number,
        c.customer_id,
        c.query_id,
        c.hold_id,
        &c.words,
        &c.owner,
        &c.state,
        &c.stage,
        c.opened_on,
        c.acknowledge_by,
        c.answer_by,
        c.actor_id,
        c.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The complaint with a number.
pub async fn complaint_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ComplaintRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, query_id, hold_id, words, owner, state, stage, opened_on, acknowledge_by, acknowledged_on, answer_by, closed_on, outcome, learning, answer, letter, actor_id, recorded_at, version from complaint where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The complaints of a customer, oldest first.
pub async fn complaints_of(tx: &mut Tx, org: OrgId, customer: i64) -> Result<Vec<ComplaintRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, query_id, hold_id, words, owner, state, stage, opened_on, acknowledge_by, acknowledged_on, answer_by, closed_on, outcome, learning, answer, letter, actor_id, recorded_at, version from complaint where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Changes a complaint, if it still has the version that was read; false if not.
pub async fn change_complaint(tx: &mut Tx, org: OrgId, c: &ComplaintRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update complaint set state = $4, stage = $5, acknowledge_by = $6, acknowledged_on = $7, answer_by = $8, closed_on = $9, outcome = $10, learning = $11, answer = $12, letter = $13, owner = $14, hold_id = $15, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        c.id,
        c.version,
        &c.state,
        &c.stage,
        c.acknowledge_by,
        c.acknowledged_on,
        c.answer_by,
        c.closed_on,
        &c.outcome,
        &c.learning,
        &c.answer,
        &c.letter,
        &c.owner,
        c.hold_id
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A stage of a complaint.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct StageRow {
    /// stage_1, stage_2 or ombudsman.
    pub stage: String,
    /// When it began.
    pub opened_on: NaiveDate,
    /// By when it was to be answered.
    pub answer_by: NaiveDate,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why it came to it.
    pub words: String,
}

/// Begins a stage; one that was begun before begins anew.
pub async fn begin_stage(tx: &mut Tx, org: OrgId, complaint: i64, s: &StageRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into complaint_stage (org_id, complaint_id, stage, opened_on, answer_by, words) values ($1, $2, $3, $4, $5, $6) on conflict (org_id, complaint_id, stage) do update set answer_by = excluded.answer_by, ended_on = null, words = excluded.words"
    );
    tx.run(sql, args![org, complaint, &s.stage, s.opened_on, s.answer_by, &s.words]).await.map(drop)
}

/// Ends the stage of a complaint that goes on.
pub async fn end_stage(tx: &mut Tx, org: OrgId, complaint: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql =
        sql!("update complaint_stage set ended_on = $3 where org_id = $1 and complaint_id = $2 and ended_on is null");
    tx.run(sql, args![org, complaint, on]).await.map(drop)
}

/// The stages of a complaint, in order.
pub async fn stages_of(tx: &mut Tx, org: OrgId, complaint: i64) -> Result<Vec<StageRow>, StoreFault> {
    let sql = sql!(
        "select stage, opened_on, answer_by, ended_on, words from complaint_stage where org_id = $1 and complaint_id = $2 order by opened_on, stage desc"
    );
    tx.all(sql, args![org, complaint]).await
}

/// A line of the list of complaints.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ComplaintLine {
    /// Id: with the day, the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// stage_1, stage_2 or ombudsman.
    pub stage: String,
    /// open or closed.
    pub state: String,
    /// When it came.
    pub opened_on: NaiveDate,
    /// By when it is acknowledged.
    pub acknowledge_by: NaiveDate,
    /// When it was.
    pub acknowledged_on: Option<NaiveDate>,
    /// By when the stage is answered.
    pub answer_by: NaiveDate,
    /// How it ended.
    pub outcome: String,
    /// What we learned.
    pub learning: String,
    /// Who looks after it.
    pub owner: String,
}

/// Complaints in a state by the day they are to be answered, after a place in the list.
pub async fn complaints_page(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    after: (NaiveDate, i64),
    limit: i64,
) -> Result<Vec<ComplaintLine>, StoreFault> {
    let sql = sql!(
        "select p.id, p.number, c.number as customer_number, c.name as customer_name, p.stage, p.state, p.opened_on, p.acknowledge_by, p.acknowledged_on, p.answer_by, p.outcome, p.learning, p.owner from complaint p join customer c on c.org_id = p.org_id and c.id = p.customer_id where p.org_id = $1 and p.state = $2 and (p.answer_by > $3 or (p.answer_by = $3 and p.id > $4)) order by p.answer_by, p.id limit $5"
    );
    tx.all(sql, args![org, state, after.0, after.1, limit]).await
}
