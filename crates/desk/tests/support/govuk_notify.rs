//! A stand-in for GOV.UK Notify, written from its published documents: it knows a key, keeps messages, and can fail.
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use sundry_desk::core::signatures::json_web_token;

/// The service it knows.
pub const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
/// Its secret.
pub const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
/// The e-mail template it has.
pub const TEMPLATE: &str = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3";

/// The whole key.
pub fn key() -> String {
    format!("my_test_key-{SERVICE}-{SECRET}")
}

/// What goes wrong with the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A fault of theirs, before anything was done.
    Fault,
    /// It is done, and the answer is lost.
    Lost,
    /// It is done, and the answer takes too long.
    Slow,
    /// Too many calls in a minute.
    Fast,
    /// The day's limit is reached.
    Full,
    /// Trial mode, or a team key.
    Trial,
    /// This message is not taken.
    Wrong,
}

#[derive(Default)]
pub struct Memory {
    /// Messages by their id, as they were asked for.
    pub messages: Vec<Value>,
    /// What goes wrong with the next messages, one after another.
    pub trouble: Vec<Trouble>,
    /// Every call: `POST email`, `GET reference`.
    pub calls: Vec<String>,
    /// The second at which it stands; 0 looks at no clock.
    pub now: i64,
}

/// The stand-in, listening.
#[derive(Clone)]
pub struct StandIn {
    memory: Arc<Mutex<Memory>>,
    /// Where.
    pub base: String,
}

type Shared = State<Arc<Mutex<Memory>>>;

fn lock(memory: &Arc<Mutex<Memory>>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl StandIn {
    /// Starts one on a free port.
    pub async fn start() -> StandIn {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let memory = Arc::new(Mutex::new(Memory::default()));
        let routes = Router::new()
            .route("/v2/notifications/email", post(email))
            .route("/v2/notifications/letter", post(letter))
            .route("/v2/notifications", get(search))
            .route("/v2/notifications/{id}", get(one))
            .route("/v2/template/{id}", get(template))
            .layer(DefaultBodyLimit::max(16 * 1024 * 1024))
            .with_state(memory.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        StandIn { memory, base }
    }

    /// Looks into it, or changes it.
    pub fn with<T>(&self, act: impl FnOnce(&mut Memory) -> T) -> T {
        act(&mut lock(&self.memory))
    }

    /// How many messages it has.
    pub fn count(&self) -> usize {
        self.with(|m| m.messages.len())
    }

    /// A message of its, by its place.
    pub fn message(&self, at: usize) -> Value {
        self.with(|m| m.messages[at].clone())
    }

    /// A message stands elsewhere now.
    pub fn turn(&self, at: usize, status: &str, completed_at: &str) {
        self.with(|m| {
            m.messages[at]["status"] = json!(status);
            m.messages[at]["completed_at"] = json!(completed_at);
        });
    }
}

fn wrong(status: u16, error: &str, message: &str) -> Response {
    let code = StatusCode::from_u16(status).expect("a status");
    (code, Json(json!({ "status_code": status, "errors": [{ "error": error, "message": message }] }))).into_response()
}

/// The token, signed and not older than 30 seconds.
fn admitted(m: &mut Memory, headers: &HeaderMap, call: String) -> Result<(), Box<Response>> {
    m.calls.push(call);
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = given.strip_prefix("Bearer ").unwrap_or_default();
    let claims = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).unwrap_or_default();
    let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
    let issued = claims["iat"].as_i64().unwrap_or_default();
    if json_web_token(SERVICE, SECRET, issued) != token {
        return Err(Box::new(wrong(403, "AuthError", "Invalid token: signature, api token not found")));
    }
    if m.now != 0 && (m.now - issued).abs() > 30 {
        return Err(Box::new(wrong(
            403,
            "AuthError",
            "Error: Your system clock must be accurate to within 30 seconds",
        )));
    }
    Ok(())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// Keeps a message, or lets go wrong what is to go wrong.
async fn keep(memory: Arc<Mutex<Memory>>, kind: &str, ask: Value) -> Response {
    let trouble = {
        let mut m = lock(&memory);
        if m.trouble.is_empty() { None } else { Some(m.trouble.remove(0)) }
    };
    match trouble {
        Some(Trouble::Fault) => return wrong(500, "Exception", "Internal server error"),
        Some(Trouble::Fast) => {
            // The caller's own three tries meet the same.
            return wrong(
                429,
                "RateLimitError",
                "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
            );
        }
        Some(Trouble::Full) => {
            return wrong(429, "TooManyRequestsError", "Exceeded send limits (250,000) for today");
        }
        Some(Trouble::Trial) => {
            return wrong(400, "BadRequestError", "Can't send to this recipient using a team-only API key");
        }
        Some(Trouble::Wrong) => return wrong(400, "ValidationError", "email_address Not a valid email address"),
        _ => {}
    }
    let id = {
        let mut m = lock(&memory);
        let id = format!("740e5834-3a29-46b4-9a6f-{:012}", m.messages.len() + 1);
        let status = if kind == "email" { "created" } else { "pending-virus-check" };
        m.messages.push(json!({
            "id": id, "reference": ask["reference"], "type": kind, "status": status, "completed_at": null, "ask": ask,
        }));
        id
    };
    if trouble == Some(Trouble::Slow) {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    if trouble == Some(Trouble::Lost) {
        return wrong(500, "Exception", "Internal server error");
    }
    (StatusCode::CREATED, Json(json!({ "id": id, "reference": ask["reference"] }))).into_response()
}

async fn email(State(memory): Shared, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(no) = admitted(&mut lock(&memory), &headers, "POST email".into()) {
        return *no;
    }
    let ask: Value = serde_json::from_slice(&body).unwrap_or_default();
    let address = ask["email_address"].as_str().unwrap_or_default();
    if !address.contains('@') {
        return wrong(400, "ValidationError", "email_address Not a valid email address");
    }
    if ask["template_id"] != TEMPLATE {
        return wrong(400, "BadRequestError", "Template not found");
    }
    for name in ["subject", "message", "file"] {
        if ask["personalisation"][name].is_null() {
            return wrong(400, "BadRequestError", &format!("Missing personalisation: {name}"));
        }
    }
    keep(memory, "email", ask).await
}

async fn letter(State(memory): Shared, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(no) = admitted(&mut lock(&memory), &headers, "POST letter".into()) {
        return *no;
    }
    let ask: Value = serde_json::from_slice(&body).unwrap_or_default();
    let pdf = ask["content"].as_str().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    if !pdf.starts_with(b"%PDF-") {
        return wrong(400, "ValidationError", "content is not a valid PDF");
    }
    if !["first", "second", "economy"].contains(&ask["postage"].as_str().unwrap_or("second")) {
        return wrong(400, "ValidationError", "postage invalid. It must be first, second or economy.");
    }
    keep(memory, "letter", ask).await
}

fn shown(message: &Value) -> Value {
    json!({ "id": message["id"], "reference": message["reference"], "type": message["type"],
        "status": message["status"], "completed_at": message["completed_at"] })
}

async fn search(State(memory): Shared, headers: HeaderMap, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "GET reference".into()) {
        return *no;
    }
    let reference = asked.get("reference").cloned().unwrap_or_default();
    let found: Vec<Value> = m.messages.iter().filter(|one| one["reference"] == reference).map(shown).collect();
    Json(json!({ "notifications": found, "links": {} })).into_response()
}

async fn one(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "GET one".into()) {
        return *no;
    }
    if !is_uuid(&id) {
        return wrong(400, "ValidationError", "id is not a valid UUID");
    }
    match m.messages.iter().find(|one| one["id"] == id.as_str()) {
        Some(message) => Json(shown(message)).into_response(),
        None => wrong(404, "NoResultFound", "No result found"),
    }
}

async fn template(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    if let Err(no) = admitted(&mut lock(&memory), &headers, "GET template".into()) {
        return *no;
    }
    if id != TEMPLATE {
        return wrong(404, "NoResultFound", "No result found");
    }
    Json(json!({ "id": TEMPLATE, "type": "email", "name": "Letter by e-mail", "version": 1,
        "subject": "((subject))", "body": "((message))\n\nDownload it: ((file))" }))
    .into_response()
}
