//! A cashier says whose money it is and what it pays.
use super::common::{check_words, find_receipt};
use super::placing::{
    AccountCredit, AllocationLine, Share, Why, changed, from_suspense, place, place_later, share_of, standing,
};
use super::teach::{judge, learn};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::intake::{OTHER_CUSTOMER, SPLIT, WRONG_STATE};
use sundry_domain::cash::refusals::NOTHING_TO_ALLOCATE;
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::{self, ReceiptRow};

/// One customer's share of a receipt that is split.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllocationSplit {
    /// Customer number.
    pub customer: String,
    /// Their share of the money.
    pub amount: Pence,
    /// What of it goes against items; the rest stays on their account.
    pub lines: Vec<AllocationLine>,
}

/// Allocates what is left of a receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllocateReceipt {
    /// Idempotency key.
    pub key: String,
    /// Receipt number.
    pub receipt: String,
    /// Customer number; empty when it is split.
    pub customer: String,
    /// What goes against which item; the rest stays on the account.
    pub lines: Vec<AllocationLine>,
    /// Instead of customer and lines: several customers, whose shares add up to what is left.
    pub split: Vec<AllocationSplit>,
    /// Why, in words; may be empty.
    pub reason: String,
}

/// What was allocated.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptAllocated {
    /// Receipt number.
    pub receipt: String,
    /// Set against items.
    pub allocated_pence: i64,
    /// On accounts.
    pub on_account_pence: i64,
    /// The payer's account will be known as this customer's from now on.
    pub learned: bool,
}

/// Allocates a receipt out of suspense, or what is left of one on an account (GL-02 rows 9 and 11).
///
/// # Errors
/// Duty; receipt or customer absent; `GL-E12-MORE-THAN-OPEN`, `GL-02-…`, `CSH-SPLIT`,
/// `CSH-STATE`, `CSH-OTHER-CUSTOMER`, `CSH-CHANGED`.
pub async fn allocate_receipt(desk: &Desk, by: &Actor, ask: AllocateReceipt) -> Outcome<ReceiptAllocated> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason)])?;
    if ask.customer.trim().is_empty() && ask.split.is_empty() {
        return Err(Invalid::field("customer", "Enter the customer number", &ask.customer).into());
    }
    let reason = if ask.reason.trim().is_empty() { "Allocated by hand." } else { ask.reason.trim() };
    command!(desk, by, "allocate_receipt", &ask.key, &ask, |cmd| {
        let receipt = find_receipt(&mut cmd.tx, cmd.by.org, &ask.receipt).await?;
        let why = Why { reason, confidence_ppm: 1_000_000 };
        allocate_now(cmd, receipt, &ask, &why).await
    })
}

/// The same inside another command.
pub(super) async fn allocate_now(
    cmd: &mut Command,
    receipt: ReceiptRow,
    ask: &AllocateReceipt,
    why: &Why<'_>,
) -> Outcome<ReceiptAllocated> {
    let answer = match receipt.state.as_str() {
        "suspense" => identify(cmd, &receipt, ask, why).await?,
        "identified" => from_account(cmd, &receipt, ask, why).await?,
        _ => {
            let sentence = format!("Receipt {} was reversed.", receipt.number);
            return Err(WRONG_STATE.because(sentence).into());
        }
    };
    cmd.tell("ReceiptAllocated", format!("receipt {}", receipt.number), &answer);
    Ok(answer)
}

/// The shares asked for, which add up to the whole.
async fn shares(cmd: &mut Command, ask: &AllocateReceipt, whole: Pence) -> Outcome<Vec<Share>> {
    if ask.split.is_empty() {
        return Ok(vec![share_of(cmd, &ask.customer, whole, &ask.lines).await?]);
    }
    let too_small = ask.split.iter().any(|part| part.amount <= Pence::ZERO);
    let sum = ask.split.iter().try_fold(Pence::ZERO, |sum, part| sum.checked_add(part.amount));
    if too_small || sum != Some(whole) {
        let sum = sum.map_or_else(|| "more than any receipt".to_owned(), |sum| sum.to_string());
        let sentence = format!("The customers' shares add up to {sum}, and {whole} is left of the receipt.");
        return Err(SPLIT.because(sentence).into());
    }
    let mut shares: Vec<Share> = Vec::new();
    for part in &ask.split {
        let share = share_of(cmd, &part.customer, part.amount, &part.lines).await?;
        if shares.iter().any(|other| other.customer.id == share.customer.id) {
            let sentence = format!("{} is in the split twice.", share.customer.number);
            return Err(SPLIT.because(sentence).into());
        }
        shares.push(share);
    }
    Ok(shares)
}

async fn identify(
    cmd: &mut Command,
    receipt: &ReceiptRow,
    ask: &AllocateReceipt,
    why: &Why<'_>,
) -> Outcome<ReceiptAllocated> {
    let (org, day) = (cmd.by.org, cmd.today.max(receipt.received_on));
    let shares = shares(cmd, ask, Pence(receipt.amount_pence)).await?;
    let mut row = receipt.clone();
    let mut allocated = Pence::ZERO;
    for (place_no, share) in shares.iter().enumerate() {
        let item = place(cmd, receipt, share, day, why, from_suspense).await?;
        if place_no == 0 {
            (row.customer_id, row.item_id) = (Some(share.customer.id.0), Some(item.0));
        }
        allocated = allocated.plus(Pence::total(share.lines.values()));
    }
    (row.state, row.reason) = ("identified".into(), why.reason.to_owned());
    row.owner = String::new();
    if !cash::change_receipt(&mut cmd.tx, org, &row).await? {
        return Err(changed());
    }
    let learned = learn(cmd, receipt, &shares).await?;
    if let Some(line) = receipt.bank_line_id {
        judge(cmd, line, &shares).await?;
        cash::set_line_state(&mut cmd.tx, org, line, "posted", "").await?;
    }
    let on_account_pence = receipt.amount_pence - allocated.0;
    Ok(ReceiptAllocated { receipt: receipt.number.clone(), allocated_pence: allocated.0, on_account_pence, learned })
}

async fn from_account(
    cmd: &mut Command,
    receipt: &ReceiptRow,
    ask: &AllocateReceipt,
    why: &Why<'_>,
) -> Outcome<ReceiptAllocated> {
    let credits: Vec<_> = standing(cmd, receipt).await?.into_iter().map(|(item, _)| item).collect();
    let known = super::common::find_customer(&mut cmd.tx, cmd.by.org, &ask.customer).await?;
    let theirs = credits.into_iter().find(|item| item.customer_id == known.id.0);
    let Some(credit) = theirs.filter(|_| ask.split.is_empty()) else {
        let sentence = format!("Receipt {} is on another customer's account.", receipt.number);
        return Err(OTHER_CUSTOMER.because(sentence).into());
    };
    if ask.lines.is_empty() || credit.open_pence == 0 {
        let sentence = "There is nothing to allocate: choose an item, and see what is left of the receipt.";
        return Err(NOTHING_TO_ALLOCATE.because(sentence).into());
    }
    let left = Pence(-credit.open_pence);
    let share = share_of(cmd, &ask.customer, left, &ask.lines).await?;
    let day = cmd.today.max(receipt.received_on);
    let source = format!("receipt {}", receipt.number);
    let on_account = AccountCredit { id: ItemId(credit.id), kind: "receipt", source };
    place_later(cmd, &on_account, &share, day, why).await?;
    let mut row = receipt.clone();
    row.reason = why.reason.to_owned();
    if !cash::change_receipt(&mut cmd.tx, cmd.by.org, &row).await? {
        return Err(changed());
    }
    let allocated = Pence::total(share.lines.values());
    Ok(ReceiptAllocated {
        receipt: receipt.number.clone(),
        allocated_pence: allocated.0,
        on_account_pence: left.minus(allocated).0,
        learned: false,
    })
}
