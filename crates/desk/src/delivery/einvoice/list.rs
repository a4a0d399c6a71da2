//! E-invoices as they stand.
use super::make::find_document;
use crate::{Actor, Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::delivery::einvoice::EState;
use sundry_domain::ids::DocumentId;
use sundry_store::delivery::einvoice::{self as rows, EinvoiceRow};
use sundry_store::delivery::proof::{DeliveryEventRow, events_of_document};

/// E-invoices shown at most.
const MOST: i64 = 200;

/// E-invoices, and how many stand where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EinvoicesPage {
    /// How many stand in each state.
    pub counts: Vec<(String, i64)>,
    /// Documents that have no file yet.
    pub waiting: i64,
    /// The newest, or those of one state.
    pub rows: Vec<EinvoiceRow>,
}

/// E-invoices in a state, or the newest when none is said.
pub async fn einvoices(desk: &Desk, by: &Actor, state: &str) -> Outcome<EinvoicesPage> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let rows = match EState::parse(state) {
        Some(state) => rows::in_state(&mut look, by.org, state.as_str(), MOST).await?,
        None => rows::newest(&mut look, by.org, MOST).await?,
    };
    let waiting = rows::waiting(&mut look, by.org, 10_000).await?.len() as i64;
    Ok(EinvoicesPage { counts: rows::counts(&mut look, by.org).await?, waiting, rows })
}

/// An e-invoice with what is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EinvoiceShown {
    /// Where it stands.
    pub row: EinvoiceRow,
    /// What is known of its way, oldest first.
    pub events: Vec<DeliveryEventRow>,
}

/// The e-invoice of a document.
///
/// # Errors
/// Absent when there is none.
pub async fn einvoice(desk: &Desk, by: &Actor, number: &str) -> Outcome<EinvoiceShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let document = find_document(&mut look, by.org, number).await?;
    let row = rows::of_document(&mut look, by.org, DocumentId(document.id)).await?;
    let row = row.ok_or_else(|| No::Absent(format!("e-invoice {}", number.trim())))?;
    let events = events_of_document(&mut look, by.org, DocumentId(document.id)).await?;
    Ok(EinvoiceShown { row, events: events.into_iter().filter(|event| event.way == "peppol").collect() })
}

/// The file as it was written for the access point.
///
/// # Errors
/// Absent when none was written.
pub async fn einvoice_xml(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<u8>> {
    let row = einvoice(desk, by, number).await?.row;
    if row.file_sha256.is_empty() {
        return Err(No::Absent(format!("file of e-invoice {}", row.document_number)));
    }
    desk.files().get(by.org.0, &row.file_sha256)
}
