//! Closing a period, to users and for the ledger, and opening it again (GL-04).
use super::advance::must_be_moved;
use super::refusals::{DIFFERENCE, NOT_ACCEPTED, NOT_ENDED};
use crate::cash::unexplained_by;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::verify::control_check;
use crate::reports::aged_debt::{AskAgedDebt, aged_debt_in};
use crate::{Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::desk_refusals::SUSPENSE_UNEXPLAINED;
use sundry_domain::control::Duty;
use sundry_domain::ledger::{PeriodAct, PeriodState, next_state};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::close;
use sundry_store::control::{self, KeptFileRow};
use sundry_store::ledger::{self, PeriodRow};

/// Names a period, and says why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnPeriod {
    /// Idempotency key.
    pub key: String,
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// 1 to 14.
    pub number: i64,
    /// Why; needed to open it again.
    pub reason: String,
}

/// The period as it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PeriodTurned {
    /// open, soft_closed or hard_closed.
    pub state: String,
    /// Hash of the aged debt at its end, kept when it was closed; empty while open.
    pub snapshot_sha256: String,
}

/// Closes a period to users. The aged debt at its end is kept.
///
/// # Errors
/// The control account differs; suspense nobody has explained (`GL-04-SUSPENSE`); the period has not ended or is not open.
pub async fn soft_close(desk: &Desk, by: &Actor, ask: TurnPeriod) -> Outcome<PeriodTurned> {
    check(by, &ask, false)?;
    command!(desk, by, "soft_close", &ask.key, &ask, |cmd| { turn(cmd, &ask, PeriodAct::SoftClose).await })
}

/// Closes a period for the ledger.
///
/// # Errors
/// As [`soft_close`]; journals that the general ledger has not accepted.
pub async fn hard_close(desk: &Desk, by: &Actor, ask: TurnPeriod) -> Outcome<PeriodTurned> {
    check(by, &ask, false)?;
    command!(desk, by, "hard_close", &ask.key, &ask, |cmd| { turn(cmd, &ask, PeriodAct::HardClose).await })
}

/// Opens a closed period again, with a reason that is kept.
///
/// # Errors
/// No reason; a period that is open.
pub async fn reopen_period(desk: &Desk, by: &Actor, ask: TurnPeriod) -> Outcome<PeriodTurned> {
    check(by, &ask, true)?;
    command!(desk, by, "reopen_period", &ask.key, &ask, |cmd| { turn(cmd, &ask, PeriodAct::Reopen).await })
}

/// Every period, oldest first.
pub async fn periods(desk: &Desk, by: &Actor) -> Outcome<Vec<PeriodRow>> {
    by.must_hold(Duty::View)?;
    Ok(ledger::periods(&mut desk.look().await?, by.org).await?)
}

fn check(by: &Actor, ask: &TurnPeriod, reason_needed: bool) -> Outcome<()> {
    by.must_hold(Duty::ClosePeriods)?;
    let mut wrong: Vec<Invalid> = super::check_text("reason", &ask.reason, 500)?.into_iter().collect();
    if reason_needed && ask.reason.trim().is_empty() {
        wrong.push(Invalid::field("reason", "Enter why the period is opened again", &ask.reason));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

async fn turn(cmd: &mut Command, ask: &TurnPeriod, act: PeriodAct) -> Outcome<PeriodTurned> {
    let org = cmd.by.org;
    let name = format!("period {}/{}", ask.start_year, ask.number);
    let period = close::period(&mut cmd.tx, org, ask.start_year, ask.number).await?;
    let period = period.ok_or_else(|| No::Absent(name.clone()))?;
    let from = PeriodState::parse(&period.state).ok_or_else(|| Fault::new("a period's state cannot be read"))?;
    let to = next_state(from, act)?;
    let snapshot = match act {
        PeriodAct::Reopen => String::new(),
        _ => close_checks(cmd, &period, act).await?,
    };
    let key = (ask.start_year, ask.number);
    if !ledger::set_period_state(&mut cmd.tx, org, key, from.as_str(), to.as_str(), &snapshot).await? {
        return Err(Fault {
            words: "the period was turned by someone else".into(),
            class: sundry_store::engine::Class::NotDone,
        }
        .into());
    }
    let event = match act {
        PeriodAct::SoftClose => "PeriodSoftClosed",
        PeriodAct::HardClose => "PeriodHardClosed",
        PeriodAct::Reopen => "PeriodReopened",
    };
    cmd.tell(event, name, serde_json::json!({ "reason": ask.reason, "snapshot_sha256": snapshot }));
    Ok(PeriodTurned { state: to.as_str().into(), snapshot_sha256: snapshot })
}

/// What must hold before a close, and the snapshot that is kept of it.
async fn close_checks(cmd: &mut Command, period: &PeriodRow, act: PeriodAct) -> Outcome<String> {
    let org = cmd.by.org;
    if cmd.today <= period.ends_on {
        let sentence = format!("The period ends on {}.", period.ends_on);
        return Err(NOT_ENDED.because(sentence).allowed_from(period.ends_on + chrono::Days::new(1)).into());
    }
    let (_, wrong) = control_check(&mut cmd.tx, org).await?;
    if let Some(first) = wrong.first() {
        return Err(DIFFERENCE.because(first.clone()).into());
    }
    let (count, sum) = unexplained_by(&mut cmd.tx, org, Some(period.ends_on)).await?;
    if count > 0 {
        let receipts = if count == 1 { "receipt" } else { "receipts" };
        let sentence = format!("{} in suspense, {count} {receipts}, has no owner, reason or next step.", Pence(sum));
        return Err(SUSPENSE_UNEXPLAINED.because(sentence).into());
    }
    if act == PeriodAct::SoftClose {
        must_be_moved(cmd, period).await?;
    }
    if act == PeriodAct::HardClose {
        let unsent = close::journals_to_send(&mut cmd.tx, org, period.ends_on).await?.len();
        let waiting = close::batches_not_accepted(&mut cmd.tx, org, period.ends_on).await?.len();
        if unsent + waiting > 0 {
            let sentence = format!("{unsent} journals are in no batch and {waiting} batches are not accepted.");
            return Err(NOT_ACCEPTED.because(sentence).into());
        }
    }
    let report = aged_debt_in(&mut cmd.tx, org, &AskAgedDebt::by_customer(period.ends_on)).await?;
    let bytes = report.to_csv();
    let sha256 = cmd.desk.files().put(org.0, &bytes)?;
    let kept = KeptFileRow {
        sha256: sha256.clone(),
        name: format!("aged-debt-{}.csv", period.ends_on),
        media_type: "text/csv".into(),
        size_bytes: bytes.len() as i64,
    };
    control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
    Ok(sha256)
}
