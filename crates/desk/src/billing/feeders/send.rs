//! A file sent in: read, proved against its totals, judged, and kept with its rejects; nothing is billed yet.
use super::judge::{Read, judge, read};
use super::plan::FeederTotals;
use super::release::{Prepared, Progress};
use super::setup::found;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::{keep_file, refuse_cards};
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::feeders::refusals::{SEEN, STATE, SWITCHED_OFF};
use sundry_domain::billing::feeders::{Totals, agree};
use sundry_domain::control::{Duty, mask_card_numbers};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_formats::intake::changed;
use sundry_store::feeders::FeederRow;
use sundry_store::feeders::files::{self, FeederFileRow};
use sundry_store::feeders::rows;

/// Sends a file in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SendFeederFile {
    /// Idempotency key.
    pub key: String,
    /// The feeder's code.
    pub feeder: String,
    /// The file's name, for people.
    pub file_name: String,
    /// The file: CSV, or a workbook as CSV.
    pub file: Vec<u8>,
    /// Rows the sender says, where the file has no row of totals.
    pub told_rows: Option<i64>,
    /// Sum the sender says.
    pub told_pence: Option<i64>,
    /// The file whose rejects this one puts right; empty for none.
    pub corrects: String,
}

/// A file that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeederFileSent {
    /// Its number.
    pub number: String,
    /// Rows in it.
    pub rows: i64,
    /// Rows that can be billed.
    pub good: i64,
    /// Rows that were sent before and are the same: they are not billed again.
    pub before: i64,
    /// Rows with faults.
    pub rejected: i64,
    /// What the good rows make.
    pub totals: FeederTotals,
}

#[derive(Serialize)]
struct Claim<'a> {
    feeder: &'a str,
    file_name: &'a str,
    file_sha256: &'a str,
    told: (Option<i64>, Option<i64>),
    corrects: &'a str,
}

/// Sends a file in: judged whole, with the reason for each row that cannot be billed. What is good waits for its release.
///
/// # Errors
/// `BIL-08-SEEN` for a file sent before; `BIL-08-CONTROL-TOTALS`; `BIL-08-UNREADABLE`; `BIL-08-SWITCHED-OFF`; no totals.
pub async fn send_feeder_file(desk: &Desk, by: &Actor, ask: SendFeederFile) -> Outcome<FeederFileSent> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("file name", &ask.file_name)])?;
    let sha256 = sha256_hex(&ask.file);
    let claim = Claim {
        feeder: &ask.feeder,
        file_name: &ask.file_name,
        file_sha256: &sha256,
        told: (ask.told_rows, ask.told_pence),
        corrects: &ask.corrects,
    };
    let sent = command!(desk, by, "send_feeder_file", &ask.key, &claim, |cmd| {
        let feeder = found(&mut cmd.tx, by, &ask.feeder).await?;
        if !feeder.active {
            return Err(SWITCHED_OFF.because(format!("{} is switched off", feeder.code)).into());
        }
        if let Some((number, on)) = files::same_file(&mut cmd.tx, cmd.by.org, feeder.id, &sha256).await? {
            let sentence = format!("This file was sent before, as {number} on {}", written(on));
            return Err(SEEN.because(sentence).into());
        }
        let read = read(&feeder, &ask.file)?;
        let told = told(&ask, &read)?;
        agree(told, read.found, read.unread)?;
        take(cmd, &ask, &feeder, (&read, told, &sha256)).await
    })?;
    if sent.rows >= 1_000 {
        // Plans made on old figures would only be slower.
        desk.db().take_stock().await?;
    }
    Ok(sent)
}

/// What the sender says the file comes to: in its row of totals, or on the form. Where both say it, they agree.
fn told(ask: &SendFeederFile, read: &Read) -> Outcome<Totals> {
    let cells = read.trailer.as_deref().unwrap_or_default();
    let filled: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let in_file = match filled.as_slice() {
        [] if read.trailer.is_none() => None,
        [rows, sum, ..] => {
            let rows = rows.replace(',', "").parse().ok();
            let totals = rows.zip(Pence::parse(sum)).map(|(rows, sum)| Totals { rows, pence: sum.0 });
            Some(totals.ok_or_else(|| unclear(cells))?)
        }
        _ => return Err(unclear(cells).into()),
    };
    let mut wrong = Vec::new();
    if in_file.is_none() {
        let mut needs = |field: &str, there: bool, what: &str| {
            if !there {
                wrong.push(Invalid::field(field, format!("Enter {what}: the file has no row of totals"), ""));
            }
        };
        needs("told_rows", ask.told_rows.is_some(), "how many rows the sender says");
        needs("told_sum", ask.told_pence.is_some(), "what the sender says they come to");
    }
    if let Some(told) = in_file {
        if ask.told_rows.is_some_and(|rows| rows != told.rows) {
            let say = format!("The file's row of totals says {}", told.rows);
            wrong.push(Invalid::field("told_rows", say, ask.told_rows.unwrap_or_default().to_string()));
        }
        if ask.told_pence.is_some_and(|sum| sum != told.pence) {
            let say = format!("The file's row of totals says {}", Pence(told.pence));
            wrong.push(Invalid::field("told_sum", say, Pence(ask.told_pence.unwrap_or_default()).pounds()));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let typed = Totals { rows: ask.told_rows.unwrap_or_default(), pence: ask.told_pence.unwrap_or_default() };
    Ok(in_file.unwrap_or(typed))
}

fn unclear(cells: &[String]) -> Invalid {
    let say = "The row of totals must say how many rows there are, then what they come to";
    Invalid::field("file", say, cells.join(","))
}

async fn take(
    cmd: &mut Command,
    ask: &SendFeederFile,
    feeder: &FeederRow,
    (read, told, sha256): (&Read, Totals, &str),
) -> Outcome<FeederFileSent> {
    let org = cmd.by.org;
    let id: i64 = cmd.id();
    let number = format!("FDR-{:06}", cmd.next_number("FDR").await?);
    let judged = judge(cmd, feeder, id, read).await?;
    let kept_sha256 = keep_file(cmd, &ask.file_name, &without_cards(&ask.file)).await?;
    let words = format!("Sent again in {number}");
    if !ask.corrects.trim().is_empty() {
        let old = files::file(&mut cmd.tx, org, ask.corrects.trim()).await?;
        let old = old.filter(|old| old.feeder_id == feeder.id && old.state != "withdrawn").ok_or_else(|| {
            STATE.because(format!("{} has no file {} to put right", feeder.code, ask.corrects.trim()))
        })?;
        rows::settle_file(&mut cmd.tx, org, old.id, &words).await?;
    }
    let sent = FeederFileSent {
        number: number.clone(),
        rows: read.found.rows,
        good: judged.good,
        before: judged.before,
        rejected: judged.rejected,
        totals: judged.totals.clone(),
    };
    let nothing = judged.good == 0;
    let row = FeederFileRow {
        id,
        number: number.clone(),
        feeder_id: feeder.id,
        file_name: ask.file_name.trim().chars().take(120).collect(),
        sha256: sha256.to_owned(),
        kept_sha256,
        state: if nothing { "done" } else { "prepared" }.into(),
        rows_count: read.found.rows,
        rows_pence: read.found.pence,
        told_rows: told.rows,
        told_pence: told.pence,
        unread_count: read.unread,
        good_count: judged.good,
        before_count: judged.before,
        rejected_count: judged.rejected,
        done_count: 0,
        total_count: judged.totals.invoices,
        prepared: serde_json::to_value(Prepared { totals: judged.totals })?,
        totals: serde_json::to_value(Progress::default())?,
        prepared_by: cmd.by.user.0,
        prepared_by_name: cmd.by.name.clone(),
        prepared_on: cmd.today,
        released_by_name: String::new(),
        released_on: None,
        fence: 0,
        holder: String::new(),
        lease_until: None,
        recorded_at: cmd.at,
        ended_at: nothing.then_some(cmd.at),
    };
    files::add_file(&mut cmd.tx, org, row).await?;
    rows::add_rows(&mut cmd.tx, org, judged.rows).await?;
    rows::add_faults(&mut cmd.tx, org, judged.faults).await?;
    rows::settle_rejects(&mut cmd.tx, org, (feeder.id, id), &words).await?;
    cmd.tell("FeederFileSent", format!("feeder file {number}"), &sent);
    Ok(sent)
}

/// The file as it is kept: a payment card number in any cell is masked.
fn without_cards(bytes: &[u8]) -> Vec<u8> {
    let masked = changed(bytes, mask_card_numbers);
    if masked == changed(bytes, str::to_owned) { bytes.to_vec() } else { masked }
}
