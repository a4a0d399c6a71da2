//! Handing e-invoices to the access point: a file and its sidecar in a folder, each document at most once.
use super::super::Progress;
use super::super::proof::{Fact, note};
use super::make::{find_document, make, named, our_endpoint, site};
use super::{MadeProblem, folder};
use crate::core::vault::sha256_hex;
use crate::{Actor, Desk, Fault, Mode, Outcome, command};
use serde::{Deserialize, Serialize};
use std::path::Path;
use sundry_domain::control::Duty;
use sundry_domain::delivery::einvoice::{EEvent, EState, after};
use sundry_domain::delivery::refusals::{NO_PARTICIPANT, NOTHING_LEAVES};
use sundry_domain::ids::{DocumentId, OrgId};
use sundry_formats::einvoice::{Envelope, write_ubl};
use sundry_store::billing::DocumentRow;
use sundry_store::control::{self, KeptFileRow};
use sundry_store::delivery::einvoice::{self as rows, EinvoiceRow};

/// Sends the e-invoices that wait.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendEinvoices {
    /// Idempotency key.
    pub key: String,
    /// At most this many.
    pub limit: i64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EinvoicesSent {
    /// Files that lie ready.
    pub written: i64,
    /// Documents that cannot be sent as they stand.
    pub blocked: i64,
    /// Documents of which we cannot know: a person must look.
    pub unknown: i64,
}

/// Writes a file for every document that waits; one that cannot be sent stops only itself, and says why.
///
/// # Errors
/// `DLV-NO-PARTICIPANT`, `DLV-NOTHING-LEAVES`.
pub async fn send_einvoices(
    desk: &Desk,
    by: &Actor,
    ask: SendEinvoices,
    progress: Progress<'_>,
) -> Outcome<EinvoicesSent> {
    by.must_hold(Duty::ReleaseRuns)?;
    if desk.mode() == Mode::Training {
        return Err(NOTHING_LEAVES.because("Nothing leaves a training home.").into());
    }
    let mut look = desk.look().await?;
    let ours = site(&mut look, by.org).await?;
    if our_endpoint(&ours).is_none() {
        return Err(NO_PARTICIPANT.because("We have no Peppol participant id").into());
    }
    let lost = rows::in_state(&mut look, by.org, EState::Writing.as_str(), 10_000).await?;
    let waiting = rows::waiting(&mut look, by.org, ask.limit.clamp(1, 10_000)).await?;
    drop(look);
    let mut sent = EinvoicesSent::default();
    for row in lost {
        let there = folder(desk, by.org, "out").join(sidecar(&row.file_name)).exists();
        settle(desk, by, &row, if there { EEvent::Written } else { EEvent::Lost }).await?;
        if there { sent.written += 1 } else { sent.unknown += 1 }
    }
    let total = waiting.len() as i64;
    for (at, one) in (1i64..).zip(&waiting) {
        match send_one(desk, by, &one.number).await? {
            Some(true) => sent.written += 1,
            Some(false) => sent.blocked += 1,
            None => {}
        }
        progress(at, total);
    }
    Ok(sent)
}

fn sidecar(file: &str) -> String {
    format!("{}.json", file.trim_end_matches(".xml"))
}

/// Whether it was written; none when another sender has it.
async fn send_one(desk: &Desk, by: &Actor, number: &str) -> Outcome<Option<bool>> {
    let mut look = desk.look().await?;
    let ours = site(&mut look, by.org).await?;
    let document = find_document(&mut look, by.org, number).await?;
    let (invoice, problems) = make(desk, &mut look, by.org, &ours, &document).await?;
    let before = rows::of_document(&mut look, by.org, DocumentId(document.id)).await?;
    drop(look);
    if !problems.is_empty() {
        block(desk, by, &document, named(&invoice.buyer.endpoint), &problems, before).await?;
        return Ok(Some(false));
    }
    let bytes = write_ubl(&invoice);
    let sha256 = desk.files().put(by.org.0, &bytes)?;
    let file_name = format!("{}.xml", safe(number));
    let envelope = Envelope::of(&invoice, &file_name, &sha256, bytes.len());
    let attempts = before.as_ref().map_or(0, |row| row.attempts) + 1;
    let row = EinvoiceRow {
        id: before.as_ref().map_or_else(|| desk.id(), |row| row.id),
        document_id: document.id,
        document_kind: document.kind.clone(),
        document_number: document.number.clone(),
        customer_id: document.customer_id,
        receiver: named(&invoice.buyer.endpoint),
        state: EState::Writing.as_str().into(),
        reason: String::new(),
        file_name,
        file_sha256: sha256,
        size_bytes: bytes.len() as i64,
        attempts,
        written_on: None,
        settled_on: Some(desk.today()),
        recorded_at: desk.clock().now(),
        version: before.as_ref().map_or(0, |row| row.version) + 1,
    };
    if !begin(desk, by, &row).await? {
        return Ok(None);
    }
    place(desk, by.org, &row.file_name, &bytes, &envelope)?;
    settle(desk, by, &row, EEvent::Written).await?;
    Ok(Some(true))
}

/// A number as a file name.
fn safe(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect()
}

/// The file first and its sidecar last: an access point that finds a sidecar finds the whole document.
fn place(desk: &Desk, org: OrgId, name: &str, bytes: &[u8], envelope: &Envelope) -> Outcome<()> {
    let out = folder(desk, org, "out");
    std::fs::create_dir_all(&out)?;
    std::fs::create_dir_all(folder(desk, org, "in"))?;
    put(&out, name, bytes)?;
    put(&out, &sidecar(name), &serde_json::to_vec_pretty(envelope)?)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Outcome<()> {
    use std::io::Write;
    let part = folder.join(format!(".{name}.part"));
    let mut file = std::fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(std::fs::rename(part, folder.join(name))?)
}

/// True only for the one sender who may go on.
async fn begin(desk: &Desk, by: &Actor, row: &EinvoiceRow) -> Outcome<bool> {
    let key = format!("{}/einvoice/{}", row.document_number, row.version);
    let token: i64 = desk.id();
    let begun: (bool, i64) = command!(desk, by, "begin_einvoice", &key, &row.document_number, |cmd| {
        let begun = rows::keep(&mut cmd.tx, cmd.by.org, row).await?;
        cmd.tell("EinvoiceBegun", format!("invoice {}", row.document_number), row.attempts);
        Ok((begun, token))
    })?;
    Ok(begun == (true, token))
}

#[derive(Serialize)]
struct SettleAsk<'a> {
    number: &'a str,
    state: &'static str,
}

async fn settle(desk: &Desk, by: &Actor, row: &EinvoiceRow, event: EEvent) -> Outcome<()> {
    let state = after(EState::Writing, event).ok_or_else(|| Fault::new("an e-invoice was written twice"))?;
    let ask = SettleAsk { number: &row.document_number, state: state.as_str() };
    let key = format!("{}/einvoice/{}/{}", row.document_number, row.version, state.as_str());
    command!(desk, by, "settle_einvoice_file", &key, &ask, |cmd| {
        let (org, document) = (cmd.by.org, DocumentId(row.document_id));
        let written = state == EState::Written;
        let reason = if written { "" } else { "The writer stopped before its file was in place" };
        let next = EinvoiceRow {
            state: state.as_str().into(),
            reason: reason.into(),
            written_on: written.then_some(cmd.today),
            settled_on: Some(cmd.today),
            version: row.version + 1,
            ..row.clone()
        };
        if rows::keep(&mut cmd.tx, org, &next).await? {
            let kept = KeptFileRow {
                sha256: row.file_sha256.clone(),
                name: row.file_name.clone(),
                media_type: "application/xml".into(),
                size_bytes: row.size_bytes,
            };
            control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
            let known = Fact {
                way: "peppol",
                outcome: state.as_str(),
                words: if written { format!("To {}", row.receiver) } else { reason.to_owned() },
                file_sha256: row.file_sha256.clone(),
                stops: state.stops_chasing(),
                ..Fact::of(document, row.customer_id)
            };
            note(cmd, known).await?;
        }
        cmd.tell("EinvoiceSettled", format!("invoice {}", row.document_number), state);
        Ok(state.as_str().to_owned())
    })
    .map(drop)
}

/// Keeps why a document cannot be sent; said once, until the reason is another.
async fn block(
    desk: &Desk,
    by: &Actor,
    document: &DocumentRow,
    receiver: String,
    problems: &[MadeProblem],
    before: Option<EinvoiceRow>,
) -> Outcome<()> {
    let words: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.code, p.words)).collect();
    let reason = words.join("; ");
    if before.as_ref().is_some_and(|row| row.state == EState::Blocked.as_str() && row.reason == reason) {
        return Ok(());
    }
    let version = before.as_ref().map_or(0, |row| row.version) + 1;
    let key = format!("{}/einvoice/{version}/{}", document.number, &sha256_hex(reason.as_bytes())[..12]);
    command!(desk, by, "block_einvoice", &key, &problems, |cmd| {
        let row = EinvoiceRow {
            id: before.as_ref().map_or_else(|| cmd.id(), |row| row.id),
            document_id: document.id,
            document_kind: document.kind.clone(),
            document_number: document.number.clone(),
            customer_id: document.customer_id,
            receiver: receiver.clone(),
            state: EState::Blocked.as_str().into(),
            reason: reason.clone(),
            file_name: String::new(),
            file_sha256: String::new(),
            size_bytes: 0,
            attempts: before.as_ref().map_or(0, |row| row.attempts),
            written_on: None,
            settled_on: Some(cmd.today),
            recorded_at: cmd.at,
            version,
        };
        if rows::keep(&mut cmd.tx, cmd.by.org, &row).await? {
            let known = Fact {
                way: "peppol",
                outcome: EState::Blocked.as_str(),
                words: reason.clone(),
                stops: true,
                ..Fact::of(DocumentId(document.id), document.customer_id)
            };
            note(cmd, known).await?;
        }
        cmd.tell("EinvoiceBlocked", format!("invoice {}", document.number), problems);
        Ok(document.number.clone())
    })
    .map(drop)
}
