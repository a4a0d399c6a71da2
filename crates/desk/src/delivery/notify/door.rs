//! GOV.UK Notify calls us: known by our token, kept once, and what it tells taken in.
use super::news::{News, plain, take_returned, take_status};
use super::settings::TOKEN_ROW;
use crate::core::signatures::bears;
use crate::core::vault::sha256_hex;
use crate::{Actor, Channel, Desk, Outcome};
use chrono::{DateTime, Utc};
use sundry_domain::ids::OrgId;
use sundry_formats::notify::{Callback, read_callback};
use sundry_store::control;
use sundry_store::delivery::notify::{NotifyCallbackRow, add_callback, count_stranger, notify_setting};
use sundry_store::delivery::notify_queue::message_of;

/// What was done with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotifyHeard {
    /// Kept, and acted on where it is about one of our messages; again and again the same.
    Kept,
    /// It bears no token of ours: counted, and nothing kept.
    Stranger,
    /// It bears our token, and is no call that we understand.
    Unreadable,
}

/// Takes a call in, for the organisation with a code.
///
/// # Errors
/// Our own faults only: it is made again.
pub async fn take_notify_callback(
    desk: &Desk,
    org_code: &str,
    authorization: &str,
    body: &[u8],
) -> Outcome<NotifyHeard> {
    let mut look = desk.look().await?;
    let all = control::organisations(&mut look).await?;
    let Some(org) = all.into_iter().find(|one| one.code.eq_ignore_ascii_case(org_code)).map(|one| OrgId(one.id)) else {
        return Ok(NotifyHeard::Stranger);
    };
    let Some(row) = notify_setting(&mut look, org).await? else { return Ok(NotifyHeard::Stranger) };
    drop(look);
    let now = desk.clock().now();
    if !bears(&desk.vault().open_text(org.0, TOKEN_ROW, &row.sealed_token)?, authorization) {
        tracing::warn!("a call in the name of GOV.UK Notify bore no token of ours");
        let mut tx = desk.db().begin().await?;
        count_stranger(&mut tx, org, now).await?;
        tx.commit().await?;
        return Ok(NotifyHeard::Stranger);
    }
    let Some(callback) = read_callback(body) else { return Ok(NotifyHeard::Unreadable) };
    let (kind, notify_id, reference, status) = match &callback {
        Callback::Status { id, reference, status, .. } => ("status", id.as_str(), reference.as_str(), plain(status)),
        Callback::Returned { id, reference } => ("returned", id.as_str(), reference.as_str(), "returned".to_owned()),
        Callback::Other => ("other", "", "", String::new()),
    };
    let message = message_of(&mut desk.look().await?, org, notify_id, reference).await?;
    let state = match (&message, kind) {
        (_, "other") => "other",
        (Some(_), _) => "known",
        (None, _) => "unknown",
    };
    if let (Some(message), true) = (&message, state == "known") {
        let by = Actor { channel: Channel::Job, ..Actor::operator(org, "GOV.UK Notify") };
        match &callback {
            Callback::Status { completed_at, .. } => {
                let at = completed_at.parse::<DateTime<Utc>>().unwrap_or(now);
                take_status(desk, &by, message, &News { notify_id, status: &status, at }).await?;
            }
            Callback::Returned { .. } => take_returned(desk, &by, message).await?,
            Callback::Other => {}
        }
    }
    // Kept last: what could not be taken in is told again.
    let row = NotifyCallbackRow {
        body_sha256: sha256_hex(body),
        kind: kind.into(),
        notify_id: notify_id.to_owned(),
        reference: reference.to_owned(),
        status,
        state: state.into(),
        recorded_at: now,
    };
    let mut tx = desk.db().begin().await?;
    add_callback(&mut tx, org, &row).await?;
    tx.commit().await?;
    Ok(NotifyHeard::Kept)
}
