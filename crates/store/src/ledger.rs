//! Journals, GL codes, periods, open items, allocations.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{AllocationId, CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::money::Pence;

// GL codes and periods ---------------------------------------------------------------

/// Where entries post.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct GlCodeRow {
    /// Code of the general ledger.
    pub code: String,
    /// Name.
    pub name: String,
    /// Role in the posting table: AR, BANK, INC …
    pub role: String,
}

/// All GL codes.
pub async fn gl_codes(tx: &mut Tx, org: OrgId) -> Result<Vec<GlCodeRow>, StoreFault> {
    tx.all(sql!("select code, name, role from gl_code where org_id = $1 order by code"), args![org]).await
}

/// Adds GL codes.
pub async fn add_gl_codes(tx: &mut Tx, org: OrgId, rows: &[GlCodeRow]) -> Result<(), StoreFault> {
    let rows = rows.iter().map(|r| args![org, &r.code, &r.name, &r.role]).collect();
    tx.insert("gl_code", &["org_id", "code", "name", "role"], rows).await
}

/// An accounting period.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct PeriodRow {
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// 1 is the first month; 13 and 14 are for adjustments.
    pub number: i64,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// open, soft_closed or hard_closed.
    pub state: String,
    /// Hash of the snapshot stored when it was closed.
    pub snapshot_sha256: String,
}

/// The monthly period a day lies in.
pub async fn period_of(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Option<PeriodRow>, StoreFault> {
    let sql = sql!(
        "select start_year, number, starts_on, ends_on, state, snapshot_sha256 from period where org_id = $1 and starts_on <= $2 and ends_on >= $2 and number <= 12"
    );
    tx.maybe(sql, args![org, day]).await
}

/// All periods, oldest first.
pub async fn periods(tx: &mut Tx, org: OrgId) -> Result<Vec<PeriodRow>, StoreFault> {
    let sql = sql!(
        "select start_year, number, starts_on, ends_on, state, snapshot_sha256 from period where org_id = $1 order by start_year, number"
    );
    tx.all(sql, args![org]).await
}

/// Adds periods.
pub async fn add_periods(tx: &mut Tx, org: OrgId, rows: &[PeriodRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "start_year", "number", "starts_on", "ends_on", "state", "snapshot_sha256"];
    let turn = |r: &PeriodRow| args![org, r.start_year, r.number, r.starts_on, r.ends_on, &r.state, &r.snapshot_sha256];
    tx.insert("period", COLUMNS, rows.iter().map(turn).collect()).await
}

/// Changes a period's state from one to another; false if it was not in the first.
pub async fn set_period_state(
    tx: &mut Tx,
    org: OrgId,
    period: (i64, i64),
    from: &str,
    to: &str,
    snapshot_sha256: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update period set state = $5, snapshot_sha256 = $6 where org_id = $1 and start_year = $2 and number = $3 and state = $4"
    );
    Ok(tx.run(sql, args![org, period.0, period.1, from, to, snapshot_sha256]).await? == 1)
}

// Journals ---------------------------------------------------------------------------

/// A journal's head.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct JournalRow {
    /// Id.
    pub id: i64,
    /// Gapless number.
    pub number: i64,
    /// Posting date.
    pub posted_on: NaiveDate,
    /// Financial year.
    pub start_year: i64,
    /// Period of it.
    pub period_number: i64,
    /// What happened.
    pub event: String,
    /// Document, receipt or item it came from, as people name it.
    pub source: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub actor_id: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A line of a journal.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct EntryRow {
    /// Journal.
    pub journal_id: i64,
    /// Line, from 1.
    pub line: i64,
    /// Where it posts.
    pub gl_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Customer, where it posts to their account.
    pub customer_id: Option<i64>,
    /// Open item, where there is one.
    pub item_id: Option<i64>,
    /// Debit.
    pub debit_pence: i64,
    /// Credit.
    pub credit_pence: i64,
}

/// Adds journals with their entries.
pub async fn add_journals(
    tx: &mut Tx,
    org: OrgId,
    journals: Vec<JournalRow>,
    entries: Vec<EntryRow>,
) -> Result<(), StoreFault> {
    const JOURNAL: &[&str] = &[
        "org_id",
        "id",
        "number",
        "posted_on",
        "start_year",
        "period_number",
        "event",
        "source",
        "reason",
        "actor_id",
        "recorded_at",
    ];
    const ENTRY: &[&str] = &[
        "org_id",
        "journal_id",
        "line",
        "gl_code",
        "cost_centre",
        "customer_id",
        "item_id",
        "debit_pence",
        "credit_pence",
    ];
    let heads = journals.into_iter().map(|j| {
        args![
            org,
            j.id,
            j.number,
            j.posted_on,
            j.start_year,
            j.period_number,
            j.event,
            j.source,
            j.reason,
            j.actor_id,
            j.recorded_at
        ]
    });
    tx.insert("journal", JOURNAL, heads.collect()).await?;
    let lines = entries.into_iter().map(|e| {
        args![
            org,
            e.journal_id,
            e.line,
            e.gl_code,
            e.cost_centre,
            e.customer_id,
            e.item_id,
            e.debit_pence,
            e.credit_pence
        ]
    });
    tx.insert("entry", ENTRY, lines.collect()).await
}

/// Journals that name a source, oldest first.
pub async fn journals_of_source(tx: &mut Tx, org: OrgId, source: &str) -> Result<Vec<JournalRow>, StoreFault> {
    let sql = sql!(
        "select id, number, posted_on, start_year, period_number, event, source, reason, actor_id, recorded_at from journal where org_id = $1 and source = $2 order by id"
    );
    tx.all(sql, args![org, source]).await
}

/// The entries of a journal.
pub async fn entries_of(tx: &mut Tx, org: OrgId, journal: i64) -> Result<Vec<EntryRow>, StoreFault> {
    let sql = sql!(
        "select journal_id, line, gl_code, cost_centre, customer_id, item_id, debit_pence, credit_pence from entry where org_id = $1 and journal_id = $2 order by line"
    );
    tx.all(sql, args![org, journal]).await
}

// Open items -------------------------------------------------------------------------

/// One posted debit (positive) or credit (negative) on an account.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ItemRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// invoice, credit_note, receipt, refund, interest, compensation, costs or write_back.
    pub kind: String,
    /// Number people see.
    pub number: String,
    /// Invoice or credit note behind it.
    pub document_id: Option<i64>,
    /// Receipt behind it.
    pub receipt_id: Option<i64>,
    /// Posting date.
    pub posted_on: NaiveDate,
    /// Date of the document or receipt.
    pub dated_on: NaiveDate,
    /// Due date.
    pub due_on: NaiveDate,
    /// Amount at first; debits positive, credits negative.
    pub original_pence: i64,
    /// What is left of it, with the same sign.
    pub open_pence: i64,
    /// What of it is disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Step of the pathway it stands at; empty before the first.
    pub stage: String,
    /// Journal that posted it.
    pub journal_id: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds open items.
pub async fn add_items(tx: &mut Tx, org: OrgId, items: Vec<ItemRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "kind",
        "number",
        "document_id",
        "receipt_id",
        "posted_on",
        "dated_on",
        "due_on",
        "original_pence",
        "open_pence",
        "disputed_pence",
        "service",
        "debt_type",
        "stage",
        "journal_id",
        "recorded_at",
    ];
    let rows = items.into_iter().map(|i| {
        args![
            org,
            i.id,
            i.customer_id,
            i.kind,
            i.number,
            i.document_id,
            i.receipt_id,
            i.posted_on,
            i.dated_on,
            i.due_on,
            i.original_pence,
            i.open_pence,
            i.disputed_pence,
            i.service,
            i.debt_type,
            i.stage,
            i.journal_id,
            i.recorded_at
        ]
    });
    tx.insert("open_item", COLUMNS, rows.collect()).await
}

/// One item.
pub async fn item(tx: &mut Tx, org: OrgId, id: ItemId) -> Result<Option<ItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Items with a number, of any kind (an old ledger's invoice and a receipt may share one), and the instalments of an
/// invoice with that number.
pub async fn items_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Vec<ItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and kind in ('invoice','credit_note','receipt','refund','interest','compensation','costs','write_off','write_back') and number = $2 union all select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and id in (select m.item_id from document d join document_instalment m on m.org_id = d.org_id and m.document_id = d.id where d.org_id = $1 and d.kind = 'invoice' and d.number = $2) order by id"
    );
    tx.all(sql, args![org, number]).await
}

/// The items of a document, its instalments first due first.
pub async fn items_of_document(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
    number: &str,
) -> Result<Vec<ItemRow>, StoreFault> {
    // By its number, which has an index.
    let mut items = items_numbered(tx, org, number).await?;
    items.retain(|item| item.document_id == Some(document.0));
    items.sort_by_key(|item| (item.due_on, item.id));
    Ok(items)
}

/// The other instalments of the invoice whose instalment an item is, first due first.
pub async fn instalments_with(tx: &mut Tx, org: OrgId, item: &ItemRow) -> Result<Vec<ItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and id <> $3 and id in (select m.item_id from document_instalment m where m.org_id = $1 and m.document_id = $2) order by due_on, id"
    );
    tx.all(sql, args![org, item.document_id, item.id]).await
}

/// What is open on an account, oldest due first.
pub async fn open_items_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<ItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and customer_id = $2 and open_pence <> 0 order by due_on, id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Every item an account ever had, oldest first.
pub async fn all_items_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<ItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and customer_id = $2 order by dated_on, id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Money of a customer that is set against nothing yet, above zero.
pub async fn unallocated_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(0 - open_pence), 0) as bigint) from open_item where org_id = $1 and customer_id = $2 and open_pence <> 0 and open_pence < 0 and kind <> 'credit_note'"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, customer]).await?.0)
}

/// Every open item of the organisation, by id.
pub async fn all_open_items(tx: &mut Tx, org: OrgId) -> Result<Vec<ItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, document_id, receipt_id, posted_on, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, stage, journal_id, recorded_at from open_item where org_id = $1 and open_pence <> 0 order by id"
    );
    tx.all(sql, args![org]).await
}

/// Takes an amount off what is open on a debit; false if less than that is open (P04).
pub async fn reduce_debit(tx: &mut Tx, org: OrgId, id: ItemId, amount: Pence) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update open_item set open_pence = open_pence - $3 where org_id = $1 and id = $2 and original_pence > 0 and open_pence >= $3"
    );
    Ok(tx.run(sql, args![org, id, amount]).await? == 1)
}

/// Takes an amount off what is left of a credit; false if less than that is left (P04).
pub async fn reduce_credit(tx: &mut Tx, org: OrgId, id: ItemId, amount: Pence) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update open_item set open_pence = open_pence + $3 where org_id = $1 and id = $2 and original_pence < 0 and open_pence + $3 <= 0"
    );
    Ok(tx.run(sql, args![org, id, amount]).await? == 1)
}

/// Opens an amount of a debit again; false if more than its first amount would be open.
pub async fn restore_debit(tx: &mut Tx, org: OrgId, id: ItemId, amount: Pence) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update open_item set open_pence = open_pence + $3 where org_id = $1 and id = $2 and original_pence > 0 and open_pence + $3 <= original_pence"
    );
    Ok(tx.run(sql, args![org, id, amount]).await? == 1)
}

/// Frees an amount of a credit again; false if more than its first amount would be left.
pub async fn restore_credit(tx: &mut Tx, org: OrgId, id: ItemId, amount: Pence) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update open_item set open_pence = open_pence - $3 where org_id = $1 and id = $2 and original_pence < 0 and open_pence - $3 >= original_pence"
    );
    Ok(tx.run(sql, args![org, id, amount]).await? == 1)
}

/// Sets what of an item is disputed.
pub async fn set_disputed(tx: &mut Tx, org: OrgId, id: ItemId, disputed: Pence) -> Result<(), StoreFault> {
    let sql = sql!("update open_item set disputed_pence = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, disputed]).await.map(drop)
}

/// Sets the step at which an item stands.
pub async fn set_stage(tx: &mut Tx, org: OrgId, id: ItemId, stage: &str) -> Result<(), StoreFault> {
    let sql = sql!("update open_item set stage = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, stage]).await.map(drop)
}

// Allocations ------------------------------------------------------------------------

/// A part of a credit set against a debit; a reversal is a row with the amount negated.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct AllocationRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// The debit.
    pub debit_item_id: i64,
    /// The credit.
    pub credit_item_id: i64,
    /// Amount; negative when it reverses another.
    pub amount_pence: i64,
    /// Business date.
    pub allocated_on: NaiveDate,
    /// person, machine or rule.
    pub made_by: String,
    /// Who.
    pub actor_id: i64,
    /// Why, in words.
    pub reason: String,
    /// How sure the machine was, in parts per million.
    pub confidence_ppm: i64,
    /// The allocation it undoes.
    pub reverses_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds allocations.
pub async fn add_allocations(tx: &mut Tx, org: OrgId, rows: Vec<AllocationRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "debit_item_id",
        "credit_item_id",
        "amount_pence",
        "allocated_on",
        "made_by",
        "actor_id",
        "reason",
        "confidence_ppm",
        "reverses_id",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|a| {
        args![
            org,
            a.id,
            a.customer_id,
            a.debit_item_id,
            a.credit_item_id,
            a.amount_pence,
            a.allocated_on,
            a.made_by,
            a.actor_id,
            a.reason,
            a.confidence_ppm,
            a.reverses_id,
            a.recorded_at
        ]
    });
    tx.insert("allocation", COLUMNS, rows.collect()).await
}

/// One allocation.
pub async fn allocation(tx: &mut Tx, org: OrgId, id: AllocationId) -> Result<Option<AllocationRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, debit_item_id, credit_item_id, amount_pence, allocated_on, made_by, actor_id, reason, confidence_ppm, reverses_id, recorded_at from allocation where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Allocations against a debit, oldest first.
pub async fn allocations_of_debit(tx: &mut Tx, org: OrgId, id: ItemId) -> Result<Vec<AllocationRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, debit_item_id, credit_item_id, amount_pence, allocated_on, made_by, actor_id, reason, confidence_ppm, reverses_id, recorded_at from allocation where org_id = $1 and debit_item_id = $2 order by id"
    );
    tx.all(sql, args![org, id]).await
}

/// Allocations out of a credit, oldest first.
pub async fn allocations_of_credit(tx: &mut Tx, org: OrgId, id: ItemId) -> Result<Vec<AllocationRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, debit_item_id, credit_item_id, amount_pence, allocated_on, made_by, actor_id, reason, confidence_ppm, reverses_id, recorded_at from allocation where org_id = $1 and credit_item_id = $2 order by id"
    );
    tx.all(sql, args![org, id]).await
}

/// The allocation that undid another, if one did.
pub async fn reversal_of(tx: &mut Tx, org: OrgId, id: AllocationId) -> Result<Option<AllocationRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, debit_item_id, credit_item_id, amount_pence, allocated_on, made_by, actor_id, reason, confidence_ppm, reverses_id, recorded_at from allocation where org_id = $1 and reverses_id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}
