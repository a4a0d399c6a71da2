//! The order of allocation as dated policy, and what it would do with a sum.
use super::common::{check_words, find_customer, must_say};
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::cash::allocate::ItemToOrder;
use sundry_domain::cash::order::{ClassedItem, ORDER_IN_THE_PAST, OrderPolicy, in_order};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::cash::lessons::{self, AllocationOrderRow};
use sundry_store::ledger::{self, ItemRow};
use sundry_store::plans::standing;

/// A policy from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DatedOrder {
    /// Type of debt; empty for all that have no order of their own.
    pub debt_type: String,
    /// From when; nothing for what ships.
    pub from_on: Option<NaiveDate>,
    /// The policy.
    pub policy: OrderPolicy,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub set_by: String,
    /// Whether it holds today.
    pub holds: bool,
}

fn policy_of(row: &AllocationOrderRow) -> OrderPolicy {
    serde_json::from_value(row.steps.clone()).unwrap_or_default()
}

/// Every order of allocation: those that hold, those to come and those before.
///
/// # Errors
/// Duty.
pub async fn allocation_orders(desk: &Desk, by: &Actor) -> Outcome<Vec<DatedOrder>> {
    super::match_policy::may_look(by)?;
    let mut look = desk.look().await?;
    let mut all = Vec::new();
    let mut held: Vec<String> = Vec::new();
    for row in lessons::allocation_orders(&mut look, by.org).await? {
        let holds = row.from_on <= desk.today() && !held.contains(&row.debt_type);
        if holds {
            held.push(row.debt_type.clone());
        }
        let policy = policy_of(&row);
        let AllocationOrderRow { debt_type, from_on, reason, set_by, .. } = row;
        all.push(DatedOrder { debt_type, from_on: Some(from_on), policy, reason, set_by, holds });
    }
    let shipped = DatedOrder {
        debt_type: String::new(),
        from_on: None,
        policy: OrderPolicy::default(),
        reason: "As shipped: exact amount, oldest due, interest and costs last (GL-02).".into(),
        set_by: String::new(),
        holds: !held.iter().any(String::is_empty),
    };
    all.push(shipped);
    Ok(all)
}

/// The policies that hold on a day, by debt type.
async fn policies(tx: &mut Tx, org: OrgId, on: NaiveDate) -> Outcome<BTreeMap<String, OrderPolicy>> {
    let mut all = BTreeMap::new();
    for row in lessons::allocation_orders(tx, org).await? {
        if row.from_on <= on {
            all.entry(row.debt_type.clone()).or_insert_with(|| policy_of(&row));
        }
    }
    Ok(all)
}

/// Sets the order of allocation for a type of debt from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetAllocationOrder {
    /// Idempotency key.
    pub key: String,
    /// Type of debt; empty for all that have no order of their own.
    pub debt_type: String,
    /// From when.
    pub from_on: NaiveDate,
    /// The policy.
    pub policy: OrderPolicy,
    /// Why.
    pub reason: String,
}

/// The order that was set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllocationOrderSet {
    /// Type of debt.
    pub debt_type: String,
    /// From when.
    pub from_on: NaiveDate,
}

/// Sets the order of allocation. The payer's own instruction wins over any order.
///
/// # Errors
/// Duty; fields; `CSH-08-ORDER-PAST`.
pub async fn set_allocation_order(desk: &Desk, by: &Actor, ask: SetAllocationOrder) -> Outcome<AllocationOrderSet> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("reason", &ask.reason)])?;
    let mut wrong = Vec::new();
    must_say("reason", "Say why the order changes", &ask.reason, &mut wrong);
    if ask.debt_type.chars().count() > 40 {
        wrong.push(Invalid::field("debt_type", "Enter a type of debt of at most 40 characters", &ask.debt_type));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "set_allocation_order", &ask.key, &ask, |cmd| {
        if ask.from_on < cmd.today {
            let day = sundry_domain::words::written(ask.from_on);
            return Err(ORDER_IN_THE_PAST.because(format!("{day} has passed.")).into());
        }
        let row = AllocationOrderRow {
            debt_type: ask.debt_type.trim().to_owned(),
            from_on: ask.from_on,
            steps: serde_json::to_value(ask.policy)?,
            reason: ask.reason.trim().to_owned(),
            set_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        lessons::set_allocation_order(&mut cmd.tx, cmd.by.org, &row).await?;
        let class = if row.debt_type.is_empty() { "every type" } else { &row.debt_type };
        cmd.tell("AllocationOrderSet", format!("order of allocation, {class}"), &ask);
        Ok(AllocationOrderSet { debt_type: row.debt_type, from_on: row.from_on })
    })
}

/// What the order would do with a sum.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposedLine {
    /// The item's number.
    pub item: String,
    /// Its id.
    pub item_id: i64,
    /// How much of it.
    pub amount_pence: i64,
    /// Why it has its turn.
    pub because: String,
}

/// Where a sum would go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposedOrder {
    /// Customer number.
    pub customer: String,
    /// The sum.
    pub amount_pence: i64,
    /// Each item with its part, in turn.
    pub lines: Vec<ProposedLine>,
    /// What would stay on the account.
    pub left_pence: i64,
}

/// What the order of allocation would do with a sum for a customer, `named` items first; nothing is kept.
///
/// # Errors
/// Duty; customer absent.
pub async fn proposed_order(
    desk: &Desk,
    by: &Actor,
    customer: &str,
    amount: Pence,
    named: &[String],
) -> Outcome<ProposedOrder> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let known = find_customer(&mut look, by.org, customer).await?;
    let open = ledger::open_items_of(&mut look, by.org, known.id).await?;
    let debits: Vec<&ItemRow> = open.iter().filter(|item| item.open_pence > 0 && item.kind != "receipt").collect();
    let today = desk.today();
    let planned = if named.is_empty() { planned(&mut look, by.org, (known.id, amount), today).await? } else { vec![] };
    let items = debits.iter().map(|item| classed(item, named));
    let (agreed, others): (Vec<ClassedItem>, Vec<ClassedItem>) =
        items.partition(|one| planned.contains(&one.item.item.0));
    let oldest = OrderPolicy { exact_first: false, ..OrderPolicy::default() };
    let mut ordered = in_order(amount, &agreed, &BTreeMap::from([(String::new(), oldest)]), today);
    for (_, _, because) in &mut ordered.lines {
        *because = "the plan that this pays covers it".into();
    }
    let rest = in_order(ordered.left, &others, &policies(&mut look, by.org, today).await?, today);
    ordered.lines.extend(rest.lines);
    ordered.left = rest.left;
    let number = |id: ItemId| debits.iter().find(|item| item.id == id.0).map_or("", |item| item.number.as_str());
    let lines = ordered.lines.into_iter().map(|(item, part, because)| ProposedLine {
        item: number(item).to_owned(),
        item_id: item.0,
        amount_pence: part.0,
        because,
    });
    Ok(ProposedOrder {
        customer: known.number,
        amount_pence: amount.0,
        lines: lines.collect(),
        left_pence: ordered.left.0,
    })
}

/// What a plan covers of which a sum is an instalment for about now (PP-05).
async fn planned(
    tx: &mut Tx,
    org: OrgId,
    (customer, amount): (CustomerId, Pence),
    today: NaiveDate,
) -> Outcome<Vec<i64>> {
    let about = (add_days(today, -10), add_days(today, 10));
    let due = standing::on_their_way(tx, org, about).await?;
    let pays =
        |plan: i64| due.iter().any(|(one, whose, pence, _)| (*one, *whose, *pence) == (plan, customer.0, amount.0));
    let covered = standing::items_of_running(tx, org).await?;
    Ok(covered.into_iter().filter(|(plan, _)| pays(*plan)).map(|(_, item)| item).collect())
}

fn classed(item: &ItemRow, named: &[String]) -> ClassedItem {
    let to_order = ItemToOrder {
        item: ItemId(item.id),
        due_on: item.due_on,
        open: Pence(item.open_pence),
        named: named.iter().any(|n| n.trim() == item.number),
        interest_or_costs: matches!(item.kind.as_str(), "interest" | "compensation" | "costs"),
    };
    ClassedItem { item: to_order, class: item.debt_type.clone() }
}
