//! Setting a card provider up: its address, its key in the vault, and what it is used for.
use super::provider::{key_row, secret_row};
use crate::core::actor::Actor;
use crate::{Desk, Fault, Mode, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::cards::{self, CardProviderRow};
use sundry_store::control;

/// Sets a card provider up, or sets it anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SetCardProvider {
    /// Idempotency key.
    pub key: String,
    /// govuk_pay, pay360_scp or practice.
    pub provider: String,
    /// Where its API is; its own address where nothing is said.
    #[serde(default)]
    pub base_url: String,
    /// Where payers reach us: `https://pay.example.gov.uk`.
    pub public_url: String,
    /// Its key; empty keeps the one there is.
    #[serde(default)]
    pub api_key: String,
    /// The secret of its webhooks; empty keeps the one there is.
    #[serde(default)]
    pub webhook_secret: String,
    /// Takes payments over the telephone.
    pub telephone: bool,
    /// Takes payments from links on letters.
    pub links: bool,
    /// The card portal's site, portal and secret ids, and the fund; words the bank writes on a payout.
    #[serde(default)]
    pub site_id: Option<i64>,
    /// The portal's id.
    #[serde(default)]
    pub scp_id: Option<i64>,
    /// Which of its secrets is ours.
    #[serde(default)]
    pub hmac_key_id: Option<i64>,
    /// The fund payments are for.
    #[serde(default)]
    pub fund: String,
    /// Words by which the bank line of a payout is known.
    #[serde(default)]
    pub bank_words: String,
}

/// It was set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardProviderSet {
    /// Which.
    pub provider: String,
}

/// A provider without its secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProviderShown {
    /// Which.
    pub provider: String,
    /// For people.
    pub name: String,
    /// Where its API is.
    pub base_url: String,
    /// Where payers reach us.
    pub public_url: String,
    /// Takes payments over the telephone.
    pub telephone: bool,
    /// Takes payments from links.
    pub links: bool,
    /// A key is kept.
    pub has_key: bool,
    /// A secret for its webhooks is kept.
    pub has_webhook_secret: bool,
    /// Words by which the bank line of a payout is known.
    pub bank_words: String,
}

/// GOV.UK Pay's own address.
const GOVUK_PAY: &str = "https://publicapi.payments.service.gov.uk";

/// What a provider is called.
fn name_of(code: &str) -> &'static str {
    match code {
        "govuk_pay" => "GOV.UK Pay",
        "pay360_scp" => "Secure Card Portal",
        "practice" => "Practice card page",
        _ => "Payment files",
    }
}

/// Sets a card provider up.
///
/// # Errors
/// Duty; fields; the practice page in a live home.
pub async fn set_card_provider(desk: &Desk, by: &Actor, ask: SetCardProvider) -> Outcome<CardProviderSet> {
    by.must_hold(Duty::ManageSettings)?;
    let wrong = check(desk, &ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    // The request is hashed and told; what is secret in it goes only into the vault.
    let told = SetCardProvider { api_key: String::new(), webhook_secret: String::new(), ..ask.clone() };
    command!(desk, by, "set_card_provider", &ask.key, &told, |cmd| {
        let org = cmd.by.org;
        let before = cards::provider(&mut cmd.tx, org, &ask.provider).await?;
        let seal = |row: String, plain: &str, kept: Option<&String>| match (plain.trim(), kept) {
            ("", Some(kept)) => Ok(kept.clone()),
            (plain, _) => desk.vault().seal_text(org.0, &row, plain),
        };
        let base = if ask.base_url.trim().is_empty() { GOVUK_PAY } else { ask.base_url.trim() };
        let row = CardProviderRow {
            code: ask.provider.clone(),
            name: name_of(&ask.provider).into(),
            base_url: base.trim_end_matches('/').to_owned(),
            public_url: ask.public_url.trim().trim_end_matches('/').to_owned(),
            settings: serde_json::json!({
                "site_id": ask.site_id, "scp_id": ask.scp_id, "hmac_key_id": ask.hmac_key_id, "fund": ask.fund.trim(),
                "bank_words": ask.bank_words.trim(),
            }),
            sealed_key: seal(key_row(&ask.provider), &ask.api_key, before.as_ref().map(|b| &b.sealed_key))?,
            sealed_webhook_secret: seal(
                secret_row(&ask.provider),
                &ask.webhook_secret,
                before.as_ref().map(|b| &b.sealed_webhook_secret),
            )?,
            telephone: ask.telephone,
            links: ask.links,
            settled_until: before.and_then(|b| b.settled_until),
            recorded_at: cmd.at,
            version: 1,
        };
        cards::set_provider(&mut cmd.tx, org, row).await?;
        let all = cards::providers(&mut cmd.tx, org).await?;
        let by_link = all.iter().find(|row| row.links).map(|row| row.public_url.clone());
        keep_for_letters(cmd, by_link).await?;
        cmd.tell("CardProviderSet", format!("card provider {}", ask.provider), &told);
        Ok(CardProviderSet { provider: ask.provider.clone() })
    })
}

/// Letters read where a payer can pay from the organisation's settings: delivery comes before cash.
async fn keep_for_letters(cmd: &mut crate::core::command::Command, public_url: Option<String>) -> Outcome<()> {
    let org = cmd.by.org;
    let mut site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    if !site.settings.is_object() {
        site.settings = serde_json::json!({});
    }
    site.settings["pay_links"] = serde_json::to_value(public_url)?;
    Ok(control::set_organisation(&mut cmd.tx, &site).await?)
}

fn check(desk: &Desk, ask: &SetCardProvider) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let practice = ask.provider == "practice";
    if !["govuk_pay", "pay360_scp", "practice"].contains(&ask.provider.as_str()) {
        wrong.push(Invalid::field("provider", "Choose govuk_pay, pay360_scp or practice", &ask.provider));
    }
    if practice && desk.mode() == Mode::Live {
        wrong.push(Invalid::field("provider", "A live home takes real cards: choose another provider", &ask.provider));
    }
    let say = "Enter an address that begins with https://";
    if !practice && !ask.base_url.trim().is_empty() && !may_call(desk, ask.base_url.trim()) {
        wrong.push(Invalid::field("base_url", say, &ask.base_url));
    }
    if ask.provider == "pay360_scp" {
        for (name, value) in [("site_id", ask.site_id), ("scp_id", ask.scp_id), ("hmac_key_id", ask.hmac_key_id)] {
            if value.is_none_or(|n| n < 1) {
                wrong.push(Invalid::field(name, "Enter the number that the portal's owner gave you", ""));
            }
        }
        if ask.base_url.trim().is_empty() {
            wrong.push(Invalid::field("base_url", say, ""));
        }
    }
    if !may_call(desk, ask.public_url.trim()) {
        wrong.push(Invalid::field("public_url", say, &ask.public_url));
    }
    wrong
}

/// Only HTTPS leaves the house; a home that is not live may call this machine, for tests and practice.
pub(super) fn may_call(desk: &Desk, url: &str) -> bool {
    let Ok(read) = reqwest::Url::parse(url) else { return false };
    let plain = read.username().is_empty() && read.password().is_none() && url.len() <= 300;
    let here = matches!(read.host_str(), Some("127.0.0.1" | "localhost"));
    plain && (read.scheme() == "https" || (read.scheme() == "http" && here && desk.mode() != Mode::Live))
}

/// The providers that were set up, without their secrets.
pub async fn card_providers(desk: &Desk, by: &Actor) -> Outcome<Vec<ProviderShown>> {
    let mut look = desk.look().await?;
    let rows = cards::providers(&mut look, by.org).await?;
    let mut shown = Vec::new();
    for row in rows.into_iter().filter(|row| row.code != "payment_file") {
        let opened = |name: String, sealed: &str| desk.vault().open_text(by.org.0, &name, sealed);
        shown.push(ProviderShown {
            has_key: !opened(key_row(&row.code), &row.sealed_key)?.is_empty(),
            has_webhook_secret: !opened(secret_row(&row.code), &row.sealed_webhook_secret)?.is_empty(),
            bank_words: row.settings["bank_words"].as_str().unwrap_or_default().to_owned(),
            provider: row.code,
            name: row.name,
            base_url: row.base_url,
            public_url: row.public_url,
            telephone: row.telephone,
            links: row.links,
        });
    }
    Ok(shown)
}
