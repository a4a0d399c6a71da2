//! Lists in full, for those who work with them elsewhere.
use super::refused_report;
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
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

/// A list that leaves the house as a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportLeft {
    /// Idempotency key.
    pub key: String,
    /// Which list: items, journals, customers and so on.
    pub list: String,
    /// csv, xlsx or json.
    pub format: String,
    /// What it was narrowed to: name and value, such as `since`.
    pub filters: Vec<(String, String)>,
    /// How many rows it has.
    pub rows: i64,
    /// The hash of its bytes, by which the file is known again.
    pub sha256: String,
}

/// Records that somebody took a list away. Whether they may see it was asked when it was read.
///
/// # Errors
/// Faults of the database.
pub async fn record_export(desk: &Desk, by: &Actor, ask: ExportLeft) -> Outcome<()> {
    command!(desk, by, "record_export", &ask.key, &ask, |cmd| {
        let ExportLeft { format, filters, rows, sha256, .. } = &ask;
        let detail = serde_json::json!({ "format": format, "filters": filters, "rows": rows, "sha256": sha256 });
        cmd.tell("ListExported", format!("list {}", ask.list), detail);
        Ok(())
    })
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
