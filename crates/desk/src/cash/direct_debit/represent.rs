//! Presenting an unpaid collection again: same amount, code 18, within a month (DD-07).
use super::apply::again_until;
use super::common::{changed, england, mandate_of, site};
use super::letters::{Notice, Payer, advance_notice, one};
use super::notify::{new_collection, with_payer_on};
use super::words::once_more;
use crate::core::actor::Actor;
use crate::delivery::stationery;
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::{AMOUNT_DIFFERS, RUN_STATE};
use sundry_domain::cash::direct_debit::{REPRESENT_NOTICE_DAYS, RepresentFacts, may_represent};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::collections::{self, CollectionRow};

/// Presents an unpaid collection again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RepresentCollection {
    /// Idempotency key.
    pub key: String,
    /// Number of the collection that came back.
    pub number: String,
    /// The day wanted; five working days' word is given where the month allows.
    pub entry_on: NaiveDate,
    /// The amount; exactly what came back.
    pub amount: Pence,
}

/// It is notified.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Represented {
    /// Number of the new collection.
    pub number: String,
    /// The day it is taken.
    pub entry_on: NaiveDate,
    /// The last day it might be taken.
    pub last_day: NaiveDate,
    /// Whether the payer has five working days' word of it.
    pub five_days_word: bool,
}

/// Presents an unpaid collection again, and writes to the payer with the day.
///
/// # Errors
/// Duty; absent; `DD-09-RUN-STATE` when it did not come back, or is presented again already; `DD-07-…`; `DD-04-AMOUNT` when less is open by now.
pub async fn represent_collection(desk: &Desk, by: &Actor, ask: RepresentCollection) -> Outcome<Represented> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "represent_collection", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let site = site(&mut cmd.tx, org).await?;
        let calendar = england(&cmd.desk);
        let row = collections::collection_numbered(&mut cmd.tx, org, ask.number.trim()).await?;
        let row = row.ok_or_else(|| No::Absent(format!("collection {}", ask.number)))?;
        if row.state != "unpaid" {
            return Err(RUN_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        if let Some(again) = collections::presented_again(&mut cmd.tx, org, row.mandate_id, row.id).await? {
            return Err(RUN_STATE.because(format!("{} is presented again already, as {again}", row.number)).into());
        }
        let entry_on = calendar.next_or_same(ask.entry_on)?;
        let facts = RepresentFacts {
            reason: row.reason_code.clone(),
            first_presented_on: row.first_presented_on.ok_or_else(|| changed(&row.number))?,
            amount: Pence(row.amount_pence),
            asked: ask.amount,
            times_before: row.times_again,
            most: site.agreed.represent_most,
            entry_on,
            today: cmd.today,
        };
        may_represent(&facts, &calendar)?;
        let parts = collections::items_of_collection(&mut cmd.tx, org, row.id).await?;
        if let Some(less) = parts.iter().find(|part| part.open_pence < part.amount_pence) {
            let sentence = format!("Less than {} is open on {}", Pence(less.amount_pence), less.item_number);
            return Err(AMOUNT_DIFFERS.because(sentence).into());
        }
        let mandate = mandate_of(&mut cmd.tx, org, row.mandate_id).await?;
        let payer = Payer::of(cmd, &mandate).await?;
        let with_payer = with_payer_on(cmd, &site, &calendar, &payer)?;
        let five_days_word = calendar.add(with_payer, REPRESENT_NOTICE_DAYS)? <= entry_on;
        let notice = Notice {
            amount: ask.amount,
            collect_on: entry_on,
            parts: parts.iter().map(|p| (p.item_number.clone(), String::new(), p.amount_pence)).collect(),
            changed: once_more(payer.language()).into(),
        };
        let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
        let letter = advance_notice(cmd, &site, &mandate, payer, &notice);
        let letter = one(cmd, &paper, letter).await?;
        let again = CollectionRow {
            letter_id: Some(letter.letter.0),
            again_of: Some(row.id),
            times_again: row.times_again + 1,
            first_presented_on: row.first_presented_on,
            ..new_collection(cmd, &mandate, row.amount_pence, entry_on, with_payer).await?
        };
        let rows = parts.iter().map(|part| (again.id, part.item_id, part.amount_pence)).collect();
        let number = again.number.clone();
        collections::add_collections(&mut cmd.tx, org, vec![again]).await?;
        collections::add_collection_items(&mut cmd.tx, org, rows).await?;
        let last_day = again_until(cmd, &row)?;
        cmd.tell("CollectionRepresented", format!("collection {number}"), &ask);
        Ok(Represented { number, entry_on, last_day, five_days_word })
    })
}
