//! Organisations, people, signing in, approvals.

pub mod audit_trail;
pub mod people;
pub mod security_code;
pub mod sign_in;
