//! The links by which a customer sets a plan online: made, listed, taken back.
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::plan_links::PlanLinks;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::customers::customer_account;
use sundry_desk::plans::{MakePlanLink, RevokePlanLink, make_plan_link, plan_links, revoke_plan_link};
use sundry_domain::control::Duty;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let agrees: &[Duty] = &[Duty::AgreePlans];
    routes.add("/customers/{number}/plan-links", agrees, get(view).post(make)).add(
        "/customers/{number}/plan-links/revoke",
        agrees,
        post(revoke),
    )
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PlanLinks> {
    let customer = customer_account(&doors.desk, &visitor.actor, number).await?.customer;
    let links = plan_links(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    Ok(PlanLinks { frame, account: customer.number, customer: customer.name, email: customer.email, made: None, links })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

/// The link is on the page that answers, and on no page after it.
async fn make(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = MakePlanLink { key: posted.key(), customer: number.clone(), email: posted.has("email") };
    match make_plan_link(&doors.desk, &visitor.actor, ask).await {
        Ok(made) => {
            let mut list = shown(&doors, &visitor, &number).await?;
            list.made = Some(made);
            page(&list)
        }
        Err(no) => {
            let mut list = shown(&doors, &visitor, &number).await?;
            let status = onto(&mut list.frame, no, &[])?;
            page_with(status, &list)
        }
    }
}

async fn revoke(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = RevokePlanLink { key: posted.key(), number: posted.get("link").to_owned() };
    match revoke_plan_link(&doors.desk, &visitor.actor, ask).await {
        Ok(link) => told(&format!("/customers/{number}/plan-links"), &format!("{} opens no more", link.number)),
        Err(no) => {
            let mut list = shown(&doors, &visitor, &number).await?;
            let status = onto(&mut list.frame, no, &[])?;
            page_with(status, &list)
        }
    }
}
