//! What follows when money goes back: said before it is done, and again when it has been.
use crate::Outcome;
use std::collections::BTreeMap;
use sundry_domain::ids::{CustomerId, ItemId, OrgId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::{Tx, cash_counter, cash_refunds, ledger, plans};

/// What would follow if a receipt were taken off every account, in sentences: debts, refunds, promises, recovery.
pub(super) async fn if_taken_off(look: &mut Tx, org: OrgId, receipt: &ReceiptRow) -> Outcome<Vec<String>> {
    let mut all = Vec::new();
    let mut on_account: BTreeMap<i64, i64> = BTreeMap::new();
    for item in cash::items_of_receipt(look, org, ReceiptId(receipt.id)).await? {
        if item.original_pence >= 0 {
            continue;
        }
        let standing = cash::standing_allocations(look, org, ItemId(item.id)).await?;
        if standing.iter().any(|a| a.item_kind == "receipt") {
            continue;
        }
        *on_account.entry(item.customer_id).or_default() -= item.open_pence;
        for part in standing {
            all.push(reopened(look, org, &part).await?);
        }
    }
    for (customer, left) in on_account {
        let (number, name) = cash::customer_name(look, org, CustomerId(customer)).await?.unwrap_or_default();
        if left > 0 {
            all.push(format!("{} on the account of {name}, {number}, is gone.", Pence(left)));
        }
        all.extend(of_customer(look, org, customer, receipt).await?);
    }
    if receipt.state == "suspense" {
        all.push(format!("{} is in suspense no longer.", Pence(receipt.amount_pence)));
    }
    for refund in cash_refunds::refunds_of_receipt(look, org, ReceiptId(receipt.id)).await? {
        all.push(format!("{refund} paid part of it out: what was refunded is owed to us."));
    }
    Ok(all)
}

async fn reopened(look: &mut Tx, org: OrgId, part: &cash::StandingAllocationRow) -> Outcome<String> {
    let amount = Pence(part.amount_pence);
    let item = ledger::item(look, org, ItemId(part.debit_item_id)).await?;
    let Some(item) = item else { return Ok(format!("{amount} of {} is owed again.", part.item_number)) };
    let open = Pence(item.open_pence).plus(amount);
    let due = item.due_on.format("%-d %B %Y");
    let step = if item.stage.is_empty() {
        "Recovery has not begun".to_owned()
    } else {
        format!("Recovery goes on after {}", item.stage.replace('_', " "))
    };
    Ok(format!("{amount} of {} is owed again, due {due}: {open} in all. {step}.", part.item_number))
}

async fn of_customer(look: &mut Tx, org: OrgId, customer: i64, receipt: &ReceiptRow) -> Outcome<Vec<String>> {
    let customer = CustomerId(customer);
    let mut all = Vec::new();
    let kept = cash_counter::kept_promises(look, org, customer, receipt.received_on).await?;
    if kept > 0 {
        let words = if kept == 1 {
            "A promise that it kept becomes".to_owned()
        } else {
            format!("{kept} promises that it kept become")
        };
        all.push(format!("{words} broken."));
    }
    for hold in plans::holds_of_customer(look, org, customer).await?.iter().filter(|hold| hold.ended_on.is_none()) {
        all.push(format!("Nobody is chased meanwhile: a hold stands ({}).", hold.reason.replace('_', " ")));
    }
    Ok(all)
}

/// Breaks what the money had kept, in every account it was on; gives how many promises.
pub(super) async fn break_promises(cmd: &mut crate::core::command::Command, receipt: &ReceiptRow) -> Outcome<u64> {
    let (org, today) = (cmd.by.org, cmd.today);
    let items = cash::items_of_receipt(&mut cmd.tx, org, ReceiptId(receipt.id)).await?;
    let mut customers: Vec<i64> = items.into_iter().map(|item| item.customer_id).collect();
    customers.sort_unstable();
    customers.dedup();
    let mut broken = 0;
    for customer in customers {
        let customer = CustomerId(customer);
        broken += cash_counter::break_kept_promises(&mut cmd.tx, org, customer, receipt.received_on, today).await?;
    }
    Ok(broken)
}
