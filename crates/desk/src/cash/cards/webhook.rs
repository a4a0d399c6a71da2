//! A provider calls us: proved, kept once, and the provider asked. The body is a hint, never the truth.
use super::asking::look_now;
use super::provider::secret_row;
use crate::core::signatures::is_signed;
use crate::core::vault::sha256_hex;
use crate::{Desk, No, Outcome};
use chrono::{DateTime, Utc};
use sundry_domain::cash::cards::webhook_in_time;
use sundry_domain::ids::OrgId;
use sundry_formats::card::govuk_pay::read_webhook;
use sundry_store::cash::cards::{self, CardWebhookRow};
use sundry_store::control;

/// What was done with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Kept, and acted on where it is of one of our payments; again and again the same.
    Kept,
    /// Not signed by the provider, or out of its time: nothing was kept.
    Forged,
    /// Signed, and not a webhook.
    Unreadable,
}

/// Takes a webhook of GOV.UK Pay in, for the organisation with a code.
///
/// # Errors
/// Our own faults only: the provider sends it again.
pub async fn take_card_webhook(desk: &Desk, org_code: &str, signature: &str, body: &[u8]) -> Outcome<Heard> {
    let mut look = desk.look().await?;
    let all = control::organisations(&mut look).await?;
    let Some(org) = all.into_iter().find(|one| one.code.eq_ignore_ascii_case(org_code)).map(|one| OrgId(one.id)) else {
        return Ok(Heard::Forged);
    };
    let Some(provider) = cards::provider(&mut look, org, "govuk_pay").await? else { return Ok(Heard::Forged) };
    drop(look);
    let secret = desk.vault().open_text(org.0, &secret_row(&provider.code), &provider.sealed_webhook_secret)?;
    if !is_signed(secret.as_bytes(), body, signature.trim()) {
        tracing::warn!("a card webhook was not signed by the provider");
        return Ok(Heard::Forged);
    }
    let Some(webhook) = read_webhook(body) else { return Ok(Heard::Unreadable) };
    let made_at = webhook.created_date.parse::<DateTime<Utc>>().ok();
    if !webhook_in_time(made_at, desk.clock().now()) {
        tracing::warn!("a card webhook came long after it was made");
        return Ok(Heard::Forged);
    }
    let payment = cards::payment_of_ref(&mut desk.look().await?, org, &provider.code, &webhook.resource_id).await?;
    let state = match (&payment, webhook.resource_type.as_str()) {
        (Some(_), _) => "known",
        (None, "payment" | "") => "unknown",
        _ => "other",
    };
    let row = CardWebhookRow {
        provider: provider.code.clone(),
        message_id: webhook.webhook_message_id,
        event_type: webhook.event_type,
        resource_id: webhook.resource_id,
        body_sha256: sha256_hex(body),
        state: state.into(),
        recorded_at: desk.clock().now(),
    };
    let mut tx = desk.db().begin().await?;
    cards::add_webhook(&mut tx, org, &row).await?;
    tx.commit().await?;
    if let Some(payment) = payment {
        // Kept, so it counts as heard; a provider that is silent now is asked again later.
        match look_now(desk, &super::machine(org, "Card provider"), payment).await {
            Ok(_) => {}
            Err(No::Refused(refusal)) => tracing::warn!(code = %refusal.code, "{}", refusal.sentence),
            Err(no) => return Err(no),
        }
    }
    Ok(Heard::Kept)
}
