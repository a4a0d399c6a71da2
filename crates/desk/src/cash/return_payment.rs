//! A cheque comes back unpaid: the debt opens again, with everything that follows, and the customer is told (CSH-16).
use super::common::{check_words, find_receipt, must_say};
use super::counter::find_payment;
use super::placing::changed;
use super::returned_letter::write_letters;
use super::reverse_receipt::reverse_now;
use super::settle_refund::mirrored;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::desk_refusals::COUNTER_STATE;
use sundry_domain::control::Duty;
use sundry_domain::ledger::receipt_for_fund;
use sundry_domain::money::Pence;
use sundry_store::cash_counter::{self, CounterPaymentRow};

/// Says that a cheque came back, or that cash was not good.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReturnPayment {
    /// Idempotency key.
    pub key: String,
    /// Number of the payment in the register.
    pub payment: String,
    /// Why, as the bank says: refer to drawer, stopped.
    pub reason: String,
    /// Whether the customers are written to.
    #[serde(default)]
    pub letter: bool,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentReturned {
    /// Number of the payment.
    pub payment: String,
    /// The receipt that was reversed; empty where all of it was for other funds.
    pub receipt: String,
    /// What is owed again.
    pub reopened_pence: i64,
    /// Numbers of the letters that wait to be sent.
    pub letters: Vec<String>,
    /// What follows from it, in sentences.
    pub consequences: Vec<String>,
}

/// Takes a payment back whole: its receipt is reversed, its funds' shares are mirrored, promises it kept are broken.
///
/// # Errors
/// Duty; fields; absent; `CSH-16-STATE` for one on a slip the bank has not had, or that came back before.
pub async fn return_payment(desk: &Desk, by: &Actor, ask: ReturnPayment) -> Outcome<PaymentReturned> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Say why it came back", &ask.reason, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "return_payment", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let payment = find_payment(&mut cmd.tx, org, &ask.payment).await?;
        let mut answer = PaymentReturned {
            payment: payment.number.clone(),
            receipt: payment.receipt_number.clone(),
            reopened_pence: 0,
            letters: Vec::new(),
            consequences: Vec::new(),
        };
        let reason = ask.reason.trim();
        if payment.receipt_id.is_some() {
            let receipt = find_receipt(&mut cmd.tx, org, &payment.receipt_number).await?;
            let reversed = reverse_now(cmd, receipt.clone(), reason).await?;
            answer.reopened_pence = reversed.reopened_pence;
            answer.consequences = reversed.consequences;
            if ask.letter {
                let (letters, unwritten) = write_letters(cmd, &receipt, &payment, reason).await?;
                answer.letters = letters;
                answer.consequences.extend(unwritten);
            }
        } else {
            mark_returned(cmd, &payment, reason).await?;
        }
        cmd.tell("PaymentReturned", format!("payment {}", payment.number), (&answer, reason));
        Ok(answer)
    })
}

/// The register says so, and the funds' shares are mirrored.
pub(super) async fn mark_returned(cmd: &mut Command, payment: &CounterPaymentRow, reason: &str) -> Outcome<()> {
    if matches!(payment.state.as_str(), "returned" | "paying_in") {
        let where_it_is =
            if payment.state == "returned" { "came back before" } else { "is on a slip the bank has not had yet" };
        return Err(COUNTER_STATE.because(format!("{} {where_it_is}.", payment.number)).into());
    }
    let (org, today) = (cmd.by.org, cmd.today);
    for share in cash_counter::fund_shares_of(&mut cmd.tx, org, payment.id).await? {
        let journal = NewJournal {
            posted_on: today,
            event: "CashForFundReversed",
            source: format!("payment {}", payment.number),
            reason: reason.to_owned(),
            customer: None,
            item: None,
            lines: mirrored(receipt_for_fund(&share.gl_code, Pence(share.amount_pence)))?,
        };
        post(cmd, journal).await?;
    }
    if !cash_counter::return_counter_payment(&mut cmd.tx, org, payment, today, reason).await? {
        return Err(changed());
    }
    Ok(())
}
