//! Card payments, refunds, disputes and payouts as people read them.
use super::payout::lines_for;
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::cards::CardState;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::Tx;
use sundry_store::cash::BankLineRow;
use sundry_store::cash::cards::{self, CardDisputeRow, CardPaymentRow, CardPayoutRow, CardRefundRow, CardWebhookRow};

/// Rows of a list, at most.
const MOST: i64 = 500;

/// A card payment in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardLine {
    /// Number.
    pub number: String,
    /// Customer number; empty while nobody knows.
    pub customer: String,
    /// Customer name.
    pub customer_name: String,
    /// telephone, link, file or settlement.
    pub channel: String,
    /// Amount.
    pub amount_pence: i64,
    /// Where it stands.
    pub state: String,
    /// For people.
    pub state_name: String,
    /// Why, where there is more to say.
    pub state_reason: String,
    /// Why a person should look; empty where none need.
    pub needs_look: String,
    /// The receipt made of it; empty until it is paid.
    pub receipt: String,
    /// The day it was begun.
    pub asked_on: NaiveDate,
    /// Who began it.
    pub asked_by: String,
    /// When it was paid out.
    pub settled_on: Option<NaiveDate>,
    /// The provider.
    pub provider: String,
}

/// A bank line that a payout is, or could be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayoutLine {
    /// Its id.
    pub line: i64,
    /// The bank's date.
    pub posted_on: NaiveDate,
    /// Amount.
    pub amount_pence: i64,
    /// What the bank writes.
    pub words: String,
}

impl From<BankLineRow> for PayoutLine {
    fn from(row: BankLineRow) -> PayoutLine {
        let words = format!("{} {}", row.payer_name, row.words).trim().to_owned();
        PayoutLine { line: row.id, posted_on: row.posted_on, amount_pence: row.amount_pence, words }
    }
}

/// A card payment with everything about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardPaymentView {
    /// As in the list.
    pub line: CardLine,
    /// The provider's page; empty once it is of no use.
    pub next_url: String,
    /// The provider's id of it.
    pub provider_ref: String,
    /// Last four digits of the card, where known.
    pub last_four: String,
    /// What the provider charged.
    pub fee_pence: i64,
    /// Items it was to pay: number and pence.
    pub chosen: Vec<(String, i64)>,
    /// What can still be refunded.
    pub left_pence: i64,
    /// Its refunds.
    pub refunds: Vec<CardRefundRow>,
    /// Its disputes.
    pub disputes: Vec<CardDisputeRow>,
    /// The payout it is in.
    pub payout: String,
}

/// A payout with what it is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardPayoutView {
    /// Its row.
    pub payout: CardPayoutRow,
    /// Payments.
    pub payments: Vec<CardLine>,
    /// Their charges, in the same order.
    pub fees: Vec<i64>,
    /// Refunds.
    pub refunds: Vec<CardRefundRow>,
    /// Disputes.
    pub disputes: Vec<CardDisputeRow>,
    /// Bank lines that it could be.
    pub lines: Vec<PayoutLine>,
}

/// A payment for people; `customer` is number and name.
pub(super) fn view_of(row: &CardPaymentRow, customer: Option<&(String, String)>) -> CardLine {
    let (number, name) = customer.cloned().unwrap_or_default();
    CardLine {
        number: row.number.clone(),
        customer: number,
        customer_name: name,
        channel: row.channel.clone(),
        amount_pence: row.amount_pence,
        state: row.state.clone(),
        state_name: CardState::parse(&row.state).map(CardState::name).unwrap_or_default().to_owned(),
        state_reason: row.state_reason.clone(),
        needs_look: row.needs_look.clone(),
        receipt: row.receipt_number.clone(),
        asked_on: row.asked_on,
        asked_by: row.asked_by_name.clone(),
        settled_on: row.settled_on,
        provider: row.provider.clone(),
    }
}

async fn lines_of(tx: &mut Tx, org: OrgId, rows: &[CardPaymentRow]) -> Outcome<Vec<CardLine>> {
    let mut ids: Vec<i64> = rows.iter().filter_map(|row| row.customer_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let names: BTreeMap<i64, (String, String)> =
        sundry_store::cash::names_of(tx, org, &ids).await?.into_iter().collect();
    let named = |row: &CardPaymentRow| row.customer_id.and_then(|id| names.get(&id));
    Ok(rows.iter().map(|row| view_of(row, named(row))).collect())
}

/// Card payments in a state, or all when it is empty, or `look`: newest first.
///
/// # Errors
/// Duty.
pub async fn card_payments(desk: &Desk, by: &Actor, state: &str) -> Outcome<Vec<CardLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let rows = cards::payments_listed(&mut look, by.org, state, i64::MAX, MOST).await?;
    lines_of(&mut look, by.org, &rows).await
}

/// A customer's card payments, newest first.
///
/// # Errors
/// Duty.
pub async fn card_payments_of(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Vec<CardLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let rows = cards::payments_of(&mut look, by.org, customer).await?;
    lines_of(&mut look, by.org, &rows).await
}

/// What of a payment can still be refunded: paid, less refunds that were not refused or failed, less disputes.
pub(super) async fn left_to_refund(
    tx: &mut Tx,
    org: OrgId,
    payment: &CardPaymentRow,
    but: Option<i64>,
) -> Outcome<Pence> {
    let counts =
        |refund: &&CardRefundRow| !matches!(refund.state.as_str(), "refused" | "failed") && Some(refund.id) != but;
    let refunds = cards::refunds_of(tx, org, payment.id).await?;
    let refunded: i64 = refunds.iter().filter(counts).map(|refund| refund.amount_pence).sum();
    let disputes = cards::disputes_of(tx, org, payment.id).await?;
    let disputed: i64 = disputes.iter().filter(|one| one.state != "won").map(|one| one.amount_pence).sum();
    let paid = CardState::parse(&payment.state).is_some_and(CardState::is_paid);
    let left = if paid { payment.amount_pence - refunded - disputed } else { 0 };
    Ok(Pence(left.max(0)))
}

/// One card payment.
///
/// # Errors
/// Duty; no such payment.
pub async fn card_payment(desk: &Desk, by: &Actor, number: &str) -> Outcome<CardPaymentView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = cards::payment_numbered(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("card payment {}", number.trim())))?;
    let line = lines_of(&mut look, by.org, std::slice::from_ref(&row)).await?.remove(0);
    let mut chosen = Vec::new();
    for (item, pence) in super::start::chosen_of(&row) {
        let found = sundry_store::ledger::item(&mut look, by.org, item).await?;
        chosen.extend(found.map(|found| (found.number, pence.0)));
    }
    let payout = match row.payout_id {
        Some(id) => cards::payout_number(&mut look, by.org, id).await?.unwrap_or_default(),
        None => String::new(),
    };
    Ok(CardPaymentView {
        line,
        next_url: row.next_url.clone(),
        provider_ref: row.provider_ref.clone().unwrap_or_default(),
        last_four: row.last_four.clone(),
        fee_pence: row.fee_pence,
        chosen,
        left_pence: left_to_refund(&mut look, by.org, &row, None).await?.0,
        refunds: cards::refunds_of(&mut look, by.org, row.id).await?,
        disputes: cards::disputes_of(&mut look, by.org, row.id).await?,
        payout,
    })
}

/// Refunds to cards, newest first.
///
/// # Errors
/// Duty.
pub async fn card_refunds(desk: &Desk, by: &Actor) -> Outcome<Vec<(CardRefundRow, String)>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let rows = cards::refunds_listed(&mut look, by.org, i64::MAX, MOST).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.payment_id).collect();
    let numbers: BTreeMap<i64, String> = cards::payment_numbers(&mut look, by.org, &ids).await?.into_iter().collect();
    let number = |row: &CardRefundRow| numbers.get(&row.payment_id).cloned().unwrap_or_default();
    Ok(rows.into_iter().map(|row| (row.clone(), number(&row))).collect())
}

/// Disputes, newest first.
///
/// # Errors
/// Duty.
pub async fn card_disputes(desk: &Desk, by: &Actor) -> Outcome<Vec<(CardDisputeRow, String)>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let rows = cards::disputes_listed(&mut look, by.org, i64::MAX, MOST).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.payment_id).collect();
    let numbers: BTreeMap<i64, String> = cards::payment_numbers(&mut look, by.org, &ids).await?.into_iter().collect();
    let number = |row: &CardDisputeRow| numbers.get(&row.payment_id).cloned().unwrap_or_default();
    Ok(rows.into_iter().map(|row| (row.clone(), number(&row))).collect())
}

/// Payouts in a state, or all when it is empty, newest first.
///
/// # Errors
/// Duty.
pub async fn card_payouts(desk: &Desk, by: &Actor, state: &str) -> Outcome<Vec<CardPayoutRow>> {
    by.must_hold(Duty::View)?;
    Ok(cards::payouts_listed(&mut desk.look().await?, by.org, state, MOST).await?)
}

/// One payout with its parts.
///
/// # Errors
/// Duty; no such payout.
pub async fn card_payout(desk: &Desk, by: &Actor, number: &str) -> Outcome<CardPayoutView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let payout = cards::payout_numbered(&mut look, by.org, number.trim()).await?;
    let payout = payout.ok_or_else(|| No::Absent(format!("card payout {}", number.trim())))?;
    let rows = cards::payments_in_payout(&mut look, by.org, payout.id).await?;
    let lines: Vec<BankLineRow> = match payout.bank_line_id {
        Some(id) => {
            let line = sundry_store::cash::line(&mut look, by.org, sundry_domain::ids::BankLineId(id)).await?;
            line.into_iter().collect()
        }
        None => lines_for(&mut look, by, &payout).await?,
    };
    let lines = lines.into_iter().map(PayoutLine::from).collect();
    Ok(CardPayoutView {
        payments: lines_of(&mut look, by.org, &rows).await?,
        fees: rows.iter().map(|row| row.fee_pence).collect(),
        refunds: cards::refunds_in_payout(&mut look, by.org, payout.id).await?,
        disputes: cards::disputes_in_payout(&mut look, by.org, payout.id).await?,
        lines,
        payout,
    })
}

/// The newest webhooks.
///
/// # Errors
/// Duty.
pub async fn card_webhooks(desk: &Desk, by: &Actor) -> Outcome<Vec<CardWebhookRow>> {
    by.must_hold(Duty::ManageSettings)?;
    let mut look = desk.look().await?;
    Ok(cards::webhooks(&mut look, by.org, 200).await?)
}

/// Whether the receipt came by a provider, so that it is not reversed by hand.
pub(crate) async fn is_card_receipt(tx: &mut Tx, org: OrgId, receipt: i64) -> Outcome<bool> {
    Ok(cards::payment_of_receipt(tx, org, receipt).await?.is_some())
}
