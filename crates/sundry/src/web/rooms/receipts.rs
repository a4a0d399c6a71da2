//! The allocation workbench: a receipt, what it may pay, and paying it.
use super::form::{Asked, asked, onto};
use super::receipt_queue::{after, beside, sift_of, waiting};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other};
use crate::web::pages::allocation::{Allocated, Allocation, Item, Match, Receipt, Sift, Strength, Waiting};
use crate::web::ui::{self, AlertKind, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::accept_strong_suggestions::strong_suggestions;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::cash_position::cash_position;
use sundry_desk::cash::receipt::{ReceiptView, Suggestion, receipt};
use sundry_desk::customers::{CustomerAccount, customer_account, search};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// From this likelihood on a match is possible, below it weak.
const POSSIBLE_PPM: i64 = 500_000;

/// The routes of the workbench.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/cash/receipts/{number}", &[Duty::View], get(view).post(allocate))
}

/// What was typed, where it is not what is suggested.
#[derive(Default)]
struct Typed {
    customer: String,
    chosen: Option<String>,
    amounts: Vec<(String, String)>,
    sift: Sift,
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let sift = sift_of(&doors, &visitor, &query).await?;
    let typed = Typed { customer: asked(&query, "customer").to_owned(), sift, ..Typed::default() };
    let mut shown = workbench(&doors, &visitor, &number, &typed).await?;
    offer_undo(&doors, &visitor, &mut shown, asked(&query, "done")).await;
    if shown.frame.errors.is_empty() { page(&shown) } else { page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown) }
}

/// After allocating one and going to the next: what was done, and the way back.
async fn offer_undo(doors: &Shared, visitor: &Visitor, shown: &mut Allocation, done: &str) {
    if done.is_empty() || !visitor.actor.holds(Duty::PostCash) {
        return;
    }
    let Ok(view) = receipt(&doors.desk, &visitor.actor, done).await else { return };
    let Some((account, name)) = &view.customer else { return };
    let words = format!("{}: {} went to {name}, {account}.", view.receipt.number, Pence(view.receipt.amount_pence));
    let news = ui::alert(AlertKind::Success, words);
    shown.frame.alert = Some(if view.allocations.is_empty() {
        news
    } else {
        let tokens = shown.frame.tokens("undo-done").and(ui::hidden("reason", "Undone at once."));
        news.undo(format!("/cash/receipts/{}/undo", view.receipt.number), tokens)
    });
}

async fn allocate(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
    posted: Posted,
) -> Answer {
    let view = receipt(&doors.desk, &visitor.actor, &number).await?;
    let mut typed = Typed {
        customer: posted.get("customer").to_owned(),
        chosen: Some(posted.get("match").to_owned()),
        amounts: posted.starting("amount-").map(|(id, text)| (id.to_owned(), text.to_owned())).collect(),
        sift: sift_of(&doors, &visitor, &query).await?,
    };
    let lines = if posted.get("do") == "account" {
        typed.amounts.clear();
        Ok(Vec::new())
    } else {
        lines_of(&view, &mut typed, posted.get("filled"))
    };
    let outcome = match lines {
        Ok(lines) => {
            let ask = AllocateReceipt {
                key: posted.key(),
                receipt: number.clone(),
                customer: typed.customer.clone(),
                lines,
                split: Vec::new(),
                reason: String::new(),
            };
            allocate_receipt(&doors.desk, &visitor.actor, ask).await
        }
        Err(words) => {
            let mut again = workbench(&doors, &visitor, &number, &typed).await?;
            again.frame.errors.add("amounts", words);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    match outcome {
        Ok(done) => {
            let next = posted.get("next");
            let next = match next {
                "" => after(&waiting(&doors, &visitor, &typed.sift).await?, &number),
                next => next.to_owned(),
            };
            let to = if next.is_empty() { done.receipt.clone() } else { next };
            see_other(&format!("/cash/receipts/{to}{}done={}", beside(&typed.sift), done.receipt))
        }
        Err(no) => {
            let mut again = workbench(&doors, &visitor, &number, &typed).await?;
            let status =
                onto(&mut again.frame, no, &[("item", "amounts"), ("amount", "amounts"), ("lines", "amounts")])?;
            page_with(status, &again)
        }
    }
}

/// The amounts asked for. A match that was chosen counts where the boxes still hold what they were filled with.
fn lines_of(view: &ReceiptView, typed: &mut Typed, filled: &str) -> Result<Vec<AllocationLine>, String> {
    let mut lines = Vec::new();
    for (id, text) in typed.amounts.iter().filter(|(_, text)| !text.is_empty()) {
        let amount =
            Pence::parse(text).ok_or_else(|| format!("Enter amounts in pounds, such as 1284.50, not “{text}”"))?;
        if amount != Pence::ZERO {
            lines.push(AllocationLine { item: id.clone(), amount });
        }
    }
    let chosen = typed.chosen.clone().unwrap_or_default();
    let untouched = lines.is_empty() || suggested(view, filled).is_some_and(|before| same(before, &lines));
    if let Some(choice) = suggested(view, &chosen).filter(|_| untouched && (chosen != filled || lines.is_empty())) {
        typed.customer.clone_from(&choice.customer_number);
        return Ok(plan(choice));
    }
    if lines.is_empty() {
        return Err("Enter an amount for at least one invoice, or leave it as credit on the account".into());
    }
    let sum: i64 = lines.iter().map(|line| line.amount.0).sum();
    if sum > view.left_pence {
        let more = Pence(sum - view.left_pence);
        return Err(format!("The amounts add up to {}. That is {more} more than the receipt", Pence(sum)));
    }
    Ok(lines)
}

fn suggested<'a>(view: &'a ReceiptView, chosen: &str) -> Option<&'a Suggestion> {
    let place: usize = chosen.parse().ok()?;
    view.suggestions.get(place.checked_sub(1)?)
}

fn plan(choice: &Suggestion) -> Vec<AllocationLine> {
    let line = |line: &sundry_desk::cash::receipt::SuggestionLine| AllocationLine {
        item: line.item.0.to_string(),
        amount: Pence(line.amount_pence),
    };
    choice.lines.iter().map(line).collect()
}

fn same(choice: &Suggestion, lines: &[AllocationLine]) -> bool {
    let plan = plan(choice);
    plan.len() == lines.len() && plan.iter().all(|line| lines.contains(line))
}

async fn workbench(doors: &Shared, visitor: &Visitor, number: &str, typed: &Typed) -> Result<Allocation, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let view = receipt(desk, by, number).await?;
    let queue = waiting(doors, visitor, &typed.sift).await?;
    let position = cash_position(desk, by).await?;
    let strong = strong_suggestions(desk, by).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let free = view.receipt.state == "suspense";
    let named = if free { typed.customer.as_str() } else { "" };
    let account = match (named, &view.customer) {
        ("", Some((number, _))) => Some(customer_account(desk, by, number).await?),
        ("", None) => None,
        (typed, _) => match meant(doors, visitor, typed).await? {
            Ok(account) => Some(account),
            Err(words) => {
                frame.errors.add("customer", words);
                None
            }
        },
    };
    let posts = by.holds(Duty::PostCash);
    let chosen = chosen(account.as_ref(), &view, typed);
    let (matched, all) = position.accounts.iter().fold((0, 0), |(matched, all), account| {
        let done = account.posted.count;
        (matched + done, all + done + account.suggested.count + account.suspense.count)
    });
    let shown = Receipt {
        number: view.receipt.number.clone(),
        payer: ui::or_dash(&view.receipt.payer_name),
        amount: Pence(view.receipt.amount_pence),
        left: Pence(view.left_pence),
        place: queue.rows.iter().position(|row| row.number == number).map_or(0, |place| place as i64 + 1),
        reference: view.receipt.words.clone(),
        received: format!("{}, {}", view.receipt.received_on.format("%-d %B %Y"), view.receipt.method),
        state: state_words(&view),
        customer: account.as_ref().map(|a| (a.customer.number.clone(), a.customer.name.clone())),
        choose: free && posts,
        typed_customer: typed.customer.clone(),
        tags: account.iter().flat_map(tags).collect(),
        balance: Pence(account.as_ref().map_or(0, |a| a.strip.balance_pence)),
        warning: account.as_ref().map(warning).unwrap_or_default(),
        may_allocate: posts && account.is_some() && view.left_pence > 0,
        may_credit: free,
        matches: view.suggestions.iter().map(|one| matched_by(one, account.as_ref(), strong.strong_ppm)).collect(),
        items: account.iter().flat_map(|account| items(account, &view, &chosen, typed)).collect(),
        chosen,
        allocated: view.allocations.iter().map(allocated).collect(),
        acts: acts(&view, by),
        remember: remember(&view, account.as_ref(), free && posts),
        next: after(&queue, number),
        kept: beside(&typed.sift).trim_end_matches(['?', '&']).to_owned(),
    };
    Ok(Allocation {
        frame,
        sift: typed.sift.clone(),
        source: source(&position),
        waiting: queue.count,
        waiting_sum: Pence(queue.left_pence),
        matched_permille: if all > 0 { matched * 1000 / all } else { 0 },
        strong: if posts { strong.count } else { 0 },
        queue: queue
            .rows
            .iter()
            .map(|row| Waiting {
                number: row.number.clone(),
                payer: ui::or_dash(&row.payer_name),
                reference: row.words.clone(),
                amount: Pence(row.left_pence),
                received: row.received_on,
                current: row.number == number,
            })
            .collect(),
        receipt: Some(shown),
    })
}

/// The customer of this number, or the only one of this name; else what is wrong, in words.
async fn meant(doors: &Shared, visitor: &Visitor, typed: &str) -> Result<Result<CustomerAccount, String>, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    match customer_account(desk, by, typed).await {
        Ok(account) => return Ok(Ok(account)),
        Err(No::Absent(_)) => {}
        Err(no) => return Err(no.into()),
    }
    let found = search(desk, by, typed).await?.customers;
    match found.as_slice() {
        [] => Ok(Err("No customer has this number or name".into())),
        [one] => Ok(Ok(customer_account(desk, by, &one.number).await?)),
        several => {
            let names: Vec<String> = several.iter().take(5).map(|c| format!("{}, {}", c.name, c.number)).collect();
            let more = if several.len() > 5 { " and others" } else { "" };
            Ok(Err(format!("Enter the number of one of them: {}{more}", names.join("; "))))
        }
    }
}

fn source(position: &sundry_desk::cash::cash_position::CashPosition) -> String {
    let told = position.accounts.iter().filter_map(|account| {
        let day = account.statement_to_on?;
        Some(format!("{} to {}", account.name, day.format("%-d %B %Y")))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "No bank statement yet".into() } else { format!("Statements: {}", told.join(", ")) }
}

/// The match chosen: as typed, or the best where its customer is the one shown.
fn chosen(account: Option<&CustomerAccount>, view: &ReceiptView, typed: &Typed) -> String {
    if let Some(chosen) = &typed.chosen {
        return chosen.clone();
    }
    let number = account.map(|account| account.customer.number.as_str()).unwrap_or_default();
    let place = view.suggestions.iter().position(|one| one.customer_number == number && !one.lines.is_empty());
    place.map_or_else(String::new, |place| (place + 1).to_string())
}

fn state_words(view: &ReceiptView) -> String {
    let receipt = &view.receipt;
    let why = if receipt.reason.is_empty() { String::new() } else { format!(": {}", receipt.reason) };
    match receipt.state.as_str() {
        "suspense" if receipt.owner.is_empty() => format!("In suspense{why}"),
        "suspense" => format!("In suspense{why} Owner: {}", receipt.owner),
        "reversed" => format!("Reversed{why}"),
        _ if view.left_pence > 0 => format!("On the customer's account, {} not allocated", Pence(view.left_pence)),
        _ => "On the customer's account, all of it allocated".into(),
    }
}

/// Only what changes how money is taken; nothing about health.
fn tags(account: &CustomerAccount) -> Vec<ui::Tag> {
    let told = ["breathing_space", "deceased", "insolvent", "legal_hold"];
    let live = account.flags.iter().filter(|flag| flag.holds && told.contains(&flag.kind.as_str()));
    live.map(|flag| tag(&flag.name, TagColour::Purple)).collect()
}

fn warning(account: &CustomerAccount) -> String {
    let has = |kind: &str| account.flags.iter().any(|flag| flag.holds && flag.kind == kind);
    if has("breathing_space") {
        "They may pay during breathing space. Do not ask them for more.".into()
    } else if has("insolvent") {
        "Insolvent: a payment may have to go back to the estate. Ask before allocating.".into()
    } else {
        String::new()
    }
}

fn matched_by(one: &Suggestion, account: Option<&CustomerAccount>, strong_ppm: i64) -> Match {
    let invoices: Vec<&str> = one.lines.iter().map(|line| line.number.as_str()).collect();
    let here = account.is_some_and(|account| account.customer.number == one.customer_number);
    let what = match (invoices.is_empty(), one.on_account_pence) {
        (true, _) => "All of it on the account".to_owned(),
        (false, 0) => invoices.join(", "),
        (false, rest) => format!("{}, and {} on the account", invoices.join(", "), Pence(rest)),
    };
    let title = if here { what } else { format!("{}, {}: {what}", one.customer_name, one.customer_number) };
    Match {
        title,
        strength: match one.confidence_ppm {
            ppm if ppm >= strong_ppm => Strength::Strong,
            ppm if ppm >= POSSIBLE_PPM => Strength::Possible,
            _ => Strength::Weak,
        },
        reasons_for: one.reasons_for.clone(),
        reasons_against: one.reasons_against.clone(),
        plan: if here {
            one.lines.iter().map(|line| (line.item.0.to_string(), Pence(line.amount_pence))).collect()
        } else {
            Vec::new()
        },
    }
}

fn items(account: &CustomerAccount, view: &ReceiptView, chosen: &str, typed: &Typed) -> Vec<Item> {
    let plan = suggested(view, chosen).map(plan).unwrap_or_default();
    let amount = |id: &str| match typed.amounts.iter().find(|(name, _)| name == id) {
        Some((_, text)) => text.clone(),
        None if !typed.amounts.is_empty() => String::new(),
        None => plan.iter().find(|line| line.item == id).map_or_else(String::new, |line| line.amount.pounds()),
    };
    let debits = account.items.iter().filter(|item| item.open_pence > 0 && item.kind != "receipt");
    let one = |item: &sundry_desk::customers::AccountItemShown| {
        let id = item.item.to_string();
        Item {
            typed: amount(&id),
            id,
            number: item.number.clone(),
            for_what: item.description.clone(),
            due: item.due_on,
            open: Pence(item.open_pence),
        }
    };
    debits.map(one).collect()
}

fn allocated(part: &sundry_store::cash::StandingAllocationRow) -> Allocated {
    let by = match part.made_by.as_str() {
        "machine" => format!("Matched, {}% sure", part.confidence_ppm / 10_000),
        other => super::form::plain(other),
    };
    Allocated {
        number: part.item_number.clone(),
        on: part.allocated_on,
        by,
        why: part.reason.clone(),
        amount: Pence(part.amount_pence),
    }
}

fn acts(view: &ReceiptView, by: &sundry_desk::Actor) -> Vec<(String, String)> {
    let number = &view.receipt.number;
    let act = |word: &str, words: &str| (format!("/cash/receipts/{number}/{word}"), words.to_owned());
    let history = act("history", "Everything that happened to it");
    if view.receipt.state == "reversed" {
        return vec![history];
    }
    let suspense = view.receipt.state == "suspense";
    let mut acts = Vec::new();
    if by.holds(Duty::PostCash) {
        acts.push(act("suspense", if suspense { "Say why it is in suspense" } else { "Put in suspense" }));
        if view.left_pence > 0 {
            acts.push(act("remittance", "Attach remittance advice"));
        }
        if suspense {
            acts.push(act("split", "Split across customers"));
        }
        if !view.allocations.is_empty() {
            acts.push(act("undo", "Undo the allocation"));
        }
    }
    if by.holds(Duty::ProposeRefund) && view.left_pence > 0 {
        let words = if suspense { "Return it to the payer" } else { "Refund what is left" };
        acts.push((format!("/cash/refunds/new?credit={number}"), words.into()));
        let words = if suspense { "Transfer it to a fund" } else { "Transfer what is left" };
        acts.push((format!("/cash/transfers/new?credit={number}"), words.into()));
    }
    if by.holds(Duty::PostCash) {
        acts.push(act("reverse", "Reverse: the money went back"));
    }
    acts.push(history);
    acts
}

fn remember(view: &ReceiptView, account: Option<&CustomerAccount>, may: bool) -> String {
    let line = view.line.as_ref().filter(|line| may && !line.payer_print.is_empty());
    match (line, account) {
        (Some(line), Some(account)) => format!(
            "When you allocate, Sundry remembers that the account ending {} pays for {}.",
            line.payer_shown, account.customer.number
        ),
        _ => String::new(),
    }
}
