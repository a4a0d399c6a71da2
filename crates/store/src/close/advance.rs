//! Income in advance: what contracts were billed for days to come, and what each period's end moved.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A billed charge of which days are to come.
#[derive(Clone, Debug, FromRow)]
pub struct ChargeAhead {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Before VAT; below zero where it was taken back.
    pub net_pence: i64,
    /// Income code of its line.
    pub income_code: String,
    /// Cost centre of its invoice.
    pub cost_centre: String,
}

/// Charges invoiced by a day for days after it.
pub async fn charges_ahead(tx: &mut Tx, org: OrgId, at: NaiveDate) -> Result<Vec<ChargeAhead>, StoreFault> {
    let sql = sql!(
        "select c.from_on, c.to_on, c.net_pence, l.income_code, d.cost_centre from contract_charge c join document d on d.org_id = c.org_id and d.id = c.document_id join document_line l on l.org_id = c.org_id and l.document_id = c.document_id and l.line = c.document_line where c.org_id = $1 and c.to_on > $2 and c.state = 'billed' and d.issue_on <= $2 order by c.id"
    );
    tx.all(sql, args![org, at]).await
}

/// What lies in deferred income by income code and cost centre, as the ends of periods up to a day moved it.
pub async fn deferred_by(tx: &mut Tx, org: OrgId, at: NaiveDate) -> Result<Vec<(String, String, i64)>, StoreFault> {
    let sql = sql!(
        "select income_code, cost_centre, cast(sum(moved_pence) as bigint) from income_in_advance where org_id = $1 and ends_on <= $2 group by income_code, cost_centre having cast(sum(moved_pence) as bigint) <> 0 order by income_code, cost_centre"
    );
    tx.all(sql, args![org, at]).await
}

/// The end of the last period that moved anything; none before the first.
pub async fn last_moved(tx: &mut Tx, org: OrgId) -> Result<Option<NaiveDate>, StoreFault> {
    let sql = sql!("select ends_on from income_in_advance where org_id = $1 order by ends_on desc, id desc limit 1");
    Ok(tx.maybe::<(NaiveDate,)>(sql, args![org]).await?.map(|row| row.0))
}

/// What the end of a period moved.
#[derive(Clone, Debug)]
pub struct MovedRow {
    /// Id.
    pub id: i64,
    /// Last day of the period.
    pub ends_on: NaiveDate,
    /// Income code.
    pub income_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Above zero deferred, below zero released.
    pub moved_pence: i64,
    /// Its journal.
    pub journal_id: i64,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps what the end of a period moved.
pub async fn add_moved(tx: &mut Tx, org: OrgId, rows: Vec<MovedRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "id", "ends_on", "income_code", "cost_centre", "moved_pence", "journal_id", "recorded_at"];
    let turn = |r: MovedRow| {
        args![org, r.id, r.ends_on, r.income_code, r.cost_centre, r.moved_pence, r.journal_id, r.recorded_at]
    };
    tx.insert("income_in_advance", COLUMNS, rows.into_iter().map(turn).collect()).await
}
