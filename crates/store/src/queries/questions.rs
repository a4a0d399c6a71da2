//! Questions to services.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, QueryId};

/// A question to a service.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct QuestionRow {
    /// Id.
    pub id: i64,
    /// The query it is about.
    pub query_id: i64,
    /// The service.
    pub service: String,
    /// The address it was sent to.
    pub sent_to: String,
    /// What is asked.
    pub question: String,
    /// open, answered, withdrawn or expired.
    pub state: String,
    /// When it was asked.
    pub asked_on: NaiveDate,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
    /// The last day on which its link opens.
    pub ends_on: NaiveDate,
    /// How often they were reminded.
    pub reminders: i64,
    /// When last.
    pub reminded_on: Option<NaiveDate>,
    /// The answer.
    pub answer: String,
    /// Who answered, as they said.
    pub answered_by: String,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// Who asked.
    pub asked_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a question.
pub async fn add_question(tx: &mut Tx, org: OrgId, q: &QuestionRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into service_question (org_id, id, query_id, service, sent_to, question, state, asked_on, answer_by, ends_on, reminders, answer, answered_by, asked_by, recorded_at) values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, 0, '', '', $10, $11)"
    );
    let values = args![
        org,
        q.id,
        q.query_id,
        &q.service,
        &q.sent_to,
        &q.question,
        q.asked_on,
        q.answer_by,
        q.ends_on,
        &q.asked_by,
        q.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// One question.
pub async fn question(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<QuestionRow>, StoreFault> {
    let sql = sql!(
        "select id, query_id, service, sent_to, question, state, asked_on, answer_by, ends_on, reminders, reminded_on, answer, answered_by, answered_on, asked_by, recorded_at from service_question where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// The questions of a query, oldest first.
pub async fn questions_of(tx: &mut Tx, org: OrgId, query: QueryId) -> Result<Vec<QuestionRow>, StoreFault> {
    let sql = sql!(
        "select id, query_id, service, sent_to, question, state, asked_on, answer_by, ends_on, reminders, reminded_on, answer, answered_by, answered_on, asked_by, recorded_at from service_question where org_id = $1 and query_id = $2 order by id"
    );
    tx.all(sql, args![org, query]).await
}

/// Open questions whose answer was due before a day, the oldest first.
pub async fn questions_overdue(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Vec<QuestionRow>, StoreFault> {
    let sql = sql!(
        "select id, query_id, service, sent_to, question, state, asked_on, answer_by, ends_on, reminders, reminded_on, answer, answered_by, answered_on, asked_by, recorded_at from service_question where org_id = $1 and state = 'open' and answer_by < $2 order by answer_by, id"
    );
    tx.all(sql, args![org, day]).await
}

/// Answers an open question; false if it is not open any more.
pub async fn answer_question(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (answer, by, on): (&str, &str, NaiveDate),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update service_question set state = 'answered', answer = $3, answered_by = $4, answered_on = $5 where org_id = $1 and id = $2 and state = 'open'"
    );
    Ok(tx.run(sql, args![org, id, answer, by, on]).await? == 1)
}

/// Notes that a service was reminded.
pub async fn note_reminder(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!(
        "update service_question set reminders = reminders + 1, reminded_on = $3 where org_id = $1 and id = $2 and state = 'open'"
    );
    tx.run(sql, args![org, id, on]).await.map(drop)
}

/// Ends an open question without an answer: withdrawn or expired; false if it is not open any more.
pub async fn end_question(tx: &mut Tx, org: OrgId, id: i64, state: &str) -> Result<bool, StoreFault> {
    let sql = sql!("update service_question set state = $3 where org_id = $1 and id = $2 and state = 'open'");
    Ok(tx.run(sql, args![org, id, state]).await? == 1)
}
