//! Setting GOV.UK Notify up: its key in the vault, its template, and what it carries; and checking that with it.
use super::client::Client;
use crate::core::command::answer_to;
use crate::core::desk::Mode;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::delivery::notify::NotifyKind;
use sundry_domain::delivery::refusals::NO_NOTIFY;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_formats::notify::{is_id, missing_placeholders, split_key};
use sundry_store::Tx;
use sundry_store::delivery::notify::{self as rows, NotifySettingRow};

/// Notify's own address.
const NOTIFY: &str = "https://api.notifications.service.gov.uk";
/// The rows under which its secrets are sealed.
pub(super) const KEY_ROW: &str = "notify/key";
pub(super) const TOKEN_ROW: &str = "notify/token";
/// The shortest token that is no guess.
const TOKEN_LEAST: usize = 20;

/// Sets GOV.UK Notify up, or anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SetNotify {
    /// Idempotency key.
    pub key: String,
    /// Where its API is; its own address where nothing is said.
    pub base_url: String,
    /// The key of our service there; empty keeps the one there is.
    pub api_key: String,
    /// The token that its calls to us bear; empty keeps the one there is.
    pub callback_token: String,
    /// It carries e-mail.
    pub carries_email: bool,
    /// It carries letters by post.
    pub carries_post: bool,
    /// Id of the e-mail template there.
    pub email_template: String,
    /// Id of the address that answers go to, where it is not the service's own.
    pub reply_to: String,
    /// first, second or economy; second when not said.
    pub postage: String,
}

/// How it is set up; its secrets never leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyShown {
    /// Where its API is.
    pub base_url: String,
    /// The service's id.
    pub service_id: String,
    /// A token for its calls is kept.
    pub has_token: bool,
    /// It carries e-mail.
    pub carries_email: bool,
    /// It carries letters by post.
    pub carries_post: bool,
    /// Id of the e-mail template there.
    pub email_template: String,
    /// Id of the address that answers go to.
    pub reply_to: String,
    /// first, second or economy.
    pub postage: String,
    /// The path of our address that it calls.
    pub callback_path: String,
}

fn shown(desk: &Desk, org: OrgId, code: &str, row: NotifySettingRow) -> Outcome<NotifyShown> {
    let token = desk.vault().open_text(org.0, TOKEN_ROW, &row.sealed_token)?;
    Ok(NotifyShown {
        base_url: row.base_url,
        service_id: row.service_id,
        has_token: !token.is_empty(),
        carries_email: row.carries_email,
        carries_post: row.carries_post,
        email_template: row.email_template,
        reply_to: row.reply_to,
        postage: row.postage,
        callback_path: format!("/hooks/notify/{code}"),
    })
}

async fn code_of(tx: &mut Tx, org: OrgId) -> Outcome<String> {
    let site = sundry_store::control::organisation(tx, org).await?;
    Ok(site.map(|site| site.code).unwrap_or_default())
}

/// How it is set up, if it is.
///
/// # Errors
/// Duty.
pub async fn notify_shown(desk: &Desk, by: &Actor) -> Outcome<Option<NotifyShown>> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let mut look = desk.look().await?;
    let code = code_of(&mut look, by.org).await?;
    rows::notify_setting(&mut look, by.org).await?.map(|row| shown(desk, by.org, &code, row)).transpose()
}

/// The row, or the refusal that there is none.
pub(super) async fn setting(tx: &mut Tx, org: OrgId) -> Outcome<NotifySettingRow> {
    let row = rows::notify_setting(tx, org).await?;
    Ok(row.ok_or_else(|| NO_NOTIFY.because("GOV.UK Notify is not set up"))?)
}

/// Whether letters of a kind go its way.
pub(in crate::delivery) async fn carries(tx: &mut Tx, org: OrgId, kind: NotifyKind) -> Outcome<bool> {
    let row = rows::notify_setting(tx, org).await?;
    Ok(row.is_some_and(|row| match kind {
        NotifyKind::Email => row.carries_email,
        NotifyKind::Letter => row.carries_post,
    }))
}

/// Sets it up.
///
/// # Errors
/// Duty; everything wrong in it, at its field.
pub async fn set_notify(desk: &Desk, by: &Actor, ask: SetNotify) -> Outcome<NotifyShown> {
    by.must_hold(Duty::ManageSettings)?;
    let before = rows::notify_setting(&mut desk.look().await?, by.org).await?;
    let wrong = problems(desk, &ask, before.as_ref());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    // What is secret goes only into the vault.
    let said = SetNotify { api_key: String::new(), callback_token: String::new(), ..ask.clone() };
    command!(desk, by, "set_notify", &ask.key, &said, |cmd| {
        let org = cmd.by.org;
        let before = rows::notify_setting(&mut cmd.tx, org).await?;
        let kept = |take: fn(&NotifySettingRow) -> &String| before.as_ref().map(take).cloned();
        let seal = |row: &str, plain: &str, kept: Option<String>| match (plain.trim(), kept) {
            ("", Some(kept)) => Ok(kept),
            (plain, _) => desk.vault().seal_text(org.0, row, plain),
        };
        let service = split_key(&ask.api_key).map(|(service, _)| service.to_owned());
        let row = NotifySettingRow {
            base_url: base_of(&ask),
            service_id: service.or(kept(|row| &row.service_id)).unwrap_or_default(),
            sealed_key: seal(KEY_ROW, &ask.api_key, kept(|row| &row.sealed_key))?,
            sealed_token: seal(TOKEN_ROW, &ask.callback_token, kept(|row| &row.sealed_token))?,
            carries_email: ask.carries_email,
            carries_post: ask.carries_post,
            email_template: ask.email_template.trim().to_owned(),
            reply_to: ask.reply_to.trim().to_owned(),
            postage: if ask.postage.is_empty() { "second".into() } else { ask.postage.clone() },
            email_held_until: None,
            letter_held_until: None,
            held_words: String::new(),
            strangers: 0,
            stranger_at: None,
            recorded_at: cmd.at,
            version: 1,
        };
        rows::set_notify_setting(&mut cmd.tx, org, &row).await?;
        cmd.tell("NotifySet", "GOV.UK Notify", &said);
        let code = code_of(&mut cmd.tx, org).await?;
        shown(desk, org, &code, row)
    })
}

fn base_of(ask: &SetNotify) -> String {
    let base = if ask.base_url.trim().is_empty() { NOTIFY } else { ask.base_url.trim() };
    base.trim_end_matches('/').to_owned()
}

fn problems(desk: &Desk, ask: &SetNotify, before: Option<&NotifySettingRow>) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    if !ask.base_url.trim().is_empty() && !may_call(desk, ask.base_url.trim()) {
        say("base_url", "Enter an address that begins with https://", &ask.base_url);
    }
    let same_place = before.is_some_and(|row| row.base_url == base_of(ask));
    match (ask.api_key.trim(), before) {
        ("", None) => say("api_key", "Enter the API key of your service at GOV.UK Notify", ""),
        // A key is for one place: it is not shown to another.
        ("", Some(_)) if !same_place => say("api_key", "Enter the API key again: the address is another", ""),
        ("", Some(_)) => {}
        (key, _) if split_key(key).is_none() => {
            say("api_key", "Enter the whole key: its name, the service's id and the secret, with hyphens between", "");
        }
        _ => {}
    }
    let token = ask.callback_token.trim();
    if !token.is_empty() && (token.len() < TOKEN_LEAST || token.len() > 200 || !token.is_ascii() || token.contains(' '))
    {
        say("callback_token", "Enter 20 to 200 letters, digits and signs without spaces", "");
    }
    let template = ask.email_template.trim();
    if (ask.carries_email || !template.is_empty()) && !is_id(template) {
        say("email_template", "Enter the id of the e-mail template, as GOV.UK Notify shows it", template);
    }
    if !ask.reply_to.trim().is_empty() && !is_id(ask.reply_to.trim()) {
        say("reply_to", "Enter the id of the reply-to address, as GOV.UK Notify shows it", &ask.reply_to);
    }
    if !["", "first", "second", "economy"].contains(&ask.postage.as_str()) {
        say("postage", "Choose first, second or economy", &ask.postage);
    }
    wrong
}

/// Only HTTPS leaves the house; a home that is not live may call this machine.
fn may_call(desk: &Desk, url: &str) -> bool {
    let Ok(read) = reqwest::Url::parse(url) else { return false };
    let plain = read.username().is_empty() && read.password().is_none() && read.query().is_none() && url.len() <= 300;
    let here = matches!(read.host_str(), Some("127.0.0.1" | "localhost"));
    plain && (read.scheme() == "https" || (read.scheme() == "http" && here && desk.mode() != Mode::Live))
}

/// Asks it whether the key and the template are right.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckNotify {
    /// Idempotency key.
    pub key: String,
}

/// What it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyChecked {
    /// Nothing is wrong.
    pub right: bool,
    /// What was found, in sentences.
    pub findings: Vec<String>,
}

/// Asks it for the template with the key there is: nothing is sent.
///
/// # Errors
/// Duty; `DLV-NO-NOTIFY`; `DLV-NOTHING-LEAVES`. What it says no to is a finding.
pub async fn check_notify(desk: &Desk, by: &Actor, ask: CheckNotify) -> Outcome<NotifyChecked> {
    by.must_hold(Duty::ManageSettings)?;
    // Asked once by a key, whatever was set since.
    if let Some(before) = answer_to(desk, by, ("check_notify", &ask.key), &ask).await? {
        return Ok(before);
    }
    crate::delivery::may_write_outside(desk)?;
    let row = setting(&mut desk.look().await?, by.org).await?;
    let client = Client::of(desk, by.org, &row)?;
    let mut findings = Vec::new();
    if row.email_template.is_empty() {
        // Letters need no template; that the key is known is asked all the same.
        if let Err(no) = client.by_reference(desk, "00000000-0000-4000-8000-000000000000").await {
            findings.push(no.words());
        }
    } else {
        match client.template(desk, &row.email_template).await {
            Ok(template) => {
                if template.kind != "email" {
                    findings.push(format!("The template {} is no e-mail template", template.name));
                }
                let missing = missing_placeholders(&template);
                findings.extend(missing.iter().map(|name| format!("The template {} lacks (({name}))", template.name)));
            }
            Err(no) => findings.push(no.words()),
        }
    }
    if desk.vault().open_text(by.org.0, TOKEN_ROW, &row.sealed_token)?.is_empty() {
        findings.push("No token is set for its calls to us: statuses are asked for, once an hour".into());
    }
    if !row.carries_email && !row.carries_post {
        findings.push("It carries nothing yet: neither e-mail nor post".into());
    }
    let checked = NotifyChecked { right: findings.is_empty(), findings };
    command!(desk, by, "check_notify", &ask.key, &ask, |cmd| {
        cmd.tell("NotifyChecked", "GOV.UK Notify", &checked);
        Ok(checked.clone())
    })
}
