//! Allocating a receipt to open items, and taking it back.
use super::refusals;
use crate::ids::{AllocationId, ItemId, ReceiptId};
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is open on each item that the cashier may choose.
pub type OpenItems = BTreeMap<ItemId, Pence>;

/// Money in, as far as allocating needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The receipt.
    pub id: ReceiptId,
    /// What has not been set against an item yet.
    pub unallocated: Pence,
}

/// The decision: what goes against which item, and what is left of the receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocated {
    /// The receipt that was allocated.
    pub receipt: ReceiptId,
    /// One amount per item.
    pub lines: BTreeMap<ItemId, Pence>,
    /// What stays unallocated.
    pub left: Pence,
}

/// A part of a receipt that was set against an item earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The allocation.
    pub id: AllocationId,
    /// The receipt it came from.
    pub receipt: ReceiptId,
    /// The item it cleared, in whole or part.
    pub item: ItemId,
    /// How much.
    pub amount: Pence,
    /// A mirror image has been posted already.
    pub reversed: bool,
}

/// The mirror image of an allocation; the original is never edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// The allocation that is taken back.
    pub of: AllocationId,
    /// The receipt that gets its money back.
    pub receipt: ReceiptId,
    /// The item that opens again.
    pub item: ItemId,
    /// Less than nothing: the allocation the other way.
    pub amount: Pence,
}

/// Allocates a receipt to the open items the cashier chose (D3; GL-02 rows 7 and 9).
///
/// One amount per item, so naming an item twice cannot over-allocate it.
pub fn allocate(
    receipt: &Receipt,
    open_items: &OpenItems,
    lines: BTreeMap<ItemId, Pence>,
) -> Result<Allocated, Refusal> {
    for (item, &amount) in &lines {
        let open = open_items.get(item).copied().unwrap_or(Pence::ZERO);
        if open <= Pence::ZERO {
            return Err(refusals::ITEM_NOT_OPEN.because("There is nothing open on one of the items you chose."));
        }
        if amount <= Pence::ZERO {
            return Err(refusals::NOTHING_TO_ALLOCATE.because("The amount to allocate must be above £0.00."));
        }
        if amount > open {
            let sentence = format!("{amount} is {} more than the {open} open on the item.", amount.minus(open));
            return Err(refusals::MORE_THAN_OPEN.because(sentence));
        }
    }
    if lines.is_empty() {
        return Err(refusals::NOTHING_TO_ALLOCATE.because("Choose at least one item."));
    }
    let total = Pence::total(lines.values());
    if total > receipt.unallocated {
        let more = total.minus(receipt.unallocated);
        let sentence = format!("The amounts add up to {total}. That is {more} more than the receipt has left.");
        return Err(refusals::MORE_THAN_RECEIPT.because(sentence));
    }
    Ok(Allocated { receipt: receipt.id, lines, left: receipt.unallocated.minus(total) })
}

/// Takes an allocation back: the item opens again and the receipt has its money back.
pub fn reverse(allocation: &Allocation) -> Result<Reversal, Refusal> {
    if allocation.reversed {
        return Err(refusals::ALREADY_REVERSED.because("This allocation has been reversed already."));
    }
    let Allocation { id, receipt, item, amount, .. } = *allocation;
    Ok(Reversal { of: id, receipt, item, amount: amount.negated() })
}

/// An open item as the default order sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemToOrder {
    /// The item.
    pub item: ItemId,
    /// When it falls due.
    pub due_on: NaiveDate,
    /// What is open on it.
    pub open: Pence,
    /// The payer named it: their own instruction always wins.
    pub named: bool,
    /// Late-payment interest, compensation or costs: last, for a voluntary payer.
    pub interest_or_costs: bool,
}

/// Spreads an amount in the default order of GL-02: the items the payer named,
/// then an item that is exactly the amount left, then the oldest due first,
/// interest and costs last. Gives the lines and what is left over.
pub fn default_order(amount: Pence, items: &[ItemToOrder]) -> (Vec<(ItemId, Pence)>, Pence) {
    let mut waiting: Vec<&ItemToOrder> = items.iter().filter(|i| i.open > Pence::ZERO).collect();
    waiting.sort_by_key(|i| (!i.named, i.interest_or_costs, i.due_on, i.item));
    let mut left = amount;
    let mut lines = Vec::new();
    let mut take = |item: &ItemToOrder, left: &mut Pence| {
        let part = item.open.min(*left);
        if part > Pence::ZERO {
            lines.push((item.item, part));
            *left = left.minus(part);
        }
    };
    for item in waiting.iter().filter(|i| i.named) {
        take(item, &mut left);
    }
    waiting.retain(|i| !i.named);
    if let Some(at) = waiting.iter().position(|i| i.open == left) {
        take(waiting.remove(at), &mut left);
    }
    for item in waiting {
        take(item, &mut left);
    }
    (lines, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gbp(text: &str) -> Pence {
        Pence::parse(text).expect("an amount")
    }

    fn receipt_of(text: &str) -> Receipt {
        Receipt { id: ReceiptId(9), unallocated: gbp(text) }
    }

    fn code(answer: Result<Allocated, Refusal>) -> String {
        answer.expect_err("a refusal").code
    }

    #[test]
    fn gl_e12_refuses_100_00_against_99_99_open() {
        let open = OpenItems::from([(ItemId(1), gbp("99.99"))]);
        let refusal = allocate(&receipt_of("100"), &open, [(ItemId(1), gbp("100"))].into()).expect_err("above open");
        assert_eq!(refusal.code, "GL-E12-MORE-THAN-OPEN");
        assert_eq!(refusal.sentence, "£100.00 is £0.01 more than the £99.99 open on the item.");
    }

    #[test]
    fn csh_07_one_receipt_clears_many_items_and_keeps_the_rest() {
        let open = OpenItems::from([(ItemId(1), gbp("40")), (ItemId(2), gbp("60"))]);
        let lines = BTreeMap::from([(ItemId(1), gbp("40")), (ItemId(2), gbp("10"))]);
        let answer = allocate(&receipt_of("75"), &open, lines.clone()).expect("allowed");
        assert_eq!(answer, Allocated { receipt: ReceiptId(9), lines, left: gbp("25") });
    }

    #[test]
    fn csh_07_refuses_in_order_of_precedence() {
        let open = OpenItems::from([(ItemId(1), gbp("40")), (ItemId(2), Pence::ZERO)]);
        let try_one = |item, amount: &str| allocate(&receipt_of("30"), &open, [(ItemId(item), gbp(amount))].into());
        assert_eq!(code(try_one(3, "0")), "GL-02-ITEM-NOT-OPEN");
        assert_eq!(code(try_one(2, "1")), "GL-02-ITEM-NOT-OPEN");
        assert_eq!(code(try_one(1, "0")), "GL-02-NOTHING-TO-ALLOCATE");
        assert_eq!(code(try_one(1, "41")), "GL-E12-MORE-THAN-OPEN");
        assert_eq!(code(try_one(1, "31")), "GL-02-MORE-THAN-RECEIPT");
        assert_eq!(code(allocate(&receipt_of("30"), &open, BTreeMap::new())), "GL-02-NOTHING-TO-ALLOCATE");
    }

    #[test]
    fn csh_12_a_reversal_is_the_mirror_image_and_happens_once() {
        let mut allocation = Allocation {
            id: AllocationId(5),
            receipt: ReceiptId(9),
            item: ItemId(1),
            amount: gbp("40"),
            reversed: false,
        };
        assert_eq!(reverse(&allocation).expect("allowed").amount, gbp("-40"));
        allocation.reversed = true;
        assert_eq!(reverse(&allocation).expect_err("twice").code, "GL-02-ALREADY-REVERSED");
    }

    #[test]
    fn csh_08_default_order_is_named_exact_oldest_then_interest() {
        let on = |day| NaiveDate::from_ymd_opt(2026, 5, day).expect("a day");
        let item = |id, day, open: &str| ItemToOrder {
            item: ItemId(id),
            due_on: on(day),
            open: gbp(open),
            named: false,
            interest_or_costs: false,
        };
        let interest = ItemToOrder { interest_or_costs: true, ..item(1, 1, "5") };
        let named = ItemToOrder { named: true, ..item(4, 20, "10") };
        let items = [interest, item(2, 9, "30"), item(3, 2, "50"), named];
        assert_eq!(default_order(gbp("40"), &items).0, [(ItemId(4), gbp("10")), (ItemId(2), gbp("30"))]);
        let (lines, left) = default_order(gbp("96"), &items);
        let order: Vec<i64> = lines.iter().map(|(item, _)| item.0).collect();
        assert_eq!((order, left), (vec![4, 3, 2, 1], gbp("1")));
    }
}
