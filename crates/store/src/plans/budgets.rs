//! Budgets: a month's income and spending of a person.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A budget.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct BudgetRow {
    /// Id.
    pub id: i64,
    /// Whose.
    pub customer_id: i64,
    /// When it was made.
    pub made_on: NaiveDate,
    /// The domain's `Budget`.
    pub body: serde_json::Value,
    /// What a month leaves.
    pub available_pence: i64,
    /// Our share of it.
    pub offer_pence: i64,
    /// What must stay each month of somebody who pays for care; 0 where nothing need.
    pub floor_pence: i64,
    /// Sent by a debt adviser.
    pub from_adviser: bool,
    /// What was said.
    pub words: String,
    /// Who took it.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a budget.
pub async fn add_budget(tx: &mut Tx, org: OrgId, b: &BudgetRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into plan_budget (org_id, id, customer_id, made_on, body, available_pence, offer_pence, floor_pence, from_adviser, words, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        b.id,
        b.customer_id,
        b.made_on,
        b.body.clone(),
        b.available_pence,
        b.offer_pence,
        b.floor_pence,
        b.from_adviser,
        &b.words,
        &b.actor_name,
        b.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// One budget.
pub async fn budget(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<BudgetRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, made_on, body, available_pence, offer_pence, floor_pence, from_adviser, words, actor_name, recorded_at from plan_budget where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// The budgets of a customer, newest first.
pub async fn budgets_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<BudgetRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, made_on, body, available_pence, offer_pence, floor_pence, from_adviser, words, actor_name, recorded_at from plan_budget where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}
