//! Aged debt by due or invoice date (GL-05), and what was open as at a past day (GL-E3).
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the age is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeingBasis {
    /// The due date.
    Due,
    /// The invoice date.
    Invoice,
}

impl AgeingBasis {
    /// The name in options and files.
    pub fn as_str(self) -> &'static str {
        match self {
            AgeingBasis::Due => "due",
            AgeingBasis::Invoice => "invoice",
        }
    }

    /// Reads it.
    pub fn parse(text: &str) -> Option<AgeingBasis> {
        [AgeingBasis::Due, AgeingBasis::Invoice].into_iter().find(|basis| basis.as_str() == text)
    }
}

/// A column of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Column name in files: `31_60`.
    pub code: String,
    /// For people.
    pub name: String,
    /// The greatest age that belongs here; none for the last.
    pub last_day: Option<i64>,
}

/// The columns of the report, youngest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buckets(pub Vec<Bucket>);

impl Default for Buckets {
    /// Not due, 1-30, 31-60, 61-90, 91-180, 181-365, over 365.
    fn default() -> Self {
        Buckets::of(&[
            ("not_due", "Not due", Some(0)),
            ("1_30", "1–30 days", Some(30)),
            ("31_60", "31–60 days", Some(60)),
            ("61_90", "61–90 days", Some(90)),
            ("91_180", "91–180 days", Some(180)),
            ("181_365", "181–365 days", Some(365)),
            ("over_365", "Over 365 days", None),
        ])
    }
}

impl Buckets {
    /// The NHS template: 0-30, 31-60, 61-90, over 90.
    pub fn nhs() -> Self {
        Buckets::of(&[
            ("0_30", "0–30 days", Some(30)),
            ("31_60", "31–60 days", Some(60)),
            ("61_90", "61–90 days", Some(90)),
            ("over_90", "Over 90 days", None),
        ])
    }

    fn of(rows: &[(&str, &str, Option<i64>)]) -> Self {
        let bucket = |(code, name, last_day): &(&str, &str, Option<i64>)| Bucket {
            code: (*code).into(),
            name: (*name).into(),
            last_day: *last_day,
        };
        Buckets(rows.iter().map(bucket).collect())
    }

    /// The place of an age in days; anything older than the last bound is in the last.
    pub fn place(&self, age: i64) -> usize {
        let place = self.0.iter().position(|bucket| bucket.last_day.is_none_or(|last| age <= last));
        place.unwrap_or(self.0.len().saturating_sub(1))
    }
}

/// An open item as the report sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeingItem {
    /// Its document date.
    pub invoice_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// What is open: a credit is below zero.
    pub open: Pence,
}

impl AgeingItem {
    /// Its age in days; zero or less is not due.
    pub fn age(&self, as_at: NaiveDate, basis: AgeingBasis) -> i64 {
        let from = match basis {
            AgeingBasis::Due => self.due_on,
            AgeingBasis::Invoice => self.invoice_on,
        };
        (as_at - from).num_days()
    }
}

/// A row of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeingRow {
    /// One for each bucket.
    pub buckets: Vec<Pence>,
    /// Credits not yet allocated, in a column of their own and never netted; below zero.
    pub unallocated: Pence,
    /// All of it.
    pub total: Pence,
}

/// Ages items into a row. Debits go by age; credits go to the column "Unallocated".
pub fn age_items<'a>(
    items: impl IntoIterator<Item = &'a AgeingItem>,
    as_at: NaiveDate,
    basis: AgeingBasis,
    buckets: &Buckets,
) -> AgeingRow {
    let mut row =
        AgeingRow { buckets: vec![Pence::ZERO; buckets.0.len()], unallocated: Pence::ZERO, total: Pence::ZERO };
    for item in items {
        let column = if item.open < Pence::ZERO {
            &mut row.unallocated
        } else {
            &mut row.buckets[buckets.place(item.age(as_at, basis))]
        };
        *column = column.plus(item.open);
        row.total = row.total.plus(item.open);
    }
    row
}

/// What was open of an item as at a day, by posting date: nothing before it was posted,
/// then its amount less what had been allocated by then.
pub fn open_as_at(amount: Pence, posted_on: NaiveDate, allocations: &[(NaiveDate, Pence)], as_at: NaiveDate) -> Pence {
    if as_at < posted_on {
        return Pence::ZERO;
    }
    let by_then = allocations.iter().filter(|(on, _)| *on <= as_at);
    by_then.fold(amount, |open, (_, allocated)| open.minus(*allocated))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[rstest]
    #[case("2026-10-31", "not_due")]
    #[case("2026-12-25", "not_due")]
    #[case("2026-10-30", "1_30")]
    #[case("2026-10-01", "1_30")]
    #[case("2026-09-30", "31_60")]
    #[case("2026-08-02", "61_90")]
    #[case("2026-08-01", "91_180")]
    #[case("2025-10-31", "181_365")]
    #[case("2025-10-30", "over_365")]
    fn gl_e2_buckets_by_due_date(#[case] due: &str, #[case] code: &str) {
        let item = AgeingItem { invoice_on: d("2025-01-01"), due_on: d(due), open: Pence(100) };
        let buckets = Buckets::default();
        assert_eq!(buckets.0[buckets.place(item.age(d("2026-10-31"), AgeingBasis::Due))].code, code);
    }

    #[test]
    fn the_nhs_template_counts_from_the_invoice() {
        let item = AgeingItem { invoice_on: d("2026-07-01"), due_on: d("2026-10-31"), open: Pence(100) };
        let row = age_items([&item], d("2026-10-31"), AgeingBasis::Invoice, &Buckets::nhs());
        assert_eq!(row.buckets, [Pence(0), Pence(0), Pence(0), Pence(100)]);
    }

    #[test]
    fn gl_e3_as_at_a_past_day() {
        let paid = [(d("2026-11-05"), Pence(50_000))];
        let open = |day| open_as_at(Pence(50_000), d("2026-09-10"), &paid, d(day));
        assert_eq!(open("2026-10-31"), Pence(50_000));
        assert_eq!(open("2026-11-30"), Pence::ZERO);
        assert_eq!(open("2026-09-09"), Pence::ZERO);
    }

    proptest! {
        #[test]
        fn every_row_adds_up(items in prop::collection::vec((-800i64..800, -100_000i64..100_000), 0..40)) {
            let as_at = d("2026-10-31");
            let items: Vec<AgeingItem> = items
                .into_iter()
                .map(|(age, open)| {
                    let due_on = crate::calendar::add_days(as_at, -age);
                    AgeingItem { invoice_on: due_on, due_on, open: Pence(open) }
                })
                .collect();
            let row = age_items(&items, as_at, AgeingBasis::Due, &Buckets::default());
            prop_assert_eq!(Pence::total(&row.buckets).plus(row.unallocated), row.total);
            prop_assert!(row.unallocated <= Pence::ZERO && row.buckets.iter().all(|sum| *sum >= Pence::ZERO));
        }
    }
}
