//! Recording what may start the time of a claim again: a signed letter, a payment; and what counts for nothing (LEG-09).
use super::account_people::{filled, form_of, pairs, people_of, refused};
use super::form::{again, date_field};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::court::{DebtLimit, RecordLimit, record_limit};
use sundry_desk::customers::customer_account;
use sundry_domain::control::Duty;
use sundry_domain::law::LimitEventKind;
use sundry_domain::words::written;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/time-limits", &[Duty::WorkCases], get(ask).post(record))
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let kinds = LimitEventKind::ALL.iter().map(|one| (one.as_str(), one.name()));
    let fields = vec![
        Field::of("debt", "Number of the debt", Takes::Line),
        Field::of("kind", "What happened?", Takes::One(pairs(kinds))),
        Field::of("on", "On which day?", Takes::Date),
        Field::of("evidence", "What would be shown to the court?", Takes::Lines)
            .hint("What it is, its date, and where it is kept"),
    ];
    let note = "A signed letter that admits the debt, or a part payment, can start its time again; the answer says whether \
                it does. Money that was allocated to the debt is known already.";
    let words = ("What starts time again", "Record it", note);
    form_of(doors, visitor, (number, "time-limits"), words, fields).await
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn record(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank(&doors, &visitor, &number).await?, &posted);
    let on = date_field(&mut form.frame, "on", posted.get("on"), doors.desk.today());
    if posted.get("on").is_empty() {
        form.frame.errors.add("on", "Enter the day");
    }
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    let debt = posted.get("debt").trim();
    if !account.items.iter().any(|item| item.number == debt && item.original_pence > 0) {
        form.frame.errors.add("debt", "Enter the number of a debt on this account");
    }
    let Some(on) = on.filter(|_| form.frame.errors.is_empty()) else { return again(&form) };
    let ask = RecordLimit {
        key: posted.key(),
        invoice: debt.to_owned(),
        kind: posted.get("kind").to_owned(),
        on,
        evidence: posted.get("evidence").to_owned(),
    };
    match record_limit(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&people_of(&number), &stands(&done)),
        Err(no) => refused(form, no, &[]),
    }
}

/// How the debt stands after it.
fn stands(one: &DebtLimit) -> String {
    match one.safe_on {
        Some(day) if one.barred => format!("{}: recorded. The last day for a claim was {}", one.number, written(day)),
        Some(day) => format!("{}: recorded. The last day for a claim is {}", one.number, written(day)),
        None => format!("{}: recorded. No time runs against it", one.number),
    }
}
