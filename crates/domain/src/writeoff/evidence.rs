//! What a pack must hold before a debt is given up, reason by reason (REC-09, WOF-01).
use super::WriteOffReason;
use crate::calendar::add_days;
use crate::words::named;
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
    /// Whether the pack may go on: answered, or silent for fourteen days, which is recorded.
    pub fn is_settled(&self, today: NaiveDate) -> bool {
        self.answered || self.on.is_some_and(|asked| today > add_days(asked, SERVICE_DAYS))
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
            Evidence::ServiceAnswer => self.service.is_settled(today),
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
}
