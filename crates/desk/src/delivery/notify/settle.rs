//! What is committed around each call: that a message is begun before it leaves, and what became of it.
use super::ready::Ready;
use crate::core::vault::{hex, random_bytes};
use crate::delivery::letters::kept_pdf;
use crate::delivery::proof::note_letter;
use crate::{Actor, Desk, Outcome, command};
use chrono::TimeDelta;
use sundry_domain::delivery::notify::NotifyKind;
use sundry_domain::delivery::proof::Known;
use sundry_domain::ids::LetterId;
use sundry_store::control;
use sundry_store::delivery::notify_queue::{self as queue, NotifyMessageRow};
use sundry_store::delivery::{self, LetterRow};

/// For so long nobody else takes a message that somebody is sending: longer than any call.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// After so long a message whose answer was lost is asked about.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(5);
/// After so long a status is asked for, where no call told it.
pub(super) const POLL: TimeDelta = TimeDelta::hours(1);

/// How it went with one message.
pub(super) enum Fate {
    /// They have it, under this id.
    Taken(String),
    /// It will not be taken.
    Failed(String),
    /// Nothing was sent; it waits.
    PutOff(String),
    /// It may be there.
    Unknown(String),
    /// It was not found for a day: a person asks.
    Lost(String),
    /// It may no longer leave.
    Withdrawn(String),
}

/// A UUID of version 4.
fn new_reference() -> String {
    let mut bytes: [u8; 16] = random_bytes();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex(&bytes);
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

/// A new message of a letter, not sent yet.
pub(super) fn new_message(
    cmd: &crate::core::command::Command,
    letter: &LetterRow,
    kind: &str,
    try_at: Option<chrono::DateTime<chrono::Utc>>,
) -> NotifyMessageRow {
    NotifyMessageRow {
        id: cmd.id(),
        letter_id: letter.id,
        kind: kind.to_owned(),
        reference: new_reference(),
        notify_id: String::new(),
        state: "put_off".into(),
        status: String::new(),
        reason: String::new(),
        tries: 0,
        file_sha256: String::new(),
        size_bytes: 0,
        asked_at: cmd.at,
        try_at,
        status_at: None,
        recorded_at: cmd.at,
        version: 1,
    }
}

/// Begins a letter's message; none when somebody else has the letter.
pub(super) async fn begin(
    desk: &Desk,
    by: &Actor,
    (letter, kind): (&LetterRow, NotifyKind),
    ready: &Ready,
) -> Outcome<Option<NotifyMessageRow>> {
    desk.files().put(by.org.0, &ready.pdf)?;
    let key = format!("{}/notify/{}", letter.number, letter.attempts + 1);
    let token: i64 = desk.id();
    let begun: (Option<NotifyMessageRow>, i64) =
        command!(desk, by, "begin_notify", &key, &(&letter.number, &ready.sha256), |cmd| {
            let (org, id) = (cmd.by.org, LetterId(letter.id));
            if !queue::begin_letter(&mut cmd.tx, org, id).await? {
                return Ok((None, token));
            }
            let newest = queue::messages_of_letter(&mut cmd.tx, org, id).await?.into_iter().next();
            let there = newest.filter(|message| message.state == "put_off");
            let again = there.is_some();
            let before = there.unwrap_or_else(|| new_message(cmd, letter, kind.as_str(), None));
            let mut message = NotifyMessageRow {
                state: "sending".into(),
                tries: before.tries + 1,
                file_sha256: ready.sha256.clone(),
                size_bytes: ready.pdf.len() as i64,
                try_at: Some(desk.clock().now() + LEASE),
                ..before
            };
            if again {
                queue::change_message(&mut cmd.tx, org, &message).await?;
                message.version += 1;
            } else {
                queue::add_message(&mut cmd.tx, org, &message).await?;
            }
            let kept = kept_pdf(&ready.sha256, &format!("{}.pdf", letter.number), ready.pdf.len());
            control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
            cmd.tell("LetterSending", format!("letter {}", letter.number), (message.tries, &message.reference));
            Ok((Some(message), token))
        })?;
    Ok(begun.0.filter(|_| begun.1 == token))
}

/// Takes a message whose sender did not settle it; none when somebody else has it.
pub(super) async fn take(desk: &Desk, by: &Actor, message: &NotifyMessageRow) -> Outcome<Option<NotifyMessageRow>> {
    let key = format!("notify/{}/take/{}", message.id, message.version);
    let token: i64 = desk.id();
    let taken: (Option<NotifyMessageRow>, i64) =
        command!(desk, by, "take_notify_message", &key, &(message.id, message.version), |cmd| {
            let mut mine = NotifyMessageRow {
                state: "sending".into(),
                tries: message.tries + 1,
                try_at: Some(desk.clock().now() + LEASE),
                ..message.clone()
            };
            if !queue::change_message(&mut cmd.tx, cmd.by.org, &mine).await? {
                return Ok((None, token));
            }
            mine.version += 1;
            cmd.tell("NotifyMessageTaken", format!("message {}", message.id), mine.tries);
            Ok((Some(mine), token))
        })?;
    Ok(taken.0.filter(|_| taken.1 == token))
}

/// Says what became of a message; a call of theirs that was faster stands.
pub(super) async fn settle(
    desk: &Desk,
    by: &Actor,
    (letter, message): (&LetterRow, &NotifyMessageRow),
    fate: &Fate,
) -> Outcome<()> {
    let (event, state, letter_state, why) = match fate {
        Fate::Taken(id) => ("LetterSent", "with_notify", "sent", id),
        Fate::Failed(why) => ("LetterFailed", "failed", "failed", why),
        Fate::PutOff(why) => ("LetterPutOff", "put_off", "waiting", why),
        Fate::Unknown(why) => ("LetterUnknown", "unknown", "sending", why),
        Fate::Lost(why) => ("LetterUnknown", "failed", "unknown", why),
        Fate::Withdrawn(why) => ("LetterWithdrawn", "failed", "withdrawn", why),
    };
    let key = format!("notify/{}/settled/{}/{state}", message.id, message.tries);
    let settled: bool = command!(desk, by, "settle_notify", &key, &(message.id, message.tries, state), |cmd| {
        let (org, id) = (cmd.by.org, LetterId(letter.id));
        let now = desk.clock().now();
        let mut changed = NotifyMessageRow { state: state.into(), try_at: None, ..message.clone() };
        match fate {
            Fate::Taken(theirs) => {
                (changed.notify_id, changed.status) = (theirs.clone(), "created".into());
                (changed.reason, changed.try_at) = (String::new(), Some(now + POLL));
            }
            Fate::Unknown(why) => (changed.reason, changed.try_at) = (why.clone(), Some(now + ASK_AGAIN)),
            _ => changed.reason = why.clone(),
        }
        if !queue::change_message(&mut cmd.tx, org, &changed).await? {
            return Ok(false);
        }
        match fate {
            Fate::Taken(theirs) => {
                delivery::settle_sent(&mut cmd.tx, org, id, theirs, &message.file_sha256).await?;
            }
            Fate::Unknown(_) => {}
            _ => {
                delivery::move_letter(&mut cmd.tx, org, id, ("sending", "sending"), letter_state, why).await?;
            }
        }
        if let Fate::Failed(_) = fate {
            note_letter(cmd, letter, Known::NotSent, "", why).await?;
        }
        cmd.tell(event, format!("letter {}", letter.number), why);
        Ok(true)
    })?;
    if !settled {
        tracing::info!(letter = %letter.number, "GOV.UK Notify told of a message before its answer was kept");
    }
    Ok(())
}

/// Says that a letter does not go this way, and why: it waits for the printer or the mail server here.
pub(super) async fn leave_out(desk: &Desk, by: &Actor, letter: &LetterRow, why: &[String]) -> Outcome<()> {
    let reasons = why.join(". ");
    let key = format!("{}/notify/left-out", letter.number);
    command!(desk, by, "leave_out_of_notify", &key, &letter.number, |cmd| {
        queue::leave_out(&mut cmd.tx, cmd.by.org, LetterId(letter.id), &reasons, cmd.at).await?;
        cmd.tell("LetterLeftOutOfNotify", format!("letter {}", letter.number), &reasons);
        Ok(())
    })
}

/// Ends a letter that waits: it may no longer leave, or cannot be set.
pub(super) async fn end_waiting(
    desk: &Desk,
    by: &Actor,
    letter: &LetterRow,
    (event, state): (&'static str, &'static str),
    why: &str,
) -> Outcome<()> {
    let key = format!("{}/notify/{state}/{}", letter.number, letter.attempts);
    command!(desk, by, "end_waiting_letter", &key, &(&letter.number, state), |cmd| {
        let (org, id) = (cmd.by.org, LetterId(letter.id));
        if delivery::move_letter(&mut cmd.tx, org, id, ("waiting", "waiting"), state, why).await? {
            if state == "failed" {
                note_letter(cmd, letter, Known::NotSent, "", why).await?;
            }
            cmd.tell(event, format!("letter {}", letter.number), why);
        }
        Ok(())
    })
}
