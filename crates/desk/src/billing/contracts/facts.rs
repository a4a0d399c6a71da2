//! Contracts as the rules need them, read a range at a time.
use super::typed::of_stored;
use crate::{Fault, Outcome};
use std::collections::HashMap;
use sundry_domain::billing::contracts::{Agreement, Billed, Break, ChargeTerms, Cycle, DatedRate, Payer, Term, Unit};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_store::Tx;
use sundry_store::contracts::{
    self as rows, ContractBreakRow, ContractChargeRow, ContractLineRow, ContractPayerRow, ContractRange,
    ContractRateRow, ContractRow, RateLineRow,
};

/// What all contracts share: terms and rate cards.
pub(super) struct Shared {
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

pub(super) async fn shared(tx: &mut Tx, org: OrgId) -> Outcome<Shared> {
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
pub(super) struct Loaded {
    pub(super) row: ContractRow,
    pub(super) cycle: Cycle,
    pub(super) agreement: Agreement,
    pub(super) lines: Vec<ContractLineRow>,
    pub(super) payers: Vec<ContractPayerRow>,
    pub(super) breaks: Vec<ContractBreakRow>,
}

/// Reads what hangs on contracts that lie in a range.
pub(super) async fn load(
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
    let mut all = Vec::with_capacity(contracts.len());
    for row in contracts {
        let id = row.id;
        let of_it = (
            lines.remove(&id).unwrap_or_default(),
            rates.remove(&id).unwrap_or_default(),
            payers.remove(&id).unwrap_or_default(),
            breaks.remove(&id).unwrap_or_default(),
        );
        all.push(loaded(shared, row, of_it)?);
    }
    Ok(all)
}

/// One contract with all that hangs on it.
pub(super) async fn load_one(tx: &mut Tx, org: OrgId, shared: &Shared, row: ContractRow) -> Outcome<Loaded> {
    let of = ContractRange { first: row.id, last: row.id, up_to: row.starts_on };
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

fn loaded(shared: &Shared, row: ContractRow, (lines, rates, payers, breaks): Hanging) -> Outcome<Loaded> {
    let broken = |what: &str| Fault::new(format!("contract {} has a {what} that cannot be read", row.number));
    let cycle = Cycle::parse(&row.cycle).ok_or_else(|| broken("cycle"))?;
    let mut terms = Vec::with_capacity(lines.len());
    for line in &lines {
        let unit = Unit::parse(&line.unit).ok_or_else(|| broken("unit"))?;
        terms.push(charge_terms(line, unit, rates_of(shared, line, &rates)));
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
    }
}

/// What was billed of changed contracts, by contract.
pub(super) async fn billed_before(
    tx: &mut Tx,
    org: OrgId,
    of: &ContractRange,
) -> Outcome<HashMap<i64, Vec<ContractChargeRow>>> {
    Ok(by_contract(rows::charges_to_recheck(tx, org, of).await?, |row| row.contract_id))
}
