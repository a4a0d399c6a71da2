//! Organisations, people, signing in, approvals.

pub mod people;
pub mod sign_in;
