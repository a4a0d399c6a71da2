//! The one small interface behind which every card provider stands.
use super::{govuk_pay::GovUkPay, practice::Practice, scp::SecureCardPortal};
use crate::core::http::Silence;
use crate::{Desk, Fault, No, Outcome};
use chrono::NaiveDate;
use futures::future::BoxFuture;
use sundry_domain::cash::cards::CardState;
use sundry_domain::cash::cards::refusals::{NO_PROVIDER, NOT_OFFERED, PROVIDER_SAYS_NO, PROVIDER_SILENT};
use sundry_domain::ids::OrgId;
use sundry_store::cash::cards::CardProviderRow;

/// What a provider is asked for.
#[derive(Clone, Debug)]
pub struct NewCardPayment {
    /// The same key again is the same payment, where the provider can do that.
    pub key: String,
    /// Our number of it.
    pub number: String,
    /// Pence.
    pub pence: i64,
    /// The account reference.
    pub reference: String,
    /// What the payer sees.
    pub description: String,
    /// Where they come back to.
    pub return_url: String,
    /// `en` or `cy`.
    pub language: String,
    /// Staff take it over the telephone.
    pub over_the_telephone: bool,
}

/// A payment that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The provider's id of it.
    pub provider_ref: String,
    /// The page on which the card is typed.
    pub next_url: String,
}

/// What the provider says of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPayment {
    /// Where it stands.
    pub state: CardState,
    /// Why, where there is more to say.
    pub reason: String,
    /// What was taken, in pence.
    pub pence: i64,
    /// What the provider charged, where it says so.
    pub fee_pence: i64,
    /// When it was paid out.
    pub settled_on: Option<NaiveDate>,
    /// The last four digits of the card.
    pub last_four: String,
    /// The provider's own reference for the money, where it differs from the payment's.
    pub reference: String,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStanding {
    /// Taken in, not finished.
    Sent,
    /// The payer has it.
    Paid,
    /// It could not be made.
    Failed,
}

/// What the provider says of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRefund {
    /// The provider's id of it.
    pub provider_ref: String,
    /// The payment.
    pub payment_ref: String,
    /// Pence.
    pub pence: i64,
    /// Where it stands.
    pub standing: RefundStanding,
    /// When it was taken from a payout.
    pub settled_on: Option<NaiveDate>,
}

/// What the provider says of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenDispute {
    /// The provider's id of it.
    pub provider_ref: String,
    /// The payment.
    pub payment_ref: String,
    /// Pence.
    pub pence: i64,
    /// What the provider charges for a lost one.
    pub fee_pence: i64,
    /// needs_response, under_review, won or lost.
    pub state: String,
    /// What the payer says.
    pub reason: String,
    /// Until when evidence is taken.
    pub answer_by: Option<NaiveDate>,
    /// When it was taken from a payout.
    pub settled_on: Option<NaiveDate>,
}

/// What was settled between two days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Payments, each with the provider's id and our reference.
    pub payments: Vec<(String, SeenPayment)>,
    /// Refunds.
    pub refunds: Vec<SeenRefund>,
    /// Disputes, whatever their state: they have no day until they are lost.
    pub disputes: Vec<SeenDispute>,
}

/// Why a provider gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderNo {
    /// It says no, with its code and its words: nothing happened.
    Refused(String, String),
    /// It has no such call.
    NotOffered(&'static str),
    /// It did not answer, or not so that we understand.
    Silent(Silence),
}

/// The answer of a provider.
pub type ProviderAnswer<T> = Result<T, ProviderNo>;

impl From<ProviderNo> for No {
    fn from(no: ProviderNo) -> No {
        match no {
            ProviderNo::Refused(code, words) => {
                PROVIDER_SAYS_NO.because(format!("The card provider says: {words} ({code}).")).into()
            }
            ProviderNo::NotOffered(what) => {
                NOT_OFFERED.because(format!("This card provider cannot {what} for us.")).into()
            }
            ProviderNo::Silent(silence) => {
                tracing::warn!(why = %silence.words, "the card provider gave no answer");
                PROVIDER_SILENT.because("The card provider does not answer.").into()
            }
        }
    }
}

/// Takes card payments: we never see a card.
pub trait CardProvider: Send + Sync {
    /// Begins a payment; gives the page on which the card is typed.
    fn create(&self, ask: NewCardPayment) -> BoxFuture<'_, ProviderAnswer<Begun>>;
    /// Says where a payment stands.
    fn ask<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<SeenPayment>>;
    /// Gives a payment up that nobody has paid.
    fn cancel<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<()>>;
    /// Refunds a part of a payment; `left_pence` is what we believe can be refunded, so that two are never made.
    fn refund<'a>(
        &'a self,
        provider_ref: &'a str,
        pence: i64,
        left_pence: i64,
    ) -> BoxFuture<'a, ProviderAnswer<SeenRefund>>;
    /// The refunds of a payment.
    fn refunds<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<Vec<SeenRefund>>>;
    /// What was settled between two days, both included.
    fn settlement(&self, from_on: NaiveDate, to_on: NaiveDate) -> BoxFuture<'_, ProviderAnswer<Settlement>>;
}

/// The row under which a provider's key is sealed.
pub(super) fn key_row(code: &str) -> String {
    format!("card_provider/{code}/key")
}

/// The row under which the secret of its webhooks is sealed.
pub(super) fn secret_row(code: &str) -> String {
    format!("card_provider/{code}/webhook")
}

/// The provider of a row, ready to be asked.
pub(super) fn provider_of(desk: &Desk, org: OrgId, row: &CardProviderRow) -> Outcome<Box<dyn CardProvider>> {
    let key = desk.vault().open_text(org.0, &key_row(&row.code), &row.sealed_key)?;
    Ok(match row.code.as_str() {
        "govuk_pay" => Box::new(GovUkPay::new(&row.base_url, key)),
        "pay360_scp" => Box::new(SecureCardPortal::new(desk, row, key)?),
        "practice" => Box::new(Practice::of(desk)),
        other => return Err(Fault::new(format!("nobody knows the card provider {other}")).into()),
    })
}

/// Which provider takes payments this way.
pub(super) fn chosen(rows: &[CardProviderRow], by_link: bool) -> Outcome<&CardProviderRow> {
    let takes = |row: &&CardProviderRow| if by_link { row.links } else { row.telephone };
    let way = if by_link { "from links" } else { "over the telephone" };
    let none = || NO_PROVIDER.because(format!("No card provider takes payments {way} for this organisation."));
    Ok(rows.iter().find(takes).ok_or_else(none)?)
}
