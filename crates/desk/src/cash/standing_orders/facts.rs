//! What is known of every standing order, loaded once.
use crate::{Fault, Outcome};
use chrono::{Datelike, NaiveDate};
use std::collections::{HashMap, HashSet};
use sundry_domain::cash::standing_orders::{
    Finding, Frequency, PayerFacts, REFUND_ABOVE, StandingOrder, WeeklyCharge, compare, names_reference,
};
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::standing_order::{CameRow, ChargeRow, OrderRow, came, charges, flagged_deceased, orders, owed};

/// The orders with their terms, and what came for each.
pub(super) struct Book {
    pub orders: Vec<(OrderRow, StandingOrder)>,
    pub came: HashMap<i64, Vec<CameRow>>,
    pub owed: HashMap<i64, Vec<Owed>>,
    deceased: HashSet<i64>,
}

/// A bill that is open.
pub(super) struct Owed {
    pub item: i64,
    pub number: String,
    pub due_on: NaiveDate,
    pub open: Pence,
    pub is_charge: bool,
}

/// The terms of an order.
pub(super) fn terms(row: &OrderRow, charges: &[ChargeRow]) -> Outcome<StandingOrder> {
    let frequency = Frequency::parse(&row.frequency).ok_or_else(|| Fault::new("a frequency cannot be read"))?;
    let own = charges.iter().filter(|charge| charge.standing_order_id == row.id);
    Ok(StandingOrder {
        amount: Pence(row.amount_pence),
        frequency,
        from_on: row.from_on,
        to_on: row.to_on,
        tolerance: Pence(row.tolerance_pence),
        charges: own.map(|one| WeeklyCharge { from_on: one.from_on, weekly: Pence(one.weekly_pence) }).collect(),
    })
}

/// The first day of the financial year of a day.
fn year_start(day: NaiveDate) -> NaiveDate {
    let year = if day.month() >= 4 { day.year() } else { day.year() - 1 };
    NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(day)
}

impl Book {
    /// Loads the orders that ran in a period, with what came since its financial year began.
    pub(super) async fn load(tx: &mut Tx, org: OrgId, (from, to): (NaiveDate, NaiveDate)) -> Outcome<Book> {
        let rows = orders(tx, org, from).await?;
        let mut of: HashMap<i64, Vec<ChargeRow>> = HashMap::new();
        for charge in charges(tx, org).await? {
            of.entry(charge.standing_order_id).or_default().push(charge);
        }
        let mut told = Vec::with_capacity(rows.len());
        for row in rows.into_iter().filter(|row| row.from_on <= to) {
            let terms = terms(&row, of.get(&row.id).map_or(&[], Vec::as_slice))?;
            told.push((row, terms));
        }
        let mut alone: HashMap<i64, usize> = HashMap::new();
        for (row, _) in &told {
            *alone.entry(row.customer_id).or_default() += 1;
        }
        let mut by_customer: HashMap<i64, Vec<CameRow>> = HashMap::new();
        for row in came(tx, org, from.min(year_start(to)), to).await? {
            by_customer.entry(row.customer_id).or_default().push(row);
        }
        let mut came: HashMap<i64, Vec<CameRow>> = HashMap::new();
        for (row, terms) in &told {
            let only = alone.get(&row.customer_id) == Some(&1);
            let of_customer = by_customer.get(&row.customer_id).into_iter().flatten();
            let own = of_customer.filter(|one| is_for(one, row, terms, only)).cloned().collect();
            came.insert(row.id, own);
        }
        let mut debts: HashMap<i64, Vec<Owed>> = HashMap::new();
        for (customer, item, number, due_on, open, kind) in owed(tx, org).await? {
            let is_charge = matches!(kind.as_str(), "interest" | "compensation" | "costs");
            debts.entry(customer).or_default().push(Owed { item, number, due_on, open: Pence(open), is_charge });
        }
        let deceased = flagged_deceased(tx, org, to).await?.into_iter().map(|(customer,)| customer).collect();
        Ok(Book { orders: told, came, owed: debts, deceased })
    }

    /// What came for an order in a period.
    fn received(&self, order: &OrderRow, (from, to): (NaiveDate, NaiveDate)) -> Pence {
        let rows = self.came.get(&order.id).into_iter().flatten();
        let within = rows.filter(|row| (from..=to).contains(&row.received_on));
        within.fold(Pence::ZERO, |sum, row| sum.plus(Pence(row.amount_pence)))
    }

    /// Something is owed that the money on the account would not pay.
    fn owes_more(&self, order: &OrderRow) -> bool {
        let owed = self.owed.get(&order.customer_id).into_iter().flatten();
        let owed = owed.fold(Pence::ZERO, |sum, one| sum.plus(one.open));
        let held = self.came.get(&order.id).into_iter().flatten().map(|row| row.left_pence).sum();
        owed > Pence(held)
    }

    /// Expected against received in a period. Where months pay for weeks the running balance of the year decides, as
    /// one period's figures swing.
    pub(super) fn finding(&self, at: usize, period: (NaiveDate, NaiveDate)) -> (Finding, Pence) {
        let (row, terms) = &self.orders[at];
        let year = (period.0.min(year_start(period.1)).max(row.from_on), period.1);
        let payer = PayerFacts { deceased: self.deceased.contains(&row.customer_id), other_debt: self.owes_more(row) };
        let own = compare(terms, period, self.received(row, period), payer, REFUND_ABOVE);
        let running = compare(terms, year, self.received(row, year), payer, REFUND_ABOVE);
        let by_months = matches!(terms.frequency, Frequency::Monthly | Frequency::Quarterly);
        let advice = if by_months { running.advice } else { own.advice };
        (Finding { advice, ..own }, running.difference())
    }
}

/// The money is for the order: it names the reference, or is the customer's only order and exactly its amount.
fn is_for(came: &CameRow, row: &OrderRow, terms: &StandingOrder, only: bool) -> bool {
    names_reference(&came.words, &row.reference) || only && came.amount_pence == terms.amount.0
}

/// `6 April 2026 to 3 May 2026`.
pub(super) fn period_in_words((from, to): (NaiveDate, NaiveDate)) -> String {
    format!("{} to {}", written(from), written(to))
}
