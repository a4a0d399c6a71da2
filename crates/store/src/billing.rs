//! Documents: invoices and credit notes with their lines, and what hangs on them.
pub mod debt_facts;
pub mod reference;
pub mod terms;
pub mod vat;

use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::money::Pence;

/// An invoice or a credit note. Amounts are positive for both.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DocumentRow {
    /// Id.
    pub id: i64,
    /// invoice or credit_note.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_id: i64,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// When supplied.
    pub supply_on: NaiveDate,
    /// Tax point.
    pub tax_point_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// Purchase order.
    pub po_number: String,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// With VAT.
    pub gross_pence: i64,
    /// The invoice that a credit note corrects, or that an invoice replaces.
    pub corrects_id: Option<i64>,
    /// Why, for a credit note.
    pub reason: String,
    /// raised here, or taken_on from an old ledger.
    pub origin: String,
    /// Who.
    pub actor_id: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A line of a document.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DocumentLineRow {
    /// Of which document.
    pub document_id: i64,
    /// Line number, from 1.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// Quantity in ten-thousandths.
    pub quantity_e4: i64,
    /// Unit price in ten-thousandths of a pound.
    pub unit_price_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// VAT rate in basis points.
    pub vat_bp: i64,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// Income code.
    pub income_code: String,
    /// The invoice's line that a credit note's line corrects.
    pub corrects_line: Option<i64>,
}

/// Adds documents with their lines.
pub async fn add_documents(
    tx: &mut Tx,
    org: OrgId,
    documents: Vec<DocumentRow>,
    lines: Vec<DocumentLineRow>,
) -> Result<(), StoreFault> {
    const DOCUMENT: &[&str] = &[
        "org_id",
        "id",
        "kind",
        "number",
        "customer_id",
        "issue_on",
        "supply_on",
        "tax_point_on",
        "due_on",
        "po_number",
        "service",
        "debt_type",
        "cost_centre",
        "net_pence",
        "vat_pence",
        "gross_pence",
        "corrects_id",
        "reason",
        "origin",
        "actor_id",
        "recorded_at",
    ];
    const LINE: &[&str] = &[
        "org_id",
        "document_id",
        "line",
        "description",
        "quantity_e4",
        "unit_price_e4",
        "vat_code",
        "vat_bp",
        "net_pence",
        "vat_pence",
        "income_code",
        "corrects_line",
    ];
    let heads = documents.into_iter().map(|d| {
        args![
            org,
            d.id,
            d.kind,
            d.number,
            d.customer_id,
            d.issue_on,
            d.supply_on,
            d.tax_point_on,
            d.due_on,
            d.po_number,
            d.service,
            d.debt_type,
            d.cost_centre,
            d.net_pence,
            d.vat_pence,
            d.gross_pence,
            d.corrects_id,
            d.reason,
            d.origin,
            d.actor_id,
            d.recorded_at
        ]
    });
    tx.insert("document", DOCUMENT, heads.collect()).await?;
    let lines = lines.into_iter().map(|l| {
        args![
            org,
            l.document_id,
            l.line,
            l.description,
            l.quantity_e4,
            l.unit_price_e4,
            l.vat_code,
            l.vat_bp,
            l.net_pence,
            l.vat_pence,
            l.income_code,
            l.corrects_line
        ]
    });
    tx.insert("document_line", LINE, lines.collect()).await
}

/// The document of a kind with a number.
pub async fn document_numbered(
    tx: &mut Tx,
    org: OrgId,
    kind: &str,
    number: &str,
) -> Result<Option<DocumentRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, customer_id, issue_on, supply_on, tax_point_on, due_on, po_number, service, debt_type, cost_centre, net_pence, vat_pence, gross_pence, corrects_id, reason, origin, actor_id, recorded_at from document where org_id = $1 and kind = $2 and number = $3"
    );
    tx.maybe(sql, args![org, kind, number]).await
}

/// One document.
pub async fn document(tx: &mut Tx, org: OrgId, id: DocumentId) -> Result<Option<DocumentRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, customer_id, issue_on, supply_on, tax_point_on, due_on, po_number, service, debt_type, cost_centre, net_pence, vat_pence, gross_pence, corrects_id, reason, origin, actor_id, recorded_at from document where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// The credit notes that correct an invoice, oldest first.
pub async fn credit_notes_of(tx: &mut Tx, org: OrgId, invoice: DocumentId) -> Result<Vec<DocumentRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, customer_id, issue_on, supply_on, tax_point_on, due_on, po_number, service, debt_type, cost_centre, net_pence, vat_pence, gross_pence, corrects_id, reason, origin, actor_id, recorded_at from document where org_id = $1 and corrects_id = $2 and kind = 'credit_note' order by id"
    );
    tx.all(sql, args![org, invoice]).await
}

/// The invoice that was billed in the place of another, the latest one.
pub async fn replacement_of(tx: &mut Tx, org: OrgId, invoice: DocumentId) -> Result<Option<DocumentRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, customer_id, issue_on, supply_on, tax_point_on, due_on, po_number, service, debt_type, cost_centre, net_pence, vat_pence, gross_pence, corrects_id, reason, origin, actor_id, recorded_at from document where org_id = $1 and corrects_id = $2 and kind = 'invoice' order by id desc limit 1"
    );
    tx.maybe(sql, args![org, invoice]).await
}

/// The lines of a document.
pub async fn lines_of(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<Vec<DocumentLineRow>, StoreFault> {
    let sql = sql!(
        "select document_id, line, description, quantity_e4, unit_price_e4, vat_code, vat_bp, net_pence, vat_pence, income_code, corrects_line from document_line where org_id = $1 and document_id = $2 order by line"
    );
    tx.all(sql, args![org, document]).await
}

/// Line, net and VAT credited so far on an invoice's lines.
pub async fn credited_so_far(tx: &mut Tx, org: OrgId, invoice: DocumentId) -> Result<Vec<(i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select l.corrects_line, cast(sum(l.net_pence) as bigint), cast(sum(l.vat_pence) as bigint) from document d join document_line l on l.org_id = d.org_id and l.document_id = d.id where d.org_id = $1 and d.corrects_id = $2 and d.kind = 'credit_note' and l.corrects_line is not null group by l.corrects_line order by l.corrects_line"
    );
    tx.all(sql, args![org, invoice]).await
}

/// Numbers of documents and open items that are taken, from one number to another.
pub async fn numbers_taken(
    tx: &mut Tx,
    org: OrgId,
    first: &str,
    last: &str,
) -> Result<Vec<(String, String)>, StoreFault> {
    let sql = sql!(
        "select kind, number from document where org_id = $1 and kind in ('invoice', 'credit_note') and number >= $2 and number <= $3"
    );
    tx.all(sql, args![org, first, last]).await
}

/// A line of a list of documents.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DocumentLineOfList {
    /// Id: the key of the list.
    pub id: i64,
    /// invoice or credit_note.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// With VAT.
    pub gross_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// Service.
    pub service: String,
    /// raised or taken_on.
    pub origin: String,
}

/// Which documents to list.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// invoice or credit_note; empty for both.
    pub kind: String,
    /// Of one customer.
    pub customer: Option<CustomerId>,
    /// Issued on or after.
    pub from_on: Option<NaiveDate>,
    /// Issued on or before.
    pub to_on: Option<NaiveDate>,
    /// Only those with something open.
    pub open_only: bool,
}

/// Documents before an id, newest recorded first.
pub async fn documents_page(
    tx: &mut Tx,
    org: OrgId,
    filter: &DocumentFilter,
    before: i64,
    limit: i64,
) -> Result<Vec<DocumentLineOfList>, StoreFault> {
    let mut values = args![org, before, limit];
    let mut sql = "select d.id, d.kind, d.number, c.number as customer_number, c.name as customer_name, d.issue_on, d.due_on, d.gross_pence, coalesce(p.open_pence, i.open_pence, 0) as open_pence, d.service, d.origin from document d join customer c on c.org_id = d.org_id and c.id = d.customer_id left join open_item i on i.org_id = d.org_id and i.kind = d.kind and i.number = d.number left join (select m.document_id, cast(sum(o.open_pence) as bigint) as open_pence from document_instalment m join open_item o on o.org_id = m.org_id and o.id = m.item_id where m.org_id = $1 group by m.document_id) p on p.document_id = d.id where d.org_id = $1 and d.id < $2".to_owned();
    let mut and = |text: &str, value: Arg| {
        values.push(value);
        sql.push_str(&format!(" and {text} ${}", values.len()));
    };
    if !filter.kind.is_empty() {
        and("d.kind =", Arg::from(filter.kind.as_str()));
    }
    if let Some(customer) = filter.customer {
        and("d.customer_id =", Arg::from(customer));
    }
    if let Some(day) = filter.from_on {
        and("d.issue_on >=", Arg::from(day));
    }
    if let Some(day) = filter.to_on {
        and("d.issue_on <=", Arg::from(day));
    }
    if filter.open_only {
        sql.push_str(" and coalesce(p.open_pence, i.open_pence, 0) <> 0");
    }
    sql.push_str(" order by d.id desc limit $3");
    tx.all_built(sql, values).await
}

/// An allocation on an item with the number of its other side.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AllocationSeen {
    /// Id.
    pub id: i64,
    /// When.
    pub allocated_on: NaiveDate,
    /// Kind of the other side.
    pub other_kind: String,
    /// Number of the other side.
    pub other_number: String,
    /// Amount; negative when it undoes another.
    pub amount_pence: i64,
    /// person, machine or rule.
    pub made_by: String,
    /// Why.
    pub reason: String,
    /// What it undoes.
    pub reverses_id: Option<i64>,
}

/// Allocations on an item, whichever side it is, oldest first.
pub async fn allocations_seen(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<AllocationSeen>, StoreFault> {
    let sql = sql!(
        "select s.id, s.allocated_on, s.other_kind, s.other_number, s.amount_pence, s.made_by, s.reason, s.reverses_id from (
         select a.id, a.allocated_on, o.kind as other_kind, o.number as other_number, a.amount_pence, a.made_by, a.reason, a.reverses_id from allocation a join open_item o on o.org_id = a.org_id and o.id = a.credit_item_id where a.org_id = $1 and a.debit_item_id = $2
         union all select a.id, a.allocated_on, o.kind, o.number, a.amount_pence, a.made_by, a.reason, a.reverses_id from allocation a join open_item o on o.org_id = a.org_id and o.id = a.debit_item_id where a.org_id = $1 and a.credit_item_id = $2
         ) s order by s.id"
    );
    tx.all(sql, args![org, item]).await
}

/// A recovery step taken on an item.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct StepSeen {
    /// Which in order.
    pub seq: i64,
    /// Which step.
    pub step_code: String,
    /// When it was due.
    pub due_on: NaiveDate,
    /// When it was taken.
    pub taken_on: NaiveDate,
    /// The letter it sent.
    pub letter_number: String,
    /// In words.
    pub note: String,
}

/// Steps taken on an item, in order.
pub async fn steps_seen(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<StepSeen>, StoreFault> {
    let sql = sql!(
        "select s.seq, s.step_code, s.due_on, s.taken_on, coalesce(l.number, '') as letter_number, s.note from step_taken s left join letter l on l.org_id = s.org_id and l.id = s.letter_id where s.org_id = $1 and s.item_id = $2 order by s.seq"
    );
    tx.all(sql, args![org, item]).await
}

/// Kind, number, date and state of the letters that carried a document.
pub async fn letters_seen(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Vec<(String, String, NaiveDate, String)>, StoreFault> {
    let sql =
        sql!("select kind, number, dated_on, state from letter where org_id = $1 and document_id = $2 order by id");
    tx.all(sql, args![org, document]).await
}

/// The customer's write-offs from a day on, together, as a positive amount (CTL-02).
pub async fn written_off_since(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    since: NaiveDate,
) -> Result<Pence, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(-original_pence), 0) as bigint) from open_item where org_id = $1 and customer_id = $2 and kind = 'write_off' and posted_on >= $3"
    );
    let (sum,): (i64,) = tx.one(sql, args![org, customer, since]).await?;
    Ok(Pence(sum))
}

/// Whether the item is in a plan that runs: a hold of that reason stands.
pub async fn in_plan(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from hold h join open_item i on i.org_id = h.org_id and i.customer_id = h.customer_id where i.org_id = $1 and i.id = $2 and h.reason = 'plan' and h.ended_on is null and (h.item_id is null or h.item_id = i.id)"
    );
    let (count,): (i64,) = tx.one(sql, args![org, item]).await?;
    Ok(count > 0)
}

/// What the write-backs of a write-off come to.
pub async fn written_back(tx: &mut Tx, org: OrgId, write_off: &str) -> Result<Pence, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(e.debit_pence), 0) as bigint) from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id where j.org_id = $1 and j.source = $2 and j.event = 'DebtWrittenBack' and e.customer_id is not null"
    );
    let (sum,): (i64,) = tx.one(sql, args![org, format!("write-off {write_off}")]).await?;
    Ok(Pence(sum))
}
