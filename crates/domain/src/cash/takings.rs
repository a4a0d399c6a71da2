//! Files of collection agents: payments taken for us one by one, for which the bank shows one credit.
use crate::catalogue::refusals;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;

refusals! {
    /// The file's day is long ago.
    OLD = "CSH-TAKINGS-OLD", "formats/06",
        "Ask the agent why it comes now; if its payments are not in the books, import it anyway and say why.";
    /// The agent takes payments back.
    TAKEN_BACK = "CSH-TAKINGS-BACK", "formats/06",
        "Reverse the receipts of those payments first, then import the file anyway and say why.";
    /// The receipt is not the file's credit.
    NOT_ITS_CREDIT = "CSH-TAKINGS-TIE", "formats/06",
        "Choose the receipt in suspense that has the file's sum, or ask the agent about the difference.";
}

/// How long ago a file may be dated.
const OLDEST_DAYS: i64 = 60;
/// In so many days after the file the bank shows its credit.
const CREDIT_DAYS: i64 = 10;

/// A file that comes late, or takes payments back, waits for a person.
///
/// # Errors
/// `CSH-TAKINGS-BACK`, `CSH-TAKINGS-OLD`.
pub fn may_be_taken(dated_on: Option<NaiveDate>, today: NaiveDate, taken_back: usize) -> Result<(), Refusal> {
    if taken_back > 0 {
        let what = if taken_back == 1 { "1 payment".to_owned() } else { format!("{taken_back} payments") };
        return Err(TAKEN_BACK.because(format!("The agent takes {what} back in this file.")));
    }
    match dated_on {
        Some(day) if (today - day).num_days() > OLDEST_DAYS => {
            let day = day.format("%-d %B %Y");
            Err(OLD.because(format!("The file is dated {day}, more than {OLDEST_DAYS} days ago.")))
        }
        _ => Ok(()),
    }
}

/// Whether a line of the bank may be the credit of a file: as much, and not before it nor long after.
pub fn may_be_its_credit(file: (NaiveDate, Pence), line: (NaiveDate, Pence)) -> bool {
    file.1 == line.1 && (0..=CREDIT_DAYS).contains(&(line.0 - file.0).num_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 4, day).expect("a day")
    }

    #[test]
    fn csh_01_an_agents_file_that_is_old_or_takes_back_waits_for_a_person() {
        let today = day(30);
        assert_eq!(may_be_taken(Some(day(1)), today, 0), Ok(()));
        assert_eq!(may_be_taken(None, today, 0), Ok(()));
        let sixty = today - chrono::Days::new(60);
        assert_eq!(may_be_taken(Some(sixty), today, 0), Ok(()));
        let no = may_be_taken(sixty.pred_opt(), today, 0).expect_err("older");
        assert_eq!(
            (no.code.as_str(), no.sentence.as_str()),
            ("CSH-TAKINGS-OLD", "The file is dated 28 February 2026, more than 60 days ago.")
        );
        assert_eq!(may_be_taken(Some(today), today, 2).expect_err("back").code, "CSH-TAKINGS-BACK");
    }

    #[test]
    fn csh_01_the_banks_credit_for_a_file_has_its_sum_and_follows_it() {
        let file = (day(10), Pence(36_550));
        assert!(may_be_its_credit(file, (day(10), Pence(36_550))) && may_be_its_credit(file, (day(20), Pence(36_550))));
        assert!(
            !may_be_its_credit(file, (day(9), Pence(36_550))) && !may_be_its_credit(file, (day(21), Pence(36_550)))
        );
        assert!(!may_be_its_credit(file, (day(10), Pence(36_549))));
    }
}
