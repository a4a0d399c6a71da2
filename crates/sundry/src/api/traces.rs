//! Tracing: searches with their ground, cost and result; found addresses.
use super::answer::{Answer, List, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::recovery::tracing::{
    self, AddressAsked, CancelTrace, Finding, MarkNotTraced, RecordTrace, SendTraces, TakeTraces, TraceAsked,
    TraceRecorded, TraceShown, TracesOfCustomer, TracesSent, TracesTaken, UseFoundAddress,
};
use sundry_domain::control::Duty;
use sundry_store::trace::TraceLine;
use utoipa::ToSchema;

const ROOM: &str = "Agencies and tracing";
const WORKS: &[Duty] = &[Duty::WorkCases];
const STATES: &[&str] = &["asked", "sent", "answered", "no_answer", "cancelled"];

/// The rows of this part of the room.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/traces", "list_traces", "List searches, newest first")
                .asks("state", Holds::OneOf(STATES), "Only those that stand so")
                .paged(desk_list::<TraceLine>),
            list,
        )
        .add(
            post(ROOM, "/traces", "ask_for_trace", "Ask for a search, with its ground in law")
                .needs(WORKS)
                .takes::<NewTrace>()
                .gives(201, desk::<TraceRecorded>),
            ask,
        )
        .add(
            get(ROOM, "/traces/{number}", "get_trace", "Read a search and what it found")
                .gives(200, desk::<TraceShown>),
            one,
        )
        .add(
            post(ROOM, "/traces/{number}/result", "record_trace", "Record what a search found")
                .needs(WORKS)
                .takes::<NewFinding>()
                .gives(200, desk::<TraceRecorded>),
            record,
        )
        .add(
            post(ROOM, "/traces/{number}/cancel", "cancel_trace", "Give a search up")
                .needs(WORKS)
                .takes::<TraceWords>()
                .gives(200, desk::<TraceRecorded>),
            cancel,
        )
        .add(
            post(ROOM, "/trace-files", "send_traces", "Write the file of searches for a tracing agency")
                .needs(WORKS)
                .takes::<NewTraceFile>()
                .gives(201, desk::<TracesSent>),
            send,
        )
        .add(
            post(ROOM, "/trace-answers", "take_traces", "Bring in a tracing agency's answer")
                .needs(WORKS)
                .takes_file()
                .asks("cost_each_pence", Holds::Whole(0, 100_000), "What each answered search cost")
                .gives(200, desk::<TracesTaken>),
            take,
        )
        .add(
            get(ROOM, "/customers/{number}/traces", "list_customer_traces", "What was tried to find a customer")
                .gives(200, desk::<TracesOfCustomer>),
            of_customer,
        )
        .add(
            post(ROOM, "/customers/{number}/trace-mark", "mark_not_traced", "Say that a customer may not be traced")
                .needs(&[Duty::SetFlags])
                .takes::<NewTraceMark>()
                .gives(200, own::<TraceMarked>),
            mark,
        )
        .add(
            post(ROOM, "/found-addresses/{id}/use", "use_found_address", "Ask for a found address to be used")
                .needs(WORKS)
                .takes::<NewAddressUse>()
                .gives(200, desk::<AddressAsked>),
            use_it,
        )
}

/// A search to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTrace {
    /// Customer number.
    pub customer: String,
    /// own_records, returned_post, open_register, companies_house, land_registry, probate, insolvency_register,
    /// judgment_register, bureau or council_tax.
    pub source: String,
    /// TRACE, CONFIRM_ADDRESS, EMPLOYER, DECEASED_CHECK, INSOLVENCY_CHECK or COMPANY_CHECK.
    pub purpose: String,
    /// public_task, legitimate_interest, contract, legal_claim or public_register.
    pub lawful_basis: String,
    /// Why.
    pub why: String,
    /// What it costs.
    #[serde(default)]
    pub cost_pence: i64,
}

/// What a search found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFinding {
    /// CONFIRMED, FOUND_PROVEN, FOUND_UNPROVEN, MULTIPLE, NOT_FOUND, DECEASED, INSOLVENT or GONE_ABROAD.
    pub result: String,
    /// The name agrees.
    #[serde(default)]
    pub name_agrees: bool,
    /// The date of birth agrees.
    #[serde(default)]
    pub birth_agrees: bool,
    /// It is linked to an address we knew.
    #[serde(default)]
    pub linked_address: bool,
    /// How many independent sources say so.
    #[serde(default)]
    pub sources: i64,
    /// When the newest of them saw the person.
    #[serde(default)]
    pub last_seen_on: Option<NaiveDate>,
    /// First line of a new address.
    #[serde(default)]
    pub address1: String,
    /// Second line.
    #[serde(default)]
    pub address2: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// What it cost.
    #[serde(default)]
    pub cost_pence: i64,
}

/// Why a search is given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceWords {
    /// Why.
    pub words: String,
}

/// A file for a tracing agency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTraceFile {
    /// Its short name.
    pub bureau: String,
}

/// A mark, or its end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTraceMark {
    /// True to set it, false to end it.
    pub mark: bool,
    /// Who asks for it.
    pub why: String,
}

/// The mark as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceMarked {
    /// Customer number.
    pub customer: String,
    /// Whether they may not be traced.
    pub not_to_be_traced: bool,
}

/// How a found address was confirmed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddressUse {
    /// With whom, on which number, when.
    pub call_back: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let limit = asked.limit();
    let rows = tracing::traces_list(&doors.desk, &by.0, &asked.text("state"), asked.whole("after"), limit).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == limit).map(|last| last.id.to_string());
    List { title: "Searches", rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn ask(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewTrace>) -> Answer {
    let ask = TraceAsked {
        key,
        customer: sent.customer,
        source: sent.source,
        purpose: sent.purpose,
        lawful_basis: sent.lawful_basis,
        why: sent.why,
        cost_pence: sent.cost_pence,
    };
    let asked = tracing::ask_for_trace(&doors.desk, &by.0, ask).await?;
    made(&format!("traces/{}", asked.number), &asked)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&tracing::trace(&doors.desk, &by.0, &number).await?)
}

async fn record(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NewFinding>,
) -> Answer {
    let found = Finding {
        result: sent.result,
        name_agrees: sent.name_agrees,
        birth_agrees: sent.birth_agrees,
        linked_address: sent.linked_address,
        sources: sent.sources,
        last_seen_on: sent.last_seen_on,
        address1: sent.address1,
        address2: sent.address2,
        town: sent.town,
        postcode: sent.postcode,
        words: sent.words,
        cost_pence: sent.cost_pence,
    };
    ok(&tracing::record_trace(&doors.desk, &by.0, RecordTrace { key, number, found }).await?)
}

async fn cancel(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<TraceWords>,
) -> Answer {
    ok(&tracing::cancel_trace(&doors.desk, &by.0, CancelTrace { key, number, words: sent.words }).await?)
}

async fn send(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewTraceFile>) -> Answer {
    let sent = tracing::send_traces(&doors.desk, &by.0, SendTraces { key, bureau: sent.bureau }).await?;
    made("trace-files", &sent)
}

async fn take(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let ask = TakeTraces {
        key,
        file_name: parcel.file.0,
        bytes: parcel.file.1,
        cost_each_pence: asked.whole("cost_each_pence").unwrap_or(0),
    };
    ok(&tracing::take_traces(&doors.desk, &by.0, ask).await?)
}

async fn of_customer(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&tracing::traces_of_customer(&doors.desk, &by.0, &number).await?)
}

async fn mark(
    State(doors): State<Shared>,
    by: By,
    At(customer): At,
    Key(key): Key,
    Sent(sent): Sent<NewTraceMark>,
) -> Answer {
    let ask = MarkNotTraced { key, customer: customer.clone(), mark: sent.mark, why: sent.why };
    tracing::mark_not_traced(&doors.desk, &by.0, ask).await?;
    ok(&TraceMarked { customer, not_to_be_traced: sent.mark })
}

async fn use_it(
    State(doors): State<Shared>,
    by: By,
    At(id): At,
    Key(key): Key,
    Sent(sent): Sent<NewAddressUse>,
) -> Answer {
    let ask = UseFoundAddress { key, address: numbered(&id, "found address")?, call_back: sent.call_back };
    ok(&tracing::use_found_address(&doors.desk, &by.0, ask).await?)
}
