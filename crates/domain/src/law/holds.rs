//! Holds: pauses that we chose, each with reason, owner and expiry (REC-04).
use super::refusals::*;
use crate::refusal::RefusalKind;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a hold can stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    /// Letters and calls that chase.
    Letters,
    /// Statements of account.
    Statements,
    /// Placing with an agency.
    Agency,
    /// Going to court.
    Court,
    /// Demanding interest.
    InterestDemand,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $title:literal, $refusal:ident;)*) => {
        /// Why we pause.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum HoldReason {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl HoldReason {
            /// All reasons.
            pub const ALL: &'static [HoldReason] = &[$(HoldReason::$name),*];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(HoldReason::$name => $text,)* }
            }

            /// For people.
            pub fn name(self) -> &'static str {
                match self { $(HoldReason::$name => $title,)* }
            }

            /// The refusal it leads to.
            pub fn refusal(self) -> RefusalKind {
                match self { $(HoldReason::$name => $refusal,)* }
            }
        }
    };
}

// In order of precedence: where several hold, the first is named.
reasons! {
    /// A moratorium.
    BreathingSpace = "breathing_space", "Breathing space", HOLD_BREATHING_SPACE;
    /// Death.
    Deceased = "deceased", "Deceased", HOLD_DECEASED;
    /// Insolvency.
    Insolvency = "insolvency", "Insolvency", HOLD_INSOLVENCY;
    /// Safeguarding.
    Safeguarding = "safeguarding", "Safeguarding", HOLD_SAFEGUARDING;
    /// A review of vulnerability.
    VulnerabilityReview = "vulnerability_review", "Vulnerability review", HOLD_VULNERABILITY;
    /// A dispute.
    Dispute = "dispute", "Dispute", HOLD_DISPUTE;
    /// An indemnity claim under the Direct Debit Guarantee: contact before any recovery.
    IndemnityClaim = "indemnity_claim", "Direct Debit claim: contact before any recovery", HOLD_INDEMNITY_CLAIM;
    /// A complaint.
    Complaint = "complaint", "Complaint", HOLD_COMPLAINT;
    /// With the lawyers.
    Legal = "legal", "Legal", HOLD_LEGAL;
    /// A plan.
    Plan = "plan", "Payment plan", HOLD_PLAN;
    /// A promise.
    Promise = "promise", "Payment promised", HOLD_PROMISE;
    /// A funding decision is awaited.
    AwaitingFunding = "awaiting_funding", "Awaiting funding decision", HOLD_FUNDING;
    /// A credit note is coming.
    CreditPending = "credit_pending", "Credit pending", HOLD_CREDIT_PENDING;
    /// The owning service was asked whether to go on.
    ServiceReferral = "service_referral", "With the service for a decision", HOLD_SERVICE_REFERRAL;
    /// Post comes back.
    GoneAway = "gone_away", "Gone away", HOLD_GONE_AWAY;
}

impl HoldReason {
    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<HoldReason> {
        HoldReason::ALL.iter().copied().find(|reason| reason.as_str() == text)
    }

    /// What it stops. Cash is always matched; statements still go out unless there is a moratorium or a death.
    pub fn blocks(self) -> &'static [Blocked] {
        match self {
            HoldReason::BreathingSpace | HoldReason::Deceased => {
                &[Blocked::Letters, Blocked::Statements, Blocked::Agency, Blocked::Court, Blocked::InterestDemand]
            }
            _ => &[Blocked::Letters, Blocked::Agency, Blocked::Court, Blocked::InterestDemand],
        }
    }
}

/// A hold on a debt or a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; none while it is open-ended.
    pub ends_on: Option<NaiveDate>,
    /// It is about a part of the debt that a reminder leaves out: the rest may be chased.
    #[serde(default)]
    pub part: bool,
}

impl Hold {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_go_out_under_every_hold_but_two() {
        for reason in HoldReason::ALL {
            let stopped = matches!(reason, HoldReason::BreathingSpace | HoldReason::Deceased);
            assert_eq!(reason.blocks().contains(&Blocked::Statements), stopped);
            for always in [Blocked::Letters, Blocked::Agency, Blocked::Court, Blocked::InterestDemand] {
                assert!(reason.blocks().contains(&always));
            }
            assert_eq!(HoldReason::parse(reason.as_str()), Some(*reason));
        }
    }
}
