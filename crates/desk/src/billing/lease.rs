//! What releases share that go piece by piece: who may take one over, and whether two people are asked for.
use crate::Outcome;
use crate::core::command::Command;
use chrono::{DateTime, Utc};
use std::time::Duration;
use sundry_store::control::organisation;

/// A worker that does not renew within this is taken for dead.
pub(super) const LEASE_SECONDS: i64 = 30;
/// How long a run is watched for signs of life before it is taken over.
const WATCH: Duration = Duration::from_millis(2_000);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Watches a run that someone else may hold.
pub(super) struct Watch {
    seen: (i64, i64),
    still: Duration,
}

impl Watch {
    /// Nothing seen yet.
    pub(super) fn new() -> Watch {
        Watch { seen: (-1, -1), still: Duration::ZERO }
    }

    /// Whether nobody works on it: nobody holds it, their lease has ended, or nothing has moved for a while.
    pub(super) fn is_free(
        &mut self,
        (fence, done): (i64, i64),
        (holder, lease_until): (&str, Option<DateTime<Utc>>),
        now: DateTime<Utc>,
    ) -> bool {
        self.still = if (fence, done) == self.seen { self.still + LOOK } else { Duration::ZERO };
        self.seen = (fence, done);
        holder.is_empty() || lease_until.is_none_or(|until| until <= now) || self.still >= WATCH
    }

    /// Waits until the next look.
    pub(super) async fn rest(&self) {
        tokio::time::sleep(LOOK).await;
    }
}

/// Whether whoever prepared a run may not release it.
pub(super) async fn second_person(cmd: &mut Command) -> Outcome<bool> {
    let row = organisation(&mut cmd.tx, cmd.by.org).await?;
    Ok(row.is_some_and(|row| row.settings["bulk_second_person"] == true))
}
