//! What makes a debt begin again on its pathway: plans that broke after a letter of claim, and addresses that were found.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sundry_domain::ids::{CustomerId, OrgId};

/// The last day on which a plan broke that asks for an updated letter of claim, by debt, of customers from one id to
/// another.
pub async fn broken_plans(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select c.item_id, max(p.ended_on) from payment_plan p join plan_item c on c.org_id = p.org_id and c.plan_id = p.id where p.org_id = $1 and p.state = 'broken' and c.customer_id between $2 and $3 and p.claim_again = $4 and p.ended_on is not null group by c.item_id order by c.item_id"
    );
    tx.all(sql, args![org, first, last, true]).await
}

/// The last day on which an address that was found became a customer's, of customers from one id to another.
pub async fn found_addresses(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<(i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select customer_id, max(used_on) from trace_address where org_id = $1 and customer_id between $2 and $3 and state = 'used' and used_on is not null group by customer_id order by customer_id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Open debts of customers from one id to another that are with an agency, or in a claim that was issued.
pub async fn away(tx: &mut Tx, org: OrgId, (first, last): (CustomerId, CustomerId)) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select i.id from open_item i where i.org_id = $1 and i.customer_id between $2 and $3 and i.open_pence > 0 and (exists (select 1 from placement_item m where m.org_id = i.org_id and m.item_id = i.id and m.is_open = $4) or exists (select 1 from court_case_item m join court_case k on k.org_id = m.org_id and k.id = m.case_id where m.org_id = i.org_id and m.item_id = i.id and m.is_open = $4 and k.issued_on is not null)) order by i.id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org, first, last, true]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
