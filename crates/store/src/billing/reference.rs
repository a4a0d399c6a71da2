//! What a document carries for its receiver: their reference, and the time it is for.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{DocumentId, OrgId};

/// What a document carries for its receiver.
#[derive(Clone, Debug, Default, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DocumentReferenceRow {
    /// The document.
    pub document_id: i64,
    /// Their reference.
    pub buyer_reference: String,
    /// First day of the time it is for.
    pub period_from_on: Option<NaiveDate>,
    /// Last day.
    pub period_to_on: Option<NaiveDate>,
}

/// Adds references of documents.
pub async fn add_references(
    tx: &mut Tx,
    org: OrgId,
    rows: Vec<DocumentReferenceRow>,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "document_id", "buyer_reference", "period_from_on", "period_to_on", "recorded_at"];
    let rows =
        rows.into_iter().map(|r| args![org, r.document_id, r.buyer_reference, r.period_from_on, r.period_to_on, at]);
    tx.insert("document_reference", COLUMNS, rows.collect()).await
}

/// What a document carries for its receiver, if anything.
pub async fn reference_of(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Option<DocumentReferenceRow>, StoreFault> {
    let sql = sql!(
        "select document_id, buyer_reference, period_from_on, period_to_on from document_reference where org_id = $1 and document_id = $2"
    );
    tx.maybe(sql, args![org, document]).await
}
