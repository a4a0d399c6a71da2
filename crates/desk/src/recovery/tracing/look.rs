//! Looking at searches: all of them, one, and what was tried for a customer.
use super::ask::{find, is_marked};
use super::settings;
use crate::customers::find as find_customer;
use crate::{Actor, Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_store::customers;
use sundry_store::trace::{self as store, TraceAddressRow, TraceLine, TraceRow};

/// A search with the addresses it found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TraceShown {
    /// The search.
    pub trace: TraceRow,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub customer_name: String,
    /// Addresses it found; those of places that few may see only for who may set flags.
    pub addresses: Vec<TraceAddressRow>,
    /// How sure an address must be to be used.
    pub level_pct: i64,
}

/// What was tried for a customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TracesOfCustomer {
    /// Searches, newest first.
    pub traces: Vec<TraceRow>,
    /// What they cost.
    pub cost_pence: i64,
    /// Addresses found.
    pub addresses: Vec<TraceAddressRow>,
    /// They may not be traced.
    pub not_to_be_traced: bool,
    /// How sure an address must be to be used.
    pub level_pct: i64,
}

fn seen(by: &Actor, addresses: Vec<TraceAddressRow>) -> Vec<TraceAddressRow> {
    let may = by.holds(Duty::SetFlags);
    addresses.into_iter().filter(|one| may || !one.restricted).collect()
}

/// Searches in a state (empty for all) before a place, newest first.
///
/// # Errors
/// Duty.
pub async fn traces_list(
    desk: &Desk,
    by: &Actor,
    state: &str,
    before: Option<i64>,
    limit: i64,
) -> Outcome<Vec<TraceLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::traces(&mut look, by.org, state, before.unwrap_or(i64::MAX), limit.clamp(1, 200)).await?)
}

/// One search.
///
/// # Errors
/// Duty; absent.
pub async fn trace(desk: &Desk, by: &Actor, number: &str) -> Outcome<TraceShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    let who = customers::customer(&mut look, by.org, CustomerId(row.customer_id)).await?;
    let who = who.ok_or_else(|| No::Absent("customer".into()))?;
    let mut addresses = store::addresses_of(&mut look, by.org, CustomerId(row.customer_id)).await?;
    addresses.retain(|one| one.trace_id == row.id);
    Ok(TraceShown {
        level_pct: settings(&mut look, by.org).await?.level,
        trace: row,
        customer: who.number,
        customer_name: who.name,
        addresses: seen(by, addresses),
    })
}

/// What was tried for a customer.
///
/// # Errors
/// Duty; absent.
pub async fn traces_of_customer(desk: &Desk, by: &Actor, number: &str) -> Outcome<TracesOfCustomer> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let who = find_customer(&mut look, by.org, number).await?;
    let traces = store::traces_of(&mut look, by.org, CustomerId(who.id)).await?;
    Ok(TracesOfCustomer {
        cost_pence: traces.iter().map(|row| row.cost_pence).sum(),
        addresses: seen(by, store::addresses_of(&mut look, by.org, CustomerId(who.id)).await?),
        not_to_be_traced: is_marked(&mut look, by.org, who.id).await?,
        level_pct: settings(&mut look, by.org).await?.level,
        traces,
    })
}
