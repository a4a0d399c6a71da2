//! Documents, a page at a time.
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_store::billing::{self, DocumentFilter, DocumentLineOfList};

/// Which documents.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentsAsk {
    /// invoice or credit_note; empty for both.
    pub kind: String,
    /// Of one customer, by number; empty for all.
    pub customer: String,
    /// Issued on or after.
    pub from_on: Option<NaiveDate>,
    /// Issued on or before.
    pub to_on: Option<NaiveDate>,
    /// Only those with something open.
    pub open_only: bool,
    /// The `next` of the page before; none for the first.
    pub before: Option<i64>,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of documents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DocumentsPage {
    /// Newest recorded first.
    pub rows: Vec<DocumentLineOfList>,
    /// Give this as `before` for the next page; none on the last.
    pub next: Option<i64>,
}

/// Invoices and credit notes, newest first.
pub async fn documents_list(desk: &Desk, by: &Actor, ask: DocumentsAsk) -> Outcome<DocumentsPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let mut look = desk.look().await?;
    let customer = match ask.customer.trim() {
        "" => None,
        number => Some(CustomerId(crate::customers::find(&mut look, by.org, number).await?.id)),
    };
    let filter =
        DocumentFilter { kind: ask.kind, customer, from_on: ask.from_on, to_on: ask.to_on, open_only: ask.open_only };
    let before = ask.before.unwrap_or(i64::MAX);
    let mut rows = billing::documents_page(&mut look, by.org, &filter, before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id);
    Ok(DocumentsPage { rows, next })
}
