//! 63-bit ids, made here: milliseconds, then a counter, then a tag of the process.
use super::clock::Clock;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2020-01-01T00:00:00Z in milliseconds.
const EPOCH: i64 = 1_577_836_800_000;

/// Makes ids that rise, and that two processes never share.
#[derive(Debug)]
pub struct Ids {
    last: AtomicI64,
    tag: i64,
}

impl Ids {
    /// A maker with a process tag from 0 to 255.
    pub fn new(tag: u8) -> Ids {
        Ids { last: AtomicI64::new(0), tag: i64::from(tag) }
    }

    /// The next id.
    pub fn next(&self, clock: &Clock) -> i64 {
        let now = match clock {
            Clock::System => clock.now().timestamp_millis(),
            Clock::Made(micros) => micros.load(Ordering::Relaxed) / 1_000,
        };
        let from_clock = (now - EPOCH) << 14;
        let mut last = self.last.load(Ordering::Relaxed);
        loop {
            let next = from_clock.max(last + 1);
            match self.last.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return (next << 8) | self.tag,
                Err(seen) => last = seen,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_and_never_repeat() {
        let (ids, clock) = (Ids::new(7), Clock::System);
        let made: Vec<i64> = (0..100_000).map(|_| ids.next(&clock)).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| *id > 0 && id & 255 == 7));
    }
}
