//! Queries: raised, worked, answered, resolved.
use super::answer::{Answer, List, made, ok};
use super::billing::NewCreditLine;
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::billing::CreditLine;
use sundry_desk::queries::{
    self as desk_queries, ActOnQuery, AnswerQuery, QueriesAsk, QueryRaised, QueryStands, RaiseQuery, ResolveQuery,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::queries::QueryLine;
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
    let query = shown.query;
    ok(&QueryAnswer {
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
    ok(&desk_queries::act_on_query(&doors.desk, &by.0, ActOnQuery { key, number, act: sent.act, owner: sent.owner })
        .await?)
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
    };
    ok(&desk_queries::resolve_query(&doors.desk, &by.0, ask).await?)
}
