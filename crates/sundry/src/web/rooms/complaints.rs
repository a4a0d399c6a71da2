//! Complaints: the list, one of them, and recording one on an account.
use super::form::{Asked, address, asked, onto};
use super::query::happening;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::complaints::{Complaint as ComplaintPage, ComplaintForm, Complaints};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::customers::customer_account;
use sundry_desk::queries::{
    ActOnComplaint, ComplaintsAsk, OpenComplaint, act_on_complaint, complaint, complaints_list, open_complaint,
};
use sundry_domain::control::Duty;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let works: &[Duty] = &[Duty::WorkCases, Duty::AnswerQueries];
    routes
        .add("/complaints", &[Duty::View], get(list))
        .add("/complaints/{number}", &[Duty::View], get(view).post(act))
        .add("/customers/{number}/complaint", works, get(form).post(open))
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let state = if asked(&query, "state") == "closed" { "closed" } else { "open" };
    let after = asked(&query, "after").to_owned();
    let ask = ComplaintsAsk { state: state.into(), after, limit: Some(100) };
    let found = complaints_list(&doors.desk, &visitor.actor, ask).await?;
    let today = doors.desk.today();
    let next = found.next.map(|place| address("/complaints", &[("state", state), ("after", &place)]));
    page(&Complaints {
        frame: doors.frame(&visitor, "Queries").await,
        state: state.into(),
        rows: found
            .rows
            .into_iter()
            .map(|line| (line.state == "open" && line.answer_by < today, line))
            .map(|(late, line)| (line, late))
            .collect(),
        next: next.unwrap_or_default(),
    })
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<ComplaintPage> {
    let shown = complaint(&doors.desk, &visitor.actor, number).await?;
    Ok(ComplaintPage {
        frame: doors.frame(visitor, "Queries").await,
        row: shown.complaint,
        customer: (shown.customer_number, shown.customer_name),
        query: shown.query,
        stages: shown.stages,
        story: shown.history.iter().rev().map(happening).collect(),
        may_work: visitor.actor.holds(Duty::WorkCases) || visitor.actor.holds(Duty::AnswerQueries),
        typed: Default::default(),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    form.typed = ["words", "outcome", "learning", "why"].map(|field| posted.get(field).to_owned());
    let next = posted.get("act") == "next_stage";
    let ask = ActOnComplaint {
        key: posted.key(),
        number: form.row.number.clone(),
        act: posted.get("act").to_owned(),
        words: posted.get(if next { "why" } else { "words" }).to_owned(),
        owner: posted.get("owner").to_owned(),
        outcome: posted.get("outcome").to_owned(),
        learning: posted.get("learning").to_owned(),
    };
    match act_on_complaint(&doors.desk, &visitor.actor, ask).await {
        Ok(stands) => {
            let news = format!("Complaint {} is {}", stands.number, stands.state);
            told(&format!("/complaints/{}", stands.number), &news)
        }
        Err(no) => {
            let fields: &[(&str, &str)] = if next { &[("words", "why")] } else { &[] };
            let status = onto(&mut form.frame, no, fields)?;
            page_with(status, &form)
        }
    }
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<ComplaintForm> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    Ok(ComplaintForm {
        frame: doors.frame(visitor, "Customers").await,
        customer: (account.customer.number, account.customer.name),
        words: String::new(),
        query: String::new(),
        owner: String::new(),
    })
}

async fn form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn open(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank(&doors, &visitor, &number).await?;
    form.words = posted.get("words").to_owned();
    form.query = posted.get("query").to_owned();
    form.owner = posted.get("owner").to_owned();
    let ask = OpenComplaint {
        key: posted.key(),
        customer: form.customer.0.clone(),
        query: form.query.clone(),
        words: form.words.clone(),
        owner: form.owner.clone(),
    };
    match open_complaint(&doors.desk, &visitor.actor, ask).await {
        Ok(opened) => {
            let day = opened.answer_by.format("%-d %B %Y");
            let news = format!("Complaint {} recorded, to be answered by {day}", opened.number);
            told(&format!("/complaints/{}", opened.number), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
