//! What was charged on invoices for paying late.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use std::collections::HashSet;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};

/// A charge that was posted, corrected or waived.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LateChargeRow {
    /// Id.
    pub id: i64,
    /// The invoice's item.
    pub invoice_item_id: i64,
    /// The charge's own item.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// posted, corrected or waived.
    pub act: String,
    /// interest, compensation or fee.
    pub part: String,
    /// How much; never below nothing.
    pub amount_pence: i64,
    /// Worked out to the end of this day.
    pub as_at: NaiveDate,
    /// Why.
    pub words: String,
    /// Why it was waived, from the list of reasons; else empty.
    pub reason: String,
    /// Who, by id.
    pub actor_id: i64,
    /// Who.
    pub actor_name: String,
    /// What is open of the charge now.
    pub open_pence: i64,
}

/// What was charged on an invoice, oldest first.
pub async fn charges_of(tx: &mut Tx, org: OrgId, invoice: ItemId) -> Result<Vec<LateChargeRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.invoice_item_id, l.item_id, l.item_number, l.act, l.part, l.amount_pence, l.as_at, l.words, l.reason, l.actor_id, l.actor_name, i.open_pence from late_charge l join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.invoice_item_id = $2 order by l.id"
    );
    tx.all(sql, args![org, invoice]).await
}

/// A charge for late payment of a customer's invoice.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CustomerChargeRow {
    /// Number of the invoice.
    pub invoice: String,
    /// Number of the charge.
    pub number: String,
    /// interest, compensation or fee.
    pub part: String,
    /// How much was charged.
    pub amount_pence: i64,
    /// Worked out to the end of this day.
    pub as_at: NaiveDate,
    /// What is open of it now.
    pub open_pence: i64,
}

/// What was charged on the invoices of a customer, oldest first.
pub async fn charges_of_customer(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<CustomerChargeRow>, StoreFault> {
    let sql = sql!(
        "select inv.number as invoice, l.item_number as number, l.part, l.amount_pence, l.as_at, i.open_pence from late_charge l join open_item i on i.org_id = l.org_id and i.id = l.item_id join open_item inv on inv.org_id = l.org_id and inv.id = l.invoice_item_id where l.org_id = $1 and i.customer_id = $2 and l.act = 'posted' order by l.id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The charge with a number, as it was posted.
pub async fn charge_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<LateChargeRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.invoice_item_id, l.item_id, l.item_number, l.act, l.part, l.amount_pence, l.as_at, l.words, l.reason, l.actor_id, l.actor_name, i.open_pence from late_charge l join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.item_number = $2 and l.act = 'posted'"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Keeps what was charged, corrected or waived.
pub async fn add_charge(tx: &mut Tx, org: OrgId, row: &LateChargeRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into late_charge (org_id, id, invoice_item_id, item_id, item_number, act, part, amount_pence, as_at, words, actor_id, actor_name, recorded_at, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = args![
        org,
        row.id,
        row.invoice_item_id,
        row.item_id,
        &row.item_number,
        &row.act,
        &row.part,
        row.amount_pence,
        row.as_at,
        &row.words,
        row.actor_id,
        &row.actor_name,
        at,
        &row.reason
    ];
    tx.run(sql, values).await.map(drop)
}

/// Days of supply and of issue of documents.
pub async fn dates_of_documents(
    tx: &mut Tx,
    org: OrgId,
    documents: &[i64],
) -> Result<Vec<(i64, NaiveDate, NaiveDate)>, StoreFault> {
    let sql = ["select id, supply_on, issue_on from document where org_id = $1 and id in (", ")"];
    tx.all_listed(sql, org, documents.iter().copied()).await
}

/// Day and amount of what was set against invoices, by item; a credit note that corrects the invoice from its own day.
pub async fn payments_of_items(
    tx: &mut Tx,
    org: OrgId,
    items: &[ItemId],
) -> Result<Vec<(i64, NaiveDate, i64)>, StoreFault> {
    let sql = [
        "select a.debit_item_id, case when x.id is null then c.dated_on else d.dated_on end, cast(sum(a.amount_pence) as bigint) from allocation a join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id left join document x on x.org_id = c.org_id and x.id = c.document_id and x.corrects_id = d.document_id where a.org_id = $1 and a.debit_item_id in (",
        ") group by a.debit_item_id, c.id, c.dated_on, d.dated_on, x.id order by a.debit_item_id, c.dated_on, c.id",
    ];
    tx.all_listed(sql, org, items.iter().map(|item| item.0)).await
}

/// The day of the first judgment on an invoice; none where there is none.
pub async fn judged_on(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Option<NaiveDate>, StoreFault> {
    let sql = sql!(
        "select k.judgment_on from court_case_item m join court_case k on k.org_id = m.org_id and k.id = m.case_id where m.org_id = $1 and m.item_id = $2 and m.part = 'debt' and k.judgment_on is not null and k.state in ('judgment', 'satisfied') order by k.judgment_on limit 1"
    );
    Ok(tx.maybe::<(NaiveDate,)>(sql, args![org, item]).await?.map(|(on,)| on))
}

/// The day of the first judgment on each invoice that has one.
pub async fn judgments(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select m.item_id, min(k.judgment_on) from court_case_item m join court_case k on k.org_id = m.org_id and k.id = m.case_id where m.org_id = $1 and m.part = 'debt' and k.judgment_on is not null and k.state in ('judgment', 'satisfied') group by m.item_id order by m.item_id"
    );
    tx.all(sql, args![org]).await
}

/// Every flag of a kind that customers from one id to another ever had, but those of a case: customer, first and last day.
pub async fn flag_spans_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    kind: &str,
) -> Result<Vec<(i64, NaiveDate, Option<NaiveDate>)>, StoreFault> {
    let sql = sql!(
        "select f.customer_id, f.from_on, f.to_on from customer_flag f where f.org_id = $1 and f.customer_id between $2 and $3 and f.kind = $4 and not exists (select 1 from flag_detail d where d.org_id = f.org_id and d.flag_id = f.id and d.case_id is not null) order by f.customer_id, f.from_on"
    );
    tx.all(sql, args![org, first, last, kind]).await
}

/// Days that cases of breathing space froze debts of customers from one id to another: item, first and last day, and
/// from when a manager freed it.
pub async fn frozen_spans_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(i64, NaiveDate, Option<NaiveDate>, Option<NaiveDate>)>, StoreFault> {
    let sql = sql!(
        "select item_id, starts_on, ends_on, freed_on from person_case_item where org_id = $1 and customer_id between $2 and $3 and kind = 'breathing_space' order by item_id, starts_on"
    );
    tx.all(sql, args![org, first, last]).await
}

/// The invoice of each open charge whose invoice is open too, of customers from one id to another: charge, invoice.
pub async fn invoices_of_charges(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select l.item_id, l.invoice_item_id from open_item i join late_charge l on l.org_id = i.org_id and l.item_id = i.id and l.act = 'posted' join open_item v on v.org_id = l.org_id and v.id = l.invoice_item_id where i.org_id = $1 and i.customer_id between $2 and $3 and i.kind in ('interest', 'compensation', 'costs') and i.open_pence > 0 and v.open_pence > 0 order by l.item_id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// The invoices on which anything was ever charged.
pub async fn charged_invoices(tx: &mut Tx, org: OrgId) -> Result<HashSet<ItemId>, StoreFault> {
    let sql = sql!("select distinct invoice_item_id from late_charge where org_id = $1");
    let found: Vec<(i64,)> = tx.all(sql, args![org]).await?;
    Ok(found.into_iter().map(|(id,)| ItemId(id)).collect())
}

/// What was charged on invoices, oldest first.
pub async fn charges_of_items(tx: &mut Tx, org: OrgId, items: &[ItemId]) -> Result<Vec<LateChargeRow>, StoreFault> {
    let sql = [
        "select l.id, l.invoice_item_id, l.item_id, l.item_number, l.act, l.part, l.amount_pence, l.as_at, l.words, l.reason, l.actor_id, l.actor_name, i.open_pence from late_charge l join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.invoice_item_id in (",
        ") order by l.id",
    ];
    tx.all_listed(sql, org, items.iter().map(|item| item.0)).await
}
