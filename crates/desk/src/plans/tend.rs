//! Once a day: receipts say how each plan stands; what follows is written, ended or put before a person (PLN-03, PP-05).
use super::agree::{event, hold_row, save};
use super::assess::{Assessed, assess};
use super::letter::{self, Said, missed};
use crate::core::command::Command;
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::{Nation, add_days};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::MORE_DAYS;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Standing, after_break};
use sundry_domain::words::written;
use sundry_store::plans::agreed::{self, PlanRow};
use sundry_store::plans::{self, standing};
use sundry_store::{Tx, control, customers};

/// Plans in one command.
const CHUNK: i64 = 200;

/// What a day did to plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlansTended {
    /// Looked at.
    pub plans: i64,
    /// Behind this morning.
    pub behind: i64,
    /// Reminders of a missed instalment.
    pub reminded: i64,
    /// Broken.
    pub broken: i64,
    /// Put before a manager, since somebody is vulnerable.
    pub for_manager: i64,
    /// Paid in full.
    pub completed: i64,
    /// Opened again, since money went back.
    pub reopened: i64,
    /// Suspended by breathing space.
    pub suspended: i64,
    /// Cancelled by death or insolvency.
    pub cancelled: i64,
    last: i64,
}

impl PlansTended {
    fn add(&mut self, more: &PlansTended) {
        self.plans += more.plans;
        self.behind += more.behind;
        self.reminded += more.reminded;
        self.broken += more.broken;
        self.for_manager += more.for_manager;
        self.completed += more.completed;
        self.reopened += more.reopened;
        self.suspended += more.suspended;
        self.cancelled += more.cancelled;
    }
}

/// What a day decides of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Stands,
    CaughtUp,
    Remind,
    Break,
    Complete,
    Suspend,
    Resume,
    Reopen,
    Cancel(FlagKind),
}

/// Nothing is asked for and nothing breaks while money of theirs, or a bank file, waits: cash before chase.
fn verdict(one: &Assessed, bank_waits: bool, day: NaiveDate) -> Verdict {
    let plan = &one.plan;
    let done = one.standing.standing == Standing::Completed;
    if plan.state == "completed" {
        return if done { Verdict::Stands } else { Verdict::Reopen };
    }
    if let Some(kind) = one.ends_by_law {
        return Verdict::Cancel(kind);
    }
    let suspended = plan.state == "suspended";
    let waits = bank_waits || one.unallocated > Pence::ZERO;
    let more = if one.vulnerable { MORE_DAYS } else { 0 };
    // However long it is, nobody loses a plan without a reminder and the time it gives.
    let had_time = plan.reminded_on.is_some_and(|on| add_days(on, plan.cure_days + more) < day);
    let reminded = plan.reminded_on.is_some();
    match &one.standing.standing {
        Standing::Completed => Verdict::Complete,
        Standing::Suspended { .. } if suspended => Verdict::Stands,
        Standing::Suspended { .. } => Verdict::Suspend,
        _ if suspended => Verdict::Resume,
        Standing::Kept if reminded && one.behind == Pence::ZERO => Verdict::CaughtUp,
        Standing::Kept => Verdict::Stands,
        _ if waits => Verdict::Stands,
        Standing::Broken { .. } if had_time => Verdict::Break,
        Standing::Broken { .. } | Standing::ForManager { .. } if !reminded => Verdict::Remind,
        Standing::Missed { number, .. } if plan.reminded_part != i64::from(*number) => Verdict::Remind,
        _ => Verdict::Stands,
    }
}

/// Looks at every plan for a day; asked again for the same day, it answers the same.
///
/// # Errors
/// Duty; a calendar that is not loaded.
pub async fn tend_plans(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<PlansTended> {
    by.must_hold(Duty::ReleaseRuns)?;
    let (mut sum, mut after) = (PlansTended::default(), 0);
    loop {
        let mut look = desk.look().await?;
        let any = agreed::plans_to_tend(&mut look, by.org, after, 1).await?;
        drop(look);
        if any.is_empty() {
            return Ok(PlansTended { last: 0, ..sum });
        }
        let key = format!("plans/tend/{day}/{after}");
        let part: PlansTended = command!(desk, by, "tend_plans", &key, &(day, after), |cmd| {
            let part = tend_chunk(cmd, day, after).await?;
            cmd.tell("PlansTended", format!("plans on {day}"), part);
            Ok(part)
        })?;
        sum.add(&part);
        if part.last <= after {
            return Ok(PlansTended { last: 0, ..sum });
        }
        after = part.last;
    }
}

pub(super) async fn nation_of(tx: &mut Tx, org: OrgId) -> Outcome<Nation> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    Ok(Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?)
}

async fn tend_chunk(cmd: &mut Command, day: NaiveDate, after: i64) -> Outcome<PlansTended> {
    let org = cmd.by.org;
    let (nation, book) = (nation_of(&mut cmd.tx, org).await?, cmd.desk.book());
    let rows = agreed::plans_to_tend(&mut cmd.tx, org, after, CHUNK).await?;
    let mut counts = PlansTended { last: rows.last().map_or(0, |row| row.id), ..PlansTended::default() };
    let bank_waits = standing::bank_lines_wait(&mut cmd.tx, org, day).await?;
    for one in assess(&mut cmd.tx, org, book.calendar(nation), rows, day).await? {
        counts.plans += 1;
        counts.behind += i64::from(one.behind > Pence::ZERO);
        tend(cmd, one, (bank_waits, day), &mut counts).await?;
    }
    Ok(counts)
}

async fn tend(
    cmd: &mut Command,
    one: Assessed,
    (bank_waits, day): (bool, NaiveDate),
    counts: &mut PlansTended,
) -> Outcome<()> {
    let verdict = verdict(&one, bank_waits, day);
    let mut row = one.plan.clone();
    note_figures(&mut row, &one, day);
    match verdict {
        Verdict::Stands => {
            let new_for_manager = row.standing == "for_manager" && one.plan.standing != "for_manager";
            counts.for_manager += i64::from(new_for_manager);
            if figures(&row) != figures(&one.plan) {
                save(cmd, &mut row).await?;
            }
        }
        Verdict::CaughtUp => {
            (row.reminded_part, row.reminded_on) = (0, None);
            save(cmd, &mut row).await?;
            event(cmd, row.id, "caught_up", "Brought up to date".into(), one.standing.paid.0).await?;
        }
        Verdict::Remind => {
            counts.reminded += 1;
            remind(cmd, row, &one, day).await?;
        }
        Verdict::Break => {
            counts.broken += 1;
            break_plan(cmd, row, &one, "Not paid as agreed").await?;
        }
        Verdict::Complete => {
            counts.completed += 1;
            complete(cmd, row).await?;
        }
        Verdict::Suspend => {
            counts.suspended += 1;
            row.state = "suspended".into();
            save(cmd, &mut row).await?;
            event(cmd, row.id, "suspended", "Breathing space: nothing is asked for".into(), 0).await?;
            cmd.tell("PlanSuspended", format!("plan {}", row.number), &row.number);
        }
        Verdict::Resume => {
            row.state = "active".into();
            save(cmd, &mut row).await?;
            let words = "Breathing space is over. New days for what fell into it are agreed with the customer";
            event(cmd, row.id, "resumed", words.into(), 0).await?;
            cmd.tell("PlanResumed", format!("plan {}", row.number), &row.number);
        }
        Verdict::Reopen => {
            counts.reopened += 1;
            reopen(cmd, row).await?;
        }
        Verdict::Cancel(kind) => {
            counts.cancelled += 1;
            let why = format!("{}: the rules for it apply instead", kind.name());
            cancel(cmd, row, &why).await?;
        }
    }
    Ok(())
}

type Figures<'a> = (&'a str, i64, i64, i64, Option<NaiveDate>, Option<NaiveDate>, i64);

fn figures(row: &PlanRow) -> Figures<'_> {
    let money = (row.due_pence, row.paid_pence, row.behind_pence);
    (&row.standing, money.0, money.1, money.2, row.behind_since, row.next_on, row.next_pence)
}

/// What the list and the worklist show of it.
pub(super) fn note_figures(row: &mut PlanRow, one: &Assessed, day: NaiveDate) {
    row.standing = one.word().into();
    row.due_pence = one.standing.due.0;
    row.paid_pence = one.standing.paid.0;
    row.behind_pence = one.behind.0;
    row.behind_since = one.behind_since;
    row.next_on = one.standing.next.map(|part| part.due_on);
    row.next_pence = one.standing.next.map_or(0, |part| part.amount.0);
    row.checked_on = Some(day);
}

async fn remind(cmd: &mut Command, mut row: PlanRow, one: &Assessed, day: NaiveDate) -> Outcome<()> {
    row.reminded_part = match &one.standing.standing {
        Standing::Missed { number, .. } => i64::from(*number),
        _ => row.reminded_part.max(1),
    };
    row.reminded_on = Some(day);
    save(cmd, &mut row).await?;
    let said = missed(one, cmd.today);
    let letter = letter::write(cmd, &row, said).await?;
    let since = one.behind_since.map_or_else(String::new, |on| format!(" since {}", written(on)));
    event(cmd, row.id, "missed", format!("{} behind{since}. Letter {letter}", one.behind), one.behind.0).await?;
    cmd.tell("PlanInstalmentMissed", format!("plan {}", row.number), serde_json::json!({ "behind": one.behind }));
    Ok(())
}

/// The plan is over: its holds end, and notified collections are taken back. One that broke holds until the day that
/// its letter names, so that nothing else is written before.
pub(super) async fn end(cmd: &mut Command, row: &mut PlanRow, state: &str, reason: &str) -> Outcome<()> {
    let org = cmd.by.org;
    row.state = state.into();
    (row.ended_on, row.end_reason) = (Some(cmd.today), reason.to_owned());
    if state == "broken" {
        let until = Some(add_days(cmd.today, letter::PAY_DAYS));
        agreed::move_holds_of_plan(&mut cmd.tx, org, row.id, until).await?;
    } else {
        agreed::end_holds_of_plan(&mut cmd.tx, org, row.id, cmd.today).await?;
    }
    withdraw_collections(cmd, row, &[], &format!("{} is {state}", row.number)).await?;
    save(cmd, row).await
}

/// Takes back what was notified for instalments that are there no longer.
pub(super) async fn withdraw_collections(
    cmd: &mut Command,
    row: &PlanRow,
    stands: &[(NaiveDate, i64)],
    why: &str,
) -> Outcome<()> {
    let org = cmd.by.org;
    for (collection, due_on, pence) in standing::noticed(&mut cmd.tx, org, row.id).await? {
        if !stands.contains(&(due_on, pence)) && standing::withdraw_noticed(&mut cmd.tx, org, collection, why).await? {
            cmd.tell("CollectionWithdrawn", format!("plan {}", row.number), collection);
        }
    }
    Ok(())
}

/// Breaks a plan: the whole balance can be collected, and recovery goes on at the stage before the plan.
pub(super) async fn break_plan(cmd: &mut Command, mut row: PlanRow, one: &Assessed, reason: &str) -> Outcome<()> {
    let org = cmd.by.org;
    // The protocol protects each person on the plan, whoever is named first.
    let mut individual = false;
    for party in agreed::parties(&mut cmd.tx, org, row.id).await? {
        let who = customers::customer(&mut cmd.tx, org, CustomerId(party.customer_id)).await?;
        individual |= who.is_none_or(|c| CustomerKind::parse(&c.kind).is_none_or(CustomerKind::is_individual));
    }
    let claimed = standing::last_letter_of_claim(&mut cmd.tx, org, row.id).await?;
    let after = after_break(&one.standing, individual, claimed, row.granted_on.unwrap_or(row.proposed_on));
    row.claim_again = after.letter_of_claim_again;
    row.standing = "broken".into();
    end(cmd, &mut row, "broken", reason).await?;
    let letter = letter::write(cmd, &row, Said::Broken { balance: after.collectable }).await?;
    let again = if row.claim_again { ". A new letter of claim comes before any claim" } else { "" };
    let words = format!(
        "{reason}. {} can be collected, from the stage before the plan{again}. Letter {letter}",
        after.collectable
    );
    event(cmd, row.id, "broken", words, after.collectable.0).await?;
    let detail = serde_json::json!({ "collectable": after.collectable, "letter_of_claim_again": row.claim_again });
    cmd.tell("PlanBroken", format!("plan {}", row.number), detail);
    Ok(())
}

/// Everything came in.
pub(super) async fn complete(cmd: &mut Command, mut row: PlanRow) -> Outcome<()> {
    row.standing = "completed".into();
    end(cmd, &mut row, "completed", "Paid in full").await?;
    let letter = letter::write(cmd, &row, Said::Completed).await?;
    event(cmd, row.id, "completed", format!("Paid in full. Letter {letter}"), row.total_pence).await?;
    cmd.tell("PlanCompleted", format!("plan {}", row.number), row.total_pence);
    Ok(())
}

/// The plan is cancelled; nothing is written to the customer.
pub(super) async fn cancel(cmd: &mut Command, mut row: PlanRow, why: &str) -> Outcome<()> {
    end(cmd, &mut row, "cancelled", why).await?;
    event(cmd, row.id, "cancelled", why.to_owned(), 0).await?;
    cmd.tell("PlanCancelled", format!("plan {}", row.number), why);
    Ok(())
}

/// Money that had paid it went back: the plan runs again, and what is short can be caught up.
async fn reopen(cmd: &mut Command, mut row: PlanRow) -> Outcome<()> {
    let org = cmd.by.org;
    row.state = "active".into();
    (row.ended_on, row.end_reason) = (None, String::new());
    (row.reminded_part, row.reminded_on) = (0, None);
    save(cmd, &mut row).await?;
    for item in agreed::covered(&mut cmd.tx, org, (row.id, row.id)).await? {
        if item.open_pence <= 0 {
            continue;
        }
        let hold = hold_row(cmd, &row, (item.customer_id, item.item_id), None);
        let id = hold.id;
        plans::add_hold(&mut cmd.tx, org, hold).await?;
        agreed::set_hold_of(&mut cmd.tx, org, (row.id, item.item_id), id).await?;
    }
    event(cmd, row.id, "reopened", "Money that had paid it went back".into(), row.behind_pence).await?;
    cmd.tell("PlanReopened", format!("plan {}", row.number), row.behind_pence);
    Ok(())
}
