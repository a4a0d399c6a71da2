//! A difference within the tolerance, cleared by rule to its own account with its reason (CSH-05).
use crate::core::command::Command;
use crate::ledger::post::NewJournal;
use chrono::NaiveDate;
use sundry_domain::cash::Candidate;
use sundry_domain::ids::{AllocationId, CustomerId, ItemId};
use sundry_domain::ledger::{over_within_tolerance, short_within_tolerance};
use sundry_domain::money::Pence;
use sundry_store::ledger::{AllocationRow, ItemRow};

/// The item that takes a difference up, and where it stands.
pub(super) struct Cleared {
    pub number: String,
    pub item: ItemRow,
    pub allocation: AllocationRow,
    receipt: String,
    difference: Pence,
}

/// Clears what a payment is short of an item, or over it.
pub(super) fn clear(
    cmd: &Command,
    customer: CustomerId,
    (debit, credit): (ItemId, ItemId),
    candidate: &Candidate,
    day: NaiveDate,
    receipt: &str,
) -> Cleared {
    let own = cmd.id::<ItemId>();
    let difference = candidate.difference;
    let short = difference > Pence::ZERO;
    let (kind, debit, credit) = if short { ("write_off", debit, own) } else { ("write_back", own, credit) };
    let item = ItemRow {
        id: own.0,
        customer_id: customer.0,
        kind: kind.into(),
        number: String::new(),
        document_id: None,
        receipt_id: None,
        posted_on: day,
        dated_on: day,
        due_on: day,
        original_pence: -difference.0,
        open_pence: 0,
        disputed_pence: 0,
        service: String::new(),
        debt_type: String::new(),
        stage: String::new(),
        journal_id: 0,
        recorded_at: cmd.at,
    };
    let allocation = AllocationRow {
        id: cmd.id::<AllocationId>().0,
        customer_id: customer.0,
        debit_item_id: debit.0,
        credit_item_id: credit.0,
        amount_pence: difference.size().0,
        allocated_on: day,
        made_by: "rule".into(),
        actor_id: cmd.by.user.0,
        reason: reason(difference, receipt),
        confidence_ppm: candidate.confidence_ppm,
        reverses_id: None,
        recorded_at: cmd.at,
    };
    Cleared { number: String::new(), item, allocation, receipt: receipt.to_owned(), difference }
}

fn reason(difference: Pence, receipt: &str) -> String {
    let side = if difference > Pence::ZERO { "short" } else { "over" };
    format!("Receipt {receipt} is {} {side}, within the tolerance.", difference.size())
}

impl Cleared {
    /// The journal, once the number is known.
    pub(super) fn journal(&mut self) -> NewJournal {
        self.item.number = self.number.clone();
        let size = self.difference.size();
        let short = self.difference > Pence::ZERO;
        NewJournal {
            posted_on: self.item.posted_on,
            event: "DifferenceCleared",
            source: format!("difference {}", self.number),
            reason: reason(self.difference, &self.receipt),
            customer: Some(CustomerId(self.item.customer_id)),
            item: Some(ItemId(self.item.id)),
            lines: if short { short_within_tolerance(size) } else { over_within_tolerance(size) },
        }
    }
}
