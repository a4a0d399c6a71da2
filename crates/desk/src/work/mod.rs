//! What there is to do, in order and why; and how the desk stands.
pub mod dashboard;
pub mod worklist;
