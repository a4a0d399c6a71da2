//! Deciding promises by what came in, and ending holds that have run out: steps of the daily run.
use crate::core::command::Command;
use crate::core::typed::days_wrong;
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::calendar::{Calendar, Nation};
use sundry_domain::control::Duty;
use sundry_domain::ids::{HoldId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::plans::{Promise, PromiseState, promise_state};
use sundry_domain::refusal::Invalid;
use sundry_store::people::calls::{paid_on_promise_items, promises_with_items};
use sundry_store::plans::PromiseRow;
use sundry_store::{Tx, control, plans};

/// Decides every open promise as at a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecidePromises {
    /// Idempotency key.
    pub key: String,
    /// As at.
    pub on: NaiveDate,
}

/// What came of the promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromisesDecided {
    /// Kept.
    pub kept: i64,
    /// Broken.
    pub broken: i64,
}

/// A promise that is kept or broken.
#[derive(Clone, Debug)]
pub(crate) struct PromiseDecision {
    pub(crate) promise: PromiseRow,
    pub(crate) state: PromiseState,
}

/// Open promises that are kept or broken by a day.
pub(crate) async fn decisions(
    tx: &mut Tx,
    org: OrgId,
    calendar: &Calendar,
    day: NaiveDate,
) -> Outcome<Vec<PromiseDecision>> {
    let open = plans::open_promises(tx, org).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let mut receipts: HashMap<i64, Vec<(NaiveDate, Pence)>> = HashMap::new();
    for (promise, on, amount) in plans::receipts_for_promises(tx, org).await? {
        receipts.entry(promise).or_default().push((on, Pence(amount)));
    }
    // A promise that names debts is kept by what is paid on these, not by any other money.
    for (promise,) in promises_with_items(tx, org).await? {
        receipts.insert(promise, Vec::new());
    }
    for (promise, on, amount) in paid_on_promise_items(tx, org).await? {
        receipts.entry(promise).or_default().push((on, Pence(amount)));
    }
    let mut decided = Vec::new();
    for row in open {
        let promise = Promise { made_on: row.made_on, amount: Pence(row.amount_pence), due_on: row.due_on };
        let came = receipts.get(&row.id).map_or(&[][..], Vec::as_slice);
        let state = promise_state(&promise, came, calendar, day)?;
        if state != PromiseState::Open {
            decided.push(PromiseDecision { promise: row, state });
        }
    }
    Ok(decided)
}

/// Records decisions, ends the holds of the promises, and tells each.
pub(crate) async fn carry_out(
    cmd: &mut Command,
    day: NaiveDate,
    decided: &[PromiseDecision],
) -> Outcome<PromisesDecided> {
    let org = cmd.by.org;
    let mut counts = PromisesDecided::default();
    for one in decided {
        let id = one.promise.id;
        if !plans::decide_promise(&mut cmd.tx, org, id, one.state.as_str(), day).await? {
            continue;
        }
        plans::end_holds_of_promise(&mut cmd.tx, org, id, day).await?;
        let event = match one.state {
            PromiseState::Kept => {
                counts.kept += 1;
                "PromiseKept"
            }
            _ => {
                counts.broken += 1;
                "PromiseBroken"
            }
        };
        let detail =
            serde_json::json!({ "customer": one.promise.customer_id, "amount_pence": one.promise.amount_pence });
        cmd.tell(event, format!("promise {id}"), detail);
    }
    Ok(counts)
}

/// Ends holds that have run out, from the day after their last; how many, at most `limit`.
pub(crate) async fn end_expired(cmd: &mut Command, day: NaiveDate, limit: i64) -> Outcome<i64> {
    let org = cmd.by.org;
    let mut ended = 0;
    for hold in plans::expired_holds(&mut cmd.tx, org, day, limit).await? {
        let after = hold.until_on.and_then(|until| until.succ_opt()).unwrap_or(day);
        if plans::end_hold(&mut cmd.tx, org, HoldId(hold.id), after).await? {
            ended += 1;
            crate::queries::hold_ended(cmd, &hold, ("QueryHoldExpired", after)).await?;
            cmd.tell("HoldExpired", format!("hold {}", hold.id), serde_json::json!({ "reason": hold.reason }));
        }
    }
    Ok(ended)
}

/// Decides every open promise as at a day: kept or broken by what receipts say.
///
/// # Errors
/// A day that has not come: nobody has broken what may still be kept; a calendar that is not loaded for the year.
pub async fn decide_promises(desk: &Desk, by: &Actor, ask: DecidePromises) -> Outcome<PromisesDecided> {
    by.must_hold(Duty::ReleaseRuns)?;
    let mut wrong = days_wrong(&[("on", Some(ask.on))], desk.today());
    if wrong.is_empty() && ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let book = desk.book();
    command!(desk, by, "decide_promises", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
        let nation = Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?;
        let decided = decisions(&mut cmd.tx, org, book.calendar(nation), ask.on).await?;
        let counts = carry_out(cmd, ask.on, &decided).await?;
        cmd.tell("PromisesDecided", format!("promises {}", ask.on), counts);
        Ok(counts)
    })
}
