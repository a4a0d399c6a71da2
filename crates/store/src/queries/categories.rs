//! What queries may be about: an organisation's own rows, each from its day on.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A category from a day on.
#[derive(Clone, Debug, FromRow)]
pub struct CategoryRow {
    /// Stable code.
    pub code: String,
    /// From which day it is so.
    pub from_on: NaiveDate,
    /// For people.
    pub name: String,
    /// Whether it holds its part of the debt.
    pub dispute: bool,
    /// Working days in which it should be answered.
    pub target_days: i64,
    /// Days after which a hold ends by itself; 0 for never.
    pub hold_days: i64,
    /// Whether it can be chosen.
    pub active: bool,
}

/// Every row of an organisation's own, by code and day.
pub async fn categories(tx: &mut Tx, org: OrgId) -> Result<Vec<CategoryRow>, StoreFault> {
    let sql = sql!(
        "select code, from_on, name, dispute, target_days, hold_days, active from query_category where org_id = $1 order by code, from_on"
    );
    tx.all(sql, args![org]).await
}

/// Keeps a row; one of the same code and day gives way.
pub async fn set_category(
    tx: &mut Tx,
    org: OrgId,
    row: &CategoryRow,
    (actor, at): (i64, DateTime<Utc>),
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into query_category (org_id, code, from_on, name, dispute, target_days, hold_days, active, actor_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (org_id, code, from_on) do update set name = excluded.name, dispute = excluded.dispute, target_days = excluded.target_days, hold_days = excluded.hold_days, active = excluded.active, actor_id = excluded.actor_id, recorded_at = excluded.recorded_at"
    );
    let values = args![
        org,
        &row.code,
        row.from_on,
        &row.name,
        row.dispute,
        row.target_days,
        row.hold_days,
        row.active,
        actor,
        at
    ];
    tx.run(sql, values).await.map(drop)
}
