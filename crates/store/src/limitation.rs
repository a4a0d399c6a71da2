//! What happened to a debt that may start its time again, or does not: money set against it, letters, calls.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{ItemId, OrgId};

/// Something that may start limitation again.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LimitRow {
    /// Id.
    pub id: i64,
    /// The debt.
    pub item_id: i64,
    /// What happened.
    pub kind: String,
    /// When.
    pub on_day: NaiveDate,
    /// What shows it.
    pub evidence: String,
    /// Who recorded it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Adds one.
pub async fn add_limit(tx: &mut Tx, org: OrgId, r: &LimitRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into limit_event (org_id, id, item_id, kind, on_day, evidence, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let values = args![org, r.id, r.item_id, &r.kind, r.on_day, &r.evidence, &r.actor_name, r.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// What happened to a debt, oldest first.
pub async fn limits_of(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<LimitRow>, StoreFault> {
    let sql = sql!(
        "select id, item_id, kind, on_day, evidence, actor_name, recorded_at from limit_event where org_id = $1 and item_id = $2 order by on_day, id"
    );
    tx.all(sql, args![org, item]).await
}

/// Plans that the debtor agreed in writing when a debt was first in them: day and number, oldest first.
pub async fn signed_plans_of(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<(NaiveDate, String)>, StoreFault> {
    let sql = sql!(
        "select p.granted_on, p.number from plan_item c join payment_plan p on p.org_id = c.org_id and p.id = c.plan_id where c.org_id = $1 and c.item_id = $2 and c.version = 1 and p.granted_on is not null and p.evidence in ('form', 'letter') order by p.granted_on, p.id"
    );
    tx.all(sql, args![org, item]).await
}

/// Receipts set against a debt: day, number, amount; what was taken back is out.
pub async fn receipts_on(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<(NaiveDate, String, i64)>, StoreFault> {
    let sql = sql!(
        "select c.dated_on, c.number, cast(sum(a.amount_pence) as bigint) from allocation a join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id and c.kind = 'receipt' where a.org_id = $1 and a.debit_item_id = $2 group by c.id, c.dated_on, c.number having cast(sum(a.amount_pence) as bigint) > 0 order by c.dated_on, c.id"
    );
    tx.all(sql, args![org, item]).await
}
