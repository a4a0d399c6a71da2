//! Requests from services for invoices, and what happened to each.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, UserId};

/// A request for an invoice.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RequestRow {
    /// Id.
    pub id: i64,
    /// Number: `REQ-000001`.
    pub number: String,
    /// asked, sent_back, withdrawn or invoiced.
    pub state: String,
    /// Service.
    pub service: String,
    /// Cost centre.
    pub cost_centre: String,
    /// What it is for, to the desk.
    pub what_for: String,
    /// The customer's number, where they were found.
    pub customer_number: String,
    /// The customer in words, where they were not.
    pub customer_words: String,
    /// The invoice that is asked for.
    pub form: serde_json::Value,
    /// What it comes to with VAT.
    pub gross_pence: i64,
    /// Who asks.
    pub asked_by: i64,
    /// Their name.
    pub asked_by_name: String,
    /// When they sent it, or sent it again.
    pub asked_on: NaiveDate,
    /// When it should be answered.
    pub answer_by: NaiveDate,
    /// Who at the desk has it; 0 for nobody.
    pub owner_id: i64,
    /// Their name.
    pub owner_name: String,
    /// Why it was sent back, or withdrawn.
    pub reason: String,
    /// The invoice.
    pub document_id: Option<i64>,
    /// Its number.
    pub invoice_number: String,
    /// Who decided.
    pub decided_by_name: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// The workbook it came in; empty for the form.
    pub batch: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// Something that happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RequestEventRow {
    /// The request.
    pub request_id: i64,
    /// Counted from 1.
    pub seq: i64,
    /// When.
    pub on_day: NaiveDate,
    /// asked, taken, sent_back, corrected, withdrawn, approved or file.
    pub what: String,
    /// In words.
    pub words: String,
    /// Who.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds requests.
pub async fn add_requests(tx: &mut Tx, org: OrgId, rows: Vec<RequestRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "state",
        "service",
        "cost_centre",
        "what_for",
        "customer_number",
        "customer_words",
        "form",
        "gross_pence",
        "asked_by",
        "asked_by_name",
        "asked_on",
        "answer_by",
        "owner_id",
        "owner_name",
        "reason",
        "document_id",
        "invoice_number",
        "decided_by_name",
        "decided_on",
        "batch",
        "recorded_at",
        "version",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.state,
            r.service,
            r.cost_centre,
            r.what_for,
            r.customer_number,
            r.customer_words,
            r.form,
            r.gross_pence,
            r.asked_by,
            r.asked_by_name,
            r.asked_on,
            r.answer_by,
            r.owner_id,
            r.owner_name,
            r.reason,
            r.document_id,
            r.invoice_number,
            r.decided_by_name,
            r.decided_on,
            r.batch,
            r.recorded_at,
            r.version
        ]
    });
    tx.insert("invoice_request", COLUMNS, rows.collect()).await
}

/// The request with a number.
pub async fn request(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<RequestRow>, StoreFault> {
    let sql = sql!(
        "select id, number, state, service, cost_centre, what_for, customer_number, customer_words, form, gross_pence, asked_by, asked_by_name, asked_on, answer_by, owner_id, owner_name, reason, document_id, invoice_number, decided_by_name, decided_on, batch, recorded_at, version from invoice_request where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The request that an invoice came from.
pub async fn request_of_invoice(tx: &mut Tx, org: OrgId, invoice: &str) -> Result<Option<RequestRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.state, r.service, r.cost_centre, r.what_for, r.customer_number, r.customer_words, r.form, r.gross_pence, r.asked_by, r.asked_by_name, r.asked_on, r.answer_by, r.owner_id, r.owner_name, r.reason, r.document_id, r.invoice_number, r.decided_by_name, r.decided_on, r.batch, r.recorded_at, r.version from document d join invoice_request r on r.org_id = d.org_id and r.document_id = d.id where d.org_id = $1 and d.kind = 'invoice' and d.number = $2"
    );
    tx.maybe(sql, args![org, invoice]).await
}

/// Which requests a list shows.
#[derive(Clone, Debug, Default)]
pub struct RequestsOf {
    /// One state, `open` for those not over, or empty for all.
    pub state: String,
    /// One service; empty for all.
    pub service: String,
    /// Only what this person asked for or whose service is theirs; none for all.
    pub seen_by: Option<UserId>,
    /// Only what nobody has, or this person has; none for all.
    pub owner: Option<UserId>,
}

/// Requests, newest first, before an id.
pub async fn requests(
    tx: &mut Tx,
    org: OrgId,
    of: &RequestsOf,
    (before, limit): (i64, i64),
) -> Result<Vec<RequestRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.state, r.service, r.cost_centre, r.what_for, r.customer_number, r.customer_words, r.form, r.gross_pence, r.asked_by, r.asked_by_name, r.asked_on, r.answer_by, r.owner_id, r.owner_name, r.reason, r.document_id, r.invoice_number, r.decided_by_name, r.decided_on, r.batch, r.recorded_at, r.version from invoice_request r where r.org_id = $1 and ($2 = '' or r.state = $2 or ($2 = 'open' and r.state in ('asked', 'sent_back'))) and ($3 = '' or lower(r.service) = lower($3)) and ($4 = 0 or r.asked_by = $4 or exists (select 1 from person_service p where p.org_id = r.org_id and p.user_id = $4 and lower(p.service) = lower(r.service) and (p.cost_centre = '' or p.cost_centre = r.cost_centre))) and ($5 = 0 or r.owner_id = $5) and r.id < $6 order by r.id desc limit $7"
    );
    let seen_by = of.seen_by.map_or(0, |user| user.0);
    let owner = of.owner.map_or(0, |user| user.0);
    tx.all(sql, args![org, &of.state, &of.service, seen_by, owner, before, limit]).await
}

/// Changes a request that still has the version that was read; false if someone changed it since.
pub async fn change_request(tx: &mut Tx, org: OrgId, r: &RequestRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update invoice_request set state = $4, service = $5, cost_centre = $6, what_for = $7, customer_number = $8, customer_words = $9, form = $10, gross_pence = $11, asked_on = $12, answer_by = $13, owner_id = $14, owner_name = $15, reason = $16, document_id = $17, invoice_number = $18, decided_by_name = $19, decided_on = $20, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        &r.state,
        &r.service,
        &r.cost_centre,
        &r.what_for,
        &r.customer_number,
        &r.customer_words,
        r.form.clone(),
        r.gross_pence,
        r.asked_on,
        r.answer_by,
        r.owner_id,
        &r.owner_name,
        &r.reason,
        r.document_id,
        &r.invoice_number,
        &r.decided_by_name,
        r.decided_on
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Adds what happened to requests.
pub async fn add_request_events(tx: &mut Tx, org: OrgId, rows: Vec<RequestEventRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "request_id", "seq", "on_day", "what", "words", "actor_name", "recorded_at"];
    let rows = rows
        .into_iter()
        .map(|r| args![org, r.request_id, r.seq, r.on_day, r.what, r.words, r.actor_name, r.recorded_at]);
    tx.insert("invoice_request_event", COLUMNS, rows.collect()).await
}

/// What happened to a request, oldest first.
pub async fn request_events(tx: &mut Tx, org: OrgId, request: i64) -> Result<Vec<RequestEventRow>, StoreFault> {
    let sql = sql!(
        "select request_id, seq, on_day, what, words, actor_name, recorded_at from invoice_request_event where org_id = $1 and request_id = $2 order by seq"
    );
    tx.all(sql, args![org, request]).await
}
