//! Asking the provider: at the page, and again and again for what no webhook told.
use super::lists::{CardPaymentView, card_payment};
use super::paid::{note, put_off};
use super::provider::{ProviderNo, provider_of};
use super::refund_sending::send_card_refunds;
use super::settlement::{ReadSettlement, read_card_settlement};
use super::start::{begin_at_provider, provider_row};
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome};
use chrono::Days;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::cards::CardState;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_store::cash::cards::{self, CardPaymentRow};

/// Payments asked for in one go.
const AT_ONCE: i64 = 200;

/// What was tended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardsTended {
    /// Payments the provider was asked about.
    pub asked: i64,
    /// Of these, paid.
    pub paid: i64,
    /// Asks without an answer.
    pub silent: i64,
    /// Refunds sent, or heard of.
    pub refunds: i64,
    /// Settlements read.
    pub settlements: i64,
}

/// Asks about one payment and notes the answer; a silence leaves it as it was.
pub(super) async fn look_now(desk: &Desk, by: &Actor, row: CardPaymentRow) -> Outcome<CardPaymentRow> {
    let state = CardState::parse(&row.state).unwrap_or(CardState::Asked);
    let Some(provider_ref) = row.provider_ref.clone().filter(|_| state != CardState::Settled) else { return Ok(row) };
    if row.channel == "file" {
        return Ok(row);
    }
    let provider = provider_row(desk, by, &row.provider).await?;
    let seen = provider_of(desk, by.org, &provider)?.ask(&provider_ref).await;
    match seen {
        Ok(seen) => note(desk, by, row, &seen).await,
        Err(ProviderNo::Silent(silence)) => {
            tracing::warn!(payment = %row.number, why = %silence.words, "the card provider gave no answer");
            Ok(row)
        }
        Err(no) => Err(no.into()),
    }
}

/// Looks at a payment: the provider is asked where it is still open. The return page of the clerk.
///
/// # Errors
/// Duty; no such payment; what the provider says.
pub async fn look_at_card_payment(desk: &Desk, by: &Actor, number: &str) -> Outcome<CardPaymentView> {
    by.must_hold(Duty::View)?;
    let row = cards::payment_numbered(&mut desk.look().await?, by.org, number).await?;
    let row = row.ok_or_else(|| No::Absent(format!("card payment {number}")))?;
    let open = CardState::parse(&row.state).is_some_and(|state| !state.is_paid());
    if open {
        match look_now(desk, &super::machine(by.org, "Card provider"), row).await {
            Ok(_) => {}
            // What is known is shown, whatever the provider says today.
            Err(No::Refused(refusal)) => tracing::warn!(code = %refusal.code, "{}", refusal.sentence),
            Err(no) => return Err(no),
        }
    }
    card_payment(desk, by, number).await
}

/// Tends what is open: payments no webhook told of, requests without an answer, refunds, settlements of past days.
///
/// # Errors
/// Only our own faults: a provider's silence is tried again later.
pub async fn tend_cards(desk: &Desk, org: OrgId) -> Outcome<CardsTended> {
    let by = super::machine(org, "Card provider");
    let mut done = CardsTended::default();
    let mut look = desk.look().await?;
    let providers = cards::providers(&mut look, org).await?;
    if providers.is_empty() {
        return Ok(done);
    }
    let due = cards::payments_due(&mut look, org, desk.clock().now(), AT_ONCE).await?;
    drop(look);
    for row in due {
        done.asked += 1;
        let (id, version) = (row.id, row.version);
        match tend_one(desk, &by, row).await {
            Ok(paid) => done.paid += i64::from(paid),
            Err(No::Refused(refusal)) => tracing::warn!(code = %refusal.code, "{}", refusal.sentence),
            Err(no) => return Err(no),
        }
        // What has not moved had no answer.
        let still = cards::payment(&mut desk.look().await?, org, id).await?;
        if let Some(row) = still.filter(|row| row.version == version) {
            done.silent += 1;
            put_off(desk, &by, &row).await?;
        }
    }
    done.refunds = send_card_refunds(desk, &by).await?;
    let yesterday = desk.today().checked_sub_days(Days::new(1)).unwrap_or(desk.today());
    for provider in providers.iter().filter(|p| p.code == "govuk_pay" || p.code == "practice") {
        if provider.settled_until.is_some_and(|day| day >= yesterday) {
            continue;
        }
        let ask = ReadSettlement {
            key: format!("settlement/{}/{yesterday}/{}", provider.code, desk.clock().now().timestamp_micros()),
            provider: provider.code.clone(),
            from_on: None,
            to_on: yesterday,
        };
        match read_card_settlement(desk, &by, ask).await {
            Ok(_) => done.settlements += 1,
            Err(No::Refused(refusal)) => tracing::warn!(code = %refusal.code, "{}", refusal.sentence),
            Err(no) => return Err(no),
        }
    }
    Ok(done)
}

/// One payment that is due: begun again where the provider never answered, else asked about. Whether it is paid now.
async fn tend_one(desk: &Desk, by: &Actor, row: CardPaymentRow) -> Outcome<bool> {
    if row.provider_ref.is_some() {
        let row = look_now(desk, by, row).await?;
        return Ok(CardState::parse(&row.state).is_some_and(CardState::is_paid));
    }
    begin_at_provider(desk, by, &row.number).await?;
    Ok(false)
}
