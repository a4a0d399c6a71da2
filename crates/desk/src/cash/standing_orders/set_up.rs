//! Setting up a standing order, its charges, its amount, its end.
use super::super::common::{check_words, find_customer, must_say};
use super::facts::terms;
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use sundry_domain::cash::squeeze;
use sundry_domain::cash::standing_orders::Frequency;
use sundry_domain::cash::standing_orders::refusals::{CHARGE_DATE, ENDED};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::standing_order::{
    self as rows, ChargeRow, OrderRow, add_charges, add_order, end_order, order_numbered, reference_taken, set_amount,
};

/// Notes a standing order that a payer has set up, and the charge it is meant to pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddStandingOrder {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// The reference their bank sends.
    pub reference: String,
    /// What it sends each time.
    pub amount: Pence,
    /// weekly, two_weekly, four_weekly, monthly or quarterly.
    pub frequency: String,
    /// First payment, and first day of the charge.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// The charge by the week.
    pub weekly: Pence,
    /// A difference no larger is let be.
    #[serde(default)]
    pub tolerance: Pence,
}

/// A standing order as it was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingOrderSet {
    /// Its number.
    pub number: String,
}

/// Notes a standing order.
///
/// # Errors
/// Duty; fields to put right; no such customer.
pub async fn add_standing_order(desk: &Desk, by: &Actor, ask: AddStandingOrder) -> Outcome<StandingOrderSet> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reference", &ask.reference)])?;
    let wrong = check(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "add_standing_order", &ask.key, &ask, |cmd| {
        let customer = find_customer(&mut cmd.tx, cmd.by.org, &ask.customer).await?;
        let reference = ask.reference.trim().to_owned();
        if reference_taken(&mut cmd.tx, cmd.by.org, customer.id, &reference).await? {
            let say = "Is the reference of a standing order of this customer already; end that one first";
            return Err(Invalid::field("reference", say, &ask.reference).into());
        }
        let row = OrderRow {
            id: cmd.id(),
            number: format!("SO-{:06}", cmd.next_number("SO").await?),
            customer_id: customer.id.0,
            customer_number: customer.number,
            customer_name: customer.name,
            reference,
            amount_pence: ask.amount.0,
            frequency: ask.frequency.clone(),
            from_on: ask.from_on,
            to_on: ask.to_on,
            end_reason: String::new(),
            tolerance_pence: ask.tolerance.0,
            version: 1,
        };
        add_order(&mut cmd.tx, cmd.by.org, &row, cmd.at).await?;
        let charge = ChargeRow {
            standing_order_id: row.id,
            from_on: ask.from_on,
            weekly_pence: ask.weekly.0,
            why: "Set up".into(),
            actor_name: cmd.by.name.clone(),
        };
        add_charges(&mut cmd.tx, cmd.by.org, &[charge], cmd.at).await?;
        cmd.tell("StandingOrderAdded", format!("standing order {}", row.number), &ask);
        Ok(StandingOrderSet { number: row.number })
    })
}

fn check(ask: &AddStandingOrder) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    must_say("customer", "Enter the customer number", &ask.customer, &mut wrong);
    if squeeze(&ask.reference).is_empty() || ask.reference.chars().count() > 40 {
        wrong.push(Invalid::field(
            "reference",
            "Enter the reference their bank sends, at most 40 characters",
            &ask.reference,
        ));
    }
    if ask.amount <= Pence::ZERO || ask.amount > LARGEST {
        wrong.push(Invalid::field("amount", "Enter an amount above £0.00", ask.amount.pounds()));
    }
    if ask.weekly < Pence::ZERO || ask.weekly > LARGEST {
        wrong.push(Invalid::field("weekly", "Enter the charge for a week", ask.weekly.pounds()));
    }
    if !(Pence::ZERO..=Pence(100_000)).contains(&ask.tolerance) {
        wrong.push(Invalid::field("tolerance", "Enter an amount from £0.00 to £1,000.00", ask.tolerance.pounds()));
    }
    if Frequency::parse(&ask.frequency).is_none() {
        wrong.push(Invalid::field("frequency", "Choose how often it is paid", &ask.frequency));
    }
    if ask.to_on.is_some_and(|end| end < ask.from_on) {
        wrong.push(Invalid::field("to_on", "Enter a day on or after the first payment", ""));
    }
    wrong
}

async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<OrderRow> {
    let absent = || No::Absent(format!("standing order {number}"));
    order_numbered(tx, org, number.trim()).await?.ok_or_else(absent)
}

/// Ends a standing order: the payer stopped it, or the charge ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndStandingOrder {
    /// Idempotency key.
    pub key: String,
    /// The order.
    pub number: String,
    /// Last day of the charge.
    pub to_on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Ends a standing order on a day.
///
/// # Errors
/// Duty; one that has ended; a day before it began.
pub async fn end_standing_order(desk: &Desk, by: &Actor, ask: EndStandingOrder) -> Outcome<StandingOrderSet> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("reason", &ask.reason)])?;
    command!(desk, by, "end_standing_order", &ask.key, &ask, |cmd| {
        let row = find(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        let mut wrong = Vec::new();
        must_say("reason", "Enter why it ends", &ask.reason, &mut wrong);
        if ask.to_on < row.from_on {
            wrong.push(Invalid::field("to_on", "Enter a day on or after the first payment", ask.to_on.to_string()));
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        if !end_order(&mut cmd.tx, cmd.by.org, row.id, ask.to_on, ask.reason.trim()).await? {
            return Err(ENDED.because(format!("{} has ended.", row.number)).into());
        }
        cmd.tell("StandingOrderEnded", format!("standing order {}", row.number), &ask);
        Ok(StandingOrderSet { number: row.number })
    })
}

/// Notes that the payer changed what their bank sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AmendStandingOrder {
    /// Idempotency key.
    pub key: String,
    /// The order.
    pub number: String,
    /// What it sends each time now.
    pub amount: Pence,
}

/// Notes another amount.
///
/// # Errors
/// Duty; one that has ended; an amount that is none.
pub async fn amend_standing_order(desk: &Desk, by: &Actor, ask: AmendStandingOrder) -> Outcome<StandingOrderSet> {
    by.must_hold(Duty::PostCash)?;
    if ask.amount <= Pence::ZERO || ask.amount > LARGEST {
        return Err(Invalid::field("amount", "Enter an amount above £0.00", ask.amount.pounds()).into());
    }
    command!(desk, by, "amend_standing_order", &ask.key, &ask, |cmd| {
        let row = find(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        if row.to_on.is_some_and(|end| end < cmd.today) {
            return Err(ENDED.because(format!("{} has ended.", row.number)).into());
        }
        set_amount(&mut cmd.tx, cmd.by.org, row.id, ask.amount.0).await?;
        let detail = serde_json::json!({ "before_pence": row.amount_pence, "after_pence": ask.amount.0 });
        cmd.tell("StandingOrderAmended", format!("standing order {}", row.number), detail);
        Ok(StandingOrderSet { number: row.number })
    })
}

/// A new charge of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCharge {
    /// The order.
    pub number: String,
    /// Pence a week.
    pub weekly: Pence,
}

/// Sets new charges from a day, as each April.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetCharges {
    /// Idempotency key.
    pub key: String,
    /// First day of the new charges.
    pub from_on: NaiveDate,
    /// Why: the decision behind them.
    pub why: String,
    /// One a standing order.
    pub charges: Vec<NewCharge>,
}

/// Sets charges, all or none; gives how many.
///
/// # Errors
/// Duty; an order that is not there; a charge from that day that is there already.
pub async fn set_standing_order_charges(desk: &Desk, by: &Actor, ask: SetCharges) -> Outcome<i64> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("why", &ask.why)])?;
    let mut wrong = Vec::new();
    must_say("why", "Enter the decision behind the new charge", &ask.why, &mut wrong);
    if ask.charges.is_empty() || ask.charges.len() > 20_000 {
        wrong.push(Invalid::field("charges", "Enter from 1 to 20,000 charges", ""));
    }
    for (at, one) in (1..).zip(&ask.charges) {
        if one.weekly < Pence::ZERO || one.weekly > LARGEST {
            wrong.push(Invalid::row(at, "weekly", "Enter the charge for a week", one.weekly.pounds()));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "set_standing_order_charges", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let orders = rows::orders(&mut cmd.tx, org, ask.from_on).await?;
        let there = rows::charges(&mut cmd.tx, org).await?;
        let there: HashSet<i64> = there
            .iter()
            .filter(|charge| charge.from_on == ask.from_on)
            .map(|charge| charge.standing_order_id)
            .collect();
        let mut new = Vec::with_capacity(ask.charges.len());
        for (at, one) in (1..).zip(&ask.charges) {
            let number = one.number.trim();
            let Some(order) = orders.iter().find(|order| order.number == number) else {
                return Err(Invalid::row(at, "number", "Is no standing order that runs then", number).into());
            };
            if there.contains(&order.id) {
                return Err(CHARGE_DATE.because(format!("{number} has a charge from {} already.", ask.from_on)).into());
            }
            new.push(ChargeRow {
                standing_order_id: order.id,
                from_on: ask.from_on,
                weekly_pence: one.weekly.0,
                why: ask.why.trim().into(),
                actor_name: cmd.by.name.clone(),
            });
        }
        add_charges(&mut cmd.tx, org, &new, cmd.at).await?;
        let detail = serde_json::json!({ "from_on": ask.from_on, "count": new.len(), "why": ask.why });
        cmd.tell("StandingOrderChargesSet", "standing orders", detail);
        Ok(new.len() as i64)
    })
}

/// A standing order as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StandingOrderShown {
    /// The order.
    pub order: OrderRow,
    /// Its charge today, a week.
    pub weekly_pence: i64,
    /// What each payment must be for that charge.
    pub right_pence: i64,
}

/// Every standing order that runs.
///
/// # Errors
/// Duty.
pub async fn standing_orders(desk: &Desk, by: &Actor) -> Outcome<Vec<StandingOrderShown>> {
    by.must_hold(Duty::View)?;
    let (mut look, today) = (desk.look().await?, desk.today());
    let all = rows::charges(&mut look, by.org).await?;
    let mut told = Vec::new();
    for order in rows::orders(&mut look, by.org, today).await? {
        let first = all.partition_point(|charge| charge.standing_order_id < order.id);
        let own: Vec<ChargeRow> =
            all[first..].iter().take_while(|c| c.standing_order_id == order.id).cloned().collect();
        let terms = terms(&order, &own)?;
        let weekly = terms.weekly_on(today).unwrap_or_default();
        let right_pence = terms.frequency.payment_for(weekly).0;
        told.push(StandingOrderShown { order, weekly_pence: weekly.0, right_pence });
    }
    Ok(told)
}
