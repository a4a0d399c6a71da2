//! The account of ours that payments leave from, with our numbers at Bacs and at the bank.
use super::common::{check_words, must_say};
use crate::core::actor::Actor;
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_store::{Tx, control};

/// Where payments leave from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayingAccount {
    /// Our name as payees see it.
    pub name: String,
    /// Six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account: String,
    /// Service user number, six digits; empty without Bacs.
    #[serde(default)]
    pub sun: String,
    /// Our number at the bank, where it wants one in its files.
    #[serde(default)]
    pub customer_id: String,
    /// The bank writes the contra records.
    #[serde(default)]
    pub contra_by_bank: bool,
}

/// Sets it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPayingAccount {
    /// Idempotency key.
    pub key: String,
    /// The account.
    pub account: PayingAccount,
}

/// It is set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayingAccountSet {
    /// As kept.
    pub account: PayingAccount,
}

const SETTING: &str = "paying_account";

/// Sets the account that payments leave from.
///
/// # Errors
/// Duty; fields.
pub async fn set_paying_account(desk: &Desk, by: &Actor, ask: SetPayingAccount) -> Outcome<PayingAccountSet> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("name", &ask.account.name)])?;
    let digits = |text: &str| text.chars().filter(|c| !" -".contains(*c)).collect::<String>();
    let kept = PayingAccount {
        name: ask.account.name.trim().into(),
        sort_code: digits(&ask.account.sort_code),
        account: digits(&ask.account.account),
        sun: digits(&ask.account.sun),
        customer_id: ask.account.customer_id.trim().into(),
        contra_by_bank: ask.account.contra_by_bank,
    };
    let mut wrong = Vec::new();
    must_say("name", "Enter our name as payees see it", &kept.name, &mut wrong);
    let whole = |text: &str, length: usize| text.len() == length && text.chars().all(|c| c.is_ascii_digit());
    if !whole(&kept.sort_code, 6) {
        wrong.push(Invalid::field("sort_code", "Enter a sort code of 6 digits", &ask.account.sort_code));
    }
    if !whole(&kept.account, 8) {
        wrong.push(Invalid::field("account", "Enter an account number of 8 digits", &ask.account.account));
    }
    if !kept.sun.is_empty() && !whole(&kept.sun, 6) {
        wrong.push(Invalid::field("sun", "Enter a service user number of 6 digits", &ask.account.sun));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "set_paying_account", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
        let settings = &mut site.settings;
        if !settings.is_object() {
            *settings = serde_json::json!({});
        }
        settings[SETTING] = serde_json::to_value(&kept)?;
        control::set_organisation(&mut cmd.tx, &site).await?;
        let told = serde_json::json!({ "name": kept.name, "ending": super::bank_accounts::last_digits(&kept.account) });
        cmd.tell("PayingAccountSet", format!("organisation {}", site.code), told);
        Ok(PayingAccountSet { account: kept.clone() })
    })
}

/// The account that payments leave from, if one is set.
pub(super) async fn paying_account_of(tx: &mut Tx, org: OrgId) -> Outcome<Option<PayingAccount>> {
    let site = control::organisation(tx, org).await?;
    let kept = site.and_then(|site| site.settings.get(SETTING).cloned());
    Ok(kept.map(serde_json::from_value).transpose()?)
}

/// The account that payments leave from, if one is set.
///
/// # Errors
/// Duty.
pub async fn paying_account(desk: &Desk, by: &Actor) -> Outcome<Option<PayingAccount>> {
    by.must_hold(Duty::View)?;
    paying_account_of(&mut desk.look().await?, by.org).await
}
