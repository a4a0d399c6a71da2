//! A new invoice: the form, the page where its answers are checked, and raising it.
use super::form::{Asked, asked, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, invoice_at, page, page_with, told};
use crate::web::pages::invoice_form::{CheckedLine, InvoiceCheck, InvoiceForm, Totals, TypedLine, VatChoice};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use sundry_desk::billing::{
    self as desk_billing, InvoiceLine, InvoicePreview, RaiseInvoice, invoice_choices, preview_invoice, raise_invoice,
};
use sundry_desk::customers::customer_account;
use sundry_desk::{No, Outcome};
use sundry_domain::billing::VatCode;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let raises: &[Duty] = &[Duty::RaiseInvoice];
    routes.add("/billing/invoices/new", raises, get(blank).post(work)).add(
        "/billing/invoices/new/check",
        raises,
        post(raise),
    )
}

/// Lines offered at first, and the most that are taken.
const LINES: usize = 6;
const MOST_LINES: usize = 200;

/// The single fields of the form, and the fields of each line.
const FIELDS: [&str; 13] = [
    "customer",
    "service",
    "debt_type",
    "cost_centre",
    "supply_on",
    "due_on",
    "purchase_order",
    "buyer_reference",
    "period_from_on",
    "period_to_on",
    "terms",
    "instalment_count",
    "instalment_every",
];
const OF_A_LINE: [&str; 5] = ["description", "quantity", "price", "vat", "coding"];

/// Ten-thousandths as people write them: `13`, `2.5`, `0.0025`, but prices keep two decimals elsewhere.
pub fn decimals(e4: i64) -> String {
    let sign = if e4 < 0 { "\u{2212}" } else { "" };
    let size = e4.unsigned_abs();
    let part = format!("{:04}", size % 10_000);
    let part = part.trim_end_matches('0');
    let whole = i64::try_from(size / 10_000).unwrap_or(i64::MAX);
    let whole = crate::web::ui::number(whole);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0<2}") }
}

/// A VAT code with its rate: `Standard 20%`.
pub fn vat_words(code: &str, basis_points: i64) -> String {
    let name = VatCode::parse(code).map_or_else(|| code.to_owned(), |code| code.name().to_owned());
    if basis_points == 0 { name } else { format!("{name} {}", crate::web::ui::percent(basis_points / 10)) }
}

pub(super) async fn empty(doors: &Shared, visitor: &Visitor) -> Outcome<InvoiceForm> {
    let choices = invoice_choices(&doors.desk, &visitor.actor).await?;
    let vat = |one: desk_billing::VatChoice| VatChoice {
        words: vat_words(&one.code, one.vat_bp),
        code: one.code,
        rate_basis_points: one.vat_bp,
    };
    Ok(InvoiceForm {
        frame: doors.frame(visitor, "Billing").await,
        customer: String::new(),
        customer_name: String::new(),
        service: String::new(),
        debt_type: String::new(),
        cost_centre: String::new(),
        supply_on: String::new(),
        due_on: String::new(),
        purchase_order: String::new(),
        buyer_reference: String::new(),
        period_from_on: String::new(),
        period_to_on: String::new(),
        terms: String::new(),
        terms_choices: choices.terms,
        instalment_count: String::new(),
        instalment_every: String::new(),
        income_codes: choices.income_codes,
        lines: vec![TypedLine::default(); LINES],
        vat_codes: choices.vat_codes.into_iter().map(vat).collect(),
        totals: Totals::default(),
        amends: None,
    })
}

async fn blank(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut form = empty(&doors, &visitor).await?;
    form.customer = asked(&query, "customer").to_owned();
    name_customer(&doors, &visitor, &mut form).await?;
    page(&form)
}

/// Shows whose number it is.
async fn name_customer(doors: &Shared, visitor: &Visitor, form: &mut InvoiceForm) -> Outcome<()> {
    if form.customer.is_empty() {
        return Ok(());
    }
    form.customer_name = match customer_account(&doors.desk, &visitor.actor, &form.customer).await {
        Ok(account) => account.customer.name,
        Err(No::Absent(_)) => String::new(),
        Err(no) => return Err(no),
    };
    Ok(())
}

pub(super) async fn filled(doors: &Shared, visitor: &Visitor, posted: &Posted) -> Outcome<InvoiceForm> {
    let mut form = empty(doors, visitor).await?;
    let text = |name: &str| posted.get(name).to_owned();
    form.customer = text("customer");
    form.service = text("service");
    form.debt_type = text("debt_type");
    form.cost_centre = text("cost_centre");
    form.supply_on = text("supply_on");
    form.due_on = text("due_on");
    form.purchase_order = text("purchase_order");
    form.buyer_reference = text("buyer_reference");
    (form.period_from_on, form.period_to_on) = (text("period_from_on"), text("period_to_on"));
    (form.terms, form.instalment_count) = (text("terms"), text("instalment_count"));
    form.instalment_every = text("instalment_every");
    let places = posted.starting("description-").filter_map(|(place, _)| place.parse::<usize>().ok());
    let places = places.max().unwrap_or(0).clamp(LINES, MOST_LINES);
    let line = |place: usize| {
        let of = |name: &str| posted.get(&format!("{name}-{place}")).to_owned();
        TypedLine {
            description: of("description"),
            quantity: of("quantity"),
            price: of("price"),
            vat: of("vat"),
            coding: of("coding"),
            net: None,
        }
    };
    form.lines = (1..=places).map(line).collect();
    name_customer(doors, visitor, &mut form).await?;
    Ok(form)
}

/// Which lines have something in them: their places, from 1. The income code alone is nothing.
pub(super) fn used(form: &InvoiceForm) -> Vec<usize> {
    let something = |line: &TypedLine| {
        [&line.description, &line.quantity, &line.price, &line.vat].iter().any(|value| !value.is_empty())
    };
    form.lines.iter().enumerate().filter(|(_, line)| something(line)).map(|(at, _)| at + 1).collect()
}

/// The form as the desk takes it; dates that cannot be read are told at their field.
pub(super) fn ask(doors: &Shared, form: &mut InvoiceForm) -> desk_billing::InvoiceForm {
    let today = doors.desk.today();
    let line = |place: &usize| {
        let line = &form.lines[*place - 1];
        InvoiceLine {
            description: line.description.clone(),
            quantity: line.quantity.clone(),
            unit_price: line.price.clone(),
            vat_code: line.vat.clone(),
            income_code: line.coding.clone(),
            gross_entered: false,
        }
    };
    let lines = used(form).iter().map(line).collect();
    let instalment_count: Option<u32> = form.instalment_count.parse().ok();
    if instalment_count.is_none() && !form.instalment_count.is_empty() {
        form.frame.errors.add("instalment_count", "Enter how many, such as 10, or leave it empty");
    }
    desk_billing::InvoiceForm {
        customer_number: form.customer.clone(),
        supply_on: date_field(&mut form.frame, "supply_on", &form.supply_on, today).or(Some(today)),
        due_on: date_field(&mut form.frame, "due_on", &form.due_on, today),
        po_number: form.purchase_order.clone(),
        buyer_reference: form.buyer_reference.clone(),
        period_from_on: date_field(&mut form.frame, "period_from_on", &form.period_from_on, today),
        period_to_on: date_field(&mut form.frame, "period_to_on", &form.period_to_on, today),
        service: form.service.clone(),
        debt_type: form.debt_type.clone(),
        cost_centre: form.cost_centre.clone(),
        lines,
        terms: form.terms.clone(),
        instalment_count,
        instalment_every: form.instalment_every.clone(),
        schedule: Vec::new(),
    }
}

/// The field of the page that a field of the desk is; those of a line carry the line's place.
pub(super) fn at_fields(no: No, form: &InvoiceForm) -> No {
    let No::Invalid(mut all) = no else { return no };
    let places = used(form);
    for one in &mut all {
        let name = one.field.replace(' ', "_");
        let row = one.row.and_then(|row| usize::try_from(row).ok());
        let place = row.and_then(|row| places.get(row.checked_sub(1)?)).copied();
        one.field = match (name.as_str(), place) {
            ("unit_price", Some(place)) => format!("price-{place}"),
            ("vat_code", Some(place)) => format!("vat-{place}"),
            ("income_code", Some(place)) => format!("coding-{place}"),
            ("instalments", Some(_)) => "instalment_count".into(),
            (name, Some(place)) => format!("{name}-{place}"),
            ("customer_number" | "customer_name" | "customer_address" | "supplier", None) => "customer".into(),
            ("supply_date", None) => "supply_on".into(),
            ("due_date", None) => "due_on".into(),
            ("po_number" | "purchase_order", None) => "purchase_order".into(),
            ("buyer_reference" | "period_from_on" | "period_to_on", None) => name,
            ("supply_on" | "due_on" | "service" | "debt_type" | "cost_centre", None) => name,
            ("terms" | "instalment_count" | "instalment_every", None) => name,
            ("instalments", None) => "instalment_count".into(),
            _ => "lines".into(),
        };
    }
    No::Invalid(all)
}

/// Works out totals, or goes on to the check page.
async fn work(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = filled(&doors, &visitor, &posted).await?;
    if posted.get("do") == "change" {
        return page(&form);
    }
    let ask = ask(&doors, &mut form);
    let priced = preview_invoice(&doors.desk, &visitor.actor, ask).await;
    match priced {
        Ok(preview) if !form.frame.errors.is_empty() => {
            fill_totals(&mut form, &preview);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Ok(preview) if posted.get("do") == "totals" => {
            fill_totals(&mut form, &preview);
            page(&form)
        }
        Ok(preview) => page(&check(form, preview)),
        Err(no) => {
            let no = at_fields(no, &form);
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

pub(super) fn totals(preview: &InvoicePreview) -> Totals {
    Totals { net: Pence(preview.net_pence), vat: Pence(preview.vat_pence), gross: Pence(preview.gross_pence) }
}

pub(super) fn fill_totals(form: &mut InvoiceForm, preview: &InvoicePreview) {
    for (place, line) in used(form).into_iter().zip(&preview.lines) {
        form.lines[place - 1].net = Some(Pence(line.net_pence));
    }
    form.totals = totals(preview);
}

fn check(form: InvoiceForm, preview: InvoicePreview) -> InvoiceCheck {
    let line = |line: &desk_billing::PreviewLine| CheckedLine {
        description: line.description.clone(),
        quantity: decimals(line.quantity_e4),
        price: format!("£{}", decimals(line.unit_price_e4)),
        vat: vat_words(&line.vat_code, line.vat_bp),
        net: Pence(line.net_pence),
        coding: line.income_code.clone(),
    };
    let day = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
    let facts = [
        ("Customer", format!("{}, {}", preview.customer_name, preview.customer_number)),
        ("Invoice date", day(preview.issue_on)),
        ("Supplied", day(preview.supply_on)),
        ("Tax point", day(preview.tax_point_on)),
        ("Purchase order number", form.purchase_order.clone()),
        ("Customer's reference", form.buyer_reference.clone()),
        ("For the time from", form.period_from_on.clone()),
        ("To", form.period_to_on.clone()),
        ("Service", form.service.clone()),
        ("Debt type", form.debt_type.clone()),
        ("Cost centre", form.cost_centre.clone()),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    InvoiceCheck {
        facts: facts.map(|(key, value)| (key.to_owned(), value)).collect(),
        lines: preview.lines.iter().map(line).collect(),
        totals: totals(&preview),
        due: preview.due_on,
        instalments: preview.instalments.iter().map(|part| (part.due_on, part.amount)).collect(),
        discount: preview.discount_until_on.map(|until| (Pence(preview.discount_pence), until)),
        warnings: preview.warnings.clone(),
        typed: typed(&form),
        frame: form.frame,
    }
}

/// Everything that was typed, to be sent again.
pub(super) fn typed(form: &InvoiceForm) -> Vec<(String, String)> {
    let values = [
        &form.customer,
        &form.service,
        &form.debt_type,
        &form.cost_centre,
        &form.supply_on,
        &form.due_on,
        &form.purchase_order,
        &form.buyer_reference,
        &form.period_from_on,
        &form.period_to_on,
        &form.terms,
        &form.instalment_count,
        &form.instalment_every,
    ];
    let mut all: Vec<(String, String)> =
        FIELDS.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    for place in used(form) {
        let line = &form.lines[place - 1];
        let values = [&line.description, &line.quantity, &line.price, &line.vat, &line.coding];
        all.extend(OF_A_LINE.iter().zip(values).map(|(name, value)| (format!("{name}-{place}"), value.clone())));
    }
    all
}

/// Raises what was checked, or goes back to the form.
async fn raise(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = filled(&doors, &visitor, &posted).await?;
    if posted.get("do") != "raise" {
        return page(&form);
    }
    let ask = ask(&doors, &mut form);
    if !form.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    match raise_invoice(&doors.desk, &visitor.actor, RaiseInvoice { key: posted.key(), form: ask }).await {
        Ok(raised) => {
            let news = format!(
                "Invoice {} raised for {}, due {}",
                raised.number,
                Pence(raised.gross_pence),
                raised.due_on.format("%-d %B %Y")
            );
            told(&invoice_at(&raised.number), &news)
        }
        Err(no) => {
            let no = at_fields(no, &form);
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_and_rates_read_as_people_write_them() {
        for (e4, words) in
            [(130_000, "13"), (25_000, "2.50"), (25, "0.0025"), (-18_400, "−1.84"), (12_345_678_900, "1,234,567.89")]
        {
            assert_eq!(decimals(e4), words);
        }
        assert_eq!(vat_words("S", 2_000), "Standard 20%".replace("Standard", VatCode::S.name()));
    }
}
