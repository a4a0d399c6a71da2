//! The periodic run: prepared by one person, released chunk by chunk, each a command of its own, so that a run killed
//! anywhere goes on where it was; and proved against the ledger before it is done.
use super::super::lease::{LEASE_SECONDS, Watch, patience, second_person, since_renewed};
use super::credits::{ask_credits, row};
use super::facts::Loaded;
use super::plan::{Plan, RunFacts, RunTotals, behind_adjustment};
use super::post::raise_many;
use super::preview::{BillingPreview, CHUNK, PreviewAsk, check_cycle, facts, plan_some, preview_billing};
use crate::core::command::{Command, answer_to};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sundry_domain::billing::contracts::Cycle;
use sundry_domain::billing::contracts::refusals::{CONTROL_TOTALS, RUN_STATE, RUN_TAKEN_OVER, RUN_UNFINISHED};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::OWN_WORK;
use sundry_domain::ids::RunId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::contracts::{self as rows, BillingRunRow, LeftNamed, LeftRow, RunInvoice};

/// A run of so many contracts changes what the database's planner should know.
const LARGE: i64 = 1_000;
/// What is left is counted once in so many pieces: each count looks at all of it.
const RECOUNT: i64 = 20;

/// Told how many contracts are done, and of how many.
pub type BillingProgress<'a> = &'a (dyn Fn(i64, i64) + Send + Sync);

/// Prepares a run: who asks for it, and what it would come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrepareBillingRun {
    /// Idempotency key.
    pub key: String,
    /// What is due by this day.
    pub up_to: NaiveDate,
    /// Of one service; empty for all.
    #[serde(default)]
    pub service: String,
    /// Of one cycle; empty for all.
    #[serde(default)]
    pub cycle: String,
}

/// A run that was prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingRunPrepared {
    /// Its number.
    pub number: String,
    /// What it would come to.
    pub totals: RunTotals,
}

/// Releases a run, or lets a stopped one go on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReleaseBillingRun {
    /// Idempotency key.
    pub key: String,
    /// The run.
    pub number: String,
}

/// Stops or withdraws a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnBillingRun {
    /// Idempotency key.
    pub key: String,
    /// The run.
    pub number: String,
}

/// A run that was stopped or withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingRunTurned {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
}

/// A run as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingRunShown {
    /// Number.
    pub number: String,
    /// What is due by this day.
    pub up_to: NaiveDate,
    /// Of one service; empty for all.
    pub service: String,
    /// Of one cycle; empty for all.
    pub cycle: String,
    /// prepared, releasing, stopped, done or withdrawn.
    pub state: String,
    /// Contracts done.
    pub done_count: i64,
    /// Contracts in all.
    pub total_count: i64,
    /// What the preview came to.
    pub prepared: RunTotals,
    /// What was posted.
    pub totals: RunTotals,
    /// The first invoice.
    pub first_number: String,
    /// The last invoice.
    pub last_number: String,
    /// What the ledger holds of it; none until it is proved.
    pub ledger_pence: Option<i64>,
    /// Chunks it took.
    pub chunks: i64,
    /// Who prepared it.
    pub prepared_by: String,
    /// When.
    pub prepared_on: NaiveDate,
    /// Who released it.
    pub released_by: String,
    /// When.
    pub released_on: Option<NaiveDate>,
    /// Left out, each with its reason, at most 500.
    pub left: Vec<LeftNamed>,
}

/// What is kept with a run: its totals, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct RunState {
    totals: RunTotals,
    chunks: i64,
    last_contract: i64,
    first_number: String,
    last_number: String,
    ledger_pence: Option<i64>,
    proved: bool,
    /// Of its pieces so far: whoever waits for it to stir need not wait much longer.
    longest_ms: i64,
}

/// What is kept of the preview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Prepared {
    totals: RunTotals,
}

/// Prepares a run from what the preview shows now. It waits until it is released or withdrawn.
///
/// # Errors
/// `BIL-10-UNFINISHED` while another run has not ended.
pub async fn prepare_billing_run(desk: &Desk, by: &Actor, ask: PrepareBillingRun) -> Outcome<BillingRunPrepared> {
    by.must_hold(Duty::RaiseInvoice)?;
    check_cycle(&ask.cycle)?;
    if let Some(before) = answer_to(desk, by, ("prepare_billing_run", &ask.key), &ask).await? {
        return Ok(before);
    }
    let today = desk.today();
    if ask.up_to > add_days(today, 366) || ask.up_to < add_days(today, -3_660) {
        let say = "Enter a day within a year from today";
        return Err(Invalid::field("up_to", say, ask.up_to.to_string()).into());
    }
    let which = PreviewAsk { up_to: ask.up_to, service: ask.service.clone(), cycle: ask.cycle.clone(), show: 0 };
    let BillingPreview { totals, .. } = preview_billing(desk, by, which).await?;
    command!(desk, by, "prepare_billing_run", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        if let Some(other) = rows::unfinished_run(&mut cmd.tx, org).await? {
            let sentence = format!("{} is {}", other.number, other.state);
            return Err(RUN_UNFINISHED.because(sentence).into());
        }
        let number = format!("BRN-{:06}", cmd.next_number("BRN").await?);
        let row = BillingRunRow {
            id: cmd.id::<RunId>().0,
            number: number.clone(),
            up_to: ask.up_to,
            service: ask.service.trim().into(),
            cycle: ask.cycle.clone(),
            state: "prepared".into(),
            done_count: 0,
            total_count: totals.contracts,
            prepared: serde_json::to_value(Prepared { totals: totals.clone() })?,
            totals: serde_json::to_value(RunState { last_contract: i64::MIN, ..RunState::default() })?,
            prepared_by: cmd.by.user.0,
            prepared_by_name: cmd.by.name.clone(),
            prepared_on: cmd.today,
            released_by_name: String::new(),
            released_on: None,
            fence: 0,
            holder: String::new(),
            lease_until: None,
            recorded_at: cmd.at,
            ended_at: None,
        };
        rows::add_billing_runs(&mut cmd.tx, org, vec![row]).await?;
        cmd.tell("BillingRunPrepared", format!("billing run {number}"), &totals);
        Ok(BillingRunPrepared { number, totals: totals.clone() })
    })
}

/// Releases a run. Asked again, or after a crash or a stop, it goes on where it was; once done, it answers with what
/// was done.
///
/// # Errors
/// `CTL-01-OWN-WORK` where the settings ask for a second person; `BIL-10-RUN-STATE` of a withdrawn run;
/// `BIL-10-TAKEN-OVER` when another worker has taken it or someone stopped it; `BIL-10-CONTROL-TOTALS` when the ledger
/// does not agree.
pub async fn release_billing_run(
    desk: &Desk,
    by: &Actor,
    ask: ReleaseBillingRun,
    progress: BillingProgress<'_>,
) -> Outcome<BillingRunShown> {
    by.must_hold(Duty::ReleaseRuns)?;
    let number = ask.number.trim().to_owned();
    let row = read(desk, by, &number).await?;
    if row.state == "done" {
        return billing_run(desk, by, &number).await;
    }
    open(desk, by, &ask, &number).await?;
    if let Some(mine) = take(desk, by, &number).await? {
        work(desk, by, mine, progress).await?;
    }
    billing_run(desk, by, &number).await
}

/// Opens a prepared or stopped run for work.
async fn open(desk: &Desk, by: &Actor, ask: &ReleaseBillingRun, number: &str) -> Outcome<()> {
    let key = format!("{}/open", ask.key);
    let opened: bool = command!(desk, by, "release_billing_run", &key, ask, |cmd| {
        let org = cmd.by.org;
        let run = rows::billing_run(&mut cmd.tx, org, number).await?;
        let run = run.ok_or_else(|| No::Absent(format!("billing run {number}")))?;
        if run.state == "withdrawn" {
            return Err(RUN_STATE.because(format!("{number} was withdrawn")).into());
        }
        if second_person(cmd).await? && run.prepared_by == cmd.by.user.0 {
            let sentence = format!("You prepared {number}: someone else releases it");
            return Err(OWN_WORK.because(sentence).into());
        }
        let opens = run.state == "prepared" || run.state == "stopped";
        if opens {
            let (released_by_name, released_on) = (cmd.by.name.clone(), Some(cmd.today));
            let open = BillingRunRow { state: "releasing".into(), released_by_name, released_on, ..run };
            rows::save_billing_run(&mut cmd.tx, org, &open).await?;
        }
        cmd.tell("BillingRunReleased", format!("billing run {number}"), serde_json::json!({ "opened": opens }));
        Ok(opens)
    })?;
    // A key that was answered before the run was stopped: the run must be opened by another.
    let now = read(desk, by, number).await?;
    if !opened && now.state == "stopped" {
        return Err(RUN_STATE.because(format!("{number} was stopped")).into());
    }
    Ok(())
}

async fn read(desk: &Desk, by: &Actor, number: &str) -> Outcome<BillingRunRow> {
    let run = rows::billing_run(&mut desk.look().await?, by.org, number).await?;
    run.ok_or_else(|| No::Absent(format!("billing run {number}")))
}

/// Takes a run, or waits while another worker gets on with it; none when it has ended.
async fn take(desk: &Desk, by: &Actor, number: &str) -> Outcome<Option<BillingRunRow>> {
    let mut watch = Watch::new();
    loop {
        let run = read(desk, by, number).await?;
        if run.state != "releasing" {
            return Ok(None);
        }
        let held = (run.holder.as_str(), run.lease_until);
        let RunState { longest_ms, .. } = serde_json::from_value(run.totals.clone())?;
        if watch.is_free((run.fence, run.done_count), held, patience(longest_ms), desk.clock().now())
            && let Some(mine) = take_over(desk, by, &run).await?
        {
            return Ok(Some(mine));
        }
        watch.rest().await;
    }
}

async fn take_over(desk: &Desk, by: &Actor, run: &BillingRunRow) -> Outcome<Option<BillingRunRow>> {
    let token: i64 = desk.id();
    let key = format!("{}/take/{token}", run.number);
    let holder = format!("worker {token}");
    command!(desk, by, "take_billing_run", &key, &token, |cmd| {
        let until = cmd.at + TimeDelta::seconds(LEASE_SECONDS);
        let taken = rows::take_billing_run(&mut cmd.tx, cmd.by.org, (RunId(run.id), run.fence), &holder, until).await?;
        let detail = serde_json::json!({ "taken": taken });
        cmd.tell("BillingRunTaken", format!("billing run {}", run.number), detail);
        Ok(taken)
    })
    .map(|taken| taken.then(|| BillingRunRow { fence: run.fence + 1, holder, ..run.clone() }))
}

/// What a chunk answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct ChunkDone {
    fence: i64,
    done: bool,
    done_count: i64,
    total_count: i64,
}

async fn work(desk: &Desk, by: &Actor, run: BillingRunRow, progress: BillingProgress<'_>) -> Outcome<()> {
    let state: RunState = serde_json::from_value(run.totals.clone())?;
    let (mut chunk, mut done_count, mut left) = (state.chunks, run.done_count, run.total_count - run.done_count);
    let mut stocked = false;
    loop {
        if left <= 0 && done_count >= LARGE && !stocked {
            // The proof is planned on what is there now: on the figures of before the run it took minutes.
            desk.db().take_stock().await?;
            stocked = true;
        }
        let key = format!("billing/{}/{chunk}", run.number);
        let ask = (run.number.as_str(), chunk);
        let done: ChunkDone = command!(desk, by, "bill_chunk", &key, &ask, |cmd| { bill_chunk(cmd, &run).await })?;
        // An answer that was given before to another worker: this one is stale.
        if done.fence != run.fence {
            return Err(stale().into());
        }
        progress(done.done_count, done.total_count);
        if done.done {
            return Ok(());
        }
        (done_count, left) = (done.done_count, done.total_count - done.done_count);
        chunk += 1;
    }
}

fn stale() -> Refusal {
    RUN_TAKEN_OVER.because("Another worker has taken this run, or it was stopped")
}

/// One chunk, in one transaction with the mark of how far the run has come. The last one proves it.
async fn bill_chunk(cmd: &mut Command, mine: &BillingRunRow) -> Outcome<ChunkDone> {
    let (org, desk) = (cmd.by.org, cmd.desk.clone());
    let run = rows::billing_run(&mut cmd.tx, org, &mine.number).await?.ok_or_else(stale)?;
    if run.fence != mine.fence || run.state != "releasing" {
        return Err(stale().into());
    }
    let mut state: RunState = serde_json::from_value(run.totals.clone())?;
    let facts = facts(&mut cmd.tx, &desk, org, run.up_to).await?;
    let which = (run.up_to, run.service.as_str(), run.cycle.as_str());
    let due = rows::contracts_due(&mut cmd.tx, org, which, state.last_contract, CHUNK).await?;
    let done = due.len() as i64;
    if due.is_empty() {
        prove(cmd, &run, &mut state).await?;
    } else {
        bill(cmd, &facts, &run, due, &mut state).await?;
    }
    state.chunks += 1;
    state.longest_ms = state.longest_ms.max(since_renewed(run.lease_until, cmd.at));
    let left = match run.total_count - run.done_count - done {
        _ if done < CHUNK => 0,
        left if left > 0 && state.chunks % RECOUNT != 0 => left,
        _ => rows::contracts_due_count(&mut cmd.tx, org, which, state.last_contract).await?,
    };
    let row = BillingRunRow {
        state: if state.proved { "done".into() } else { "releasing".into() },
        done_count: run.done_count + done,
        total_count: run.done_count + done + left,
        totals: serde_json::to_value(&state)?,
        lease_until: Some(cmd.at + TimeDelta::seconds(LEASE_SECONDS)),
        ended_at: state.proved.then_some(cmd.at),
        ..run
    };
    if !rows::save_billing_run(&mut cmd.tx, org, &row).await? {
        return Err(stale().into());
    }
    let event = if state.proved { "BillingRunDone" } else { "PeriodicInvoicesRaised" };
    cmd.tell(event, format!("billing run {}", row.number), &state);
    Ok(ChunkDone { fence: mine.fence, done: state.proved, done_count: row.done_count, total_count: row.total_count })
}

async fn bill(
    cmd: &mut Command,
    facts: &RunFacts,
    run: &BillingRunRow,
    due: Vec<sundry_store::contracts::ContractRow>,
    state: &mut RunState,
) -> Outcome<()> {
    let (org, id) = (cmd.by.org, RunId(run.id));
    let Some(planned) = plan_some(&mut cmd.tx, org, facts, due).await? else { return Ok(()) };
    let mut contracts = planned.contracts;
    let mut behind = Vec::new();
    for (loaded, plan) in &mut contracts {
        let before = planned.before.get(&loaded.row.id).map_or(&[][..], Vec::as_slice);
        behind.extend(give_back(cmd, id, loaded, plan, before).await?);
        state.totals.add(plan);
    }
    let left: Vec<LeftRow> = contracts.iter().filter_map(|(loaded, plan)| left_out(run, loaded, plan)).collect();
    let cycles: BTreeSet<(Cycle, bool)> =
        contracts.iter().map(|(loaded, _)| (loaded.cycle, loaded.row.in_advance)).collect();
    let documents = contracts.iter_mut().flat_map(|(loaded, plan)| {
        let loaded: &Loaded = loaded;
        std::mem::take(&mut plan.documents).into_iter().map(move |document| (loaded, document))
    });
    let (span, rows_behind) = raise_many(cmd, facts, id, documents.collect()).await?;
    if let Some((first, last)) = span {
        if state.first_number.is_empty() {
            state.first_number = first;
        }
        state.last_number = last;
    }
    behind.extend(rows_behind);
    rows::add_contract_charges(&mut cmd.tx, org, behind).await?;
    rows::add_left(&mut cmd.tx, org, left).await?;
    for (cycle, in_advance) in cycles {
        let until = cycle.due_until(in_advance, facts.up_to, &facts.shared.terms);
        // Where no period has come yet nothing was billed: the mark stays, and the next day is that of the first one.
        let from = until.unwrap_or_else(|| add_days(facts.up_to, if in_advance { 0 } else { -1 }));
        let next_on = cycle.next_on(in_advance, from, &facts.shared.terms);
        let billed_to = until.unwrap_or_else(|| add_days(facts.up_to, -36_600));
        let which = (run.service.as_str(), cycle.as_str(), in_advance);
        rows::mark_billed(&mut cmd.tx, org, &planned.of, id, which, (billed_to, next_on)).await?;
    }
    state.last_contract = planned.of.last;
    Ok(())
}

/// Credits to ask for, and changes that come to nothing: their evidence. What cannot be credited leaves the contract out.
async fn give_back(
    cmd: &mut Command,
    run: RunId,
    loaded: &Loaded,
    plan: &mut Plan,
    before: &[sundry_store::contracts::ContractChargeRow],
) -> Outcome<Vec<sundry_store::contracts::ContractChargeRow>> {
    let mut all = Vec::new();
    if !plan.credits.is_empty() {
        let of = (run, loaded.row.id, loaded.row.number.as_str());
        match ask_credits(cmd, of, &plan.credits, before).await? {
            Ok(asked) => all.extend(asked),
            Err(refusal) => {
                *plan = Plan { refused: Some(refusal), ..Plan::default() };
                return Ok(Vec::new());
            }
        }
    }
    for adjustment in &plan.nil {
        for behind in behind_adjustment(adjustment)? {
            let (of, net) = ((run, loaded.row.id, adjustment.customer.0), behind.net);
            all.push(row(cmd, of, behind, net, (None, None)));
        }
    }
    Ok(all)
}

fn left_out(run: &BillingRunRow, loaded: &Loaded, plan: &Plan) -> Option<LeftRow> {
    plan.refused.as_ref().map(|refusal| LeftRow {
        run_id: run.id,
        contract_id: loaded.row.id,
        code: refusal.code.clone(),
        sentence: refusal.sentence.clone(),
        way_out: refusal.way_out.clone(),
    })
}

/// The run's totals against what the ledger holds: documents, open items and entries, each asked for itself (BIL-10).
async fn prove(cmd: &mut Command, run: &BillingRunRow, state: &mut RunState) -> Outcome<()> {
    let proof = rows::run_proof(&mut cmd.tx, cmd.by.org, RunId(run.id)).await?;
    let totals = &state.totals;
    let agree = proof.documents == totals.invoices
        && [proof.gross_pence, proof.items_pence, proof.debited_pence].iter().all(|sum| *sum == totals.gross_pence);
    if !agree {
        let sentence = format!(
            "{} counted {} invoices of {}; the ledger holds {} of {}, open items of {} and entries of {}",
            run.number,
            totals.invoices,
            Pence(totals.gross_pence),
            proof.documents,
            Pence(proof.gross_pence),
            Pence(proof.items_pence),
            Pence(proof.debited_pence)
        );
        return Err(CONTROL_TOTALS.because(sentence).into());
    }
    (state.ledger_pence, state.proved) = (Some(proof.debited_pence), true);
    Ok(())
}

/// Stops a run after the chunk it is at; what was billed stays billed, and a release lets it go on.
///
/// # Errors
/// `BIL-10-RUN-STATE` unless it is being released.
pub async fn stop_billing_run(desk: &Desk, by: &Actor, ask: TurnBillingRun) -> Outcome<BillingRunTurned> {
    by.must_hold(Duty::ReleaseRuns)?;
    turn(desk, by, ask, ("releasing", "stopped", "BillingRunStopped")).await
}

/// Withdraws a run that was prepared and not released.
///
/// # Errors
/// `BIL-10-RUN-STATE` once it was released.
pub async fn withdraw_billing_run(desk: &Desk, by: &Actor, ask: TurnBillingRun) -> Outcome<BillingRunTurned> {
    by.must_hold(Duty::RaiseInvoice).or_else(|no| by.must_hold(Duty::ReleaseRuns).map_err(|_| no))?;
    turn(desk, by, ask, ("prepared", "withdrawn", "BillingRunWithdrawn")).await
}

async fn turn(
    desk: &Desk,
    by: &Actor,
    ask: TurnBillingRun,
    (from, to, event): (&str, &str, &'static str),
) -> Outcome<BillingRunTurned> {
    command!(desk, by, "turn_billing_run", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let run = rows::billing_run(&mut cmd.tx, org, ask.number.trim()).await?;
        let run = run.ok_or_else(|| No::Absent(format!("billing run {}", ask.number)))?;
        if run.state != from {
            return Err(RUN_STATE.because(format!("{} is {}", run.number, run.state)).into());
        }
        // The fence rises, so that a worker who still has the run is told at its next chunk.
        if !rows::take_billing_run(&mut cmd.tx, org, (RunId(run.id), run.fence), "", cmd.at).await? {
            return Err(stale().into());
        }
        let ended_at = (to == "withdrawn").then_some(cmd.at);
        let (state, holder) = (to.to_owned(), String::new());
        let turned = BillingRunRow { state, holder, lease_until: None, ended_at, fence: run.fence + 1, ..run };
        rows::save_billing_run(&mut cmd.tx, org, &turned).await?;
        cmd.tell(event, format!("billing run {}", turned.number), &turned.number);
        Ok(BillingRunTurned { number: turned.number, state: turned.state })
    })
}

fn shown(row: BillingRunRow, left: Vec<LeftNamed>) -> Outcome<BillingRunShown> {
    let (state, prepared): (RunState, Prepared) =
        (serde_json::from_value(row.totals)?, serde_json::from_value(row.prepared)?);
    Ok(BillingRunShown {
        number: row.number,
        up_to: row.up_to,
        service: row.service,
        cycle: row.cycle,
        state: row.state,
        done_count: row.done_count,
        total_count: row.total_count,
        prepared: prepared.totals,
        totals: state.totals,
        first_number: state.first_number,
        last_number: state.last_number,
        ledger_pence: state.ledger_pence,
        chunks: state.chunks,
        prepared_by: row.prepared_by_name,
        prepared_on: row.prepared_on,
        released_by: row.released_by_name,
        released_on: row.released_on,
        left,
    })
}

/// A run as it stands.
///
/// # Errors
/// Absent when there is no such run here.
pub async fn billing_run(desk: &Desk, by: &Actor, number: &str) -> Outcome<BillingRunShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let run = rows::billing_run(&mut look, by.org, number.trim()).await?;
    let run = run.ok_or_else(|| No::Absent(format!("billing run {}", number.trim())))?;
    let left = rows::left_of_run(&mut look, by.org, RunId(run.id), 500).await?;
    shown(run, left)
}

/// Runs, newest first, at most 200; what each left out is shown with the run itself.
pub async fn billing_runs(desk: &Desk, by: &Actor) -> Outcome<Vec<BillingRunShown>> {
    by.must_hold(Duty::View)?;
    let runs = rows::billing_runs(&mut desk.look().await?, by.org, 200).await?;
    runs.into_iter().map(|run| shown(run, Vec::new())).collect()
}

/// The invoices that a run raised, after an id.
///
/// # Errors
/// Absent when there is no such run here.
pub async fn billing_run_invoices(
    desk: &Desk,
    by: &Actor,
    number: &str,
    (after, limit): (i64, i64),
) -> Outcome<Vec<RunInvoice>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let run = rows::billing_run(&mut look, by.org, number.trim()).await?;
    let run = run.ok_or_else(|| Fault::new("no run")).map_err(|_| No::Absent(format!("billing run {number}")))?;
    Ok(rows::invoices_of_run(&mut look, by.org, RunId(run.id), (after, limit.clamp(1, 1_001))).await?)
}
