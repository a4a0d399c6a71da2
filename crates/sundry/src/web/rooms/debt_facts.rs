//! Recording a dated fact of a debt: a decision notice, an appeal, a deferred payment, an agreement.
use super::account_people::{filled, form_of, pairs, people_of, refused};
use super::form::{again, date_field};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::debt_facts::{RecordDebtFact, record_debt_fact};
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_domain::law::{DebtFact, RecoveryMethod};
use sundry_domain::words::written;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/debt-facts", &[Duty::WorkCases], get(ask).post(record))
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let facts = DebtFact::ALL.iter().map(|one| (one.as_str(), one.name()));
    let ways = [("", "Not a way of recovery")].into_iter();
    let ways = ways.chain(RecoveryMethod::ALL.iter().map(|one| (one.as_str(), one.name())));
    let fields = vec![
        Field::of("debt", "Number of the debt", Takes::Line),
        Field::of("fact", "What happened?", Takes::One(pairs(facts))),
        Field::of("on", "On which day?", Takes::Date),
        Field::of("method", "Way of recovery", Takes::One(pairs(ways))).hint("Only where one was chosen"),
        Field::of("evidence", "The document", Takes::Lines).hint("What it is, its date, and where it is kept"),
    ];
    let note = "Overpaid benefit is not chased before its notice and the month of appeal. A care charge goes to no \
                court while a deferred payment is possible and was not refused.";
    let words = ("A fact of a debt", "Record the fact", note);
    form_of(doors, visitor, (number, "debt-facts"), words, fields).await
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn record(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank(&doors, &visitor, &number).await?, &posted);
    let on = date_field(&mut form.frame, "on", posted.get("on"), doors.desk.today());
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    let debt = posted.get("debt").trim();
    let found = account.items.iter().find(|item| item.number == debt && item.original_pence > 0);
    if found.is_none() {
        form.frame.errors.add("debt", "Enter the number of a debt on this account");
    }
    let unread = on.is_none() && !posted.get("on").is_empty();
    let Some(item) = found.filter(|_| !unread) else { return again(&form) };
    let ask = RecordDebtFact {
        key: posted.key(),
        item: ItemId(item.item),
        fact: posted.get("fact").to_owned(),
        on,
        method: posted.get("method").to_owned(),
        evidence: posted.get("evidence").to_owned(),
    };
    match record_debt_fact(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let name = DebtFact::parse(&done.fact).map_or("Recorded", DebtFact::name);
            told(&people_of(&number), &format!("{debt}: {name}, {}", written(done.happened_on)))
        }
        Err(no) => refused(form, no, &[("REC-05-OTHER-DEBT", "fact"), ("REC-05-ORDER", "fact")]),
    }
}
