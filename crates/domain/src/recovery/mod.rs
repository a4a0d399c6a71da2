//! From the first reminder to the decision: pathways, the day's steps, agencies. What the law allows is `law`'s.
mod acting;
mod agency;
pub mod agency_refusals;
mod applies;
mod calls;
mod charges;
mod contract_fee;
mod day;
mod letter_of_claim;
mod letter_set;
mod pathway;
mod pathway_checks;
mod pathway_choice;
mod pathway_defaults;
mod pathway_simulation;
mod pathway_trial;
mod pay_calculation;
pub mod person_case;
pub mod placement;
pub mod refusals;
mod restart;
mod step_charges;
mod taking_back;
pub mod tracing;

pub use crate::law::{
    Act, Blocked, CaseFacts, ClaimFacts, CourtInterest, DebtNature, Frozen, Hold, HoldReason, InterestSlice, LateFacts,
    LateInterest, PartPayment, Protocol, Regime, RelevantDayFacts, earliest_issue, eligible, flags_that_bear,
    in_claim_regime, judgment_interest, late_interest, may, may_issue, protocol_for, regime, relevant_day,
    s69_interest,
};
pub use acting::Acting;
pub use agency::{AgencyCharge, Collection, PlacementFacts, check_net_remittance, commission};
pub use applies::{Applies, DebtSeen, IN_TIME_DAYS, PaidBefore, When, payer_score, takes_challenger};
pub use calls::{CallNext, CallOutcome};
pub use charges::{ChargeChange, ChargePart, Charged, WaiveReason, charge_change};
pub use contract_fee::{FeeDebt, FeeTerm, beside_fee, contract_fee, may_bear_fee, may_charge_fee, step_fee};
pub use day::{
    DayCase, DayDecision, DayItem, LetterDates, SiteFacts, StepGroup, StepRefused, decide_day, decide_statement,
    letter_dates, letter_kind, may_call_about, pathway_code_for, statements_due,
};
pub use letter_of_claim::{Enclosure, LetterOfClaim, enclosures, letter_faults, reply_by};
pub use letter_set::LetterSet;
pub use pathway::{
    Channel, ItemFacts, NextStep, PathwayVersion, Pause, Progress, Step, StepKind, StepTaken, act_of, may_take_step,
    next_place, next_step, stage_name,
};
pub use pathway_checks::{
    CheckFacts, PathwayCheck, STEPS_MOST, Tried, Verdict, check_pathway, claim_wait, fixed_by_law, fixes,
    pathway_live_from, skipped,
};
pub use pathway_choice::{choose, code_of};
pub use pathway_defaults::seeded_pathways;
pub use pathway_simulation::{
    ANSWER_DAYS, Known, Response, RunDays, Side, SideTotals, StepTotals, WeekTotals, live_out, response_of, taken_sum,
};
pub use pathway_trial::{TrialDifference, difference_in_words, trial_difference};
pub use pay_calculation::{
    AskedAs, AskedPeriod, MOST_PERIODS, OverpaidPeriod, PayCalculation, may_ask_back, pay_calculation, period_faults,
    read_period,
};
pub use person_case::{EventForm, EventKind, EventTask, crisis_last_day, tasks, tasks_of_added};
pub use restart::{Restart, still_taken};
pub use step_charges::{ClaimedLate, StepCharge, StepCharges, claimed_late, may_charge, step_charge};
pub use taking_back::{
    Deduction, MOST_DEDUCTIONS, PaidEvery, TakenBy, TakenFrom, TakingFacts, deduction_count, deductions,
    may_record_taken, may_take_back, one_more, pay_week,
};
