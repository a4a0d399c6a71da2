//! All customers by name, a page at a time.
use crate::{Actor, Desk, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_store::customers::{self, CustomerLine};

/// Which customers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomersAsk {
    /// The `next` of the page before; empty for the first.
    pub after: String,
    /// Only of this kind.
    pub kind: String,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of customers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CustomersPage {
    /// By name.
    pub rows: Vec<CustomerLine>,
    /// Where the next page starts; none on the last.
    pub next: Option<String>,
    /// Customers in all.
    pub total: i64,
}

/// Customers by name.
pub async fn customers_list(desk: &Desk, by: &Actor, ask: CustomersAsk) -> Outcome<CustomersPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let (name, id) = ask.after.rsplit_once('/').unwrap_or(("", "0"));
    let kind = CustomerKind::parse(&ask.kind).filter(|_| !ask.kind.is_empty()).map_or("", CustomerKind::as_str);
    let after = (name, id.parse().unwrap_or(0));
    let mut look = desk.look().await?;
    let mut rows = customers::customers_page(&mut look, by.org, desk.today(), after, kind, limit + 1).await?;
    let total = customers::customers_count(&mut look, by.org).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| format!("{}/{}", last.search_name, last.id));
    Ok(CustomersPage { rows, next, total })
}
