//! A cheque, cash or a card payment entered by hand.
use super::common::check_words;
use super::counter::register;
use super::placing::{AllocationLine, Why, place, share_of};
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::intake::post_receipt;
use sundry_domain::control::Duty;
use sundry_domain::ids::ReceiptId;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::cash::{self, ReceiptRow};

/// Money that came by hand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordReceipt {
    /// Idempotency key.
    pub key: String,
    /// cheque, cash or card.
    pub method: String,
    /// Customer number.
    pub customer: String,
    /// Amount.
    pub amount: Pence,
    /// The day it came; not after today.
    pub received_on: NaiveDate,
    /// Who paid; empty for the customer.
    pub payer_name: String,
    /// Cheque number, till slip: what people will look for.
    pub words: String,
    /// What it pays; the rest stays on the account.
    pub lines: Vec<AllocationLine>,
}

/// The receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptRecorded {
    /// Its number.
    pub receipt: String,
    /// Set against items.
    pub allocated_pence: i64,
    /// On the account.
    pub on_account_pence: i64,
}

/// Records money received by hand (GL-02 rows 7 and 8).
///
/// # Errors
/// Duty; fields; customer absent; as `allocate_receipt`; `GL-04-…` for a closed period.
pub async fn record_receipt(desk: &Desk, by: &Actor, ask: RecordReceipt) -> Outcome<ReceiptRecorded> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("payer name", &ask.payer_name), ("reference", &ask.words)])?;
    let wrong = check(&ask, desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "record_receipt", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let share = share_of(cmd, &ask.customer, ask.amount, &ask.lines).await?;
        let number = format!("RCT-{:06}", cmd.next_number("RCT").await?);
        let payer = ask.payer_name.trim();
        let mut receipt = ReceiptRow {
            id: cmd.id::<ReceiptId>().0,
            number,
            bank_line_id: None,
            customer_id: Some(share.customer.id.0),
            item_id: None,
            method: ask.method.clone(),
            received_on: ask.received_on,
            amount_pence: ask.amount.0,
            state: "identified".into(),
            reason: "Entered by hand.".into(),
            owner: String::new(),
            payer_name: if payer.is_empty() { share.customer.name.clone() } else { payer.to_owned() },
            words: ask.words.trim().to_owned(),
            recorded_at: cmd.at,
            version: 1,
        };
        let why = Why { reason: "Entered by hand.", confidence_ppm: 1_000_000 };
        let item = place(cmd, &receipt, &share, ask.received_on, &why, post_receipt).await?;
        receipt.item_id = Some(item.0);
        let allocated = Pence::total(share.lines.values());
        let answer = ReceiptRecorded {
            receipt: receipt.number.clone(),
            allocated_pence: allocated.0,
            on_account_pence: ask.amount.minus(allocated).0,
        };
        register(cmd, &receipt).await?;
        cash::add_receipts(&mut cmd.tx, org, vec![receipt]).await?;
        cmd.tell("ReceiptRecorded", format!("receipt {}", answer.receipt), &ask);
        Ok(answer)
    })
}

fn check(ask: &RecordReceipt, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if !["cheque", "cash", "card"].contains(&ask.method.as_str()) {
        wrong.push(Invalid::field("method", "Choose cheque, cash or card", &ask.method));
    }
    if ask.amount <= Pence::ZERO || ask.amount > LARGEST {
        let message = format!("Enter an amount above £0.00 and up to {LARGEST}");
        wrong.push(Invalid::field("amount", message, ask.amount.pounds()));
    }
    if ask.received_on > today {
        let message = format!("Enter a date up to {}", sundry_domain::words::written(today));
        wrong.push(Invalid::field("received_on", message, ask.received_on.to_string()));
    }
    if ask.customer.trim().is_empty() {
        wrong.push(Invalid::field("customer", "Enter the customer number", &ask.customer));
    }
    wrong
}
