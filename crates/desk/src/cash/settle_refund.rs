//! What becomes of a refund: approved and posted, turned down, withdrawn, or come back (GL-02 rows 12, 18 and 19).
use super::common::{check_words, must_say};
use super::placing::{Why, changed, receipt_like_item, set_against, undo_rows};
use super::request_refund::source_of;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::desk_refusals::{REFUND_AMOUNT, REFUND_STATE, TIE};
use sundry_domain::cash::intake::waits_unallocated;
use sundry_domain::cash::refunds::{RefundFacts, may_refund};
use sundry_domain::control::{Duty, conflict};
use sundry_domain::ids::{CustomerId, ItemId, OrgId, ReceiptId};
use sundry_domain::ledger::{EntryLine, Journal, refund_approved, refund_paid, suspense_refund_approved};
use sundry_domain::money::Pence;
use sundry_store::cash_refunds::{self, RefundRow};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::{Tx, cash, cash_counter};

/// The refund with a number.
pub(super) async fn find_refund(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<RefundRow> {
    let absent = || No::Absent(format!("refund {number}"));
    cash_refunds::refund_numbered(tx, org, number.trim()).await?.ok_or_else(absent)
}

fn out_of_turn(row: &RefundRow) -> No {
    REFUND_STATE.because(format!("{} is {}.", row.number, row.state.replace('_', " "))).into()
}

pub(super) fn mirrored(lines: Vec<EntryLine>) -> Outcome<Vec<EntryLine>> {
    Ok(Journal::balanced(lines)?.reversed().lines().to_vec())
}

async fn named(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<RefundRow> {
    let number = approval.payload.get("refund").and_then(serde_json::Value::as_str).unwrap_or_default();
    find_refund(&mut cmd.tx, cmd.by.org, number).await
}

/// Posts an approved refund: the credit is used up, and the money waits in refunds clearing for its payment.
pub(crate) async fn post_refund(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let mut row = named(cmd, approval).await?;
    if row.state != "asked" {
        return Err(out_of_turn(&row));
    }
    let org = cmd.by.org;
    if let Some(receipt) = row.receipt_id {
        let taken = cash_counter::counter_payment_of_receipt(&mut cmd.tx, org, ReceiptId(receipt)).await?;
        if taken.is_some_and(|payment| payment.taken_by == cmd.by.user.0) {
            conflict(&[Duty::PostCash], Duty::ApproveRefund)?;
        }
    }
    let source = source_of(&mut cmd.tx, org, &row.credit_number).await?;
    let facts = RefundFacts {
        amount: Pence(row.amount_pence),
        available: source.available,
        open_debts: source.open_debts,
        authority: row.authority.clone(),
    };
    may_refund(&facts)?;
    match &source.item {
        Some(item) if row.source == "credit" => row.refund_item_id = Some(use_up(cmd, &row, item).await?.0),
        None if row.source == "suspense" => leave_suspense(cmd, &row).await?,
        _ => return Err(REFUND_AMOUNT.because(format!("{} is not where it was.", row.credit_number)).into()),
    }
    row.state = "approved".into();
    (row.approved_by, row.approved_by_name) = (Some(cmd.by.user.0), cmd.by.name.clone());
    row.approved_on = Some(cmd.today);
    if !cash_refunds::change_refund(&mut cmd.tx, org, &row).await? {
        return Err(changed());
    }
    let told = serde_json::json!({ "amount_pence": row.amount_pence, "credit": row.credit_number });
    cmd.tell("RefundApproved", format!("refund {}", row.number), told);
    Ok(row.number)
}

/// Row 18: a debit of the refund's number takes the credit off the account.
async fn use_up(cmd: &mut Command, row: &RefundRow, credit: &ItemRow) -> Outcome<ItemId> {
    let (org, amount) = (cmd.by.org, Pence(row.amount_pence));
    let day = cmd.today.max(credit.posted_on);
    if !ledger::reduce_credit(&mut cmd.tx, org, ItemId(credit.id), amount).await? {
        return Err(changed());
    }
    let customer = CustomerId(credit.customer_id);
    let mut debit = receipt_like_item(cmd, customer, "refund", row.number.clone(), amount, day);
    let journal = NewJournal {
        posted_on: day,
        event: "RefundApproved",
        source: format!("refund {}", row.number),
        reason: format!("Refund of {}", row.credit_number),
        customer: Some(customer),
        item: Some(ItemId(debit.id)),
        lines: refund_approved(amount, waits_unallocated(&credit.kind)),
    };
    debit.journal_id = post(cmd, journal).await?.0;
    let id = ItemId(debit.id);
    ledger::add_items(&mut cmd.tx, org, vec![debit]).await?;
    let why = Why { reason: &format!("Refund {}", row.number), confidence_ppm: 1_000_000 };
    set_against(cmd, customer, ItemId(credit.id), &BTreeMap::from([(id, amount)]), day, &why).await?;
    Ok(id)
}

/// Row 12, first step: the receipt leaves suspense.
async fn leave_suspense(cmd: &mut Command, row: &RefundRow) -> Outcome<()> {
    let org = cmd.by.org;
    let mut receipt = super::common::find_receipt(&mut cmd.tx, org, &row.credit_number).await?;
    let journal = NewJournal {
        posted_on: cmd.today.max(receipt.received_on),
        event: "SuspenseRefundApproved",
        source: format!("refund {}", row.number),
        reason: format!("Return of {}", receipt.number),
        customer: None,
        item: None,
        lines: suspense_refund_approved(Pence(row.amount_pence)),
    };
    post(cmd, journal).await?;
    receipt.state = "reversed".into();
    receipt.reason = format!("Goes back to the payer by {}.", row.number);
    if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
        return Err(changed());
    }
    if let Some(line) = receipt.bank_line_id {
        cash::set_line_state(&mut cmd.tx, org, line, "reversed", &receipt.reason).await?;
    }
    Ok(())
}

/// Somebody said no: the refund is closed, and nothing was posted.
pub(crate) async fn turn_down_refund(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<()> {
    let mut row = named(cmd, approval).await?;
    if row.state == "asked" {
        row.state = "refused".into();
        if !cash_refunds::change_refund(&mut cmd.tx, cmd.by.org, &row).await? {
            return Err(changed());
        }
    }
    Ok(())
}

/// Gives a refund up, or says that its money came back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeRefundBack {
    /// Idempotency key.
    pub key: String,
    /// Number of the refund.
    pub refund: String,
    /// Why: recalled, account closed, cheque stopped.
    pub reason: String,
    /// The receipt in suspense by which the money came back; none when it never left, or no line shows it.
    #[serde(default)]
    pub came_back_as: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefundTakenBack {
    /// Number of the refund.
    pub refund: String,
    /// withdrawn or returned.
    pub state: String,
    /// How much is in credit, or in suspense, again.
    pub amount_pence: i64,
    /// What follows from it, in sentences.
    pub consequences: Vec<String>,
}

/// Withdraws a refund that has not left, or takes back one that came back.
///
/// # Errors
/// Duty; fields; absent; `CSH-REFUND-STATE`; `CSH-16-TIE` when what came back is another amount.
pub async fn take_refund_back(desk: &Desk, by: &Actor, ask: TakeRefundBack) -> Outcome<RefundTakenBack> {
    by.must_hold(Duty::ProposeRefund)?;
    check_words(&[("reason", &ask.reason)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Say why the refund is taken back", &ask.reason, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "take_refund_back", &ask.key, &ask, |cmd| {
        let row = find_refund(&mut cmd.tx, cmd.by.org, &ask.refund).await?;
        let came_back = ask.came_back_as.as_deref().map(str::trim).filter(|number| !number.is_empty());
        take_back_now(cmd, row, ask.reason.trim(), came_back).await
    })
}

/// The same inside another command.
pub(super) async fn take_back_now(
    cmd: &mut Command,
    mut row: RefundRow,
    reason: &str,
    came_back_as: Option<&str>,
) -> Outcome<RefundTakenBack> {
    let paid = matches!(row.state.as_str(), "sent" | "paid");
    if !paid && (!matches!(row.state.as_str(), "asked" | "approved") || came_back_as.is_some()) {
        return Err(out_of_turn(&row));
    }
    let posted = row.state != "asked";
    if paid {
        money_again(cmd, &row, reason, came_back_as).await?;
    }
    let mut consequences = Vec::new();
    if posted {
        consequences.push(match row.source.as_str() {
            "suspense" => suspend_again(cmd, &row, reason).await?,
            _ => credit_again(cmd, &row, reason).await?,
        });
    }
    row.state = if paid { "returned" } else { "withdrawn" }.into();
    row.returned_on = Some(cmd.today);
    row.return_reason = reason.to_owned();
    if !cash_refunds::change_refund(&mut cmd.tx, cmd.by.org, &row).await? {
        return Err(changed());
    }
    let answer = RefundTakenBack {
        refund: row.number,
        state: row.state,
        amount_pence: if posted { row.amount_pence } else { 0 },
        consequences,
    };
    let event = if paid { "RefundReturned" } else { "RefundWithdrawn" };
    cmd.tell(event, format!("refund {}", answer.refund), serde_json::json!({ "answer": answer, "why": reason }));
    Ok(answer)
}

/// The mirror of row 19: the money is in the bank again, or was in suspense as a receipt.
async fn money_again(cmd: &mut Command, row: &RefundRow, reason: &str, came_back_as: Option<&str>) -> Outcome<()> {
    let (org, amount) = (cmd.by.org, Pence(row.amount_pence));
    let mut lines = mirrored(refund_paid(amount))?;
    if let Some(number) = came_back_as {
        let mut receipt = super::common::find_receipt(&mut cmd.tx, org, number).await?;
        if receipt.state != "suspense" || receipt.amount_pence != row.amount_pence {
            let came = Pence(receipt.amount_pence);
            let sentence = format!("{number} is {came} and {}; the refund was {amount}.", receipt.state);
            return Err(TIE.because(sentence).into());
        }
        lines = suspense_refund_approved(amount);
        receipt.state = "reversed".into();
        receipt.reason = format!("It is refund {} come back.", row.number);
        if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
            return Err(changed());
        }
        if let Some(line) = receipt.bank_line_id {
            cash::set_line_state(&mut cmd.tx, org, line, "not_a_receipt", &receipt.reason).await?;
        }
    }
    let journal = NewJournal {
        posted_on: cmd.today,
        event: "RefundReturned",
        source: format!("refund {}", row.number),
        reason: reason.to_owned(),
        customer: None,
        item: None,
        lines,
    };
    post(cmd, journal).await.map(drop)
}

/// The mirror of row 18: the credit stands again, or, if it has gone meanwhile, a new one does.
async fn credit_again(cmd: &mut Command, row: &RefundRow, reason: &str) -> Outcome<String> {
    let broken = || Fault::new(format!("{} has no item", row.number));
    let (org, amount) = (cmd.by.org, Pence(row.amount_pence));
    let debit = ItemId(row.refund_item_id.ok_or_else(broken)?);
    let credit = ItemId(row.credit_item_id.ok_or_else(broken)?);
    let debit_row = ledger::item(&mut cmd.tx, org, debit).await?.ok_or_else(broken)?;
    let credit_row = ledger::item(&mut cmd.tx, org, credit).await?.ok_or_else(broken)?;
    let day = cmd.today.max(debit_row.posted_on);
    let standing = cash::standing_allocations(&mut cmd.tx, org, credit).await?;
    let ours: Vec<_> = standing.into_iter().filter(|a| a.debit_item_id == debit.0).collect();
    let stands = !ours.is_empty();
    if stands {
        undo_rows(cmd, &ours, day, reason).await?;
    }
    let customer = CustomerId(debit_row.customer_id);
    let mut back = receipt_like_item(cmd, customer, "refund", format!("{}/back", row.number), amount.negated(), day);
    let journal = NewJournal {
        posted_on: day,
        event: "RefundReversed",
        source: format!("refund {}", row.number),
        reason: reason.to_owned(),
        customer: Some(customer),
        item: Some(ItemId(back.id)),
        lines: mirrored(refund_approved(amount, stands && waits_unallocated(&credit_row.kind)))?,
    };
    back.journal_id = post(cmd, journal).await?.0;
    let back_id = ItemId(back.id);
    ledger::add_items(&mut cmd.tx, org, vec![back]).await?;
    let open = ledger::item(&mut cmd.tx, org, debit).await?.ok_or_else(broken)?.open_pence;
    let part = amount.min(Pence(open));
    if part > Pence::ZERO {
        if !ledger::reduce_credit(&mut cmd.tx, org, back_id, part).await? {
            return Err(changed());
        }
        let why = Why { reason, confidence_ppm: 1_000_000 };
        set_against(cmd, customer, back_id, &BTreeMap::from([(debit, part)]), day, &why).await?;
    }
    Ok(format!("{amount} is in credit on the account again, as {}.", credit_row.number))
}

/// The receipt waits in suspense again.
async fn suspend_again(cmd: &mut Command, row: &RefundRow, reason: &str) -> Outcome<String> {
    let org = cmd.by.org;
    let mut receipt = super::common::find_receipt(&mut cmd.tx, org, &row.credit_number).await?;
    let journal = NewJournal {
        posted_on: cmd.today.max(receipt.received_on),
        event: "RefundReversed",
        source: format!("refund {}", row.number),
        reason: reason.to_owned(),
        customer: None,
        item: None,
        lines: mirrored(suspense_refund_approved(Pence(row.amount_pence)))?,
    };
    post(cmd, journal).await?;
    receipt.state = "suspense".into();
    receipt.reason = format!("{} did not reach its payee: {reason}", row.number);
    if receipt.owner.is_empty() {
        receipt.owner = cmd.by.name.clone();
    }
    if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
        return Err(changed());
    }
    if let Some(line) = receipt.bank_line_id {
        cash::set_line_state(&mut cmd.tx, org, line, "suspense", &receipt.reason).await?;
    }
    Ok(format!("{} waits in suspense again.", receipt.number))
}
