//! Rejects: who has them, since when, as a file to put right, and set aside with a reason.
use super::setup::may_look;
use crate::core::outcome::No;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::billing::feeders::refusals::NO_REJECT;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::intake::{Said, rows_with};
use sundry_store::feeders::files::file;
use sundry_store::feeders::rows::{self, RejectRow};

/// Rejects of a file as a table: the sender's own columns, and what is wrong with each row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectsTable {
    /// The file.
    pub number: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

/// The rows of a file that still wait to be put right, as they were sent, each with what would be right.
///
/// # Errors
/// Absent when there is no such file here.
pub async fn rejects_table(desk: &Desk, by: &Actor, number: &str) -> Outcome<RejectsTable> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let row = file(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("feeder file {}", number.trim())))?;
    let waiting: BTreeSet<i64> = rows::rejected_rows(&mut look, by.org, row.id).await?.into_iter().collect();
    let mut said: BTreeMap<usize, Vec<Said>> = BTreeMap::new();
    for fault in rows::faults_of_file(&mut look, by.org, row.id).await? {
        if waiting.contains(&fault.row_number) {
            let about = (fault.field, fault.given, fault.right_words);
            said.entry(fault.row_number as usize).or_default().push(about);
        }
    }
    drop(look);
    let bytes = desk.files().get(by.org.0, &row.kept_sha256)?;
    let mut all = rows_with(&bytes, &said);
    let headings = if all.is_empty() { Vec::new() } else { all.remove(0) };
    Ok(RejectsTable { number: row.number, headings, rows: all })
}

/// Rejects that wait, oldest first, at most 1,000; of one feeder, or of all.
pub async fn rejects_list(desk: &Desk, by: &Actor, feeder: &str) -> Outcome<Vec<RejectRow>> {
    may_look(by)?;
    let code = feeder.trim().to_uppercase();
    Ok(rows::rejects(&mut desk.look().await?, by.org, &code, 1_000).await?)
}

/// Sets a reject aside: it will not be billed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetRejectAside {
    /// Idempotency key.
    pub key: String,
    /// The file.
    pub number: String,
    /// Row as a spreadsheet numbers it.
    pub row: i64,
    /// Why.
    pub reason: String,
}

/// A reject that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideSet {
    /// The file.
    pub number: String,
    /// The row.
    pub row: i64,
}

/// Sets a reject aside.
///
/// # Errors
/// No reason; `BIL-08-NO-REJECT` where none waits.
pub async fn set_reject_aside(desk: &Desk, by: &Actor, ask: SetRejectAside) -> Outcome<AsideSet> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("reason", &ask.reason)])?;
    let reason = ask.reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(
            Invalid::field("reason", "Enter why it is not billed, in at most 200 characters", &ask.reason).into()
        );
    }
    command!(desk, by, "set_reject_aside", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let number = ask.number.trim();
        let row = file(&mut cmd.tx, org, number).await?;
        let row = row.ok_or_else(|| No::Absent(format!("feeder file {number}")))?;
        let words = format!("{reason} ({})", cmd.by.name);
        if !rows::set_aside(&mut cmd.tx, org, (row.id, ask.row), &words).await? {
            return Err(NO_REJECT.because(format!("Row {} of {number} is no reject that waits", ask.row)).into());
        }
        cmd.tell("RejectSetAside", format!("feeder file {number}"), &ask);
        Ok(AsideSet { number: number.to_owned(), row: ask.row })
    })
}
