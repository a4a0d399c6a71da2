//! Deposits: the list, asking for one, and what became of it.
use super::form::{Asked, again, amount_field, asked, date_field, onto, open_address};
use super::invoices::vat_words;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::deposits::{DepositForm, DepositLine, Deposits, OneDeposit};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::billing::{
    AskDeposit, DepositShown, ReturnDeposit, UseDeposit, ask_deposit, deposit, deposits_list, invoice_choices,
    return_deposit, use_deposit,
};
use sundry_domain::billing::DepositKind;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::billing::terms::DepositRow;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let raises: &[Duty] = &[Duty::RaiseInvoice];
    routes
        .add("/billing/deposits", &[Duty::View], get(list))
        .add("/billing/deposits/new", raises, get(blank).post(ask))
        .add("/billing/deposits/{number}", &[Duty::View], get(view))
        .add("/billing/deposits/{number}/use", raises, post(used))
        .add("/billing/deposits/{number}/return", raises, post(returned))
}

/// The fields of the form.
const FIELDS: [&str; 8] =
    ["customer_number", "kind", "description", "amount", "vat_code", "service", "po_number", "due_on"];

fn line(row: &DepositRow) -> DepositLine {
    DepositLine {
        number: row.number.clone(),
        customer: (row.customer_number.clone(), row.customer_name.clone()),
        what: row.description.clone(),
        kind: DepositKind::parse(&row.kind).map_or("", DepositKind::name).to_owned(),
        asked_on: row.issue_on,
        asked: Pence(row.gross_pence),
        unpaid: Pence(row.unpaid_pence),
        used: Pence(row.used_pence),
        returned: Pence(row.returned_pence),
        left: Pence(row.left_pence()),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let before = asked(&query, "before").parse().ok();
    let found = deposits_list(&doors.desk, &visitor.actor, before).await?;
    let next = found.next.map(|place| format!("{}before={place}", open_address("/billing/deposits", &[])));
    let mut frame = doors.frame(&visitor, "Billing").await;
    frame.help = "rooms/billing".into();
    page(&Deposits {
        frame,
        rows: found.rows.iter().map(line).collect(),
        next: next.unwrap_or_default(),
        may_ask: visitor.actor.holds(Duty::RaiseInvoice),
    })
}

async fn form(doors: &Shared, visitor: &Visitor) -> Outcome<DepositForm> {
    let choices = invoice_choices(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/billing".into();
    Ok(DepositForm {
        frame,
        typed: FIELDS.map(|field| (field, String::new())),
        kinds: DepositKind::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned())).collect(),
        vat_codes: choices
            .vat_codes
            .into_iter()
            .map(|one| (one.code.clone(), vat_words(&one.code, one.vat_bp)))
            .collect(),
    })
}

async fn blank(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut form = form(&doors, &visitor).await?;
    form.typed[0].1 = asked(&query, "customer").to_owned();
    form.typed[1].1 = DepositKind::Advance.as_str().into();
    page(&form)
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = form(&doors, &visitor).await?;
    form.typed = FIELDS.map(|field| (field, posted.get(field).to_owned()));
    let due_on = date_field(&mut form.frame, "due_on", posted.get("due_on"), doors.desk.today());
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let text = |name: &str| posted.get(name).to_owned();
    let ask = AskDeposit {
        key: posted.key(),
        customer_number: text("customer_number"),
        kind: text("kind"),
        description: text("description"),
        amount: text("amount"),
        vat_code: text("vat_code"),
        service: text("service"),
        po_number: text("po_number"),
        due_on,
    };
    match ask_deposit(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let news = format!("{} asked for by {}", Pence(asked.gross_pence), asked.number);
            told(&format!("/billing/deposits/{}", asked.number), &news)
        }
        Err(no) => {
            let fields = [
                ("BIL-15-RETURNABLE-VAT", "vat_code"),
                ("INV-03-NOT-REGISTERED", "vat_code"),
                ("due date", "due_on"),
                ("purchase order", "po_number"),
                ("customer name", "customer_number"),
                ("customer address", "customer_number"),
            ];
            let status = onto(&mut form.frame, no, &fields)?;
            page_with(status, &form)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OneDeposit> {
    let DepositShown { row, usable_pence, uses, open } = deposit(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/billing".into();
    Ok(OneDeposit {
        frame,
        line: line(&row),
        usable: Pence(usable_pence),
        uses: uses.into_iter().map(|one| (one.on_day, one.credit_note, one.invoice, Pence(one.gross_pence))).collect(),
        open: open.into_iter().map(|(number, open)| (number, Pence(open))).collect(),
        may_use: visitor.actor.holds(Duty::RaiseInvoice),
        typed: Default::default(),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn used(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut one = shown(&doors, &visitor, &number).await?;
    one.typed = ["invoice", "amount", "words"].map(|field| posted.get(field).to_owned());
    let amount = amount_field(&mut one.frame, "amount", posted.get("amount"));
    if posted.get("invoice").is_empty() {
        one.frame.errors.add("invoice", "Choose the invoice that it is used for");
    }
    if !one.frame.errors.is_empty() {
        return again(&one);
    }
    let ask = UseDeposit { key: posted.key(), deposit: number, invoice: posted.get("invoice").to_owned(), amount };
    match use_deposit(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news =
                format!("{} used for {}: credit note {}", Pence(done.gross_pence), done.invoice, done.credit_note);
            told(&format!("/billing/deposits/{}", done.deposit), &news)
        }
        Err(no) => {
            let fields = [
                ("BIL-15-MORE-THAN-LEFT", "amount"),
                ("BIL-15-NOT-PAID", "amount"),
                ("BIL-15-OTHER-ACCOUNT", "invoice"),
            ];
            let status = onto(&mut one.frame, no, &fields)?;
            page_with(status, &one)
        }
    }
}

async fn returned(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut one = shown(&doors, &visitor, &number).await?;
    one.typed = ["invoice", "amount", "words"].map(|field| posted.get(field).to_owned());
    let ask = ReturnDeposit { key: posted.key(), deposit: number, words: posted.get("words").to_owned() };
    match return_deposit(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} given back: credit note {}", Pence(done.gross_pence), done.credit_note);
            told(&format!("/billing/deposits/{}", done.deposit), &news)
        }
        Err(no) => {
            let status = onto(&mut one.frame, no, &[("BIL-15-MORE-THAN-LEFT", "words")])?;
            page_with(status, &one)
        }
    }
}
