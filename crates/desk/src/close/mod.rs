//! Journals out to the general ledger, and the closing of periods.
pub mod advance;
pub mod allowance;
pub mod gl_batch;
pub mod period;
pub mod proofs;
pub mod refusals;

pub(crate) use allowance::{matrix_approved, run_approved, run_refused};

use crate::Outcome;
use sundry_domain::control::refuse_card_number;
use sundry_domain::refusal::Invalid;

/// What is wrong with words that a person typed.
fn check_text(field: &str, text: &str, longest: usize) -> Outcome<Option<Invalid>> {
    refuse_card_number(field, text)?;
    let say = format!("Enter at most {longest} characters");
    Ok((text.chars().count() > longest).then(|| Invalid::field(field, say, text)))
}
