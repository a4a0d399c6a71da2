//! Putting an invoice right: the form with its lines, the comparison, and asking for someone's yes.
use super::billing::REASONS;
use super::form::onto;
use super::invoices::{ask, at_fields, decimals, empty, fill_totals, filled, totals, typed, used};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, invoice_at, page, page_with, told};
use crate::web::pages::amendment::{AmendCheck, ComparedLine, Comparison};
use crate::web::pages::invoice_form::{Amends, InvoiceForm, TypedLine};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use sundry_desk::billing::{
    AmendInvoice, Amendment, InvoicePreview, InvoiceShown, invoice, preview_invoice, request_amendment,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::billing::DocumentLineRow;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    // It credits too, which who asks must be let do besides.
    routes.add("/billing/invoices/{number}/amend", &[Duty::RaiseInvoice], get(blank).post(work))
}

/// Empty lines offered below those of the old invoice.
const SPARE: usize = 3;

async fn old(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<InvoiceShown> {
    visitor.actor.must_hold(Duty::RaiseInvoice)?;
    let shown = invoice(&doors.desk, &visitor.actor, number).await?;
    if shown.document.kind != "invoice" { Err(No::Absent("invoice".into())) } else { Ok(shown) }
}

fn amends(old: &InvoiceShown, posted: Option<&Posted>) -> Amends {
    let text = |name: &str| posted.map_or_else(String::new, |posted| posted.get(name).to_owned());
    Amends {
        number: old.document.number.clone(),
        reason: text("reason"),
        words: text("words"),
        reasons: REASONS.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect(),
    }
}

async fn blank(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let old = old(&doors, &visitor, &number).await?;
    let mut form = empty(&doors, &visitor).await?;
    let document = &old.document;
    form.customer = old.customer_number.clone();
    form.customer_name = old.customer_name.clone();
    form.service = document.service.clone();
    form.debt_type = document.debt_type.clone();
    form.cost_centre = document.cost_centre.clone();
    form.purchase_order = document.po_number.clone();
    form.supply_on = document.supply_on.format("%-d %b %Y").to_string();
    form.lines = old.lines.iter().map(line).chain(std::iter::repeat_n(TypedLine::default(), SPARE)).collect();
    form.amends = Some(amends(&old, None));
    page(&form)
}

fn line(line: &DocumentLineRow) -> TypedLine {
    TypedLine {
        description: line.description.clone(),
        quantity: decimals(line.quantity_e4),
        price: decimals(line.unit_price_e4),
        vat: line.vat_code.clone(),
        coding: line.income_code.clone(),
        net: Some(Pence(line.net_pence)),
    }
}

/// Works out totals, shows the comparison, or asks.
async fn work(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let old = old(&doors, &visitor, &number).await?;
    let mut form = filled(&doors, &visitor, &posted).await?;
    form.amends = Some(amends(&old, Some(&posted)));
    let step = posted.get("do").to_owned();
    if step == "change" {
        return page(&form);
    }
    if step != "totals" && posted.get("reason").is_empty() {
        form.frame.errors.add("reason", "Choose why from the list");
    }
    let new = ask(&doors, &mut form);
    let preview = match preview_invoice(&doors.desk, &visitor.actor, new.clone()).await {
        Ok(preview) => preview,
        Err(no) => {
            let no = at_fields(no, &form);
            let status = onto(&mut form.frame, no, &[])?;
            return page_with(status, &form);
        }
    };
    fill_totals(&mut form, &preview);
    if !form.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    match step.as_str() {
        "totals" => page(&form),
        "ask" => request(&doors, &visitor, &posted, (old, form), new).await,
        _ => page(&check(&old, form, &preview)),
    }
}

async fn request(
    doors: &Shared,
    visitor: &Visitor,
    posted: &Posted,
    (old, mut form): (InvoiceShown, InvoiceForm),
    new: sundry_desk::billing::InvoiceForm,
) -> Answer {
    let ask = AmendInvoice {
        key: posted.key(),
        invoice: old.document.number.clone(),
        reason: posted.get("reason").to_owned(),
        words: posted.get("words").to_owned(),
        form: new,
        of_lines: of_lines(&old, &form),
    };
    match request_amendment(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let (credit, bill) = (Pence(asked.credit_pence), Pence(asked.bill_pence));
            let news = format!("{} waits for someone's yes: credit {credit}, bill {bill}", asked.approval);
            told(&invoice_at(&old.document.number), &news)
        }
        Err(no) => {
            let no = at_fields(no, &form);
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

/// The place of a line in the grid is its line on the old invoice; those below are added.
fn of_lines(old: &InvoiceShown, form: &InvoiceForm) -> Vec<Option<i64>> {
    used(form).into_iter().map(|place| (place <= old.lines.len()).then_some(place as i64)).collect()
}

fn check(old: &InvoiceShown, form: InvoiceForm, preview: &InvoicePreview) -> AmendCheck {
    let of = of_lines(old, &form);
    let reason = form.amends.as_ref().and_then(|amends| {
        amends.reasons.iter().find(|(value, _)| *value == amends.reason).map(|(_, words)| words.clone())
    });
    let reason = reason.unwrap_or_default();
    let new = preview.lines.iter().zip(&of).map(|(line, of)| {
        let sum = in_words(line.quantity_e4, line.unit_price_e4, line.net_pence, line.vat_pence);
        (*of, (line.description.clone(), sum), line.gross_pence)
    });
    let new: Vec<_> = new.collect();
    let mut lines: Vec<ComparedLine> = old
        .lines
        .iter()
        .map(|was| {
            let is = new.iter().find(|(of, ..)| *of == Some(was.line));
            let difference = is.map_or(0, |(.., gross)| *gross) - was.net_pence - was.vat_pence;
            let changed = difference != 0 || is.is_some_and(|(_, (what, _), _)| *what != was.description);
            ComparedLine {
                old: Some(side(was)),
                new: is.map(|(_, side, _)| side.clone()),
                difference: Pence(difference),
                reason: if changed { reason.clone() } else { String::new() },
            }
        })
        .collect();
    lines.extend(new.iter().filter(|(of, ..)| of.is_none()).map(|(_, side, gross)| ComparedLine {
        old: None,
        new: Some(side.clone()),
        difference: Pence(*gross),
        reason: reason.clone(),
    }));
    let words = posted_words(&form);
    let mut kept = typed(&form);
    kept.extend(
        form.amends
            .iter()
            .flat_map(|a| [("reason", &a.reason), ("words", &a.words)])
            .map(|(name, value)| (name.to_owned(), value.clone())),
    );
    AmendCheck {
        number: old.document.number.clone(),
        compared: Comparison {
            old: old.document.number.clone(),
            new: None,
            credit_notes: Vec::new(),
            lines,
            sums: (Pence(old.document.gross_pence), Pence(preview.gross_pence)),
        },
        totals: totals(preview),
        why: (reason, words),
        typed: kept,
        frame: form.frame,
    }
}

fn posted_words(form: &InvoiceForm) -> String {
    form.amends.as_ref().map_or_else(String::new, |amends| amends.words.clone())
}

/// `13 at £18.40, £239.20 and £47.84 VAT`.
fn in_words(quantity_e4: i64, price_e4: i64, net: i64, vat: i64) -> String {
    let price =
        if price_e4 % 100 == 0 { Pence(price_e4 / 100).to_string() } else { format!("£{}", decimals(price_e4)) };
    let net_words = format!("{} at {price}, {}", decimals(quantity_e4), Pence(net));
    if vat == 0 { net_words } else { format!("{net_words} and {} VAT", Pence(vat)) }
}

fn side(line: &DocumentLineRow) -> (String, String) {
    (line.description.clone(), in_words(line.quantity_e4, line.unit_price_e4, line.net_pence, line.vat_pence))
}

/// What became of an invoice, for its page.
pub(super) fn comparison(amendment: &Amendment) -> Comparison {
    let line = |line: &sundry_desk::billing::AmendedLine| ComparedLine {
        old: line.old.as_ref().map(side),
        new: line.new.as_ref().map(side),
        difference: Pence(line.difference_pence),
        reason: line.reason.clone(),
    };
    Comparison {
        old: amendment.old.clone(),
        new: amendment.new.clone(),
        credit_notes: amendment.credit_notes.clone(),
        lines: amendment.lines.iter().map(line).collect(),
        sums: (Pence(amendment.old_pence), Pence(amendment.new_pence)),
    }
}
