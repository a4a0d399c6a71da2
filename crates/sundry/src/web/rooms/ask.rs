//! The door without a session for services: a link opens one question, and takes one answer.
use crate::web::door::{Answer, Posted, Shared, log_fault, page, page_with, see_other};
use crate::web::pages::ask::{Ask, AskState};
use crate::web::ui::Errors;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use sundry_desk::No;
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_desk::queries::{AnswerByLink, LinkedQuestion, NewFile, answer_by_link, linked_question};
use sundry_domain::money::Pence;
use sundry_domain::queries::{LARGEST_EVIDENCE, refusals};

/// Tries of one link in a minute.
const TRIES: u32 = 30;
/// How long tries count.
const WINDOW: Duration = Duration::from_secs(60);
/// Links that are counted at once; beyond that the oldest are forgotten.
const MOST_LINKS: usize = 10_000;

/// The routes that need no session.
pub fn routes() -> Router<Shared> {
    let most = DefaultBodyLimit::max(LARGEST_EVIDENCE * 5 + 1024 * 1024);
    Router::new().route("/ask/{token}", get(view).post(answer).layer(most))
}

/// How often each link was tried of late; one that nobody made counts with all such.
#[derive(Debug, Default)]
pub struct Tries {
    counts: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Tries {
    /// Counts one try; true where there were too many.
    pub(super) fn too_often(&self, token: &str, known: bool) -> bool {
        let mut counts = self.counts.lock().expect("no one panics while counting");
        let now = Instant::now();
        if counts.len() > MOST_LINKS {
            counts.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        }
        let name = if known { token.to_owned() } else { String::new() };
        let most = if known { TRIES } else { TRIES * 10 };
        let count = counts.entry(name).or_insert((now, 0));
        if now.duration_since(count.0) >= WINDOW {
            *count = (now, 0);
        }
        count.1 += 1;
        count.1 > most
    }
}

fn shown(organisation: String, token: String, what: AskState) -> Ask {
    let form_key = hex(&random_bytes::<12>());
    Ask { organisation, token, form_key, what, errors: Errors::none(), answer: String::new(), name: String::new() }
}

fn ended(doors: &Shared, token: String, no: No) -> Answer {
    let (status, why, way_out) = match no {
        No::Refused(refusal) if refusal.code == refusals::TOO_MANY.code => {
            (StatusCode::TOO_MANY_REQUESTS, refusal.sentence, refusal.way_out)
        }
        No::Refused(refusal) if refusal.code == refusals::LINK.code => {
            (StatusCode::NOT_FOUND, refusal.sentence, refusal.way_out)
        }
        No::Refused(refusal) => (StatusCode::CONFLICT, refusal.sentence, refusal.way_out),
        No::Fault(fault) => {
            let number = log_fault(doors, "/ask", &fault.words);
            let way_out = format!("Try again in a minute, or telephone us and quote {number}");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side".to_owned(), way_out)
        }
        _ => (StatusCode::NOT_FOUND, "This link cannot be used".to_owned(), refusals::LINK.way_out.to_owned()),
    };
    page_with(status, &shown("Sundry".into(), token, AskState::Ended(why, way_out)))
}

async fn found(doors: &Shared, token: &str) -> Result<LinkedQuestion, No> {
    let found = linked_question(&doors.desk, token).await;
    if doors.tries.too_often(token, found.is_ok()) {
        return Err(refusals::TOO_MANY.because("This link was tried too often").into());
    }
    found
}

fn open(link: &LinkedQuestion) -> AskState {
    if link.answered {
        return AskState::Answered(link.reference.clone());
    }
    AskState::Open {
        reference: link.reference.clone(),
        invoice: link.invoice.clone(),
        in_query: Pence(link.in_query_pence),
        question: link.question.clone(),
        answer_by: link.answer_by,
    }
}

async fn view(State(doors): State<Shared>, Path(token): Path<String>) -> Answer {
    match found(&doors, &token).await {
        Ok(link) => page(&shown(link.organisation.clone(), token, open(&link))),
        Err(no) => ended(&doors, token, no),
    }
}

async fn answer(State(doors): State<Shared>, Path(token): Path<String>, posted: Posted) -> Answer {
    let link = match found(&doors, &token).await {
        Ok(link) => link,
        Err(no) => return ended(&doors, token, no),
    };
    let key: String = posted.get("form_key").chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    let ask = AnswerByLink { key, answer: posted.get("answer").to_owned(), name: posted.get("name").to_owned() };
    let sent = posted.files.iter().filter(|file| !file.bytes.is_empty());
    let files = sent.map(|file| NewFile { name: file.name.clone(), bytes: file.bytes.clone() }).collect();
    let mut form = shown(link.organisation.clone(), token.clone(), open(&link));
    (form.answer, form.name) = (ask.answer.clone(), ask.name.clone());
    match answer_by_link(&doors.desk, &token, ask, files).await {
        Ok(()) => see_other(&format!("/ask/{token}")),
        Err(No::Invalid(all)) => {
            for one in all {
                form.errors.add(one.field, one.message);
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(No::Refused(refusal)) if refusal.code.starts_with("QRY-EVIDENCE") => {
            form.errors.add("file", format!("{}. {}", refusal.sentence, refusal.way_out));
            page_with(StatusCode::CONFLICT, &form)
        }
        Err(No::Refused(refusal)) if refusal.code.starts_with("CTL-06") => {
            form.errors.add("answer", format!("{}. {}", refusal.sentence, refusal.way_out));
            page_with(StatusCode::CONFLICT, &form)
        }
        Err(no) => ended(&doors, token, no),
    }
}
