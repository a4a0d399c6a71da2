//! Opening a home and its organisations.
pub mod organisations;
