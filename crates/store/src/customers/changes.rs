//! What was known of a customer before a change, and after.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A field of a customer that was changed.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CustomerChangeRow {
    /// Id.
    pub id: i64,
    /// The account it was changed on; a merge leaves it there.
    pub account_id: i64,
    /// The field.
    pub field: String,
    /// What it was; may be empty.
    pub was: String,
    /// What it is now; may be empty.
    pub now_is: String,
    /// The business day.
    pub changed_on: NaiveDate,
    /// Who.
    pub actor_id: i64,
    /// Their name then.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps what a field was and is.
pub async fn add_customer_change(tx: &mut Tx, org: OrgId, r: &CustomerChangeRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into customer_change (org_id, id, account_id, field, was, now_is, changed_on, actor_id, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    tx.run(
        sql,
        args![
            org,
            r.id,
            r.account_id,
            &r.field,
            &r.was,
            &r.now_is,
            r.changed_on,
            r.actor_id,
            &r.actor_name,
            r.recorded_at
        ],
    )
    .await
    .map(drop)
}
