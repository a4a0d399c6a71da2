//! The general ledger side: GL codes by role, balanced journals for every event, periods, allocation order.
mod accounts;
mod allocation;
mod card_posting;
mod gl_category;
mod journal;
mod period;
mod posting;
pub mod refusals;

pub use accounts::{DefaultGlCode, GlRole, default_gl_codes};
pub use allocation::{AllocationShare, OpenDebit, allocate_oldest_first, may_allocate};
pub use card_posting::*;
pub use gl_category::gl_category;
pub use journal::{EntryLine, Journal, JournalSource};
pub use period::{PeriodAct, PeriodState, may_post, next_state};
pub use posting::*;
