//! What becomes known of a document's way, and whether it may be chased as it stands.
use super::compose::compose_all;
use super::documents::document_letters;
use super::einvoice::find_document;
use super::stationery::stationery;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::customers::FlagKind;
use sundry_domain::delivery::proof::{Known, next_step};
use sundry_domain::delivery::refusals::{BOUNCE_UNKNOWN, ON_ITS_WAY};
use sundry_domain::ids::{CustomerId, DocumentId, LetterId};
use sundry_domain::refusal::Invalid;
use sundry_formats::bounce::{Bounce, Outcome as BounceOutcome, read_bounce};
use sundry_store::control::{self, KeptFileRow};
use sundry_store::customers::{FlagRow, add_flag};
use sundry_store::delivery::proof::{
    DeliveryEventRow, UndeliveredRow, add_events, add_undelivered, change_undelivered, end_undelivered,
    events_of_document, letters_of_document, undelivered_of_document,
};
use sundry_store::delivery::proof::{NotReceivedRow, not_received as not_received_rows};
use sundry_store::delivery::{self, LetterRow};

/// Something that became known of a document.
pub(crate) struct Fact {
    pub document: DocumentId,
    pub customer: i64,
    pub letter: Option<i64>,
    pub way: &'static str,
    pub outcome: &'static str,
    pub code: String,
    pub reference: String,
    pub words: String,
    /// When; today when not said.
    pub on_day: Option<NaiveDate>,
    pub file_sha256: String,
    pub source: &'static str,
    /// Whether the document is not chased until it was sent again.
    pub stops: bool,
    /// Whether it says nothing about arrival.
    pub nothing: bool,
}

impl Fact {
    /// Something of a document, to be filled in.
    pub fn of(document: DocumentId, customer: i64) -> Fact {
        Fact {
            document,
            customer,
            letter: None,
            way: "post",
            outcome: "",
            code: String::new(),
            reference: String::new(),
            words: String::new(),
            on_day: None,
            file_sha256: String::new(),
            source: "server",
            stops: false,
            nothing: false,
        }
    }
}

/// Records what became known: the document stands as undelivered from now on, or no longer.
pub(crate) async fn note(cmd: &mut Command, known: Fact) -> Outcome<()> {
    let (org, document) = (cmd.by.org, known.document);
    let words = known.words.clone();
    let row = DeliveryEventRow {
        id: cmd.id(),
        document_id: document.0,
        customer_id: known.customer,
        letter_id: known.letter,
        way: known.way.into(),
        outcome: known.outcome.into(),
        code: known.code,
        reference: known.reference,
        words: known.words,
        on_day: known.on_day.unwrap_or(cmd.today),
        file_sha256: known.file_sha256,
        source: known.source.into(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    add_events(&mut cmd.tx, org, vec![row]).await?;
    if known.nothing {
        return Ok(());
    }
    if !known.stops {
        let ended = format!("{} ({})", known.outcome, known.way);
        end_undelivered(&mut cmd.tx, org, document, cmd.today, &ended).await?;
        return Ok(());
    }
    let before = undelivered_of_document(&mut cmd.tx, org, document).await?;
    if before.iter().any(|row| row.ended_on.is_none()) {
        let now = (known.way, known.outcome, words.as_str());
        return Ok(change_undelivered(&mut cmd.tx, org, document, now).await?);
    }
    let row = UndeliveredRow {
        document_id: document.0,
        seq: before.first().map_or(0, |newest| newest.seq) + 1,
        customer_id: known.customer,
        way: known.way.into(),
        outcome: known.outcome.into(),
        words,
        from_on: cmd.today,
        ended_on: None,
        ended_words: String::new(),
        recorded_at: cmd.at,
    };
    Ok(add_undelivered(&mut cmd.tx, org, &row).await?)
}

/// Notes what became of a letter that carries a document; of any other there is nothing to note.
pub(super) async fn note_letter(
    cmd: &mut Command,
    letter: &LetterRow,
    known: Known,
    reference: &str,
    words: &str,
) -> Outcome<()> {
    let Some(document) = letter.document_id else { return Ok(()) };
    let way = if letter.channel == "email" { "email" } else { "post" };
    let fact = Fact {
        letter: Some(letter.id),
        way,
        outcome: known.as_str(),
        reference: if reference.is_empty() { letter.number.clone() } else { reference.to_owned() },
        words: words.to_owned(),
        stops: known.stops_chasing(),
        nothing: known.says_nothing(),
        ..Fact::of(DocumentId(document), letter.customer_id)
    };
    note(cmd, fact).await
}

/// A person records what they know of a document's way.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordProof {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice or credit note.
    pub number: String,
    /// uploaded, portal_accepted, portal_rejected, returned, bounced, opened or confirmed.
    pub known: String,
    /// When; today when not said.
    pub on_day: Option<NaiveDate>,
    /// The portal's number for it, or who said so.
    pub reference: String,
    /// Why, or how we know.
    pub words: String,
}

/// What stands of a document's way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeliveryShown {
    /// Number of the document.
    pub number: String,
    /// Whether it is chased as it stands.
    pub stops_chasing: bool,
    /// What is known, oldest first.
    pub events: Vec<DeliveryEventRow>,
    /// How often it did not arrive, newest first.
    pub undelivered: Vec<UndeliveredRow>,
    /// Number and state of the letters that carried it, newest first.
    pub letters: Vec<(String, String)>,
}

fn may_record(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ReleaseRuns) { Ok(()) } else { Ok(by.must_hold(Duty::WorkCases)?) }
}

/// What is known of a document's way.
///
/// # Errors
/// Absent when there is no such document.
pub async fn delivery_of(desk: &Desk, by: &Actor, number: &str) -> Outcome<DeliveryShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let document = find_document(&mut look, by.org, number).await?;
    let id = DocumentId(document.id);
    let undelivered = undelivered_of_document(&mut look, by.org, id).await?;
    let letters = letters_of_document(&mut look, by.org, id).await?;
    Ok(DeliveryShown {
        number: document.number,
        stops_chasing: undelivered.iter().any(|row| row.ended_on.is_none()),
        events: events_of_document(&mut look, by.org, id).await?,
        undelivered,
        letters: letters.into_iter().map(|(_, number, state)| (number, state)).collect(),
    })
}

/// Records what a person knows: a portal's answer, post that came back, a call that it arrived.
///
/// # Errors
/// Every invalid field at once; absent document.
pub async fn record_proof(desk: &Desk, by: &Actor, ask: RecordProof) -> Outcome<DeliveryShown> {
    may_record(by)?;
    let known = Known::parse(&ask.known).filter(|known| Known::BY_PERSON.contains(known));
    let wrong = faults(&ask, known, desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("words", &ask.words)?;
    refuse_card_number("reference", &ask.reference)?;
    let Some(known) = known else { return Err(Fault::new("what is known was checked above").into()) };
    command!(desk, by, "record_proof", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let document = find_document(&mut cmd.tx, org, &ask.number).await?;
        let id = DocumentId(document.id);
        let letters = letters_of_document(&mut cmd.tx, org, id).await?;
        if known == Known::Uploaded {
            // The letter that waited for this has gone the portal's way.
            for (letter, ..) in letters.iter().filter(|(.., state)| state == "held") {
                let why = format!("Uploaded: {}", ask.reference.trim());
                delivery::move_letter(&mut cmd.tx, org, LetterId(*letter), ("held", "held"), "sent", &why).await?;
            }
        }
        if known == Known::Returned {
            mark_gone_away(cmd, document.customer_id, &document.number, ask.words.trim()).await?;
        }
        let fact = Fact {
            letter: letters.first().map(|(letter, ..)| *letter),
            way: known.way(),
            outcome: known.as_str(),
            reference: ask.reference.trim().to_owned(),
            words: ask.words.trim().to_owned(),
            on_day: ask.on_day,
            source: "person",
            stops: known.stops_chasing(),
            nothing: known.says_nothing(),
            ..Fact::of(id, document.customer_id)
        };
        note(cmd, fact).await?;
        cmd.tell("DeliveryRecorded", format!("{} {}", document.kind.replace('_', " "), document.number), &ask);
        Ok(())
    })?;
    delivery_of(desk, by, &ask.number).await
}

fn faults(ask: &RecordProof, known: Option<Known>, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    match known {
        None => say("known", "Choose what you know from the list", &ask.known),
        Some(Known::Uploaded | Known::PortalAccepted) if ask.reference.trim().is_empty() => {
            say("reference", "Enter the number that the portal gave it", "");
        }
        Some(Known::PortalRejected | Known::Returned | Known::Bounced | Known::Confirmed)
            if ask.words.trim().is_empty() =>
        {
            say("words", "Enter the reason, or how you know", "");
        }
        _ => {}
    }
    if let Some(day) = ask.on_day.filter(|day| *day > today) {
        say("on_day", "Enter today or a day before", &day.to_string());
    }
    for (field, text, most) in [("reference", &ask.reference, 100), ("words", &ask.words, 500)] {
        if text.chars().count() > most || text.chars().any(char::is_control) {
            say(field, &format!("Enter at most {most} characters on one line"), text);
        }
    }
    wrong
}

/// Post that comes back makes the address doubtful: no more goes there, and somebody looks within two weeks.
pub(super) async fn mark_gone_away(cmd: &mut Command, customer: i64, what: &str, words: &str) -> Outcome<()> {
    let (org, day, customer) = (cmd.by.org, cmd.today, CustomerId(customer));
    let flags = delivery::flags_of_range(&mut cmd.tx, org, customer, customer, day).await?;
    if flags.iter().any(|flag| flag.kind == FlagKind::GoneAway.as_str()) {
        return Ok(());
    }
    let flag = FlagRow {
        id: cmd.id(),
        customer_id: customer.0,
        kind: FlagKind::GoneAway.as_str().into(),
        evidence: format!("The post brought {what} back: {words}"),
        from_on: day,
        to_on: None,
        review_on: day.checked_add_days(Days::new(14)),
        raised_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    Ok(add_flag(&mut cmd.tx, org, &flag).await?)
}

/// Takes a message that came back to our mailbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeBounce {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// The message as it came (RFC 5322).
    pub bytes: Vec<u8>,
}

/// What a message that came back did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BounceTaken {
    /// Number of the letter it is about.
    pub letter: String,
    /// bounced, delayed, server_accepted or complained.
    pub known: String,
    /// Where the letter stands now.
    pub state: String,
    /// What the server said.
    pub words: String,
}

/// Takes a bounce or a complaint: a letter that will not arrive has failed, and waits for a person.
///
/// # Errors
/// A message that is none; `DLV-BOUNCE-UNKNOWN`.
pub async fn take_bounce(desk: &Desk, by: &Actor, ask: TakeBounce) -> Outcome<BounceTaken> {
    by.must_hold(Duty::ReleaseRuns)?;
    let bounce = read_bounce(&ask.bytes).map_err(|problem| Invalid::field("file", problem.message, &ask.file_name))?;
    let sha256 = desk.files().put(by.org.0, &ask.bytes)?;
    command!(desk, by, "take_bounce", &ask.key, &(&ask.file_name, sha256_hex(&ask.bytes)), |cmd| {
        let letter = letter_of_bounce(cmd, &bounce).await?;
        let letter =
            letter.ok_or_else(|| BOUNCE_UNKNOWN.because(format!("{} is no message of ours", bounce.message_id)))?;
        let kept = KeptFileRow {
            sha256: sha256.clone(),
            name: ask.file_name.clone(),
            media_type: "message/rfc822".into(),
            size_bytes: ask.bytes.len() as i64,
        };
        came_back(cmd, &letter, &bounce, &kept).await
    })
}

/// The letter that a bounce is about: the newest try at sending it.
pub(crate) async fn letter_of_bounce(cmd: &mut Command, bounce: &Bounce) -> Outcome<Option<LetterRow>> {
    let number = bounce.message_id.split(['.', '@']).next().unwrap_or_default();
    let letter = delivery::letter(&mut cmd.tx, cmd.by.org, number).await?;
    let ours = |letter: &LetterRow| {
        let tried = format!("{number}.{}@", letter.attempts);
        letter.channel == "email" && bounce.message_id.starts_with(&tried)
    };
    Ok(letter.filter(ours))
}

/// Notes what came back: a letter that will not arrive has failed, and its document stands as undelivered.
pub(crate) async fn came_back(
    cmd: &mut Command,
    letter: &LetterRow,
    bounce: &Bounce,
    kept: &KeptFileRow,
) -> Outcome<BounceTaken> {
    let org = cmd.by.org;
    let known = match bounce.outcome {
        BounceOutcome::Failed => Known::Bounced,
        BounceOutcome::Delayed => Known::Delayed,
        BounceOutcome::Delivered => Known::Accepted,
        BounceOutcome::Complained => Known::Complained,
    };
    let words = format!("{} {} {}", bounce.recipient, bounce.status, bounce.diagnostic);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let id = LetterId(letter.id);
    let failed = known == Known::Bounced
        && delivery::move_letter(&mut cmd.tx, org, id, ("sent", "unknown"), "failed", &words).await?;
    control::add_kept_file(&mut cmd.tx, org, kept, cmd.at).await?;
    if let Some(document) = letter.document_id {
        let fact = Fact {
            letter: Some(letter.id),
            way: "email",
            outcome: known.as_str(),
            code: bounce.status.clone(),
            reference: letter.number.clone(),
            words: words.clone(),
            file_sha256: kept.sha256.clone(),
            source: "file",
            stops: known.stops_chasing(),
            nothing: known.says_nothing(),
            ..Fact::of(DocumentId(document), letter.customer_id)
        };
        note(cmd, fact).await?;
    }
    let state = if failed { "failed".to_owned() } else { letter.state.clone() };
    let taken = BounceTaken { letter: letter.number.clone(), known: known.as_str().into(), state, words };
    cmd.tell("MailCameBack", format!("letter {}", letter.number), &taken);
    Ok(taken)
}

/// An invoice of which nobody knows that it arrived, with what to do about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NotReceived {
    /// The invoice, and what became of it.
    #[serde(flatten)]
    pub row: NotReceivedRow,
    /// What a person does next.
    pub next_step: String,
}

/// Invoices of which nobody knows that they arrived, those that came back first.
pub async fn not_received(desk: &Desk, by: &Actor, limit: i64) -> Outcome<Vec<NotReceived>> {
    by.must_hold(Duty::View)?;
    let rows = not_received_rows(&mut desk.look().await?, by.org, limit.clamp(1, 1_000)).await?;
    let next = |row: NotReceivedRow| NotReceived { next_step: next_step(&row.outcome).to_owned(), row };
    Ok(rows.into_iter().map(next).collect())
}

/// Sends a document again, as a letter to the address of today.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendAgain {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice or credit note.
    pub number: String,
}

/// The letter that carries it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentAgain {
    /// Number of the document.
    pub number: String,
    /// Number of the letter.
    pub letter: String,
    /// waiting or held.
    pub state: String,
    /// post or email.
    pub channel: String,
}

/// Sends a document again: what failed or is held is withdrawn, and a new letter waits to leave.
///
/// # Errors
/// `DLV-ON-ITS-WAY` while a letter with it waits or its outcome is not known; absent document.
pub async fn send_again(desk: &Desk, by: &Actor, ask: SendAgain) -> Outcome<SentAgain> {
    may_record(by)?;
    command!(desk, by, "send_again", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let document = find_document(&mut cmd.tx, org, &ask.number).await?;
        let id = DocumentId(document.id);
        for (letter, number, state) in letters_of_document(&mut cmd.tx, org, id).await? {
            if matches!(state.as_str(), "waiting" | "sending" | "unknown") {
                return Err(ON_ITS_WAY.because(format!("{number} carries {} and is {state}", document.number)).into());
            }
            let why = "Sent again by another letter";
            delivery::move_letter(&mut cmd.tx, org, LetterId(letter), ("failed", "held"), "withdrawn", why).await?;
        }
        let fact = delivery::document_fact(&mut cmd.tx, org, id).await?;
        let fact = fact.ok_or_else(|| No::Absent(format!("invoice {}", ask.number)))?;
        let letters = document_letters(&mut cmd.tx, org, cmd.today, None, &[fact]).await?;
        let stationery = stationery(&mut cmd.tx, org, cmd.today).await?;
        let written = compose_all(cmd, &stationery, letters).await?;
        let letter = written.into_iter().next().ok_or_else(|| Fault::new("a letter was not written"))?;
        let answer = SentAgain {
            number: document.number.clone(),
            letter: letter.number,
            state: letter.state,
            channel: letter.channel,
        };
        cmd.tell("DocumentSentAgain", format!("{} {}", document.kind.replace('_', " "), document.number), &answer);
        Ok(answer)
    })
}
