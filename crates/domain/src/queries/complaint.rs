//! Complaints: apart from queries, in stages, each with its own clock.
//!
//! The days are those of the ombudsmen's joint Complaint Handling Code: acknowledged in 5 working days, stage 1
//! answered in 10 from then, stage 2 in 20; what the ombudsman asks is answered in 20.
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

/// The terms of a stage that opens on a day.
///
/// # Errors
/// A calendar that is not loaded.
pub fn terms_of(stage: Stage, opened_on: NaiveDate, calendar: &Calendar) -> Result<StageTerms, Refusal> {
    let acknowledge_by = calendar.add(opened_on, 5)?;
    let days = match stage {
        Stage::Stage1 => 10,
        Stage::Stage2 | Stage::Ombudsman => 20,
    };
    Ok(StageTerms { acknowledge_by, answer_by: calendar.add(acknowledge_by, days)? })
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
        }
    }
}
