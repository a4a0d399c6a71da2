//! The door without a session for a customer who sets a plan: a link, who they are, what they choose.
use super::form::{Asked, address, asked, read_date};
use crate::web::door::{Answer, Posted, Shared, cookie, log_fault, page, page_with, see_other};
use crate::web::pages::plan_online::{CHOSEN, FIELDS, OnlineState, PlanOnline, least, within};
use crate::web::pages::plan_online_words as words;
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
    Language, OnlineChoice, OnlineChoices, OnlineOffer, OnlinePlan, OnlineStage, SetPlanOnline, ShowWho, offer_online,
    online_plan, set_plan_online, show_who_online,
};
use sundry_domain::money::Pence;
use sundry_domain::plans::online::PASS_MINUTES;
use sundry_domain::plans::online::refusals::{LINK, LINK_OFTEN, LINK_PERSON};
use sundry_domain::refusal::{Invalid, Refusal};

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

/// The page, in the language that was asked for.
fn here(token: &str, asked: &str) -> String {
    address(&format!("/plan-online/{token}"), &[("lang", asked)])
}

/// The language that whoever reads the page asked for: `en` or `cy`; empty where they asked for none.
fn asked_language(typed: &str) -> &'static str {
    match typed {
        "en" => "en",
        "cy" => "cy",
        _ => "",
    }
}

fn language(asked: &str, of_letters: Language) -> Language {
    match asked {
        "en" => Language::English,
        "cy" => Language::Welsh,
        _ => of_letters,
    }
}

fn code(language: Language) -> &'static str {
    match language {
        Language::English => "en",
        Language::Welsh => "cy",
    }
}

fn shown(seen: OnlinePlan, token: &str, asked: &str) -> PlanOnline {
    let what = match seen.stage {
        OnlineStage::Who => OnlineState::Who,
        OnlineStage::Choose(choices) => OnlineState::Choose(choices, None),
        OnlineStage::Closed(refusal) => OnlineState::Closed(refusal.code),
        OnlineStage::Done(done) => OnlineState::Done(done),
    };
    let page = blank(token, asked, what);
    let language = language(asked, seen.language);
    PlanOnline { organisation: seen.organisation, phone: seen.phone, language, ..page }
}

fn blank(token: &str, asked: &str, what: OnlineState) -> PlanOnline {
    PlanOnline {
        organisation: "Sundry".into(),
        phone: String::new(),
        language: language(asked, Language::English),
        asked: asked.to_owned(),
        token: token.to_owned(),
        form_key: hex(&random_bytes::<12>()),
        what,
        errors: Errors::none(),
        typed: [const { String::new() }; 7],
    }
}

/// Whose language is not known where there is no link: it is English, or what they asked for.
fn ended(doors: &Shared, token: &str, asked: &str, no: No) -> Answer {
    let tongue = language(asked, Language::English);
    let say = |said: words::Said| said.of(tongue).to_owned();
    let (status, why, way_out) = match no {
        No::Refused(refusal) if refusal.code == LINK_OFTEN.code => {
            (StatusCode::TOO_MANY_REQUESTS, say(words::OFTEN), say(words::OFTEN_WAIT))
        }
        No::Refused(refusal) if refusal.code == LINK.code => {
            let why = if tongue == Language::English { refusal.sentence } else { say(words::ENDED) };
            (StatusCode::NOT_FOUND, why, say(words::ENDED_CALL))
        }
        No::Fault(fault) => {
            let number = log_fault(doors, "/plan-online", &fault.words);
            let way_out = words::FAULT_CALL.with(tongue, &[("number", &number)]);
            (StatusCode::INTERNAL_SERVER_ERROR, say(words::FAULT), way_out)
        }
        _ => (StatusCode::CONFLICT, say(words::FAILED), say(words::FAILED_OPEN)),
    };
    page_with(status, &blank(token, asked, OnlineState::Ended(why, way_out)))
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
    let lang = asked_language(asked(&query, "lang"));
    let found = match seen(&doors, &token, pass_of(&headers)).await {
        Ok(found) => found,
        Err(no) => return ended(&doors, &token, lang, no),
    };
    let mut form = shown(found, &token, lang);
    for field in &FIELDS[CHOSEN] {
        let typed: String = asked(&query, field).chars().take(100).collect();
        set(&mut form, field, &typed);
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
    let (pass, lang) = (pass_of(&headers).to_owned(), asked_language(posted.get("lang")));
    let found = match seen(&doors, &token, &pass).await {
        Ok(found) => found,
        Err(no) => return ended(&doors, &token, lang, no),
    };
    let mut form = shown(found, &token, lang);
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
        _ => see_other(&here(&token, lang)),
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
            let mut response = see_other(&here(&form.token, &form.asked))?;
            let (age, secure) = (PASS_MINUTES * 60, if doors.tls { "; Secure" } else { "" });
            let value = format!("{COOKIE}={pass}; Path=/plan-online; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(response)
        }
        Err(No::Invalid(all)) => invalid(form, all),
        Err(No::Refused(refusal)) if refusal.code == LINK_PERSON.code || refusal.code.starts_with("CTL-06") => {
            let said = if refusal.code == LINK_PERSON.code { words::NOT_THEIRS } else { words::NO_CARD };
            form.errors.add("account", said.of(form.language));
            page_with(StatusCode::CONFLICT, &form)
        }
        Err(no) => ended(doors, &form.token, code(form.language), no),
    }
}

/// What is to be put right, at its fields: the desk says it in English.
fn invalid(mut form: PlanOnline, all: Vec<Invalid>) -> Answer {
    for one in all {
        let said = match form.language {
            Language::English => one.message,
            Language::Welsh => in_welsh(&form, &one),
        };
        form.errors.add(one.field, said);
    }
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
}

fn in_welsh(form: &PlanOnline, one: &Invalid) -> String {
    let said = match one.field.as_str() {
        "account" => words::ENTER_ACCOUNT,
        "postcode" => words::ENTER_POSTCODE,
        "every" => words::ENTER_EVERY,
        "method" => words::ENTER_METHOD,
        "first_on" => {
            return of_choices(form, |choices| within(words::ENTER_FIRST_WITHIN, Language::Welsh, choices.first_days));
        }
        _ => return one.message.clone(),
    };
    said.of(Language::Welsh).to_owned()
}

/// Words made of what they may choose from; none where they may not choose.
fn of_choices(form: &PlanOnline, words: impl Fn(&OnlineChoices) -> String) -> String {
    match &form.what {
        OnlineState::Choose(choices, _) => words(choices),
        _ => String::new(),
    }
}

/// What somebody chose; nothing where a field cannot be read: then it says so.
fn read(form: &mut PlanOnline, posted: &Posted, today: chrono::NaiveDate) -> Option<OnlineChoice> {
    let text = |name: &str| posted.get(name).to_owned();
    let tongue = form.language;
    let amount = Pence::parse(posted.get("amount")).filter(|amount| *amount > Pence::ZERO);
    if amount.is_none() {
        form.errors.add("amount", words::ENTER_AMOUNT.of(tongue));
    }
    let first_on = read_date(posted.get("first_on"), today);
    if first_on.is_none() {
        let numbers = today.format("%-d/%-m/%Y").to_string();
        form.errors.add("first_on", words::ENTER_FIRST.with(tongue, &[("numbers", &numbers)]));
    }
    let day_of_month: Option<u32> = match posted.get("day_of_month") {
        "" => None,
        typed => {
            let day = typed.parse::<u32>().ok().filter(|day| (1..=31).contains(day));
            if day.is_none() {
                form.errors.add("day_of_month", words::ENTER_DAY.of(tongue));
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
            Ok(_) => see_other(&here(&form.token, &form.asked)),
            Err(no) => refused(doors, form, no),
        };
    }
    if let OnlineState::Choose(_, last) = &mut form.what {
        *last = Some((offer, seen));
    }
    page(&form)
}

/// Which field a rule speaks of, and what it says to whoever pays.
fn at_field(form: &PlanOnline, refusal: &Refusal) -> Option<(&'static str, String)> {
    let tongue = form.language;
    let say = |said: words::Said| said.of(tongue).to_owned();
    match refusal.code.as_str() {
        "PP-02-AMOUNT" => Some(("amount", say(words::AMOUNT_WITHIN))),
        "PP-04-MINIMUM" => Some(("amount", of_choices(form, |choices| least(words::AMOUNT_SMALL, tongue, choices)))),
        "PP-02-TOO-LONG" | "PP-02-NOTHING" => Some(("amount", say(words::TOO_LONG))),
        "PP-03-ADVISER" => Some(("amount", say(words::TOO_MUCH))),
        "PP-06-PAST" => Some(("first_on", say(words::FROM_TODAY))),
        "PP-01-NO-MANDATE" => Some(("method", say(words::NO_MANDATE))),
        _ => None,
    }
}

fn refused(doors: &Shared, mut form: PlanOnline, no: No) -> Answer {
    match no {
        No::Invalid(all) => invalid(form, all),
        No::Refused(refusal) if refusal.code.starts_with("PP-LINK") && refusal.code != "PP-LINK-ELSEWHERE" => {
            ended(doors, &form.token, code(form.language), No::Refused(refusal))
        }
        No::Refused(refusal) => match at_field(&form, &refusal) {
            Some((field, says)) => {
                form.errors.add(field, says);
                page_with(StatusCode::CONFLICT, &form)
            }
            None => {
                form.what = OnlineState::Closed(refusal.code);
                page_with(StatusCode::CONFLICT, &form)
            }
        },
        other => ended(doors, &form.token, code(form.language), other),
    }
}
