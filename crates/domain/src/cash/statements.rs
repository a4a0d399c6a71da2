//! Whether a bank statement continues the ones before it: by number, by balance, and by what it claims to be.
use crate::catalogue::refusals;
use crate::money::Pence;
use crate::refusal::{Invalid, Refusal};
use chrono::NaiveDate;

refusals! {
    /// The file is a list of takings, not a bank statement.
    NOT_A_STATEMENT = "CSH-NOT-A-STATEMENT", "CSH-01",
        "Import the bank's own statement; look at this file with: sundry inspect bank-statement.";
    /// A statement with the same number and day came before, and says something else.
    CORRECTION = "CSH-CORRECTION", "CSH-02",
        "Compare it with the one before it; if the bank confirms the correction, import it anyway and say why.";
    /// A statement number is missing.
    NUMBER_GAP = "CSH-NUMBER-GAP", "CSH-02",
        "Import the missing statement first, or import this one anyway and say why.";
    /// The bank's server shows another key than the one that was pinned.
    HOST_KEY = "CSH-HOST-KEY", "security: a server is known by its key",
        "Ask the bank whether it changed its key; if it did, enter the new one. Nothing was sent or fetched.";
    /// The place where files are fetched cannot be reached or read.
    NOT_REACHED = "CSH-NOT-REACHED", "CSH-01",
        "Look at the address, the folder and the rights; it is tried again at the next look.";
    /// A line is dated more than 400 days ahead.
    FAR_AHEAD = "CSH-FAR-AHEAD", "CSH-02",
        "Ask the bank for the file again: no line of a statement is dated more than 400 days ahead.";
}

/// How far ahead of today a line may be dated.
const FURTHEST_DAYS: i64 = 400;

/// A statement of the account that is in the books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The bank's number of it.
    pub number: String,
    /// Its last day.
    pub to_on: Option<NaiveDate>,
    /// Opening balance.
    pub opening: Option<Pence>,
    /// Closing balance.
    pub closing: Option<Pence>,
}

/// A statement that has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coming {
    /// What it says of itself.
    pub says: Known,
    /// Sum of the lines that are new in it.
    pub brought: Pence,
    /// How many lines are new in it.
    pub lines_new: usize,
}

/// The same number and day before, with other lines or balances: it may be a correction.
///
/// A statement that says only what is known already, in whatever bytes, is none.
///
/// # Errors
/// `CSH-CORRECTION`.
pub fn no_correction(same_identity: &[Known], coming: &Coming) -> Result<(), Refusal> {
    if same_identity.is_empty() || coming.says.number.is_empty() {
        return Ok(());
    }
    let as_known = |known: &Known| (known.opening, known.closing) == (coming.says.opening, coming.says.closing);
    if coming.lines_new == 0 && same_identity.iter().any(as_known) {
        return Ok(());
    }
    let day = coming.says.to_on.map(|d| d.format(" of %-d %B %Y").to_string()).unwrap_or_default();
    let what = match coming.lines_new {
        0 => "its balances are not the same".to_owned(),
        1 => "1 line in it is new".to_owned(),
        many => format!("{many} lines in it are new"),
    };
    let sentence = format!(
        "Statement {}{day} came before in another file, and {what}: it may be a correction.",
        coming.says.number
    );
    Err(CORRECTION.because(sentence))
}

/// The number that follows the last one, the same again (pages, or a bank that does not count), or a new count.
///
/// # Errors
/// `CSH-NUMBER-GAP`, where both numbers are counted and one or more are left out.
pub fn number_follows(last: Option<&Known>, coming: &Coming) -> Result<(), Refusal> {
    let counted = |known: &Known| known.number.trim().parse::<u64>().ok().filter(|n| *n < 1_000_000_000);
    let (Some(last), Some(this)) = (last.and_then(counted), counted(&coming.says)) else { return Ok(()) };
    // A number made of a date or a moment is no count: it leaps.
    let skipped = this.saturating_sub(last).saturating_sub(1);
    if this <= last + 1 || skipped > 99 {
        return Ok(());
    }
    let missing = if skipped == 1 {
        format!("number {} is missing", last + 1)
    } else {
        format!("{} to {} are missing", last + 1, this - 1)
    };
    Err(NUMBER_GAP.because(format!("The last statement was number {last} and this one is number {this}: {missing}.")))
}

/// Whether a statement older than the newest lies exactly between its neighbours, and so closes a gap.
pub fn closes_a_gap(before: Option<&Known>, after: Option<&Known>, coming: &Coming) -> bool {
    let (Some(opening), Some(closing), Some(after)) = (coming.says.opening, coming.says.closing, after) else {
        return false;
    };
    let begins = before.and_then(|known| known.closing).is_none_or(|known| known == opening);
    after.opening == Some(closing) && begins
}

/// No line is dated so far ahead that the date must be wrong.
///
/// # Errors
/// `CSH-FAR-AHEAD`.
pub fn not_far_ahead(last_day: Option<NaiveDate>, today: NaiveDate) -> Result<(), Refusal> {
    match last_day {
        Some(day) if (day - today).num_days() > FURTHEST_DAYS => {
            Err(FAR_AHEAD.because(format!("A line is dated {}.", day.format("%-d %B %Y"))))
        }
        _ => Ok(()),
    }
}

/// Whoever takes a statement against the rules of continuity says why.
///
/// # Errors
/// On the field `reason`.
pub fn must_say_why(accepted: bool, reason: &str) -> Result<(), Invalid> {
    const LONGEST: usize = 500;
    if accepted && reason.trim().chars().count() < 3 {
        return Err(Invalid::field("reason", "Say why it is imported although it does not follow", reason));
    }
    if reason.chars().count() > LONGEST {
        return Err(Invalid::field("reason", "Enter at most 500 characters", reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(number: &str, opening: i64, closing: i64) -> Known {
        let day = NaiveDate::from_ymd_opt(2026, 4, 20);
        Known { number: number.into(), to_on: day, opening: Some(Pence(opening)), closing: Some(Pence(closing)) }
    }

    fn coming(number: &str, opening: i64, closing: i64, lines_new: usize) -> Coming {
        Coming { says: known(number, opening, closing), brought: Pence(closing - opening), lines_new }
    }

    #[test]
    fn csh_02_the_same_number_and_day_with_something_else_may_be_a_correction() {
        let before = [known("324", 100, 110)];
        assert_eq!(no_correction(&before, &coming("324", 100, 110, 0)), Ok(()), "the same in other bytes");
        assert_eq!(no_correction(&[], &coming("324", 100, 110, 3)), Ok(()));
        assert_eq!(no_correction(&before, &coming("", 100, 110, 3)), Ok(()), "a statement without a number");
        let no = no_correction(&before, &coming("324", 100, 115, 1)).expect_err("another line");
        assert_eq!(no.code, "CSH-CORRECTION");
        assert_eq!(
            no.sentence,
            "Statement 324 of 20 April 2026 came before in another file, and 1 line in it is new: it may be a correction."
        );
        assert!(no_correction(&before, &coming("324", 100, 111, 0)).is_err(), "another balance");
    }

    #[test]
    fn csh_02_a_missing_number_is_named() {
        let last = known("324", 0, 0);
        for fine in ["324", "325", "1", "26111", "STMT", "99999999999999"] {
            assert_eq!(number_follows(Some(&last), &coming(fine, 0, 0, 1)), Ok(()), "{fine}");
        }
        let no = number_follows(Some(&last), &coming("326", 0, 0, 1)).expect_err("a gap");
        assert_eq!(no.sentence, "The last statement was number 324 and this one is number 326: number 325 is missing.");
        let no = number_follows(Some(&last), &coming("330", 0, 0, 1)).expect_err("a wide gap");
        assert!(no.sentence.ends_with("325 to 329 are missing."), "{}", no.sentence);
        assert_eq!(number_follows(None, &coming("326", 0, 0, 1)), Ok(()));
    }

    #[test]
    fn csh_02_a_late_statement_may_close_a_gap() {
        let (before, after) = (known("1", 0, 100), known("3", 150, 170));
        assert!(closes_a_gap(Some(&before), Some(&after), &coming("2", 100, 150, 1)));
        assert!(closes_a_gap(None, Some(&after), &coming("2", 100, 150, 1)));
        assert!(!closes_a_gap(Some(&before), Some(&after), &coming("2", 100, 149, 1)));
        assert!(!closes_a_gap(Some(&before), Some(&after), &coming("2", 101, 150, 1)));
        assert!(!closes_a_gap(Some(&before), None, &coming("2", 100, 150, 1)));
    }

    #[test]
    fn csh_02_far_ahead_and_without_a_reason() {
        let today = NaiveDate::from_ymd_opt(2026, 4, 20).expect("a day");
        assert_eq!(not_far_ahead(today.checked_add_days(chrono::Days::new(400)), today), Ok(()));
        assert!(not_far_ahead(today.checked_add_days(chrono::Days::new(401)), today).is_err());
        assert!(must_say_why(true, " ").is_err() && must_say_why(true, "The bank confirmed it").is_ok());
        assert!(must_say_why(false, "").is_ok());
    }
}
