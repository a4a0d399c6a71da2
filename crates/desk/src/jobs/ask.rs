//! Asking for a job, looking at it, stopping and resuming it.
use super::kinds::duty_of;
use super::refusals::STATE;
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::jobs::{self, JobRow};

/// Asks for a piece of work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddJob {
    /// Idempotency key.
    pub key: String,
    /// Kind: release_day, match_cash, print_letters, import_…
    pub kind: String,
    /// Two requests with this key are one job.
    pub dedupe_key: String,
    /// What the handler needs.
    pub request: serde_json::Value,
}

/// The job that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobAdded {
    /// Its id.
    pub job: i64,
    /// Whether there was one with this dedupe key before.
    pub was_there: bool,
}

/// Adds a job, or finds the one with its dedupe key. Who may do the work is asked again when it is done.
///
/// # Errors
/// No kind or no dedupe key.
pub async fn add_job(desk: &Desk, by: &Actor, ask: AddJob) -> Outcome<JobAdded> {
    // Whoever keeps settings tries them on the book, and need not see accounts for it.
    may_look(by)?;
    let mut wrong = Vec::new();
    for (field, text) in [("kind", &ask.kind), ("dedupe_key", &ask.dedupe_key)] {
        if text.trim().is_empty() || text.len() > 200 {
            wrong.push(Invalid::field(field, "Enter 1 to 200 characters", text));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "add_job", &ask.key, &ask, |cmd| {
        let row = JobRow {
            org_id: cmd.by.org.0,
            id: cmd.id(),
            kind: ask.kind.clone(),
            dedupe_key: ask.dedupe_key.clone(),
            state: "waiting".into(),
            request: ask.request.clone(),
            done_count: 0,
            total_count: 0,
            message: String::new(),
            result: None,
            asked_by: cmd.by.user.0,
            fence: 0,
            holder: String::new(),
            lease_until: None,
            recorded_at: cmd.at,
            ended_at: None,
        };
        let added = jobs::add_job(&mut cmd.tx, &row).await?;
        let there = jobs::job_keyed(&mut cmd.tx, cmd.by.org, &ask.dedupe_key).await?;
        let job = there.map_or(row.id, |job| job.id);
        let event = if added { "JobAdded" } else { "JobAskedAgain" };
        cmd.tell(event, format!("job {job}"), serde_json::json!({ "kind": ask.kind, "dedupe_key": ask.dedupe_key }));
        Ok(JobAdded { job, was_there: !added })
    })
}

/// Names a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnJob {
    /// Idempotency key.
    pub key: String,
    /// The job.
    pub job: i64,
}

/// What was done to the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobTurned {
    /// The job.
    pub job: i64,
}

/// Whoever may do a job's work may stop it and let it go on; nobody else.
async fn may_turn(desk: &Desk, by: &Actor, id: i64) -> Outcome<()> {
    let found = jobs::job(&mut desk.look().await?, by.org, id).await?;
    let found = found.ok_or_else(|| No::Absent(format!("job {id}")))?;
    Ok(by.must_hold(duty_of(&found.kind))?)
}

/// Stops a job after the piece it is at; what is done stays done.
///
/// # Errors
/// No such job; `CTL-01-NO-DUTY` without the duty of its work; one that has ended.
pub async fn stop_job(desk: &Desk, by: &Actor, ask: TurnJob) -> Outcome<JobTurned> {
    may_turn(desk, by, ask.job).await?;
    command!(desk, by, "stop_job", &ask.key, &ask, |cmd| {
        if !jobs::stop(&mut cmd.tx, cmd.by.org, ask.job, cmd.at).await? {
            return Err(STATE.because("This job has ended.").into());
        }
        cmd.tell("JobStopped", format!("job {}", ask.job), ());
        Ok(JobTurned { job: ask.job })
    })
}

/// Lets a stopped or failed job go on.
///
/// # Errors
/// No such job; `CTL-01-NO-DUTY` without the duty of its work; one that was not stopped.
pub async fn resume_job(desk: &Desk, by: &Actor, ask: TurnJob) -> Outcome<JobTurned> {
    may_turn(desk, by, ask.job).await?;
    command!(desk, by, "resume_job", &ask.key, &ask, |cmd| {
        if !jobs::resume(&mut cmd.tx, cmd.by.org, ask.job).await? {
            return Err(STATE.because("This job was not stopped and did not fail.").into());
        }
        cmd.tell("JobResumed", format!("job {}", ask.job), ());
        Ok(JobTurned { job: ask.job })
    })
}

/// Whoever sees accounts sees jobs; so does an administrator, who keeps them going.
fn may_look(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ManageSettings) { Ok(()) } else { Ok(by.must_hold(Duty::View)?) }
}

/// The newest jobs, at most 200.
pub async fn jobs_list(desk: &Desk, by: &Actor) -> Outcome<Vec<JobRow>> {
    may_look(by)?;
    Ok(jobs::jobs(&mut desk.look().await?, by.org, 200).await?)
}

/// One job.
pub async fn job(desk: &Desk, by: &Actor, id: i64) -> Outcome<JobRow> {
    may_look(by)?;
    let found = jobs::job(&mut desk.look().await?, by.org, id).await?;
    found.ok_or_else(|| No::Absent(format!("job {id}")))
}
