//! What a VAT return is made of: documents by tax point, relief on bad debts, and the returns that were filed.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Lines of one kind of document, code and rate.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct VatSum {
    /// invoice or credit_note.
    pub kind: String,
    /// VAT code.
    pub vat_code: String,
    /// Rate in basis points.
    pub vat_bp: i64,
    /// Lines.
    pub lines: i64,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
}

/// Invoices with their tax point in a period and credit notes issued in it, summed by code and rate.
pub async fn vat_sums(tx: &mut Tx, org: OrgId, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<VatSum>, StoreFault> {
    let sql = sql!(
        "select s.kind, s.vat_code, s.vat_bp, cast(sum(s.lines) as bigint) as lines, cast(sum(s.net_pence) as bigint) as net_pence, cast(sum(s.vat_pence) as bigint) as vat_pence from (select d.kind, l.vat_code, l.vat_bp, count(*) as lines, cast(sum(l.net_pence) as bigint) as net_pence, cast(sum(l.vat_pence) as bigint) as vat_pence from document d join document_line l on l.org_id = d.org_id and l.document_id = d.id where d.org_id = $1 and d.tax_point_on >= $2 and d.tax_point_on <= $3 and d.kind = 'invoice' and d.origin = 'raised' group by d.kind, l.vat_code, l.vat_bp union all select d.kind, l.vat_code, l.vat_bp, count(*), cast(sum(l.net_pence) as bigint), cast(sum(l.vat_pence) as bigint) from document d join document_line l on l.org_id = d.org_id and l.document_id = d.id where d.org_id = $1 and d.issue_on >= $2 and d.issue_on <= $3 and d.kind = 'credit_note' and d.origin = 'raised' group by d.kind, l.vat_code, l.vat_bp) s group by s.kind, s.vat_code, s.vat_bp order by s.kind desc, s.vat_code, s.vat_bp"
    );
    tx.all(sql, args![org, from, to]).await
}

/// A document in a VAT period.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct VatDocument {
    /// invoice or credit_note.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// Tax point.
    pub tax_point_on: NaiveDate,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
}

/// The documents with VAT or value in a period, by date.
pub async fn vat_documents(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<VatDocument>, StoreFault> {
    let sql = sql!(
        "select d.kind, d.number, c.number as customer_number, d.issue_on, d.tax_point_on, d.net_pence, d.vat_pence from document d join customer c on c.org_id = d.org_id and c.id = d.customer_id where d.org_id = $1 and d.origin = 'raised' and ((d.kind = 'invoice' and d.tax_point_on >= $2 and d.tax_point_on <= $3) or (d.kind = 'credit_note' and d.issue_on >= $2 and d.issue_on <= $3)) order by d.kind desc, d.tax_point_on, d.id"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Debits less credits of the GL code of a role in a period, by event.
pub async fn moved_on_role(
    tx: &mut Tx,
    org: OrgId,
    role: &str,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select j.event, cast(sum(e.debit_pence - e.credit_pence) as bigint) from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where j.org_id = $1 and g.role = $2 and j.posted_on >= $3 and j.posted_on <= $4 group by j.event order by j.event"
    );
    tx.all(sql, args![org, role, from, to]).await
}

/// A write-off of a debt that bore VAT, on which no relief was claimed yet.
#[derive(Clone, Debug, FromRow)]
pub struct ReliefWaiting {
    /// Number of the write-off.
    pub write_off: String,
    /// What was written off.
    pub item_number: String,
    /// Whose.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// The invoice.
    pub document_id: i64,
    /// Invoice with VAT.
    pub gross_pence: i64,
    /// When supplied.
    pub supply_on: NaiveDate,
    /// When due; an instalment has its own day.
    pub due_on: NaiveDate,
    /// What was written off of it and is not owed again.
    pub written_off_pence: i64,
}

/// Write-offs of debts that bore VAT without relief so far, oldest first.
pub async fn relief_waiting(tx: &mut Tx, org: OrgId) -> Result<Vec<ReliefWaiting>, StoreFault> {
    let sql = sql!(
        "select r.write_off, r.item_number, r.customer_id, r.customer_number, r.document_id, r.gross_pence, r.supply_on, r.due_on, r.written_off_pence from (select w.id, w.number as write_off, i.number as item_number, w.customer_id, c.number as customer_number, d.id as document_id, d.gross_pence, d.supply_on, i.due_on, cast(a.amount_pence - coalesce((select cast(sum(e.debit_pence) as bigint) from journal b join entry e on e.org_id = b.org_id and e.journal_id = b.id where b.org_id = w.org_id and b.source = 'write-off ' || w.number and b.event = 'DebtWrittenBack' and e.customer_id is not null), 0) as bigint) as written_off_pence from open_item w join allocation a on a.org_id = w.org_id and a.credit_item_id = w.id join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id join document d on d.org_id = i.org_id and d.id = i.document_id join customer c on c.org_id = w.org_id and c.id = w.customer_id where w.org_id = $1 and w.kind = 'write_off' and a.amount_pence > 0 and d.kind = 'invoice' and d.vat_pence > 0 and not exists (select 1 from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where j.org_id = w.org_id and j.source = 'write-off ' || w.number and g.role = 'VATBDR' and e.debit_pence > 0)) r where r.written_off_pence > 0 order by r.id"
    );
    tx.all(sql, args![org]).await
}

/// Lines with VAT of some documents: document, net, VAT, rate.
pub async fn taxed_lines(tx: &mut Tx, org: OrgId, document: i64) -> Result<Vec<(i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select net_pence, vat_pence, vat_bp from document_line where org_id = $1 and document_id = $2 and vat_bp > 0 order by line"
    );
    tx.all(sql, args![org, document]).await
}

/// A return that was filed.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct VatReturnRow {
    /// Id.
    pub id: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// VAT due on sales.
    pub box1_pence: i64,
    /// VAT reclaimed: relief on bad debts.
    pub box4_pence: i64,
    /// Value of sales before VAT, in whole pounds.
    pub box6_pounds: i64,
    /// What HMRC answered.
    pub receipt: String,
    /// When.
    pub filed_on: NaiveDate,
    /// Who recorded it.
    pub actor_name: String,
}

/// The returns that were filed, newest first.
pub async fn vat_returns(tx: &mut Tx, org: OrgId) -> Result<Vec<VatReturnRow>, StoreFault> {
    let sql = sql!(
        "select id, from_on, to_on, box1_pence, box4_pence, box6_pounds, receipt, filed_on, actor_name from vat_return where org_id = $1 order by to_on desc limit 200"
    );
    tx.all(sql, args![org]).await
}

/// The last day of the last return that was filed.
pub async fn vat_filed_until(tx: &mut Tx, org: OrgId) -> Result<Option<NaiveDate>, StoreFault> {
    let sql = sql!("select to_on from vat_return where org_id = $1 order by to_on desc limit 1");
    let found: Option<(NaiveDate,)> = tx.maybe(sql, args![org]).await?;
    Ok(found.map(|(day,)| day))
}

/// Adds a return.
pub async fn add_vat_return(
    tx: &mut Tx,
    org: OrgId,
    row: &VatReturnRow,
    actor: i64,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into vat_return (org_id, id, from_on, to_on, box1_pence, box4_pence, box6_pounds, receipt, filed_on, actor_id, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        row.id,
        row.from_on,
        row.to_on,
        row.box1_pence,
        row.box4_pence,
        row.box6_pounds,
        &row.receipt,
        row.filed_on,
        actor,
        &row.actor_name,
        at
    ];
    tx.run(sql, values).await.map(drop)
}
