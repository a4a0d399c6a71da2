//! What a pack must hold before a debt is given up, reason by reason (REC-09, WOF-01).
use super::{WriteOffReason, refusals};
use crate::calendar::add_days;
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days a service has to answer; after them its silence is recorded and the pack goes on.
pub const SERVICE_DAYS: i64 = 14;

named! {
    /// A piece of evidence.
    Evidence {
        /// The account from the first day.
        History = "history", "history of the account";
        /// Letters and calls.
        Letters = "letters", "letters and calls";
        /// The sources that were tried.
        TraceProof = "trace_proof", "trace proof";
        /// What the service says.
        ServiceAnswer = "service_answer", "service's answer";
        /// How relief from VAT stands.
        VatRelief = "vat_relief", "VAT relief";
        /// The register it belongs to.
        LossCategory = "loss_category", "loss category";
        /// Death, by certificate or register.
        ProofOfDeath = "proof_of_death", "proof of death";
        /// Searches for probate.
        ProbateSearches = "probate_searches", "probate searches";
        /// The office-holder's notice.
        OfficeHolderNotice = "office_holder_notice", "notice of the office-holder";
        /// The limitation date with its working.
        LimitationWorking = "limitation_working", "limitation date with its working";
        /// What was tried to enforce.
        EnforcementTried = "enforcement_tried", "enforcement that was tried";
        /// Cost against what can be hoped for.
        CostBenefit = "cost_benefit", "cost against hope";
        /// Grounds of compassion, and who knows of them.
        Grounds = "grounds", "grounds, by somebody who knows";
    }
}

impl WriteOffReason {
    /// What the pack of this reason holds.
    pub fn evidence(self) -> Vec<Evidence> {
        use Evidence::*;
        let mut wanted = vec![History, LossCategory, VatRelief];
        wanted.extend_from_slice(match self {
            WriteOffReason::DeceasedNoEstate => &[Letters, ProofOfDeath, ProbateSearches][..],
            WriteOffReason::InsolventNoDividend => &[OfficeHolderNotice],
            WriteOffReason::Untraceable => &[Letters, TraceProof, ServiceAnswer],
            WriteOffReason::StatuteBarred => &[Letters, LimitationWorking, ServiceAnswer],
            WriteOffReason::Uneconomic => &[Letters, CostBenefit],
            WriteOffReason::Unenforceable => &[Letters, EnforcementTried, ServiceAnswer],
            WriteOffReason::Compassionate => &[Grounds, ServiceAnswer],
        });
        wanted
    }
}

/// The question to the service about a debt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAsked {
    /// When it was asked.
    pub on: Option<NaiveDate>,
    /// It answered.
    pub answered: bool,
}

impl ServiceAsked {
    /// Refuses to go on without an answer before fourteen days of silence, which are then recorded.
    pub fn settled(&self, today: NaiveDate) -> Result<(), Refusal> {
        if self.answered {
            return Ok(());
        }
        let Some(asked) = self.on else {
            return Err(refusals::SERVICE.because("The service was not asked"));
        };
        let from = add_days(asked, SERVICE_DAYS + 1);
        if today < from {
            let sentence = format!("The service was asked on {} and has not answered", written(asked));
            return Err(refusals::SERVICE.because(sentence).allowed_from(from));
        }
        Ok(())
    }
}

/// A pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// What is in it.
    pub has: Vec<Evidence>,
    /// The question to the service.
    pub service: ServiceAsked,
}

impl Pack {
    /// What is missing for a reason, in the order of the checklist.
    pub fn missing(&self, reason: WriteOffReason, today: NaiveDate) -> Vec<Evidence> {
        let held = |wanted: &Evidence| match wanted {
            Evidence::ServiceAnswer => self.service.settled(today).is_ok(),
            other => self.has.contains(other),
        };
        reason.evidence().into_iter().filter(|wanted| !held(wanted)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wof_01_each_reason_has_its_checklist() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        for reason in WriteOffReason::ALL {
            let all = Pack { has: Evidence::ALL.to_vec(), service: ServiceAsked { on: None, answered: true } };
            assert_eq!(all.missing(reason, d("2026-11-22")), []);
            assert!(Pack::default().missing(reason, d("2026-11-22")).len() >= 4, "{reason:?}");
        }
        let mut pack = Pack { has: vec![Evidence::History, Evidence::Letters], ..Pack::default() };
        let missing = |pack: &Pack, today| -> Vec<&str> {
            pack.missing(WriteOffReason::Untraceable, d(today)).into_iter().map(Evidence::name).collect()
        };
        assert_eq!(missing(&pack, "2026-11-22"), ["loss category", "VAT relief", "trace proof", "service's answer"]);
        pack.service.on = Some(d("2026-11-01"));
        assert!(missing(&pack, "2026-11-15").contains(&"service's answer"));
        assert!(!missing(&pack, "2026-11-16").contains(&"service's answer"));
    }

    #[test]
    fn wof_08_the_service_is_asked_and_its_silence_ends_after_fourteen_days() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let code = |asked: &ServiceAsked, today| asked.settled(d(today)).map_err(|no| (no.code, no.allowed_from));
        assert_eq!(code(&ServiceAsked::default(), "2026-11-22"), Err(("WOF-08-SERVICE".into(), None)));
        let asked = ServiceAsked { on: Some(d("2026-11-01")), answered: false };
        assert_eq!(code(&asked, "2026-11-15"), Err(("WOF-08-SERVICE".into(), Some(d("2026-11-16")))));
        assert_eq!(code(&asked, "2026-11-16"), Ok(()));
        assert_eq!(code(&ServiceAsked { answered: true, ..asked }, "2026-11-02"), Ok(()));
    }
}
