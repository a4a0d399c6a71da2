//! Card payments: taking one, looking at it, refunds, disputes, payouts, payment files.
use super::form::{Asked, amount_field, asked, onto, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::cards::{CardBack, CardList, CardPage, CardRow, PaymentFiles, PayoutPage, TakeCard};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{
    CardLine, CardPaymentView, ImportPaymentFile, ReadSettlement, ReconcilePayout, RecordDispute, RequestCardRefund,
    StartCardPayment, card_disputes, card_payment, card_payments, card_payout, card_payouts, card_providers,
    card_refunds, import_payment_file, look_at_card_payment, read_card_settlement, reconcile_payout,
    record_card_dispute, request_card_refund, start_card_payment,
};
use sundry_desk::customers::customer_account;
use sundry_domain::cash::cards::CardState;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// Who may look.
const LOOK: &[Duty] = &[Duty::PostCash, Duty::ApproveRefund, Duty::ReadAudit, Duty::AllocateWork];
const CASH: &[Duty] = &[Duty::PostCash];

/// The routes of card payments.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/customers/{number}/card", CASH, get(ask_take).post(take))
        .add("/cash/cards", LOOK, get(payments))
        .add("/cash/cards/{number}", LOOK, get(view))
        .add("/cash/cards/{number}/back", LOOK, get(back))
        .add("/cash/cards/{number}/look", LOOK, post(look))
        .add("/cash/cards/{number}/refund", &[Duty::ProposeRefund], get(ask_refund).post(refund))
        .add("/cash/cards/{number}/dispute", CASH, get(ask_dispute).post(dispute))
        .add("/cash/card-refunds", LOOK, get(refunds))
        .add("/cash/card-disputes", LOOK, get(disputes))
        .add("/cash/card-payouts", LOOK, get(payouts))
        .add("/cash/card-payouts/{number}", LOOK, get(payout).post(reconcile))
        .add("/cash/card-settlement", CASH, post(settlement))
        .add("/cash/card-files", &[Duty::ImportFiles], get(files).post(take_file))
}

async fn framed(doors: &Shared, visitor: &Visitor, room: &str) -> crate::web::ui::Frame {
    let mut frame = doors.frame(visitor, room).await;
    frame.help = "rooms/cards".into();
    frame
}

// Taking one -------------------------------------------------------------------------

async fn take_form(doors: &Shared, visitor: &Visitor, number: &str, chosen: &[&str]) -> Result<TakeCard, Trouble> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let open = account.items.iter().filter(|item| item.open_pence > 0);
    let items = open.map(|item| {
        let ticked = chosen.contains(&item.number.as_str());
        (item.number.clone(), item.due_on, Pence(item.open_pence), ticked)
    });
    Ok(TakeCard {
        frame: framed(doors, visitor, "Customers").await,
        account: account.customer.number,
        customer: account.customer.name,
        items: items.collect(),
        amount: String::new(),
    })
}

async fn ask_take(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    page(&take_form(&doors, &visitor, &number, &[asked(&query, "item")]).await?)
}

async fn take(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let chosen: Vec<&str> = posted.all("item").collect();
    let mut form = take_form(&doors, &visitor, &number, &chosen).await?;
    form.amount = posted.get("amount").to_owned();
    let typed = amount_field(&mut form.frame, "amount", &form.amount);
    let ticked: Vec<(String, Pence)> =
        form.items.iter().filter(|item| item.3).map(|(number, _, open, _)| (number.clone(), *open)).collect();
    let sum = Pence(ticked.iter().map(|(_, open)| open.0).sum());
    let amount = typed.unwrap_or(sum);
    if amount <= Pence::ZERO && form.frame.errors.is_empty() {
        form.frame.errors.add("amount", "Choose what is paid, or enter an amount above £0.00");
    }
    if !form.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    let ask = StartCardPayment { key: posted.key(), customer: number.clone(), amount, lines: spread(&ticked, amount) };
    match start_card_payment(&doors.desk, &visitor.actor, ask).await {
        Ok(begun) => see_other(&format!("/cash/cards/{}", begun.payment)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("item", "amount"), ("customer", "amount")])?;
            page_with(status, &form)
        }
    }
}

/// Less than is chosen pays the items from the top.
fn spread(ticked: &[(String, Pence)], amount: Pence) -> Vec<AllocationLine> {
    let mut left = amount;
    let mut lines = Vec::new();
    for (item, open) in ticked {
        let part = (*open).min(left);
        if part > Pence::ZERO {
            lines.push(AllocationLine { item: item.clone(), amount: part });
            left = left.minus(part);
        }
    }
    lines
}

// Looking ----------------------------------------------------------------------------

fn channel(word: &str) -> &'static str {
    match word {
        "telephone" => "Telephone",
        "link" => "Payment link",
        "file" => "Payment file",
        _ => "Settlement",
    }
}

fn row(one: CardLine) -> CardRow {
    let note = match (one.needs_look.is_empty(), one.receipt.is_empty()) {
        (false, _) => format!("Look: {}", one.needs_look),
        (true, false) => one.receipt.clone(),
        (true, true) => one.state_reason.clone(),
    };
    let whose_href = if one.customer.is_empty() { String::new() } else { format!("/customers/{}", one.customer) };
    CardRow {
        href: format!("/cash/cards/{}", one.number),
        number: one.number,
        on: one.asked_on,
        whose: one.customer_name,
        whose_href,
        how: channel(&one.channel).into(),
        amount: Pence(one.amount_pence),
        state: (one.state, one.state_name),
        note,
    }
}

async fn payments(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let state = asked(&query, "state");
    let rows = card_payments(&doors.desk, &visitor.actor, state).await?;
    let words = [("", "All"), ("look", "To look at")].into_iter().map(|(word, name)| (word, name.to_owned()));
    let states = CardState::ALL.into_iter().skip(1).map(|one| (one.as_str(), one.name().to_owned()));
    let views = words.chain(states).map(|(word, name)| (word.to_owned(), name, word == state));
    page(&CardList {
        frame: framed(&doors, &visitor, "Cash").await,
        tab: "Payments",
        views: views.collect(),
        rows: rows.into_iter().map(row).collect(),
        may_read: false,
    })
}

async fn shown(doors: &Shared, visitor: &Visitor, view: CardPaymentView) -> CardPage {
    let line = view.line;
    let by = &visitor.actor;
    let here = format!("/cash/cards/{}", line.number);
    let paid = CardState::parse(&line.state).is_some_and(CardState::is_paid);
    let mut acts = Vec::new();
    if paid && by.holds(Duty::ProposeRefund) && view.left_pence > 0 {
        acts.push(("Refund to the card".to_owned(), format!("{here}/refund")));
    }
    if paid && by.holds(Duty::PostCash) {
        acts.push(("Record a dispute".to_owned(), format!("{here}/dispute")));
    }
    let day = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
    let mut facts = vec![
        ("Taken".to_owned(), format!("{} on {} by {}", channel(&line.channel), day(line.asked_on), line.asked_by)),
        ("To pay".to_owned(), for_what(&view.chosen)),
    ];
    for (key, value) in [("Why", &line.state_reason), ("Provider's reference", &view.provider_ref)] {
        if !value.is_empty() {
            facts.push((key.to_owned(), value.clone()));
        }
    }
    if !view.last_four.is_empty() {
        facts.push(("Card".to_owned(), format!("ends {}", view.last_four)));
    }
    if let Some(settled) = line.settled_on {
        let payout = if view.payout.is_empty() { String::new() } else { format!(", {}", view.payout) };
        facts.push(("Paid out".to_owned(), format!("{}{payout}; charge {}", day(settled), Pence(view.fee_pence))));
    }
    let refunds = view.refunds.into_iter().map(|r| (r.number, r.reason, named(&r.state), Pence(r.amount_pence)));
    let disputes = view.disputes.into_iter().map(|d| (d.number, d.reason, named(&d.state), Pence(d.amount_pence)));
    CardPage {
        frame: framed(doors, visitor, "Cash").await,
        open: CardState::parse(&line.state).is_some_and(CardState::is_open),
        customer: (line.customer, line.customer_name),
        amount: Pence(line.amount_pence),
        state: (line.state, line.state_name),
        needs_look: line.needs_look,
        facts,
        next_url: view.next_url,
        receipt: line.receipt,
        acts,
        parts: refunds.chain(disputes).collect(),
        number: line.number,
    }
}

fn for_what(chosen: &[(String, i64)]) -> String {
    if chosen.is_empty() {
        return "nothing named: it stays on the account".into();
    }
    chosen.iter().map(|(number, pence)| format!("{number} {}", Pence(*pence))).collect::<Vec<_>>().join(", ")
}

/// A stored state with its words.
fn named(state: &str) -> (String, String) {
    let words = match state {
        "asked" => "Waiting for a yes".to_owned(),
        "approved" => "Approved, going to the provider".to_owned(),
        "sent" => "With the provider".to_owned(),
        "paid" => "Back on the card".to_owned(),
        "in_bank" => "In the bank".to_owned(),
        "expected" => "Expected in the bank".to_owned(),
        other => plain(other),
    };
    (state.to_owned(), words)
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let view = card_payment(&doors.desk, &visitor.actor, &number).await?;
    page(&shown(&doors, &visitor, view).await)
}

/// The clerk comes back from the provider's page: the provider is asked, whatever the address says.
async fn back(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let view = look_at_card_payment(&doors.desk, &visitor.actor, &number).await?;
    let to = format!("/cash/cards/{number}");
    let line = &view.line;
    match (line.receipt.is_empty(), CardState::parse(&line.state).is_some_and(CardState::is_open)) {
        (false, _) => {
            told(&to, &format!("Paid: {} is on the account, receipt {}", Pence(line.amount_pence), line.receipt))
        }
        (true, true) => told(&to, "The provider has not said yet that it is paid"),
        (true, false) => told(&to, &format!("Not paid: {}", line.state_name.to_lowercase())),
    }
}

async fn look(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, _: Posted) -> Answer {
    back(State(doors), visitor, Path(number)).await
}

// Money back -------------------------------------------------------------------------

async fn back_form(doors: &Shared, visitor: &Visitor, number: &str, dispute: bool) -> Result<CardBack, Trouble> {
    let view = card_payment(&doors.desk, &visitor.actor, number).await?;
    let left = Pence(view.left_pence);
    let typed = [left.pounds(), String::new(), String::new(), String::new(), String::new()];
    Ok(CardBack { frame: framed(doors, visitor, "Cash").await, dispute, number: view.line.number, left, typed })
}

async fn ask_refund(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&back_form(&doors, &visitor, &number, false).await?)
}

async fn ask_dispute(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&back_form(&doors, &visitor, &number, true).await?)
}

/// The form with what was typed, and the amount if it can be read.
async fn typed_back(
    doors: &Shared,
    visitor: &Visitor,
    (number, dispute): (&str, bool),
    posted: &Posted,
) -> Result<(CardBack, Option<Pence>), Trouble> {
    let mut form = back_form(doors, visitor, number, dispute).await?;
    form.typed = ["amount", "reason", "all_the_same", "provider_ref", "state"].map(|name| posted.get(name).to_owned());
    let amount = amount_field(&mut form.frame, "amount", &form.typed[0]);
    if form.typed[0].is_empty() {
        form.frame.errors.add("amount", "Enter how much");
    }
    Ok((form, amount))
}

async fn refund(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (mut form, amount) = typed_back(&doors, &visitor, (&number, false), &posted).await?;
    let Some(amount) = amount else { return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form) };
    let ask = RequestCardRefund {
        key: posted.key(),
        payment: number.clone(),
        amount,
        reason: posted.get("reason").to_owned(),
        all_the_same: posted.get("all_the_same").to_owned(),
    };
    match request_card_refund(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} is asked for: {} waits for someone else's yes", done.refund, done.approval);
            told(&format!("/cash/cards/{number}"), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn dispute(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (mut form, amount) = typed_back(&doors, &visitor, (&number, true), &posted).await?;
    let Some(amount) = amount else { return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form) };
    let ask = RecordDispute {
        key: posted.key(),
        payment: number.clone(),
        provider_ref: posted.get("provider_ref").to_owned(),
        amount,
        fee: Pence::ZERO,
        state: posted.get("state").to_owned(),
        reason: posted.get("reason").to_owned(),
    };
    match record_card_dispute(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let again = Pence(done.reopened_pence);
            let news =
                format!("{} is noted: {}; {again} is owed again", done.dispute, plain(&done.state).to_lowercase());
            told(&format!("/cash/cards/{number}"), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

// Lists ------------------------------------------------------------------------------

fn part_row(
    (number, payment, on): (String, String, chrono::NaiveDate),
    how: String,
    amount: i64,
    state: &str,
    note: String,
) -> CardRow {
    let href = format!("/cash/cards/{payment}");
    let (whose, whose_href) = (payment, href.clone());
    CardRow { number, href, on, whose, whose_href, how, amount: Pence(amount), state: named(state), note }
}

async fn refunds(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let all = card_refunds(&doors.desk, &visitor.actor).await?;
    let rows = all.into_iter().map(|(r, payment)| {
        let note = if r.state_reason.is_empty() { r.approval_number.clone() } else { r.state_reason.clone() };
        part_row((r.number, payment, r.asked_on), r.reason, r.amount_pence, &r.state, note)
    });
    let frame = framed(&doors, &visitor, "Cash").await;
    page(&CardList { frame, tab: "Refunds", views: Vec::new(), rows: rows.collect(), may_read: false })
}

async fn disputes(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let all = card_disputes(&doors.desk, &visitor.actor).await?;
    let rows = all.into_iter().map(|(d, payment)| {
        let note = match d.posted_on {
            Some(_) => format!("{} is owed again", Pence(d.reopened_pence)),
            None => d.answer_by.map(|day| format!("Answer by {}", day.format("%-d %B %Y"))).unwrap_or_default(),
        };
        part_row((d.number, payment, d.recorded_on), plain(&d.reason), d.amount_pence, &d.state, note)
    });
    let frame = framed(&doors, &visitor, "Cash").await;
    page(&CardList { frame, tab: "Disputes", views: Vec::new(), rows: rows.collect(), may_read: false })
}

fn provider_name(code: &str) -> &'static str {
    match code {
        "govuk_pay" => "GOV.UK Pay",
        "pay360_scp" => "Secure Card Portal",
        "practice" => "Practice card page",
        _ => "Payment files",
    }
}

async fn payouts(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let all = card_payouts(&doors.desk, &visitor.actor, "").await?;
    let rows = all.into_iter().map(|p| CardRow {
        href: format!("/cash/card-payouts/{}", p.number),
        on: p.settled_on,
        whose: provider_name(&p.provider).into(),
        whose_href: String::new(),
        how: format!("{} less {}", Pence(p.gross_pence), Pence(p.refunds_pence + p.disputes_pence + p.charges_pence)),
        amount: Pence(p.net_pence),
        state: named(&p.state),
        note: p.reconciled_on.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default(),
        number: p.number,
    });
    let frame = framed(&doors, &visitor, "Cash").await;
    let may_read = visitor.actor.holds(Duty::PostCash);
    page(&CardList { frame, tab: "Payouts", views: Vec::new(), rows: rows.collect(), may_read })
}

async fn payout_page(doors: &Shared, visitor: &Visitor, number: &str) -> Result<PayoutPage, Trouble> {
    let view = card_payout(&doors.desk, &visitor.actor, number).await?;
    let p = view.payout;
    let paid = view.payments.into_iter().zip(view.fees).map(|(one, fee)| {
        let href = format!("/cash/cards/{}", one.number);
        (one.number, href, "Payment".to_owned(), Pence(one.amount_pence), Pence(fee))
    });
    let none = String::new;
    let back =
        view.refunds.into_iter().map(|r| (r.number, none(), "Refund".into(), Pence(-r.amount_pence), Pence::ZERO));
    let lost = view
        .disputes
        .into_iter()
        .map(|d| (d.number, none(), "Dispute".into(), Pence(-d.amount_pence), Pence(d.fee_pence)));
    let lines = view.lines.into_iter().map(|line| (line.line, line.posted_on, line.words, Pence(line.amount_pence)));
    Ok(PayoutPage {
        frame: framed(doors, visitor, "Cash").await,
        of: format!("{}, {}", provider_name(&p.provider), p.settled_on.format("%-d %B %Y")),
        state: named(&p.state),
        figures: [p.gross_pence, p.refunds_pence, p.disputes_pence, p.charges_pence, p.net_pence].map(Pence),
        parts: paid.chain(back).chain(lost).collect(),
        lines: lines.collect(),
        may_post: visitor.actor.holds(Duty::PostCash),
        number: p.number,
    })
}

async fn payout(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&payout_page(&doors, &visitor, &number).await?)
}

async fn reconcile(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut again = payout_page(&doors, &visitor, &number).await?;
    let Ok(line) = posted.get("line").parse::<i64>() else {
        again.frame.errors.add("line", "Choose the bank line");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let ask = ReconcilePayout { key: posted.key(), payout: number.clone(), bank_line: Some(line) };
    match reconcile_payout(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} is in the bank: {}", done.payout, Pence(done.net_pence));
            told(&format!("/cash/card-payouts/{number}"), &news)
        }
        Err(no) => {
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn settlement(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut said = Vec::new();
    for provider in card_providers(&doors.desk, &visitor.actor).await? {
        let ask = ReadSettlement {
            key: format!("{}/{}", posted.key(), provider.provider),
            provider: provider.provider,
            from_on: None,
            to_on: doors.desk.today(),
        };
        match read_card_settlement(&doors.desk, &visitor.actor, ask).await {
            Ok(taken) => {
                let payments = crate::web::ui::count_of(taken.payments, "payment", "payments");
                let payouts = crate::web::ui::count_of(taken.payouts, "payout", "payouts");
                said.push(format!("{}: {payments}, {payouts}", provider.name))
            }
            Err(No::Refused(refusal)) => said.push(format!("{}: {}", provider.name, refusal.sentence)),
            Err(no) => return Err(no.into()),
        }
    }
    let news = if said.is_empty() { "No card provider is set up".to_owned() } else { said.join("; ") };
    told("/cash/card-payouts", &news)
}

// Payment files ----------------------------------------------------------------------

async fn files(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&PaymentFiles { frame: framed(&doors, &visitor, "Cash").await, wrong: Vec::new() })
}

async fn take_file(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = PaymentFiles { frame: framed(&doors, &visitor, "Cash").await, wrong: Vec::new() };
    let Some(file) = posted.files.first() else {
        form.frame.errors.add("file", "Choose the payment file");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    };
    let ask = ImportPaymentFile {
        key: posted.key(),
        file_name: file.name.clone(),
        bytes: file.bytes.clone(),
        accept_gap: posted.has("gap"),
        dry_run: false,
    };
    match import_payment_file(&doors.desk, &visitor.actor, ask).await {
        Ok(taken) => {
            let before = taken.already_on.map(|day| format!("This file came before, on {}", day.format("%-d %B %Y")));
            let news = format!(
                "File {}: {} receipts, {} in suspense, {} confirmed, {} taken back, {}",
                taken.number,
                taken.receipts,
                taken.suspense,
                taken.confirmed,
                taken.taken_back,
                Pence(taken.sum_pence)
            );
            told("/cash/cards", &before.unwrap_or(news))
        }
        Err(No::Invalid(all)) => {
            let place = |row: Option<u64>| row.map_or_else(|| "The file".to_owned(), |row| format!("Row {row}"));
            form.wrong = all.into_iter().take(200).map(|one| (place(one.row), one.message)).collect();
            form.frame.errors.add("file", "Nothing was taken from this file");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
