//! The order in which money is allocated when the payer does not say: dated policy for each class of debt.
use super::allocate::ItemToOrder;
use crate::ids::ItemId;
use crate::money::Pence;
use crate::refusal::RefusalKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An order may begin today or later: what was allocated stays as it was.
pub const ORDER_IN_THE_PAST: RefusalKind = RefusalKind {
    code: "CSH-08-ORDER-PAST",
    rule: "CSH-08",
    way_out: "Choose today or a later day. What was allocated before stays as it was allocated.",
};

/// Which item is paid first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// The one that fell due longest ago.
    OldestDue,
    /// The one with the least open, so that most are cleared.
    Smallest,
    /// The one with the most open.
    Largest,
    /// The one that falls due last.
    NewestDue,
}

/// The policy for one class of debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPolicy {
    /// An item that is exactly the money left goes first.
    pub exact_first: bool,
    /// What is overdue goes before what is not.
    pub overdue_first: bool,
    /// Then these.
    pub first: First,
    /// Interest and costs go before the debt they grew from, where the contract says so.
    pub interest_first: bool,
    /// An item may be paid in part; otherwise money that does not clear one stays on the account.
    pub in_part: bool,
}

impl Default for OrderPolicy {
    /// GL-02: exact amount, oldest due, interest and costs last.
    fn default() -> Self {
        Self { exact_first: true, overdue_first: true, first: First::OldestDue, interest_first: false, in_part: true }
    }
}

/// An item with its class of debt.
#[derive(Clone, Debug)]
pub struct ClassedItem {
    /// The item.
    pub item: ItemToOrder,
    /// Its class: the debt type.
    pub class: String,
}

/// Where the money would go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// Each item with its part and why it has its turn.
    pub lines: Vec<(ItemId, Pence, String)>,
    /// What stays on the account.
    pub left: Pence,
}

/// Spreads money over a customer's items: what the payer named first, whatever the policy says; then an amount that
/// clears one item or everything; then class by class, the class with the oldest debt first, each by its policy.
pub fn in_order(
    amount: Pence,
    items: &[ClassedItem],
    policies: &BTreeMap<String, OrderPolicy>,
    today: NaiveDate,
) -> Ordered {
    let policy = |class: &str| policies.get(class).or_else(|| policies.get("")).copied().unwrap_or_default();
    let mut spread = Spread { ordered: Ordered { lines: Vec::new(), left: amount.max(Pence::ZERO) } };
    let mut waiting: Vec<&ClassedItem> = items.iter().filter(|i| i.item.open > Pence::ZERO).collect();
    waiting.sort_by_key(|i| (i.item.due_on, i.item.item));
    for one in waiting.iter().filter(|i| i.item.named) {
        spread.take(&one.item, "the payer named it", true);
    }
    waiting.retain(|i| !i.item.named);
    let exact = |i: &&&ClassedItem| policy(&i.class).exact_first && i.item.open == spread.ordered.left;
    if let Some(one) = waiting.iter().find(exact).copied() {
        spread.take(&one.item, "it is exactly the amount", true);
        return spread.ordered;
    }
    let mut classes: Vec<&str> = Vec::new();
    for one in &waiting {
        if !classes.contains(&one.class.as_str()) {
            classes.push(&one.class);
        }
    }
    for class in classes {
        let own = policy(class);
        let mut turn: Vec<&ItemToOrder> = waiting.iter().filter(|i| i.class == class).map(|i| &i.item).collect();
        turn.sort_by_key(|i| place(i, &own, today));
        for item in turn {
            spread.take(item, why(item, &own, today), own.in_part);
        }
    }
    spread.ordered
}

type Place = (bool, bool, i64, NaiveDate, ItemId);

fn place(item: &ItemToOrder, policy: &OrderPolicy, today: NaiveDate) -> Place {
    let interest = item.interest_or_costs != policy.interest_first;
    let not_due = policy.overdue_first && item.due_on >= today;
    let days = item.due_on.signed_duration_since(NaiveDate::default()).num_days();
    let key = match policy.first {
        First::OldestDue => days,
        First::NewestDue => -days,
        First::Smallest => item.open.0,
        First::Largest => -item.open.0,
    };
    // Interest goes last, or first; within either, by the rest.
    (interest, not_due, key, item.due_on, item.item)
}

fn why(item: &ItemToOrder, policy: &OrderPolicy, today: NaiveDate) -> &'static str {
    match (item.interest_or_costs, policy.interest_first) {
        (true, true) => return "interest and costs go first here",
        (true, false) => return "interest and costs go last",
        (false, _) => {}
    }
    match policy.first {
        _ if policy.overdue_first && item.due_on >= today => "it is not due yet, so after what is",
        First::OldestDue => "oldest due first",
        First::NewestDue => "newest due first",
        First::Smallest => "smallest first",
        First::Largest => "largest first",
    }
}

/// What a policy does with a sum that all can follow: the example in words, and what would be paid.
pub fn example(policy: &OrderPolicy) -> (String, String) {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default();
    let bills = [
        ("May", day(5, 31), 6_000, false),
        ("June", day(6, 30), 4_500, false),
        ("October", day(10, 31), 3_000, false),
        ("interest", day(7, 31), 500, true),
    ];
    let item = |(n, bill): (usize, &(&str, NaiveDate, i64, bool))| ClassedItem {
        item: ItemToOrder {
            item: ItemId(n as i64),
            due_on: bill.1,
            open: Pence(bill.2),
            named: false,
            interest_or_costs: bill.3,
        },
        class: String::new(),
    };
    let items: Vec<ClassedItem> = bills.iter().enumerate().map(item).collect();
    let sum = Pence(10_000);
    let ordered = in_order(sum, &items, &BTreeMap::from([(String::new(), *policy)]), day(9, 1));
    let name = |id: ItemId| bills.get(id.0 as usize).map_or("", |bill| bill.0);
    let mut paid: Vec<String> = ordered.lines.iter().map(|(id, part, _)| format!("{part} of {}", name(*id))).collect();
    if ordered.left > Pence::ZERO {
        paid.push(format!("{} stays on the account", ordered.left));
    }
    let words = format!("{sum} against May £60.00, June £45.00, October £30.00 not yet due, interest £5.00");
    (words, paid.join(", "))
}

struct Spread {
    ordered: Ordered,
}

impl Spread {
    fn take(&mut self, item: &ItemToOrder, why: &str, in_part: bool) {
        let left = self.ordered.left;
        let part = item.open.min(left);
        if part > Pence::ZERO && (in_part || part == item.open) {
            self.ordered.lines.push((item.item, part, why.to_owned()));
            self.ordered.left = left.minus(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn owed(id: i64, class: &str, due: &str, pence: i64) -> ClassedItem {
        let item = ItemToOrder {
            item: ItemId(id),
            due_on: day(due),
            open: Pence(pence),
            named: false,
            interest_or_costs: false,
        };
        ClassedItem { item, class: class.into() }
    }

    fn spread(pence: i64, items: &[ClassedItem], policies: &[(&str, OrderPolicy)]) -> (Vec<(i64, i64)>, i64) {
        let policies = policies.iter().map(|(class, policy)| ((*class).to_owned(), *policy)).collect();
        let ordered = in_order(Pence(pence), items, &policies, day("2026-10-01"));
        (ordered.lines.iter().map(|(item, part, _)| (item.0, part.0)).collect(), ordered.left.0)
    }

    #[test]
    fn csh_08_the_policy_of_each_class_decides_and_says_why() {
        let mut interest = owed(5, "care", "2026-01-01", 500);
        interest.item.interest_or_costs = true;
        let items = [
            owed(1, "care", "2026-08-01", 6_000),
            owed(2, "care", "2026-07-01", 9_000),
            owed(3, "hire", "2026-09-01", 2_000),
            owed(4, "care", "2026-10-20", 1_000),
            interest,
        ];
        assert_eq!(spread(10_000, &items, &[]), (vec![(2, 9_000), (1, 1_000)], 0));
        assert_eq!(spread(2_000, &items, &[]), (vec![(3, 2_000)], 0), "exactly one item");
        let smallest = OrderPolicy { first: First::Smallest, exact_first: false, ..OrderPolicy::default() };
        assert_eq!(spread(7_000, &items, &[("care", smallest)]), (vec![(1, 6_000), (2, 1_000)], 0));
        let whole = OrderPolicy { in_part: false, ..OrderPolicy::default() };
        assert_eq!(
            spread(8_500, &items, &[("", whole)]),
            (vec![(1, 6_000), (4, 1_000), (5, 500)], 1_000),
            "what does not clear an item stays"
        );
        let first = OrderPolicy { interest_first: true, ..OrderPolicy::default() };
        assert_eq!(spread(700, &items, &[("care", first)]), (vec![(5, 500), (2, 200)], 0));
    }

    #[test]
    fn csh_08_each_policy_shows_what_it_does() {
        assert_eq!(example(&OrderPolicy::default()).1, "£60.00 of May, £40.00 of June");
        let whole = OrderPolicy { first: First::Smallest, in_part: false, ..OrderPolicy::default() };
        assert_eq!(
            example(&whole).1,
            "£45.00 of June, £30.00 of October, £5.00 of interest, £20.00 stays on the account"
        );
    }

    #[test]
    fn csh_08_the_payers_own_instruction_always_wins() {
        let mut named = owed(9, "hire", "2026-12-01", 4_000);
        named.item.named = true;
        let items = [owed(1, "care", "2026-01-01", 5_000), named];
        let strict = OrderPolicy { in_part: false, exact_first: true, ..OrderPolicy::default() };
        assert_eq!(spread(5_000, &items, &[("", strict)]), (vec![(9, 4_000)], 1_000));
        assert_eq!(spread(3_000, &items, &[("", strict)]), (vec![(9, 3_000)], 0), "even in part");
    }
}
