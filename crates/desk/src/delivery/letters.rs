//! Looking at letters, copies of them, and settling what a person must settle.
use super::court_forms::whole_content_of;
use crate::core::vault::sha256_hex;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use sundry_domain::control::Duty;
use sundry_domain::delivery::refusals::LETTER_SETTLED;
use sundry_domain::ids::{CustomerId, LetterId, OrgId};
use sundry_domain::refusal::Invalid;
use sundry_paper::{Letter, Printer};
use sundry_store::control::KeptFileRow;
use sundry_store::delivery::{self, LetterRow};
use sundry_store::{Tx, control};

/// The printer of this process: the typeface is read once.
pub(super) fn printer() -> Printer {
    static PRINTER: OnceLock<Printer> = OnceLock::new();
    PRINTER.get_or_init(Printer::new).clone()
}

/// The hash by which stored wording is known again.
pub(crate) fn sha256_of_json(value: &serde_json::Value) -> String {
    sha256_hex(value.to_string().as_bytes())
}

/// Reads a letter's content and proves that it is what was written.
pub(super) fn read_content(head: &LetterRow, content: &str) -> Outcome<Letter> {
    if sha256_hex(content.as_bytes()) != head.content_sha256 {
        return Err(Fault::new(format!("the content of {} does not match its hash", head.number)).into());
    }
    Ok(serde_json::from_str(content)?)
}

pub(super) async fn content_of(tx: &mut Tx, org: OrgId, head: &LetterRow) -> Outcome<Letter> {
    let content = delivery::letter_content(tx, org, LetterId(head.id)).await?;
    read_content(head, &content.ok_or_else(|| Fault::new(format!("{} has no content", head.number)))?)
}

/// A letter with its content.
#[derive(Clone, Debug, Serialize)]
pub struct LetterView {
    /// Number, way, state.
    pub head: LetterRow,
    /// What it says.
    pub content: Letter,
    /// The items it names, with what was open of each.
    pub items: Vec<(i64, i64)>,
}

async fn head_of(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<LetterRow> {
    delivery::letter(tx, org, number).await?.ok_or_else(|| No::Absent("letter".into()))
}

/// A letter by its number.
pub async fn letter(desk: &Desk, by: &Actor, number: &str) -> Outcome<LetterView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let head = head_of(&mut look, by.org, number).await?;
    let content = content_of(&mut look, by.org, &head).await?;
    let items = delivery::items_of_letter(&mut look, by.org, LetterId(head.id)).await?;
    Ok(LetterView { head, content, items })
}

/// A letter as PDF: the kept file, or the same letter set from its content if it has not left yet.
pub async fn letter_pdf(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<u8>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let head = head_of(&mut look, by.org, number).await?;
    if !head.file_sha256.is_empty() {
        return desk.files().get(by.org.0, &head.file_sha256);
    }
    let content = whole_content_of(desk, &mut look, by.org, &head).await?;
    drop(look);
    set(content).await
}

/// Sets a letter off the threads that answer requests.
pub(crate) async fn set(letter: Letter) -> Outcome<Vec<u8>> {
    let work = tokio::task::spawn_blocking(move || printer().pdf(&letter)).await;
    let pdf = work.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?;
    Ok(pdf.map_err(|fault| Fault::new(fault.to_string()))?)
}

/// Sets the proof of an account off the threads that answer requests.
pub(crate) async fn proof_pdf_of(proof: sundry_paper::ProofSheet) -> Outcome<Vec<u8>> {
    let work = tokio::task::spawn_blocking(move || printer().proof_pdf(&proof)).await;
    let pdf = work.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?;
    Ok(pdf.map_err(|fault| Fault::new(fault.to_string()))?)
}

/// Letters to a customer, newest first.
pub async fn letters_of_customer(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Vec<LetterRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(delivery::letters_of_customer(&mut look, by.org, customer).await?)
}

/// Letters dated on or after a day, oldest first.
pub async fn letters_since(desk: &Desk, by: &Actor, since: chrono::NaiveDate) -> Outcome<Vec<LetterRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(delivery::letters_since(&mut look, by.org, since).await?)
}

/// State, channel and number of letters that are not settled.
pub async fn letter_counts(desk: &Desk, by: &Actor) -> Outcome<Vec<(String, String, i64)>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(delivery::letter_counts(&mut look, by.org).await?)
}

/// Letters in a state on a channel, oldest first, at most `limit`: those that failed, are held or unknown.
pub async fn letters_in_state(
    desk: &Desk,
    by: &Actor,
    state: &str,
    channel: &str,
    limit: i64,
) -> Outcome<Vec<LetterRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let limit = limit.clamp(1, 10_000);
    Ok(delivery::letters_in_state(&mut look, by.org, state, channel, LetterId(0), limit).await?)
}

/// Prints a copy of a letter, marked as one on every page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reprint {
    /// Idempotency key.
    pub key: String,
    /// Number of the letter.
    pub number: String,
}

/// The copy that was printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reprinted {
    /// Number of the letter.
    pub number: String,
    /// Hash of the kept copy.
    pub file_sha256: String,
}

/// Prints a copy; the first one stays the only original.
///
/// # Errors
/// A letter that is not there.
pub async fn reprint(desk: &Desk, by: &Actor, ask: Reprint) -> Outcome<Reprinted> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let head = head_of(&mut look, by.org, &ask.number).await?;
    let content = whole_content_of(desk, &mut look, by.org, &head).await?;
    drop(look);
    let pdf = set(Letter { copy: true, ..content }).await?;
    let sha256 = desk.files().put(by.org.0, &pdf)?;
    command!(desk, by, "reprint", &ask.key, &ask, |cmd| {
        let kept = kept_pdf(&sha256, &format!("{}-copy.pdf", ask.number), pdf.len());
        control::add_kept_file(&mut cmd.tx, cmd.by.org, &kept, cmd.at).await?;
        cmd.tell("LetterCopied", format!("letter {}", ask.number), &kept.sha256);
        Ok(Reprinted { number: ask.number.clone(), file_sha256: sha256.clone() })
    })
}

pub(super) fn kept_pdf(sha256: &str, name: &str, size: usize) -> KeptFileRow {
    KeptFileRow {
        sha256: sha256.to_owned(),
        name: name.to_owned(),
        media_type: "application/pdf".into(),
        size_bytes: size as i64,
    }
}

/// A person settles a letter that we cannot know about, or stops one that has not left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettleLetter {
    /// Idempotency key.
    pub key: String,
    /// Number of the letter.
    pub number: String,
    /// sent, waiting (it did not arrive: try again) or withdrawn.
    pub outcome: String,
    /// How they know.
    pub words: String,
}

/// The letter that was settled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settled {
    /// Number.
    pub number: String,
    /// Its state now.
    pub state: String,
}

/// Settles a letter.
///
/// # Errors
/// `DLV-LETTER-STATE` when it cannot go from where it is to there; invalid fields; a letter that is not there.
pub async fn settle_letter(desk: &Desk, by: &Actor, ask: SettleLetter) -> Outcome<Settled> {
    by.must_hold(Duty::ReleaseRuns)?;
    sundry_domain::control::refuse_card_number("words", &ask.words)?;
    let from: &[(&str, &str)] = match ask.outcome.as_str() {
        "sent" => &[("unknown", "unknown")],
        "waiting" => &[("unknown", "failed"), ("held", "held")],
        "withdrawn" => &[("waiting", "held"), ("failed", "unknown")],
        other => return Err(Invalid::field("outcome", "Choose sent, waiting or withdrawn", other).into()),
    };
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter how you know", &ask.words).into());
    }
    command!(desk, by, "settle_letter", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let head = head_of(&mut cmd.tx, org, &ask.number).await?;
        let mut moved = false;
        for states in from {
            let id = LetterId(head.id);
            moved = moved || delivery::move_letter(&mut cmd.tx, org, id, *states, &ask.outcome, &ask.words).await?;
        }
        if !moved {
            return Err(LETTER_SETTLED.because(format!("{} is {}", head.number, head.state)).into());
        }
        cmd.tell("LetterSettled", format!("letter {}", ask.number), &ask);
        Ok(Settled { number: ask.number.clone(), state: ask.outcome.clone() })
    })
}
