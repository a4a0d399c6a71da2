//! Dated facts of debts: decision notices, appeals, deferred payments, agreements.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};

/// A fact of a debt; the instalments of an invoice share one id.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DebtFactRow {
    /// Id.
    pub id: i64,
    /// The debt.
    pub item_id: i64,
    /// Who owes it.
    pub customer_id: i64,
    /// Which fact.
    pub fact: String,
    /// The day of it.
    pub happened_on: NaiveDate,
    /// Way of recovery, where the fact is one; else empty.
    pub method: String,
    /// The document behind it.
    pub evidence: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_on: NaiveDate,
    /// When it was withdrawn as wrong.
    pub withdrawn_on: Option<NaiveDate>,
    /// By whom; may be empty.
    pub withdrawn_by: String,
    /// Why; may be empty.
    pub withdrawn_why: String,
}

/// Adds facts.
pub async fn add_debt_facts(
    tx: &mut Tx,
    org: OrgId,
    rows: Vec<DebtFactRow>,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "item_id",
        "customer_id",
        "fact",
        "happened_on",
        "method",
        "evidence",
        "recorded_by",
        "recorded_on",
        "withdrawn_on",
        "withdrawn_by",
        "withdrawn_why",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.item_id,
            r.customer_id,
            r.fact,
            r.happened_on,
            r.method,
            r.evidence,
            r.recorded_by,
            r.recorded_on,
            r.withdrawn_on,
            r.withdrawn_by,
            r.withdrawn_why,
            at
        ]
    });
    tx.insert("debt_fact", COLUMNS, rows.collect()).await
}

/// Facts that count, of the debts of customers from one id to another, in the order of recording.
pub async fn debt_facts_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(i64, String, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select item_id, fact, happened_on from debt_fact where org_id = $1 and customer_id between $2 and $3 and withdrawn_on is null order by customer_id, item_id, id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Every fact of one debt, withdrawn ones too, in the order of recording.
pub async fn debt_facts_of_item(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    item: ItemId,
) -> Result<Vec<DebtFactRow>, StoreFault> {
    let sql = sql!(
        "select id, item_id, customer_id, fact, happened_on, method, evidence, recorded_by, recorded_on, withdrawn_on, withdrawn_by, withdrawn_why from debt_fact where org_id = $1 and customer_id = $2 and item_id = $3 order by id"
    );
    tx.all(sql, args![org, customer, item]).await
}

/// A fact with the number of its debt.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CustomerFactRow {
    /// Id of the fact.
    pub id: i64,
    /// Number of the debt.
    pub debt: String,
    /// Which fact.
    pub fact: String,
    /// The day of it.
    pub happened_on: NaiveDate,
    /// Way of recovery, where the fact is one; else empty.
    pub method: String,
    /// The document behind it.
    pub evidence: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When it was withdrawn as wrong.
    pub withdrawn_on: Option<NaiveDate>,
    /// Why; may be empty.
    pub withdrawn_why: String,
}

/// Every fact of the debts of a customer, withdrawn ones too, in the order of recording; one row for each instalment.
pub async fn debt_facts_of_customer(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<CustomerFactRow>, StoreFault> {
    let sql = sql!(
        "select f.id, i.number as debt, f.fact, f.happened_on, f.method, f.evidence, f.recorded_by, f.withdrawn_on, f.withdrawn_why from debt_fact f join open_item i on i.org_id = f.org_id and i.id = f.item_id where f.org_id = $1 and f.customer_id = $2 order by f.id, f.item_id"
    );
    tx.all(sql, args![org, customer]).await
}
