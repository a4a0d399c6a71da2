//! Each day: cases whose last day has passed end by themselves, and recovery goes on where it stood.
use super::act::end;
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::people;

/// Cases in one transaction.
const ROWS: i64 = 100;

/// What came of the cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasesTended {
    /// How many are over.
    pub ended: i64,
}

/// Ends the cases whose last day has passed.
///
/// # Errors
/// Duty.
pub async fn tend_cases(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<CasesTended> {
    by.must_hold(Duty::ReleaseRuns)?;
    let mut all = CasesTended::default();
    loop {
        let first = people::cases_over(&mut desk.look().await?, by.org, day, 1).await?;
        let Some(first) = first.first() else { return Ok(all) };
        let key = format!("cases/{day}/{}", first.id);
        let done: CasesTended = command!(desk, by, "tend_cases", &key, &(day, first.id), |cmd| {
            let mut done = CasesTended::default();
            for mut row in people::cases_over(&mut cmd.tx, cmd.by.org, day, ROWS).await? {
                let last = row.ends_on.unwrap_or(day);
                end(cmd, &mut row, last, "Its last day has passed").await?;
                done.ended += 1;
            }
            cmd.tell("CasesTended", format!("cases {day}"), done);
            Ok(done)
        })?;
        all.ended += done.ended;
        if done.ended == 0 {
            return Ok(all);
        }
    }
}
