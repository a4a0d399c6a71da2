//! From the first reminder to the decision: pathways, the day's steps, agencies. What the law allows is `law`'s.
mod agency;
mod day;
mod letter_of_claim;
mod pathway;
pub mod refusals;

pub use crate::law::{
    Act, Blocked, CaseFacts, ClaimFacts, CourtInterest, DebtNature, Frozen, Hold, HoldReason, InterestSlice, LateFacts,
    LateInterest, PartPayment, Protocol, Regime, RelevantDayFacts, earliest_issue, eligible, flags_that_bear,
    in_claim_regime, judgment_interest, late_interest, may, may_issue, protocol_for, regime, relevant_day,
    s69_interest,
};
pub use agency::{AgencyCharge, Collection, PlacementFacts, check_net_remittance, commission};
pub use day::{
    DayCase, DayDecision, DayItem, LetterDates, SiteFacts, StepGroup, StepRefused, decide_day, decide_statement,
    letter_dates, letter_kind, pathway_code_for, statements_due,
};
pub use letter_of_claim::{Enclosure, LetterOfClaim, enclosures, letter_faults, reply_by};
pub use pathway::{
    Channel, ItemFacts, NextStep, PathwayVersion, Pause, Step, StepKind, StepTaken, act_of, may_take_step, next_step,
    seeded_pathways, stage_name,
};
