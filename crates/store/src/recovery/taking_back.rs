//! Overpayments taken back from pay or from payments to a provider, and their deductions.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{ItemId, OrgId};

/// What was agreed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TakingRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The debt.
    pub item_id: i64,
    /// pay or provider.
    pub taken_from: String,
    /// agreement or contract.
    pub taken_by: String,
    /// The document behind it.
    pub evidence: String,
    /// week, two_weeks, four_weeks or month.
    pub every: String,
    /// How much each time.
    pub each_pence: i64,
    /// The first pay day.
    pub first_on: NaiveDate,
    /// In how many pay periods the overpayment arose.
    pub arose_over: i64,
    /// Where the debtor asked for fewer deductions; may be empty.
    pub sooner: String,
    /// running, done or ended.
    pub state: String,
    /// The hold that stands meanwhile.
    pub hold_id: Option<i64>,
    /// When it was agreed.
    pub agreed_on: NaiveDate,
    /// Who recorded it.
    pub agreed_by: String,
    /// When it was over.
    pub ended_on: Option<NaiveDate>,
    /// Who ended it; may be empty.
    pub ended_by: String,
    /// Why; may be empty.
    pub ended_why: String,
}

/// A deduction.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DeductionRow {
    /// The recovery it is of.
    pub recovery_id: i64,
    /// Counted from 1.
    pub line: i64,
    /// Pay day, or day of the payment.
    pub due_on: NaiveDate,
    /// How much was agreed.
    pub planned_pence: i64,
    /// due, taken or missed.
    pub state: String,
    /// When it was taken.
    pub taken_on: Option<NaiveDate>,
    /// How much.
    pub taken_pence: i64,
    /// Number of the receipt; may be empty.
    pub receipt: String,
    /// The receipt on the account.
    pub credit_item_id: Option<i64>,
    /// Payslip, remittance, or why nothing was taken; may be empty.
    pub reference: String,
    /// Number of the letter that tells a provider of it; may be empty.
    #[serde(default)]
    pub letter: String,
}

/// Adds what was agreed; false where the debt is being taken back already.
pub async fn add_taking(tx: &mut Tx, org: OrgId, r: &TakingRow, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into overpayment_recovery (org_id, id, number, item_id, taken_from, taken_by, evidence, every, each_pence, first_on, arose_over, sooner, state, hold_id, agreed_on, agreed_by, ended_on, ended_by, ended_why, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) on conflict do nothing"
    );
    let a = args![
        org,
        r.id,
        &r.number,
        r.item_id,
        &r.taken_from,
        &r.taken_by,
        &r.evidence,
        &r.every,
        r.each_pence,
        r.first_on,
        r.arose_over,
        &r.sooner,
        &r.state,
        r.hold_id,
        r.agreed_on,
        &r.agreed_by,
        r.ended_on,
        &r.ended_by,
        &r.ended_why,
        at
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// The recovery with a number.
pub async fn taking_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<TakingRow>, StoreFault> {
    let sql = sql!(
        "select id, number, item_id, taken_from, taken_by, evidence, every, each_pence, first_on, arose_over, sooner, state, hold_id, agreed_on, agreed_by, ended_on, ended_by, ended_why from overpayment_recovery where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The number of the recovery that runs of a debt.
pub async fn running_of_item(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select number from overpayment_recovery where org_id = $1 and item_id = $2 and state = 'running'");
    let found: Option<(String,)> = tx.maybe(sql, args![org, item]).await?;
    Ok(found.map(|(number,)| number))
}

/// Moves a recovery on from a state; false if it was not in it.
pub async fn move_taking(tx: &mut Tx, org: OrgId, r: &TakingRow, from: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update overpayment_recovery set state = $4, hold_id = $5, ended_on = $6, ended_by = $7, ended_why = $8 where org_id = $1 and id = $2 and state = $3"
    );
    let a = args![org, r.id, from, &r.state, r.hold_id, r.ended_on, &r.ended_by, &r.ended_why];
    Ok(tx.run(sql, a).await? == 1)
}

/// Adds deductions.
pub async fn add_deductions(tx: &mut Tx, org: OrgId, rows: Vec<DeductionRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "recovery_id",
        "line",
        "due_on",
        "planned_pence",
        "state",
        "taken_on",
        "taken_pence",
        "receipt",
        "credit_item_id",
        "reference",
        "letter",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.recovery_id,
            r.line,
            r.due_on,
            r.planned_pence,
            r.state,
            r.taken_on,
            r.taken_pence,
            r.receipt,
            r.credit_item_id,
            r.reference,
            r.letter
        ]
    });
    tx.insert("overpayment_deduction", COLUMNS, rows.collect()).await
}

/// The deductions of a recovery, in order.
pub async fn deductions_of(tx: &mut Tx, org: OrgId, recovery: i64) -> Result<Vec<DeductionRow>, StoreFault> {
    let sql = sql!(
        "select recovery_id, line, due_on, planned_pence, state, taken_on, taken_pence, receipt, credit_item_id, reference, letter from overpayment_deduction where org_id = $1 and recovery_id = $2 order by line"
    );
    tx.all(sql, args![org, recovery]).await
}

/// Records what became of a deduction; false if it was not in the state it is moved from.
pub async fn move_deduction(tx: &mut Tx, org: OrgId, r: &DeductionRow, from: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update overpayment_deduction set state = $5, taken_on = $6, taken_pence = $7, receipt = $8, credit_item_id = $9, reference = $10, letter = $11 where org_id = $1 and recovery_id = $2 and line = $3 and state = $4"
    );
    let a = args![
        org,
        r.recovery_id,
        r.line,
        from,
        &r.state,
        r.taken_on,
        r.taken_pence,
        &r.receipt,
        r.credit_item_id,
        &r.reference,
        &r.letter
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// A deduction that is due.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct DueRow {
    /// Number of the recovery.
    pub number: String,
    /// The deduction.
    pub line: i64,
    /// The debt.
    pub item_id: i64,
    /// Its number.
    pub debt: String,
    /// Number of who owes it.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// pay or provider.
    pub taken_from: String,
    /// Pay day, or day of the payment.
    pub due_on: NaiveDate,
    /// How much was agreed.
    pub planned_pence: i64,
    /// What is open of the debt.
    pub open_pence: i64,
    /// The hold that stands meanwhile.
    pub hold_id: Option<i64>,
}

/// Deductions due up to a day of what runs, from pay or from payments, those due first at the top of each recovery.
pub async fn deductions_due(
    tx: &mut Tx,
    org: OrgId,
    taken_from: &str,
    through: NaiveDate,
) -> Result<Vec<DueRow>, StoreFault> {
    let sql = sql!(
        "select r.number, d.line, r.item_id, i.number as debt, c.number as customer_number, c.name as customer_name, r.taken_from, d.due_on, d.planned_pence, i.open_pence, r.hold_id from overpayment_deduction d join overpayment_recovery r on r.org_id = d.org_id and r.id = d.recovery_id and r.state = 'running' and r.taken_from = $2 join open_item i on i.org_id = r.org_id and i.id = r.item_id join customer c on c.org_id = i.org_id and c.id = i.customer_id where d.org_id = $1 and d.state = 'due' and d.due_on <= $3 order by r.number, d.line"
    );
    tx.all(sql, args![org, taken_from, through]).await
}

/// A recovery as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ListedTakingRow {
    /// Number.
    pub number: String,
    /// Number of who owes it.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Number of the debt.
    pub debt: String,
    /// pay or provider.
    pub taken_from: String,
    /// agreement or contract.
    pub taken_by: String,
    /// How much each time.
    pub each_pence: i64,
    /// What was taken so far.
    pub taken_pence: i64,
    /// What is open of the debt.
    pub open_pence: i64,
    /// The next deduction.
    pub next_on: Option<NaiveDate>,
    /// running, done or ended.
    pub state: String,
}

/// Recoveries, newest first.
pub async fn takings(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ListedTakingRow>, StoreFault> {
    let sql = sql!(
        "select r.number, c.number as customer_number, c.name as customer_name, i.number as debt, r.taken_from, r.taken_by, r.each_pence, coalesce((select cast(sum(d.taken_pence) as bigint) from overpayment_deduction d where d.org_id = r.org_id and d.recovery_id = r.id), 0) as taken_pence, i.open_pence, (select min(d.due_on) from overpayment_deduction d where d.org_id = r.org_id and d.recovery_id = r.id and d.state = 'due' and r.state = 'running') as next_on, r.state from overpayment_recovery r join open_item i on i.org_id = r.org_id and i.id = r.item_id join customer c on c.org_id = i.org_id and c.id = i.customer_id where r.org_id = $1 order by r.id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}
