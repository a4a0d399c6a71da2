//! Promises to pay and holds: what pauses recovery, who said so, and until when.
mod decide;
mod holds;
mod promises;

pub use decide::{DecidePromises, PromisesDecided, decide_promises};
pub(crate) use decide::{PromiseDecision, carry_out, decisions, end_expired};
pub(crate) use holds::hold_for;
pub use holds::{EndHold, HoldEnded, HoldPlaced, PlaceHold, end_hold, holds, live_holds, place_hold};
pub(crate) use promises::take_promise;
pub use promises::{
    PromiseTaken, PromiseToPay, PromiseWithdrawn, WithdrawPromise, promise_to_pay, promise_to_pay_for, promised_items,
    promises, withdraw_promise,
};
