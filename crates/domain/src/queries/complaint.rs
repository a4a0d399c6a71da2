//! Complaints: apart from queries, in stages, each with its own clock.
//!
//! The days are those of the Complaint Handling Code of the Local Government and Social Care Ombudsman (February 2024),
//! which it shares with the Housing Ombudsman. Where the ombudsman names a day for its own questions, that day counts.
use crate::calendar::Calendar;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// The stage of a complaint.
    Stage {
        /// Answered by the team.
        Stage1 = "stage_1", "Stage 1";
        /// Answered by somebody who had no part in it.
        Stage2 = "stage_2", "Stage 2";
        /// With the ombudsman.
        Ombudsman = "ombudsman", "Ombudsman";
    }
}

named! {
    /// How a complaint ended.
    ComplaintOutcome {
        /// They were right.
        Upheld = "upheld", "Upheld";
        /// They were right in part.
        PartlyUpheld = "partly_upheld", "Partly upheld";
        /// They were not.
        NotUpheld = "not_upheld", "Not upheld";
        /// They took it back.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl Stage {
    /// The stage after it; none after the ombudsman.
    pub fn next(self) -> Option<Stage> {
        match self {
            Stage::Stage1 => Some(Stage::Stage2),
            Stage::Stage2 => Some(Stage::Ombudsman),
            Stage::Ombudsman => None,
        }
    }
}

impl ComplaintOutcome {
    /// Whether something is to be learned from it.
    pub fn teaches(self) -> bool {
        matches!(self, ComplaintOutcome::Upheld | ComplaintOutcome::PartlyUpheld)
    }
}

/// By when a stage is acknowledged and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTerms {
    /// Acknowledged by.
    pub acknowledge_by: NaiveDate,
    /// Answered by.
    pub answer_by: NaiveDate,
}

/// The working days of a stage, and what says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageDays {
    /// To acknowledge, from the day it came.
    pub acknowledge: i64,
    /// To answer, from when it is acknowledged.
    pub answer: i64,
    /// Where that stands.
    pub source: &'static str,
}

impl Stage {
    /// The working days of the stage, and what says so.
    pub fn days(self) -> StageDays {
        match self {
            Stage::Stage1 => {
                StageDays { acknowledge: 5, answer: 10, source: "Complaint Handling Code (2024), 6.2 and 6.3" }
            }
            Stage::Stage2 => StageDays { acknowledge: 5, answer: 20, source: "Complaint Handling Code (2024), part 6" },
            // The Code ends where the ombudsman begins: these are ours.
            Stage::Ombudsman => {
                StageDays { acknowledge: 5, answer: 20, source: "Ours, until the ombudsman names a day" }
            }
        }
    }
}

/// The terms of a stage that opens on a day.
///
/// # Errors
/// A calendar that is not loaded.
pub fn terms_of(stage: Stage, opened_on: NaiveDate, calendar: &Calendar) -> Result<StageTerms, Refusal> {
    let days = stage.days();
    let acknowledge_by = calendar.add(opened_on, days.acknowledge)?;
    Ok(StageTerms { acknowledge_by, answer_by: calendar.add(acknowledge_by, days.answer)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::{ReferenceBook, shipped_rows};

    #[test]
    fn qry_09_each_stage_has_its_own_clock() {
        let book = ReferenceBook::from_rows(&shipped_rows());
        let calendar = book.calendar(Nation::EnglandAndWales);
        let opened = "2026-05-01".parse().expect("a date");
        let by =
            |stage| terms_of(stage, opened, calendar).map(|t| (t.acknowledge_by.to_string(), t.answer_by.to_string()));
        assert_eq!(by(Stage::Stage1), Ok(("2026-05-11".into(), "2026-05-26".into())));
        assert_eq!(by(Stage::Stage2), Ok(("2026-05-11".into(), "2026-06-09".into())));
        assert_eq!(Stage::Stage1.next().and_then(Stage::next), Some(Stage::Ombudsman));
        assert_eq!(Stage::Ombudsman.next(), None);
        assert!(ComplaintOutcome::PartlyUpheld.teaches() && !ComplaintOutcome::NotUpheld.teaches());
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(*stage));
            assert!(!stage.days().source.is_empty());
        }
    }
}
