//! Cheques and cash: the register, taking one, its return, and paying in.
use super::desk_suspense::{LOOK, desk_page};
use super::export::download;
use super::form::{Asked, amount_field, asked, date_field, onto, page_number};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::cash_desk::{
    DeskPage, TakeTyped, payment_body, register_body, slip_body, slips_body, take_form,
};
use crate::web::ui;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::counter::{CounterShare, FundShare, TakePayment, payment, register_of_payments, take_payment};
use sundry_desk::cash::paying_in::{
    MakePayingIn, TiePayingIn, make_paying_in, paying_in, paying_in_batches, paying_in_slip, tie_paying_in,
};
use sundry_desk::cash::return_payment::{ReturnPayment, return_payment};
use sundry_desk::cash::transfers::funds;
use sundry_domain::cash::counter::SlipTotals;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const SIZE: i64 = 40;
/// Rows of the form for customers, and for funds.
const ROWS: (usize, usize) = (3, 2);
const POST: &[Duty] = &[Duty::PostCash];

/// The routes of cheques and cash.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/counter", LOOK, get(register))
        .add("/cash/counter/new", POST, get(ask_take).post(take))
        .add("/cash/counter/{number}", LOOK, get(one).post(give_back))
        .add("/cash/paying-in", LOOK, get(slips).post(make_slip))
        .add("/cash/paying-in/{number}", LOOK, get(one_slip).post(tie))
        .add("/cash/paying-in/{number}/slip", LOOK, get(slip_file))
}

async fn register(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (state, find) = (asked(&query, "state"), asked(&query, "find"));
    let place = i64::from(page_number(&query));
    let found = register_of_payments(&doors.desk, &visitor.actor, (state, find), place, SIZE).await?;
    let mut shown = desk_page(&doors, &visitor, "Cheques and cash").await;
    shown.crumbs.clear();
    if visitor.actor.holds(Duty::PostCash) {
        shown.actions = ui::link_button("Take a cheque or cash", "/cash/counter/new").into();
    }
    shown.actions = shown.actions.and(ui::link_button("Paying in", "/cash/paying-in").secondary());
    shown.content =
        register_body(&shown.frame, &found.rows, (state, find), Pence(found.sum_pence), (found.page, found.pages));
    page(&shown)
}

async fn take_page(
    doors: &Shared,
    visitor: &Visitor,
    typed: &TakeTyped,
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let funds = funds(&doors.desk, &visitor.actor).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, "Take a cheque or cash").await,
    };
    shown.crumbs = vec![("/cash/counter".into(), "Cheques and cash".into())];
    shown.content = take_form(&shown.frame, &funds, typed);
    Ok(shown)
}

async fn ask_take(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut typed = TakeTyped {
        shares: vec![Default::default(); ROWS.0],
        funds: vec![Default::default(); ROWS.1],
        ..TakeTyped::default()
    };
    typed.head[0] = "cheque".into();
    typed.head[2] = "today".into();
    typed.shares[0].0 = asked(&query, "customer").to_owned();
    page(&take_page(&doors, &visitor, &typed, None).await?)
}

fn typed_of(posted: &Posted) -> TakeTyped {
    let text = |name: &str| posted.get(name).to_owned();
    let row = |names: [&str; 3], n: usize| {
        let [a, b, c] = names.map(|name| text(&format!("{name}-{n}")));
        (a, b, c)
    };
    let head = ["method", "amount", "received_on", "payer_name", "cheque_number", "drawer_bank", "words"];
    TakeTyped {
        head: head.map(text),
        shares: (1..=ROWS.0).map(|n| row(["customer", "share", "invoice"], n)).collect(),
        funds: (1..=ROWS.1).map(|n| row(["fund", "part", "what"], n)).collect(),
    }
}

/// The shares as typed; what cannot be read is told at its field. One customer alone has all of it.
fn shares_of(shown: &mut DeskPage, typed: &TakeTyped, amount: Pence) -> (Vec<CounterShare>, Vec<FundShare>) {
    let (mut shares, mut parts) = (Vec::new(), Vec::new());
    let named = typed.shares.iter().filter(|row| !row.0.is_empty()).count();
    let funds = typed.funds.iter().filter(|row| !row.0.is_empty()).count();
    for (at, (customer, share, invoice)) in typed.shares.iter().enumerate() {
        if customer.is_empty() {
            continue;
        }
        let alone = named == 1 && funds == 0 && share.is_empty();
        let read = amount_field(&mut shown.frame, &format!("share-{}", at + 1), share);
        let Some(part) = read.or(alone.then_some(amount)) else {
            if share.is_empty() {
                shown.frame.errors.add(format!("share-{}", at + 1), "Enter how much of it is theirs");
            }
            continue;
        };
        let line = AllocationLine { item: invoice.clone(), amount: part };
        let lines = if invoice.is_empty() { Vec::new() } else { vec![line] };
        shares.push(CounterShare { customer: customer.clone(), amount: part, lines });
    }
    for (at, (fund, part, what)) in typed.funds.iter().enumerate() {
        if fund.is_empty() {
            continue;
        }
        let field = format!("part-{}", at + 1);
        match amount_field(&mut shown.frame, &field, part) {
            Some(amount) => parts.push(FundShare { fund: fund.clone(), amount, words: what.clone() }),
            None if part.is_empty() => shown.frame.errors.add(field, "Enter how much of it is for the fund"),
            None => {}
        }
    }
    (shares, parts)
}

async fn take(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = typed_of(&posted);
    let mut shown = take_page(&doors, &visitor, &typed, None).await?;
    let today = doors.desk.today();
    let amount = amount_field(&mut shown.frame, "amount", &typed.head[1]).unwrap_or_default();
    let received_on = date_field(&mut shown.frame, "received_on", &typed.head[2], today).unwrap_or(today);
    let (shares, funds) = shares_of(&mut shown, &typed, amount);
    let status = if shown.frame.errors.is_empty() {
        let ask = TakePayment {
            key: posted.key(),
            method: typed.head[0].clone(),
            payer_name: typed.head[3].clone(),
            cheque_number: typed.head[4].clone(),
            drawer_bank: typed.head[5].clone(),
            amount,
            received_on,
            words: typed.head[6].clone(),
            shares,
            funds,
        };
        match take_payment(&doors.desk, &visitor.actor, ask).await {
            Ok(done) => {
                let news = format!(
                    "{} is in the register: {} against invoices, {} on account, {} for other funds",
                    done.payment,
                    Pence(done.allocated_pence),
                    Pence(done.on_account_pence),
                    Pence(done.funds_pence)
                );
                return told(&format!("/cash/counter/{}", done.payment), &news);
            }
            Err(No::Absent(what)) => {
                shown.frame.errors.add("shares", format!("There is no {what}"));
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Err(no) => onto(&mut shown.frame, no, &[("item", "shares"), ("customer", "shares")])?,
        }
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(status, &take_page(&doors, &visitor, &typed, Some(shown)).await?)
}

async fn payment_page(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    reason: &str,
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let view = payment(&doors.desk, &visitor.actor, number).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, format!("Payment {}", view.payment.number)).await,
    };
    shown.crumbs = vec![("/cash/counter".into(), "Cheques and cash".into())];
    let may = visitor.actor.holds(Duty::PostCash);
    shown.content = payment_body(&shown.frame, &view, reason, may);
    Ok(shown)
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&payment_page(&doors, &visitor, &number, "", None).await?)
}

async fn give_back(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let ask = ReturnPayment {
        key: posted.key(),
        payment: number.clone(),
        reason: posted.get("reason").to_owned(),
        letter: posted.has("letter"),
    };
    match return_payment(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let letters = if done.letters.is_empty() {
                String::new()
            } else {
                format!(" Waiting to be sent: {}.", done.letters.join(", "))
            };
            let follows = match done.reopened_pence {
                0 => "it had paid nothing, and is off the account".to_owned(),
                pence => format!("{} is owed again", Pence(pence)),
            };
            let news = format!("{} came back; {follows}.{letters}", done.payment);
            told(&format!("/cash/counter/{number}"), &news)
        }
        Err(no) => {
            let reason = posted.get("reason");
            let mut shown = payment_page(&doors, &visitor, &number, reason, None).await?;
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &payment_page(&doors, &visitor, &number, reason, Some(shown)).await?)
        }
    }
}

async fn slips_page(
    doors: &Shared,
    visitor: &Visitor,
    typed: &[String; 4],
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let rows = paying_in_batches(desk, by).await?;
    let held = register_of_payments(desk, by, ("held", ""), 1, 200).await?.rows;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, "Paying in").await,
    };
    shown.crumbs = vec![("/cash/counter".into(), "Cheques and cash".into())];
    shown.content = slips_body(&shown.frame, &rows, &held, typed, by.holds(Duty::PostCash));
    Ok(shown)
}

async fn slips(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&slips_page(&doors, &visitor, &Default::default(), None).await?)
}

async fn make_slip(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = ["slip", "cheques", "cheques_sum", "cash"].map(|name| posted.get(name).to_owned());
    let mut shown = slips_page(&doors, &visitor, &typed, None).await?;
    let cheques_sum = amount_field(&mut shown.frame, "cheques_sum", &typed[2]).unwrap_or_default();
    let cash_sum = amount_field(&mut shown.frame, "cash", &typed[3]).unwrap_or_default();
    let cheques = if typed[1].is_empty() { Some(0) } else { typed[1].parse().ok() };
    if cheques.is_none() {
        shown.frame.errors.add("cheques", "Enter how many cheques you counted, such as 3");
    }
    let payments: Vec<String> = posted.all("payment").map(str::to_owned).collect();
    if payments.is_empty() {
        shown.frame.errors.add("main-content", "Select what goes to the bank");
    }
    let status = match cheques.filter(|_| shown.frame.errors.is_empty()) {
        Some(cheques) => {
            let counted = SlipTotals { cheques, cheques_sum, cash_sum };
            let (key, slip) = (posted.key(), typed[0].clone());
            let ask = MakePayingIn { key, slip, payments, counted, ..MakePayingIn::default() };
            match make_paying_in(&doors.desk, &visitor.actor, ask).await {
                Ok(done) => {
                    let news = format!("{} is made: {}", done.batch, Pence(done.total_pence));
                    return told(&format!("/cash/paying-in/{}", done.batch), &news);
                }
                Err(no) => onto(&mut shown.frame, no, &[])?,
            }
        }
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page_with(status, &slips_page(&doors, &visitor, &typed, Some(shown)).await?)
}

async fn slip_page(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    receipt: &str,
    kept: Option<DeskPage>,
) -> Result<DeskPage, Trouble> {
    let view = paying_in(&doors.desk, &visitor.actor, number).await?;
    let mut shown = match kept {
        Some(shown) => shown,
        None => desk_page(doors, visitor, format!("Paying-in slip {}", view.batch.slip)).await,
    };
    shown.crumbs = vec![("/cash/paying-in".into(), "Paying in".into())];
    shown.caption = view.batch.number.clone();
    shown.content = slip_body(&shown.frame, &view, receipt, visitor.actor.holds(Duty::PostCash));
    Ok(shown)
}

async fn one_slip(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&slip_page(&doors, &visitor, &number, "", None).await?)
}

async fn tie(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let receipt = posted.get("receipt").to_owned();
    let ask = TiePayingIn { key: posted.key(), batch: number.clone(), receipt: receipt.clone() };
    let no = match tie_paying_in(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} is at the bank since {}", done.batch, done.banked_on.format("%-d %B %Y"));
            return told(&format!("/cash/paying-in/{number}"), &news);
        }
        Err(no) => no,
    };
    let mut shown = slip_page(&doors, &visitor, &number, &receipt, None).await?;
    let status = if matches!(no, No::Absent(_)) {
        shown.frame.errors.add("receipt", "No receipt has this number");
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        onto(&mut shown.frame, no, &[])?
    };
    page_with(status, &slip_page(&doors, &visitor, &number, &receipt, Some(shown)).await?)
}

async fn slip_file(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let format = if asked(&query, "format") == "csv" { "csv" } else { "pdf" };
    let (name, bytes) = paying_in_slip(&doors.desk, &visitor.actor, &number, format).await?;
    let kind = if format == "csv" { "text/csv; charset=utf-8" } else { "application/pdf" };
    download(&name, kind, bytes)
}
