//! What a contract comes to for any period, and the one net adjustment when the past has changed (BIL-06).
use super::agreement::{Agreement, Break, ChargeTerms, DatedRate};
use super::cycle::{Period, Term};
use super::delivered::charges_of_activity;
use super::refusals;
use super::shares::{Payer, Share, share_out};
use super::units::{Ratio, Unit, amount_of, day_words, decimals, rate_words, units_of};
use crate::calendar::add_days;
use crate::ids::CustomerId;
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::counted;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How an amount was worked out: the evidence behind a line (BIL-17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// What the rate is for.
    pub unit: Unit,
    /// In ten-thousandths of a pound.
    pub rate_e4: i64,
    /// The first day of the rate.
    pub rate_from: NaiveDate,
    /// The rate card's line, or the decision behind the rate.
    pub source: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// Days charged.
    pub days: i64,
    /// The exact number of units.
    pub units: Ratio,
    /// What was charged of it: 10000 is all.
    pub retained: BasisPoints,
    /// Why not all of it was.
    pub reason: String,
    /// The clause of the contract.
    pub clause: String,
    /// For all payers together.
    pub whole: Pence,
    /// This payer's part, in words; empty where one pays all.
    pub share: String,
    /// Lines of activity behind it; none where the plan is charged.
    #[serde(default)]
    pub activity: i64,
}

impl Working {
    /// For the line of an invoice: `19 days at £182.35 a week`, and the payer's part of how much.
    pub fn short(&self) -> String {
        if self.activity > 0 {
            let share = if self.share.is_empty() { String::new() } else { format!("; of {}", self.whole) };
            return format!("{}{share}", self.delivered());
        }
        let days = if self.days == 1 { "1 day".to_owned() } else { format!("{} days", self.days) };
        let many = match self.quantity_e4 {
            10_000 => String::new(),
            other => format!("{} × ", decimals(other)),
        };
        let kept = match self.retained.0 {
            10_000 => String::new(),
            part => format!(", {}% charged", decimals(part * 100)),
        };
        let share = if self.share.is_empty() { String::new() } else { format!("; of {}", self.whole) };
        format!("{days} at {many}{} {}{kept}{share}", rate_words(self.rate_e4), self.unit.each())
    }

    /// `19 days at £182.35 a week: 19/7 × £182.35 = £494.95`.
    pub fn words(&self) -> String {
        if self.activity > 0 {
            let share = if self.share.is_empty() { String::new() } else { format!("; {}", self.share) };
            return format!("{} in {} = {}{share}", self.delivered(), counted(self.activity, "line"), self.whole);
        }
        let days = if self.days == 1 { "1 day".to_owned() } else { format!("{} days", self.days) };
        let rate = rate_words(self.rate_e4);
        let many = match self.quantity_e4 {
            10_000 => String::new(),
            other => format!(" × {}", decimals(other)),
        };
        let kept = match self.retained.0 {
            10_000 => String::new(),
            part => format!(" × {}%", decimals(part * 100)),
        };
        let why = if self.reason.is_empty() { String::new() } else { format!(" ({})", self.reason) };
        let share = if self.share.is_empty() { String::new() } else { format!("; {}", self.share) };
        let each = self.unit.each();
        let units = self.units.words();
        format!("{days} at {rate} {each}: {units} × {rate}{many}{kept} = {}{why}{share}", self.whole)
    }

    /// `12.5 hours at £22.50 an hour`.
    fn delivered(&self) -> String {
        let many = self.unit.counted(self.delivered_e4());
        format!("{many} at {} {}", rate_words(self.rate_e4), self.unit.each())
    }

    /// How many were delivered, in ten-thousandths.
    pub fn delivered_e4(&self) -> i64 {
        self.units.num * (10_000 / self.units.den)
    }
}

/// What one payer is charged for some days of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Which charge of the contract.
    pub line: i64,
    /// Who pays.
    pub customer: CustomerId,
    /// Its period.
    pub period: Period,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Before VAT.
    pub net: Pence,
    /// How it was worked out.
    pub working: Working,
    /// Tells apart several rates of the same days.
    pub part: i64,
    /// Lines of activity behind it, each with its price for all payers together.
    pub activity: Vec<(i64, Pence)>,
}

/// What was billed before, of one charge, payer and period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billed {
    /// Which charge of the contract.
    pub line: i64,
    /// Who was charged.
    pub customer: CustomerId,
    /// First day of its period.
    pub period_starts_on: NaiveDate,
    /// Before VAT; below zero where it took something back.
    pub net: Pence,
    /// How it was worked out.
    pub words: String,
    /// The run that billed it: the newest says which activity stands behind the period.
    pub run: i64,
    /// Lines of activity behind it.
    pub activity: Vec<i64>,
}

/// One period that comes to something else than was billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodChange {
    /// The period.
    pub period: Period,
    /// Billed before.
    pub was: Pence,
    /// What it comes to now.
    pub now: Pence,
    /// How it was worked out before.
    pub was_words: Vec<String>,
    /// How it is worked out now.
    pub now_words: Vec<String>,
    /// Lines of activity behind it now, each with its price.
    #[serde(default)]
    pub activity: Vec<(i64, Pence)>,
}

/// The net of everything that changed in billed periods, for one charge and payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Which charge of the contract.
    pub line: i64,
    /// Who pays, or gets back.
    pub customer: CustomerId,
    /// Above zero is more to pay.
    pub net: Pence,
    /// Period by period, with both workings.
    pub periods: Vec<PeriodChange>,
}

/// What is due of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Of periods never billed.
    pub charges: Vec<Charge>,
    /// Of periods billed before.
    pub adjustments: Vec<Adjustment>,
}

/// What decides the price of a day.
#[derive(PartialEq)]
pub(super) struct Facts<'a> {
    pub(super) rate: &'a DatedRate,
    pause: Option<&'a Break>,
    pub(super) payers: Vec<&'a Payer>,
}

/// What every payer is charged for a period; a line for each stretch of days with one rate, break and set of payers.
///
/// # Errors
/// `BIL-06-NO-RATE`, `BIL-06-NO-PAYER`, `BIL-03-NO-TERM`, `BIL-06-TOO-LARGE`.
pub fn charges_of_period(contract: &Agreement, period: Period, terms: &[Term]) -> Result<Vec<Charge>, Refusal> {
    let mut all = Vec::new();
    for line in &contract.lines {
        let first = period.starts_on.max(contract.charged_from()).max(line.from_on);
        let ends = [Some(period.ends_on), contract.charged_to(), line.to_on];
        let last = ends.into_iter().flatten().min().unwrap_or(period.ends_on);
        if let Some(activity) = line.activity.as_deref().filter(|_| first <= last) {
            charges_of_activity(contract, (line, activity), (first, last), period, &mut all)?;
        } else if first <= last {
            charges_of_line(contract, line, (first, last), period, terms, &mut all)?;
        }
    }
    Ok(all)
}

fn charges_of_line(
    contract: &Agreement,
    line: &ChargeTerms,
    (first, last): (NaiveDate, NaiveDate),
    period: Period,
    terms: &[Term],
    all: &mut Vec<Charge>,
) -> Result<(), Refusal> {
    let mut starts = changes(line, &contract.breaks, &contract.payers, first, last);
    starts.push(add_days(last, 1));
    let mut at = 0;
    while at + 1 < starts.len() {
        let facts = facts_of(contract, line, starts[at])?;
        let mut next = at + 1;
        while next + 1 < starts.len() && facts_of(contract, line, starts[next])? == facts {
            next += 1;
        }
        let days = (starts[at], add_days(starts[next], -1));
        charge_days(contract, line, &facts, days, period, terms, all)?;
        at = next;
    }
    Ok(())
}

/// The days in a span on which something about the charge may change, the first of them too.
pub(super) fn changes(
    line: &ChargeTerms,
    breaks: &[Break],
    payers: &[Payer],
    first: NaiveDate,
    last: NaiveDate,
) -> Vec<NaiveDate> {
    let after = |day: &Option<NaiveDate>| day.map(|day| add_days(day, 1));
    let mut days = vec![first];
    for rate in &line.rates {
        days.push(rate.from_on);
        days.extend(after(&rate.to_on));
    }
    for pause in breaks {
        days.push(pause.from_on);
        days.extend(after(&pause.to_on));
    }
    for payer in payers {
        days.push(payer.from_on);
        days.extend(after(&payer.to_on));
    }
    days.retain(|day| first <= *day && *day <= last);
    days.sort_unstable();
    days.dedup();
    days
}

pub(super) fn facts_of<'a>(
    contract: &'a Agreement,
    line: &'a ChargeTerms,
    day: NaiveDate,
) -> Result<Facts<'a>, Refusal> {
    let in_force = line.rates.iter().filter(|rate| rate.from_on <= day).max_by_key(|rate| rate.from_on);
    let rate = in_force
        .filter(|rate| rate.to_on.is_none_or(|to| day <= to))
        .ok_or_else(|| refusals::NO_RATE.because(format!("{} has no rate on {}", line.description, day_words(day))))?;
    let holds = |pause: &&Break| pause.from_on <= day && pause.to_on.is_none_or(|to| day <= to);
    let payers: Vec<&Payer> = contract.payers.iter().filter(|payer| payer.pays(line.line, day)).collect();
    if payers.is_empty() {
        let sentence = format!("Nobody pays {} on {}", line.description, day_words(day));
        return Err(refusals::NO_PAYER.because(sentence));
    }
    Ok(Facts { rate, pause: contract.breaks.iter().find(holds), payers })
}

fn charge_days(
    contract: &Agreement,
    line: &ChargeTerms,
    facts: &Facts<'_>,
    days: (NaiveDate, NaiveDate),
    period: Period,
    terms: &[Term],
    all: &mut Vec<Charge>,
) -> Result<(), Refusal> {
    let retained = facts.pause.map_or(BasisPoints(10_000), |pause| pause.retained);
    let units = units_of(line.unit, contract.cycle, period, days, terms)?;
    let whole = amount_of(facts.rate.rate_e4, line.quantity_e4, units, retained)?;
    let shares = share_out(whole, &facts.payers, units, retained)?;
    for (payer, net) in facts.payers.iter().zip(shares).filter(|(_, net)| *net != Pence::ZERO) {
        let working = Working {
            unit: line.unit,
            rate_e4: facts.rate.rate_e4,
            rate_from: facts.rate.from_on,
            source: facts.rate.source.clone(),
            quantity_e4: line.quantity_e4,
            days: (days.1 - days.0).num_days() + 1,
            units,
            retained,
            reason: facts.pause.map_or_else(String::new, |pause| pause.reason.clone()),
            clause: line.clause.clone(),
            whole,
            share: share_words(payer, facts.payers.len(), line.unit, net),
            activity: 0,
        };
        let ((from_on, to_on), customer) = (days, payer.customer);
        let (part, activity) = (0, Vec::new());
        all.push(Charge { line: line.line, customer, period, from_on, to_on, net, working, part, activity });
    }
    Ok(())
}

pub(super) fn share_words(payer: &Payer, payers: usize, unit: Unit, net: Pence) -> String {
    match payer.share {
        _ if payers == 1 => String::new(),
        Share::Fixed(rate_e4) => format!("of which {net}, at {} {}", rate_words(rate_e4), unit.each()),
        Share::Percent(e4) => format!("of which {}% is {net}", decimals(e4)),
        Share::Remainder => format!("of which the rest is {net}"),
    }
}

/// What is due of a contract up to and with a day that ends a period: charges of periods never billed, and the net of
/// what billed periods come to now against what was billed. `recheck_from` is the first day that a change touches.
///
/// # Errors
/// As [`charges_of_period`].
pub fn due(
    contract: &Agreement,
    billed: &[Billed],
    (billed_to, recheck_from): (NaiveDate, Option<NaiveDate>),
    until: NaiveDate,
    terms: &[Term],
) -> Result<Due, Refusal> {
    let from = recheck_from.map_or(add_days(billed_to, 1), |day| day.min(add_days(billed_to, 1)));
    let mut due = Due::default();
    let mut changes: BTreeMap<(i64, CustomerId), Vec<PeriodChange>> = BTreeMap::new();
    for period in contract.cycle.periods(from, until, terms) {
        let now = charges_of_period(contract, period, terms)?;
        if period.ends_on > billed_to {
            due.charges.extend(now);
        } else {
            for (key, change) in period_changes(billed, &now, period) {
                changes.entry(key).or_default().push(change);
            }
        }
    }
    due.adjustments = changes
        .into_iter()
        .map(|((line, customer), periods)| {
            let net = periods.iter().fold(Pence::ZERO, |sum, one| sum.plus(one.now).minus(one.was));
            Adjustment { line, customer, net, periods }
        })
        .collect();
    Ok(due)
}

/// Every charge and payer of a period that comes to something else than was billed.
fn period_changes(billed: &[Billed], now: &[Charge], period: Period) -> BTreeMap<(i64, CustomerId), PeriodChange> {
    let nothing = || PeriodChange {
        period,
        was: Pence::ZERO,
        now: Pence::ZERO,
        was_words: Vec::new(),
        now_words: Vec::new(),
        activity: Vec::new(),
    };
    let mut of_key: BTreeMap<(i64, CustomerId), PeriodChange> = BTreeMap::new();
    for one in billed.iter().filter(|one| one.period_starts_on == period.starts_on) {
        let change = of_key.entry((one.line, one.customer)).or_insert_with(nothing);
        change.was = change.was.plus(one.net);
        change.was_words.push(one.words.clone());
    }
    for one in now {
        let change = of_key.entry((one.line, one.customer)).or_insert_with(nothing);
        change.now = change.now.plus(one.net);
        let days = format!("{} to {}, ", day_words(one.from_on), day_words(one.to_on));
        change.now_words.push(days + &one.working.words());
        change.activity.extend(&one.activity);
    }
    of_key.retain(|key, change| change.was != change.now || change.activity_differs(*key, billed));
    of_key
}

impl PeriodChange {
    /// Whether other lines of activity stand behind the period than the last run knew, though it comes to the same.
    fn activity_differs(&self, (line, customer): (i64, CustomerId), billed: &[Billed]) -> bool {
        let same =
            |one: &&Billed| (one.line, one.customer, one.period_starts_on) == (line, customer, self.period.starts_on);
        let newest = billed.iter().filter(same).map(|one| one.run).max();
        let of_newest = billed.iter().filter(same).filter(|one| Some(one.run) == newest);
        let before: BTreeSet<i64> = of_newest.flat_map(|one| one.activity.iter().copied()).collect();
        before != self.activity.iter().map(|(id, _)| *id).collect()
    }
}

/// How much of a charge has been earned by a day, by days, and how much is left (CAL-06: 24 days of P13 in March).
pub fn earned_by(charge: &Charge, day: NaiveDate) -> (Pence, Pence) {
    let all = (charge.to_on - charge.from_on).num_days() + 1;
    let days = ((day - charge.from_on).num_days() + 1).clamp(0, all);
    let earned = divide_half_up(i128::from(charge.net.0) * i128::from(days), i128::from(all));
    let earned = Pence(i64::try_from(earned).expect("a part is no larger than the whole"));
    (earned, charge.net.minus(earned))
}

#[cfg(test)]
mod tests;
