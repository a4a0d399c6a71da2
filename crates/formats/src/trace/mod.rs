//! Tracing: a batch of people asked for, and what a bureau says it found.
//!
//! Found is not proven: an address is a candidate until a person accepts it, and nothing here overwrites one.

mod request;
mod result;

pub use request::{Purpose, TraceBatch, TraceRequest, house, write_trace};
pub use result::{Found, HeldResult, ResultCode, TraceResult, TraceResults, read_results};

#[cfg(test)]
mod tests;
