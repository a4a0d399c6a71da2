//! The audit trail to read: who did what to what, newest first.
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_store::control::{self, AuditRow};
use sundry_store::event_words::words_of_events;

/// A page of the trail.
pub struct TrailPage {
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Why, in words, by place in the chain: for events whose words no other record has.
    pub words: HashMap<i64, String>,
    /// How many there are in all.
    pub count: i64,
}

/// Events with these words in who, event or subject; all where there are none.
///
/// # Errors
/// Duty.
pub async fn audit_trail(desk: &Desk, by: &Actor, words: &str, page: u32, size: i64) -> Outcome<TrailPage> {
    by.must_hold(Duty::ReadAudit)?;
    let mut look = desk.look().await?;
    let offset = i64::from(page.max(1) - 1) * size;
    let rows = control::audit_found(&mut look, by.org, words, size, offset).await?;
    let count = control::audit_found_count(&mut look, by.org, words).await?;
    let places: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    let words = words_of_events(&mut look, by.org, &places).await?.into_iter().collect();
    Ok(TrailPage { rows, words, count })
}
