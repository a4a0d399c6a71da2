//! GOV.UK Pay: what is sent, what is answered, what its webhooks say. Amounts are pence.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The largest amount of one payment.
pub const LARGEST_PENCE: i64 = 10_000_000;
/// The longest reference and the longest description.
pub const LONGEST_TEXT: usize = 255;

/// Asks for a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPayment {
    /// Pence.
    pub amount: i64,
    /// Ours; not unique at Pay.
    pub reference: String,
    /// Seen by the payer.
    pub description: String,
    /// Where the payer comes back to.
    pub return_url: String,
    /// `en` or `cy`.
    pub language: String,
    /// Taken by staff over the telephone.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub moto: bool,
    /// Facts of ours that come back with the payment.
    pub metadata: BTreeMap<String, String>,
}

/// Where a payment stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// created, started, submitted, capturable, success, failed, cancelled, error.
    #[serde(default)]
    pub status: String,
    /// Nothing more will happen to it.
    #[serde(default)]
    pub finished: bool,
    /// Why it failed, as a code.
    #[serde(default)]
    pub code: Option<String>,
    /// Why it failed, in words.
    #[serde(default)]
    pub message: Option<String>,
}

/// An address of Pay's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The address.
    #[serde(default)]
    pub href: String,
    /// The method.
    #[serde(default)]
    pub method: String,
}

/// The addresses we use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// Where the payer goes next; none once they have been.
    #[serde(default)]
    pub next_url: Option<Link>,
}

/// What can be refunded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSummary {
    /// pending, available, full, unavailable.
    #[serde(default)]
    pub status: String,
    /// How much may still be refunded.
    #[serde(default)]
    pub amount_available: i64,
    /// How much has been.
    #[serde(default)]
    pub amount_submitted: i64,
}

/// When the money moved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementSummary {
    /// Taken from the payer.
    #[serde(default)]
    pub captured_date: Option<String>,
    /// Paid into our bank.
    #[serde(default)]
    pub settled_date: Option<String>,
}

/// What we take of the card: never more than this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Visa, Mastercard.
    #[serde(default)]
    pub card_brand: Option<String>,
    /// The last four digits.
    #[serde(default)]
    pub last_digits_card_number: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Pay's id of it.
    #[serde(default)]
    pub payment_id: String,
    /// What was asked for.
    #[serde(default)]
    pub amount: i64,
    /// What was taken, with a surcharge if there was one.
    #[serde(default)]
    pub total_amount: Option<i64>,
    /// The provider's charge.
    #[serde(default)]
    pub fee: Option<i64>,
    /// What reaches the bank.
    #[serde(default)]
    pub net_amount: Option<i64>,
    /// Ours.
    #[serde(default)]
    pub reference: String,
    /// Where it stands.
    #[serde(default)]
    pub state: State,
    /// Where to go next.
    #[serde(default, rename = "_links")]
    pub links: Links,
    /// What can be refunded.
    #[serde(default)]
    pub refund_summary: Option<RefundSummary>,
    /// When the money moved.
    #[serde(default)]
    pub settlement_summary: Option<SettlementSummary>,
    /// The card, as little as we take.
    #[serde(default)]
    pub card_details: Option<Card>,
}

impl Payment {
    /// The day it reached our bank, as written.
    pub fn settled_on(&self) -> Option<&str> {
        self.settlement_summary.as_ref()?.settled_date.as_deref()
    }
}

/// Asks for a refund, naming what we believe is left, so that two cannot be made of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRefund {
    /// Pence.
    pub amount: i64,
    /// What we believe can still be refunded.
    pub refund_amount_available: i64,
}

/// A refund.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Pay's id of it.
    #[serde(default)]
    pub refund_id: String,
    /// The payment, in searches.
    #[serde(default)]
    pub payment_id: String,
    /// Pence.
    #[serde(default)]
    pub amount: i64,
    /// submitted, success, error.
    #[serde(default)]
    pub status: String,
    /// When it was taken from a payout.
    #[serde(default)]
    pub settlement_summary: Option<SettlementSummary>,
}

/// The refunds of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunds {
    /// They.
    #[serde(default, rename = "_embedded")]
    pub embedded: EmbeddedRefunds,
}

/// The list inside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedRefunds {
    /// They.
    #[serde(default)]
    pub refunds: Vec<Refund>,
}

/// A dispute: the payer's bank wants the money back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Pay's id of it.
    #[serde(default)]
    pub dispute_id: String,
    /// The payment.
    #[serde(default)]
    pub payment_id: String,
    /// Pence.
    #[serde(default)]
    pub amount: i64,
    /// The provider's charge for a lost one.
    #[serde(default)]
    pub fee: Option<i64>,
    /// needs_response, under_review, won, lost.
    #[serde(default)]
    pub status: String,
    /// fraudulent, duplicate and so on.
    #[serde(default)]
    pub reason: Option<String>,
    /// Until when evidence is taken.
    #[serde(default)]
    pub evidence_due_date: Option<String>,
    /// When it was taken from a payout.
    #[serde(default)]
    pub settlement_summary: Option<SettlementSummary>,
}

/// A page of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// All of them.
    #[serde(default)]
    pub total: i64,
    /// On this page.
    #[serde(default)]
    pub count: i64,
    /// Which page.
    #[serde(default)]
    pub page: i64,
    /// They.
    #[serde(default = "Vec::new")]
    pub results: Vec<T>,
}

/// Why Pay says no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// `P0102` and so on.
    #[serde(default)]
    pub code: String,
    /// In words.
    #[serde(default)]
    pub description: String,
    /// The field that is wrong.
    #[serde(default)]
    pub field: Option<String>,
}

/// What a webhook says. It is a hint: the payment is asked for afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// The same message has the same id.
    pub webhook_message_id: String,
    /// When Pay made it.
    #[serde(default)]
    pub created_date: String,
    /// Of what.
    #[serde(default)]
    pub resource_id: String,
    /// `payment`; others are kept and left alone.
    #[serde(default)]
    pub resource_type: String,
    /// What happened.
    #[serde(default)]
    pub event_type: String,
}

/// Reads a webhook's body; none when it is not one.
pub fn read_webhook(body: &[u8]) -> Option<Webhook> {
    let read: Webhook = serde_json::from_slice(body).ok()?;
    let fits = |text: &str, longest: usize| text.len() <= longest && !text.chars().any(char::is_control);
    let good = !read.webhook_message_id.is_empty()
        && fits(&read.webhook_message_id, 100)
        && fits(&read.resource_id, 100)
        && fits(&read.event_type, 100)
        && fits(&read.resource_type, 50)
        && fits(&read.created_date, 40);
    good.then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_14_the_published_example_of_a_payment_is_read() {
        let text = r#"{"payment_id":"hu20sqlact5260q2nanm0q8u93","amount":12000,"reference":"10004711X-1",
            "state":{"status":"created","finished":false},
            "_links":{"self":{"href":"https://x/v1/payments/hu","method":"GET"},
                      "next_url":{"href":"https://www.payments.service.gov.uk/secure/bb0a272c","method":"GET"}},
            "refund_summary":{"status":"pending","amount_available":12000,"amount_submitted":0},
            "card_details":{"first_digits_card_number":"411111","last_digits_card_number":"1111","expiry_date":"04/29"}}"#;
        let payment: Payment = serde_json::from_str(text).expect("a payment");
        assert_eq!((payment.amount, payment.state.status.as_str()), (12_000, "created"));
        assert!(payment.links.next_url.is_some_and(|link| link.href.ends_with("bb0a272c")));
        let kept = serde_json::to_string(&payment.card_details).expect("JSON");
        assert!(kept.contains("1111") && !kept.contains("411111") && !kept.contains("04/29"), "{kept}");
    }

    #[test]
    fn what_is_sent_says_moto_only_over_the_telephone() {
        let ask = |moto| NewPayment {
            amount: 12_000,
            reference: "C000001-1".into(),
            description: "Invoice INV-000001".into(),
            return_url: "https://pay.example/return".into(),
            language: "en".into(),
            moto,
            metadata: BTreeMap::new(),
        };
        let sent = |moto| serde_json::to_value(ask(moto)).expect("JSON");
        assert_eq!(sent(true)["moto"], true);
        assert!(sent(false).get("moto").is_none());
    }

    #[test]
    fn a_webhook_is_read_or_is_none() {
        let body = br#"{"webhook_message_id":"wh1","event_type":"card_payment_succeeded"}"#;
        assert_eq!(read_webhook(body).map(|w| w.event_type), Some("card_payment_succeeded".into()));
        for wrong in ["", "{}", "[]", "{\"webhook_message_id\":\"\"}", "{\"webhook_message_id\":\"a\\u0000\"}"] {
            assert_eq!(read_webhook(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
