//! Contracts as the rules need them, read a range at a time.
use super::typed::of_stored;
use crate::{Fault, Outcome};
use std::collections::HashMap;
use sundry_domain::billing::contracts::{
    Agreement, Billed, Break, ChargeTerms, Cycle, DatedRate, Delivered, Payer, Term, Unit,
};
use sundry_domain::calendar::add_days;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_store::Tx;
use sundry_store::activity::{self, DeliveredRow};
use sundry_store::contracts::{
    self as rows, ContractBreakRow, ContractChargeRow, ContractLineRow, ContractPayerRow, ContractRange,
    ContractRateRow, ContractRow, RateLineRow,
};

/// What all contracts share: terms and rate cards.
pub(in crate::billing) struct Shared {
    pub(super) terms: Vec<Term>,
    codes: HashMap<i64, String>,
    rates: HashMap<(i64, String), Vec<RateLineRow>>,
}

impl Shared {
    pub(super) fn card_code(&self, card: Option<i64>) -> String {
        card.and_then(|card| self.codes.get(&card)).cloned().unwrap_or_default()
    }

    /// The dated rates of a card's line.
    pub(super) fn card_rates(&self, card: i64, service_code: &str) -> Vec<DatedRate> {
        let lines = self.rates.get(&(card, service_code.to_owned()));
        let source = format!("{} {service_code}", self.card_code(Some(card)));
        let rate = |line: &RateLineRow| DatedRate {
            from_on: line.from_on,
            to_on: line.to_on,
            rate_e4: line.rate_e4,
            source: source.clone(),
        };
        lines.into_iter().flatten().map(rate).collect()
    }

    /// The newest of a card's lines for a service.
    pub(super) fn card_line(&self, card: i64, service_code: &str) -> Option<&RateLineRow> {
        self.rates.get(&(card, service_code.to_owned())).and_then(|lines| lines.last())
    }
}

pub(in crate::billing) async fn shared(tx: &mut Tx, org: OrgId) -> Outcome<Shared> {
    let term = |(name, starts_on, ends_on)| Term { name, starts_on, ends_on };
    let mut rates: HashMap<(i64, String), Vec<RateLineRow>> = HashMap::new();
    for line in rows::rate_lines(tx, org).await? {
        rates.entry((line.card_id, line.service_code.clone())).or_default().push(line);
    }
    Ok(Shared {
        terms: rows::term_dates(tx, org).await?.into_iter().map(term).collect(),
        codes: rows::rate_cards(tx, org).await?.into_iter().map(|card| (card.id, card.code)).collect(),
        rates,
    })
}

/// A contract with all that hangs on it.
pub(in crate::billing) struct Loaded {
    pub(in crate::billing) row: ContractRow,
    pub(super) cycle: Cycle,
    pub(in crate::billing) agreement: Agreement,
    pub(in crate::billing) lines: Vec<ContractLineRow>,
    pub(super) payers: Vec<ContractPayerRow>,
    pub(super) breaks: Vec<ContractBreakRow>,
}

/// Reads what hangs on contracts that lie in a range.
pub(in crate::billing) async fn load(
    tx: &mut Tx,
    org: OrgId,
    shared: &Shared,
    contracts: Vec<ContractRow>,
    of: &ContractRange,
) -> Outcome<Vec<Loaded>> {
    let mut lines = by_contract(rows::contract_lines(tx, org, of).await?, |row| row.contract_id);
    let mut rates = by_contract(rows::contract_rates(tx, org, of).await?, |row| row.contract_id);
    let mut payers = by_contract(rows::contract_payers(tx, org, of).await?, |row| row.contract_id);
    let mut breaks = by_contract(rows::contract_breaks(tx, org, of).await?, |row| row.contract_id);
    let activity = activity_of(tx, org, shared, &contracts, (of, lines.values().flatten())).await?;
    let mut all = Vec::with_capacity(contracts.len());
    for row in contracts {
        let id = row.id;
        let of_it = (
            lines.remove(&id).unwrap_or_default(),
            rates.remove(&id).unwrap_or_default(),
            payers.remove(&id).unwrap_or_default(),
            breaks.remove(&id).unwrap_or_default(),
        );
        all.push(loaded(shared, row, of_it, &activity)?);
    }
    Ok(all)
}

/// What was accepted of a contract's charge.
type Activity = HashMap<(i64, i64), Vec<Delivered>>;

/// What was accepted of contracts by activity in periods that are not billed yet or looked at again.
async fn activity_of(
    tx: &mut Tx,
    org: OrgId,
    shared: &Shared,
    contracts: &[ContractRow],
    (of, mut lines): (&ContractRange, impl Iterator<Item = &ContractLineRow>),
) -> Outcome<Activity> {
    let mut all = Activity::new();
    if of.up_to.is_none() || !lines.any(|line| line.by_activity) {
        return Ok(all);
    }
    let first = |row: &ContractRow| {
        let next = add_days(row.billed_to, 1);
        let day = row.recheck_from.map_or(next, |day| day.min(next));
        let period = Cycle::parse(&row.cycle)?.period_of(day, &shared.terms)?;
        Some(period.starts_on)
    };
    let Some(since) = contracts.iter().filter_map(first).min() else { return Ok(all) };
    for row in activity::delivered(tx, org, of, since).await? {
        let DeliveredRow { id, contract_id, line, from_on, to_on, quantity_e4, rate_e4 } = row;
        let one = Delivered { id, from_on, to_on, quantity_e4, rate_e4 };
        all.entry((contract_id, line)).or_default().push(one);
    }
    Ok(all)
}

/// One contract with all that hangs on it.
pub(super) async fn load_one(tx: &mut Tx, org: OrgId, shared: &Shared, row: ContractRow) -> Outcome<Loaded> {
    let of = ContractRange { first: row.id, last: row.id, up_to: Some(row.starts_on) };
    let mut all = load(tx, org, shared, vec![row], &of).await?;
    all.pop().ok_or_else(|| Fault::new("a contract was not read").into())
}

fn by_contract<T>(rows: Vec<T>, of: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut all: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(of(&row)).or_default().push(row);
    }
    all
}

type Hanging = (Vec<ContractLineRow>, Vec<ContractRateRow>, Vec<ContractPayerRow>, Vec<ContractBreakRow>);

fn loaded(
    shared: &Shared,
    row: ContractRow,
    (lines, rates, payers, breaks): Hanging,
    activity: &Activity,
) -> Outcome<Loaded> {
    let broken = |what: &str| Fault::new(format!("contract {} has a {what} that cannot be read", row.number));
    let cycle = Cycle::parse(&row.cycle).ok_or_else(|| broken("cycle"))?;
    let mut terms = Vec::with_capacity(lines.len());
    for line in &lines {
        let unit = Unit::parse(&line.unit).ok_or_else(|| broken("unit"))?;
        let mut charge = charge_terms(line, unit, rates_of(shared, line, &rates));
        if line.by_activity {
            charge.activity = Some(activity.get(&(row.id, line.line)).cloned().unwrap_or_default());
        }
        terms.push(charge);
    }
    let agreement = Agreement {
        cycle,
        in_advance: row.in_advance,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        charge_first_day: row.charge_first_day,
        charge_last_day: row.charge_last_day,
        lines: terms,
        breaks: breaks.iter().map(break_of).collect(),
        payers: payers.iter().map(payer_of).collect(),
    };
    Ok(Loaded { row, cycle, agreement, lines, payers, breaks })
}

fn rates_of(shared: &Shared, line: &ContractLineRow, own: &[ContractRateRow]) -> Vec<DatedRate> {
    match line.card_id {
        Some(card) => shared.card_rates(card, &line.service_code),
        None => own.iter().filter(|rate| rate.line == line.line).map(rate_of).collect(),
    }
}

pub(super) fn charge_terms(line: &ContractLineRow, unit: Unit, rates: Vec<DatedRate>) -> ChargeTerms {
    ChargeTerms {
        line: line.line,
        description: line.description.clone(),
        unit,
        quantity_e4: line.quantity_e4,
        from_on: line.from_on,
        to_on: line.to_on,
        rates,
        clause: line.clause.clone(),
        activity: line.by_activity.then(Vec::new),
    }
}

pub(super) fn rate_of(row: &ContractRateRow) -> DatedRate {
    DatedRate { from_on: row.from_on, to_on: row.to_on, rate_e4: row.rate_e4, source: row.why.clone() }
}

pub(super) fn payer_of(row: &ContractPayerRow) -> Payer {
    Payer {
        customer: CustomerId(row.customer_id),
        line: row.line,
        from_on: row.from_on,
        to_on: row.to_on,
        share: of_stored(&row.share, row.share_e4),
        lead: row.is_lead,
    }
}

pub(super) fn break_of(row: &ContractBreakRow) -> Break {
    Break { from_on: row.from_on, to_on: row.to_on, retained: BasisPoints(row.retained_bp), reason: row.reason.clone() }
}

pub(super) fn billed_of(row: &ContractChargeRow) -> Billed {
    Billed {
        line: row.line,
        customer: CustomerId(row.customer_id),
        period_starts_on: row.period_starts_on,
        net: Pence(row.net_pence),
        words: row.words.clone(),
        run: row.run_id,
        activity: row.activity.iter().map(|(id, _)| *id).collect(),
    }
}

/// What was billed of changed contracts, by contract.
pub(super) async fn billed_before(
    tx: &mut Tx,
    org: OrgId,
    of: &ContractRange,
) -> Outcome<HashMap<i64, Vec<ContractChargeRow>>> {
    let mut charges = rows::charges_to_recheck(tx, org, of).await?;
    if !charges.is_empty() {
        let mut behind: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
        for (charge, activity, priced) in rows::activity_behind(tx, org, of).await? {
            behind.entry(charge).or_default().push((activity, priced));
        }
        for charge in &mut charges {
            charge.activity = behind.remove(&charge.id).unwrap_or_default();
        }
    }
    Ok(by_contract(charges, |row| row.contract_id))
}
