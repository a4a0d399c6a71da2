//! A question to a service: when it is answered, how long its link lives, when it is asked again.
use crate::calendar::Calendar;
use crate::refusal::Refusal;
use chrono::NaiveDate;

/// Working days a service has to answer, where nobody says.
pub const ANSWER_DAYS: i64 = 5;
/// Working days after which a link no longer opens, counted from the day the answer is due.
pub const LINK_DAYS: i64 = 20;
/// Working days between two reminders.
const AGAIN_DAYS: i64 = 3;
/// Reminders at most.
const REMINDERS: i64 = 3;

/// Whether a service is to be reminded on a day: the first working day after its answer was due, then every third, at
/// most three times.
///
/// # Errors
/// A calendar that is not loaded.
pub fn reminder_due(
    calendar: &Calendar,
    answer_by: NaiveDate,
    (reminders, reminded_on): (i64, Option<NaiveDate>),
    today: NaiveDate,
) -> Result<bool, Refusal> {
    if reminders >= REMINDERS || !calendar.is_working_day(today)? {
        return Ok(false);
    }
    let next = match reminded_on {
        Some(last) => calendar.add(last, AGAIN_DAYS)?,
        None => calendar.add(answer_by, 1)?,
    };
    Ok(today >= next)
}

/// Whether a text names somebody: a word of their name, their e-mail, their telephone or their postcode.
///
/// A service needs the reference and no more.
pub fn names_somebody(text: &str, known: &[&str]) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let words: Vec<String> = text.split_whitespace().map(plain).collect();
    let whole = plain(text);
    known.iter().any(|one| {
        let joined = plain(one);
        let long = joined.chars().count() >= 5 && whole.contains(&joined);
        long || one.split_whitespace().map(plain).any(|word| word.chars().count() >= 4 && words.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::{ReferenceBook, shipped_rows};

    #[test]
    fn qry_07_reminders_come_by_working_days_and_end() {
        let book = ReferenceBook::from_rows(&shipped_rows());
        let calendar = book.calendar(Nation::EnglandAndWales);
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let due = |reminders, last: Option<&str>, today: &str| {
            reminder_due(calendar, day("2026-05-01"), (reminders, last.map(day)), day(today)).expect("loaded")
        };
        // Due on Friday 1 May 2026; Monday is the early May bank holiday.
        assert!(!due(0, None, "2026-05-01") && !due(0, None, "2026-05-04") && due(0, None, "2026-05-05"));
        assert!(!due(1, Some("2026-05-05"), "2026-05-07") && due(1, Some("2026-05-05"), "2026-05-08"));
        assert!(!due(1, Some("2026-05-05"), "2026-05-09"), "a Saturday");
        assert!(!due(3, Some("2026-05-05"), "2026-06-30"));
    }

    #[test]
    fn qry_07_a_question_names_nobody() {
        let known = ["Joyce Pemberton", "joyce@example.org", "NM1 1AA"];
        for text in ["Was Mrs Pemberton in hospital?", "Ask JOYCE@example.org", "At nm11aa, were the carers there?"] {
            assert!(names_somebody(text, &known), "{text}");
        }
        assert!(!names_somebody("Were seven visits made in the week of 5 October?", &known));
        assert!(!names_somebody("Was it the hall?", &["Al Li", ""]));
    }
}
