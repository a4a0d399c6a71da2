//! Instants come from here and nowhere else, so that a demo year can be lived in seconds.
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};

/// Where instants come from.
#[derive(Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// A made one: each look moves it on by a millisecond.
    Made(AtomicI64),
}

impl Clock {
    /// A made clock that stands at nine in the morning of a day.
    pub fn made(day: NaiveDate) -> Clock {
        Clock::Made(AtomicI64::new(nine(day)))
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
            Clock::System => {
                let now = Utc::now();
                DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
            }
            Clock::Made(micros) => {
                let at = micros.fetch_add(1_000, Ordering::Relaxed);
                DateTime::from_timestamp_micros(at).unwrap_or(DateTime::UNIX_EPOCH)
            }
        }
    }

    /// Moves a made clock on to nine in the morning of a day; it never goes back.
    pub fn move_to(&self, day: NaiveDate) {
        if let Clock::Made(micros) = self {
            micros.fetch_max(nine(day), Ordering::Relaxed);
        }
    }
}

fn nine(day: NaiveDate) -> i64 {
    let nine = day.and_time(NaiveTime::MIN) + TimeDelta::hours(9);
    nine.and_utc().timestamp_micros()
}

/// The UK's local day at an instant.
pub fn uk_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::London).date_naive()
}

/// The UK's time of day at an instant.
pub fn uk_time(at: DateTime<Utc>) -> NaiveTime {
    at.with_timezone(&chrono_tz::Europe::London).time()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p24_the_uk_day_follows_summer_time() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert_eq!(uk_day(at("2026-03-29T00:59:59Z")), day("2026-03-29"));
        assert_eq!(uk_day(at("2026-06-30T23:30:00Z")), day("2026-07-01"));
        assert_eq!(uk_day(at("2026-10-25T23:30:00Z")), day("2026-10-25"));
    }
}
