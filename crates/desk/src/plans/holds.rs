//! Placing and ending a hold.
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::law::HoldReason;
use sundry_domain::plans::refusals::HOLD_ENDED;
use sundry_domain::plans::running::refusals::{NOTICE_HOLD, PLAN_HOLD, QUESTION_HOLD};
use sundry_domain::refusal::Invalid;
use sundry_store::plans::HoldRow;
use sundry_store::plans::agreed;
use sundry_store::{delivery, ledger, plans};

/// Holds a customer's whole account, or one item of theirs, inside another command, open-ended; gives the hold's id.
pub(crate) async fn hold_for(
    cmd: &mut Command,
    (customer, item): (i64, Option<i64>),
    reason: &str,
    words: &str,
) -> Outcome<i64> {
    let id: HoldId = cmd.id();
    let row = HoldRow {
        id: id.0,
        customer_id: customer,
        item_id: item,
        reason: reason.to_owned(),
        words: words.to_owned(),
        from_on: cmd.today,
        until_on: None,
        ended_on: None,
        owner: cmd.by.name.clone(),
        query_id: None,
        promise_id: None,
        recorded_at: cmd.at,
    };
    plans::add_hold(&mut cmd.tx, cmd.by.org, row).await?;
    cmd.tell("HoldPlaced", format!("hold {}", id.0), reason);
    Ok(id.0)
}

/// Pauses a customer, or one of their items.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlaceHold {
    /// Idempotency key.
    pub key: String,
    /// The customer.
    pub customer: CustomerId,
    /// One item of theirs; none for the whole account.
    pub item: Option<ItemId>,
    /// Stored name of the domain's `HoldReason`.
    pub reason: String,
    /// Last day; none while it is not known.
    pub until: Option<NaiveDate>,
    /// Why, in words.
    pub words: String,
}

/// The hold that was placed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// Its id.
    pub hold: HoldId,
}

impl PlaceHold {
    fn check(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if HoldReason::parse(&self.reason).is_none() {
            wrong.push(Invalid::field("reason", "Choose a reason from the list", &self.reason));
        }
        if self.words.trim().is_empty() {
            wrong.push(Invalid::field("words", "Enter why, in up to 2,000 characters", &self.words));
        }
        wrong.extend(words_wrong(&[("words", &self.words)], 2_000));
        wrong.extend(days_wrong(&[("until", self.until)], today));
        if let Some(until) = self.until.filter(|until| *until < today) {
            let message = format!("Enter a date on or after {}", today.format("%-d %B %Y"));
            wrong.push(Invalid::field("until", message, until.to_string()));
        }
        wrong
    }
}

/// Places a hold.
///
/// # Errors
/// Invalid fields; a customer or item that is not there; a card number in the words.
pub async fn place_hold(desk: &Desk, by: &Actor, ask: PlaceHold) -> Outcome<HoldPlaced> {
    by.must_hold(Duty::WorkCases)?;
    refuse_card_number("words", &ask.words)?;
    command!(desk, by, "place_hold", &ask.key, &ask, |cmd| {
        let wrong = ask.check(cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        must_exist(cmd, ask.customer, ask.item).await?;
        let id: HoldId = cmd.id();
        let row = HoldRow {
            id: id.0,
            customer_id: ask.customer.0,
            item_id: ask.item.map(|item| item.0),
            reason: ask.reason.clone(),
            words: ask.words.trim().to_owned(),
            from_on: cmd.today,
            until_on: ask.until,
            ended_on: None,
            owner: cmd.by.name.clone(),
            query_id: None,
            promise_id: None,
            recorded_at: cmd.at,
        };
        plans::add_hold(&mut cmd.tx, cmd.by.org, row).await?;
        cmd.tell("HoldPlaced", format!("hold {}", id.0), &ask);
        Ok(HoldPlaced { hold: id })
    })
}

/// The customer is ours, and the item is theirs.
pub(super) async fn must_exist(cmd: &mut Command, customer: CustomerId, item: Option<ItemId>) -> Outcome<()> {
    let org = cmd.by.org;
    if delivery::recipients(&mut cmd.tx, org, customer, customer).await?.is_empty() {
        return Err(No::Absent("customer".into()));
    }
    if let Some(item) = item {
        let found = ledger::item(&mut cmd.tx, org, item).await?;
        if found.is_none_or(|row| row.customer_id != customer.0) {
            return Err(No::Absent("item".into()));
        }
    }
    Ok(())
}

/// Ends a hold: from today it holds no more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndHold {
    /// Idempotency key.
    pub key: String,
    /// The hold.
    pub hold: HoldId,
    /// Why, in words.
    pub words: String,
}

/// The hold that was ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoldEnded {
    /// Its id.
    pub hold: HoldId,
    /// The first day it no longer holds.
    pub ended_on: NaiveDate,
}

/// Ends a hold.
///
/// # Errors
/// `PP-HOLD-ENDED` when it was ended before; `PP-HOLD-OF-PLAN` while its plan runs, `PP-HOLD-OF-NOTICE` while a notice
/// is not matched, `PP-HOLD-OF-QUESTION` while a service is asked; a hold that is not there.
pub async fn end_hold(desk: &Desk, by: &Actor, ask: EndHold) -> Outcome<HoldEnded> {
    by.must_hold(Duty::WorkCases)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter why it ends", &ask.words).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 2_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("words", &ask.words)?;
    command!(desk, by, "end_hold", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let found = plans::hold(&mut cmd.tx, org, ask.hold).await?;
        let held = found.ok_or_else(|| No::Absent("hold".into()))?;
        if let Some(plan) = agreed::plan_of_hold(&mut cmd.tx, org, ask.hold.0).await? {
            return Err(PLAN_HOLD.because(format!("This hold belongs to {plan}")).into());
        }
        if let Some((what, number)) = plans::hold_waits_for(&mut cmd.tx, org, ask.hold).await? {
            let kind = if what == "notice" { NOTICE_HOLD } else { QUESTION_HOLD };
            return Err(kind.because(format!("This hold stands while {number} is open")).into());
        }
        if !plans::end_hold(&mut cmd.tx, org, ask.hold, cmd.today).await? {
            return Err(HOLD_ENDED.because("This hold has ended").into());
        }
        let today = cmd.today;
        crate::queries::hold_ended(cmd, &held, ("QueryHoldEnded", today)).await?;
        cmd.tell_why("HoldEnded", format!("hold {}", ask.hold.0), &ask, &ask.words);
        Ok(HoldEnded { hold: ask.hold, ended_on: cmd.today })
    })
}

/// Every hold of a customer and of their items, ended ones too, oldest first.
pub async fn holds(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Vec<HoldRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(plans::holds_of_customer(&mut look, by.org, customer).await?)
}

/// Holds in force today, those that end first at the top, at most `limit`.
pub async fn live_holds(desk: &Desk, by: &Actor, limit: i64) -> Outcome<Vec<HoldRow>> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    Ok(plans::live_holds(&mut look, by.org, today, limit.clamp(1, 10_000)).await?)
}
