//! Breathing space while a claim or judgment runs: the court is told when it begins and when it is over (BS-03).
use super::{due, happened, note};
use crate::Outcome;
use crate::core::command::Command;
use sundry_domain::calendar::add_days;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::law::COOLING_DAYS;
use sundry_store::court::{self as store, CaseRow};
use sundry_store::people::{StoppedDebtRow, case_items_of_range};

/// The case is stopped.
const STOPPED: &str = "stopped";
/// It goes on where it stood.
const RESUMED: &str = "resumed";

/// Notes with a claim or judgment that breathing space stops it, or that it is over: once each, with what to tell the court.
pub(super) async fn tend(cmd: &mut Command, row: &CaseRow) -> Outcome<()> {
    if row.issued_on.is_none() {
        return Ok(());
    }
    let (org, today, customer) = (cmd.by.org, cmd.today, CustomerId(row.customer_id));
    let ours: Vec<i64> = store::items_of(&mut cmd.tx, org, row.id).await?.iter().map(|item| item.item_id).collect();
    let holds = |one: &StoppedDebtRow| {
        one.kind == FlagKind::BreathingSpace.as_str()
            && ours.contains(&one.item_id)
            && one.starts_on <= today
            && one.ends_on.is_none_or(|last| today <= last)
            && one.freed_on.is_none_or(|from| today < from)
    };
    let stopped = case_items_of_range(&mut cmd.tx, org, customer, customer).await?.iter().any(holds);
    let events = store::events_of(&mut cmd.tx, org, row.id).await?;
    let last = events.iter().rev().find(|event| matches!(event.kind.as_str(), STOPPED | RESUMED));
    let known = last.is_some_and(|event| event.kind == STOPPED);
    if stopped == known {
        return Ok(());
    }
    store::meet(&mut cmd.tx, org, row.id, if stopped { RESUMED } else { STOPPED }, today).await?;
    let all = if stopped {
        vec![due(
            STOPPED,
            today,
            "Breathing space: tell the court that nothing more is done about these debts until it is over",
        )]
    } else {
        let words = "Breathing space is over: tell the court. The case goes on where it stood";
        vec![happened(RESUMED, "Breathing space is over"), due(RESUMED, add_days(today, COOLING_DAYS), words)]
    };
    note(cmd, row.id, all).await
}
