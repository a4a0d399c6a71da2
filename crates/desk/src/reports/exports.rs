//! Lists in full, for those who work with them elsewhere.
use super::refused_report;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use sundry_formats::csv_out::{self, Cell};
use sundry_store::reports::{self, EntryExport, ItemExport, LetterExport};

/// A list as rows and as CSV.
pub struct Export<T> {
    /// Rows; their money fields end `_pence`.
    pub rows: Vec<T>,
    /// The same as CSV, money in pounds.
    pub csv: Vec<u8>,
}

fn since(day: Option<NaiveDate>) -> NaiveDate {
    day.unwrap_or(NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default())
}

/// Items posted since a day, open or not.
pub async fn items(desk: &Desk, by: &Actor, from: Option<NaiveDate>) -> Outcome<Export<ItemExport>> {
    refused_report(by)?;
    let rows = reports::items_export(&mut desk.look().await?, by.org, since(from)).await?;
    let header = [
        "customer_id",
        "name",
        "kind",
        "number",
        "posted_on",
        "dated_on",
        "due_on",
        "original",
        "open",
        "disputed",
        "service",
        "debt_type",
        "step",
    ];
    let csv = csv_out::write(
        &header,
        rows.iter().map(|r| {
            vec![
                Cell::from(r.customer_id.as_str()),
                Cell::from(r.name.as_str()),
                Cell::from(r.kind.as_str()),
                Cell::from(r.number.as_str()),
                Cell::Date(r.posted_on),
                Cell::Date(r.dated_on),
                Cell::Date(r.due_on),
                Cell::Pence(r.original_pence),
                Cell::Pence(r.open_pence),
                Cell::Pence(r.disputed_pence),
                Cell::from(r.service.as_str()),
                Cell::from(r.debt_type.as_str()),
                Cell::from(r.stage.as_str()),
            ]
        }),
    );
    Ok(Export { rows, csv })
}

/// Entries of journals posted since a day.
pub async fn journals(desk: &Desk, by: &Actor, from: Option<NaiveDate>) -> Outcome<Export<EntryExport>> {
    refused_report(by)?;
    let rows = reports::journals_export(&mut desk.look().await?, by.org, since(from)).await?;
    let header = ["journal", "line", "posted_on", "event", "source", "gl_code", "cost_centre", "debit", "credit"];
    let csv = csv_out::write(
        &header,
        rows.iter().map(|r| {
            vec![
                Cell::Whole(r.journal),
                Cell::Whole(r.line),
                Cell::Date(r.posted_on),
                Cell::from(r.event.as_str()),
                Cell::from(r.source.as_str()),
                Cell::from(r.gl_code.as_str()),
                Cell::from(r.cost_centre.as_str()),
                Cell::Pence(r.debit_pence),
                Cell::Pence(r.credit_pence),
            ]
        }),
    );
    Ok(Export { rows, csv })
}

/// Letters dated since a day.
pub async fn letters(desk: &Desk, by: &Actor, from: Option<NaiveDate>) -> Outcome<Export<LetterExport>> {
    refused_report(by)?;
    let rows = reports::letters_export(&mut desk.look().await?, by.org, since(from)).await?;
    let header = ["number", "kind", "customer_id", "dated_on", "channel", "state", "total", "content_sha256"];
    let csv = csv_out::write(
        &header,
        rows.iter().map(|r| {
            vec![
                Cell::from(r.number.as_str()),
                Cell::from(r.kind.as_str()),
                Cell::from(r.customer_id.as_str()),
                Cell::Date(r.dated_on),
                Cell::from(r.channel.as_str()),
                Cell::from(r.state.as_str()),
                Cell::Pence(r.total_pence),
                Cell::from(r.content_sha256.as_str()),
            ]
        }),
    );
    Ok(Export { rows, csv })
}
