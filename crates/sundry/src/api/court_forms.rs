//! The protocol's own forms that go with a letter of claim.
use super::answer::{Answer, List, made};
use super::sent::{Asked, By, Key, Parcel};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use sundry_desk::delivery::{self as desk_delivery, PutCourtForm};
use sundry_domain::control::Duty;
use sundry_store::delivery::court_forms::CourtFormRow;

const ROOM: &str = "Court";
const FORMS: &[&str] = &["information_sheet", "reply_form", "financial_statement"];

/// The rows of the protocol's forms.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/court-forms",
                "list_court_forms",
                "The protocol's forms as the site supplied them, every version",
            )
            .needs(&[Duty::View, Duty::ManageSettings])
            .listed(desk_list::<CourtFormRow>),
            list,
        )
        .add(
            post(ROOM, "/court-forms", "put_court_form", "Supply a form as PDF, from a day on")
                .needs(&[Duty::ManageSettings])
                .asks("form", Holds::OneOf(FORMS), "Which form")
                .asks("language", Holds::OneOf(&["en", "cy"]), "English or Welsh")
                .asks("large", Holds::Flag, "In large print")
                .asks("from_on", Holds::Day, "First day on which it goes with letters; today when not said")
                .asks("source", Holds::Text, "Where it comes from")
                .takes_file()
                .gives(201, desk::<CourtFormRow>),
            put,
        )
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_delivery::court_forms(&doors.desk, &by.0).await?;
    List::whole("Court forms", rows).send(&asked, &by, doors.desk.today())
}

async fn put(State(doors): State<Shared>, by: By, Key(key): Key, asked: Asked, parcel: Parcel) -> Answer {
    let (name, bytes) = parcel.file;
    let ask = PutCourtForm {
        key,
        form: asked.text("form"),
        language: asked.text("language"),
        large: asked.flag("large"),
        from_on: asked.day("from_on"),
        source: asked.text("source"),
        name,
    };
    made("court-forms", &desk_delivery::put_court_form(&doors.desk, &by.0, ask, bytes).await?)
}
