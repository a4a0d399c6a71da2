//! Small balances in bulk: looked at first, asked for with count and sum, checked again one by one when approved.
use super::facts::{Debt, criteria_on, known, overdue_since};
use super::write_off::{GiveUp, loss, other_side};
use crate::approvals::{AskForApproval, SMALL_BALANCES, ask_for_approval};
use crate::billing::set_against;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::control::{Duty, LimitedAct, default_limits, limit_of, may_decide};
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::ledger::small_balance_write_off;
use sundry_domain::money::Pence;
use sundry_domain::words::{counted, written};
use sundry_domain::writeoff::desk_refusals::{NOT_AS_READ, NOTHING, SMALL_MAXIMUM};
use sundry_domain::writeoff::{Criteria, WriteOffReason, small_balance, why_not_small};
use sundry_store::Tx;
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::writeoff::losses::add_losses;

/// Balances shown at once; the totals are of all.
const PAGE: usize = 200;
/// Balances in one request.
const MOST: usize = 5_000;

/// Which small balances.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct SmallBalancesAsk {
    /// The greatest balance; the one that is allowed when not said.
    pub maximum: Option<Pence>,
}

/// A balance that would go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SmallOne {
    /// Number of the debt.
    pub number: String,
    /// Account.
    pub customer_number: String,
    /// Name.
    pub customer_name: String,
    /// Service.
    pub service: String,
    /// When due.
    pub due_on: NaiveDate,
    /// What is open.
    pub open_pence: i64,
}

/// Balances that are small enough and stay, by why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    /// Why: owes_more, too_new, money_held, held.
    pub why: String,
    /// In words.
    pub words: String,
    /// How many.
    pub count: i64,
    /// Their sum.
    pub total_pence: i64,
}

/// What would go, and what would stay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SmallBalancesPreview {
    /// The greatest balance asked for.
    pub maximum_pence: i64,
    /// The greatest that is allowed.
    pub allowed_pence: i64,
    /// How many would go.
    pub count: i64,
    /// Their sum.
    pub total_pence: i64,
    /// Customers.
    pub customers: i64,
    /// By service: name, how many, how much.
    pub by_service: Vec<(String, i64, i64)>,
    /// At most 200 of them, the largest first.
    pub rows: Vec<SmallOne>,
    /// What stays.
    pub left_out: Vec<LeftOut>,
}

/// What would go and what would stay; nothing is kept.
///
/// # Errors
/// Duty; `REC-09-SMALL-MAXIMUM` above what is allowed.
pub async fn preview_small_balances(desk: &Desk, by: &Actor, ask: SmallBalancesAsk) -> Outcome<SmallBalancesPreview> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let criteria = criteria_on(&mut look, by.org, today).await?;
    let maximum = maximum_of(ask.maximum, &criteria)?;
    let found = select(&mut look, by.org, today, maximum, &criteria).await?;
    let mut by_service: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for debt in &found.go {
        let of = by_service.entry(debt.row.service.clone()).or_default();
        *of = (of.0 + 1, of.1 + debt.row.open_pence);
    }
    let mut customers: Vec<i64> = found.go.iter().map(|debt| debt.row.customer_id).collect();
    customers.dedup();
    let mut rows: Vec<SmallOne> = found.go.iter().map(one).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.open_pence), row.number.clone()));
    let (count, total_pence) = (rows.len() as i64, rows.iter().map(|row| row.open_pence).sum());
    rows.truncate(PAGE);
    let left_out = found.stay.into_iter().map(|(why, (count, total_pence))| LeftOut {
        words: why_not_small(why).into(),
        why: why.into(),
        count,
        total_pence,
    });
    Ok(SmallBalancesPreview {
        maximum_pence: maximum.0,
        allowed_pence: criteria.small_maximum.0,
        count,
        total_pence,
        customers: customers.len() as i64,
        by_service: by_service.into_iter().map(|(name, (count, pence))| (name, count, pence)).collect(),
        rows,
        left_out: left_out.collect(),
    })
}

fn one(debt: &Debt) -> SmallOne {
    SmallOne {
        number: debt.row.number.clone(),
        customer_number: debt.row.customer_number.clone(),
        customer_name: debt.row.customer_name.clone(),
        service: debt.row.service.clone(),
        due_on: debt.row.due_on,
        open_pence: debt.row.open_pence,
    }
}

fn maximum_of(asked: Option<Pence>, criteria: &Criteria) -> Outcome<Pence> {
    let maximum = asked.unwrap_or(criteria.small_maximum);
    if maximum > criteria.small_maximum || maximum <= Pence::ZERO {
        let sentence = format!("The greatest small balance is {}, not {maximum}", criteria.small_maximum);
        return Err(SMALL_MAXIMUM.because(sentence).into());
    }
    Ok(maximum)
}

/// What goes and what stays.
struct Selected {
    go: Vec<Debt>,
    stay: BTreeMap<&'static str, (i64, i64)>,
}

async fn select(tx: &mut Tx, org: OrgId, today: NaiveDate, maximum: Pence, criteria: &Criteria) -> Outcome<Selected> {
    let debts = known(tx, org, today, overdue_since(today, 0), (0, i64::MAX)).await?;
    let mut selected = Selected { go: Vec::new(), stay: BTreeMap::new() };
    for debt in debts.into_iter().filter(|debt| debt.facts.open <= maximum) {
        let answer = match &debt.schedule {
            Some(_) => Err("held"),
            None => small_balance(&debt.facts, debt.owes, maximum, criteria, today),
        };
        match answer {
            Ok(()) => selected.go.push(debt),
            Err(why) => {
                let of = selected.stay.entry(why).or_default();
                *of = (of.0 + 1, of.1 + debt.row.open_pence);
            }
        }
    }
    Ok(selected)
}

/// Asks to give small balances up in bulk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestSmallBalances {
    /// Idempotency key.
    pub key: String,
    /// The greatest balance.
    pub maximum: Pence,
    /// How many, as the preview said.
    pub count: i64,
    /// Their sum, as the preview said.
    pub total: Pence,
}

/// What waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SmallBalancesAsked {
    /// Approval number.
    pub approval: String,
    /// How many.
    pub count: i64,
    /// Their sum.
    pub total_pence: i64,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    maximum_pence: i64,
    count: i64,
    total_pence: i64,
    items: Vec<(i64, String, i64)>,
}

/// Asks to give up exactly the small balances that the preview showed.
///
/// # Errors
/// Duty; `REC-09-SMALL-MAXIMUM`, `REC-09-NOTHING`, `REC-09-NOT-AS-READ`.
pub async fn request_small_balances(desk: &Desk, by: &Actor, ask: RequestSmallBalances) -> Outcome<SmallBalancesAsked> {
    by.must_hold(Duty::ProposeWriteOff)?;
    command!(desk, by, "request_small_balances", &ask.key, &ask, |cmd| {
        let criteria = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?;
        let maximum = maximum_of(Some(ask.maximum), &criteria)?;
        let found = select(&mut cmd.tx, cmd.by.org, cmd.today, maximum, &criteria).await?.go;
        let total: i64 = found.iter().map(|debt| debt.row.open_pence).sum();
        if found.is_empty() || found.len() > MOST {
            let sentence = format!("{} fit; from 1 to {MOST} can go at once", counted(found.len() as i64, "balance"));
            return Err(NOTHING.because(sentence).into());
        }
        if (found.len() as i64, total) != (ask.count, ask.total.0) {
            let sentence = format!("{} with {} fit by now", counted(found.len() as i64, "balance"), Pence(total));
            return Err(NOT_AS_READ.because(sentence).into());
        }
        let payload = Payload {
            maximum_pence: maximum.0,
            count: ask.count,
            total_pence: total,
            items: found.iter().map(|debt| (debt.row.id, debt.row.number.clone(), debt.row.open_pence)).collect(),
        };
        let request = AskForApproval {
            command: SMALL_BALANCES,
            summary: format!(
                "Write off {} of at most {maximum}: {}",
                counted(ask.count, "small balance"),
                Pence(total)
            ),
            subject: format!("small balances of {}", written(cmd.today)),
            payload: serde_json::to_value(&payload)?,
            amount: Pence(total),
        };
        let approval = ask_for_approval(cmd, request).await?;
        let answer = SmallBalancesAsked { approval: approval.clone(), count: ask.count, total_pence: total };
        cmd.tell("SmallBalancesAsked", format!("approval {approval}"), &answer);
        Ok(answer)
    })
}

/// Posts approved small balances: those that still are what they were, to the expense (GL-02 row 23).
pub(crate) async fn post_small_balances(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let criteria = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?;
    let maximum = maximum_of(Some(Pence(payload.maximum_pence)), &criteria)?;
    let found = select(&mut cmd.tx, cmd.by.org, cmd.today, maximum, &criteria).await?.go;
    let mut found: BTreeMap<i64, Debt> = found.into_iter().map(|debt| (debt.row.id, debt)).collect();
    let limit = limit_of(&cmd.by.roles, LimitedAct::WriteOff, cmd.by.limit, &default_limits());
    let (mut gone, mut sum, mut left, mut above) = (0, 0, Vec::new(), Vec::new());
    for (id, number, open) in &payload.items {
        match found.remove(id).filter(|debt| debt.row.open_pence == *open) {
            None => left.push(number.clone()),
            // What the customer was let off in twelve months counts with it (CTL-02).
            Some(debt) if may_decide(LimitedAct::WriteOff, Pence(*open), debt.before, limit).is_err() => {
                above.push(number.clone());
            }
            Some(debt) => {
                post_one(cmd, approval, &debt).await?;
                (gone, sum) = (gone + 1, sum + open);
            }
        }
    }
    if gone == 0 {
        let why = match above.first() {
            Some(number) => format!("{number} is above your limit with what was given up of its customer before"),
            None => "None of these balances is what it was".into(),
        };
        return Err(NOTHING.because(why).into());
    }
    let detail = serde_json::json!({ "written_off": gone, "total_pence": sum, "left": left, "above": above });
    cmd.tell("SmallBalancesWrittenOff", format!("approval {}", approval.number), detail);
    let mut stay = if left.is_empty() { String::new() } else { format!(", {} left as they changed", left.len()) };
    if !above.is_empty() {
        stay.push_str(&format!(", {} left above your limit", above.len()));
    }
    Ok(format!("{}, {}{stay}", counted(gone, "write-off"), Pence(sum)))
}

async fn post_one(cmd: &mut Command, approval: &ApprovalRow, debt: &Debt) -> Outcome<()> {
    let org = cmd.by.org;
    let amount = Pence(debt.row.open_pence);
    let item = ledger::item(&mut cmd.tx, org, ItemId(debt.row.id)).await?;
    let item: ItemRow = item.ok_or_else(|| crate::Fault::new("a small balance is not there any more"))?;
    let number = format!("WO-{:06}", cmd.next_number("WO").await?);
    let credit: ItemId = cmd.id();
    let journal = NewJournal {
        posted_on: cmd.today,
        event: "SmallBalanceWrittenOff",
        source: format!("write-off {number}"),
        reason: format!("{} written off as a small balance", item.number),
        customer: Some(CustomerId(item.customer_id)),
        item: Some(credit),
        lines: small_balance_write_off(amount),
    };
    let journal = post(cmd, journal).await?;
    let row = other_side(cmd, &item, credit, "write_off", &number, amount.negated(), journal.0);
    ledger::add_items(&mut cmd.tx, org, vec![row]).await?;
    set_against(cmd, &item, credit, amount, format!("Write-off {number}")).await?;
    let words = "Too small to pursue; with others of its kind".to_owned();
    let what = GiveUp {
        item: &item,
        amount,
        reason: WriteOffReason::Uneconomic,
        words: &words,
        method: "small_balance",
        schedule: &approval.number,
        proposed_by: &approval.asked_by_name,
        committee: None,
    };
    let row = loss(cmd, &what, (credit, &number), Pence::ZERO).await?;
    Ok(add_losses(&mut cmd.tx, org, vec![row]).await?)
}
