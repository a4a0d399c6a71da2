//! A cheque comes back unpaid, a payment is recalled (GL-02 row 17); suspense is sent back (row 12).
use super::common::{check_words, find_receipt, must_say};
use super::direct_debit::refuse_by_hand;
use super::placing::{Away, changed, take_off};
use crate::core::actor::Actor;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::intake::{WRONG_STATE, returned, suspense_returned};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash;

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
        let org = cmd.by.org;
        let mut receipt = find_receipt(&mut cmd.tx, org, &ask.receipt).await?;
        if receipt.state == "reversed" {
            return Err(WRONG_STATE.because(format!("Receipt {} was reversed before.", receipt.number)).into());
        }
        refuse_by_hand(cmd, &receipt).await?;
        let day = cmd.today.max(receipt.received_on);
        let away = Away { event: "ReceiptReversed", lines: returned };
        let reopened = take_off(cmd, &receipt, day, &ask.reason, &away).await?;
        if receipt.state == "suspense" {
            let journal = NewJournal {
                posted_on: day,
                event: "SuspenseReturned",
                source: format!("receipt {}", receipt.number),
                reason: ask.reason.clone(),
                customer: None,
                item: None,
                lines: suspense_returned(Pence(receipt.amount_pence)),
            };
            post(cmd, journal).await?;
        }
        (receipt.state, receipt.reason) = ("reversed".into(), ask.reason.trim().to_owned());
        if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
            return Err(changed());
        }
        if let Some(line) = receipt.bank_line_id {
            cash::set_line_state(&mut cmd.tx, org, line, "reversed", &receipt.reason).await?;
        }
        let (number, amount_pence) = (receipt.number, receipt.amount_pence);
        let answer = ReceiptReversed { receipt: number, amount_pence, reopened_pence: reopened.0 };
        cmd.tell("ReceiptReversed", format!("receipt {}", answer.receipt), (&answer, &ask.reason));
        Ok(answer)
    })
}
