//! Applying an approved uplift piece by piece, stopping it, and taking it back before its day.
use crate::core::command::Command;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::contracts::refusals::{UPLIFT_BEGUN, UPLIFT_STATE};
use sundry_domain::control::Duty;
use sundry_domain::words::written;
use sundry_store::contracts::{self as rows, UpliftRow};

/// Rates put into force by one command.
const CHUNK: i64 = 1_000;

/// Told how many rates are done, and of how many.
pub type UpliftProgress<'a> = &'a (dyn Fn(i64, i64) + Send + Sync);

/// Applies an approved uplift, or lets a stopped one go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplyUplift {
    /// Idempotency key.
    pub key: String,
    /// The uplift.
    pub number: String,
}

/// Stops an uplift, or takes it back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnUplift {
    /// Idempotency key.
    pub key: String,
    /// The uplift.
    pub number: String,
}

/// An uplift as it stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftTurned {
    /// Its number.
    pub number: String,
    /// asked, approved, applying, stopped, applied, refused or `taken_back`.
    pub state: String,
    /// Rates put into force.
    pub done: i64,
    /// Rates that someone changed meanwhile, which were left alone.
    pub left: i64,
}

fn turned(row: &UpliftRow) -> UpliftTurned {
    UpliftTurned { number: row.number.clone(), state: row.state.clone(), done: row.done_count, left: row.left_count }
}

fn may(by: &Actor) -> Outcome<()> {
    Ok(by.must_hold(Duty::RaiseInvoice).or_else(|no| by.must_hold(Duty::ReleaseRuns).map_err(|_| no))?)
}

async fn read(cmd: &mut Command, number: &str) -> Outcome<UpliftRow> {
    let row = rows::uplift_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("uplift {}", number.trim())))
}

async fn keep(cmd: &mut Command, row: &UpliftRow) -> Outcome<UpliftTurned> {
    if !rows::save_uplift(&mut cmd.tx, cmd.by.org, row).await? {
        return Err(UPLIFT_STATE.because(format!("{} was turned meanwhile", row.number)).into());
    }
    Ok(turned(row))
}

/// Why a rate stands as it does, for the evidence of every line billed at it.
fn why(row: &UpliftRow) -> String {
    format!("{}: {}", row.number, row.why)
}

/// Applies an approved uplift as new dated rates. Asked again, or after a crash or a stop, it goes on where it was.
///
/// # Errors
/// `BIL-04-STATE` unless it is approved, stopped or being applied.
pub async fn apply_uplift(
    desk: &Desk,
    by: &Actor,
    ask: ApplyUplift,
    progress: UpliftProgress<'_>,
) -> Outcome<UpliftTurned> {
    may(by)?;
    let key = format!("{}/open", ask.key);
    let mut at: UpliftTurned = command!(desk, by, "apply_uplift", &key, &ask, |cmd| {
        let row = read(cmd, &ask.number).await?;
        let at = match row.state.as_str() {
            "approved" | "stopped" => keep(cmd, &UpliftRow { state: "applying".into(), ..row }).await?,
            "applying" | "applied" => turned(&row),
            state => return Err(UPLIFT_STATE.because(format!("{} is {state}", row.number)).into()),
        };
        cmd.tell("UpliftBegun", format!("uplift {}", at.number), &at);
        Ok(at)
    })?;
    while at.state != "applied" {
        let place = at.done + at.left;
        let key = format!("uplift/{}/{place}", at.number);
        let number = at.number.clone();
        at = command!(desk, by, "apply_uplift_piece", &key, &(&number, place), |cmd| { piece(cmd, &number).await })?;
        let row = rows::uplift_numbered(&mut desk.look().await?, by.org, &at.number).await?;
        progress(at.done + at.left, row.map_or(0, |row| row.rates_count));
    }
    Ok(at)
}

/// One piece, in one transaction with the mark of how far the uplift has come.
async fn piece(cmd: &mut Command, number: &str) -> Outcome<UpliftTurned> {
    let org = cmd.by.org;
    let row = read(cmd, number).await?;
    if row.state != "applying" {
        return Err(UPLIFT_STATE.because(format!("{} is {}", row.number, row.state)).into());
    }
    let waiting = rows::uplift_lines(&mut cmd.tx, org, (row.id, "waiting"), (0, CHUNK)).await?;
    let (Some(first), Some(last)) = (waiting.first(), waiting.last()) else {
        let done = keep(cmd, &UpliftRow { state: "applied".into(), ..row }).await?;
        cmd.tell("UpliftApplied", format!("uplift {number}"), &done);
        return Ok(done);
    };
    let (of, places) = ((row.id, row.from_on), (first.seq, last.seq));
    let (why, actor, at) = (why(&row), cmd.by.name.clone(), cmd.at);
    let count = rows::apply_uplift_lines(&mut cmd.tx, org, of, places, (&why, &actor, at)).await? as i64;
    rows::touch_uplift_lines(&mut cmd.tx, org, of, places, &why).await?;
    let left = waiting.len() as i64 - count;
    let whole = (waiting.len() as i64) < CHUNK;
    let state = if whole { "applied" } else { "applying" };
    let (done_count, left_count) = (row.done_count + count, row.left_count + left);
    let done = keep(cmd, &UpliftRow { state: state.into(), done_count, left_count, ..row }).await?;
    cmd.tell(if whole { "UpliftApplied" } else { "UpliftRatesSet" }, format!("uplift {number}"), &done);
    Ok(done)
}

/// Stops an uplift after the piece it is at; what is in force stays so, and applying it again goes on.
///
/// # Errors
/// `BIL-04-STATE` unless it is being applied.
pub async fn stop_uplift(desk: &Desk, by: &Actor, ask: TurnUplift) -> Outcome<UpliftTurned> {
    may(by)?;
    command!(desk, by, "stop_uplift", &ask.key, &ask, |cmd| {
        let row = read(cmd, &ask.number).await?;
        if row.state != "applying" {
            return Err(UPLIFT_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        let done = keep(cmd, &UpliftRow { state: "stopped".into(), ..row }).await?;
        cmd.tell("UpliftStopped", format!("uplift {}", done.number), &done);
        Ok(done)
    })
}

/// Takes an uplift back before its day, as if it had never been.
///
/// # Errors
/// `BIL-04-BEGUN` from its day on; `BIL-04-STATE` unless it was applied, in part or whole, or approved.
pub async fn take_back_uplift(desk: &Desk, by: &Actor, ask: TurnUplift) -> Outcome<UpliftTurned> {
    may(by)?;
    command!(desk, by, "take_back_uplift", &ask.key, &ask, |cmd| {
        let (org, row) = (cmd.by.org, read(cmd, &ask.number).await?);
        if !["approved", "applied", "stopped"].contains(&row.state.as_str()) {
            return Err(UPLIFT_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        if cmd.today >= row.from_on {
            let sentence = format!("{} is in force since {}", row.number, written(row.from_on));
            return Err(UPLIFT_BEGUN.because(sentence).into());
        }
        let (of, why) = ((row.id, row.from_on), why(&row));
        let back = format!("{} taken back", row.number);
        rows::touch_uplift_lines(&mut cmd.tx, org, of, (1, i64::MAX), &back).await?;
        rows::take_back_uplift_lines(&mut cmd.tx, org, of, &why).await?;
        let done = keep(cmd, &UpliftRow { state: "taken_back".into(), ..row }).await?;
        cmd.tell("UpliftTakenBack", format!("uplift {}", done.number), &done);
        Ok(done)
    })
}
