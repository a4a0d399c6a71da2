//! Requests from services for invoices, and who asks for which service.
use super::answer::{Answer, List, file as send_file, made, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::billing::InvoiceLine;
use sundry_desk::billing::requests::{
    self as desk_requests, AddRequestFile, ApproveRequest, AskForInvoice, BringRequests, CorrectRequest, RequestForm,
    RequestsAsk, SendRequestBack, SetPersonServices, TakeRequest, WithdrawRequest,
};
use sundry_desk::core::evidence::NewFile;
use sundry_domain::billing::requests::OwnService;
use sundry_domain::control::Duty;
use sundry_store::control_services::PersonService;
use utoipa::ToSchema;

const ROOM: &str = "Requests";
const ASKS: &[Duty] = &[Duty::RequestInvoice];
const RAISE: &[Duty] = &[Duty::RaiseInvoice];
const EITHER: &[Duty] = &[Duty::RequestInvoice, Duty::RaiseInvoice];
const STATES: &[&str] = &["open", "asked", "sent_back", "withdrawn", "invoiced"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let request = desk::<desk_requests::RequestMade>;
    let table = table
        .add(
            get(ROOM, "/invoice-requests", "list_invoice_requests", "List requests for invoices, newest first")
                .asks("state", Holds::OneOf(STATES), "Only those; open is what is not over")
                .asks("service", Holds::Text, "Only of this service")
                .asks("mine", Holds::Flag, "Only those that you have taken on")
                .paged(desk_list::<desk_requests::RequestLineOfList>),
            list,
        )
        .add(
            post(ROOM, "/invoice-requests", "ask_for_invoice", "Ask for an invoice of your service")
                .needs(ASKS)
                .takes::<NewInvoiceRequest>()
                .gives(201, request),
            ask,
        )
        .add(
            post(
                ROOM,
                "/imports/invoice-requests",
                "bring_invoice_requests",
                "Send a workbook of requests, all or none",
            )
            .needs(ASKS)
            .takes_file()
            .asks("service", Holds::Text, "Service of rows that name none")
            .gives(200, desk::<desk_requests::RequestsBrought>),
            bring,
        )
        .add(
            get(ROOM, "/invoice-requests/{number}", "get_invoice_request", "Read a request with its history and files")
                .gives(200, desk::<desk_requests::RequestShown>),
            view,
        )
        .add(
            post(
                ROOM,
                "/invoice-requests/{number}/correct",
                "correct_request",
                "Put a request right and send it again",
            )
            .needs(ASKS)
            .takes::<RequestCorrection>()
            .gives(200, request),
            correct,
        )
        .add(
            post(ROOM, "/invoice-requests/{number}/withdraw", "withdraw_request", "Take a request back")
                .needs(ASKS)
                .takes::<RequestWithdrawal>()
                .gives(200, request),
            withdraw,
        );
    desk_rows(table)
}

fn desk_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/invoice-requests/{number}/take", "take_request", "Take a request on")
                .needs(RAISE)
                .gives(200, desk::<desk_requests::RequestTurned>),
            take,
        )
        .add(
            post(ROOM, "/invoice-requests/{number}/approve", "approve_request", "Make a request an invoice")
                .needs(RAISE)
                .takes::<RequestApproval>()
                .gives(201, desk::<desk_requests::RequestApproved>),
            approve,
        )
        .add(
            post(
                ROOM,
                "/invoice-requests/{number}/send-back",
                "send_request_back",
                "Send a request back with a reason",
            )
            .needs(RAISE)
            .takes::<RequestReason>()
            .gives(200, desk::<desk_requests::RequestTurned>),
            back,
        )
        .add(
            post(ROOM, "/invoice-requests/{number}/kept", "add_request_file", "Keep a file with a request as evidence")
                .needs(EITHER)
                .takes_file()
                .asks("words", Holds::Text, "What the file shows")
                .gives(201, desk::<desk_requests::RequestFileAdded>),
            add_file,
        )
        .add(
            get(ROOM, "/invoice-requests/{number}/kept/{sha256}", "get_request_file", "A file kept with a request")
                .gives_file(&["application/octet-stream"]),
            file,
        )
        .add(
            get(ROOM, "/person-services", "list_person_services", "List who asks for which service")
                .needs(&[Duty::ManageUsers])
                .listed(desk_list::<PersonService>),
            services,
        )
        .add(
            post(ROOM, "/users/{name}/services", "set_person_services", "Say which services a person asks for")
                .needs(&[Duty::ManageUsers])
                .takes::<PersonServices>()
                .gives(200, desk::<desk_requests::PersonServicesSet>),
            set_services,
        )
}

/// A line of a request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestLine {
    /// What it is for.
    pub description: String,
    /// Quantity, up to four decimals; 1 when not said.
    #[serde(default)]
    pub quantity: String,
    /// Unit price in pounds, up to four decimals.
    pub unit_price: String,
    /// S, R, Z, E or O.
    pub vat_code: String,
    /// Income code; the organisation's first when not said.
    #[serde(default)]
    pub income_code: String,
    /// Whether the price includes VAT.
    #[serde(default)]
    pub gross_entered: bool,
}

/// A request for an invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvoiceRequest {
    /// Service.
    pub service: String,
    /// Cost centre.
    #[serde(default)]
    pub cost_centre: String,
    /// What it is for, to the desk.
    pub what_for: String,
    /// The customer's number, where they were found.
    #[serde(default)]
    pub customer_number: String,
    /// The customer in words, where they were not.
    #[serde(default)]
    pub customer_words: String,
    /// When supplied; needed where VAT is due.
    #[serde(default)]
    pub supply_on: Option<NaiveDate>,
    /// Purchase order.
    #[serde(default)]
    pub po_number: String,
    /// The charges.
    pub lines: Vec<RequestLine>,
}

/// A request put right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestCorrection {
    /// The version that was read.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub seen_version: i64,
    /// What it says now.
    pub request: NewInvoiceRequest,
}

/// Why a request is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestWithdrawal {
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// The desk's yes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestApproval {
    /// The version that was read.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub seen_version: i64,
    /// The customer's number, where the request only describes them.
    #[serde(default)]
    pub customer_number: String,
}

/// Why a request goes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReason {
    /// The version that was read.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub seen_version: i64,
    /// Why, for the service to read.
    pub reason: String,
}

/// A service, or one cost centre of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceOfPerson {
    /// Service.
    pub service: String,
    /// Cost centre; all of the service when not said.
    #[serde(default)]
    pub cost_centre: String,
}

/// The services that a person asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonServices {
    /// The services, in place of those they had.
    pub services: Vec<ServiceOfPerson>,
}

fn form(new: NewInvoiceRequest) -> RequestForm {
    let line = |one: RequestLine| InvoiceLine {
        description: one.description,
        quantity: one.quantity,
        unit_price: one.unit_price,
        vat_code: one.vat_code,
        income_code: one.income_code,
        gross_entered: one.gross_entered,
    };
    RequestForm {
        service: new.service,
        cost_centre: new.cost_centre,
        what_for: new.what_for,
        customer_number: new.customer_number,
        customer_words: new.customer_words,
        supply_on: new.supply_on,
        po_number: new.po_number,
        lines: new.lines.into_iter().map(line).collect(),
    }
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = RequestsAsk {
        state: asked.text("state"),
        service: asked.text("service"),
        mine: asked.flag("mine"),
        before: asked.text("after").parse().ok(),
        limit: Some(asked.limit()),
    };
    let page = desk_requests::invoice_requests(&doors.desk, &by.0, ask).await?;
    let next = page.next.map(|next| next.to_string());
    List { next, ..List::whole("Requests", page.rows) }.send(&asked, &by, doors.desk.today())
}

async fn ask(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewInvoiceRequest>) -> Answer {
    let ask = AskForInvoice { key, form: form(new) };
    let answer = desk_requests::ask_for_invoice(&doors.desk, &by.0, ask, Vec::new()).await?;
    made(&format!("invoice-requests/{}", answer.number), &answer)
}

async fn bring(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let ask = BringRequests { key, file_name, file: child::as_table(bytes).await?, service: asked.text("service") };
    ok(&desk_requests::bring_requests(&doors.desk, &by.0, ask).await?)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_requests::invoice_request(&doors.desk, &by.0, &number).await?)
}

async fn correct(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<RequestCorrection>,
) -> Answer {
    let ask = CorrectRequest { key, number, seen_version: new.seen_version, form: form(new.request) };
    ok(&desk_requests::correct_request(&doors.desk, &by.0, ask, Vec::new()).await?)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<RequestWithdrawal>,
) -> Answer {
    let ask = WithdrawRequest { key, number, reason: new.reason };
    ok(&desk_requests::withdraw_request(&doors.desk, &by.0, ask).await?)
}

async fn take(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_requests::take_request(&doors.desk, &by.0, TakeRequest { key, number }).await?)
}

async fn approve(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<RequestApproval>,
) -> Answer {
    let RequestApproval { seen_version, customer_number } = new;
    let ask = ApproveRequest { key, number, seen_version, customer_number };
    let done = desk_requests::approve_request(&doors.desk, &by.0, ask).await?;
    made(&format!("invoices/{}", done.invoice.number), &done)
}

async fn back(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<RequestReason>,
) -> Answer {
    let ask = SendRequestBack { key, number, seen_version: new.seen_version, reason: new.reason };
    ok(&desk_requests::send_request_back(&doors.desk, &by.0, ask).await?)
}

async fn add_file(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    asked: Asked,
    Key(key): Key,
    parcel: Parcel,
) -> Answer {
    let (name, bytes) = parcel.file;
    let ask = AddRequestFile { key, number: number.clone(), words: asked.text("words") };
    let added = desk_requests::add_request_file(&doors.desk, &by.0, ask, NewFile { name, bytes }).await?;
    made(&format!("invoice-requests/{number}/kept/{}", added.sha256), &added)
}

async fn file(State(doors): State<Shared>, by: By, AtTwo(number, sha256): AtTwo) -> Answer {
    let (row, bytes) = desk_requests::request_file(&doors.desk, &by.0, &number, &sha256).await?;
    send_file(&row.name, "application/octet-stream", bytes)
}

async fn services(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_requests::person_services(&doors.desk, &by.0).await?;
    List::whole("Services", rows).send(&asked, &by, doors.desk.today())
}

async fn set_services(
    State(doors): State<Shared>,
    by: By,
    At(name): At,
    Key(key): Key,
    Sent(new): Sent<PersonServices>,
) -> Answer {
    let one = |one: ServiceOfPerson| OwnService { service: one.service, cost_centre: one.cost_centre };
    let services = new.services.into_iter().map(one).collect();
    let ask = SetPersonServices { key, sign_in_name: name, services };
    ok(&desk_requests::set_person_services(&doors.desk, &by.0, ask).await?)
}
