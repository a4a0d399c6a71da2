//! The calculation of overpaid pay: its form on an account, and what was sent.
use super::account_people::{filled, form_of, pairs, refused};
use super::form::{again, date_field, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::pay_calculation::{OnePayCalculation, calculation_at};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use axum::extract::{Path, State};
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::pay_calculation::{SendPayCalculation, pay_calculation_of, send_pay_calculation};
use sundry_domain::control::Duty;
use sundry_domain::recovery::{OverpaidPeriod, read_period};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/recovery/pay-calculations/{debt}", &[Duty::View], get(one)).add(
        "/customers/{number}/pay-calculation",
        &[Duty::WorkCases],
        get(ask).post(send),
    )
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(debt): Path<String>) -> Answer {
    let view = pay_calculation_of(&doors.desk, &visitor.actor, &debt).await?;
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/recovery".into();
    page(&OnePayCalculation { frame, view })
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let fields = vec![
        Field::of("debt", "Number of the debt", Takes::Line),
        Field::of("periods", "Pay periods that were overpaid", Takes::Lines).hint(
            "A line each, parted by semicolons: first day; last day; pay day; gross; tax; National Insurance; pension; \
             reason",
        ),
        Field::of("repay_by", "By when is it to be paid back?", Takes::Date),
        Field::of(
            "paye_corrected",
            "Can payroll correct the tax?",
            Takes::One(pairs([("", "Choose"), ("yes", "Yes"), ("no", "No")].into_iter())),
        )
        .hint("Payroll says so: for somebody who left, only in the same tax year"),
        Field::of("evidence", "Payroll's document", Takes::Lines).hint("What it is, its date, and where it is kept"),
    ];
    let note = "Net pay is asked for where payroll can correct the tax and it is paid back in the same tax year; else \
                gross pay. What is asked for must come to the debt. The letter with the calculation is written at once.";
    let words = ("Work out overpaid pay", "Write the letter", note);
    form_of(doors, visitor, (number, "pay-calculation"), words, fields).await
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

/// The lines of the form; what cannot be read is told with its place.
fn periods(form: &mut PeopleForm, typed: &str, today: NaiveDate) -> Vec<OverpaidPeriod> {
    let mut all = Vec::new();
    for (place, line) in (1..).zip(typed.lines().filter(|line| !line.trim().is_empty())) {
        match read_period(line, |text| read_date(text, today)) {
            Ok(period) => all.push(period),
            Err(why) => form.frame.errors.add("periods", format!("Pay period {place}: {why}")),
        }
    }
    all
}

async fn send(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank(&doors, &visitor, &number).await?, &posted);
    let today = doors.desk.today();
    let repay_by = date_field(&mut form.frame, "repay_by", posted.get("repay_by"), today);
    let periods = periods(&mut form, posted.get("periods"), today);
    let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
    let debt = posted.get("debt").trim().to_owned();
    if !account.items.iter().any(|item| item.number == debt && item.original_pence > 0) {
        form.frame.errors.add("debt", "Enter the number of a debt on this account");
    }
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let paye_corrected = match posted.get("paye_corrected") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let evidence = posted.get("evidence").to_owned();
    let ask = SendPayCalculation { key: posted.key(), debt, periods, repay_by, paye_corrected, evidence };
    match send_pay_calculation(&doors.desk, &visitor.actor, ask).await {
        Ok(sent) => {
            let news = if sent.told {
                format!("{} is written", sent.letter)
            } else {
                format!("{} is held: record the fact when it has gone", sent.letter)
            };
            told(&calculation_at(&sent.debt), &news)
        }
        Err(no) => refused(form, no, &[("REC-05-TOTAL", "periods"), ("REC-05-OTHER-DEBT", "debt")]),
    }
}
