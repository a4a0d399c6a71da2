//! Money that never passes the bank: what we pay somebody is cut by what they owe us, as a receipt on the debt (GL-02
//! rows 21 and 39), and the same undone.
use super::placing::{Why, changed, receipt_like_item, set_against, undo_rows};
use super::settle_refund::mirrored;
use crate::Outcome;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::cash::desk_refusals::KEPT;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::EntryLine;
use sundry_domain::money::Pence;
use sundry_store::cash;
use sundry_store::ledger::{self, ItemRow};

/// The series of the receipts for what was kept.
const SERIES: &str = "STF";

/// The next number of a receipt for what was kept.
pub(crate) async fn kept_number(cmd: &mut Command) -> Outcome<String> {
    Ok(format!("{SERIES}-{:06}", cmd.next_number(SERIES).await?))
}

/// What was kept was agreed for one debt: it is not freed for others, nor to be paid out.
pub(super) fn refuse_kept(credit: &ItemRow) -> Outcome<()> {
    if credit.kind == "receipt" && credit.receipt_id.is_none() && credit.number.starts_with(SERIES) {
        return Err(KEPT.because(format!("{} was kept of pay or of a payment", credit.number)).into());
    }
    Ok(())
}

/// What is kept of a payment of ours.
pub(crate) struct Kept<'a> {
    /// The debt it pays.
    pub debt: &'a ItemRow,
    /// How much.
    pub amount: Pence,
    /// The day of the payment it was kept from.
    pub on: NaiveDate,
    /// Number of the receipt.
    pub number: &'a str,
    /// What it comes from, as people name it.
    pub source: String,
    /// Why.
    pub reason: &'a str,
    /// What it posts.
    pub lines: Vec<EntryLine>,
}

/// Posts what was kept as a receipt, all of it on the debt; gives the receipt on the account.
pub(crate) async fn receive_kept(cmd: &mut Command, it: Kept<'_>) -> Outcome<ItemId> {
    let (customer, day) = (CustomerId(it.debt.customer_id), cmd.today.max(it.on));
    let mut credit = receipt_like_item(cmd, customer, "receipt", it.number.to_owned(), it.amount.negated(), day);
    let id = ItemId(credit.id);
    (credit.dated_on, credit.due_on, credit.open_pence) = (it.on, it.on, 0);
    let journal = NewJournal {
        posted_on: day,
        event: "OverpaymentTaken",
        source: it.source,
        reason: it.reason.to_owned(),
        customer: Some(customer),
        item: Some(id),
        lines: it.lines,
    };
    credit.journal_id = post(cmd, journal).await?.0;
    ledger::add_items(&mut cmd.tx, cmd.by.org, vec![credit]).await?;
    let why = Why { reason: it.reason, confidence_ppm: 1_000_000 };
    set_against(cmd, customer, id, &BTreeMap::from([(ItemId(it.debt.id), it.amount)]), day, &why).await?;
    Ok(id)
}

/// Undoes it: the debt is open again, and a debit of the same amount clears the receipt.
pub(crate) async fn give_back_kept(cmd: &mut Command, credit: ItemId, it: Kept<'_>) -> Outcome<()> {
    let (org, customer) = (cmd.by.org, CustomerId(it.debt.customer_id));
    let standing = cash::standing_allocations(&mut cmd.tx, org, credit).await?;
    let stands =
        matches!(standing.as_slice(), [one] if one.debit_item_id == it.debt.id && one.amount_pence == it.amount.0);
    if !stands {
        return Err(changed());
    }
    let day = cmd.today.max(it.on);
    undo_rows(cmd, &standing, day, it.reason).await?;
    let mut debit = receipt_like_item(cmd, customer, "receipt", format!("{}/back", it.number), it.amount, day);
    let id = ItemId(debit.id);
    let journal = NewJournal {
        posted_on: day,
        event: "OverpaymentTakenReversed",
        source: it.source,
        reason: it.reason.to_owned(),
        customer: Some(customer),
        item: Some(id),
        lines: mirrored(it.lines)?,
    };
    debit.journal_id = post(cmd, journal).await?.0;
    ledger::add_items(&mut cmd.tx, org, vec![debit]).await?;
    if !ledger::reduce_credit(&mut cmd.tx, org, credit, it.amount).await? {
        return Err(changed());
    }
    let why = Why { reason: it.reason, confidence_ppm: 1_000_000 };
    set_against(cmd, customer, credit, &BTreeMap::from([(id, it.amount)]), day, &why).await
}
