//! Money whose owner is not known waits in suspense, with a reason and someone who looks after it.
use super::common::{check_words, find_receipt, must_say};
use super::placing::{TO_SUSPENSE, changed, refuse_refunded, standing, take_off};
use super::suspense::{check_next, keep_next_step};
use super::teach::taken_back;
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::intake::WRONG_STATE;
use sundry_domain::control::Duty;
use sundry_store::cash::{self, again::drop_suggestions};

/// Puts a receipt in suspense.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PutInSuspense {
    /// Idempotency key.
    pub key: String,
    /// Receipt number.
    pub receipt: String,
    /// Why.
    pub reason: String,
    /// Who looks after it.
    pub owner: String,
    /// What comes next; may be empty.
    #[serde(default)]
    pub next_step: String,
    /// When; not before today.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// It is in suspense.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InSuspense {
    /// Receipt number.
    pub receipt: String,
    /// What was taken off items, which are open again.
    pub reopened_pence: i64,
}

/// Puts a receipt in suspense; taken off an account, its items open again.
///
/// # Errors
/// Duty; fields; absent; `CSH-STATE` when it was reversed.
pub async fn put_in_suspense(desk: &Desk, by: &Actor, ask: PutInSuspense) -> Outcome<InSuspense> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason), ("owner", &ask.owner), ("next step", &ask.next_step)])?;
    command!(desk, by, "put_in_suspense", &ask.key, &ask, |cmd| {
        let mut wrong = Vec::new();
        must_say("reason", "Say why it is in suspense", &ask.reason, &mut wrong);
        must_say("owner", "Enter who looks after it", &ask.owner, &mut wrong);
        check_next(&ask.next_step, ask.next_on, cmd.today, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let org = cmd.by.org;
        let mut receipt = find_receipt(&mut cmd.tx, org, &ask.receipt).await?;
        if receipt.state == "reversed" {
            return Err(WRONG_STATE.because(format!("Receipt {} was reversed.", receipt.number)).into());
        }
        refuse_refunded(cmd, &receipt).await?;
        let day = cmd.today.max(receipt.received_on);
        for (_, allocations) in standing(cmd, &receipt).await? {
            taken_back(cmd, &allocations).await?;
        }
        let reopened = take_off(cmd, &receipt, day, &ask.reason, &TO_SUSPENSE).await?;
        (receipt.customer_id, receipt.item_id) = (None, None);
        (receipt.state, receipt.reason) = ("suspense".into(), ask.reason.trim().to_owned());
        receipt.owner = ask.owner.trim().to_owned();
        if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
            return Err(changed());
        }
        if let Some(line) = receipt.bank_line_id {
            drop_suggestions(&mut cmd.tx, org, &[line]).await?;
            cash::set_line_state(&mut cmd.tx, org, line, "suspense", &receipt.reason).await?;
        }
        keep_next_step(cmd, receipt.id, &ask.next_step, ask.next_on).await?;
        cmd.tell("ReceiptPutInSuspense", format!("receipt {}", receipt.number), &ask);
        Ok(InSuspense { receipt: receipt.number, reopened_pence: reopened.0 })
    })
}
