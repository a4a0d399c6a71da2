//! From the first reminder to the decision: late-payment interest, pre-action rules, pathways, holds, agencies.
mod agency;
pub mod agency_refusals;
mod day;
mod holds;
mod late_payment;
mod law;
mod pathway;
pub mod placement;
mod pre_action;
pub mod refusals;
pub mod tracing;

pub use agency::{AgencyCharge, Collection, PlacementFacts, check_net_remittance, commission};
pub use day::{
    DayCase, DayDecision, DayItem, LetterDates, SiteFacts, StepGroup, StepRefused, decide_day, decide_statement,
    flags_that_bear, letter_dates, letter_kind, pathway_code_for, statements_due,
};
pub use holds::{Blocked, Hold, HoldReason};
pub use late_payment::{
    CourtInterest, DebtNature, Frozen, InterestSlice, LateFacts, LateInterest, PartPayment, Regime, RelevantDayFacts,
    eligible, in_claim_regime, judgment_interest, late_interest, regime, relevant_day, s69_interest,
};
pub use law::{Act, CaseFacts, may_act, may_take_step};
pub use pathway::{
    Channel, ItemFacts, NextStep, PathwayVersion, Pause, Step, StepKind, StepTaken, next_step, seeded_pathways,
    stage_name,
};
pub use pre_action::{ClaimFacts, Protocol, earliest_issue, may_issue, protocol_for};
