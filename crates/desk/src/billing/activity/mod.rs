//! Activity: taken in whole, held against the contracts, its exceptions seen to, and held against what was billed.
mod approve;
mod complete;
mod judge;
mod resolve;
mod show;
mod take_in;

pub use complete::{CompleteKind, CompleteLine, Completeness, CompletenessAsk, completeness};
pub use resolve::{
    ActivityRechecked, ActivityResolved, AssignActivity, ExplainActivity, OverrideActivity, OwnActivity,
    RecheckActivity, assign_activity, explain_activity, override_activity, own_activity, recheck_activity,
};
pub use show::{
    ActivityAsk, ActivityPage, ActivityShown, ExceptionSum, activity_exceptions, activity_files, activity_line,
    activity_list,
};
pub use take_in::{ActivityTaken, NewActivity, TakeInActivity, take_in_activity};

pub(crate) use approve::{override_approved, override_refused};

/// A quantity of so many ten-thousandths: `12.5`.
pub fn quantity_words(e4: i64) -> String {
    super::contracts::decimals(e4, 0)
}
