//! Activity in lists, one line with its history, and the exceptions by reason.
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::activity::HeldBecause;
use sundry_domain::control::Duty;
use sundry_store::activity::{self as rows, ActivityFileRow, ActivityFilter, ActivityOfList, ActivityRow};
use sundry_store::contracts::{contract_number, contract_numbered};

/// Which lines.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityAsk {
    /// accepted, held, asked, explained, or unbilled; empty for all.
    pub state: String,
    /// Held for this reason.
    pub because: String,
    /// Of one contract, by number.
    pub contract: String,
    /// From this day.
    pub from_on: Option<NaiveDate>,
    /// To this day.
    pub to_on: Option<NaiveDate>,
    /// The `next` of the page before; none for the first.
    pub before: Option<i64>,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActivityPage {
    /// Newest first.
    pub rows: Vec<ActivityOfList>,
    /// Give this as `before` for the next page; none on the last.
    pub next: Option<i64>,
}

/// A line with all that stood under its reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActivityShown {
    /// The line.
    pub line: ActivityRow,
    /// Number of the contract it fits, or would; empty where there is none.
    pub contract: String,
    /// Whether it may be let through as it is.
    pub may_override: bool,
    /// What stood under its reference, newest first.
    pub history: Vec<ActivityRow>,
}

/// Exceptions of one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionSum {
    /// The reason.
    pub because: String,
    /// For people.
    pub name: String,
    /// Lines.
    pub lines: i64,
    /// Lines past their day.
    pub overdue: i64,
    /// Pounds at stake.
    pub at_stake_pence: i64,
}

/// Lines of activity, newest first.
pub async fn activity_list(desk: &Desk, by: &Actor, ask: ActivityAsk) -> Outcome<ActivityPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let mut look = desk.look().await?;
    let contract = match ask.contract.trim() {
        "" => None,
        number => {
            let row = contract_numbered(&mut look, by.org, &number.to_uppercase()).await?;
            Some(row.ok_or_else(|| No::Absent(format!("contract {number}")))?.id)
        }
    };
    let filter =
        ActivityFilter { state: ask.state, because: ask.because, contract, from_on: ask.from_on, to_on: ask.to_on };
    let before = ask.before.unwrap_or(i64::MAX);
    let mut rows = rows::activity_page(&mut look, by.org, &filter, (before, limit + 1)).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id);
    Ok(ActivityPage { rows, next })
}

/// One line with its history.
///
/// # Errors
/// Absent when there is no such line here.
pub async fn activity_line(desk: &Desk, by: &Actor, number: &str) -> Outcome<ActivityShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let line = rows::activity_numbered(&mut look, by.org, number.trim()).await?;
    let line = line.ok_or_else(|| No::Absent(format!("activity {}", number.trim())))?;
    let contract = match line.contract_id {
        Some(id) => contract_number(&mut look, by.org, id).await?.unwrap_or_default(),
        None => line.contract_told.clone(),
    };
    let history = rows::activity_history(&mut look, by.org, (&line.source, &line.reference)).await?;
    let may_override = HeldBecause::parse(&line.held_because).is_some_and(HeldBecause::may_override);
    Ok(ActivityShown { may_override, contract, history, line })
}

/// Files of activity, newest first, at most 200.
pub async fn activity_files(desk: &Desk, by: &Actor) -> Outcome<Vec<ActivityFileRow>> {
    by.must_hold(Duty::View)?;
    Ok(rows::activity_files(&mut desk.look().await?, by.org, 200).await?)
}

/// The exceptions by reason: lines, those past their day, pounds at stake.
pub async fn activity_exceptions(desk: &Desk, by: &Actor) -> Outcome<Vec<ExceptionSum>> {
    by.must_hold(Duty::View)?;
    let sums = rows::exception_sums(&mut desk.look().await?, by.org, desk.today()).await?;
    let named = |(because, lines, overdue, at_stake_pence): (String, i64, i64, i64)| {
        let name = HeldBecause::parse(&because).map_or("", HeldBecause::name).to_owned();
        ExceptionSum { because, name, lines, overdue, at_stake_pence }
    };
    Ok(sums.into_iter().map(named).collect())
}
