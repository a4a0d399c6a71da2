//! Statements on demand: everyone with a balance, or those asked for; a preview, then letters piece by piece (DEL-05).
use super::day::{PlannedRefusal, customers_in_chunk};
use super::facts::{CustomerDay, DayContext, Loaded, context, load, parked};
use super::letters::{STATEMENT, statement, to_write};
use crate::core::command::Command;
use crate::delivery::{Progress, Stationery, compose, stationery};
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, OrgId, RunId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::decide_statement;
use sundry_domain::recovery::refusals::STATEMENT_TODAY;
use sundry_domain::refusal::Invalid;
use sundry_store::{Tx, recovery};

/// Rows of a preview at most.
const SHOWN: usize = 200;

/// Which accounts get a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatementsAsk {
    /// Only balances of at least this; a balance that is nil or a credit never gets one.
    pub at_least_pence: Pence,
    /// Only these account numbers; everyone where empty.
    pub accounts: Vec<String>,
}

/// A statement that would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementPlanned {
    /// Account.
    pub number: String,
    /// Its name.
    pub name: String,
    /// post, email or held.
    pub way: String,
    /// The balance.
    pub balance_pence: i64,
}

/// What a run would write today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementsPreview {
    /// Statements.
    pub count: i64,
    /// Their balances.
    pub total_pence: i64,
    /// How many by each way.
    pub ways: BTreeMap<String, i64>,
    /// Accounts looked at that have no balance to pay, or less than was asked for.
    pub without: i64,
    /// How many each rule keeps back, by code.
    pub refused: BTreeMap<String, i64>,
    /// The first two hundred.
    pub rows: Vec<StatementPlanned>,
    /// The first two hundred kept back, with the rule.
    pub kept_back: Vec<PlannedRefusal>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementsWritten {
    /// Statements.
    pub count: i64,
    /// Their balances.
    pub total_pence: i64,
    /// Kept back by a rule, or that could not be written.
    pub refused: i64,
}

fn check(ask: &StatementsAsk) -> Outcome<()> {
    if ask.at_least_pence < Pence::ZERO {
        return Err(Invalid::field("at_least", "Enter an amount of nil or more", ask.at_least_pence.pounds()).into());
    }
    if ask.accounts.len() > 1_000 {
        let words = "Name at most 1,000 accounts, or none for everyone";
        return Err(Invalid::field("accounts", words, ask.accounts.len().to_string()).into());
    }
    Ok(())
}

/// Everyone with something open after an account, or those named.
async fn due(tx: &mut Tx, org: OrgId, ask: &StatementsAsk, after: CustomerId) -> Outcome<Vec<CustomerId>> {
    if ask.accounts.is_empty() {
        let ever = NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or(NaiveDate::MAX);
        return Ok(recovery::customers_due(tx, org, ever, after).await?);
    }
    let mut all = BTreeSet::new();
    for number in &ask.accounts {
        let absent = || Invalid::field("accounts", format!("There is no account {number}"), number.as_str());
        let row = sundry_store::customers::customer_numbered(tx, org, number.trim()).await?.ok_or_else(absent)?;
        all.insert(CustomerId(row.id));
    }
    Ok(all.into_iter().filter(|customer| *customer > after).collect())
}

/// What came of one account.
enum Decided {
    Write(Pence),
    Without,
    No(Box<PlannedRefusal>),
}

fn decide(context: &DayContext, customer: &CustomerDay<'_>, ask: &StatementsAsk) -> Decided {
    let whose = || (CustomerId(customer.to.row.id), customer.to.row.number.clone(), customer.to.row.name.clone());
    let balance = Pence(customer.open.iter().map(|row| row.open_pence).sum());
    let no = |refusal| {
        let (customer, customer_number, customer_name) = whose();
        let step_code = STATEMENT.to_owned();
        Decided::No(Box::new(PlannedRefusal {
            customer,
            customer_number,
            customer_name,
            item: None,
            step_code,
            refusal,
        }))
    };
    if balance < ask.at_least_pence {
        return Decided::Without;
    }
    match decide_statement(&customer.case, &context.site, context.day) {
        None => Decided::Without,
        Some(Err(refusal)) => no(refusal),
        Some(Ok(())) if customer.had_statement => {
            no(STATEMENT_TODAY.because(format!("{} had a statement today", customer.to.row.number)))
        }
        Some(Ok(())) => Decided::Write(balance),
    }
}

/// A piece of the accounts, decided.
async fn piece<'a>(
    tx: &mut Tx,
    context: &'a DayContext,
    ask: &StatementsAsk,
    chunk: &[CustomerId],
) -> Outcome<Vec<(Option<CustomerDay<'a>>, Decided)>> {
    // A range would bring those between the named accounts too, so named ones are loaded one by one.
    let ranges: Vec<&[CustomerId]> = if ask.accounts.is_empty() { vec![chunk] } else { chunk.chunks(1).collect() };
    let mut all = Vec::with_capacity(chunk.len());
    for range in ranges {
        let Loaded { days, parked } = load(tx, context, range).await?;
        all.extend(parked.into_iter().map(|one| (None, Decided::No(Box::new(one)))));
        all.extend(days.into_iter().filter(|day| !day.joint).map(|day| {
            let decided = decide(context, &day, ask);
            (Some(day), decided)
        }));
    }
    Ok(all)
}

/// What a run of statements would write today; changes nothing.
///
/// # Errors
/// Duty; an account that is not there; a calendar that is not loaded for today's year.
pub async fn preview_statements(desk: &Desk, by: &Actor, ask: &StatementsAsk) -> Outcome<StatementsPreview> {
    by.must_hold(Duty::View)?;
    check(ask)?;
    let mut look = desk.look().await?;
    let context = context(&mut look, desk, by.org, desk.today()).await?;
    let all = due(&mut look, by.org, ask, CustomerId(0)).await?;
    let mut seen = StatementsPreview::default();
    for chunk in all.chunks(customers_in_chunk(all.len())) {
        for (day, decided) in piece(&mut look, &context, ask, chunk).await? {
            match (day, decided) {
                (Some(day), Decided::Write(balance)) => seen.planned(&context, &day, balance),
                (_, Decided::No(no)) => seen.kept(*no),
                _ => seen.without += 1,
            }
        }
    }
    Ok(seen)
}

impl StatementsPreview {
    fn planned(&mut self, context: &DayContext, day: &CustomerDay<'_>, balance: Pence) {
        let way = statement(context, day).way;
        self.count += 1;
        self.total_pence += balance.0;
        *self.ways.entry(way.clone()).or_default() += 1;
        if self.rows.len() < SHOWN {
            let (number, name) = (day.to.row.number.clone(), day.to.row.name.clone());
            self.rows.push(StatementPlanned { number, name, way, balance_pence: balance.0 });
        }
    }

    fn kept(&mut self, no: PlannedRefusal) {
        *self.refused.entry(no.refusal.code.clone()).or_default() += 1;
        if self.kept_back.len() < SHOWN {
            self.kept_back.push(no);
        }
    }
}

/// Writes statements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendStatements {
    /// Idempotency key.
    pub key: String,
    /// To whom.
    pub ask: StatementsAsk,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct PieceDone {
    last: CustomerId,
    looked: i64,
    left: i64,
    count: i64,
    total_pence: i64,
    refused: i64,
}

/// Writes statements piece by piece, each piece a transaction; asked again with the same key it goes on where it was,
/// and nobody gets two on a day.
///
/// # Errors
/// Duty; an account that is not there; a calendar that is not loaded for today's year.
pub async fn send_statements(
    desk: &Desk,
    by: &Actor,
    send: SendStatements,
    progress: Progress<'_>,
) -> Outcome<StatementsWritten> {
    by.must_hold(Duty::ReleaseRuns)?;
    check(&send.ask)?;
    let mut look = desk.look().await?;
    let paper = stationery(&mut look, by.org, desk.today()).await?;
    let context = context(&mut look, desk, by.org, desk.today()).await?;
    due(&mut look, by.org, &send.ask, CustomerId(0)).await?;
    drop(look);
    let (mut written, mut after, mut looked) = (StatementsWritten::default(), CustomerId(0), 0);
    loop {
        let key = format!("{}/{}", send.key, after.0);
        let done: PieceDone = command!(desk, by, "send_statements", &key, &(after, &send.ask), |cmd| {
            write_piece(cmd, &context, &paper, &send.ask, after).await
        })?;
        written.count += done.count;
        written.total_pence += done.total_pence;
        written.refused += done.refused;
        (after, looked) = (done.last, looked + done.looked);
        progress(looked, looked + done.left);
        if done.left == 0 {
            return Ok(written);
        }
    }
}

async fn write_piece(
    cmd: &mut Command,
    context: &DayContext,
    paper: &Stationery,
    ask: &StatementsAsk,
    after: CustomerId,
) -> Outcome<PieceDone> {
    let org = cmd.by.org;
    let all = due(&mut cmd.tx, org, ask, after).await?;
    let chunk = &all[..all.len().min(customers_in_chunk(all.len()))];
    let (mut letters, mut whose, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (day, decided) in piece(&mut cmd.tx, context, ask, chunk).await? {
        match (day, decided) {
            (Some(day), Decided::Write(balance)) => {
                let letter = to_write(&day, &statement(context, &day), RunId(0));
                whose.push((CustomerId(day.to.row.id), day.to.row.number.clone(), day.to.row.name.clone(), balance));
                letters.push(crate::delivery::NewLetter { run: None, ..letter });
            }
            (_, Decided::No(no)) => refused.push(*no),
            _ => {}
        }
    }
    let mut done = PieceDone {
        last: chunk.last().copied().unwrap_or(after),
        looked: chunk.len() as i64,
        left: (all.len() - chunk.len()) as i64,
        count: 0,
        total_pence: 0,
        refused: 0,
    };
    for (one, (customer, number, name, balance)) in compose(cmd, paper, letters).await?.into_iter().zip(whose) {
        match one {
            Ok(_) => (done.count, done.total_pence) = (done.count + 1, done.total_pence + balance.0),
            Err(why) => refused.push(parked((customer, number, name), STATEMENT, why)),
        }
    }
    done.refused = refused.len() as i64;
    let kept: Vec<(&str, &str)> =
        refused.iter().map(|one| (one.customer_number.as_str(), one.refusal.code.as_str())).collect();
    cmd.tell("StatementsWritten", "statements", serde_json::json!({ "written": done, "kept_back": kept, "ask": ask }));
    Ok(done)
}
