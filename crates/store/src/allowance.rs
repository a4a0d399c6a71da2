//! Expected credit loss: loss rates from a day on, debts looked at one by one, and the runs.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Loss rates from a day on.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MatrixRow {
    /// First day.
    pub from_on: NaiveDate,
    /// The domain's `Matrix`.
    pub body: Value,
    /// Why these rates: the history, the outlook.
    pub words: String,
    /// Who entered them.
    pub entered_by: String,
    /// Who approved them.
    pub approved_by: String,
}

/// Every matrix, newest first.
pub async fn matrices(tx: &mut Tx, org: OrgId) -> Result<Vec<MatrixRow>, StoreFault> {
    let sql = sql!(
        "select from_on, body, words, entered_by, approved_by from allowance_matrix where org_id = $1 order by from_on desc"
    );
    tx.all(sql, args![org]).await
}

/// Puts a matrix in the place of one from the same day.
pub async fn set_matrix(tx: &mut Tx, org: OrgId, row: &MatrixRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into allowance_matrix (org_id, from_on, body, words, entered_by, approved_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, from_on) do update set body = excluded.body, words = excluded.words, entered_by = excluded.entered_by, approved_by = excluded.approved_by, recorded_at = excluded.recorded_at"
    );
    let values = args![org, row.from_on, row.body.clone(), &row.words, &row.entered_by, &row.approved_by, at];
    tx.run(sql, values).await.map(drop)
}

/// A debt with an allowance of its own.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NamedRow {
    /// Id.
    pub id: i64,
    /// The debt.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// Whose.
    pub customer_name: String,
    /// What is open.
    pub open_pence: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// What is expected to be lost.
    pub amount_pence: i64,
    /// Why.
    pub words: String,
    /// Who.
    pub actor_name: String,
}

/// Debts with an allowance of their own on a day.
pub async fn named(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Vec<NamedRow>, StoreFault> {
    let sql = sql!(
        "select n.id, n.item_id, i.number as item_number, c.name as customer_name, i.open_pence, n.from_on, n.to_on, n.amount_pence, n.words, n.actor_name from allowance_named n join open_item i on i.org_id = n.org_id and i.id = n.item_id join customer c on c.org_id = i.org_id and c.id = i.customer_id where n.org_id = $1 and n.from_on <= $2 and (n.to_on is null or n.to_on >= $2) order by n.id"
    );
    tx.all(sql, args![org, day]).await
}

/// Ends what a debt has, from a day on, and gives it another allowance, unless there is none.
pub async fn set_named(
    tx: &mut Tx,
    org: OrgId,
    (id, item, amount): (i64, i64, Option<i64>),
    (from, last_before): (NaiveDate, NaiveDate),
    (words, by, at): (&str, &str, DateTime<Utc>),
) -> Result<(), StoreFault> {
    let again = sql!(
        "update allowance_named set to_on = $4 where org_id = $1 and item_id = $2 and from_on < $3 and (to_on is null or to_on >= $3)"
    );
    tx.run(again, args![org, item, from, last_before]).await?;
    let same = sql!("delete from allowance_named where org_id = $1 and item_id = $2 and from_on >= $3");
    tx.run(same, args![org, item, from]).await?;
    let Some(amount) = amount else { return Ok(()) };
    let sql = sql!(
        "insert into allowance_named (org_id, id, item_id, from_on, amount_pence, words, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    tx.run(sql, args![org, id, item, from, amount, words, by, at]).await.map(drop)
}

/// What was open at the end of a day, of one class of customer and debt and one due date, without debts named one by one.
#[derive(Clone, Debug, FromRow)]
pub struct OpenSum {
    /// Kind of customer.
    pub customer_kind: String,
    /// Type of debt.
    pub debt_type: String,
    /// When due.
    pub due_on: NaiveDate,
    /// What was open of debits.
    pub open_pence: i64,
}

/// Debits open at the end of a day, rolled back by what was set against them since, without those named one by one.
pub async fn open_sums(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Result<Vec<OpenSum>, StoreFault> {
    let sql = sql!(
        "select c.kind as customer_kind, s.debt_type, s.due_on, cast(sum(s.open_pence) as bigint) as open_pence from (
         select i.customer_id, i.debt_type, i.due_on, i.id, i.open_pence from open_item i where i.org_id = $1 and i.original_pence > 0 and i.open_pence <> 0 and i.posted_on <= $2
         union all select i.customer_id, i.debt_type, i.due_on, i.id, a.amount_pence from allocation a join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id where a.org_id = $1 and a.allocated_on > $2 and i.original_pence > 0 and i.posted_on <= $2
         ) s join customer c on c.org_id = $1 and c.id = s.customer_id where not exists (select 1 from allowance_named n where n.org_id = $1 and n.item_id = s.id and n.from_on <= $2 and (n.to_on is null or n.to_on >= $2)) group by c.kind, s.debt_type, s.due_on order by 1, 2, 3"
    );
    tx.all(sql, args![org, as_at]).await
}

/// What was open at the end of a day of each debt named one by one: item, open, its allowance.
pub async fn open_named(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Result<Vec<(i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select n.item_id, i.open_pence + coalesce((select cast(sum(a.amount_pence) as bigint) from allocation a where a.org_id = n.org_id and a.debit_item_id = n.item_id and a.allocated_on > $2), 0), n.amount_pence from allowance_named n join open_item i on i.org_id = n.org_id and i.id = n.item_id where n.org_id = $1 and n.from_on <= $2 and (n.to_on is null or n.to_on >= $2) and i.posted_on <= $2"
    );
    tx.all(sql, args![org, as_at]).await
}

/// A run of the allowance.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AllowanceRunRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// As at.
    pub as_at: NaiveDate,
    /// waiting, posted or refused.
    pub state: String,
    /// At the start.
    pub opening_pence: i64,
    /// Used since.
    pub used_pence: i64,
    /// Charged.
    pub charge_pence: i64,
    /// Needed.
    pub closing_pence: i64,
    /// Gross.
    pub gross_pence: i64,
    /// The lines.
    pub body: Value,
    /// The approval.
    pub approval: String,
    /// The journal, once posted.
    pub journal_id: Option<i64>,
    /// Who made it.
    pub made_by: String,
}

/// The runs, newest first.
pub async fn runs(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<AllowanceRunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, as_at, state, opening_pence, used_pence, charge_pence, closing_pence, gross_pence, body, approval, journal_id, made_by from allowance_run where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// One run.
pub async fn run(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<AllowanceRunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, as_at, state, opening_pence, used_pence, charge_pence, closing_pence, gross_pence, body, approval, journal_id, made_by from allowance_run where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Adds a run that waits.
pub async fn add_run(tx: &mut Tx, org: OrgId, r: &AllowanceRunRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into allowance_run (org_id, id, number, as_at, state, opening_pence, used_pence, charge_pence, closing_pence, gross_pence, body, approval, made_by, recorded_at) values ($1, $2, $3, $4, 'waiting', $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.as_at,
        r.opening_pence,
        r.used_pence,
        r.charge_pence,
        r.closing_pence,
        r.gross_pence,
        r.body.clone(),
        &r.approval,
        &r.made_by,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Settles a run that waits; false if it does not.
pub async fn settle_run(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    state: &str,
    journal: Option<i64>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update allowance_run set state = $3, journal_id = $4 where org_id = $1 and id = $2 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, id, state, journal]).await? == 1)
}

/// What moved the allowance after a day and until another, without its own runs: credits less debits of the role.
pub async fn used_between(tx: &mut Tx, org: OrgId, (after, until): (NaiveDate, NaiveDate)) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select coalesce(cast(sum(e.debit_pence - e.credit_pence) as bigint), 0) from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where j.org_id = $1 and j.posted_on > $2 and j.posted_on <= $3 and g.role = 'ALLOW' and j.event <> 'AllowanceChanged'"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, after, until]).await?.0)
}
