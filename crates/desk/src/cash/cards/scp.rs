//! The Secure Card Portal behind the interface: SOAP, no webhooks, no refunds; settlement comes in files.
use super::provider::{
    Begun, CardProvider, NewCardPayment, ProviderAnswer, ProviderNo, SeenPayment, SeenRefund, Settlement,
};
use crate::core::http::{Call, Silence, call};
use crate::core::signatures::portal_digest;
use crate::core::vault::{hex, random_bytes};
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use futures::future::BoxFuture;
use reqwest::Method;
use sundry_domain::cash::cards::CardState;
use sundry_formats::card::scp::{
    Credentials, Invoke, Queried, Standing, read_invoked, read_queried, write_invoke, write_query,
};
use sundry_store::cash::cards::CardProviderRow;

/// The portal, with the secret of one site.
pub struct SecureCardPortal {
    url: String,
    secret: String,
    site_id: i64,
    scp_id: i64,
    hmac_key_id: i64,
    fund: String,
    clock: Desk,
}

impl SecureCardPortal {
    /// As it was set up.
    pub(super) fn new(desk: &Desk, row: &CardProviderRow, secret: String) -> Outcome<SecureCardPortal> {
        let number = |name: &str| {
            let found = row.settings.get(name).and_then(serde_json::Value::as_i64);
            found.ok_or_else(|| Fault::new(format!("the card portal's {name} is not set")))
        };
        Ok(SecureCardPortal {
            url: row.base_url.clone(),
            secret,
            site_id: number("site_id")?,
            scp_id: number("scp_id")?,
            hmac_key_id: number("hmac_key_id")?,
            fund: row.settings.get("fund").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
            clock: desk.clone(),
        })
    }

    /// Credentials of this call, with their digest.
    fn credentials(&self, of: &str) -> ProviderAnswer<(Credentials, String)> {
        let now = self.clock.clock().now();
        let credentials = Credentials {
            subject_type: "CapitaPortal".into(),
            identifier: self.scp_id,
            unique_reference: format!("{of}:{}:{}", now.timestamp(), hex(&random_bytes::<4>())),
            time_stamp: now.format("%Y%m%d%H%M%S").to_string(),
            hmac_key_id: self.hmac_key_id,
        };
        let digest = portal_digest(&self.secret, &credentials.signed_text());
        let wrong = || ProviderNo::Refused("SCP-SECRET".into(), "our secret is not base64".into());
        Ok((credentials, digest.ok_or_else(wrong)?))
    }

    async fn post(&self, what: &str, body: String, safe_again: bool) -> ProviderAnswer<String> {
        let headers = vec![("content-type", "text/xml; charset=utf-8".to_owned()), ("soapaction", "\"\"".to_owned())];
        let ask = Call { method: Method::POST, url: self.url.clone(), headers, body: Some(body), safe_again, what };
        let reply = call(ask).await.map_err(ProviderNo::Silent)?;
        // A SOAP fault comes with 500 and says why in its body.
        if reply.status.is_success() || reply.text().contains("Fault") {
            return Ok(reply.text());
        }
        Err(silent(format!("{what}: {}", reply.status)))
    }
}

fn silent(words: String) -> ProviderNo {
    ProviderNo::Silent(Silence { words, may_have_happened: true })
}

fn unread(problem: sundry_formats::FormatProblem) -> ProviderNo {
    if problem.code == "scp.fault" {
        return ProviderNo::Refused("SCP-FAULT".into(), problem.message);
    }
    silent(problem.to_string())
}

/// What the portal says of a payment, in our words.
fn seen(said: &Queried) -> SeenPayment {
    let state = match (said.standing, said.status.as_str()) {
        (Standing::InProgress, _) => CardState::WithPayer,
        (Standing::InvalidReference, _) => CardState::Failed,
        (Standing::Complete, "SUCCESS") => CardState::Paid,
        (Standing::Complete, "CANCELLED" | "LOGGED_OUT" | "NOT_ATTEMPTED") => CardState::Cancelled,
        (Standing::Complete, _) => CardState::Failed,
    };
    let words =
        if said.message.is_empty() { said.status.replace('_', " ").to_lowercase() } else { said.message.clone() };
    SeenPayment {
        state,
        reason: if state.is_paid() { String::new() } else { words },
        pence: said.pence.unwrap_or_default(),
        fee_pence: 0,
        settled_on: None,
        last_four: said.last_four.clone(),
        reference: said.unique_transaction.clone(),
    }
}

impl CardProvider for SecureCardPortal {
    fn create(&self, ask: NewCardPayment) -> BoxFuture<'_, ProviderAnswer<Begun>> {
        Box::pin(async move {
            let (credentials, digest) = self.credentials(&ask.number)?;
            let invoke = Invoke {
                request_id: ask.number,
                return_url: ask.return_url,
                site_id: self.site_id,
                scp_id: self.scp_id,
                over_the_telephone: ask.over_the_telephone,
                language: ask.language,
                description: ask.description,
                pence: ask.pence,
                reference: ask.reference,
                fund: self.fund.clone(),
            };
            // No key of ours is honoured: a page that may have opened is never asked for twice.
            let text = self.post("scpSimpleInvoke", write_invoke(&credentials, &digest, &invoke), false).await?;
            let said = read_invoked(&text).map_err(unread)?;
            match said.redirect_url {
                Some(next_url) => Ok(Begun { provider_ref: said.scp_reference, next_url }),
                None => Err(ProviderNo::Refused(said.status, said.message)),
            }
        })
    }

    fn ask<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<SeenPayment>> {
        Box::pin(async move {
            let (credentials, digest) = self.credentials("query")?;
            let body = write_query(&credentials, &digest, self.site_id, provider_ref);
            let said = read_queried(&self.post("scpSimpleQuery", body, true).await?).map_err(unread)?;
            if said.status == "SUCCESS" && said.standing == Standing::Complete && said.pence.is_none() {
                return Err(silent("a payment that succeeded has no amount".into()));
            }
            Ok(seen(&said))
        })
    }

    fn cancel<'a>(&'a self, _: &'a str) -> BoxFuture<'a, ProviderAnswer<()>> {
        Box::pin(async { Err(ProviderNo::NotOffered("cancel a payment")) })
    }

    fn refund<'a>(&'a self, _: &'a str, _: i64, _: i64) -> BoxFuture<'a, ProviderAnswer<SeenRefund>> {
        Box::pin(async { Err(ProviderNo::NotOffered("refund a payment")) })
    }

    fn refunds<'a>(&'a self, _: &'a str) -> BoxFuture<'a, ProviderAnswer<Vec<SeenRefund>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn settlement(&self, _: NaiveDate, _: NaiveDate) -> BoxFuture<'_, ProviderAnswer<Settlement>> {
        Box::pin(async { Err(ProviderNo::NotOffered("say what was settled: take its payment file in")) })
    }
}
