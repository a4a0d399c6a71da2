//! What GOV.UK Notify tells of a message, called or asked: kept as proof, and what follows from it.
use super::client::Client;
use super::settings::setting;
use super::settle::{POLL, new_message};
use crate::core::command::Command;
use crate::delivery::copies::again_by_post;
use crate::delivery::may_write_outside;
use crate::delivery::proof::{mark_gone_away, note_letter};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::delivery::notify::{
    Follows, NotifyKind, four_working_hours_after, is_weekday, status_name, what_follows,
};
use sundry_domain::delivery::proof::Known;
use sundry_domain::ids::LetterId;
use sundry_store::control;
use sundry_store::delivery::notify::{FailedEmailRow, add_failed_email};
use sundry_store::delivery::notify_queue::{self as queue, NotifyMessageRow};
use sundry_store::delivery::{self, LetterRow};

/// Statuses asked for in one run, at most.
const ASKED_MOST: i64 = 500;

/// A status of theirs.
pub(super) struct News<'a> {
    /// Their id of the message.
    pub notify_id: &'a str,
    /// Where it stands.
    pub status: &'a str,
    /// When it came about.
    pub at: DateTime<Utc>,
}

/// Takes a status in; the same again does nothing.
pub(super) async fn take_status(desk: &Desk, by: &Actor, message: &NotifyMessageRow, news: &News<'_>) -> Outcome<()> {
    let key = format!("notify/{}/status/{}", message.id, news.status);
    command!(desk, by, "note_notify_status", &key, &(message.id, news.status), |cmd| {
        let (mut message, letter) = both(cmd, message.id).await?;
        if matches!(message.state.as_str(), "sending" | "unknown") {
            // They were faster than our own answer: they have it.
            let (id, file) = (LetterId(letter.id), message.file_sha256.clone());
            delivery::settle_sent(&mut cmd.tx, cmd.by.org, id, news.notify_id, &file).await?;
        }
        message.notify_id = news.notify_id.to_owned();
        let older = message.status_at.is_some_and(|before| news.at < before);
        if older {
            // Both are kept; the later one stands.
            note_letter(cmd, &letter, Known::Delayed, news.notify_id, &told(news.status)).await?;
            cmd.tell("NotifyToldLate", format!("letter {}", letter.number), news.status);
            return Ok(());
        }
        let kind = NotifyKind::parse(&message.kind).ok_or_else(|| Fault::new("a kind that cannot be read"))?;
        let all = queue::messages_of_letter(&mut cmd.tx, cmd.by.org, LetterId(letter.id)).await?;
        let ended_so = all.iter().filter(|one| one.id < message.id && one.status == news.status).count() as i64;
        let follows = what_follows(kind, news.status, ended_so);
        let waits = follows == Follows::Wait;
        message.state = if waits { "with_notify".into() } else { "done".into() };
        message.status = news.status.to_owned();
        message.status_at = Some(news.at);
        message.try_at = waits.then(|| desk.clock().now() + POLL);
        queue::change_message(&mut cmd.tx, cmd.by.org, &message).await?;
        cmd.tell("NotifyTold", format!("letter {}", letter.number), news.status);
        follow(cmd, (&letter, &message), follows, news).await
    })
}

/// The message as it stands now, and its letter.
async fn both(cmd: &mut Command, message: i64) -> Outcome<(NotifyMessageRow, LetterRow)> {
    let message = queue::message_by_id(&mut cmd.tx, cmd.by.org, message).await?;
    let message = message.ok_or_else(|| Fault::new("a message that was there is gone"))?;
    let letter = delivery::letter_by_id(&mut cmd.tx, cmd.by.org, LetterId(message.letter_id)).await?;
    Ok((message, letter.ok_or_else(|| Fault::new("a message without its letter"))?))
}

fn told(status: &str) -> String {
    format!("GOV.UK Notify: {} ({status})", status_name(status))
}

async fn follow(
    cmd: &mut Command,
    (letter, message): (&LetterRow, &NotifyMessageRow),
    follows: Follows,
    news: &News<'_>,
) -> Outcome<()> {
    let words = told(news.status);
    match follows {
        Follows::Wait => Ok(()),
        Follows::Arrived(known) => note_letter(cmd, letter, known, news.notify_id, &words).await,
        Follows::AddressFailed => {
            let row = FailedEmailRow {
                address: letter.sent_to.to_lowercase(),
                customer_id: letter.customer_id,
                words: format!("{}: {words}", letter.number),
                from_on: cmd.today,
                recorded_at: cmd.at,
            };
            add_failed_email(&mut cmd.tx, cmd.by.org, &row).await?;
            note_letter(cmd, letter, Known::Bounced, news.notify_id, &words).await?;
            by_post(cmd, letter, &words).await
        }
        Follows::ByPost => {
            note_letter(cmd, letter, Known::Bounced, news.notify_id, &words).await?;
            by_post(cmd, letter, &words).await
        }
        Follows::TryLater => {
            note_letter(cmd, letter, Known::Delayed, news.notify_id, &words).await?;
            let at = later(cmd, news.at).await?;
            once_more(cmd, (letter, message), at, &words).await
        }
        Follows::Again => once_more(cmd, (letter, message), news.at, &words).await,
        Follows::Failed => {
            let id = LetterId(letter.id);
            let moved = delivery::move_letter(&mut cmd.tx, cmd.by.org, id, ("sent", "unknown"), "failed", &words);
            if moved.await? {
                note_letter(cmd, letter, Known::NotSent, news.notify_id, &words).await?;
            }
            Ok(())
        }
    }
}

/// Four working hours after a moment.
async fn later(cmd: &mut Command, at: DateTime<Utc>) -> Outcome<DateTime<Utc>> {
    let site = control::organisation(&mut cmd.tx, cmd.by.org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let nation = Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?;
    let book = cmd.desk.book();
    let calendar = book.calendar(nation);
    let local = at.with_timezone(&London).naive_local();
    let then = four_working_hours_after(local, |day| calendar.is_working_day(day).unwrap_or_else(|_| is_weekday(day)));
    Ok(London.from_local_datetime(&then).earliest().map_or(at, |then| then.with_timezone(&Utc)))
}

/// The same letter in a new message, which waits until then.
async fn once_more(
    cmd: &mut Command,
    (letter, message): (&LetterRow, &NotifyMessageRow),
    at: DateTime<Utc>,
    words: &str,
) -> Outcome<()> {
    let (org, id) = (cmd.by.org, LetterId(letter.id));
    if delivery::move_letter(&mut cmd.tx, org, id, ("sent", "unknown"), "waiting", words).await? {
        let next = new_message(cmd, letter, &message.kind, Some(at));
        queue::add_message(&mut cmd.tx, org, &next).await?;
    }
    Ok(())
}

/// What e-mail did not bring goes by post; where no address is held, it waits for a person.
async fn by_post(cmd: &mut Command, letter: &LetterRow, words: &str) -> Outcome<()> {
    let (org, id) = (cmd.by.org, LetterId(letter.id));
    if !delivery::move_letter(&mut cmd.tx, org, id, ("sent", "unknown"), "failed", words).await? {
        return Ok(());
    }
    let next = again_by_post(cmd, letter).await?;
    let why = format!("{words}; sent again as {}", next.number);
    delivery::move_letter(&mut cmd.tx, org, id, ("failed", "failed"), "withdrawn", &why).await?;
    cmd.tell("LetterSentAgain", format!("letter {}", letter.number), &next);
    Ok(())
}

/// Takes in that the post brought a letter back: the address is doubtful, and no more goes there.
pub(super) async fn take_returned(desk: &Desk, by: &Actor, message: &NotifyMessageRow) -> Outcome<()> {
    let key = format!("notify/{}/returned", message.id);
    command!(desk, by, "note_returned_letter", &key, &message.id, |cmd| {
        let (mut message, letter) = both(cmd, message.id).await?;
        let words = told("returned");
        (message.state, message.status) = ("done".into(), "returned".into());
        (message.try_at, message.status_at) = (None, Some(desk.clock().now()));
        queue::change_message(&mut cmd.tx, cmd.by.org, &message).await?;
        note_letter(cmd, &letter, Known::Returned, &message.notify_id, &words).await?;
        mark_gone_away(cmd, letter.customer_id, &letter.number, &words).await?;
        cmd.tell("LetterReturned", format!("letter {}", letter.number), &words);
        Ok(())
    })
}

/// What came of asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyPolled {
    /// Messages asked about.
    pub asked: i64,
    /// Those that stand elsewhere now.
    pub changed: i64,
    /// Those of which they keep nothing any more.
    pub gone: i64,
}

/// Asks where messages stand of which no call told us.
///
/// # Errors
/// `DLV-NO-NOTIFY`, `DLV-NOTIFY-NO`, `DLV-NOTIFY-SILENT`, `DLV-NOTHING-LEAVES`.
pub async fn poll_notify(desk: &Desk, by: &Actor) -> Outcome<NotifyPolled> {
    by.must_hold(Duty::ReleaseRuns)?;
    may_write_outside(desk)?;
    let mut look = desk.look().await?;
    let row = setting(&mut look, by.org).await?;
    let now = desk.clock().now();
    let due = queue::messages_due(&mut look, by.org, "with_notify", now, ASKED_MOST).await?;
    drop(look);
    let client = Client::of(desk, by.org, &row)?;
    let mut polled = NotifyPolled::default();
    for message in due {
        let seen = client.by_id(desk, &message.notify_id).await.map_err(No::from)?;
        polled.asked += 1;
        let next = match seen {
            Some(seen) if seen.status == message.status => {
                NotifyMessageRow { try_at: Some(now + POLL), ..message.clone() }
            }
            Some(seen) => {
                let at = seen.completed_at.as_deref().and_then(|text| text.parse().ok()).unwrap_or(now);
                let status = plain(&seen.status);
                let news = News { notify_id: &message.notify_id, status: &status, at };
                take_status(desk, by, &message, &news).await?;
                polled.changed += 1;
                continue;
            }
            None => {
                polled.gone += 1;
                let reason = "GOV.UK Notify keeps nothing of it any more".to_owned();
                NotifyMessageRow { state: "done".into(), reason, try_at: None, ..message.clone() }
            }
        };
        let mut tx = desk.db().begin().await?;
        queue::change_message(&mut tx, by.org, &next).await?;
        tx.commit().await?;
    }
    Ok(polled)
}

/// A status as they write it: small letters and hyphens.
pub(super) fn plain(status: &str) -> String {
    status.chars().filter(|sign| sign.is_ascii_lowercase() || *sign == '-').take(40).collect()
}
