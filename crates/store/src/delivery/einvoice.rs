//! E-invoices: one row for each document that goes over the network.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{DocumentId, OrgId};

/// A document that waits for its file.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct WaitingRow {
    /// Document.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_id: i64,
}

/// Documents of customers who take e-invoices that have neither letter nor file, and those that were put back;
/// at most `limit`.
pub async fn waiting(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<WaitingRow>, StoreFault> {
    let sql = sql!(
        "select d.id, d.number, d.customer_id from receiver_rule r join document d on d.org_id = r.org_id and d.customer_id = r.customer_id left join einvoice e on e.org_id = d.org_id and e.document_id = d.id where r.org_id = $1 and r.way = 'peppol' and d.origin = 'raised' and (e.id is null or e.state = 'blocked') and not exists (select 1 from letter l where l.org_id = d.org_id and l.document_id = d.id) order by d.id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// An e-invoice.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct EinvoiceRow {
    /// Id.
    pub id: i64,
    /// Its document.
    pub document_id: i64,
    /// invoice or credit_note.
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Whose.
    pub customer_id: i64,
    /// To which participant.
    pub receiver: String,
    /// Stored name of the domain's `EState`.
    pub state: String,
    /// Why it stands there.
    pub reason: String,
    /// Name of its file.
    pub file_name: String,
    /// Hash of the kept file.
    pub file_sha256: String,
    /// Its size.
    pub size_bytes: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// When its file was written.
    pub written_on: Option<NaiveDate>,
    /// When it came to stand where it stands.
    pub settled_on: Option<NaiveDate>,
    /// When it was first tried.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds one, or changes the one of its document; false when someone changed it since that version was read.
pub async fn keep(tx: &mut Tx, org: OrgId, e: &EinvoiceRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into einvoice (org_id, id, document_id, document_kind, document_number, customer_id, receiver, state, reason, file_name, file_sha256, size_bytes, attempts, written_on, settled_on, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict (org_id, document_id) do update set receiver = excluded.receiver, state = excluded.state, reason = excluded.reason, file_name = excluded.file_name, file_sha256 = excluded.file_sha256, size_bytes = excluded.size_bytes, attempts = excluded.attempts, written_on = excluded.written_on, settled_on = excluded.settled_on, version = excluded.version where einvoice.version = excluded.version - 1"
    );
    let values = args![
        org,
        e.id,
        e.document_id,
        &e.document_kind,
        &e.document_number,
        e.customer_id,
        &e.receiver,
        &e.state,
        &e.reason,
        &e.file_name,
        &e.file_sha256,
        e.size_bytes,
        e.attempts,
        e.written_on,
        e.settled_on,
        e.recorded_at,
        e.version
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The e-invoice of a document.
pub async fn of_document(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<Option<EinvoiceRow>, StoreFault> {
    let sql = sql!(
        "select id, document_id, document_kind, document_number, customer_id, receiver, state, reason, file_name, file_sha256, size_bytes, attempts, written_on, settled_on, recorded_at, version from einvoice where org_id = $1 and document_id = $2"
    );
    tx.maybe(sql, args![org, document]).await
}

/// E-invoices in a state, oldest first, at most `limit`.
pub async fn in_state(tx: &mut Tx, org: OrgId, state: &str, limit: i64) -> Result<Vec<EinvoiceRow>, StoreFault> {
    let sql = sql!(
        "select id, document_id, document_kind, document_number, customer_id, receiver, state, reason, file_name, file_sha256, size_bytes, attempts, written_on, settled_on, recorded_at, version from einvoice where org_id = $1 and state = $2 order by id limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// The newest e-invoices, at most `limit`.
pub async fn newest(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<EinvoiceRow>, StoreFault> {
    let sql = sql!(
        "select id, document_id, document_kind, document_number, customer_id, receiver, state, reason, file_name, file_sha256, size_bytes, attempts, written_on, settled_on, recorded_at, version from einvoice where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// How many e-invoices stand in each state.
pub async fn counts(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!("select state, count(*) from einvoice where org_id = $1 group by state order by state");
    tx.all(sql, args![org]).await
}
