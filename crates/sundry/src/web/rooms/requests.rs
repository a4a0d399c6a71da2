//! Requests from services: the list, asking, one of them, answering; who asks for which service.
use super::export::{Sheet, download, wanted};
use super::form::{Asked, again, asked, date_field, onto, open_address, plain};
use super::invoices::vat_words;
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, invoice_at, page, page_with, told};
use crate::web::pages::contracts::Typed;
use crate::web::pages::invoice_form::VatChoice;
use crate::web::pages::request::{NewRequest, OneRequest, RequestFields};
use crate::web::pages::requests::{PeopleServices, RequestLine, Requests};
use crate::web::ui::{self, Frame, Html, Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::billing::InvoiceLine;
use sundry_desk::billing::requests::{
    ApproveRequest, AskForInvoice, BringRequests, CorrectRequest, RequestForm, RequestLineOfList, RequestShown,
    RequestsAsk, SendRequestBack, SetPersonServices, TakeRequest, WithdrawRequest, approve_request, ask_for_invoice,
    bring_requests, correct_request, invoice_request, invoice_requests, person_services, request_choices, request_file,
    send_request_back, set_person_services, take_request, withdraw_request,
};
use sundry_desk::core::evidence::NewFile;
use sundry_desk::{No, Outcome};
use sundry_domain::billing::requests::{OwnService, RequestState};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text, Whole};

const LOOK: &[Duty] = &[Duty::View];
const ASKS: &[Duty] = &[Duty::RequestInvoice];
const HOME: &str = "/billing/requests";
/// Lines offered at first, and the most that are taken.
const LINES: usize = 3;
const MOST_LINES: usize = 50;

/// The routes of requests.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/requests", LOOK, get(list))
        .add("/billing/requests/new", ASKS, get(blank).post(ask))
        .add("/billing/requests/bring", ASKS, post(bring))
        .add("/billing/requests/{number}", LOOK, get(one))
        .add("/billing/requests/{number}/kept/{sha256}", LOOK, get(file))
        .add("/billing/requests/{number}/correct", ASKS, post(correct))
        .add("/billing/requests/{number}/withdraw", ASKS, post(withdraw))
        .add("/billing/requests/{number}/answer", &[Duty::RaiseInvoice], post(answer))
        .add("/admin/services", &[Duty::ManageUsers], get(people).post(set_people))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/intake".into();
    frame
}

fn state(word: &str) -> Tag {
    let name = RequestState::parse(word).map_or_else(|| plain(word), |state| state.name().to_owned());
    let colour = match word {
        "asked" => TagColour::Yellow,
        "sent_back" => TagColour::Orange,
        "invoiced" => TagColour::Green,
        _ => TagColour::Grey,
    };
    tag(name, colour)
}

fn service_words(service: &str, centre: &str) -> String {
    if centre.is_empty() { service.to_owned() } else { format!("{service}, {centre}") }
}

// The list ---------------------------------------------------------------------------

async fn services_of(doors: &Shared, visitor: &Visitor) -> Outcome<Vec<(String, String)>> {
    if !visitor.actor.holds(Duty::RequestInvoice) {
        return Ok(Vec::new());
    }
    let (_, own) = request_choices(&doors.desk, &visitor.actor).await?;
    Ok(choices_of(&own))
}

/// What can be chosen: a service, or a service with its cost centre, written `Service|centre`.
fn choices_of(own: &[OwnService]) -> Vec<(String, String)> {
    let one = |one: &OwnService| {
        let value = if one.cost_centre.is_empty() {
            one.service.clone()
        } else {
            format!("{}|{}", one.service, one.cost_centre)
        };
        (value, service_words(&one.service, &one.cost_centre))
    };
    own.iter().map(one).collect()
}

async fn list_page(doors: &Shared, visitor: &Visitor, query: &Asked) -> Result<Requests, Trouble> {
    let by = &visitor.actor;
    let chosen = match asked(query, "state") {
        "" => "open",
        state => state,
    };
    let filter = [chosen.to_owned(), asked(query, "of").to_owned(), asked(query, "mine").to_owned()];
    let ask = RequestsAsk { before: asked(query, "before").parse().ok(), ..ask_of(&filter) };
    let found = invoice_requests(&doors.desk, by, ask).await?;
    let fields: [(&str, &str); 3] = [("state", &filter[0]), ("of", &filter[1]), ("mine", &filter[2])];
    let address = open_address(HOME, &fields);
    let line = |one: RequestLineOfList| {
        let days = one.age_days.map(|days| ui::count_of(days, "day", "days"));
        RequestLine {
            state: state(&one.state),
            what: (one.what_for, service_words(&one.service, &one.cost_centre)),
            number: one.number,
            customer: one.customer_number,
            asked: (one.asked_by, one.asked_on),
            gross: Pence(one.gross_pence),
            age: (days.unwrap_or_default(), one.late),
            owner: one.owner,
            invoice: one.invoice_number,
        }
    };
    Ok(Requests {
        frame: room(doors, visitor).await,
        rows: found.rows.into_iter().map(line).collect(),
        next: found.next.map(|next| format!("{address}before={next}")).unwrap_or_default(),
        address,
        faults: Vec::new(),
        services: services_of(doors, visitor).await?,
        may_ask: by.holds(Duty::RequestInvoice),
        may_answer: by.holds(Duty::RaiseInvoice),
        filter,
    })
}

fn ask_of([state, service, mine]: &[String; 3]) -> RequestsAsk {
    let state = if state == "all" { String::new() } else { state.clone() };
    RequestsAsk { state, service: service.clone(), mine: mine == "yes", ..RequestsAsk::default() }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let shown = list_page(&doors, &visitor, &query).await?;
    let format = asked(&query, "format");
    if wanted(format) {
        return sheet(&doors, &visitor, &shown.filter).await?.file(format, &doors, &visitor);
    }
    page(&shown)
}

async fn sheet(doors: &Shared, visitor: &Visitor, filter: &[String; 3]) -> Outcome<Sheet> {
    let mut ask = RequestsAsk { limit: Some(500), ..ask_of(filter) };
    let mut rows = Vec::new();
    loop {
        let found = invoice_requests(&doors.desk, &visitor.actor, ask.clone()).await?;
        rows.extend(found.rows);
        match found.next {
            Some(next) => ask.before = Some(next),
            None => break,
        }
    }
    let cells = |one: RequestLineOfList| {
        vec![
            Cell::Text(one.number),
            Cell::Text(one.state),
            Cell::Text(one.service),
            Cell::Text(one.cost_centre),
            Cell::Text(one.what_for),
            Cell::Text(one.customer_number),
            Cell::Pence(one.gross_pence),
            Cell::Text(one.asked_by),
            Cell::Date(one.asked_on),
            one.age_days.map_or(Cell::Empty, Cell::Whole),
            Cell::Date(one.answer_by),
            Cell::Text(one.owner),
            Cell::Text(one.invoice_number),
        ]
    };
    let columns = vec![
        ("number", Text),
        ("state", Text),
        ("service", Text),
        ("cost_centre", Text),
        ("what_for", Text),
        ("customer_id", Text),
        ("gross", Money),
        ("asked_by", Text),
        ("asked_on", Date),
        ("age_days", Whole),
        ("answer_by", Date),
        ("owner", Text),
        ("invoice", Text),
    ];
    let filters = vec![("State", filter[0].clone()), ("Service", filter[1].clone())];
    Ok(Sheet { title: "Requests", columns, rows: rows.into_iter().map(cells).collect(), filters })
}

async fn bring(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = list_page(&doors, &visitor, &Asked::default()).await?;
    let Some(file) = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose a CSV file or a workbook");
        return again(&shown);
    };
    let bytes = match child::as_table(file.bytes.clone()).await {
        Ok(bytes) => bytes,
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            return page_with(status, &shown);
        }
    };
    let service = posted.get("service").split('|').next().unwrap_or_default().to_owned();
    let ask = BringRequests { key: posted.key(), file_name: file.name.clone(), file: bytes, service };
    match bring_requests(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let count = ui::count_of(done.numbers.len() as i64, "request is sent", "requests are sent");
            told(HOME, &format!("{count}, {}", Pence(done.gross_pence)))
        }
        Err(No::Invalid(all)) => {
            for one in all {
                let row = one.row.map(|row| row.to_string()).unwrap_or_default();
                shown.faults.push((row, one.field, one.message, one.typed));
            }
            shown.frame.errors.add("file", "Nothing was taken: put right what is listed, and send it again");
            again(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[("CUS-ALREADY-IMPORTED", "file")])?;
            page_with(status, &shown)
        }
    }
}

// Asking -----------------------------------------------------------------------------

async fn fields(doors: &Shared, visitor: &Visitor, typed: Typed, lines: usize) -> Outcome<RequestFields> {
    let (choices, own) = request_choices(&doors.desk, &visitor.actor).await?;
    let vat = |one: sundry_desk::billing::VatChoice| VatChoice {
        words: vat_words(&one.code, one.vat_bp),
        code: one.code,
        rate_basis_points: one.vat_bp,
    };
    Ok(RequestFields {
        typed,
        lines: lines.clamp(LINES, MOST_LINES),
        services: choices_of(&own),
        income: choices.income_codes,
        vat: choices.vat_codes.into_iter().map(vat).collect(),
    })
}

const HEAD: [&str; 7] = ["service", "cost_centre", "what_for", "customer", "customer_words", "supply_on", "po_number"];
const OF_A_LINE: [&str; 5] = ["description", "quantity", "price", "vat", "coding"];

/// What was posted, and how many lines it offered.
fn typed_in(posted: &Posted) -> (Typed, usize) {
    let places = posted.starting("description-").filter_map(|(place, _)| place.parse::<usize>().ok());
    let places = places.max().unwrap_or(LINES).clamp(LINES, MOST_LINES);
    let mut typed: Typed = HEAD.map(|field| (field.to_owned(), posted.get(field).to_owned())).into();
    for place in 1..=places {
        for field in OF_A_LINE.map(|field| format!("{field}-{place}")) {
            let value = posted.get(&field).to_owned();
            typed.insert(field, value);
        }
    }
    (typed, places)
}

fn value<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map_or("", String::as_str)
}

/// Which lines have something in them: their places, from 1.
fn used(typed: &Typed, places: usize) -> Vec<usize> {
    let filled = |place: &usize| {
        ["description", "quantity", "price", "vat"]
            .iter()
            .any(|field| !value(typed, &format!("{field}-{place}")).is_empty())
    };
    (1..=places).filter(filled).collect()
}

/// The form as the desk takes it; a date that cannot be read is told at its field.
fn form_of(doors: &Shared, frame: &mut Frame, typed: &Typed, places: usize) -> RequestForm {
    let of = |field: &str| value(typed, field).to_owned();
    let (service, centre) =
        typed.get("service").and_then(|both| both.split_once('|')).unwrap_or((value(typed, "service"), ""));
    let line = |place: usize| {
        let of = |field: &str| of(&format!("{field}-{place}"));
        InvoiceLine {
            description: of("description"),
            quantity: of("quantity"),
            unit_price: of("price"),
            vat_code: of("vat"),
            income_code: of("coding"),
            gross_entered: false,
        }
    };
    RequestForm {
        service: service.to_owned(),
        cost_centre: if centre.is_empty() { of("cost_centre") } else { centre.to_owned() },
        what_for: of("what_for"),
        customer_number: of("customer"),
        customer_words: of("customer_words"),
        supply_on: date_field(frame, "supply_on", value(typed, "supply_on"), doors.desk.today()),
        po_number: of("po_number"),
        lines: used(typed, places).into_iter().map(line).collect(),
    }
}

/// The field of the page that a field of the desk is; those of a line carry the line's place.
fn at_fields(no: No, places: &[usize]) -> No {
    let No::Invalid(mut all) = no else { return no };
    for one in &mut all {
        let name = one.field.replace(' ', "_");
        let place = one.row.and_then(|row| places.get(usize::try_from(row).ok()?.checked_sub(1)?)).copied();
        one.field = match (name.as_str(), place) {
            ("unit_price", Some(place)) => format!("price-{place}"),
            ("vat_code", Some(place)) => format!("vat-{place}"),
            ("income_code", Some(place)) => format!("coding-{place}"),
            (name, Some(place)) => format!("{name}-{place}"),
            ("customer_number" | "customer_name" | "customer_address", None) => "customer".into(),
            ("supply_date" | "supply_on", None) => "supply_on".into(),
            ("po_number" | "purchase_order", None) => "po_number".into(),
            ("lines", None) => "description-1".into(),
            (name, None) => name.to_owned(),
        };
    }
    No::Invalid(all)
}

/// Which field of the page the rules of requests speak of.
const AT: &[(&str, &str)] = &[
    ("BIL-02-NOT-YOURS", "service"),
    ("BIL-02-NO-SERVICE", "service"),
    ("BIL-02-NO-CUSTOMER", "customer_number"),
    ("QRY-EVIDENCE-KIND", "file"),
    ("QRY-EVIDENCE-SIZE", "file"),
];

fn files_in(posted: &Posted) -> Vec<NewFile> {
    let sent = posted.files.iter().filter(|file| file.field == "file" && !file.bytes.is_empty());
    sent.map(|file| NewFile { name: file.name.clone(), bytes: file.bytes.clone() }).collect()
}

async fn blank(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let fields = fields(&doors, &visitor, Typed::default(), LINES).await?;
    page(&NewRequest { frame: room(&doors, &visitor).await, fields })
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let (typed, places) = typed_in(&posted);
    let more = posted.get("do") == "more";
    let offered = if more { places + LINES } else { places };
    let mut shown = NewRequest {
        frame: room(&doors, &visitor).await,
        fields: fields(&doors, &visitor, typed.clone(), offered).await?,
    };
    if more {
        return page(&shown);
    }
    let form = form_of(&doors, &mut shown.frame, &typed, places);
    if shown.frame.failed() {
        return again(&shown);
    }
    let ask = AskForInvoice { key: posted.key(), form };
    match ask_for_invoice(&doors.desk, &visitor.actor, ask, files_in(&posted)).await {
        Ok(made) => {
            let news = format!("{} is sent, {}", made.number, Pence(made.gross_pence));
            told(&format!("{HOME}/{}", made.number), &news)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, at_fields(no, &used(&typed, places)), AT)?;
            page_with(status, &shown)
        }
    }
}

// One request --------------------------------------------------------------------------

/// What a request says, as the form has it.
fn typed_of(form: &RequestForm) -> (Typed, usize) {
    let service = form.service.clone();
    let supplied = form.supply_on.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default();
    let head = [
        ("service", service),
        ("cost_centre", form.cost_centre.clone()),
        ("what_for", form.what_for.clone()),
        ("customer", form.customer_number.clone()),
        ("customer_words", form.customer_words.clone()),
        ("supply_on", supplied),
        ("po_number", form.po_number.clone()),
    ];
    let mut typed: Typed = head.map(|(field, value)| (field.to_owned(), value)).into();
    for (place, line) in (1..).zip(&form.lines) {
        let values = [&line.description, &line.quantity, &line.unit_price, &line.vat_code, &line.income_code];
        for (field, value) in OF_A_LINE.iter().zip(values) {
            typed.insert(format!("{field}-{place}"), value.clone());
        }
    }
    (typed, form.lines.len())
}

fn facts(shown: &RequestShown) -> Vec<(String, Html)> {
    let line = &shown.line;
    let mut facts: Vec<(String, Html)> = Vec::new();
    let mut say = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push((key.to_owned(), Html::from(&value)));
        }
    };
    say("What it is for", line.what_for.clone());
    say("Service", service_words(&line.service, &line.cost_centre));
    say("Customer, as described", shown.customer_words.clone());
    say("When supplied", shown.form.supply_on.map(day).unwrap_or_default());
    say("Purchase order", shown.form.po_number.clone());
    say("Asked by", format!("{}, {}", line.asked_by, day(line.asked_on)));
    say("In", shown.batch.clone());
    if line.state == "asked" {
        let late = if line.late { ": late" } else { "" };
        say("To be answered by", format!("{}{late}", day(line.answer_by)));
    }
    say("Taken on by", line.owner.clone());
    if line.state == "withdrawn" {
        say("Why", shown.reason.clone());
    }
    if !line.customer_number.is_empty() {
        let words = format!("{}, {}", shown.customer_name, line.customer_number);
        facts.push(("Customer".into(), ui::link(format!("/customers/{}", line.customer_number), words)));
    }
    if !line.invoice_number.is_empty() {
        let href = invoice_at(&line.invoice_number);
        facts.push(("Invoice".into(), ui::link(href, &line.invoice_number)));
        facts.push(("Approved by".into(), Html::from(&shown.decided_by)));
    }
    facts
}

fn day(on: chrono::NaiveDate) -> String {
    on.format("%-d %B %Y").to_string()
}

async fn one_page(doors: &Shared, visitor: &Visitor, number: &str) -> Result<OneRequest, Trouble> {
    let by = &visitor.actor;
    let found = invoice_request(&doors.desk, by, number).await?;
    let open = matches!(found.line.state.as_str(), "asked" | "sent_back");
    let waits = found.line.state == "asked";
    let corrects = by.holds(Duty::RequestInvoice) && found.line.state == "sent_back";
    let fields = if corrects {
        let (typed, lines) = typed_of(&found.form);
        let mut fields = fields(doors, visitor, typed, lines).await?;
        chosen_service(&mut fields, &found.line.service, &found.line.cost_centre);
        Some(fields)
    } else {
        None
    };
    let answers = waits && by.holds(Duty::RaiseInvoice) && !found.is_own;
    let line = |one: &InvoiceLine| {
        let quantity = if one.quantity.is_empty() { "1" } else { &one.quantity };
        [&one.description, quantity, &one.unit_price, &one.vat_code, &one.income_code].map(ToString::to_string)
    };
    let file = |one: &sundry_desk::billing::requests::RequestFileSeen| {
        let about = format!("From {}, {}", one.came_from, day(one.on));
        (format!("{HOME}/{}/kept/{}", found.line.number, one.sha256), one.name.clone(), about)
    };
    Ok(OneRequest {
        frame: room(doors, visitor).await,
        version: found.version,
        state: (found.line.state.clone(), state(&found.line.state)),
        facts: facts(&found),
        sent_back: if found.line.state == "sent_back" { found.reason.clone() } else { String::new() },
        lines: found.form.lines.iter().map(line).collect(),
        gross: Pence(found.line.gross_pence),
        files: found.files.iter().map(file).collect(),
        history: found
            .history
            .iter()
            .map(|one| (one.on_day, plain(&one.what), one.words.clone(), one.actor_name.clone()))
            .collect(),
        described: found.line.customer_number.is_empty(),
        typed: Default::default(),
        fields,
        may_withdraw: open && by.holds(Duty::RequestInvoice),
        may_take: answers && found.line.owner != by.name,
        may_answer: answers,
        number: found.line.number,
    })
}

/// Chooses the service of a request in the list of the reader's own.
fn chosen_service(fields: &mut RequestFields, service: &str, centre: &str) {
    let exact = format!("{service}|{centre}");
    if fields.services.iter().any(|(value, _)| *value == exact) {
        fields.typed.insert("service".into(), exact);
    }
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&one_page(&doors, &visitor, &number).await?)
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path((number, sha256)): Path<(String, String)>) -> Answer {
    let (row, bytes) = request_file(&doors.desk, &visitor.actor, &number, &sha256).await?;
    download(&row.name, &row.media_type, bytes)
}

async fn correct(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut shown = one_page(&doors, &visitor, &number).await?;
    let (typed, places) = typed_in(&posted);
    let more = posted.get("do") == "more";
    if shown.fields.is_some() {
        let offered = if more { places + LINES } else { places };
        shown.fields = Some(fields(&doors, &visitor, typed.clone(), offered).await?);
    }
    if more {
        return page(&shown);
    }
    let form = form_of(&doors, &mut shown.frame, &typed, places);
    if shown.frame.failed() {
        return again(&shown);
    }
    let seen_version = posted.get("seen_version").parse().unwrap_or_default();
    let ask = CorrectRequest { key: posted.key(), number: number.clone(), seen_version, form };
    match correct_request(&doors.desk, &visitor.actor, ask, files_in(&posted)).await {
        Ok(made) => told(&format!("{HOME}/{number}"), &format!("{} is sent again", made.number)),
        Err(no) => {
            let status = onto(&mut shown.frame, at_fields(no, &used(&typed, places)), AT)?;
            page_with(status, &shown)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut shown = one_page(&doors, &visitor, &number).await?;
    shown.typed.0 = posted.get("why").to_owned();
    let ask = WithdrawRequest { key: posted.key(), number: number.clone(), reason: posted.get("why").to_owned() };
    match withdraw_request(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("{HOME}/{number}"), &format!("{number} is taken back")),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[("reason", "why")])?;
            page_with(status, &shown)
        }
    }
}

async fn answer(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut shown = one_page(&doors, &visitor, &number).await?;
    shown.typed = (posted.get("reason").to_owned(), posted.get("customer_number").to_owned());
    let (desk, by, key) = (&doors.desk, &visitor.actor, posted.key());
    let seen_version = posted.get("seen_version").parse().unwrap_or_default();
    let done = match posted.get("do") {
        "take" => {
            let ask = TakeRequest { key, number: number.clone() };
            take_request(desk, by, ask).await.map(|_| format!("{number} is yours"))
        }
        "back" => {
            let reason = posted.get("reason").to_owned();
            let ask = SendRequestBack { key, number: number.clone(), seen_version, reason };
            send_request_back(desk, by, ask).await.map(|_| format!("{number} is sent back"))
        }
        _ => {
            let customer_number = posted.get("customer_number").to_owned();
            let ask = ApproveRequest { key, number: number.clone(), seen_version, customer_number };
            approve_request(desk, by, ask)
                .await
                .map(|done| format!("Invoice {} raised for {}", done.invoice.number, Pence(done.invoice.gross_pence)))
        }
    };
    match done {
        Ok(news) => told(&format!("{HOME}/{number}"), &news),
        Err(no) => {
            let described = shown.described;
            let no = in_answer(no, described);
            let status = onto(&mut shown.frame, no, AT)?;
            page_with(status, &shown)
        }
    }
}

/// What is wrong with the request itself stands at the reason: it can only be sent back.
fn in_answer(no: No, described: bool) -> No {
    let No::Invalid(mut all) = no else { return no };
    for one in &mut all {
        let customer = one.field.starts_with("customer");
        if customer && described {
            one.field = "customer_number".into();
        } else if one.field != "reason" {
            one.message = format!("Send it back: {}", one.message);
            one.field = "reason".into();
        }
    }
    No::Invalid(all)
}

// Who asks for what --------------------------------------------------------------------

async fn people_page(doors: &Shared, visitor: &Visitor, typed: Typed) -> Result<PeopleServices, Trouble> {
    let rows = person_services(&doors.desk, &visitor.actor).await?;
    let row = |one: sundry_store::control_services::PersonService| {
        (one.display_name, one.sign_in_name, one.service, one.cost_centre, one.changed_by_name)
    };
    let frame = doors.frame(visitor, "Administration").await;
    Ok(PeopleServices { frame, rows: rows.into_iter().map(row).collect(), typed })
}

async fn people(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&people_page(&doors, &visitor, Typed::default()).await?)
}

async fn set_people(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed: Typed =
        ["sign_in_name", "services"].map(|field| (field.to_owned(), posted.get(field).to_owned())).into();
    let mut shown = people_page(&doors, &visitor, typed).await?;
    let lines = posted.get("services").lines().map(str::trim).filter(|line| !line.is_empty());
    let services = lines.map(|line| {
        let (service, centre) = line.split_once(',').unwrap_or((line, ""));
        OwnService { service: service.trim().to_owned(), cost_centre: centre.trim().to_owned() }
    });
    let sign_in_name = posted.get("sign_in_name").to_owned();
    let ask = SetPersonServices { key: posted.key(), sign_in_name, services: services.collect() };
    match set_person_services(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => {
            let count = ui::count_of(set.services, "service", "services");
            told("/admin/services", &format!("{} asks for {count}", set.sign_in_name))
        }
        Err(No::Absent(_)) => {
            shown.frame.errors.add("sign_in_name", "Enter the sign-in name of a user");
            again(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}
