//! Queries: raised, worked, answered, resolved.
use super::answer::{Answer, List, file, made, ok};
use super::billing::NewCreditLine;
use super::sent::{Asked, At, AtTwo, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::billing::CreditLine;
use sundry_desk::queries::{
    self as desk_queries, ActOnQuery, AddEvidence, AnswerQuery, CategorySet, EvidenceAdded, NewFile, QueriesAsk,
    QueryRaised, QueryStands, RaiseQuery, ResolveQuery, SetCategory,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::queries::Category;
use sundry_store::queries::QueryLine;
use sundry_store::queries::escalations::EscalationRow;
use sundry_store::queries::evidence::EvidenceRow;
use sundry_store::queries::questions::QuestionRow;
use utoipa::ToSchema;

const ROOM: &str = "Queries";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let (either, answers): (&[Duty], &[Duty]) = (&[Duty::WorkCases, Duty::AnswerQueries], &[Duty::AnswerQueries]);
    table
        .add(
            get(ROOM, "/queries", "list_queries", "List queries, the one to be answered first at the top")
                .asks("state", Holds::Text, "Only in this state: open, asked, answered, resolved")
                .asks("customer", Holds::Text, "Only of the customer with this number")
                .paged(desk_list::<QueryLine>),
            list,
        )
        .add(
            post(ROOM, "/queries", "raise_query", "Raise a query, which holds the disputed part")
                .needs(either)
                .takes::<NewQuery>()
                .gives(201, desk::<QueryRaised>),
            raise,
        )
        .add(
            get(ROOM, "/queries/{number}", "get_query", "Read a query with its history").gives(200, own::<QueryAnswer>),
            view,
        )
        .add(
            post(ROOM, "/queries/{number}/acts", "act_on_query", "Ask the service, ask again, or hand the query over")
                .needs(either)
                .takes::<QueryAct>()
                .gives(200, desk::<QueryStands>),
            act,
        )
        .add(
            post(ROOM, "/queries/{number}/answer", "answer_query", "Answer a query")
                .needs(answers)
                .takes::<QueryAnswered>()
                .gives(200, desk::<QueryStands>),
            answer,
        )
        .add(
            post(
                ROOM,
                "/queries/{number}/resolution",
                "resolve_query",
                "Resolve a query, with a credit note where it was right",
            )
            .needs(answers)
            .takes::<QueryResolved>()
            .gives(200, desk::<QueryStands>),
            resolve,
        )
        .add(
            post(ROOM, "/queries/{number}/evidence", "add_query_file", "Keep a file with a query as evidence")
                .needs(either)
                .takes_file()
                .asks("words", Holds::Text, "What it shows")
                .gives(200, desk::<EvidenceAdded>),
            add_file,
        )
        .add(
            get(ROOM, "/queries/{number}/evidence/{sha256}", "get_query_file", "A file kept with a query")
                .gives_file(&["application/octet-stream"]),
            one_file,
        )
        .add(
            get(ROOM, "/query-categories", "list_query_categories", "What queries may be about today")
                .needs(&[Duty::View, Duty::ManageSettings])
                .listed(desk_list::<Category>),
            categories,
        )
        .add(
            post(ROOM, "/query-categories", "set_query_category", "Set a category of queries from a day on")
                .needs(&[Duty::ManageSettings])
                .takes::<NewQueryCategory>()
                .gives(200, desk::<CategorySet>),
            set_category,
        )
}

/// A query to be raised.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuery {
    /// Customer number; not needed with an item.
    #[serde(default)]
    pub customer: String,
    /// Number of the item.
    #[serde(default)]
    pub item: String,
    /// What is disputed, from the list of categories.
    pub category: String,
    /// How much is disputed; all that is open when not said.
    #[serde(default)]
    pub disputed_pence: Option<i64>,
    /// What they say.
    pub words: String,
    /// Who is to answer.
    #[serde(default)]
    pub owner: String,
    /// The line of the invoice, where it is about one.
    #[serde(default)]
    pub line: Option<i64>,
    /// How it came: call, email, letter, person, page, api or servicenow; api when not said.
    #[serde(default)]
    pub source: String,
    /// Whose service it is about; the invoice's when not said.
    #[serde(default)]
    pub service: String,
}

/// A category of queries, from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQueryCategory {
    /// Stable code, such as `hospital_stay`.
    pub code: String,
    /// For people.
    pub name: String,
    /// Whether its part of the debt is held.
    pub dispute: bool,
    /// Working days to answer.
    pub target_days: i64,
    /// Days after which a hold ends by itself; 0 for never.
    #[serde(default)]
    pub hold_days: i64,
    /// From which day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Whether it can be chosen.
    pub active: bool,
}

/// An act on a query.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryAct {
    /// What to do.
    pub act: String,
    /// Whom to hand it to.
    #[serde(default)]
    pub owner: String,
    /// For extend_hold: the new last day of its hold.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// An answer to a query.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryAnswered {
    /// The answer.
    pub answer: String,
}

/// The end of a query.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryResolved {
    /// How it ends.
    pub resolution: String,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// Lines to be credited.
    #[serde(default)]
    pub credit: Vec<NewCreditLine>,
    /// Why they are credited, from the list of reasons.
    #[serde(default)]
    pub credit_reason: String,
    /// What had gone wrong, from the list of causes; the likely one when not said.
    #[serde(default)]
    pub cause: String,
    /// For rebilled: the invoice that took its place.
    #[serde(default)]
    pub rebilled_as: String,
    /// Whether the customer gets a letter; they do when not said.
    #[serde(default)]
    pub letter: Option<bool>,
}

/// Something that was done to a query.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueryEvent {
    /// The day.
    pub on: NaiveDate,
    /// What happened.
    pub event: String,
    /// Who did it.
    pub who: String,
}

/// A question to a service.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionToService {
    /// Its id.
    pub question: i64,
    /// The service.
    pub service: String,
    /// What is asked.
    pub words: String,
    /// open, answered, withdrawn or expired.
    pub state: String,
    /// When it was asked.
    pub asked_on: NaiveDate,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
    /// How often they were reminded.
    pub reminders: i64,
    /// The answer.
    pub answer: String,
    /// Who answered, as they said.
    pub answered_by: String,
    /// When.
    pub answered_on: Option<NaiveDate>,
}

/// An escalation of a query.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueryEscalated {
    /// The rule.
    pub rule: String,
    /// The role it went to.
    pub to_role: String,
    /// The address it was written to.
    pub to_email: String,
    /// When.
    pub on: NaiveDate,
    /// The page of what was known then.
    pub summary: String,
}

/// A file kept with a query.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueryFile {
    /// Its hash, by which it is asked for.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// What it shows.
    pub words: String,
    /// Who gave it.
    pub came_from: String,
    /// The day.
    pub on: NaiveDate,
}

/// A query.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueryAnswer {
    /// Number.
    pub number: String,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// Number of the item, where it is about one.
    pub item_number: Option<String>,
    /// What is open of the item.
    pub item_open_pence: i64,
    /// What is disputed.
    pub category: String,
    /// What they say.
    pub words: String,
    /// How much is disputed.
    pub disputed_pence: i64,
    /// When it was raised.
    pub opened_on: NaiveDate,
    /// By when it is to be answered.
    pub answer_by: NaiveDate,
    /// Whether that has passed.
    pub late: bool,
    /// Who is to answer.
    pub owner: String,
    /// How it stands.
    pub state: String,
    /// The answer.
    pub answer: String,
    /// How it ended.
    pub resolution: String,
    /// When it ended.
    pub resolved_on: Option<NaiveDate>,
    /// The line of the invoice it is about.
    pub line: Option<i64>,
    /// How it came.
    pub source: String,
    /// Whose service it is about.
    pub service: String,
    /// Whether anything is held for it.
    pub held: bool,
    /// Until when, where that ends by itself.
    pub held_until: Option<NaiveDate>,
    /// What had gone wrong, once it is over.
    pub cause: String,
    /// The approval of its credit note.
    pub approval: String,
    /// The invoice that took the place of the one in query.
    pub rebilled_as: String,
    /// The letter that told the customer.
    pub letter: String,
    /// Files kept with it.
    pub files: Vec<QueryFile>,
    /// Questions to services.
    pub questions: Vec<QuestionToService>,
    /// To whom it was escalated, with the page of what was known then.
    pub escalations: Vec<QueryEscalated>,
    /// What was done to it.
    pub history: Vec<QueryEvent>,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let (state, customer) = (asked.text("state"), asked.text("customer"));
    let ask = QueriesAsk { state, customer, after: asked.text("after"), limit: Some(asked.limit()) };
    let page = desk_queries::queries_list(&doors.desk, &by.0, ask).await?;
    List { title: "Queries", rows: page.rows, next: page.next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn raise(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewQuery>) -> Answer {
    let ask = RaiseQuery {
        key,
        customer: new.customer,
        item: new.item,
        category: new.category,
        disputed: new.disputed_pence.map(Pence),
        words: new.words,
        owner: new.owner,
        line: new.line,
        source: if new.source.is_empty() { "api".into() } else { new.source },
        service: new.service,
    };
    let raised = desk_queries::raise_query(&doors.desk, &by.0, ask).await?;
    made(&format!("queries/{}", raised.number), &raised)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let shown = desk_queries::query(&doors.desk, &by.0, &number).await?;
    let event = |row: sundry_store::control::AuditRow| QueryEvent {
        on: row.business_on,
        event: row.event,
        who: row.actor_name,
    };
    let kept = |row: EvidenceRow| QueryFile {
        sha256: row.sha256,
        name: row.name,
        media_type: row.media_type,
        size_bytes: row.size_bytes,
        words: row.words,
        came_from: row.came_from,
        on: row.recorded_on,
    };
    let question = |row: QuestionRow| QuestionToService {
        question: row.id,
        service: row.service,
        words: row.question,
        state: row.state,
        asked_on: row.asked_on,
        answer_by: row.answer_by,
        reminders: row.reminders,
        answer: row.answer,
        answered_by: row.answered_by,
        answered_on: row.answered_on,
    };
    let escalated = |row: EscalationRow| QueryEscalated {
        rule: row.rule_name,
        to_role: row.to_role,
        to_email: row.to_email,
        on: row.escalated_on,
        summary: row.summary,
    };
    let query = shown.query;
    ok(&QueryAnswer {
        line: query.line,
        source: query.source,
        service: query.service,
        held: shown.held,
        held_until: shown.held_until,
        cause: query.cause,
        approval: query.approval,
        rebilled_as: query.rebilled_as,
        letter: query.letter,
        files: shown.evidence.into_iter().map(kept).collect(),
        questions: shown.questions.into_iter().map(question).collect(),
        escalations: shown.escalations.into_iter().map(escalated).collect(),
        number: query.number,
        customer_number: shown.customer_number,
        customer_name: shown.customer_name,
        item_number: shown.item_number,
        item_open_pence: shown.item_open_pence,
        category: query.category,
        words: query.words,
        disputed_pence: query.disputed_pence,
        opened_on: query.opened_on,
        answer_by: query.answer_by,
        late: shown.late,
        owner: query.owner,
        state: query.state,
        answer: query.answer,
        resolution: query.resolution,
        resolved_on: query.resolved_on,
        history: shown.history.into_iter().map(event).collect(),
    })
}

async fn act(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key, Sent(sent): Sent<QueryAct>) -> Answer {
    let ask = ActOnQuery { key, number, act: sent.act, owner: sent.owner, until: sent.until };
    ok(&desk_queries::act_on_query(&doors.desk, &by.0, ask).await?)
}

async fn answer(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<QueryAnswered>,
) -> Answer {
    ok(&desk_queries::answer_query(&doors.desk, &by.0, AnswerQuery { key, number, answer: sent.answer }).await?)
}

async fn resolve(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<QueryResolved>,
) -> Answer {
    let ask = ResolveQuery {
        key,
        number,
        resolution: sent.resolution,
        words: sent.words,
        credit: sent.credit.into_iter().map(CreditLine::from).collect(),
        credit_reason: sent.credit_reason,
        cause: sent.cause,
        rebilled_as: sent.rebilled_as,
        letter: sent.letter,
    };
    ok(&desk_queries::resolve_query(&doors.desk, &by.0, ask).await?)
}

async fn add_file(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    asked: Asked,
    parcel: Parcel,
) -> Answer {
    let (name, bytes) = parcel.file;
    let ask = AddEvidence { key, number, words: asked.text("words") };
    ok(&desk_queries::add_evidence(&doors.desk, &by, ask, NewFile { name, bytes }).await?)
}

async fn one_file(State(doors): State<Shared>, By(by): By, AtTwo(number, sha256): AtTwo) -> Answer {
    let (row, bytes) = desk_queries::evidence_file(&doors.desk, &by, &number, &sha256).await?;
    file(&row.name, "application/octet-stream", bytes)
}

async fn categories(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_queries::query_categories(&doors.desk, &by.0).await?;
    List { title: "Query categories", rows, next: None, count: None }.send(&asked, &by, doors.desk.today())
}

async fn set_category(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    Sent(new): Sent<NewQueryCategory>,
) -> Answer {
    let ask = SetCategory {
        key,
        code: new.code,
        name: new.name,
        dispute: new.dispute,
        target_days: new.target_days,
        hold_days: new.hold_days,
        from_on: new.from_on,
        active: new.active,
    };
    ok(&desk_queries::set_query_category(&doors.desk, &by, ask).await?)
}
