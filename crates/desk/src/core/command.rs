//! A command: one transaction, one key, one answer; audited, and told to the outbox.
use super::actor::{Actor, Channel};
use super::audit::{Link, ORIGIN};
use super::desk::Desk;
use super::outcome::{Fault, No, Outcome};
use super::refusals::{KEY_REUSED, NOT_KNOWN_YET};
use super::told;
use super::vault::sha256_hex;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::time::Duration;
use sundry_domain::control::refusals::CARD_NUMBER;
use sundry_store::engine::Class;
use sundry_store::event_words::{EventWordRow, add_event_word};
use sundry_store::{Tx, control};

/// How often a command is begun again when the database says that it did not happen.
const TRIES: u32 = 8;

/// A command under way.
pub struct Command {
    /// Its transaction.
    pub tx: Tx,
    /// The desk it runs at.
    pub desk: Desk,
    /// Who asked.
    pub by: Actor,
    /// When it is recorded.
    pub at: DateTime<Utc>,
    /// The business date.
    pub today: NaiveDate,
    key: String,
    name: &'static str,
    request_hash: String,
    events: Vec<Told>,
}

/// Something that happened, as it is told.
struct Told {
    event: &'static str,
    subject: String,
    detail: String,
    why: String,
}

/// Either the answer given before to this key, or a command to carry out.
pub enum Begun {
    /// The same request was answered before.
    Before(serde_json::Value),
    /// To be carried out.
    Now(Box<Command>),
}

impl Command {
    /// Begins: claims the key, or finds the answer it had.
    pub async fn begin(desk: &Desk, by: &Actor, name: &'static str, key: &str, request_hash: &str) -> Outcome<Begun> {
        let at = desk.clock().now();
        let mut tx = desk.db().begin().await?;
        if control::claim_key(&mut tx, by.org, key, name, request_hash, at).await? {
            return Ok(Begun::Now(Box::new(Command {
                tx,
                desk: desk.clone(),
                by: by.clone(),
                at,
                today: desk.today(),
                key: key.to_owned(),
                name,
                request_hash: request_hash.to_owned(),
                events: Vec::new(),
            })));
        }
        let before = control::answer_of_key(&mut tx, by.org, key).await?;
        tx.rollback().await?;
        match before {
            Some((command, hash, Some(answer))) if command == name && hash == request_hash => Ok(Begun::Before(answer)),
            Some((_, _, Some(_))) => Err(KEY_REUSED.because("This key was used before for another request.").into()),
            _ => Err(NOT_KNOWN_YET.because("The first request with this key has not ended.").into()),
        }
    }

    /// The next id, as whichever kind is asked for.
    pub fn id<T: From<i64>>(&self) -> T {
        self.desk.id()
    }

    /// The next number of a gapless series, from 1: given back if the command fails (INV-04).
    pub async fn next_number(&mut self, series: &str) -> Outcome<i64> {
        Ok(control::next_numbers(&mut self.tx, self.by.org, series, 1).await?)
    }

    /// The first of `count` consecutive numbers of a gapless series.
    pub async fn next_numbers(&mut self, series: &str, count: i64) -> Outcome<i64> {
        Ok(control::next_numbers(&mut self.tx, self.by.org, series, count).await?)
    }

    /// Tells what happened, as a past fact, to the audit trail and the outbox: without words and personal data, which
    /// stay where they belong; its reason is kept beside the trail.
    pub fn tell(&mut self, event: &'static str, subject: impl Into<String>, detail: impl Serialize) {
        let told = serde_json::to_value(&detail)
            .map(|detail| (told::why(event, &detail), told::kept(event, detail).to_string()));
        let (why, detail) = told.unwrap_or_else(|error| (String::new(), format!("\"unreadable: {error}\"")));
        self.events.push(Told { event, subject: subject.into(), detail, why });
    }

    /// Tells what happened, and keeps why beside the trail: for words that are not the detail's reason.
    pub fn tell_why(&mut self, event: &'static str, subject: impl Into<String>, detail: impl Serialize, why: &str) {
        self.tell(event, subject, detail);
        if let Some(told) = self.events.last_mut() {
            why.trim().clone_into(&mut told.why);
        }
    }

    /// Commits: events, audit chain, outbox and answer in the same transaction as the rows.
    pub async fn commit<T: Serialize>(mut self, answer: &T) -> Outcome<()> {
        if self.events.is_empty() {
            return Err(Fault::new(format!("command {} told nothing", self.name)).into());
        }
        let events = std::mem::take(&mut self.events);
        self.record_events(events, true).await?;
        let answer = serde_json::to_value(answer)?;
        control::keep_answer(&mut self.tx, self.by.org, &self.key, answer).await?;
        Ok(self.tx.commit().await?)
    }

    async fn record_events(&mut self, events: Vec<Told>, outside: bool) -> Outcome<()> {
        let org = self.by.org;
        let (mut seq, mut previous) =
            control::audit_head(&mut self.tx, org).await?.unwrap_or_else(|| (0, ORIGIN.to_owned()));
        let mut rows = Vec::with_capacity(events.len());
        let mut words = Vec::new();
        for Told { event, subject, detail, why } in events {
            seq += 1;
            if !why.is_empty() {
                words.push(EventWordRow { seq, subject: subject.clone(), why, recorded_at: self.at });
            }
            let row = self.audit_row(seq, event, subject, detail, previous);
            previous = row.hash.clone();
            rows.push(row);
        }
        // The head first: of two processes that add to one chain, the second is told here to begin again.
        control::set_audit_head(&mut self.tx, org, seq, &previous).await?;
        for word in &words {
            add_event_word(&mut self.tx, org, word).await?;
        }
        for row in &rows {
            control::add_audit(&mut self.tx, org, row).await?;
            if !outside {
                continue;
            }
            let id = self.desk.id();
            control::add_outbox(&mut self.tx, org, id, &row.event, &row.subject, &row.detail, self.at).await?;
        }
        Ok(())
    }

    fn audit_row(&self, seq: i64, event: &str, subject: String, detail: String, previous: String) -> control::AuditRow {
        let link = Link {
            org: self.by.org.0,
            seq,
            recorded_at: self.at,
            business_on: self.today,
            actor_id: self.by.user.0,
            actor_name: &self.by.name,
            channel: self.by.channel.as_str(),
            event,
            subject: &subject,
            detail: &detail,
        };
        let hash = link.hash(&previous);
        control::AuditRow {
            seq,
            recorded_at: self.at,
            business_on: self.today,
            actor_id: self.by.user.0,
            actor_name: self.by.name.clone(),
            channel: self.by.channel.as_str().into(),
            event: event.into(),
            subject,
            detail,
            previous_hash: previous,
            hash,
        }
    }

    /// The key, command and request this is about, for settling a lost answer.
    pub fn claim(&self) -> (String, &'static str, String) {
        (self.key.clone(), self.name, self.request_hash.clone())
    }
}

/// The hash by which the same request is known again; a request that holds a card number is refused before it begins.
pub fn request_hash<T: Serialize>(ask: &T) -> Outcome<String> {
    let request = serde_json::to_vec(ask)?;
    super::no_cards::refuse_cards_in(&request)?;
    super::typed::refuse_nul_in(&request)?;
    Ok(sha256_hex(&request))
}

/// Reads an answer given before.
pub fn answered<T: DeserializeOwned>(answer: serde_json::Value) -> Outcome<T> {
    Ok(serde_json::from_value(answer)?)
}

/// The answer that a key had from a command. For a door that fills its request from what it reads: once that is done,
/// it reads something else, and could not send the same request again.
///
/// # Errors
/// Faults of the database.
pub async fn answer_before<T: DeserializeOwned>(desk: &Desk, by: &Actor, name: &str, key: &str) -> Outcome<Option<T>> {
    let mut look = desk.look().await?;
    match control::answer_of_key(&mut look, by.org, key).await? {
        Some((command, _, Some(answer))) if command == name => Ok(Some(answered(answer)?)),
        _ => Ok(None),
    }
}

/// The answer that this very request had under its key. For a command that works before it claims its key, and would
/// work again on what has come since (P02).
///
/// # Errors
/// `OPS-KEY-REUSED` where the key had another request; a card number in the request; faults of the database.
pub async fn answer_to<T: DeserializeOwned, A: Serialize>(
    desk: &Desk,
    by: &Actor,
    (name, key): (&'static str, &str),
    ask: &A,
) -> Outcome<Option<T>> {
    let hash = match request_hash(ask) {
        Ok(hash) => hash,
        Err(no) => return Err(noted(desk, by, name, ask, no).await),
    };
    let mut look = desk.look().await?;
    match control::answer_of_key(&mut look, by.org, key).await? {
        Some((command, before, Some(answer))) if command == name && before == hash => Ok(Some(answered(answer)?)),
        Some((_, _, Some(_))) => Err(KEY_REUSED.because("This key was used before for another request.").into()),
        _ => Ok(None),
    }
}

/// Whether to begin again after this, having waited a little.
pub async fn again(no: &No, attempt: &mut u32) -> bool {
    let worth_it = match no.class() {
        Class::NotDone | Class::Unknown => true,
        Class::Never => no.code() == Some(NOT_KNOWN_YET.code),
    };
    *attempt += 1;
    if !worth_it || *attempt >= TRIES {
        return false;
    }
    let base = 10u64 << (*attempt).min(6);
    let jitter = u64::from(super::vault::random_bytes::<1>()[0]) * base / 256;
    tokio::time::sleep(Duration::from_millis(base + jitter)).await;
    true
}

/// What a request is about, as far as a refusal names it in the trail: numbers, never words.
const ABOUT: &[&str] = &[
    "customer",
    "number",
    "case",
    "item",
    "debt",
    "invoice",
    "agency",
    "placement",
    "schedule",
    "write_off",
    "receipt",
    "charge",
    "promise",
    "hold",
    "approval",
];

fn about<T: Serialize>(ask: &T) -> serde_json::Value {
    let Ok(serde_json::Value::Object(mut fields)) = serde_json::to_value(ask) else {
        return serde_json::Value::Null;
    };
    let stays = |name: &str, value: &serde_json::Value| match value.as_str() {
        Some(text) => told::may_stay(name, text),
        None => value.is_number(),
    };
    fields.retain(|name, value| ABOUT.contains(&name.as_str()) && stays(name, value));
    fields.into()
}

/// Notes in the trail that somebody was refused, by which rule, and gives the refusal back; the fault, if it cannot be
/// noted. What the house answers to its own jobs, and what is refused of a key, is no act that was forbidden.
pub async fn noted<T: Serialize>(desk: &Desk, by: &Actor, name: &'static str, ask: &T, no: No) -> No {
    let No::Refused(refusal) = &no else { return no };
    if by.channel == Channel::Job || refusal.code.starts_with("OPS-") {
        return no;
    }
    let named = if refusal.code == CARD_NUMBER.code { serde_json::Value::Null } else { about(ask) };
    let detail = json!({ "command": name, "code": refusal.code, "rule": refusal.rule, "about": named }).to_string();
    let kept = note_until_kept(desk, by, name, (&refusal.code, &detail)).await;
    match kept {
        Ok(()) => {
            super::met::has_noted();
            no
        }
        Err(fault) => fault,
    }
}

/// Keeps the note of a refusal, and tries again where the database says that it did not happen.
pub(super) async fn note_until_kept(
    desk: &Desk,
    by: &Actor,
    name: &'static str,
    (code, detail): (&str, &str),
) -> Outcome<()> {
    let subject = format!("refusal {code}");
    let mut attempt = 0u32;
    while let Err(fault) = note_refused(desk, by, name, (&subject, detail)).await {
        if !again(&fault, &mut attempt).await {
            return Err(fault);
        }
    }
    Ok(())
}

async fn note_refused(desk: &Desk, by: &Actor, name: &'static str, (subject, detail): (&str, &str)) -> Outcome<()> {
    let mut note = Command {
        tx: desk.db().begin().await?,
        desk: desk.clone(),
        by: by.clone(),
        at: desk.clock().now(),
        today: desk.today(),
        key: String::new(),
        name,
        request_hash: String::new(),
        events: Vec::new(),
    };
    let (subject, detail) = (subject.to_owned(), detail.to_owned());
    note.record_events(vec![Told { event: "Refused", subject, detail, why: String::new() }], false).await?;
    Ok(note.tx.commit().await?)
}

/// Gives an async block its type.
pub async fn typed<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    work.await
}

/// Carries out a command: claims the key, runs the body in a transaction, commits, and
/// begins again where the database says that it did not happen.
///
/// `command!(desk, by, "raise_invoice", &ask.key, &ask, |cmd| { … Ok(answer) })`; the body may
/// run more than once, so it borrows and does not consume. The answer is kept under the key.
#[macro_export]
macro_rules! command {
    ($desk:expr, $by:expr, $name:literal, $key:expr, $ask:expr, |$cmd:ident| $body:block) => {{
        match $crate::core::command::request_hash($ask) {
            Err(no) => Err($crate::core::command::noted($desk, $by, $name, $ask, no).await),
            Ok(hash) => {
                let mut attempt = 0u32;
                loop {
                    match $crate::core::command::Command::begin($desk, $by, $name, $key, &hash).await {
                        Err(no) => {
                            if !$crate::core::command::again(&no, &mut attempt).await {
                                break Err($crate::core::command::noted($desk, $by, $name, $ask, no).await);
                            }
                        }
                        Ok($crate::core::command::Begun::Before(answer)) => {
                            break $crate::core::command::answered(answer);
                        }
                        Ok($crate::core::command::Begun::Now(mut command)) => {
                            let outcome = {
                                let $cmd = &mut *command;
                                $crate::core::command::typed(async { $body }).await
                            };
                            let settled = match outcome {
                                Ok(answer) => match command.commit(&answer).await {
                                    Ok(()) => break Ok(answer),
                                    Err(no) => no,
                                },
                                Err(no) => {
                                    let _ = command.tx.rollback().await;
                                    no
                                }
                            };
                            if !$crate::core::command::again(&settled, &mut attempt).await {
                                break Err($crate::core::command::noted($desk, $by, $name, $ask, settled).await);
                            }
                        }
                    }
                }
            }
        }
    }};
}
