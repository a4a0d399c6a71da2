//! Reading what a provider settled: every payment, refund and dispute of some days, into payouts.
use super::dispute::{Told, note_dispute};
use super::paid::{note, note_now};
use super::payout::{form_payouts, reconcile_certain};
use super::provider::{SeenDispute, SeenPayment, SeenRefund, provider_of};
use super::refund_sending::{note_refund, unknown_refund};
use super::start::provider_row;
use crate::core::actor::Actor;
use crate::core::command::{Command, answer_to};
use crate::{Desk, No, Outcome, command};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::cards::CardState;
use sundry_domain::control::{Duty, mask_card_numbers};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::cards::{self, CardPaymentRow};
use sundry_store::customers;

/// A provider may tell late of a day: so many days before the last that was read are read again.
const READ_AGAIN: Days = Days::new(7);

/// Reads a provider's settlement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadSettlement {
    /// Idempotency key.
    pub key: String,
    /// Whose.
    pub provider: String,
    /// The first day; none goes on from the last that was read.
    pub from_on: Option<NaiveDate>,
    /// The last day.
    pub to_on: NaiveDate,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementTaken {
    /// Payments.
    pub payments: i64,
    /// Of these, not begun in Sundry: on an account, or in suspense.
    pub found: i64,
    /// Refunds.
    pub refunds: i64,
    /// Disputes.
    pub disputes: i64,
    /// Payouts made or added to.
    pub payouts: i64,
    /// Payouts found in the bank.
    pub in_bank: i64,
}

/// Reads what was settled and forms payouts; read again, it changes nothing.
///
/// # Errors
/// Duty; the days are the wrong way round; what the provider says.
pub async fn read_card_settlement(desk: &Desk, by: &Actor, ask: ReadSettlement) -> Outcome<SettlementTaken> {
    by.must_hold(Duty::PostCash)?;
    if let Some(before) = answer_to(desk, by, ("read_card_settlement", &ask.key), &ask).await? {
        return Ok(before);
    }
    let row = provider_row(desk, by, &ask.provider).await?;
    let last = row.settled_until.and_then(|day| day.checked_sub_days(READ_AGAIN));
    let from = ask.from_on.or(last).or_else(|| ask.to_on.checked_sub_days(READ_AGAIN)).unwrap_or(ask.to_on);
    if from > ask.to_on {
        let message = "Enter a last day that is not before the first";
        return Err(Invalid::field("to_on", message, ask.to_on.to_string()).into());
    }
    let told = provider_of(desk, by.org, &row)?.settlement(from, ask.to_on).await?;
    let mut taken = SettlementTaken::default();
    for (provider_ref, seen) in &told.payments {
        taken.payments += 1;
        taken.found += i64::from(payment(desk, by, &row.code, provider_ref, seen).await?);
    }
    for seen in &told.refunds {
        taken.refunds += i64::from(refund(desk, by, &row.code, seen).await?);
    }
    for seen in &told.disputes {
        taken.disputes += i64::from(dispute(desk, by, &row.code, seen).await?);
    }
    let words = row.settings["bank_words"].as_str().unwrap_or_default().to_owned();
    command!(desk, by, "read_card_settlement", &ask.key, &ask, |cmd| {
        taken.payouts = form_payouts(cmd, &row.code).await?;
        taken.in_bank = reconcile_certain(cmd, &words).await?;
        cards::set_settled_until(&mut cmd.tx, cmd.by.org, &row.code, ask.to_on).await?;
        cmd.tell("CardSettlementRead", format!("card provider {}", row.code), (from, ask.to_on, taken));
        Ok(taken)
    })
}

/// One payment; whether it was not begun here.
async fn payment(desk: &Desk, by: &Actor, code: &str, provider_ref: &str, seen: &SeenPayment) -> Outcome<bool> {
    let known = cards::payment_of_ref(&mut desk.look().await?, by.org, code, provider_ref).await?;
    if let Some(row) = known {
        note(desk, by, row, seen).await?;
        return Ok(false);
    }
    if !seen.state.is_paid() {
        return Ok(false);
    }
    let key = format!("card-found/{code}/{provider_ref}");
    let ask = (provider_ref, seen.pence, seen.settled_on);
    command!(desk, by, "find_card_payment", &key, &ask, |cmd| {
        let customer = whose(cmd, &seen.reference).await?;
        let description = mask_card_numbers(&seen.reference);
        let found = Found { provider: code, channel: "settlement", provider_ref, customer, description };
        add_found(cmd, found, seen).await?;
        Ok(())
    })?;
    Ok(true)
}

/// A payment that was not begun here.
pub(super) struct Found<'a> {
    pub provider: &'a str,
    pub channel: &'a str,
    pub provider_ref: &'a str,
    pub customer: Option<i64>,
    pub description: String,
}

/// Keeps it, and posts its receipt: on the account its reference names, else in suspense; never dropped.
pub(super) async fn add_found(cmd: &mut Command, found: Found<'_>, seen: &SeenPayment) -> Outcome<CardPaymentRow> {
    let org = cmd.by.org;
    let row = CardPaymentRow {
        id: cmd.id(),
        number: format!("CP-{:06}", cmd.next_number("CP").await?),
        provider: found.provider.to_owned(),
        channel: found.channel.to_owned(),
        customer_id: found.customer,
        pay_link_id: None,
        amount_pence: seen.pence,
        chosen: serde_json::json!([]),
        description: found.description.chars().take(200).collect(),
        provider_ref: Some(found.provider_ref.to_owned()),
        next_url: String::new(),
        state: CardState::WithPayer.as_str().into(),
        state_reason: String::new(),
        needs_look: if found.customer.is_some() { String::new() } else { "Nobody knows whose it is".into() },
        last_four: seen.last_four.clone(),
        money_ref: String::new(),
        receipt_id: None,
        receipt_number: String::new(),
        fee_pence: 0,
        settled_on: None,
        payout_id: None,
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        ask_again_at: None,
        asked_count: 0,
        recorded_at: cmd.at,
        version: 1,
    };
    cards::add_payment(&mut cmd.tx, org, row.clone()).await?;
    note_now(cmd, row.clone(), seen).await?;
    Ok(row)
}

/// The customer a reference names: by number, or by a reference that only one customer has.
pub(super) async fn whose(cmd: &mut Command, reference: &str) -> Outcome<Option<i64>> {
    let org = cmd.by.org;
    let first = reference.split(['-', '/', ' ']).next().unwrap_or_default();
    for named in [reference.trim(), first] {
        if let Some(row) = customers::customer_numbered(&mut cmd.tx, org, named).await? {
            return Ok(Some(row.id));
        }
    }
    let search = sundry_domain::customers::normalise_reference(reference);
    if search.len() < 5 {
        return Ok(None);
    }
    let owners = sundry_store::cash::owners_of_reference(&mut cmd.tx, org, &search).await?;
    Ok(if let [one] = owners.as_slice() { Some(*one) } else { None })
}

async fn refund(desk: &Desk, by: &Actor, code: &str, seen: &SeenRefund) -> Outcome<bool> {
    let mut look = desk.look().await?;
    if let Some(row) = cards::refund_of_ref(&mut look, by.org, &seen.provider_ref).await? {
        drop(look);
        note_refund(desk, by, &row, seen).await?;
        return Ok(true);
    }
    let Some(payment) = cards::payment_of_ref(&mut look, by.org, code, &seen.payment_ref).await? else {
        tracing::warn!(refund = %seen.provider_ref, "a settlement has a refund of a payment nobody knows");
        return Ok(false);
    };
    // One of ours whose answer was lost is known by its amount: taken for a stranger it would be sent again.
    let siblings = cards::refunds_of(&mut look, by.org, payment.id).await?;
    drop(look);
    let lost = |row: &&cards::CardRefundRow| {
        matches!(row.state.as_str(), "approved" | "sent")
            && row.provider_ref.is_none()
            && row.amount_pence == seen.pence
    };
    if let Some(row) = siblings.iter().find(lost) {
        note_refund(desk, by, row, seen).await?;
        return Ok(true);
    }
    let key = format!("card-refund-found/{code}/{}", seen.provider_ref);
    command!(desk, by, "find_card_refund", &key, &(&seen.provider_ref, seen.pence), |cmd| {
        let id = unknown_refund(cmd, &payment, seen).await?;
        cmd.tell("CardRefundFound", format!("card payment {}", payment.number), (id, seen.pence));
        Ok(())
    })?;
    Ok(true)
}

async fn dispute(desk: &Desk, by: &Actor, code: &str, seen: &SeenDispute) -> Outcome<bool> {
    let mut look = desk.look().await?;
    let Some(payment) = cards::payment_of_ref(&mut look, by.org, code, &seen.payment_ref).await? else {
        return Ok(false);
    };
    let known = cards::dispute_of_ref(&mut look, by.org, &seen.provider_ref).await?;
    drop(look);
    let same = |row: &cards::CardDisputeRow| row.state == seen.state && row.settled_on == seen.settled_on;
    if known.as_ref().is_some_and(same) {
        return Ok(false);
    }
    let settled = seen.settled_on.map(|day| day.to_string()).unwrap_or_default();
    let version = known.map_or(0, |row| row.version);
    let key = format!("card-dispute/{}/{}/{settled}/{version}", seen.provider_ref, seen.state);
    let done: Outcome<_> = command!(desk, by, "note_card_dispute", &key, &(&seen.provider_ref, &seen.state), |cmd| {
        let told = Told {
            provider_ref: &seen.provider_ref,
            amount: Pence(seen.pence),
            fee: Pence(seen.fee_pence),
            state: &seen.state,
            reason: &seen.reason,
            answer_by: seen.answer_by,
            settled_on: seen.settled_on,
        };
        note_dispute(cmd, &payment, &told).await
    });
    match done {
        Ok(_) => Ok(true),
        Err(No::Refused(refusal)) => {
            tracing::warn!(payment = %payment.number, code = %refusal.code, "{}", refusal.sentence);
            Ok(false)
        }
        Err(no) => Err(no),
    }
}
