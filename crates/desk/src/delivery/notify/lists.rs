//! What stands with GOV.UK Notify, what it does not carry, and e-mail addresses that take no mail.
use crate::{Actor, Desk, No, Outcome, command};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::delivery::notify::{self as rows, FailedEmailRow, NotifyCallbackRow};
use sundry_store::delivery::notify_queue::{self as queue, LeftOutRow, NotifyMessageLine};

/// Rows of a list, at most.
const MOST: i64 = 1_000;

/// How things stand with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NotifyState {
    /// It carries e-mail.
    pub carries_email: bool,
    /// It carries letters by post.
    pub carries_post: bool,
    /// How many messages stand where: kind, state, last status, count.
    pub counts: Vec<(String, String, String, i64)>,
    /// E-mail waits until then.
    pub email_held_until: Option<DateTime<Utc>>,
    /// Letters wait until then.
    pub letter_held_until: Option<DateTime<Utc>>,
    /// Why.
    pub held_words: String,
    /// Calls in its name with no token of ours.
    pub strangers: i64,
    /// When the last of them came.
    pub stranger_at: Option<DateTime<Utc>>,
    /// Its calls about messages that are none of ours.
    pub unknown: Vec<NotifyCallbackRow>,
}

/// How things stand; none where it is not set up.
///
/// # Errors
/// Duty.
pub async fn notify_state(desk: &Desk, by: &Actor) -> Outcome<Option<NotifyState>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let Some(row) = rows::notify_setting(&mut look, by.org).await? else { return Ok(None) };
    Ok(Some(NotifyState {
        carries_email: row.carries_email,
        carries_post: row.carries_post,
        counts: queue::message_counts(&mut look, by.org).await?,
        email_held_until: row.email_held_until,
        letter_held_until: row.letter_held_until,
        held_words: row.held_words,
        strangers: row.strangers,
        stranger_at: row.stranger_at,
        unknown: rows::unknown_callbacks(&mut look, by.org, 20).await?,
    }))
}

/// Messages, newest first; in any state when none is said.
///
/// # Errors
/// Duty.
pub async fn notify_messages(desk: &Desk, by: &Actor, state: &str, limit: i64) -> Outcome<Vec<NotifyMessageLine>> {
    by.must_hold(Duty::View)?;
    Ok(queue::message_lines(&mut desk.look().await?, by.org, state, limit.clamp(1, MOST)).await?)
}

/// Letters that it does not carry and that still wait, with the reasons.
///
/// # Errors
/// Duty.
pub async fn notify_left_out(desk: &Desk, by: &Actor, limit: i64) -> Outcome<Vec<LeftOutRow>> {
    by.must_hold(Duty::View)?;
    Ok(queue::left_out(&mut desk.look().await?, by.org, limit.clamp(1, MOST)).await?)
}

/// E-mail addresses that take no mail, newest first.
///
/// # Errors
/// Duty.
pub async fn failed_emails_list(desk: &Desk, by: &Actor, limit: i64) -> Outcome<Vec<FailedEmailRow>> {
    by.must_hold(Duty::View)?;
    Ok(rows::failed_emails(&mut desk.look().await?, by.org, limit.clamp(1, MOST)).await?)
}

/// Lets an e-mail address be used again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrustEmail {
    /// Idempotency key.
    pub key: String,
    /// The address.
    pub address: String,
}

/// It may be used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailTrusted {
    /// The address.
    pub address: String,
}

/// Lets an e-mail address be used again: a person knows better.
///
/// # Errors
/// Duty; an address that is not marked.
pub async fn trust_email(desk: &Desk, by: &Actor, ask: TrustEmail) -> Outcome<EmailTrusted> {
    if !by.holds(Duty::ReleaseRuns) {
        by.must_hold(Duty::WorkCases)?;
    }
    let address = ask.address.trim().to_lowercase();
    command!(desk, by, "trust_email", &ask.key, &address, |cmd| {
        if !rows::remove_failed_email(&mut cmd.tx, cmd.by.org, &address).await? {
            return Err(No::Absent("address that takes no mail".into()));
        }
        cmd.tell("EmailTrusted", "e-mail address", &address);
        Ok(EmailTrusted { address: address.clone() })
    })
}
