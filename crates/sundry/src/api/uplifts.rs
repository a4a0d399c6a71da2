//! Uplifts over the whole book.
use super::answer::{Answer, List, begun, made, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::billing::uplifts::{self as desk_uplifts, ProposeUplift, TurnUplift, UpliftAsk};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_store::contracts::UpliftRow;
use utoipa::ToSchema;

const ROOM: &str = "Uplifts";
const EITHER: &[Duty] = &[Duty::RaiseInvoice, Duty::ReleaseRuns];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let turned = desk::<desk_uplifts::UpliftTurned>;
    table
        .add(
            get(ROOM, "/uplift-preview", "preview_uplift", "What an uplift would do, line by line; nothing is kept")
                .needs(EITHER)
                .must("from", Holds::Day, "First day of the new rates")
                .must("by", Holds::Text, "4.5%, 1.25 more, or =23.10 for a new rate")
                .asks(
                    "rounding",
                    Holds::OneOf(&["penny", "five_pence", "ten_pence", "pound", "exact"]),
                    "Penny if none",
                )
                .asks("card", Holds::Text, "Only this rate card; own for contracts' own rates")
                .asks("service", Holds::Text, "Only this service code, or contracts of this service")
                .asks("funder", Holds::Text, "Only contracts that the customer with this number pays")
                .gives(200, desk::<desk_uplifts::UpliftPreview>),
            preview,
        )
        .add(get(ROOM, "/uplifts", "list_uplifts", "List uplifts, newest first").listed(desk_list::<UpliftRow>), list)
        .add(
            post(ROOM, "/uplifts", "propose_uplift", "Ask for an uplift; someone else says yes")
                .needs(&[Duty::RaiseInvoice])
                .takes::<NewUplift>()
                .gives(201, desk::<desk_uplifts::UpliftProposed>),
            propose,
        )
        .add(
            get(ROOM, "/uplifts/{number}", "get_uplift", "Read an uplift with its rates")
                .gives(200, desk::<desk_uplifts::UpliftShown>),
            view,
        )
        .add(
            post(
                ROOM,
                "/uplifts/{number}/apply",
                "apply_uplift",
                "Apply an approved uplift, or let it go on, as a job",
            )
            .needs(&[Duty::ReleaseRuns])
            .gives(202, desk::<sundry_desk::jobs::ask::JobAdded>),
            apply,
        )
        .add(
            post(ROOM, "/uplifts/{number}/stop", "stop_uplift", "Stop an uplift after the piece it is at")
                .needs(EITHER)
                .gives(200, turned),
            stop,
        )
        .add(
            post(ROOM, "/uplifts/{number}/take-back", "take_back_uplift", "Take an uplift back before its day")
                .needs(EITHER)
                .gives(200, turned),
            take_back,
        )
}

/// An uplift to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUplift {
    /// First day of the new rates.
    pub from_on: NaiveDate,
    /// "4.5%", "1.25" more, or "=23.10" for a new rate.
    pub by: String,
    /// penny, `five_pence`, `ten_pence`, pound or exact.
    #[serde(default)]
    pub rounding: String,
    /// Code of one rate card; own for contracts' own rates; none for both.
    #[serde(default)]
    pub card: String,
    /// One service code of a card, or contracts of one service.
    #[serde(default)]
    pub service: String,
    /// Contracts that one customer pays: rate cards stay as they are then.
    #[serde(default)]
    pub funder: String,
    /// The decision behind it.
    pub reason: String,
    /// What a year comes to with the new rates, as the preview said; refused when it is something else now.
    #[serde(default)]
    pub seen_pence: Option<i64>,
}

async fn preview(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = UpliftAsk {
        from_on: asked.day("from").unwrap_or_else(|| doors.desk.today()),
        by: asked.text("by"),
        rounding: asked.text("rounding"),
        card: asked.text("card"),
        service: asked.text("service"),
        funder: asked.text("funder"),
    };
    ok(&desk_uplifts::preview_uplift(&doors.desk, &by.0, &ask).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_uplifts::uplifts(&doors.desk, &by.0).await?;
    List::whole("Uplifts", rows).send(&asked, &by, doors.desk.today())
}

async fn propose(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewUplift>) -> Answer {
    let NewUplift { from_on, by: by_how_much, rounding, card, service, funder, reason, seen_pence } = new;
    let uplift = UpliftAsk { from_on, by: by_how_much, rounding, card, service, funder };
    let ask = ProposeUplift { key, uplift, reason, seen_pence };
    let proposed = desk_uplifts::propose_uplift(&doors.desk, &by.0, ask).await?;
    made(&format!("uplifts/{}", proposed.number), &proposed)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_uplifts::uplift(&doors.desk, &by.0, &number).await?)
}

async fn apply(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    let found = desk_uplifts::uplift(&doors.desk, &by.0, &number).await?.uplift;
    let request = serde_json::json!({ "number": found.number });
    let dedupe_key = format!("uplift {} {key}", found.number);
    let job = add_job(&doors.desk, &by.0, AddJob { key, kind: "apply_uplift".into(), dedupe_key, request }).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn stop(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_uplifts::stop_uplift(&doors.desk, &by.0, TurnUplift { key, number }).await?)
}

async fn take_back(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_uplifts::take_back_uplift(&doors.desk, &by.0, TurnUplift { key, number }).await?)
}
