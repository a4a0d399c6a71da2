//! Reports: aged debt as at any day, and the lists in full.
use super::export::download;
use super::form::{Asked, asked, onto, page_number, read_date};
use crate::web::door::{Answer, Leaving, Routes, Shared, Visitor, page, page_with};
use crate::web::pages::aged_debt::{AgedDebt, AgedRow, AgedSums};
use crate::web::pages::reports::Reports;
use crate::web::ui::Frame;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use chrono::NaiveDate;
use serde::Serialize;
use sundry_desk::reports::aged_debt::{self as desk_aged, AskAgedDebt, aged_debt};
use sundry_desk::reports::exports::{self, Export};
use sundry_desk::{Fault, No};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// Rows a page.
const SIZE: usize = 40;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes of reports.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/reports", &[Duty::RunReports], get(list)).add("/reports/list", &[Duty::RunReports], get(file)).add(
        "/reports/aged-debt",
        &[Duty::RunReports],
        get(aged),
    )
}

fn reports(mut frame: Frame, query: &Asked) -> Reports {
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    frame.help = "rooms/reports".into();
    Reports {
        frame,
        reports: vec![
            three(
                "/reports/aged-debt",
                "Aged debt",
                "What is owed, by age, as at any day, by customer, service, debt type or item.",
            ),
            three(
                "/reports/aged-debt?basis=invoice",
                "Aged debt by invoice date",
                "The same, with days counted from the date of the invoice.",
            ),
            three("/explain", "Explain", "Why a balance, an item or a letter is what it is."),
        ],
        lists: vec![
            three("items", "Open items", "Every item posted, with what is open of it now."),
            three("journals", "Journals", "Every entry, as the general ledger receives them."),
            three("letters", "Letters", "Every letter, how it went and what it asked for."),
        ],
        chosen: asked(query, "list").to_owned(),
        since: asked(query, "since").to_owned(),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&reports(doors.frame(&visitor, "Reports").await, &query))
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let typed = asked(&query, "since");
    let since = read_date(typed, doors.desk.today());
    if since.is_none() && !typed.is_empty() {
        let mut again = reports(doors.frame(&visitor, "Reports").await, &query);
        again.frame.errors.add("since", "Enter a date such as 19/11/26, or leave it empty for all");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let (what, format) = (asked(&query, "list"), asked(&query, "format"));
    match what {
        "items" => send(what, (format, since), exports::items(&doors.desk, &visitor.actor, since).await?),
        "journals" => send(what, (format, since), exports::journals(&doors.desk, &visitor.actor, since).await?),
        "letters" => send(what, (format, since), exports::letters(&doors.desk, &visitor.actor, since).await?),
        _ => Err(No::Absent("list".into()).into()),
    }
}

fn send<T: Serialize>(name: &str, (format, since): (&str, Option<NaiveDate>), export: Export<T>) -> Answer {
    let since = since.map(|day| day.to_string()).unwrap_or_default();
    if format == "json" {
        let bytes = serde_json::to_vec(&export.rows).map_err(|e| Fault::new(format!("a list was not written: {e}")))?;
        let left = Leaving::of(name, "json", export.rows.len(), &bytes).with("since", since);
        return Ok(left.on(download(&format!("{name}.json"), "application/json", bytes)?));
    }
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend(export.csv);
    let left = Leaving::of(name, "csv", export.rows.len(), &bytes).with("since", since);
    Ok(left.on(download(&format!("{name}.csv"), "text/csv; charset=utf-8", bytes)?))
}

async fn aged(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let today = doors.desk.today();
    let typed = asked(&query, "as_at");
    let word = |name: &str, otherwise: &str| match asked(&query, name) {
        "" => otherwise.to_owned(),
        said => said.to_owned(),
    };
    let as_at = if typed.is_empty() { Some(today) } else { read_date(typed, today) };
    let ask = AskAgedDebt { as_at: as_at.unwrap_or(today), basis: word("basis", "due"), by: word("by", "customer") };
    let customer = asked(&query, "customer");
    let mut frame = doors.frame(&visitor, "Reports").await;
    frame.help = "rooms/reports".into();
    if as_at.is_none() {
        frame.errors.add("as_at", "Enter a date that exists, such as 30/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(frame, &ask, typed, None, customer, 1));
    }
    let report = match aged_debt(&doors.desk, &visitor.actor, &ask).await {
        Ok(report) if customer.is_empty() => report,
        Ok(report) => report.of_customer(customer),
        Err(no) => {
            let status = onto(&mut frame, no, &[])?;
            return page_with(status, &shown(frame, &ask, typed, None, customer, 1));
        }
    };
    let name = format!("aged-debt-{}", report.as_at);
    match asked(&query, "format") {
        format @ ("csv" | "xlsx" | "json") => {
            let (kind, bytes) = match format {
                "csv" => ("text/csv; charset=utf-8", report.to_csv()),
                "xlsx" => (XLSX, report.to_xlsx(&visitor.actor.name)?),
                _ => ("application/json", serde_json::to_vec(&report).map_err(No::from)?),
            };
            let left = Leaving::of("aged debt", format, report.rows.len(), &bytes);
            let left = left.with("as_at", report.as_at.to_string()).with("customer", customer);
            Ok(left.on(download(&format!("{name}.{format}"), kind, bytes)?))
        }
        _ => {
            let typed = ask.as_at.format("%-d %b %Y").to_string();
            page(&shown(frame, &ask, &typed, Some(&report), customer, page_number(&query)))
        }
    }
}

fn shown(
    frame: Frame,
    ask: &AskAgedDebt,
    typed: &str,
    report: Option<&desk_aged::AgedDebt>,
    customer: &str,
    place: u32,
) -> AgedDebt {
    let rows = report.map_or(&[][..], |report| &report.rows);
    let pages = u32::try_from(rows.len().div_ceil(SIZE)).unwrap_or(1).max(1);
    let place = place.min(pages);
    let from = (place as usize - 1) * SIZE;
    AgedDebt {
        frame,
        as_at_typed: typed.to_owned(),
        as_at: ask.as_at,
        basis: ask.basis.clone(),
        by: ask.by.clone(),
        customer: customer.to_owned(),
        bands: ["Not due", "1–30", "31–60", "61–90", "91–180", "181–365", "Over 365"].map(str::to_owned).into(),
        rows: rows.iter().skip(from).take(SIZE).map(|row| line(ask, row)).collect(),
        matching: rows.len() as i64,
        totals: report.map(|report| sums(&report.total)).unwrap_or_default(),
        page: (place, pages),
    }
}

fn line(ask: &AskAgedDebt, row: &desk_aged::AgedRow) -> AgedRow {
    let drill = format!("/reports/aged-debt?as_at={}&basis={}&by=item&customer=", ask.as_at, ask.basis);
    let (name, href) = match ask.by.as_str() {
        "customer" => (format!("{}, {}", row.name, row.customer_id), format!("{drill}{}", row.customer_id)),
        "item" => {
            let page = if row.key.starts_with("RCT-") { "/cash/receipts" } else { "/invoices" };
            let number = row.key.split('/').next().unwrap_or_default();
            (format!("{}, {}", row.key, row.name), format!("{page}/{number}"))
        }
        _ if row.key.is_empty() => ("Not said".to_owned(), String::new()),
        _ => (row.key.clone(), String::new()),
    };
    AgedRow { name, href, sums: sums(row) }
}

fn sums(row: &desk_aged::AgedRow) -> AgedSums {
    let amounts = row.amounts().map(Pence);
    AgedSums { bands: amounts[..7].to_vec(), unallocated: amounts[7], total: amounts[8] }
}
