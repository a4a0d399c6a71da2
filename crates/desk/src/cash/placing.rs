//! Putting money where a person says: on accounts, against items, and back.
use super::common::{Known, find_customer};
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::desk_refusals::REFUNDED;
use sundry_domain::cash::intake::{CHANGED, allocate_later, back_to_suspense, identify, take_back, waits_unallocated};
use sundry_domain::cash::{Allocation, OpenItems, Receipt, allocate, reverse};
use sundry_domain::ids::{AllocationId, CustomerId, ItemId, ReceiptId};
use sundry_domain::ledger::EntryLine;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::{self, ReceiptItemRow, ReceiptRow, StandingAllocationRow};
use sundry_store::ledger::{self, AllocationRow, ItemRow};

/// An amount for an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationLine {
    /// Number of the item as people see it, or its id.
    pub item: String,
    /// How much.
    pub amount: Pence,
}

/// One customer's part of the money.
pub(super) struct Share {
    pub customer: Known,
    pub amount: Pence,
    pub lines: BTreeMap<ItemId, Pence>,
}

/// Who says so, and why.
pub(super) struct Why<'a> {
    pub reason: &'a str,
    pub confidence_ppm: i64,
}

/// Where a command's fault of being too late is told.
pub(super) fn changed() -> No {
    CHANGED.because("What was open has changed since you looked.").into()
}

/// A customer's share with its items found.
pub(super) async fn share_of(
    cmd: &mut Command,
    customer: &str,
    amount: Pence,
    typed: &[AllocationLine],
) -> Outcome<Share> {
    let known = find_customer(&mut cmd.tx, cmd.by.org, customer).await?;
    let open = ledger::open_items_of(&mut cmd.tx, cmd.by.org, known.id).await?;
    let (mut lines, mut wrong) = (BTreeMap::new(), Vec::new());
    for (row, line) in (1..).zip(typed) {
        match item_named(&open, line.item.trim()) {
            Some(item) => {
                let part: &mut Pence = lines.entry(item).or_default();
                *part = part.checked_add(line.amount).unwrap_or(sundry_domain::money::LARGEST);
            }
            None => {
                let message = format!("Choose an item that is open on {}", known.number);
                wrong.push(Invalid::row(row, "item", message, &line.item));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    decide(ReceiptId(0), amount, &open, &lines)?;
    Ok(Share { customer: known, amount, lines })
}

/// The open debit with this number, or with this id.
fn item_named(open: &[ItemRow], named: &str) -> Option<ItemId> {
    let debits = || open.iter().filter(|i| i.open_pence > 0 && i.kind != "receipt");
    let by_number = debits().find(|i| i.number == named);
    by_number.or_else(|| debits().find(|i| i.id.to_string() == named)).map(|i| ItemId(i.id))
}

/// Domain's answer: what stays on the account.
fn decide(receipt: ReceiptId, amount: Pence, open: &[ItemRow], lines: &BTreeMap<ItemId, Pence>) -> Outcome<Pence> {
    if lines.is_empty() {
        return Ok(amount);
    }
    let debits = open.iter().filter(|i| i.original_pence > 0);
    let open: OpenItems = debits.map(|i| (ItemId(i.id), Pence(i.open_pence))).collect();
    Ok(allocate(&Receipt { id: receipt, unallocated: amount }, &open, lines.clone())?.left)
}

/// A receipt's money as an item on an account.
pub(super) fn receipt_item(
    cmd: &Command,
    receipt: &ReceiptRow,
    customer: CustomerId,
    number: String,
    amounts: (Pence, Pence),
    day: NaiveDate,
) -> ItemRow {
    ItemRow {
        id: cmd.id::<ItemId>().0,
        customer_id: customer.0,
        kind: "receipt".into(),
        number,
        document_id: None,
        receipt_id: Some(receipt.id),
        posted_on: day,
        dated_on: receipt.received_on,
        due_on: receipt.received_on,
        original_pence: amounts.0.0,
        open_pence: amounts.1.0,
        disputed_pence: 0,
        service: String::new(),
        debt_type: String::new(),
        stage: String::new(),
        journal_id: 0,
        recorded_at: cmd.at,
    }
}

/// `RCT-000001`, then `RCT-000001/2` …: each item of a receipt has its own number.
pub(super) fn item_number(receipt: &ReceiptRow, before: usize) -> String {
    if before == 0 { receipt.number.clone() } else { format!("{}/{}", receipt.number, before + 1) }
}

/// Puts a share of a receipt on an account and against items; `post_as` gives the entries.
pub(super) async fn place(
    cmd: &mut Command,
    receipt: &ReceiptRow,
    share: &Share,
    day: NaiveDate,
    why: &Why<'_>,
    post_as: fn(Pence, Pence) -> Vec<EntryLine>,
) -> Outcome<ItemId> {
    let org = cmd.by.org;
    let allocated = Pence::total(share.lines.values());
    let left = share.amount.minus(allocated);
    let before = cash::items_of_receipt(&mut cmd.tx, org, ReceiptId(receipt.id)).await?.len();
    let amounts = (share.amount.negated(), left.negated());
    let mut item = receipt_item(cmd, receipt, share.customer.id, item_number(receipt, before), amounts, day);
    let journal = NewJournal {
        posted_on: day,
        event: "ReceiptAllocated",
        source: format!("receipt {}", receipt.number),
        reason: why.reason.to_owned(),
        customer: Some(share.customer.id),
        item: Some(ItemId(item.id)),
        lines: post_as(allocated, left),
    };
    item.journal_id = post(cmd, journal).await?.0;
    let credit = ItemId(item.id);
    ledger::add_items(&mut cmd.tx, org, vec![item]).await?;
    set_against(cmd, share.customer.id, credit, &share.lines, day, why).await?;
    Ok(credit)
}

/// Row 11 as the posting of a share out of suspense.
pub(super) fn from_suspense(allocated: Pence, left: Pence) -> Vec<EntryLine> {
    identify(allocated, left)
}

/// An item that no receipt made: the other side of a refund or a transfer.
pub(super) fn receipt_like_item(
    cmd: &Command,
    customer: CustomerId,
    kind: &str,
    number: String,
    amount: Pence,
    day: NaiveDate,
) -> ItemRow {
    ItemRow {
        id: cmd.id::<ItemId>().0,
        customer_id: customer.0,
        kind: kind.to_owned(),
        number,
        document_id: None,
        receipt_id: None,
        posted_on: day,
        dated_on: day,
        due_on: day,
        original_pence: amount.0,
        open_pence: amount.0,
        disputed_pence: 0,
        service: String::new(),
        debt_type: String::new(),
        stage: String::new(),
        journal_id: 0,
        recorded_at: cmd.at,
    }
}

/// Sets parts of a credit against items: rows and guarded amounts, no journal.
pub(super) async fn set_against(
    cmd: &mut Command,
    customer: CustomerId,
    credit: ItemId,
    lines: &BTreeMap<ItemId, Pence>,
    day: NaiveDate,
    why: &Why<'_>,
) -> Outcome<()> {
    let mut rows = Vec::new();
    let amounts: Vec<(ItemId, Pence)> = lines.iter().map(|(debit, amount)| (*debit, *amount)).collect();
    if cash::reduce_debits(&mut cmd.tx, cmd.by.org, &amounts).await? != amounts.len() {
        return Err(changed());
    }
    for (debit, amount) in lines {
        rows.push(AllocationRow {
            id: cmd.id::<AllocationId>().0,
            customer_id: customer.0,
            debit_item_id: debit.0,
            credit_item_id: credit.0,
            amount_pence: amount.0,
            allocated_on: day,
            made_by: "person".into(),
            actor_id: cmd.by.user.0,
            reason: why.reason.to_owned(),
            confidence_ppm: why.confidence_ppm,
            reverses_id: None,
            recorded_at: cmd.at,
        });
    }
    Ok(ledger::add_allocations(&mut cmd.tx, cmd.by.org, rows).await?)
}

/// A credit on an account as far as setting it against items needs it.
pub(super) struct AccountCredit<'a> {
    pub id: ItemId,
    pub kind: &'a str,
    pub source: String,
}

/// Sets what is left of a credit on the account against items (row 9).
pub(super) async fn place_later(
    cmd: &mut Command,
    credit: &AccountCredit<'_>,
    share: &Share,
    day: NaiveDate,
    why: &Why<'_>,
) -> Outcome<()> {
    let total = Pence::total(share.lines.values());
    if !ledger::reduce_credit(&mut cmd.tx, cmd.by.org, credit.id, total).await? {
        return Err(changed());
    }
    if waits_unallocated(credit.kind) {
        let journal = NewJournal {
            posted_on: day,
            event: "CreditAllocated",
            source: credit.source.clone(),
            reason: why.reason.to_owned(),
            customer: Some(share.customer.id),
            item: Some(credit.id),
            lines: allocate_later(total),
        };
        post(cmd, journal).await?;
    }
    set_against(cmd, share.customer.id, credit.id, &share.lines, day, why).await
}

/// The credits a receipt has on accounts, with what stands against items of each.
pub(super) async fn standing(
    cmd: &mut Command,
    receipt: &ReceiptRow,
) -> Outcome<Vec<(ReceiptItemRow, Vec<StandingAllocationRow>)>> {
    let mut credits = Vec::new();
    for item in cash::items_of_receipt(&mut cmd.tx, cmd.by.org, ReceiptId(receipt.id)).await? {
        if item.original_pence >= 0 {
            continue;
        }
        let all = cash::standing_allocations(&mut cmd.tx, cmd.by.org, ItemId(item.id)).await?;
        if all.iter().any(|a| a.item_kind == "receipt") {
            continue;
        }
        credits.push((item, all));
    }
    Ok(credits)
}

/// What was refunded or transferred stays so: it cannot be taken back as an allocation.
pub(super) async fn refuse_refunded(cmd: &mut Command, receipt: &ReceiptRow) -> Outcome<()> {
    for (_, allocations) in standing(cmd, receipt).await? {
        refuse_refund_parts(&allocations)?;
    }
    Ok(())
}

/// The same for allocations that were named.
pub(super) fn refuse_refund_parts(allocations: &[StandingAllocationRow]) -> Outcome<()> {
    match allocations.iter().find(|a| a.item_kind == "refund") {
        Some(out) => {
            let sentence = format!("{} went out as {}.", Pence(out.amount_pence), out.item_number);
            Err(REFUNDED.because(sentence).into())
        }
        None => Ok(()),
    }
}

/// Opens the items again: mirror rows, no journal. Gives the sum.
pub(super) async fn undo_rows(
    cmd: &mut Command,
    allocations: &[StandingAllocationRow],
    day: NaiveDate,
    reason: &str,
) -> Outcome<Pence> {
    let (mut rows, mut sum) = (Vec::new(), Pence::ZERO);
    for a in allocations {
        let was = Allocation {
            id: AllocationId(a.id),
            receipt: ReceiptId(0),
            item: ItemId(a.debit_item_id),
            amount: Pence(a.amount_pence),
            reversed: false,
        };
        let mirror = reverse(&was)?;
        let org = cmd.by.org;
        let (debit, credit) = (ItemId(a.debit_item_id), ItemId(a.credit_item_id));
        let restored = ledger::restore_debit(&mut cmd.tx, org, debit, was.amount).await?
            && ledger::restore_credit(&mut cmd.tx, org, credit, was.amount).await?;
        if !restored {
            return Err(changed());
        }
        sum = sum.plus(was.amount);
        rows.push(AllocationRow {
            id: cmd.id::<AllocationId>().0,
            customer_id: a.customer_id,
            debit_item_id: a.debit_item_id,
            credit_item_id: a.credit_item_id,
            amount_pence: mirror.amount.0,
            allocated_on: day,
            made_by: "person".into(),
            actor_id: cmd.by.user.0,
            reason: reason.to_owned(),
            confidence_ppm: 1_000_000,
            reverses_id: Some(a.id),
            recorded_at: cmd.at,
        });
    }
    ledger::add_allocations(&mut cmd.tx, cmd.by.org, rows).await?;
    Ok(sum)
}

/// Takes allocations of one credit back, with the mirror of row 9 where it is cash.
pub(super) async fn undo(
    cmd: &mut Command,
    credit: &AccountCredit<'_>,
    customer: CustomerId,
    allocations: &[StandingAllocationRow],
    day: NaiveDate,
    reason: &str,
) -> Outcome<Pence> {
    let sum = undo_rows(cmd, allocations, day, reason).await?;
    if waits_unallocated(credit.kind) && sum > Pence::ZERO {
        let journal = NewJournal {
            posted_on: day,
            event: "AllocationUndone",
            source: credit.source.clone(),
            reason: reason.to_owned(),
            customer: Some(customer),
            item: Some(credit.id),
            lines: take_back(sum),
        };
        post(cmd, journal).await?;
    }
    Ok(sum)
}

/// Where the money of a receipt goes when it leaves the accounts.
pub(super) struct Away {
    pub event: &'static str,
    pub lines: fn(Pence, Pence) -> Vec<EntryLine>,
}

/// The mirror of row 11.
pub(super) const TO_SUSPENSE: Away = Away { event: "ReceiptBackInSuspense", lines: back_to_suspense };

/// Takes a receipt off every account: its items open again, and a debit of the same amount clears its credit.
pub(super) async fn take_off(
    cmd: &mut Command,
    receipt: &ReceiptRow,
    day: NaiveDate,
    reason: &str,
    away: &Away,
) -> Outcome<Pence> {
    let org = cmd.by.org;
    let mut opened = Pence::ZERO;
    for (credit, allocations) in standing(cmd, receipt).await? {
        let whole = Pence(-credit.original_pence);
        let allocated = undo_rows(cmd, &allocations, day, reason).await?;
        opened = opened.plus(allocated);
        let customer = CustomerId(credit.customer_id);
        let before = cash::items_of_receipt(&mut cmd.tx, org, ReceiptId(receipt.id)).await?.len();
        let mut debit = receipt_item(cmd, receipt, customer, item_number(receipt, before), (whole, whole), day);
        (debit.dated_on, debit.due_on) = (day, day);
        let journal = NewJournal {
            posted_on: day,
            event: away.event,
            source: format!("receipt {}", receipt.number),
            reason: reason.to_owned(),
            customer: Some(customer),
            item: Some(ItemId(debit.id)),
            lines: (away.lines)(allocated, whole.minus(allocated)),
        };
        debit.journal_id = post(cmd, journal).await?.0;
        let lines = BTreeMap::from([(ItemId(debit.id), whole)]);
        ledger::add_items(&mut cmd.tx, org, vec![debit]).await?;
        if !ledger::reduce_credit(&mut cmd.tx, org, ItemId(credit.id), whole).await? {
            return Err(changed());
        }
        let why = Why { reason, confidence_ppm: 1_000_000 };
        set_against(cmd, customer, ItemId(credit.id), &lines, day, &why).await?;
    }
    Ok(opened)
}
