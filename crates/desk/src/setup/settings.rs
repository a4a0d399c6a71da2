//! The settings of an organisation: shown, changed, and told of with what was before; secrets sealed and never shown.
use crate::core::actor::Actor;
use crate::core::vault::Vault;
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use sundry_domain::control::{Duty, contains_card_number};
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::settings::{Group, Holds, SETTINGS, Setting, find, parts_per_million, percent, wrong_together};
use sundry_formats::einvoice::read_endpoint;
use sundry_store::control::{self, OrganisationRow};

/// The row for which the password of the mail server is sealed.
const MAIL_PASSWORD: &str = "setting/mail.password";
/// What is told of a secret that is set.
const SET: &str = "set";

/// A setting as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingShown {
    /// Stable name: `letters.phone`.
    pub name: String,
    /// letters, bank, mail, peppol or limits.
    pub group: String,
    /// For people.
    pub label: String,
    /// What holds; of a secret only whether it is set.
    pub value: String,
    /// Whether it was set here; otherwise what holds came with the program.
    pub is_set: bool,
    /// Whether it is never shown.
    pub secret: bool,
}

/// Changes settings.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangeSettings {
    /// Idempotency key.
    pub key: String,
    /// New values by name; an empty one takes the setting away, an empty secret keeps it.
    pub changes: BTreeMap<String, String>,
}

/// One setting that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// Stable name.
    pub name: String,
    /// What it was; of a secret only whether it was set.
    pub before: String,
    /// What it is now; of a secret that it was replaced.
    pub after: String,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsChanged {
    /// The settings that are not what they were.
    pub changes: Vec<SettingChange>,
}

/// Every setting, in the order of the page.
///
/// # Errors
/// Duty.
pub async fn settings(desk: &Desk, by: &Actor) -> Outcome<Vec<SettingShown>> {
    by.must_hold(Duty::ManageSettings)?;
    let site = control::organisation(&mut desk.look().await?, by.org).await?;
    let kept = values(&site.ok_or_else(|| Fault::new("no organisation"))?);
    let shown = |one: &Setting| {
        let value = &kept[one.name];
        SettingShown {
            name: one.name.into(),
            group: one.group.as_str().into(),
            label: one.label.into(),
            value: if value.is_empty() { one.otherwise.to_owned() } else { value.clone() },
            is_set: !value.is_empty(),
            secret: one.holds == Holds::Secret,
        }
    };
    Ok(SETTINGS.iter().map(shown).collect())
}

/// Changes settings: all of them or none.
///
/// # Errors
/// Duty; every name and value that is not understood.
pub async fn change_settings(desk: &Desk, by: &Actor, ask: ChangeSettings) -> Outcome<SettingsChanged> {
    by.must_hold(Duty::ManageSettings)?;
    let typed = understood(&ask.changes)?;
    let asked: Vec<(&str, &str)> = typed.iter().map(|(one, value)| (one.name, public(one, value))).collect();
    command!(desk, by, "change_settings", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let site = control::organisation(&mut cmd.tx, org).await?;
        let mut site = site.ok_or_else(|| Fault::new("no organisation"))?;
        let before = values(&site);
        for (one, value) in &typed {
            put(&mut site, cmd.desk.vault(), one, value)?;
        }
        let after = values(&site);
        let wrong = wrong_together(&after.iter().map(|(name, value)| (*name, value.clone())).collect());
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let changes = differences(&typed, &before, &after);
        control::set_organisation(&mut cmd.tx, &site).await?;
        let told: Map<String, Value> =
            changes.iter().map(|one| (one.name.clone(), json!([one.before, one.after]))).collect();
        let event = if changes.is_empty() { "SettingsConfirmed" } else { "SettingsChanged" };
        cmd.tell(event, format!("organisation {}", site.code), told);
        Ok(SettingsChanged { changes })
    })
}

/// What was typed in its one form, by setting; a secret left empty is left alone.
fn understood(changes: &BTreeMap<String, String>) -> Result<Vec<(&'static Setting, String)>, Vec<Invalid>> {
    let (mut typed, mut wrong) = (Vec::new(), Vec::new());
    for (name, value) in changes {
        let Some(one) = find(name) else {
            let known: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            wrong.push(Invalid::field(&known, "There is no such setting", ""));
            continue;
        };
        match one.read(value) {
            Ok(text) if contains_card_number(&text) && one.holds != Holds::Secret => {
                wrong.push(Invalid::field(one.name, "Take the card number out", ""));
            }
            Ok(text) if text.is_empty() && one.holds == Holds::Secret => {}
            Ok(text) => match participant(one, &text) {
                Ok(text) => typed.push((one, text)),
                Err(message) => wrong.push(Invalid::field(one.name, message, &text)),
            },
            Err(no) => wrong.push(no),
        }
    }
    if changes.is_empty() {
        wrong.push(Invalid::field("changes", "Name at least one setting", ""));
    }
    if wrong.is_empty() { Ok(typed) } else { Err(wrong) }
}

/// A participant id in its one form; every other text as it is.
fn participant(one: &Setting, text: &str) -> Result<String, &'static str> {
    if one.name != "peppol.participant" || text.is_empty() {
        return Ok(text.to_owned());
    }
    read_endpoint(text).map(|end| format!("{}:{}", end.scheme, end.id))
}

fn public<'a>(one: &Setting, value: &'a str) -> &'a str {
    if one.holds == Holds::Secret { SET } else { value }
}

fn differences(
    typed: &[(&'static Setting, String)],
    before: &BTreeMap<&'static str, String>,
    after: &BTreeMap<&'static str, String>,
) -> Vec<SettingChange> {
    let replaced = |one: &Setting| one.holds == Holds::Secret && typed.iter().any(|(t, _)| t.name == one.name);
    let of = |one: &&'static Setting| before[one.name] != after[one.name] || replaced(one);
    let change = |one: &'static Setting| {
        let again = replaced(one) && before[one.name] == after[one.name];
        let after = if again { "set anew".to_owned() } else { after[one.name].clone() };
        SettingChange { name: one.name.into(), before: before[one.name].clone(), after }
    };
    SETTINGS.iter().filter(of).map(change).collect()
}

/// Where a setting lies in its document, and under which name.
fn place(one: &Setting) -> (&'static str, &'static str) {
    let name = one.name.split_once('.').map_or(one.name, |(_, name)| name);
    match (one.group, one.holds) {
        (_, Holds::Secret) => ("mail", "password_sealed"),
        (_, Holds::Pounds) if name == "minimum_to_chase" => ("", "minimum_to_chase_pence"),
        (_, Holds::Pounds) if name == "activity_override" => ("", "activity_override_pence"),
        (_, Holds::Pounds) => ("", "minimum_to_claim_pence"),
        (_, Holds::Percent) if name == "cash_certain" => ("", "cash_certain_ppm"),
        (_, Holds::Percent) if name == "trace_confidence" => ("", "trace_confidence_ppm"),
        (_, Holds::Percent) => ("", "cash_accept_ppm"),
        (Group::Bank, _) => ("bank", name),
        (Group::Mail, _) => ("mail", name),
        (Group::Peppol, _) => ("peppol", name),
        _ => ("", name),
    }
}

fn in_letterhead(one: &Setting) -> bool {
    matches!(one.group, Group::Letters | Group::Bank)
}

/// Every setting in its one form; of a secret whether it is set.
fn values(site: &OrganisationRow) -> BTreeMap<&'static str, String> {
    let value = |one: &Setting| match one.name {
        "letters.name" => site.name.clone(),
        "letters.vat_number" => site.vat_number.clone(),
        _ => {
            let (inside, name) = place(one);
            let document = if in_letterhead(one) { &site.letterhead } else { &site.settings };
            let document = if inside.is_empty() { document } else { &document[inside] };
            text_of(one, &document[name])
        }
    };
    SETTINGS.iter().map(|one| (one.name, value(one))).collect()
}

fn text_of(one: &Setting, value: &Value) -> String {
    match (one.holds, value) {
        (Holds::Secret, Value::String(sealed)) if !sealed.is_empty() => SET.into(),
        (Holds::Lines, Value::Array(all)) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
        (Holds::Flag, Value::Bool(on)) => if *on { "yes" } else { "no" }.into(),
        (Holds::Pounds, Value::Number(pence)) => Pence(pence.as_i64().unwrap_or_default()).pounds(),
        (Holds::Percent, Value::Number(ppm)) => percent(ppm.as_i64().unwrap_or_default()),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::String(text)) => text.trim().to_owned(),
        _ => String::new(),
    }
}

/// Puts a value where it is kept; an empty one takes it away.
fn put(site: &mut OrganisationRow, vault: &Vault, one: &Setting, value: &str) -> Outcome<()> {
    match one.name {
        "letters.name" => site.name = value.to_owned(),
        "letters.vat_number" => site.vat_number = value.to_owned(),
        _ => {
            let org = site.id;
            let document = if in_letterhead(one) { &mut site.letterhead } else { &mut site.settings };
            let (inside, name) = place(one);
            let mut at = object(document);
            if !inside.is_empty() {
                at = object(at.entry(inside).or_insert_with(|| json!({})));
            }
            match value {
                "" => drop(at.remove(name)),
                _ => drop(at.insert(name.to_owned(), kept(vault, org, one, value)?)),
            }
            // Without a user there is nobody whose password it could be; without a server there is no mail.
            if one.name == "mail.user" && value.is_empty() {
                at.remove("password_sealed");
            }
            if one.name == "mail.host" && value.is_empty() {
                at.clear();
            }
        }
    }
    Ok(())
}

fn kept(vault: &Vault, org: i64, one: &Setting, value: &str) -> Outcome<Value> {
    Ok(match one.holds {
        Holds::Secret => json!(vault.seal_text(org, MAIL_PASSWORD, value)?),
        Holds::Lines => json!(value.lines().collect::<Vec<_>>()),
        Holds::Flag => json!(value == "yes"),
        Holds::Pounds => json!(Pence::parse(value).unwrap_or(Pence::ZERO).0),
        Holds::Percent => json!(parts_per_million(value)),
        Holds::Port => json!(value.parse::<u16>().unwrap_or_default()),
        _ => json!(value),
    })
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was made an object above")
}

/// The password of the mail server, opened for sending.
pub(crate) fn mail_password(vault: &Vault, org: OrgId, sealed: &str) -> Outcome<String> {
    vault.open_text(org.0, MAIL_PASSWORD, sealed)
}
