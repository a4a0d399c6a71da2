//! Deciding on a schedule: some lines approved and posted, others sent back or refused, each with its reason.
use super::facts::criteria_on;
use super::propose::{change, state_of};
use super::write_off::{GiveUp, check, debt_of, give_up};
use crate::control::security_code::{count_if_wrong, use_code};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::refusals::CHANGED;
use sundry_domain::control::{Decider, Duty, LimitedAct, default_limits, limit_of, may_approve, may_decide};
use sundry_domain::ids::{ItemId, UserId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::counted;
use sundry_domain::writeoff::desk_refusals::NOT_AS_READ;
use sundry_domain::writeoff::{Criteria, LineAct, Tier, WriteOffReason, committee_first, next_state};
use sundry_store::ledger;
use sundry_store::writeoff::schedules::{self, LineRow, ScheduleRow};

/// A decision on a line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LineDecision {
    /// The line.
    pub line: i64,
    /// Its version as it was read.
    pub version: i64,
    /// approve, send_back or refuse.
    pub act: String,
    /// Why; needed to send back and to refuse.
    #[serde(default)]
    pub reason: String,
}

/// Decides on lines of a schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecideSchedule {
    /// Idempotency key.
    pub key: String,
    /// Number of the schedule.
    pub schedule: String,
    /// The decisions.
    pub lines: Vec<LineDecision>,
    /// How many are approved, as the approver read it.
    pub count: i64,
    /// Their sum, as the approver read it.
    pub total: Pence,
    /// The six digits; not kept.
    #[serde(skip)]
    pub security_code: String,
}

/// What was decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScheduleDecided {
    /// Number of the schedule.
    pub schedule: String,
    /// Numbers of the write-offs that were posted.
    pub write_offs: Vec<String>,
    /// Their sum.
    pub total_pence: i64,
    /// Lines sent back.
    pub sent_back: i64,
    /// Lines refused.
    pub refused: i64,
}

/// Decides on lines of a schedule: all of it or nothing. What is approved is posted at once.
///
/// # Errors
/// `CTL-01-OWN-WORK`, `CTL-01-NO-DUTY`, `CTL-01-CHANGED`, `CTL-02-ABOVE-LIMIT`, `CTL-07-…` for the security code,
/// `REC-09-…` for what stands in the way today; invalid fields.
pub async fn decide_schedule(desk: &Desk, by: &Actor, ask: DecideSchedule) -> Outcome<ScheduleDecided> {
    by.must_hold(Duty::ApproveWriteOff)?;
    let acts = understood(&ask)?;
    let words: Vec<(&str, &str)> = ask.lines.iter().map(|line| ("reason", line.reason.as_str())).collect();
    refuse_cards(&words)?;
    let done: Outcome<ScheduleDecided> = command!(desk, by, "decide_schedule", &ask.key, &ask, |cmd| {
        let schedule = find(cmd, &ask.schedule).await?;
        let criteria = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?;
        let mut lines = Vec::new();
        for (one, act) in ask.lines.iter().zip(&acts) {
            lines.push((read(cmd, &schedule, one).await?, *act, one.reason.trim()));
        }
        let approved = lines.iter().filter(|(_, act, _)| *act == LineAct::Approve);
        let (count, sum) = approved.fold((0, 0), |(count, sum), (line, ..)| (count + 1, sum + line.amount_pence));
        if (count, sum) != (ask.count, ask.total.0) {
            let sentence = format!(
                "{} with {} are selected, not {} with {}",
                counted(count, "debt"),
                Pence(sum),
                ask.count,
                ask.total
            );
            return Err(NOT_AS_READ.because(sentence).into());
        }
        if count > 0 {
            use_code(cmd, &ask.security_code).await?;
        }
        let mut done = ScheduleDecided {
            schedule: schedule.number.clone(),
            write_offs: Vec::new(),
            total_pence: sum,
            sent_back: 0,
            refused: 0,
        };
        for (line, act, why) in lines {
            match act {
                LineAct::Approve => done.write_offs.push(approve(cmd, &schedule, line, &criteria).await?),
                act => {
                    turn(cmd, &schedule, line, act, why).await?;
                    let counted = if act == LineAct::Refuse { &mut done.refused } else { &mut done.sent_back };
                    *counted += 1;
                }
            }
        }
        cmd.tell("ScheduleDecided", format!("schedule {}", schedule.number), &done);
        Ok(done)
    });
    count_if_wrong(desk, by, done).await
}

/// The acts, each with a reason where it needs one.
fn understood(ask: &DecideSchedule) -> Outcome<Vec<LineAct>> {
    let mut wrong = Vec::new();
    let mut acts = Vec::new();
    for (row, one) in (1..).zip(&ask.lines) {
        match LineAct::parse(&one.act) {
            Some(LineAct::Approve) => acts.push(LineAct::Approve),
            Some(act @ (LineAct::SendBack | LineAct::Refuse)) => {
                if one.reason.trim().is_empty() {
                    wrong.push(Invalid::row(row, "reason", "Enter why, in at most 1,000 characters", &one.reason));
                }
                let texts = words_wrong(&[("reason", &one.reason)], 1_000);
                wrong.extend(texts.into_iter().map(|no| Invalid { row: Some(row), ..no }));
                acts.push(act);
            }
            _ => wrong.push(Invalid::row(row, "act", "Choose approve, send back or refuse", &one.act)),
        }
    }
    if ask.lines.is_empty() {
        wrong.push(Invalid::field("lines", "Select at least one debt", ""));
    }
    if wrong.is_empty() { Ok(acts) } else { Err(wrong.into()) }
}

async fn find(cmd: &mut Command, number: &str) -> Outcome<ScheduleRow> {
    let found = schedules::schedule(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    found.ok_or_else(|| No::Absent(format!("schedule {}", number.trim())))
}

/// A line as it was read, which somebody else proposed.
async fn read(cmd: &mut Command, schedule: &ScheduleRow, one: &LineDecision) -> Outcome<LineRow> {
    let line = schedules::line(&mut cmd.tx, cmd.by.org, one.line).await?;
    let line = line.filter(|line| line.schedule_id == schedule.id);
    let line = line.ok_or_else(|| No::Absent(format!("a line of schedule {}", schedule.number)))?;
    if line.version != one.version {
        return Err(CHANGED.because("A line is not what you read").into());
    }
    let decider = Decider { user: cmd.by.user, duties: cmd.by.duties.clone() };
    may_approve(UserId(line.proposed_by), &decider, Duty::ApproveWriteOff)?;
    Ok(line)
}

/// Approves a line: checked again, within the limit of who decides, or decided by the committee; posted.
async fn approve(cmd: &mut Command, schedule: &ScheduleRow, mut line: LineRow, criteria: &Criteria) -> Outcome<String> {
    line.state = next_state(state_of(&line)?, LineAct::Approve)?.as_str().into();
    let reason = WriteOffReason::parse(&line.reason).ok_or_else(|| Fault::new("the reason of a line is unknown"))?;
    let amount = Pence(line.amount_pence);
    let debt = debt_of(cmd, line.item_id).await?;
    check(&debt, amount, reason, criteria, cmd.today)?;
    // What this decision gave up before this line is posted already, so it counts.
    let tier = debt.tier(amount, reason, criteria);
    let minute = Some(schedule.committee_minute.as_str()).filter(|minute| !minute.is_empty());
    committee_first(tier, minute)?;
    if tier != Tier::Committee {
        let limit = limit_of(&cmd.by.roles, LimitedAct::WriteOff, cmd.by.limit, &default_limits());
        may_decide(LimitedAct::WriteOff, amount, debt.before, limit)?;
    }
    let item = ledger::item(&mut cmd.tx, cmd.by.org, ItemId(line.item_id)).await?;
    let item = item.ok_or_else(|| Fault::new("a line names an item that is not there"))?;
    let committee = schedule.committee_on.filter(|_| tier == Tier::Committee);
    let what = GiveUp {
        item: &item,
        amount,
        reason,
        words: &line.words,
        method: "schedule",
        schedule: &schedule.number,
        proposed_by: &line.proposed_by_name,
        committee: committee.map(|on| (on, schedule.committee_minute.as_str())),
    };
    let number = give_up(cmd, what).await?;
    line.write_off = number.clone();
    decided(cmd, &mut line, "").await?;
    Ok(number)
}

/// Sends a line back, or refuses it.
async fn turn(cmd: &mut Command, schedule: &ScheduleRow, mut line: LineRow, act: LineAct, why: &str) -> Outcome<()> {
    line.state = next_state(state_of(&line)?, act)?.as_str().into();
    decided(cmd, &mut line, why).await?;
    let event = if act == LineAct::Refuse { "WriteOffRefused" } else { "WriteOffSentBack" };
    cmd.tell(event, format!("schedule {}", schedule.number), &line);
    Ok(())
}

async fn decided(cmd: &mut Command, line: &mut LineRow, why: &str) -> Outcome<()> {
    line.decided_by = Some(cmd.by.user.0);
    line.decided_by_name = cmd.by.name.clone();
    line.decided_on = Some(cmd.today);
    line.decision_words = why.to_owned();
    change(cmd, line).await
}

/// Records what the committee decided on the lines above officers' limits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordCommittee {
    /// Idempotency key.
    pub key: String,
    /// Number of the schedule.
    pub schedule: String,
    /// When it met.
    pub on: NaiveDate,
    /// Its minute.
    pub minute: String,
}

/// What was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommitteeRecorded {
    /// Number of the schedule.
    pub schedule: String,
    /// When it met.
    pub on: NaiveDate,
    /// Its minute.
    pub minute: String,
}

/// Records what the committee decided; only then can such lines be approved.
///
/// # Errors
/// Duty; absent schedule; invalid fields.
pub async fn record_committee(desk: &Desk, by: &Actor, ask: RecordCommittee) -> Outcome<CommitteeRecorded> {
    by.must_hold(Duty::ApproveWriteOff)?;
    let mut wrong = Vec::new();
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter the day it met, today at the latest", ask.on.to_string()));
    }
    if ask.minute.trim().is_empty() {
        wrong.push(Invalid::field("minute", "Enter the minute, in at most 100 characters", &ask.minute));
    }
    wrong.extend(lines_wrong(&[("minute", &ask.minute)], 100));
    wrong.extend(days_wrong(&[("on", Some(ask.on).filter(|on| *on <= desk.today()))], desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("minute", &ask.minute)])?;
    command!(desk, by, "record_committee", &ask.key, &ask, |cmd| {
        let schedule = find(cmd, &ask.schedule).await?;
        let minute = ask.minute.trim();
        let by = cmd.by.name.clone();
        schedules::set_committee(&mut cmd.tx, cmd.by.org, schedule.id, (ask.on, minute, &by)).await?;
        let answer = CommitteeRecorded { schedule: schedule.number.clone(), on: ask.on, minute: minute.to_owned() };
        cmd.tell("CommitteeRecorded", format!("schedule {}", schedule.number), &answer);
        Ok(answer)
    })
}
