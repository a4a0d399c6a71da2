//! What was billed for which days, with its evidence.
use super::ContractRange;
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{DocumentId, OrgId};

/// A billed span of days, or the change of a billed period.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractChargeRow {
    /// Id.
    pub id: i64,
    /// Contract.
    pub contract_id: i64,
    /// Which charge.
    pub line: i64,
    /// Who was charged.
    pub customer_id: i64,
    /// charge or adjustment.
    pub kind: String,
    /// billed; asked where a credit waits for a yes; refused.
    pub state: String,
    /// First day of its period.
    pub period_starts_on: NaiveDate,
    /// Last day of its period.
    pub period_ends_on: NaiveDate,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Before VAT; below zero where it takes something back.
    pub net_pence: i64,
    /// How it was worked out.
    pub words: String,
    /// How it was worked out before, for an adjustment.
    pub was_words: String,
    /// The figures behind it.
    pub working: Option<serde_json::Value>,
    /// The run that billed it.
    pub run_id: i64,
    /// The invoice; for a credit the invoice that it corrects.
    pub document_id: Option<i64>,
    /// Its line.
    pub document_line: Option<i64>,
    /// The approval that a credit waits for, or got.
    pub approval: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Tells apart several rates of the same days.
    #[sqlx(default)]
    #[serde(default)]
    pub part: i64,
    /// Lines of activity behind it, each with its price; read with [`activity_behind`].
    #[sqlx(skip)]
    #[serde(default)]
    pub activity: Vec<(i64, i64)>,
}

/// Adds what was billed, and which activity stands behind it.
pub async fn add_contract_charges(tx: &mut Tx, org: OrgId, rows: Vec<ContractChargeRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "contract_id",
        "line",
        "customer_id",
        "kind",
        "state",
        "period_starts_on",
        "period_ends_on",
        "from_on",
        "to_on",
        "net_pence",
        "words",
        "was_words",
        "working",
        "run_id",
        "document_id",
        "document_line",
        "approval",
        "recorded_at",
        "part",
    ];
    let behind: Vec<Vec<Arg>> = rows
        .iter()
        .flat_map(|r| r.activity.iter().map(move |(activity, priced)| args![org, r.id, *activity, *priced]))
        .collect();
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.contract_id,
            r.line,
            r.customer_id,
            r.kind,
            r.state,
            r.period_starts_on,
            r.period_ends_on,
            r.from_on,
            r.to_on,
            r.net_pence,
            r.words,
            r.was_words,
            r.working,
            r.run_id,
            r.document_id,
            r.document_line,
            r.approval,
            r.recorded_at,
            r.part
        ]
    });
    tx.insert("contract_charge", COLUMNS, rows.collect()).await?;
    tx.insert("activity_billed", &["org_id", "charge_id", "activity_id", "priced_pence"], behind).await
}

/// Charge, line of activity and its price, for what was billed of contracts that have changed since.
pub async fn activity_behind(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<(i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select b.charge_id, b.activity_id, b.priced_pence from contract c join contract_charge x on x.org_id = c.org_id and x.contract_id = c.id join activity_billed b on b.org_id = x.org_id and b.charge_id = x.id where c.org_id = $1 and c.id between $2 and $3 and c.next_on <= $4 and c.recheck_from is not null and x.period_ends_on >= c.recheck_from and x.state <> 'refused' order by b.charge_id, b.activity_id"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// What was billed of contracts that have changed since, from the first day touched on.
pub async fn charges_to_recheck(
    tx: &mut Tx,
    org: OrgId,
    of: &ContractRange,
) -> Result<Vec<ContractChargeRow>, StoreFault> {
    let sql = sql!(
        "select x.id, x.contract_id, x.line, x.customer_id, x.kind, x.state, x.period_starts_on, x.period_ends_on, x.from_on, x.to_on, x.net_pence, x.words, x.was_words, x.working, x.run_id, x.document_id, x.document_line, x.approval, x.recorded_at from contract c join contract_charge x on x.org_id = c.org_id and x.contract_id = c.id where c.org_id = $1 and c.id between $2 and $3 and c.next_on <= $4 and c.recheck_from is not null and x.period_ends_on >= c.recheck_from and x.state <> 'refused' order by x.contract_id, x.id"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Contract and sum of what was billed for the last period that each was billed for.
pub async fn last_period_sums(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, cast(sum(x.net_pence) as bigint) from contract c join contract_charge x on x.org_id = c.org_id and x.contract_id = c.id where c.org_id = $1 and c.id between $2 and $3 and c.next_on <= $4 and x.period_ends_on = c.billed_to and x.state <> 'refused' group by x.contract_id order by x.contract_id"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// What was billed of a contract, newest first.
pub async fn charges_of_contract(
    tx: &mut Tx,
    org: OrgId,
    contract: i64,
    limit: i64,
) -> Result<Vec<ContractChargeRow>, StoreFault> {
    let sql = sql!(
        "select x.id, x.contract_id, x.line, x.customer_id, x.kind, x.state, x.period_starts_on, x.period_ends_on, x.from_on, x.to_on, x.net_pence, x.words, x.was_words, x.working, x.run_id, x.document_id, x.document_line, x.approval, x.recorded_at from contract_charge x where x.org_id = $1 and x.contract_id = $2 order by x.period_ends_on desc, x.id desc limit $3"
    );
    tx.all(sql, args![org, contract, limit]).await
}

/// What stands behind the lines of a document.
pub async fn charges_of_document(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Vec<ContractChargeRow>, StoreFault> {
    let sql = sql!(
        "select x.id, x.contract_id, x.line, x.customer_id, x.kind, x.state, x.period_starts_on, x.period_ends_on, x.from_on, x.to_on, x.net_pence, x.words, x.was_words, x.working, x.run_id, x.document_id, x.document_line, x.approval, x.recorded_at from contract_charge x where x.org_id = $1 and x.document_id = $2 order by x.document_line, x.id"
    );
    tx.all(sql, args![org, document]).await
}

/// Line and sum of credits of a document that wait for a yes.
pub async fn credits_asked(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select document_line, cast(sum(-net_pence) as bigint) from contract_charge where org_id = $1 and document_id = $2 and state = 'asked' and document_line is not null group by document_line order by document_line"
    );
    tx.all(sql, args![org, document]).await
}

/// Turns what waits for an approval to billed or refused.
pub async fn settle_charges(tx: &mut Tx, org: OrgId, approval: &str, state: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract_charge set state = $3 where org_id = $1 and approval = $2 and approval <> '' and state = 'asked'"
    );
    tx.run(sql, args![org, approval, state]).await
}

/// Contracts whose credit was refused are looked at again by the next run.
pub async fn recheck_refused(tx: &mut Tx, org: OrgId, approval: &str, why: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set recheck_from = (select min(x.period_starts_on) from contract_charge x where x.org_id = $1 and x.contract_id = contract.id and x.approval = $2), next_on = (select min(x.period_starts_on) from contract_charge x where x.org_id = $1 and x.contract_id = contract.id and x.approval = $2), recheck_why = $3, version = version + 1 where org_id = $1 and id in (select x.contract_id from contract_charge x where x.org_id = $1 and x.approval = $2 and x.approval <> '')"
    );
    tx.run(sql, args![org, approval, why]).await
}
