//! Recording, and withdrawing, what a customer's contract says of a fee for paying late.
use super::account_people::{filled, form_of, people_of, refused};
use super::form::{again, amount_field, date_field};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::recovery::contract_fees::{
    RecordContractFee, WithdrawContractFee, contract_fees, record_contract_fee, withdraw_contract_fee,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/contract-fees", &[Duty::WorkCases], get(ask).post(record)).add(
        "/customers/{number}/contract-fees/{id}/withdraw",
        &[Duty::WorkCases],
        get(ask_withdraw).post(withdraw),
    )
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let fields = vec![
        Field::of("fee", "How much is the fee, in pounds?", Takes::Line),
        Field::of("term", "The contract and its clause", Takes::Line).hint("The letter names it"),
        Field::of("debt_type", "Debt type", Takes::Line).hint("Leave empty if it is for every contract of theirs"),
        Field::of("from_on", "For invoices dated from", Takes::Date),
        Field::of("to_on", "To", Takes::Date).hint("Leave empty if it does not end by itself."),
        Field::of("found_fair_by", "Who found the term fair to a consumer?", Takes::Line)
            .hint("Needed unless the customer is a business or a public body"),
        Field::of("evidence", "The document", Takes::Lines).hint("What it is, its date, and where it is kept"),
    ];
    let note = "Without such a term no fee is charged; it counts when somebody else has said yes to it. Care charges, \
                penalties, overpaid benefit and overpaid pay never bear one.";
    let words = ("A fee for paying late", "Record the fee", note);
    form_of(doors, visitor, (number, "contract-fees"), words, fields).await
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn record(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank(&doors, &visitor, &number).await?, &posted);
    let today = doors.desk.today();
    let fee = amount_field(&mut form.frame, "fee", posted.get("fee"));
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), today);
    let to_on = date_field(&mut form.frame, "to_on", posted.get("to_on"), today);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = RecordContractFee {
        key: posted.key(),
        customer: number.clone(),
        debt_type: posted.get("debt_type").to_owned(),
        fee,
        term: posted.get("term").to_owned(),
        from_on,
        to_on,
        found_fair_by: posted.get("found_fair_by").to_owned(),
        evidence: posted.get("evidence").to_owned(),
    };
    match record_contract_fee(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(
            &people_of(&number),
            &format!("A fee of {} is recorded: someone else decides {}", done.fee_pence, done.approval),
        ),
        Err(no) => {
            let fields = [
                ("DUN-09-FEE-DEBT", "debt_type"),
                ("DUN-09-FEE-FAIR", "found_fair_by"),
                ("DUN-09-FEE-OVERLAPS", "from_on"),
            ];
            refused(form, no, &fields)
        }
    }
}

async fn form_to_withdraw(doors: &Shared, visitor: &Visitor, number: &str, id: i64) -> Outcome<PeopleForm> {
    let known = contract_fees(&doors.desk, &visitor.actor, number).await?;
    let row = known.into_iter().find(|row| row.id == id).ok_or_else(|| No::Absent("term".into()))?;
    let fields = vec![Field::of("reason", "Why was it wrong?", Takes::Lines)];
    let note = "It is kept and counts no longer. What was charged by it stays charged, and may be waived.";
    let path = format!("contract-fees/{id}/withdraw");
    let words = ("Withdraw a fee for paying late", "Withdraw the fee", note);
    let mut form = form_of(doors, visitor, (number, path.as_str()), words, fields).await?;
    form.note = format!("{}, by {}. {}", Pence(row.fee_pence), row.term, form.note);
    Ok(form)
}

async fn ask_withdraw(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, id)): Path<(String, i64)>,
) -> Answer {
    page(&form_to_withdraw(&doors, &visitor, &number, id).await?)
}

async fn withdraw(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, id)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    let form = filled(form_to_withdraw(&doors, &visitor, &number, id).await?, &posted);
    let reason = posted.get("reason").to_owned();
    let ask = WithdrawContractFee { key: posted.key(), customer: number.clone(), id, reason };
    match withdraw_contract_fee(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&people_of(&number), "The fee counts no longer"),
        Err(no) => refused(form, no, &[]),
    }
}
