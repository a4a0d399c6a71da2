//! Cash: where the money is, the list of receipts, matching, and accepting what is strong.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, onto, page_number};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, form_encode, page, page_with, see_other, told};
use crate::web::pages::cash::{MatchOutcome, MatchingSummary, ReceiptRow, Receipts};
use crate::web::pages::receipt_acts::{AcceptStrong, Strong};
use crate::web::ui::{TagColour, count_of, money, money_short, percent, tag};
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::cash::accept_strong_suggestions::{
    AcceptStrongSuggestions, StrongSuggestion, accept_strong_suggestions, strong_suggestions,
};
use sundry_desk::cash::cash_position::{CashPosition, Heap, cash_position};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::cash::receipts_waiting::{ReceiptsWaiting, receipts_waiting};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;
use sundry_store::cash::ListedReceiptRow;

/// Rows a page.
const SIZE: i64 = 40;
/// More lines than this are matched by a job.
const AT_ONCE: i64 = 200;
/// Who may look at cash.
const LOOK: &[Duty] = &[Duty::PostCash, Duty::ReadAudit, Duty::AllocateWork];

/// The routes of cash.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/cash", LOOK, get(list)).add("/cash/match", LOOK, get(matching).post(start_matching)).add(
        "/cash/accept",
        &[Duty::PostCash],
        get(strong).post(accept),
    )
}

const VIEWS: &[(&str, &str)] = &[
    ("waiting", "Waiting"),
    ("suggested", "With a suggestion"),
    ("suspense", "Suspense"),
    ("unallocated", "On account"),
    ("allocated", "Allocated"),
    ("reversed", "Reversed"),
];

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let find = asked(&query, "find");
    let view = VIEWS.iter().find(|(word, _)| *word == asked(&query, "view")).map_or("waiting", |(word, _)| *word);
    let ask = |view: &str, place: i64, size: i64| ReceiptsWaiting {
        view: view.to_owned(),
        search: find.to_owned(),
        page: place,
        per_page: size,
        ..ReceiptsWaiting::default()
    };
    let (desk, by) = (&doors.desk, &visitor.actor);
    if wanted(asked(&query, "format")) {
        let mut rows = Vec::new();
        for place in 1.. {
            let found = receipts_waiting(desk, by, ask(view, place, 200)).await?;
            rows.extend(found.rows);
            if place >= found.pages {
                break;
            }
        }
        return sheet(rows, view, find).file(asked(&query, "format"), &doors, &visitor);
    }
    let found = receipts_waiting(desk, by, ask(view, i64::from(page_number(&query)), SIZE)).await?;
    let mut views = Vec::new();
    for (word, name) in VIEWS {
        let count = receipts_waiting(desk, by, ask(word, 1, 1)).await?.count;
        views.push(((*word).to_owned(), (*name).to_owned(), count));
    }
    let position = cash_position(desk, by).await?;
    let first = match view {
        "waiting" | "suggested" | "suspense" => found.rows.first().map(|row| row.number.clone()),
        _ => None,
    };
    let mut frame = doors.frame(&visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    page(&Receipts {
        frame,
        position: figures(&position),
        first: first.unwrap_or_default(),
        strong: strong_suggestions(desk, by).await?.count,
        may_post: by.holds(Duty::PostCash),
        view: view.to_owned(),
        views,
        filter: find.to_owned(),
        rows: found.rows.iter().map(row).collect(),
        sum: Pence(found.left_pence),
        page: (u32::try_from(found.page).unwrap_or(1), u32::try_from(found.pages).unwrap_or(1)),
    })
}

fn figures(position: &CashPosition) -> Vec<(String, String, String, String)> {
    let tile = |words: &str, heap: Heap, (one, many): (&str, &str), href: &str| {
        (words.to_owned(), money_short(Pence(heap.sum_pence)), count_of(heap.count, one, many), href.to_owned())
    };
    let receipts = ("receipt", "receipts");
    let mut tiles = vec![
        tile("Bank lines not matched", position.waiting, ("line", "lines"), "/cash/match"),
        tile("In suspense", position.suspense, receipts, "/cash/suspense"),
        tile("On customers' accounts", position.unallocated, receipts, "/cash?view=unallocated"),
    ];
    tiles.extend(position.suspense_by_age.iter().map(|age| {
        let band = format!("/cash/suspense?band={}", form_encode(&age.name));
        tile(&format!("Suspense {}", age.name), age.heap, receipts, &band)
    }));
    tiles
}

fn row(one: &ListedReceiptRow) -> ReceiptRow {
    let customer = match (&one.customer_name, &one.customer_number) {
        (Some(name), Some(number)) => format!("{name}, {number}"),
        _ => String::new(),
    };
    let suggested = one.confidence_ppm.is_some();
    let (words, colour) = match (one.state.as_str(), suggested, one.left_pence) {
        ("reversed", ..) => ("Reversed", TagColour::Red),
        ("suspense", true, _) => ("Suggested", TagColour::Yellow),
        ("suspense", ..) => ("In suspense", TagColour::Orange),
        (_, _, 0) => ("Allocated", TagColour::Green),
        _ => ("On account", TagColour::Blue),
    };
    let where_it_is = match (one.state.as_str(), suggested) {
        ("suspense", true) => format!("Perhaps {customer}"),
        ("suspense", false) if one.owner.is_empty() => "Nobody known".to_owned(),
        ("suspense", false) => format!("Owner {}", one.owner),
        _ => customer,
    };
    ReceiptRow {
        number: one.number.clone(),
        received: one.received_on,
        payer: one.payer_name.clone(),
        reference: one.words.clone(),
        amount: Pence(one.amount_pence),
        unallocated: Pence(one.left_pence),
        where_it_is,
        state: tag(words, colour),
    }
}

fn sheet(rows: Vec<ListedReceiptRow>, view: &str, find: &str) -> Sheet {
    let cells = |one: ListedReceiptRow| {
        vec![
            Cell::Text(one.number),
            Cell::Date(one.received_on),
            Cell::Text(one.method),
            Cell::Text(one.payer_name),
            Cell::Text(one.words),
            Cell::Text(one.customer_number.unwrap_or_default()),
            Cell::Text(one.state),
            Cell::Text(one.owner),
            Cell::Pence(one.amount_pence),
            Cell::Pence(one.left_pence),
        ]
    };
    let text = |name| (name, ColumnKind::Text);
    Sheet {
        title: "Receipts",
        columns: vec![
            text("receipt"),
            ("received_on", ColumnKind::Date),
            text("method"),
            text("payer"),
            text("reference"),
            text("customer_id"),
            text("state"),
            text("owner"),
            ("amount", ColumnKind::Money),
            ("not_allocated", ColumnKind::Money),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: vec![("View", view.to_owned()), ("Find", find.to_owned())],
    }
}

async fn matching(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&summary(&doors, &visitor).await?)
}

async fn start_matching(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let waiting = cash_position(&doors.desk, &visitor.actor).await?.waiting.count;
    if waiting > AT_ONCE {
        visitor.actor.must_hold(Duty::PostCash)?;
        let ask = AddJob {
            key: posted.key(),
            kind: "match_cash".into(),
            dedupe_key: format!("match_cash/{}", posted.key()),
            request: serde_json::json!({}),
        };
        let job = add_job(&doors.desk, &visitor.actor, ask).await?.job;
        return see_other(&format!("/jobs/{job}"));
    }
    match match_cash(&doors.desk, &visitor.actor, MatchCash { key: posted.key() }).await {
        Ok(done) => {
            let lines = count_of(done.lines, "line", "lines");
            let news = format!(
                "{lines} matched: {} posted, {} on account, {} suggested, {} in suspense, {} not receipts",
                done.posted, done.on_account, done.suggested, done.suspense, done.not_receipts
            );
            told("/cash/match", &news)
        }
        Err(no) => {
            let mut again = summary(&doors, &visitor).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn summary(doors: &Shared, visitor: &Visitor) -> Result<MatchingSummary, crate::web::door::Trouble> {
    let position = cash_position(&doors.desk, &visitor.actor).await?;
    let sum = |part: fn(&sundry_desk::cash::cash_position::AccountPosition) -> Heap| {
        position.accounts.iter().map(part).fold((0, 0), |all, heap| (all.0 + heap.count, all.1 + heap.sum_pence))
    };
    let all = [
        ("Posted without a person", "/cash?view=allocated", true, sum(|a| a.posted)),
        ("Suggested: a person looks first", "/cash?view=suggested", false, sum(|a| a.suggested)),
        ("In suspense: nobody known", "/cash?view=suspense", false, sum(|a| a.suspense)),
        ("Not receipts: money out, fees, transfers", "/cash/match", true, sum(|a| a.not_receipts)),
        ("Not matched yet", "/cash/match", false, sum(|a| a.waiting)),
    ];
    let total = all.iter().fold((0, 0), |sum, one| (sum.0 + one.3.0, sum.1 + one.3.1));
    let outcomes = all.into_iter().filter(|one| one.3.0 > 0).map(|(name, href, done, (count, pence))| MatchOutcome {
        name: name.into(),
        href: href.into(),
        count,
        amount: Pence(pence),
        done,
    });
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let may = visitor.actor.holds(Duty::PostCash);
    Ok(MatchingSummary {
        frame,
        source: "All bank accounts, all statements".into(),
        waiting: if may { position.waiting.count } else { 0 },
        total: (total.0, Pence(total.1)),
        outcomes: outcomes.collect(),
    })
}

async fn strong(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&preview(&doors, &visitor).await?)
}

async fn preview(doors: &Shared, visitor: &Visitor) -> Result<AcceptStrong, crate::web::door::Trouble> {
    let found = strong_suggestions(&doors.desk, &visitor.actor).await?;
    let ask = ReceiptsWaiting { view: "waiting".into(), per_page: 200, ..ReceiptsWaiting::default() };
    let waiting = receipts_waiting(&doors.desk, &visitor.actor, ask).await?;
    let strong: Vec<&str> = found.lines.iter().map(|line| line.receipt.as_str()).collect();
    let left = waiting.rows.iter().filter(|one| !strong.contains(&one.number.as_str())).map(|one| {
        let why = match one.confidence_ppm {
            Some(ppm) => format!("A person looks first: {} likely", percent(ppm / 1000)),
            None if one.owner.is_empty() => "Nobody fits".to_owned(),
            None => format!("Nobody fits; {} has it in hand", one.owner),
        };
        (one.number.clone(), one.payer_name.clone(), Pence(one.amount_pence), why)
    });
    let left = left.collect();
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let from = |receipt: &str| match waiting.rows.iter().find(|row| row.number == receipt) {
        Some(row) if row.words.is_empty() => row.payer_name.clone(),
        Some(row) => format!("{}: {}", row.payer_name, row.words),
        None => String::new(),
    };
    let row = |one: StrongSuggestion| Strong {
        from: from(&one.receipt),
        receipt: one.receipt,
        customer: (one.customer_number, one.customer_name),
        pays: one.pays.into_iter().map(|(item, pence)| (item, Pence(pence))).collect(),
        amount: Pence(one.amount_pence),
        permille: one.confidence_ppm / 1000,
    };
    Ok(AcceptStrong {
        frame,
        strong_permille: found.strong_ppm / 1000,
        rows: found.lines.into_iter().map(row).collect(),
        sum: Pence(found.sum_pence),
        left,
    })
}

async fn accept(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let receipts: Vec<String> = posted.all("receipt").map(str::to_owned).collect();
    if receipts.is_empty() {
        let mut again = preview(&doors, &visitor).await?;
        again.frame.errors.add("main-content", "Select a receipt");
        return page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let ask = AcceptStrongSuggestions { key: posted.key(), receipts };
    match accept_strong_suggestions(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let left: Vec<String> = done
                .lines
                .iter()
                .filter(|line| !line.left_because.is_empty())
                .map(|line| format!("{} was left: {}", line.receipt, line.left_because))
                .collect();
            let count = count_of(done.count, "receipt", "receipts");
            let news = format!("{count} allocated, {}. {}", money(Pence(done.sum_pence)), left.join(" "));
            told("/cash", news.trim())
        }
        Err(no) => {
            let mut again = preview(&doors, &visitor).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}
