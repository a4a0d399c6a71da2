//! Putting debts on the month's schedule, and taking them off it.
use super::facts::criteria_on;
use super::write_off::{check, debt_of, find_debit};
use crate::core::command::Command;
use crate::core::typed::words_wrong;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::CHANGED;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::writeoff::desk_refusals::ON_SCHEDULE;
use sundry_domain::writeoff::{LineAct, LineState, WriteOffReason, next_state, schedule_number};
use sundry_store::writeoff::schedules::{self, LineRow, ScheduleRow};

/// Puts debts on the schedule of this month.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposeWriteOffs {
    /// Idempotency key.
    pub key: String,
    /// Numbers of the debts, at most 500.
    pub debts: Vec<String>,
    /// How much of one debt; all that is open when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// Stored name of the reason.
    pub reason: String,
    /// What was done to recover them.
    pub words: String,
}

/// What was put on a schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LinesProposed {
    /// Number of the schedule.
    pub schedule: String,
    /// Lines.
    pub lines: i64,
    /// Their sum.
    pub total_pence: i64,
}

/// Puts debts on the schedule of this month: all of them or none. A line that was sent back is proposed again.
///
/// # Errors
/// `REC-09-…` naming the debt; absent debts; invalid fields.
pub async fn propose_write_offs(desk: &Desk, by: &Actor, ask: ProposeWriteOffs) -> Outcome<LinesProposed> {
    by.must_hold(Duty::ProposeWriteOff)?;
    let reason = WriteOffReason::parse(&ask.reason);
    let mut wrong = Vec::new();
    if reason.is_none() {
        wrong.push(Invalid::field("reason", "Choose why from the list", &ask.reason));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 1_000));
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field(
            "words",
            "Enter what was done to recover it, in at most 1,000 characters",
            &ask.words,
        ));
    }
    if ask.debts.is_empty() || ask.debts.len() > 500 {
        wrong.push(Invalid::field("debts", "Choose from 1 to 500 debts", ""));
    }
    if ask.amount.is_some() && ask.debts.len() > 1 {
        wrong.push(Invalid::field("amount", "An amount is for one debt", ""));
    }
    let Some(reason) = reason.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "propose_write_offs", &ask.key, &ask, |cmd| {
        let schedule = this_month(cmd).await?;
        let mut done = LinesProposed { schedule: schedule.number.clone(), lines: 0, total_pence: 0 };
        for number in &ask.debts {
            let amount = propose(cmd, &schedule, number, ask.amount, (reason, ask.words.trim())).await?;
            done.lines += 1;
            done.total_pence += amount.0;
        }
        cmd.tell("WriteOffsProposed", format!("schedule {}", schedule.number), &done);
        Ok(done)
    })
}

/// The schedule of this month, opened with its first line.
async fn this_month(cmd: &mut Command) -> Outcome<ScheduleRow> {
    let month = cmd.today.with_day(1).unwrap_or(cmd.today);
    let number = schedule_number(month);
    let id: i64 = cmd.id();
    schedules::open_schedule(&mut cmd.tx, cmd.by.org, (id, &number, month), cmd.at).await?;
    let found = schedules::schedule(&mut cmd.tx, cmd.by.org, &number).await?;
    found.ok_or_else(|| Fault::new("a schedule that was opened is not there").into())
}

async fn propose(
    cmd: &mut Command,
    schedule: &ScheduleRow,
    number: &str,
    amount: Option<Pence>,
    (reason, words): (WriteOffReason, &str),
) -> Outcome<Pence> {
    let item = find_debit(&mut cmd.tx, cmd.by.org, number).await?;
    let debt = debt_of(cmd, item.id).await?;
    let amount = amount.unwrap_or(Pence(item.open_pence));
    let criteria = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?;
    check(&debt, amount, reason, &criteria, cmd.today)?;
    let before = schedules::lines_of_item(&mut cmd.tx, cmd.by.org, item.id).await?;
    let back = before.iter().find(|line| line.state == LineState::SentBack.as_str());
    if let (Some(on), None) = (&debt.schedule, back) {
        return Err(ON_SCHEDULE.because(format!("{} stands on schedule {on}", item.number)).into());
    }
    let line = LineRow {
        id: back.map_or_else(|| cmd.id(), |line| line.id),
        schedule_id: schedule.id,
        item_id: item.id,
        customer_id: item.customer_id,
        amount_pence: amount.0,
        reason: reason.as_str().into(),
        words: words.to_owned(),
        state: LineState::Proposed.as_str().into(),
        proposed_by: cmd.by.user.0,
        proposed_by_name: cmd.by.name.clone(),
        proposed_on: cmd.today,
        decided_by: None,
        decided_by_name: String::new(),
        decided_on: None,
        decision_words: String::new(),
        write_off: String::new(),
        version: back.map_or(1, |line| line.version),
        recorded_at: cmd.at,
    };
    match back {
        None => schedules::add_line(&mut cmd.tx, cmd.by.org, &line).await?,
        Some(_) => change(cmd, &line).await?,
    }
    cmd.tell("WriteOffProposed", format!("invoice {}", item.number), &line);
    Ok(amount)
}

/// Writes a line as it is now.
pub(super) async fn change(cmd: &mut Command, line: &LineRow) -> Outcome<()> {
    if !schedules::change_line(&mut cmd.tx, cmd.by.org, line).await? {
        return Err(CHANGED.because("Somebody changed this line while you read it").into());
    }
    Ok(())
}

/// Takes a line off its schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawLine {
    /// Idempotency key.
    pub key: String,
    /// Number of the schedule.
    pub schedule: String,
    /// The line.
    pub line: i64,
}

/// Where a line stands now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LineStands {
    /// The line.
    pub line: i64,
    /// Its state.
    pub state: String,
}

/// Takes a line off its schedule: the debt is pursued again.
///
/// # Errors
/// Duty; `REC-09-LINE-STATE`; absent line.
pub async fn withdraw_line(desk: &Desk, by: &Actor, ask: WithdrawLine) -> Outcome<LineStands> {
    by.must_hold(Duty::ProposeWriteOff)?;
    command!(desk, by, "withdraw_line", &ask.key, &ask, |cmd| {
        let mut line = line_of(cmd, &ask.schedule, ask.line).await?;
        line.state = next_state(state_of(&line)?, LineAct::Withdraw)?.as_str().into();
        (line.decided_by_name, line.decided_on) = (cmd.by.name.clone(), Some(cmd.today));
        change(cmd, &line).await?;
        cmd.tell("WriteOffWithdrawn", format!("schedule {}", ask.schedule), &line);
        Ok(LineStands { line: line.id, state: line.state })
    })
}

/// A line of the schedule with a number.
pub(super) async fn line_of(cmd: &mut Command, schedule: &str, line: i64) -> Outcome<LineRow> {
    let absent = || No::Absent(format!("a line of schedule {schedule}"));
    let of = schedules::schedule(&mut cmd.tx, cmd.by.org, schedule).await?.ok_or_else(absent)?;
    let line = schedules::line(&mut cmd.tx, cmd.by.org, line).await?;
    line.filter(|line| line.schedule_id == of.id).ok_or_else(absent)
}

/// The state of a line.
pub(super) fn state_of(line: &LineRow) -> Outcome<LineState> {
    LineState::parse(&line.state).ok_or_else(|| Fault::new("the state of a line is unknown").into())
}
