//! Asking for a run, someone else's yes or no, and marking what became of the file.
use super::COLLECTION_RUN;
use super::common::{changed, site};
use super::file::{build, contents};
use super::plan::{INSTRUCTIONS, content_hash, plan_run};
use crate::approvals::{AskForApproval, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::{
    ADVICE_WAITS, INPUT_PAST, NOTHING, RUN_CHANGED, RUN_OPEN, RUN_STATE,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::{counted, written};
use sundry_store::collections::{self, RunRow};
use sundry_store::control::ApprovalRow;
use sundry_store::mandates;

/// Asks for a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskRun {
    /// Idempotency key.
    pub key: String,
    /// The collection day; one that is no working day rolls forward.
    pub entry_on: NaiveDate,
    /// The hash of the preview that was read; empty not to ask.
    #[serde(default)]
    pub content_hash: String,
}

/// It waits for a yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunAsked {
    /// Number of the run.
    pub run: String,
    /// Number of the approval.
    pub approval: String,
    /// Collections.
    pub collections: i64,
    /// Their sum.
    pub pence: i64,
    /// Instructions.
    pub instructions: i64,
    /// Collections left out.
    pub left_out: i64,
}

/// Puts what may be taken on a day into a run, which waits for someone else's yes (DD-09).
///
/// # Errors
/// Duty; `DD-06-ADVICE-WAITS` while a report's item waits that may be about anybody; `DD-09-RUN-OPEN`, `DD-03-INPUT-PAST`,
/// `DD-09-NOTHING`, `DD-09-RUN-CHANGED`; every field that does not fit the file.
pub async fn ask_run(desk: &Desk, by: &Actor, ask: AskRun) -> Outcome<RunAsked> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "ask_collection_run", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let site = site(&mut cmd.tx, org).await?;
        if let Some(open) = collections::open_runs(&mut cmd.tx, org).await?.first() {
            return Err(RUN_OPEN
                .because(format!("{} for {} is not finished", open.number, written(open.entry_on)))
                .into());
        }
        let preview = plan_run(&mut cmd.tx, desk, org, &site, ask.entry_on).await?;
        if preview.advices_waiting > 0 {
            let sentence =
                format!("{} items of the bank's reports wait and may be about any payer", preview.advices_waiting);
            return Err(ADVICE_WAITS.because(sentence).into());
        }
        if cmd.today > preview.input_on {
            let sentence =
                format!("The file for {} goes in on {}, which has passed", preview.entry_on, preview.input_on);
            return Err(INPUT_PAST.because(sentence).into());
        }
        if preview.collections.is_empty() && preview.instructions == 0 {
            return Err(NOTHING.because(format!("Nothing may be collected on {}", preview.entry_on)).into());
        }
        if !ask.content_hash.is_empty() && ask.content_hash != preview.content_hash {
            return Err(RUN_CHANGED.because("What may be collected has changed since you looked").into());
        }
        let mut run = new_run(cmd, &preview).await?;
        collections::add_run(&mut cmd.tx, org, &run).await?;
        for one in &preview.collections {
            if !collections::put_in_run(&mut cmd.tx, org, one.id, run.id, one.code.as_str(), run.entry_on).await? {
                return Err(changed(&one.number));
            }
        }
        let waiting = mandates::instructions_waiting(&mut cmd.tx, org, INSTRUCTIONS).await?;
        if let Some(last) = waiting.last() {
            mandates::put_instructions_in_run(&mut cmd.tx, org, last.id, run.id).await?;
        }
        // The file is made once now: what does not fit must be mended before anybody says yes.
        let of = contents(&mut cmd.tx, org, run.id).await?;
        build(desk, org, &site, &run, &of, cmd.today)?;
        let approval = ask_for_approval(cmd, approval_of(&run, &preview)).await?;
        run.approval.clone_from(&approval);
        if !collections::change_run(&mut cmd.tx, org, &run).await? {
            return Err(changed(&run.number));
        }
        let answer = RunAsked {
            run: run.number,
            approval,
            collections: run.collections_count,
            pence: run.collections_pence,
            instructions: run.instructions_count,
            left_out: preview.refusals.len() as i64,
        };
        cmd.tell("CollectionRunAsked", format!("collection run {}", answer.run), (&answer, &preview.refusals));
        Ok(answer)
    })
}

async fn new_run(cmd: &mut Command, preview: &super::RunPreview) -> Outcome<RunRow> {
    let day = cmd.today.ordinal();
    // Day of the year and a number within it: never twice on one day.
    let within = cmd.next_number(&format!("DDV-{}", cmd.today)).await?;
    Ok(RunRow {
        id: cmd.id(),
        number: format!("DD-{:06}", cmd.next_number("DDR").await?),
        entry_on: preview.entry_on,
        process_on: preview.process_on,
        serial: format!("{day:03}{within:03}"),
        state: "waiting".into(),
        collections_count: preview.collections.len() as i64,
        collections_pence: preview.total_pence,
        instructions_count: preview.instructions,
        content_hash: preview.content_hash.clone(),
        approval: String::new(),
        done_count: 0,
        file_sha256: String::new(),
        file_name: String::new(),
        totals: serde_json::to_value(&preview.by_code)?,
        asked_by: cmd.by.name.clone(),
        released_by: String::new(),
        sent_on: None,
        acknowledged_on: None,
        banked_pence: 0,
        recorded_at: cmd.at,
        version: 1,
    })
}

fn approval_of(run: &RunRow, preview: &super::RunPreview) -> AskForApproval {
    let sum = Pence(run.collections_pence);
    let codes: Vec<String> = preview
        .by_code
        .iter()
        .map(|(code, (count, pence))| format!("code {code}: {count} of {}", Pence(*pence)))
        .collect();
    let day = written(run.entry_on);
    let instructions = counted(run.instructions_count, "instruction");
    let mut summary = match run.collections_count {
        0 => format!("Lodge {instructions} on {day}, and collect nothing"),
        count => format!("Collect {sum} by {} on {day}, with {instructions}", counted(count, "Direct Debit")),
    };
    if !codes.is_empty() {
        summary.push_str(&format!(" ({})", codes.join("; ")));
    }
    AskForApproval {
        command: COLLECTION_RUN,
        subject: format!("collection run {}", run.number),
        summary,
        payload: serde_json::json!({
            "run": run.number,
            "collection day": run.entry_on,
            "file goes in on": preview.input_on,
            "collections": run.collections_count,
            "instructions": run.instructions_count,
            "left out": preview.refusals.len(),
            "hash": run.content_hash,
        }),
        amount: sum,
    }
}

async fn run_of(cmd: &mut Command, number: &str) -> Outcome<RunRow> {
    let row = collections::run_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("collection run {}", number.trim())))
}

fn payload_run(row: &ApprovalRow) -> &str {
    row.payload.get("run").and_then(|v| v.as_str()).unwrap_or_default()
}

/// Carries the yes out: the run may be released, if what was approved still stands.
pub(crate) async fn carry_out_run(cmd: &mut Command, row: &ApprovalRow) -> Outcome<String> {
    let org = cmd.by.org;
    let mut run = run_of(cmd, payload_run(row)).await?;
    if run.state != "waiting" {
        return Err(RUN_STATE.because(format!("{} is {}", run.number, run.state)).into());
    }
    let site = site(&mut cmd.tx, org).await?;
    let input_on = super::common::england(&cmd.desk).add(run.entry_on, -2)?;
    if cmd.today > input_on {
        let sentence = format!("The file for {} went in on {input_on} at the latest", run.entry_on);
        return Err(INPUT_PAST.because(sentence).into());
    }
    // Free, plan again, take again: exactly the same must come out.
    collections::free_collections_of_run(&mut cmd.tx, org, run.id).await?;
    let desk = cmd.desk.clone();
    let again = plan_run(&mut cmd.tx, &desk, org, &site, run.entry_on).await?;
    let approved: Vec<_> = again.collections.iter().map(|c| (c.id, c.code.as_str(), c.amount_pence)).collect();
    if again.advices_waiting > 0 || content_hash(approved.iter().copied()) != run.content_hash {
        let sentence = format!("What may be collected on {} is no longer what was asked for", written(run.entry_on));
        return Err(RUN_CHANGED.because(sentence).into());
    }
    for (id, code, _) in approved {
        if !collections::put_in_run(&mut cmd.tx, org, id, run.id, code, run.entry_on).await? {
            return Err(changed(&run.number));
        }
    }
    run.state = "releasing".into();
    run.released_by = cmd.by.name.clone();
    if !collections::change_run(&mut cmd.tx, org, &run).await? {
        return Err(changed(&run.number));
    }
    cmd.tell("CollectionRunApproved", format!("collection run {}", run.number), &run.content_hash);
    Ok(run.number)
}

/// Carries the no out: everything in the run is free again.
pub(crate) async fn refuse_run(cmd: &mut Command, row: &ApprovalRow) -> Outcome<()> {
    let org = cmd.by.org;
    let mut run = run_of(cmd, payload_run(row)).await?;
    collections::free_collections_of_run(&mut cmd.tx, org, run.id).await?;
    mandates::free_instructions_of_run(&mut cmd.tx, org, run.id).await?;
    run.state = "refused".into();
    if !collections::change_run(&mut cmd.tx, org, &run).await? {
        return Err(changed(&run.number));
    }
    Ok(())
}

/// Says that the file was given to the bank's software or the bureau.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkSent {
    /// Idempotency key.
    pub key: String,
    /// Number of the run.
    pub run: String,
    /// The hash of the file that was sent, as the page shows it.
    pub file_sha256: String,
}

/// A run that was marked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunMarked {
    /// Number.
    pub run: String,
    /// Its state.
    pub state: String,
}

/// Marks a run as sent.
///
/// # Errors
/// Duty; absent; `DD-09-RUN-STATE`; `DD-09-RUN-CHANGED` for another file.
pub async fn mark_run_sent(desk: &Desk, by: &Actor, ask: MarkSent) -> Outcome<RunMarked> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "mark_run_sent", &ask.key, &ask, |cmd| {
        let mut run = run_of(cmd, &ask.run).await?;
        if run.state != "written" {
            return Err(RUN_STATE.because(format!("{} is {}", run.number, run.state)).into());
        }
        if !run.file_sha256.starts_with(ask.file_sha256.trim()) || ask.file_sha256.trim().len() < 8 {
            return Err(RUN_CHANGED.because(format!("The file of {} has another hash", run.number)).into());
        }
        (run.state, run.sent_on) = ("sent".into(), Some(cmd.today));
        if !collections::change_run(&mut cmd.tx, cmd.by.org, &run).await? {
            return Err(changed(&run.number));
        }
        cmd.tell("CollectionRunSent", format!("collection run {}", run.number), &ask);
        Ok(RunMarked { run: run.number, state: run.state })
    })
}
