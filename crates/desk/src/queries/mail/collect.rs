//! Collecting messages from mailboxes: each taken once, put away only when it is ours for good.
use super::imap::Imap;
use super::take::{CameFrom, MailTaken, TakeMail, take};
use crate::core::actor::{Actor, Channel};
use crate::core::command::answer_to;
use crate::core::vault::{hex, random_bytes};
use crate::delivery::may_write_outside;
use crate::jobs::ask::{AddJob, add_job};
use crate::{Desk, No, Outcome, command};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use sundry_domain::ids::OrgId;
use sundry_store::control;
use sundry_store::queries::mailboxes::{self as rows, MailboxRow};

/// Messages taken at one look, at most; the rest at the next.
const AT_ONCE: usize = 200;

/// What came of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxVisited {
    /// Its name.
    pub mailbox: String,
    /// Whether it could not be read.
    pub failed: bool,
    /// What came of it, for a person.
    pub message: String,
    /// The messages that were taken.
    pub taken: Vec<MailTaken>,
}

/// What was collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailCollected {
    /// Mailbox by mailbox.
    pub mailboxes: Vec<MailboxVisited>,
}

/// Collects from every mailbox in use, or from the one with a name.
///
/// # Errors
/// Duty; no such mailbox; a home of made people collects nothing. A mailbox that cannot be read is an answer.
pub async fn collect_mail(desk: &Desk, by: &Actor, (key, only): (&str, Option<&str>)) -> Outcome<MailCollected> {
    super::super::may_work(by)?;
    // The same key again is the same look: it gets the answer of then.
    if let Some(before) = answer_to(desk, by, ("collect_mail", key), &only).await? {
        return Ok(before);
    }
    may_write_outside(desk)?;
    let all = rows::mailboxes(&mut desk.look().await?, by.org).await?;
    if let Some(name) = only.filter(|name| !all.iter().any(|row| row.name == **name)) {
        return Err(No::Absent(format!("mailbox {name}")));
    }
    let mut collected = MailCollected::default();
    for row in all.into_iter().filter(|row| only.map_or(row.in_use, |name| row.name == name)) {
        collected.mailboxes.push(visit(desk, by, &row).await?);
    }
    command!(desk, by, "collect_mail", key, &only, |cmd| {
        cmd.tell("MailCollected", "mailboxes", &collected);
        Ok(collected.clone())
    })
}

async fn visit(desk: &Desk, by: &Actor, row: &MailboxRow) -> Outcome<MailboxVisited> {
    let (mut taken, mut notes, mut uid_validity) = (Vec::new(), Vec::new(), 0);
    let came = match Imap::open(desk, by.org, row).await {
        Ok(mut imap) => {
            uid_validity = imap.uid_validity;
            if row.uid_validity != 0 && row.uid_validity != uid_validity {
                notes.push("the server numbered its messages anew, so each was looked at again".to_owned());
            }
            let came = fetch(desk, by, row, &mut imap, (&mut taken, &mut notes)).await;
            imap.close().await;
            came
        }
        Err(no) => Err(no),
    };
    let count = |state: &str| taken.iter().filter(|one: &&MailTaken| !one.again && one.state == state).count();
    let again = taken.iter().filter(|one| one.again).count();
    let mut message = format!(
        "{} opened a query, {} joined one, {} to be sorted, {} automatic, {} came back, {again} known already",
        count("opened"),
        count("joined"),
        count("waiting"),
        count("automatic"),
        count("came_back")
    );
    let failed = match came {
        Ok(()) => false,
        Err(No::Fault(fault)) => return Err(No::Fault(fault)),
        Err(No::Refused(refusal)) => {
            notes.push(format!("{}. {}", refusal.sentence.trim_end_matches('.'), refusal.way_out));
            true
        }
        Err(other) => {
            notes.push(other.to_string());
            true
        }
    };
    if failed && taken.is_empty() {
        message = notes.join("; ");
    } else {
        message = std::iter::once(message).chain(notes).collect::<Vec<_>>().join("; ");
    }
    let visited = MailboxVisited { mailbox: row.name.clone(), failed, message, taken };
    let key = format!("mailbox-visited/{}", hex(&random_bytes::<16>()));
    command!(desk, by, "visit_mailbox", &key, &visited.mailbox, |cmd| {
        let looked = (cmd.at, uid_validity);
        let told = (visited.message.as_str(), visited.failed);
        rows::mailbox_looked_at(&mut cmd.tx, cmd.by.org, row.id, looked, told).await?;
        cmd.tell("MailboxVisited", format!("mailbox {}", row.name), &visited);
        Ok(visited.clone())
    })
}

/// Takes what is new; what a look that was cut short had taken is put away now.
async fn fetch(
    desk: &Desk,
    by: &Actor,
    row: &MailboxRow,
    imap: &mut Imap,
    (taken, notes): (&mut Vec<MailTaken>, &mut Vec<String>),
) -> Outcome<()> {
    let known = rows::taken(&mut desk.look().await?, by.org, row.id, imap.uid_validity).await?;
    let known: HashSet<i64> = known.into_iter().collect();
    let (old, new): (Vec<i64>, Vec<i64>) = imap.uids().await?.into_iter().partition(|uid| known.contains(uid));
    if !row.moved_to.is_empty() && !old.is_empty() {
        put_away(imap, &old, &row.moved_to, notes).await?;
    }
    if new.len() > AT_ONCE {
        notes.push(format!("{} more at the next look", new.len() - AT_ONCE));
    }
    for uid in new.into_iter().take(AT_ONCE) {
        let Some((size, bytes)) = imap.fetch(uid).await? else { continue };
        let from = CameFrom {
            mailbox: row.name.clone(),
            place: Some((row.id, imap.uid_validity, uid)),
            owner: row.query_owner.clone(),
            category: row.query_category.clone(),
            acknowledge: row.acknowledge,
            size_there: Some(size),
        };
        let key = format!("mailbox/{}/{}/{uid}", row.id, imap.uid_validity);
        let ask = TakeMail { key, file_name: format!("{uid}.eml"), bytes };
        taken.push(take(desk, by, &ask, &from).await?);
        put_away(imap, &[uid], &row.moved_to, notes).await?;
    }
    Ok(())
}

/// A message that cannot be moved is taken all the same: it is said once, and tried again at the next look.
async fn put_away(imap: &mut Imap, uids: &[i64], moved_to: &str, notes: &mut Vec<String>) -> Outcome<()> {
    match imap.put_away(uids, moved_to).await {
        Err(No::Refused(refusal)) => {
            if !notes.contains(&refusal.sentence) {
                notes.push(refusal.sentence);
            }
            Ok(())
        }
        other => other,
    }
}

/// Asks for a look at every mailbox whose time has come, of every organisation; gives how many.
///
/// # Errors
/// Only when the database cannot be asked.
pub async fn ask_for_due_mail(desk: &Desk) -> Outcome<usize> {
    let organisations = control::organisations(&mut desk.look().await?).await?;
    let now = desk.clock().now();
    let mut asked = 0;
    for one in organisations {
        let org = OrgId(one.id);
        let all = rows::mailboxes(&mut desk.look().await?, org).await?;
        for row in all.into_iter().filter(|row| row.in_use && is_due(row, now)) {
            let by = Actor { channel: Channel::Job, ..Actor::operator(org, "Operator") };
            // The same look asked for twice is one job.
            let slot = now.timestamp() / 60 / row.every_minutes.max(1);
            let dedupe_key = format!("mail/{}/{}/{slot}", row.id, row.version);
            let request = serde_json::json!({ "mailbox": row.name });
            let key = format!("mail/{}", hex(&random_bytes::<16>()));
            let ask = AddJob { key, kind: "collect_mail".into(), dedupe_key, request };
            asked += usize::from(!add_job(desk, &by, ask).await?.was_there);
        }
    }
    Ok(asked)
}

fn is_due(row: &MailboxRow, now: DateTime<Utc>) -> bool {
    row.looked_at.is_none_or(|at| now - at >= TimeDelta::minutes(row.every_minutes))
}
