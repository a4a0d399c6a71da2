//! What comes back: the buyer's answer, the access point's rejection, and what a person knows.
use super::super::proof::{Fact, note};
use super::folder;
use super::make::{find_document, named, our_endpoint, site};
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::delivery::einvoice::{EEvent, EState, after};
use sundry_domain::delivery::refusals::{ANSWER_STRANGER, ANSWER_UNKNOWN, EINVOICE_STATE};
use sundry_domain::ids::DocumentId;
use sundry_domain::refusal::Invalid;
use sundry_formats::einvoice::{Answer, Code, read_answer};
use sundry_store::control::{self, KeptFileRow};
use sundry_store::delivery::einvoice::{self as rows, EinvoiceRow};
use sundry_store::delivery::proof::events_of_document;

/// The largest answer that is taken.
const LARGEST: u64 = 10 * 1024 * 1024;

/// Takes a buyer's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeAnswer {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What an answer did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTaken {
    /// Number of the document it is about.
    pub number: String,
    /// Its code: AB, IP, UQ, CA, RE, AP or PD.
    pub code: String,
    /// Where the e-invoice stands now.
    pub state: String,
    /// Why, as the customer says it.
    pub words: String,
    /// Whether it had been seen before.
    pub seen: bool,
}

/// Takes the answer in a file; the same file again changes nothing.
///
/// # Errors
/// A file that is no answer; `DLV-ANSWER-UNKNOWN`; `DLV-ANSWER-STRANGER`.
pub async fn take_answer(desk: &Desk, by: &Actor, ask: TakeAnswer) -> Outcome<AnswerTaken> {
    by.must_hold(Duty::ReleaseRuns)?;
    let answer = read_answer(&ask.bytes).map_err(|problem| Invalid::field("file", problem.message, &ask.file_name))?;
    let sha256 = desk.files().put(by.org.0, &ask.bytes)?;
    command!(desk, by, "take_answer", &ask.key, &(&ask.file_name, &sha256), |cmd| {
        let kept = KeptFileRow {
            sha256: sha256.clone(),
            name: ask.file_name.clone(),
            media_type: "application/xml".into(),
            size_bytes: ask.bytes.len() as i64,
        };
        control::add_kept_file(&mut cmd.tx, cmd.by.org, &kept, cmd.at).await?;
        let taken = apply(cmd, &answer, &sha256).await?;
        cmd.tell("EinvoiceAnswered", format!("invoice {}", taken.number), &taken);
        Ok(taken)
    })
}

async fn apply(cmd: &mut Command, answer: &Answer, sha256: &str) -> Outcome<AnswerTaken> {
    let org = cmd.by.org;
    let unknown = || ANSWER_UNKNOWN.because(format!("{} is no e-invoice of ours", answer.document));
    let document = match find_document(&mut cmd.tx, org, &answer.document).await {
        Err(No::Absent(_)) => return Err(unknown().into()),
        other => other?,
    };
    let row = rows::of_document(&mut cmd.tx, org, DocumentId(document.id)).await?;
    let row = row.filter(|row| row.attempts > 0).ok_or_else(unknown)?;
    let ours = our_endpoint(&site(&mut cmd.tx, org).await?);
    let theirs = answer.of_message || answer.from.is_empty() || answer.from == row.receiver;
    let to_us = answer.to.is_empty() || ours.as_ref().is_none_or(|ours| named(ours) == answer.to);
    if !theirs || !to_us {
        let sentence = format!("It goes from {} to {}, not from {} to us", answer.from, answer.to, row.receiver);
        return Err(ANSWER_STRANGER.because(sentence).into());
    }
    let seen = events_of_document(&mut cmd.tx, org, DocumentId(document.id)).await?;
    let seen = seen.iter().any(|event| event.file_sha256 == sha256);
    let event = match (answer.of_message, answer.code) {
        (true, Code::RE) => EEvent::Rejected,
        (true, _) => EEvent::Delivered,
        (false, code) => {
            EEvent::Answered(EState::of_code(code.as_str()).ok_or_else(|| Fault::new("a code without a state"))?)
        }
    };
    let words = answer.why();
    let state = if seen {
        state_of(&row)?
    } else {
        let reference = (answer.id.clone(), answer.code.as_str(), sha256.to_owned());
        turn(cmd, &row, event, &words, "file", reference).await?
    };
    let code = answer.code.as_str().to_owned();
    Ok(AnswerTaken { number: row.document_number, code, state: state.as_str().into(), words, seen })
}

fn state_of(row: &EinvoiceRow) -> Outcome<EState> {
    Ok(EState::parse(&row.state).ok_or_else(|| Fault::new(format!("an e-invoice is {}", row.state)))?)
}

/// Records an event, and moves the e-invoice where it takes it; gives where it stands.
async fn turn(
    cmd: &mut Command,
    row: &EinvoiceRow,
    event: EEvent,
    words: &str,
    source: &'static str,
    (reference, code, file_sha256): (String, &str, String),
) -> Outcome<EState> {
    let (before, org) = (state_of(row)?, cmd.by.org);
    let moved = after(before, event);
    let now = moved.unwrap_or(before);
    if let Some(state) = moved {
        let next = EinvoiceRow {
            state: state.as_str().into(),
            reason: words.to_owned(),
            settled_on: Some(cmd.today),
            version: row.version + 1,
            ..row.clone()
        };
        if !rows::keep(&mut cmd.tx, org, &next).await? {
            return Err(Fault::new(format!("{} changed while it was answered", row.document_number)).into());
        }
    }
    let outcome = match event {
        EEvent::Answered(state) => state.as_str(),
        EEvent::Rejected => EState::Rejected.as_str(),
        EEvent::Delivered => EState::Delivered.as_str(),
        _ => now.as_str(),
    };
    let known = Fact {
        way: "peppol",
        outcome,
        code: code.to_owned(),
        reference,
        words: words.to_owned(),
        file_sha256,
        source,
        stops: now.stops_chasing(),
        ..Fact::of(DocumentId(row.document_id), row.customer_id)
    };
    note(cmd, known).await?;
    Ok(now)
}

/// A person says what became of an e-invoice, or what is to become of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettleEinvoice {
    /// Idempotency key.
    pub key: String,
    /// Number of the document.
    pub number: String,
    /// delivered, rejected, again (it is sent once more) or withdrawn (it goes as a letter).
    pub outcome: String,
    /// How they know.
    pub words: String,
}

/// Settles an e-invoice.
///
/// # Errors
/// `DLV-EINVOICE-STATE` when it cannot go from where it is to there; invalid fields; absent.
pub async fn settle_einvoice(desk: &Desk, by: &Actor, ask: SettleEinvoice) -> Outcome<EinvoiceRow> {
    by.must_hold(Duty::ReleaseRuns)?;
    refuse_card_number("words", &ask.words)?;
    let event = match ask.outcome.as_str() {
        "delivered" => EEvent::Delivered,
        "rejected" => EEvent::Rejected,
        "again" => EEvent::Again,
        "withdrawn" => EEvent::Withdraw,
        other => {
            return Err(Invalid::field("outcome", "Choose delivered, rejected, again or withdrawn", other).into());
        }
    };
    if ask.words.trim().is_empty() || ask.words.chars().count() > 500 {
        return Err(Invalid::field("words", "Enter how you know, in at most 500 characters", &ask.words).into());
    }
    command!(desk, by, "settle_einvoice", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let document = find_document(&mut cmd.tx, org, &ask.number).await?;
        let id = DocumentId(document.id);
        let row = rows::of_document(&mut cmd.tx, org, id).await?;
        let row = row.ok_or_else(|| No::Absent(format!("e-invoice {}", ask.number)))?;
        let before = state_of(&row)?;
        if after(before, event).is_none() {
            let sentence = format!("{} is: {}", row.document_number, before.name().to_lowercase());
            return Err(EINVOICE_STATE.because(sentence).into());
        }
        turn(cmd, &row, event, ask.words.trim(), "person", (String::new(), "", String::new())).await?;
        cmd.tell("EinvoiceSettledByPerson", format!("invoice {}", row.document_number), &ask);
        let row = rows::of_document(&mut cmd.tx, org, id).await?;
        Ok(row.ok_or_else(|| Fault::new("an e-invoice went away"))?)
    })
}

/// What a look at the folder of answers brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersTaken {
    /// Answers that were taken.
    pub taken: Vec<AnswerTaken>,
    /// Files that were refused, with why.
    pub refused: Vec<(String, String)>,
}

/// Takes every answer that lies in the folder; a file is put away once it is taken or refused.
///
/// # Errors
/// Duty; a folder that cannot be read.
pub async fn collect_answers(desk: &Desk, by: &Actor) -> Outcome<AnswersTaken> {
    by.must_hold(Duty::ReleaseRuns)?;
    let from = folder(desk, by.org, "in");
    let mut answers = AnswersTaken::default();
    let Ok(entries) = std::fs::read_dir(&from) else { return Ok(answers) };
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("xml")) && path.is_file());
    files.sort();
    for path in files {
        let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or("answer.xml").to_owned();
        let outcome = if std::fs::metadata(&path)?.len() > LARGEST {
            Err("It is over 10 MB".to_owned())
        } else {
            let bytes = std::fs::read(&path)?;
            let key = format!("answer/{}", sha256_hex(&bytes));
            let ask = TakeAnswer { key, file_name: file_name.clone(), bytes };
            match take_answer(desk, by, ask).await {
                Ok(taken) => Ok(taken),
                Err(No::Fault(fault)) => return Err(No::Fault(fault)),
                Err(no) => Err(no.to_string()),
            }
        };
        let place = from.join(if outcome.is_ok() { "taken" } else { "refused" });
        std::fs::create_dir_all(&place)?;
        std::fs::rename(&path, place.join(&file_name))?;
        match outcome {
            Ok(taken) => answers.taken.push(taken),
            Err(why) => answers.refused.push((file_name, why)),
        }
    }
    Ok(answers)
}
