//! A credit note, or money on the account, set against invoices.
use super::common::check_words;
use super::placing::{AccountCredit, AllocationLine, Why, place_later, share_of};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::refusals::NOTHING_TO_ALLOCATE;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_store::cash;
use sundry_store::ledger::{self, ItemRow};

/// Sets a credit against items of the same customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllocateCredit {
    /// Idempotency key.
    pub key: String,
    /// Number of the credit note or receipt.
    pub credit: String,
    /// What goes against which item.
    pub lines: Vec<AllocationLine>,
    /// Why, in words; may be empty.
    pub reason: String,
}

/// What was set against items.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreditAllocated {
    /// Number of the credit.
    pub credit: String,
    /// Set against items.
    pub allocated_pence: i64,
    /// What is left of the credit.
    pub left_pence: i64,
}

/// Sets an open credit against open items of the same account.
///
/// # Errors
/// Duty; absent; `GL-E12-MORE-THAN-OPEN`, `GL-02-…`, `CSH-CHANGED`.
pub async fn allocate_credit(desk: &Desk, by: &Actor, ask: AllocateCredit) -> Outcome<CreditAllocated> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason)])?;
    let reason = if ask.reason.trim().is_empty() { "Allocated by hand." } else { ask.reason.trim() };
    command!(desk, by, "allocate_credit", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let absent = || No::Absent(format!("open credit {}", ask.credit));
        let items = ledger::items_numbered(&mut cmd.tx, org, ask.credit.trim()).await?;
        let credit = items.into_iter().find(|i| i.original_pence < 0).ok_or_else(absent)?;
        set_credit(cmd, &credit, &ask.lines, reason).await
    })
}

/// The same inside another command.
pub(crate) async fn set_credit(
    cmd: &mut Command,
    credit: &ItemRow,
    lines: &[AllocationLine],
    reason: &str,
) -> Outcome<CreditAllocated> {
    if lines.is_empty() || credit.open_pence == 0 {
        let sentence = "There is nothing to allocate: choose an item, and see what is left of the credit.";
        return Err(NOTHING_TO_ALLOCATE.because(sentence).into());
    }
    let customer = cash::customer_name(&mut cmd.tx, cmd.by.org, CustomerId(credit.customer_id)).await?;
    let (customer, _) = customer.ok_or_else(|| No::Absent(format!("open credit {}", credit.number)))?;
    let left = Pence(-credit.open_pence);
    let share = share_of(cmd, &customer, left, lines).await?;
    let source = format!("{} {}", credit.kind.replace('_', " "), credit.number);
    let of = AccountCredit { id: ItemId(credit.id), kind: &credit.kind, source: source.clone() };
    let day = cmd.today.max(credit.posted_on);
    place_later(cmd, &of, &share, day, &Why { reason, confidence_ppm: 1_000_000 }).await?;
    let allocated = Pence::total(share.lines.values());
    let answer = CreditAllocated {
        credit: credit.number.clone(),
        allocated_pence: allocated.0,
        left_pence: left.minus(allocated).0,
    };
    cmd.tell("CreditAllocated", source, &answer);
    Ok(answer)
}
