//! Rates and fees by date: the list, and asking for new ones.
use super::form::{again, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::rates::Rates;
use axum::extract::State;
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::setup::rates::{AskRates, ask_rates, rates};
use sundry_domain::control::Duty;
use sundry_domain::reference::AskedRate;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/admin/rates", &[Duty::View, Duty::ManageSettings], get(list).post(ask))
}

async fn shown(doors: &Shared, visitor: &Visitor) -> Outcome<Rates> {
    Ok(Rates {
        frame: doors.frame(visitor, "Admin").await,
        rows: rates(&doors.desk, &visitor.actor).await?,
        may_ask: visitor.actor.holds(Duty::ManageSettings),
        typed: Default::default(),
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor).await?)
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor).await?;
    form.typed = ["kind", "from_on", "to_on", "rates", "source", "note"].map(|field| posted.get(field).to_owned());
    let today = doors.desk.today();
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), today);
    let to_on = date_field(&mut form.frame, "to_on", posted.get("to_on"), today);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = AskRates {
        key: posted.key(),
        kind: posted.get("kind").to_owned(),
        from_on,
        to_on,
        rates: figures(posted.get("rates")),
        note: posted.get("note").to_owned(),
        source: posted.get("source").to_owned(),
    };
    match ask_rates(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => told("/admin/rates", &format!("Asked for: someone else decides {}", asked.approval)),
        Err(no) => {
            let fields = [
                ("REF-UNKNOWN-KIND", "rates"),
                ("REF-NO-SOURCE", "source"),
                ("REF-FIGURE", "rates"),
                ("REF-TOO-SOON", "from_on"),
                ("REF-INCOMPLETE", "rates"),
                ("REF-OVERLAP", "from_on"),
                ("REF-BACKDATED", "from_on"),
            ];
            let status = onto(&mut form.frame, no, &fields)?;
            page_with(status, &form)
        }
    }
}

/// A figure on each line, its key before the equals sign.
fn figures(typed: &str) -> Vec<AskedRate> {
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = lines.map(|line| line.split_once('=').unwrap_or(("", line)));
    read.map(|(key, figure)| AskedRate { key: key.trim().to_owned(), figure: figure.trim().to_owned() }).collect()
}
