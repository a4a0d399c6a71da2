//! Who deals with us: kinds, flags that change what we do, and how names and references are found again.
mod account;
mod flags;
mod kind;
mod merge;
pub mod modulus;
mod normalise;
pub mod receiver;
pub mod refusals;

pub use account::{AccountItem, AccountTotals, account_totals, days_overdue};
pub use flags::{Flag, FlagKind};
pub use kind::CustomerKind;
pub use merge::{MergeSide, MergeTies, forbids_merge, forbids_undoing};
pub use normalise::{is_email, normalise_name, normalise_reference, postcode};
