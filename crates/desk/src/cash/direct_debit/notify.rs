//! Advance notice: what will be collected, when, and proof that it was said (DD-04).
use super::common::{Site, changed, england, mandate_of, site};
use super::letters::{Notice, Payer, advance_notice, one};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::delivery::{Stationery, stationery};
use crate::plans::{InstalmentPart, instalments_due};
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::calendar::Calendar;
use sundry_domain::cash::direct_debit::earliest_entry;
use sundry_domain::cash::direct_debit::refusals::{FINAL_NOT_CONFIRMED, RUN_STATE};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::collections::{self, CollectionRow, ToNotifyRow};
use sundry_store::mandates::MandateRow;
use sundry_store::plans::standing::note_collection;

/// Mandates in one command.
const CHUNK: i64 = 100;

/// Notifies what is due.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NotifyCollections {
    /// Idempotency key.
    pub key: String,
    /// Debits due up to this day.
    pub due_by: NaiveDate,
}

/// What was notified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notified {
    /// Collections, a letter each.
    pub collections: i64,
    /// Their sum.
    pub pence: i64,
    /// Payers whom no letter reaches: nothing was notified to them.
    pub unreachable: i64,
    last: i64,
}

/// Notifies every debit due up to a day under a mandate that stands: one collection and one letter for each payer and
/// day, never sooner than the notice agreed allows. What is notified already is left alone.
///
/// # Errors
/// Duty; `DD-01-NO-SERVICE-USER`; the years of the calendar.
pub async fn notify_collections(desk: &Desk, by: &Actor, ask: NotifyCollections) -> Outcome<Notified> {
    by.must_hold(Duty::PostCash)?;
    let mut sum = Notified::default();
    for chunk in 0.. {
        let key = format!("{}/{chunk}", ask.key);
        let after = sum.last;
        let part: Notified = command!(desk, by, "notify_collections", &key, &(ask.due_by, chunk), |cmd| {
            let part = notify_chunk(cmd, ask.due_by, after).await?;
            cmd.tell("CollectionsNotified", format!("collections due by {}", ask.due_by), part);
            Ok(part)
        })?;
        sum.collections += part.collections;
        sum.pence += part.pence;
        sum.unreachable += part.unreachable;
        if part.last == 0 {
            break;
        }
        sum.last = part.last;
    }
    Ok(Notified { last: 0, ..sum })
}

async fn notify_chunk(cmd: &mut Command, due_by: NaiveDate, after: i64) -> Outcome<Notified> {
    let org = cmd.by.org;
    let site = site(&mut cmd.tx, org).await?;
    let (calendar, paper) = (england(&cmd.desk), stationery(&mut cmd.tx, org, cmd.today).await?);
    let ids = collections::mandates_to_notify(&mut cmd.tx, org, after, CHUNK).await?;
    let rows = collections::to_notify(&mut cmd.tx, org, due_by, after, CHUNK).await?;
    let mut part = Notified { last: ids.last().map_or(0, |id| id.0), ..Notified::default() };
    let mut by_mandate: BTreeMap<i64, Vec<ToTell>> = BTreeMap::new();
    // A customer with two mandates is told once: by the older one.
    let mut seen = BTreeSet::new();
    for row in rows.into_iter().filter(|row| seen.insert(row.item_id)) {
        by_mandate.entry(row.mandate_id).or_default().push(ToTell::of_invoice(row));
    }
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        let (days, desk) = ((cmd.today, due_by), cmd.desk.clone());
        for part in instalments_due(&mut cmd.tx, &desk, org, days, (first.0, last.0)).await? {
            by_mandate.entry(part.mandate).or_default().push(ToTell::of_plan(part));
        }
    }
    for (mandate, items) in by_mandate {
        let mandate = mandate_of(&mut cmd.tx, org, mandate).await?;
        let told = notify_mandate(cmd, &site, &paper, &calendar, &mandate, items).await?;
        part.collections += told.collections;
        part.pence += told.pence;
        part.unreachable += told.unreachable;
    }
    Ok(part)
}

/// What is collected of an invoice on a day: all that is open of it, or its part of a plan's instalment.
struct ToTell {
    item: i64,
    number: String,
    service: String,
    due_on: NaiveDate,
    pence: i64,
    /// The plan, and the day of its instalment.
    plan: Option<(i64, NaiveDate)>,
}

impl ToTell {
    fn of_invoice(row: ToNotifyRow) -> ToTell {
        ToTell {
            item: row.item_id,
            number: row.number,
            service: row.service,
            due_on: row.due_on,
            pence: row.open_pence,
            plan: None,
        }
    }

    fn of_plan(part: InstalmentPart) -> ToTell {
        let plan = Some((part.plan, part.due_on));
        let InstalmentPart { item, number, service, due_on, pence, .. } = part;
        ToTell { item, number, service, due_on, pence, plan }
    }
}

async fn notify_mandate(
    cmd: &mut Command,
    site: &Site,
    paper: &Stationery,
    calendar: &Calendar,
    mandate: &MandateRow,
    items: Vec<ToTell>,
) -> Outcome<Notified> {
    let payer = Payer::of(cmd, mandate).await?;
    if payer.unreachable() {
        return Ok(Notified { unreachable: 1, ..Notified::default() });
    }
    let with_payer = with_payer_on(cmd, site, calendar, &payer)?;
    let lodged = mandate.lodged_on.filter(|_| mandate.first_collected_on.is_none());
    let agreed = &site.agreed;
    let earliest = earliest_entry(calendar, with_payer, agreed.notice_days, lodged, agreed.first_lead_days)?;
    let mut by_day: BTreeMap<NaiveDate, Vec<ToTell>> = BTreeMap::new();
    for item in items {
        by_day.entry(calendar.next_or_same(item.due_on.max(earliest))?).or_default().push(item);
    }
    let mut told = Notified::default();
    for (day, items) in by_day {
        let amount = items.iter().map(|item| item.pence).sum::<i64>();
        let notice = Notice {
            amount: Pence(amount),
            collect_on: day,
            parts: items.iter().map(|item| (item.number.clone(), item.service.clone(), item.pence)).collect(),
            changed: String::new(),
        };
        let payer = Payer::of(cmd, mandate).await?;
        let letter = advance_notice(cmd, site, mandate, payer, &notice);
        let letter = one(cmd, paper, letter).await?;
        let row = CollectionRow {
            letter_id: Some(letter.letter.0),
            ..new_collection(cmd, mandate, amount, day, with_payer).await?
        };
        let (org, collection) = (cmd.by.org, row.id);
        // Two instalments that fall on one day may take of the same invoice.
        let mut by_item: BTreeMap<i64, i64> = BTreeMap::new();
        for item in &items {
            *by_item.entry(item.item).or_default() += item.pence;
        }
        let parts = by_item.into_iter().map(|(item, pence)| (collection, item, pence)).collect();
        collections::add_collections(&mut cmd.tx, org, vec![row]).await?;
        collections::add_collection_items(&mut cmd.tx, org, parts).await?;
        let instalments: BTreeSet<(i64, NaiveDate)> = items.iter().filter_map(|item| item.plan).collect();
        for instalment in instalments {
            note_collection(&mut cmd.tx, org, instalment, collection).await?;
        }
        told.collections += 1;
        told.pence += amount;
    }
    Ok(told)
}

/// When a letter written today is with the payer: at once by e-mail, after the days of the post otherwise.
pub(super) fn with_payer_on(cmd: &Command, site: &Site, calendar: &Calendar, payer: &Payer) -> Outcome<NaiveDate> {
    Ok(if payer.by_email() { cmd.today } else { calendar.add(cmd.today, site.agreed.post_days)? })
}

pub(super) async fn new_collection(
    cmd: &mut Command,
    mandate: &MandateRow,
    amount_pence: i64,
    day: NaiveDate,
    with_payer: NaiveDate,
) -> Outcome<CollectionRow> {
    Ok(CollectionRow {
        id: cmd.id(),
        number: format!("COL-{:06}", cmd.next_number("COL").await?),
        mandate_id: mandate.id,
        customer_id: mandate.customer_id,
        amount_pence,
        notified_for: day,
        notice_with_payer_on: with_payer,
        letter_id: None,
        code: String::new(),
        state: "noticed".into(),
        is_final: false,
        entry_on: None,
        run_id: None,
        receipt_id: None,
        again_of: None,
        times_again: 0,
        first_presented_on: None,
        reason_code: String::new(),
        reason: String::new(),
        recorded_at: cmd.at,
        version: 1,
    })
}

/// Takes a notified collection back, so that it can be notified anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawCollection {
    /// Idempotency key.
    pub key: String,
    /// Number of the collection.
    pub number: String,
    /// Why.
    pub reason: String,
}

/// A collection that was changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CollectionChanged {
    /// Number.
    pub number: String,
    /// Its state.
    pub state: String,
}

/// Withdraws a notified collection. What it was for can be notified again, with fresh notice.
///
/// # Errors
/// Duty; absent; `DD-09-RUN-STATE` when it is in a run or was taken.
pub async fn withdraw_collection(desk: &Desk, by: &Actor, ask: WithdrawCollection) -> Outcome<CollectionChanged> {
    by.must_hold(Duty::PostCash)?;
    refuse_card_number("reason", &ask.reason)?;
    if ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Enter why it is withdrawn", &ask.reason).into());
    }
    command!(desk, by, "withdraw_collection", &ask.key, &ask, |cmd| {
        let mut row = noticed(cmd, &ask.number).await?;
        (row.state, row.reason) = ("withdrawn".into(), ask.reason.trim().to_owned());
        if !collections::change_collection(&mut cmd.tx, cmd.by.org, &row).await? {
            return Err(changed(&row.number));
        }
        cmd.tell("CollectionWithdrawn", format!("collection {}", row.number), &ask);
        Ok(CollectionChanged { number: row.number, state: row.state })
    })
}

/// Says that a collection is the last under its mandate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkFinal {
    /// Idempotency key.
    pub key: String,
    /// Number of the collection.
    pub number: String,
    /// Nothing will be owed later: the final collection closes the instruction.
    pub confirmed: bool,
}

/// Marks a notified collection as the final one.
///
/// # Errors
/// Duty; absent; `DD-02-FINAL` without the confirmation; `DD-09-RUN-STATE`.
pub async fn mark_final(desk: &Desk, by: &Actor, ask: MarkFinal) -> Outcome<CollectionChanged> {
    by.must_hold(Duty::PostCash)?;
    if !ask.confirmed {
        let sentence = format!("Nobody confirmed that nothing will be owed after {}", ask.number);
        return Err(FINAL_NOT_CONFIRMED.because(sentence).into());
    }
    command!(desk, by, "mark_final", &ask.key, &ask, |cmd| {
        let mut row = noticed(cmd, &ask.number).await?;
        row.is_final = true;
        if !collections::change_collection(&mut cmd.tx, cmd.by.org, &row).await? {
            return Err(changed(&row.number));
        }
        cmd.tell("CollectionMarkedFinal", format!("collection {}", row.number), &ask);
        Ok(CollectionChanged { number: row.number, state: row.state })
    })
}

async fn noticed(cmd: &mut Command, number: &str) -> Outcome<CollectionRow> {
    let row = collections::collection_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("collection {number}")))?;
    if row.state != "noticed" {
        return Err(RUN_STATE.because(format!("{} is {}", row.number, row.state)).into());
    }
    Ok(row)
}
