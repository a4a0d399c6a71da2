//! The worker: claims a job, keeps its lease, tells progress, ends it. A stale worker is refused by its fence.
use super::refusals::{NOT_YOURS, UNKNOWN_KIND};
use crate::core::actor::{Actor, Channel, OPERATOR};
use crate::core::command::again;
use crate::core::vault::{hex, random_bytes};
use crate::{Desk, No, Outcome};
use chrono::TimeDelta;
use futures::future::BoxFuture;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sundry_domain::control::{Duty, Role};
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::Pence;
use sundry_store::control;
use sundry_store::jobs::{self, JobRow};
use tokio::sync::watch;

/// How long a silent worker keeps a job.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often a working one renews its lease.
const BEAT: Duration = Duration::from_secs(15);
/// How long an idle worker waits, and a little more at random.
const IDLE: u64 = 400;

/// What does the work of a kind of job.
pub type Handler = Arc<dyn Fn(JobRun) -> BoxFuture<'static, Outcome<Value>> + Send + Sync>;

/// Handlers by kind; a kind that ends in `*` takes every kind that begins so.
#[derive(Clone, Default)]
pub struct Handlers {
    by_kind: BTreeMap<String, Handler>,
}

impl Handlers {
    /// None yet.
    pub fn new() -> Handlers {
        Handlers::default()
    }

    /// Adds the handler of a kind.
    pub fn on<F, W>(mut self, kind: &str, work: F) -> Handlers
    where
        F: Fn(JobRun) -> W + Send + Sync + 'static,
        W: Future<Output = Outcome<Value>> + Send + 'static,
    {
        self.by_kind.insert(kind.to_owned(), Arc::new(move |run| Box::pin(work(run))));
        self
    }

    /// The kinds that have a handler.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.by_kind.keys().map(String::as_str)
    }

    /// The handler of a kind.
    pub fn of(&self, kind: &str) -> Option<Handler> {
        let exact = self.by_kind.get(kind);
        let by_start = || {
            let starts = |name: &str| name.strip_suffix('*').is_some_and(|start| kind.starts_with(start));
            self.by_kind.iter().find(|(name, _)| starts(name)).map(|(_, handler)| handler)
        };
        exact.or_else(by_start).cloned()
    }
}

#[derive(Default)]
struct Progress {
    done: i64,
    total: i64,
    message: String,
    lost: bool,
}

/// A job under way, as its handler sees it.
#[derive(Clone)]
pub struct JobRun {
    /// The desk.
    pub desk: Desk,
    /// On whose behalf, with the duties they hold now.
    pub by: Actor,
    /// The job as it was claimed.
    pub job: JobRow,
    progress: Arc<Mutex<Progress>>,
}

impl JobRun {
    /// Tells progress and holds the lease. Call it between pieces of work.
    ///
    /// # Errors
    /// `JOB-NOT-YOURS` when the job was stopped or another worker has it: end at once.
    pub async fn beat(&self, done: i64, total: i64, message: &str) -> Outcome<()> {
        {
            let mut progress = self.progress.lock().expect("no one panics while holding progress");
            (progress.done, progress.total) = (done, total);
            progress.message = message.to_owned();
        }
        self.renew().await
    }

    async fn renew(&self) -> Outcome<()> {
        let (done, total, message, lost) = {
            let progress = self.progress.lock().expect("no one panics while holding progress");
            (progress.done, progress.total, progress.message.clone(), progress.lost)
        };
        if !lost && heartbeat(&self.desk, &self.job, (done, total), &message).await? {
            return Ok(());
        }
        self.progress.lock().expect("no one panics while holding progress").lost = true;
        Err(NOT_YOURS.because("The job was stopped, or another worker has it.").into())
    }
}

/// Claims the oldest free job of an organisation.
pub async fn claim_job(desk: &Desk, org: OrgId, holder: &str) -> Outcome<Option<JobRow>> {
    let now = desk.clock().now();
    let mut tx = desk.db().begin().await?;
    let job = jobs::claim_job(&mut tx, org, holder, now, now + LEASE).await?;
    tx.commit().await?;
    Ok(job)
}

/// Tells progress of a claimed job; false if it is another's by now, or was stopped.
///
/// The keeper of the lease and the work itself may both tell at once: whom the database sends back tells again.
pub async fn heartbeat(desk: &Desk, job: &JobRow, progress: (i64, i64), message: &str) -> Outcome<bool> {
    let mut attempt = 0;
    loop {
        match heartbeat_once(desk, job, progress, message).await {
            Err(no) if again(&no, &mut attempt).await => {}
            told => return told,
        }
    }
}

async fn heartbeat_once(desk: &Desk, job: &JobRow, progress: (i64, i64), message: &str) -> Outcome<bool> {
    let until = desk.clock().now() + LEASE;
    let mut tx = desk.db().begin().await?;
    let mine = jobs::heartbeat(&mut tx, OrgId(job.org_id), (job.id, job.fence), progress, message, until).await?;
    tx.commit().await?;
    Ok(mine)
}

/// Ends a claimed job as done or failed; false if it is another's by now.
pub async fn finish(desk: &Desk, job: &JobRow, outcome: Result<Value, String>) -> Outcome<bool> {
    let (state, message, result) = match outcome {
        Ok(result) => ("done", String::new(), Some(result)),
        Err(words) => ("failed", words, None),
    };
    let mut attempt = 0;
    loop {
        match finish_once(desk, job, state, &message, result.clone()).await {
            Err(no) if again(&no, &mut attempt).await => {}
            told => return told,
        }
    }
}

async fn finish_once(desk: &Desk, job: &JobRow, state: &str, message: &str, result: Option<Value>) -> Outcome<bool> {
    let at = desk.clock().now();
    let mut tx = desk.db().begin().await?;
    let mine = jobs::finish(&mut tx, OrgId(job.org_id), (job.id, job.fence), state, message, result, at).await?;
    tx.commit().await?;
    Ok(mine)
}

/// Works jobs of every organisation until told to stop. Start it as a task of the server, or several.
pub async fn work_jobs(desk: Desk, handlers: Handlers, mut stop: watch::Receiver<bool>) {
    let holder = format!("worker-{}", hex(&random_bytes::<6>()));
    while !*stop.borrow() {
        match work_once(&desk, &handlers, &holder).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(no) => tracing::warn!(error = %no, "the job worker could not ask for work"),
        }
        let pause = Duration::from_millis(IDLE + u64::from(random_bytes::<1>()[0]));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
}

/// Does one job of any organisation, if there is one.
pub async fn work_once(desk: &Desk, handlers: &Handlers, holder: &str) -> Outcome<bool> {
    let organisations = control::organisations(&mut desk.look().await?).await?;
    for one in organisations {
        if let Some(job) = claim_job(desk, OrgId(one.id), holder).await? {
            run_job(desk, handlers, job).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

async fn run_job(desk: &Desk, handlers: &Handlers, job: JobRow) -> Outcome<()> {
    let outcome = match (handlers.of(&job.kind), actor_of(desk, &job).await?) {
        (None, _) => Err(UNKNOWN_KIND.because(format!("Nobody knows how to do {}.", job.kind)).into()),
        (_, None) => Err(No::Absent("person who asked for the job".into())),
        (Some(handler), Some(by)) => {
            let run = JobRun { desk: desk.clone(), by, job: job.clone(), progress: Arc::default() };
            run_beating(handler, run).await
        }
    };
    let ended = match outcome {
        Ok(value) => finish(desk, &job, Ok(value)).await?,
        Err(no) if no.code() == Some(NOT_YOURS.code) => false,
        Err(no) => finish(desk, &job, Err(words_of(&no))).await?,
    };
    if !ended {
        tracing::info!(job = job.id, "a job was stopped, or went to another worker");
    }
    Ok(())
}

fn words_of(no: &No) -> String {
    match no {
        No::Invalid(all) => {
            let said: Vec<String> = all.iter().take(5).map(|one| format!("{}: {}", one.field, one.message)).collect();
            said.join("; ")
        }
        other => other.to_string(),
    }
}

/// Runs the handler and renews the lease beside it. The handler is never cut off in the middle of a
/// commit: when the lease is lost, it hears so at its next beat.
async fn run_beating(handler: Handler, run: JobRun) -> Outcome<Value> {
    let keeper = run.clone();
    let mut work = tokio::spawn(handler(run));
    loop {
        tokio::select! {
            ended = &mut work => {
                return ended.unwrap_or_else(|e| Err(crate::Fault::new(format!("the job broke off: {e}")).into()));
            }
            () = tokio::time::sleep(BEAT) => {
                let _ = keeper.renew().await;
            }
        }
    }
}

/// The person who asked, with the duties they hold now.
async fn actor_of(desk: &Desk, job: &JobRow) -> Outcome<Option<Actor>> {
    let (org, user) = (OrgId(job.org_id), UserId(job.asked_by));
    if user == OPERATOR {
        return Ok(Some(Actor { channel: Channel::Job, ..Actor::operator(org, "Operator") }));
    }
    let row = control::user(&mut desk.look().await?, org, user).await?;
    let Some(row) = row.filter(|row| row.disabled_at.is_none()) else { return Ok(None) };
    let roles: Vec<Role> = row.roles.split(' ').filter_map(Role::parse).collect();
    let mut duties: Vec<Duty> = roles.iter().flat_map(|role| role.duties()).copied().collect();
    duties.sort();
    duties.dedup();
    let limit = Pence(row.limit_pence);
    Ok(Some(Actor { org, user, name: row.display_name, roles, duties, limit, channel: Channel::Job }))
}
