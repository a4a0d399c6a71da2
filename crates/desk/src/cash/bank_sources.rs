//! Places where the bank leaves files: a folder on this machine, or an SFTP server.
use super::collect_sftp::{Key, read_host_key};
use super::common::check_words;
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome, command};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::bank_files::{self as store, BankPickupRow, BankSourceRow};

/// The rarest look: once a day.
const RAREST: i64 = 24 * 60;

/// Adds a place, or changes the one with this name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KeepBankSource {
    /// Idempotency key.
    #[serde(default)]
    pub key: String,
    /// Its name.
    pub name: String,
    /// folder or sftp.
    pub kind: String,
    /// Where the files lie.
    pub folder: String,
    /// The server; for SFTP.
    #[serde(default)]
    pub host: String,
    /// Its port; 0 means 22.
    #[serde(default)]
    pub port: i64,
    /// The name we sign in with.
    #[serde(default)]
    pub user_name: String,
    /// The server's public key, as `ssh-keyscan` prints it: `ssh-ed25519 AAAA…`.
    #[serde(default)]
    pub host_key: String,
    /// Our private key (OpenSSH); empty keeps the one there is, or makes one.
    #[serde(default)]
    pub private_key: String,
    /// Which files, as `*.xml`.
    pub pattern: String,
    /// Their format; empty: the file says.
    #[serde(default)]
    pub format: String,
    /// Our account; empty: the file says.
    #[serde(default)]
    pub bank_account: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
}

/// A place as people see it: its private key never leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankSource {
    /// Its name.
    pub name: String,
    /// folder or sftp.
    pub kind: String,
    /// Where the files lie.
    pub folder: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// The name we sign in with.
    pub user_name: String,
    /// The server's key.
    pub host_key: String,
    /// Our public key, to be given to the bank.
    pub public_key: String,
    /// Which files.
    pub pattern: String,
    /// Their format.
    pub format: String,
    /// Our account.
    pub bank_account: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// On whose behalf files are imported.
    pub owner_name: String,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be reached.
    pub failed: bool,
}

/// Places; who keeps settings sees them, and who imports files.
///
/// # Errors
/// Duty.
pub async fn bank_sources(desk: &Desk, by: &Actor) -> Outcome<Vec<BankSource>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let rows = store::bank_sources(&mut look, by.org).await?;
    rows.into_iter().map(|row| shown(desk, by, row)).collect()
}

/// The last files fetched from a place.
///
/// # Errors
/// Duty; no such place.
pub async fn bank_pickups(desk: &Desk, by: &Actor, name: &str) -> Outcome<Vec<BankPickupRow>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let rows = store::bank_sources(&mut look, by.org).await?;
    let row = rows.into_iter().find(|row| row.name == name).ok_or_else(|| No::Absent(format!("place {name}")))?;
    Ok(store::bank_pickups(&mut look, by.org, row.id, 100).await?)
}

fn may_look(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ManageSettings) { Ok(()) } else { Ok(by.must_hold(Duty::ImportFiles)?) }
}

pub(super) fn secret_row(id: i64) -> String {
    format!("bank_source/{id}")
}

fn shown(desk: &Desk, by: &Actor, row: BankSourceRow) -> Outcome<BankSource> {
    let public_key = match row.secret.as_str() {
        "" => String::new(),
        sealed => Key::opened(desk, by.org, row.id, sealed)?.public()?,
    };
    Ok(BankSource {
        name: row.name,
        kind: row.kind,
        folder: row.folder,
        host: row.host,
        port: row.port,
        user_name: row.user_name,
        host_key: row.host_key,
        public_key,
        pattern: row.pattern,
        format: row.format,
        bank_account: row.bank_account,
        every_minutes: row.every_minutes,
        in_use: row.in_use,
        owner_name: row.owner_name,
        looked_at: row.looked_at,
        result: row.result,
        failed: row.failed,
    })
}

/// Adds a place, or changes the one with this name. The job runner fetches from it as the house, in the owner's stead.
///
/// # Errors
/// Duty; everything wrong in it, at its field.
pub async fn keep_bank_source(desk: &Desk, by: &Actor, ask: KeepBankSource) -> Outcome<BankSource> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("name", &ask.name)])?;
    let wrong = problems(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    // The private key is no part of what is kept of the request.
    let said = KeepBankSource { private_key: String::new(), ..ask.clone() };
    command!(desk, by, "keep_bank_source", &ask.key, &said, |cmd| {
        let org = cmd.by.org;
        let rows = store::bank_sources(&mut cmd.tx, org).await?;
        let before = rows.into_iter().find(|row| row.name == ask.name.trim());
        let id = before.as_ref().map_or_else(|| cmd.id::<i64>(), |row| row.id);
        let had = before.as_ref().map(|row| row.secret.clone()).unwrap_or_default();
        let secret = match (ask.kind.as_str(), ask.private_key.trim()) {
            ("sftp", "") if had.is_empty() => Key::fresh()?.sealed(desk, org, id)?,
            ("sftp", "") => had,
            ("sftp", pem) => Key::read(pem)?.sealed(desk, org, id)?,
            _ => String::new(),
        };
        let row = BankSourceRow {
            id,
            name: ask.name.trim().to_owned(),
            kind: ask.kind.clone(),
            folder: ask.folder.trim().to_owned(),
            host: ask.host.trim().to_owned(),
            port: if ask.port == 0 { 22 } else { ask.port },
            user_name: ask.user_name.trim().to_owned(),
            host_key: ask.host_key.trim().to_owned(),
            secret,
            pattern: ask.pattern.trim().to_owned(),
            format: ask.format.trim().to_owned(),
            bank_account: ask.bank_account.trim().to_owned(),
            every_minutes: ask.every_minutes,
            in_use: ask.in_use,
            owner: cmd.by.user.0,
            owner_name: cmd.by.name.clone(),
            looked_at: None,
            result: String::new(),
            failed: false,
            version: before.as_ref().map_or(1, |row| row.version + 1),
            recorded_at: cmd.at,
        };
        store::keep_bank_source(&mut cmd.tx, org, &row).await?;
        cmd.tell("BankSourceKept", format!("bank source {}", row.name), &said);
        shown(desk, &cmd.by, row)
    })
}

fn problems(ask: &KeepBankSource) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_. ".contains(c));
    if ask.name.trim().is_empty() || ask.name.len() > 60 || !plain(&ask.name) {
        say("name", "Enter a name of letters, digits, spaces and hyphens, at most 60", &ask.name);
    }
    if ask.folder.trim().is_empty() || ask.folder.len() > 500 || ask.folder.chars().any(char::is_control) {
        say("folder", "Enter the folder that the bank leaves files in", &ask.folder);
    }
    if ask.pattern.trim().is_empty() || ask.pattern.contains('/') || ask.pattern.len() > 100 {
        say("pattern", "Enter which files, such as *.xml; no folders in it", &ask.pattern);
    }
    if !(1..=RAREST).contains(&ask.every_minutes) {
        say("every_minutes", "Enter 1 to 1440 minutes", &ask.every_minutes.to_string());
    }
    match ask.kind.as_str() {
        "folder" if !ask.folder.trim().starts_with('/') => {
            say("folder", "Enter the whole path of the folder, from /", &ask.folder);
        }
        "folder" => {}
        "sftp" => {
            let host = ask.host.trim();
            if host.is_empty()
                || host.len() > 253
                || host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/')
            {
                say("host", "Enter the name of the bank's server", host);
            }
            if !(0..=65_535).contains(&ask.port) {
                say("port", "Enter a port from 1 to 65535, or leave it out for 22", &ask.port.to_string());
            }
            if ask.user_name.trim().is_empty() {
                say("user_name", "Enter the name the bank gave us to sign in", &ask.user_name);
            }
            if read_host_key(&ask.host_key).is_none() {
                say("host_key", "Enter the server's key as the bank gave it: ssh-ed25519 AAAA…", &ask.host_key);
            }
            if !ask.private_key.trim().is_empty() && Key::read(&ask.private_key).is_err() {
                say("private_key", "Enter an OpenSSH private key (Ed25519 or ECDSA) without a passphrase", "");
            }
        }
        other => say("kind", "Choose folder or sftp", other),
    }
    wrong
}
