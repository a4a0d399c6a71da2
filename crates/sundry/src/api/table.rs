//! The table of operations: one row says the route, the duty it needs, what it takes and what it gives.
//!
//! The router, the guard at each route and the document are all made from these rows (Q01).
use super::problem::Problem;
use super::sent::{Asked, By, day};
use super::shape::{Shapes, shape_of};
use crate::web::door::Shared;
use axum::Router;
use axum::extract::{OriginalUri, Request};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use utoipa::ToSchema;

/// Gives a schema; structs inside it go into the named ones.
pub type Shape = fn(&mut Shapes) -> Value;

/// What a parameter may hold.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// Any text.
    Text,
    /// A whole number between two.
    Whole(i64, i64),
    /// A day.
    Day,
    /// `true` or `false`.
    Flag,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// A parameter of the question.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Name.
    pub name: &'static str,
    /// What it may hold.
    pub holds: Holds,
    /// For people.
    pub about: &'static str,
    /// Whether it must be sent.
    pub required: bool,
}

/// What the body holds.
#[derive(Clone, Copy)]
pub enum Body {
    /// Nothing.
    None,
    /// A JSON object.
    Json(Shape),
    /// A file, alone or in parts.
    File,
}

/// An operation.
#[derive(Clone)]
pub struct Operation {
    /// `get`, `post` or `put`.
    pub method: &'static str,
    /// The path below `/api/v1`.
    pub path: &'static str,
    /// Its name for programs.
    pub id: &'static str,
    /// The room it belongs to.
    pub room: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// The duties, any one of which opens it; none means any key of the organisation.
    pub duties: &'static [Duty],
    /// Parameters of the question.
    pub params: Vec<Param>,
    /// The body.
    pub body: Body,
    /// Whether it changes something, so that it needs a key.
    pub changes: bool,
    /// The status of its answer.
    pub status: u16,
    /// The shape of its answer; none for bytes.
    pub answer: Option<Shape>,
    /// Media types of its answer besides JSON, or instead of it.
    pub files: &'static [&'static str],
}

/// An operation that asks.
pub fn get(room: &'static str, path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation {
        method: "get",
        path,
        id,
        room,
        summary,
        duties: &[Duty::View],
        params: Vec::new(),
        body: Body::None,
        changes: false,
        status: 200,
        answer: None,
        files: &[],
    }
}

/// An operation that does something.
pub fn post(room: &'static str, path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation { method: "post", changes: true, ..get(room, path, id, summary) }
}

const TABLES: &[&str] = &["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];

impl Operation {
    /// Needs any of these duties.
    pub fn needs(mut self, duties: &'static [Duty]) -> Operation {
        self.duties = duties;
        self
    }

    /// Takes a parameter.
    pub fn asks(mut self, name: &'static str, holds: Holds, about: &'static str) -> Operation {
        self.params.push(Param { name, holds, about, required: false });
        self
    }

    /// Takes a parameter that must be sent.
    pub fn must(mut self, name: &'static str, holds: Holds, about: &'static str) -> Operation {
        self.params.push(Param { name, holds, about, required: true });
        self
    }

    /// A list: its rows, a page at a time, as JSON or as a file.
    pub fn paged(self, rows: Shape) -> Operation {
        self.asks("after", Holds::Text, "Where to go on, as the last answer said")
            .asks("limit", Holds::Whole(1, 200), "At most so many rows; 100 when not said")
            .listed(rows)
    }

    /// A list in one piece, as JSON or as a file.
    pub fn listed(mut self, rows: Shape) -> Operation {
        self.files = TABLES;
        self.asks("format", Holds::OneOf(&["json", "csv", "xlsx"]), "How it is written; json when not said")
            .gives(200, rows)
    }

    /// Takes a JSON body.
    pub fn takes<T: ToSchema>(mut self) -> Operation {
        self.body = Body::Json(own::<T>);
        self
    }

    /// Takes a file.
    pub fn takes_file(mut self) -> Operation {
        self.body = Body::File;
        self.asks("file_name", Holds::Text, "The file's name, when the body is the file alone")
    }

    /// Gives this.
    pub fn gives(mut self, status: u16, answer: Shape) -> Operation {
        (self.status, self.answer) = (status, Some(answer));
        self
    }

    /// Gives bytes of these media types.
    pub fn gives_file(mut self, kinds: &'static [&'static str]) -> Operation {
        self.files = kinds;
        self
    }

    /// Changes nothing, although it is a POST.
    pub fn looks_only(mut self) -> Operation {
        self.changes = false;
        self
    }

    /// Replaces, so it is a PUT.
    pub fn replaces(mut self) -> Operation {
        self.method = "put";
        self
    }
}

/// The shape of a type of the desk's that can be read back.
pub fn desk<T: DeserializeOwned>(named: &mut Shapes) -> Value {
    shape_of::<T>(named)
}

/// The shape of a type of our own.
pub fn own<T: ToSchema>(named: &mut Shapes) -> Value {
    let mut inside = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut inside);
    for (name, schema) in inside {
        let shape = serde_json::to_value(schema).unwrap_or_default();
        let before = named.insert(name.clone(), shape.clone());
        debug_assert!(before.is_none_or(|one| one == shape), "two bodies are called {name}");
    }
    json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
}

fn list(rows: Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "rows": { "type": "array", "items": rows },
            "next": { "type": ["string", "null"], "description": "Where the next rows are; null on the last page." },
            "count": { "type": ["integer", "null"], "description": "How many there are in all, where counted." },
        },
        "required": ["count", "next", "rows"],
    })
}

/// A list of a type of the desk's.
pub fn desk_list<T: DeserializeOwned>(named: &mut Shapes) -> Value {
    list(desk::<T>(named))
}

/// A list of a type of our own.
pub fn own_list<T: ToSchema>(named: &mut Shapes) -> Value {
    list(own::<T>(named))
}

/// Operations under construction, with their router.
#[derive(Default)]
pub struct Table {
    router: Router<Shared>,
    /// The rows.
    pub operations: Vec<Operation>,
}

impl Table {
    /// Adds an operation and what carries it out.
    #[must_use]
    pub fn add<H: Handler<T, Shared>, T: 'static>(mut self, operation: Operation, handler: H) -> Table {
        let filter = match operation.method {
            "get" => MethodFilter::GET,
            "put" => MethodFilter::PUT,
            _ => MethodFilter::POST,
        };
        let row = Arc::new(operation.clone());
        let guard = from_fn(move |request: Request, next: Next| guard(row.clone(), request, next));
        self.router = self.router.route(operation.path, on(filter, handler).route_layer(guard));
        self.operations.push(operation);
        self
    }

    /// The router.
    pub fn into_router(self) -> Router<Shared> {
        self.router
    }
}

async fn guard(row: Arc<Operation>, mut request: Request, next: Next) -> Response {
    match admitted(&row, &request) {
        Ok(asked) => {
            request.extensions_mut().insert(asked);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Who may, with a question that is understood and a key where one is needed.
fn admitted(row: &Operation, request: &Request) -> Result<Asked, Problem> {
    let By(actor) = request.extensions().get::<By>().ok_or_else(Problem::unknown_caller)?;
    if let Some(duty) = row.duties.first().filter(|_| !row.duties.iter().any(|duty| actor.holds(*duty))) {
        actor.must_hold(*duty)?;
    }
    let path = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().path(), |uri| uri.path());
    let query = request.uri().query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let mut wrong: Vec<Invalid> = pairs.iter().filter_map(|(name, value)| wrong_value(row, name, value)).collect();
    for param in row.params.iter().filter(|p| p.required && !pairs.iter().any(|(name, _)| name == p.name)) {
        wrong.push(Invalid::field(param.name, "Send this parameter", ""));
    }
    if row.changes && !request.headers().contains_key("idempotency-key") {
        let say = "Send an Idempotency-Key of 1 to 100 plain characters, a new one for each thing to be done";
        wrong.push(Invalid::field("Idempotency-Key", say, ""));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    Ok(Asked { path: path.to_owned(), pairs })
}

fn wrong_value(row: &Operation, name: &str, value: &str) -> Option<Invalid> {
    let say = |message: String| {
        let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
        Some(Invalid::field(&short(name), message, short(value)))
    };
    let Some(param) = row.params.iter().find(|param| param.name == name) else {
        return say("There is no such parameter: leave it out".into());
    };
    match param.holds {
        Holds::Text if value.len() > 500 || value.contains('\0') => say("Send at most 500 characters".into()),
        Holds::Whole(least, most) if !value.parse().is_ok_and(|n: i64| (least..=most).contains(&n)) => {
            say(format!("Send a whole number from {least} to {most}"))
        }
        Holds::Day if day(value).is_none() => say("Send a day between 1900-01-01 and 2199-12-31, as 2026-11-30".into()),
        Holds::Flag if !matches!(value, "true" | "false") => say("Send true or false".into()),
        Holds::OneOf(known) if !known.contains(&value) => say(format!("Send one of: {}", known.join(", "))),
        _ => None,
    }
}
