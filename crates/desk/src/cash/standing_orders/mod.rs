//! Standing orders: expected against received in bulk, what is done about the difference, changes of the charge (DD-11).
mod changes;
mod check;
mod expected;
mod facts;
mod set_up;
mod tasks;

pub use changes::{ChangeLetters, ChangesWritten, RateChange, RateChanges, rate_changes, write_change_letters};
pub use check::{
    AskCheck, CheckReleased, ReleaseCheck, StandingOrderCheck, StandingOrderFinding, check_standing_orders,
    release_standing_order_check, standing_order_checks,
};
pub(super) use expected::on_their_way;
pub use set_up::{
    AddStandingOrder, AmendStandingOrder, EndStandingOrder, NewCharge, SetCharges, StandingOrderSet,
    StandingOrderShown, add_standing_order, amend_standing_order, end_standing_order, set_standing_order_charges,
    standing_orders,
};
pub use tasks::{
    EndTasks, ShortfallLetters, TasksEnded, end_standing_order_tasks, standing_order_tasks, write_shortfall_letters,
};
