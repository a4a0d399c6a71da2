//! A provider for homes that are not live: nobody types a card, a button says how it ends.
//!
//! What it knows is in memory only; stopped, it forgets, as a provider that cannot be reached.
use super::provider::{
    Begun, CardProvider, NewCardPayment, ProviderAnswer, ProviderNo, RefundStanding, SeenDispute, SeenPayment,
    SeenRefund, Settlement,
};
use crate::Desk;
use chrono::NaiveDate;
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard};
use sundry_domain::cash::cards::CardState;

#[derive(Clone, Debug, Default)]
struct Known {
    payments: BTreeMap<String, SeenPayment>,
    refunds: Vec<SeenRefund>,
    disputes: Vec<SeenDispute>,
}

static KNOWN: LazyLock<Mutex<BTreeMap<PathBuf, Known>>> = LazyLock::new(Mutex::default);

/// The provider of one home.
pub struct Practice {
    home: PathBuf,
}

fn all() -> MutexGuard<'static, BTreeMap<PathBuf, Known>> {
    KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Practice {
    /// The one of this desk's home.
    pub fn of(desk: &Desk) -> Practice {
        Practice { home: desk.home().to_owned() }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Known) -> T) -> T {
        act(all().entry(self.home.clone()).or_default())
    }

    /// The payer pays, or does not; false when there is no such payment.
    pub fn end(&self, provider_ref: &str, state: CardState) -> bool {
        self.with(|known| match known.payments.get_mut(provider_ref) {
            Some(payment) => {
                payment.state = state;
                payment.last_four = if state.is_paid() { "4242".into() } else { String::new() };
                payment.reason = if state.is_paid() { String::new() } else { state.name().to_owned() };
                true
            }
            None => false,
        })
    }

    /// What a payment is for and how much, while it waits for the payer.
    pub fn waiting(&self, provider_ref: &str) -> Option<(String, i64)> {
        let waits = |payment: &&SeenPayment| payment.state == CardState::WithPayer;
        self.with(|known| known.payments.get(provider_ref).filter(waits).map(|p| (p.reference.clone(), p.pence)))
    }

    /// Pays everything out that is paid and not settled, on a day, with a charge for each payment.
    pub fn settle(&self, on: NaiveDate, fee_pence: i64) {
        self.with(|known| {
            for payment in known.payments.values_mut().filter(|payment| payment.state == CardState::Paid) {
                (payment.state, payment.settled_on, payment.fee_pence) = (CardState::Settled, Some(on), fee_pence);
            }
            for refund in known.refunds.iter_mut().filter(|refund| refund.settled_on.is_none()) {
                (refund.standing, refund.settled_on) = (RefundStanding::Paid, Some(on));
            }
            for dispute in known.disputes.iter_mut().filter(|one| one.state == "lost" && one.settled_on.is_none()) {
                dispute.settled_on = Some(on);
            }
        });
    }

    /// The payer's bank wants the money back, or has it, or has not.
    pub fn dispute(&self, provider_ref: &str, state: &str, fee_pence: i64) -> bool {
        self.with(|known| {
            let Some(payment) = known.payments.get(provider_ref) else { return false };
            let dispute = SeenDispute {
                provider_ref: format!("dispute{provider_ref}"),
                payment_ref: provider_ref.to_owned(),
                pence: payment.pence,
                fee_pence,
                state: state.to_owned(),
                reason: "fraudulent".into(),
                answer_by: None,
                settled_on: None,
            };
            known.disputes.retain(|one| one.provider_ref != dispute.provider_ref);
            known.disputes.push(dispute);
            true
        })
    }
}

fn unknown() -> ProviderNo {
    ProviderNo::Refused("P0200".into(), "no such payment".into())
}

impl CardProvider for Practice {
    fn create(&self, ask: NewCardPayment) -> BoxFuture<'_, ProviderAnswer<Begun>> {
        Box::pin(async move {
            let provider_ref = format!("practice{}", ask.key.replace('-', ""));
            let payment = SeenPayment {
                state: CardState::WithPayer,
                reason: String::new(),
                pence: ask.pence,
                fee_pence: 0,
                settled_on: None,
                last_four: String::new(),
                reference: ask.reference,
            };
            self.with(|known| {
                known.payments.entry(provider_ref.clone()).or_insert(payment);
            });
            Ok(Begun { next_url: format!("/practice-card/{provider_ref}?back={}", ask.return_url), provider_ref })
        })
    }

    fn ask<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<SeenPayment>> {
        Box::pin(async move { self.with(|known| known.payments.get(provider_ref).cloned()).ok_or_else(unknown) })
    }

    fn cancel<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<()>> {
        Box::pin(async move { if self.end(provider_ref, CardState::Cancelled) { Ok(()) } else { Err(unknown()) } })
    }

    fn refund<'a>(
        &'a self,
        provider_ref: &'a str,
        pence: i64,
        left_pence: i64,
    ) -> BoxFuture<'a, ProviderAnswer<SeenRefund>> {
        Box::pin(async move {
            self.with(|known| {
                let paid = known.payments.get(provider_ref).filter(|p| p.state.is_paid()).ok_or_else(unknown)?.pence;
                let of = known.refunds.iter().filter(|refund| refund.payment_ref == provider_ref);
                if paid - of.map(|refund| refund.pence).sum::<i64>() != left_pence || pence > left_pence {
                    return Err(ProviderNo::Refused("P0604".into(), "another amount can be refunded".into()));
                }
                let refund = SeenRefund {
                    provider_ref: format!("refund{}{provider_ref}", known.refunds.len() + 1),
                    payment_ref: provider_ref.to_owned(),
                    pence,
                    standing: RefundStanding::Paid,
                    settled_on: None,
                };
                known.refunds.push(refund.clone());
                Ok(refund)
            })
        })
    }

    fn refunds<'a>(&'a self, provider_ref: &'a str) -> BoxFuture<'a, ProviderAnswer<Vec<SeenRefund>>> {
        Box::pin(async move {
            Ok(self.with(|k| k.refunds.iter().filter(|r| r.payment_ref == provider_ref).cloned().collect()))
        })
    }

    fn settlement(&self, from_on: NaiveDate, to_on: NaiveDate) -> BoxFuture<'_, ProviderAnswer<Settlement>> {
        Box::pin(async move {
            let within = |day: Option<NaiveDate>| day.is_some_and(|day| from_on <= day && day <= to_on);
            Ok(self.with(|known| Settlement {
                payments: known
                    .payments
                    .iter()
                    .filter(|(_, payment)| within(payment.settled_on))
                    .map(|(name, payment)| (name.clone(), payment.clone()))
                    .collect(),
                refunds: known.refunds.iter().filter(|refund| within(refund.settled_on)).cloned().collect(),
                disputes: known.disputes.clone(),
            }))
        })
    }
}
