//! Files of collection agents: their payments are receipts one by one, and the bank's credit for them is no receipt.
use super::common::{again, find_receipt};
use super::placing::changed;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::cash::intake::suspense_returned;
use sundry_domain::cash::takings::{NOT_ITS_CREDIT, may_be_its_credit};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash::{self, LineSettled};
use sundry_store::takings::{self as store, CreditRow, TakingsFileRow};

/// Most files shown.
const MOST: i64 = 200;

/// What the bank is to show for one account of a file that was imported.
pub(super) struct Expected<'a> {
    pub account: i64,
    pub sha256: &'a str,
    pub name: &'a str,
    pub layout: &'a str,
    pub dated_on: NaiveDate,
    pub payments: i64,
    pub total: Pence,
}

/// Takes note of what the bank is to show; a file that brought nothing new is shown already.
pub(super) async fn expect_credit(cmd: &mut Command, it: Expected<'_>) -> Outcome<()> {
    if it.payments == 0 {
        return Ok(());
    }
    let row = TakingsFileRow {
        id: cmd.id::<i64>(),
        bank_account_id: it.account,
        file_sha256: it.sha256.into(),
        name: it.name.into(),
        layout: it.layout.into(),
        dated_on: it.dated_on,
        payments_count: it.payments,
        total_pence: it.total.0,
        state: "expected".into(),
        bank_line_id: None,
        shown_on: None,
        recorded_at: cmd.at,
    };
    Ok(store::add_takings(&mut cmd.tx, cmd.by.org, &row).await?)
}

/// Files of collection agents, newest first, with whether the bank has shown their credit.
///
/// # Errors
/// Duty.
pub async fn takings(desk: &Desk, by: &Actor) -> Outcome<Vec<TakingsFileRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::takings(&mut look, by.org, MOST).await?)
}

/// Ties a file to the receipt in suspense that is the bank's credit for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TieTakings {
    /// Idempotency key.
    pub key: String,
    /// Id of the file.
    pub takings: i64,
    /// Number of the receipt.
    pub receipt: String,
}

/// A file whose credit the bank has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakingsShown {
    /// Id of the file.
    pub takings: i64,
    /// Its name.
    pub name: String,
    /// The day of the bank's line.
    pub shown_on: NaiveDate,
    /// How much.
    pub total_pence: i64,
}

/// Ties a file to a receipt in suspense of the same sum: its payments were posted when the file came, so it leaves.
///
/// # Errors
/// Duty; absent; `CSH-TAKINGS-TIE`.
pub async fn tie_takings(desk: &Desk, by: &Actor, ask: TieTakings) -> Outcome<TakingsShown> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "tie_takings", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let absent = || No::Absent(format!("payment file {}", ask.takings));
        let file = store::takings_file(&mut cmd.tx, org, ask.takings).await?.ok_or_else(absent)?;
        let mut receipt = find_receipt(&mut cmd.tx, org, &ask.receipt).await?;
        let line = receipt.bank_line_id.filter(|_| receipt.state == "suspense" && file.state == "expected");
        let (Some(line), true) = (line, receipt.amount_pence == file.total_pence) else {
            let (came, sum) = (Pence(receipt.amount_pence), Pence(file.total_pence));
            let state = if file.state == "expected" { "its credit is awaited" } else { "its credit was shown" };
            let sentence =
                format!("{} is {came} and {}; the file comes to {sum} and {state}.", receipt.number, receipt.state);
            return Err(NOT_ITS_CREDIT.because(sentence).into());
        };
        let words = posted_already(&file.name);
        let journal = NewJournal {
            posted_on: cmd.today.max(receipt.received_on),
            event: "TakingsShown",
            source: format!("receipt {}", receipt.number),
            reason: words.clone(),
            customer: None,
            item: None,
            lines: suspense_returned(Pence(receipt.amount_pence)),
        };
        post(cmd, journal).await?;
        (receipt.state, receipt.reason) = ("reversed".into(), words.clone());
        if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
            return Err(changed());
        }
        cash::set_line_state(&mut cmd.tx, org, line, "not_a_receipt", &words).await?;
        shown(cmd, (&file.name, file.id), (line, receipt.received_on), file.total_pence).await
    })
}

fn posted_already(name: &str) -> String {
    format!("The sum of payment file {name}: its payments were posted when the file came.")
}

async fn shown(
    cmd: &mut Command,
    (name, id): (&str, i64),
    (line, on): (i64, NaiveDate),
    total_pence: i64,
) -> Outcome<TakingsShown> {
    if !store::show_takings(&mut cmd.tx, cmd.by.org, id, (line, on)).await? {
        return Err(again("the credit of this payment file was tied meanwhile"));
    }
    let answer = TakingsShown { takings: id, name: name.into(), shown_on: on, total_pence };
    cmd.tell("TakingsShown", format!("payment file {name}"), &answer);
    Ok(answer)
}

/// Before the matcher looks: waiting lines that are the credit of a file are no receipts. Two that fit would be a guess.
pub(super) async fn settle_takings(desk: &Desk, by: &Actor, key: &str) -> Outcome<()> {
    let mut look = desk.look().await?;
    let found = unmistakable(store::possible_credits(&mut look, by.org).await?);
    drop(look);
    if found.is_empty() {
        return Ok(());
    }
    let key = format!("{key}/takings");
    let lines: Vec<i64> = found.iter().map(|one| one.line_id).collect();
    command!(desk, by, "settle_takings", &key, &lines, |cmd| {
        let org = cmd.by.org;
        let settled = |one: &CreditRow| LineSettled {
            line: one.line_id,
            state: "not_a_receipt",
            reason: posted_already(&one.name),
            receipt_id: None,
        };
        let rows: Vec<LineSettled> = found.iter().map(settled).collect();
        if cash::settle_lines(&mut cmd.tx, org, &rows).await? != rows.len() {
            return Err(again("a bank line was settled meanwhile"));
        }
        for one in &found {
            let file = store::takings_file(&mut cmd.tx, org, one.takings_id).await?;
            let total = file.map_or(0, |file| file.total_pence);
            shown(cmd, (&one.name, one.takings_id), (one.line_id, one.posted_on), total).await?;
        }
        Ok(())
    })
}

/// The pairs of line and file of which neither fits another.
fn unmistakable(all: Vec<CreditRow>) -> Vec<CreditRow> {
    let near = |one: &CreditRow| may_be_its_credit((one.dated_on, Pence::ZERO), (one.posted_on, Pence::ZERO));
    let fitting: Vec<CreditRow> = all.into_iter().filter(near).collect();
    let (mut lines, mut files): (HashMap<i64, usize>, HashMap<i64, usize>) = (HashMap::new(), HashMap::new());
    for one in &fitting {
        *lines.entry(one.line_id).or_default() += 1;
        *files.entry(one.takings_id).or_default() += 1;
    }
    fitting.into_iter().filter(|one| lines[&one.line_id] == 1 && files[&one.takings_id] == 1).collect()
}
