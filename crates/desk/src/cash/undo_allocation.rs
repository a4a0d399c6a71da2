//! Taking allocations back, always by mirror rows and journals.
use super::common::{check_words, find_receipt, must_say};
use super::contra::refuse_kept;
use super::placing::{AccountCredit, changed, refuse_refund_parts, standing, undo};
use super::teach::taken_back;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::refusals::{ALREADY_REVERSED, NOTHING_TO_ALLOCATE};
use sundry_domain::control::Duty;
use sundry_domain::ids::{AllocationId, CustomerId, ItemId};
use sundry_store::cash::{self, StandingAllocationRow};
use sundry_store::ledger::{self, ItemRow};

/// Takes one allocation back, or all of a receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndoAllocation {
    /// Idempotency key.
    pub key: String,
    /// One allocation.
    pub allocation: Option<AllocationId>,
    /// Or all that stand of this receipt.
    pub receipt: Option<String>,
    /// Why.
    pub reason: String,
}

/// What was taken back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllocationUndone {
    /// How many allocations.
    pub count: i64,
    /// Their sum, on the account again.
    pub undone_pence: i64,
}

/// Takes allocations back: the items open again and the money is on the customer's account.
///
/// # Errors
/// Duty; absent; `GL-02-ALREADY-REVERSED`; `GL-02-NOTHING-TO-ALLOCATE` when none stands.
pub async fn undo_allocation(desk: &Desk, by: &Actor, ask: UndoAllocation) -> Outcome<AllocationUndone> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Say why the allocation is undone", &ask.reason, &mut wrong);
    if ask.allocation.is_none() && ask.receipt.as_deref().unwrap_or_default().trim().is_empty() {
        must_say("receipt", "Enter a receipt number", "", &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "undo_allocation", &ask.key, &ask, |cmd| {
        match ask.allocation {
            Some(id) => undo_one(cmd, id, &ask.reason).await,
            None => undo_receipt(cmd, ask.receipt.as_deref().unwrap_or_default(), &ask.reason).await,
        }
    })
}

async fn undo_one(cmd: &mut Command, id: AllocationId, reason: &str) -> Outcome<AllocationUndone> {
    let org = cmd.by.org;
    let absent = || No::Absent("allocation".into());
    let row = ledger::allocation(&mut cmd.tx, org, id).await?.ok_or_else(absent)?;
    let credit = ledger::item(&mut cmd.tx, org, ItemId(row.credit_item_id)).await?.ok_or_else(absent)?;
    let standing = cash::standing_allocations(&mut cmd.tx, org, ItemId(credit.id)).await?;
    let Some(one) = standing.into_iter().find(|a| a.id == id.0 && a.item_kind != "receipt") else {
        return Err(ALREADY_REVERSED.because("This allocation does not stand any more.").into());
    };
    refuse_refund_parts(std::slice::from_ref(&one))?;
    refuse_kept(&credit)?;
    let subject = subject_of(&credit);
    let answer = undo_these(cmd, &credit, std::slice::from_ref(&one), reason).await?;
    cmd.tell(
        "AllocationUndone",
        subject,
        serde_json::json!({ "item": one.item_number, "answer": answer, "why": reason }),
    );
    Ok(answer)
}

fn subject_of(credit: &ItemRow) -> String {
    match credit.kind.as_str() {
        // A split receipt's items are numbered after it.
        "receipt" => format!("receipt {}", credit.number.split('/').next().unwrap_or(&credit.number)),
        kind => format!("{} {}", kind.replace('_', " "), credit.number),
    }
}

async fn undo_these(
    cmd: &mut Command,
    credit: &ItemRow,
    allocations: &[StandingAllocationRow],
    reason: &str,
) -> Outcome<AllocationUndone> {
    let day = allocations.iter().map(|a| a.allocated_on).chain([cmd.today]).max().unwrap_or(cmd.today);
    let of = AccountCredit { id: ItemId(credit.id), kind: &credit.kind, source: subject_of(credit) };
    taken_back(cmd, allocations).await?;
    let sum = undo(cmd, &of, CustomerId(credit.customer_id), allocations, day, reason).await?;
    Ok(AllocationUndone { count: allocations.len() as i64, undone_pence: sum.0 })
}

async fn undo_receipt(cmd: &mut Command, number: &str, reason: &str) -> Outcome<AllocationUndone> {
    let org = cmd.by.org;
    let receipt = find_receipt(&mut cmd.tx, org, number).await?;
    let mut answer = AllocationUndone { count: 0, undone_pence: 0 };
    for (credit, mut allocations) in standing(cmd, &receipt).await? {
        // What was refunded stays refunded, and the rest of the receipt can still be undone.
        let whole = allocations.clone();
        allocations.retain(|a| a.item_kind != "refund");
        if allocations.is_empty() {
            refuse_refund_parts(&whole)?;
            continue;
        }
        let item = ledger::item(&mut cmd.tx, org, ItemId(credit.id)).await?;
        let item = item.ok_or_else(|| No::Absent(format!("receipt {number}")))?;
        let part = undo_these(cmd, &item, &allocations, reason).await?;
        answer.count += part.count;
        answer.undone_pence += part.undone_pence;
    }
    if answer.count == 0 {
        return Err(NOTHING_TO_ALLOCATE.because("Nothing of this receipt stands against an item.").into());
    }
    let row = sundry_store::cash::ReceiptRow { reason: reason.to_owned(), ..receipt };
    if !cash::change_receipt(&mut cmd.tx, org, &row).await? {
        return Err(changed());
    }
    cmd.tell(
        "AllocationUndone",
        format!("receipt {}", row.number),
        serde_json::json!({ "answer": answer, "why": reason }),
    );
    Ok(answer)
}
