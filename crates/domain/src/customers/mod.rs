//! Who deals with us: kinds, flags that change what we do, and how names and references are found again.
mod flags;
mod kind;
mod normalise;

pub use flags::{Flag, FlagKind};
pub use kind::CustomerKind;
pub use normalise::{is_email, normalise_name, normalise_reference, postcode};
