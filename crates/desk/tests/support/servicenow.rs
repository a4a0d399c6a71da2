//! A stand-in for ServiceNow's table interface, written from its published shape: it keeps cases, and can fail.
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// Whom it knows us as, and what we prove it with.
pub const CLIENT: &str = "6f1c2b7a9d0e";
pub const SECRET: &str = "right horse battery";
/// The technical user.
pub const USER: &str = "svc.sundry";
/// The group whose cases are ours.
pub const GROUP: &str = "287ebd7da9fe198100f92cc8d1d2154e";
/// The table.
pub const TABLE: &str = "sn_customerservice_case";

/// What goes wrong with the next call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// An answer with this status, before anything is done.
    Status(u16),
    /// A page instead of an answer.
    Page,
    /// One thing where a list is asked for.
    Object,
    /// It is done, and the answer is cut off.
    Cut,
    /// A no with its message and detail.
    No(&'static str, &'static str),
}

/// A record: all its values are text.
pub type Record = BTreeMap<String, String>;

#[derive(Default)]
pub struct Memory {
    /// Records by table, in the order in which they were made.
    pub tables: BTreeMap<String, Vec<Record>>,
    /// Files: about which case, and their bytes.
    pub files: Vec<(Record, Vec<u8>)>,
    /// What goes wrong with the next calls, one after another.
    pub trouble: Vec<Trouble>,
    /// What goes wrong with the next writing.
    pub on_write: Option<Trouble>,
    /// Every call: `GET sn_customerservice_case`, with its condition.
    pub calls: Vec<String>,
    /// The instant at which it stands.
    pub now: DateTime<Utc>,
    /// The token that is good; each is taken back when it is emptied.
    pub token: String,
    made: u64,
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
    /// Starts one on a free port, at an instant.
    pub async fn start(now: &str) -> StandIn {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let now = now.parse().expect("an instant");
        let memory = Arc::new(Mutex::new(Memory { now, ..Memory::default() }));
        let routes = Router::new()
            .route("/oauth_token.do", post(token))
            .route("/api/now/table/{table}", get(list).post(create))
            .route("/api/now/table/{table}/{id}", get(one).patch(change))
            .route("/api/now/attachment", get(files))
            .route("/api/now/attachment/{id}/file", get(file))
            .layer(DefaultBodyLimit::max(32 * 1024 * 1024))
            .with_state(memory.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        StandIn { memory, base }
    }

    /// Looks into it, or changes it.
    pub fn with<T>(&self, act: impl FnOnce(&mut Memory) -> T) -> T {
        act(&mut lock(&self.memory))
    }

    /// The cases there are.
    pub fn cases(&self) -> Vec<Record> {
        self.with(|m| m.tables.get(TABLE).cloned().unwrap_or_default())
    }

    /// The comments on a case, in the order in which they were written.
    pub fn comments(&self, sys_id: &str) -> Vec<String> {
        let all = self.with(|m| m.tables.get("sys_journal_field").cloned().unwrap_or_default());
        all.into_iter().filter(|one| one["element_id"] == sys_id).map(|one| one["value"].clone()).collect()
    }

    /// Somebody there opens a case for our group; its id.
    pub fn open(&self, category: &str, subject: &str, words: &str) -> String {
        self.with(|m| {
            let fields = [
                ("category", category),
                ("short_description", subject),
                ("description", words),
                ("state", "1"),
                ("assignment_group", GROUP),
                ("contact", "62826bf03710200044e0bfc8bcbe5df1"),
            ];
            m.add(TABLE, fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(), "abel.tuter")
        })
    }

    /// Somebody there changes a case, and may write a comment.
    pub fn turn(&self, sys_id: &str, fields: &[(&str, &str)]) {
        self.with(|m| {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert!(m.set(TABLE, sys_id, fields, "abel.tuter"), "there is such a case");
        });
    }

    /// Hangs a file on a case.
    pub fn attach(&self, sys_id: &str, name: &str, size: usize, bytes: &[u8]) {
        self.with(|m| {
            let fields = [
                ("table_name", TABLE),
                ("table_sys_id", sys_id),
                ("file_name", name),
                ("content_type", "application/octet-stream"),
            ];
            let mut record: Record = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            record.insert("size_bytes".into(), size.to_string());
            record.insert("sys_id".into(), m.id());
            m.files.push((record, bytes.to_vec()));
        });
    }

    /// Takes a case away.
    pub fn remove(&self, sys_id: &str) {
        self.with(|m| m.tables.entry(TABLE.into()).or_default().retain(|one| one["sys_id"] != sys_id));
    }

    /// Lets the next calls go wrong.
    pub fn fail(&self, trouble: &[Trouble]) {
        self.with(|m| m.trouble.extend_from_slice(trouble));
    }

    /// Time passes there.
    pub fn pass(&self, minutes: i64) {
        self.with(|m| m.now += TimeDelta::minutes(minutes));
    }
}

impl Memory {
    fn id(&mut self) -> String {
        self.made += 1;
        format!("9d385017c611228701d2{:012x}", self.made)
    }

    fn stamp(&mut self) -> String {
        self.now += TimeDelta::seconds(1);
        self.now.format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// A record is made.
    pub fn add(&mut self, table: &str, mut record: Record, by: &str) -> String {
        let (sys_id, at) = (self.id(), self.stamp());
        record.insert("number".into(), format!("CS{:07}", self.made));
        for (name, value) in [("sys_id", sys_id.as_str()), ("sys_created_on", &at), ("sys_updated_on", &at)] {
            record.insert(name.into(), value.into());
        }
        for name in ["sys_created_by", "sys_updated_by"] {
            record.insert(name.into(), by.into());
        }
        record.entry("state".into()).or_insert_with(|| "1".into());
        for name in ["close_notes", "correlation_id"] {
            record.entry(name.into()).or_default();
        }
        self.tables.entry(table.into()).or_default().push(record);
        sys_id
    }

    fn set(&mut self, table: &str, sys_id: &str, mut fields: Record, by: &str) -> bool {
        let at = self.stamp();
        // The journal is written, and read elsewhere.
        if let Some(words) = fields.remove("comments") {
            let record = [("element_id", sys_id), ("element", "comments"), ("value", &words)];
            let record = record.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            self.add("sys_journal_field", record, by);
        }
        let found = self.tables.entry(table.into()).or_default().iter_mut().find(|one| one["sys_id"] == sys_id);
        let Some(record) = found else { return false };
        record.extend(fields);
        record.insert("sys_updated_on".into(), at);
        record.insert("sys_updated_by".into(), by.into());
        true
    }
}

/// Whether a record meets a condition: parts joined by `^`, each of which may go on with `^OR`.
fn meets(record: &Record, condition: &str) -> bool {
    let one = |part: &str| {
        let field = |name: &str| record.get(name).cloned().unwrap_or_default();
        if let Some((name, value)) = part.split_once("STARTSWITH") {
            return field(name).starts_with(value);
        }
        if let Some((name, value)) = part.split_once(">=") {
            let inside = value.strip_prefix("javascript:gs.dateGenerate('").and_then(|rest| rest.strip_suffix("')"));
            let (day, time) = inside.and_then(|rest| rest.split_once("','")).expect("an instant as it takes it");
            return field(name) >= format!("{day} {time}");
        }
        let (name, value) = part.split_once('=').expect("a condition that it knows");
        field(name) == value
    };
    let mut all: Vec<bool> = Vec::new();
    for part in condition.split('^').filter(|part| !part.is_empty() && !part.starts_with("ORDERBY")) {
        match part.strip_prefix("OR") {
            Some(part) => {
                let last = all.last_mut().expect("something before OR");
                *last |= one(part);
            }
            None => all.push(one(part)),
        }
    }
    all.into_iter().all(|met| met)
}

fn no(status: u16, message: &str, detail: &str) -> Response {
    let body = json!({ "error": { "message": message, "detail": detail }, "status": "failure" });
    (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response()
}

/// What goes wrong with this call before anything is done; `Cut` goes wrong after.
fn before(m: &mut Memory, headers: &HeaderMap, call: String) -> Result<bool, Box<Response>> {
    m.calls.push(call);
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if m.token.is_empty() || given != format!("Bearer {}", m.token) {
        return Err(Box::new(no(401, "User Not Authenticated", "Required to provide Auth information")));
    }
    let writes = !call_reads(&m.calls);
    let trouble = match m.on_write.take_if(|_| writes) {
        Some(trouble) => Some(trouble),
        None if m.trouble.is_empty() => None,
        None => Some(m.trouble.remove(0)),
    };
    match trouble {
        None => Ok(false),
        Some(Trouble::Cut) => Ok(true),
        Some(Trouble::Status(status)) => Err(Box::new(no(status, "Operation Failed", "See the log"))),
        Some(Trouble::No(message, detail)) => Err(Box::new(no(400, message, detail))),
        Some(Trouble::Object) => Err(Box::new(Json(json!({ "result": { "sys_id": "1" } })).into_response())),
        Some(Trouble::Page) => {
            Err(Box::new(Html("<html><body>Your instance is hibernating</body></html>").into_response()))
        }
    }
}

fn call_reads(calls: &[String]) -> bool {
    calls.last().is_some_and(|call| call.starts_with("GET"))
}

/// The beginning of an answer, and then nothing: the connection breaks.
fn cut() -> Response {
    let parts: [Result<Bytes, std::io::Error>; 2] =
        [Ok(Bytes::from_static(b"{\"resu")), Err(std::io::Error::other("the line is cut"))];
    Response::new(Body::from_stream(futures::stream::iter(parts)))
}

async fn token(State(memory): Shared, body: String) -> Response {
    let mut m = lock(&memory);
    m.calls.push("POST token".into());
    let right = body.contains(&format!("client_id={CLIENT}"))
        && body.contains(&format!("client_secret={}", SECRET.replace(' ', "%20")))
        && body.contains("grant_type=client_credentials");
    if !right {
        let body = json!({ "error": "access_denied", "error_description": "wrong secret" });
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    m.made += 1;
    m.token = format!("token-{}", m.made);
    Json(json!({ "access_token": m.token, "expires_in": 1799, "token_type": "Bearer" })).into_response()
}

/// Only the fields that are asked for, and of those only what the record has.
fn shown(record: &Record, asked: &BTreeMap<String, String>) -> Value {
    let fields = asked.get("sysparm_fields").map(String::as_str).unwrap_or_default();
    let wanted = |name: &str| fields.is_empty() || fields.split(',').any(|field| field == name);
    let kept: Record =
        record.iter().filter(|(name, _)| wanted(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    json!(kept)
}

async fn list(
    State(memory): Shared,
    headers: HeaderMap,
    Path(table): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let mut m = lock(&memory);
    let condition = asked.get("sysparm_query").cloned().unwrap_or_default();
    if let Err(no) = before(&mut m, &headers, format!("GET {table} {condition}")) {
        return *no;
    }
    assert_eq!(asked.get("sysparm_display_value").map(String::as_str), Some("false"));
    let mut found: Vec<Record> =
        m.tables.get(&table).into_iter().flatten().filter(|one| meets(one, &condition)).cloned().collect();
    if let Some(by) = condition.split('^').find_map(|part| part.strip_prefix("ORDERBYDESC")) {
        found.sort_by(|one, other| other[by].cmp(&one[by]));
    } else if let Some(by) = condition.split('^').find_map(|part| part.strip_prefix("ORDERBY")) {
        found.sort_by(|one, other| one[by].cmp(&other[by]));
    }
    let number = |name: &str| asked.get(name).and_then(|text| text.parse::<usize>().ok());
    let (limit, offset) = (number("sysparm_limit").unwrap_or(10_000), number("sysparm_offset").unwrap_or(0));
    let rows: Vec<Value> = found.iter().skip(offset).take(limit).map(|one| shown(one, &asked)).collect();
    Json(json!({ "result": rows })).into_response()
}

async fn one(
    State(memory): Shared,
    headers: HeaderMap,
    Path((table, id)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = before(&mut m, &headers, format!("GET {table}/{id}")) {
        return *no;
    }
    let found = m.tables.get(&table).into_iter().flatten().find(|one| one["sys_id"] == id).cloned();
    match found {
        Some(record) => Json(json!({ "result": shown(&record, &asked) })).into_response(),
        None => no(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
    }
}

async fn create(
    State(memory): Shared,
    headers: HeaderMap,
    Path(table): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
    Json(fields): Json<Record>,
) -> Response {
    let mut m = lock(&memory);
    let is_cut = match before(&mut m, &headers, format!("POST {table}")) {
        Ok(is_cut) => is_cut,
        Err(no) => return *no,
    };
    m.add(&table, fields, USER);
    let made = m.tables[&table].last().map(|record| shown(record, &asked)).expect("it was made");
    if is_cut { cut() } else { (StatusCode::CREATED, Json(json!({ "result": made }))).into_response() }
}

async fn change(
    State(memory): Shared,
    headers: HeaderMap,
    Path((table, id)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
    Json(fields): Json<Record>,
) -> Response {
    let mut m = lock(&memory);
    let is_cut = match before(&mut m, &headers, format!("PATCH {table}/{id}")) {
        Ok(is_cut) => is_cut,
        Err(no) => return *no,
    };
    if !m.set(&table, &id, fields, USER) {
        return no(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");
    }
    let record = m.tables[&table].iter().find(|one| one["sys_id"] == id).cloned().expect("it is there");
    if is_cut { cut() } else { Json(json!({ "result": shown(&record, &asked) })).into_response() }
}

async fn files(State(memory): Shared, headers: HeaderMap, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = before(&mut m, &headers, "GET files".into()) {
        return *no;
    }
    let condition = asked.get("sysparm_query").cloned().unwrap_or_default();
    let found: Vec<Record> =
        m.files.iter().map(|(record, _)| record).filter(|one| meets(one, &condition)).cloned().collect();
    Json(json!({ "result": found })).into_response()
}

async fn file(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = before(&mut m, &headers, format!("GET file {id}")) {
        return *no;
    }
    match m.files.iter().find(|(record, _)| record["sys_id"] == id) {
        Some((_, bytes)) => bytes.clone().into_response(),
        None => no(404, "No Record found", "attachment"),
    }
}
