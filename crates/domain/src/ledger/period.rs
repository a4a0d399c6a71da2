//! Periods: open, closed to users, closed for the ledger (GL-04).
use super::refusals;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Where a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodState {
    /// Anyone with the duty may post.
    Open,
    /// Closed to users; closing entries may still post.
    SoftClosed,
    /// Closed for the ledger.
    HardClosed,
}

/// What is done to a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodAct {
    /// Close it to users.
    SoftClose,
    /// Close the ledger.
    HardClose,
    /// Open it again, with a reason, by the head of finance.
    Reopen,
}

/// Every arrow there is.
const ARROWS: &[(PeriodState, PeriodAct, PeriodState)] = &[
    (PeriodState::Open, PeriodAct::SoftClose, PeriodState::SoftClosed),
    (PeriodState::SoftClosed, PeriodAct::HardClose, PeriodState::HardClosed),
    (PeriodState::SoftClosed, PeriodAct::Reopen, PeriodState::Open),
    (PeriodState::HardClosed, PeriodAct::Reopen, PeriodState::Open),
];

impl PeriodState {
    /// All states.
    pub const ALL: [PeriodState; 3] = [PeriodState::Open, PeriodState::SoftClosed, PeriodState::HardClosed];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            PeriodState::Open => "open",
            PeriodState::SoftClosed => "soft_closed",
            PeriodState::HardClosed => "hard_closed",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<PeriodState> {
        PeriodState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// The state an act leads to.
pub fn next_state(state: PeriodState, act: PeriodAct) -> Result<PeriodState, Refusal> {
    match ARROWS.iter().find(|(from, by, _)| *from == state && *by == act) {
        Some((_, _, to)) => Ok(*to),
        None => Err(refusals::PERIOD_STATE.because(format!("A period that is {} cannot do that", state.as_str()))),
    }
}

/// Whether a posting may go to a period; only closing entries may while it is closed to users.
pub fn may_post(state: PeriodState, closing_entry: bool, period_name: &str) -> Result<(), Refusal> {
    match state {
        PeriodState::Open => Ok(()),
        PeriodState::SoftClosed if closing_entry => Ok(()),
        _ => Err(refusals::PERIOD_CLOSED.because(format!("Period {period_name} is closed"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_arrow_and_no_other() {
        for state in PeriodState::ALL {
            assert_eq!(PeriodState::parse(state.as_str()), Some(state));
            for act in [PeriodAct::SoftClose, PeriodAct::HardClose, PeriodAct::Reopen] {
                let arrow = ARROWS.iter().find(|(from, by, _)| (*from, *by) == (state, act));
                assert_eq!(next_state(state, act).ok(), arrow.map(|(_, _, to)| *to));
            }
        }
    }

    #[test]
    fn gl_e12_a_closed_period_takes_no_posting() {
        assert_eq!(may_post(PeriodState::Open, false, "P6"), Ok(()));
        assert_eq!(may_post(PeriodState::SoftClosed, true, "P6"), Ok(()));
        for closing in [true, false] {
            let refused = may_post(PeriodState::HardClosed, closing, "P6").expect_err("closed");
            assert_eq!(refused.code, "GL-04-PERIOD-CLOSED");
        }
        assert!(may_post(PeriodState::SoftClosed, false, "P6").is_err());
    }
}
