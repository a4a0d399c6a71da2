//! Causes counted: which service, which error, in which letter, how often, what it cost, month by month (C3).
use crate::{Actor, Desk, Outcome};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use sundry_domain::control::Duty;
use sundry_domain::queries::Cause;
use sundry_domain::refusal::Invalid;
use sundry_store::queries::causes::{EndedQuery, ended_queries};

/// One cause of one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseRow {
    /// The service; empty where nobody said.
    pub service: String,
    /// Code of the cause.
    pub cause: String,
    /// For people.
    pub cause_name: String,
    /// The letter that carried the invoice.
    pub template: String,
    /// Queries.
    pub count: i64,
    /// How much was in query.
    pub disputed_pence: i64,
    /// How much was credited.
    pub credited_pence: i64,
    /// Steps that were taken on them.
    pub steps: i64,
    /// Days from coming to ending, added up.
    pub days: i64,
    /// Queries of each month, in the order of the report's months.
    pub months: Vec<i64>,
}

/// What queries came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CausesReport {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The months, each by its first day.
    pub months: Vec<NaiveDate>,
    /// The causes, the dearest first.
    pub rows: Vec<CauseRow>,
}

fn month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Causes of the queries that were resolved from one day to another, at most ten years.
///
/// # Errors
/// Duty; invalid days.
pub async fn query_causes(desk: &Desk, by: &Actor, (from, to): (NaiveDate, NaiveDate)) -> Outcome<CausesReport> {
    by.must_hold(Duty::RunReports)?;
    if to < from || (to - from).num_days() > 3_660 {
        let say = "Enter a last day on or after the first, at most ten years later";
        return Err(Invalid::field("to", say, to.to_string()).into());
    }
    let ended = ended_queries(&mut desk.look().await?, by.org, from, to).await?;
    let mut months = vec![month(from)];
    while let Some(next) = months.last().map(|last| sundry_domain::calendar::add_months(*last, 1)) {
        if next > to {
            break;
        }
        months.push(next);
    }
    Ok(CausesReport { from, to, rows: counted(ended, &months), months })
}

fn counted(ended: Vec<EndedQuery>, months: &[NaiveDate]) -> Vec<CauseRow> {
    let mut rows: BTreeMap<(String, String, String), CauseRow> = BTreeMap::new();
    for one in ended {
        let place = (one.service, one.cause, one.template);
        let row = rows.entry(place.clone()).or_insert_with(|| {
            let (service, cause, template) = place;
            let name = Cause::parse(&cause).map_or("Not said", Cause::name);
            let months = vec![0; months.len()];
            CauseRow {
                cause_name: name.to_owned(),
                count: 0,
                disputed_pence: 0,
                credited_pence: 0,
                steps: 0,
                days: 0,
                service,
                cause,
                template,
                months,
            }
        });
        row.count += 1;
        row.disputed_pence += one.disputed_pence;
        row.credited_pence += one.credited_pence;
        row.steps += one.steps;
        row.days += (one.resolved_on - one.opened_on).num_days();
        if let Some(at) = months.iter().position(|first| *first == month(one.resolved_on)) {
            row.months[at] += 1;
        }
    }
    let mut rows: Vec<CauseRow> = rows.into_values().collect();
    rows.sort_by_key(|row| (Reverse(row.credited_pence), Reverse(row.count), row.service.clone(), row.cause.clone()));
    rows
}
