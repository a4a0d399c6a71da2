//! Tracing: searches, what they found, files to and from a tracing agency.
use super::export::download;
use super::form::{Asked, again, amount_field, asked, date_field, onto, open_address};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::traces::{CustomerTraces, OneTrace, Traces};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::tracing::{
    self, CancelTrace, Finding, MarkNotTraced, RecordTrace, SendTraces, TakeTraces, TraceAsked, UseFoundAddress,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const HOME: &str = "/recovery/traces";
const WORKS: &[Duty] = &[Duty::WorkCases];
const SIZE: i64 = 100;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add(HOME, &[Duty::View], get(list))
        .add("/recovery/traces/{number}", &[Duty::View], get(one).post(act))
        .add("/recovery/trace-files", WORKS, post(send))
        .add("/recovery/trace-files/{hash}", WORKS, get(file))
        .add("/recovery/trace-answers", WORKS, post(take))
        .add("/customers/{number}/traces", &[Duty::View], get(of_customer).post(on_customer))
}

async fn listed(doors: &Shared, visitor: &Visitor, query: &Asked) -> Outcome<Traces> {
    let state = asked(query, "state").to_owned();
    let before = asked(query, "before").parse().ok();
    let rows = tracing::traces_list(&doors.desk, &visitor.actor, &state, before, SIZE).await?;
    let last = rows.last().filter(|_| rows.len() as i64 == SIZE).map(|row| row.id);
    let next = last.map(|id| format!("{}before={id}", open_address(HOME, &[("state", &state)]))).unwrap_or_default();
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/agencies".into();
    let (name, hash) = (asked(query, "written"), asked(query, "hash"));
    let written = match name {
        "" => Default::default(),
        name => (name.to_owned(), format!("/recovery/trace-files/{hash}")),
    };
    let may_work = visitor.actor.holds(Duty::WorkCases);
    Ok(Traces { frame, state, rows, next, may_work, typed: String::new(), written })
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&listed(&doors, &visitor, &query).await?)
}

async fn send(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = SendTraces { key: posted.key(), bureau: posted.get("bureau").to_owned() };
    match tracing::send_traces(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let at = format!("{HOME}?state=sent&written={}&hash={}", done.file_name, done.file_sha256);
            let count = crate::web::ui::count_of(done.searches.len() as i64, "search", "searches");
            told(&at, &format!("{count} in {}", done.file_name))
        }
        Err(no) => {
            let mut seen = listed(&doors, &visitor, &Asked::new()).await?;
            seen.typed = posted.get("bureau").to_owned();
            let status = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path(hash): Path<String>) -> Answer {
    let (name, bytes) = tracing::trace_file(&doors.desk, &visitor.actor, &hash).await?;
    download(&name, "text/csv; charset=utf-8", bytes)
}

async fn take(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut seen = listed(&doors, &visitor, &Asked::new()).await?;
    let upload = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let cost = amount_field(&mut seen.frame, "cost", posted.get("cost"));
    let Some(upload) = upload else {
        seen.frame.errors.add("file", "Choose a file");
        return again(&seen);
    };
    if !seen.frame.errors.is_empty() {
        return again(&seen);
    }
    let ask = TakeTraces {
        key: posted.key(),
        file_name: upload.name.clone(),
        cost_each_pence: cost.map_or(0, |cost| cost.0),
        bytes: upload.bytes.clone(),
    };
    let fields = [("REC-07-FILE", "file"), ("file_name", "file"), ("cost_each_pence", "cost")];
    match tracing::take_traces(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let count = crate::web::ui::count_of(done.answered.len() as i64, "search", "searches");
            let rows = crate::web::ui::count_of(done.held, "row", "rows");
            told(&format!("{HOME}?state=answered"), &format!("{count} answered, {rows} held"))
        }
        Err(no) => {
            let status = onto(&mut seen.frame, no, &fields)?;
            page_with(status, &seen)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OneTrace> {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/agencies".into();
    Ok(OneTrace {
        shown: tracing::trace(&doors.desk, &visitor.actor, number).await?,
        frame,
        may_work: visitor.actor.holds(Duty::WorkCases),
        typed: OneTrace::FIELDS.iter().map(|field| (*field, String::new())).collect(),
    })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (desk, by, today) = (&doors.desk, &visitor.actor, doors.desk.today());
    visitor.actor.must_hold(Duty::WorkCases).map_err(No::from)?;
    let mut seen = shown(&doors, &visitor, &number).await?;
    let agrees = posted.all("agrees").collect::<Vec<_>>().join(" ");
    let value = |field: &str| if field == "agrees" { agrees.clone() } else { posted.get(field).to_owned() };
    seen.typed = OneTrace::FIELDS.iter().map(|field| (*field, value(field))).collect();
    let text = |field: &str| posted.get(field).to_owned();
    let outcome: Outcome<(String, String)> = match posted.get("act") {
        "use" => {
            let address = posted.get("address").parse().unwrap_or(0);
            let ask = UseFoundAddress { key: posted.key(), address, call_back: text("call_back") };
            let done = tracing::use_found_address(desk, by, ask).await;
            done.map(|done| (format!("{HOME}/{number}"), format!("{} waits for someone else's yes", done.approval)))
        }
        "cancel" => {
            let ask = CancelTrace { key: posted.key(), number: number.clone(), words: text("why") };
            let done = tracing::cancel_trace(desk, by, ask).await;
            done.map(|done| (format!("{HOME}/{}", done.number), "The search is given up".to_owned()))
        }
        _ => {
            let last_seen_on = date_field(&mut seen.frame, "last_seen_on", posted.get("last_seen_on"), today);
            let cost = amount_field(&mut seen.frame, "cost", posted.get("cost"));
            let sources = if posted.get("sources").is_empty() { Some(0) } else { posted.get("sources").parse().ok() };
            if sources.is_none() {
                seen.frame.errors.add("sources", "Enter how many sources agree, up to 20");
            }
            if !seen.frame.errors.is_empty() {
                return again(&seen);
            }
            let agrees = |what: &str| posted.all("agrees").any(|one| one == what);
            let found = Finding {
                result: text("result"),
                name_agrees: agrees("name"),
                birth_agrees: agrees("birth"),
                linked_address: agrees("linked"),
                sources: sources.unwrap_or(0),
                last_seen_on,
                address1: text("address1"),
                address2: text("address2"),
                town: text("town"),
                postcode: text("postcode"),
                words: text("words"),
                cost_pence: cost.unwrap_or(Pence::ZERO).0,
            };
            let ask = RecordTrace { key: posted.key(), number: number.clone(), found };
            let done = tracing::record_trace(desk, by, ask).await;
            done.map(|done| {
                (
                    format!("{HOME}/{}", done.number),
                    format!("Recorded, {} per cent sure. {}", done.confidence_pct, done.next_step),
                )
            })
        }
    };
    match outcome {
        Ok((at, news)) => told(&at, &news),
        Err(no) => {
            let why = if posted.get("act") == "cancel" { "why" } else { "words" };
            let fields = [("words", why), ("cost_pence", "cost"), ("CUS-17-CALL-BACK", "call_back")];
            let status = onto(&mut seen.frame, no, &fields)?;
            page_with(status, &seen)
        }
    }
}

async fn customer(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<CustomerTraces> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let account = customer_account(desk, by, number).await?;
    let seen = tracing::traces_of_customer(desk, by, number).await?;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/agencies".into();
    Ok(CustomerTraces {
        frame,
        customer: (account.customer.number, account.customer.name),
        seen,
        may: [by.holds(Duty::WorkCases), by.holds(Duty::SetFlags)],
        typed: Default::default(),
    })
}

async fn of_customer(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let mut seen = customer(&doors, &visitor, &number).await?;
    seen.typed[1] = "TRACE".into();
    page(&seen)
}

async fn on_customer(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut seen = customer(&doors, &visitor, &number).await?;
    seen.typed =
        ["source", "purpose", "lawful_basis", "why", "cost", "mark_why"].map(|field| posted.get(field).to_owned());
    let text = |field: &str| posted.get(field).to_owned();
    let outcome: Outcome<String> = match posted.get("act") {
        act @ ("mark" | "unmark") => {
            let ask = MarkNotTraced {
                key: posted.key(),
                customer: number.clone(),
                mark: act == "mark",
                why: text("mark_why"),
            };
            tracing::mark_not_traced(desk, by, ask).await.map(|()| match act {
                "mark" => "Marked: no search is made from now on".to_owned(),
                _ => "The mark has ended".to_owned(),
            })
        }
        _ => {
            let cost = amount_field(&mut seen.frame, "cost", posted.get("cost"));
            if !seen.frame.errors.is_empty() {
                return again(&seen);
            }
            let ask = TraceAsked {
                key: posted.key(),
                customer: number.clone(),
                source: text("source"),
                purpose: text("purpose"),
                lawful_basis: text("lawful_basis"),
                why: text("why"),
                cost_pence: cost.unwrap_or(Pence::ZERO).0,
            };
            tracing::ask_for_trace(desk, by, ask).await.map(|done| format!("{} is asked for", done.number))
        }
    };
    match outcome {
        Ok(news) => told(&format!("/customers/{number}/traces"), &news),
        Err(no) => {
            let why = if posted.get("act") == "ask" { "why" } else { "mark_why" };
            let fields =
                [("why", why), ("cost_pence", "cost"), ("REC-08-BASIS", "lawful_basis"), ("REC-08-SOURCE", "source")];
            let status = onto(&mut seen.frame, no, &fields)?;
            page_with(status, &seen)
        }
    }
}
