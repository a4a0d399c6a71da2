//! What a program sends: who it is, its key, its question, its body. Everything wrong is told at once.
use super::document;
use super::problem::Problem;
use super::shape::Shapes;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Path, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sundry_desk::{Actor, Fault};
use sundry_domain::control::mask_card_numbers;
use sundry_domain::money::LARGEST;
use sundry_domain::refusal::Invalid;
use utoipa::ToSchema;

/// The longest text that is taken, in characters.
const LONGEST: usize = 10_000;

/// Who asks.
#[derive(Clone)]
pub struct By(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<By, Problem> {
        parts.extensions.get::<By>().cloned().ok_or_else(Problem::unknown_caller)
    }
}

/// The idempotency key of a request that changes something.
pub struct Key(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, Problem> {
        let sent = parts.headers.get("idempotency-key").map(|value| value.to_str().unwrap_or_default());
        match sent {
            Some(key) if (1..=100).contains(&key.len()) => Ok(Key(key.to_owned())),
            sent => {
                let say = "Send an Idempotency-Key of 1 to 100 plain characters, a new one for each thing to be done";
                Err(Invalid::field("Idempotency-Key", say, sent.unwrap_or_default()).into())
            }
        }
    }
}

/// The one name in the path.
pub struct At(pub String);

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<At, Problem> {
        let named = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Problem::absent(""))?;
        checked_name(named.0).map(At)
    }
}

/// The two names in the path.
pub struct AtTwo(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for AtTwo {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<AtTwo, Problem> {
        let named =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| Problem::absent(""))?;
        let (first, second) = named.0;
        Ok(AtTwo(checked_name(first)?, checked_name(second)?))
    }
}

fn checked_name(name: String) -> Result<String, Problem> {
    if name.len() > 200 || name.chars().any(char::is_control) { Err(Problem::absent("")) } else { Ok(name) }
}

/// A whole number in a path; what is not one names nothing.
pub fn numbered(text: &str, what: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::absent(what))
}

/// The question of a GET, checked against the parameters that the operation knows.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The path as it was asked.
    pub path: String,
    /// Names and values.
    pub pairs: Vec<(String, String)>,
}

impl Asked {
    /// A parameter; empty when it was not sent.
    pub fn text(&self, name: &str) -> String {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// A day.
    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        self.text(name).parse().ok()
    }

    /// Yes or no; no when it was not sent.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// How many rows, at most 200.
    pub fn limit(&self) -> i64 {
        self.whole("limit").unwrap_or(100)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked, Problem> {
        let asked = parts.extensions.get::<Asked>().cloned();
        asked.ok_or_else(|| Fault::new("a question was not checked before it was asked").into())
    }
}

/// A JSON body, checked against its schema in the document.
pub struct Sent<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + ToSchema> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Sent<T>, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/json") {
            let detail = "Send the body as application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "NOT-JSON", "Not JSON", detail));
        }
        let bytes = whole_body(request, state).await?;
        let unread = |e: serde_json::Error| Invalid::field("body", format!("Send JSON that can be read: {e}"), "");
        let value: Value = serde_json::from_slice(&bytes).map_err(unread)?;
        let mut wrong = Vec::new();
        let schemas = document::schemas();
        if let Some(schema) = schemas.get(T::name().as_ref()) {
            check(schema, schemas, &value, Place { row: None, field: "body" }, &mut wrong);
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        Ok(Sent(serde_json::from_value(value).map_err(unread)?))
    }
}

async fn whole_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|no| {
        let (code, title) = ("BODY", "The body did not arrive whole");
        let status = if no.status() == StatusCode::PAYLOAD_TOO_LARGE { no.status() } else { StatusCode::BAD_REQUEST };
        Problem::new(status, code, title, "Send it again, at most 64 MB.")
    })
}

#[derive(Clone, Copy)]
struct Place<'a> {
    row: Option<u64>,
    field: &'a str,
}

impl Place<'_> {
    fn wrong(self, message: impl Into<String>, value: &Value) -> Invalid {
        let typed = match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let typed = mask_card_numbers(&typed.chars().take(200).collect::<String>());
        Invalid { row: self.row, field: self.field.into(), message: message.into(), typed }
    }
}

/// Everything about a value that its schema does not allow.
fn check(schema: &Value, named: &Shapes, value: &Value, at: Place<'_>, wrong: &mut Vec<Invalid>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return named.get(name).map_or((), |schema| check(schema, named, value, at, wrong));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let other = choices.iter().find(|one| one["type"] != "null").filter(|_| !value.is_null());
        return other.map_or((), |schema| check(schema, named, value, at, wrong));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    if value.is_null() && kinds.contains(&"null") {
        return;
    }
    match kinds.iter().find(|kind| **kind != "null").copied().unwrap_or_default() {
        "string" => check_text(schema, value, at, wrong),
        "integer" => check_whole(schema, value, at, wrong),
        "boolean" if !value.is_boolean() => wrong.push(at.wrong("Send true or false", value)),
        "array" => match value.as_array() {
            None => wrong.push(at.wrong("Send a list", value)),
            Some(all) if all.len() > 1_000 => wrong.push(at.wrong("Send at most 1,000 at once", &Value::Null)),
            Some(all) => {
                for (row, one) in (1..).zip(all) {
                    check(&schema["items"], named, one, Place { row: Some(row), ..at }, wrong);
                }
            }
        },
        "object" => check_fields(schema, named, value, at, wrong),
        _ => {}
    }
}

fn check_fields(schema: &Value, named: &Shapes, value: &Value, at: Place<'_>, wrong: &mut Vec<Invalid>) {
    let Some(sent) = value.as_object() else {
        return wrong.push(at.wrong("Send a JSON object", value));
    };
    // An object of which nothing is said is free: whoever reads it says what is wrong in it.
    let Some(known) = schema["properties"].as_object() else { return };
    let required = schema["required"].as_array();
    for name in required.into_iter().flatten().filter_map(Value::as_str).filter(|name| !sent.contains_key(*name)) {
        wrong.push(Place { field: name, ..at }.wrong("Send this field", &Value::Null));
    }
    for (name, value) in sent {
        let at = Place { field: name, ..at };
        match known.get(name) {
            Some(schema) => check(schema, named, value, at, wrong),
            None => {
                let field: String = name.chars().take(100).collect();
                wrong.push(Place { field: &field, ..at }.wrong("There is no such field: leave it out", value));
            }
        }
    }
}

fn check_text(schema: &Value, value: &Value, at: Place<'_>, wrong: &mut Vec<Invalid>) {
    let Some(text) = value.as_str() else {
        let say = if schema["format"] == "date" { "Send a day as 2026-11-30" } else { "Send text" };
        return wrong.push(at.wrong(say, value));
    };
    if schema["format"] == "date" {
        if day(text).is_none() {
            wrong.push(at.wrong("Send a day between 1900-01-01 and 2199-12-31, as 2026-11-30", value));
        }
    } else if text.contains('\0') {
        wrong.push(at.wrong("Send text without NUL characters", &Value::Null));
    } else if text.chars().count() > LONGEST {
        wrong.push(at.wrong("Send at most 10,000 characters", value));
    }
}

fn check_whole(schema: &Value, value: &Value, at: Place<'_>, wrong: &mut Vec<Invalid>) {
    let Some(number) = value.as_i64() else {
        let say = if at.field.ends_with("_pence") { "Send a whole number of pence" } else { "Send a whole number" };
        return wrong.push(at.wrong(say, value));
    };
    let bound = |name: &str, otherwise: i64| schema[name].as_f64().map_or(otherwise, |bound| bound as i64);
    let widest = if at.field.ends_with("_pence") { LARGEST.0 } else { i64::MAX };
    let (least, most) = (bound("minimum", widest.saturating_neg()), bound("maximum", widest));
    if !(least..=most).contains(&number) {
        wrong.push(at.wrong(format!("Send a whole number from {least} to {most}"), value));
    }
}

/// A day as it must be written, in the years there can be.
pub fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok().filter(|_| text.len() == 10)?;
    (1900..=2199).contains(&day.year()).then_some(day)
}

/// A file that was sent, alone as the body or in parts.
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    /// Name and bytes of the file.
    pub file: (String, Vec<u8>),
    /// The second file, where there is one.
    pub lines: Option<(String, Vec<u8>)>,
}

impl<S: Send + Sync> FromRequest<S> for Parcel {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Parcel, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let parcel = if kind.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, state).await.map_err(|_| broken())?;
            in_parts(parts).await?
        } else {
            let asked = request.extensions().get::<Asked>().cloned().unwrap_or_default();
            let name = Some(asked.text("file_name")).filter(|name| !name.is_empty());
            let bytes = whole_body(request, state).await?.to_vec();
            Parcel { file: (name.unwrap_or_else(|| "file".into()), bytes), lines: None }
        };
        if parcel.file.1.is_empty() {
            return Err(Invalid::field("file", "Send a file that is not empty", &parcel.file.0).into());
        }
        Ok(parcel)
    }
}

fn broken() -> Problem {
    Invalid::field("file", "The parts did not arrive whole. Send them again, at most 64 MB", "").into()
}

async fn in_parts(mut parts: Multipart) -> Result<Parcel, Problem> {
    let mut parcel = Parcel::default();
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().unwrap_or("file").chars().filter(|c| !c.is_control()).take(200).collect();
        let bytes = part.bytes().await.map_err(|_| broken())?.to_vec();
        match field.as_str() {
            "file" => parcel.file = (name, bytes),
            "lines" | "our_file" => parcel.lines = Some((name, bytes)),
            _ => {
                return Err(
                    Invalid::field(&field, "There is no such part: send file, and lines beside invoices", "").into()
                );
            }
        }
    }
    Ok(parcel)
}
