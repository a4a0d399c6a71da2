//! The OpenAPI 3.1 document, made from the table and from examples that a test sends and compares.
use super::problem::Details;
use super::shape::Shapes;
use super::table::{Body, Holds, Operation, own};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

/// Requests with their answers, as a test sent them: by operation.
const EXAMPLES: &str = include_str!("examples.json");

/// What every operation may answer besides its own: status, words, code of the example.
const PROBLEMS: &[(&str, &str)] = &[
    ("401", "No API key, or one that is not known"),
    ("403", "The key's user does not hold the duty"),
    ("404", "There is no such thing here, or it is another organisation's"),
    ("409", "A rule says no, with its code and the way out"),
    ("422", "Something that was sent is not understood: every field at once"),
    ("500", "Our fault, with a number to quote"),
    ("503", "The outcome is not known: send the same request again with the same key"),
];

/// The document with the shapes in it, made once.
fn made() -> &'static (Value, Shapes) {
    static MADE: OnceLock<(Value, Shapes)> = OnceLock::new();
    MADE.get_or_init(|| make(&super::table().operations))
}

/// The document.
pub fn document() -> &'static Value {
    &made().0
}

/// The named shapes: what is documented is what is checked.
pub fn schemas() -> &'static Shapes {
    &made().1
}

/// An example: what was sent and what came back.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Example {
    /// The operation's name.
    pub operation: String,
    /// The path and question, below `/api/v1`.
    pub path: String,
    /// The body that was sent; null for none, text for a file.
    pub request: Value,
    /// The status of the answer.
    pub status: u16,
    /// The answer; text where it is not JSON.
    pub answer: Value,
}

/// The examples.
pub fn examples() -> Vec<Example> {
    serde_json::from_str(EXAMPLES).unwrap_or_default()
}

fn make(operations: &[Operation]) -> (Value, Shapes) {
    let mut named = Shapes::new();
    own::<Details>(&mut named);
    let examples = examples();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let example = examples.iter().find(|one| one.operation == operation.id);
        let body = describe(operation, example, &mut named);
        let path = paths.entry(format!("/api/v1{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method] = body;
    }
    let mut rooms: Vec<&str> = Vec::new();
    for operation in operations {
        if !rooms.contains(&operation.room) {
            rooms.push(operation.room);
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "The Sundry API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "key": [] }],
        "tags": rooms.iter().map(|room| json!({ "name": room })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": named.clone(),
            "responses": problems(),
            "securitySchemes": {
                "key": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "sdy_…",
                    "description": "An API key of a user. It may do what the user may do, in the user's organisation.",
                },
            },
            "parameters": {
                "idempotency-key": {
                    "name": "Idempotency-Key", "in": "header", "required": true,
                    "description": "A new one for each thing to be done. The same key with the same request gives the \
                                    same answer, and nothing is done twice.",
                    "schema": { "type": "string", "minLength": 1, "maxLength": 100 },
                    "example": "2026-05-01-invoice-17",
                },
            },
        },
    });
    (document, named)
}

const ABOUT: &str = "The commands and questions of the receivables desk, for programs. Amounts are whole pence in \
    fields ending `_pence`; days are ISO 8601. A field or parameter that is not known is refused with 422, naming it. \
    Lists are read a page at a time: follow `next` until it is null. Every no is problem details (RFC 9457) with a \
    stable `code`.";

fn problems() -> Value {
    let mut all = Map::new();
    for (status, words) in PROBLEMS {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let mut body = json!({
            "description": words,
            "content": { "application/problem+json": { "schema": schema } },
        });
        if *status == "401" {
            body["headers"] = json!({ "WWW-Authenticate": { "schema": { "type": "string" } } });
        }
        all.insert(format!("problem-{status}"), body);
    }
    Value::Object(all)
}

fn describe(operation: &Operation, example: Option<&Example>, named: &mut Shapes) -> Value {
    let duties: Vec<&str> = operation.duties.iter().map(|duty| duty.name()).collect();
    let duty = match duties.as_slice() {
        [] => "Open to every key of the organisation.".to_owned(),
        [one] => format!("Needs the duty: {one}."),
        many => format!("Needs one of the duties: {}.", many.join("; ")),
    };
    let mut body = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": duty,
        "tags": [operation.room],
        "parameters": parameters(operation, example),
        "responses": responses(operation, example, named),
    });
    match operation.body {
        Body::None => {}
        Body::Json(shape) => {
            let mut content = json!({ "schema": shape(named) });
            if let Some(example) = example {
                content["example"] = example.request.clone();
            }
            body["requestBody"] = json!({ "required": true, "content": { "application/json": content } });
        }
        Body::File => {
            let alone = json!({ "schema": { "type": "string", "format": "binary" } });
            let parts = json!({
                "schema": {
                    "type": "object", "required": ["file"],
                    "properties": {
                        "file": { "type": "string", "format": "binary" },
                        "lines": { "type": "string", "format": "binary", "description": "Lines, beside invoices." },
                    },
                },
            });
            let content = json!({ "application/octet-stream": alone, "multipart/form-data": parts });
            body["requestBody"] = json!({ "required": true, "content": content });
        }
    }
    body
}

fn parameters(operation: &Operation, example: Option<&Example>) -> Vec<Value> {
    let mut all = Vec::new();
    let sent = example.map(|one| one.path.split('?').next().unwrap_or_default()).unwrap_or_default();
    for (part, sent) in operation.path.split('/').zip(sent.split('/').map(Some).chain(std::iter::repeat(None))) {
        if let Some(name) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            let mut param = json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
            if let Some(sent) = sent {
                param["example"] = json!(sent);
            }
            all.push(param);
        }
    }
    for param in &operation.params {
        let schema = match param.holds {
            Holds::Text => json!({ "type": "string", "maxLength": 500 }),
            Holds::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Holds::Day => json!({ "type": "string", "format": "date" }),
            Holds::Flag => json!({ "type": "boolean" }),
            Holds::OneOf(known) => json!({ "type": "string", "enum": known }),
        };
        all.push(json!({
            "name": param.name, "in": "query", "required": param.required, "description": param.about, "schema": schema,
        }));
    }
    if operation.changes {
        all.push(json!({ "$ref": "#/components/parameters/idempotency-key" }));
    }
    all
}

fn responses(operation: &Operation, example: Option<&Example>, named: &mut Shapes) -> Value {
    let mut content = Map::new();
    if let Some(shape) = operation.answer {
        let mut json = json!({ "schema": shape(named) });
        if let Some(example) = example {
            json["example"] = example.answer.clone();
        }
        content.insert("application/json".into(), json);
    }
    for kind in operation.files {
        content.insert((*kind).to_owned(), json!({ "schema": { "type": "string", "format": "binary" } }));
    }
    let mut answer = json!({ "description": operation.summary, "content": content });
    if matches!(operation.status, 201 | 202) {
        let place = json!({ "description": "Where it is.", "schema": { "type": "string" } });
        answer["headers"] = json!({ "Location": place });
    }
    let mut all = json!({ operation.status.to_string(): answer });
    for (status, _) in PROBLEMS {
        all[*status] = json!({ "$ref": format!("#/components/responses/problem-{status}") });
    }
    all
}
