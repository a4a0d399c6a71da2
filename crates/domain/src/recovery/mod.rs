//! From the first reminder to the decision: pathways, the day's steps, agencies. What the law allows is `law`'s.
mod acting;
mod agency;
pub mod agency_refusals;
mod calls;
mod day;
mod letter_of_claim;
mod letter_set;
mod pathway;
pub mod person_case;
pub mod placement;
pub mod refusals;
pub mod tracing;

pub use crate::law::{
    Act, Blocked, CaseFacts, ClaimFacts, CourtInterest, DebtNature, Frozen, Hold, HoldReason, InterestSlice, LateFacts,
    LateInterest, PartPayment, Protocol, Regime, RelevantDayFacts, earliest_issue, eligible, flags_that_bear,
    in_claim_regime, judgment_interest, late_interest, may, may_issue, protocol_for, regime, relevant_day,
    s69_interest,
};
pub use acting::Acting;
pub use agency::{AgencyCharge, Collection, PlacementFacts, check_net_remittance, commission};
pub use calls::{CallNext, CallOutcome};
pub use day::{
    DayCase, DayDecision, DayItem, LetterDates, SiteFacts, StepGroup, StepRefused, decide_day, decide_statement,
    letter_dates, letter_kind, may_call_about, pathway_code_for, statements_due,
};
pub use letter_of_claim::{Enclosure, LetterOfClaim, enclosures, letter_faults, reply_by};
pub use letter_set::LetterSet;
pub use pathway::{
    Channel, ItemFacts, NextStep, PathwayVersion, Pause, Step, StepKind, StepTaken, act_of, may_take_step, next_step,
    seeded_pathways, stage_name,
};
pub use person_case::{EventForm, EventKind, EventTask, crisis_last_day, tasks};
