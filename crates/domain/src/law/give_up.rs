//! Giving up a debt: reasons, and when not (REC-09, GL-02). An error is a credit note, not a write-off.
use super::facts::CaseFacts;
use super::holds::HoldReason;
use super::refusals;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The greatest balance that is uneconomic to pursue, unless the site says otherwise.
pub const UNECONOMIC_BELOW: Pence = Pence(5_000);

/// Why a debt is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteOffReason {
    /// Died without an estate.
    DeceasedNoEstate,
    /// Insolvent, no dividend.
    InsolventNoDividend,
    /// Cannot be found.
    Untraceable,
    /// Out of time.
    StatuteBarred,
    /// Too small to pursue.
    Uneconomic,
    /// The judgment cannot be enforced.
    Unenforceable,
    /// Vulnerable: on compassionate grounds.
    Compassionate,
}

impl WriteOffReason {
    /// All reasons.
    pub const ALL: [WriteOffReason; 7] = [
        WriteOffReason::DeceasedNoEstate,
        WriteOffReason::InsolventNoDividend,
        WriteOffReason::Untraceable,
        WriteOffReason::StatuteBarred,
        WriteOffReason::Uneconomic,
        WriteOffReason::Unenforceable,
        WriteOffReason::Compassionate,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            WriteOffReason::DeceasedNoEstate => "deceased_no_estate",
            WriteOffReason::InsolventNoDividend => "insolvent_no_dividend",
            WriteOffReason::Untraceable => "untraceable",
            WriteOffReason::StatuteBarred => "statute_barred",
            WriteOffReason::Uneconomic => "uneconomic",
            WriteOffReason::Unenforceable => "unenforceable",
            WriteOffReason::Compassionate => "compassionate",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<WriteOffReason> {
        WriteOffReason::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// What is known of an item to write off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOffFacts {
    /// What is open.
    pub open: Pence,
    /// A dispute is open.
    pub disputed: bool,
    /// It is in a plan that runs.
    pub in_plan: bool,
    /// A manager overrides dispute or plan.
    pub overridden: bool,
    /// The site pursues what is no less than this.
    pub uneconomic_below: Pence,
}

/// Whether a write-off may be proposed. Limits and the second person are control's.
pub fn may_write_off(facts: &WriteOffFacts, amount: Pence, reason: WriteOffReason) -> Result<(), Refusal> {
    if amount <= Pence::ZERO || amount > facts.open {
        return Err(
            refusals::GIVE_UP_AMOUNT.because(format!("{amount} cannot be written off where {} is open", facts.open))
        );
    }
    if facts.disputed && !facts.overridden {
        return Err(refusals::GIVE_UP_DISPUTED.because("The item is disputed"));
    }
    if facts.in_plan && !facts.overridden {
        return Err(refusals::GIVE_UP_IN_PLAN.because("The item is in a payment plan"));
    }
    if reason == WriteOffReason::Uneconomic && facts.open >= facts.uneconomic_below {
        return Err(refusals::GIVE_UP_NOT_UNECONOMIC.because(format!("{} is worth pursuing", facts.open)));
    }
    Ok(())
}

/// A write-off as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveUp {
    /// How much.
    pub amount: Pence,
    /// Why.
    pub reason: WriteOffReason,
    /// A manager overrides dispute or plan.
    pub overridden: bool,
    /// The debt was never owed: an error.
    pub error: bool,
    /// What the pack lacks; write-offs work it out.
    pub missing: Vec<String>,
    /// The site pursues what is no less than this.
    pub uneconomic_below: Pence,
}

/// Whether a debt may be given up: not an error, nothing missing, not while insolvency still runs.
pub(super) fn may_give_up(asked: &GiveUp, facts: &CaseFacts, on: NaiveDate) -> Result<(), Refusal> {
    if asked.error {
        return Err(refusals::GIVE_UP_ERROR.because("The debt was never owed"));
    }
    let held = |reason| facts.holds.iter().any(|hold| hold.reason == reason && hold.holds_on(on));
    let known = WriteOffFacts {
        open: facts.balance,
        disputed: held(HoldReason::Dispute),
        in_plan: held(HoldReason::Plan),
        overridden: asked.overridden,
        uneconomic_below: asked.uneconomic_below,
    };
    may_write_off(&known, asked.amount, asked.reason)?;
    let insolvent = asked.reason == WriteOffReason::InsolventNoDividend;
    if let Some(insolvency) = facts.person.insolvency.as_ref().filter(|_| insolvent) {
        insolvency.may_give_up(on)?;
    }
    if asked.missing.is_empty() {
        return Ok(());
    }
    Err(refusals::GIVE_UP_EVIDENCE.because(format!("The pack lacks: {}", asked.missing.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disputed_or_planned_items_are_not_written_off_without_override() {
        let facts = WriteOffFacts {
            open: Pence(9_000),
            disputed: false,
            in_plan: false,
            overridden: false,
            uneconomic_below: UNECONOMIC_BELOW,
        };
        let code = |facts: WriteOffFacts, amount, reason| {
            may_write_off(&facts, Pence(amount), reason).map_or_else(|refusal| refusal.code, |()| "allowed".into())
        };
        let lost = WriteOffReason::Untraceable;
        assert_eq!(code(facts, 9_000, lost), "allowed");
        assert_eq!(code(facts, 9_001, lost), "REC-09-AMOUNT");
        assert_eq!(code(facts, 0, lost), "REC-09-AMOUNT");
        assert_eq!(code(WriteOffFacts { disputed: true, ..facts }, 1, lost), "REC-09-DISPUTED");
        assert_eq!(code(WriteOffFacts { in_plan: true, ..facts }, 1, lost), "REC-09-IN-PLAN");
        assert_eq!(code(WriteOffFacts { in_plan: true, overridden: true, ..facts }, 1, lost), "allowed");
        assert_eq!(code(facts, 9_000, WriteOffReason::Uneconomic), "REC-09-NOT-UNECONOMIC");
        for reason in WriteOffReason::ALL {
            assert_eq!(WriteOffReason::parse(reason.as_str()), Some(reason));
        }
    }
}
