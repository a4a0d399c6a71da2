//! Addresses and bank accounts that wait for a second person.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A change that waits, or waited.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct HeldChangeRow {
    /// Id.
    pub id: i64,
    /// Number of the approval that decides it.
    pub approval: String,
    /// Whose.
    pub customer_id: i64,
    /// address or bank.
    pub field: String,
    /// As it was, on one line; a bank account by its last digits.
    pub was: String,
    /// As it is to be.
    pub wanted: String,
    /// Where we have it from.
    pub source: String,
    /// waiting, made or turned_down.
    pub state: String,
    /// Who was called back, on which number.
    pub call_back: String,
    /// Who asked.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// When it was decided.
    pub decided_on: Option<NaiveDate>,
    /// The instant it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a change that waits.
pub async fn add_held_change(tx: &mut Tx, org: OrgId, c: &HeldChangeRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into held_change (org_id, id, approval, customer_id, field, was, wanted, source, state, call_back, asked_by_name, asked_on, decided_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = args![
        org,
        c.id,
        &c.approval,
        c.customer_id,
        &c.field,
        &c.was,
        &c.wanted,
        &c.source,
        &c.state,
        &c.call_back,
        &c.asked_by_name,
        c.asked_on,
        c.decided_on,
        c.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The changes of a customer, newest first.
pub async fn held_changes_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<HeldChangeRow>, StoreFault> {
    let sql = sql!(
        "select id, approval, customer_id, field, was, wanted, source, state, call_back, asked_by_name, asked_on, decided_on, recorded_at from held_change where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// The change that an approval decides.
pub async fn held_change(tx: &mut Tx, org: OrgId, approval: &str) -> Result<Option<HeldChangeRow>, StoreFault> {
    let sql = sql!(
        "select id, approval, customer_id, field, was, wanted, source, state, call_back, asked_by_name, asked_on, decided_on, recorded_at from held_change where org_id = $1 and approval = $2"
    );
    tx.maybe(sql, args![org, approval]).await
}

/// Decides a change; false if it was decided.
pub async fn decide_held_change(
    tx: &mut Tx,
    org: OrgId,
    approval: &str,
    state: &str,
    (on, call_back): (NaiveDate, &str),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update held_change set state = $3, decided_on = $4, call_back = $5 where org_id = $1 and approval = $2 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, approval, state, on, call_back]).await? == 1)
}
