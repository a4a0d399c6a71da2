//! Asking, correcting, withdrawing: what a service does.
use super::form::{RequestForm, check, own_services};
use crate::core::command::Command;
use crate::core::evidence::{NewFile, note, seal};
use crate::core::vault::sha256_hex;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::requests::refusals::CHANGED;
use sundry_domain::billing::requests::{ANSWER_DAYS, RequestState, RequestStep, covers, may_step};
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::control::{KeptFileRow, organisation};
use sundry_store::requests::{self as store, RequestEventRow, RequestRow};

/// Files with one request at most.
const FILES: usize = 5;

/// Asks for an invoice.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskForInvoice {
    /// Idempotency key.
    pub key: String,
    /// The request.
    #[serde(flatten)]
    pub form: RequestForm,
}

/// A request that was made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestMade {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// With VAT.
    pub gross_pence: i64,
    /// When it should be answered.
    pub answer_by: NaiveDate,
}

/// Puts a request right and sends it again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CorrectRequest {
    /// Idempotency key.
    pub key: String,
    /// The request.
    pub number: String,
    /// The version that was read.
    pub seen_version: i64,
    /// What it says now.
    #[serde(flatten)]
    pub form: RequestForm,
}

/// Takes a request back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawRequest {
    /// Idempotency key.
    pub key: String,
    /// The request.
    pub number: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Adds a file to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddRequestFile {
    /// Idempotency key.
    pub key: String,
    /// The request.
    pub number: String,
    /// What the file shows.
    #[serde(default)]
    pub words: String,
}

/// A file that was kept with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFileAdded {
    /// Its hash: what it is asked for by.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Whether the request had the same file before.
    pub was_there: bool,
}

/// Asks for an invoice, with the evidence for it.
///
/// # Errors
/// Every invalid field at once; `BIL-02-NOT-YOURS`, `BIL-02-NO-SERVICE`; `QRY-EVIDENCE-…` of a file.
pub async fn ask_for_invoice(desk: &Desk, by: &Actor, ask: AskForInvoice, files: Vec<NewFile>) -> Outcome<RequestMade> {
    by.must_hold(Duty::RequestInvoice)?;
    let sealed = sealed(desk, by, &files)?;
    command!(desk, by, "ask_for_invoice", &ask.key, &(&ask, hashes(&files)), |cmd| {
        let gross = check(&mut cmd.tx, desk, by, &ask.form).await?;
        let row = new_row(cmd, &ask.form, gross.0, "").await?;
        let made = made(&row);
        add(cmd, vec![row]).await?;
        keep(cmd, &made.number, &sealed).await?;
        cmd.tell("InvoiceAskedFor", format!("request {}", made.number), &made);
        Ok(made)
    })
}

pub(super) fn hashes(files: &[NewFile]) -> Vec<String> {
    files.iter().map(|file| sha256_hex(&file.bytes)).collect()
}

fn sealed(desk: &Desk, by: &Actor, files: &[NewFile]) -> Outcome<Vec<KeptFileRow>> {
    if files.len() > FILES {
        return Err(Invalid::field("file", format!("Send at most {FILES} files at once"), "").into());
    }
    files.iter().map(|file| seal(desk, by.org.0, file)).collect()
}

async fn keep(cmd: &mut Command, number: &str, sealed: &[KeptFileRow]) -> Outcome<()> {
    let from = cmd.by.name.clone();
    for file in sealed {
        note(cmd, &subject(number), file, ("", &from)).await?;
    }
    Ok(())
}

/// What evidence of a request is kept under.
pub(super) fn subject(number: &str) -> String {
    format!("request {number}")
}

fn made(row: &RequestRow) -> RequestMade {
    RequestMade {
        number: row.number.clone(),
        state: row.state.clone(),
        gross_pence: row.gross_pence,
        answer_by: row.answer_by,
    }
}

/// The day by which a request that comes today should be answered.
async fn answer_by(cmd: &mut Command) -> Outcome<NaiveDate> {
    let row = organisation(&mut cmd.tx, cmd.by.org).await?;
    let nation = row.and_then(|row| Nation::parse(&row.nation));
    let nation = nation.ok_or_else(|| Fault::new("the organisation's nation cannot be read"))?;
    Ok(cmd.desk.book().calendar(nation).add(cmd.today, ANSWER_DAYS)?)
}

pub(super) async fn new_row(
    cmd: &mut Command,
    form: &RequestForm,
    gross_pence: i64,
    batch: &str,
) -> Outcome<RequestRow> {
    let answer_by = answer_by(cmd).await?;
    Ok(RequestRow {
        id: cmd.id(),
        number: format!("REQ-{:06}", cmd.next_number("REQ").await?),
        state: RequestState::Asked.as_str().into(),
        service: form.service.trim().into(),
        cost_centre: form.cost_centre.trim().into(),
        what_for: form.what_for.trim().into(),
        customer_number: form.customer_number.trim().into(),
        customer_words: form.customer_words.trim().into(),
        form: serde_json::to_value(form)?,
        gross_pence,
        asked_by: cmd.by.user.0,
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        answer_by,
        owner_id: 0,
        owner_name: String::new(),
        reason: String::new(),
        document_id: None,
        invoice_number: String::new(),
        decided_by_name: String::new(),
        decided_on: None,
        batch: batch.to_owned(),
        recorded_at: cmd.at,
        version: 1,
    })
}

/// Adds requests with the first line of their history.
pub(super) async fn add(cmd: &mut Command, rows: Vec<RequestRow>) -> Outcome<()> {
    let event = |row: &RequestRow| RequestEventRow {
        request_id: row.id,
        seq: 1,
        on_day: cmd.today,
        what: "asked".into(),
        words: if row.batch.is_empty() { row.what_for.clone() } else { format!("In {}", row.batch) },
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    let events = rows.iter().map(event).collect();
    let org = cmd.by.org;
    store::add_requests(&mut cmd.tx, org, rows).await?;
    Ok(store::add_request_events(&mut cmd.tx, org, events).await?)
}

/// The request with a number, if the person may see it.
pub(super) async fn seen(tx: &mut Tx, by: &Actor, number: &str) -> Outcome<RequestRow> {
    let absent = || No::Absent(format!("request {}", number.trim()));
    let row = store::request(tx, by.org, number.trim()).await?.ok_or_else(absent)?;
    if sees_all(by) || row.asked_by == by.user.0 {
        return Ok(row);
    }
    let own = own_services(tx, by.org, by.user).await?;
    if covers(&own, &row.service, &row.cost_centre) { Ok(row) } else { Err(absent()) }
}

/// Whether a person sees the requests of every service: all but those who only ask.
pub(super) fn sees_all(by: &Actor) -> bool {
    by.holds(Duty::RaiseInvoice) || (by.holds(Duty::View) && !by.holds(Duty::RequestInvoice))
}

/// Refuses a step that the request's state does not allow.
pub(super) fn must_step(row: &RequestRow, step: RequestStep) -> Outcome<()> {
    let state = RequestState::parse(&row.state).ok_or_else(|| Fault::new("a request's state cannot be read"))?;
    Ok(may_step(&row.number, state, step)?)
}

/// Keeps a changed request with what happened to it.
pub(super) async fn change(cmd: &mut Command, row: RequestRow, (what, words): (&str, &str)) -> Outcome<()> {
    let org = cmd.by.org;
    if !store::change_request(&mut cmd.tx, org, &row).await? {
        return Err(CHANGED.because(format!("{} is not as you read it", row.number)).into());
    }
    let seq = store::request_events(&mut cmd.tx, org, row.id).await?.len() as i64 + 1;
    let event = RequestEventRow {
        request_id: row.id,
        seq,
        on_day: cmd.today,
        what: what.to_owned(),
        words: words.to_owned(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    Ok(store::add_request_events(&mut cmd.tx, org, vec![event]).await?)
}

/// Refuses where the request is not as it was read.
pub(super) fn must_be_as_read(row: &RequestRow, seen_version: i64) -> Outcome<()> {
    if row.version == seen_version {
        return Ok(());
    }
    Err(CHANGED.because(format!("{} is not as you read it", row.number)).into())
}

/// Puts a request right and sends it again: its clock starts anew.
///
/// # Errors
/// As [`ask_for_invoice`]; `BIL-02-STATE`; `BIL-02-CHANGED`.
pub async fn correct_request(
    desk: &Desk,
    by: &Actor,
    ask: CorrectRequest,
    files: Vec<NewFile>,
) -> Outcome<RequestMade> {
    by.must_hold(Duty::RequestInvoice)?;
    let sealed = sealed(desk, by, &files)?;
    command!(desk, by, "correct_request", &ask.key, &(&ask, hashes(&files)), |cmd| {
        let row = seen(&mut cmd.tx, by, &ask.number).await?;
        must_step(&row, RequestStep::Correct)?;
        must_be_as_read(&row, ask.seen_version)?;
        let gross = check(&mut cmd.tx, desk, by, &ask.form).await?;
        let form = &ask.form;
        let row = RequestRow {
            state: RequestState::Asked.as_str().into(),
            service: form.service.trim().into(),
            cost_centre: form.cost_centre.trim().into(),
            what_for: form.what_for.trim().into(),
            customer_number: form.customer_number.trim().into(),
            customer_words: form.customer_words.trim().into(),
            form: serde_json::to_value(form)?,
            gross_pence: gross.0,
            asked_on: cmd.today,
            answer_by: answer_by(cmd).await?,
            reason: String::new(),
            decided_by_name: String::new(),
            decided_on: None,
            ..row
        };
        let made = made(&row);
        change(cmd, row, ("corrected", "Put right and sent again")).await?;
        keep(cmd, &made.number, &sealed).await?;
        cmd.tell("RequestCorrected", subject(&made.number), &made);
        Ok(made)
    })
}

/// Takes a request back.
///
/// # Errors
/// `BIL-02-STATE` once it was decided.
pub async fn withdraw_request(desk: &Desk, by: &Actor, ask: WithdrawRequest) -> Outcome<RequestMade> {
    by.must_hold(Duty::RequestInvoice)?;
    refuse_cards(&[("reason", &ask.reason)])?;
    if ask.reason.chars().count() > 500 {
        return Err(Invalid::field("reason", "Enter why, in at most 500 characters", &ask.reason).into());
    }
    command!(desk, by, "withdraw_request", &ask.key, &ask, |cmd| {
        let row = seen(&mut cmd.tx, by, &ask.number).await?;
        must_step(&row, RequestStep::Withdraw)?;
        let reason = ask.reason.trim().to_owned();
        let row = RequestRow { state: RequestState::Withdrawn.as_str().into(), reason: reason.clone(), ..row };
        let made = made(&row);
        change(cmd, row, ("withdrawn", &reason)).await?;
        cmd.tell("RequestWithdrawn", subject(&made.number), &made);
        Ok(made)
    })
}

/// Keeps a file with a request, for whoever asked and for the desk.
///
/// # Errors
/// `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`; absent request.
pub async fn add_request_file(
    desk: &Desk,
    by: &Actor,
    ask: AddRequestFile,
    file: NewFile,
) -> Outcome<RequestFileAdded> {
    by.must_hold(Duty::RequestInvoice).or_else(|no| by.must_hold(Duty::RaiseInvoice).map_err(|_| no))?;
    refuse_cards(&[("words", &ask.words)])?;
    if ask.words.chars().count() > 500 {
        return Err(Invalid::field("words", "Enter what it shows, in at most 500 characters", &ask.words).into());
    }
    let kept = seal(desk, by.org.0, &file)?;
    command!(desk, by, "add_request_file", &ask.key, &(&ask, sha256_hex(&file.bytes)), |cmd| {
        let row = seen(&mut cmd.tx, by, &ask.number).await?;
        let from = cmd.by.name.clone();
        let added = note(cmd, &subject(&row.number), &kept, (&ask.words, &from)).await?;
        if !added {
            cmd.tell("EvidenceSeenAgain", subject(&row.number), &kept.sha256);
        }
        Ok(RequestFileAdded { sha256: kept.sha256.clone(), name: kept.name.clone(), was_there: !added })
    })
}
