//! The county court of England and Wales: time, fees, claims, judgments. What may be done is `law`'s.
pub mod case_refusals;
mod claim;
mod fees;
mod instalments;
mod mcol;
pub mod refusals;
mod register;
mod time;
mod timetable;

pub use crate::law::{
    ClaimAtCourt, ClaimResponse, JudgmentFacts, LimitEvent, LimitEventKind, LimitFacts, LimitKind, Limitation, Method,
    Work, limitation, may_enforce, may_request_judgment,
};
pub use claim::{
    ClaimInterest, ClaimPack, ClaimValue, ClaimedDebt, DefendantStatus, claim_faults, claim_interest, claim_value,
    court_interest, one_ground,
};
pub use fees::{
    COURT_FEE, CourtFee, CourtStep, FIXED_COSTS, ISSUE_FEE, ISSUE_FEE_RATE, JUDGMENT_COSTS, SMALL_HEARING_FEE,
    court_fee, fixed_costs, issue_fee, small_hearing_fee,
};
pub use instalments::{JudgmentEvery, JudgmentTerms};
pub use mcol::{Jurisdiction, McolDefendant, McolFacts, PARTICULARS, jurisdiction, mcol_faults};
pub use register::{JudgmentSum, Registered, cancelled_if_paid_by, registered};
pub use time::{court_time_limit, deemed_served, within_days};
pub use timetable::{Served, Timetable, Track, has_mediation, stayed_after, timetable, track};
