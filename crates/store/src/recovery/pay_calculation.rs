//! Calculations of overpaid pay as they were sent, with their pay periods.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{ItemId, OrgId};

/// A calculation.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CalculationRow {
    /// Id.
    pub id: i64,
    /// The debt.
    pub item_id: i64,
    /// Counted from 1: another is sent where one was wrong.
    pub version: i64,
    /// By when it is to be paid back.
    pub repay_by: NaiveDate,
    /// Payroll can correct tax, National Insurance and pension.
    pub paye_corrected: bool,
    /// Overpaid before deductions.
    pub gross_pence: i64,
    /// Tax.
    pub tax_pence: i64,
    /// National Insurance.
    pub insurance_pence: i64,
    /// Pension contributions.
    pub pension_pence: i64,
    /// What was received.
    pub net_pence: i64,
    /// What is asked back.
    pub asked_pence: i64,
    /// Payroll's document.
    pub evidence: String,
    /// Number of the letter.
    pub letter: String,
    /// The fact that it was sent; none where the letter is held.
    pub fact_id: Option<i64>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_on: NaiveDate,
}

/// A pay period of a calculation.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PeriodRow {
    /// Counted from 1.
    pub line: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Pay day.
    pub paid_on: NaiveDate,
    /// Overpaid before deductions.
    pub gross_pence: i64,
    /// Tax.
    pub tax_pence: i64,
    /// National Insurance.
    pub insurance_pence: i64,
    /// Pension contributions.
    pub pension_pence: i64,
    /// The tax year of the pay day.
    pub tax_year: String,
    /// net or gross.
    pub asked_as: String,
    /// What is asked back.
    pub asked_pence: i64,
    /// Why it was overpaid.
    pub reason: String,
}

/// Adds a calculation; false where the debt has that version already.
pub async fn add_calculation(
    tx: &mut Tx,
    org: OrgId,
    r: &CalculationRow,
    at: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into salary_calculation (org_id, id, item_id, version, repay_by, paye_corrected, gross_pence, tax_pence, insurance_pence, pension_pence, net_pence, asked_pence, evidence, letter, fact_id, recorded_by, recorded_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing"
    );
    let a = args![
        org,
        r.id,
        r.item_id,
        r.version,
        r.repay_by,
        r.paye_corrected,
        r.gross_pence,
        r.tax_pence,
        r.insurance_pence,
        r.pension_pence,
        r.net_pence,
        r.asked_pence,
        &r.evidence,
        &r.letter,
        r.fact_id,
        &r.recorded_by,
        r.recorded_on,
        at
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// Adds the pay periods of a calculation.
pub async fn add_periods(tx: &mut Tx, org: OrgId, calculation: i64, rows: Vec<PeriodRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "calculation_id",
        "line",
        "from_on",
        "to_on",
        "paid_on",
        "gross_pence",
        "tax_pence",
        "insurance_pence",
        "pension_pence",
        "tax_year",
        "asked_as",
        "asked_pence",
        "reason",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            calculation,
            r.line,
            r.from_on,
            r.to_on,
            r.paid_on,
            r.gross_pence,
            r.tax_pence,
            r.insurance_pence,
            r.pension_pence,
            r.tax_year,
            r.asked_as,
            r.asked_pence,
            r.reason
        ]
    });
    tx.insert("salary_period", COLUMNS, rows.collect()).await
}

/// The newest calculation of a debt.
pub async fn calculation_of(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Option<CalculationRow>, StoreFault> {
    let sql = sql!(
        "select id, item_id, version, repay_by, paye_corrected, gross_pence, tax_pence, insurance_pence, pension_pence, net_pence, asked_pence, evidence, letter, fact_id, recorded_by, recorded_on from salary_calculation where org_id = $1 and item_id = $2 order by version desc limit 1"
    );
    tx.maybe(sql, args![org, item]).await
}

/// The pay periods of a calculation, in order.
pub async fn periods_of(tx: &mut Tx, org: OrgId, calculation: i64) -> Result<Vec<PeriodRow>, StoreFault> {
    let sql = sql!(
        "select line, from_on, to_on, paid_on, gross_pence, tax_pence, insurance_pence, pension_pence, tax_year, asked_as, asked_pence, reason from salary_period where org_id = $1 and calculation_id = $2 order by line"
    );
    tx.all(sql, args![org, calculation]).await
}
