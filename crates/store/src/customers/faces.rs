//! Who customers are and what they owe, for lists of work: some hundreds of ids at a time.
use crate::engine::Both;
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A customer as a row of a list of work shows them.
#[derive(Clone, Debug, FromRow)]
pub struct Face {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Language.
    pub language: String,
    /// Collector.
    pub collector: String,
}

/// The customers with these ids.
pub async fn faces(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<Face>, StoreFault> {
    let sql = "select id, number, name, kind, language, collector from customer where org_id = $1 and id in (";
    of_ids(tx, org, sql, ") order by id", ids).await
}

/// What a customer owes.
#[derive(Clone, Debug, FromRow)]
pub struct Owed {
    /// Customer.
    pub customer_id: i64,
    /// Overdue.
    pub overdue_pence: i64,
    /// Oldest due day of what is overdue; none if nothing is.
    pub oldest_due_on: Option<NaiveDate>,
    /// Disputed.
    pub disputed_pence: i64,
    /// The furthest step of an open item.
    pub stage: String,
}

/// What every customer with a debit owes.
pub async fn owed(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Owed>, StoreFault> {
    let sql = sql!(
        "select customer_id, cast(sum(case when due_on < $2 then open_pence else 0 end) as bigint) as overdue_pence, min(case when due_on < $2 then due_on end) as oldest_due_on, cast(sum(disputed_pence) as bigint) as disputed_pence, max(stage) as stage from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 group by customer_id order by customer_id"
    );
    tx.all(sql, args![org, today]).await
}

/// What these customers owe; those without a debit are left out. Beyond some thousands the whole book is quicker.
pub async fn owed_of(tx: &mut Tx, org: OrgId, today: NaiveDate, ids: &[i64]) -> Result<Vec<Owed>, StoreFault> {
    if ids.len() > 4_000 {
        return owed(tx, org, today).await;
    }
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let marks: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 3)).collect();
        let mut bound = args![org, today];
        bound.extend(some.iter().map(|id| Arg::from(*id)));
        let sql = format!(
            "select customer_id, cast(sum(case when due_on < $2 then open_pence else 0 end) as bigint) as overdue_pence, min(case when due_on < $2 then due_on end) as oldest_due_on, cast(sum(disputed_pence) as bigint) as disputed_pence, max(stage) as stage from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and customer_id in ({}) group by customer_id order by customer_id",
            marks.join(", ")
        );
        rows.append(&mut tx.all_built(sql, bound).await?);
    }
    Ok(rows)
}

/// Runs a statement over ids, some hundreds at a time.
pub(crate) async fn of_ids<T: Both>(
    tx: &mut Tx,
    org: OrgId,
    start: &'static str,
    end: &'static str,
    ids: &[i64],
) -> Result<Vec<T>, StoreFault> {
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let marks: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 2)).collect();
        let mut bound = args![org];
        bound.extend(some.iter().map(|id| Arg::from(*id)));
        rows.append(&mut tx.all_built(format!("{start}{}{end}", marks.join(", ")), bound).await?);
    }
    Ok(rows)
}
