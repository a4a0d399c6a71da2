//! Asking to give a debt up.
use super::form::{amount_field, onto, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::write_off::WriteOffForm;
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::billing::{RequestWriteOff, invoice, request_write_off};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::writeoff::WriteOffReason;

/// The route of the form.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/billing/invoices/{number}/write-off", &[Duty::ProposeWriteOff], get(ask).post(asked))
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<WriteOffForm> {
    let shown = invoice(&doors.desk, &visitor.actor, number).await?;
    if shown.document.kind != "invoice" {
        return Err(No::Absent("invoice".into()));
    }
    let part = shown.instalments.iter().find(|item| item.number == number);
    let open = Pence(part.map_or(shown.open_pence, |item| item.open_pence));
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/billing".into();
    let reason = |one: WriteOffReason| (one.as_str().to_owned(), plain(one.as_str()));
    Ok(WriteOffForm {
        frame,
        number: part.map_or(&shown.document.number, |item| &item.number).clone(),
        open,
        amount: open.pounds(),
        reasons: WriteOffReason::ALL.into_iter().map(reason).collect(),
        reason: String::new(),
        words: String::new(),
    })
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn asked(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank(&doors, &visitor, &number).await?;
    form.amount = posted.get("amount").to_owned();
    form.reason = posted.get("reason").to_owned();
    form.words = posted.get("words").to_owned();
    let amount = amount_field(&mut form.frame, "amount", &form.amount);
    if !form.frame.errors.is_empty() {
        return super::form::again(&form);
    }
    let (reason, words) = (form.reason.clone(), form.words.clone());
    let ask = RequestWriteOff { key: posted.key(), item: form.number.clone(), amount, reason, words };
    match request_write_off(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let news = format!("Write-off of {} asked for: {}", Pence(asked.amount_pence), asked.approval);
            told(&super::search::page_of("invoice", &form.number), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
