//! Money out: overpayments, refunds, transfers and payment batches.
use super::desk_suspense::{LOOK, desk_page};
use super::export::download;
use super::form::{Asked, amount_field, asked, date_field, onto, page_number};
use crate::web::door::{
    Answer, Posted, Routes, Shared, Trouble, Visitor, form_encode, page, page_with, see_other, told,
};
use crate::web::pages::cash_desk::{
    DecisionTyped, DeskPage, RefundTyped, batch_body, batches_body, decision_form, overpayments_body, refund_body,
    refund_form, refunds_body, transfer_form, transfers_body,
};
use crate::web::ui;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::overpayments::{DecideOverpayment, decide_overpayment, overpayments};
use sundry_desk::cash::payment_batches::{
    MakePaymentBatch, MovePaymentBatch, make_payment_batch, move_payment_batch, payment_batch, payment_batches,
    payment_file,
};
use sundry_desk::cash::refunds::{refund, refunds};
use sundry_desk::cash::request_refund::{RequestRefund, refund_look, request_refund};
use sundry_desk::cash::settle_refund::{TakeRefundBack, take_refund_back};
use sundry_desk::cash::transfers::{RequestTransfer, funds, request_transfer, transfers};
use sundry_desk::customers::customer_account;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const SIZE: i64 = 40;
const ASK: &[Duty] = &[Duty::ProposeRefund];
const POST: &[Duty] = &[Duty::PostCash];

/// The routes of money out.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/overpayments", LOOK, get(list_overpayments))
        .add("/cash/overpayments/decide", POST, get(ask_decision).post(decide))
        .add("/cash/refunds", LOOK, get(list_refunds))
        .add("/cash/refunds/new", ASK, get(ask_refund).post(send_refund))
        .add("/cash/refunds/{number}", LOOK, get(one_refund))
        .add("/cash/refunds/{number}/take-back", ASK, post(take_back))
        .add("/cash/transfers", LOOK, get(list_transfers))
        .add("/cash/transfers/new", ASK, get(ask_transfer).post(send_transfer))
        .add("/cash/payment-batches", LOOK, get(list_batches).post(make_batch))
        .add("/cash/payment-batches/{number}", LOOK, get(one_batch).post(step))
        .add("/cash/payment-batches/{number}/file", &[Duty::ReleasePaymentFile], get(file))
}

async fn list_overpayments(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let undecided = asked(&query, "show") != "all";
    let place = i64::from(page_number(&query));
    let found = overpayments(&doors.desk, &visitor.actor, undecided, place, SIZE).await?;
    let mut shown = desk_page(&doors, &visitor, "Overpayments").await;
    shown.crumbs.clear();
    shown.actions = ui::link("/cash/transfers", "Transfers");
    let may = visitor.actor.holds(Duty::PostCash);
    let sum = Pence(found.sum_pence);
    shown.content = overpayments_body(&shown.frame, &found.rows, sum, undecided, (found.page, found.pages), may);
    page(&shown)
}

/// The form about a credit, with what the customer owes.
async fn decision(
    doors: &Shared,
    visitor: &Visitor,
    credit: &str,
    typed: &DecisionTyped,
    frame_of: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let look = refund_look(desk, by, credit).await?;
    let mut debts = Vec::new();
    if let Some((number, _)) = &look.customer {
        let account = customer_account(desk, by, number).await?;
        let owed = account.items.iter().filter(|item| item.open_pence > 0 && item.kind != "receipt");
        debts.extend(owed.map(|item| (item.number.clone(), item.description.clone(), Pence(item.open_pence))));
    }
    let mut shown = match frame_of {
        Some(shown) => shown,
        None => desk_page(doors, visitor, format!("What becomes of {}", look.credit)).await,
    };
    shown.crumbs = vec![("/cash/overpayments".into(), "Overpayments".into())];
    if let Some((number, name)) = &look.customer {
        shown.caption = format!("{name}, {number}");
    }
    shown.content = decision_form(&shown.frame, &look.credit, Pence(look.available_pence), &debts, typed);
    Ok(shown)
}

async fn ask_decision(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&decision(&doors, &visitor, asked(&query, "credit"), &DecisionTyped::default(), None).await?)
}

async fn decide(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>, posted: Posted) -> Answer {
    let credit = asked(&query, "credit");
    let text = |name: &str| posted.get(name).to_owned();
    let typed = DecisionTyped {
        said: (text("choice"), text("words"), text("authority"), text("review_on")),
        amounts: posted.starting("amount-").map(|(item, amount)| (item.to_owned(), amount.to_owned())).collect(),
    };
    let next = match typed.said.0.as_str() {
        "refund" => Some("refunds"),
        "transfer" => Some("transfers"),
        _ => None,
    };
    if let Some(room) = next {
        return see_other(&format!("/cash/{room}/new?credit={}", form_encode(credit)));
    }
    let mut shown = decision(&doors, &visitor, credit, &typed, None).await?;
    let review_on = date_field(&mut shown.frame, "review_on", &typed.said.3, doors.desk.today());
    let mut lines = Vec::new();
    for (item, amount) in typed.amounts.iter().filter(|(_, amount)| !amount.is_empty()) {
        let field = format!("amount-{item}");
        if let Some(amount) = amount_field(&mut shown.frame, &field, amount) {
            lines.push(AllocationLine { item: item.clone(), amount });
        }
    }
    let status = if shown.frame.errors.is_empty() {
        let ask = DecideOverpayment {
            key: posted.key(),
            credit: credit.to_owned(),
            choice: typed.said.0.clone(),
            words: typed.said.1.clone(),
            authority: typed.said.2.clone(),
            review_on,
            lines,
        };
        match decide_overpayment(&doors.desk, &visitor.actor, ask).await {
            Ok(done) => {
                let news = if done.choice == "offset" {
                    format!("{} of {} is set against what they owe", Pence(done.offset_pence), done.credit)
                } else {
                    format!("{} stays on the account", done.credit)
                };
                return told("/cash/overpayments", &news);
            }
            Err(no) => onto(&mut shown.frame, no, &[("item", "lines")])?,
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(status, &decision(&doors, &visitor, credit, &typed, Some(shown)).await?)
}

async fn list_refunds(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let view = match asked(&query, "view") {
        "" => "all",
        view => view,
    };
    let place = i64::from(page_number(&query));
    let found = refunds(&doors.desk, &visitor.actor, view, place, SIZE).await?;
    let mut shown = desk_page(&doors, &visitor, "Refunds").await;
    shown.crumbs.clear();
    shown.content = refunds_body(&shown.frame, view, &found.rows, Pence(found.total_pence), (found.page, found.pages));
    page(&shown)
}

async fn refund_page(
    doors: &Shared,
    visitor: &Visitor,
    credit: &str,
) -> Result<(DeskPage, sundry_desk::cash::request_refund::RefundLook), Trouble> {
    let look = refund_look(&doors.desk, &visitor.actor, credit).await?;
    let title = if look.source == "suspense" { "Return" } else { "Refund" };
    let mut shown = desk_page(doors, visitor, format!("{title} {}", look.credit)).await;
    shown.crumbs = vec![("/cash/refunds".into(), "Refunds".into())];
    Ok((shown, look))
}

async fn ask_refund(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (mut shown, look) = refund_page(&doors, &visitor, asked(&query, "credit")).await?;
    let mut typed = RefundTyped::default();
    typed.what.0 = Pence(look.available_pence).pounds();
    typed.what.3 = if look.came_by == "card" { "card".into() } else { "bank".into() };
    shown.content = refund_form(&shown.frame, &look, &typed);
    page(&shown)
}

async fn send_refund(
    State(doors): State<Shared>,
    visitor: Visitor,
    Query(query): Query<Asked>,
    posted: Posted,
) -> Answer {
    let credit = asked(&query, "credit");
    let text = |name: &str| posted.get(name).to_owned();
    let mut typed = RefundTyped {
        what: (text("amount"), text("reason"), text("words"), text("method")),
        to: (text("payee_name"), text("payee_address"), text("sort_code"), text("account")),
        said: (text("authority"), text("call_back")),
        seen: posted.has("seen"),
        warned: posted.has("seen"),
    };
    let (mut shown, look) = refund_page(&doors, &visitor, credit).await?;
    let amount = amount_field(&mut shown.frame, "amount", &typed.what.0);
    let status = if shown.frame.errors.is_empty() {
        let ask = RequestRefund {
            key: posted.key(),
            credit: credit.to_owned(),
            amount,
            reason: typed.what.1.clone(),
            words: typed.what.2.clone(),
            method: typed.what.3.clone(),
            payee_name: typed.to.0.clone(),
            payee_address: typed.to.1.clone(),
            sort_code: typed.to.2.clone(),
            account: typed.to.3.clone(),
            authority: typed.said.0.clone(),
            call_back: typed.said.1.clone(),
            seen_warnings: typed.seen,
        };
        match request_refund(&doors.desk, &visitor.actor, ask).await {
            Ok(done) => {
                let news = format!("{} waits for someone else's yes as {}", done.refund, done.approval);
                return told(&format!("/cash/refunds/{}", done.refund), &news);
            }
            Err(no) => {
                typed.warned |= no.code() == Some("CSH-REFUND-WARNING");
                onto(&mut shown.frame, no, &[])?
            }
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    shown.content = refund_form(&shown.frame, &look, &typed);
    page_with(status, &shown)
}

async fn refund_shown(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    reason: &str,
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let view = refund(&doors.desk, &visitor.actor, number).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, format!("Refund {}", view.refund.number)).await,
    };
    shown.crumbs = vec![("/cash/refunds".into(), "Refunds".into())];
    let may = visitor.actor.holds(Duty::ProposeRefund);
    shown.content = refund_body(&shown.frame, &view.refund, view.customer.as_ref(), view.batch.as_ref(), reason, may);
    Ok(shown)
}

async fn one_refund(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&refund_shown(&doors, &visitor, &number, "", None).await?)
}

async fn take_back(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let ask = TakeRefundBack {
        key: posted.key(),
        refund: number.clone(),
        reason: posted.get("reason").to_owned(),
        came_back_as: Some(posted.get("came_back_as").to_owned()).filter(|text| !text.is_empty()),
    };
    match take_refund_back(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} is {}. {}", done.refund, done.state, done.consequences.join(" "));
            told(&format!("/cash/refunds/{number}"), news.trim())
        }
        Err(no) => {
            let reason = posted.get("reason");
            let mut shown = refund_shown(&doors, &visitor, &number, reason, None).await?;
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &refund_shown(&doors, &visitor, &number, reason, Some(shown)).await?)
        }
    }
}

async fn list_transfers(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = transfers(&doors.desk, &visitor.actor).await?;
    let mut shown = desk_page(&doors, &visitor, "Transfers").await;
    shown.content = transfers_body(&shown.frame, &rows);
    page(&shown)
}

type TransferTyped = (String, String, String, String, String);

async fn transfer_page(
    doors: &Shared,
    visitor: &Visitor,
    credit: &str,
    typed: &TransferTyped,
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let look = refund_look(&doors.desk, &visitor.actor, credit).await?;
    let funds = funds(&doors.desk, &visitor.actor).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, format!("Transfer {}", look.credit)).await,
    };
    shown.crumbs = vec![("/cash/transfers".into(), "Transfers".into())];
    let there = (Pence(look.available_pence), look.source == "suspense");
    shown.content = transfer_form(&shown.frame, &look.credit, there, &funds, typed);
    Ok(shown)
}

async fn ask_transfer(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let credit = asked(&query, "credit");
    let look = refund_look(&doors.desk, &visitor.actor, credit).await?;
    let typed = (Pence(look.available_pence).pounds(), String::new(), String::new(), String::new(), String::new());
    page(&transfer_page(&doors, &visitor, credit, &typed, None).await?)
}

async fn send_transfer(
    State(doors): State<Shared>,
    visitor: Visitor,
    Query(query): Query<Asked>,
    posted: Posted,
) -> Answer {
    let credit = asked(&query, "credit");
    let text = |name: &str| posted.get(name).to_owned();
    let typed = (text("amount"), text("to_customer"), text("to_fund"), text("words"), text("authority"));
    let mut shown = transfer_page(&doors, &visitor, credit, &typed, None).await?;
    let amount = amount_field(&mut shown.frame, "amount", &typed.0);
    let status = if shown.frame.errors.is_empty() {
        let ask = RequestTransfer {
            key: posted.key(),
            credit: credit.to_owned(),
            amount,
            to_customer: typed.1.clone(),
            to_fund: typed.2.clone(),
            words: typed.3.clone(),
            authority: typed.4.clone(),
        };
        match request_transfer(&doors.desk, &visitor.actor, ask).await {
            Ok(done) => {
                let news = format!("{} waits for someone else's yes as {}", done.transfer, done.approval);
                return told("/cash/transfers", &news);
            }
            Err(sundry_desk::No::Absent(_)) => {
                shown.frame.errors.add("to_customer", "No customer has this number");
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Err(no) => onto(&mut shown.frame, no, &[])?,
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(status, &transfer_page(&doors, &visitor, credit, &typed, Some(shown)).await?)
}

async fn batches_page(doors: &Shared, visitor: &Visitor, kept: Option<DeskPage>) -> Result<DeskPage, Trouble> {
    let rows = payment_batches(&doors.desk, &visitor.actor).await?;
    let waiting = refunds(&doors.desk, &visitor.actor, "to_pay", 1, 1).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, "Payments out").await,
    };
    shown.crumbs.clear();
    let may = visitor.actor.holds(Duty::ProposeRefund);
    shown.content = batches_body(&shown.frame, &rows, (waiting.count, Pence(waiting.total_pence)), may);
    Ok(shown)
}

async fn list_batches(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&batches_page(&doors, &visitor, None).await?)
}

async fn make_batch(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = batches_page(&doors, &visitor, None).await?;
    let pay_on = date_field(&mut shown.frame, "pay_on", posted.get("pay_on"), doors.desk.today());
    let status = if shown.frame.errors.is_empty() {
        let (key, method) = (posted.key(), posted.get("method").to_owned());
        let ask = MakePaymentBatch { key, method, refunds: Vec::new(), pay_on };
        match make_payment_batch(&doors.desk, &visitor.actor, ask).await {
            Ok(done) => {
                let news = format!("{} is a draft. Someone else releases it", done.batch);
                return told(&format!("/cash/payment-batches/{}", done.batch), &news);
            }
            Err(no) => onto(&mut shown.frame, no, &[])?,
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(status, &batches_page(&doors, &visitor, Some(shown)).await?)
}

async fn batch_page(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let view = payment_batch(&doors.desk, &visitor.actor, number).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, format!("Payment batch {}", view.batch.number)).await,
    };
    shown.crumbs = vec![("/cash/payment-batches".into(), "Payments out".into())];
    let by = &visitor.actor;
    let may = (by.holds(Duty::ReleasePaymentFile), by.holds(Duty::ProposeRefund));
    shown.content = batch_body(&shown.frame, &view.batch, &view.refunds, may);
    Ok(shown)
}

async fn one_batch(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&batch_page(&doors, &visitor, &number, None).await?)
}

async fn step(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = MovePaymentBatch {
        key: posted.key(),
        batch: number.clone(),
        act: posted.get("do").to_owned(),
        words: posted.get("words").to_owned(),
    };
    match move_payment_batch(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&format!("/cash/payment-batches/{number}"), &format!("{} is {}", done.batch, done.state)),
        Err(no) => {
            let mut shown = batch_page(&doors, &visitor, &number, None).await?;
            let status = onto(&mut shown.frame, no, &[("act", "main-content")])?;
            page_with(status, &batch_page(&doors, &visitor, &number, Some(shown)).await?)
        }
    }
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (name, bytes) = payment_file(&doors.desk, &visitor.actor, &number).await?;
    let kind = match name.rsplit('.').next() {
        Some("xml") => "application/xml",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    download(&name, kind, bytes)
}
