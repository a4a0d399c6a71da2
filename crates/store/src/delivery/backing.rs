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

/// Adds a backing file.
pub async fn add(tx: &mut Tx, org: OrgId, r: &BackingRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "document_id",
        "name",
        "media_type",
        "size_bytes",
        "file_sha256",
        "masked_count",
        "added_on",
        "added_by_name",
        "recorded_at",
    ];
    let row = args![
        org,
        r.id,
        r.document_id,
        r.name.as_str(),
        r.media_type.as_str(),
        r.size_bytes,
        r.file_sha256.as_str(),
        r.masked_count,
        r.added_on,
        r.added_by_name.as_str(),
        r.recorded_at
    ];
    tx.insert("backing_document", COLUMNS, vec![row]).await
}

/// Takes a backing file away from its document; false when it is not there.
pub async fn withdraw(tx: &mut Tx, org: OrgId, file: (i64, i64), day: NaiveDate) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update backing_document set withdrawn_on = $4 where org_id = $1 and document_id = $2 and id = $3 and withdrawn_on is null"
    );
    Ok(tx.run(sql, args![org, file.0, file.1, day]).await? == 1)
}

/// The documents from one id to another that have backing files.
pub async fn documents_with(
    tx: &mut Tx,
    org: OrgId,
    first: DocumentId,
    last: DocumentId,
) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select distinct document_id from backing_document where org_id = $1 and document_id between $2 and $3 and withdrawn_on is null order by document_id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org, first, last]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
