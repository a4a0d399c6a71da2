//! Giving debts up: what is known of each, evidence, questions to services, schedules, losses, write-backs.
pub mod facts;
pub mod losses;
pub mod referrals;
pub mod schedules;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{ItemId, OrgId};

/// A criterion or limit from a day on.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PolicyRow {
    /// Stored name.
    pub name: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Pence, days or months.
    pub value: i64,
    /// Who asked for it.
    pub entered_by: String,
    /// Who approved it.
    pub approved_by: String,
}

/// Every criterion, by name and day.
pub async fn policies(tx: &mut Tx, org: OrgId) -> Result<Vec<PolicyRow>, StoreFault> {
    let sql = sql!(
        "select name, from_on, value, entered_by, approved_by from writeoff_policy where org_id = $1 order by name, from_on"
    );
    tx.all(sql, args![org]).await
}

/// Puts criteria in the place of those of the same name and day.
pub async fn set_policies(tx: &mut Tx, org: OrgId, rows: &[PolicyRow], at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into writeoff_policy (org_id, name, from_on, value, entered_by, approved_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, name, from_on) do update set value = excluded.value, entered_by = excluded.entered_by, approved_by = excluded.approved_by, recorded_at = excluded.recorded_at"
    );
    for row in rows {
        tx.run(sql, args![org, &row.name, row.from_on, row.value, &row.entered_by, &row.approved_by, at]).await?;
    }
    Ok(())
}

/// What is on file for a debt.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DebtEvidenceRow {
    /// Id.
    pub id: i64,
    /// The debt.
    pub item_id: i64,
    /// Stored name of the domain's `Evidence`.
    pub kind: String,
    /// What it shows.
    pub words: String,
    /// Its day: of the letter, the search, or the last day of a claim.
    pub on_day: NaiveDate,
    /// Name of the file; empty for none.
    pub file_name: String,
    /// Hash of the kept file; empty for none.
    pub file_sha256: String,
    /// When it was taken off.
    pub ended_on: Option<NaiveDate>,
    /// Who.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds evidence.
pub async fn add_debt_evidence(tx: &mut Tx, org: OrgId, row: &DebtEvidenceRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into debt_evidence (org_id, id, item_id, kind, words, on_day, file_name, file_sha256, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let values = args![
        org,
        row.id,
        row.item_id,
        &row.kind,
        &row.words,
        row.on_day,
        &row.file_name,
        &row.file_sha256,
        &row.actor_name,
        row.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// What is on file for a debt, oldest first.
pub async fn evidence_of_debt(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<DebtEvidenceRow>, StoreFault> {
    let sql = sql!(
        "select id, item_id, kind, words, on_day, file_name, file_sha256, ended_on, actor_name, recorded_at from debt_evidence where org_id = $1 and item_id = $2 order by id"
    );
    tx.all(sql, args![org, item]).await
}

/// Takes evidence off; false if it is not there or off already.
pub async fn end_debt_evidence(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate) -> Result<bool, StoreFault> {
    let sql = sql!("update debt_evidence set ended_on = $3 where org_id = $1 and id = $2 and ended_on is null");
    Ok(tx.run(sql, args![org, id, on]).await? == 1)
}
