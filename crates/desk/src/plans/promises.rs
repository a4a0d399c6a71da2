//! Taking a promise to pay, and taking it back.
use super::holds::must_exist;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::ids::{CustomerId, HoldId};
use sundry_domain::law::HoldReason;
use sundry_domain::money::Pence;
use sundry_domain::plans::refusals::{PROMISE_DECIDED, PROMISE_OPEN};
use sundry_domain::plans::{Promise, may_promise, promise_last_day};
use sundry_domain::refusal::Invalid;
use sundry_store::customers::{self, AccountItemRow};
use sundry_store::people::calls::{add_promise_items, promise_items_of};
use sundry_store::plans::{HoldRow, PromiseRow};
use sundry_store::{control, plans};

/// Takes a customer's promise to pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromiseToPay {
    /// Idempotency key.
    pub key: String,
    /// The customer.
    pub customer: CustomerId,
    /// How much.
    pub amount_pence: Pence,
    /// By when.
    pub due_on: NaiveDate,
    /// What was said.
    pub words: String,
}

/// The promise that was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromiseTaken {
    /// Its id.
    pub promise: i64,
    /// The hold it places.
    pub hold: HoldId,
    /// The last day of the hold.
    pub held_until: NaiveDate,
}

/// Takes a promise, and holds the account until three working days after the promised day.
///
/// # Errors
/// `PP-PROMISE-AMOUNT`, `PP-PROMISE-DATE`, `PP-PROMISE-OPEN`; a customer that is not there.
pub async fn promise_to_pay(desk: &Desk, by: &Actor, ask: PromiseToPay) -> Outcome<PromiseTaken> {
    promise_to_pay_for(desk, by, ask, &[]).await
}

/// Takes a promise to pay certain debts: it is kept by what is paid on these.
///
/// # Errors
/// As [`promise_to_pay`]; a number that is not open on the account.
pub async fn promise_to_pay_for(desk: &Desk, by: &Actor, ask: PromiseToPay, items: &[String]) -> Outcome<PromiseTaken> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = words_wrong(&[("words", &ask.words)], 2_000);
    wrong.extend(days_wrong(&[("due_on", Some(ask.due_on))], desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("words", &ask.words)?;
    let asked = (&ask, items);
    if items.is_empty() {
        return command!(desk, by, "promise_to_pay", &ask.key, &ask, |cmd| { take_promise(cmd, &ask, items).await });
    }
    command!(desk, by, "promise_to_pay", &ask.key, &asked, |cmd| { take_promise(cmd, &ask, items).await })
}

/// The same inside another command.
pub(crate) async fn take_promise(cmd: &mut Command, ask: &PromiseToPay, items: &[String]) -> Outcome<PromiseTaken> {
    let org = cmd.by.org;
    must_exist(cmd, ask.customer, None).await?;
    let named = named(cmd, ask.customer, items).await?;
    let owed = match named.as_slice() {
        [] => Pence(plans::owed_by(&mut cmd.tx, org, ask.customer).await?),
        some => Pence(some.iter().map(|item| item.open_pence).sum()),
    };
    let promise = Promise { made_on: cmd.today, amount: ask.amount_pence, due_on: ask.due_on };
    may_promise(&promise, owed)?;
    let before = plans::promises_of_customer(&mut cmd.tx, org, ask.customer).await?;
    if let Some(open) = before.iter().find(|p| p.state == "open") {
        let sentence = format!("A promise of {} is open", Pence(open.amount_pence));
        return Err(PROMISE_OPEN.because(sentence).into());
    }
    let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let nation = Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?;
    let held_until = promise_last_day(&promise, cmd.desk.book().calendar(nation))?;
    let (id, hold) = (cmd.id::<i64>(), cmd.id::<HoldId>());
    let row = promise_row(id, ask, cmd);
    plans::add_promise(&mut cmd.tx, org, &row).await?;
    let rows = named.iter().map(|item| (id, item.id, item.number.clone())).collect();
    add_promise_items(&mut cmd.tx, org, rows).await?;
    let held = |hold: HoldId, item: Option<i64>| HoldRow {
        id: hold.0,
        customer_id: ask.customer.0,
        item_id: item,
        reason: HoldReason::Promise.as_str().into(),
        words: format!("Promised {} by {}", ask.amount_pence, ask.due_on.format("%-d %B %Y")),
        from_on: cmd.today,
        until_on: Some(held_until),
        ended_on: None,
        owner: cmd.by.name.clone(),
        query_id: None,
        promise_id: Some(id),
        recorded_at: cmd.at,
    };
    // What they promised nothing for is asked for still.
    let mut holds = vec![held(hold, named.first().map(|item| item.id))];
    holds.extend(named.iter().skip(1).map(|item| held(cmd.id(), Some(item.id))));
    plans::add_holds(&mut cmd.tx, org, holds).await?;
    cmd.tell("PromiseTaken", format!("promise {id}"), ask);
    Ok(PromiseTaken { promise: id, hold, held_until })
}

/// The debts a promise names, each open on the account, and each once however often it is named.
async fn named(cmd: &mut Command, customer: CustomerId, items: &[String]) -> Outcome<Vec<AccountItemRow>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let open = customers::account_items(&mut cmd.tx, cmd.by.org, customer).await?;
    let mut named = Vec::new();
    for number in items {
        let found = open.iter().find(|item| item.number == number.trim() && item.open_pence > 0);
        let say = || Invalid::field("items", "Choose items that are open on this account", number);
        let item = found.cloned().ok_or_else(say)?;
        if !named.iter().any(|one: &AccountItemRow| one.id == item.id) {
            named.push(item);
        }
    }
    Ok(named)
}

fn promise_row(id: i64, ask: &PromiseToPay, cmd: &Command) -> PromiseRow {
    PromiseRow {
        id,
        customer_id: ask.customer.0,
        amount_pence: ask.amount_pence.0,
        made_on: cmd.today,
        due_on: ask.due_on,
        state: "open".into(),
        decided_on: None,
        words: ask.words.trim().to_owned(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    }
}

/// Takes a promise back: it was misheard, or the customer withdrew it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawPromise {
    /// Idempotency key.
    pub key: String,
    /// The promise.
    pub promise: i64,
    /// Why.
    pub words: String,
}

/// The promise that was withdrawn.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromiseWithdrawn {
    /// Its id.
    pub promise: i64,
}

/// Withdraws an open promise and ends its hold.
///
/// # Errors
/// `PP-PROMISE-DECIDED`; a promise that is not there.
pub async fn withdraw_promise(desk: &Desk, by: &Actor, ask: WithdrawPromise) -> Outcome<PromiseWithdrawn> {
    by.must_hold(Duty::WorkCases)?;
    let wrong = words_wrong(&[("words", &ask.words)], 2_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("words", &ask.words)?;
    command!(desk, by, "withdraw_promise", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let row = plans::promise(&mut cmd.tx, org, ask.promise).await?;
        let row = row.ok_or_else(|| No::Absent("promise".into()))?;
        if !plans::decide_promise(&mut cmd.tx, org, ask.promise, "withdrawn", today).await? {
            return Err(PROMISE_DECIDED.because(format!("This promise is {}", row.state)).into());
        }
        plans::end_holds_of_promise(&mut cmd.tx, org, ask.promise, today).await?;
        cmd.tell_why("PromiseWithdrawn", format!("promise {}", ask.promise), &ask, &ask.words);
        Ok(PromiseWithdrawn { promise: ask.promise })
    })
}

/// Every promise of a customer, newest first.
pub async fn promises(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Vec<PromiseRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(plans::promises_of_customer(&mut look, by.org, customer).await?)
}

/// The debts that a customer's promises name: promise and number.
pub async fn promised_items(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Vec<(i64, String)>> {
    by.must_hold(Duty::View)?;
    let rows = promise_items_of(&mut desk.look().await?, by.org, customer).await?;
    Ok(rows.into_iter().map(|(promise, _, number)| (promise, number)).collect())
}
