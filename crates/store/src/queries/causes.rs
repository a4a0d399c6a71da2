//! What queries came from and what they cost: one row for each that ended in a time.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A query that ended.
#[derive(Clone, Debug, FromRow)]
pub struct EndedQuery {
    /// Whose service.
    pub service: String,
    /// What had gone wrong.
    pub cause: String,
    /// The letter that carried the invoice; empty where there was none.
    pub template: String,
    /// When it came.
    pub opened_on: NaiveDate,
    /// When it ended.
    pub resolved_on: NaiveDate,
    /// How much was in query.
    pub disputed_pence: i64,
    /// How much was credited for it, VAT too.
    pub credited_pence: i64,
    /// Steps that people and programs took on it.
    pub steps: i64,
}

/// Queries that were resolved from one day to another.
pub async fn ended_queries(
    tx: &mut Tx,
    org: OrgId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<EndedQuery>, StoreFault> {
    let sql = sql!(
        "select q.service, q.cause, coalesce((select min(l.template_code) from letter l where l.org_id = q.org_id and l.customer_id = q.customer_id and l.document_id = i.document_id), '') as template, q.opened_on, q.resolved_on, q.disputed_pence, coalesce((select a.amount_pence from approval a where a.org_id = q.org_id and a.number = q.approval and a.state = 'approved'), 0) as credited_pence, (select count(*) from audit e where e.org_id = q.org_id and e.subject = 'query ' || q.number) as steps from query q left join open_item i on i.org_id = q.org_id and i.id = q.item_id where q.org_id = $1 and q.state = 'resolved' and q.resolved_on between $2 and $3 order by q.resolved_on, q.id"
    );
    tx.all(sql, args![org, first, last]).await
}
