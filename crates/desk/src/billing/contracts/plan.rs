//! What a run makes of contracts: invoices with the evidence of each line, credits to ask for, and who is left out.
use super::facts::{Loaded, Shared, billed_of};
use crate::Outcome;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use sundry_domain::billing::contracts::refusals::{PARKED, RECEIVER};
use sundry_domain::billing::contracts::{Adjustment, Charge, Due, Period, due};
use sundry_domain::billing::{LineAsk, PricedDocument, VatCode, may_charge_vat, may_use_tax_point, price_lines};
use sundry_domain::customers::receiver::{DocumentAsked, ReceiverRules};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::{LARGEST, Pence, divide_half_up};
use sundry_domain::reference::ReferenceBook;
use sundry_domain::refusal::Refusal;
use sundry_store::contracts::{ContractChargeRow, ContractLineRow, PayingRow};

/// Control totals of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunTotals {
    /// Contracts looked at.
    pub contracts: i64,
    /// Invoices.
    pub invoices: i64,
    /// Their lines.
    pub lines: i64,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// With VAT.
    pub gross_pence: i64,
    /// Net lines for what changed in billed periods.
    pub adjustments: i64,
    /// Their sum before VAT.
    pub adjustments_pence: i64,
    /// Credits that will wait for someone else's yes.
    pub credits: i64,
    /// Their sum before VAT.
    pub credits_pence: i64,
    /// Contracts left out, each with its reason.
    pub left: i64,
}

impl RunTotals {
    pub(super) fn add(&mut self, plan: &Plan) {
        self.contracts += 1;
        self.left += i64::from(plan.refused.is_some());
        for document in &plan.documents {
            self.invoices += 1;
            self.lines += document.asks.len() as i64;
            self.net_pence += document.priced.net.0;
            self.vat_pence += document.priced.vat.0;
            self.gross_pence += document.priced.gross.0;
            for behind in document.behind.iter().filter(|behind| behind.iter().any(|one| one.kind == "adjustment")) {
                self.adjustments += 1;
                self.adjustments_pence += behind.iter().map(|one| one.net.0).sum::<i64>();
            }
        }
        self.credits += plan.credits.len() as i64;
        self.credits_pence -= plan.credits.iter().map(|credit| credit.net.0).sum::<i64>();
    }
}

/// What every contract of a run needs to know.
pub(super) struct RunFacts {
    pub(super) today: NaiveDate,
    pub(super) up_to: NaiveDate,
    pub(super) vat_number: String,
    pub(super) vat_filed_until: Option<NaiveDate>,
    pub(super) book: Arc<ReferenceBook>,
    pub(super) shared: Shared,
    /// A number of the series that the invoices will come from.
    pub(super) number: String,
}

/// Those who pay contracts, and what they ask of invoices.
pub(super) struct Payers {
    pub(super) customers: HashMap<i64, PayingRow>,
    pub(super) rules: HashMap<i64, ReceiverRules>,
}

/// The evidence of a line, or of a part of it.
pub(super) struct Behind {
    pub(super) kind: &'static str,
    pub(super) line: i64,
    pub(super) period: Period,
    pub(super) from_on: NaiveDate,
    pub(super) to_on: NaiveDate,
    pub(super) net: Pence,
    pub(super) words: String,
    pub(super) was_words: String,
    pub(super) working: Option<serde_json::Value>,
    pub(super) part: i64,
    pub(super) activity: Vec<(i64, i64)>,
}

/// A line with its evidence.
type PlannedLine = (LineAsk, Vec<Behind>);

/// An invoice that a run would raise.
pub(super) struct PlannedDocument {
    pub(super) customer: PayingRow,
    pub(super) po_number: String,
    pub(super) buyer_reference: String,
    pub(super) supply_on: NaiveDate,
    pub(super) asks: Vec<LineAsk>,
    pub(super) priced: PricedDocument,
    pub(super) behind: Vec<Vec<Behind>>,
}

/// What a run makes of one contract.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) documents: Vec<PlannedDocument>,
    pub(super) credits: Vec<Adjustment>,
    /// Changes that come to nothing together.
    pub(super) nil: Vec<Adjustment>,
    pub(super) refused: Option<Refusal>,
    /// Sum of the last period that is billed now, where one is.
    pub(super) period_pence: Option<i64>,
    /// Why the sum may differ from the period before.
    pub(super) why: Vec<String>,
}

/// Plans one contract; a refusal leaves it out and stops nobody else.
pub(super) fn plan(facts: &RunFacts, loaded: &Loaded, before: &[ContractChargeRow], payers: &Payers) -> Outcome<Plan> {
    match try_plan(facts, loaded, before, payers)? {
        Ok(plan) => Ok(plan),
        Err(refusal) => Ok(Plan { refused: Some(refusal), ..Plan::default() }),
    }
}

/// The day up to which a contract is due, or was billed already.
fn until(facts: &RunFacts, loaded: &Loaded) -> NaiveDate {
    let (row, terms) = (&loaded.row, &facts.shared.terms);
    let due = loaded.cycle.due_until(row.in_advance, facts.up_to, terms);
    let billed = loaded.cycle.period_of(row.billed_to, terms).filter(|period| period.ends_on == row.billed_to);
    due.into_iter().chain(billed.map(|period| period.ends_on)).max().unwrap_or(NaiveDate::MIN)
}

fn try_plan(
    facts: &RunFacts,
    loaded: &Loaded,
    before: &[ContractChargeRow],
    payers: &Payers,
) -> Outcome<Result<Plan, Refusal>> {
    let row = &loaded.row;
    let billed: Vec<_> = before.iter().map(billed_of).collect();
    let at = (row.billed_to, row.recheck_from);
    let due = match due(&loaded.agreement, &billed, at, until(facts, loaded), &facts.shared.terms) {
        Ok(due) => due,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let codes = loaded.lines.iter().filter_map(|line| VatCode::parse(&line.vat_code));
    if let Err(refusal) = may_charge_vat(Some(&facts.vat_number), codes) {
        return Ok(Err(refusal));
    }
    let period_pence = last_period(&due);
    let why = reasons(loaded, &due);
    let (credits, more): (Vec<_>, Vec<_>) = due.adjustments.into_iter().partition(|one| one.net < Pence::ZERO);
    let (nil, more): (Vec<_>, Vec<_>) = more.into_iter().partition(|one| one.net == Pence::ZERO);
    let mut of_key: BTreeMap<(CustomerId, bool), Vec<PlannedLine>> = BTreeMap::new();
    for adjustment in &more {
        let Some(line) = line_of(loaded, adjustment.line) else { continue };
        let key = (adjustment.customer, line.vat_code == "O");
        of_key.entry(key).or_default().push(adjustment_line(loaded, line, adjustment)?);
    }
    for charge in due.charges {
        let Some(line) = line_of(loaded, charge.line) else { continue };
        let key = (charge.customer, line.vat_code == "O");
        of_key.entry(key).or_default().push(charge_line(loaded, line, charge)?);
    }
    let mut documents = Vec::with_capacity(of_key.len());
    for ((customer, _), lines) in of_key {
        match document(facts, loaded, (payers, customer), lines) {
            Ok(document) => documents.push(document),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Ok(Plan { documents, credits, nil, refused: None, period_pence, why }))
}

fn line_of(loaded: &Loaded, line: i64) -> Option<&ContractLineRow> {
    loaded.lines.iter().find(|row| row.line == line)
}

fn document(
    facts: &RunFacts,
    loaded: &Loaded,
    (payers, customer): (&Payers, CustomerId),
    lines: Vec<PlannedLine>,
) -> Result<PlannedDocument, Refusal> {
    let rules = payers.rules.get(&customer.0);
    let customer = payers.customers.get(&customer.0);
    let customer = customer.ok_or_else(|| PARKED.because("A payer of this contract is no customer of ours"))?;
    if customer.address.trim().is_empty() || customer.name.trim().is_empty() {
        return Err(PARKED.because(format!("Customer {} has no name or no address", customer.number)));
    }
    let (asks, behind): (Vec<LineAsk>, Vec<Vec<Behind>>) = lines.into_iter().unzip();
    let last = behind.iter().flatten().map(|one| one.to_on).max().unwrap_or(facts.today);
    let priced = price_lines(&asks, &facts.book, facts.today)?;
    if priced.gross <= Pence::ZERO || priced.gross > LARGEST {
        return Err(PARKED.because(format!("The invoice to {} would come to {}", customer.number, priced.gross)));
    }
    if priced.vat > Pence::ZERO {
        may_use_tax_point(facts.today, facts.vat_filed_until)?;
    }
    let pays = |payer: &&sundry_store::contracts::ContractPayerRow| {
        payer.customer_id == customer.id && !payer.po_number.is_empty() && payer.from_on <= last
    };
    let po_number = loaded.payers.iter().filter(pays).max_by_key(|payer| payer.from_on);
    let po_number = po_number.map_or_else(String::new, |payer| payer.po_number.clone());
    let buyer_reference = receivers_reference(facts, (customer, rules), &po_number, last)?;
    Ok(PlannedDocument {
        customer: customer.clone(),
        po_number,
        buyer_reference,
        supply_on: if last > facts.today { facts.today } else { last },
        asks,
        priced,
        behind,
    })
}

/// The customer's usual reference, where all that they ask of an invoice is met (BIL-16).
fn receivers_reference(
    facts: &RunFacts,
    (customer, rules): (&PayingRow, Option<&ReceiverRules>),
    order: &str,
    last_supply_on: NaiveDate,
) -> Result<String, Refusal> {
    let Some(rules) = rules else { return Ok(String::new()) };
    let asked = DocumentAsked {
        number: &facts.number,
        issue_on: facts.today,
        supply_on: Some(last_supply_on),
        order,
        reference: "",
        // What is outside the scope of VAT is an invoice of its own here.
        mixes_outside_scope: false,
    };
    let faults = rules.faults(&asked);
    if faults.is_empty() {
        return Ok(rules.reference_of("").to_owned());
    }
    let faults: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
    Err(RECEIVER.because(format!("Customer {} would send it back. {}", customer.number, faults.join("; "))))
}

fn words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn about(loaded: &Loaded, line: &ContractLineRow) -> String {
    match loaded.row.service_user.as_str() {
        "" => line.description.clone(),
        user => format!("{}, {user}", line.description),
    }
}

/// A line whose quantity and price multiply to its net: units × rate where they are whole, else one at the net.
fn charge_line(loaded: &Loaded, line: &ContractLineRow, charge: Charge) -> Outcome<PlannedLine> {
    let working = &charge.working;
    if working.activity > 0 {
        return delivered_line(loaded, line, charge);
    }
    let whole = working.units.den == 1 && working.retained.0 == 10_000 && working.share.is_empty();
    let many = i128::from(working.units.num) * i128::from(working.quantity_e4);
    let exact = divide_half_up(many * i128::from(working.rate_e4), 1_000_000) == i128::from(charge.net.0);
    let (quantity_e4, unit_price_e4) = match i64::try_from(many) {
        Ok(many) if whole && exact => (many, working.rate_e4),
        _ => (10_000, charge.net.0 * 100),
    };
    let days = format!("{} to {}", words(charge.from_on), words(charge.to_on));
    let description = format!("{}, {days}, {}", about(loaded, line), working.short());
    let behind = behind_charge(&charge)?;
    Ok((ask(loaded, line, description, (quantity_e4, unit_price_e4)), vec![behind]))
}

/// A line for what was delivered: quantity and rate where they multiply to its net, else one at the net.
fn delivered_line(loaded: &Loaded, line: &ContractLineRow, charge: Charge) -> Outcome<PlannedLine> {
    let working = &charge.working;
    let many = working.delivered_e4();
    let exact = divide_half_up(i128::from(many) * i128::from(working.rate_e4), 1_000_000) == i128::from(charge.net.0);
    let figures =
        if exact && working.share.is_empty() { (many, working.rate_e4) } else { (10_000, charge.net.0 * 100) };
    let days = format!("{} to {}", words(charge.from_on), words(charge.to_on));
    let description = format!("{}, {days}, {}", about(loaded, line), working.short());
    let behind = behind_charge(&charge)?;
    Ok((ask(loaded, line, description, figures), vec![behind]))
}

fn behind_charge(charge: &Charge) -> Outcome<Behind> {
    let working = &charge.working;
    Ok(Behind {
        kind: "charge",
        line: charge.line,
        period: charge.period,
        from_on: charge.from_on,
        to_on: charge.to_on,
        net: charge.net,
        words: working.words(),
        was_words: String::new(),
        working: Some(serde_json::to_value(working)?),
        part: charge.part,
        activity: added_up(&charge.activity),
    })
}

fn adjustment_line(loaded: &Loaded, line: &ContractLineRow, adjustment: &Adjustment) -> Outcome<PlannedLine> {
    let description = format!("{}, {}", about(loaded, line), adjustment_words(adjustment));
    let ask = ask(loaded, line, description, (10_000, adjustment.net.0 * 100));
    Ok((ask, behind_adjustment(adjustment)?))
}

/// `adjustment for 4 May 2026 to 31 May 2026: £940.00 now, £729.40 billed before`.
pub(super) fn adjustment_words(adjustment: &Adjustment) -> String {
    let first = adjustment.periods.first().map(|change| words(change.period.starts_on)).unwrap_or_default();
    let last = adjustment.periods.last().map(|change| words(change.period.ends_on)).unwrap_or_default();
    let sum = |of: fn(&sundry_domain::billing::contracts::PeriodChange) -> Pence| {
        adjustment.periods.iter().fold(Pence::ZERO, |sum, change| sum.plus(of(change)))
    };
    let (was, now) = (sum(|change| change.was), sum(|change| change.now));
    format!("adjustment for {first} to {last}: {now} now, {was} billed before")
}

/// One row of evidence for each period that changed.
pub(super) fn behind_adjustment(adjustment: &Adjustment) -> Outcome<Vec<Behind>> {
    let row = |change: &sundry_domain::billing::contracts::PeriodChange| -> Outcome<Behind> {
        Ok(Behind {
            kind: "adjustment",
            line: adjustment.line,
            period: change.period,
            from_on: change.period.starts_on,
            to_on: change.period.ends_on,
            net: change.now.minus(change.was),
            words: format!("{} now: {}", change.now, joined(&change.now_words)),
            was_words: format!("{} before: {}", change.was, joined(&change.was_words)),
            working: Some(serde_json::to_value(change)?),
            part: 0,
            activity: added_up(&change.activity),
        })
    };
    adjustment.periods.iter().map(row).collect()
}

/// Each line of activity once, with all of its prices: a range of days may be parted over several rates.
fn added_up(activity: &[(i64, Pence)]) -> Vec<(i64, i64)> {
    let mut of_line: BTreeMap<i64, i64> = BTreeMap::new();
    for (id, price) in activity {
        *of_line.entry(*id).or_default() += price.0;
    }
    of_line.into_iter().collect()
}

fn joined(words: &[String]) -> String {
    if words.is_empty() { "nothing".into() } else { words.join("; then ") }
}

fn ask(
    loaded: &Loaded,
    line: &ContractLineRow,
    description: String,
    (quantity_e4, unit_price_e4): (i64, i64),
) -> LineAsk {
    LineAsk {
        description,
        quantity_e4,
        unit_price_e4,
        vat_code: VatCode::parse(&line.vat_code).unwrap_or(VatCode::O),
        gross_entered: false,
        income_code: line.income_code.clone(),
        cost_centre: loaded.row.cost_centre.clone(),
    }
}

fn last_period(due: &Due) -> Option<i64> {
    let last = due.charges.iter().map(|charge| charge.period.starts_on).max()?;
    Some(due.charges.iter().filter(|charge| charge.period.starts_on == last).map(|charge| charge.net.0).sum())
}

/// Why the last period comes to something else than the one before it, in words.
fn reasons(loaded: &Loaded, due: &Due) -> Vec<String> {
    let mut why = Vec::new();
    let Some(last) = due.charges.iter().map(|charge| charge.period).max() else { return why };
    let mut say = |text: String| {
        if !why.contains(&text) {
            why.push(text);
        }
    };
    if !loaded.row.recheck_why.is_empty() {
        say(loaded.row.recheck_why.clone());
    }
    if loaded.row.starts_on > last.starts_on {
        say(format!("Starts on {}", words(loaded.row.starts_on)));
    }
    if let Some(end) = loaded.row.ends_on.filter(|end| *end <= last.ends_on) {
        say(format!("Ends on {}", words(end)));
    }
    for charge in due.charges.iter().filter(|charge| charge.period == last) {
        if charge.working.rate_from > last.starts_on || charge.working.rate_from == charge.from_on {
            say(format!("Rate from {}", words(charge.working.rate_from)));
        }
        if !charge.working.reason.is_empty() {
            say(charge.working.reason.clone());
        }
    }
    why
}
