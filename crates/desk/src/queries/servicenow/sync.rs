//! A look: what changed there is taken, what changed here is told, what waits is opened there.
use super::client::{Client, ClientNo, PAGE};
use super::settings::setting;
use crate::core::actor::Actor;
use crate::core::command::answer_to;
use crate::delivery::may_write_outside;
use crate::queries::may_work;
use crate::{Desk, Fault, No, Outcome, command};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use sundry_domain::queries::refusals::SERVICENOW_NOT_SET;
use sundry_domain::queries::servicenow::{StateMap, TypeMeans, minutes_to_wait, read_types};
use sundry_formats::servicenow::TheirCase;
use sundry_store::StoreFault;
use sundry_store::queries::servicenow::{case_there, cases_to_check};
use sundry_store::queries::servicenow_setting::{Look, ServiceNowSettingRow, note_look};

/// Minutes by which each look begins before the end of the last.
const OVERLAP: i64 = 5;
/// Cases told or opened by one look, at most.
pub(super) const AT_ONCE: i64 = 200;
/// Cases looked for that did not change, by one look, at most.
const CHECKED: i64 = 20;

/// Reads a workbook as CSV, where files of strangers may be read.
pub type ReadSheet = dyn Fn(Vec<u8>) -> BoxFuture<'static, Outcome<Vec<u8>>> + Send + Sync;

/// Looks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SyncServiceNow {
    /// Idempotency key.
    pub key: String,
}

/// What came of a look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNowSynced {
    /// Cases that were new.
    pub came: i64,
    /// Cases that had changed.
    pub changed: i64,
    /// Changes seen before.
    pub again: i64,
    /// Changes of our own that came back.
    pub own: i64,
    /// Cases that were told what became of them.
    pub told: i64,
    /// Cases that were opened there.
    pub opened: i64,
    /// Cases that are not there any more.
    pub removed: i64,
    /// What a person should know, in sentences.
    pub notes: Vec<String>,
    /// It could not be gone through.
    pub failed: bool,
    /// Nothing is asked before.
    pub held_until: Option<DateTime<Utc>>,
}

impl ServiceNowSynced {
    /// In one sentence.
    pub fn message(&self) -> String {
        let mut words = format!(
            "{} new, {} changed, {} told, {} opened there, {} own, {} known already",
            self.came, self.changed, self.told, self.opened, self.own, self.again
        );
        for note in &self.notes {
            words.push_str("; ");
            words.push_str(note);
        }
        words
    }
}

/// Why a look ends early.
pub(super) enum Stop {
    /// What they answer.
    There(ClientNo),
    /// What we answer.
    Here(No),
}

impl From<ClientNo> for Stop {
    fn from(no: ClientNo) -> Stop {
        Stop::There(no)
    }
}

impl From<No> for Stop {
    fn from(no: No) -> Stop {
        Stop::Here(no)
    }
}

impl From<StoreFault> for Stop {
    fn from(fault: StoreFault) -> Stop {
        Stop::Here(fault.into())
    }
}

/// What a step of a look gives.
pub(super) type Went<T> = Result<T, Stop>;

/// A look under way.
pub(super) struct Run<'a> {
    pub desk: &'a Desk,
    pub by: &'a Actor,
    pub row: ServiceNowSettingRow,
    pub states: StateMap,
    pub types: Vec<TypeMeans>,
    pub client: Client,
    pub sheet: &'a ReadSheet,
    pub done: ServiceNowSynced,
}

/// Looks there: takes, tells, opens.
///
/// # Errors
/// Duty; `SERVICENOW-NOT-SET`; a home of made people; `SERVICENOW-NOT-LET-IN`, after which nothing is asked until the
/// set-up was checked; `SERVICENOW-NOT-JSON`, `SERVICENOW-UNEXPECTED`. That it is busy or silent is an answer.
pub async fn sync_servicenow(
    desk: &Desk,
    by: &Actor,
    ask: SyncServiceNow,
    sheet: &ReadSheet,
) -> Outcome<ServiceNowSynced> {
    may_work(by)?;
    // The same key again is the same look: it gets the answer of then.
    if let Some(before) = answer_to(desk, by, ("sync_servicenow", &ask.key), &ask).await? {
        return Ok(before);
    }
    may_write_outside(desk)?;
    let row = setting(&mut desk.look().await?, by.org).await?;
    if !row.in_use {
        return Err(SERVICENOW_NOT_SET.because("ServiceNow is not in use").into());
    }
    if !row.stopped.is_empty() {
        let refusal = sundry_domain::queries::refusals::SERVICENOW_NOT_LET_IN.because(row.stopped.clone());
        return Err(refusal.into());
    }
    let now = desk.clock().now();
    if let Some(until) = row.held_until.filter(|until| *until > now) {
        return Ok(ServiceNowSynced { held_until: Some(until), failed: true, ..ServiceNowSynced::default() });
    }
    let broken = |words: String| Fault::new(format!("the set-up of ServiceNow cannot be read: {words}"));
    let mut run = Run {
        desk,
        by,
        states: StateMap::read(&row.states).map_err(broken)?,
        types: read_types(&row.types).map_err(broken)?,
        client: Client::of(desk, by.org, &row)?,
        row,
        sheet,
        done: ServiceNowSynced::default(),
    };
    let stop = match run.all().await {
        Ok(()) => None,
        Err(Stop::There(no)) => Some(no),
        Err(Stop::Here(no)) => return Err(no),
    };
    run.note(&ask, stop).await
}

impl Run<'_> {
    async fn all(&mut self) -> Went<()> {
        self.take_changes().await?;
        self.look_for_old().await?;
        self.tell_all().await?;
        self.send_all().await
    }

    /// Everything that changed since the last look and five minutes before, the longest ago first.
    async fn take_changes(&mut self) -> Went<()> {
        let mut from = self.row.seen_to - TimeDelta::minutes(OVERLAP);
        let (mut offset, mut seen) = (0, HashSet::new());
        loop {
            let page = self.client.changed_since(from, offset).await?;
            let count = page.len();
            let mut last = from;
            for case in page {
                let case = match case {
                    Ok(case) => case,
                    Err(words) => {
                        if !self.done.notes.contains(&words) {
                            self.done.notes.push(words);
                        }
                        continue;
                    }
                };
                let Some(at) = case.updated_at else { continue };
                last = last.max(at);
                if seen.insert((case.sys_id.clone(), at)) {
                    self.take(case).await?;
                    // What was taken is taken, whatever stops the rest.
                    self.row.seen_to = self.row.seen_to.max(at);
                }
            }
            if count < PAGE {
                return Ok(());
            }
            (from, offset) = if last > from { (last, 0) } else { (from, offset + PAGE) };
        }
    }

    /// One case as it stands there: new, known, changed, or our own change that comes back.
    async fn take(&mut self, case: TheirCase) -> Went<()> {
        let ours = if case.correlation_id.starts_with("sundry:") { case.correlation_id.as_str() } else { "" };
        let known = case_there(&mut self.desk.look().await?, self.by.org, &case.sys_id, ours).await?;
        let over = self.states.meaning(&case.state).is_some_and(|meaning| meaning.is_over());
        match known {
            None if case.updated_by == self.row.user_name => self.done.own += 1,
            // What was over before we heard of it asks for nothing.
            None if over => self.done.again += 1,
            None => {
                self.place(None, case).await?;
                self.done.came += 1;
            }
            Some(row)
                if !row.sys_id.is_empty() && row.updated_at == case.updated_at && row.their_state == case.state =>
            {
                self.done.again += 1;
            }
            Some(row) => self.changed(row, case).await?,
        }
        Ok(())
    }

    /// What has not changed for a day may have been removed there.
    async fn look_for_old(&mut self) -> Went<()> {
        let before = self.desk.clock().now() - TimeDelta::days(1);
        let old = cases_to_check(&mut self.desk.look().await?, self.by.org, before, CHECKED).await?;
        for row in old {
            match self.client.case(&row.sys_id).await {
                Ok(case) => self.changed(row, case).await?,
                Err(ClientNo::Gone) => self.gone(&row).await?,
                Err(no) => return Err(no.into()),
            }
        }
        Ok(())
    }

    /// Notes how it went: what is wrong for a while is tried again later each time, what keeps us out stops it.
    async fn note(mut self, ask: &SyncServiceNow, stop: Option<ClientNo>) -> Outcome<ServiceNowSynced> {
        let now = self.desk.clock().now();
        let mut stopped = String::new();
        let mut failures = 0;
        if let Some(no) = &stop {
            self.done.failed = true;
            self.done.notes.push(no.words());
            failures = self.row.failures + 1;
            match no {
                ClientNo::NotLetIn(..) => stopped = no.words(),
                _ => self.done.held_until = Some(now + TimeDelta::minutes(minutes_to_wait(failures))),
            }
        }
        let message = self.done.message();
        let done = command!(self.desk, self.by, "sync_servicenow", &ask.key, ask, |cmd| {
            let look = Look {
                at: cmd.at,
                seen_to: self.row.seen_to,
                result: &message,
                failures,
                held_until: self.done.held_until,
                stopped: &stopped,
            };
            note_look(&mut cmd.tx, cmd.by.org, &look).await?;
            cmd.tell(
                if stopped.is_empty() { "ServiceNowLooked" } else { "ServiceNowStopped" },
                "ServiceNow",
                &self.done,
            );
            Ok(self.done.clone())
        })?;
        match stop {
            None | Some(ClientNo::Busy(_) | ClientNo::Silent(_)) => Ok(done),
            Some(no) => Err(no.into()),
        }
    }
}
