//! The service user number, the account that collects, and what the bank agreed.
use super::common::{Details, of_service_user, seal, seed, site};
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::STATE;
use sundry_domain::control::Duty;
use sundry_domain::customers::modulus::normalised;
use sundry_domain::refusal::Invalid;
use sundry_formats::bacs::standard18::{Contra, LineEnd};
use sundry_formats::bacs::words;
use sundry_store::mandates::{self, ServiceUserRow};

/// What was agreed with the sponsoring bank. Check every figure against its current edition of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreed {
    /// Working days' advance notice, 1 to 10.
    pub notice_days: i64,
    /// Where the bank agreed to fewer than 10.
    pub notice_agreement: String,
    /// Working days the post takes.
    pub post_days: i64,
    /// Working days from the 0N to the first collection.
    pub first_lead_days: i64,
    /// Working days after which a lodged instruction that nobody returned is active.
    pub settle_days: i64,
    /// Re-presentations at most.
    pub represent_most: i64,
    /// Collections in a file at most.
    pub most_items: i64,
    /// Pence of one collection at most.
    pub most_item_pence: i64,
    /// Pence of a file at most.
    pub most_run_pence: i64,
    /// Who writes contra records.
    pub contra: Contra,
    /// How lines end.
    pub line_end: LineEnd,
    /// The Guarantee word for word, from the sponsoring bank's pack.
    pub guarantee: String,
}

impl Default for Agreed {
    fn default() -> Self {
        Self {
            notice_days: 10,
            notice_agreement: String::new(),
            post_days: 2,
            first_lead_days: 10,
            settle_days: 5,
            represent_most: 2,
            most_items: 50_000,
            most_item_pence: 2_500_000,
            most_run_pence: 500_000_000,
            contra: Contra::Written,
            line_end: LineEnd::CrLf,
            guarantee: String::new(),
        }
    }
}

/// Sets the service user up, or changes what was agreed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetServiceUser {
    /// Idempotency key.
    pub key: String,
    /// Service user number.
    pub sun: String,
    /// The name on customers' statements, at most 18.
    pub name: String,
    /// The collecting account's name, at most 18.
    pub account_name: String,
    /// Its sort code; empty to leave it as it is.
    #[serde(default)]
    pub sort_code: String,
    /// Its number; empty to leave it as it is.
    #[serde(default)]
    pub account: String,
    /// What was agreed.
    #[serde(default)]
    pub agreed: Agreed,
}

/// It is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceUserSet {
    /// Service user number.
    pub sun: String,
}

/// The service user as people see it: no bank details.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceUserShown {
    /// Service user number.
    pub sun: String,
    /// The name on customers' statements.
    pub name: String,
    /// The collecting account's name.
    pub account_name: String,
    /// Its last digits.
    pub account_ending: String,
    /// What was agreed.
    pub agreed: Agreed,
}

/// Sets the service user up.
///
/// # Errors
/// Duty; fields.
pub async fn set_service_user(desk: &Desk, by: &Actor, ask: SetServiceUser) -> Outcome<ServiceUserSet> {
    by.must_hold(Duty::ManageSettings)?;
    let wrong = check(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    // Details never go into the idempotency record or the audit trail.
    let asked = (
        &ask.sun,
        &ask.name,
        &ask.account_name,
        &ask.agreed,
        desk.vault().bank_print(by.org.0, &ask.sort_code, &ask.account),
    );
    command!(desk, by, "set_service_user", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        seed(cmd).await?;
        let before = mandates::service_users(&mut cmd.tx, org).await?.into_iter().next();
        let (sealed, shown) = match (&before, ask.account.trim().is_empty()) {
            (Some(row), true) if row.sun == ask.sun => (row.sealed.clone(), row.shown.clone()),
            _ => {
                let (sort_code, account) = normalised(&ask.sort_code, &ask.account)?;
                let details = Details { sort_code, account };
                (seal(cmd.desk.vault(), org, &of_service_user(&ask.sun), &details)?, details.shown())
            }
        };
        if let Some(row) = before.as_ref().filter(|row| row.sun != ask.sun) {
            let sentence = format!("This organisation collects under {}", row.sun);
            return Err(STATE.because(sentence).into());
        }
        let row = ServiceUserRow {
            sun: ask.sun.clone(),
            name: words::convert(&ask.name),
            account_name: words::convert(&ask.account_name),
            sealed,
            shown,
            settings: serde_json::to_value(&ask.agreed)?,
            version: before.as_ref().map_or(1, |row| row.version),
            recorded_at: cmd.at,
        };
        if before.is_some() {
            mandates::change_service_user(&mut cmd.tx, org, &row).await?;
        } else {
            mandates::add_service_user(&mut cmd.tx, org, &row).await?;
        }
        let detail = serde_json::json!({ "name": row.name, "account_ending": row.shown, "agreed": ask.agreed });
        cmd.tell("ServiceUserSet", format!("service user {}", ask.sun), detail);
        Ok(ServiceUserSet { sun: ask.sun.clone() })
    })
}

fn check(ask: &SetServiceUser) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if ask.sun.len() != 6 || !ask.sun.bytes().all(|b| b.is_ascii_digit()) {
        wrong.push(Invalid::field("sun", "Enter the service user number: 6 digits", &ask.sun));
    }
    for (field, text) in [("name", &ask.name), ("account_name", &ask.account_name)] {
        let converted = words::convert(text);
        if converted.is_empty() || converted.len() > 18 {
            wrong.push(Invalid::field(field, "Enter 1 to 18 characters, as Bacs writes them", text));
        }
    }
    let agreed = &ask.agreed;
    if !(1..=10).contains(&agreed.notice_days) {
        wrong.push(Invalid::field("notice_days", "Enter 1 to 10 working days", agreed.notice_days.to_string()));
    } else if agreed.notice_days < 10 && agreed.notice_agreement.trim().is_empty() {
        let message = "Enter where the sponsoring bank agreed to fewer than 10 working days";
        wrong.push(Invalid::field("notice_agreement", message, ""));
    }
    for (field, days, least) in [
        ("post_days", agreed.post_days, 0),
        ("first_lead_days", agreed.first_lead_days, 2),
        ("settle_days", agreed.settle_days, 2),
        ("represent_most", agreed.represent_most, 0),
    ] {
        if !(least..=30).contains(&days) {
            wrong.push(Invalid::field(field, format!("Enter {least} to 30"), days.to_string()));
        }
    }
    let details = ask.sort_code.trim().is_empty() != ask.account.trim().is_empty();
    if details {
        wrong.push(Invalid::field("account", "Enter the sort code and the account number", ""));
    }
    wrong
}

/// The service user, if one is set up.
///
/// # Errors
/// Duty; `DD-01-NO-SERVICE-USER`.
pub async fn service_user(desk: &Desk, by: &Actor) -> Outcome<ServiceUserShown> {
    by.must_hold(Duty::View)?;
    let found = site(&mut desk.look().await?, by.org).await?;
    Ok(ServiceUserShown {
        sun: found.row.sun,
        name: found.row.name,
        account_name: found.row.account_name,
        account_ending: found.row.shown,
        agreed: found.agreed,
    })
}
