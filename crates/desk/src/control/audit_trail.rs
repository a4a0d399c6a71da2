//! The audit trail to read: who did what to what, newest first.
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use sundry_domain::control::Duty;
use sundry_store::control::{self, AuditRow};

/// A page of the trail.
pub struct TrailPage {
    /// Newest first.
    pub rows: Vec<AuditRow>,
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
    Ok(TrailPage { rows, count })
}
