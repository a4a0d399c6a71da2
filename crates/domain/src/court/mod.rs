//! The county court of England and Wales: time, fees, claims, judgments.
mod time;

pub use time::{court_time_limit, deemed_served, within_days};
