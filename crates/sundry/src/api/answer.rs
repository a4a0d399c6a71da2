//! What a program is given: a document, a list with the way on, a file.
use super::problem::Problem;
use super::sent::{Asked, By};
use crate::web::door::{Leaving, form_encode};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;
use sundry_desk::Fault;
use sundry_formats::csv_out::{self, Cell};
use sundry_formats::xlsx_out::{About, Column, ColumnKind, WorkbookWriter};

/// What a handler gives.
pub type Answer = Result<Response, Problem>;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A document.
pub fn json<T: Serialize>(status: StatusCode, answer: &T) -> Answer {
    let bytes = serde_json::to_vec(answer)?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// A document, all well.
pub fn ok<T: Serialize>(answer: &T) -> Answer {
    json(StatusCode::OK, answer)
}

/// Something that was made, and where it is.
pub fn made<T: Serialize>(place: &str, answer: &T) -> Answer {
    placed(StatusCode::CREATED, place, answer)
}

/// Something that will be done, and where to see how far it is.
pub fn begun<T: Serialize>(place: &str, answer: &T) -> Answer {
    placed(StatusCode::ACCEPTED, place, answer)
}

fn placed<T: Serialize>(status: StatusCode, place: &str, answer: &T) -> Answer {
    let mut response = json(status, answer)?;
    let place = format!("/api/v1/{}", form_encode(place));
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// Bytes to be kept under a name.
pub fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Answer {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let disposition = format!("attachment; filename=\"{}\"", name.chars().map(safe).collect::<String>());
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// A file written elsewhere, by its format.
pub fn file_as(name: &str, format: &str, bytes: Vec<u8>) -> Answer {
    let kind = match format {
        "xlsx" => XLSX,
        "pdf" => "application/pdf",
        "xml" => "application/xml",
        _ => "text/csv; charset=utf-8",
    };
    file(&format!("{name}.{format}"), kind, bytes)
}

/// A list on its way out.
pub struct List<T> {
    /// What it is, for the name of a file.
    pub title: &'static str,
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next rows begin.
    pub next: Option<String>,
    /// How many there are in all, where they were counted.
    pub count: Option<i64>,
}

impl<T: Serialize> List<T> {
    /// A list that is whole.
    pub fn whole(title: &'static str, rows: Vec<T>) -> List<T> {
        List { title, rows, next: None, count: None }
    }

    /// The list as it was asked for: JSON, CSV or a workbook.
    ///
    /// # Errors
    /// Our fault, when it cannot be written.
    pub fn send(self, asked: &Asked, by: &By, today: NaiveDate) -> Answer {
        let next = self.next.as_ref().map(|after| way_on(asked, after));
        let format = asked.text("format");
        let mut response = match format.as_str() {
            "csv" | "xlsx" => {
                let bytes = self.table(&format, by, today)?;
                let pairs = asked.pairs.iter().filter(|(name, _)| name != "format");
                let left = Leaving::of(self.title, &format, self.rows.len(), &bytes);
                let left = pairs.fold(left, |left, (name, value)| left.with(name, value));
                left.on(file_as(&format!("{}-{today}", self.title.to_lowercase().replace(' ', "-")), &format, bytes)?)
            }
            _ => ok(&serde_json::json!({ "rows": self.rows, "next": next, "count": self.count }))?,
        };
        let link = next.and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
        if let Some(link) = link {
            response.headers_mut().insert(HeaderName::from_static("link"), link);
        }
        Ok(response)
    }

    fn table(&self, format: &str, by: &By, today: NaiveDate) -> Result<Vec<u8>, Problem> {
        let mut rows = Vec::new();
        for row in &self.rows {
            rows.push(serde_json::from_slice::<InOrder>(&serde_json::to_vec(row)?)?.0);
        }
        let heads: Vec<String> =
            rows.first().into_iter().flatten().map(|(name, _)| name.trim_end_matches("_pence").to_owned()).collect();
        let cells = |row: &Vec<(String, Value)>| row.iter().map(|(name, value)| cell(name, value)).collect::<Vec<_>>();
        if format == "csv" {
            let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
            return Ok(csv_out::write(&heads, rows.iter().map(cells)));
        }
        let broken = |e: &dyn fmt::Display| Problem::from(Fault::new(format!("a workbook was not written: {e}")));
        let kinds = rows.first().into_iter().flatten().map(|(name, value)| kind(name, value));
        let columns =
            heads.iter().zip(kinds).map(|(heading, kind)| Column { heading: heading.clone(), kind }).collect();
        let facts = vec![("As at".to_owned(), today.to_string()), ("Made by".to_owned(), by.0.name.clone())];
        let about = About { title: self.title.to_owned(), facts, made_on: Some(today) };
        let mut book = WorkbookWriter::new(about, columns).map_err(|e| broken(&e))?;
        for row in &rows {
            book.row(&cells(row)).map_err(|e| broken(&e))?;
        }
        book.finish().map_err(|e| broken(&e))
    }
}

/// The same question from another place on.
fn way_on(asked: &Asked, after: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    pairs.extend(asked.pairs.iter().filter(|(name, _)| name != "after").map(|(n, v)| (n.as_str(), v.as_str())));
    pairs.push(("after", after));
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", form_encode(value))).collect();
    format!("{}?{}", asked.path, query.join("&"))
}

fn kind(name: &str, value: &Value) -> ColumnKind {
    match cell(name, value) {
        Cell::Pence(_) => ColumnKind::Money,
        Cell::Whole(_) => ColumnKind::Whole,
        Cell::Date(_) => ColumnKind::Date,
        _ => ColumnKind::Text,
    }
}

fn cell(name: &str, value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Number(number) => match (number.as_i64(), name.ends_with("_pence")) {
            (Some(pence), true) => Cell::Pence(pence),
            (Some(whole), false) => Cell::Whole(whole),
            (None, _) => Cell::Text(number.to_string()),
        },
        Value::String(text) => super::sent::day(text).map_or_else(|| Cell::Text(text.clone()), Cell::Date),
        other => Cell::Text(other.to_string()),
    }
}

/// An object with its fields in the order in which they were written.
struct InOrder(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for InOrder {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<InOrder, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = InOrder;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InOrder, A::Error> {
                let mut all = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    all.push(pair);
                }
                Ok(InOrder(all))
            }
        }
        from.deserialize_map(Reader)
    }
}
