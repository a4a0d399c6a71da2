//! Questions and disputes, with their clocks and the holds they set.
pub mod categories;
pub mod causes;
pub mod complaints;
pub mod escalations;
pub mod mail;
pub mod mail_facts;
pub mod mailboxes;
pub mod questions;
pub mod servicenow;
pub mod servicenow_setting;

pub use crate::evidence;

use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, QueryId};

/// A query.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct QueryRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_id: i64,
    /// The item it is about.
    pub item_id: Option<i64>,
    /// What sort.
    pub category: String,
    /// In the customer's words.
    pub words: String,
    /// How much is disputed.
    pub disputed_pence: i64,
    /// When it came.
    pub opened_on: NaiveDate,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
    /// Since when the customer is asked for something.
    pub asked_on: Option<NaiveDate>,
    /// Who must answer.
    pub owner: String,
    /// Where it stands.
    pub state: String,
    /// The answer.
    pub answer: String,
    /// How it ended.
    pub resolution: String,
    /// When it ended.
    pub resolved_on: Option<NaiveDate>,
    /// Who raised it.
    pub actor_id: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
    /// The line of the invoice it is about.
    pub line: Option<i64>,
    /// How it came.
    pub source: String,
    /// The service whose charge it is.
    pub service: String,
    /// What had gone wrong, once it is over.
    pub cause: String,
    /// The approval of the credit note that was asked for.
    pub approval: String,
    /// The invoice that took the place of the one in query.
    pub rebilled_as: String,
    /// The letter that told the customer.
    pub letter: String,
}

/// Adds a query.
pub async fn add_query(tx: &mut Tx, org: OrgId, q: &QueryRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into query (org_id, id, number, customer_id, item_id, category, words, disputed_pence, opened_on, answer_by, owner, state, answer, resolution, actor_id, recorded_at, version, line, source, service) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', $13, $14, 1, $15, $16, $17)"
    );
    let values = args![
        org,
        q.id,
        &q.number,
        q.customer_id,
        q.item_id,
        &q.category,
        &q.words,
        q.disputed_pence,
        q.opened_on,
        q.answer_by,
        &q.owner,
        &q.state,
        q.actor_id,
        q.recorded_at,
        q.line,
        &q.source,
        &q.service
    ];
    tx.run(sql, values).await.map(drop)
}

/// The query with a number.
pub async fn query_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<QueryRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, item_id, category, words, disputed_pence, opened_on, answer_by, asked_on, owner, state, answer, resolution, resolved_on, actor_id, recorded_at, version, line, source, service, cause, approval, rebilled_as, letter from query where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The query whose credit note waits in an approval.
pub async fn query_of_approval(tx: &mut Tx, org: OrgId, approval: &str) -> Result<Option<QueryRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, item_id, category, words, disputed_pence, opened_on, answer_by, asked_on, owner, state, answer, resolution, resolved_on, actor_id, recorded_at, version, line, source, service, cause, approval, rebilled_as, letter from query where org_id = $1 and approval = $2"
    );
    tx.maybe(sql, args![org, approval]).await
}

/// The query with an id.
pub async fn query_of_id(tx: &mut Tx, org: OrgId, id: QueryId) -> Result<Option<QueryRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, item_id, category, words, disputed_pence, opened_on, answer_by, asked_on, owner, state, answer, resolution, resolved_on, actor_id, recorded_at, version, line, source, service, cause, approval, rebilled_as, letter from query where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Changes where a query stands, if it still has the version that was read; false if not.
pub async fn change_query(tx: &mut Tx, org: OrgId, q: &QueryRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update query set state = $4, answer = $5, resolution = $6, resolved_on = $7, answer_by = $8, asked_on = $9, owner = $10, cause = $11, approval = $12, rebilled_as = $13, letter = $14, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        q.id,
        q.version,
        &q.state,
        &q.answer,
        &q.resolution,
        q.resolved_on,
        q.answer_by,
        q.asked_on,
        &q.owner,
        &q.cause,
        &q.approval,
        &q.rebilled_as,
        &q.letter
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Number, category and state of the queries about an item, oldest first.
pub async fn queries_of_item(
    tx: &mut Tx,
    org: OrgId,
    customer: i64,
    item: i64,
) -> Result<Vec<(String, String, String)>, StoreFault> {
    let sql = sql!(
        "select number, category, state from query where org_id = $1 and customer_id = $2 and item_id = $3 order by id"
    );
    tx.all(sql, args![org, customer, item]).await
}

/// A line of a list of queries.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct QueryLine {
    /// Id: with the day, the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The item it is about, or empty.
    pub item_number: String,
    /// What sort.
    pub category: String,
    /// How much is disputed.
    pub disputed_pence: i64,
    /// When it came.
    pub opened_on: NaiveDate,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
    /// Who must answer.
    pub owner: String,
    /// Where it stands.
    pub state: String,
}

/// Queries by the day they should be answered, after a place in the list.
///
/// `state` empty lists those that are not over; `customer` none lists everyone's.
pub async fn queries_page(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    customer: Option<i64>,
    after: (NaiveDate, i64),
    limit: i64,
) -> Result<Vec<QueryLine>, StoreFault> {
    let mut values = args![org, after.0, after.1, limit];
    let mut sql = "select q.id, q.number, c.number as customer_number, c.name as customer_name, coalesce(i.number, '') as item_number, q.category, q.disputed_pence, q.opened_on, q.answer_by, q.owner, q.state from query q join customer c on c.org_id = q.org_id and c.id = q.customer_id left join open_item i on i.org_id = q.org_id and i.id = q.item_id where q.org_id = $1 and (q.answer_by > $2 or (q.answer_by = $2 and q.id > $3))".to_owned();
    if state.is_empty() {
        sql.push_str(" and q.state in ('open','waiting_for_customer','answered')");
    } else {
        values.push(Arg::from(state));
        sql.push_str(" and q.state = $5");
    }
    if let Some(customer) = customer {
        values.push(Arg::from(customer));
        sql.push_str(if values.len() == 5 { " and q.customer_id = $5" } else { " and q.customer_id = $6" });
    }
    sql.push_str(" order by q.answer_by, q.id limit $4");
    tx.all_built(sql, values).await
}
