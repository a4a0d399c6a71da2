//! Explain: why a figure is what it is.
use super::form::{Asked, asked, onto, read_date};
use crate::web::door::{Answer, Routes, Shared, Visitor, page, page_with};
use crate::web::pages::explain::{Explain, ExplainLink};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::reports::explain::{Told, explain};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// The route of explanations.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/explain", &[Duty::View], get(view))
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (reference, typed) = (asked(&query, "ref"), asked(&query, "as_at"));
    let today = doors.desk.today();
    let as_at = if typed.is_empty() { Some(today) } else { read_date(typed, today) };
    let mut frame = doors.frame(&visitor, "Reports").await;
    frame.help = "rooms/reports".into();
    let mut shown = Explain {
        frame,
        reference: reference.to_owned(),
        as_at_typed: typed.to_owned(),
        subject: String::new(),
        customer: String::new(),
        as_at: as_at.unwrap_or(today),
        amount: None,
        links: Vec::new(),
    };
    if as_at.is_none() {
        shown.frame.errors.add("as_at", "Enter a date that exists, such as 30/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    if reference.is_empty() {
        return page(&shown);
    }
    match explain(&doors.desk, &visitor.actor, reference, as_at).await {
        Ok(told) => {
            shown.subject = told.subject;
            shown.customer = told.customer;
            shown.amount = told.rows.iter().any(|row| row.amount_pence.is_some()).then_some(Pence(told.figure_pence));
            shown.links = told.rows.into_iter().map(link).collect();
            page(&shown)
        }
        Err(No::Absent(_)) => {
            let say = "Nothing here has this reference. Enter the number of an invoice, receipt, letter, customer, query or run";
            shown.frame.errors.add("ref", say);
            page_with(StatusCode::NOT_FOUND, &shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn link(row: Told) -> ExplainLink {
    let change = row.amount_pence.map(Pence);
    ExplainLink {
        on: row.on,
        what: row.words,
        by: row.who,
        rule: row.rule,
        after: change.map(|_| Pence(row.balance_pence)),
        change,
        href: String::new(),
    }
}
