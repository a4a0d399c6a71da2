//! What is done to a case in force: a task, the end of treatment, a debt freed for who owes it too, its end.
use super::confirm::{CaseStands, case_of, save};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::typed::{lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::HoldId;
use sundry_domain::law::{COOLING_DAYS, HoldReason};
use sundry_domain::recovery::person_case::refusals::{CASE_STATE, NOT_JOINT};
use sundry_domain::recovery::{EventForm, crisis_last_day, tasks_of_added};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::customers;
use sundry_store::people::{self, CaseRow, CaseTaskRow};
use sundry_store::plans::{self, HoldRow};

/// Does something to a case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActOnCase {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub number: String,
    /// do_task, write, treatment_ended, add_debt, free_joint, hand_over or end.
    pub act: String,
    /// For do_task: which task.
    pub task: Option<i64>,
    /// For add_debt and free_joint: the number of the debt.
    pub debt: String,
    /// For treatment_ended the day it ended, for end the last day; today when not said.
    pub on: Option<NaiveDate>,
    /// For hand_over: who looks after it now.
    pub owner: String,
    /// Why, or how it was done.
    pub words: String,
}

/// What came of it.
pub type CaseActed = CaseStands;

/// Does something to a case in force.
///
/// # Errors
/// Duty, that of allocating work to free a debt for who owes it too; fields; absent; `BS-CASE-STATE`,
/// `BS-03-NOT-JOINT`.
pub async fn act_on_case(desk: &Desk, by: &Actor, ask: ActOnCase) -> Outcome<CaseActed> {
    // Asking somebody who owes with a person in breathing space is a manager's decision (BS-03).
    by.must_hold(if ask.act == "free_joint" { Duty::AllocateWork } else { Duty::SetFlags })?;
    if ask.words.trim().is_empty() && !matches!(ask.act.as_str(), "hand_over" | "write") {
        return Err(Invalid::field("words", "Enter why, or how it was done", &ask.words).into());
    }
    let mut wrong = words_wrong(&[("words", &ask.words)], 1_000);
    wrong.extend(lines_wrong(&[("owner", &ask.owner)], 100));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words), ("owner", &ask.owner)])?;
    command!(desk, by, "act_on_case", &ask.key, &ask, |cmd| {
        let mut row = case_of(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        if row.state != "in_force" {
            let stands = row.state.replace('_', " ");
            return Err(CASE_STATE.because(format!("{} is not in force: {stands}", row.number)).into());
        }
        match ask.act.as_str() {
            "do_task" => do_task(cmd, &row, &ask).await?,
            "write" => super::letter::write(cmd, &row).await?,
            "treatment_ended" => treatment_ended(cmd, &mut row, &ask).await?,
            "add_debt" => add_debt(cmd, &row, &ask).await?,
            "free_joint" => free_joint(cmd, &row, &ask).await?,
            "hand_over" => hand_over(cmd, &mut row, &ask).await?,
            "end" => {
                let last = last_day(cmd, &row, &ask)?;
                end(cmd, &mut row, last, ask.words.trim()).await?;
            }
            other => {
                let message = "Choose do_task, write, treatment_ended, add_debt, free_joint, hand_over or end";
                return Err(Invalid::field("act", message, other).into());
            }
        }
        Ok(CaseStands::of(&row, Vec::new()))
    })
}

async fn do_task(cmd: &mut Command, row: &CaseRow, ask: &ActOnCase) -> Outcome<()> {
    let Some(seq) = ask.task else {
        return Err(Invalid::field("task", "Choose the task that was done", "").into());
    };
    let (who, today) = (cmd.by.name.clone(), cmd.today);
    if !people::do_task(&mut cmd.tx, cmd.by.org, (row.id, seq), today, (&who, ask.words.trim())).await? {
        return Err(No::Absent(format!("task {seq} that is still to be done")));
    }
    cmd.tell("CaseTaskDone", format!("case {}", row.number), ask);
    Ok(())
}

async fn treatment_ended(cmd: &mut Command, row: &mut CaseRow, ask: &ActOnCase) -> Outcome<()> {
    if row.form != EventForm::Crisis.as_str() {
        return Err(CASE_STATE.because(format!("{} has a last day of its own", row.number)).into());
    }
    let ended = ask.on.unwrap_or(cmd.today);
    if ended < row.starts_on || ended > cmd.today {
        let message = format!("Enter a date from {} to {}", written(row.starts_on), written(cmd.today));
        return Err(Invalid::field("on", message, ended.to_string()).into());
    }
    let worked_out = crisis_last_day(row.starts_on, ended);
    // A last day that the notice named wins; one that was worked out before is put right.
    let notified = row.ends_on.filter(|_| row.treatment_ended_on.is_none());
    let last = notified.or(worked_out).ok_or_else(|| Fault::new("a crisis without a last day"))?;
    (row.treatment_ended_on, row.ends_on) = (Some(ended), Some(last));
    people::move_case_items(&mut cmd.tx, cmd.by.org, row.id, Some(last)).await?;
    if let Some(flag) = row.flag_id {
        customers::end_flag(&mut cmd.tx, cmd.by.org, flag, last).await?;
    }
    save(cmd, row).await?;
    cmd.tell("CaseLastDaySet", format!("case {}", row.number), serde_json::json!({ "ends_on": last }));
    Ok(())
}

/// A debt that the adviser adds while the moratorium lasts (reg 14, 15).
async fn add_debt(cmd: &mut Command, row: &CaseRow, ask: &ActOnCase) -> Outcome<()> {
    let customer = row.customer_id.map(sundry_domain::ids::CustomerId).ok_or_else(|| No::Absent("customer".into()))?;
    let all = people::debts_of(&mut cmd.tx, cmd.by.org, customer, row.starts_on).await?;
    let there = people::items_of_case(&mut cmd.tx, cmd.by.org, row.id).await?;
    let wanted = ask.debt.trim();
    let found = all.into_iter().find(|debt| debt.number == wanted && !there.iter().any(|one| one.item_id == debt.id));
    let Some(debt) = found else {
        let message = format!("Enter the number of another debt owed on {}", written(row.starts_on));
        return Err(Invalid::field("debt", message, wanted).into());
    };
    let item = people::StoppedDebtRow {
        case_id: row.id,
        item_id: debt.id,
        customer_id: debt.customer_id,
        number: debt.number,
        kind: row.kind.clone(),
        named: true,
        joint_customer_id: debt.joint_customer_id,
        open_pence: debt.open_pence,
        stage: debt.stage,
        // It is frozen from the day it was added, and not before.
        starts_on: cmd.today.max(row.starts_on),
        ends_on: row.ends_on,
        freed_on: None,
        freed_by_name: String::new(),
        freed_why: String::new(),
    };
    people::add_case_items(&mut cmd.tx, cmd.by.org, vec![item]).await?;
    add_tasks_of(cmd, row, wanted).await?;
    cmd.tell("CaseDebtAdded", format!("case {}", row.number), ask);
    Ok(())
}

async fn add_tasks_of(cmd: &mut Command, row: &CaseRow, number: &str) -> Outcome<()> {
    let Some(form) = EventForm::parse(&row.form) else { return Ok(()) };
    let before = people::tasks_of_case(&mut cmd.tx, cmd.by.org, row.id).await?;
    let last = before.iter().map(|task| task.seq).max().unwrap_or(0);
    let made = tasks_of_added(form, number, row.starts_on, cmd.today);
    let rows = (last + 1..).zip(made).map(|(seq, (code, what, due_on))| CaseTaskRow {
        case_id: row.id,
        seq,
        code: code.into(),
        what,
        due_on,
        done_on: None,
        done_by_name: String::new(),
        words: String::new(),
    });
    Ok(people::add_tasks(&mut cmd.tx, cmd.by.org, rows.collect()).await?)
}

async fn free_joint(cmd: &mut Command, row: &CaseRow, ask: &ActOnCase) -> Outcome<()> {
    let items = people::items_of_case(&mut cmd.tx, cmd.by.org, row.id).await?;
    let item = items.into_iter().find(|item| item.number == ask.debt.trim());
    let item = item.ok_or_else(|| Invalid::field("debt", "Enter the number of a debt of this case", &ask.debt))?;
    if item.joint_customer_id.is_none() {
        return Err(NOT_JOINT.because(format!("Nobody else owes {}", item.number)).into());
    }
    let (who, today) = (cmd.by.name.clone(), cmd.today);
    let words = ask.words.trim();
    if !people::free_case_item(&mut cmd.tx, cmd.by.org, (row.id, item.item_id), today, (&who, words)).await? {
        return Err(CASE_STATE.because(format!("{} was freed before", item.number)).into());
    }
    cmd.tell("CaseDebtFreed", format!("case {}", row.number), ask);
    Ok(())
}

async fn hand_over(cmd: &mut Command, row: &mut CaseRow, ask: &ActOnCase) -> Outcome<()> {
    if ask.owner.trim().is_empty() {
        return Err(Invalid::field("owner", "Enter who looks after it now", &ask.owner).into());
    }
    row.owner = ask.owner.trim().to_owned();
    save(cmd, row).await?;
    cmd.tell("CaseHandedOver", format!("case {}", row.number), ask);
    Ok(())
}

fn last_day(cmd: &Command, row: &CaseRow, ask: &ActOnCase) -> Outcome<NaiveDate> {
    let last = ask.on.unwrap_or(cmd.today);
    if last < row.starts_on || last > cmd.today {
        let message = format!("Enter a date from {} to {}", written(row.starts_on), written(cmd.today));
        return Err(Invalid::field("on", message, last.to_string()).into());
    }
    Ok(last)
}

/// Ends a case with its last day: interest runs from the next, and none is charged for it; recovery goes on where it
/// stood, after the days in which policy sends nothing.
pub(super) async fn end(cmd: &mut Command, row: &mut CaseRow, last: NaiveDate, words: &str) -> Outcome<()> {
    let org = cmd.by.org;
    people::move_case_items(&mut cmd.tx, org, row.id, Some(last)).await?;
    let (who, today) = (cmd.by.name.clone(), cmd.today);
    people::close_tasks(&mut cmd.tx, org, row.id, today, &who).await?;
    if let Some(flag) = row.flag_id {
        customers::end_flag(&mut cmd.tx, org, flag, last).await?;
    }
    (row.state, row.ends_on, row.closed_on) = ("ended".into(), Some(last), Some(today));
    row.outcome = words.to_owned();
    save(cmd, row).await?;
    if row.kind == FlagKind::BreathingSpace.as_str() {
        cool(cmd, row, last).await?;
    }
    let detail = serde_json::json!({ "last_day": last, "words": words });
    cmd.tell("CaseEnded", format!("case {}", row.number), detail);
    Ok(())
}

/// Holds what a moratorium froze for the days after it in which policy sends nothing; what a manager freed goes on.
async fn cool(cmd: &mut Command, row: &CaseRow, last: NaiveDate) -> Outcome<()> {
    let until = add_days(last, COOLING_DAYS);
    if until < cmd.today {
        return Ok(());
    }
    let frozen = people::items_of_case(&mut cmd.tx, cmd.by.org, row.id).await?;
    let mut holds = Vec::new();
    for item in frozen.into_iter().filter(|item| item.freed_on.is_none()) {
        holds.push(HoldRow {
            id: cmd.id::<HoldId>().0,
            customer_id: item.customer_id,
            item_id: Some(item.item_id),
            reason: HoldReason::BreathingSpace.as_str().to_owned(),
            words: format!("Nothing is sent for {COOLING_DAYS} days after breathing space ({})", row.number),
            from_on: add_days(last, 1),
            until_on: Some(until),
            ended_on: None,
            owner: row.owner.clone(),
            query_id: None,
            promise_id: None,
            recorded_at: cmd.at,
        });
    }
    Ok(plans::add_holds(&mut cmd.tx, cmd.by.org, holds).await?)
}
