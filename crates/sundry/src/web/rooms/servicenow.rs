//! ServiceNow: its set-up and check, its cases, sorting one, a look now, and opening a case about a query.
use super::form::{Asked, address, asked, onto, plain};
use super::query::{happening, shown as query_shown};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::service_desk::{ServiceDeskCases, ServiceDeskOne, ServiceDeskRow};
use crate::web::pages::servicenow::{ServiceNowForm, ServiceNowSetUp};
use crate::web::ui::{self, Html};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_desk::queries::{
    AskServiceNow, CheckServiceNow, ServiceNowAsk, ServiceNowShown, SetServiceNow, SortServiceNow, ask_servicenow,
    check_servicenow, query_categories, servicenow_case, servicenow_cases, servicenow_settings, servicenow_stands,
    set_servicenow, sort_servicenow,
};
use sundry_domain::control::Duty;
use sundry_domain::queries::servicenow::{CASE_STATES, CaseState, RequestType, TYPES};
use sundry_store::queries::servicenow::{ServiceNowCaseLine, ServiceNowFileRow};

const SET: &[Duty] = &[Duty::ManageSettings];
const WORKS: &[Duty] = &[Duty::WorkCases, Duty::AnswerQueries];

/// The routes of ServiceNow.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/admin/servicenow", SET, get(settings).post(change))
        .add("/admin/servicenow/check", SET, post(check))
        .add("/service-desk-cases", &[Duty::View], get(list).post(look))
        .add("/service-desk-cases/{number}", &[Duty::View], get(view).post(sort))
        .add("/queries/{number}/servicenow", WORKS, post(ask))
}

fn works(visitor: &Visitor) -> bool {
    WORKS.iter().any(|duty| visitor.actor.holds(*duty))
}

async fn set_up(doors: &Shared, visitor: &Visitor) -> Result<ServiceNowSetUp, Trouble> {
    let kept = servicenow_settings(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "rooms/queries".into();
    let Some(kept) = kept else {
        let form = ServiceNowForm {
            way_in: "client_credentials".into(),
            case_table: "sn_customerservice_case".into(),
            states: CASE_STATES.into(),
            types: TYPES.into(),
            fields: ["category", "", "", "", ""].map(str::to_owned),
            every_minutes: "5".into(),
            in_use: "yes".into(),
            ..ServiceNowForm::default()
        };
        let (result, stopped, findings) = (String::new(), String::new(), Vec::new());
        return Ok(ServiceNowSetUp { frame, form, kept: (false, false), is_set: false, result, stopped, findings });
    };
    Ok(ServiceNowSetUp {
        frame,
        kept: (kept.has_secret, kept.has_password),
        is_set: true,
        result: kept.result,
        stopped: kept.stopped,
        findings: Vec::new(),
        form: ServiceNowForm {
            base_url: kept.base_url,
            way_in: kept.way_in,
            client_id: kept.client_id,
            user_name: kept.user_name,
            case_table: kept.case_table,
            states: kept.states,
            types: kept.types,
            fields: [
                kept.category_field,
                kept.invoice_field,
                kept.account_field,
                kept.amount_field,
                kept.close_code_field,
            ],
            close_code: kept.close_code,
            our_group: kept.our_group,
            request_user: kept.request_user,
            request_service: kept.request_service,
            query_owner: kept.query_owner,
            every_minutes: kept.every_minutes.to_string(),
            in_use: if kept.in_use { "yes" } else { "no" }.into(),
        },
    })
}

async fn settings(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&set_up(&doors, &visitor).await?)
}

fn typed(posted: &Posted) -> ServiceNowForm {
    let text = |name: &str| posted.get(name).to_owned();
    ServiceNowForm {
        base_url: text("base_url"),
        way_in: text("way_in"),
        client_id: text("client_id"),
        user_name: text("user_name"),
        case_table: text("case_table"),
        states: text("states"),
        types: text("types"),
        fields: ["category_field", "invoice_field", "account_field", "amount_field", "close_code_field"].map(text),
        close_code: text("close_code"),
        our_group: text("our_group"),
        request_user: text("request_user"),
        request_service: text("request_service"),
        query_owner: text("query_owner"),
        every_minutes: text("every_minutes"),
        in_use: text("in_use"),
    }
}

async fn change(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let form = typed(&posted);
    let [category_field, invoice_field, account_field, amount_field, close_code_field] = form.fields.clone();
    let minutes = form.every_minutes.trim();
    let ask = SetServiceNow {
        key: posted.key(),
        base_url: form.base_url.clone(),
        way_in: form.way_in.clone(),
        client_id: form.client_id.clone(),
        client_secret: posted.get("client_secret").to_owned(),
        user_name: form.user_name.clone(),
        password: posted.get("password").to_owned(),
        case_table: form.case_table.clone(),
        states: form.states.clone(),
        types: form.types.clone(),
        category_field,
        invoice_field,
        account_field,
        amount_field,
        our_group: form.our_group.clone(),
        close_code_field,
        close_code: form.close_code.clone(),
        request_user: form.request_user.clone(),
        request_service: form.request_service.clone(),
        query_owner: form.query_owner.clone(),
        every_minutes: if minutes.is_empty() { 0 } else { minutes.parse().unwrap_or(-1) },
        in_use: form.in_use == "yes",
    };
    match set_servicenow(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told("/admin/servicenow", "ServiceNow is set up"),
        Err(no) => {
            let mut again = set_up(&doors, &visitor).await?;
            again.form = form;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn check(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    match check_servicenow(&doors.desk, &visitor.actor, CheckServiceNow { key: posted.key() }).await {
        Ok(checked) if checked.right => told("/admin/servicenow", "ServiceNow lets us in and has the fields"),
        Ok(checked) => {
            let mut again = set_up(&doors, &visitor).await?;
            again.findings = checked.findings;
            page(&again)
        }
        Err(no) => {
            let mut again = set_up(&doors, &visitor).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

fn asks(request_type: &str, ours: bool) -> String {
    match RequestType::parse(request_type) {
        _ if ours => "We ask".to_owned(),
        Some(one) => one.name().to_owned(),
        None => String::new(),
    }
}

fn line(row: ServiceNowCaseLine) -> ServiceDeskRow {
    let reasons: Vec<String> = serde_json::from_value(row.reasons).unwrap_or_default();
    let waits = ["waiting", "sent_back"].contains(&row.state.as_str());
    ServiceDeskRow {
        number: (row.number, row.their_number),
        subject: row.subject,
        asks: asks(&row.request_type, row.ours),
        state: (CaseState::parse(&row.state).unwrap_or(CaseState::Waiting), row.removed_there),
        why: if waits { reasons.join(". ") } else { row.error },
        query: row.query_number,
        owner: row.owner,
        came: row.came_on,
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (desk, actor) = (&doors.desk, &visitor.actor);
    let (state, after) = (asked(&query, "state"), asked(&query, "after"));
    let ask = ServiceNowAsk { state: state.to_owned(), after: after.to_owned(), limit: Some(100) };
    let found = servicenow_cases(desk, actor, ask).await?;
    let stands = servicenow_stands(desk, actor).await?;
    let mut frame = doors.frame(&visitor, "Queries").await;
    frame.help = "rooms/queries".into();
    let next = found.next.map(|place| address("/service-desk-cases", &[("state", state), ("after", &place)]));
    page(&ServiceDeskCases {
        frame,
        state: CaseState::parse(state),
        counts: found.counts.iter().filter_map(|(state, count)| Some((CaseState::parse(state)?, *count))).collect(),
        rows: found.rows.into_iter().map(line).collect(),
        next: next.unwrap_or_default(),
        in_use: stands.in_use,
        result: (stands.result, stands.failed),
        stopped: stands.stopped,
        may_look: works(&visitor) && stands.in_use,
    })
}

async fn look(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = AddJob {
        key: posted.key(),
        kind: "sync_servicenow".into(),
        dedupe_key: format!("sync_servicenow/{}", posted.key()),
        request: serde_json::json!({}),
    };
    let job = add_job(&doors.desk, &visitor.actor, ask).await?.job;
    see_other(&format!("/jobs/{job}"))
}

fn file(row: &ServiceNowFileRow) -> (String, String) {
    let about = if row.left_there.is_empty() { "Kept".to_owned() } else { format!("Left there: {}", row.left_there) };
    (row.name.clone(), about)
}

fn facts(shown: &ServiceNowShown) -> Vec<(String, Html)> {
    let case = &shown.case;
    let mut facts: Vec<(String, Html)> = Vec::new();
    let mut add = |what: &str, value: Html| facts.push((what.to_owned(), value));
    if !case.their_number.is_empty() {
        let there = if shown.address.is_empty() || case.removed_there {
            Html::from(&case.their_number)
        } else {
            ui::link(&shown.address, &case.their_number)
        };
        add("There", there);
    }
    if case.removed_there {
        add("Removed there", Html::from("It is not there any more, or not open to us"));
    }
    add("Subject", Html::from(&case.subject));
    let asks = asks(&case.request_type, case.ours);
    if !asks.is_empty() {
        add("Asks for", Html::from(asks));
    }
    if !case.their_state.is_empty() {
        add("State there", Html::from(&case.their_state));
    }
    if !case.error.is_empty() {
        add("What they say", Html::from(&case.error));
    }
    if let Some(query) = &shown.query {
        add("Query", ui::link(format!("/queries/{query}"), query));
    }
    for one in &shown.requests {
        let words = format!("{}, {}", one.number, plain(&one.state).to_lowercase());
        add("Request", ui::link(format!("/billing/requests/{}", one.number), words));
    }
    if let Some(day) = case.answer_by {
        add("To be answered by", ui::long_date(day));
    }
    if !case.owner.is_empty() {
        add("Owner", Html::from(&case.owner));
    }
    if !case.decided_by_name.is_empty() {
        add("Sorted by", Html::from(&case.decided_by_name));
    }
    add("Came", ui::long_date(case.came_on));
    facts
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<ServiceDeskOne> {
    let shown = servicenow_case(&doors.desk, &visitor.actor, number).await?;
    let categories = query_categories(&doors.desk, &visitor.actor).await?;
    let state = CaseState::parse(&shown.case.state).unwrap_or(CaseState::Waiting);
    let mut frame = doors.frame(visitor, "Queries").await;
    frame.help = "rooms/queries".into();
    Ok(ServiceDeskOne {
        frame,
        state,
        facts: facts(&shown),
        comments: shown
            .comments
            .iter()
            .map(|one| (one.written_at.format("%-d %B %Y, %H:%M UTC").to_string(), one.words.clone()))
            .collect(),
        files: shown.files.iter().map(file).collect(),
        story: shown.history.iter().rev().map(happening).collect(),
        may_sort: works(visitor) && matches!(state, CaseState::Waiting | CaseState::SentBack),
        categories: categories.into_iter().filter(|one| one.active).map(|one| (one.code, one.name)).collect(),
        reasons: if matches!(state, CaseState::Waiting | CaseState::SentBack) { shown.reasons } else { Vec::new() },
        number: shown.case.number,
        words: shown.case.words,
        typed: ["", "", "", "", &visitor.actor.name, "", ""].map(str::to_owned),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn sort(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    let fields = ["query", "customer", "item", "category", "owner", "reason", "hand_to"];
    let hands_over = posted.get("how") == "hand_over";
    let before = form.typed.clone();
    form.typed = fields.map(|field| posted.get(field).to_owned());
    if posted.get("how") != "open" {
        // The other forms were not sent; what they offered stays.
        form.typed[1..5].clone_from_slice(&before[1..5]);
    }
    let ask = SortServiceNow {
        key: posted.key(),
        number: form.number.clone(),
        how: posted.get("how").to_owned(),
        query: posted.get("query").to_owned(),
        customer: posted.get("customer").to_owned(),
        item: posted.get("item").to_owned(),
        category: posted.get("category").to_owned(),
        owner: posted.get(if hands_over { "hand_to" } else { "owner" }).to_owned(),
        reason: posted.get("reason").to_owned(),
    };
    match sort_servicenow(&doors.desk, &visitor.actor, ask).await {
        Ok(sorted) => match sorted.query {
            Some(query) => told(&format!("/queries/{query}"), &format!("{} is part of {query}", sorted.number)),
            None if hands_over => told("/service-desk-cases", &format!("{} is handed over", sorted.number)),
            None => told("/service-desk-cases", &format!("{} is set aside", sorted.number)),
        },
        Err(no) => {
            let names: &[(&str, &str)] = if hands_over { &[("owner", "hand_to")] } else { &[] };
            let status = onto(&mut form.frame, no, names)?;
            page_with(status, &form)
        }
    }
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = query_shown(&doors, &visitor, &number).await?;
    form.desk_asking = ["desk_question", "desk_days"].map(|field| posted.get(field).to_owned());
    let days = posted.get("desk_days").trim();
    let number = form.row.number.clone();
    let ask = AskServiceNow {
        key: posted.key(),
        number: number.clone(),
        question: posted.get("desk_question").to_owned(),
        days: if days.is_empty() { None } else { Some(days.parse().unwrap_or(-1)) },
    };
    match ask_servicenow(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let day = asked.answer_by.format("%-d %B %Y");
            let news = format!("{} goes to ServiceNow, to be answered by {day}", asked.number);
            told(&format!("/queries/{number}"), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("question", "desk_question"), ("days", "desk_days")])?;
            page_with(status, &form)
        }
    }
}
