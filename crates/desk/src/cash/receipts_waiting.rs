//! The list of receipts: waiting, in suspense, on account, allocated.
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash::{self, ListedReceiptRow, ReceiptFilter};

/// Most rows on a page.
const MOST: i64 = 200;

/// Which receipts to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ReceiptsWaiting {
    /// waiting, suggested, suspense, unallocated, allocated, reversed or all; empty is waiting.
    pub view: String,
    /// Words or an amount to look for in payer, reference, number and amount.
    pub search: String,
    /// Id of one bank account.
    pub bank_account: Option<i64>,
    /// Received on or after.
    pub from_on: Option<NaiveDate>,
    /// Received on or before.
    pub to_on: Option<NaiveDate>,
    /// Page, from 1.
    pub page: i64,
    /// Rows on a page; 0 is 200.
    pub per_page: i64,
}

/// A page of receipts.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptsPage {
    /// Its rows, oldest first.
    pub rows: Vec<ListedReceiptRow>,
    /// How many there are in all.
    pub count: i64,
    /// Sum of what is left of them all.
    pub left_pence: i64,
    /// The page.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
}

/// Receipts that a filter finds.
///
/// # Errors
/// Duty.
pub async fn receipts_waiting(desk: &Desk, by: &Actor, ask: ReceiptsWaiting) -> Outcome<ReceiptsPage> {
    by.must_hold(Duty::View)?;
    let per_page = if ask.per_page <= 0 { MOST } else { ask.per_page.min(MOST) };
    let search = ask.search.trim();
    let filter = ReceiptFilter {
        view: if ask.view.is_empty() { "waiting".into() } else { ask.view.clone() },
        words: search.to_owned(),
        amount: Pence::parse(search),
        bank_account: ask.bank_account,
        from_on: ask.from_on,
        to_on: ask.to_on,
    };
    let mut look = desk.look().await?;
    let (count, left_pence) = cash::count_receipts(&mut look, by.org, &filter).await?;
    let pages = ((count + per_page - 1) / per_page).max(1);
    let page = ask.page.clamp(1, pages);
    let rows = cash::list_receipts(&mut look, by.org, &filter, per_page, (page - 1) * per_page).await?;
    Ok(ReceiptsPage { rows, count, left_pence, page, pages })
}
