//! Card payments: begun over the telephone or from a link, posted when the provider has the money, paid out later.
//!
//! ```text
//! start_card_payment -> the provider's page -> (webhook | return | asked again) -> look -> receipt, live
//! read_card_settlement -> payouts -> reconcile_payout -> bank
//! ```
//! Nobody types a card number here. What a webhook says is a hint: the provider is always asked.
mod asking;
mod dispute;
mod govuk_pay;
mod lists;
mod paid;
mod payment_file;
mod payout;
mod practice;
mod provider;
mod refund;
mod refund_sending;
mod scp;
mod settings;
mod settlement;
mod start;
mod webhook;

pub use asking::{CardsTended, look_at_card_payment, tend_cards};
pub use dispute::{DisputeRecorded, RecordDispute, record_card_dispute};
pub use lists::{
    CardLine, CardPaymentView, CardPayoutView, PayoutLine, card_disputes, card_payment, card_payments,
    card_payments_of, card_payout, card_payouts, card_refunds, card_webhooks,
};
pub use payment_file::{ImportPaymentFile, PaymentFileTaken, import_payment_file};
pub use payout::{PayoutReconciled, ReconcilePayout, reconcile_payout};
pub use practice::Practice;
pub use provider::{CardProvider, NewCardPayment, ProviderNo, SeenPayment, Settlement};
pub use refund::{CardRefundAsked, RequestCardRefund, request_card_refund};
pub use settings::{CardProviderSet, ProviderShown, SetCardProvider, card_providers, set_card_provider};
pub use settlement::{ReadSettlement, SettlementTaken, read_card_settlement};
pub use start::{
    CardPaymentStarted, PayLinkView, StartCardPayment, pay_link, pay_link_back, pay_now, start_card_payment,
};
pub use webhook::{Heard, take_card_webhook};

pub(crate) use lists::is_card_receipt;
pub(crate) use refund::{post_card_refund, refuse_card_refund};

use crate::core::actor::{Actor, Channel};
use sundry_domain::ids::OrgId;

/// Who acts when nobody signed in does: the provider's word, or a payer with a link.
pub fn machine(org: OrgId, name: &str) -> Actor {
    Actor { channel: Channel::Job, ..Actor::operator(org, name) }
}
