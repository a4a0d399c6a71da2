//! Reports: aged debt, lists in full, the story behind a figure, the proof of the ledger.
use super::answer::{Answer, file, file_as, ok};
use super::sent::{Asked, By};
use super::table::{Holds, Operation, Table, desk, get, own};
use crate::web::door::{Leaving, Shared};
use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use sundry_desk::cash::export_allocations::{COLUMNS, ExportedAllocation, export_allocations};
use sundry_desk::ledger::verify::{MAY_PROVE, Proof, verify_by};
use sundry_desk::reports::aged_debt::{AgedDebt, AskAgedDebt, aged_debt};
use sundry_desk::reports::explain::{Explanation, explain};
use sundry_desk::reports::exports::{self, Export};
use sundry_domain::control::Duty;
use sundry_formats::csv_out;
use utoipa::ToSchema;

const ROOM: &str = "Reports";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let reports: &[Duty] = &[Duty::RunReports];
    let export = |operation: Operation| {
        operation
            .needs(reports)
            .asks("since", Holds::Day, "Only from this day on")
            .asks("format", Holds::OneOf(&["json", "csv"]), "How it is written; json when not said")
            .gives_file(&["text/csv"])
    };
    table
        .add(
            get(ROOM, "/reports/aged-debt", "report_aged_debt", "Aged debt as at any day")
                .needs(reports)
                .asks("as_at", Holds::Day, "As at the end of this day; today when not said")
                .asks("basis", Holds::OneOf(&["due", "invoice"]), "Days are counted from here; due when not said")
                .asks(
                    "by",
                    Holds::OneOf(&["customer", "service", "debt-type", "item"]),
                    "One row each; customer when not said",
                )
                .asks("format", Holds::OneOf(&["json", "csv", "xlsx"]), "How it is written; json when not said")
                .gives_file(&["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
                .gives(200, desk::<AgedDebt>),
            aged,
        )
        .add(
            export(get(ROOM, "/exports/items", "export_items", "Every item posted, with what is open of it"))
                .gives(200, all::<ItemExported>),
            items,
        )
        .add(
            export(get(ROOM, "/exports/journals", "export_journals", "Every entry of every journal"))
                .gives(200, all::<EntryExported>),
            journals,
        )
        .add(
            export(get(ROOM, "/exports/letters", "export_letters", "Every letter")).gives(200, all::<LetterExported>),
            letters,
        )
        .add(
            export(get(
                ROOM,
                "/exports/allocations",
                "export_allocations",
                "Every bank line with what it pays or may pay",
            ))
            .gives(200, all_read),
            allocations,
        )
        .add(
            get(ROOM, "/explain", "explain", "The events, rules and people behind an item, a letter or a balance")
                .must("reference", Holds::Text, "Any number, or a customer number for a balance")
                .asks("as_at", Holds::Day, "As at the end of this day; today when not said")
                .gives(200, desk::<Explanation>),
            story,
        )
        .add(
            get(ROOM, "/verify", "verify", "Prove the ledger: every check, with what fails")
                .needs(MAY_PROVE)
                .gives(200, desk::<Proof>),
            proof,
        )
}

fn all<T: ToSchema>(named: &mut super::shape::Shapes) -> serde_json::Value {
    serde_json::json!({ "type": "array", "items": own::<T>(named) })
}

fn all_read(named: &mut super::shape::Shapes) -> serde_json::Value {
    serde_json::json!({ "type": "array", "items": desk::<ExportedAllocation>(named) })
}

/// An item.
#[derive(ToSchema)]
#[allow(dead_code)]
struct ItemExported {
    customer_id: String,
    name: String,
    kind: String,
    number: String,
    posted_on: NaiveDate,
    dated_on: NaiveDate,
    due_on: NaiveDate,
    original_pence: i64,
    open_pence: i64,
    disputed_pence: i64,
    service: String,
    debt_type: String,
    stage: String,
}

/// An entry of a journal.
#[derive(ToSchema)]
#[allow(dead_code)]
struct EntryExported {
    journal: i64,
    line: i64,
    posted_on: NaiveDate,
    event: String,
    source: String,
    gl_code: String,
    cost_centre: String,
    debit_pence: i64,
    credit_pence: i64,
}

/// A letter.
#[derive(ToSchema)]
#[allow(dead_code)]
struct LetterExported {
    number: String,
    kind: String,
    customer_id: String,
    dated_on: NaiveDate,
    channel: String,
    state: String,
    total_pence: i64,
    content_sha256: String,
}

async fn aged(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let or = |name: &str, otherwise: &str| {
        Some(asked.text(name)).filter(|t| !t.is_empty()).unwrap_or_else(|| otherwise.into())
    };
    let as_at = asked.day("as_at").unwrap_or_else(|| doors.desk.today());
    let ask = AskAgedDebt { as_at, basis: or("basis", "due"), by: or("by", "customer") };
    let report = aged_debt(&doors.desk, &by.0, &ask).await?;
    match asked.text("format").as_str() {
        format @ ("csv" | "xlsx") => {
            let bytes = if format == "csv" { report.to_csv() } else { report.to_xlsx(&by.0.name)? };
            let left = Leaving::of("aged debt", format, report.rows.len(), &bytes).with("as_at", as_at.to_string());
            Ok(left.on(file_as(&format!("aged-debt-{as_at}"), format, bytes)?))
        }
        _ => ok(&report),
    }
}

fn send<T: Serialize>(asked: &Asked, name: &str, export: Export<T>) -> Answer {
    let left = |format: &str, bytes: &[u8]| {
        Leaving::of(name, format, export.rows.len(), bytes).with("since", asked.text("since"))
    };
    if asked.text("format") == "csv" {
        let left = left("csv", &export.csv);
        return Ok(left.on(file(&format!("{name}.csv"), "text/csv; charset=utf-8", export.csv)?));
    }
    let left = left("json", &serde_json::to_vec(&export.rows)?);
    Ok(left.on(ok(&export.rows)?))
}

async fn items(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    send(&asked, "items", exports::items(&doors.desk, &by.0, asked.day("since")).await?)
}

async fn journals(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    send(&asked, "journals", exports::journals(&doors.desk, &by.0, asked.day("since")).await?)
}

async fn letters(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    send(&asked, "letters", exports::letters(&doors.desk, &by.0, asked.day("since")).await?)
}

async fn allocations(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = export_allocations(&doors.desk, &by.0, asked.day("since")).await?;
    let cells = |row: &ExportedAllocation| {
        let mut cells = row.cells().map(csv_out::Cell::Text);
        cells[3] = csv_out::Cell::Pence(row.amount_pence);
        cells.to_vec()
    };
    let csv = if asked.text("format") == "csv" { csv_out::write(&COLUMNS, rows.iter().map(cells)) } else { Vec::new() };
    send(&asked, "allocations", Export { rows, csv })
}

async fn story(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&explain(&doors.desk, &by.0, &asked.text("reference"), asked.day("as_at")).await?)
}

async fn proof(State(doors): State<Shared>, by: By) -> Answer {
    ok(&verify_by(&doors.desk, &by.0).await?)
}
