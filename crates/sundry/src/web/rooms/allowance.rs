//! The loss allowance: worked out, named debts, a run asked for.
use super::form::{Asked, again, amount_field, asked, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::allowance::Allowance;
use axum::extract::{Query, State};
use axum::routing::{get, post};
use chrono::NaiveDate;
use sundry_desk::close::allowance::{
    NameDebt, RequestAllowanceRun, allowance_preview, allowance_settings, name_debt, request_allowance_run,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/close/allowance", &[Duty::RunReports], get(view).post(run)).add(
        "/close/allowance/named",
        &[Duty::PostJournals],
        post(named),
    )
}

async fn shown(doors: &Shared, visitor: &Visitor, typed: &str) -> Result<Allowance, Trouble> {
    let mut frame = doors.frame(visitor, "Close").await;
    frame.help = "rooms/close".into();
    let mut shown = Allowance {
        frame,
        seen: None,
        settings: allowance_settings(&doors.desk, &visitor.actor).await?,
        as_at: typed.to_owned(),
        may_post: visitor.actor.holds(Duty::PostJournals),
        typed: [const { String::new() }; 3],
    };
    let as_at = date_field(&mut shown.frame, "as_at", typed, doors.desk.today());
    if !shown.frame.errors.is_empty() {
        return Ok(shown);
    }
    match allowance_preview(&doors.desk, &visitor.actor, as_at).await {
        Ok(seen) => {
            shown.as_at = seen.as_at.format("%-d %b %Y").to_string();
            shown.seen = Some(seen);
        }
        Err(no) => {
            onto(&mut shown.frame, no, &[])?;
        }
    }
    Ok(shown)
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&shown(&doors, &visitor, asked(&query, "as_at")).await?)
}

async fn run(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let as_at: Option<NaiveDate> = posted.get("as_at").parse().ok();
    let Some(as_at) = as_at else { return page(&shown(&doors, &visitor, posted.get("as_at")).await?) };
    let charge = Pence(posted.get("charge").parse().unwrap_or_default());
    match request_allowance_run(&doors.desk, &visitor.actor, RequestAllowanceRun { key: posted.key(), as_at, charge })
        .await
    {
        Ok(done) => told("/close/allowance", &format!("{} waits for someone else: {}", done.run, done.approval)),
        Err(no) => {
            let mut again = shown(&doors, &visitor, &as_at.to_string()).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn named(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut one = shown(&doors, &visitor, "").await?;
    one.typed = ["debt", "amount", "words"].map(|field| posted.get(field).to_owned());
    let amount = amount_field(&mut one.frame, "amount", posted.get("amount"));
    if !one.frame.errors.is_empty() {
        return again(&one);
    }
    let (debt, words) = (posted.get("debt").to_owned(), posted.get("words").to_owned());
    match name_debt(&doors.desk, &visitor.actor, NameDebt { key: posted.key(), debt, amount, words }).await {
        Ok(done) => told("/close/allowance", &format!("{} is looked at by itself", done.debt)),
        Err(sundry_desk::No::Absent(_)) => {
            one.frame.errors.add("debt", "Enter the number of a debt that is open");
            again(&one)
        }
        Err(no) => {
            let status = onto(&mut one.frame, no, &[])?;
            page_with(status, &one)
        }
    }
}
