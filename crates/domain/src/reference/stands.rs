//! How the dated rows stand on a day: in force, ending, missing, to come, past.
use super::add::{RateKind, band, words_of_figure, words_of_key};
use super::{BANK_HOLIDAY, ReferenceRow};
use crate::calendar::add_days;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Days ahead within which an end is told.
pub const SOON: i64 = 90;

named! {
    /// How a row stands on a day.
    RateState {
        /// It holds, and longer than the days ahead.
        InForce = "in_force", "In force";
        /// It holds, and nothing is known from a day that is near.
        Ending = "ending", "Ends soon";
        /// It held last, and nothing holds now.
        Missing = "missing", "Missing";
        /// It begins later.
        ToCome = "to_come", "To come";
        /// Another took its place.
        Past = "past", "Past";
    }
}

/// A dated row, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLine {
    /// Stored name of its kind.
    pub kind: String,
    /// The kind for people.
    pub name: String,
    /// Which one of the kind, as stored.
    pub key: String,
    /// Which one, for people.
    pub what: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day that is confirmed.
    pub to_on: Option<NaiveDate>,
    /// Basis points or pence by kind.
    pub value: i64,
    /// The value for people.
    pub figure: String,
    /// in_force, ending, missing, to_come or past.
    pub state: String,
    /// The last day on which anything of its kind and key holds; none where it goes on.
    pub known_until: Option<NaiveDate>,
    /// For people.
    pub note: String,
    /// Where it comes from.
    pub source: String,
    /// Who entered it.
    pub entered_by: String,
    /// Who approved it.
    pub approved_by: String,
}

/// Every dated row with its standing, the newest of each first; of bank holidays those from today on.
pub fn rate_lines(all: &[ReferenceRow], today: NaiveDate) -> Vec<RateLine> {
    let wanted = all.iter().filter(|row| row.kind != BANK_HOLIDAY || row.from_on >= today);
    let mut rows: Vec<(RateKind, &ReferenceRow)> =
        wanted.filter_map(|row| RateKind::of(&row.kind).map(|kind| (kind, row))).collect();
    rows.sort_by_cached_key(|(kind, row)| (*kind, band(&row.key), row.key.clone(), Reverse(row.from_on)));
    rows.into_iter().map(|(kind, row)| line(all, kind, row, today)).collect()
}

fn line(all: &[ReferenceRow], kind: RateKind, row: &ReferenceRow, today: NaiveDate) -> RateLine {
    let same: Vec<&ReferenceRow> = all.iter().filter(|one| one.kind == row.kind && one.key == row.key).collect();
    let known_until = if kind == RateKind::BankHoliday { row.to_on } else { known_until(&same, today) };
    RateLine {
        kind: row.kind.clone(),
        name: kind.name().to_owned(),
        key: row.key.clone(),
        what: words_of_key(kind, &row.key),
        from_on: row.from_on,
        to_on: row.to_on,
        value: row.value,
        figure: words_of_figure(&row.kind, row.value),
        state: state(&same, kind, row, today, known_until).as_str().to_owned(),
        known_until,
        note: row.note.clone(),
        source: row.source.clone(),
        entered_by: row.entered_by.clone(),
        approved_by: row.approved_by.clone(),
    }
}

fn state(
    same: &[&ReferenceRow],
    kind: RateKind,
    row: &ReferenceRow,
    today: NaiveDate,
    known_until: Option<NaiveDate>,
) -> RateState {
    if row.from_on > today {
        return RateState::ToCome;
    }
    if kind == RateKind::BankHoliday {
        return RateState::InForce;
    }
    let begun = same.iter().filter(|one| one.from_on <= today);
    let holding = begun.clone().filter(|one| one.holds_on(today)).map(|one| one.from_on).max();
    let newest = begun.map(|one| one.from_on).max();
    match (holding, known_until) {
        (Some(now), _) if now != row.from_on => RateState::Past,
        (Some(_), Some(last)) if last <= add_days(today, SOON) => RateState::Ending,
        (Some(_), _) => RateState::InForce,
        (None, _) if newest == Some(row.from_on) => RateState::Missing,
        (None, _) => RateState::Past,
    }
}

/// The last day of the unbroken stretch from a day on; where nothing holds that day, the last day on which something
/// did; none where it goes on without end.
fn known_until(same: &[&ReferenceRow], today: NaiveDate) -> Option<NaiveDate> {
    let mut day = today;
    loop {
        let mut holding = same.iter().filter(|one| one.holds_on(day)).peekable();
        if holding.peek().is_none() {
            let before = same.iter().filter_map(|one| one.to_on).filter(|last| *last < day);
            return before.max();
        }
        let mut last = day;
        for one in holding {
            last = last.max(one.to_on?);
        }
        day = add_days(last, 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::shipped_rows;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn states(lines: &[RateLine], kind: &str, key: &str) -> Vec<(String, String)> {
        let of = lines.iter().filter(|line| line.kind == kind && line.key == key);
        of.map(|line| (line.from_on.to_string(), line.state.clone())).collect()
    }

    #[test]
    fn every_shipped_row_is_of_a_kind_that_people_know() {
        assert!(shipped_rows().iter().all(|row| RateKind::of(&row.kind).is_some()));
    }

    #[test]
    fn what_ends_or_is_missing_is_marked() {
        let lines = rate_lines(&shipped_rows(), d("2026-11-22"));
        let warrant = states(&lines, "court_fee", "warrant");
        let said: Vec<&str> = warrant.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(said, ["missing", "past", "past"]);
        let late = lines.iter().find(|line| line.kind == "late_payment_rate").expect("the newest");
        assert_eq!((late.state.as_str(), late.known_until), ("ending", Some(d("2026-12-31"))));
        assert_eq!((late.what.as_str(), late.figure.as_str()), ("statutory", "11.75%"));
        assert_eq!(states(&lines, "vat_rate", "R"), [("1997-09-01".to_owned(), "in_force".to_owned())]);
        assert!(lines.iter().filter(|line| line.kind == BANK_HOLIDAY).all(|line| line.from_on >= d("2026-11-22")));
    }

    #[test]
    fn a_row_to_come_takes_the_mark_away() {
        let mut rows = shipped_rows();
        let mut next = rows.iter().find(|row| row.kind == "court_fee" && row.key == "writ").expect("shipped").clone();
        (next.from_on, next.to_on) = (d("2026-07-13"), None);
        rows.push(next);
        let lines = rate_lines(&rows, d("2026-06-01"));
        let writ = states(&lines, "court_fee", "writ");
        assert_eq!(writ.first(), Some(&("2026-07-13".to_owned(), "to_come".to_owned())));
        assert_eq!(writ.get(1), Some(&("2025-04-08".to_owned(), "in_force".to_owned())));
        assert_eq!(states(&lines, "court_fee", "warrant").first().map(|(_, state)| state.as_str()), Some("ending"));
    }
}
