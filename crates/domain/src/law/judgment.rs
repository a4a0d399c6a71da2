//! When a judgment by default may be asked for (CT-05).
use super::refusals;
use crate::calendar::add_months;
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// What the defendant answered.
    ClaimResponse {
        /// Acknowledges service: more time to defend.
        Acknowledgment = "acknowledgment", "Acknowledgment of service";
        /// Admits all of it.
        Admission = "admission", "Admission";
        /// Admits a part.
        PartAdmission = "part_admission", "Part admission";
        /// Defends.
        Defence = "defence", "Defence";
        /// Defends and claims.
        Counterclaim = "counterclaim", "Defence and counterclaim";
        /// Says it was paid.
        StatesPaid = "states_paid", "States paid";
    }
}

/// A claim at court.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimAtCourt {
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Last day to answer, and with an acknowledgment to defend.
    pub respond_by: Option<NaiveDate>,
    /// Last day to defend after an acknowledgment.
    pub defend_by: Option<NaiveDate>,
    /// What came.
    pub responses: Vec<(NaiveDate, ClaimResponse)>,
    /// An admission waits for our decision.
    pub admission_pending: bool,
    /// All of it was paid.
    pub paid_in_full: bool,
    /// The defendant serves overseas in the armed forces.
    pub armed_forces_overseas: bool,
    /// A judge lifted the stay.
    pub stay_lifted: bool,
}

impl ClaimAtCourt {
    fn has(&self, wanted: ClaimResponse) -> bool {
        self.responses.iter().any(|(_, response)| *response == wanted)
    }

    /// The last day on which the defendant can still answer.
    pub fn answer_by(&self) -> Option<NaiveDate> {
        if self.has(ClaimResponse::Acknowledgment) { self.defend_by } else { self.respond_by }
    }

    /// The claim is stayed after this day, if nothing is done (CPR 15.11): six months after the time to defend.
    pub fn stayed_after(&self) -> Option<NaiveDate> {
        self.answer_by().map(|by| add_months(by, 6))
    }
}

/// Whether judgment by default may be asked for.
pub fn may_request_judgment(claim: &ClaimAtCourt, today: NaiveDate) -> Result<(), Refusal> {
    let (Some(_), Some(by)) = (claim.issued_on, claim.answer_by()) else {
        return Err(refusals::NOT_ISSUED.because("The claim was not issued and served"));
    };
    if claim.paid_in_full {
        return Err(refusals::DEFAULT_PAID.because("The claim was paid in full"));
    }
    if claim.has(ClaimResponse::Defence)
        || claim.has(ClaimResponse::Counterclaim)
        || claim.has(ClaimResponse::StatesPaid)
    {
        return Err(refusals::DEFAULT_DEFENDED.because("The defendant answered the claim"));
    }
    if claim.admission_pending {
        return Err(refusals::DEFAULT_ADMISSION.because("An admission waits for a decision"));
    }
    if claim.armed_forces_overseas {
        return Err(refusals::DEFAULT_ARMED_FORCES.because("The defendant serves overseas"));
    }
    if today <= by {
        let sentence = format!("The defendant can answer until {}", written(by));
        let refusal = refusals::DEFAULT_TOO_EARLY.because(sentence);
        return Err(by.succ_opt().map_or(refusal.clone(), |day| refusal.allowed_from(day)));
    }
    match claim.stayed_after() {
        Some(last) if today > last && !claim.stay_lifted => {
            Err(refusals::DEFAULT_STAYED.because(format!("The claim has been stayed since {}", written(last))))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn claim() -> ClaimAtCourt {
        ClaimAtCourt {
            issued_on: Some(d("2026-10-01")),
            respond_by: Some(d("2026-10-20")),
            defend_by: Some(d("2026-11-03")),
            ..ClaimAtCourt::default()
        }
    }

    fn code(claim: &ClaimAtCourt, today: &str) -> String {
        may_request_judgment(claim, d(today)).map_or_else(|refusal| refusal.code, |()| "may".into())
    }

    #[test]
    fn ct_05_judgment_by_default() {
        let early = may_request_judgment(&claim(), d("2026-10-20")).expect_err("early");
        assert_eq!((early.code.as_str(), early.allowed_from), ("CT-05-TOO-EARLY", Some(d("2026-10-21"))));
        assert_eq!(code(&claim(), "2026-10-21"), "may");
        assert_eq!(code(&ClaimAtCourt::default(), "2026-10-21"), "CT-05-NOT-ISSUED");
        let mut case = claim();
        case.responses = vec![(d("2026-10-10"), ClaimResponse::Acknowledgment)];
        assert_eq!(code(&case, "2026-11-03"), "CT-05-TOO-EARLY");
        assert_eq!(code(&case, "2026-11-04"), "may");
        assert_eq!(code(&case, "2027-05-03"), "may");
        assert_eq!(code(&case, "2027-05-04"), "CT-05-STAYED");
        case.stay_lifted = true;
        assert_eq!(code(&case, "2027-05-04"), "may");
        for answer in [ClaimResponse::Defence, ClaimResponse::Counterclaim, ClaimResponse::StatesPaid] {
            let answered = ClaimAtCourt { responses: vec![(d("2026-10-30"), answer)], ..claim() };
            assert_eq!(code(&answered, "2026-12-01"), "CT-05-DEFENDED");
        }
        assert_eq!(code(&ClaimAtCourt { paid_in_full: true, ..claim() }, "2026-12-01"), "CT-05-PAID");
        assert_eq!(code(&ClaimAtCourt { admission_pending: true, ..claim() }, "2026-12-01"), "CT-05-ADMISSION");
        assert_eq!(code(&ClaimAtCourt { armed_forces_overseas: true, ..claim() }, "2026-12-01"), "CT-05-ARMED-FORCES");
    }
}
