//! GOV.UK Pay behind the interface.
use super::provider::{
    Begun, CardProvider, NewCardPayment, ProviderAnswer, ProviderNo, RefundStanding, SeenDispute, SeenPayment,
    SeenRefund, Settlement,
};
use crate::core::http::{Call, Reply, Silence, call};
use chrono::NaiveDate;
use futures::future::BoxFuture;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use sundry_domain::cash::cards::CardState;
use sundry_formats::card::govuk_pay::{
    Dispute, Error, LONGEST_TEXT, NewPayment, NewRefund, Page, Payment, Refund, Refunds, SettlementSummary,
};

/// Rows of one page of a search, the most there can be.
const PAGE: i64 = 500;
/// Pages of a search before something is wrong.
const PAGES: i64 = 200;

/// GOV.UK Pay, with the key of one service.
pub struct GovUkPay {
    base: String,
    key: String,
}

impl GovUkPay {
    /// At an address, with a key.
    pub fn new(base_url: &str, key: String) -> GovUkPay {
        GovUkPay { base: base_url.trim_end_matches('/').to_owned(), key }
    }

    async fn send(
        &self,
        (method, path): (Method, String),
        body: Option<String>,
        idempotency: Option<&str>,
    ) -> Result<Reply, ProviderNo> {
        let safe_again = method == Method::GET || idempotency.is_some();
        let mut headers =
            vec![("authorization", format!("Bearer {}", self.key)), ("accept", "application/json".to_owned())];
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(key) = idempotency {
            headers.push(("idempotency-key", key.to_owned()));
        }
        let url = format!("{}{path}", self.base);
        let what = format!("{method} {}", path.split('?').next().unwrap_or_default());
        let reply = call(Call { method, url, headers, body, safe_again, what: &what }).await;
        let reply = reply.map_err(ProviderNo::Silent)?;
        if reply.status.is_success() {
            return Ok(reply);
        }
        Err(no_of(&what, &reply))
    }

    async fn get<T: DeserializeOwned>(&self, path: String) -> ProviderAnswer<T> {
        read(&self.send((Method::GET, path), None, None).await?)
    }

    async fn pages<T: DeserializeOwned>(&self, path: &str) -> ProviderAnswer<Vec<T>> {
        let mut all: Vec<T> = Vec::new();
        for page in 1..=PAGES {
            let asked = self.get::<Page<T>>(format!("{path}&page={page}&display_size={PAGE}")).await;
            let found = match asked {
                // A page behind the last is not found.
                Err(ProviderNo::Refused(code, _)) if page > 1 && code == "P0402" => return Ok(all),
                other => other?,
            };
            let here = found.results.len() as i64;
            all.extend(found.results);
            if here < PAGE || all.len() as i64 >= found.total {
                return Ok(all);
            }
        }
        Err(unreadable("a search has no end"))
    }
}

fn unreadable(words: &str) -> ProviderNo {
    ProviderNo::Silent(Silence { words: words.to_owned(), may_have_happened: true })
}

fn read<T: DeserializeOwned>(reply: &Reply) -> ProviderAnswer<T> {
    serde_json::from_slice(&reply.body).map_err(|e| unreadable(&format!("an answer that is not understood: {e}")))
}

/// Theirs to mend is a silence; ours is a no with their code and words.
fn no_of(what: &str, reply: &Reply) -> ProviderNo {
    if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS {
        let words = format!("{what}: {}", reply.status);
        return ProviderNo::Silent(Silence { words, may_have_happened: reply.status.is_server_error() });
    }
    if reply.status == StatusCode::UNAUTHORIZED {
        tracing::error!("the card provider does not know our key: no card payment can be taken until it is mended");
        return ProviderNo::Refused("401".into(), "our key is not known".into());
    }
    let said: Error = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = if said.code.is_empty() { reply.status.as_u16().to_string() } else { said.code };
    let words = said.description.trim_end_matches('.').chars().take(200).collect();
    ProviderNo::Refused(code, words)
}

fn day(text: Option<&str>) -> Option<NaiveDate> {
    text.and_then(|text| text.get(..10)).and_then(|text| text.parse().ok())
}

fn settled(summary: Option<&SettlementSummary>) -> Option<NaiveDate> {
    day(summary.and_then(|summary| summary.settled_date.as_deref()))
}

/// A payment in our words.
pub(super) fn seen(payment: &Payment) -> SeenPayment {
    let code = payment.state.code.as_deref().unwrap_or_default();
    let state = match (payment.state.status.as_str(), code) {
        ("success", _) if payment.settled_on().is_some() => CardState::Settled,
        ("success", _) => CardState::Paid,
        ("failed", "P0020") => CardState::Expired,
        ("cancelled", _) => CardState::Cancelled,
        ("failed" | "error", _) => CardState::Failed,
        _ => CardState::WithPayer,
    };
    let words = payment.state.message.clone().unwrap_or_default();
    let card = payment.card_details.as_ref();
    let digits = card.and_then(|card| card.last_digits_card_number.clone()).unwrap_or_default();
    SeenPayment {
        state,
        reason: if code.is_empty() { words } else { format!("{words} ({code})") },
        pence: payment.total_amount.unwrap_or(payment.amount),
        fee_pence: payment.fee.unwrap_or_default().max(0),
        settled_on: day(payment.settled_on()),
        last_four: digits.chars().filter(char::is_ascii_digit).take(4).collect(),
        reference: payment.reference.clone(),
    }
}

fn seen_refund(refund: &Refund, payment_ref: &str) -> SeenRefund {
    let payment = if refund.payment_id.is_empty() { payment_ref } else { refund.payment_id.as_str() };
    SeenRefund {
        provider_ref: refund.refund_id.clone(),
        payment_ref: payment.to_owned(),
        pence: refund.amount,
        standing: match refund.status.as_str() {
            "success" => RefundStanding::Paid,
            "error" => RefundStanding::Failed,
            _ => RefundStanding::Sent,
        },
        settled_on: settled(refund.settlement_summary.as_ref()),
    }
}

fn seen_dispute(dispute: &Dispute) -> SeenDispute {
    SeenDispute {
        provider_ref: dispute.dispute_id.clone(),
        payment_ref: dispute.payment_id.clone(),
        pence: dispute.amount,
        fee_pence: dispute.fee.unwrap_or_default().max(0),
        state: dispute.status.clone(),
        reason: dispute.reason.clone().unwrap_or_default(),
        answer_by: day(dispute.evidence_due_date.as_deref()),
        settled_on: settled(dispute.settlement_summary.as_ref()),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// Only what names one of theirs goes into an address.
fn part(provider_ref: &str) -> ProviderAnswer<&str> {
    let plain = !provider_ref.is_empty() && provider_ref.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { Ok(provider_ref) } else { Err(ProviderNo::Refused("P0200".into(), "no such payment".into())) }
}

impl CardProvider for GovUkPay {
    fn create(&self, ask: NewCardPayment) -> BoxFuture<'_, ProviderAnswer<Begun>> {
        Box::pin(async move {
            let channel = if ask.over_the_telephone { "telephone" } else { "link" };
            let metadata = [("sundry_payment", ask.number.as_str()), ("channel", channel)];
            let new = NewPayment {
                amount: ask.pence,
                reference: cut(&ask.reference),
                description: cut(&ask.description),
                return_url: ask.return_url,
                language: ask.language,
                moto: ask.over_the_telephone,
                metadata: BTreeMap::from(metadata.map(|(name, value)| (name.to_owned(), value.to_owned()))),
            };
            let body = serde_json::to_string(&new).map_err(|e| unreadable(&e.to_string()))?;
            let reply = self.send((Method::POST, "/v1/payments".into()), Some(body), Some(&ask.key)).await?;
            let payment: Payment = read(&reply)?;
            let next = payment.links.next_url.map(|link| link.href).unwrap_or_default();
            part(&payment.payment_id)?;
            Ok(Begun { provider_ref: payment.payment_id, next_url: next })
        })
    }

    fn ask<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<SeenPayment>> {
        Box::pin(async move {
            let payment: Payment = self.get(format!("/v1/payments/{}", part(provider_ref)?)).await?;
            if payment.payment_id != provider_ref {
                return Err(unreadable("the answer is of another payment"));
            }
            Ok(seen(&payment))
        })
    }

    fn cancel<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<()>> {
        Box::pin(async move {
            let path = format!("/v1/payments/{}/cancel", part(provider_ref)?);
            self.send((Method::POST, path), None, None).await.map(drop)
        })
    }

    fn refund<'a>(
        &'a self,
        provider_ref: &'a str,
        pence: i64,
        left_pence: i64,
    ) -> BoxFuture<'a, ProviderAnswer<SeenRefund>> {
        Box::pin(async move {
            let new = NewRefund { amount: pence, refund_amount_available: left_pence };
            let body = serde_json::to_string(&new).map_err(|e| unreadable(&e.to_string()))?;
            let path = format!("/v1/payments/{}/refunds", part(provider_ref)?);
            let refund: Refund = read(&self.send((Method::POST, path), Some(body), None).await?)?;
            Ok(seen_refund(&refund, provider_ref))
        })
    }

    fn refunds<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<Vec<SeenRefund>>> {
        Box::pin(async move {
            let all: Refunds = self.get(format!("/v1/payments/{}/refunds", part(provider_ref)?)).await?;
            Ok(all.embedded.refunds.iter().map(|refund| seen_refund(refund, provider_ref)).collect())
        })
    }

    fn settlement(&self, from_on: NaiveDate, to_on: NaiveDate) -> BoxFuture<'_, ProviderAnswer<Settlement>> {
        Box::pin(async move {
            let days = format!("from_settled_date={from_on}&to_settled_date={to_on}");
            let payments: Vec<Payment> = self.pages(&format!("/v1/payments?{days}")).await?;
            let refunds: Vec<Refund> = self.pages(&format!("/v1/refunds?{days}")).await?;
            let disputes: Vec<Dispute> = self.pages(&format!("/v1/disputes?from_date={from_on}T00:00:00Z")).await?;
            let lost: Vec<Dispute> = self.pages(&format!("/v1/disputes?{days}")).await?;
            let mut all: BTreeMap<String, SeenDispute> = BTreeMap::new();
            for dispute in disputes.iter().chain(&lost).map(seen_dispute) {
                all.insert(dispute.provider_ref.clone(), dispute);
            }
            Ok(Settlement {
                payments: payments.iter().map(|payment| (payment.payment_id.clone(), seen(payment))).collect(),
                refunds: refunds.iter().map(|refund| seen_refund(refund, "")).collect(),
                disputes: all.into_values().collect(),
            })
        })
    }
}
