//! Answering and ending queries (C2 to C4).
use super::may_work;
use super::raise::{hold, nation};
use crate::billing::{CreditLine, ask_credit};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{ItemId, QueryId};
use sundry_domain::money::Pence;
use sundry_domain::queries::{QueryAct, QueryState, next_query_state, refusals};
use sundry_domain::refusal::Invalid;
use sundry_store::ledger;
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

/// Ends a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResolveQuery {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// upheld (a credit note is asked for), explained, rebilled, paid or other.
    pub resolution: String,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// For upheld: lines to credit; all that is left of the invoice when empty.
    #[serde(default)]
    pub credit: Vec<CreditLine>,
    /// For upheld: why the charge is taken back; dispute_agreed when empty.
    #[serde(default)]
    pub credit_reason: String,
}

/// Ends a query: the hold ends, and nothing of it is disputed any more. Upheld, it asks for the credit note too.
///
/// # Errors
/// `QRY-STATE`; what the credit note refuses; invalid fields.
pub async fn resolve_query(desk: &Desk, by: &Actor, ask: ResolveQuery) -> Outcome<QueryStands> {
    by.must_hold(Duty::AnswerQueries)?;
    if !["upheld", "explained", "rebilled", "paid", "other"].contains(&ask.resolution.as_str()) {
        let say = "Choose upheld, explained, rebilled, paid or other";
        return Err(Invalid::field("resolution", say, &ask.resolution).into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "resolve_query", &ask.key, &ask, |cmd| {
        let mut row = find(cmd, &ask.number).await?;
        row.state = next(&row, QueryAct::Resolve)?.as_str().into();
        let approval = if ask.resolution == "upheld" { Some(uphold(cmd, &row, &ask).await?) } else { None };
        end(cmd, &mut row, &ask.resolution).await?;
        if !ask.words.trim().is_empty() {
            row.answer = ask.words.trim().into();
        }
        change(cmd, &row, "QueryResolved", approval).await
    })
}

async fn uphold(cmd: &mut Command, row: &QueryRow, ask: &ResolveQuery) -> Outcome<String> {
    let item = match row.item_id {
        Some(id) => ledger::item(&mut cmd.tx, cmd.by.org, ItemId(id)).await?,
        None => None,
    };
    let item = item.filter(|item| item.kind == "invoice");
    let item = item.ok_or_else(|| refusals::NO_ITEM.because(format!("{} names no invoice to credit", row.number)))?;
    let reason = if ask.credit_reason.is_empty() { "dispute_agreed" } else { &ask.credit_reason };
    let words = format!("{}: {}", row.number, if ask.words.trim().is_empty() { &row.words } else { &ask.words });
    Ok(ask_credit(cmd, &item.number, &ask.credit, reason, &words).await?.approval)
}

/// Does something else to a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActOnQuery {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// ask_customer, customer_replied, withdraw or reopen.
    pub act: String,
    /// A new owner; the same when empty.
    #[serde(default)]
    pub owner: String,
}

/// Asks the customer (the clock stands still), notes the reply, withdraws or reopens.
///
/// # Errors
/// `QRY-STATE`; invalid act.
pub async fn act_on_query(desk: &Desk, by: &Actor, ask: ActOnQuery) -> Outcome<QueryStands> {
    may_work(by)?;
    let (act, event) = match ask.act.as_str() {
        "ask_customer" => (QueryAct::AskCustomer, "CustomerAsked"),
        "customer_replied" => (QueryAct::CustomerReplied, "CustomerReplied"),
        "withdraw" => (QueryAct::Withdraw, "QueryWithdrawn"),
        "reopen" => (QueryAct::Reopen, "QueryReopened"),
        other => {
            let say = "Choose ask_customer, customer_replied, withdraw or reopen";
            return Err(Invalid::field("act", say, other).into());
        }
    };
    refuse_cards(&[("owner", &ask.owner)])?;
    command!(desk, by, "act_on_query", &ask.key, &ask, |cmd| {
        let mut row = find(cmd, &ask.number).await?;
        row.state = next(&row, act)?.as_str().into();
        if !ask.owner.trim().is_empty() {
            row.owner = ask.owner.trim().into();
        }
        match act {
            QueryAct::AskCustomer => row.asked_on = Some(cmd.today),
            QueryAct::CustomerReplied => wait_over(cmd, desk, &mut row).await?,
            QueryAct::Withdraw => end(cmd, &mut row, "withdrawn").await?,
            _ => again(cmd, &mut row).await?,
        }
        change(cmd, &row, event, None).await
    })
}

/// Days spent waiting for the customer do not count.
async fn wait_over(cmd: &mut Command, desk: &Desk, row: &mut QueryRow) -> Outcome<()> {
    let book = desk.book();
    let calendar = book.calendar(nation(cmd).await?);
    if let Some(asked_on) = row.asked_on.take() {
        row.answer_by = calendar.add(row.answer_by, calendar.between(asked_on, cmd.today)?)?;
    }
    Ok(())
}

/// A query closed too soon holds again what is still open of what it disputed.
async fn again(cmd: &mut Command, row: &mut QueryRow) -> Outcome<()> {
    let over = row.resolved_on.take().is_some();
    row.resolution.clear();
    let Some(id) = row.item_id.filter(|_| over && row.disputed_pence > 0) else { return Ok(()) };
    let item = ledger::item(&mut cmd.tx, cmd.by.org, ItemId(id)).await?;
    let item = item.ok_or_else(|| Fault::new("a query names an item that is not there"))?;
    let left = Pence(item.open_pence).minus(Pence(item.disputed_pence)).max(Pence::ZERO);
    hold(cmd, row, &item, Pence(row.disputed_pence).min(left)).await
}

async fn find(cmd: &mut Command, number: &str) -> Outcome<QueryRow> {
    let row = queries::query_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("query {}", number.trim())))
}

fn next(row: &QueryRow, act: QueryAct) -> Outcome<QueryState> {
    let state = QueryState::parse(&row.state).ok_or_else(|| Fault::new("a query's state cannot be read"))?;
    Ok(next_query_state(state, act)?)
}

async fn end(cmd: &mut Command, row: &mut QueryRow, resolution: &str) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    row.resolution = resolution.to_owned();
    row.resolved_on = Some(today);
    plans::end_holds_of_query(&mut cmd.tx, org, QueryId(row.id), today).await?;
    let Some(id) = row.item_id.filter(|_| row.disputed_pence > 0) else { return Ok(()) };
    if let Some(item) = ledger::item(&mut cmd.tx, org, ItemId(id)).await? {
        let left = Pence(item.disputed_pence).minus(Pence(row.disputed_pence)).max(Pence::ZERO);
        ledger::set_disputed(&mut cmd.tx, org, ItemId(id), left).await?;
    }
    Ok(())
}

async fn change(
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
