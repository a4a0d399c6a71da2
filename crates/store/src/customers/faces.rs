//! Who customers are and what they owe, for lists of work: some hundreds of ids at a time.
use crate::engine::Both;
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Of more ids than this everything is read, rather than statement after statement of some hundreds.
pub(crate) const MANY: usize = 4_000;

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

/// The customers with these ids; of very many ids, others too.
pub async fn faces(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<Face>, StoreFault> {
    if ids.len() > MANY {
        let sql =
            sql!("select id, number, name, kind, language, collector from customer where org_id = $1 order by id");
        return tx.all(sql, args![org]).await;
    }
    let sql = "select id, number, name, kind, language, collector from customer where org_id = $1 and id in (";
    of_ids(tx, org, sql, ") order by id", ids).await
}

/// How far recovery has come with a customer.
#[derive(Clone, Debug, FromRow)]
pub struct ComeTo {
    /// Customer.
    pub customer_id: i64,
    /// How much is in query.
    pub disputed_pence: i64,
    /// The furthest step of an open item.
    pub stage: String,
}

/// What of a customer is overdue.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Overdue {
    /// Customer.
    pub customer_id: i64,
    /// How much.
    pub overdue_pence: i64,
    /// Oldest due day.
    pub oldest_due_on: NaiveDate,
}

/// What is overdue, of every customer of whom anything is; read from an index alone.
pub async fn overdue(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Overdue>, StoreFault> {
    let sql = sql!(
        "select customer_id, cast(sum(open_pence) as bigint) as overdue_pence, min(due_on) as oldest_due_on from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and due_on < $2 group by customer_id order by customer_id"
    );
    tx.all(sql, args![org, today]).await
}

/// What is overdue of these customers; those of whom nothing is are left out. Beyond some thousands the whole book is
/// quicker, and gives others too.
pub async fn overdue_of(tx: &mut Tx, org: OrgId, today: NaiveDate, ids: &[i64]) -> Result<Vec<Overdue>, StoreFault> {
    if ids.len() > MANY {
        return overdue(tx, org, today).await;
    }
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let marks: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 3)).collect();
        let mut bound = args![org, today];
        bound.extend(some.iter().map(|id| Arg::from(*id)));
        let sql = format!(
            "select customer_id, cast(sum(open_pence) as bigint) as overdue_pence, min(due_on) as oldest_due_on from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and due_on < $2 and customer_id in ({}) group by customer_id order by customer_id",
            marks.join(", ")
        );
        rows.append(&mut tx.all_built(sql, bound).await?);
    }
    Ok(rows)
}

/// How far recovery has come with these customers; those without a debit are left out.
pub async fn come_to(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<ComeTo>, StoreFault> {
    let start = "select customer_id, cast(sum(disputed_pence) as bigint) as disputed_pence, max(stage) as stage from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and customer_id in (";
    of_ids(tx, org, start, ") group by customer_id order by customer_id", ids).await
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
