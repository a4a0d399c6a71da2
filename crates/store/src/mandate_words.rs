//! Why mandates took their steps, in words.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Why a mandate took a step.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MandateWordRow {
    /// Id.
    pub id: i64,
    /// The mandate.
    pub mandate_id: i64,
    /// The step, as in the trail.
    pub step: String,
    /// Why.
    pub why: String,
    /// When it was recorded, as the row of the trail.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps why a mandate took a step.
pub async fn add_mandate_word(tx: &mut Tx, org: OrgId, r: &MandateWordRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into mandate_word (org_id, id, mandate_id, step, why, recorded_at) values ($1, $2, $3, $4, $5, $6)"
    );
    tx.run(sql, args![org, r.id, r.mandate_id, &r.step, &r.why, r.recorded_at]).await.map(drop)
}

/// Why a mandate took its steps, oldest first.
pub async fn words_of_mandate(tx: &mut Tx, org: OrgId, mandate: i64) -> Result<Vec<MandateWordRow>, StoreFault> {
    let sql = sql!(
        "select id, mandate_id, step, why, recorded_at from mandate_word where org_id = $1 and mandate_id = $2 order by id"
    );
    tx.all(sql, args![org, mandate]).await
}
