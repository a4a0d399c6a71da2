//! Files that back a document: timesheets, logs, reports.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{DocumentId, OrgId};

/// A backing file.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct BackingRow {
    /// Id.
    pub id: i64,
    /// Its document.
    pub document_id: i64,
    /// File name.
    pub name: String,
    /// Media type, by its content.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// Hash of the kept file.
    pub file_sha256: String,
    /// How many identifiers were masked in it.
    pub masked_count: i64,
    /// When it was added.
    pub added_on: NaiveDate,
    /// By whom.
    pub added_by_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// The backing files of a document, oldest first.
pub async fn of_document(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<Vec<BackingRow>, StoreFault> {
    let sql = sql!(
        "select id, document_id, name, media_type, size_bytes, file_sha256, masked_count, added_on, added_by_name, recorded_at from backing_document where org_id = $1 and document_id = $2 and withdrawn_on is null order by id"
    );
    tx.all(sql, args![org, document]).await
}
