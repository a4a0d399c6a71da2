//! Money back to a card: asked by one, approved by another, then sent to the provider.
use super::lists::left_to_refund;
use super::provider::provider_of;
use super::start::provider_row;
use crate::approvals::{AskForApproval, CARD_REFUND, ask_for_approval};
use crate::cash::common::{again, check_words, must_say};
use crate::cash::placing::{Why, changed, set_against};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::cards::refusals::{NOT_OFFERED, STATE};
use sundry_domain::cash::cards::{CardState, RefundFacts, may_refund};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::card_refund_approved;
use sundry_domain::money::Pence;
use sundry_store::cash::cards::{self, CardPaymentRow, CardRefundRow};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};

/// Asks to refund a card payment, in whole or in part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestCardRefund {
    /// Idempotency key.
    pub key: String,
    /// Number of the card payment.
    pub payment: String,
    /// How much.
    pub amount: Pence,
    /// Why.
    pub reason: String,
    /// Why it is refunded although other debts are open; empty where none are.
    #[serde(default)]
    pub all_the_same: String,
}

/// It was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardRefundAsked {
    /// Number of the refund.
    pub refund: String,
    /// The yes it waits for.
    pub approval: String,
    /// How much.
    pub amount_pence: i64,
}

/// What an approver says yes to.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Payload {
    refund: String,
    payment: String,
    amount_pence: i64,
    reason: String,
    all_the_same: String,
}

/// Asks for a refund to the card a payment came from.
///
/// # Errors
/// Duty; fields; `CSH-CARD-STATE`, `CSH-CARD-REFUND-ABOVE`, `CSH-CARD-NO-CREDIT`, `CSH-CARD-OWES`,
/// `CSH-CARD-NOT-OFFERED`.
pub async fn request_card_refund(desk: &Desk, by: &Actor, ask: RequestCardRefund) -> Outcome<CardRefundAsked> {
    by.must_hold(Duty::ProposeRefund)?;
    check_words(&[("reason", &ask.reason), ("reason to refund all the same", &ask.all_the_same)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Enter why the money goes back", &ask.reason, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "request_card_refund", &ask.key, &ask, |cmd| {
        let payment = find_payment(cmd, &ask.payment).await?;
        check(cmd, &payment, ask.amount, !ask.all_the_same.trim().is_empty(), None).await?;
        let number = format!("CR-{:06}", cmd.next_number("CR").await?);
        let payload = Payload {
            refund: number.clone(),
            payment: payment.number.clone(),
            amount_pence: ask.amount.0,
            reason: ask.reason.trim().into(),
            all_the_same: ask.all_the_same.trim().into(),
        };
        let request = AskForApproval {
            command: CARD_REFUND,
            subject: format!("card refund {number}"),
            summary: format!("Refund {} of card payment {}: {}", ask.amount, payment.number, payload.reason),
            payload: serde_json::to_value(&payload)?,
            amount: ask.amount,
        };
        let approval = ask_for_approval(cmd, request).await?;
        let row = CardRefundRow {
            id: cmd.id(),
            number: number.clone(),
            payment_id: payment.id,
            customer_id: payment.customer_id,
            amount_pence: ask.amount.0,
            reason: payload.reason.clone(),
            state: "asked".into(),
            state_reason: String::new(),
            approval_number: approval.clone(),
            provider_ref: None,
            item_id: None,
            on_account_pence: 0,
            settled_on: None,
            payout_id: None,
            asked_by_name: cmd.by.name.clone(),
            asked_on: cmd.today,
            recorded_at: cmd.at,
            version: 1,
        };
        cards::add_refund(&mut cmd.tx, cmd.by.org, row).await?;
        let answer = CardRefundAsked { refund: number, approval, amount_pence: ask.amount.0 };
        cmd.tell("CardRefundAsked", format!("card refund {}", answer.refund), &payload);
        Ok(answer)
    })
}

async fn find_payment(cmd: &mut Command, number: &str) -> Outcome<CardPaymentRow> {
    let row = cards::payment_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("card payment {}", number.trim())))
}

/// The rules, with the facts as they are today; gives the credits to take it from, the receipt's own first.
async fn check(
    cmd: &mut Command,
    payment: &CardPaymentRow,
    amount: Pence,
    all_the_same: bool,
    but: Option<i64>,
) -> Outcome<Vec<ItemRow>> {
    let paid = CardState::parse(&payment.state).is_some_and(CardState::is_paid);
    let (true, Some(customer)) = (paid, payment.customer_id) else {
        return Err(STATE.because(format!("{} is not a customer's paid card payment.", payment.number)).into());
    };
    if payment.provider == "pay360_scp" || payment.provider == "payment_file" {
        return Err(NOT_OFFERED.because("Refunds of this payment are made at the payment screen.").into());
    }
    let left = left_to_refund(&mut cmd.tx, cmd.by.org, payment, but).await?;
    let open = ledger::open_items_of(&mut cmd.tx, cmd.by.org, CustomerId(customer)).await?;
    let (mut credits, debits): (Vec<ItemRow>, Vec<ItemRow>) = open.into_iter().partition(|item| item.open_pence < 0);
    credits.sort_by_key(|item| (item.receipt_id != payment.receipt_id, item.due_on, item.id));
    let sum = |items: &[ItemRow]| Pence(items.iter().map(|item| item.open_pence).sum());
    let facts = RefundFacts {
        paid: left,
        gone: Pence::ZERO,
        credit: sum(&credits).negated(),
        owes: sum(&debits),
        all_the_same,
    };
    may_refund(amount, &facts)?;
    Ok(credits)
}

async fn find_refund(cmd: &mut Command, number: &str) -> Outcome<CardRefundRow> {
    let row = cards::refund_numbered(&mut cmd.tx, cmd.by.org, number).await?;
    row.ok_or_else(|| Fault::new("an approval names a card refund that is not there").into())
}

/// Carries an approved refund out: the credit is used up today, and the provider is told right after (GL-02 row 18).
pub(crate) async fn post_card_refund(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let mut refund = find_refund(cmd, &payload.refund).await?;
    if refund.state != "asked" {
        return Err(STATE.because(format!("{} is {}.", refund.number, refund.state)).into());
    }
    let payment = find_payment(cmd, &payload.payment).await?;
    let amount = Pence(payload.amount_pence);
    let all_the_same = !payload.all_the_same.is_empty();
    let credits = check(cmd, &payment, amount, all_the_same, Some(refund.id)).await?;
    let (mut left, mut on_account, mut parts) = (amount, Pence::ZERO, Vec::new());
    for credit in &credits {
        let part = left.min(Pence(-credit.open_pence));
        if part > Pence::ZERO {
            left = left.minus(part);
            on_account = if credit.kind == "receipt" { on_account.plus(part) } else { on_account };
            parts.push((ItemId(credit.id), part));
        }
    }
    let customer = CustomerId(payment.customer_id.unwrap_or_default());
    let debit: ItemId = cmd.id();
    let lines = card_refund_approved(on_account, amount.minus(on_account));
    add_debit(cmd, (customer, debit, &refund.number, amount), &payload.reason, lines).await?;
    let why = Why { reason: &format!("Refunded to the card: {}", payload.reason), confidence_ppm: 1_000_000 };
    let today = cmd.today;
    for (credit, part) in parts {
        if !ledger::reduce_credit(&mut cmd.tx, cmd.by.org, credit, part).await? {
            return Err(changed());
        }
        set_against(cmd, customer, credit, &BTreeMap::from([(debit, part)]), today, &why).await?;
    }
    refund.state = "approved".into();
    (refund.item_id, refund.on_account_pence) = (Some(debit.0), on_account.0);
    if !cards::change_refund(&mut cmd.tx, cmd.by.org, &refund).await? {
        return Err(again("the card refund has moved on"));
    }
    cmd.tell("CardRefundApproved", format!("card refund {}", refund.number), &payload);
    Ok(refund.number)
}

/// A debit on the account that a credit will be set against, with its journal.
async fn add_debit(
    cmd: &mut Command,
    (customer, debit, number, amount): (CustomerId, ItemId, &str, Pence),
    reason: &str,
    lines: Vec<sundry_domain::ledger::EntryLine>,
) -> Outcome<()> {
    let journal = NewJournal {
        posted_on: cmd.today,
        event: "CardRefundApproved",
        source: format!("card refund {number}"),
        reason: reason.to_owned(),
        customer: Some(customer),
        item: Some(debit),
        lines,
    };
    let journal = post(cmd, journal).await?;
    let item = account_debit(cmd, (customer, debit, number, amount), "refund", journal.0);
    Ok(ledger::add_items(&mut cmd.tx, cmd.by.org, vec![item]).await?)
}

/// An item that stands on an account of itself, without a document or a receipt.
pub(super) fn account_debit(
    cmd: &Command,
    (customer, id, number, amount): (CustomerId, ItemId, &str, Pence),
    kind: &str,
    journal: i64,
) -> ItemRow {
    ItemRow {
        id: id.0,
        customer_id: customer.0,
        kind: kind.into(),
        number: number.to_owned(),
        document_id: None,
        receipt_id: None,
        posted_on: cmd.today,
        dated_on: cmd.today,
        due_on: cmd.today,
        original_pence: amount.0,
        open_pence: amount.0,
        disputed_pence: 0,
        service: String::new(),
        debt_type: String::new(),
        stage: String::new(),
        journal_id: journal,
        recorded_at: cmd.at,
    }
}

/// Somebody said no to a refund.
pub(crate) async fn refuse_card_refund(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let mut refund = find_refund(cmd, &payload.refund).await?;
    (refund.state, refund.state_reason) = ("refused".into(), reason.trim().to_owned());
    if !cards::change_refund(&mut cmd.tx, cmd.by.org, &refund).await? {
        return Err(again("the card refund has moved on"));
    }
    Ok(())
}

/// The provider of a payment, ready to be asked for a refund.
pub(super) async fn provider_to_refund(
    desk: &Desk,
    by: &Actor,
    payment: &CardPaymentRow,
) -> Outcome<Box<dyn super::CardProvider>> {
    let row = provider_row(desk, by, &payment.provider).await?;
    provider_of(desk, by.org, &row)
}
