//! The doors without a session: a payer with a link, a provider's webhook, GOV.UK Notify's calls, the practice card page.
use crate::web::door::{Answer, Posted, Shared, Trouble, log_fault, page, page_with, see_other};
use crate::web::pages::cards::{Pay, PayState};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::HashMap;
use sundry_desk::cash::cards::{Heard, Practice, pay_link, pay_link_back, pay_now, take_card_webhook};
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_desk::delivery::notify::{NotifyHeard, take_notify_callback};
use sundry_desk::{Mode, No};
use sundry_domain::cash::cards::CardState;
use sundry_domain::money::Pence;

/// The largest webhook.
const LARGEST_HOOK: usize = 1024 * 1024;

/// The routes that need no session.
pub fn routes() -> Router<Shared> {
    let hook = post(hook).layer(DefaultBodyLimit::max(LARGEST_HOOK));
    Router::new()
        .route("/pay/{token}", get(view).post(begin))
        .route("/pay/{token}/back", get(back))
        .route("/hooks/cards/{organisation}", hook)
        .route("/hooks/notify/{organisation}", post(told).layer(DefaultBodyLimit::max(LARGEST_HOOK)))
        .route("/practice-card/{name}", get(practice).post(practised))
}

fn shown(organisation: String, token: String, what: PayState) -> Pay {
    Pay { organisation, what, token, form_key: hex(&random_bytes::<12>()) }
}

/// A page for a "no": a payer reads what to do, and no more; our own faults are logged.
fn no_page(doors: &Shared, token: String, no: No) -> Answer {
    let (status, why, way_out) = match no {
        No::Refused(refusal) => (StatusCode::CONFLICT, refusal.sentence, refusal.way_out),
        No::Fault(fault) => {
            let number = log_fault(doors, "/pay", &fault.words);
            let way_out = format!("Try again in a minute, or telephone us and quote {number}");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.".to_owned(), way_out)
        }
        _ => {
            let way_out = "Use the newest letter, or telephone us".to_owned();
            (StatusCode::NOT_FOUND, "This payment link cannot be used.".to_owned(), way_out)
        }
    };
    page_with(status, &shown("Sundry".into(), token, PayState::Ended(why, way_out)))
}

async fn view(State(doors): State<Shared>, Path(token): Path<String>) -> Answer {
    match pay_link(&doors.desk, &token).await {
        Ok(link) => {
            let what = if link.amount_pence > 0 {
                PayState::Ready(Pence(link.amount_pence), link.reference, link.description)
            } else {
                PayState::Nothing(link.reference)
            };
            page(&shown(link.organisation, token, what))
        }
        Err(no) => no_page(&doors, token, no),
    }
}

/// Begins at the provider and sends the payer there. A form may not lead to another site, so a page of ours does.
async fn begin(State(doors): State<Shared>, Path(token): Path<String>, posted: Posted) -> Answer {
    let key: String = posted.get("form_key").chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    match pay_now(&doors.desk, &token, &key).await {
        Ok(begun) if begun.next_url.is_empty() => see_other(&format!("/pay/{token}/back")),
        Ok(begun) => {
            let organisation = pay_link(&doors.desk, &token).await.map(|link| link.organisation).unwrap_or_default();
            let refresh = format!("0; url={}", begun.next_url);
            let mut response = page(&shown(organisation, token, PayState::Going(begun.next_url)))?;
            if let Ok(value) = HeaderValue::from_str(&refresh) {
                response.headers_mut().insert(header::REFRESH, value);
            }
            Ok(response)
        }
        Err(no) => no_page(&doors, token, no),
    }
}

async fn back(State(doors): State<Shared>, Path(token): Path<String>) -> Answer {
    let organisation = pay_link(&doors.desk, &token).await.map(|link| link.organisation).unwrap_or_default();
    match pay_link_back(&doors.desk, &token).await {
        Ok(line) => {
            let what = match CardState::parse(&line.state) {
                Some(state) if state.is_paid() => PayState::Paid(Pence(line.amount_pence), line.receipt),
                Some(state) if state.is_open() => PayState::Waiting,
                _ => PayState::NotPaid(line.state_name),
            };
            page(&shown(organisation, token, what))
        }
        Err(no) => no_page(&doors, token, no),
    }
}

/// 200 once it is kept, 401 and nothing kept when it is forged, 400 when it is nonsense: no detail in any answer.
async fn hook(
    State(doors): State<Shared>,
    Path(organisation): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signature = headers.get("pay-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match take_card_webhook(&doors.desk, &organisation, signature, &body).await {
        Ok(Heard::Kept) => StatusCode::OK.into_response(),
        Ok(Heard::Forged) => StatusCode::UNAUTHORIZED.into_response(),
        Ok(Heard::Unreadable) => StatusCode::BAD_REQUEST.into_response(),
        Err(no) => {
            log_fault(&doors, "/hooks/cards", &no.to_string());
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// 200 once it is kept, 401 when it bears no token of ours, 400 when it is nonsense: no detail in any answer.
async fn told(
    State(doors): State<Shared>,
    Path(organisation): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let bears = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match take_notify_callback(&doors.desk, &organisation, bears, &body).await {
        Ok(NotifyHeard::Kept) => StatusCode::OK.into_response(),
        Ok(NotifyHeard::Stranger) => StatusCode::UNAUTHORIZED.into_response(),
        Ok(NotifyHeard::Unreadable) => StatusCode::BAD_REQUEST.into_response(),
        Err(no) => {
            log_fault(&doors, "/hooks/notify", &no.to_string());
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn practice(
    State(doors): State<Shared>,
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let waiting = Practice::of(&doors.desk).waiting(&name).filter(|_| doors.desk.mode() != Mode::Live);
    let Some((reference, pence)) = waiting else { return Err(Trouble(No::Absent("page".into()))) };
    let what = PayState::Practice(reference, Pence(pence));
    let back = query.get("back").map(|back| own_path(back)).unwrap_or_default();
    page(&Pay { organisation: "Practice card page".into(), what, token: name, form_key: back })
}

async fn practised(State(doors): State<Shared>, Path(name): Path<String>, posted: Posted) -> Answer {
    if doors.desk.mode() == Mode::Live {
        return Err(Trouble(No::Absent("page".into())));
    }
    let state = if posted.get("how") == "pay" { CardState::Paid } else { CardState::Failed };
    Practice::of(&doors.desk).end(&name, state);
    see_other(&own_path(posted.get("back")))
}

/// The path of an address of ours: the practice page stays in the house, whatever it is given.
fn own_path(address: &str) -> String {
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}")),
        None => address.to_owned(),
    };
    let plain =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if plain { path } else { "/".to_owned() }
}
