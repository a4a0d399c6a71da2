//! Agencies compared on the debts that were placed between two days: what they brought, what they cost, how soon.
use crate::core::typed::{all_right, days_wrong};
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::money::divide_half_up;
use sundry_domain::refusal::Invalid;
use sundry_store::agency as store;

/// One agency among the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyCompared {
    /// Code.
    pub agency: String,
    /// Name.
    pub name: String,
    /// How many debts were placed.
    pub placed_count: i64,
    /// Their sum.
    pub placed_pence: i64,
    /// How many are with it now.
    pub open_count: i64,
    /// How many were recalled.
    pub recalled_count: i64,
    /// How many it refused or gave back.
    pub closed_count: i64,
    /// How many paid anything.
    pub paying_count: i64,
    /// What it collected.
    pub collected_pence: i64,
    /// What was paid to us while it had them.
    pub direct_pence: i64,
    /// Its commission without VAT.
    pub commission_pence: i64,
    /// Collected, and paid to us, of what was placed, in hundredths of a per cent; none where nothing was placed.
    pub rate_bp: Option<i64>,
    /// What a pound cost, in hundredths of a penny; none where nothing came.
    pub cost_of_a_pound_e4: Option<i64>,
    /// Days from placing to the first money, on average; none where none came.
    pub days_to_first: Option<i64>,
}

/// Agencies on the debts placed from one day to another, the best rate first.
///
/// # Errors
/// Duty; days the wrong way round.
pub async fn compare_agencies(desk: &Desk, by: &Actor, from: NaiveDate, to: NaiveDate) -> Outcome<Vec<AgencyCompared>> {
    by.must_hold(Duty::RunReports)?;
    if to < from {
        return Err(Invalid::field("to", "Enter a day after the first day", to.to_string()).into());
    }
    all_right(days_wrong(&[("from", Some(from)), ("to", Some(to))], desk.today()))?;
    let mut look = desk.look().await?;
    let rows = store::performance(&mut look, by.org, (from, to)).await?;
    let mut days: HashMap<String, (i64, i64)> = HashMap::new();
    for (agency, placed, first) in store::first_money(&mut look, by.org, (from, to)).await? {
        let sum = days.entry(agency).or_default();
        *sum = (sum.0 + (first - placed).num_days(), sum.1 + 1);
    }
    let share = |part: i64, whole: i64| {
        let found = (whole > 0).then(|| divide_half_up(i128::from(part) * 10_000, i128::from(whole)));
        found.and_then(|bp| i64::try_from(bp).ok())
    };
    let mut all: Vec<AgencyCompared> = rows
        .into_iter()
        .map(|row| AgencyCompared {
            rate_bp: share(row.collected_pence + row.direct_pence, row.placed_pence),
            cost_of_a_pound_e4: share(row.commission_pence, row.collected_pence + row.direct_pence),
            days_to_first: days.get(&row.agency).and_then(|(sum, count)| sum.checked_div(*count)),
            agency: row.agency,
            name: row.name,
            placed_count: row.placed_count,
            placed_pence: row.placed_pence,
            open_count: row.open_count,
            recalled_count: row.recalled_count,
            closed_count: row.closed_count,
            paying_count: row.paying_count,
            collected_pence: row.collected_pence,
            direct_pence: row.direct_pence,
            commission_pence: row.commission_pence,
        })
        .collect();
    all.sort_by_key(|one| (-one.rate_bp.unwrap_or(-1), one.agency.clone()));
    Ok(all)
}
