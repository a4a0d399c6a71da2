//! Releasing an approved run: chunk by chunk, each a command of its own, then the file, written once.
use super::common::{changed, save, site, step};
use super::file::{build, contents, mandate_in};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::delivery::Progress;
use crate::ledger::post::{NewJournal, post_many};
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::direct_debit::refusals::RUN_STATE;
use sundry_domain::cash::direct_debit::{MandateEvent, MandateState, collected};
use sundry_domain::control::Duty;
use sundry_domain::ids::{AllocationId, CustomerId, ItemId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::collections::{self, CollectionItemRow, CollectionRow, RunRow};
use sundry_store::control::{self, KeptFileRow};
use sundry_store::ledger::{self, AllocationRow, ItemRow};
use sundry_store::mandates::{self, MandateRow};

/// Collections in one command.
const CHUNK: i64 = 200;

/// Releases a run that was approved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReleaseRun {
    /// Number of the run.
    pub run: String,
}

/// A run whose file is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunReleased {
    /// Number.
    pub run: String,
    /// Its state: written.
    pub state: String,
    /// Collections taken.
    pub collections: i64,
    /// Their sum.
    pub pence: i64,
    /// Instructions sent.
    pub instructions: i64,
    /// Hash of the file.
    pub file_sha256: String,
    /// Its name.
    pub file_name: String,
}

/// What a chunk answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ChunkDone {
    done: bool,
    count: i64,
}

/// Releases an approved run. Killed anywhere and asked again, it goes on where it was; once written, it answers the same.
///
/// # Errors
/// Duty; absent; `DD-09-RUN-STATE` when nobody approved it.
pub async fn release_run(desk: &Desk, by: &Actor, ask: ReleaseRun, progress: Progress<'_>) -> Outcome<RunReleased> {
    by.must_hold(Duty::ReleaseDirectDebit)?;
    loop {
        let run = read(desk, by, &ask.run).await?;
        match run.state.as_str() {
            "releasing" => {}
            "written" | "sent" | "acknowledged" => return Ok(released(&run)),
            other => return Err(RUN_STATE.because(format!("{} is {other}", run.number)).into()),
        }
        // The version rises with every chunk: a chunk that was done is never done again.
        let key = format!("dd/{}/{}", run.number, run.version);
        let done: ChunkDone = command!(desk, by, "release_collections", &key, &run.version, |cmd| {
            release_chunk(cmd, &run.number).await
        })?;
        progress(done.count, run.collections_count);
        if done.done {
            return Ok(released(&read(desk, by, &ask.run).await?));
        }
    }
}

async fn read(desk: &Desk, by: &Actor, number: &str) -> Outcome<RunRow> {
    let run = collections::run_numbered(&mut desk.look().await?, by.org, number.trim()).await?;
    run.ok_or_else(|| No::Absent(format!("collection run {}", number.trim())))
}

fn released(run: &RunRow) -> RunReleased {
    RunReleased {
        run: run.number.clone(),
        state: run.state.clone(),
        collections: run.collections_count,
        pence: run.collections_pence,
        instructions: run.instructions_count,
        file_sha256: run.file_sha256.clone(),
        file_name: run.file_name.clone(),
    }
}

async fn release_chunk(cmd: &mut Command, number: &str) -> Outcome<ChunkDone> {
    let org = cmd.by.org;
    let mut run = collections::run_numbered(&mut cmd.tx, org, number).await?.ok_or_else(|| changed(number))?;
    if run.state != "releasing" {
        return Err(RUN_STATE.because(format!("{} is {}", run.number, run.state)).into());
    }
    let waiting = collections::collections_of_run(&mut cmd.tx, org, run.id, 0, i64::from(i32::MAX)).await?;
    let chunk: Vec<CollectionRow> =
        waiting.into_iter().filter(|row| row.state == "in_run").take(CHUNK as usize).collect();
    let done = chunk.is_empty();
    if done {
        write_file(cmd, &mut run).await?;
    } else {
        take(cmd, &mut run, chunk).await?;
    }
    if !collections::change_run(&mut cmd.tx, org, &run).await? {
        return Err(changed(&run.number));
    }
    let event = if done { "CollectionFileWritten" } else { "CollectionsTaken" };
    let detail = serde_json::json!({ "done": run.done_count, "file": run.file_sha256, "totals": run.totals });
    cmd.tell(event, format!("collection run {}", run.number), detail);
    Ok(ChunkDone { done, count: run.done_count })
}

/// What a chunk of collections writes.
#[derive(Default)]
struct Sheet {
    receipts: Vec<ReceiptRow>,
    journals: Vec<NewJournal>,
    items: Vec<ItemRow>,
    allocations: Vec<AllocationRow>,
    taken: BTreeMap<ItemId, Pence>,
}

/// Posts row 13 for a chunk. A collection whose debt has changed since the yes is left out and notified anew.
async fn take(cmd: &mut Command, run: &mut RunRow, chunk: Vec<CollectionRow>) -> Outcome<()> {
    let org = cmd.by.org;
    let mut sheet = Sheet::default();
    for mut row in chunk {
        let mut mandate = super::common::mandate_of(&mut cmd.tx, org, row.mandate_id).await?;
        let parts = collections::items_of_collection(&mut cmd.tx, org, row.id).await?;
        let open = parts.iter().all(|part| {
            let taken = sheet.taken.get(&ItemId(part.item_id)).copied().unwrap_or_default();
            part.open_pence - taken.0 >= part.amount_pence
        });
        if !open || mandate.state != MandateState::Active.as_str() {
            leave_out(cmd, run, row).await?;
            continue;
        }
        let receipt = cmd.id::<ReceiptId>();
        let number = cmd.next_number("RCT").await?;
        sheet.add(cmd, run, &row, &mandate, (receipt, format!("RCT-{number:06}")), &parts);
        row.state = "taken".into();
        row.receipt_id = Some(receipt.0);
        row.first_presented_on = row.first_presented_on.or(Some(run.entry_on));
        if !collections::change_collection(&mut cmd.tx, org, &row).await? {
            return Err(changed(&row.number));
        }
        if row.code == "01" || mandate.first_collected_on.is_none() {
            mandate.first_collected_on = Some(run.entry_on);
        }
        mandate.last_collected_on = Some(run.entry_on);
        save(cmd, &mut mandate).await?;
        if row.code == "19" {
            step(cmd, &mut mandate, MandateEvent::Cancel, "The final collection was taken").await?;
        }
        run.done_count += 1;
    }
    sheet.write(cmd).await
}

async fn leave_out(cmd: &mut Command, run: &mut RunRow, mut row: CollectionRow) -> Outcome<()> {
    run.collections_count -= 1;
    run.collections_pence -= row.amount_pence;
    let detail = serde_json::json!({ "run": run.number, "amount_pence": row.amount_pence });
    cmd.tell("CollectionLeftOut", format!("collection {}", row.number), detail);
    (row.state, row.run_id, row.entry_on) = ("withdrawn".into(), None, None);
    row.reason = format!("What it was for changed after {} was approved", run.number);
    if !collections::change_collection(&mut cmd.tx, cmd.by.org, &row).await? {
        return Err(changed(&row.number));
    }
    Ok(())
}

impl Sheet {
    fn add(
        &mut self,
        cmd: &Command,
        run: &RunRow,
        row: &CollectionRow,
        mandate: &MandateRow,
        receipt: (ReceiptId, String),
        parts: &[CollectionItemRow],
    ) {
        let (item, amount) = (cmd.id::<ItemId>(), Pence(row.amount_pence));
        let reason = format!("Direct Debit {} in {}.", row.number, run.number);
        self.receipts.push(ReceiptRow {
            id: receipt.0.0,
            number: receipt.1.clone(),
            bank_line_id: None,
            customer_id: Some(row.customer_id),
            item_id: Some(item.0),
            method: "bank".into(),
            received_on: run.entry_on,
            amount_pence: row.amount_pence,
            state: "identified".into(),
            reason: reason.clone(),
            owner: String::new(),
            payer_name: mandate.payer_name.clone(),
            words: format!("Direct Debit {}", mandate.reference),
            recorded_at: cmd.at,
            version: 1,
        });
        self.journals.push(NewJournal {
            posted_on: cmd.today,
            event: "DirectDebitReleased",
            source: format!("receipt {}", receipt.1),
            reason: reason.clone(),
            customer: Some(CustomerId(row.customer_id)),
            item: Some(item),
            lines: collected(amount, Pence::ZERO),
        });
        self.items.push(ItemRow {
            id: item.0,
            customer_id: row.customer_id,
            kind: "receipt".into(),
            number: receipt.1,
            document_id: None,
            receipt_id: Some(receipt.0.0),
            posted_on: cmd.today,
            dated_on: run.entry_on,
            due_on: run.entry_on,
            original_pence: -row.amount_pence,
            open_pence: 0,
            disputed_pence: 0,
            service: String::new(),
            debt_type: String::new(),
            stage: String::new(),
            journal_id: 0,
            recorded_at: cmd.at,
        });
        for part in parts {
            let taken = self.taken.entry(ItemId(part.item_id)).or_default();
            *taken = taken.plus(Pence(part.amount_pence));
            self.allocations.push(AllocationRow {
                id: cmd.id::<AllocationId>().0,
                customer_id: row.customer_id,
                debit_item_id: part.item_id,
                credit_item_id: item.0,
                amount_pence: part.amount_pence,
                allocated_on: cmd.today,
                made_by: "rule".into(),
                actor_id: cmd.by.user.0,
                reason: reason.clone(),
                confidence_ppm: 1_000_000,
                reverses_id: None,
                recorded_at: cmd.at,
            });
        }
    }

    async fn write(mut self, cmd: &mut Command) -> Outcome<()> {
        let org = cmd.by.org;
        let journals = post_many(cmd, self.journals).await?;
        for (item, journal) in self.items.iter_mut().zip(journals) {
            item.journal_id = journal.0;
        }
        cash::add_receipts(&mut cmd.tx, org, self.receipts).await?;
        ledger::add_items(&mut cmd.tx, org, self.items).await?;
        let taken: Vec<(ItemId, Pence)> = self.taken.into_iter().collect();
        if cash::reduce_debits(&mut cmd.tx, org, &taken).await? != taken.len() {
            return Err(changed("A debt in the run"));
        }
        Ok(ledger::add_allocations(&mut cmd.tx, org, self.allocations).await?)
    }
}

/// Writes the file once, keeps it under its hash, and moves its instructions on.
async fn write_file(cmd: &mut Command, run: &mut RunRow) -> Outcome<()> {
    let org = cmd.by.org;
    let site = site(&mut cmd.tx, org).await?;
    let of = contents(&mut cmd.tx, org, run.id).await?;
    if of.collections.is_empty() && of.instructions.is_empty() {
        run.state = "withdrawn".into();
        return Ok(());
    }
    let written = build(&cmd.desk, org, &site, run, &of, cmd.today)?;
    run.file_sha256 = cmd.desk.files().put(org.0, &written.bytes)?;
    run.file_name = format!("{}-{}.txt", run.number, run.entry_on);
    run.totals = serde_json::to_value(written.totals)?;
    run.state = "written".into();
    let kept = KeptFileRow {
        sha256: run.file_sha256.clone(),
        name: run.file_name.clone(),
        media_type: "text/plain".into(),
        size_bytes: written.bytes.len() as i64,
    };
    control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
    for row in of.instructions.iter().filter(|row| row.code != "0C") {
        let mut mandate = mandate_in(&mut cmd.tx, org, &of, row.mandate_id).await?;
        if mandate.state == MandateState::AwaitingLodgement.as_str() {
            mandate.lodged_on = Some(run.process_on);
            step(cmd, &mut mandate, MandateEvent::Lodge, &format!("In {}", run.number)).await?;
        }
    }
    mandates::set_instructions_of_run(&mut cmd.tx, org, run.id, "in_run", "written").await?;
    Ok(())
}
