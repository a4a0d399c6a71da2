//! The payment terms of one customer: shown and set.
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, path_part, told};
use crate::web::pages::customer_terms::TermsOfCustomer;
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::billing::{SetCustomerTerms, customer_terms, payment_terms_list, set_customer_terms};
use sundry_desk::customers::customer_account;
use sundry_domain::control::Duty;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/payment-terms", &[Duty::ManageCustomers], get(view).post(set))
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<TermsOfCustomer> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let typed = customer_terms(&doors.desk, &visitor.actor, number).await?.terms;
    let all = payment_terms_list(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/billing".into();
    Ok(TermsOfCustomer {
        frame,
        days: account.customer.terms_days,
        customer: (account.customer.number, account.customer.name),
        choices: all.into_iter().filter(|one| one.row.active).map(|one| (one.row.code, one.row.name)).collect(),
        typed,
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn set(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    form.typed = posted.get("terms").to_owned();
    let ask = SetCustomerTerms { key: posted.key(), customer: number, terms: form.typed.clone() };
    match set_customer_terms(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => {
            let news = match set.terms.as_str() {
                "" => "Their invoices are due by their days".to_owned(),
                terms => format!("Their invoices have the terms {terms}"),
            };
            told(&format!("/customers/{}/details", path_part(&set.customer)), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
