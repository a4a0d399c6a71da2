//! Exceptions seen to: assigned to a contract, explained as not billable, let through, looked at again (BIL-05).
use super::approve::{Payload, let_through, limit};
use super::judge::Judge;
use super::take_in::{told_of, verdict};
use crate::approvals::{ACTIVITY_OVERRIDE, AskForApproval, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::activity::refusals::{LINE_CHANGED, NO_OVERRIDE, NOT_HELD, WAITS};
use sundry_domain::billing::activity::{HeldBecause, NotBillable, Told};
use sundry_domain::billing::contracts::{Delivered, worth_of};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::activity::{self as rows, ActivityRow, save_activity, touch_activity};
use sundry_store::customers;

/// Assigns a line to a contract.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AssignActivity {
    /// Idempotency key.
    pub key: String,
    /// The line.
    pub number: String,
    /// Number of the contract.
    pub contract: String,
    /// Why.
    pub reason: String,
}

/// Explains why a line is not billed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExplainActivity {
    /// Idempotency key.
    pub key: String,
    /// The line.
    pub number: String,
    /// `not_delivered`, `recorded_twice`, `free_service`, `block_contract`, `billed_elsewhere` or `not_agreed`.
    pub explained_as: String,
    /// The evidence.
    pub reason: String,
}

/// Lets a line through as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OverrideActivity {
    /// Idempotency key.
    pub key: String,
    /// The line.
    pub number: String,
    /// Whether it is billed at the rate told and not the approved one.
    #[serde(default)]
    pub at_told_rate: bool,
    /// Why.
    pub reason: String,
}

/// Takes a line into one's own hands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnActivity {
    /// Idempotency key.
    pub key: String,
    /// The line.
    pub number: String,
}

/// Holds every exception against the contracts again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecheckActivity {
    /// Idempotency key.
    pub key: String,
}

/// A line after someone saw to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityResolved {
    /// The line.
    pub number: String,
    /// accepted, held, asked or explained.
    pub state: String,
    /// Why it is still held; empty when it is not.
    pub sentence: String,
    /// What it comes to.
    pub worth_pence: i64,
    /// The approval it waits for; empty where it waits for none.
    pub approval: String,
}

/// What came of looking at every exception again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRechecked {
    /// Exceptions looked at.
    pub looked: i64,
    /// Lines that fit a contract now.
    pub accepted: i64,
    /// Lines still held.
    pub held: i64,
}

fn begin(by: &Actor, reason: &str) -> Outcome<()> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("reason", reason)])?;
    if reason.trim().is_empty() || reason.chars().count() > 500 {
        return Err(Invalid::field("reason", "Enter why, in at most 500 characters", reason).into());
    }
    Ok(())
}

/// The line, while it is held.
async fn held(cmd: &mut Command, number: &str) -> Outcome<ActivityRow> {
    let row = rows::activity_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("activity {}", number.trim())))?;
    match row.state.as_str() {
        "held" => Ok(row),
        "asked" => Err(WAITS.because(format!("{} waits for {}", row.number, row.approval)).into()),
        state => Err(NOT_HELD.because(format!("{} is {state}", row.number)).into()),
    }
}

/// The line as told, with its funder.
pub(super) async fn told(cmd: &mut Command, row: &ActivityRow) -> Outcome<Told> {
    let funder = match row.funder_told.as_str() {
        "" => None,
        number => customers::customer_numbered(&mut cmd.tx, cmd.by.org, number).await?,
    };
    told_of(row, funder.map(|customer| CustomerId(customer.id)))
}

/// Keeps what was decided; an accepted line touches what its contract was billed for already.
pub(super) async fn keep(cmd: &mut Command, row: &ActivityRow) -> Outcome<ActivityResolved> {
    let org = cmd.by.org;
    if !save_activity(&mut cmd.tx, org, row).await? {
        return Err(LINE_CHANGED.because(format!("{} was changed meanwhile", row.number)).into());
    }
    if let (Some(contract), "accepted") = (row.contract_id, row.state.as_str()) {
        let why = format!("Activity {}", row.number);
        touch_activity(&mut cmd.tx, org, contract, row.from_on, &why).await?;
    }
    Ok(ActivityResolved {
        number: row.number.clone(),
        state: row.state.clone(),
        sentence: if row.state == "held" { row.sentence.clone() } else { String::new() },
        worth_pence: row.worth_pence,
        approval: row.approval.clone(),
    })
}

/// Assigns a line to a contract and holds it against that one.
///
/// # Errors
/// `BIL-05-NOT-HELD`, `BIL-05-WAITS`; a contract that charges nothing by activity.
pub async fn assign_activity(desk: &Desk, by: &Actor, ask: AssignActivity) -> Outcome<ActivityResolved> {
    begin(by, &ask.reason)?;
    command!(desk, by, "assign_activity", &ask.key, &ask, |cmd| {
        let mut row = held(cmd, &ask.number).await?;
        row.contract_told = ask.contract.trim().to_uppercase();
        let told = told(cmd, &row).await?;
        let org = cmd.by.org;
        let mut judge = Judge::of(&mut cmd.tx, org, &[&told]).await?;
        if judge.contract(&told.contract).is_none() {
            let say = "Enter the number of a contract that charges by activity";
            return Err(Invalid::field("contract", say, &ask.contract).into());
        }
        (row.why, row.actor_name) = (ask.reason.trim().into(), cmd.by.name.clone());
        let (owner, due_on) = (row.owner_name.clone(), row.due_on.unwrap_or(cmd.today));
        verdict(&mut row, &told, &mut judge, (&owner, due_on));
        let resolved = keep(cmd, &row).await?;
        cmd.tell("ActivityAssigned", format!("activity {}", row.number), &ask);
        Ok(resolved)
    })
}

/// Explains why a line is not billed.
///
/// # Errors
/// `BIL-05-NOT-HELD`, `BIL-05-WAITS`; a reason that is not on the list.
pub async fn explain_activity(desk: &Desk, by: &Actor, ask: ExplainActivity) -> Outcome<ActivityResolved> {
    begin(by, &ask.reason)?;
    let Some(explained) = NotBillable::parse(ask.explained_as.trim()) else {
        return Err(Invalid::field("explained_as", "Choose why from the list", &ask.explained_as).into());
    };
    command!(desk, by, "explain_activity", &ask.key, &ask, |cmd| {
        let mut row = held(cmd, &ask.number).await?;
        (row.state, row.explained_as) = ("explained".into(), explained.as_str().into());
        (row.why, row.actor_name, row.due_on) = (ask.reason.trim().into(), cmd.by.name.clone(), None);
        let resolved = keep(cmd, &row).await?;
        cmd.tell("ActivityExplained", format!("activity {}", row.number), &ask);
        Ok(resolved)
    })
}

/// Lets a line through that a contract covers, at the approved rate or the one told; above the organisation's limit it
/// waits for someone else's yes.
///
/// # Errors
/// `BIL-05-NOT-HELD`, `BIL-05-WAITS`, `BIL-05-NO-OVERRIDE`.
pub async fn override_activity(desk: &Desk, by: &Actor, ask: OverrideActivity) -> Outcome<ActivityResolved> {
    begin(by, &ask.reason)?;
    command!(desk, by, "override_activity", &ask.key, &ask, |cmd| {
        let mut row = held(cmd, &ask.number).await?;
        let because = HeldBecause::parse(&row.held_because);
        if !because.is_some_and(HeldBecause::may_override) {
            return Err(NO_OVERRIDE.because(format!("{}: {}", row.number, row.sentence)).into());
        }
        row.worth_pence = let_through(cmd, &mut row, ask.at_told_rate).await?.0;
        (row.why, row.actor_name) = (ask.reason.trim().into(), cmd.by.name.clone());
        let limit = limit(cmd).await?;
        if Pence(row.worth_pence) > limit {
            let summary = format!("Let {} of {} through: {}", row.number, Pence(row.worth_pence), row.sentence);
            let payload = Payload { id: row.id, number: row.number.clone(), reason: ask.reason.trim().into() };
            let wanted = AskForApproval {
                command: ACTIVITY_OVERRIDE,
                subject: format!("activity {}", row.number),
                summary,
                payload: serde_json::to_value(payload)?,
                amount: Pence(row.worth_pence),
            };
            row.approval = ask_for_approval(cmd, wanted).await?;
            row.state = "asked".into();
        } else {
            (row.state, row.due_on) = ("accepted".into(), None);
        }
        let resolved = keep(cmd, &row).await?;
        cmd.tell("ActivityLetThrough", format!("activity {}", row.number), &ask);
        Ok(resolved)
    })
}

/// Takes a line into one's own hands.
///
/// # Errors
/// `BIL-05-NOT-HELD`, `BIL-05-WAITS`.
pub async fn own_activity(desk: &Desk, by: &Actor, ask: OwnActivity) -> Outcome<ActivityResolved> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "own_activity", &ask.key, &ask, |cmd| {
        let mut row = held(cmd, &ask.number).await?;
        row.owner_name = cmd.by.name.clone();
        let resolved = keep(cmd, &row).await?;
        cmd.tell("ActivityOwned", format!("activity {}", row.number), &ask);
        Ok(resolved)
    })
}

/// Exceptions looked at by one command.
const AT_ONCE: i64 = 2_000;

/// Holds exceptions against the contracts again, at most 2,000: for when a contract or a rate was put right.
pub async fn recheck_activity(desk: &Desk, by: &Actor, ask: RecheckActivity) -> Outcome<ActivityRechecked> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "recheck_activity", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let lines = rows::activity_held(&mut cmd.tx, org, 0, AT_ONCE).await?;
        let mut all = Vec::with_capacity(lines.len());
        for row in lines {
            let told = told(cmd, &row).await?;
            all.push((row, told));
        }
        let mut judge = Judge::of(&mut cmd.tx, org, &all.iter().map(|(_, told)| told).collect::<Vec<_>>()).await?;
        let mut done = ActivityRechecked { looked: all.len() as i64, accepted: 0, held: 0 };
        for (before, told) in all {
            let mut row = before.clone();
            verdict(&mut row, &told, &mut judge, (&before.owner_name, before.due_on.unwrap_or(cmd.today)));
            done.accepted += i64::from(row.state == "accepted");
            done.held += i64::from(row.state == "held");
            if row != before {
                keep(cmd, &row).await?;
            }
        }
        cmd.tell("ActivityRechecked", "activity", &done);
        Ok(done)
    })
}

/// What a line comes to when it is let through at one rate or the other.
pub(super) fn worth(loaded: &crate::billing::contracts::Loaded, row: &ActivityRow) -> Outcome<Pence> {
    let terms = loaded.agreement.lines.iter().find(|terms| Some(terms.line) == row.line);
    let terms = terms.ok_or_else(|| crate::Fault::new(format!("{} has no charge", row.number)))?;
    let one = Delivered {
        id: row.id,
        from_on: row.from_on,
        to_on: row.to_on,
        quantity_e4: row.quantity_e4,
        rate_e4: row.rate_e4,
    };
    Ok(worth_of(&loaded.agreement, terms, &one)?)
}
