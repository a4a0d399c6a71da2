//! Giving up a debt, with evidence, by the right people, into the right register (REC-09, GL-02, WOF-01 to WOF-09).
mod candidates;
mod criteria;
pub mod desk_refusals;
mod evidence;
mod losses;
pub mod referral;
pub mod refusals;
mod routing;
mod schedule;
mod write_back;

pub use crate::billing::{Relief, ReliefFacts, may_claim_relief};
pub use crate::law::{GiveUp, UNECONOMIC_BELOW, WriteOffFacts, WriteOffReason, may_write_off};
pub use candidates::{
    Criteria, DebtFacts, Need, checklist, in_the_way, may_propose, missing, reason_name, small_balance, suggested,
    why_not_small,
};
pub use criteria::{Candidate, reasons_to_give_up};
pub use evidence::{Evidence, Pack, SERVICE_DAYS, ServiceAsked};
pub use losses::{DISCLOSED_ABOVE, LossCategory, LossReport, LossRow, LossTotal, category_of, loss_report};
pub use routing::{
    Tier, TierFacts, TierRow, default_tiers, may_change_line, may_decide_tier, may_write_off_small, tier_of,
};
pub use schedule::{ARROWS, LineAct, LineState, committee_first, month_of, next_state, schedule_number, tier_now};
pub use write_back::{Known, WriteBack, WrittenOff, may_be_the_same, write_back};
