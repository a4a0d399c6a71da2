//! The door without a session for services that decide: a link opens one question, and takes one answer.
use crate::web::door::{Answer, Posted, Shared, log_fault, page, page_with, see_other};
use crate::web::pages::refer::{Refer, ReferState};
use crate::web::ui::Errors;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_desk::writeoff::{AnswerReferral, LinkedReferral, answer_referral, linked_referral};
use sundry_domain::queries::refusals::TOO_MANY;
use sundry_domain::writeoff::referral::refusals;

/// The routes that need no session.
pub fn routes() -> Router<Shared> {
    Router::new().route("/refer/{token}", get(view).post(answer))
}

fn shown(organisation: String, token: String, what: ReferState) -> Refer {
    let form_key = hex(&random_bytes::<12>());
    Refer { organisation, token, form_key, what, errors: Errors::none(), typed: [const { String::new() }; 3] }
}

fn ended(doors: &Shared, token: String, no: No) -> Answer {
    let (status, why, way_out) = match no {
        No::Refused(refusal) if refusal.code == TOO_MANY.code => {
            (StatusCode::TOO_MANY_REQUESTS, refusal.sentence, refusal.way_out)
        }
        No::Refused(refusal) if refusal.code == refusals::LINK.code => {
            (StatusCode::NOT_FOUND, refusal.sentence, refusal.way_out)
        }
        No::Refused(refusal) => (StatusCode::CONFLICT, refusal.sentence, refusal.way_out),
        No::Fault(fault) => {
            let number = log_fault(doors, "/refer", &fault.words);
            let way_out = format!("Try again in a minute, or telephone us and quote {number}");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side".to_owned(), way_out)
        }
        _ => (StatusCode::NOT_FOUND, "This link cannot be used".to_owned(), refusals::LINK.way_out.to_owned()),
    };
    page_with(status, &shown("Sundry".into(), token, ReferState::Ended(why, way_out)))
}

async fn found(doors: &Shared, token: &str) -> Result<LinkedReferral, No> {
    let found = linked_referral(&doors.desk, token).await;
    if doors.tries.too_often(token, found.is_ok()) {
        return Err(TOO_MANY.because("This link was tried too often").into());
    }
    found
}

fn open(link: LinkedReferral) -> ReferState {
    if link.answered { ReferState::Answered(link.reference) } else { ReferState::Open(Box::new(link)) }
}

async fn view(State(doors): State<Shared>, Path(token): Path<String>) -> Answer {
    match found(&doors, &token).await {
        Ok(link) => page(&shown(link.organisation.clone(), token, open(link))),
        Err(no) => ended(&doors, token, no),
    }
}

async fn answer(State(doors): State<Shared>, Path(token): Path<String>, posted: Posted) -> Answer {
    let link = match found(&doors, &token).await {
        Ok(link) => link,
        Err(no) => return ended(&doors, token, no),
    };
    let key: String = posted.get("form_key").chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    let text = |field: &str| posted.get(field).to_owned();
    let ask = AnswerReferral { key, answer: text("answer"), words: text("words"), name: text("name") };
    let mut form = shown(link.organisation.clone(), token.clone(), open(link));
    form.typed = [ask.answer.clone(), ask.words.clone(), ask.name.clone()];
    match answer_referral(&doors.desk, &token, ask).await {
        Ok(()) => see_other(&format!("/refer/{token}")),
        Err(No::Invalid(all)) => {
            for one in all {
                form.errors.add(one.field, one.message);
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(No::Refused(refusal)) if refusal.code == "REC-06-FORBIDDEN" || refusal.code.starts_with("CTL-06") => {
            let field = if refusal.code.starts_with("CTL-06") { "words" } else { "answer" };
            form.errors.add(field, format!("{}. {}", refusal.sentence, refusal.way_out));
            page_with(StatusCode::CONFLICT, &form)
        }
        Err(no) => ended(&doors, token, no),
    }
}
