//! What was delivered, where a contract charges that and not its plan: each line is rounded once, an invoice line adds
//! them up, so that activity and invoices agree to the penny (BIL-05, BIL-07, SC-02).
use super::agreement::{Agreement, ChargeTerms};
use super::charging::{Charge, Working, changes, facts_of, share_words};
use super::cycle::Period;
use super::shares::share_out;
use super::units::{Ratio, amount_of};
use crate::calendar::add_days;
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A line of activity that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// Its id.
    pub id: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// A rate that was let through for this line instead of the contract's.
    pub rate_e4: Option<i64>,
}

const WHOLE: BasisPoints = BasisPoints(10_000);

impl Delivered {
    /// Whether it is one for each of its days, so that it can be parted by day.
    pub fn is_daily(&self) -> bool {
        self.quantity_e4 == ((self.to_on - self.from_on).num_days() + 1) * 10_000
    }

    /// What of it lies in the days from one to another: its days if it is daily, else all of it on its first day.
    pub fn within(&self, first: NaiveDate, last: NaiveDate) -> i64 {
        if self.is_daily() {
            let days = (self.to_on.min(last) - self.from_on.max(first)).num_days() + 1;
            return days.max(0) * 10_000;
        }
        if first <= self.from_on && self.from_on <= last { self.quantity_e4 } else { 0 }
    }
}

/// A quantity at a rate, rounded half-up once.
///
/// # Errors
/// `BIL-06-TOO-LARGE`.
pub fn priced(rate_e4: i64, quantity_e4: i64) -> Result<Pence, Refusal> {
    amount_of(rate_e4, quantity_e4, Ratio::new(1, 1), WHOLE)
}

/// What a line of activity comes to at the rates of its charge.
///
/// # Errors
/// `BIL-06-NO-RATE`, `BIL-06-NO-PAYER`, `BIL-06-TOO-LARGE`.
pub fn worth_of(contract: &Agreement, line: &ChargeTerms, one: &Delivered) -> Result<Pence, Refusal> {
    let mut starts = changes(line, &[], &contract.payers, one.from_on, one.to_on);
    starts.push(add_days(one.to_on, 1));
    starts.windows(2).try_fold(Pence::ZERO, |sum, pair| {
        let quantity = one.within(pair[0], add_days(pair[1], -1));
        if quantity == 0 {
            return Ok(sum);
        }
        let rate = one.rate_e4.map_or_else(|| Ok(facts_of(contract, line, pair[0])?.rate.rate_e4), Ok)?;
        Ok(sum.plus(priced(rate, quantity)?))
    })
}

/// What lies in one stretch of days at one rate.
type Parts<'a> = BTreeMap<Option<i64>, Vec<(&'a Delivered, i64)>>;

/// What every payer is charged for what was delivered in some days of a period: a line for each stretch and rate.
pub(super) fn charges_of_activity(
    contract: &Agreement,
    (line, activity): (&ChargeTerms, &[Delivered]),
    (first, last): (NaiveDate, NaiveDate),
    period: Period,
    all: &mut Vec<Charge>,
) -> Result<(), Refusal> {
    let mut starts = changes(line, &[], &contract.payers, first, last);
    starts.push(add_days(last, 1));
    for pair in starts.windows(2) {
        let days = (pair[0], add_days(pair[1], -1));
        let mut parts = Parts::new();
        for one in activity {
            let quantity = one.within(days.0, days.1);
            if quantity > 0 {
                parts.entry(one.rate_e4).or_default().push((one, quantity));
            }
        }
        for (part, (rate, lines)) in (0..).zip(parts) {
            charge_part(contract, line, (rate, &lines), (days, period, part), all)?;
        }
    }
    Ok(())
}

fn charge_part(
    contract: &Agreement,
    line: &ChargeTerms,
    (rate, lines): (Option<i64>, &[(&Delivered, i64)]),
    (days, period, part): ((NaiveDate, NaiveDate), Period, i64),
    all: &mut Vec<Charge>,
) -> Result<(), Refusal> {
    let facts = facts_of(contract, line, days.0)?;
    let rate_e4 = rate.unwrap_or(facts.rate.rate_e4);
    let (mut whole, mut quantity, mut activity) = (Pence::ZERO, 0, Vec::with_capacity(lines.len()));
    for (one, many) in lines {
        let price = priced(rate_e4, *many)?;
        whole = whole.plus(price);
        quantity += many;
        activity.push((one.id, price));
    }
    let units = Ratio::new(quantity, 10_000);
    let shares = share_out(whole, &facts.payers, units, WHOLE)?;
    for (payer, net) in facts.payers.iter().zip(shares).filter(|(_, net)| *net != Pence::ZERO) {
        let source = if rate.is_some() { "a rate let through for these lines" } else { facts.rate.source.as_str() };
        let working = Working {
            unit: line.unit,
            rate_e4,
            rate_from: facts.rate.from_on,
            source: source.to_owned(),
            quantity_e4: 10_000,
            days: (days.1 - days.0).num_days() + 1,
            units,
            retained: WHOLE,
            reason: String::new(),
            clause: line.clause.clone(),
            whole,
            share: share_words(payer, facts.payers.len(), line.unit, net),
            activity: lines.len() as i64,
        };
        let (from_on, to_on) = days;
        all.push(Charge {
            line: line.line,
            customer: payer.customer,
            period,
            from_on,
            to_on,
            net,
            working,
            part,
            activity: activity.clone(),
        });
    }
    Ok(())
}
