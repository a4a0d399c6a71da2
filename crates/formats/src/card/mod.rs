//! Card payments as providers write them: GOV.UK Pay's JSON, the Secure Card Portal's SOAP, payment files.
//!
//! No type here has a place for a card number: what a provider sends of one is its last four digits at most.

pub mod govuk_pay;
pub mod payenet;
pub mod scp;
