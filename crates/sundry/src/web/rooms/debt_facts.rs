//! Recording a dated fact of a debt, and withdrawing one that was wrong: a decision notice, an appeal, a deferred payment.
use super::account_people::{filled, form_of, pairs, people_of, refused};
use super::form::{again, date_field};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use axum::extract::{Path, State};
use axum::routing::get;
use std::collections::BTreeSet;
use sundry_desk::Outcome;
use sundry_desk::court::about_customer;
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::debt_facts::{RecordDebtFact, WithdrawDebtFact, record_debt_fact, withdraw_debt_fact};
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_domain::law::{DebtFact, RecoveryMethod};
use sundry_domain::words::written;
use sundry_store::billing::debt_facts::CustomerFactRow;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/debt-facts", &[Duty::WorkCases], get(ask).post(record)).add(
        "/customers/{number}/debt-facts/withdraw",
        &[Duty::WorkCases],
        get(ask_which).post(withdraw),
    )
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

/// The facts of a customer's debts that count, each once, whatever the instalments.
async fn standing(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<Vec<CustomerFactRow>> {
    let mut all = about_customer(&doors.desk, &visitor.actor, number).await?.facts;
    let mut seen = BTreeSet::new();
    all.retain(|row| row.withdrawn_on.is_none() && seen.insert(row.id));
    Ok(all)
}

async fn blank_withdrawal(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let which = |row: &CustomerFactRow| {
        let name = DebtFact::parse(&row.fact).map_or(row.fact.as_str(), |fact| fact.name());
        (row.id.to_string(), format!("{}: {name}, {}", row.debt, written(row.happened_on)))
    };
    let facts = standing(doors, visitor, number).await?.iter().map(which).collect();
    let fields = vec![
        Field::of("fact", "Which fact was wrong?", Takes::One(facts)),
        Field::of("reason", "Why was it wrong?", Takes::Lines),
    ];
    let note = "It is kept, with the reason, and counts no longer, for the other instalments neither.";
    let words = ("A fact that was wrong", "Withdraw the fact", note);
    form_of(doors, visitor, (number, "debt-facts/withdraw"), words, fields).await
}

async fn ask_which(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_withdrawal(&doors, &visitor, &number).await?)
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_withdrawal(&doors, &visitor, &number).await?, &posted);
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    let facts = standing(&doors, &visitor, &number).await?;
    let chosen = facts.iter().find(|row| row.id.to_string() == posted.get("fact"));
    let item = chosen.and_then(|row| account.items.iter().find(|item| item.number == row.debt));
    let Some((row, item)) = chosen.zip(item) else {
        form.frame.errors.add("fact", "Choose a fact of a debt that is on this account");
        return again(&form);
    };
    let reason = posted.get("reason").to_owned();
    let ask = WithdrawDebtFact { key: posted.key(), item: ItemId(item.item), id: row.id, reason };
    match withdraw_debt_fact(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&people_of(&number), &format!("{}: the fact counts no longer", row.debt)),
        Err(no) => refused(form, no, &[("REC-05-WITHDRAWN", "fact")]),
    }
}
