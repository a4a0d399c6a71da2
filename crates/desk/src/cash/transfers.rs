//! Money that moves to another account, or to another fund or organisation, with someone else's yes (GL-02 row 20).
use super::common::{check_words, find_customer, must_say};
use super::placing::{Why, changed, receipt_like_item, set_against};
use super::request_refund::source_of;
use crate::approvals::{AskForApproval, TRANSFER, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post, post_between};
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::desk_refusals::{REFUND_AMOUNT, REFUND_STATE, TRANSFER_TO};
use sundry_domain::cash::intake::waits_unallocated;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::{account_to_fund, suspense_to_fund, transfer, transfer_unallocated};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::cash_refunds::{self, TransferRow};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::{cash, cash_counter};

/// Asks for a transfer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RequestTransfer {
    /// Idempotency key.
    pub key: String,
    /// Number of the credit: a receipt or credit note with something left, or a receipt in suspense.
    pub credit: String,
    /// How much; all of it when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// To this customer.
    #[serde(default)]
    pub to_customer: String,
    /// Or to this fund, by its GL code.
    #[serde(default)]
    pub to_fund: String,
    /// Why.
    pub words: String,
    /// Who allows it, and where that is written; needed to move one customer's money to another.
    #[serde(default)]
    pub authority: String,
}

/// The transfer that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TransferAsked {
    /// Number of the transfer.
    pub transfer: String,
    /// Number of the approval.
    pub approval: String,
    /// How much.
    pub amount_pence: i64,
}

/// Asks for money to move. Money in suspense that is a customer's is allocated, not transferred.
///
/// # Errors
/// Duty; fields; absent; `CSH-REFUND-AMOUNT`; `CSH-TRANSFER-TO`.
pub async fn request_transfer(desk: &Desk, by: &Actor, ask: RequestTransfer) -> Outcome<TransferAsked> {
    by.must_hold(Duty::ProposeRefund)?;
    check_words(&[("words", &ask.words), ("authority", &ask.authority)])?;
    let (customer, fund) = (ask.to_customer.trim(), ask.to_fund.trim());
    let mut wrong = Vec::new();
    must_say("words", "Say why the money moves", &ask.words, &mut wrong);
    if customer.is_empty() == fund.is_empty() {
        wrong.push(Invalid::field("to_customer", "Enter a customer number or choose a fund, one of the two", customer));
    }
    if !customer.is_empty() {
        must_say("authority", "Say who allows it, and where that is written", &ask.authority, &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "request_transfer", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let source = source_of(&mut cmd.tx, org, &ask.credit).await?;
        let amount = ask.amount.unwrap_or(source.available);
        if amount <= Pence::ZERO || amount > source.available || (source.item.is_none() && amount != source.available) {
            let sentence = format!("{amount} cannot be moved where {} is there.", source.available);
            return Err(REFUND_AMOUNT.because(sentence).into());
        }
        let (to_id, to_name) = destination(cmd, &ask, source.customer.as_ref().map(|row| row.id)).await?;
        if source.item.is_none() && to_id.is_some() {
            let sentence = "Money in suspense that belongs to a customer is allocated to them.";
            return Err(TRANSFER_TO.because(sentence).into());
        }
        let number = format!("TRF-{:06}", cmd.next_number("TRF").await?);
        let payload = serde_json::json!({
            "transfer": number,
            "credit": source.number(),
            "from": source.customer.as_ref().map_or_else(|| "suspense".to_owned(), |row| format!("{} {}", row.number, row.name)),
            "to": to_name,
            "amount_pence": amount.0,
            "words": ask.words.trim(),
            "authority": ask.authority.trim(),
        });
        let request = AskForApproval {
            command: TRANSFER,
            subject: format!("transfer {number}"),
            summary: format!("Transfer {amount} of {} to {to_name}", source.number()),
            payload: payload.clone(),
            amount,
        };
        let approval = ask_for_approval(cmd, request).await?;
        let row = TransferRow {
            id: cmd.id::<i64>(),
            number: number.clone(),
            source: source.name().into(),
            customer_id: source.customer.as_ref().map(|row| row.id),
            credit_item_id: source.item.as_ref().map(|item| item.id),
            receipt_id: source.receipt.as_ref().map(|row| row.id),
            credit_number: source.number(),
            to_customer_id: to_id.map(|id| id.0),
            to_customer: customer.into(),
            to_fund: fund.into(),
            amount_pence: amount.0,
            words: ask.words.trim().into(),
            authority: ask.authority.trim().into(),
            state: "asked".into(),
            approval: approval.clone(),
            asked_by: cmd.by.user.0,
            asked_by_name: cmd.by.name.clone(),
            asked_on: cmd.today,
            done_on: None,
            recorded_at: cmd.at,
        };
        cash_refunds::add_transfer(&mut cmd.tx, org, &row).await?;
        cmd.tell("TransferAsked", format!("transfer {number}"), &payload);
        Ok(TransferAsked { transfer: number, approval, amount_pence: amount.0 })
    })
}

/// Where the money is to go: a customer's id, or none for a fund; and its name.
async fn destination(
    cmd: &mut Command,
    ask: &RequestTransfer,
    from: Option<i64>,
) -> Outcome<(Option<CustomerId>, String)> {
    let org = cmd.by.org;
    let fund = ask.to_fund.trim();
    if !fund.is_empty() {
        let funds = cash_counter::funds(&mut cmd.tx, org).await?;
        let found = funds.into_iter().find(|(code, _)| code == fund);
        let (code, name) =
            found.ok_or_else(|| TRANSFER_TO.because(format!("{fund} is not a fund that takes money for others.")))?;
        return Ok((None, format!("{code} {name}")));
    }
    let known = find_customer(&mut cmd.tx, org, &ask.to_customer).await?;
    if from == Some(known.id.0) {
        return Err(TRANSFER_TO.because(format!("The money is on {} already.", known.number)).into());
    }
    Ok((Some(known.id), format!("{} {}", known.number, known.name)))
}

async fn named(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<TransferRow> {
    let number = approval.payload.get("transfer").and_then(serde_json::Value::as_str).unwrap_or_default();
    let absent = || No::Absent(format!("transfer {number}"));
    cash_refunds::transfer_numbered(&mut cmd.tx, cmd.by.org, number).await?.ok_or_else(absent)
}

/// Somebody said no.
pub(crate) async fn turn_down_transfer(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<()> {
    let row = named(cmd, approval).await?;
    let today = cmd.today;
    cash_refunds::settle_transfer(&mut cmd.tx, cmd.by.org, row.id, "refused", today).await?;
    Ok(())
}

/// Posts an approved transfer.
pub(crate) async fn post_transfer(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let row = named(cmd, approval).await?;
    let (org, today) = (cmd.by.org, cmd.today);
    if !cash_refunds::settle_transfer(&mut cmd.tx, org, row.id, "done", today).await? {
        return Err(REFUND_STATE.because(format!("{} is {}.", row.number, row.state)).into());
    }
    let source = source_of(&mut cmd.tx, org, &row.credit_number).await?;
    if source.name() != row.source || source.available < Pence(row.amount_pence) {
        let sentence =
            format!("{} is there of {}, not {}.", source.available, row.credit_number, Pence(row.amount_pence));
        return Err(REFUND_AMOUNT.because(sentence).into());
    }
    match &source.item {
        Some(item) => from_account(cmd, &row, item).await?,
        None => out_of_suspense(cmd, &row).await?,
    }
    let told = serde_json::json!({ "amount_pence": row.amount_pence, "credit": row.credit_number, "to": [row.to_customer, row.to_fund] });
    cmd.tell("MoneyTransferred", format!("transfer {}", row.number), told);
    Ok(row.number)
}

async fn from_account(cmd: &mut Command, row: &TransferRow, credit: &ItemRow) -> Outcome<()> {
    let (org, amount) = (cmd.by.org, Pence(row.amount_pence));
    let day = cmd.today.max(credit.posted_on);
    if !ledger::reduce_credit(&mut cmd.tx, org, ItemId(credit.id), amount).await? {
        return Err(changed());
    }
    let from = CustomerId(credit.customer_id);
    let unallocated = waits_unallocated(&credit.kind);
    let mut debit = receipt_like_item(cmd, from, "refund", row.number.clone(), amount, day);
    let debit_id = ItemId(debit.id);
    let mut journal = NewJournal {
        posted_on: day,
        event: "MoneyTransferred",
        source: format!("transfer {}", row.number),
        reason: row.words.clone(),
        customer: Some(from),
        item: Some(debit_id),
        lines: if unallocated { transfer_unallocated(amount) } else { transfer(amount) },
    };
    let mut items = Vec::new();
    if let Some(to) = row.to_customer_id.map(CustomerId) {
        let kind = if unallocated { "receipt" } else { "refund" };
        let number = if unallocated { row.number.clone() } else { format!("{}/to", row.number) };
        let mut there = receipt_like_item(cmd, to, kind, number, amount.negated(), day);
        debit.journal_id = post_between(cmd, journal, (to, ItemId(there.id))).await?.0;
        there.journal_id = debit.journal_id;
        items.push(there);
    } else {
        journal.lines = account_to_fund(&row.to_fund, amount, unallocated);
        debit.journal_id = post(cmd, journal).await?.0;
    }
    items.push(debit);
    ledger::add_items(&mut cmd.tx, org, items).await?;
    let why = Why { reason: &format!("Transfer {}", row.number), confidence_ppm: 1_000_000 };
    set_against(cmd, from, ItemId(credit.id), &BTreeMap::from([(debit_id, amount)]), day, &why).await
}

async fn out_of_suspense(cmd: &mut Command, row: &TransferRow) -> Outcome<()> {
    let org = cmd.by.org;
    let mut receipt = super::common::find_receipt(&mut cmd.tx, org, &row.credit_number).await?;
    let journal = NewJournal {
        posted_on: cmd.today.max(receipt.received_on),
        event: "SuspenseTransferred",
        source: format!("transfer {}", row.number),
        reason: row.words.clone(),
        customer: None,
        item: None,
        lines: suspense_to_fund(&row.to_fund, Pence(row.amount_pence)),
    };
    post(cmd, journal).await?;
    receipt.state = "reversed".into();
    receipt.reason = format!("Transferred to {} by {}.", row.to_fund, row.number);
    if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
        return Err(changed());
    }
    if let Some(line) = receipt.bank_line_id {
        cash::set_line_state(&mut cmd.tx, org, line, "reversed", &receipt.reason).await?;
    }
    Ok(())
}

/// The newest transfers, newest first.
///
/// # Errors
/// Duty.
pub async fn transfers(desk: &Desk, by: &Actor) -> Outcome<Vec<TransferRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(cash_refunds::transfers(&mut look, by.org, 200).await?)
}

/// Funds that take money for others: GL code and name.
///
/// # Errors
/// Duty.
pub async fn funds(desk: &Desk, by: &Actor) -> Outcome<Vec<(String, String)>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(cash_counter::funds(&mut look, by.org).await?)
}
