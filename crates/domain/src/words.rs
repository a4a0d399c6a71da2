//! Dates and counts as sentences write them.
use chrono::NaiveDate;

/// `1 June 2026`.
pub fn written(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `1 item`, `2 items`: for words whose plural ends in s.
pub fn counted(count: i64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_counts_read_as_english() {
        assert_eq!(written(NaiveDate::from_ymd_opt(2028, 2, 29).unwrap()), "29 February 2028");
        assert_eq!([0, 1, 2].map(|n| counted(n, "item")), ["0 items", "1 item", "2 items"]);
    }
}
