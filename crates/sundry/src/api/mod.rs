//! The programs' door: the same commands and questions as the pages, as JSON.
mod activity;
mod agencies;
mod answer;
mod backing;
mod bank;
mod billing;
mod cards;
mod cases;
mod cash;
mod cash_desk;
mod close;
mod contract_fees;
mod contracts;
mod control;
mod court;
mod court_answers;
mod court_forms;
mod customers;
mod debt_facts;
mod delivery;
mod deposits;
mod direct_debit;
mod docs;
pub mod document;
mod einvoices;
mod feeders;
mod letters;
mod listing;
mod mail;
mod matching;
mod merges;
mod notify;
mod pathways;
mod pay_calculation;
mod people;
mod plans;
mod problem;
mod proof;
mod proofs;
mod queries;
mod rates;
mod recovery;
mod reports;
mod requests;
mod sent;
mod servicenow;
mod shape;
mod standing_orders;
mod statements;
pub mod table;
mod taking_back;
mod traces;
mod uplifts;
mod vat;
mod writeoff;

use crate::web::door::{Leaving, Shared, asked_for, changes};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use problem::Problem;
use sent::By;
use sundry_desk::control::sign_in::actor_of_key;
use sundry_desk::core::met::{note_met, watched};
use table::Table;

/// The API's routes, below `/api/v1`.
pub fn router(doors: Shared) -> Router<Shared> {
    let operations = table()
        .into_router()
        .fallback(async || Problem::absent("such operation"))
        .method_not_allowed_fallback(async || {
            let detail = "This address does not take this method.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD", "Not that way", detail)
        })
        .layer(from_fn_with_state(doors.clone(), tell_exports))
        .layer(from_fn_with_state(doors.clone(), note_refusals))
        .layer(from_fn_with_state(doors, know));
    let open = Router::new().route("/openapi.json", get(docs::openapi)).route("/docs", get(docs::docs));
    open.merge(operations)
}

/// Every operation with its duty.
pub fn table() -> Table {
    let rooms = [
        customers::rows,
        billing::rows,
        contracts::rows,
        feeders::rows,
        requests::rows,
        activity::rows,
        uplifts::rows,
        queries::rows,
        cases::rows,
        mail::rows,
        servicenow::rows,
        cash::rows,
        direct_debit::rows,
        matching::rows,
        cash_desk::rows,
        bank::rows,
        cards::rows,
        plans::rows,
        recovery::rows,
        pathways::rows,
        contract_fees::rows,
        debt_facts::rows,
        taking_back::rows,
        pay_calculation::rows,
        people::rows,
        merges::rows,
        agencies::rows,
        traces::rows,
        court::rows,
        court_forms::rows,
        court_answers::rows,
        statements::rows,
        delivery::rows,
        notify::rows,
        letters::rows,
        einvoices::rows,
        backing::rows,
        proof::rows,
        reports::rows,
        close::rows,
        listing::rows,
        proofs::rows,
        vat::rows,
        writeoff::rows,
        deposits::rows,
        standing_orders::rows,
        rates::rows,
        control::rows,
    ];
    rooms.into_iter().fold(Table::default(), |table, room: fn(Table) -> Table| room(table))
}

/// Records each list that leaves as a file; one that cannot be recorded does not leave.
async fn tell_exports(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    let by = request.extensions().get::<By>().cloned();
    let mut response = next.run(request).await;
    match (Leaving::off(&mut response), by) {
        (Some(left), Some(By(actor))) => match left.record(&doors, &actor).await {
            Ok(()) => response,
            Err(no) => Problem::from(no).into_response(),
        },
        _ => response,
    }
}

/// Notes what the holder of a key was refused before a command began.
async fn note_refusals(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    let by = request.extensions().get::<By>().cloned();
    let Some(By(actor)) = by.filter(|_| changes(&request)) else { return next.run(request).await };
    let asked = asked_for(&request);
    let (response, met) = watched(next.run(request)).await;
    match met.filter(|_| response.status().is_client_error()) {
        Some(refusal) => match note_met(&doors.desk, &actor, &asked, &refusal).await {
            Ok(()) => response,
            Err(no) => Problem::from(no).into_response(),
        },
        None => response,
    }
}

/// Finds the user of the key, or says that nobody known is asking.
async fn know(State(doors): State<Shared>, mut request: Request, next: Next) -> Response {
    let line = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = line.and_then(|line| line.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, key)) = key else { return Problem::unknown_caller().into_response() };
    match actor_of_key(&doors.desk, key.trim()).await {
        Ok(Some(actor)) => {
            request.extensions_mut().insert(By(actor));
            next.run(request).await
        }
        Ok(None) => Problem::unknown_caller().into_response(),
        Err(no) => Problem::from(no).into_response(),
    }
}
