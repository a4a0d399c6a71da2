//! Direct Debit: when, how much, under which code, and what to do when something comes back (DD-01 to DD-08).
mod code;
mod collect;
mod dates;
mod mandate;
mod posting;
pub mod refusals;

pub use code::{Action, ClaimReason, ReportCode, TransactionCode, amended, instruction_returned, unpaid};
pub use collect::{CollectFacts, RepresentFacts, may_collect, may_represent};
pub use dates::{
    CollectionDates, DORMANT_MONTHS, DORMANT_WARNING_MONTHS, REPRESENT_NOTICE_DAYS, challenge_by, collection_dates,
    dormant_from, earliest_entry, last_representation, taken_in_time,
};
pub use mandate::{MandateEvent, MandateState, Route, TRANSITIONS, reference_problem};
pub use posting::{came_back, claimed, collected, from_suspense};

#[cfg(test)]
mod tests;
