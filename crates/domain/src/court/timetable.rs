//! After a claim is issued: served, answered, defended, stayed; tracks and mediation (CT-05).
use super::{court_time_limit, deemed_served};
use crate::calendar::{Calendar, add_days, add_months};
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// How a claim is served.
    Served {
        /// Money Claim Online: the fifth day after issue.
        Online = "online", "Money Claim Online";
        /// Posted by the court or by us: the second business day after the step.
        Posted = "posted", "By post";
    }
}

/// The days of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timetable {
    /// When it counts as served.
    pub served_on: NaiveDate,
    /// Last day to admit, defend or acknowledge.
    pub respond_by: NaiveDate,
    /// Last day to defend after an acknowledgment.
    pub defend_by: NaiveDate,
    /// Stayed after this day if nothing is done: six months after the time to answer (CPR 15.11); later once service is
    /// acknowledged, by [`stayed_after`].
    pub stayed_after: NaiveDate,
}

/// The days that follow from issue (online) or from posting.
pub fn timetable(served: Served, step_on: NaiveDate, calendar: &Calendar) -> Result<Timetable, Refusal> {
    let served_on = match served {
        Served::Online => add_days(step_on, 5),
        Served::Posted => deemed_served(step_on, calendar)?,
    };
    let respond_by = court_time_limit(served_on, 14, calendar)?;
    let defend_by = court_time_limit(served_on, 28, calendar)?;
    Ok(Timetable { served_on, respond_by, defend_by, stayed_after: stayed_after(respond_by) })
}

/// The last day before a claim is stayed: six months after the end of the time to defend, which an acknowledgment of
/// service makes longer (CPR 15.4, 15.11).
pub fn stayed_after(answer_by: NaiveDate) -> NaiveDate {
    add_months(answer_by, 6)
}

named! {
    /// How the court handles a defended claim.
    Track {
        /// Up to £10,000; mediation comes first.
        Small = "small", "Small claims";
        /// Up to £25,000.
        Fast = "fast", "Fast track";
        /// Up to £100,000.
        Intermediate = "intermediate", "Intermediate track";
        /// Above.
        Multi = "multi", "Multi-track";
    }
}

/// The track of a claim.
pub fn track(value: Pence) -> Track {
    match value.0 {
        ..=1_000_000 => Track::Small,
        1_000_001..=2_500_000 => Track::Fast,
        2_500_001..=10_000_000 => Track::Intermediate,
        _ => Track::Multi,
    }
}

/// Whether a defended claim has its free mediation appointment, which is compulsory (from 22 May 2024).
pub fn has_mediation(value: Pence, issued_on: NaiveDate) -> bool {
    let since = NaiveDate::from_ymd_opt(2024, 5, 22).is_some_and(|first| issued_on >= first);
    track(value) == Track::Small && since
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn days(served: Served, on: &str) -> [NaiveDate; 3] {
        let book = ReferenceBook::default();
        let worked = timetable(served, d(on), book.calendar(Nation::EnglandAndWales)).expect("loaded");
        [worked.served_on, worked.respond_by, worked.defend_by]
    }

    #[test]
    fn ct_e6_an_online_claim() {
        assert_eq!(days(Served::Online, "2026-10-01"), ["2026-10-06", "2026-10-20", "2026-11-03"].map(d));
    }

    #[test]
    fn ct_05_a_claim_is_stayed_six_months_after_the_time_to_answer() {
        let book = ReferenceBook::default();
        let worked =
            timetable(Served::Online, d("2026-10-01"), book.calendar(Nation::EnglandAndWales)).expect("loaded");
        assert_eq!(worked.stayed_after, d("2027-04-20"), "no acknowledgment: fourteen days to answer");
        assert_eq!(stayed_after(worked.defend_by), d("2027-05-03"), "acknowledged: twenty-eight");
        let by_law = crate::law::ClaimAtCourt {
            issued_on: Some(d("2026-10-01")),
            respond_by: Some(worked.respond_by),
            defend_by: Some(worked.defend_by),
            ..crate::law::ClaimAtCourt::default()
        };
        assert_eq!(by_law.stayed_after(), Some(worked.stayed_after), "the diary says what the law asks");
    }

    #[test]
    fn ct_e7_a_posted_claim() {
        assert_eq!(days(Served::Posted, "2026-10-05"), ["2026-10-07", "2026-10-21", "2026-11-04"].map(d));
    }

    #[test]
    fn ct_05_a_limit_that_ends_on_a_closed_day_moves_on() {
        assert_eq!(days(Served::Online, "2026-12-06"), ["2026-12-11", "2026-12-29", "2027-01-08"].map(d));
        let tracks = [1_000_000, 1_000_001, 2_500_001, 10_000_001].map(|pence| track(Pence(pence)));
        assert_eq!(tracks, [Track::Small, Track::Fast, Track::Intermediate, Track::Multi]);
        assert!(has_mediation(Pence(1), d("2024-05-22")) && !has_mediation(Pence(1), d("2024-05-21")));
    }
}
