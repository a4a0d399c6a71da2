//! The document to read: as JSON for programs, as a page for people.
use super::document::{document, examples};
use crate::web::door::{Shared, page};
use crate::web::pages::api_docs::{ApiDocs, Operation};
use crate::web::ui::Frame;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use sundry_domain::control::Duty;

/// The document for programs.
pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document().to_string()).into_response()
}

/// The document for people.
pub async fn docs(State(_): State<Shared>) -> Response {
    match page(&ApiDocs { frame: Frame::default(), rooms: rooms() }) {
        Ok(page) => page,
        Err(trouble) => super::problem::Problem::from(trouble.0).into_response(),
    }
}

fn rooms() -> Vec<(String, Vec<Operation>)> {
    let examples = examples();
    let mut rooms: Vec<(String, Vec<Operation>)> = Vec::new();
    for row in super::table().operations {
        let example = examples.iter().find(|one| one.operation == row.id);
        let shown = |value: Option<&Value>| match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        };
        let operation = Operation {
            method: row.method.to_uppercase(),
            path: format!("/api/v1{}", row.path),
            summary: row.summary.to_owned(),
            duty: row.duties.iter().map(|duty: &Duty| duty.name()).collect::<Vec<_>>().join(" or "),
            request: shown(example.map(|one| &one.request)),
            answer: shown(example.map(|one| &one.answer)),
        };
        match rooms.iter_mut().find(|(name, _)| name == row.room) {
            Some((_, all)) => all.push(operation),
            None => rooms.push((row.room.to_owned(), vec![operation])),
        }
    }
    rooms
}
