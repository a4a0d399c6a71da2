//! Everything that ever happened to a receipt: nothing is edited, so nothing is missing (CSH-12).
use super::common::find_receipt;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::ids::{BankLineId, ReceiptId};
use sundry_store::cash::{self, BankLineRow, ReceiptRow};
use sundry_store::cash_counter::{self, CounterPaymentRow};
use sundry_store::cash_suspense::{self, MovementRow, SourceEntryRow, SuspenseCaseRow};
use sundry_store::event_words::words_of_subject;
use sundry_store::{cash_refunds, control};

/// An event of the audit trail about the receipt.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptEvent {
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The business date.
    pub on: NaiveDate,
    /// What: `ReceiptPutInSuspense`.
    pub event: String,
    /// Who.
    pub who: String,
    /// Through which door.
    pub channel: String,
    /// The facts, as JSON text.
    pub detail: String,
    /// Why, in words; empty where nobody said.
    pub why: String,
}

/// A receipt's history.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptHistory {
    /// The receipt as it stands.
    pub receipt: ReceiptRow,
    /// The bank line behind it.
    pub line: Option<BankLineRow>,
    /// The cheque or cash behind it.
    pub payment: Option<CounterPaymentRow>,
    /// What comes next, in suspense.
    pub next_step: Option<SuspenseCaseRow>,
    /// Every allocation, undone ones and their mirrors too.
    pub movements: Vec<MovementRow>,
    /// Every journal entry that it caused.
    pub entries: Vec<SourceEntryRow>,
    /// Every event of the audit trail about it.
    pub events: Vec<ReceiptEvent>,
    /// Refunds out of it that stand.
    pub refunds: Vec<String>,
}

/// Everything that ever happened to a receipt, oldest first.
///
/// # Errors
/// Duty; absent.
pub async fn receipt_history(desk: &Desk, by: &Actor, number: &str) -> Outcome<ReceiptHistory> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let org = by.org;
    let receipt = find_receipt(&mut look, org, number).await?;
    let id = ReceiptId(receipt.id);
    let line = match receipt.bank_line_id {
        Some(line) => cash::line(&mut look, org, BankLineId(line)).await?,
        None => None,
    };
    let subject = format!("receipt {}", receipt.number);
    let trail = control::audit_of(&mut look, org, &subject).await?;
    let words = words_of_subject(&mut look, org, &subject).await?;
    let mut words: HashMap<i64, String> = words.into_iter().map(|word| (word.seq, word.why)).collect();
    let events = trail.into_iter().map(|row| ReceiptEvent {
        why: words.remove(&row.seq).unwrap_or_default(),
        at: row.recorded_at,
        on: row.business_on,
        event: row.event,
        who: row.actor_name,
        channel: row.channel,
        detail: row.detail,
    });
    Ok(ReceiptHistory {
        line,
        payment: cash_counter::counter_payment_of_receipt(&mut look, org, id).await?,
        next_step: cash_suspense::next_step_of(&mut look, org, id).await?,
        movements: cash_suspense::movements_of_receipt(&mut look, org, id).await?,
        entries: cash_suspense::entries_of_source(&mut look, org, &subject).await?,
        refunds: cash_refunds::refunds_of_receipt(&mut look, org, id).await?,
        events: events.collect(),
        receipt,
    })
}
