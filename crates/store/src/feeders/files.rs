//! Files of feeders: where each stands, and its proof against the ledger.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A file of a feeder.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FeederFileRow {
    /// Id.
    pub id: i64,
    /// Number: `FDR-000001`.
    pub number: String,
    /// Whose.
    pub feeder_id: i64,
    /// The file's name.
    pub file_name: String,
    /// Hash of what was sent.
    pub sha256: String,
    /// Hash of what was kept: the same, but for card numbers.
    pub kept_sha256: String,
    /// prepared, releasing, stopped, done or withdrawn.
    pub state: String,
    /// Rows in it.
    pub rows_count: i64,
    /// What they come to, as far as amounts can be read.
    pub rows_pence: i64,
    /// Rows the sender says.
    pub told_rows: i64,
    /// Sum the sender says.
    pub told_pence: i64,
    /// Rows whose amount cannot be read.
    pub unread_count: i64,
    /// Rows that can be billed.
    pub good_count: i64,
    /// Rows that were sent before and are the same.
    pub before_count: i64,
    /// Rows with faults.
    pub rejected_count: i64,
    /// Invoices done.
    pub done_count: i64,
    /// Invoices in all.
    pub total_count: i64,
    /// Control totals of the preview.
    pub prepared: serde_json::Value,
    /// Control totals, and where it stands.
    pub totals: serde_json::Value,
    /// Who sent it in.
    pub prepared_by: i64,
    /// Their name.
    pub prepared_by_name: String,
    /// When.
    pub prepared_on: NaiveDate,
    /// Who released it.
    pub released_by_name: String,
    /// When.
    pub released_on: Option<NaiveDate>,
    /// Rises each time a worker takes the file.
    pub fence: i64,
    /// Who works on it.
    pub holder: String,
    /// Until when they hold it.
    pub lease_until: Option<DateTime<Utc>>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Adds a file.
pub async fn add_file(tx: &mut Tx, org: OrgId, r: FeederFileRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "feeder_id",
        "file_name",
        "sha256",
        "kept_sha256",
        "state",
        "rows_count",
        "rows_pence",
        "told_rows",
        "told_pence",
        "unread_count",
        "good_count",
        "before_count",
        "rejected_count",
        "done_count",
        "total_count",
        "prepared",
        "totals",
        "prepared_by",
        "prepared_by_name",
        "prepared_on",
        "released_by_name",
        "released_on",
        "fence",
        "holder",
        "lease_until",
        "recorded_at",
        "ended_at",
    ];
    let row = args![
        org,
        r.id,
        r.number,
        r.feeder_id,
        r.file_name,
        r.sha256,
        r.kept_sha256,
        r.state,
        r.rows_count,
        r.rows_pence,
        r.told_rows,
        r.told_pence,
        r.unread_count,
        r.good_count,
        r.before_count,
        r.rejected_count,
        r.done_count,
        r.total_count,
        r.prepared,
        r.totals,
        r.prepared_by,
        r.prepared_by_name,
        r.prepared_on,
        r.released_by_name,
        r.released_on,
        r.fence,
        r.holder,
        r.lease_until,
        r.recorded_at,
        r.ended_at
    ];
    tx.insert("feeder_file", COLUMNS, vec![row]).await
}

/// The file with a number.
pub async fn file(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<FeederFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, feeder_id, file_name, sha256, kept_sha256, state, rows_count, rows_pence, told_rows, told_pence, unread_count, good_count, before_count, rejected_count, done_count, total_count, prepared, totals, prepared_by, prepared_by_name, prepared_on, released_by_name, released_on, fence, holder, lease_until, recorded_at, ended_at from feeder_file where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Files, newest first.
pub async fn files(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<FeederFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, feeder_id, file_name, sha256, kept_sha256, state, rows_count, rows_pence, told_rows, told_pence, unread_count, good_count, before_count, rejected_count, done_count, total_count, prepared, totals, prepared_by, prepared_by_name, prepared_on, released_by_name, released_on, fence, holder, lease_until, recorded_at, ended_at from feeder_file where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Number and day of the file of a feeder that has the same bytes and was not withdrawn.
pub async fn same_file(
    tx: &mut Tx,
    org: OrgId,
    feeder: i64,
    sha256: &str,
) -> Result<Option<(String, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select number, prepared_on from feeder_file where org_id = $1 and feeder_id = $2 and sha256 = $3 and state <> 'withdrawn'"
    );
    tx.maybe(sql, args![org, feeder, sha256]).await
}

/// Takes a file for a worker who read its fence; false if another was quicker.
pub async fn take_file(
    tx: &mut Tx,
    org: OrgId,
    (file, fence): (i64, i64),
    holder: &str,
    until: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update feeder_file set fence = fence + 1, holder = $4, lease_until = $5 where org_id = $1 and id = $2 and fence = $3"
    );
    Ok(tx.run(sql, args![org, file, fence, holder, until]).await? == 1)
}

/// Keeps where a file stands, for the worker whose fence it has.
pub async fn save_file(tx: &mut Tx, org: OrgId, r: &FeederFileRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update feeder_file set state = $4, done_count = $5, total_count = $6, totals = $7, released_by_name = $8, released_on = $9, holder = $10, lease_until = $11, ended_at = $12, rejected_count = $13 where org_id = $1 and id = $2 and fence = $3"
    );
    let values = args![
        org,
        r.id,
        r.fence,
        &r.state,
        r.done_count,
        r.total_count,
        r.totals.clone(),
        &r.released_by_name,
        r.released_on,
        &r.holder,
        r.lease_until,
        r.ended_at,
        r.rejected_count
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// What the ledger holds of a file's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct FileProof {
    /// Invoices.
    pub documents: i64,
    /// Their sum with VAT.
    pub gross_pence: i64,
    /// What their open items were opened for.
    pub items_pence: i64,
    /// What was debited to their accounts.
    pub debited_pence: i64,
}

/// What the ledger holds of a file's invoices: documents, open items and entries, each asked for itself.
pub async fn file_proof(tx: &mut Tx, org: OrgId, file: i64) -> Result<FileProof, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as documents, cast(coalesce(sum(d.gross_pence), 0) as bigint) as gross_pence, cast(coalesce(sum(i.original_pence), 0) as bigint) as items_pence, cast(coalesce(sum((select cast(sum(e.debit_pence - e.credit_pence) as bigint) from entry e where e.org_id = i.org_id and e.journal_id = i.journal_id and e.item_id = i.id)), 0) as bigint) as debited_pence from (select distinct x.document_id from feeder_row x where x.org_id = $1 and x.file_id = $2 and x.document_id is not null) r join document d on d.org_id = $1 and d.id = r.document_id left join open_item i on i.org_id = d.org_id and i.kind = 'invoice' and i.number = d.number"
    );
    tx.one(sql, args![org, file]).await
}

/// An invoice of a file.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FileInvoice {
    /// Id: the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The sender's document.
    pub document: String,
    /// Lines.
    pub lines_count: i64,
    /// With VAT.
    pub gross_pence: i64,
}

/// The invoices of a file after an id.
pub async fn invoices_of_file(
    tx: &mut Tx,
    org: OrgId,
    file: i64,
    (after, limit): (i64, i64),
) -> Result<Vec<FileInvoice>, StoreFault> {
    let sql = sql!(
        "select d.id, d.number, k.number as customer_number, k.name as customer_name, r.document, r.lines_count, d.gross_pence from (select x.document_id, min(x.document) as document, count(*) as lines_count from feeder_row x where x.org_id = $1 and x.file_id = $2 and x.document_id > $3 group by x.document_id) r join document d on d.org_id = $1 and d.id = r.document_id join customer k on k.org_id = d.org_id and k.id = d.customer_id order by d.id limit $4"
    );
    tx.all(sql, args![org, file, after, limit]).await
}
