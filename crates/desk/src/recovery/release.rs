//! Releasing a day: chunk by chunk, each a command of its own, so that a run killed anywhere goes on where it was.
use super::agencies::{TendAgencies, tend_agencies};
use super::day::{CustomerPlan, DayTotals, PlannedLetter, PlannedStep, customers_in_chunk, decide, named_day};
use super::facts::{CustomerDay, DayContext, Loaded, context, load, parked};
use super::letters::{STATEMENT, to_write};
use super::step_charges;
use super::tracing::no_answers;
use crate::core::command::Command;
use crate::delivery::{
    Composed, Progress, SENSITIVE, Stationery, add_missing_templates, compose, document_letters, stationery,
};
use crate::ledger::anchor::sign_audit_head;
use crate::plans::{carry_out, decisions, end_expired};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, RunId};
use sundry_domain::recovery::refusals::{RUN_FUTURE, RUN_ORDER, RUN_TAKEN_OVER};
use sundry_store::delivery as letters_store;
use sundry_store::recovery::{self, RefusalRow, RunRow, StepRow};

/// Promises, holds or documents in a chunk.
const ROWS: i64 = 200;
/// A run of so many steps leaves much behind in the database.
const MANY: i64 = 5_000;
/// A worker that does not renew within this is taken for dead.
const LEASE_SECONDS: i64 = 30;
/// How long a run is watched for signs of life before it is taken over.
const WATCH: Duration = Duration::from_millis(2_000);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Releases a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReleaseDay {
    /// Idempotency key.
    pub key: String,
    /// The business day.
    pub date: NaiveDate,
}

/// A day that was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReleased {
    /// Number of the run.
    pub number: String,
    /// done.
    pub state: String,
    /// Control totals.
    pub totals: DayTotals,
    /// Chunks it took.
    pub chunks: i64,
}

/// Where a run stands, in the order of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    #[default]
    Promises,
    Holds,
    Documents,
    Customers,
    /// The stage of every item that took a step, once: a chunk's customers have theirs all over the ledger, so that
    /// each chunk would write nearly all of it again.
    Stages,
    Done,
}

/// What is stored with a run: its totals, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunState {
    #[serde(default)]
    pub(super) totals: DayTotals,
    #[serde(default)]
    phase: Phase,
    #[serde(default)]
    pub(super) chunks: i64,
    #[serde(default)]
    last_document: DocumentId,
    #[serde(default)]
    last_customer: CustomerId,
    #[serde(default)]
    refusals: i64,
}

pub(super) fn state_of(run: &RunRow) -> Outcome<RunState> {
    Ok(serde_json::from_value(run.totals.clone())?)
}

/// What the day decided reaches the agencies the same day (DUN-15).
async fn tell_agencies(desk: &Desk, by: &Actor, ask: &ReleaseDay) -> Outcome<()> {
    tend_agencies(desk, by, TendAgencies { key: format!("{}/agencies", ask.key) }).await?;
    no_answers(desk, by, ask.date).await
}

/// Releases a day: everything due, in order. Asked again, or after a crash, it goes on where it was; once done, it
/// answers with what was done.
///
/// # Errors
/// `REC-RUN-FUTURE`, `REC-RUN-ORDER`; `REC-RUN-TAKEN-OVER` when another worker has taken the run.
pub async fn release_day(desk: &Desk, by: &Actor, ask: ReleaseDay, progress: Progress<'_>) -> Outcome<DayReleased> {
    by.must_hold(Duty::ReleaseRuns)?;
    if ask.date > desk.today() {
        let sentence = format!("{} has not come", ask.date.format("%-d %B %Y"));
        return Err(RUN_FUTURE.because(sentence).allowed_from(ask.date).into());
    }
    crate::cash::direct_debit::age_mandates(desk, by, ask.date).await?;
    crate::queries::tend_queries(desk, by, ask.date).await?;
    crate::billing::give_due_discounts(desk, by).await?;
    super::people::tend_cases(desk, by, ask.date).await?;
    crate::plans::tend_plans(desk, by, ask.date).await?;
    let number = open_run(desk, by, &ask).await?;
    match take(desk, by, &number).await? {
        Taken::Done(released) => {
            // A run that died here, done but not told of, tells now; otherwise nothing is left to tell.
            tell_agencies(desk, by, &ask).await?;
            Ok(released)
        }
        Taken::Mine(run) => {
            let released = work(desk, by, run, progress).await?;
            if released.totals.steps.values().sum::<i64>() >= MANY {
                // The run is done; the lists would only be slower.
                if let Err(fault) = desk.db().clear_away().await {
                    tracing::warn!(%fault, "the database did not clear away");
                }
            }
            tell_agencies(desk, by, &ask).await?;
            // Once a day, outside the database: a trail that is shorter than this tomorrow has lost something (P21).
            sign_audit_head(desk, by.org).await?;
            Ok(released)
        }
    }
}

async fn open_run(desk: &Desk, by: &Actor, ask: &ReleaseDay) -> Outcome<String> {
    let number = format!("DAY-{}", ask.date);
    command!(desk, by, "release_day", &ask.key, ask, |cmd| {
        let org = cmd.by.org;
        if recovery::run_of_day(&mut cmd.tx, org, "day", ask.date).await?.is_none() {
            if let Some(newest) = recovery::newest_run_but(&mut cmd.tx, org, "day", ask.date).await? {
                if newest.business_on > ask.date {
                    let sentence = format!("{} was released before", newest.number);
                    return Err(RUN_ORDER.because(sentence).into());
                }
                stop_unfinished(cmd, newest).await?;
            }
            let row = RunRow {
                id: cmd.id::<RunId>().0,
                kind: "day".into(),
                number: number.clone(),
                business_on: ask.date,
                state: "releasing".into(),
                done_count: 0,
                total_count: 0,
                totals: serde_json::to_value(RunState::default())?,
                fence: 0,
                holder: String::new(),
                lease_until: None,
                started_by: cmd.by.name.clone(),
                recorded_at: cmd.at,
                ended_at: None,
            };
            recovery::add_run(&mut cmd.tx, org, &row).await?;
            // A house that was opened before these letters were written has none of them.
            add_missing_templates(cmd, &SENSITIVE).await?;
        }
        cmd.tell("DayRunAsked", format!("run {number}"), ask);
        Ok(number.clone())
    })
}

/// A run of an earlier day that never ended is stopped: today's catches up what it left.
async fn stop_unfinished(cmd: &mut Command, run: RunRow) -> Outcome<()> {
    let (org, at) = (cmd.by.org, cmd.at);
    if run.state != "releasing" {
        return Ok(());
    }
    if recovery::take_run(&mut cmd.tx, org, RunId(run.id), run.fence, "", at).await? {
        let stopped = RunRow { state: "stopped".into(), fence: run.fence + 1, ended_at: Some(at), ..run };
        recovery::save_run(&mut cmd.tx, org, &stopped).await?;
        recovery::set_stages(&mut cmd.tx, org, RunId(run.id)).await?;
        cmd.tell("DayRunStopped", format!("run {}", stopped.number), &stopped.number);
    }
    Ok(())
}

enum Taken {
    Done(DayReleased),
    Mine(RunRow),
}

/// Takes a run, or waits while another worker gets on with it.
async fn take(desk: &Desk, by: &Actor, number: &str) -> Outcome<Taken> {
    let mut seen = (-1, -1);
    let mut still = Duration::ZERO;
    loop {
        let run = read(desk, by, number).await?;
        if run.state == "done" {
            return Ok(Taken::Done(released(&run)?));
        }
        let now = (run.fence, state_of(&run)?.chunks);
        still = if now == seen { still + LOOK } else { Duration::ZERO };
        seen = now;
        let nobody = run.holder.is_empty() || run.lease_until.is_none_or(|until| until <= desk.clock().now());
        if (nobody || still >= WATCH)
            && let Some(mine) = take_over(desk, by, &run).await?
        {
            return Ok(Taken::Mine(mine));
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn read(desk: &Desk, by: &Actor, number: &str) -> Outcome<RunRow> {
    let mut look = desk.look().await?;
    let run = recovery::run(&mut look, by.org, number).await?;
    Ok(run.ok_or_else(|| Fault::new(format!("there is no run {number}")))?)
}

async fn take_over(desk: &Desk, by: &Actor, run: &RunRow) -> Outcome<Option<RunRow>> {
    let token: i64 = desk.id();
    let key = format!("{}/take/{token}", run.number);
    let holder = format!("worker {token}");
    command!(desk, by, "take_run", &key, &token, |cmd| {
        let until = cmd.at + TimeDelta::seconds(LEASE_SECONDS);
        let taken = recovery::take_run(&mut cmd.tx, cmd.by.org, RunId(run.id), run.fence, &holder, until).await?;
        cmd.tell("DayRunTaken", format!("run {}", run.number), serde_json::json!({ "taken": taken }));
        Ok(taken)
    })
    .map(|taken| taken.then(|| RunRow { fence: run.fence + 1, holder, ..run.clone() }))
}

fn released(run: &RunRow) -> Outcome<DayReleased> {
    let state = state_of(run)?;
    Ok(DayReleased { number: run.number.clone(), state: run.state.clone(), totals: state.totals, chunks: state.chunks })
}

/// What a worker carries from chunk to chunk.
struct Worker {
    run: RunRow,
    context: DayContext,
    stationery: Stationery,
    customers: Vec<CustomerId>,
}

#[derive(Serialize)]
struct ChunkAsk {
    date: NaiveDate,
    chunk: i64,
}

/// What a chunk answers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct ChunkDone {
    fence: i64,
    done: bool,
    done_count: i64,
    total_count: i64,
}

async fn work(desk: &Desk, by: &Actor, run: RunRow, progress: Progress<'_>) -> Outcome<DayReleased> {
    let mut look = desk.look().await?;
    let context = context(&mut look, desk, by.org, run.business_on).await?;
    let stationery = stationery(&mut look, by.org, desk.today()).await?;
    let run = recovery::run(&mut look, by.org, &run.number).await?.filter(|now| now.fence == run.fence);
    let run = run.ok_or_else(|| RUN_TAKEN_OVER.because("Another worker has taken this run"))?;
    let state = state_of(&run)?;
    let customers = recovery::customers_due(&mut look, by.org, context.due_by(), state.last_customer).await?;
    drop(look);
    let (date, number) = (run.business_on, run.number.clone());
    let worker = Worker { run, context, stationery, customers };
    let mut chunk = state.chunks;
    loop {
        let ask = ChunkAsk { date, chunk };
        let key = format!("day/{date}/{chunk}");
        let done: ChunkDone =
            command!(desk, by, "release_chunk", &key, &ask, |cmd| { release_chunk(cmd, &worker).await })?;
        // An answer that was given before to another worker: this one is stale.
        if done.fence != worker.run.fence {
            return Err(RUN_TAKEN_OVER.because("Another worker has taken this run").into());
        }
        progress(done.done_count, done.total_count);
        if done.done {
            return released(&read(desk, by, &number).await?);
        }
        chunk += 1;
    }
}

/// One chunk, in one transaction with the mark of how far the run has come.
async fn release_chunk(cmd: &mut Command, worker: &Worker) -> Outcome<ChunkDone> {
    let org = cmd.by.org;
    let stale = || RUN_TAKEN_OVER.because("Another worker has taken this run");
    let run = recovery::run(&mut cmd.tx, org, &worker.run.number).await?.ok_or_else(stale)?;
    if run.fence != worker.run.fence || run.state != "releasing" {
        return Err(stale().into());
    }
    let mut state = state_of(&run)?;
    let before = state.clone();
    let mut done = 0;
    match state.phase {
        Phase::Promises => promises(cmd, worker, &mut state).await?,
        Phase::Holds => {
            let ended = end_expired(cmd, worker.context.day, ROWS).await?;
            state.totals.holds_ended += ended;
            state.phase = if ended == ROWS { Phase::Holds } else { Phase::Documents };
        }
        Phase::Documents => done = documents(cmd, worker, &mut state).await?,
        Phase::Customers => done = customers(cmd, worker, &mut state).await?,
        Phase::Stages => {
            recovery::set_stages(&mut cmd.tx, org, RunId(run.id)).await?;
            state.phase = Phase::Done;
        }
        Phase::Done => {}
    }
    state.chunks += 1;
    state.totals.bank_lines_waiting = worker.context.bank_waiting.0;
    state.totals.bank_waiting_pence = sundry_domain::money::Pence(worker.context.bank_waiting.1);
    let ended = state.phase == Phase::Done;
    let left = worker.customers.iter().filter(|customer| **customer > state.last_customer).count() as i64;
    let row = RunRow {
        state: if ended { "done".into() } else { "releasing".into() },
        done_count: run.done_count + done,
        total_count: run.done_count + done + left,
        totals: serde_json::to_value(&state)?,
        lease_until: Some(cmd.at + TimeDelta::seconds(LEASE_SECONDS)),
        ended_at: ended.then_some(cmd.at),
        ..run
    };
    if !recovery::save_run(&mut cmd.tx, org, &row).await? {
        return Err(stale().into());
    }
    let detail = serde_json::json!({ "chunk": before.chunks, "phase": before.phase, "totals": state.totals });
    cmd.tell(if ended { "DayReleased" } else { "DayChunkReleased" }, format!("run {}", row.number), detail);
    Ok(ChunkDone { fence: worker.run.fence, done: ended, done_count: row.done_count, total_count: row.total_count })
}

async fn promises(cmd: &mut Command, worker: &Worker, state: &mut RunState) -> Outcome<()> {
    let (org, day) = (cmd.by.org, worker.context.day);
    let book = cmd.desk.book();
    let mut decided = decisions(&mut cmd.tx, org, book.calendar(worker.context.nation), day).await?;
    let more = decided.len() > ROWS as usize;
    decided.truncate(ROWS as usize);
    let counts = carry_out(cmd, day, &decided).await?;
    state.totals.promises_kept += counts.kept;
    state.totals.promises_broken += counts.broken;
    state.phase = if more { Phase::Promises } else { Phase::Holds };
    Ok(())
}

async fn documents(cmd: &mut Command, worker: &Worker, state: &mut RunState) -> Outcome<i64> {
    let (org, day, run) = (cmd.by.org, worker.context.day, RunId(worker.run.id));
    let found = letters_store::documents_without_letter(&mut cmd.tx, org, state.last_document, ROWS).await?;
    let letters = document_letters(&mut cmd.tx, org, day, Some(run), &found).await?;
    let sums: Vec<_> = letters.iter().map(|letter| (letter.kind, letter.sum)).collect();
    let mut refusals = Vec::new();
    let written = compose(cmd, &worker.stationery, letters).await?;
    for ((written, document), (kind, sum)) in written.into_iter().zip(&found).zip(sums) {
        match written {
            Ok(_) => state.totals.letter(kind, sum),
            Err(why) => {
                let customer = (CustomerId(document.customer_id), String::new(), String::new());
                let parked = parked(customer, "DOCUMENT", format!("{} could not be written: {why}", document.number));
                *state.totals.refused.entry(parked.refusal.code.clone()).or_default() += 1;
                state.refusals += 1;
                refusals.push(refusal_row(state.refusals, &parked));
            }
        }
    }
    recovery::add_refusals(&mut cmd.tx, org, run, refusals).await?;
    if let Some(last) = found.last() {
        state.last_document = DocumentId(last.id);
    }
    state.phase = if found.len() as i64 == ROWS { Phase::Documents } else { Phase::Customers };
    Ok(found.len() as i64)
}

async fn customers(cmd: &mut Command, worker: &Worker, state: &mut RunState) -> Outcome<i64> {
    let from = worker.customers.partition_point(|customer| *customer <= state.last_customer);
    let until = worker.customers.len().min(from + customers_in_chunk(worker.customers.len()));
    let chunk = &worker.customers[from..until];
    let Some(last) = chunk.last().copied() else {
        state.phase = Phase::Stages;
        return Ok(0);
    };
    let desk = cmd.desk.clone();
    let Loaded { days, parked } = load(&mut cmd.tx, &worker.context, chunk).await?;
    let mut plans = decide(&mut cmd.tx, &desk, &worker.context, &days).await?;
    let steps = write(cmd, worker, &days, &mut plans).await?;
    plans.push(CustomerPlan { refusals: parked, ..CustomerPlan::default() });
    let (org, at, run) = (cmd.by.org, cmd.at, RunId(worker.run.id));
    recovery::add_steps(&mut cmd.tx, org, steps, at).await?;
    let mut refusals = Vec::new();
    for plan in &plans {
        state.totals.plan(plan);
        for refused in &plan.refusals {
            state.refusals += 1;
            refusals.push(refusal_row(state.refusals, refused));
        }
    }
    recovery::add_refusals(&mut cmd.tx, org, run, refusals).await?;
    state.last_customer = last;
    if until == worker.customers.len() {
        state.phase = Phase::Stages;
    }
    Ok(chunk.len() as i64)
}

fn refusal_row(seq: i64, refused: &super::day::PlannedRefusal) -> RefusalRow {
    RefusalRow {
        seq,
        customer_id: refused.customer.0,
        item_id: refused.item.as_ref().map(|item| item.item.0),
        step_code: refused.step_code.clone(),
        code: refused.refusal.code.clone(),
        sentence: refused.refusal.sentence.clone(),
        allowed_from: refused.refusal.allowed_from,
    }
}

/// Writes the letters of a chunk, and gives the steps they and the tasks take. A letter that cannot be written leaves
/// its plan for a refusal that says why.
async fn write(
    cmd: &mut Command,
    worker: &Worker,
    days: &[CustomerDay<'_>],
    plans: &mut [CustomerPlan],
) -> Outcome<Vec<StepRow>> {
    let run = RunId(worker.run.id);
    let mut charges = Vec::new();
    let mut letters = Vec::new();
    for (day, plan) in days.iter().zip(plans.iter()) {
        for letter in &plan.letters {
            let posts = step_charges::to_post(cmd, letter);
            letters.push(step_charges::told(to_write(day, letter, run), letter, &posts));
            charges.push(posts);
        }
    }
    let composed = compose(cmd, &worker.stationery, letters).await?;
    let mut written = composed.into_iter().zip(charges);
    let mut steps = Vec::new();
    for (day, plan) in days.iter().zip(plans) {
        let mut kept = Vec::with_capacity(plan.letters.len());
        for letter in std::mem::take(&mut plan.letters) {
            match written.next().ok_or_else(|| Fault::new("a letter was not written"))? {
                (Ok(composed), posts) => {
                    step_charges::post_all(cmd, &posts).await?;
                    letter_steps(worker, day, (&letter, posts.as_slice()), &composed, &mut steps);
                    kept.push(letter);
                }
                (Err(why), _) => {
                    let whose = (letter.customer, letter.customer_number.clone(), letter.customer_name.clone());
                    let sentence = format!("The letter for {} could not be written: {why}", letter.step_name);
                    plan.refusals.push(parked(whose, &letter.step_code, sentence));
                }
            }
        }
        plan.letters = kept;
        for task in &plan.tasks {
            for item in &task.items {
                let mut step = step_row(worker, day, item.item, &task.step_code);
                let under = (task.pathway_code.as_str(), task.pathway_version, task.clause.as_str());
                step.note = format!("{}{}", task.step_name, allowed_by(under));
                (step.pathway_code, step.pathway_version) = (task.pathway_code.clone(), task.pathway_version);
                steps.push(step);
            }
        }
    }
    // In the order in which they are kept, so that neighbours are written together.
    steps.sort_by_key(|step| (step.item_id, step.seq));
    Ok(steps)
}

/// The steps that a letter takes for its items, and for what it charges on them; a statement takes none.
fn letter_steps(
    worker: &Worker,
    day: &CustomerDay<'_>,
    (letter, posts): (&PlannedLetter, &[step_charges::ToPost]),
    composed: &Composed,
    steps: &mut Vec<StepRow>,
) {
    if letter.step_code == STATEMENT {
        return;
    }
    let own = PlannedStep {
        step_code: letter.step_code.clone(),
        step_name: letter.step_name.clone(),
        pathway_code: letter.pathway_code.clone(),
        pathway_version: letter.pathway_version,
        clause: letter.clause.clone(),
        items: Vec::new(),
    };
    for item in letter.items.iter().filter(|item| item.open_pence.0 > 0) {
        let of = letter.other_step(item.item).unwrap_or(&own);
        let mut step = step_row(worker, day, item.item, &of.step_code);
        (step.letter_id, step.note) = (Some(composed.letter.0), step_note(letter, of, composed));
        (step.pathway_code, step.pathway_version) = (of.pathway_code.clone(), of.pathway_version);
        let charged = step_charges::new_items(posts, item.item);
        steps.extend(charged.map(|new| StepRow { item_id: new.0, seq: 1, ..step.clone() }));
        steps.push(step);
    }
}

/// What is kept of a step beside its letter.
fn step_note(letter: &PlannedLetter, of: &PlannedStep, composed: &Composed) -> String {
    let under = allowed_by((&of.pathway_code, of.pathway_version, &of.clause));
    match letter.earliest_issue_on {
        Some(day) => {
            let from = day.format("%-d %B %Y");
            format!("{} {}{under}; a claim may be issued from {from}", composed.number, of.step_name)
        }
        None => format!("{} {}{under}", composed.number, of.step_name),
    }
}

/// What allowed a step, for the record: pathway, version and clause.
fn allowed_by((code, version, clause): (&str, i64, &str)) -> String {
    format!(" (pathway {code} {version}, clause {clause})")
}

fn step_row(worker: &Worker, customer: &CustomerDay<'_>, item: sundry_domain::ids::ItemId, step_code: &str) -> StepRow {
    StepRow {
        item_id: item.0,
        seq: customer.taken.get(&item.0).copied().unwrap_or(0) + 1,
        customer_id: customer.to.row.id,
        pathway_code: String::new(),
        pathway_version: 0,
        step_code: step_code.to_owned(),
        due_on: named_day(&worker.context, customer, item, step_code),
        taken_on: worker.context.day,
        letter_id: None,
        run_id: Some(worker.run.id),
        note: String::new(),
        letter_state: String::new(),
    }
}
