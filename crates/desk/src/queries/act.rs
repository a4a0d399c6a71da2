//! Answering a query, handing it over, waiting for the customer, taking it back, opening it again.
use super::categories::hold_days;
use super::hold::{hold, hold_until, items_held, release};
use super::may_work;
use super::raise::nation;
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::QueryId;
use sundry_domain::money::Pence;
use sundry_domain::queries::{QueryAct, QueryState, next_query_state, refusals};
use sundry_domain::refusal::Invalid;
use sundry_store::ledger::ItemRow;
use sundry_store::plans;
use sundry_store::queries::{self, QueryRow};

/// Where a query stands now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueryStands {
    /// Number.
    pub number: String,
    /// open, waiting_for_customer, answered, resolved or withdrawn.
    pub state: String,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
    /// The approval of a credit note that was asked for.
    pub approval: Option<String>,
}

/// Answers a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerQuery {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// The service's answer.
    pub answer: String,
}

/// Answers a query; someone must still resolve it.
///
/// # Errors
/// `QRY-STATE` when it is not open; invalid without words.
pub async fn answer_query(desk: &Desk, by: &Actor, ask: AnswerQuery) -> Outcome<QueryStands> {
    by.must_hold(Duty::AnswerQueries)?;
    if ask.answer.trim().is_empty() || ask.answer.chars().count() > 4_000 {
        return Err(Invalid::field("answer", "Enter the answer, in at most 4,000 characters", &ask.answer).into());
    }
    refuse_cards(&[("answer", &ask.answer)])?;
    command!(desk, by, "answer_query", &ask.key, &ask, |cmd| {
        let mut row = find(cmd, &ask.number).await?;
        row.state = next(&row, QueryAct::Answer)?.as_str().into();
        row.answer = ask.answer.trim().into();
        change(cmd, &row, "QueryAnswered", None).await
    })
}

/// Does something else to a query.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActOnQuery {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// ask_customer, customer_replied, hand_over, extend_hold, withdraw or reopen.
    pub act: String,
    /// A new owner; the same when empty.
    #[serde(default)]
    pub owner: String,
    /// For extend_hold: the new last day of the hold.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// Asks the customer (the clock stands still), notes the reply, withdraws or reopens.
///
/// # Errors
/// `QRY-STATE`; invalid act.
pub async fn act_on_query(desk: &Desk, by: &Actor, ask: ActOnQuery) -> Outcome<QueryStands> {
    may_work(by)?;
    let (act, event) = match ask.act.as_str() {
        "ask_customer" => (Some(QueryAct::AskCustomer), "CustomerAsked"),
        "customer_replied" => (Some(QueryAct::CustomerReplied), "CustomerReplied"),
        "withdraw" => (Some(QueryAct::Withdraw), "QueryWithdrawn"),
        "reopen" => (Some(QueryAct::Reopen), "QueryReopened"),
        "hand_over" => (None, "QueryHandedOver"),
        "extend_hold" => (None, "QueryHoldMoved"),
        other => {
            let say = "Choose ask_customer, customer_replied, hand_over, extend_hold, withdraw or reopen";
            return Err(Invalid::field("act", say, other).into());
        }
    };
    refuse_cards(&[("owner", &ask.owner)])?;
    command!(desk, by, "act_on_query", &ask.key, &ask, |cmd| {
        check_act(&ask, cmd.today)?;
        let mut row = find(cmd, &ask.number).await?;
        if !ask.owner.trim().is_empty() {
            row.owner = ask.owner.trim().into();
        }
        match act {
            Some(act) => row.state = next(&row, act)?.as_str().into(),
            None if !stands(&row)?.holds() => {
                return Err(refusals::STATE.because(format!("{} is over", row.number)).into());
            }
            None => {}
        }
        match act {
            Some(QueryAct::AskCustomer) => row.asked_on = Some(cmd.today),
            Some(QueryAct::CustomerReplied) => wait_over(cmd, desk, &mut row).await?,
            Some(QueryAct::Withdraw) => {
                release(cmd, &row).await?;
                close(cmd, &mut row, "withdrawn");
            }
            Some(_) => again(cmd, &mut row).await?,
            None if ask.act == "extend_hold" => move_hold(cmd, &row, ask.until).await?,
            None => {}
        }
        change(cmd, &row, event, None).await
    })
}

fn check_act(ask: &ActOnQuery, today: NaiveDate) -> Outcome<()> {
    if ask.act == "hand_over" && ask.owner.trim().is_empty() {
        return Err(Invalid::field("owner", "Enter who is to answer", "").into());
    }
    if ask.owner.chars().count() > 200 {
        return Err(Invalid::field("owner", "Enter at most 200 characters", &ask.owner).into());
    }
    if ask.act == "extend_hold" && ask.until.is_none_or(|day| day < today) {
        let typed = ask.until.map(|day| day.to_string()).unwrap_or_default();
        let say = format!("Enter a date on or after {}", today.format("%-d %B %Y"));
        return Err(Invalid::field("until", say, typed).into());
    }
    Ok(())
}

/// A hold that would run out before the query is settled is moved by a person.
async fn move_hold(cmd: &mut Command, row: &QueryRow, until: Option<NaiveDate>) -> Outcome<()> {
    match plans::move_holds_of_query(&mut cmd.tx, cmd.by.org, QueryId(row.id), until).await? {
        0 => Err(refusals::NO_HOLD.because(format!("Nothing of {} is held", row.number)).into()),
        _ => Ok(()),
    }
}

/// Days spent waiting for the customer do not count.
pub(super) async fn wait_over(cmd: &mut Command, desk: &Desk, row: &mut QueryRow) -> Outcome<()> {
    let book = desk.book();
    let calendar = book.calendar(nation(cmd).await?);
    if let Some(asked_on) = row.asked_on.take() {
        row.answer_by = calendar.add(row.answer_by, calendar.between(asked_on, cmd.today)?)?;
    }
    Ok(())
}

/// A query closed too soon holds again what is still open of what it disputed.
pub(super) async fn again(cmd: &mut Command, row: &mut QueryRow) -> Outcome<()> {
    let over = row.resolved_on.take().is_some();
    row.resolution.clear();
    row.cause.clear();
    if row.item_id.is_none() || !over || row.disputed_pence == 0 {
        return Ok(());
    }
    let org = cmd.by.org;
    // Its credit still waits for a yes: then what it disputed has been held all the while.
    if plans::query_is_held(&mut cmd.tx, org, QueryId(row.id)).await? {
        return Ok(());
    }
    let items = items_held(cmd, row).await?;
    let free = |item: &ItemRow| Pence(item.open_pence).minus(Pence(item.disputed_pence)).max(Pence::ZERO);
    let left = items.iter().fold(Pence::ZERO, |sum, item| sum.plus(free(item)));
    let until = hold_until(cmd.today, hold_days(cmd, &row.category).await?);
    hold(cmd, row, &items, Pence(row.disputed_pence).min(left), until).await
}

pub(super) async fn find(cmd: &mut Command, number: &str) -> Outcome<QueryRow> {
    let row = queries::query_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("query {}", number.trim())))
}

fn stands(row: &QueryRow) -> Outcome<QueryState> {
    Ok(QueryState::parse(&row.state).ok_or_else(|| Fault::new("a query's state cannot be read"))?)
}

pub(super) fn next(row: &QueryRow, act: QueryAct) -> Outcome<QueryState> {
    Ok(next_query_state(stands(row)?, act)?)
}

/// Notes how and when it ended.
pub(super) fn close(cmd: &Command, row: &mut QueryRow, resolution: &str) {
    row.resolution = resolution.to_owned();
    row.resolved_on = Some(cmd.today);
}

pub(super) async fn change(
    cmd: &mut Command,
    row: &QueryRow,
    event: &'static str,
    approval: Option<String>,
) -> Outcome<QueryStands> {
    if !queries::change_query(&mut cmd.tx, cmd.by.org, row).await? {
        return Err(refusals::STATE.because(format!("{} was changed by someone else", row.number)).into());
    }
    cmd.tell(event, format!("query {}", row.number), row);
    Ok(QueryStands { number: row.number.clone(), state: row.state.clone(), answer_by: row.answer_by, approval })
}
