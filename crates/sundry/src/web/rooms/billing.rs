//! Billing: the documents, one of them, its letter, and asking for a credit note.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, date_field, onto, open_address, plain};
use super::invoices::{decimals, vat_words};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, invoice_at, page, page_with, see_other, told};
use crate::web::pages::billing::{Billing, BillingFilter, DocumentRow};
use crate::web::pages::invoice_form::{CheckedLine, Totals};
use crate::web::pages::invoice_view::{CreditForm, CreditLine, InvoiceView};
use crate::web::ui::{Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use chrono::NaiveDate;
use sundry_desk::approvals::approvals_list;
use sundry_desk::billing::contracts::evidence;
use sundry_desk::billing::feeders::behind_invoice;
use sundry_desk::billing::requests::request_behind;
use sundry_desk::billing::{
    self as desk_billing, DocumentsAsk, GiveDiscount, InvoiceShown, RequestCredit, documents_list, give_discount,
    invoice, request_credit_note,
};
use sundry_desk::delivery::letter_pdf;
use sundry_desk::recovery::statutory_interest;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};
use sundry_store::billing::DocumentLineOfList;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing", &[Duty::View], get(list))
        .add("/billing/invoices/{number}", &[Duty::View], get(view))
        .add("/billing/invoices/{number}/pdf", &[Duty::View], get(pdf))
        .add("/billing/invoices/{number}/credit", &[Duty::ProposeCredit], get(credit_form).post(credit))
        .add("/billing/invoices/{number}/discount", &[Duty::PostCash], post(discount))
        .add("/invoices/{number}", &[Duty::View], get(moved))
}

/// Other pages of billing, and the duty that opens each.
const PLACES: [(&str, &str, Duty); 3] = [
    ("/billing/deposits", "Deposits", Duty::View),
    ("/billing/payment-terms", "Payment terms", Duty::View),
    ("/billing/vat", "VAT return", Duty::RunReports),
];

/// The short address of a document.
async fn moved(Path(number): Path<String>) -> Answer {
    see_other(&super::search::page_of("invoice", &number))
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let filter = BillingFilter {
        kind: asked(&query, "kind").to_owned(),
        customer: asked(&query, "customer").to_owned(),
        from: asked(&query, "from").to_owned(),
        to: asked(&query, "to").to_owned(),
        open_only: asked(&query, "open") == "yes",
    };
    let mut frame = doors.frame(&visitor, "Billing").await;
    let today = doors.desk.today();
    let ask = DocumentsAsk {
        kind: filter.kind.clone(),
        customer: filter.customer.clone(),
        from_on: date_field(&mut frame, "from", &filter.from, today),
        to_on: date_field(&mut frame, "to", &filter.to, today),
        open_only: filter.open_only,
        before: asked(&query, "before").parse().ok(),
        limit: Some(100),
    };
    if wanted(asked(&query, "format")) {
        return export(&doors, &visitor, ask).await?.file(asked(&query, "format"), &doors, &visitor);
    }
    let found = match documents_list(&doors.desk, &visitor.actor, ask).await {
        Err(No::Absent(_)) => desk_billing::DocumentsPage { rows: Vec::new(), next: None },
        other => other?,
    };
    let open = if filter.open_only { "yes" } else { "" };
    let fields: [(&str, &str); 5] = [
        ("kind", &filter.kind),
        ("open", open),
        ("customer", &filter.customer),
        ("from", &filter.from),
        ("to", &filter.to),
    ];
    let next = found.next.map(|place| format!("{}before={place}", open_address("/billing", &fields)));
    page(&Billing {
        frame,
        rows: found.rows.into_iter().map(row).collect(),
        next: next.unwrap_or_default(),
        address: open_address("/billing", &fields),
        requests: requests(&doors, &visitor).await?,
        may_raise: visitor.actor.holds(Duty::RaiseInvoice),
        may_import: visitor.actor.holds(Duty::ImportFiles),
        places: PLACES.iter().filter(|(.., duty)| visitor.actor.holds(*duty)).map(|one| (one.0, one.1)).collect(),
        may_see_approvals: visitor.actor.holds(Duty::ApproveCredit) || visitor.actor.holds(Duty::ProposeCredit),
        filter,
    })
}

fn row(line: DocumentLineOfList) -> DocumentRow {
    DocumentRow {
        kind: plain(&line.kind),
        number: line.number,
        customer: (line.customer_number, line.customer_name),
        service: line.service,
        dated: line.issue_on,
        due: line.due_on,
        gross: Pence(line.gross_pence),
        open: Pence(line.open_pence),
    }
}

/// Credit notes that wait for someone's yes.
async fn requests(doors: &Shared, visitor: &Visitor) -> Outcome<Vec<(String, String, Pence, String)>> {
    let waiting = approvals_list(&doors.desk, &visitor.actor, "waiting").await?.rows;
    let credits = waiting.into_iter().filter(|one| matches!(one.command.as_str(), "credit_note" | "amend_invoice"));
    Ok(credits.map(|one| (one.number, one.summary, Pence(one.amount_pence), one.asked_by_name)).collect())
}

async fn export(doors: &Shared, visitor: &Visitor, mut ask: DocumentsAsk) -> Outcome<Sheet> {
    let filters = vec![
        ("Show", ask.kind.clone()),
        ("Account", ask.customer.clone()),
        ("From", ask.from_on.map(|day| day.to_string()).unwrap_or_default()),
        ("To", ask.to_on.map(|day| day.to_string()).unwrap_or_default()),
        ("Only what is open", if ask.open_only { "yes" } else { "no" }.to_owned()),
    ];
    (ask.before, ask.limit) = (None, Some(500));
    let mut lines = Vec::new();
    loop {
        let mut found = documents_list(&doors.desk, &visitor.actor, ask.clone()).await?;
        lines.append(&mut found.rows);
        match found.next {
            Some(place) => ask.before = Some(place),
            None => break,
        }
    }
    let cells = |line: DocumentLineOfList| {
        vec![
            Cell::Text(line.number),
            Cell::Text(line.kind),
            Cell::Text(line.customer_number),
            Cell::Text(line.customer_name),
            Cell::Text(line.service),
            Cell::Date(line.issue_on),
            Cell::Date(line.due_on),
            Cell::Pence(line.gross_pence),
            Cell::Pence(line.open_pence),
        ]
    };
    let columns = vec![
        ("number", Text),
        ("kind", Text),
        ("customer_id", Text),
        ("customer", Text),
        ("service", Text),
        ("dated", Date),
        ("due", Date),
        ("gross", Money),
        ("open", Money),
    ];
    Ok(Sheet { title: "Invoices", columns, rows: lines.into_iter().map(cells).collect(), filters })
}

// One document ---------------------------------------------------------------------

fn state(shown: &InvoiceShown) -> Tag {
    match (shown.open_pence, shown.disputed_pence > 0, shown.stage.as_str()) {
        (0, ..) => tag("Cleared", TagColour::Green),
        (_, true, _) => tag("In query", TagColour::Yellow),
        (open, ..) if open < 0 => tag("Credit", TagColour::Green),
        (_, _, "") => tag("Open", TagColour::Blue),
        (_, _, stage) => tag(stage_name(stage), TagColour::Orange),
    }
}

fn lines(shown: &InvoiceShown) -> Vec<CheckedLine> {
    let line = |line: &sundry_store::billing::DocumentLineRow| CheckedLine {
        description: line.description.clone(),
        quantity: decimals(line.quantity_e4),
        price: format!("£{}", decimals(line.unit_price_e4)),
        vat: vat_words(&line.vat_code, line.vat_bp),
        net: Pence(line.net_pence),
        coding: line.income_code.clone(),
    };
    shown.lines.iter().map(line).collect()
}

fn facts(shown: &InvoiceShown) -> Vec<(String, String)> {
    let d = &shown.document;
    let corrects = shown.corrects.clone().unwrap_or_default();
    let credits: Vec<&str> = shown.credit_notes.iter().map(|note| note.number.as_str()).collect();
    let queries: Vec<String> =
        shown.queries.iter().map(|q| format!("{} ({}, {})", q.number, plain(&q.category), plain(&q.state))).collect();
    let steps: Vec<String> = shown
        .steps
        .iter()
        .map(|s| format!("{} on {}", stage_name(&s.step_code), s.taken_on.format("%-d %b %Y")))
        .collect();
    let all = [
        ("Supplied", d.supply_on.format("%-d %B %Y").to_string()),
        ("Tax point", d.tax_point_on.format("%-d %B %Y").to_string()),
        ("Purchase order number", d.po_number.clone()),
        ("Service", d.service.clone()),
        ("Debt type", d.debt_type.clone()),
        ("Cost centre", d.cost_centre.clone()),
        ("Origin", if d.origin == "taken_on" { "Taken on from the old ledger".into() } else { String::new() }),
        ("Corrects", corrects),
        ("Reason", plain(&d.reason)),
        ("Credit notes", credits.join(", ")),
        ("Queries", queries.join(", ")),
        ("Recovery steps", steps.join(", ")),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.to_owned(), value)).collect()
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let shown = invoice(&doors.desk, &visitor.actor, &number).await?;
    let is_credit = shown.document.kind == "credit_note";
    let allocation = |a: &sundry_store::billing::AllocationSeen| {
        (a.allocated_on, format!("{} {}", plain(&a.other_kind), a.other_number), Pence(a.amount_pence))
    };
    let letter = |l: &desk_billing::LetterSeen| {
        (l.dated_on, format!("{} {}: {}", plain(&l.kind), l.number, plain(&l.state).to_lowercase()))
    };
    let interest = interest_of(&doors, &visitor, &shown).await?;
    let may_query = visitor.actor.holds(Duty::WorkCases) || visitor.actor.holds(Duty::AnswerQueries);
    let by_contract = !is_credit && has_evidence(&doors, &visitor, &shown.document.number).await?;
    page(&InvoiceView {
        by_contract,
        frame: doors.frame(&visitor, "Billing").await,
        number: shown.document.number.clone(),
        is_credit,
        customer: (shown.customer_number.clone(), shown.customer_name.clone()),
        state: state(&shown),
        dated: shown.document.issue_on,
        due: (!is_credit).then_some(shown.document.due_on),
        open: Pence(shown.open_pence),
        facts: facts(&shown),
        instalments: shown.instalments.iter().map(|item| instalment(item, doors.desk.today())).collect(),
        discount: shown.discount.as_ref().filter(|offer| offer.credit_id.is_none() && shown.open_pence > 0).map(
            |offer| {
                let all_but_it = shown.open_pence == offer.discount_pence && visitor.actor.holds(Duty::PostCash);
                (Pence(offer.discount_pence), offer.until_on, all_but_it)
            },
        ),
        deposit: shown.deposit,
        lines: lines(&shown),
        totals: Totals {
            net: Pence(shown.document.net_pence),
            vat: Pence(shown.document.vat_pence),
            gross: Pence(shown.document.gross_pence),
        },
        allocations: shown.allocations.iter().map(allocation).collect(),
        delivery: shown.letters.iter().map(letter).collect(),
        has_pdf: letter_of(&shown).is_some(),
        may_copy: letter_of(&shown).is_some()
            && [Duty::WorkCases, Duty::RaiseInvoice, Duty::AnswerQueries].into_iter().any(|d| visitor.actor.holds(d)),
        may_query: !is_credit && shown.open_pence > 0 && may_query,
        may_credit: !is_credit && visitor.actor.holds(Duty::ProposeCredit),
        may_amend: !is_credit
            && shown.amendment.as_ref().is_none_or(|amended| amended.new_pence > 0 && amended.new.is_none())
            && visitor.actor.holds(Duty::ProposeCredit)
            && visitor.actor.holds(Duty::RaiseInvoice),
        compared: shown.amendment.as_ref().map(super::amend::comparison),
        may_write_off: !is_credit && shown.open_pence > 0 && visitor.actor.holds(Duty::ProposeWriteOff),
        interest,
    })
}

fn instalment(item: &sundry_store::ledger::ItemRow, today: NaiveDate) -> (String, NaiveDate, Pence, Pence, Tag) {
    let state = match (item.open_pence, item.disputed_pence > 0) {
        (0, _) => tag("Cleared", TagColour::Green),
        (_, true) => tag("In query", TagColour::Yellow),
        _ if item.due_on < today => tag("Overdue", TagColour::Red),
        _ => tag("Not due", TagColour::Grey),
    };
    (item.number.clone(), item.due_on, Pence(item.original_pence), Pence(item.open_pence), state)
}

async fn discount(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = GiveDiscount { key: posted.key(), invoice: number };
    let given = give_discount(&doors.desk, &visitor.actor, ask).await?;
    let news = format!("Discount of {} given: credit note {}", Pence(given.gross_pence), given.credit_note);
    told(&super::search::page_of("invoice", &given.invoice), &news)
}

/// Whether a contract, a feeder's file or a request stands behind an invoice.
async fn has_evidence(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<bool> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    Ok(!evidence(desk, by, number).await?.is_empty()
        || !behind_invoice(desk, by, number).await?.is_empty()
        || request_behind(desk, by, number).await?.is_some())
}

/// Statutory interest and the fixed sum to today, where the law gives them.
async fn interest_of(doors: &Shared, visitor: &Visitor, shown: &InvoiceShown) -> Outcome<Option<Pence>> {
    if shown.document.kind != "invoice" {
        return Ok(None);
    }
    match statutory_interest(&doors.desk, &visitor.actor, &shown.document.number, doors.desk.today()).await {
        Ok(found) => Ok(Some(found.working.interest.plus(found.working.compensation))),
        Err(No::Refused(_) | No::Absent(_)) => Ok(None),
        Err(no) => Err(no),
    }
}

/// The letter that carried the document itself.
fn letter_of(shown: &InvoiceShown) -> Option<&str> {
    let own = shown.letters.iter().find(|letter| letter.kind == shown.document.kind);
    own.or(shown.letters.first()).map(|letter| letter.number.as_str())
}

async fn pdf(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let shown = invoice(&doors.desk, &visitor.actor, &number).await?;
    let letter = letter_of(&shown).ok_or_else(|| No::Absent("letter".into()))?;
    let bytes = letter_pdf(&doors.desk, &visitor.actor, letter).await?;
    let name = format!("inline; filename=\"{letter}.pdf\"");
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}

// A credit note --------------------------------------------------------------------

pub(super) const REASONS: [(&str, &str); 5] = [
    ("wrong_price", "The price was wrong"),
    ("wrong_customer", "It was the wrong customer"),
    ("cancelled", "It was cancelled"),
    ("service_not_given", "The service was not given"),
    ("dispute_agreed", "We agree with what the customer says"),
];

async fn blank_credit(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<CreditForm> {
    let shown = invoice(&doors.desk, &visitor.actor, number).await?;
    if shown.document.kind != "invoice" {
        return Err(No::Absent("invoice".into()));
    }
    let line = |line: &sundry_store::billing::DocumentLineRow| CreditLine {
        line: line.line,
        description: line.description.clone(),
        net: Pence(line.net_pence),
        typed: String::new(),
    };
    Ok(CreditForm {
        frame: doors.frame(visitor, "Billing").await,
        number: shown.document.number.clone(),
        open: Pence(shown.open_pence),
        how_much: "full".into(),
        lines: shown.lines.iter().map(line).collect(),
        reasons: REASONS.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect(),
        reason: String::new(),
        explanation: String::new(),
    })
}

async fn credit_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_credit(&doors, &visitor, &number).await?)
}

async fn credit(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank_credit(&doors, &visitor, &number).await?;
    form.how_much = posted.get("how_much").to_owned();
    form.reason = posted.get("reason").to_owned();
    form.explanation = posted.get("explanation").to_owned();
    for line in &mut form.lines {
        line.typed = posted.get(&format!("net-{}", line.line)).to_owned();
    }
    let lines = if form.how_much == "part" { parts(&mut form) } else { Vec::new() };
    if !form.frame.errors.is_empty() {
        return super::form::again(&form);
    }
    let ask = RequestCredit {
        key: posted.key(),
        invoice: form.number.clone(),
        lines,
        reason: form.reason.clone(),
        words: form.explanation.clone(),
    };
    match request_credit_note(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let news = format!("Credit note of {} asked for: {}", Pence(asked.gross_pence), asked.approval);
            told(&invoice_at(&form.number), &news)
        }
        Err(no) => {
            let no = at_lines(no, &form);
            let status = onto(&mut form.frame, no, &[("words", "explanation"), ("lines", "how_much")])?;
            page_with(status, &form)
        }
    }
}

/// The parts that were typed; what cannot be read is told at its line.
fn parts(form: &mut CreditForm) -> Vec<desk_billing::CreditLine> {
    let mut lines = Vec::new();
    for line in &form.lines {
        match (line.typed.as_str(), Pence::parse(&line.typed)) {
            ("", _) => {}
            (_, Some(net)) => {
                lines.push(desk_billing::CreditLine { line: u32::try_from(line.line).unwrap_or(0), net_pence: net.0 })
            }
            (_, None) => {
                form.frame.errors.add(format!("net-{}", line.line), "Enter an amount in pounds, such as 50 or 12.34")
            }
        }
    }
    if lines.is_empty() && form.frame.errors.is_empty() {
        form.frame.errors.add("how_much", "Enter how much of a line is to be credited, or choose all of it");
    }
    lines
}

/// What is wrong with a line belongs to its box.
fn at_lines(no: No, form: &CreditForm) -> No {
    let No::Invalid(mut all) = no else { return no };
    for one in &mut all {
        if let Some(row) = one.row.filter(|row| form.lines.iter().any(|line| i64::try_from(*row) == Ok(line.line))) {
            one.field = format!("net-{row}");
        }
    }
    No::Invalid(all)
}
