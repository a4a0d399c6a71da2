//! What corrections have taught, how often the matcher was right, and in which order money is allocated.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A lesson as it is taught.
#[derive(Clone, Debug)]
pub struct NewLesson<'a> {
    /// Id, if it is new.
    pub id: i64,
    /// account, name or wording.
    pub kind: &'a str,
    /// What it goes by: a fingerprint, a name's letters, words.
    pub said: &'a str,
    /// The same for people.
    pub shown: &'a str,
    /// Whose payments; 0 for a wording.
    pub customer_id: i64,
    /// For which invoices; empty but for a wording.
    pub service: &'a str,
    /// The receipt that teaches it.
    pub receipt: &'a str,
    /// Who teaches it.
    pub taught_by: &'a str,
    /// When.
    pub taught_on: NaiveDate,
}

/// Keeps a lesson; taught again it counts once more, and what was forgotten begins at one. Gives the count.
pub async fn teach(tx: &mut Tx, org: OrgId, l: &NewLesson<'_>) -> Result<i64, StoreFault> {
    let sql = sql!(
        "insert into lesson (org_id, id, kind, said, shown, customer_id, service, times, receipt, taught_by, taught_on, forgotten_on, forgotten_by) values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, null, '') on conflict (org_id, kind, said, customer_id, service) do update set times = case when lesson.forgotten_on is null then lesson.times + 1 else 1 end, receipt = excluded.receipt, taught_by = excluded.taught_by, taught_on = excluded.taught_on, forgotten_on = null, forgotten_by = '' returning times"
    );
    let values =
        args![org, l.id, l.kind, l.said, l.shown, l.customer_id, l.service, l.receipt, l.taught_by, l.taught_on];
    let rows: Vec<(i64,)> = tx.all(sql, values).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// Whether the account is the customer's by their own details.
pub async fn is_own_account(tx: &mut Tx, org: OrgId, customer: CustomerId, print: &str) -> Result<bool, StoreFault> {
    let sql = sql!("select count(*) from customer_bank where org_id = $1 and print = $2 and customer_id = $3");
    let (count,): (i64,) = tx.one(sql, args![org, print, customer]).await?;
    Ok(count > 0)
}

/// A lesson with the name of its customer.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct LessonRow {
    /// Id.
    pub id: i64,
    /// account, name or wording.
    pub kind: String,
    /// What it goes by, for people.
    pub shown: String,
    /// Customer number; none for a wording.
    pub customer_number: Option<String>,
    /// Customer name.
    pub customer_name: Option<String>,
    /// For which invoices; empty but for a wording.
    pub service: String,
    /// How often it was taught.
    pub times: i64,
    /// The last receipt that taught it.
    pub receipt: String,
    /// Who taught it last.
    pub taught_by: String,
    /// When.
    pub taught_on: NaiveDate,
    /// When it was forgotten.
    pub forgotten_on: Option<NaiveDate>,
    /// By whom.
    pub forgotten_by: String,
}

/// Lessons that hold, and those forgotten since a day; newest first.
pub async fn lessons(
    tx: &mut Tx,
    org: OrgId,
    forgotten_since: NaiveDate,
    limit: i64,
    offset: i64,
) -> Result<Vec<LessonRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.kind, l.shown, c.number as customer_number, c.name as customer_name, l.service, l.times, l.receipt, l.taught_by, l.taught_on, l.forgotten_on, l.forgotten_by from lesson l left join customer c on c.org_id = l.org_id and c.id = l.customer_id where l.org_id = $1 and (l.forgotten_on is null or l.forgotten_on >= $2) order by l.taught_on desc, l.id desc limit $3 offset $4"
    );
    tx.all(sql, args![org, forgotten_since, limit, offset]).await
}

/// How many lessons hold, of each kind.
pub async fn count_lessons(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select kind, count(*) from lesson where org_id = $1 and forgotten_on is null group by kind order by kind"
    );
    tx.all(sql, args![org]).await
}

/// Forgets a lesson that holds; false if there is none.
pub async fn forget(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate, by: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update lesson set forgotten_on = $3, forgotten_by = $4 where org_id = $1 and id = $2 and forgotten_on is null"
    );
    Ok(tx.run(sql, args![org, id, on, by]).await? == 1)
}

/// A lesson as the matcher uses it.
#[derive(Clone, Debug, FromRow)]
pub struct TaughtRow {
    /// account, name or wording.
    pub kind: String,
    /// What it goes by.
    pub said: String,
    /// Whose payments; 0 for a wording.
    pub customer_id: i64,
    /// For which invoices.
    pub service: String,
    /// How often it was taught.
    pub times: i64,
}

/// Every lesson that holds.
pub async fn taught(tx: &mut Tx, org: OrgId) -> Result<Vec<TaughtRow>, StoreFault> {
    let sql = sql!(
        "select kind, said, customer_id, service, times from lesson where org_id = $1 and forgotten_on is null order by kind, said, customer_id, service"
    );
    tx.all(sql, args![org]).await
}

/// Adds to what became of the matcher's answers: lower end of the confidence, outcome, lines.
pub async fn tally(tx: &mut Tx, org: OrgId, counts: &[(i64, &'static str, i64)]) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into match_tally (org_id, from_ppm, outcome, lines) values ($1, $2, $3, $4) on conflict (org_id, from_ppm, outcome) do update set lines = match_tally.lines + excluded.lines"
    );
    for (from_ppm, outcome, lines) in counts {
        tx.run(sql, args![org, *from_ppm, *outcome, *lines]).await?;
    }
    Ok(())
}

/// What became of the matcher's answers: lower end of the confidence, outcome, lines.
pub async fn tallies(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String, i64)>, StoreFault> {
    let sql = sql!("select from_ppm, outcome, lines from match_tally where org_id = $1 order by from_ppm, outcome");
    tx.all(sql, args![org]).await
}

/// An order of allocation from a day on.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct AllocationOrderRow {
    /// Type of debt; empty for all that have no order of their own.
    pub debt_type: String,
    /// From when.
    pub from_on: NaiveDate,
    /// The policy.
    pub steps: serde_json::Value,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub set_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Every order of allocation, by debt type, newest first.
pub async fn allocation_orders(tx: &mut Tx, org: OrgId) -> Result<Vec<AllocationOrderRow>, StoreFault> {
    let sql = sql!(
        "select debt_type, from_on, steps, reason, set_by, recorded_at from allocation_order where org_id = $1 order by debt_type, from_on desc"
    );
    tx.all(sql, args![org]).await
}

/// Sets an order from a day on; one already set for the day is replaced.
pub async fn set_allocation_order(tx: &mut Tx, org: OrgId, r: &AllocationOrderRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into allocation_order (org_id, debt_type, from_on, steps, reason, set_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, debt_type, from_on) do update set steps = excluded.steps, reason = excluded.reason, set_by = excluded.set_by, recorded_at = excluded.recorded_at"
    );
    let values = args![org, &r.debt_type, r.from_on, r.steps.clone(), &r.reason, &r.set_by, r.recorded_at];
    tx.run(sql, values).await.map(drop)
}
