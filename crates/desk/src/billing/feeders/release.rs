//! A file's good rows billed: piece by piece, each a command of its own, so that a release killed anywhere goes on where
//! it was; and proved against the ledger before it is done.
use super::super::lease::{LEASE_SECONDS, Watch, patience, second_person};
use super::super::many::post_invoices;
use super::FeederProgress;
use super::plan::{Facts, FeederTotals, plan};
use super::show::{FeederFileShown, feeder_file};
use crate::core::command::Command;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::feeders::refusals::{NOTHING, STATE, TAKEN_OVER, UNPROVED};
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::OWN_WORK;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::feeders::files::{self, FeederFileRow};
use sundry_store::feeders::rows::{self, ChargeRow, FaultRow};
use sundry_store::feeders::{FeederRow, feeder_of};

/// Invoices in one piece.
const CHUNK: i64 = 200;

/// Releases a file, or lets a stopped one go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReleaseFeederFile {
    /// Idempotency key.
    pub key: String,
    /// The file.
    pub number: String,
}

/// Stops or withdraws a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnFeederFile {
    /// Idempotency key.
    pub key: String,
    /// The file.
    pub number: String,
}

/// A file that was stopped or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeederFileTurned {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
}

/// What is kept of the preview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Prepared {
    pub(super) totals: FeederTotals,
}

/// What is kept with a file: its totals, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    pub(super) totals: FeederTotals,
    pub(super) chunks: i64,
    pub(super) last_place: i64,
    pub(super) first_number: String,
    pub(super) last_number: String,
    pub(super) ledger_pence: Option<i64>,
    pub(super) proved: bool,
}

/// Releases a file: its good rows are billed. Asked again, or after a crash or a stop, it goes on where it was; once done,
/// it answers with what was done.
///
/// # Errors
/// `CTL-01-OWN-WORK` where the settings ask for a second person; `BIL-08-STATE` of a withdrawn file; `BIL-08-TAKEN-OVER`
/// when another worker has taken it or someone stopped it; `BIL-08-UNPROVED` when the ledger does not agree.
pub async fn release_feeder_file(
    desk: &Desk,
    by: &Actor,
    ask: ReleaseFeederFile,
    progress: FeederProgress<'_>,
) -> Outcome<FeederFileShown> {
    by.must_hold(Duty::ReleaseRuns)?;
    let number = ask.number.trim().to_owned();
    let row = read(desk, by, &number).await?;
    if row.state == "done" {
        if row.good_count == 0 {
            return Err(NOTHING.because(format!("No row of {number} can be billed")).into());
        }
        return feeder_file(desk, by, &number).await;
    }
    open(desk, by, &ask, &number).await?;
    if let Some(mine) = take(desk, by, &number).await? {
        work(desk, by, mine, progress).await?;
        if row.good_count >= 1_000 {
            // Plans made on old figures would only be slower.
            desk.db().take_stock().await?;
        }
    }
    feeder_file(desk, by, &number).await
}

async fn read(desk: &Desk, by: &Actor, number: &str) -> Outcome<FeederFileRow> {
    let row = files::file(&mut desk.look().await?, by.org, number).await?;
    row.ok_or_else(|| No::Absent(format!("feeder file {number}")))
}

/// Opens a file that waits or was stopped.
async fn open(desk: &Desk, by: &Actor, ask: &ReleaseFeederFile, number: &str) -> Outcome<()> {
    let key = format!("{}/open", ask.key);
    let opened: bool = command!(desk, by, "release_feeder_file", &key, ask, |cmd| {
        let org = cmd.by.org;
        let row = files::file(&mut cmd.tx, org, number).await?;
        let row = row.ok_or_else(|| No::Absent(format!("feeder file {number}")))?;
        if row.state == "withdrawn" {
            return Err(STATE.because(format!("{number} was withdrawn")).into());
        }
        if second_person(cmd).await? && row.prepared_by == cmd.by.user.0 {
            let sentence = format!("You sent {number} in: someone else releases it");
            return Err(OWN_WORK.because(sentence).into());
        }
        let opens = row.state == "prepared" || row.state == "stopped";
        if opens {
            let (released_by_name, released_on) = (cmd.by.name.clone(), Some(cmd.today));
            let open = FeederFileRow { state: "releasing".into(), released_by_name, released_on, ..row };
            files::save_file(&mut cmd.tx, org, &open).await?;
        }
        cmd.tell("FeederFileReleased", format!("feeder file {number}"), serde_json::json!({ "opened": opens }));
        Ok(opens)
    })?;
    // A key that was answered before the file was stopped: it must be opened by another.
    if !opened && read(desk, by, number).await?.state == "stopped" {
        return Err(STATE.because(format!("{number} was stopped")).into());
    }
    Ok(())
}

/// Takes a file, or waits while another worker gets on with it; none when it has ended.
async fn take(desk: &Desk, by: &Actor, number: &str) -> Outcome<Option<FeederFileRow>> {
    let mut watch = Watch::new();
    loop {
        let row = read(desk, by, number).await?;
        if row.state == "stopped" {
            return Err(STATE.because(format!("{number} was stopped")).into());
        }
        if row.state != "releasing" {
            return Ok(None);
        }
        let held = (row.holder.as_str(), row.lease_until);
        if watch.is_free((row.fence, row.done_count), held, patience(0), desk.clock().now())
            && let Some(mine) = take_over(desk, by, &row).await?
        {
            return Ok(Some(mine));
        }
        watch.rest().await;
    }
}

async fn take_over(desk: &Desk, by: &Actor, row: &FeederFileRow) -> Outcome<Option<FeederFileRow>> {
    let token: i64 = desk.id();
    let key = format!("{}/take/{token}", row.number);
    let holder = format!("worker {token}");
    command!(desk, by, "take_feeder_file", &key, &token, |cmd| {
        let until = cmd.at + TimeDelta::seconds(LEASE_SECONDS);
        let taken = files::take_file(&mut cmd.tx, cmd.by.org, (row.id, row.fence), &holder, until).await?;
        cmd.tell("FeederFileTaken", format!("feeder file {}", row.number), serde_json::json!({ "taken": taken }));
        Ok(taken)
    })
    .map(|taken| taken.then(|| FeederFileRow { fence: row.fence + 1, holder, ..row.clone() }))
}

/// What a piece answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct PieceDone {
    fence: i64,
    done: bool,
    done_count: i64,
    total_count: i64,
}

async fn work(desk: &Desk, by: &Actor, row: FeederFileRow, progress: FeederProgress<'_>) -> Outcome<()> {
    let state: Progress = serde_json::from_value(row.totals.clone())?;
    let mut chunk = state.chunks;
    loop {
        let key = format!("feeder/{}/{chunk}", row.number);
        let ask = (row.number.as_str(), chunk);
        let done: PieceDone = command!(desk, by, "bill_feeder_piece", &key, &ask, |cmd| { piece(cmd, &row).await })?;
        // An answer that was given before to another worker: this one is stale.
        if done.fence != row.fence {
            return Err(stale().into());
        }
        progress(done.done_count, done.total_count);
        if done.done {
            return Ok(());
        }
        chunk += 1;
    }
}

fn stale() -> Refusal {
    TAKEN_OVER.because("Another worker has taken this file, or it was stopped")
}

/// One piece, in one transaction with the mark of how far the file has come. The last one proves it.
async fn piece(cmd: &mut Command, mine: &FeederFileRow) -> Outcome<PieceDone> {
    let org = cmd.by.org;
    let row = files::file(&mut cmd.tx, org, &mine.number).await?.ok_or_else(stale)?;
    if row.fence != mine.fence || row.state != "releasing" {
        return Err(stale().into());
    }
    let mut state: Progress = serde_json::from_value(row.totals.clone())?;
    let mut rejected = 0;
    if state.last_place >= row.total_count {
        prove(cmd, &row, &mut state).await?;
    } else {
        let feeder = feeder_of(&mut cmd.tx, org, row.feeder_id).await?;
        let feeder = feeder.ok_or_else(|| Fault::new("the feeder of a file is missing"))?;
        rejected = bill(cmd, &feeder, &row, &mut state).await?;
    }
    state.chunks += 1;
    let done_count = state.last_place.min(row.total_count);
    let row = FeederFileRow {
        state: if state.proved { "done" } else { "releasing" }.into(),
        done_count,
        rejected_count: row.rejected_count + rejected,
        totals: serde_json::to_value(&state)?,
        lease_until: Some(cmd.at + TimeDelta::seconds(LEASE_SECONDS)),
        ended_at: state.proved.then_some(cmd.at),
        ..row
    };
    if !files::save_file(&mut cmd.tx, org, &row).await? {
        return Err(stale().into());
    }
    let event = if state.proved { "FeederFileBilled" } else { "FeederInvoicesRaised" };
    cmd.tell(event, format!("feeder file {}", row.number), &state);
    Ok(PieceDone { fence: mine.fence, done: state.proved, done_count, total_count: row.total_count })
}

/// Bills the invoices of one piece; gives how many rows can no longer be billed.
async fn bill(cmd: &mut Command, feeder: &FeederRow, row: &FeederFileRow, state: &mut Progress) -> Outcome<i64> {
    let (org, desk) = (cmd.by.org, cmd.desk.clone());
    let until = state.last_place + CHUNK;
    let waiting = rows::rows_waiting(&mut cmd.tx, org, row.id, (state.last_place, until)).await?;
    let facts = Facts::load(&mut cmd.tx, &desk, org).await?;
    let (mut ready, mut places, mut rejected) = (Vec::new(), Vec::new(), 0);
    for one in plan(&mut cmd.tx, org, &facts, feeder, &waiting).await? {
        match one.ready {
            Ok(invoice) => {
                state.totals.add(&invoice);
                places.push(one.place);
                ready.push(invoice);
            }
            Err((field, why)) => {
                state.totals.left += 1;
                rejected += rows::reject_place(&mut cmd.tx, org, row.id, one.place).await? as i64;
                let fault = |charge: &ChargeRow| FaultRow {
                    file_id: row.id,
                    row_number: charge.row_number,
                    seq: 1,
                    field: field.as_str().into(),
                    code: "invoice".into(),
                    given: String::new(),
                    right_words: why.clone(),
                };
                let faults = waiting.iter().filter(|charge| charge.place == one.place).map(fault).collect();
                rows::add_faults(&mut cmd.tx, org, faults).await?;
            }
        }
    }
    let posted = post_invoices(cmd, ready).await?;
    let mut billed = Vec::with_capacity(waiting.len());
    for (place, (document, _)) in places.iter().zip(&posted) {
        let of_it = waiting.iter().filter(|charge| charge.place == *place);
        billed.extend((1..).zip(of_it).map(|(line, charge)| (charge.row_number, document.0, line)));
    }
    rows::mark_billed(&mut cmd.tx, org, row.id, &billed).await?;
    if let Some(((_, first), (_, last))) = posted.first().zip(posted.last()) {
        if state.first_number.is_empty() {
            state.first_number.clone_from(first);
        }
        state.last_number.clone_from(last);
    }
    state.last_place = until;
    Ok(rejected)
}

/// The file's totals against what the ledger holds: documents, open items and entries, each asked for itself.
async fn prove(cmd: &mut Command, row: &FeederFileRow, state: &mut Progress) -> Outcome<()> {
    let proof = files::file_proof(&mut cmd.tx, cmd.by.org, row.id).await?;
    let totals = &state.totals;
    let agree = proof.documents == totals.invoices
        && [proof.gross_pence, proof.items_pence, proof.debited_pence].iter().all(|sum| *sum == totals.gross_pence);
    if !agree {
        let sentence = format!(
            "{} counted {} invoices of {}; the ledger holds {} of {}, open items of {} and entries of {}",
            row.number,
            totals.invoices,
            Pence(totals.gross_pence),
            proof.documents,
            Pence(proof.gross_pence),
            Pence(proof.items_pence),
            Pence(proof.debited_pence)
        );
        return Err(UNPROVED.because(sentence).into());
    }
    (state.ledger_pence, state.proved) = (Some(proof.debited_pence), true);
    Ok(())
}

/// Stops a file after the piece it is at; what was billed stays billed, and a release lets it go on.
///
/// # Errors
/// `BIL-08-STATE` unless it is being released.
pub async fn stop_feeder_file(desk: &Desk, by: &Actor, ask: TurnFeederFile) -> Outcome<FeederFileTurned> {
    by.must_hold(Duty::ReleaseRuns)?;
    turn(desk, by, ask, ("releasing", "stopped", "FeederFileStopped")).await
}

/// Withdraws a file that was not released: its charges may be sent again.
///
/// # Errors
/// `BIL-08-STATE` once it was released.
pub async fn withdraw_feeder_file(desk: &Desk, by: &Actor, ask: TurnFeederFile) -> Outcome<FeederFileTurned> {
    by.must_hold(Duty::RaiseInvoice).or_else(|no| by.must_hold(Duty::ReleaseRuns).map_err(|_| no))?;
    turn(desk, by, ask, ("prepared", "withdrawn", "FeederFileWithdrawn")).await
}

async fn turn(
    desk: &Desk,
    by: &Actor,
    ask: TurnFeederFile,
    (from, to, event): (&str, &str, &'static str),
) -> Outcome<FeederFileTurned> {
    command!(desk, by, "turn_feeder_file", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = files::file(&mut cmd.tx, org, ask.number.trim()).await?;
        let row = row.ok_or_else(|| No::Absent(format!("feeder file {}", ask.number.trim())))?;
        // A file of which nothing could be billed is done at once; it may be withdrawn all the same.
        let nothing = to == "withdrawn" && row.state == "done" && row.good_count == 0;
        if row.state != from && !nothing {
            return Err(STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        // The fence rises, so that a worker who still has the file is told at its next piece.
        if !files::take_file(&mut cmd.tx, org, (row.id, row.fence), "", cmd.at).await? {
            return Err(stale().into());
        }
        if to == "withdrawn" {
            rows::withdraw_rows(&mut cmd.tx, org, row.id).await?;
        }
        let ended_at = (to == "withdrawn").then_some(cmd.at);
        let (state, holder) = (to.to_owned(), String::new());
        let turned = FeederFileRow { state, holder, lease_until: None, ended_at, fence: row.fence + 1, ..row };
        files::save_file(&mut cmd.tx, org, &turned).await?;
        cmd.tell(event, format!("feeder file {}", turned.number), &turned.number);
        Ok(FeederFileTurned { number: turned.number, state: turned.state })
    })
}
