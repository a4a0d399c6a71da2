//! Payment links on letters: which account and items they are for.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A payment link.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct PayLinkRow {
    /// Id.
    pub id: i64,
    /// Whose account.
    pub customer_id: i64,
    /// The account reference that is fixed.
    pub reference: String,
    /// What the payer sees.
    pub description: String,
    /// The last day it can be used.
    pub ends_on: NaiveDate,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub made_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds links with their items.
pub async fn add_links(tx: &mut Tx, org: OrgId, links: Vec<(PayLinkRow, Vec<i64>)>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "id", "customer_id", "reference", "description", "ends_on", "ended_at", "made_on", "recorded_at"];
    const ITEMS: &[&str] = &["org_id", "pay_link_id", "item_id"];
    let items = links.iter().flat_map(|(link, items)| items.iter().map(|item| args![org, link.id, *item]));
    let items = items.collect();
    let rows = links.into_iter().map(|(r, _)| {
        args![org, r.id, r.customer_id, r.reference, r.description, r.ends_on, r.ended_at, r.made_on, r.recorded_at]
    });
    tx.insert("pay_link", COLUMNS, rows.collect()).await?;
    tx.insert("pay_link_item", ITEMS, items).await
}

/// A link by its id.
pub async fn link(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<PayLinkRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, reference, description, ends_on, ended_at, made_on, recorded_at from pay_link where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// A customer's links, newest first.
pub async fn links_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<PayLinkRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, reference, description, ends_on, ended_at, made_on, recorded_at from pay_link where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// The items of a link with what is open of each and what of that is disputed, oldest due first.
pub async fn items_of_link(tx: &mut Tx, org: OrgId, link: i64) -> Result<Vec<(i64, String, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select i.id, i.number, i.open_pence, i.disputed_pence from pay_link_item x join open_item i on i.org_id = x.org_id and i.id = x.item_id where x.org_id = $1 and x.pay_link_id = $2 and i.original_pence > 0 order by i.due_on, i.id"
    );
    tx.all(sql, args![org, link]).await
}

/// Ends a link; false if it had ended.
pub async fn end_link(tx: &mut Tx, org: OrgId, id: i64, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!("update pay_link set ended_at = $3 where org_id = $1 and id = $2 and ended_at is null");
    Ok(tx.run(sql, args![org, id, at]).await? == 1)
}

/// The items of these invoices, by number; of one in instalments the first.
pub async fn items_of_invoices(tx: &mut Tx, org: OrgId, numbers: &[String]) -> Result<Vec<(String, i64)>, StoreFault> {
    let mut found = Vec::new();
    for part in numbers.chunks(500) {
        let places: Vec<String> = (2..part.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select number, id from open_item where org_id = $1 and kind = 'invoice' and number in ({0}) union all select d.number, m.item_id from document d join document_instalment m on m.org_id = d.org_id and m.document_id = d.id and m.part = 1 where d.org_id = $1 and d.kind = 'invoice' and d.number in ({0})",
            places.join(", ")
        );
        let mut values = args![org];
        values.extend(part.iter().map(crate::Arg::from));
        found.extend(tx.all_built::<(String, i64)>(sql, values).await?);
    }
    Ok(found)
}
