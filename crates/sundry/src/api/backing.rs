//! Files behind invoices and credit notes, and the bundle of document and files.
use super::answer::{Answer, file, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Parcel, numbered};
use super::table::{Holds, Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use sundry_desk::delivery::{self as desk_delivery, AttachBacking, BackingShown, WithdrawBacking};
use sundry_domain::control::Duty;

const ROOM: &str = "Delivery";

/// The rows of backing files.
pub fn rows(table: Table) -> Table {
    let attach: &[Duty] = &[Duty::RaiseInvoice, Duty::ReleaseRuns];
    table
        .add(
            get(
                ROOM,
                "/invoices/{number}/backing",
                "list_backing",
                "The files behind a document, and the size of all as one PDF",
            )
            .gives(200, desk::<BackingShown>),
            list,
        )
        .add(
            post(
                ROOM,
                "/invoices/{number}/backing",
                "attach_backing",
                "Put a PDF, a CSV file or a text behind a document: what names a patient is masked, or it is refused",
            )
            .needs(attach)
            .asks("looked_through", Holds::Flag, "Somebody looked through the PDF: it names no patient")
            .takes_file()
            .gives(200, desk::<BackingShown>),
            add,
        )
        .add(
            post(
                ROOM,
                "/invoices/{number}/backing/{file}/withdraw",
                "withdraw_backing",
                "Take a file away from a document",
            )
            .needs(attach)
            .gives(200, desk::<BackingShown>),
            withdraw,
        )
        .add(
            get(ROOM, "/invoices/{number}/bundle", "get_bundle", "Document and files as one PDF with an index")
                .gives_file(&["application/pdf"]),
            bundle,
        )
}

async fn list(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_delivery::backing_of(&doors.desk, &by.0, &number).await?)
}

async fn add(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    asked: Asked,
    parcel: Parcel,
) -> Answer {
    let (name, bytes) = parcel.file;
    let ask = AttachBacking { key, number, name, looked_through: asked.flag("looked_through") };
    ok(&desk_delivery::attach_backing(&doors.desk, &by.0, ask, bytes).await?)
}

async fn withdraw(State(doors): State<Shared>, by: By, AtTwo(number, file): AtTwo, Key(key): Key) -> Answer {
    let ask = WithdrawBacking { key, number, file: numbered(&file, "file")? };
    ok(&desk_delivery::withdraw_backing(&doors.desk, &by.0, ask).await?)
}

async fn bundle(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let pdf = desk_delivery::bundle_pdf(&doors.desk, &by.0, &number).await?;
    file(&format!("{number}-bundle.pdf"), "application/pdf", pdf)
}
