//! Who does which kind of job, and the worker that the server runs beside the pages.
use crate::child;
use futures::FutureExt;
use serde_json::{Value, json};
use std::future::Future;
use std::time::Duration;
use sundry_desk::billing::contracts::{ReleaseBillingRun, release_billing_run};
use sundry_desk::billing::feeders::{ReleaseFeederFile, release_feeder_file};
use sundry_desk::billing::uplifts::{ApplyUplift, apply_uplift};
use sundry_desk::cash::cards::tend_cards;
use sundry_desk::cash::collect_bank_files::{ask_for_due_collections, collect_bank_files};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::close::proofs::{ProveControls, prove_controls};
use sundry_desk::court::{TendCourt, tend_court};
use sundry_desk::delivery::einvoice::{SendEinvoices, collect_answers, send_einvoices};
use sundry_desk::delivery::notify::{SendByNotify, ask_for_due_notify, poll_notify, send_by_notify};
use sundry_desk::delivery::{PrintLetters, SendEmails, print_letters, send_emails, send_mail};
use sundry_desk::jobs::worker::{Handlers, JobRun, work_jobs};
use sundry_desk::queries::{SyncServiceNow, ask_for_due_mail, ask_for_due_servicenow, collect_mail, sync_servicenow};
use sundry_desk::recovery::pathways::{SimulatePathway, simulate_pathway};
use sundry_desk::recovery::{ReleaseDay, SendStatements, StatementsAsk, release_day, send_statements};
use sundry_desk::reports::listing::{ReconcileListing, reconcile_listing};
use sundry_desk::setup::organisations::organisations;
use sundry_desk::writeoff::tend_referrals;
use sundry_desk::{Desk, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::recovery::refusals::PARKED;
use sundry_domain::refusal::Invalid;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often places of bank files and mailboxes are asked whether their time has come.
const DUE: Duration = Duration::from_secs(20);
/// Letters in one batch, at most.
const LETTERS: i64 = 100_000;
/// E-invoices written by one job, at most.
const EINVOICES: i64 = 10_000;
/// How often card payments are tended.
const TEND: Duration = Duration::from_secs(20);

/// The handlers of every kind of job there is.
pub fn handlers() -> Handlers {
    Handlers::new()
        .on("release_day", release)
        .on("match_cash", matching)
        .on("collect_bank_files", collecting)
        .on("print_letters", printing)
        .on("send_emails", mailing)
        .on("send_einvoices", einvoicing)
        .on("send_statements", stating)
        .on("reconcile_listing", reconciling)
        .on("bill_contracts", billing)
        .on("bill_feeder_file", billing_file)
        .on("apply_uplift", uplifting)
        .on("tend_cards", tending)
        .on("collect_mail", collecting_mail)
        .on("send_by_notify", notifying)
        .on("sync_servicenow", looking_at_servicenow)
        .on("simulate_pathway", simulating)
}

/// Starts a worker beside the server. Send `true` to let it end the piece it is at, then wait for it.
pub fn start(desk: Desk) -> (JoinHandle<()>, watch::Sender<bool>) {
    let (stop, stopped) = watch::channel(false);
    let asking = ask_for_bank_files(desk.clone(), stopped.clone());
    let (worked, tended) = (work_jobs(desk.clone(), handlers(), stopped.clone()), watch_cards(desk, stopped));
    let all = async {
        tokio::join!(worked, asking, tended);
    };
    (tokio::spawn(all), stop)
}

/// Asks for a look at each place where the bank leaves files, and at each mailbox, when its time has come.
async fn ask_for_bank_files(desk: Desk, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        // Somebody may have let new rates in from the command line, which is a process of its own.
        if let Err(no) = desk.load_book().await {
            tracing::warn!(error = %no, "dated rates could not be read again");
        }
        if let Err(no) = ask_for_due_collections(&desk).await {
            tracing::warn!(error = %no, "places of bank files could not be asked for");
        }
        if let Err(no) = ask_for_due_mail(&desk).await {
            tracing::warn!(error = %no, "mailboxes could not be asked for");
        }
        if let Err(no) = ask_for_due_notify(&desk).await {
            tracing::warn!(error = %no, "GOV.UK Notify could not be asked for");
        }
        if let Err(no) = ask_for_due_servicenow(&desk).await {
            tracing::warn!(error = %no, "ServiceNow could not be asked for");
        }
        tokio::select! {
            () = tokio::time::sleep(DUE) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
}

/// Asks the card providers, again and again, about what no webhook told us of.
async fn watch_cards(desk: Desk, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match organisations(&desk).await {
            Ok(all) => {
                for one in all {
                    if let Err(no) = tend_cards(&desk, OrgId(one.id)).await {
                        tracing::warn!(error = %no, "card payments could not be tended");
                    }
                }
            }
            Err(no) => tracing::warn!(error = %no, "the organisations could not be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(TEND) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
}

async fn tending(run: JobRun) -> Outcome<Value> {
    Ok(serde_json::to_value(tend_cards(&run.desk, run.by.org).await?)?)
}

/// The same key however often the job is resumed, so that it goes on and repeats nothing.
fn key(run: &JobRun) -> String {
    format!("job-{}", run.job.id)
}

/// Does a piece of work that counts, and tells the job how far it is; ends when the job is stopped or lost.
async fn counted<T>(
    run: &JobRun,
    counts: watch::Receiver<(i64, i64)>,
    work: impl Future<Output = Outcome<T>>,
) -> Outcome<T> {
    let last = counts.clone();
    let teller = async {
        let mut counts = counts;
        loop {
            if counts.changed().await.is_err() {
                // The work has ended: its answer is on the way.
                std::future::pending::<()>().await;
            }
            let (done, total) = *counts.borrow_and_update();
            if let Err(no) = run.beat(done, total, "").await {
                return no;
            }
        }
    };
    let answer = tokio::select! {
        answer = work => answer?,
        no = teller => return Err(no),
    };
    let (done, total) = *last.borrow();
    run.beat(done, total, "").await?;
    Ok(answer)
}

/// A way to tell counts, and to hear them.
fn counter() -> (impl Fn(i64, i64) + Send + Sync, watch::Receiver<(i64, i64)>) {
    let (tell, heard) = watch::channel((0, 0));
    let tell = move |done: i64, total: i64| {
        tell.send_replace((done, total));
    };
    (tell, heard)
}

async fn release(run: JobRun) -> Outcome<Value> {
    let date = run.job.request.get("date").and_then(Value::as_str).unwrap_or_default();
    let date = date.parse().map_err(|_| Invalid::field("date", "Enter the day to release, as 2026-11-30", date))?;
    let (tell, counts) = counter();
    let ask = ReleaseDay { key: key(&run), date };
    let done = counted(&run, counts, release_day(&run.desk, &run.by, ask, &tell)).await?;
    // What services did not answer in time has its answer from today.
    tend_referrals(&run.desk, &run.by, date).await?;
    let parked = done.totals.refused.get(PARKED.code).copied().unwrap_or_default();
    tend_court(&run.desk, &run.by, TendCourt { key: format!("{}/court", key(&run)) }).await?;
    // Each day's run ends with the proof of every account; who may not see reports leaves it to the next who may.
    let as_at = run.desk.today();
    if run.by.holds(Duty::RunReports) {
        prove_controls(&run.desk, &run.by, ProveControls { key: format!("{}/proof", key(&run)), as_at }).await?;
    }
    Ok(json!({ "run": done.number, "state": done.state, "parked": parked }))
}

async fn billing(run: JobRun) -> Outcome<Value> {
    let number = run.job.request.get("number").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (tell, counts) = counter();
    // A job that was stopped and resumed releases under a key of its own.
    let ask = ReleaseBillingRun { key: format!("{}/{}", key(&run), run.job.fence), number };
    let done = counted(&run, counts, release_billing_run(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "run": done.number, "state": done.state, "invoices": done.totals.invoices }))
}

async fn billing_file(run: JobRun) -> Outcome<Value> {
    let number = run.job.request.get("number").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (tell, counts) = counter();
    // A job that was stopped and resumed releases under a key of its own.
    let ask = ReleaseFeederFile { key: format!("{}/{}", key(&run), run.job.fence), number };
    let done = counted(&run, counts, release_feeder_file(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "file": done.number, "state": done.state, "invoices": done.totals.invoices }))
}

async fn uplifting(run: JobRun) -> Outcome<Value> {
    let number = run.job.request.get("number").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (tell, counts) = counter();
    let ask = ApplyUplift { key: format!("{}/{}", key(&run), run.job.fence), number };
    let done = counted(&run, counts, apply_uplift(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "uplift": done.number, "state": done.state, "rates": done.done, "left": done.left }))
}

async fn simulating(run: JobRun) -> Outcome<Value> {
    let asked = |name: &str| run.job.request.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (tell, counts) = counter();
    // One that was stopped and resumed begins anew, under a key of its own: the draft may have changed.
    let key = format!("{}/{}", key(&run), run.job.fence);
    let ask = SimulatePathway { key, code: asked("code"), kind: asked("kind") };
    let found = counted(&run, counts, simulate_pathway(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "pathway": found.code, "kind": found.kind, "skips": found.skips, "changes": found.changes }))
}

async fn matching(run: JobRun) -> Outcome<Value> {
    let done = match_cash(&run.desk, &run.by, MatchCash { key: key(&run) }).await?;
    run.beat(done.lines, done.lines, "").await?;
    Ok(serde_json::to_value(done)?)
}

async fn collecting(run: JobRun) -> Outcome<Value> {
    let source = run.job.request.get("source").and_then(Value::as_str).map(str::to_owned);
    let taste = |name: String, bytes: Vec<u8>| async move { child::statement_bytes(&name, bytes).await }.boxed();
    let done = collect_bank_files(&run.desk, &run.by, (&key(&run), source.as_deref()), &taste).await?;
    let files = done.sources.iter().map(|one| one.files.len() as i64).sum();
    run.beat(files, files, "").await?;
    Ok(serde_json::to_value(done)?)
}

async fn collecting_mail(run: JobRun) -> Outcome<Value> {
    let only = run.job.request.get("mailbox").and_then(Value::as_str).map(str::to_owned);
    // A look that was cut short goes on under a key of its own; what it took it knows.
    let key = format!("{}/{}", key(&run), run.job.fence);
    let done = collect_mail(&run.desk, &run.by, (&key, only.as_deref())).await?;
    let taken = done.mailboxes.iter().map(|one| one.taken.len() as i64).sum();
    run.beat(taken, taken, "").await?;
    Ok(serde_json::to_value(done)?)
}

async fn looking_at_servicenow(run: JobRun) -> Outcome<Value> {
    // A look that was cut short goes on under a key of its own; what it took it knows.
    let ask = SyncServiceNow { key: format!("{}/{}", key(&run), run.job.fence) };
    let sheet = |bytes: Vec<u8>| child::as_table(bytes).boxed();
    let done = sync_servicenow(&run.desk, &run.by, ask, &sheet).await?;
    let moved = done.came + done.changed + done.told + done.opened;
    run.beat(moved, moved, "").await?;
    Ok(serde_json::to_value(done)?)
}

async fn printing(run: JobRun) -> Outcome<Value> {
    let (tell, counts) = counter();
    let ask = PrintLetters { key: key(&run), limit: LETTERS };
    let done = counted(&run, counts, print_letters(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "batch": done.batch.number, "letters": done.batch.letters_count, "parked": done.parked }))
}

async fn mailing(run: JobRun) -> Outcome<Value> {
    let (tell, counts) = counter();
    let ask = SendEmails { key: key(&run), limit: LETTERS };
    let done = counted(&run, counts, send_emails(&run.desk, &run.by, ask, &tell)).await?;
    let others = send_mail(&run.desk, &run.by).await?;
    Ok(json!({ "letters": done, "others": others }))
}

/// What became of earlier messages first, so that what goes out knows it.
async fn notifying(run: JobRun) -> Outcome<Value> {
    let polled = poll_notify(&run.desk, &run.by).await?;
    let begun_only = run.job.request.get("begun_only").and_then(Value::as_bool).unwrap_or_default();
    let (tell, counts) = counter();
    let ask = SendByNotify { key: format!("{}/{}", key(&run), run.job.fence), limit: LETTERS, begun_only };
    let sent = counted(&run, counts, send_by_notify(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "asked": polled, "sent": sent, "parked": sent.failed + sent.unknown }))
}

/// What came back first, so that what goes out knows it.
async fn einvoicing(run: JobRun) -> Outcome<Value> {
    let answers = collect_answers(&run.desk, &run.by).await?;
    let (tell, counts) = counter();
    let ask = SendEinvoices { key: key(&run), limit: EINVOICES };
    let sent = counted(&run, counts, send_einvoices(&run.desk, &run.by, ask, &tell)).await?;
    Ok(json!({ "answers": answers, "sent": sent, "parked": sent.blocked + sent.unknown }))
}

async fn stating(run: JobRun) -> Outcome<Value> {
    let ask: StatementsAsk = serde_json::from_value(run.job.request.clone())?;
    let (tell, counts) = counter();
    let send = SendStatements { key: key(&run), ask };
    let done = counted(&run, counts, send_statements(&run.desk, &run.by, send, &tell)).await?;
    Ok(serde_json::to_value(done)?)
}

async fn reconciling(run: JobRun) -> Outcome<Value> {
    let number = run.job.request.get("number").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (tell, counts) = counter();
    let ask = ReconcileListing { key: key(&run), number };
    let done = counted(&run, counts, reconcile_listing(&run.desk, &run.by, ask, &tell)).await?;
    Ok(serde_json::to_value(done)?)
}

#[cfg(test)]
mod tests {
    use super::handlers;
    use sundry_desk::jobs::kinds::KINDS;

    #[test]
    fn every_kind_of_job_has_a_duty_and_someone_who_does_it() {
        let mut known: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        known.sort_unstable();
        assert_eq!(handlers().kinds().collect::<Vec<_>>(), known);
    }
}
