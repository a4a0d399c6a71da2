//! ServiceNow: its set-up, its check, looks, its cases, and cases that we open there.
use super::answer::{Answer, List, begun, made, ok};
use super::queries::QueryEvent;
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sundry_desk::No;
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_desk::queries::{
    self as desk_queries, AskServiceNow, CheckServiceNow, ServiceNowAsk, ServiceNowAsked, ServiceNowChecked,
    ServiceNowSettings, ServiceNowSorted, ServiceNowStands, SetServiceNow, SortServiceNow,
};
use sundry_domain::control::Duty;
use sundry_store::queries::servicenow::ServiceNowCaseLine;
use utoipa::ToSchema;

const ROOM: &str = "Queries";
const WORKS: &[Duty] = &[Duty::WorkCases, Duty::AnswerQueries];
const STATES: &[&str] = &[
    "waiting",
    "query",
    "requests",
    "sent_back",
    "set_aside",
    "to_send",
    "unsure",
    "asked",
    "answered",
    "ended",
    "not_taken",
];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/servicenow/settings", "get_servicenow_settings", "How ServiceNow is set up")
                .needs(&[Duty::View, Duty::ManageSettings])
                .gives(200, desk::<ServiceNowSettings>),
            settings,
        )
        .add(
            post(
                ROOM,
                "/servicenow/settings",
                "set_servicenow",
                "Set ServiceNow up; its secrets are never shown again",
            )
            .needs(&[Duty::ManageSettings])
            .takes::<NewServiceNowSettings>()
            .gives(200, desk::<ServiceNowSettings>),
            set,
        )
        .add(
            post(
                ROOM,
                "/servicenow/check",
                "check_servicenow",
                "Ask ServiceNow whether it lets us in and has the fields",
            )
            .needs(&[Duty::ManageSettings])
            .gives(200, desk::<ServiceNowChecked>),
            check,
        )
        .add(
            post(ROOM, "/servicenow/looks", "sync_servicenow", "Look at ServiceNow now: a job does it")
                .needs(WORKS)
                .gives(202, desk::<JobAdded>),
            look,
        )
        .add(
            get(ROOM, "/servicenow", "get_servicenow", "How things stand with ServiceNow")
                .gives(200, desk::<ServiceNowStands>),
            stands,
        );
    table
        .add(
            get(ROOM, "/service-desk-cases", "list_service_desk_cases", "Cases at ServiceNow, newest first")
                .asks("state", Holds::OneOf(STATES), "Only in this state; all when not said")
                .paged(own_list::<ServiceDeskLine>),
            list,
        )
        .add(
            get(ROOM, "/service-desk-cases/{number}", "get_service_desk_case", "Read a case, where it stands and why")
                .gives(200, own::<ServiceDeskCase>),
            view,
        )
        .add(
            post(
                ROOM,
                "/service-desk-cases/{number}/sort",
                "sort_service_desk_case",
                "Join a case to a query, open one with it, or set it aside",
            )
            .needs(WORKS)
            .takes::<ServiceDeskSort>()
            .gives(200, desk::<ServiceNowSorted>),
            sort,
        )
        .add(
            post(ROOM, "/queries/{number}/servicenow", "ask_servicenow", "Open a case at ServiceNow about a query")
                .needs(WORKS)
                .takes::<NewServiceDeskQuestion>()
                .gives(201, desk::<ServiceNowAsked>),
            ask,
        )
}

/// How ServiceNow is to be set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceNowSettings {
    /// Where the instance is.
    pub base_url: String,
    /// client_credentials, password or basic; client_credentials when not said.
    #[serde(default)]
    pub way_in: String,
    /// Whom its door of tokens knows us as.
    #[serde(default)]
    pub client_id: String,
    /// Our secret there; the one there is when not said.
    #[serde(default)]
    pub client_secret: String,
    /// The technical user: changes by this name are our own.
    pub user_name: String,
    /// Their password, where the way in needs one; the one there is when not said.
    #[serde(default)]
    pub password: String,
    /// The table of cases; sn_customerservice_case when not said.
    #[serde(default)]
    pub case_table: String,
    /// Which state there means what, `code meaning` a line; those of the table when not said.
    #[serde(default)]
    pub states: String,
    /// Which category there asks for what, `category type query-category` a line; the usual ones when not said.
    #[serde(default)]
    pub types: String,
    /// The field that says what is asked for; category when not said.
    #[serde(default)]
    pub category_field: String,
    /// The field with an invoice's number; it is looked for in the words when not said.
    #[serde(default)]
    pub invoice_field: String,
    /// The field with an account's number; it is looked for in the words when not said.
    #[serde(default)]
    pub account_field: String,
    /// The field with the disputed amount; all that is open when not said.
    #[serde(default)]
    pub amount_field: String,
    /// The id of the group there whose cases are work for us; every case when not said.
    #[serde(default)]
    pub our_group: String,
    /// The field that a case needs to be resolved.
    #[serde(default)]
    pub close_code_field: String,
    /// What stands in it.
    #[serde(default)]
    pub close_code: String,
    /// Sign-in name of who asks for invoices here in its name.
    #[serde(default)]
    pub request_user: String,
    /// Service of the rows of a sheet that name none.
    #[serde(default)]
    pub request_service: String,
    /// Who looks after the queries that come of its cases.
    #[serde(default)]
    pub query_owner: String,
    /// How often it is looked at, in minutes; 5 when not said.
    #[serde(default)]
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
}

/// What becomes of a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceDeskSort {
    /// join, open, set_aside or hand_over.
    pub how: String,
    /// For join: the query's number.
    #[serde(default)]
    pub query: String,
    /// For open: the customer's number; not needed with an invoice.
    #[serde(default)]
    pub customer: String,
    /// For open: the invoice, where it is about one.
    #[serde(default)]
    pub item: String,
    /// For open: what it is about, from the list of categories.
    #[serde(default)]
    pub category: String,
    /// For open and hand_over: who looks after it.
    #[serde(default)]
    pub owner: String,
    /// For set_aside: why; it is told there.
    #[serde(default)]
    pub reason: String,
}

/// A question that only a service can answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceDeskQuestion {
    /// The one question. It names the reference and nobody.
    pub question: String,
    /// Working days to answer; 5 when not said.
    #[serde(default)]
    pub days: Option<i64>,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceDeskLine {
    /// Our number of it.
    pub number: String,
    /// Their number.
    pub their_number: String,
    /// Whether we opened it.
    pub ours: bool,
    /// What it asks for.
    pub request_type: String,
    /// One line.
    pub subject: String,
    /// Where it stands here.
    pub state: String,
    /// Whether it is not there any more.
    pub removed_there: bool,
    /// Why, in sentences.
    pub reasons: String,
    /// What they said no with.
    pub error: String,
    /// The query it is part of.
    pub query: String,
    /// Who is to look at it.
    pub owner: String,
    /// When it came, or was opened.
    pub came_on: NaiveDate,
}

impl From<ServiceNowCaseLine> for ServiceDeskLine {
    fn from(row: ServiceNowCaseLine) -> ServiceDeskLine {
        let reasons: Vec<String> = serde_json::from_value(row.reasons).unwrap_or_default();
        ServiceDeskLine {
            number: row.number,
            their_number: row.their_number,
            ours: row.ours,
            request_type: row.request_type,
            subject: row.subject,
            state: row.state,
            removed_there: row.removed_there,
            reasons: reasons.join("; "),
            error: row.error,
            query: row.query_number,
            owner: row.owner,
            came_on: row.came_on,
        }
    }
}

/// A comment that was written there.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceDeskComment {
    /// What it says.
    pub words: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// A file that hangs on a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceDeskFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// Hash of the kept file; empty where it was left there.
    pub sha256: String,
    /// Why it was left there.
    pub left_there: String,
}

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceDeskCase {
    /// Our number of it.
    pub number: String,
    /// Their number; empty until it is there.
    pub their_number: String,
    /// What both sides know it by.
    pub correlation_id: String,
    /// Whether we opened it.
    pub ours: bool,
    /// What it asks for.
    pub request_type: String,
    /// One line.
    pub subject: String,
    /// The words.
    pub words: String,
    /// Where it stands here.
    pub state: String,
    /// State there, as they code it.
    pub their_state: String,
    /// Whether it is not there any more.
    pub removed_there: bool,
    /// Why it stands where it does.
    pub reasons: Vec<String>,
    /// What they said no with.
    pub error: String,
    /// The query it is part of.
    pub query: Option<String>,
    /// The requests for invoices that it became.
    pub requests: Vec<String>,
    /// By when they are asked to answer.
    pub answer_by: Option<NaiveDate>,
    /// Who is to look at it.
    pub owner: String,
    /// Where it is looked at there; empty while it is not there.
    pub address: String,
    /// What they wrote since.
    pub comments: Vec<ServiceDeskComment>,
    /// Its files.
    pub files: Vec<ServiceDeskFile>,
    /// What happened to it, oldest first.
    pub history: Vec<QueryEvent>,
}

async fn settings(State(doors): State<Shared>, By(by): By) -> Answer {
    let shown = desk_queries::servicenow_settings(&doors.desk, &by).await?;
    ok(&shown.ok_or_else(|| No::Absent("set-up of ServiceNow".into()))?)
}

async fn set(State(doors): State<Shared>, By(by): By, Key(key): Key, Sent(new): Sent<NewServiceNowSettings>) -> Answer {
    let ask = SetServiceNow {
        key,
        base_url: new.base_url,
        way_in: new.way_in,
        client_id: new.client_id,
        client_secret: new.client_secret,
        user_name: new.user_name,
        password: new.password,
        case_table: new.case_table,
        states: new.states,
        types: new.types,
        category_field: new.category_field,
        invoice_field: new.invoice_field,
        account_field: new.account_field,
        amount_field: new.amount_field,
        our_group: new.our_group,
        close_code_field: new.close_code_field,
        close_code: new.close_code,
        request_user: new.request_user,
        request_service: new.request_service,
        query_owner: new.query_owner,
        every_minutes: new.every_minutes,
        in_use: new.in_use,
    };
    ok(&desk_queries::set_servicenow(&doors.desk, &by, ask).await?)
}

async fn check(State(doors): State<Shared>, By(by): By, Key(key): Key) -> Answer {
    ok(&desk_queries::check_servicenow(&doors.desk, &by, CheckServiceNow { key }).await?)
}

async fn look(State(doors): State<Shared>, By(by): By, Key(key): Key) -> Answer {
    let dedupe_key = format!("sync_servicenow/{key}");
    let ask = AddJob { key, kind: "sync_servicenow".into(), dedupe_key, request: json!({}) };
    let job = add_job(&doors.desk, &by, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn stands(State(doors): State<Shared>, By(by): By) -> Answer {
    ok(&desk_queries::servicenow_stands(&doors.desk, &by).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = ServiceNowAsk { state: asked.text("state"), after: asked.text("after"), limit: Some(asked.limit()) };
    let page = desk_queries::servicenow_cases(&doors.desk, &by.0, ask).await?;
    let rows = page.rows.into_iter().map(ServiceDeskLine::from).collect();
    List { title: "Service desk cases", rows, next: page.next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn view(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    let shown = desk_queries::servicenow_case(&doors.desk, &by, &number).await?;
    let event = |row: sundry_store::control::AuditRow| QueryEvent {
        on: row.business_on,
        event: row.event,
        who: row.actor_name,
    };
    let file = |row: sundry_store::queries::servicenow::ServiceNowFileRow| ServiceDeskFile {
        name: row.name,
        media_type: row.media_type,
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        left_there: row.left_there,
    };
    let comment = |row: sundry_store::queries::servicenow::ServiceNowCommentRow| ServiceDeskComment {
        words: row.words,
        written_at: row.written_at,
    };
    let case = shown.case;
    ok(&ServiceDeskCase {
        number: case.number,
        their_number: case.their_number,
        correlation_id: if case.ours { case.correlation_id } else { String::new() },
        ours: case.ours,
        request_type: case.request_type,
        subject: case.subject,
        words: case.words,
        state: case.state,
        their_state: case.their_state,
        removed_there: case.removed_there,
        reasons: shown.reasons,
        error: case.error,
        query: shown.query,
        requests: shown.requests.into_iter().map(|one| one.number).collect(),
        answer_by: case.answer_by,
        owner: case.owner,
        address: shown.address,
        comments: shown.comments.into_iter().map(comment).collect(),
        files: shown.files.into_iter().map(file).collect(),
        history: shown.history.into_iter().map(event).collect(),
    })
}

async fn sort(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(said): Sent<ServiceDeskSort>,
) -> Answer {
    let ask = SortServiceNow {
        key,
        number,
        how: said.how,
        query: said.query,
        customer: said.customer,
        item: said.item,
        category: said.category,
        owner: said.owner,
        reason: said.reason,
    };
    ok(&desk_queries::sort_servicenow(&doors.desk, &by, ask).await?)
}

async fn ask(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(said): Sent<NewServiceDeskQuestion>,
) -> Answer {
    let ask = AskServiceNow { key, number, question: said.question, days: said.days };
    let asked = desk_queries::ask_servicenow(&doors.desk, &by, ask).await?;
    made(&format!("service-desk-cases/{}", asked.number), &asked)
}
