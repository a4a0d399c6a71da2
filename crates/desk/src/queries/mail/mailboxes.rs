//! Mailboxes that messages are collected from: IMAP over TLS, the password in the vault.
use super::imap::read_certificates;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::queries::mailboxes::{self as rows, MailboxRow};

/// The rarest look: once a day.
const RAREST: i64 = 24 * 60;
/// The port of IMAP over TLS.
const PORT: i64 = 993;

/// Adds a mailbox, or changes the one with this name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepMailbox {
    /// Idempotency key.
    pub key: String,
    /// Its name here.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port; 0 means 993.
    pub port: i64,
    /// Whom the server knows us as.
    pub user_name: String,
    /// Their password; empty keeps the one there is, for the same server and name.
    pub password: String,
    /// The certificate (PEM) of the authority that signed the server's own; empty where a public one did.
    pub certificate: String,
    /// Whether the certificate there is stays where none is given.
    pub keep_certificate: bool,
    /// The folder that is read; INBOX when empty.
    pub folder: String,
    /// The folder that taken messages are moved to; empty leaves them, marked as read.
    pub moved_to: String,
    /// Who looks after the queries that it opens.
    pub query_owner: String,
    /// What they are about, until somebody says: a category that holds nothing; other when empty.
    pub query_category: String,
    /// How often it is looked at, in minutes; 5 when not said.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Whether each message that opens a query is acknowledged, with its number and day.
    pub acknowledge: bool,
}

/// A mailbox as people see it: its password never leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its name here.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// Whom the server knows us as.
    pub user_name: String,
    /// Whether an authority's certificate is set.
    pub own_certificate: bool,
    /// The folder that is read.
    pub folder: String,
    /// The folder that taken messages are moved to.
    pub moved_to: String,
    /// Who looks after the queries that it opens.
    pub query_owner: String,
    /// What they are about, until somebody says.
    pub query_category: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Whether each message that opens a query is acknowledged.
    #[serde(default)]
    pub acknowledge: bool,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be read.
    pub failed: bool,
}

impl From<MailboxRow> for Mailbox {
    fn from(row: MailboxRow) -> Mailbox {
        Mailbox {
            name: row.name,
            host: row.host,
            port: row.port,
            user_name: row.user_name,
            own_certificate: !row.certificate.is_empty(),
            folder: row.folder,
            moved_to: row.moved_to,
            query_owner: row.query_owner,
            query_category: row.query_category,
            every_minutes: row.every_minutes,
            in_use: row.in_use,
            acknowledge: row.acknowledge,
            looked_at: row.looked_at,
            result: row.result,
            failed: row.failed,
        }
    }
}

/// Mailboxes, by name.
///
/// # Errors
/// Duty.
pub async fn mailboxes(desk: &Desk, by: &Actor) -> Outcome<Vec<Mailbox>> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let rows = rows::mailboxes(&mut desk.look().await?, by.org).await?;
    Ok(rows.into_iter().map(Mailbox::from).collect())
}

pub(super) fn secret_row(id: i64) -> String {
    format!("mailbox/{id}")
}

/// Adds a mailbox, or changes the one with this name.
///
/// # Errors
/// Duty; everything wrong in it, at its field.
pub async fn keep_mailbox(desk: &Desk, by: &Actor, ask: KeepMailbox) -> Outcome<Mailbox> {
    by.must_hold(Duty::ManageSettings)?;
    let wrong = problems(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("name", &ask.name), ("query_owner", &ask.query_owner)])?;
    // The password is no part of what is kept of the request.
    let said = KeepMailbox { password: String::new(), ..ask.clone() };
    command!(desk, by, "keep_mailbox", &ask.key, &said, |cmd| {
        let org = cmd.by.org;
        let all = rows::mailboxes(&mut cmd.tx, org).await?;
        let before = all.into_iter().find(|row| row.name == ask.name.trim());
        let id = before.as_ref().map_or_else(|| cmd.id::<i64>(), |row| row.id);
        let same = |row: &&MailboxRow| row.host == ask.host.trim() && row.user_name == ask.user_name.trim();
        let secret = match (ask.password.as_str(), before.as_ref().filter(same)) {
            ("", Some(row)) => row.secret.clone(),
            // A password is for one server and one name: it is not shown to another.
            ("", None) => return Err(Invalid::field("password", "Enter the password of the mailbox", "").into()),
            (password, _) => desk.vault().seal_text(org.0, &secret_row(id), password)?,
        };
        let or =
            |text: &str, other: &str| if text.trim().is_empty() { other.to_owned() } else { text.trim().to_owned() };
        let row = MailboxRow {
            id,
            name: ask.name.trim().to_owned(),
            host: ask.host.trim().to_owned(),
            port: if ask.port == 0 { PORT } else { ask.port },
            user_name: ask.user_name.trim().to_owned(),
            secret,
            certificate: match (ask.certificate.trim(), &before) {
                ("", Some(row)) if ask.keep_certificate => row.certificate.clone(),
                (certificate, _) => certificate.to_owned(),
            },
            folder: or(&ask.folder, "INBOX"),
            moved_to: ask.moved_to.trim().to_owned(),
            query_owner: ask.query_owner.trim().to_owned(),
            query_category: or(&ask.query_category, "other"),
            every_minutes: if ask.every_minutes == 0 { 5 } else { ask.every_minutes },
            in_use: ask.in_use,
            acknowledge: ask.acknowledge,
            owner: cmd.by.user.0,
            owner_name: cmd.by.name.clone(),
            uid_validity: 0,
            looked_at: None,
            result: String::new(),
            failed: false,
            version: before.as_ref().map_or(1, |row| row.version + 1),
            recorded_at: cmd.at,
        };
        rows::keep_mailbox(&mut cmd.tx, org, &row).await?;
        cmd.tell("MailboxKept", format!("mailbox {}", row.name), &said);
        Ok(Mailbox::from(row))
    })
}

/// Pauses a mailbox, or uses it again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PauseMailbox {
    /// Idempotency key.
    pub key: String,
    /// Its name here.
    pub name: String,
    /// Whether it is looked at.
    pub in_use: bool,
}

/// Pauses a mailbox, or uses it again; nothing else of it changes.
///
/// # Errors
/// Duty; no mailbox of this name.
pub async fn pause_mailbox(desk: &Desk, by: &Actor, ask: PauseMailbox) -> Outcome<Mailbox> {
    by.must_hold(Duty::ManageSettings)?;
    command!(desk, by, "pause_mailbox", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let all = rows::mailboxes(&mut cmd.tx, org).await?;
        let row = all.into_iter().find(|row| row.name == ask.name.trim());
        let row = row.ok_or_else(|| No::Absent(format!("mailbox {}", ask.name.trim())))?;
        rows::set_mailbox_in_use(&mut cmd.tx, org, row.id, ask.in_use).await?;
        let event = if ask.in_use { "MailboxUsed" } else { "MailboxPaused" };
        cmd.tell(event, format!("mailbox {}", row.name), &ask);
        Ok(Mailbox::from(MailboxRow { in_use: ask.in_use, ..row }))
    })
}

fn problems(ask: &KeepMailbox) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_. ".contains(c));
    if ask.name.trim().is_empty() || ask.name.len() > 60 || !plain(&ask.name) {
        say("name", "Enter a name of letters, digits, spaces and hyphens, at most 60", &ask.name);
    }
    let host = ask.host.trim();
    if host.is_empty() || host.len() > 253 || host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/') {
        say("host", "Enter the name of the mail server, such as imap.example.gov.uk", host);
    }
    if !(0..=65_535).contains(&ask.port) {
        say("port", "Enter a port from 1 to 65535, or leave it out for 993", &ask.port.to_string());
    }
    if ask.user_name.trim().is_empty() || ask.user_name.chars().any(char::is_control) {
        say("user_name", "Enter the name that the server knows us by", &ask.user_name);
    }
    if ask.password.chars().any(char::is_control) || ask.password.len() > 500 {
        say("password", "Enter the password on one line", "");
    }
    for (field, text) in [("folder", &ask.folder), ("moved_to", &ask.moved_to)] {
        if text.len() > 200 || text.chars().any(char::is_control) || !text.is_ascii() {
            say(field, "Enter the name of a folder in plain letters", text);
        }
    }
    let folder = if ask.folder.trim().is_empty() { "INBOX" } else { ask.folder.trim() };
    if ask.moved_to.trim() == folder {
        say("moved_to", "Enter another folder than the one that is read", &ask.moved_to);
    }
    if !ask.certificate.trim().is_empty() && read_certificates(&ask.certificate).is_none() {
        say("certificate", "Enter a certificate as text, from -----BEGIN CERTIFICATE-----", "");
    }
    if ask.query_owner.chars().count() > 200 {
        say("query_owner", "Enter at most 200 characters", &ask.query_owner);
    }
    if !(0..=RAREST).contains(&ask.every_minutes) {
        say("every_minutes", "Enter 1 to 1440 minutes", &ask.every_minutes.to_string());
    }
    wrong
}
