//! Queries: the list by the day they should be answered, and one query with its story.
use super::export::{Sheet, wanted};
use super::form::{Asked, address, asked, onto, open_address, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::account::Happening;
use crate::web::pages::queries::{Queries, Query as QueryPage, QueryRow};
use crate::web::ui::{Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::queries::{
    ActOnQuery, AnswerQuery, QueriesAsk, ResolveQuery, act_on_query, answer_query, queries_list, query, resolve_query,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::queries::{QueryAct, QueryState, next_query_state};
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};
use sundry_store::control::AuditRow;
use sundry_store::queries::QueryLine;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/queries", &[Duty::View], get(list)).add("/queries/{number}", &[Duty::View], get(view).post(act))
}

/// A state as a tag.
fn state_tag(state: &str) -> Tag {
    let colour = match QueryState::parse(state) {
        Some(QueryState::Open) => TagColour::Yellow,
        Some(QueryState::WaitingForCustomer) => TagColour::Purple,
        Some(QueryState::Answered) => TagColour::Blue,
        Some(QueryState::Resolved) => TagColour::Green,
        _ => TagColour::Grey,
    };
    tag(plain(state), colour)
}

fn late(due: NaiveDate, state: &str, today: NaiveDate) -> i64 {
    match QueryState::parse(state) {
        Some(QueryState::Open | QueryState::Answered) => (today - due).num_days().max(0),
        _ => 0,
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(asked_for): Query<Asked>) -> Answer {
    let state = asked(&asked_for, "state");
    if wanted(asked(&asked_for, "format")) {
        return export(&doors, &visitor, state).await?.file(asked(&asked_for, "format"), &doors, &visitor);
    }
    let after = asked(&asked_for, "after").to_owned();
    let ask = QueriesAsk { state: state.to_owned(), after, limit: Some(100), ..QueriesAsk::default() };
    let found = queries_list(&doors.desk, &visitor.actor, ask).await?;
    let today = doors.desk.today();
    let not_over = (String::new(), "Not over".to_owned());
    let states = QueryState::ALL.iter().map(|state| (state.as_str().to_owned(), plain(state.as_str())));
    let next = found.next.map(|place| address("/queries", &[("state", state), ("after", &place)]));
    page(&Queries {
        frame: doors.frame(&visitor, "Queries").await,
        views: std::iter::once(not_over).chain(states).collect(),
        view: state.to_owned(),
        address: open_address("/queries", &[("state", state)]),
        next: next.unwrap_or_default(),
        rows: found.rows.into_iter().map(|line| row(line, today)).collect(),
    })
}

fn row(line: QueryLine, today: NaiveDate) -> QueryRow {
    QueryRow {
        late: late(line.answer_by, &line.state, today),
        state: state_tag(&line.state),
        number: line.number,
        customer: (line.customer_number, line.customer_name),
        invoice: line.item_number,
        category: plain(&line.category),
        amount: Pence(line.disputed_pence),
        waits_on: line.owner,
        due: line.answer_by,
    }
}

async fn export(doors: &Shared, visitor: &Visitor, state: &str) -> Outcome<Sheet> {
    let (mut lines, mut after) = (Vec::new(), Some(String::new()));
    while let Some(place) = after {
        let ask = QueriesAsk { state: state.to_owned(), after: place, limit: Some(500), ..QueriesAsk::default() };
        let mut found = queries_list(&doors.desk, &visitor.actor, ask).await?;
        lines.append(&mut found.rows);
        after = found.next;
    }
    let cells = |line: QueryLine| {
        vec![
            Cell::Text(line.number),
            Cell::Text(line.customer_number),
            Cell::Text(line.customer_name),
            Cell::Text(line.item_number),
            Cell::Text(line.category),
            Cell::Text(line.owner),
            Cell::Date(line.opened_on),
            Cell::Date(line.answer_by),
            Cell::Pence(line.disputed_pence),
            Cell::Text(line.state),
        ]
    };
    let columns = vec![
        ("query", Text),
        ("customer_id", Text),
        ("customer", Text),
        ("invoice", Text),
        ("category", Text),
        ("waits_on", Text),
        ("opened", Date),
        ("answer_by", Date),
        ("in_query", Money),
        ("state", Text),
    ];
    let rows = lines.into_iter().map(cells).collect();
    Ok(Sheet { title: "Queries", columns, rows, filters: vec![("State", state.to_owned())] })
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<QueryPage> {
    let shown = query(&doors.desk, &visitor.actor, number).await?;
    let (q, today) = (shown.query, doors.desk.today());
    let state = QueryState::parse(&q.state);
    let goes = |act: QueryAct| state.is_some_and(|state| next_query_state(state, act).is_ok());
    let works = visitor.actor.holds(Duty::WorkCases) || visitor.actor.holds(Duty::AnswerQueries);
    let answers = visitor.actor.holds(Duty::AnswerQueries);
    let all = [
        (QueryAct::AskCustomer, "ask_customer", "Wait for the customer"),
        (QueryAct::CustomerReplied, "customer_replied", "The customer has replied"),
        (QueryAct::Withdraw, "withdraw", "The customer takes it back"),
        (QueryAct::Reopen, "reopen", "Open it again"),
    ];
    let acts = all.into_iter().filter(|(act, ..)| works && goes(*act));
    Ok(QueryPage {
        frame: doors.frame(visitor, "Queries").await,
        row: QueryRow {
            number: q.number,
            customer: (shown.customer_number, shown.customer_name),
            invoice: shown.item_number.unwrap_or_default(),
            category: plain(&q.category),
            amount: Pence(q.disputed_pence),
            waits_on: q.owner,
            due: q.answer_by,
            late: late(q.answer_by, &q.state, today),
            state: state_tag(&q.state),
        },
        says: q.words,
        answer: q.answer,
        story: shown.history.iter().rev().map(happening).collect(),
        may_answer: answers && goes(QueryAct::Answer),
        may_resolve: answers && goes(QueryAct::Resolve),
        acts: acts.map(|(_, word, verb)| (word.to_owned(), verb.to_owned())).collect(),
        typed: String::new(),
        outcome: String::new(),
        words: String::new(),
    })
}

/// An event of the audit trail: `QueryRaised` reads `Query raised`.
fn happening(event: &AuditRow) -> Happening {
    let mut title = String::new();
    for letter in event.event.chars() {
        if letter.is_uppercase() && !title.is_empty() {
            title.push(' ');
            title.extend(letter.to_lowercase());
        } else {
            title.push(letter);
        }
    }
    Happening { title, by: event.actor_name.clone(), on: event.business_on, text: String::new(), link: None }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    form.typed = posted.get("answer").to_owned();
    form.outcome = posted.get("resolution").to_owned();
    form.words = posted.get("words").to_owned();
    let (key, number) = (posted.key(), form.row.number.clone());
    let done = match posted.get("act") {
        "answer" => {
            let ask = AnswerQuery { key, number: number.clone(), answer: form.typed.clone() };
            answer_query(&doors.desk, &visitor.actor, ask).await
        }
        "resolve" => {
            let (resolution, words) = (form.outcome.clone(), form.words.clone());
            let (credit, credit_reason) = (Vec::new(), String::new());
            let ask = ResolveQuery { key, number: number.clone(), resolution, words, credit, credit_reason };
            resolve_query(&doors.desk, &visitor.actor, ask).await
        }
        _ => {
            let act = posted.get("do").to_owned();
            let ask = ActOnQuery { key, number: number.clone(), act, owner: String::new() };
            act_on_query(&doors.desk, &visitor.actor, ask).await
        }
    };
    match done {
        Ok(stands) => {
            let state = plain(&stands.state).to_lowercase();
            let news = match stands.approval {
                Some(approval) => format!("Query {number} is {state}. Credit note asked for: {approval}"),
                None => format!("Query {number} is {state}"),
            };
            told(&format!("/queries/{number}"), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            for error in &mut form.frame.errors.list {
                if error.field == "resolution" {
                    error.message = "Choose what becomes of the amount".to_owned();
                }
            }
            page_with(status, &form)
        }
    }
}
