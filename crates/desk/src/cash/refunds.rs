//! Refunds as lists and one by one.
use super::settle_refund::find_refund;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use serde::Serialize;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_store::Tx;
use sundry_store::cash_refunds::{self, ListedRefundRow, RefundRow};

/// Most rows on a page.
const MOST: i64 = 200;

/// A page of refunds.
#[derive(Clone, Debug, Serialize)]
pub struct RefundsPage {
    /// Its rows, newest first.
    pub rows: Vec<ListedRefundRow>,
    /// How many there are in all.
    pub count: i64,
    /// Their sum.
    pub total_pence: i64,
    /// The page.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
}

/// The states behind a view: waiting, to_pay, paying, paid, closed or all.
pub fn states_of(view: &str) -> &'static [&'static str] {
    match view {
        "waiting" => &["asked"],
        "to_pay" => &["approved"],
        "paying" => &["in_batch", "sent"],
        "paid" => &["paid"],
        "closed" => &["refused", "returned", "withdrawn"],
        _ => &[],
    }
}

/// Refunds of a view.
///
/// # Errors
/// Duty.
pub async fn refunds(desk: &Desk, by: &Actor, view: &str, page: i64, per_page: i64) -> Outcome<RefundsPage> {
    by.must_hold(Duty::View)?;
    let per_page = if per_page <= 0 { MOST } else { per_page.min(MOST) };
    let mut look = desk.look().await?;
    let states = states_of(view);
    let (count, total_pence) = cash_refunds::count_refunds(&mut look, by.org, states, None).await?;
    let pages = ((count + per_page - 1) / per_page).max(1);
    let page = page.clamp(1, pages);
    let place = (per_page, (page - 1) * per_page);
    let rows = cash_refunds::list_refunds(&mut look, by.org, states, None, place).await?;
    Ok(RefundsPage { rows, count, total_pence, page, pages })
}

/// A refund with the names around it.
#[derive(Clone, Debug, Serialize)]
pub struct RefundView {
    /// The refund; its sealed account stays out.
    pub refund: RefundRow,
    /// Number and name of the customer, if any.
    pub customer: Option<(String, String)>,
    /// Number of the batch that pays it, if any.
    pub batch: Option<String>,
}

/// A refund by its number.
///
/// # Errors
/// Duty; absent.
pub async fn refund(desk: &Desk, by: &Actor, number: &str) -> Outcome<RefundView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let mut refund = find_refund(&mut look, by.org, number).await?;
    (refund.bank_sealed, refund.bank_print) = (String::new(), String::new());
    let customer = match refund.customer_id {
        Some(id) => sundry_store::cash::customer_name(&mut look, by.org, CustomerId(id)).await?,
        None => None,
    };
    let batch = batch_number(&mut look, by.org, &refund).await?;
    Ok(RefundView { refund, customer, batch })
}

async fn batch_number(look: &mut Tx, org: OrgId, refund: &RefundRow) -> Outcome<Option<String>> {
    let Some(id) = refund.batch_id else { return Ok(None) };
    let all = cash_refunds::payment_batches(look, org, 10_000).await?;
    Ok(all.into_iter().find(|batch| batch.id == id).map(|batch| batch.number))
}
