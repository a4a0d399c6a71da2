//! What can be done about a debt, and what each act has in common with others.
use super::enforcement::Method;
use super::holds::Blocked;
use serde::{Deserialize, Serialize};

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A statement of account, not a demand.
    Statement,
    /// A reminder, or a task that chases.
    Chase,
    /// A call or a visit.
    Call,
    /// A letter of claim or letter before action.
    LetterOfClaim,
    /// Interest under the late payment act, or the contract, demanded.
    InterestDemand,
    /// The fixed sum of the late payment act.
    Compensation,
    /// The court's interest (section 69).
    CourtInterest,
    /// A charge for chasing.
    Fee,
    /// A decision put before a person.
    Decision,
    /// Placing with an agency.
    Agency,
    /// Tracing.
    Trace,
    /// Writing to an address a trace found.
    UseTracedAddress,
    /// Issuing a claim.
    Court,
    /// Asking for judgment by default.
    JudgmentRequest,
    /// Enforcing a judgment.
    Enforcement(Method),
    /// A statutory demand.
    StatutoryDemand,
    /// Asking that a service be suspended.
    Suspension,
    /// Proposing a plan ourselves.
    ProposePlan,
    /// Calling a plan broken.
    PlanDefault,
    /// Taking a credit against the debt.
    SetOff,
    /// A Direct Debit for arrears.
    CollectArrears,
    /// Asking somebody in the family to owe it.
    MoveToRelative,
    /// Telling the Home Office of an overseas visitor's debt.
    HomeOffice,
    /// Giving it up.
    WriteOff,
    /// Owed again because money came.
    WriteBack,
}

impl Act {
    /// What a hold must block to stop it; none where holds do not stop it.
    pub(super) fn stopped_by(self) -> Option<Blocked> {
        match self {
            Act::Statement => Some(Blocked::Statements),
            Act::Chase | Act::Call | Act::LetterOfClaim | Act::Decision | Act::SetOff | Act::CollectArrears => {
                Some(Blocked::Letters)
            }
            Act::InterestDemand | Act::Compensation | Act::CourtInterest | Act::Fee => Some(Blocked::InterestDemand),
            Act::Agency => Some(Blocked::Agency),
            Act::Court | Act::JudgmentRequest | Act::Enforcement(_) | Act::StatutoryDemand | Act::Suspension => {
                Some(Blocked::Court)
            }
            Act::Trace
            | Act::UseTracedAddress
            | Act::ProposePlan
            | Act::PlanDefault
            | Act::MoveToRelative
            | Act::HomeOffice
            | Act::WriteOff
            | Act::WriteBack => None,
        }
    }

    /// Gives a debt up or owes it again: no freeze of the debtor stands against it.
    pub(super) fn is_ours_alone(self) -> bool {
        matches!(self, Act::WriteOff | Act::WriteBack)
    }

    /// Adds to what is owed.
    pub(super) fn is_charge(self) -> bool {
        matches!(self, Act::InterestDemand | Act::Compensation | Act::CourtInterest | Act::Fee)
    }

    /// Beyond reminders: needs a worthwhile balance and a known address.
    pub(super) fn is_serious(self) -> bool {
        matches!(self, Act::LetterOfClaim | Act::Agency | Act::Court)
    }

    /// Has legal effect, so that a person decides it (CTL-05).
    pub fn needs_a_person(self) -> bool {
        matches!(self, Act::Agency | Act::Suspension) || self.is_of_court()
    }

    /// Before a court, or on the way to one.
    pub(super) fn is_of_court(self) -> bool {
        matches!(self, Act::Court | Act::JudgmentRequest | Act::Enforcement(_) | Act::StatutoryDemand)
    }

    /// Reaches the person.
    pub(super) fn reaches_the_person(self) -> bool {
        matches!(self, Act::Statement | Act::Chase | Act::Call | Act::LetterOfClaim | Act::StatutoryDemand)
    }

    /// Waits until the customer's money is allocated.
    pub(super) fn waits_for_cash(self) -> bool {
        !matches!(
            self,
            Act::Statement
                | Act::Trace
                | Act::UseTracedAddress
                | Act::ProposePlan
                | Act::SetOff
                | Act::MoveToRelative
                | Act::WriteBack
        )
    }
}
