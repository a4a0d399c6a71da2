//! Pence and dates as people read them.

use crate::letter::Language;
use chrono::{Datelike, NaiveDate};

/// `-123456` becomes `-£1,234.56`.
pub fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    let all = pence.unsigned_abs();
    let whole = (all / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}£{grouped}.{:02}", all % 100)
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WELSH: [&str; 12] = [
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
];

const ENGLISH_SHORT: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WELSH_SHORT: [&str; 12] =
    ["Ion", "Chwef", "Maw", "Ebr", "Mai", "Meh", "Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag"];

/// `3 December 2026`, or `3 Rhagfyr 2026`.
pub fn long_date(day: NaiveDate, language: Language) -> String {
    let months = match language {
        Language::English => ENGLISH,
        Language::Welsh => WELSH,
    };
    let month = months.get(day.month0() as usize).copied().unwrap_or("");
    format!("{} {month} {}", day.day(), day.year())
}

/// Ties the words of a date together so that no line ends inside it.
pub(crate) fn tie_dates(text: &str) -> String {
    let mut tied = text.to_owned();
    let months = ENGLISH.iter().chain(&WELSH).chain(&ENGLISH_SHORT).chain(&WELSH_SHORT);
    for month in months.filter(|month| text.contains(**month)) {
        for digit in '0'..='9' {
            tied = tied.replace(&format!("{digit} {month} 20"), &format!("{digit}\u{a0}{month}\u{a0}20"));
        }
    }
    tied
}

/// `3 Dec 2026`, or `3 Rhag 2026`: for tables.
pub fn short_date(day: NaiveDate, language: Language) -> String {
    let months = match language {
        Language::English => ENGLISH_SHORT,
        Language::Welsh => WELSH_SHORT,
    };
    let month = months.get(day.month0() as usize).copied().unwrap_or("");
    format!("{} {month} {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_are_grouped_and_signed() {
        assert_eq!(pounds(0), "£0.00");
        assert_eq!(pounds(5), "£0.05");
        assert_eq!(pounds(39_280), "£392.80");
        assert_eq!(pounds(100_000), "£1,000.00");
        assert_eq!(pounds(-123_456_789), "-£1,234,567.89");
        assert_eq!(pounds(i64::MIN), "-£92,233,720,368,547,758.08");
    }

    #[test]
    fn only_whole_dates_are_tied() {
        assert_eq!(tie_dates("by 3 May 2026, for May 2026"), "by 3\u{a0}May\u{a0}2026, for May 2026");
        assert_eq!(tie_dates("3 Dec 2026, 3 Dec"), "3\u{a0}Dec\u{a0}2026, 3 Dec");
    }

    #[test]
    fn dates_have_no_leading_nought_in_sentences() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 3).expect("a real day");
        assert_eq!(long_date(day, Language::English), "3 December 2026");
        assert_eq!(long_date(day, Language::Welsh), "3 Rhagfyr 2026");
        assert_eq!(short_date(day, Language::English), "3 Dec 2026");
        assert_eq!(short_date(day, Language::Welsh), "3 Rhag 2026");
    }
}
