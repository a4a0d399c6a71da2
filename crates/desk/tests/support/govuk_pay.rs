//! A stand-in for GOV.UK Pay, written from its published document: it knows a key, takes payments, and can fail.
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// The key it knows.
pub const KEY: &str = "api_test_stand_in";
/// What signs its webhooks.
pub const SECRET: &str = "test-secret";

/// What goes wrong with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)]
pub enum Trouble {
    /// A fault of theirs, before anything was done.
    Fault,
    /// It is done, and the answer is lost.
    Lost,
    /// Too many calls.
    Busy,
}

#[derive(Default)]
pub struct Memory {
    pub payments: BTreeMap<String, Value>,
    pub keys: BTreeMap<String, (Value, String)>,
    pub refunds: Vec<Value>,
    pub disputes: Vec<Value>,
    pub trouble: Vec<Trouble>,
    pub calls: Vec<String>,
    base: String,
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

#[allow(dead_code)]
impl StandIn {
    /// Starts one on a free port.
    pub async fn start() -> StandIn {
        StandIn::on("127.0.0.1:0").await
    }

    /// Starts one at an address.
    pub async fn on(address: &str) -> StandIn {
        let listener = tokio::net::TcpListener::bind(address).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let memory = Arc::new(Mutex::new(Memory { base: base.clone(), ..Memory::default() }));
        let routes = Router::new()
            .route("/v1/payments", post(create).get(search_payments))
            .route("/v1/payments/{id}", get(one))
            .route("/v1/payments/{id}/cancel", post(cancel))
            .route("/v1/payments/{id}/refunds", post(refund).get(refunds_of))
            .route("/v1/refunds", get(search_refunds))
            .route("/v1/disputes", get(search_disputes))
            .route("/secure/{id}", get(page).post(paid_on_page))
            .with_state(memory.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        StandIn { memory, base }
    }

    /// Looks into it, or changes it.
    pub fn with<T>(&self, act: impl FnOnce(&mut Memory) -> T) -> T {
        act(&mut lock(&self.memory))
    }

    /// The payer pays.
    pub fn pay(&self, id: &str) {
        self.with(|m| succeed(m.payments.get_mut(id).expect("a payment")));
    }

    /// The payer does not.
    pub fn end(&self, id: &str, status: &str, code: &str) {
        self.with(|m| {
            let message = if code == "P0020" { "Payment expired" } else { "Payment method rejected" };
            let state = json!({ "status": status, "finished": true, "code": code, "message": message });
            m.payments.get_mut(id).expect("a payment")["state"] = state;
        });
    }

    /// Everything paid is paid out on a day, each with a charge.
    pub fn settle(&self, on: &str, fee: i64) {
        self.with(|m| {
            for payment in m.payments.values_mut().filter(|p| p["state"]["status"] == "success") {
                if payment["settlement_summary"]["settled_date"].is_null() {
                    payment["settlement_summary"] = json!({ "captured_date": on, "settled_date": on });
                    payment["fee"] = json!(fee);
                    payment["net_amount"] = json!(payment["amount"].as_i64().unwrap_or_default() - fee);
                }
            }
            for refund in m.refunds.iter_mut().filter(|r| r["settlement_summary"].is_null()) {
                refund["status"] = json!("success");
                refund["settlement_summary"] = json!({ "settled_date": on });
            }
            for dispute in m.disputes.iter_mut().filter(|d| d["status"] == "lost" && d["settlement_summary"].is_null())
            {
                dispute["settlement_summary"] = json!({ "settled_date": on });
                let taken =
                    dispute["amount"].as_i64().unwrap_or_default() + dispute["fee"].as_i64().unwrap_or_default();
                dispute["net_amount"] = json!(-taken);
            }
        });
    }

    /// The payer's bank disputes a payment.
    pub fn dispute(&self, id: &str, status: &str, fee: i64) {
        self.with(|m| {
            let amount = m.payments[id]["amount"].clone();
            m.disputes.retain(|one| one["payment_id"] != id);
            m.disputes.push(json!({
                "dispute_id": format!("dispute{id}"), "payment_id": id, "amount": amount, "fee": fee, "status": status,
                "reason": "fraudulent", "created_date": "2026-05-01T09:00:00.000Z",
                "evidence_due_date": "2026-05-15T23:59:59.000Z", "_links": { "payment": { "href": "x", "method": "GET" } },
            }));
        });
    }

    /// The only payment there is, or the newest.
    pub fn newest(&self) -> String {
        self.with(|m| m.payments.keys().next_back().cloned().expect("a payment"))
    }
}

fn succeed(payment: &mut Value) {
    payment["state"] = json!({ "status": "success", "finished": true });
    payment["card_details"] = json!({
        "card_brand": "Visa", "card_type": "debit", "last_digits_card_number": "1111",
        "first_digits_card_number": "411111", "expiry_date": "04/29", "cardholder_name": "J Pemberton",
    });
    payment["total_amount"] = payment["amount"].clone();
    let amount = payment["amount"].clone();
    payment["refund_summary"] = json!({ "status": "available", "amount_available": amount, "amount_submitted": 0 });
    if let Some(links) = payment["_links"].as_object_mut() {
        links.remove("next_url");
    }
}

fn wrong(status: u16, code: &str, description: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, Json(json!({ "code": code, "description": description }))).into_response()
}

/// The key, and the trouble that was asked for; `Err` answers at once.
fn admitted(memory: &mut Memory, headers: &HeaderMap, call: &str) -> Result<Option<Trouble>, Box<Response>> {
    memory.calls.push(call.to_owned());
    let given = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if given != format!("Bearer {KEY}") {
        return Err(Box::new(StatusCode::UNAUTHORIZED.into_response()));
    }
    let trouble = if memory.trouble.is_empty() { None } else { Some(memory.trouble.remove(0)) };
    match trouble {
        Some(Trouble::Fault) => Err(Box::new(wrong(500, "P0198", "Downstream system error"))),
        Some(Trouble::Busy) => Err(Box::new(wrong(429, "P0900", "Too many requests"))),
        other => Ok(other),
    }
}

async fn create(State(memory): Shared, headers: HeaderMap, Json(ask): Json<Value>) -> Response {
    let mut m = lock(&memory);
    let trouble = match admitted(&mut m, &headers, "create") {
        Ok(trouble) => trouble,
        Err(no) => return *no,
    };
    for field in ["amount", "reference", "description", "return_url"] {
        if ask[field].is_null() {
            return wrong(422, "P0101", &format!("Missing mandatory attribute: {field}"));
        }
    }
    if !(1..=10_000_000).contains(&ask["amount"].as_i64().unwrap_or_default()) {
        return wrong(422, "P0102", "Invalid attribute value: amount. Must be less than or equal to 10000000");
    }
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let known = m.keys.get(&key).cloned().filter(|_| !key.is_empty());
    let id = match known {
        Some((before, _)) if before != ask => return wrong(409, "P0191", "The Idempotency-Key was used before"),
        Some((_, id)) => id,
        None => {
            let id = format!("pay{:023}", m.payments.len() + 1);
            let base = m.base.clone();
            let link = |path: &str, method: &str| json!({ "href": format!("{base}{path}"), "method": method });
            let payment = json!({
                "payment_id": id, "amount": ask["amount"], "reference": ask["reference"],
                "description": ask["description"], "return_url": ask["return_url"], "language": ask["language"],
                "moto": ask["moto"].as_bool().unwrap_or(false), "delayed_capture": false, "payment_provider": "stripe",
                "created_date": "2026-05-01T09:00:00.000Z", "metadata": ask["metadata"],
                "state": { "status": "created", "finished": false },
                "refund_summary": { "status": "pending", "amount_available": ask["amount"], "amount_submitted": 0 },
                "settlement_summary": {},
                "_links": {
                    "self": link(&format!("/v1/payments/{id}"), "GET"),
                    "next_url": link(&format!("/secure/{id}"), "GET"),
                    "cancel": link(&format!("/v1/payments/{id}/cancel"), "POST"),
                },
            });
            m.payments.insert(id.clone(), payment);
            m.keys.insert(key, (ask, id.clone()));
            id
        }
    };
    if trouble == Some(Trouble::Lost) {
        return wrong(500, "P0198", "The answer was lost");
    }
    (StatusCode::CREATED, Json(m.payments[&id].clone())).into_response()
}

async fn one(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "one") {
        return *no;
    }
    match m.payments.get(&id) {
        Some(payment) => Json(payment.clone()).into_response(),
        None => wrong(404, "P0200", "paymentId not found"),
    }
}

async fn cancel(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "cancel") {
        return *no;
    }
    match m.payments.get_mut(&id) {
        Some(payment) if payment["state"]["finished"] == false => {
            payment["state"] =
                json!({ "status": "cancelled", "finished": true, "code": "P0040", "message": "Cancelled by service" });
            StatusCode::NO_CONTENT.into_response()
        }
        Some(_) => wrong(409, "P0501", "Cancellation of charge failed"),
        None => wrong(404, "P0500", "paymentId not found"),
    }
}

async fn refund(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>, Json(ask): Json<Value>) -> Response {
    let mut m = lock(&memory);
    let trouble = match admitted(&mut m, &headers, "refund") {
        Ok(trouble) => trouble,
        Err(no) => return *no,
    };
    let number = m.refunds.len() + 1;
    let Some(payment) = m.payments.get_mut(&id) else { return wrong(404, "P0600", "paymentId not found") };
    let available = payment["refund_summary"]["amount_available"].as_i64().unwrap_or_default();
    let amount = ask["amount"].as_i64().unwrap_or_default();
    if ask["refund_amount_available"].as_i64() != Some(available) {
        return wrong(412, "P0604", "Refund amount available mismatch");
    }
    if payment["state"]["status"] != "success" || amount < 1 || amount > available {
        return wrong(400, "P0603", "The payment is not available for refund");
    }
    let submitted = payment["amount"].as_i64().unwrap_or_default() - available + amount;
    payment["refund_summary"] =
        json!({ "status": "available", "amount_available": available - amount, "amount_submitted": submitted });
    let refund = json!({
        "refund_id": format!("refund{number:020}"), "payment_id": id, "amount": amount, "status": "submitted",
        "created_date": "2026-05-01T09:00:00.000Z", "_links": { "self": { "href": "x", "method": "GET" } },
    });
    m.refunds.push(refund.clone());
    if trouble == Some(Trouble::Lost) {
        return wrong(500, "P0698", "The answer was lost");
    }
    (StatusCode::ACCEPTED, Json(refund)).into_response()
}

async fn refunds_of(State(memory): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "refunds_of") {
        return *no;
    }
    let of: Vec<Value> = m.refunds.iter().filter(|refund| refund["payment_id"] == id).cloned().collect();
    Json(json!({ "payment_id": id, "_links": {}, "_embedded": { "refunds": of } })).into_response()
}

type Asked = Query<BTreeMap<String, String>>;

/// What was settled between the days that were asked for.
fn settled(rows: Vec<Value>, asked: &BTreeMap<String, String>) -> Response {
    let within = |row: &&Value| match (asked.get("from_settled_date"), asked.get("to_settled_date")) {
        (Some(from), Some(to)) => {
            let day = row["settlement_summary"]["settled_date"].as_str().unwrap_or_default();
            day >= from.as_str() && day <= to.as_str()
        }
        _ => true,
    };
    let found: Vec<Value> = rows.iter().filter(within).cloned().collect();
    let (page, size) = (number(asked, "page", 1), number(asked, "display_size", 500));
    let here: Vec<Value> = found.iter().skip(((page - 1) * size) as usize).take(size as usize).cloned().collect();
    if here.is_empty() && page > 1 {
        return wrong(404, "P0402", "Page not found");
    }
    Json(json!({ "total": found.len(), "count": here.len(), "page": page, "results": here })).into_response()
}

fn number(asked: &BTreeMap<String, String>, name: &str, otherwise: i64) -> i64 {
    asked.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

async fn search_payments(State(memory): Shared, headers: HeaderMap, Query(asked): Asked) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "search_payments") {
        return *no;
    }
    settled(m.payments.values().cloned().collect(), &asked)
}

async fn search_refunds(State(memory): Shared, headers: HeaderMap, Query(asked): Asked) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "search_refunds") {
        return *no;
    }
    settled(m.refunds.clone(), &asked)
}

async fn search_disputes(State(memory): Shared, headers: HeaderMap, Query(asked): Asked) -> Response {
    let mut m = lock(&memory);
    if let Err(no) = admitted(&mut m, &headers, "search_disputes") {
        return *no;
    }
    settled(m.disputes.clone(), &asked)
}

/// The page on which a payer would type the card; here a button says how it ends.
async fn page(State(memory): Shared, Path(id): Path<String>) -> Response {
    let m = lock(&memory);
    let Some(payment) = m.payments.get(&id) else { return StatusCode::NOT_FOUND.into_response() };
    let pounds = payment["amount"].as_i64().unwrap_or_default();
    Html(format!(
        "<!doctype html><html lang=en><title>Enter card details</title><h1>Enter card details</h1>\
         <p>{} £{}.{:02}</p><form method=post><button name=how value=pay>Confirm payment</button>\
         <button name=how value=cancel>Cancel payment</button></form>",
        payment["description"].as_str().unwrap_or_default(),
        pounds / 100,
        pounds % 100
    ))
    .into_response()
}

async fn paid_on_page(
    State(memory): Shared,
    Path(id): Path<String>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let mut m = lock(&memory);
    let Some(payment) = m.payments.get_mut(&id) else { return StatusCode::NOT_FOUND.into_response() };
    if form.get("how").is_some_and(|how| how == "pay") {
        succeed(payment);
    } else {
        payment["state"] = json!({ "status": "failed", "finished": true, "code": "P0030", "message": "Payment was cancelled by the user" });
    }
    Redirect::to(payment["return_url"].as_str().unwrap_or("/")).into_response()
}
