//! Giving up a debt, with evidence, by the right people, into the right register (REC-09, GL-02, WOF-01 to WOF-09).
mod criteria;
mod evidence;
mod losses;
pub mod refusals;
mod routing;
mod write_back;

pub use crate::billing::{Relief, ReliefFacts, may_claim_relief};
pub use crate::law::{GiveUp, UNECONOMIC_BELOW, WriteOffFacts, WriteOffReason, may_write_off};
pub use criteria::{Candidate, reasons_to_give_up};
pub use evidence::{Evidence, Pack, SERVICE_DAYS, ServiceAsked};
pub use losses::{DISCLOSED_ABOVE, LossCategory, LossReport, LossRow, LossTotal, category_of, loss_report};
pub use routing::{
    Tier, TierFacts, TierRow, default_tiers, may_change_line, may_decide_tier, may_write_off_small, tier_of,
};
pub use write_back::{Known, WriteBack, WrittenOff, may_be_the_same, write_back};
