//! What a query is about: data of the organisation, each row from its day on, over what came with the program.
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a query may be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Stable code: `wrong_customer`.
    pub code: String,
    /// For people.
    pub name: String,
    /// Refuses to pay with grounds: a dispute, which holds its part of the debt.
    pub dispute: bool,
    /// Working days in which it should be answered.
    pub target_days: i64,
    /// Days after which a hold ends by itself; 0 holds until the query is closed.
    pub hold_days: i64,
    /// From which day it is so.
    pub from_on: NaiveDate,
    /// Whether it can be chosen.
    pub active: bool,
}

const SHIPPED: &[(&str, &str, bool, i64)] = &[
    ("price", "Price or quantity", true, 10),
    ("service", "Service not given, or not well", true, 10),
    ("purchase_order", "Purchase order missing or wrong", false, 5),
    ("wrong_customer", "Someone else should pay", true, 10),
    ("already_paid", "Says it is paid", true, 2),
    ("copy_wanted", "Wants a copy", false, 2),
    ("cannot_pay", "Cannot pay", false, 5),
    ("other", "Something else", false, 10),
];

/// A dispute that nobody closes holds no longer than this, unless a person says so.
const HOLD_DAYS: i64 = 90;

/// The categories that came with the program.
pub fn shipped_categories() -> Vec<Category> {
    let from_on = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    let row = |(code, name, dispute, target_days): &(&str, &str, bool, i64)| Category {
        code: (*code).into(),
        name: (*name).into(),
        dispute: *dispute,
        target_days: *target_days,
        hold_days: if *dispute { HOLD_DAYS } else { 0 },
        from_on,
        active: true,
    };
    SHIPPED.iter().map(row).collect()
}

/// What holds on a day: for each code its newest row, the organisation's own over those that came with the program.
pub fn in_force(own: &[Category], day: NaiveDate) -> Vec<Category> {
    let mut all = shipped_categories();
    let mut own: Vec<&Category> = own.iter().filter(|row| row.from_on <= day).collect();
    own.sort_by_key(|row| row.from_on);
    for row in own {
        match all.iter_mut().find(|known| known.code == row.code) {
            Some(known) => *known = row.clone(),
            None => all.push(row.clone()),
        }
    }
    all
}

/// The category of a code that can be chosen on a day.
pub fn category_of(own: &[Category], code: &str, day: NaiveDate) -> Option<Category> {
    in_force(own, day).into_iter().find(|row| row.code == code && row.active)
}

/// Whether a text can be the code of a category.
pub fn is_code(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qry_01_categories_are_dated_data_of_the_organisation() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let own = |from: &str, target_days, active| Category {
            target_days,
            from_on: day(from),
            active,
            ..category_of(&[], "price", day("2026-01-01")).expect("shipped")
        };
        let rows = [own("2026-06-01", 5, true), own("2026-09-01", 5, false), own("2026-04-01", 15, true)];
        let target = |on: &str| category_of(&rows, "price", day(on)).map(|row| row.target_days);
        assert_eq!(target("2026-03-31"), Some(10));
        assert_eq!(target("2026-04-01"), Some(15));
        assert_eq!(target("2026-06-01"), Some(5));
        assert_eq!(target("2026-09-01"), None);
        assert!(shipped_categories().iter().all(|row| is_code(&row.code)));
        assert!(!is_code("Hall hire") && !is_code("_a") && !is_code("a"));
    }
}
