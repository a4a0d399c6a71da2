//! Income in advance at the end of a period: previewed, moved in one journal each way, and held against the close.
//!
//! An invoice of a contract posts its income at once. What of it is for days after the period's end is moved to
//! deferred income as the period ends, and back as the days come. How much lies there is worked out anew each time from
//! what was billed for which days, so that credits and adjustments need nothing of their own.
use super::refusals::{LATER_MOVED, NOT_ENDED, NOT_MOVED};
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::close::ahead;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::ledger::{EntryLine, IncomeShare, defer_income as deferring, release_deferred_income as releasing};
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::close;
use sundry_store::close::advance::{self as rows, MovedRow};
use sundry_store::ledger::PeriodRow;

/// What a period's end moves at one income code and cost centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomeMove {
    /// Income code.
    pub income_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// What lies in deferred income now.
    pub was_pence: i64,
    /// What is for days after the period's end.
    pub ahead_pence: i64,
    /// The difference: above zero deferred, below zero released.
    pub moved_pence: i64,
}

/// Income in advance at the end of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomeInAdvance {
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// 1 to 12.
    pub number: i64,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// What is for days after it.
    pub ahead_pence: i64,
    /// Moved to deferred income.
    pub deferred_pence: i64,
    /// Moved back to income.
    pub released_pence: i64,
    /// By income code and cost centre, also where nothing moves.
    pub moves: Vec<IncomeMove>,
}

/// Moves a period's income in advance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoveIncomeInAdvance {
    /// Idempotency key.
    pub key: String,
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// 1 to 12.
    pub number: i64,
}

/// What the end of a period would move; nothing is posted.
///
/// # Errors
/// Absent when there is no such period.
pub async fn income_in_advance(desk: &Desk, by: &Actor, (year, number): (i64, i64)) -> Outcome<IncomeInAdvance> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let period = period(&mut look, by.org, (year, number)).await?;
    worked_out(&mut look, by.org, &period).await
}

/// Moves it, dated the period's last day. Moved again after more was billed, only the difference moves.
///
/// # Errors
/// `GL-04-NOT-ENDED`; `GL-02-LATER-MOVED`; a period that is closed; absent.
pub async fn move_income_in_advance(desk: &Desk, by: &Actor, ask: MoveIncomeInAdvance) -> Outcome<IncomeInAdvance> {
    by.must_hold(Duty::ClosePeriods)?;
    command!(desk, by, "move_income_in_advance", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let period = period(&mut cmd.tx, org, (ask.start_year, ask.number)).await?;
        if cmd.today <= period.ends_on {
            let sentence = format!("The period ends on {}.", period.ends_on);
            return Err(NOT_ENDED.because(sentence).allowed_from(period.ends_on + chrono::Days::new(1)).into());
        }
        if let Some(last) = rows::last_moved(&mut cmd.tx, org).await?.filter(|last| *last > period.ends_on) {
            return Err(LATER_MOVED.because(format!("Income in advance was moved at {}.", written(last))).into());
        }
        let found = worked_out(&mut cmd.tx, org, &period).await?;
        let (up, down): (Vec<&IncomeMove>, Vec<&IncomeMove>) =
            found.moves.iter().filter(|one| one.moved_pence != 0).partition(|one| one.moved_pence > 0);
        post_moves(cmd, &period, ("IncomeDeferred", &up, deferring)).await?;
        post_moves(cmd, &period, ("IncomeReleased", &down, releasing)).await?;
        let name = format!("period {}/{}", ask.start_year, ask.number);
        cmd.tell("IncomeInAdvanceMoved", name, &found);
        Ok(found)
    })
}

type Posting = fn(&[IncomeShare]) -> Vec<EntryLine>;

async fn post_moves(
    cmd: &mut Command,
    period: &PeriodRow,
    (event, moves, posting): (&'static str, &[&IncomeMove], Posting),
) -> Outcome<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let share = |one: &&IncomeMove| IncomeShare {
        income_code: one.income_code.clone(),
        cost_centre: one.cost_centre.clone(),
        net: Pence(one.moved_pence.abs()),
    };
    let shares: Vec<IncomeShare> = moves.iter().map(share).collect();
    let journal = NewJournal {
        posted_on: period.ends_on,
        event,
        source: format!("period {}/{}", period.start_year, period.number),
        reason: format!("Income in advance at {}", written(period.ends_on)),
        customer: None,
        item: None,
        lines: posting(&shares),
    };
    let journal_id = post(cmd, journal).await?.0;
    let mut moved = Vec::with_capacity(moves.len());
    for one in moves {
        moved.push(MovedRow {
            id: cmd.id(),
            ends_on: period.ends_on,
            income_code: one.income_code.clone(),
            cost_centre: one.cost_centre.clone(),
            moved_pence: one.moved_pence,
            journal_id,
            recorded_at: cmd.at,
        });
    }
    Ok(rows::add_moved(&mut cmd.tx, cmd.by.org, moved).await?)
}

/// Refuses a close where income in advance is moved here and this period has not moved its own.
///
/// # Errors
/// `GL-02-NOT-MOVED`.
pub(super) async fn must_be_moved(cmd: &mut Command, period: &PeriodRow) -> Outcome<()> {
    let org = cmd.by.org;
    // Where nobody has begun, it is not done; and what a later period moved has this one's in it.
    let Some(last) = rows::last_moved(&mut cmd.tx, org).await? else { return Ok(()) };
    if last > period.ends_on {
        return Ok(());
    }
    let found = worked_out(&mut cmd.tx, org, period).await?;
    let (up, down) = (Pence(found.deferred_pence), Pence(found.released_pence));
    if (up, down) == (Pence::ZERO, Pence::ZERO) {
        return Ok(());
    }
    Err(NOT_MOVED.because(format!("{up} is to be deferred and {down} to be released.")).into())
}

async fn period(tx: &mut Tx, org: OrgId, (year, number): (i64, i64)) -> Outcome<PeriodRow> {
    let found = close::period(tx, org, year, number).await?.filter(|period| period.number <= 12);
    found.ok_or_else(|| No::Absent(format!("period {year}/{number}")))
}

async fn worked_out(tx: &mut Tx, org: OrgId, period: &PeriodRow) -> Outcome<IncomeInAdvance> {
    let at = period.ends_on;
    let mut sums: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for (income_code, cost_centre, was) in rows::deferred_by(tx, org, at).await? {
        sums.entry((income_code, cost_centre)).or_default().0 = was;
    }
    for charge in rows::charges_ahead(tx, org, at).await? {
        let part = ahead(Pence(charge.net_pence), (charge.from_on, charge.to_on), at);
        sums.entry((charge.income_code, charge.cost_centre)).or_default().1 += part.0;
    }
    let one = |((income_code, cost_centre), (was, ahead)): ((String, String), (i64, i64))| {
        // More taken back than billed is no income that we owe.
        let ahead_pence = ahead.max(0);
        IncomeMove { income_code, cost_centre, was_pence: was, ahead_pence, moved_pence: ahead_pence - was }
    };
    let moves: Vec<IncomeMove> =
        sums.into_iter().map(one).filter(|one| one.was_pence != one.ahead_pence || one.was_pence != 0).collect();
    Ok(IncomeInAdvance {
        start_year: period.start_year,
        number: period.number,
        ends_on: at,
        ahead_pence: moves.iter().map(|one| one.ahead_pence).sum(),
        deferred_pence: moves.iter().map(|one| one.moved_pence.max(0)).sum(),
        released_pence: moves.iter().map(|one| (-one.moved_pence).max(0)).sum(),
        moves,
    })
}
