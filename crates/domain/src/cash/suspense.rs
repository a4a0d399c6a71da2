//! Money whose owner is not known: how old it is, and whether somebody has it in hand (CSH-11; GL-03.3).
use chrono::{Days, NaiveDate};

/// The ages of suspense: name, and from how many days to how many.
pub const BANDS: [(&str, i64, Option<i64>); 4] = [
    ("0 to 7 days", 0, Some(7)),
    ("8 to 30 days", 8, Some(30)),
    ("31 to 90 days", 31, Some(90)),
    ("over 90 days", 91, None),
];

/// How many days money has waited; money dated ahead has not waited.
pub fn age_days(received_on: NaiveDate, today: NaiveDate) -> i64 {
    (today - received_on).num_days().max(0)
}

/// The band of an age.
pub fn band_of(age: i64) -> &'static str {
    let within = |(_, from, to): &&(&str, i64, Option<i64>)| age >= *from && to.is_none_or(|to| age <= to);
    BANDS.iter().find(within).map_or(BANDS[0].0, |(name, ..)| name)
}

/// The days on which the money of a band was received: first and last.
pub fn days_of_band(band: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let (_, from, to) = BANDS.iter().find(|(name, ..)| *name == band)?;
    let back = |days: i64| today.checked_sub_days(Days::new(days.unsigned_abs()));
    // Four-digit years sort as text and fit both engines.
    let first = NaiveDate::from_ymd_opt(1900, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    let latest = if *from == 0 { Some(last) } else { back(*from) };
    Some((to.map_or(Some(first), back)?, latest?))
}

/// Whether money in suspense is explained: somebody has it, knows why it waits, and what comes next.
pub fn is_explained(owner: &str, reason: &str, next_step: &str) -> bool {
    [owner, reason, next_step].iter().all(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn csh_11_every_age_lies_in_one_band() {
        let today = day("2026-05-31");
        for (received, age, band) in [
            ("2026-06-02", 0, "0 to 7 days"),
            ("2026-05-31", 0, "0 to 7 days"),
            ("2026-05-24", 7, "0 to 7 days"),
            ("2026-05-23", 8, "8 to 30 days"),
            ("2026-05-01", 30, "8 to 30 days"),
            ("2026-04-30", 31, "31 to 90 days"),
            ("2026-03-02", 90, "31 to 90 days"),
            ("2026-03-01", 91, "over 90 days"),
        ] {
            let received = day(received);
            assert_eq!((age_days(received, today), band_of(age)), (age, band), "{received}");
            for (name, ..) in BANDS {
                let (first, last) = days_of_band(name, today).expect("a band");
                assert_eq!((first..=last).contains(&received), name == band, "{received} in {name}");
            }
        }
        assert_eq!(days_of_band("yesterday", today), None);
    }

    #[test]
    fn csh_11_explained_means_owner_reason_and_next_step() {
        assert!(is_explained("Tom Ashdown", "No reference", "Ask the bank for the payer"));
        assert!(!is_explained("Tom Ashdown", "No reference", " "));
        assert!(!is_explained("", "No reference", "Ask"));
    }
}
