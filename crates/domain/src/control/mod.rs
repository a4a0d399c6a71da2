//! Who may do what: duties, roles, limits, someone else's yes, and what may never be typed.
mod approval;
mod cards;
mod duties;
mod evidence;
mod limits;
pub mod refusals;

pub use approval::{Decider, conflict, may_approve, may_hold_together, must_hold};
pub use cards::{
    card_number_in, contains_card_number, contains_printed_card_number, mask_card_numbers, mask_cards_in_bank_text,
    refuse_card_number,
};
pub use duties::{Duty, Role};
pub use evidence::{EVIDENCE_KINDS, LARGEST_EVIDENCE, evidence_kind};
pub use limits::{LimitRow, LimitedAct, default_limits, limit_of, may_decide};
