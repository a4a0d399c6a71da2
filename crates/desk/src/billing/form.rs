//! The form of an invoice: what is typed, and everything about it that is wrong.
use super::amounts::e4;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{InvoiceAsk, LineAsk, Supplier, VatCode};
use sundry_domain::customers::receiver::DocumentAsked;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::control::OrganisationRow;
use sundry_store::customers::CustomerRow;

/// An instalment, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleLine {
    /// When it is due.
    pub due_on: NaiveDate,
    /// How much.
    pub amount: Pence,
}

/// A line of the form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceLine {
    /// What it is for.
    pub description: String,
    /// Quantity, up to four decimals; 1 when empty.
    pub quantity: String,
    /// Unit price in pounds, up to four decimals.
    pub unit_price: String,
    /// S, R, Z, E or O.
    pub vat_code: String,
    /// Income code; the organisation's first when empty.
    pub income_code: String,
    /// Whether the price includes VAT.
    pub gross_entered: bool,
}

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceForm {
    /// Customer number.
    pub customer_number: String,
    /// When supplied; needed where VAT is due.
    pub supply_on: Option<NaiveDate>,
    /// When due, or when the first instalment is; by the customer's terms when not said.
    pub due_on: Option<NaiveDate>,
    /// Code of the payment terms that say when it is due, instead of a date.
    pub terms: String,
    /// In how many equal instalments it is to be paid; nothing for all at once.
    pub instalment_count: Option<u32>,
    /// How far apart they are: week, fortnight, four_weeks, month or quarter.
    pub instalment_every: String,
    /// Its instalments, where they are not equal.
    pub schedule: Vec<ScheduleLine>,
    /// Purchase order.
    pub po_number: String,
    /// The customer's own reference; their usual one when empty.
    pub buyer_reference: String,
    /// First day of the time it is for.
    pub period_from_on: Option<NaiveDate>,
    /// Last day.
    pub period_to_on: Option<NaiveDate>,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Cost centre.
    pub cost_centre: String,
    /// The charges.
    pub lines: Vec<InvoiceLine>,
}

pub(super) fn texts(form: &InvoiceForm) -> Vec<(&str, &str)> {
    let mut texts = vec![
        ("purchase order", form.po_number.as_str()),
        ("buyer reference", &form.buyer_reference),
        ("service", &form.service),
        ("debt type", &form.debt_type),
        ("cost centre", &form.cost_centre),
        ("terms", &form.terms),
        ("instalment_every", &form.instalment_every),
    ];
    texts.extend(form.lines.iter().map(|line| ("description", line.description.as_str())));
    texts
}

/// Lines as the rules take them; what cannot be read is told, and stands as one so that the other rules can speak.
pub(super) fn read_lines(form: &InvoiceForm, income: &[String]) -> (Vec<LineAsk>, Vec<Invalid>) {
    let mut wrong = Vec::new();
    let mut asks = Vec::new();
    for (row, line) in (1..).zip(&form.lines) {
        let quantity = if line.quantity.trim().is_empty() { Some(10_000) } else { e4(&line.quantity) };
        if quantity.is_none() {
            wrong.push(Invalid::row(row, "quantity", "Enter a number with at most four decimals", &line.quantity));
        }
        let price = e4(&line.unit_price);
        if price.is_none() {
            let say = "Enter an amount in pounds with at most four decimals";
            wrong.push(Invalid::row(row, "unit_price", say, &line.unit_price));
        }
        let code = VatCode::parse(&line.vat_code);
        if code.is_none() {
            wrong.push(Invalid::row(row, "vat_code", "Choose S, R, Z, E or O", &line.vat_code));
        }
        let typed = line.income_code.trim();
        let income_code = if typed.is_empty() { income.first().cloned().unwrap_or_default() } else { typed.to_owned() };
        if !income.contains(&income_code) {
            wrong.push(Invalid::row(row, "income_code", "Choose an income code from the list", typed));
        }
        asks.push(LineAsk {
            description: line.description.trim().to_owned(),
            quantity_e4: quantity.unwrap_or(10_000),
            unit_price_e4: price.unwrap_or(10_000),
            vat_code: code.unwrap_or(VatCode::O),
            gross_entered: line.gross_entered,
            income_code,
            cost_centre: form.cost_centre.trim().to_owned(),
        });
    }
    (asks, wrong)
}

/// What the receiver's own rules look at.
pub(super) fn asked_of<'a>(
    form: &'a InvoiceForm,
    asks: &[LineAsk],
    today: NaiveDate,
    number: &'a str,
) -> DocumentAsked<'a> {
    let outside = asks.iter().filter(|line| line.vat_code == VatCode::O).count();
    DocumentAsked {
        number,
        issue_on: today,
        supply_on: form.supply_on,
        order: &form.po_number,
        reference: &form.buyer_reference,
        mixes_outside_scope: outside > 0 && outside < asks.len(),
    }
}

pub(super) fn check_dates(form: &InvoiceForm, today: NaiveDate) -> Vec<Invalid> {
    let far = |day: NaiveDate| (day - today).num_days().abs() > 3_660;
    let mut wrong = Vec::new();
    for (field, day) in [("supply_on", form.supply_on), ("due_on", form.due_on)] {
        if let Some(day) = day.filter(|day| far(*day)) {
            wrong.push(Invalid::field(field, "Enter a date within ten years of today", day.to_string()));
        }
    }
    match (form.period_from_on, form.period_to_on) {
        (Some(from), None) => {
            wrong.push(Invalid::field("period_to_on", "Enter the last day of the time it is for", from.to_string()));
        }
        (None, Some(to)) => {
            wrong.push(Invalid::field("period_from_on", "Enter the first day of the time it is for", to.to_string()));
        }
        (Some(from), Some(to)) if to < from => {
            let say = format!("Enter a date on or after {}", from.format("%-d %B %Y"));
            wrong.push(Invalid::field("period_to_on", say, to.to_string()));
        }
        _ => {}
    }
    wrong
}

/// A customer's name and the lines of their address.
pub(super) fn named(customer: &CustomerRow) -> (String, Vec<String>) {
    let address = [&customer.address1, &customer.address2, &customer.town, &customer.postcode];
    (customer.name.clone(), address.into_iter().filter(|line| !line.is_empty()).cloned().collect())
}

pub(super) fn invoice_ask(
    organisation: &OrganisationRow,
    (customer_name, customer_address): (String, Vec<String>),
    form: &InvoiceForm,
    asks: &[LineAsk],
    (issue_on, due_on): (NaiveDate, NaiveDate),
) -> InvoiceAsk {
    let lines = organisation.letterhead.get("address").and_then(|address| address.as_array());
    let lines = lines.map(|all| all.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect());
    InvoiceAsk {
        supplier: Supplier {
            name: organisation.name.clone(),
            // A letterhead that is not set up yet is set up with the letters; the name stands for it here.
            address: lines.unwrap_or_else(|| vec![organisation.name.clone()]),
            vat_number: Some(organisation.vat_number.clone()).filter(|number| !number.trim().is_empty()),
        },
        customer_name,
        customer_address,
        issue_on,
        supply_on: form.supply_on,
        due_on,
        po_number: form.po_number.clone(),
        po_required: false,
        lines: asks.to_vec(),
    }
}
