//! A payer's bank takes the money back: once the dispute is lost, the debt is open again (CSH-18; GL-02 row 17).
use super::refund::account_debit;
use crate::cash::common::{again, check_words, must_say};
use crate::cash::placing::{Why, changed, set_against, standing, undo_rows};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::cards::refusals::{REFUND_ABOVE, STATE};
use sundry_domain::cash::cards::{CardState, take_back};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::{card_charged_back, card_suspense_charged_back};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::cash::cards::{self, CardDisputeRow, CardPaymentRow};
use sundry_store::cash::{self as store_cash, ReceiptRow, StandingAllocationRow};
use sundry_store::ledger;

/// Records what the provider or the bank says of a dispute, by hand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordDispute {
    /// Idempotency key.
    pub key: String,
    /// Number of the card payment.
    pub payment: String,
    /// The provider's reference of the dispute.
    pub provider_ref: String,
    /// How much.
    pub amount: Pence,
    /// What the provider charges for it.
    #[serde(default)]
    pub fee: Pence,
    /// needs_response, under_review, won or lost.
    pub state: String,
    /// What the payer says.
    pub reason: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeRecorded {
    /// Number of the dispute.
    pub dispute: String,
    /// Where it stands.
    pub state: String,
    /// What is owed again.
    pub reopened_pence: i64,
}

/// The same from any source.
pub(super) struct Told<'a> {
    pub provider_ref: &'a str,
    pub amount: Pence,
    pub fee: Pence,
    pub state: &'a str,
    pub reason: &'a str,
    pub answer_by: Option<NaiveDate>,
    pub settled_on: Option<NaiveDate>,
}

/// Records a dispute; lost, it opens the debt again.
///
/// # Errors
/// Duty; fields; `CSH-CARD-STATE`, `CSH-CARD-REFUND-ABOVE`.
pub async fn record_card_dispute(desk: &Desk, by: &Actor, ask: RecordDispute) -> Outcome<DisputeRecorded> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason), ("provider's reference", &ask.provider_ref)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Enter what the payer says", &ask.reason, &mut wrong);
    must_say("provider_ref", "Enter the provider's reference of the dispute", &ask.provider_ref, &mut wrong);
    if !["needs_response", "under_review", "won", "lost"].contains(&ask.state.as_str()) {
        wrong.push(Invalid::field("state", "Choose needs_response, under_review, won or lost", &ask.state));
    }
    if ask.amount <= Pence::ZERO || ask.amount > LARGEST {
        wrong.push(Invalid::field("amount", "Enter an amount above £0.00", ask.amount.pounds()));
    }
    if ask.fee < Pence::ZERO || ask.fee > LARGEST {
        wrong.push(Invalid::field("fee", "Enter the charge, or leave it at £0.00", ask.fee.pounds()));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "record_card_dispute", &ask.key, &ask, |cmd| {
        let payment = cards::payment_numbered(&mut cmd.tx, cmd.by.org, ask.payment.trim()).await?;
        let payment = payment.ok_or_else(|| No::Absent(format!("card payment {}", ask.payment.trim())))?;
        let told = Told {
            provider_ref: ask.provider_ref.trim(),
            amount: ask.amount,
            fee: ask.fee,
            state: &ask.state,
            reason: ask.reason.trim(),
            answer_by: None,
            settled_on: None,
        };
        note_dispute(cmd, &payment, &told).await
    })
}

/// Won and lost are the end; a lost one is posted once.
pub(super) async fn note_dispute(
    cmd: &mut Command,
    payment: &CardPaymentRow,
    told: &Told<'_>,
) -> Outcome<DisputeRecorded> {
    let org = cmd.by.org;
    if !CardState::parse(&payment.state).is_some_and(CardState::is_paid) {
        return Err(STATE.because(format!("{} was not paid.", payment.number)).into());
    }
    if told.amount.0 > payment.amount_pence {
        let sentence = format!("{} was paid by {}.", Pence(payment.amount_pence), payment.number);
        return Err(REFUND_ABOVE.because(sentence).into());
    }
    let mut row = match cards::dispute_of_ref(&mut cmd.tx, org, told.provider_ref).await? {
        Some(row) => row,
        None => new_dispute(cmd, payment, told).await?,
    };
    let ended = row.posted_on.is_some() || row.state == "won";
    if !ended {
        row.state = told.state.to_owned();
        (row.amount_pence, row.fee_pence) = (told.amount.0, told.fee.0);
        row.answer_by = told.answer_by.or(row.answer_by);
        if row.state == "lost" {
            let reopened = charge_back(cmd, payment, &row).await?;
            (row.posted_on, row.reopened_pence) = (Some(cmd.today), reopened.0);
        }
    }
    row.settled_on = row.settled_on.or(told.settled_on.filter(|_| row.posted_on.is_some()));
    if !cards::change_dispute(&mut cmd.tx, org, &row).await? {
        return Err(again("the dispute has moved on"));
    }
    let event = if row.posted_on == Some(cmd.today) && !ended { "CardChargedBack" } else { "CardDisputeNoted" };
    let answer = DisputeRecorded { dispute: row.number, state: row.state, reopened_pence: row.reopened_pence };
    cmd.tell(event, format!("card payment {}", payment.number), (&answer, told.reason));
    Ok(answer)
}

async fn new_dispute(cmd: &mut Command, payment: &CardPaymentRow, told: &Told<'_>) -> Outcome<CardDisputeRow> {
    let row = CardDisputeRow {
        id: cmd.id(),
        number: format!("CD-{:06}", cmd.next_number("CD").await?),
        payment_id: payment.id,
        provider_ref: told.provider_ref.to_owned(),
        amount_pence: told.amount.0,
        fee_pence: told.fee.0,
        reason: told.reason.chars().take(300).collect(),
        state: "needs_response".into(),
        answer_by: told.answer_by,
        posted_on: None,
        reopened_pence: 0,
        settled_on: None,
        payout_id: None,
        recorded_on: cmd.today,
        recorded_at: cmd.at,
        version: 1,
    };
    cards::add_dispute(&mut cmd.tx, cmd.by.org, row.clone()).await?;
    Ok(row)
}

/// Takes the money off whatever it was set against; gives what is owed again.
async fn charge_back(cmd: &mut Command, payment: &CardPaymentRow, dispute: &CardDisputeRow) -> Outcome<Pence> {
    let receipt = store_cash::receipt_numbered(&mut cmd.tx, cmd.by.org, &payment.receipt_number).await?;
    let mut receipt = receipt.ok_or_else(|| Fault::new("a paid card payment has no receipt"))?;
    let amount = Pence(dispute.amount_pence);
    if receipt.state == "suspense" {
        if amount.0 != receipt.amount_pence {
            return Err(STATE.because("Find out whose money it is first: only a part is taken back.").into());
        }
        journal(cmd, dispute, None, None, card_suspense_charged_back(amount)).await?;
        reverse(cmd, &mut receipt, dispute).await?;
        return Ok(Pence::ZERO);
    }
    let credits = standing(cmd, &receipt).await?;
    let customer = credits.first().map(|(item, _)| item.customer_id).or(payment.customer_id);
    let customer = CustomerId(customer.ok_or_else(|| Fault::new("a card receipt is on no account"))?);
    let pays = |a: &&StandingAllocationRow| a.item_kind != "refund";
    let allocated: i64 = credits.iter().flat_map(|(_, all)| all).filter(pays).map(|a| a.amount_pence).sum();
    let on_account: i64 = credits.iter().map(|(item, _)| -item.open_pence).sum();
    let parts = take_back(amount, Pence(on_account), Pence(allocated));
    let whole = amount.0 == receipt.amount_pence && parts.beyond == Pence::ZERO && credits.len() == 1;
    let why = format!("Charged back by the payer's bank: {}", dispute.reason);
    let debit: ItemId = cmd.id();
    let lines = card_charged_back(parts.reopened.plus(parts.beyond), parts.on_account);
    let posted = journal(cmd, dispute, Some(customer), Some(debit), lines).await?;
    let mut item = account_debit(cmd, (customer, debit, &dispute.number, amount), "refund", posted);
    if whole {
        // With the receipt it makes nothing: the receipt is reversed.
        item.receipt_id = Some(receipt.id);
    }
    ledger::add_items(&mut cmd.tx, cmd.by.org, vec![item]).await?;
    let mut left = amount.minus(parts.beyond);
    let mut keep = Pence(allocated).minus(parts.reopened);
    for (credit, all) in &credits {
        let paying: Vec<StandingAllocationRow> = all.iter().filter(pays).cloned().collect();
        let today = cmd.today;
        let freed = undo_rows(cmd, &paying, today, &why).await?;
        let free = freed.plus(Pence(-credit.open_pence));
        let part = left.min(free);
        use_credit(cmd, customer, ItemId(credit.id), (debit, part), &why).await?;
        left = left.minus(part);
        let mut rest = free.minus(part).min(keep);
        for old in &paying {
            let again = rest.min(Pence(old.amount_pence));
            use_credit(cmd, customer, ItemId(credit.id), (ItemId(old.debit_item_id), again), &old.reason).await?;
            (rest, keep) = (rest.minus(again), keep.minus(again));
        }
    }
    if whole {
        reverse(cmd, &mut receipt, dispute).await?;
    }
    Ok(parts.reopened.plus(parts.beyond))
}

/// Sets so much of a credit against a debit, without a journal: the chargeback's own says it all.
async fn use_credit(
    cmd: &mut Command,
    customer: CustomerId,
    credit: ItemId,
    (debit, amount): (ItemId, Pence),
    why: &str,
) -> Outcome<()> {
    if amount <= Pence::ZERO {
        return Ok(());
    }
    if !ledger::reduce_credit(&mut cmd.tx, cmd.by.org, credit, amount).await? {
        return Err(changed());
    }
    let (today, why) = (cmd.today, Why { reason: why, confidence_ppm: 1_000_000 });
    set_against(cmd, customer, credit, &BTreeMap::from([(debit, amount)]), today, &why).await
}

async fn journal(
    cmd: &mut Command,
    dispute: &CardDisputeRow,
    customer: Option<CustomerId>,
    item: Option<ItemId>,
    lines: Vec<sundry_domain::ledger::EntryLine>,
) -> Outcome<i64> {
    let journal = NewJournal {
        posted_on: cmd.today,
        event: "CardChargedBack",
        source: format!("card dispute {}", dispute.number),
        reason: dispute.reason.clone(),
        customer,
        item,
        lines,
    };
    Ok(post(cmd, journal).await?.0)
}

async fn reverse(cmd: &mut Command, receipt: &mut ReceiptRow, dispute: &CardDisputeRow) -> Outcome<()> {
    receipt.state = "reversed".into();
    receipt.reason = format!("Charged back: {}", dispute.number);
    if store_cash::change_receipt(&mut cmd.tx, cmd.by.org, receipt).await? { Ok(()) } else { Err(changed()) }
}
