//! Taking one message: read, placed by the rules, kept; the same message again does nothing.
use super::apply::{Kept, acknowledge, for_a_person, join, open, quiet_category};
use super::facts::facts_of;
use super::reading::{Read, read};
use crate::core::command::Command;
use crate::delivery::{BounceTaken, came_back, letter_of_bounce};
use crate::queries::raise::RaiseQuery;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::mask_card_numbers;
use sundry_domain::ids::CustomerId;
use sundry_domain::queries::{MailAct, MailPlaced, MailState, place_mail};
use sundry_domain::refusal::Invalid;
use sundry_formats::bounce::Bounce;
use sundry_store::control::{KeptFileRow, add_kept_file};
use sundry_store::queries::mail::{self as rows, InboundFileRow, InboundMailRow};
use sundry_store::queries::mailboxes::note_taken;
use sundry_store::{customers, queries};

/// Takes a message.
#[derive(Clone, Debug, Default)]
pub struct TakeMail {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// The message as it came (RFC 5322).
    pub bytes: Vec<u8>,
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTaken {
    /// Its number.
    pub number: String,
    /// waiting, joined, opened, automatic, came_back or set_aside.
    pub state: String,
    /// Whether it had come before, and nothing was done.
    pub again: bool,
    /// The query it is part of.
    pub query: Option<String>,
    /// Number of the account it belongs to.
    pub customer: Option<String>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// Where a message was collected.
#[derive(Clone, Debug, Default)]
pub(super) struct CameFrom {
    /// The mailbox's name.
    pub mailbox: String,
    /// Its id, the server's numbering, and the server's number.
    pub place: Option<(i64, i64, i64)>,
    /// Who looks after what it opens.
    pub owner: String,
    /// What that is about, until somebody says.
    pub category: String,
    /// Whether what opens a query is acknowledged.
    pub acknowledge: bool,
    /// The size of the message there, where less was fetched.
    pub size_there: Option<i64>,
}

/// Takes a message of the shared mailbox: it joins a query, opens one, waits for a person, or nothing comes of it.
///
/// # Errors
/// Duty; an empty file. Whatever else is in it, the message is kept.
pub async fn take_mail(desk: &Desk, by: &Actor, ask: TakeMail) -> Outcome<MailTaken> {
    super::super::may_work(by)?;
    if ask.bytes.is_empty() {
        return Err(Invalid::field("file", "Choose a message, saved as a file", &ask.file_name).into());
    }
    take(desk, by, &ask, &CameFrom::default()).await
}

pub(super) async fn take(desk: &Desk, by: &Actor, ask: &TakeMail, from: &CameFrom) -> Outcome<MailTaken> {
    let read = read(desk, by.org, &ask.bytes, from.size_there)?;
    let file_name: String = mask_card_numbers(&ask.file_name).chars().filter(|c| !c.is_control()).take(120).collect();
    let asked = (&file_name, &read.whole.sha256, &from.mailbox, from.place);
    command!(desk, by, "take_mail", &ask.key, &asked, |cmd| { taken(cmd, &file_name, &read, from).await })
}

async fn taken(cmd: &mut Command, file_name: &str, read: &Read, from: &CameFrom) -> Outcome<MailTaken> {
    let (org, at) = (cmd.by.org, cmd.at);
    let same = (read.message.message_id.as_str(), read.content_sha256.as_str());
    if let Some((id, number, state)) = rows::mail_seen(&mut cmd.tx, org, &read.whole.sha256, same).await? {
        if let Some(place) = from.place {
            note_taken(&mut cmd.tx, org, place, id, at).await?;
        }
        cmd.tell("MailSeenAgain", format!("message {number}"), &read.whole.sha256);
        return Ok(MailTaken { number, state, again: true, query: None, customer: None, reasons: Vec::new() });
    }
    let mut mail = row_of(cmd, file_name, read, from).await?;
    let files: Vec<InboundFileRow> =
        read.files.iter().map(|(file, _)| InboundFileRow { mail_id: mail.id, ..file.clone() }).collect();
    let (mut reasons, candidates, query) = match &read.bounce {
        Some(bounce) => bounced(cmd, &mut mail, read, bounce).await?,
        None => {
            let facts = facts_of(cmd, read).await?;
            let placed = place_mail(&facts);
            let candidates = serde_json::to_value(&placed.candidates)?;
            let (reasons, query) = carry_out(cmd, (&mut mail, read), placed, (from, facts.sender_was_asked)).await?;
            (reasons, candidates, query)
        }
    };
    if read.masked {
        reasons.push("A payment card number in it is masked".into());
    }
    mail.reasons = serde_json::to_value(&reasons)?;
    mail.candidates = candidates;
    add_kept_file(&mut cmd.tx, org, &read.whole, at).await?;
    add_kept_file(&mut cmd.tx, org, &read.shown, at).await?;
    for (file, kind) in read.files.iter().filter(|(file, _)| !file.sha256.is_empty()) {
        let kept = KeptFileRow {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            media_type: kind.clone(),
            size_bytes: file.size_bytes,
        };
        add_kept_file(&mut cmd.tx, org, &kept, at).await?;
    }
    rows::add_mail(&mut cmd.tx, org, &mail).await?;
    rows::add_files(&mut cmd.tx, org, &files).await?;
    if let Some(place) = from.place {
        note_taken(&mut cmd.tx, org, place, mail.id, at).await?;
    }
    let customer = match mail.customer_id {
        Some(id) => customers::customer(&mut cmd.tx, org, CustomerId(id)).await?.map(|one| one.number),
        None => None,
    };
    let number = mail.number.clone();
    let answer = MailTaken { number, state: mail.state, again: false, query, customer, reasons };
    cmd.tell("MailTaken", format!("message {}", answer.number), &answer);
    Ok(answer)
}

async fn row_of(cmd: &mut Command, file_name: &str, read: &Read, from: &CameFrom) -> Outcome<InboundMailRow> {
    let message = &read.message;
    Ok(InboundMailRow {
        id: cmd.id(),
        number: format!("MSG-{:06}", cmd.next_number("MSG").await?),
        sha256: read.whole.sha256.clone(),
        message_id: message.message_id.clone(),
        content_sha256: read.content_sha256.clone(),
        mailbox: from.mailbox.clone(),
        file_name: file_name.to_owned(),
        size_bytes: read.size_bytes,
        masked: read.masked,
        writer: read.writer().as_str().into(),
        from_name: message.from.name.clone(),
        from_address: message.from.address.clone(),
        reply_to: message.reply_to.address.clone(),
        subject: message.subject.clone(),
        words: message.text.clone(),
        quoted: message.quoted.clone(),
        sent_at: message.sent_at,
        received_on: cmd.today,
        recorded_at: cmd.at,
        state: MailState::Waiting.as_str().into(),
        reasons: serde_json::Value::Null,
        candidates: serde_json::Value::Null,
        customer_id: None,
        query_id: None,
        letter: String::new(),
        owner: String::new(),
        decided_by_name: String::new(),
        decided_reason: String::new(),
        decided_at: None,
        version: 1,
    })
}

/// Does what the rules say; where the books refuse it, a person decides.
async fn carry_out(
    cmd: &mut Command,
    (mail, read): (&mut InboundMailRow, &Read),
    placed: MailPlaced,
    (from, from_service): (&CameFrom, bool),
) -> Outcome<(Vec<String>, Option<String>)> {
    let mut reasons = placed.reasons;
    let files: Vec<InboundFileRow> = kept_files(read);
    let kept = Kept { shown: &read.shown, files: &files };
    match placed.act {
        MailAct::Automatic => mail.state = MailState::Automatic.as_str().into(),
        MailAct::Person => {}
        MailAct::Join { query, reopen } => {
            let row = join(cmd, mail, &kept, (&query, reopen, from_service)).await?;
            mail.state = MailState::Joined.as_str().into();
            (mail.query_id, mail.customer_id) = (Some(row.id), Some(row.customer_id));
            return Ok((reasons, Some(row.number)));
        }
        MailAct::Open { account, item, follows } => {
            mail.customer_id = Some(account.id);
            let Some(category) = quiet_category(cmd, &from.category).await? else {
                reasons.push("No category of queries holds nothing, so a person must open one".into());
                return Ok((reasons, None));
            };
            let ask = RaiseQuery {
                customer: account.number,
                item: item.unwrap_or_default(),
                category,
                owner: from.owner.clone(),
                ..RaiseQuery::default()
            };
            match open(cmd, mail, &kept, ask, follows.as_deref()).await {
                Ok(number) => {
                    let row = queries::query_numbered(&mut cmd.tx, cmd.by.org, &number).await?;
                    if let Some(row) = row {
                        mail.query_id = Some(row.id);
                        if from.acknowledge {
                            acknowledge(cmd, mail, &row).await?;
                        }
                    }
                    mail.state = MailState::Opened.as_str().into();
                    return Ok((reasons, Some(number)));
                }
                Err(no) => reasons.push(for_a_person(no)?),
            }
        }
    }
    Ok((reasons, None))
}

/// The files as they are kept: under the media type that their bytes show.
pub(super) fn kept_files(read: &Read) -> Vec<InboundFileRow> {
    let kept = |(file, kind): &(InboundFileRow, String)| InboundFileRow { media_type: kind.clone(), ..file.clone() };
    read.files.iter().filter(|(file, _)| !file.sha256.is_empty()).map(kept).collect()
}

/// A message of ours that came back goes to what is known of its arrival.
async fn bounced(
    cmd: &mut Command,
    mail: &mut InboundMailRow,
    read: &Read,
    bounce: &Bounce,
) -> Outcome<(Vec<String>, serde_json::Value, Option<String>)> {
    mail.state = MailState::CameBack.as_str().into();
    let nobody = serde_json::json!([]);
    if let Some(letter) = letter_of_bounce(cmd, bounce).await? {
        let kept = KeptFileRow { name: format!("{}.eml", mail.number), ..read.whole.clone() };
        let BounceTaken { letter: number, known, words, .. } = came_back(cmd, &letter, bounce, &kept).await?;
        mail.customer_id = Some(letter.customer_id);
        mail.letter = number.clone();
        return Ok((vec![format!("It says of letter {number}: {}: {words}", known.replace('_', " "))], nobody, None));
    }
    let facts = facts_of(cmd, read).await?;
    let said = format!("It came back from {}: {} {}", bounce.recipient, bounce.status, bounce.diagnostic);
    let mut reasons = vec![said.split_whitespace().collect::<Vec<_>>().join(" ")];
    let about = super::facts::query_of_sent(cmd, &bounce.message_id).await?;
    match about {
        Some(number) => {
            let row = queries::query_numbered(&mut cmd.tx, cmd.by.org, &number).await?;
            reasons.push(format!("It is what we wrote about {number}, so its owner should write another way"));
            (mail.query_id, mail.customer_id) =
                (row.as_ref().map(|row| row.id), row.as_ref().map(|row| row.customer_id));
            cmd.tell("MailCameBack", format!("query {number}"), &reasons);
            Ok((reasons, nobody, Some(number)))
        }
        None => {
            reasons.push("It is about no letter of ours".into());
            Ok((reasons, serde_json::to_value(facts.sender_accounts)?, None))
        }
    }
}
