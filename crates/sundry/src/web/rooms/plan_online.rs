//! The door without a session for a customer who sets a plan: a link, who they are, what they choose.
use super::form::{Asked, asked, read_date};
use crate::web::door::{Answer, Posted, Shared, cookie, log_fault, page, page_with, see_other};
use crate::web::pages::plan_online::{FIELDS, OnlineState, PlanOnline};
use crate::web::ui::Errors;
use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use std::convert::Infallible;
use std::net::SocketAddr;
use sundry_desk::No;
use sundry_desk::core::vault::{hex, random_bytes, sha256_hex};
use sundry_desk::plans::{
    OnlineChoice, OnlineOffer, OnlinePlan, OnlineStage, SetPlanOnline, ShowWho, offer_online, online_plan,
    set_plan_online, show_who_online,
};
use sundry_domain::money::Pence;
use sundry_domain::plans::online::PASS_MINUTES;
use sundry_domain::plans::online::refusals::{LINK, LINK_OFTEN, LINK_PERSON};
use sundry_domain::refusal::Refusal;

/// What the browser carries once it is known whose link it is.
const COOKIE: &str = "sundry_plan";

/// The routes that need no session.
pub fn routes() -> Router<Shared> {
    Router::new().route("/plan-online/{token}", get(view).post(answer)).layer(from_fn(quiet))
}

/// The address of the page opens it, so it is passed on to nobody and found by no search.
async fn quiet(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

/// The address a request came from: that of the connection, or what a proxy on this machine says; empty where nobody
/// says.
struct Caller(String);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|one| one.0.ip());
        if let Some(other) = connected.filter(|one| !one.is_loopback()) {
            return Ok(Caller(other.to_string()));
        }
        let told = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let last = told.rsplit(',').next().unwrap_or_default().trim();
        Ok(Caller(last.chars().take(60).collect()))
    }
}

fn here(token: &str) -> String {
    format!("/plan-online/{token}")
}

fn shown(seen: OnlinePlan, token: &str) -> PlanOnline {
    let what = match seen.stage {
        OnlineStage::Who => OnlineState::Who,
        OnlineStage::Choose(choices) => OnlineState::Choose(choices, None),
        OnlineStage::Closed(refusal) => OnlineState::Closed(refusal.code),
        OnlineStage::Done(done) => OnlineState::Done(done),
    };
    blank((seen.organisation, seen.phone), token, what)
}

fn blank((organisation, phone): (String, String), token: &str, what: OnlineState) -> PlanOnline {
    PlanOnline {
        organisation,
        phone,
        token: token.to_owned(),
        form_key: hex(&random_bytes::<12>()),
        what,
        errors: Errors::none(),
        typed: [const { String::new() }; 7],
    }
}

fn ended(doors: &Shared, token: &str, no: No) -> Answer {
    let (status, why, way_out) = match no {
        No::Refused(refusal) if refusal.code == LINK_OFTEN.code => {
            (StatusCode::TOO_MANY_REQUESTS, refusal.sentence, refusal.way_out)
        }
        No::Refused(refusal) if refusal.code == LINK.code => (StatusCode::NOT_FOUND, refusal.sentence, refusal.way_out),
        No::Fault(fault) => {
            let number = log_fault(doors, "/plan-online", &fault.words);
            let way_out = format!("Try again in a minute, or telephone us and quote {number}");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side".to_owned(), way_out)
        }
        _ => (StatusCode::CONFLICT, "This did not work".to_owned(), "Open the link again, or call us".to_owned()),
    };
    page_with(status, &blank(("Sundry".into(), String::new()), token, OnlineState::Ended(why, way_out)))
}

async fn seen(doors: &Shared, token: &str, pass: &str) -> Result<OnlinePlan, No> {
    let found = online_plan(&doors.desk, token, pass).await;
    if doors.tries.too_often(token, found.is_ok()) {
        return Err(LINK_OFTEN.because("This was tried too often").into());
    }
    found
}

fn pass_of(headers: &HeaderMap) -> &str {
    cookie(headers, COOKIE).unwrap_or_default()
}

fn set(page: &mut PlanOnline, field: &str, value: &str) {
    if let Some(at) = FIELDS.iter().position(|name| *name == field) {
        page.typed[at] = value.to_owned();
    }
}

async fn view(
    State(doors): State<Shared>,
    Path(token): Path<String>,
    Query(query): Query<Asked>,
    headers: HeaderMap,
) -> Answer {
    let found = match seen(&doors, &token, pass_of(&headers)).await {
        Ok(found) => found,
        Err(no) => return ended(&doors, &token, no),
    };
    let mut form = shown(found, &token);
    for field in ["every", "amount"] {
        set(&mut form, field, asked(&query, field));
    }
    if form.typed[2].is_empty() {
        set(&mut form, "every", "month");
    }
    page(&form)
}

async fn answer(
    State(doors): State<Shared>,
    Path(token): Path<String>,
    caller: Caller,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    let pass = pass_of(&headers).to_owned();
    let found = match seen(&doors, &token, &pass).await {
        Ok(found) => found,
        Err(no) => return ended(&doors, &token, no),
    };
    let mut form = shown(found, &token);
    form.typed = FIELDS.map(|field| posted.get(field).chars().take(100).collect());
    let (asks_who, may_choose) = match &form.what {
        OnlineState::Who => (true, false),
        OnlineState::Choose(..) => (false, true),
        _ => (false, false),
    };
    match posted.get("do") {
        "who" if asks_who => who(&doors, form, &caller, &posted).await,
        "show" | "agree" | "send" if may_choose => choose(&doors, form, (&pass, &caller.0), &posted).await,
        // What was pressed twice, and what stands on a page from before.
        _ => see_other(&here(&token)),
    }
}

fn key_of(posted: &Posted) -> String {
    posted.get("form_key").chars().filter(char::is_ascii_alphanumeric).take(64).collect()
}

async fn who(doors: &Shared, mut form: PlanOnline, caller: &Caller, posted: &Posted) -> Answer {
    let text = |field: &str| posted.get(field).to_owned();
    let ask = ShowWho { key: key_of(posted), account: text("account"), postcode: text("postcode") };
    match show_who_online(&doors.desk, &form.token, &caller.0, ask).await {
        Ok(pass) => {
            let mut response = see_other(&here(&form.token))?;
            let (age, secure) = (PASS_MINUTES * 60, if doors.tls { "; Secure" } else { "" });
            let value = format!("{COOKIE}={pass}; Path=/plan-online; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(response)
        }
        Err(No::Invalid(all)) => {
            for one in all {
                form.errors.add(one.field, one.message);
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(No::Refused(refusal)) if refusal.code == LINK_PERSON.code || refusal.code.starts_with("CTL-06") => {
            form.errors.add("account", format!("{}. {}", refusal.sentence, refusal.way_out));
            page_with(StatusCode::CONFLICT, &form)
        }
        Err(no) => ended(doors, &form.token, no),
    }
}

/// What somebody chose; nothing where a field cannot be read: then it says so.
fn read(form: &mut PlanOnline, posted: &Posted, today: chrono::NaiveDate) -> Option<OnlineChoice> {
    let text = |name: &str| posted.get(name).to_owned();
    let amount = Pence::parse(posted.get("amount")).filter(|amount| *amount > Pence::ZERO);
    if amount.is_none() {
        form.errors.add("amount", "Enter how much you want to pay each time, such as 25.00");
    }
    let first_on = read_date(posted.get("first_on"), today);
    if first_on.is_none() {
        form.errors.add("first_on", "Enter the day of your first payment, such as 1 December 2026");
    }
    let day_of_month: Option<u32> = match posted.get("day_of_month") {
        "" => None,
        typed => {
            let day = typed.parse::<u32>().ok().filter(|day| (1..=31).contains(day));
            if day.is_none() {
                form.errors.add("day_of_month", "Enter a day from 1 to 31");
            }
            day
        }
    };
    if !form.errors.is_empty() {
        return None;
    }
    let monthly = posted.get("every") == "month";
    let day_of_month = day_of_month.filter(|_| monthly);
    Some(OnlineChoice {
        every: text("every"),
        amount_pence: amount?,
        first_on: first_on?,
        day_of_month,
        method: text("method"),
    })
}

/// What was seen of an offer: what is set is what was read.
fn digest(choice: &OnlineChoice, offer: &OnlineOffer) -> String {
    let sums: Vec<String> = offer.schedule.iter().map(|part| format!("{}={}", part.due_on, part.amount.0)).collect();
    sha256_hex(format!("{} {} {}", choice.method, offer.at_once, sums.join(" ")).as_bytes())
}

async fn choose(doors: &Shared, mut form: PlanOnline, (pass, address): (&str, &str), posted: &Posted) -> Answer {
    let Some(choice) = read(&mut form, posted, doors.desk.today()) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    };
    let offer = match offer_online(&doors.desk, &form.token, pass, &choice).await {
        Ok(offer) => offer,
        Err(no) => return refused(doors, form, no),
    };
    let (seen, wants) = (digest(&choice, &offer), posted.get("do"));
    let says_yes = wants != "show" && (wants == "send") != offer.at_once;
    if says_yes && posted.get("seen") == seen {
        let ask = SetPlanOnline { key: key_of(posted), choice, send: wants == "send" };
        return match set_plan_online(&doors.desk, &form.token, (pass, address), ask).await {
            Ok(_) => see_other(&here(&form.token)),
            Err(no) => refused(doors, form, no),
        };
    }
    if let OnlineState::Choose(_, last) = &mut form.what {
        *last = Some((offer, seen));
    }
    page(&form)
}

/// Which field a rule speaks of, and what it says to whoever pays.
fn at_field(refusal: &Refusal) -> Option<(&'static str, String)> {
    let sentence = &refusal.sentence;
    match refusal.code.as_str() {
        "PP-02-AMOUNT" => Some(("amount", "Enter an amount above £0.00 and at most what you owe".to_owned())),
        "PP-04-MINIMUM" => Some(("amount", format!("{sentence}. If you cannot pay that much, call us"))),
        "PP-02-TOO-LONG" | "PP-02-NOTHING" => {
            Some(("amount", "That would take too long. Enter more, or call us".to_owned()))
        }
        "PP-03-ADVISER" => Some(("amount", format!("{sentence}. Enter what the statement offers, or call us"))),
        "PP-06-PAST" => Some(("first_on", "Enter a day from today on".to_owned())),
        "PP-01-NO-MANDATE" => Some(("method", "You have no Direct Debit with us. Choose another way".to_owned())),
        _ => None,
    }
}

fn refused(doors: &Shared, mut form: PlanOnline, no: No) -> Answer {
    match no {
        No::Invalid(all) => {
            for one in all {
                form.errors.add(one.field, one.message);
            }
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        No::Refused(refusal) if refusal.code.starts_with("PP-LINK") && refusal.code != "PP-LINK-ELSEWHERE" => {
            ended(doors, &form.token, No::Refused(refusal))
        }
        No::Refused(refusal) => match at_field(&refusal) {
            Some((field, says)) => {
                form.errors.add(field, says);
                page_with(StatusCode::CONFLICT, &form)
            }
            None => {
                form.what = OnlineState::Closed(refusal.code);
                page_with(StatusCode::CONFLICT, &form)
            }
        },
        other => ended(doors, &form.token, other),
    }
}
