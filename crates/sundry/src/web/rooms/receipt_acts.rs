//! What can be done with a receipt besides allocating it: suspense, split, undo, reverse.
use super::form::{onto, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::receipt_acts::{Act, ReceiptAct, SplitReceipt};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, AllocationSplit, allocate_receipt};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::receipt::{ReceiptView, receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, if_reversed, reverse_receipt};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// Rows of the form for splitting.
const SHARES: usize = 6;
const DUTIES: &[Duty] = &[Duty::PostCash];

/// The routes of these acts.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/receipts/{number}/suspense", DUTIES, get(ask_suspense).post(suspense))
        .add("/cash/receipts/{number}/undo", DUTIES, get(ask_undo).post(undo))
        .add("/cash/receipts/{number}/reverse", DUTIES, get(ask_reverse).post(reverse))
        .add("/cash/receipts/{number}/split", DUTIES, get(ask_split).post(split))
}

fn in_words(view: &ReceiptView) -> String {
    let receipt = &view.receipt;
    format!("{} from {}, {}", Pence(receipt.amount_pence), receipt.payer_name, receipt.words)
}

async fn form(doors: &Shared, visitor: &Visitor, number: &str, act: Act) -> Result<ReceiptAct, Trouble> {
    let view = receipt(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    Ok(ReceiptAct {
        frame,
        act,
        number: view.receipt.number.clone(),
        receipt: in_words(&view),
        reopened: Pence(view.allocations.iter().map(|part| part.amount_pence).sum()),
        reason: String::new(),
        owner: if view.receipt.owner.is_empty() { visitor.actor.name.clone() } else { view.receipt.owner },
        next: Default::default(),
        consequences: match act {
            Act::Reverse => if_reversed(&doors.desk, &visitor.actor, number).await?,
            _ => Vec::new(),
        },
    })
}

async fn ask_suspense(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&form(&doors, &visitor, &number, Act::Suspense).await?)
}

async fn ask_undo(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&form(&doors, &visitor, &number, Act::Undo).await?)
}

async fn ask_reverse(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&form(&doors, &visitor, &number, Act::Reverse).await?)
}

async fn again(doors: &Shared, visitor: &Visitor, number: &str, act: Act, posted: &Posted, no: No) -> Answer {
    let mut shown = form(doors, visitor, number, act).await?;
    shown.reason = posted.get("reason").to_owned();
    if act == Act::Suspense {
        shown.owner = posted.get("owner").to_owned();
        shown.next = (posted.get("next_step").to_owned(), posted.get("next_on").to_owned());
    }
    let status = onto(&mut shown.frame, no, &[])?;
    page_with(status, &shown)
}

async fn suspense(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let typed = posted.get("next_on");
    let next_on = read_date(typed, doors.desk.today());
    if next_on.is_none() && !typed.is_empty() {
        let wrong = Invalid::field("next_on", "Enter a date such as 19/11/26, 19 Nov 2026 or +14", typed);
        return again(&doors, &visitor, &number, Act::Suspense, &posted, wrong.into()).await;
    }
    let ask = PutInSuspense {
        key: posted.key(),
        receipt: number.clone(),
        reason: posted.get("reason").to_owned(),
        owner: posted.get("owner").to_owned(),
        next_step: posted.get("next_step").to_owned(),
        next_on,
    };
    let owner = ask.owner.clone();
    match put_in_suspense(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            told(&format!("/cash/receipts/{number}"), &format!("{} is in suspense, owner {owner}", done.receipt))
        }
        Err(no) => again(&doors, &visitor, &number, Act::Suspense, &posted, no).await,
    }
}

async fn undo(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = UndoAllocation {
        key: posted.key(),
        allocation: None,
        receipt: Some(number.clone()),
        reason: posted.get("reason").to_owned(),
    };
    match undo_allocation(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} of {number} is on the customer's account again", Pence(done.undone_pence));
            told(&format!("/cash/receipts/{number}"), &news)
        }
        Err(no) => again(&doors, &visitor, &number, Act::Undo, &posted, no).await,
    }
}

async fn reverse(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = ReverseReceipt { key: posted.key(), receipt: number.clone(), reason: posted.get("reason").to_owned() };
    match reverse_receipt(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} is reversed; {} is open again", done.receipt, Pence(done.reopened_pence));
            told(&format!("/cash/receipts/{number}"), &news)
        }
        Err(no) => again(&doors, &visitor, &number, Act::Reverse, &posted, no).await,
    }
}

async fn split_form(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    rows: Vec<(String, String, String)>,
) -> Result<SplitReceipt, Trouble> {
    let view = receipt(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let (receipt, left) = (in_words(&view), Pence(view.left_pence));
    Ok(SplitReceipt { frame, number: view.receipt.number, receipt, left, rows })
}

async fn ask_split(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&split_form(&doors, &visitor, &number, vec![Default::default(); SHARES]).await?)
}

async fn split(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let typed = |name: &str, n: usize| posted.get(&format!("{name}-{n}")).to_owned();
    let rows: Vec<_> = (1..=SHARES).map(|n| (typed("customer", n), typed("share", n), typed("invoice", n))).collect();
    let filled = rows.iter().filter(|(customer, amount, _)| !customer.is_empty() || !amount.is_empty());
    let shares: Option<Vec<AllocationSplit>> = filled.map(share).collect();
    let Some(shares) = shares.filter(|shares| !shares.is_empty()) else {
        let mut again = split_form(&doors, &visitor, &number, rows).await?;
        again.frame.errors.add("split", "Enter a customer and an amount in pounds for each share");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let count = shares.len();
    let ask = AllocateReceipt {
        key: posted.key(),
        receipt: number.clone(),
        customer: String::new(),
        lines: Vec::new(),
        split: shares,
        reason: String::new(),
    };
    match allocate_receipt(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!(
                "{} is split across {count} customers: {} against invoices, {} on account",
                done.receipt,
                Pence(done.allocated_pence),
                Pence(done.on_account_pence)
            );
            told(&format!("/cash/receipts/{number}"), &news)
        }
        Err(No::Absent(what)) => {
            let mut again = split_form(&doors, &visitor, &number, rows).await?;
            again.frame.errors.add("split", format!("There is no {what}"));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(no) => {
            let mut again = split_form(&doors, &visitor, &number, rows).await?;
            let to =
                [("customer", "split"), ("amount", "split"), ("item", "split"), ("split", "split"), ("lines", "split")];
            let status = onto(&mut again.frame, no, &to)?;
            page_with(status, &again)
        }
    }
}

fn share((customer, amount, invoice): &(String, String, String)) -> Option<AllocationSplit> {
    let amount = Pence::parse(amount).filter(|amount| *amount > Pence::ZERO)?;
    let line = AllocationLine { item: invoice.clone(), amount };
    let lines = if invoice.is_empty() { Vec::new() } else { vec![line] };
    (!customer.is_empty()).then(|| AllocationSplit { customer: customer.clone(), amount, lines })
}
