//! Suspense in hand, and everything that happened to a receipt.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, onto, page_number, plain, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::cash_desk::{DeskPage, SuspenseTyped, history_body, suspense_body};
use crate::web::ui::{self, Html};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::cash::receipt_history::receipt_history;
use sundry_desk::cash::suspense::{SuspenseAsk, SuspenseLine, TakeInHand, suspense, take_in_hand};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;

/// Rows a page.
const SIZE: i64 = 40;
/// Who may look at the cash desk.
pub(super) const LOOK: &[Duty] =
    &[Duty::PostCash, Duty::ReadAudit, Duty::AllocateWork, Duty::ApproveRefund, Duty::ReleasePaymentFile];

/// The routes of suspense.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/cash/suspense", LOOK, get(list).post(in_hand)).add(
        "/cash/receipts/{number}/history",
        &[Duty::View],
        get(history),
    )
}

/// A page of the desk with its frame.
pub(super) async fn desk_page(doors: &Shared, visitor: &Visitor, title: impl Into<String>) -> DeskPage {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    DeskPage {
        frame,
        title: title.into(),
        caption: String::new(),
        crumbs: vec![("/cash".into(), "Cash".into())],
        actions: Html::default(),
        content: Html::default(),
    }
}

fn typed(query: &Asked) -> SuspenseTyped {
    SuspenseTyped {
        find: asked(query, "find").to_owned(),
        owner: asked(query, "whose").to_owned(),
        band: asked(query, "band").to_owned(),
        show: asked(query, "show").to_owned(),
        hand: Default::default(),
    }
}

fn question(typed: &SuspenseTyped, place: i64, size: i64) -> SuspenseAsk {
    SuspenseAsk {
        search: typed.find.clone(),
        owner: typed.owner.clone(),
        band: typed.band.clone(),
        bank_account: None,
        unexplained: typed.show == "unexplained",
        due: typed.show == "due",
        page: place,
        per_page: size,
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut typed = typed(&query);
    if wanted(asked(&query, "format")) {
        let mut rows = Vec::new();
        for place in 1.. {
            let found = suspense(&doors.desk, &visitor.actor, question(&typed, place, 200)).await?;
            rows.extend(found.rows);
            if place >= found.pages {
                break;
            }
        }
        return sheet(rows, &typed).file(asked(&query, "format"), &doors, &visitor);
    }
    typed.hand.0.clone_from(&visitor.actor.name);
    page(&shown(&doors, &visitor, &typed, i64::from(page_number(&query))).await?)
}

async fn shown(doors: &Shared, visitor: &Visitor, typed: &SuspenseTyped, place: i64) -> Result<DeskPage, Trouble> {
    let found = suspense(&doors.desk, &visitor.actor, question(typed, place, SIZE)).await?;
    let mut shown = desk_page(doors, visitor, "Suspense").await;
    shown.crumbs.clear();
    let fields = [("find", &typed.find), ("whose", &typed.owner), ("band", &typed.band), ("show", &typed.show)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file = |kind: &str| format!("{}format={kind}", super::form::open_address("/cash/suspense", &fields));
    shown.actions = ui::link(file("xlsx"), "Download XLSX").and(ui::link(file("csv"), "Download CSV"));
    let may = visitor.actor.holds(Duty::PostCash);
    shown.content = suspense_body(&shown.frame, &found, typed, may);
    Ok(shown)
}

fn sheet(rows: Vec<SuspenseLine>, typed: &SuspenseTyped) -> Sheet {
    let cells = |line: SuspenseLine| {
        let row = line.row;
        vec![
            Cell::Text(row.number),
            Cell::Date(row.received_on),
            Cell::Whole(line.age_days),
            Cell::Text(line.band),
            Cell::Text(row.bank_account.unwrap_or_default()),
            Cell::Text(row.payer_name),
            Cell::Text(row.words),
            Cell::Text(row.owner),
            Cell::Text(row.reason),
            Cell::Text(row.next_step.unwrap_or_default()),
            row.next_on.into(),
            Cell::Pence(row.amount_pence),
        ]
    };
    let text = |name| (name, ColumnKind::Text);
    Sheet {
        title: "Suspense",
        columns: vec![
            text("receipt"),
            ("received_on", ColumnKind::Date),
            ("days", ColumnKind::Whole),
            text("age"),
            text("bank_account"),
            text("payer"),
            text("reference"),
            text("owner"),
            text("reason"),
            text("next_step"),
            ("next_on", ColumnKind::Date),
            ("amount", ColumnKind::Money),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: vec![("Find", typed.find.clone()), ("Owner", typed.owner.clone()), ("Age", typed.band.clone())],
    }
}

async fn in_hand(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>, posted: Posted) -> Answer {
    let hand = (posted.get("owner").to_owned(), posted.get("next_step").to_owned(), posted.get("next_on").to_owned());
    let next_on = read_date(&hand.2, doors.desk.today());
    let ask = TakeInHand {
        key: posted.key(),
        receipts: posted.all("receipt").map(str::to_owned).collect(),
        owner: hand.0.clone(),
        reason: String::new(),
        next_step: hand.1.clone(),
        next_on,
    };
    let unread = next_on.is_none() && !hand.2.is_empty();
    let outcome = if unread { None } else { Some(take_in_hand(&doors.desk, &visitor.actor, ask).await) };
    let again = SuspenseTyped { hand, ..typed(&query) };
    match outcome {
        Some(Ok(done)) => {
            let count = ui::count_of(done.count, "receipt", "receipts");
            told("/cash/suspense", &format!("{} has {count} of {} in hand", done.owner, Pence(done.sum_pence)))
        }
        Some(Err(no)) => {
            let mut page = shown(&doors, &visitor, &again, 1).await?;
            let status = onto(&mut page.frame, no, &[])?;
            remade(&doors, &visitor, &again, page, status).await
        }
        None => {
            let mut page = shown(&doors, &visitor, &again, 1).await?;
            page.frame.errors.add("next_on", "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
            remade(&doors, &visitor, &again, page, axum::http::StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The list again, with what is wrong at its fields.
async fn remade(
    doors: &Shared,
    visitor: &Visitor,
    typed: &SuspenseTyped,
    mut shown: DeskPage,
    status: axum::http::StatusCode,
) -> Answer {
    let found = suspense(&doors.desk, &visitor.actor, question(typed, 1, SIZE)).await?;
    shown.content = suspense_body(&shown.frame, &found, typed, true);
    page_with(status, &shown)
}

async fn history(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let mut found = receipt_history(&doors.desk, &visitor.actor, &number).await?;
    found.entries.iter_mut().for_each(|entry| entry.event = spaced(&entry.event));
    let mut shown = desk_page(&doors, &visitor, format!("What happened to {}", found.receipt.number)).await;
    shown.crumbs.push((format!("/cash/receipts/{}", found.receipt.number), found.receipt.number.clone()));
    shown.caption = format!("{} from {}", Pence(found.receipt.amount_pence), ui::or_dash(&found.receipt.payer_name));
    let events: Vec<(String, String, String, String)> = found
        .events
        .iter()
        .map(|one| {
            let when = format!("{} {}", one.on.format("%-d %b %Y"), one.at.format("%H:%M"));
            let why = Some(one.why.as_str()).filter(|why| !why.is_empty());
            (when, spaced(&one.event), format!("{}, {}", one.who, one.channel), super::about::line(&one.detail, why))
        })
        .collect();
    shown.content = history_body(&found.movements, &found.entries, &events);
    page(&shown)
}

/// `ReceiptPutInSuspense` as `Receipt put in suspense`.
fn spaced(event: &str) -> String {
    let mut words = String::new();
    for letter in event.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    plain(&words)
}
