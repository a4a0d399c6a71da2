//! Proofs of accounts: the ledger against the bank, the items, and what should be clear (GL-03; LED-01, LED-04).
//!
//! Looked at as at any day ([`account_proof`]), prepared by one person and kept by its hash ([`prepare_proof`]),
//! reviewed by another ([`review_proof`]), and run every night for all ([`prove_controls`]).
mod keep;
mod make;
mod night;

pub use keep::{
    LineOwned, OwnLine, PrepareProof, ProofPrepared, ProofReviewed, ReviewProof, own_line, prepare_proof, proof,
    proof_pdf, proofs, review_proof,
};
pub use make::{ProofSubject, account_proof, proof_subjects};
pub use night::{NightProved, ProveControls, control_nights, prove_controls};

use sundry_domain::control::Duty;

/// Who may prepare a proof and give its lines owners.
pub const PREPARES: &[Duty] = &[Duty::PostCash, Duty::PostJournals];
/// Who may review one.
pub const REVIEWS: &[Duty] = &[Duty::ClosePeriods, Duty::PostJournals];
