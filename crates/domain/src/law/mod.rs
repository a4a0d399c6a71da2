//! The law of recovery, under every room that chases, pays, sues or gives up: which act may be done, on what day, and why not.
//!
//! [`may`] is the one place that answers; [`reasons`] gives every reason against, [`may_from`] the day from which it may.
mod act;
mod capacity;
mod contact;
mod death;
mod debt_facts;
mod enforcement;
mod facts;
mod freeze;
mod gates;
mod give_up;
mod holds;
mod insolvency;
mod judgment;
mod late_payment;
mod limitation;
mod may;
mod moratorium;
mod overseas;
mod pre_action;
pub mod refusals;
mod vulnerability;

pub use act::Act;
pub use capacity::{Authority, Capacity, Matter, RepresentativeRole};
pub use contact::{ContactFacts, ContactPolicy, ContactWay, may_contact};
pub use death::{Death, EstateRank, FinalCharge, OwesBecause, final_charge, may_move_to_relative};
pub use debt_facts::{DebtClass, DebtFact, FactSeen, RecoveryMethod, SpecialDebt};
pub use enforcement::{JudgmentFacts, Method, Work, may_enforce};
pub use facts::{
    AgencyFacts, BenefitDebt, CareDebt, CaseFacts, DebtFacts, InterestAsk, JointDebt, OverpaidDebt, PersonFacts,
    PlanState, PreAction, ServiceAnswer, ServiceFacts, ServiceKind, StepFacts, TraceFacts,
};
pub use freeze::{EVERY_ACT, Freeze, Resumes, StillAllowed, open_acts};
pub use give_up::{GiveUp, UNECONOMIC_BELOW, WriteOffFacts, WriteOffReason, may_write_off};
pub use holds::{Blocked, Hold, HoldReason};
pub use insolvency::{
    DemandDates, Insolvency, InsolvencyAsk, InsolvencyKind, Proof, Split, demand_dates, dividend, may_petition, proof,
    provable_of, split_at,
};
pub use judgment::{ClaimAtCourt, ClaimResponse, may_request_judgment};
pub use late_payment::{
    CourtInterest, DebtNature, Frozen, InterestSlice, LateFacts, LateInterest, PartPayment, Regime, RelevantDayFacts,
    eligible, in_claim_regime, interest_slices, judgment_interest, judgment_interest_to, late_interest, regime,
    relevant_day, s69_interest,
};
pub use limitation::{
    ALERT_MONTHS, LimitEvent, LimitEventKind, LimitFacts, LimitKind, Limitation, Weighed, in_time, limitation,
    may_be_out_of_time,
};
pub use may::{Verdict, may, may_from, reasons};
pub use moratorium::{
    COOLING_DAYS, FreezeTask, FrozenDebt, LeaveGround, MidReview, Moratorium, MoratoriumKind, MoratoriumLeave,
    NotQualifying, QualifyingFacts, flags_that_bear, freeze_tasks, qualifies, repeat_from,
};
pub use overseas::{HomeOfficeFacts, OverseasInvoice, may_report};
pub use pre_action::{ClaimFacts, Protocol, earliest_issue, may_issue, protocol_for};
pub use vulnerability::{Adjustment, DEBT_ADVICE, MORE_DAYS, Need, REVIEW_MONTHS, Vulnerability, deadline};
