//! Promises and plans: arithmetic, budgets, who may grant what, and whether they are kept (PP-01 to PP-06).
mod agree;
mod budget;
mod change;
mod matrix;
mod monitor;
mod offers;
pub mod online;
mod promises;
pub mod refusals;
pub mod running;
mod schedule;

pub use crate::billing::{Every, Instalment};
pub use agree::{PlanFacts, PlanInterest, PlanItem, WhoAsked, may_agree};
pub use budget::{
    Budget, BudgetFinding, BudgetLine, BudgetPeriod, Guideline, LineKind, Offer, TOKEN_MONTHS, check_floor, offer,
};
pub use change::{PlanChange, change_plan, last_collection, may_edit, shift};
pub use matrix::{Approver, PlanBand, PlanPolicy, PlanTerms, approver_of, check_minimum, may_grant, term_months};
pub use monitor::{
    AfterBreak, MonitorFacts, PlanReceipt, PlanStanding, Standing, after_break, may_break, may_complete, plan_standing,
};
pub use offers::{OfferAsk, OfferBecause, OfferedPlan, plan_offers};
pub use promises::{PROMISE_GRACE_DAYS, Promise, PromiseState, may_promise, promise_last_day, promise_state};
pub use running::{PlanMethod, behind_on, less_credits, standing_of, to_collect};
pub use schedule::{Remainder, ScheduleAsk, Size, by_amount, by_number, check_schedule, collection_day, schedule};
