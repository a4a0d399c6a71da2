//! What is known of a document's arrival, what came back, and what did not arrive.
use super::answer::{Answer, List, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::delivery::{
    self as desk_delivery, BounceTaken, DeliveryShown, NotReceived, RecordProof, SendAgain, SentAgain, TakeBounce,
};
use sundry_domain::control::Duty;
use utoipa::ToSchema;

const ROOM: &str = "Delivery";

/// The rows of proof.
pub fn rows(table: Table) -> Table {
    let (record, release): (&[Duty], &[Duty]) = (&[Duty::ReleaseRuns, Duty::WorkCases], &[Duty::ReleaseRuns]);
    table
        .add(
            get(
                ROOM,
                "/invoices/{number}/delivery",
                "get_delivery",
                "What is known of a document's way to its customer",
            )
            .gives(200, desk::<DeliveryShown>),
            known,
        )
        .add(
            post(ROOM, "/invoices/{number}/delivery", "record_delivery", "Record a portal's answer, or what came back")
                .needs(record)
                .takes::<DeliveryFact>()
                .gives(200, desk::<DeliveryShown>),
            tell,
        )
        .add(
            post(ROOM, "/invoices/{number}/send-again", "send_again", "Send a document again, to the address of today")
                .needs(record)
                .gives(201, desk::<SentAgain>),
            again,
        )
        .add(
            get(ROOM, "/not-received", "list_not_received", "Invoices of which nobody knows that they arrived")
                .asks("limit", Holds::Whole(1, 200), "At most so many rows; 100 when not said")
                .listed(super::table::desk_list::<NotReceived>),
            missing,
        )
        .add(
            post(ROOM, "/bounces", "take_bounce", "Take a message that came back: a delivery status or a complaint")
                .needs(release)
                .takes_file()
                .gives(200, desk::<BounceTaken>),
            bounce,
        )
}

/// Something known of a document's way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryFact {
    /// uploaded, portal_accepted, portal_rejected, returned, bounced, opened or confirmed.
    pub known: String,
    /// When; today when not said.
    #[serde(default)]
    pub on_day: Option<NaiveDate>,
    /// The portal's number for it, or who said so.
    #[serde(default)]
    pub reference: String,
    /// Why, or how we know.
    #[serde(default)]
    pub words: String,
}

async fn known(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_delivery::delivery_of(&doors.desk, &by.0, &number).await?)
}

async fn tell(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<DeliveryFact>,
) -> Answer {
    let DeliveryFact { known, on_day, reference, words } = sent;
    let ask = RecordProof { key, number, known, on_day, reference, words };
    ok(&desk_delivery::record_proof(&doors.desk, &by.0, ask).await?)
}

async fn again(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    let sent = desk_delivery::send_again(&doors.desk, &by.0, SendAgain { key, number }).await?;
    made(&format!("letters/{}", sent.letter), &sent)
}

async fn missing(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_delivery::not_received(&doors.desk, &by.0, asked.limit()).await?;
    List::whole("Not received", rows).send(&asked, &by, doors.desk.today())
}

async fn bounce(State(doors): State<Shared>, by: By, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    ok(&desk_delivery::take_bounce(&doors.desk, &by.0, TakeBounce { key, file_name, bytes }).await?)
}
