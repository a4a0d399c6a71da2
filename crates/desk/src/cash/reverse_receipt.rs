//! A cheque comes back unpaid, a payment is recalled (GL-02 row 17); suspense is sent back (row 12).
use super::cards::is_card_receipt;
use super::common::{check_words, find_receipt, must_say};
use super::consequences::{break_promises, if_taken_off};
use super::direct_debit::refuse_by_hand;
use super::placing::{Away, changed, take_off};
use super::return_payment::mark_returned;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::cards::refusals::NOT_BY_HAND;
use sundry_domain::cash::intake::{WRONG_STATE, returned, suspense_returned};
use sundry_domain::control::Duty;
use sundry_domain::ids::ReceiptId;
use sundry_domain::money::Pence;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::cash_counter;

/// Reverses a receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReverseReceipt {
    /// Idempotency key.
    pub key: String,
    /// Receipt number.
    pub receipt: String,
    /// Why: refer to drawer, recalled by the bank.
    pub reason: String,
}

/// It is reversed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptReversed {
    /// Receipt number.
    pub receipt: String,
    /// The money that went.
    pub amount_pence: i64,
    /// What was taken off items, which are open again.
    pub reopened_pence: i64,
    /// What follows from it, in sentences.
    #[serde(default)]
    pub consequences: Vec<String>,
}

/// Reverses a receipt whose money went back: everything it paid is open again.
///
/// # Errors
/// Duty; fields; absent; `CSH-STATE` when it was reversed before.
pub async fn reverse_receipt(desk: &Desk, by: &Actor, ask: ReverseReceipt) -> Outcome<ReceiptReversed> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Say why the receipt is reversed", &ask.reason, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "reverse_receipt", &ask.key, &ask, |cmd| {
        let receipt = find_receipt(&mut cmd.tx, cmd.by.org, &ask.receipt).await?;
        reverse_now(cmd, receipt, ask.reason.trim()).await
    })
}

/// The same inside another command: the books, the bank line, the register and what the money had kept.
pub(super) async fn reverse_now(cmd: &mut Command, mut receipt: ReceiptRow, reason: &str) -> Outcome<ReceiptReversed> {
    let org = cmd.by.org;
    if receipt.state == "reversed" {
        return Err(WRONG_STATE.because(format!("Receipt {} was reversed before.", receipt.number)).into());
    }
    refuse_by_hand(cmd, &receipt).await?;
    if is_card_receipt(&mut cmd.tx, org, receipt.id).await? {
        let sentence = format!("Receipt {} came by card through the provider.", receipt.number);
        return Err(NOT_BY_HAND.because(sentence).into());
    }
    let consequences = if_taken_off(&mut cmd.tx, org, &receipt).await?;
    let day = cmd.today.max(receipt.received_on);
    let away = Away { event: "ReceiptReversed", lines: returned };
    let reopened = take_off(cmd, &receipt, day, reason, &away).await?;
    if receipt.state == "suspense" {
        let journal = NewJournal {
            posted_on: day,
            event: "SuspenseReturned",
            source: format!("receipt {}", receipt.number),
            reason: reason.to_owned(),
            customer: None,
            item: None,
            lines: suspense_returned(Pence(receipt.amount_pence)),
        };
        post(cmd, journal).await?;
    }
    (receipt.state, receipt.reason) = ("reversed".into(), reason.to_owned());
    if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
        return Err(changed());
    }
    if let Some(line) = receipt.bank_line_id {
        cash::set_line_state(&mut cmd.tx, org, line, "reversed", &receipt.reason).await?;
    }
    if let Some(payment) = cash_counter::counter_payment_of_receipt(&mut cmd.tx, org, ReceiptId(receipt.id)).await? {
        mark_returned(cmd, &payment, reason).await?;
    }
    break_promises(cmd, &receipt).await?;
    let (number, amount_pence) = (receipt.number, receipt.amount_pence);
    let answer = ReceiptReversed { receipt: number, amount_pence, reopened_pence: reopened.0, consequences };
    cmd.tell("ReceiptReversed", format!("receipt {}", answer.receipt), (&answer, reason));
    Ok(answer)
}

/// What would follow if a receipt were reversed, in sentences.
///
/// # Errors
/// Duty; absent.
pub async fn if_reversed(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<String>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let receipt = find_receipt(&mut look, by.org, number).await?;
    if_taken_off(&mut look, by.org, &receipt).await
}
