//! Rules for the wording of letters as an administrator edits them (DEL-10).
use crate::refusal::Invalid;
use chrono::NaiveDate;

/// At most so many blocks in a letter.
pub const BLOCKS_MOST: usize = 40;
/// At most so many characters in one text.
pub const TEXT_MOST: usize = 6_000;
/// At most so many characters in a title or a heading.
pub const HEADING_MOST: usize = 200;

/// Whether a name may be a block's: it stands in forms, files and differences.
pub fn is_block_id(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The first day a new version may be live: not before today, and after the version it follows.
pub fn live_from(asked: NaiveDate, today: NaiveDate, last: Option<NaiveDate>) -> Result<NaiveDate, Invalid> {
    let earliest = last.map_or(today, |last| last.max(today));
    if asked >= earliest {
        return Ok(asked);
    }
    let words = format!("Enter a date on or after {}", earliest.format("%-d %B %Y"));
    Err(Invalid::field("live_from", words, asked.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn del_10_a_version_goes_live_today_or_later_and_never_before_the_one_it_follows() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let today = day("2026-11-19");
        assert_eq!(live_from(today, today, None), Ok(today));
        let no = live_from(day("2026-11-18"), today, None).expect_err("past");
        assert_eq!(no.message, "Enter a date on or after 19 November 2026");
        let no = live_from(day("2026-11-30"), today, Some(day("2026-12-01"))).expect_err("before the last");
        assert_eq!(no.message, "Enter a date on or after 1 December 2026");
        assert!(live_from(day("2026-12-01"), today, Some(day("2026-12-01"))).is_ok());
    }

    #[test]
    fn names_of_blocks_are_plain() {
        assert!(is_block_id("how_to_pay") && is_block_id("x1"));
        for wrong in ["", "1x", "How", "a b", "a-b", "é", &"x".repeat(41)] {
            assert!(!is_block_id(wrong), "{wrong}");
        }
    }
}
