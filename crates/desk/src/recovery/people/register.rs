//! The hold register: everything that keeps money from being asked for, with owner, reason, expiry and pounds; and its
//! week, for the report.
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::law::HoldReason;
use sundry_domain::recovery::EventKind;
use sundry_store::people::register::{self, StopRow, WeekRow};

/// The most lines that are read.
const MOST: i64 = 20_000;

/// Asks for the register.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterAsk {
    /// hold, query, freeze or flag; all when not said.
    pub what: String,
    /// Only this reason.
    pub reason: String,
    /// Only this owner's.
    pub owner: String,
    /// Only what runs out within so many days, or has.
    pub within_days: Option<i64>,
}

/// A line of the register: a plan over several debts is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stop {
    /// As recorded; of a plan over several debts, with all their numbers and the sum at risk.
    pub row: StopRow,
    /// Why, for people.
    pub reason_name: String,
    /// Whether its last day has passed: it comes back with the next run.
    pub expired: bool,
    /// Days since it began.
    pub days: i64,
}

/// The register.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoldRegister {
    /// As at.
    pub day: NaiveDate,
    /// The lines, those that run out first at the top.
    pub stops: Vec<Stop>,
    /// Pounds at risk, each debt counted once however many things stop it.
    pub risk_pence: i64,
    /// The same by reason, for people; a debt counts under each of its reasons.
    pub by_reason: Vec<(String, i64, i64)>,
    /// How many have no last day.
    pub open_ended: i64,
    /// How many have run out.
    pub expired: i64,
}

/// The register as it stands today.
///
/// # Errors
/// Duty.
pub async fn hold_register(desk: &Desk, by: &Actor, ask: &RegisterAsk) -> Outcome<HoldRegister> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let rows = register::stops(&mut look, by.org, today, MOST).await?;
    let whole: HashMap<i64, i64> = register::open_of_stopped(&mut look, by.org).await?.into_iter().collect();
    let until = ask.within_days.map(|days| add_days(today, days));
    let is_wanted = |row: &StopRow| {
        (ask.what.is_empty() || row.what == ask.what)
            && (ask.reason.is_empty() || row.reason == ask.reason)
            && (ask.owner.is_empty() || row.owner == ask.owner)
            && until.is_none_or(|day| row.until_on.is_some_and(|last| last <= day))
    };
    let stops: Vec<Stop> = rows.into_iter().filter(is_wanted).map(|row| stop(row, today)).collect();
    let risk_pence = at_risk(&stops, &whole);
    let stops = one_a_plan(stops);
    let mut by_reason: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for one in &stops {
        let sum = by_reason.entry(one.reason_name.clone()).or_default();
        *sum = (sum.0 + 1, sum.1 + one.row.risk_pence);
    }
    Ok(HoldRegister {
        day: today,
        risk_pence,
        open_ended: stops.iter().filter(|one| one.row.until_on.is_none()).count() as i64,
        expired: stops.iter().filter(|one| one.expired).count() as i64,
        by_reason: by_reason.into_iter().map(|(reason, (count, pence))| (reason, count, pence)).collect(),
        stops,
    })
}

fn stop(row: StopRow, today: NaiveDate) -> Stop {
    let reason_name = match row.what.as_str() {
        "hold" => HoldReason::parse(&row.reason).map(|reason| reason.name().to_owned()),
        "freeze" => EventKind::parse(&row.reason).map(|kind| kind.name().to_owned()),
        "flag" => FlagKind::parse(&row.reason).map(|kind| kind.name().to_owned()),
        _ => Some(format!("In query: {}", row.reason.replace('_', " "))),
    };
    Stop {
        reason_name: reason_name.unwrap_or_else(|| row.reason.replace('_', " ")),
        // A query that is past its day is late, not over.
        expired: row.what != "query" && row.until_on.is_some_and(|last| last < today),
        days: (today - row.from_on).num_days(),
        row,
    }
}

/// A plan holds each debt it covers; the register shows it once for a customer, with what it holds in all.
fn one_a_plan(stops: Vec<Stop>) -> Vec<Stop> {
    let mut lines: Vec<Stop> = Vec::with_capacity(stops.len());
    let mut places: HashMap<(i64, String), usize> = HashMap::new();
    for one in stops {
        if one.row.what != "hold" || one.row.number.is_empty() {
            lines.push(one);
            continue;
        }
        let key = (one.row.customer_id, one.row.number.clone());
        let Some(line) = places.get(&key).and_then(|at| lines.get_mut(*at)) else {
            places.insert(key, lines.len());
            lines.push(one);
            continue;
        };
        line.row.item_number = format!("{}, {}", line.row.item_number, one.row.item_number);
        line.row.risk_pence += one.row.risk_pence;
        line.row.from_on = line.row.from_on.min(one.row.from_on);
        line.days = line.days.max(one.days);
    }
    lines
}

/// Each debt once: an account that is stopped as a whole counts whole, whatever else stops its debts.
fn at_risk(stops: &[Stop], whole: &HashMap<i64, i64>) -> i64 {
    let stopped_whole: BTreeSet<i64> =
        stops.iter().filter(|one| one.row.item_id.is_none()).map(|one| one.row.customer_id).collect();
    let mut items: BTreeMap<i64, i64> = BTreeMap::new();
    for one in stops.iter().filter(|one| !stopped_whole.contains(&one.row.customer_id)) {
        if let Some(item) = one.row.item_id {
            let most = items.entry(item).or_default();
            *most = (*most).max(one.row.risk_pence);
        }
    }
    let accounts: i64 = stopped_whole.iter().filter_map(|customer| whole.get(customer)).sum();
    accounts + items.values().sum::<i64>()
}

/// How a week of holds went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoldWeek {
    /// First day, a Monday.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// By reason and owner.
    pub rows: Vec<WeekRow>,
    /// Placed in all.
    pub placed: i64,
    /// Ended in all.
    pub ended: i64,
    /// In force at the end.
    pub live: i64,
}

/// The week that holds a day, from Monday to Sunday.
///
/// # Errors
/// Duty.
pub async fn hold_week(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<HoldWeek> {
    use chrono::Datelike;
    by.must_hold(Duty::RunReports)?;
    let from = add_days(day, -i64::from(day.weekday().num_days_from_monday()));
    let to = add_days(from, 6);
    let rows = register::holds_of_week(&mut desk.look().await?, by.org, (from, to), add_days(to, 7)).await?;
    Ok(HoldWeek {
        from,
        to,
        placed: rows.iter().map(|row| row.placed).sum(),
        ended: rows.iter().map(|row| row.ended).sum(),
        live: rows.iter().map(|row| row.live).sum(),
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(what: &str, customer: i64, item: Option<i64>, pence: i64) -> Stop {
        let day = "2026-11-20".parse().expect("a date");
        let row = StopRow {
            what: what.into(),
            id: 1,
            number: String::new(),
            customer_id: customer,
            customer_number: String::new(),
            customer_name: String::new(),
            item_id: item,
            item_number: String::new(),
            reason: "dispute".into(),
            words: String::new(),
            owner: String::new(),
            from_on: day,
            until_on: Some(day),
            risk_pence: pence,
        };
        stop(row, add_days(day, 1))
    }

    #[test]
    fn rec_04_a_plan_over_several_debts_is_one_line_with_their_sum() {
        let of_plan = |customer, item, pence| {
            let mut one = line("hold", customer, Some(item), pence);
            (one.row.number, one.row.item_number) = ("PLAN-1".into(), format!("INV-{item}"));
            one
        };
        let stops = vec![of_plan(1, 11, 5_000), line("hold", 1, Some(13), 700), of_plan(1, 12, 2_500)];
        let shown = one_a_plan(stops);
        let lines: Vec<(&str, i64)> =
            shown.iter().map(|one| (one.row.item_number.as_str(), one.row.risk_pence)).collect();
        assert_eq!(lines, [("INV-11, INV-12", 7_500), ("", 700)]);
    }

    #[test]
    fn a_debt_that_several_things_stop_is_at_risk_once() {
        let whole = HashMap::from([(1, 9_000), (2, 4_000)]);
        let stops = [
            line("hold", 1, None, 9_000),
            line("freeze", 1, Some(11), 5_000),
            line("hold", 2, Some(21), 1_500),
            line("query", 2, Some(21), 500),
        ];
        assert_eq!(at_risk(&stops, &whole), 10_500);
        assert!(stops[0].expired && !stops[3].expired, "a late query is not over");
    }
}
