//! What releases share that go piece by piece: who may take one over, and whether two people are asked for.
use crate::Outcome;
use crate::core::command::Command;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use sundry_store::control::organisation;

/// A worker that does not renew within this is taken for dead.
pub(super) const LEASE_SECONDS: i64 = 30;
/// How long a run is watched for signs of life before it is taken over, at most.
const WATCH: Duration = Duration::from_millis(2_000);
/// How long at least, however short its pieces are.
const WATCH_LEAST: Duration = Duration::from_millis(500);
/// As often as its longest piece takes, a run is watched.
const PIECES: u32 = 4;
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// How long a run is watched whose longest piece so far took so many milliseconds; 0 where none is known.
///
/// A living worker that is slower than this once loses its run to another, by the fence: the run goes on.
pub(super) fn patience(longest_ms: i64) -> Duration {
    match longest_ms {
        1.. => Duration::from_millis(longest_ms.unsigned_abs()).saturating_mul(PIECES).clamp(WATCH_LEAST, WATCH),
        _ => WATCH,
    }
}

/// How many milliseconds have passed since the piece that renewed a lease until then was begun; 0 without one.
pub(super) fn since_renewed(lease_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> i64 {
    let renewed = lease_until.map(|until| until - TimeDelta::seconds(LEASE_SECONDS));
    renewed.map_or(0, |at| (now - at).num_milliseconds().clamp(0, LEASE_SECONDS * 1_000))
}

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
        patience: Duration,
        now: DateTime<Utc>,
    ) -> bool {
        self.still = if (fence, done) == self.seen { self.still + LOOK } else { Duration::ZERO };
        self.seen = (fence, done);
        holder.is_empty() || lease_until.is_none_or(|until| until <= now) || self.still >= patience
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_short_pieces_is_watched_for_a_short_time() {
        let ms = |pieces: i64| patience(pieces).as_millis();
        assert_eq!((ms(0), ms(-5)), (2_000, 2_000), "not known");
        assert_eq!((ms(1), ms(125), ms(300), ms(30_000)), (500, 500, 1_200, 2_000));
    }

    #[test]
    fn the_time_since_a_lease_was_renewed_is_never_below_nothing() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let until = |ms: i64| Some(now + TimeDelta::milliseconds(ms));
        assert_eq!(since_renewed(None, now), 0);
        assert_eq!(since_renewed(until(29_600), now), 400);
        assert_eq!(since_renewed(until(40_000), now), 0, "the clock went back");
    }
}
