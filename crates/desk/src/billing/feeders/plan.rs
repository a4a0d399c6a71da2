//! What rows make: one invoice for each customer and document, priced, and refused by the rules of any invoice.
use super::super::many::Ready;
use crate::customers::receiver::rules_in;
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use sundry_domain::billing::feeders::Field;
use sundry_domain::billing::{
    LineAsk, TaxPointFacts, VatCode, may_charge_vat, may_use_tax_point, price_lines, tax_point,
};
use sundry_domain::calendar::add_days;
use sundry_domain::customers::receiver::{DocumentAsked, ReceiverRules};
use sundry_domain::ids::OrgId;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::reference::ReferenceBook;
use sundry_store::Tx;
use sundry_store::billing::vat::vat_filed_until;
use sundry_store::control::{self, organisation};
use sundry_store::customers::receiver::receivers;
use sundry_store::feeders::FeederRow;
use sundry_store::feeders::rows::{ChargeRow, ChargedRow, charged_by_id};

/// Control totals of a file's invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeederTotals {
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
    /// Invoices that could no longer be raised: their rows are rejects now.
    pub left: i64,
}

impl FeederTotals {
    pub(super) fn add(&mut self, ready: &Ready) {
        self.invoices += 1;
        self.lines += ready.asks.len() as i64;
        self.net_pence += ready.priced.net.0;
        self.vat_pence += ready.priced.vat.0;
        self.gross_pence += ready.priced.gross.0;
    }
}

/// What every invoice of a file needs to know.
pub(super) struct Facts {
    pub(super) today: NaiveDate,
    pub(super) vat_number: String,
    vat_filed_until: Option<NaiveDate>,
    book: Arc<ReferenceBook>,
    number: String,
}

impl Facts {
    pub(super) async fn load(tx: &mut Tx, desk: &Desk, org: OrgId) -> Outcome<Facts> {
        let organisation = organisation(tx, org).await?.ok_or_else(|| Fault::new("the organisation is missing"))?;
        let next = control::number_to_come(tx, org, "INV").await?;
        Ok(Facts {
            today: desk.today(),
            vat_number: organisation.vat_number,
            vat_filed_until: vat_filed_until(tx, org).await?,
            book: desk.book(),
            number: format!("INV-{next:06}"),
        })
    }
}

/// An invoice of a file, or why there is none: the field at fault and what would be right.
pub(super) struct Planned {
    pub(super) place: i64,
    pub(super) ready: Result<Ready, (Field, String)>,
}

/// Plans the invoices of these rows, in order of place.
pub(super) async fn plan(
    tx: &mut Tx,
    org: OrgId,
    facts: &Facts,
    feeder: &FeederRow,
    rows: &[ChargeRow],
) -> Outcome<Vec<Planned>> {
    let mut by_place: HashMap<i64, Vec<&ChargeRow>> = HashMap::new();
    for row in rows {
        by_place.entry(row.place).or_default().push(row);
    }
    let mut ids: Vec<i64> = rows.iter().map(|row| row.customer_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let customers: HashMap<i64, ChargedRow> =
        charged_by_id(tx, org, &ids).await?.into_iter().map(|one| (one.id, one)).collect();
    let rules: HashMap<i64, ReceiverRules> =
        receivers(tx, org, &ids).await?.into_iter().map(|row| (row.customer_id, rules_in(row))).collect();
    let mut places: Vec<i64> = by_place.keys().copied().collect();
    places.sort_unstable();
    let none = ReceiverRules::default();
    let planned = places.into_iter().map(|place| {
        let rows = &by_place[&place];
        let customer = rows[0].customer_id;
        let ready = ready(facts, feeder, customers.get(&customer), rules.get(&customer).unwrap_or(&none), rows);
        Planned { place, ready }
    });
    Ok(planned.collect())
}

fn ready(
    facts: &Facts,
    feeder: &FeederRow,
    customer: Option<&ChargedRow>,
    rules: &ReceiverRules,
    rows: &[&ChargeRow],
) -> Result<Ready, (Field, String)> {
    let customer = customer.ok_or((Field::Customer, "the number of a customer we have".to_owned()))?;
    if customer.address.trim().is_empty() || customer.name.trim().is_empty() {
        return Err((Field::Customer, format!("a customer with an address: enter that of {}", customer.number)));
    }
    let asks: Vec<LineAsk> = rows.iter().map(|row| ask(feeder, row)).collect();
    let supplied_on = rows.iter().filter_map(|row| row.supplied_on).max();
    check_rules(facts, rules, rows[0], &asks, supplied_on)?;
    let no = |field: Field| {
        move |refusal: sundry_domain::refusal::Refusal| (field, format!("{}. {}", refusal.sentence, refusal.way_out))
    };
    may_charge_vat(Some(&facts.vat_number), asks.iter().map(|line| line.vat_code)).map_err(no(Field::VatCode))?;
    let supply_on = supplied_on.unwrap_or(facts.today);
    let tax = TaxPointFacts { supply_on, issue_on: facts.today, paid_on: None, continuous: false, elected_out: false };
    let tax_point_on = tax_point(&tax);
    let priced = price_lines(&asks, &facts.book, tax_point_on).map_err(no(Field::Amount))?;
    if priced.gross <= Pence::ZERO || priced.gross > LARGEST {
        return Err((Field::Amount, "an invoice of between £0.01 and £10,000,000,000".into()));
    }
    if priced.vat > Pence::ZERO {
        may_use_tax_point(tax_point_on, facts.vat_filed_until).map_err(no(Field::SuppliedOn))?;
    }
    let head = rows[0];
    let reason = if head.document.is_empty() {
        format!("{} {}", feeder.code, head.reference)
    } else {
        format!("{} {}", feeder.code, head.document)
    };
    Ok(Ready {
        customer: customer.id,
        supply_on,
        tax_point_on,
        due_on: add_days(facts.today, customer.terms_days),
        po_number: head.po_number.clone(),
        buyer_reference: rules.reference_of("").to_owned(),
        service: head.service.clone(),
        debt_type: feeder.debt_type.clone(),
        cost_centre: head.cost_centre.clone(),
        reason,
        asks,
        priced,
    })
}

fn ask(feeder: &FeederRow, row: &ChargeRow) -> LineAsk {
    let description = if row.service_user.is_empty() {
        row.description.clone()
    } else {
        format!("{}, {}", row.description, row.service_user)
    };
    LineAsk {
        description,
        quantity_e4: 10_000,
        unit_price_e4: row.amount_pence * 100,
        vat_code: VatCode::parse(&row.vat_code).unwrap_or(VatCode::O),
        gross_entered: feeder.gross,
        income_code: row.income_code.clone(),
        cost_centre: row.cost_centre.clone(),
    }
}

/// The receiver's own rules (BIL-16).
fn check_rules(
    facts: &Facts,
    rules: &ReceiverRules,
    head: &ChargeRow,
    asks: &[LineAsk],
    supply_on: Option<NaiveDate>,
) -> Result<(), (Field, String)> {
    let outside = asks.iter().filter(|line| line.vat_code == VatCode::O).count();
    let asked = DocumentAsked {
        number: &facts.number,
        issue_on: facts.today,
        supply_on,
        order: &head.po_number,
        reference: "",
        mixes_outside_scope: outside > 0 && outside < asks.len(),
    };
    let Some(wrong) = rules.faults(&asked).into_iter().next() else { return Ok(()) };
    let field = if wrong.field.contains("order") || wrong.field == "po_number" {
        Field::Order
    } else if wrong.field.contains("supply") {
        Field::SuppliedOn
    } else {
        Field::Customer
    };
    Err((field, format!("what this customer asks of invoices: {}", wrong.message)))
}
