//! Files as they stand, their invoices, and the row behind each line of an invoice.
use super::plan::FeederTotals;
use super::release::{Prepared, Progress};
use super::setup::may_look;
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use sundry_domain::control::Duty;
use sundry_store::feeders::files::{self, FeederFileRow, FileInvoice};
use sundry_store::feeders::rows::{self, BehindLine};
use sundry_store::feeders::{FeederRow, feeder_of, feeders};

/// A fault, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultSeen {
    /// Row as a spreadsheet numbers it.
    pub row: i64,
    /// Which field; empty for the whole row.
    pub field: String,
    /// Kind of fault.
    pub code: String,
    /// The value as given.
    pub given: String,
    /// What would be right.
    pub right: String,
    /// Whether the row still waits to be put right.
    pub waits: bool,
}

/// A file as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeederFileShown {
    /// Number.
    pub number: String,
    /// The feeder's code.
    pub feeder: String,
    /// Its name.
    pub feeder_name: String,
    /// Who puts rejects right.
    pub rejects_to: String,
    /// The file's name.
    pub file_name: String,
    /// prepared, releasing, stopped, done or withdrawn.
    pub state: String,
    /// Rows in it.
    pub rows: i64,
    /// What they come to, as far as amounts can be read.
    pub rows_pence: i64,
    /// Rows the sender says.
    pub told_rows: i64,
    /// Sum the sender says.
    pub told_pence: i64,
    /// Rows whose amount cannot be read.
    pub unread: i64,
    /// Rows that can be billed.
    pub good: i64,
    /// Rows sent before.
    pub before: i64,
    /// Rows with faults.
    pub rejected: i64,
    /// Rows with faults that still wait.
    pub waiting: i64,
    /// Invoices done.
    pub done_count: i64,
    /// Invoices in all.
    pub total_count: i64,
    /// What the good rows make.
    pub prepared: FeederTotals,
    /// What was posted.
    pub totals: FeederTotals,
    /// The first invoice.
    pub first_number: String,
    /// The last invoice.
    pub last_number: String,
    /// What the ledger holds of it; none until it is proved.
    pub ledger_pence: Option<i64>,
    /// Who sent it in.
    pub prepared_by: String,
    /// When.
    pub prepared_on: NaiveDate,
    /// Who released it.
    pub released_by: String,
    /// When.
    pub released_on: Option<NaiveDate>,
    /// Rows by kind of fault.
    pub kinds: BTreeMap<String, i64>,
    /// Faults by row, at most 1,000; none in a list of files.
    pub faults: Vec<FaultSeen>,
}

/// Which files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeederFilesAsk {
    /// Of one feeder; empty for all.
    pub feeder: String,
    /// Of one state; empty for all.
    pub state: String,
}

/// Faults that are shown of one file.
const SHOWN: usize = 1_000;

fn shown(row: FeederFileRow, feeder: Option<&FeederRow>) -> Outcome<FeederFileShown> {
    let (state, prepared): (Progress, Prepared) =
        (serde_json::from_value(row.totals)?, serde_json::from_value(row.prepared)?);
    Ok(FeederFileShown {
        number: row.number,
        feeder: feeder.map(|one| one.code.clone()).unwrap_or_default(),
        feeder_name: feeder.map(|one| one.name.clone()).unwrap_or_default(),
        rejects_to: feeder.map(|one| one.rejects_to.clone()).unwrap_or_default(),
        file_name: row.file_name,
        state: row.state,
        rows: row.rows_count,
        rows_pence: row.rows_pence,
        told_rows: row.told_rows,
        told_pence: row.told_pence,
        unread: row.unread_count,
        good: row.good_count,
        before: row.before_count,
        rejected: row.rejected_count,
        waiting: 0,
        done_count: row.done_count,
        total_count: row.total_count,
        prepared: prepared.totals,
        totals: state.totals,
        first_number: state.first_number,
        last_number: state.last_number,
        ledger_pence: state.ledger_pence,
        prepared_by: row.prepared_by_name,
        prepared_on: row.prepared_on,
        released_by: row.released_by_name,
        released_on: row.released_on,
        kinds: BTreeMap::new(),
        faults: Vec::new(),
    })
}

/// A file as it stands.
///
/// # Errors
/// Absent when there is no such file here.
pub async fn feeder_file(desk: &Desk, by: &Actor, number: &str) -> Outcome<FeederFileShown> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let row = files::file(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("feeder file {}", number.trim())))?;
    let feeder = feeder_of(&mut look, by.org, row.feeder_id).await?;
    let waiting = rows::rejected_rows(&mut look, by.org, row.id).await?;
    let faults = rows::faults_of_file(&mut look, by.org, row.id).await?;
    let mut shown = shown(row, feeder.as_ref())?;
    shown.waiting = waiting.len() as i64;
    for fault in faults.iter().filter(|fault| fault.seq == 1) {
        *shown.kinds.entry(format!("{} {}", fault.field, fault.code).trim().to_owned()).or_default() += 1;
    }
    let seen = faults.into_iter().take(SHOWN).map(|fault| FaultSeen {
        waits: waiting.binary_search(&fault.row_number).is_ok(),
        row: fault.row_number,
        field: fault.field,
        code: fault.code,
        given: fault.given,
        right: fault.right_words,
    });
    shown.faults = seen.collect();
    Ok(shown)
}

/// Files, newest first, at most 200; the faults of each are shown with the file itself.
pub async fn feeder_files(desk: &Desk, by: &Actor, ask: FeederFilesAsk) -> Outcome<Vec<FeederFileShown>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let known: HashMap<i64, FeederRow> =
        feeders(&mut look, by.org).await?.into_iter().map(|feeder| (feeder.id, feeder)).collect();
    let code = ask.feeder.trim().to_uppercase();
    let mut all = Vec::new();
    for row in files::files(&mut look, by.org, 200).await? {
        let feeder = known.get(&row.feeder_id);
        let of_it = code.is_empty() || feeder.is_some_and(|one| one.code == code);
        if of_it && (ask.state.is_empty() || row.state == ask.state) {
            all.push(shown(row, feeder)?);
        }
    }
    Ok(all)
}

/// The invoices that a file made, after an id.
///
/// # Errors
/// Absent when there is no such file here.
pub async fn feeder_file_invoices(
    desk: &Desk,
    by: &Actor,
    number: &str,
    (after, limit): (i64, i64),
) -> Outcome<Vec<FileInvoice>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = files::file(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("feeder file {}", number.trim())))?;
    Ok(files::invoices_of_file(&mut look, by.org, row.id, (after, limit.clamp(1, 1_001))).await?)
}

/// The rows of files behind the lines of an invoice (BIL-17).
pub async fn behind_invoice(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<BehindLine>> {
    by.must_hold(Duty::View)?;
    Ok(rows::behind_invoice(&mut desk.look().await?, by.org, number.trim()).await?)
}
