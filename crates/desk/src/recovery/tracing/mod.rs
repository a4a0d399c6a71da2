//! Tracing: each search with its source, ground, cost and result; a found address becomes the customer's by someone
//! else's yes, and only above the level that is set (CUS-17, REC-08).
mod ask;
mod batch;
mod found;
mod look;
mod using;

pub use ask::{CancelTrace, MarkNotTraced, RecordTrace, TraceAsked, TraceRecorded, ask_for_trace, cancel_trace};
pub use ask::{mark_not_traced, record_trace};
pub use batch::{SendTraces, TakeTraces, TracesSent, TracesTaken, send_traces, take_traces, trace_file};
pub use found::Finding;
pub use look::{TraceShown, TracesOfCustomer, trace, traces_list, traces_of_customer};
pub use using::{AddressAsked, UseFoundAddress, use_found_address};

pub(crate) use ask::no_answers;
pub(crate) use using::{FOUND_ADDRESS, put_address_in_use, turn_address_down};

/// The site's settings of tracing.
pub(crate) struct TraceSettings {
    /// How sure an address must be, in per cent.
    pub level: i64,
    /// Council tax records may be used: a legal gateway is recorded.
    pub council_tax: bool,
}

pub(crate) async fn settings(
    tx: &mut sundry_store::Tx,
    org: sundry_domain::ids::OrgId,
) -> crate::Outcome<TraceSettings> {
    let site = sundry_store::control::organisation(tx, org).await?;
    let site = site.ok_or_else(|| crate::Fault::new("no organisation"))?;
    let value = |name: &str| site.settings.get(name);
    Ok(TraceSettings {
        level: value("trace_confidence_ppm").and_then(serde_json::Value::as_i64).unwrap_or(800_000) / 10_000,
        council_tax: value("trace_council_tax_gateway").and_then(|v| v.as_str()).is_some_and(|v| !v.trim().is_empty()),
    })
}
