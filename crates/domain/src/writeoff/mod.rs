//! Giving up a debt, with evidence, by the right people, into the right register.
pub use crate::law::{UNECONOMIC_BELOW, WriteOffFacts, WriteOffReason, may_write_off};

mod candidates;
pub mod desk_refusals;
mod evidence;
mod losses;
pub mod referral;
mod schedule;

pub use candidates::{
    Criteria, DebtFacts, in_the_way, may_propose, reason_name, small_balance, suggested, why_not_small,
};
pub use evidence::{EvidenceKind, Need, checklist, evidence_needed, missing};
pub use losses::{Loss, LossCategory, LossTotal, category_of, totals};
pub use schedule::{ARROWS, LineAct, LineState, Tier, committee_first, month_of, next_state, schedule_number, tier_of};
