//! Every account proved at once, as each night.
use super::make::{made, subjects};
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::control_proof::{NightRow, keep_night, nights};

/// Proves every account as at a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProveControls {
    /// Idempotency key.
    pub key: String,
    /// As at the end of this day.
    pub as_at: NaiveDate,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightProved {
    /// The day.
    pub as_at: NaiveDate,
    /// Accounts proved.
    pub accounts: i64,
    /// Accounts with something left unexplained: which, and how much in pence.
    pub unexplained: Vec<(String, i64)>,
}

/// Proves every account and keeps the figures of the day.
///
/// # Errors
/// Duty.
pub async fn prove_controls(desk: &Desk, by: &Actor, ask: ProveControls) -> Outcome<NightProved> {
    by.must_hold(Duty::RunReports)?;
    command!(desk, by, "prove_controls", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let (mut accounts, mut unexplained) = (0, Vec::new());
        for one in subjects(&mut cmd.tx, org).await? {
            let proof = made(&mut cmd.tx, org, (one.kind, &one.subject), ask.as_at).await?;
            let row = NightRow {
                on_day: ask.as_at,
                kind: one.kind.as_str().into(),
                subject: one.subject.clone(),
                ledger_pence: proof.ledger.0,
                other_pence: proof.other.plus(proof.explained()).0,
                unexplained_pence: proof.unexplained().0,
            };
            keep_night(&mut cmd.tx, org, &row, cmd.at).await?;
            accounts += 1;
            if row.unexplained_pence != 0 {
                unexplained.push((one.title, row.unexplained_pence));
            }
        }
        let told = NightProved { as_at: ask.as_at, accounts, unexplained };
        cmd.tell("ControlsProved", format!("proof of {}", ask.as_at), &told);
        Ok(told)
    })
}

/// The proofs of the last nights, newest first.
///
/// # Errors
/// Duty.
pub async fn control_nights(desk: &Desk, by: &Actor, since: NaiveDate) -> Outcome<Vec<NightRow>> {
    by.must_hold(Duty::RunReports)?;
    Ok(nights(&mut desk.look().await?, by.org, since).await?)
}
