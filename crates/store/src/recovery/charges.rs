//! What was charged on invoices for paying late.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{ItemId, OrgId};

/// A charge that was posted, corrected or waived.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LateChargeRow {
    /// Id.
    pub id: i64,
    /// The invoice's item.
    pub invoice_item_id: i64,
    /// The charge's own item.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// posted, corrected or waived.
    pub act: String,
    /// interest or compensation.
    pub part: String,
    /// How much; never below nothing.
    pub amount_pence: i64,
    /// Worked out to the end of this day.
    pub as_at: NaiveDate,
    /// Why.
    pub words: String,
    /// Who, by id.
    pub actor_id: i64,
    /// Who.
    pub actor_name: String,
    /// What is open of the charge now.
    pub open_pence: i64,
}

/// What was charged on an invoice, oldest first.
pub async fn charges_of(tx: &mut Tx, org: OrgId, invoice: ItemId) -> Result<Vec<LateChargeRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.invoice_item_id, l.item_id, l.item_number, l.act, l.part, l.amount_pence, l.as_at, l.words, l.actor_id, l.actor_name, i.open_pence from late_charge l join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.invoice_item_id = $2 order by l.id"
    );
    tx.all(sql, args![org, invoice]).await
}

/// The charge with a number, as it was posted.
pub async fn charge_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<LateChargeRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.invoice_item_id, l.item_id, l.item_number, l.act, l.part, l.amount_pence, l.as_at, l.words, l.actor_id, l.actor_name, i.open_pence from late_charge l join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.item_number = $2 and l.act = 'posted'"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Keeps what was charged, corrected or waived.
pub async fn add_charge(tx: &mut Tx, org: OrgId, row: &LateChargeRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into late_charge (org_id, id, invoice_item_id, item_id, item_number, act, part, amount_pence, as_at, words, actor_id, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let values = args![
        org,
        row.id,
        row.invoice_item_id,
        row.item_id,
        &row.item_number,
        &row.act,
        &row.part,
        row.amount_pence,
        row.as_at,
        &row.words,
        row.actor_id,
        &row.actor_name,
        at
    ];
    tx.run(sql, values).await.map(drop)
}
