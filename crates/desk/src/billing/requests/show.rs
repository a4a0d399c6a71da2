//! Requests as they stand: the list with ages, one with its history and files, the one behind an invoice.
use super::ask::{seen, sees_all, subject};
use super::form::RequestForm;
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::requests::RequestState;
use sundry_domain::control::Duty;
use sundry_store::customers::customer_numbered;
use sundry_store::evidence::{EvidenceRow, evidence_of};
use sundry_store::requests::{self as store, RequestEventRow, RequestRow, RequestsOf};

/// Which requests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestsAsk {
    /// asked, sent_back, withdrawn, invoiced, `open` for those not over, or empty for all.
    pub state: String,
    /// Of one service.
    pub service: String,
    /// Only those that the reader has taken on.
    pub mine: bool,
    /// The `next` of the page before; none for the first.
    pub before: Option<i64>,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLineOfList {
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// Service.
    pub service: String,
    /// Cost centre.
    pub cost_centre: String,
    /// What it is for.
    pub what_for: String,
    /// The customer's number; empty where they are only described.
    pub customer_number: String,
    /// With VAT.
    pub gross_pence: i64,
    /// Who asks.
    pub asked_by: String,
    /// When.
    pub asked_on: NaiveDate,
    /// Days since then, while it waits.
    pub age_days: Option<i64>,
    /// When it should be answered.
    pub answer_by: NaiveDate,
    /// Whether that day has passed while it waits for the desk.
    pub late: bool,
    /// Who at the desk has it.
    pub owner: String,
    /// The invoice.
    pub invoice_number: String,
}

/// A page of requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestsPage {
    /// Newest first.
    pub rows: Vec<RequestLineOfList>,
    /// Where the next page starts; none on the last.
    pub next: Option<i64>,
}

/// A file kept with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFileSeen {
    /// Its hash: what it is asked for by.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Size.
    pub size_bytes: i64,
    /// What it shows.
    pub words: String,
    /// Who gave it.
    pub came_from: String,
    /// When.
    pub on: NaiveDate,
}

/// A request with its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestShown {
    /// As the list has it.
    pub line: RequestLineOfList,
    /// The customer's name, where they were found.
    pub customer_name: String,
    /// The customer in words.
    pub customer_words: String,
    /// What was filled in.
    pub form: RequestForm,
    /// Why it was sent back, or withdrawn.
    pub reason: String,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// The workbook it came in.
    pub batch: String,
    /// Rises with each change.
    pub version: i64,
    /// Whether the reader asked for it.
    pub is_own: bool,
    /// What happened, oldest first.
    pub history: Vec<RequestEventRow>,
    /// Files kept with it.
    pub files: Vec<RequestFileSeen>,
}

fn line(row: &RequestRow, today: NaiveDate) -> RequestLineOfList {
    let waits = row.state == RequestState::Asked.as_str() || row.state == RequestState::SentBack.as_str();
    RequestLineOfList {
        number: row.number.clone(),
        state: row.state.clone(),
        service: row.service.clone(),
        cost_centre: row.cost_centre.clone(),
        what_for: row.what_for.clone(),
        customer_number: row.customer_number.clone(),
        gross_pence: row.gross_pence,
        asked_by: row.asked_by_name.clone(),
        asked_on: row.asked_on,
        age_days: waits.then(|| (today - row.asked_on).num_days()),
        answer_by: row.answer_by,
        late: row.state == RequestState::Asked.as_str() && row.answer_by < today,
        owner: row.owner_name.clone(),
        invoice_number: row.invoice_number.clone(),
    }
}

fn may_look(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::RequestInvoice) { Ok(()) } else { Ok(by.must_hold(Duty::View)?) }
}

/// Requests, newest first: of every service for the desk, of their own for those who ask.
pub async fn invoice_requests(desk: &Desk, by: &Actor, ask: RequestsAsk) -> Outcome<RequestsPage> {
    may_look(by)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let of = RequestsOf {
        state: ask.state.trim().to_owned(),
        service: ask.service.trim().to_owned(),
        seen_by: (!sees_all(by)).then_some(by.user),
        owner: ask.mine.then_some(by.user),
    };
    let before = ask.before.unwrap_or(i64::MAX);
    let mut rows = store::requests(&mut desk.look().await?, by.org, &of, (before, limit + 1)).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id);
    let today = desk.today();
    Ok(RequestsPage { rows: rows.iter().map(|row| line(row, today)).collect(), next })
}

/// One request.
///
/// # Errors
/// Absent when there is none, or it is of a service that is not the reader's.
pub async fn invoice_request(desk: &Desk, by: &Actor, number: &str) -> Outcome<RequestShown> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let row = seen(&mut look, by, number).await?;
    let customer = match row.customer_number.as_str() {
        "" => None,
        number => customer_numbered(&mut look, by.org, number).await?,
    };
    let history = store::request_events(&mut look, by.org, row.id).await?;
    let files = evidence_of(&mut look, by.org, &subject(&row.number)).await?;
    let file = |one: EvidenceRow| RequestFileSeen {
        sha256: one.sha256,
        name: one.name,
        size_bytes: one.size_bytes,
        words: one.words,
        came_from: one.came_from,
        on: one.recorded_on,
    };
    Ok(RequestShown {
        line: line(&row, desk.today()),
        customer_name: customer.map(|one| one.name).unwrap_or_default(),
        customer_words: row.customer_words,
        form: serde_json::from_value(row.form)?,
        reason: row.reason,
        decided_by: row.decided_by_name,
        decided_on: row.decided_on,
        batch: row.batch,
        version: row.version,
        is_own: row.asked_by == by.user.0,
        history,
        files: files.into_iter().map(file).collect(),
    })
}

/// The request behind an invoice, where the reader may see it (BIL-17).
pub async fn request_behind(desk: &Desk, by: &Actor, invoice: &str) -> Outcome<Option<RequestLineOfList>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let Some(row) = store::request_of_invoice(&mut look, by.org, invoice.trim()).await? else { return Ok(None) };
    match seen(&mut look, by, &row.number).await {
        Ok(row) => Ok(Some(line(&row, desk.today()))),
        Err(No::Absent(_)) => Ok(None),
        Err(no) => Err(no),
    }
}

/// A file of a request, proved by its hash.
///
/// # Errors
/// Absent when the request has no such file.
pub async fn request_file(desk: &Desk, by: &Actor, number: &str, sha256: &str) -> Outcome<(EvidenceRow, Vec<u8>)> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let request = seen(&mut look, by, number).await?;
    let all = evidence_of(&mut look, by.org, &subject(&request.number)).await?;
    let row = all.into_iter().find(|row| row.sha256 == sha256).ok_or_else(|| No::Absent("file".into()))?;
    let bytes = desk.files().get(by.org.0, &row.sha256)?;
    Ok((row, bytes))
}
