//! Importing customers and invoices: the file's own rows with everything that is wrong in them, and nothing kept
//! until a person says so.
use super::export::download;
use super::form::{Asked, asked, onto};
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Upload, Visitor, page, page_with, told};
use crate::web::pages::file_check::{Checked, FileCheck, FileRow, FileTable};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::collections::BTreeSet;
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::customers::{ImportCustomers, Imported, Problem, import_customers};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::intake::source_rows;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let duty: &[Duty] = &[Duty::ImportFiles];
    routes.add("/imports/{kind}", duty, get(view).post(check)).add("/imports/{kind}/release", duty, post(release)).add(
        "/imports/{kind}/errors",
        duty,
        get(errors),
    )
}

/// The most wrong rows shown, and the most of a file with nothing wrong.
const MOST_WRONG: usize = 200;
const MOST_RIGHT: usize = 20;

/// The files of an import.
struct Files {
    name: String,
    bytes: Vec<u8>,
    lines: Option<(String, Vec<u8>)>,
}

async fn blank(doors: &Shared, visitor: &Visitor, kind: &str) -> Outcome<FileCheck> {
    let (title, room) = match kind {
        "customers" => ("Import customers", "Customers"),
        "invoices" => ("Import invoices", "Billing"),
        _ => return Err(No::Absent("import".into())),
    };
    Ok(FileCheck {
        frame: doors.frame(visitor, room).await,
        kind: kind.to_owned(),
        title: title.to_owned(),
        accepts: ".csv,.xlsx",
        with_lines: kind == "invoices",
        checked: None,
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(kind): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &kind).await?)
}

/// Asks the desk: a check, or the import itself.
async fn import(
    doors: &Shared,
    visitor: &Visitor,
    kind: &str,
    files: &Files,
    how: (&str, bool, bool),
) -> Outcome<Imported> {
    let (key, dry_run, accept_good) = how;
    let (key, file_name, bytes) = (key.to_owned(), files.name.clone(), files.bytes.clone());
    if kind == "customers" {
        let ask = ImportCustomers { key, file_name, bytes, dry_run, accept_good };
        return import_customers(&doors.desk, &visitor.actor, ask).await;
    }
    let (lines_name, lines) = files.lines.clone().unzip();
    let lines_name = lines_name.unwrap_or_default();
    let ask = ImportInvoices { key, file_name, bytes, lines_name, lines, dry_run, accept_good };
    import_invoices(&doors.desk, &visitor.actor, ask).await
}

async fn check(State(doors): State<Shared>, visitor: Visitor, Path(kind): Path<String>, posted: Posted) -> Answer {
    let mut shown = blank(&doors, &visitor, &kind).await?;
    let sent = |field: &str| posted.files.iter().find(|file| file.field == field && !file.bytes.is_empty());
    let Some(file) = sent("file") else {
        shown.frame.errors.add("file", "Choose a CSV file or a workbook");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let lines = sent("lines").filter(|_| shown.with_lines);
    let files = match as_tables(file, lines).await {
        Ok(files) => files,
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            return page_with(status, &shown);
        }
    };
    match import(&doors, &visitor, &kind, &files, (&posted.key(), true, true)).await {
        Ok(found) => {
            let checked = checked(&doors, &visitor, &kind, &files, &found)?;
            let status = if checked.problems > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shown.checked = Some(checked);
            page_with(status, &shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

/// The files as the tables that the desk reads: a workbook is opened in a child, never here.
async fn as_tables(file: &Upload, lines: Option<&Upload>) -> Outcome<Files> {
    let lines = match lines {
        Some(lines) => Some((lines.name.clone(), child::as_table(lines.bytes.clone()).await.map_err(at("lines"))?)),
        None => None,
    };
    Ok(Files { name: file.name.clone(), bytes: child::as_table(file.bytes.clone()).await?, lines })
}

/// The same "no", at the field of the form it belongs to.
fn at(field: &'static str) -> impl Fn(No) -> No {
    move |no| match no {
        No::Invalid(all) => {
            No::Invalid(all.into_iter().map(|one| Invalid { field: field.to_owned(), ..one }).collect())
        }
        other => other,
    }
}

/// What the page shows of a file; its bytes are kept sealed, by their hash, until a person imports them.
fn checked(doors: &Shared, visitor: &Visitor, kind: &str, files: &Files, found: &Imported) -> Outcome<Checked> {
    let keep = |bytes: &[u8]| doors.desk.files().put(visitor.actor.org.0, bytes);
    let of = |file: &str| found.problems.iter().filter(|one| one.file == file).collect::<Vec<&Problem>>();
    let mut tables = vec![table("Rows of the file", &files.bytes, &of(kind))];
    let mut lines = None;
    if let Some((name, bytes)) = &files.lines {
        lines = Some((name.clone(), keep(bytes)?));
        tables.push(table("Rows of the file of lines", bytes, &of("lines")));
    }
    let whole = found.problems.iter().filter(|one| one.row <= 1).map(|one| one.message.clone());
    Ok(Checked {
        name: files.name.clone(),
        kept_as: keep(&files.bytes)?,
        lines,
        rows: found.rows,
        right: found.taken,
        control: (kind == "invoices").then_some(Pence(found.total_pence)),
        whole: whole.collect(),
        problems: i64::try_from(found.problems.len()).unwrap_or(i64::MAX),
        tables: tables.into_iter().filter(|table| !table.shown.is_empty()).collect(),
    })
}

/// The file's own rows: the wrong ones with why, or the first of a file that is right.
fn table(title: &str, bytes: &[u8], problems: &[&Problem]) -> FileTable {
    let rows: BTreeSet<usize> =
        problems.iter().filter_map(|one| usize::try_from(one.row).ok()).filter(|row| *row > 1).collect();
    let most = if rows.is_empty() { MOST_RIGHT } else { MOST_WRONG };
    let (columns, found) = source_rows(bytes, &rows, most);
    let heads: Vec<String> = columns.iter().map(|name| name.trim().to_lowercase()).collect();
    let shown = found.into_iter().map(|row| {
        let wrong: Vec<&&Problem> = problems.iter().filter(|one| usize::try_from(one.row) == Ok(row.row)).collect();
        let why = |at: usize| {
            let of = wrong.iter().filter(|one| heads.get(at).is_some_and(|head| *head == one.field));
            let words: Vec<&str> = of.map(|one| one.message.as_str()).collect();
            (!words.is_empty()).then(|| words.join(". "))
        };
        let cells =
            (0..columns.len().max(row.cells.len())).map(|at| (row.cells.get(at).cloned().unwrap_or_default(), why(at)));
        let rest = wrong.iter().filter(|one| !heads.contains(&one.field)).map(|one| one.message.as_str());
        FileRow {
            line: i64::try_from(row.row).unwrap_or(0),
            cells: cells.take(columns.len()).collect(),
            why: rest.collect::<Vec<_>>().join(". "),
        }
    });
    FileTable { title: title.to_owned(), shown: shown.collect(), columns }
}

/// The kept files that a page named.
fn kept(doors: &Shared, visitor: &Visitor, of: impl Fn(&str) -> String) -> Outcome<Files> {
    let get = |sha256: &str| doors.desk.files().get(visitor.actor.org.0, sha256);
    let lines = match of("kept_lines").as_str() {
        "" => None,
        sha256 => Some((of("lines_name"), get(sha256)?)),
    };
    Ok(Files { name: of("name"), bytes: get(&of("kept"))?, lines })
}

async fn release(State(doors): State<Shared>, visitor: Visitor, Path(kind): Path<String>, posted: Posted) -> Answer {
    let mut shown = blank(&doors, &visitor, &kind).await?;
    let files = kept(&doors, &visitor, |name| posted.get(name).to_owned())?;
    let good = posted.get("do") == "good";
    match import(&doors, &visitor, &kind, &files, (&posted.key(), false, good)).await {
        Ok(found) if found.taken == 0 => {
            shown.checked = Some(checked(&doors, &visitor, &kind, &files, &found)?);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Ok(found) => {
            let to = if kind == "customers" { "/customers" } else { "/billing" };
            let left = if found.refused > 0 { format!("; {} left out", found.refused) } else { String::new() };
            told(to, &format!("{} {kind} imported from {}{left}", found.taken, files.name))
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

/// The wrong rows with the reason beside each, to be corrected and handed in again.
async fn errors(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    blank(&doors, &visitor, &kind).await?;
    let files = kept(&doors, &visitor, |name| asked(&query, name).to_owned())?;
    let found = import(&doors, &visitor, &kind, &files, ("check", true, true)).await?;
    let of_lines = asked(&query, "of") == "lines";
    let csv = if of_lines { found.bad_lines_csv } else { found.bad_rows_csv };
    let csv = csv.ok_or_else(|| No::Absent("wrong row".into()))?;
    let name = format!("{}-to-correct.csv", if of_lines { "lines" } else { kind.as_str() });
    download(&name, "text/csv; charset=utf-8", csv.into_bytes())
}
