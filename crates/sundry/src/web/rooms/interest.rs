//! Statutory interest on an invoice, asked for and not posted.
use super::form::{Asked, asked, date_field, onto};
use crate::web::door::{Answer, Routes, Shared, Visitor, page, page_with};
use crate::web::pages::interest::{Interest, Working};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::billing::invoice;
use sundry_desk::recovery::{InterestView, statutory_interest};
use sundry_domain::control::Duty;

/// The route of the question.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/billing/invoices/{number}/interest", &[Duty::View], get(view))
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let shown = invoice(&doors.desk, &visitor.actor, &number).await?;
    let today = doors.desk.today();
    let mut frame = doors.frame(&visitor, "Billing").await;
    frame.help = "rooms/recovery".into();
    let typed = asked(&query, "as_at");
    let day = if typed.is_empty() { Some(today) } else { date_field(&mut frame, "as_at", typed, today) };
    let as_at = if typed.is_empty() { today.format("%-d %b %Y").to_string() } else { typed.to_owned() };
    let mut form = Interest { frame, number: shown.document.number.clone(), as_at, working: None };
    let Some(day) = day else { return super::form::again(&form) };
    match statutory_interest(&doors.desk, &visitor.actor, &form.number, day).await {
        Ok(found) => {
            form.working = Some(working(&found));
            page(&form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

/// The working as the pages show it.
pub(super) fn working(found: &InterestView) -> Working {
    let worked = &found.working;
    let rate = worked.rate.rate.0;
    let slice = |one: &sundry_domain::recovery::InterestSlice| {
        (one.after_on.succ_opt().unwrap_or(one.after_on), one.until_on, one.days, one.balance)
    };
    Working {
        principal: found.principal_pence,
        starts_on: worked.starts_on,
        rate: (format!("{}.{:02}% a year", rate / 100, rate % 100), worked.rate.note.clone()),
        slices: worked.slices.iter().map(slice).collect(),
        interest: worked.interest,
        compensation: worked.compensation,
    }
}
