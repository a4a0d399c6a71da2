//! Recording money taken by hand.
use super::form::{amount_field, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::hand_receipt::HandReceipt;
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::customers::customer_account;
use sundry_domain::control::Duty;

/// The route of the form.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/receipt", &[Duty::PostCash], get(ask).post(record))
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<HandReceipt> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    Ok(HandReceipt {
        frame,
        account: account.customer.number,
        customer: account.customer.name,
        method: "cash".into(),
        amount: String::new(),
        received_on: doors.desk.today().format("%-d %b %Y").to_string(),
        payer: String::new(),
        words: String::new(),
    })
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn record(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank(&doors, &visitor, &number).await?;
    let typed = |name: &str| posted.get(name).to_owned();
    (form.method, form.amount, form.received_on) = (typed("method"), typed("amount"), typed("received_on"));
    (form.payer, form.words) = (typed("payer"), typed("words"));
    let today = doors.desk.today();
    let amount = amount_field(&mut form.frame, "amount", &form.amount);
    let received_on = date_field(&mut form.frame, "received_on", &form.received_on, today);
    if form.amount.is_empty() {
        form.frame.errors.add("amount", "Enter how much came");
    }
    if form.received_on.is_empty() {
        form.frame.errors.add("received_on", "Enter the day it came");
    }
    if !["cash", "card"].contains(&form.method.as_str()) {
        form.frame.errors.add("method", "Choose how it came");
    }
    let (Some(amount), Some(received_on), true) = (amount, received_on, form.frame.errors.is_empty()) else {
        return super::form::again(&form);
    };
    let ask = RecordReceipt {
        key: posted.key(),
        method: form.method.clone(),
        customer: form.account.clone(),
        amount,
        received_on,
        payer_name: form.payer.clone(),
        words: form.words.clone(),
        lines: Vec::new(),
    };
    match record_receipt(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let to = format!("/cash/receipts/{}?customer={}", done.receipt, form.account);
            told(&to, &format!("{} of {amount} is recorded", done.receipt))
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("payer name", "payer"), ("reference", "words")])?;
            page_with(status, &form)
        }
    }
}
