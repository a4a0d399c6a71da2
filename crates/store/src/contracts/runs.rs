//! Periodic runs: where they stand, what they left out, and their proof against the ledger.
use super::ContractRange;
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, RunId};

/// A periodic run.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct BillingRunRow {
    /// Id.
    pub id: i64,
    /// Number: `BRN-000001`.
    pub number: String,
    /// Bills what is due by this day.
    pub up_to: NaiveDate,
    /// Of one service; empty for all.
    pub service: String,
    /// Of one cycle; empty for all.
    pub cycle: String,
    /// prepared, releasing, stopped, done or withdrawn.
    pub state: String,
    /// Contracts done.
    pub done_count: i64,
    /// Contracts in all.
    pub total_count: i64,
    /// Control totals of the preview.
    pub prepared: serde_json::Value,
    /// Control totals, and where it stands.
    pub totals: serde_json::Value,
    /// Who prepared it.
    pub prepared_by: i64,
    /// Their name.
    pub prepared_by_name: String,
    /// When.
    pub prepared_on: NaiveDate,
    /// Who released it.
    pub released_by_name: String,
    /// When.
    pub released_on: Option<NaiveDate>,
    /// Rises each time a worker takes the run.
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

/// A contract that a run left out.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LeftRow {
    /// The run.
    pub run_id: i64,
    /// The contract.
    pub contract_id: i64,
    /// Which rule.
    pub code: String,
    /// Why.
    pub sentence: String,
    /// What to do.
    pub way_out: String,
}

/// Adds runs.
pub async fn add_billing_runs(tx: &mut Tx, org: OrgId, rows: Vec<BillingRunRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "up_to",
        "service",
        "cycle",
        "state",
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
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.up_to,
            r.service,
            r.cycle,
            r.state,
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
        ]
    });
    tx.insert("billing_run", COLUMNS, rows.collect()).await
}

/// Adds contracts that a run left out.
pub async fn add_left(tx: &mut Tx, org: OrgId, rows: Vec<LeftRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "run_id", "contract_id", "code", "sentence", "way_out"];
    let rows = rows.into_iter().map(|r| args![org, r.run_id, r.contract_id, r.code, r.sentence, r.way_out]);
    tx.insert("billing_run_left", COLUMNS, rows.collect()).await
}

/// The run with a number.
pub async fn billing_run(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<BillingRunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, up_to, service, cycle, state, done_count, total_count, prepared, totals, prepared_by, prepared_by_name, prepared_on, released_by_name, released_on, fence, holder, lease_until, recorded_at, ended_at from billing_run where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Runs, newest first.
pub async fn billing_runs(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<BillingRunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, up_to, service, cycle, state, done_count, total_count, prepared, totals, prepared_by, prepared_by_name, prepared_on, released_by_name, released_on, fence, holder, lease_until, recorded_at, ended_at from billing_run where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// A run that is neither done nor withdrawn, if there is one.
pub async fn unfinished_run(tx: &mut Tx, org: OrgId) -> Result<Option<BillingRunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, up_to, service, cycle, state, done_count, total_count, prepared, totals, prepared_by, prepared_by_name, prepared_on, released_by_name, released_on, fence, holder, lease_until, recorded_at, ended_at from billing_run where org_id = $1 and state in ('prepared', 'releasing', 'stopped') order by id limit 1"
    );
    tx.maybe(sql, args![org]).await
}

/// Takes a run for a worker who read its fence; false if another was quicker.
pub async fn take_billing_run(
    tx: &mut Tx,
    org: OrgId,
    (run, fence): (RunId, i64),
    holder: &str,
    until: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update billing_run set fence = fence + 1, holder = $4, lease_until = $5 where org_id = $1 and id = $2 and fence = $3"
    );
    Ok(tx.run(sql, args![org, run, fence, holder, until]).await? == 1)
}

/// Keeps where a run stands, for the worker whose fence it has.
pub async fn save_billing_run(tx: &mut Tx, org: OrgId, r: &BillingRunRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update billing_run set state = $4, done_count = $5, total_count = $6, totals = $7, released_by_name = $8, released_on = $9, holder = $10, lease_until = $11, ended_at = $12 where org_id = $1 and id = $2 and fence = $3"
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
        r.ended_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Marks the contracts of one cycle that a run has billed; those that it left out stay as they were.
pub async fn mark_billed(
    tx: &mut Tx,
    org: OrgId,
    of: &ContractRange,
    run: RunId,
    (service, cycle, in_advance): (&str, &str, bool),
    (billed_to, next_on): (NaiveDate, Option<NaiveDate>),
) -> Result<u64, StoreFault> {
    // The column's own null says that the last value is a day, where the statement is prepared without it.
    let sql = sql!(
        "update contract set billed_to = case when billed_to < $9 then $9 else billed_to end, next_on = case when ends_on is not null and ends_on <= $9 then null else coalesce($10, nullif(next_on, next_on)) end, recheck_from = null, recheck_why = '' where org_id = $1 and id between $2 and $3 and next_on <= $4 and ($6 = '' or service = $6) and cycle = $7 and in_advance = $8 and not exists (select 1 from billing_run_left f where f.org_id = $1 and f.run_id = $5 and f.contract_id = contract.id)"
    );
    let values = args![org, of.first, of.last, of.up_to, run, service, cycle, in_advance, billed_to, next_on];
    tx.run(sql, values).await
}

/// Number, service user, code, sentence and way out of the contracts that a run left out.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LeftNamed {
    /// The contract's number.
    pub number: String,
    /// Its service user.
    pub service_user: String,
    /// Which rule.
    pub code: String,
    /// Why.
    pub sentence: String,
    /// What to do.
    pub way_out: String,
}

/// The contracts that a run left out, at most so many.
pub async fn left_of_run(tx: &mut Tx, org: OrgId, run: RunId, limit: i64) -> Result<Vec<LeftNamed>, StoreFault> {
    let sql = sql!(
        "select c.number, c.service_user, f.code, f.sentence, f.way_out from billing_run_left f join contract c on c.org_id = f.org_id and c.id = f.contract_id where f.org_id = $1 and f.run_id = $2 order by f.contract_id limit $3"
    );
    tx.all(sql, args![org, run, limit]).await
}

/// What the ledger holds of a run's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct RunProof {
    /// Invoices.
    pub documents: i64,
    /// Their sum with VAT.
    pub gross_pence: i64,
    /// What their open items were opened for.
    pub items_pence: i64,
    /// What was debited to their accounts.
    pub debited_pence: i64,
}

/// What the ledger holds of a run's invoices: documents, open items and entries, each asked for itself.
pub async fn run_proof(tx: &mut Tx, org: OrgId, run: RunId) -> Result<RunProof, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as documents, cast(coalesce(sum(d.gross_pence), 0) as bigint) as gross_pence, cast(coalesce(sum(i.original_pence), 0) as bigint) as items_pence, cast(coalesce(sum((select cast(sum(e.debit_pence - e.credit_pence) as bigint) from entry e where e.org_id = i.org_id and e.journal_id = i.journal_id and e.item_id = i.id)), 0) as bigint) as debited_pence from (select distinct x.document_id from contract_charge x where x.org_id = $1 and x.run_id = $2 and x.document_id is not null and x.approval = '') r join document d on d.org_id = $1 and d.id = r.document_id left join open_item i on i.org_id = d.org_id and i.kind = 'invoice' and i.number = d.number"
    );
    tx.one(sql, args![org, run]).await
}

/// An invoice of a run.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RunInvoice {
    /// Id: the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Purchase order.
    pub po_number: String,
    /// With VAT.
    pub gross_pence: i64,
}

/// The invoices of a run after an id.
pub async fn invoices_of_run(
    tx: &mut Tx,
    org: OrgId,
    run: RunId,
    (after, limit): (i64, i64),
) -> Result<Vec<RunInvoice>, StoreFault> {
    let sql = sql!(
        "select d.id, d.number, k.number as customer_number, k.name as customer_name, d.po_number, d.gross_pence from (select distinct x.document_id from contract_charge x where x.org_id = $1 and x.run_id = $2 and x.document_id > $3 and x.approval = '') r join document d on d.org_id = $1 and d.id = r.document_id join customer k on k.org_id = d.org_id and k.id = d.customer_id order by d.id limit $4"
    );
    tx.all(sql, args![org, run, after, limit]).await
}
