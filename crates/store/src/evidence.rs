//! Files kept with a case: what they are about, who gave them, when.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A file kept as evidence.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct EvidenceRow {
    /// Id.
    pub id: i64,
    /// What it is about: `query QRY-000001`.
    pub subject: String,
    /// The name it came with.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// Hash of the kept file.
    pub sha256: String,
    /// What it shows.
    pub words: String,
    /// Who gave it.
    pub came_from: String,
    /// The business day.
    pub recorded_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a file; false where the same file is there already.
pub async fn add_evidence(tx: &mut Tx, org: OrgId, row: &EvidenceRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into evidence (org_id, id, subject, name, media_type, size_bytes, sha256, words, came_from, recorded_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing"
    );
    let values = args![
        org,
        row.id,
        &row.subject,
        &row.name,
        &row.media_type,
        row.size_bytes,
        &row.sha256,
        &row.words,
        &row.came_from,
        row.recorded_on,
        row.recorded_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The files of a case, oldest first.
pub async fn evidence_of(tx: &mut Tx, org: OrgId, subject: &str) -> Result<Vec<EvidenceRow>, StoreFault> {
    let sql = sql!(
        "select id, subject, name, media_type, size_bytes, sha256, words, came_from, recorded_on, recorded_at from evidence where org_id = $1 and subject = $2 order by id"
    );
    tx.all(sql, args![org, subject]).await
}
