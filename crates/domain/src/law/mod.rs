//! The law of recovery, under every room that chases, pays, sues or gives up: which act may be done, on what day, and why not.
mod give_up;
mod holds;
mod late_payment;
mod may;
mod pre_action;
pub mod refusals;

pub use give_up::{UNECONOMIC_BELOW, WriteOffFacts, WriteOffReason, may_write_off};
pub use holds::{Blocked, Hold, HoldReason};
pub use late_payment::{
    CourtInterest, DebtNature, Frozen, InterestSlice, LateFacts, LateInterest, PartPayment, Regime, RelevantDayFacts,
    eligible, in_claim_regime, judgment_interest, late_interest, regime, relevant_day, s69_interest,
};
pub use may::{Act, CaseFacts, may_act};
pub use pre_action::{ClaimFacts, Protocol, earliest_issue, may_issue, protocol_for};
