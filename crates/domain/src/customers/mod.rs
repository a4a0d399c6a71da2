//! Who deals with us: kinds, flags that change what we do, and how names and references are found again.
mod account;
mod authority;
mod events;
mod flags;
mod kind;
pub mod modulus;
pub mod needs;
mod normalise;
pub mod receiver;
pub mod refusals;

pub use account::{AccountItem, AccountTotals, account_totals, days_overdue};
pub use authority::{ActFor, Acting, Authority};
pub use events::{
    CONDOLENCE_DAYS, EventForm, EventKind, EventTask, Jointly, creditor_review_by, crisis_last_day, midway, tasks,
};
pub use flags::{Flag, FlagKind};
pub use kind::CustomerKind;
pub use normalise::{is_email, normalise_name, normalise_reference, postcode};
