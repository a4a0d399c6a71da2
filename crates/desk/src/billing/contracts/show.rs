//! Contracts in a list, one with all that hangs on it, and the evidence behind the lines of an invoice (BIL-17).
use super::facts::{Loaded, load_one, shared};
use super::typed::{decimals, share_words};
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::billing::contracts::{Term, charges_of_period};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};
use sundry_store::Tx;
use sundry_store::activity::{ActivityBehind, activity_of_document};
use sundry_store::contracts::{
    self as rows, ContractBreakRow, ContractChangeRow, ContractChargeRow, ContractFilter, ContractOfList,
    ContractRange, ContractRow,
};
use sundry_store::{billing, customers};

/// Which contracts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContractsAsk {
    /// Of one service.
    pub service: String,
    /// Of one payer, by number.
    pub customer: String,
    /// Of one service user.
    pub service_user: String,
    /// running, ended, or waiting to be billed; empty for all.
    pub state: String,
    /// The `next` of the page before; none for the first.
    pub before: Option<i64>,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of contracts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContractsPage {
    /// Newest first.
    pub rows: Vec<ContractOfList>,
    /// Give this as `before` for the next page; none on the last.
    pub next: Option<i64>,
}

/// A charge of a contract with its rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractLineSeen {
    /// Its place.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// The rate card, if not a rate of its own.
    pub card: String,
    /// The rate card's line.
    pub service_code: String,
    /// What its rate is for.
    pub unit: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// The clause it rests on.
    pub clause: String,
    /// Whether what was delivered is charged, and not the plan.
    pub by_activity: bool,
    /// Of activity at most so many a week, in ten-thousandths.
    pub agreed_e4: Option<i64>,
    /// First day, last day, ten-thousandths of a pound and source of each rate, newest first.
    pub rates: Vec<(NaiveDate, Option<NaiveDate>, i64, String)>,
}

/// A payer of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractPayerSeen {
    /// Customer number.
    pub customer: String,
    /// Name.
    pub name: String,
    /// The charge it is for; every one when not said.
    pub line: Option<i64>,
    /// `60%`, `£20.00`, `the rest`.
    pub share: String,
    /// Takes the odd pennies.
    pub lead: bool,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// Purchase order.
    pub po_number: String,
}

/// What was billed, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSeen {
    /// Number of the contract.
    pub contract: String,
    /// Which charge.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// Who was charged.
    pub customer: String,
    /// charge or adjustment.
    pub kind: String,
    /// billed, asked or refused.
    pub state: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Before VAT.
    pub net_pence: i64,
    /// How it was worked out.
    pub words: String,
    /// How it was worked out before, for an adjustment.
    pub was_words: String,
    /// The clause it rests on.
    pub clause: String,
    /// Where the rate comes from.
    pub source: String,
    /// The invoice.
    pub document: String,
    /// Its line.
    pub document_line: Option<i64>,
    /// The approval that a credit waits for, or got.
    pub approval: String,
    /// Lines of activity behind it; only where the evidence of an invoice is asked for.
    pub activity: Vec<ActivityBehind>,
}

/// An invoice to come, as the contract stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextInvoice {
    /// First day of the period.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Customer number and sum before VAT of each payer.
    pub payers: Vec<(String, i64)>,
    /// Before VAT.
    pub net_pence: i64,
    /// Why it cannot be worked out; empty when it can.
    pub missing: String,
}

/// A contract with all that hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContractShown {
    /// The contract.
    pub contract: ContractRow,
    /// Its charges.
    pub lines: Vec<ContractLineSeen>,
    /// Who pays, and paid.
    pub payers: Vec<ContractPayerSeen>,
    /// Days that are not charged, or in part.
    pub breaks: Vec<ContractBreakRow>,
    /// What was changed, newest first.
    pub changes: Vec<ContractChangeRow>,
    /// What was billed, newest first, at most 200.
    pub charges: Vec<ChargeSeen>,
    /// The next three periods.
    pub next: Vec<NextInvoice>,
}

/// Contracts, newest first.
pub async fn contracts_list(desk: &Desk, by: &Actor, ask: ContractsAsk) -> Outcome<ContractsPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let mut look = desk.look().await?;
    let customer = match ask.customer.trim() {
        "" => None,
        number => Some(crate::customers::find(&mut look, by.org, number).await?.id),
    };
    let service_user = ask.service_user.trim().to_uppercase();
    let filter = ContractFilter { service: ask.service.trim().into(), customer, service_user, state: ask.state };
    let before = ask.before.unwrap_or(i64::MAX);
    let at = (desk.today(), before, limit + 1);
    let mut rows = rows::contracts_page(&mut look, by.org, &filter, at).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id);
    Ok(ContractsPage { rows, next })
}

/// One contract with all that hangs on it, and the next three invoices.
///
/// # Errors
/// Absent when there is no such contract here.
pub async fn contract(desk: &Desk, by: &Actor, number: &str) -> Outcome<ContractShown> {
    by.must_hold(Duty::View)?;
    let (org, number) = (by.org, number.trim());
    let mut look = desk.look().await?;
    let row = rows::contract_numbered(&mut look, org, number).await?;
    let row = row.ok_or_else(|| No::Absent(format!("contract {number}")))?;
    let shared = shared(&mut look, org).await?;
    let loaded = load_one(&mut look, org, &shared, row).await?;
    let charges = rows::charges_of_contract(&mut look, org, loaded.row.id, 200).await?;
    let customers = customers_of(&mut look, org, &loaded, &charges).await?;
    let of = ContractRange { first: loaded.row.id, last: loaded.row.id, up_to: Some(desk.today()) };
    let changes = rows::contract_changes(&mut look, org, &of).await?;
    let seen = seen(&mut look, org, charges).await?;
    let code = |card| shared.card_code(card);
    Ok(ContractShown {
        lines: lines_seen(&loaded, code),
        payers: payers_seen(&loaded, &customers),
        next: next_three(&loaded, &shared.terms, &customers),
        breaks: loaded.breaks,
        changes,
        charges: seen,
        contract: loaded.row,
    })
}

type Customers = HashMap<i64, (String, String)>;

async fn customers_of(tx: &mut Tx, org: OrgId, loaded: &Loaded, charges: &[ContractChargeRow]) -> Outcome<Customers> {
    let mut all = Customers::new();
    let ids = loaded.payers.iter().map(|payer| payer.customer_id).chain(charges.iter().map(|row| row.customer_id));
    for id in ids {
        if let std::collections::hash_map::Entry::Vacant(place) = all.entry(id)
            && let Some(customer) = customers::customer(tx, org, CustomerId(id)).await?
        {
            place.insert((customer.number, customer.name));
        }
    }
    Ok(all)
}

fn lines_seen(loaded: &Loaded, code: impl Fn(Option<i64>) -> String) -> Vec<ContractLineSeen> {
    let seen = |(row, terms): (&rows::ContractLineRow, &sundry_domain::billing::contracts::ChargeTerms)| {
        let mut rates: Vec<_> =
            terms.rates.iter().map(|rate| (rate.from_on, rate.to_on, rate.rate_e4, rate.source.clone())).collect();
        rates.reverse();
        ContractLineSeen {
            line: row.line,
            description: row.description.clone(),
            card: code(row.card_id),
            service_code: row.service_code.clone(),
            unit: row.unit.clone(),
            quantity_e4: row.quantity_e4,
            vat_code: row.vat_code.clone(),
            income_code: row.income_code.clone(),
            clause: row.clause.clone(),
            by_activity: row.by_activity,
            agreed_e4: row.agreed_e4,
            rates,
        }
    };
    loaded.lines.iter().zip(&loaded.agreement.lines).map(seen).collect()
}

fn payers_seen(loaded: &Loaded, customers: &Customers) -> Vec<ContractPayerSeen> {
    let seen = |row: &rows::ContractPayerRow| {
        let (customer, name) = customers.get(&row.customer_id).cloned().unwrap_or_default();
        ContractPayerSeen {
            customer,
            name,
            line: row.line,
            share: share_words(&row.share, row.share_e4),
            lead: row.is_lead,
            from_on: row.from_on,
            to_on: row.to_on,
            po_number: row.po_number.clone(),
        }
    };
    loaded.payers.iter().map(seen).collect()
}

/// The next three periods as the contract stands.
fn next_three(loaded: &Loaded, terms: &[Term], customers: &Customers) -> Vec<NextInvoice> {
    let mut all = Vec::new();
    let mut at = add_days(loaded.row.billed_to, 1);
    while all.len() < 3
        && let Some(period) = loaded.cycle.period_from(at, terms)
        && loaded.row.ends_on.is_none_or(|end| period.starts_on <= end)
    {
        at = add_days(period.ends_on, 1);
        let (from_on, to_on) = (period.starts_on, period.ends_on);
        let mut next = NextInvoice { from_on, to_on, payers: Vec::new(), net_pence: 0, missing: String::new() };
        match charges_of_period(&loaded.agreement, period, terms) {
            Ok(charges) => {
                for charge in charges {
                    let number = customers.get(&charge.customer.0).map(|one| one.0.clone()).unwrap_or_default();
                    next.net_pence += charge.net.0;
                    match next.payers.iter_mut().find(|(of, _)| *of == number) {
                        Some((_, sum)) => *sum += charge.net.0,
                        None => next.payers.push((number, charge.net.0)),
                    }
                }
            }
            Err(refusal) => next.missing = refusal.sentence,
        }
        all.push(next);
    }
    all
}

/// What stands behind the lines of an invoice that a contract raised; empty for any other.
///
/// # Errors
/// Absent when there is no such invoice here.
pub async fn evidence(desk: &Desk, by: &Actor, invoice: &str) -> Outcome<Vec<ChargeSeen>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let found = billing::document_numbered(&mut look, by.org, "invoice", invoice.trim()).await?;
    let found = found.ok_or_else(|| No::Absent(format!("invoice {}", invoice.trim())))?;
    let charges = rows::charges_of_document(&mut look, by.org, DocumentId(found.id)).await?;
    let ids: Vec<i64> = charges.iter().map(|row| row.id).collect();
    let mut all = seen(&mut look, by.org, charges).await?;
    for one in activity_of_document(&mut look, by.org, DocumentId(found.id)).await? {
        if let Some(place) = ids.iter().position(|id| *id == one.charge_id) {
            all[place].activity.push(one);
        }
    }
    Ok(all)
}

async fn seen(tx: &mut Tx, org: OrgId, charges: Vec<ContractChargeRow>) -> Outcome<Vec<ChargeSeen>> {
    let (mut contracts, mut documents, mut payers) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut all = Vec::with_capacity(charges.len());
    for row in charges {
        if let std::collections::hash_map::Entry::Vacant(place) = contracts.entry(row.contract_id) {
            place.insert(described(tx, org, row.contract_id).await?);
        }
        if let Some(id) = row.document_id
            && let std::collections::hash_map::Entry::Vacant(place) = documents.entry(id)
        {
            let document = billing::document(tx, org, DocumentId(id)).await?;
            place.insert(document.map_or_else(String::new, |document| document.number));
        }
        if let std::collections::hash_map::Entry::Vacant(place) = payers.entry(row.customer_id) {
            let customer = customers::customer(tx, org, CustomerId(row.customer_id)).await?;
            place.insert(customer.map_or_else(String::new, |customer| customer.number));
        }
        let (contract, lines) = &contracts[&row.contract_id];
        let line = lines.iter().find(|line| line.line == row.line);
        let source = row.working.as_ref().and_then(|working| working.get("source")?.as_str().map(str::to_owned));
        all.push(ChargeSeen {
            contract: contract.clone(),
            line: row.line,
            description: line.map_or_else(String::new, |line| line.description.clone()),
            customer: payers[&row.customer_id].clone(),
            kind: row.kind,
            state: row.state,
            from_on: row.from_on,
            to_on: row.to_on,
            net_pence: row.net_pence,
            words: row.words,
            was_words: row.was_words,
            clause: line.map_or_else(String::new, |line| line.clause.clone()),
            source: source.unwrap_or_default(),
            document: row.document_id.and_then(|id| documents.get(&id)).cloned().unwrap_or_default(),
            document_line: row.document_line,
            approval: row.approval,
            activity: Vec::new(),
        });
    }
    Ok(all)
}

async fn described(tx: &mut Tx, org: OrgId, contract: i64) -> Outcome<(String, Vec<rows::ContractLineRow>)> {
    let of = ContractRange { first: contract, last: contract, up_to: None };
    let number = rows::contract_number(tx, org, contract).await?.unwrap_or_default();
    Ok((number, rows::contract_lines(tx, org, &of).await?))
}

impl ContractLineSeen {
    /// The rate that holds on a day, in pounds; empty where there is none.
    pub fn rate_on(&self, day: NaiveDate) -> String {
        let holds = |rate: &&(NaiveDate, Option<NaiveDate>, i64, String)| rate.0 <= day;
        self.rates.iter().find(holds).map_or_else(String::new, |rate| decimals(rate.2, 2))
    }
}
