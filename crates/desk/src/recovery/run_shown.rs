//! A run that was released, as people read it: who got which letter, who was left out and why.
use super::runs::{RunView, run};
use crate::{Actor, Desk, No, Outcome};
use sundry_domain::ids::RunId;
use sundry_store::recovery::{self, RunLetterRow, RunRefusalRow};

/// A run with its letters and refusals.
pub struct RunShown {
    /// Its state and control totals.
    pub run: RunView,
    /// Its letters.
    pub letters: Vec<RunLetterRow>,
    /// What it refused.
    pub refusals: Vec<RunRefusalRow>,
}

/// A run with at most `limit` of its letters and of its refusals.
///
/// # Errors
/// Duty; no such run here.
pub async fn run_shown(desk: &Desk, by: &Actor, number: &str, limit: i64) -> Outcome<RunShown> {
    let (view, _) = run(desk, by, number, 0, 1).await?;
    let mut look = desk.look().await?;
    let row = recovery::run(&mut look, by.org, number).await?.ok_or_else(|| No::Absent("run".into()))?;
    let limit = limit.clamp(1, 1_000_000);
    let letters = recovery::letters_of_run(&mut look, by.org, RunId(row.id), limit).await?;
    let refusals = recovery::named_refusals_of_run(&mut look, by.org, RunId(row.id), limit).await?;
    Ok(RunShown { run: view, letters, refusals })
}
