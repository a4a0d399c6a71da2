//! Approved refunds go to the provider once, and are asked about until they are paid or have failed.
use super::lists::left_to_refund;
use super::provider::{ProviderNo, RefundStanding, SeenRefund};
use super::refund::{account_debit, provider_to_refund};
use crate::cash::common::again;
use crate::cash::placing::{Why, changed, set_against, undo_rows};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Fault, No, Outcome, command};
use std::collections::BTreeMap;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::{EntryLine, card_refund_failed, card_refund_paid};
use sundry_domain::money::Pence;
use sundry_store::cash::cards::{self, CardPaymentRow, CardRefundRow};
use sundry_store::cash::standing_on_debit;
use sundry_store::ledger;

/// Refunds in one go.
const AT_ONCE: i64 = 100;

/// Sends what is approved and asks about what was sent; gives how many moved.
pub(super) async fn send_card_refunds(desk: &Desk, by: &Actor) -> Outcome<i64> {
    let mut look = desk.look().await?;
    let mut waiting = cards::refunds_in_state(&mut look, by.org, "approved", AT_ONCE).await?;
    waiting.extend(cards::refunds_in_state(&mut look, by.org, "sent", AT_ONCE).await?);
    drop(look);
    let mut moved = 0;
    for refund in waiting {
        match send_one(desk, by, &refund).await {
            Ok(true) => moved += 1,
            Ok(false) => {}
            Err(No::Refused(refusal)) => tracing::warn!(code = %refusal.code, "{}", refusal.sentence),
            Err(no) => return Err(no),
        }
    }
    Ok(moved)
}

async fn send_one(desk: &Desk, by: &Actor, refund: &CardRefundRow) -> Outcome<bool> {
    let mut look = desk.look().await?;
    let payment = cards::payment(&mut look, by.org, refund.payment_id).await?;
    let payment = payment.ok_or_else(|| Fault::new("a card refund has no payment"))?;
    let siblings = cards::refunds_of(&mut look, by.org, payment.id).await?;
    let left = left_to_refund(&mut look, by.org, &payment, Some(refund.id)).await?;
    drop(look);
    let provider = provider_to_refund(desk, by, &payment).await?;
    let provider_ref = payment.provider_ref.clone().unwrap_or_default();
    let there = provider.refunds(&provider_ref).await?;
    let ours = |seen: &&SeenRefund| match &refund.provider_ref {
        Some(known) => *known == seen.provider_ref,
        // Sent before, and the answer was lost: theirs of this amount that is no other of ours.
        None => {
            seen.pence == refund.amount_pence
                && !siblings.iter().any(|other| other.provider_ref.as_deref() == Some(&seen.provider_ref))
        }
    };
    if let Some(seen) = there.iter().find(ours) {
        return note_refund(desk, by, refund, seen).await;
    }
    if refund.state == "sent" {
        return Ok(false);
    }
    match provider.refund(&provider_ref, refund.amount_pence, left.0).await {
        Ok(seen) => note_refund(desk, by, refund, &seen).await,
        Err(no @ (ProviderNo::Silent(_) | ProviderNo::NotOffered(_))) => Err(no.into()),
        // Our key is wrong: that is ours to mend, and the refund still waits.
        Err(ProviderNo::Refused(code, words)) if code == "401" => Err(ProviderNo::Refused(code, words).into()),
        Err(no) => {
            // Another of us may have sent it a moment ago: only what is not there has failed.
            if let Some(seen) = provider.refunds(&provider_ref).await?.iter().find(ours) {
                return note_refund(desk, by, refund, seen).await;
            }
            let failed = SeenRefund {
                provider_ref: String::new(),
                payment_ref: provider_ref,
                pence: refund.amount_pence,
                standing: RefundStanding::Failed,
                settled_on: None,
            };
            tracing::warn!(refund = %refund.number, "the card provider refused a refund");
            let words = No::from(no).to_string();
            note_with(desk, by, refund, &failed, &words).await
        }
    }
}

/// Notes what the provider says of a refund; whether it moved.
pub(super) async fn note_refund(desk: &Desk, by: &Actor, refund: &CardRefundRow, seen: &SeenRefund) -> Outcome<bool> {
    note_with(desk, by, refund, seen, "The card provider could not refund it").await
}

async fn note_with(desk: &Desk, by: &Actor, refund: &CardRefundRow, seen: &SeenRefund, why: &str) -> Outcome<bool> {
    let state = match seen.standing {
        RefundStanding::Sent => "sent",
        RefundStanding::Paid => "paid",
        RefundStanding::Failed => "failed",
    };
    let settled = seen.settled_on.is_some() && refund.settled_on.is_none();
    if state == refund.state && !settled {
        return Ok(false);
    }
    let key = format!("card-refund/{}/{}/{state}", refund.id, refund.version);
    command!(desk, by, "note_card_refund", &key, &(&refund.number, state, seen.settled_on), |cmd| {
        let org = cmd.by.org;
        let mut now = cards::refund_numbered(&mut cmd.tx, org, &refund.number).await?.ok_or_else(changed)?;
        if now.version != refund.version {
            cmd.tell("CardRefundSeenAgain", format!("card refund {}", now.number), ());
            return Ok(false);
        }
        let moves = !matches!((now.state.as_str(), state), ("paid" | "failed", _)) && now.state != state;
        if moves {
            match seen.standing {
                RefundStanding::Paid => paid(cmd, &now).await?,
                RefundStanding::Failed => failed(cmd, &now, why).await?,
                RefundStanding::Sent => {}
            }
            now.state = state.into();
            now.state_reason = if state == "failed" { why.chars().take(300).collect() } else { String::new() };
        }
        if !seen.provider_ref.is_empty() {
            now.provider_ref = Some(seen.provider_ref.clone());
        }
        now.settled_on = now.settled_on.or(seen.settled_on);
        if !cards::change_refund(&mut cmd.tx, org, &now).await? {
            return Err(again("the card refund has moved on"));
        }
        let event = match state {
            "paid" => "CardRefundPaid",
            "failed" => "CardRefundFailed",
            _ => "CardRefundSent",
        };
        cmd.tell(event, format!("card refund {}", now.number), serde_json::json!({ "state": now.state }));
        Ok(true)
    })
}

async fn journal(
    cmd: &mut Command,
    refund: &CardRefundRow,
    event: &'static str,
    item: Option<ItemId>,
    lines: Vec<EntryLine>,
) -> Outcome<i64> {
    let journal = NewJournal {
        posted_on: cmd.today,
        event,
        source: format!("card refund {}", refund.number),
        reason: refund.reason.clone(),
        customer: refund.customer_id.map(CustomerId),
        item,
        lines,
    };
    Ok(post(cmd, journal).await?.0)
}

/// Row 19: out of what the provider owes us.
async fn paid(cmd: &mut Command, refund: &CardRefundRow) -> Outcome<()> {
    journal(cmd, refund, "CardRefundPaid", None, card_refund_paid(Pence(refund.amount_pence))).await.map(drop)
}

/// The customer has the credit again, as it was.
async fn failed(cmd: &mut Command, refund: &CardRefundRow, why: &str) -> Outcome<()> {
    let (Some(debit), Some(customer)) = (refund.item_id.map(ItemId), refund.customer_id.map(CustomerId)) else {
        return Err(Fault::new("an approved card refund has no item").into());
    };
    let (org, day, amount) = (cmd.by.org, cmd.today, Pence(refund.amount_pence));
    let standing = standing_on_debit(&mut cmd.tx, org, debit).await?;
    undo_rows(cmd, &standing, day, why).await?;
    let on_account = Pence(refund.on_account_pence);
    let credit: ItemId = cmd.id();
    let lines = card_refund_failed(on_account, amount.minus(on_account));
    let posted = journal(cmd, refund, "CardRefundFailed", Some(credit), lines).await?;
    let number = format!("{}/back", refund.number);
    let item = account_debit(cmd, (customer, credit, &number, amount.negated()), "refund", posted);
    ledger::add_items(&mut cmd.tx, org, vec![item]).await?;
    if !ledger::reduce_credit(&mut cmd.tx, org, credit, amount).await? {
        return Err(changed());
    }
    let reason = Why { reason: why, confidence_ppm: 1_000_000 };
    set_against(cmd, customer, credit, &BTreeMap::from([(debit, amount)]), day, &reason).await
}

/// A refund that the settlement tells of, of one of our payments, that somebody made on the provider's own page.
pub(super) async fn unknown_refund(cmd: &mut Command, payment: &CardPaymentRow, seen: &SeenRefund) -> Outcome<i64> {
    let (org, amount) = (cmd.by.org, Pence(seen.pence));
    let number = format!("CR-{:06}", cmd.next_number("CR").await?);
    let mut row = CardRefundRow {
        id: cmd.id(),
        number,
        payment_id: payment.id,
        customer_id: payment.customer_id,
        amount_pence: seen.pence,
        reason: "Made on the provider's own page".into(),
        state: "paid".into(),
        state_reason: String::new(),
        approval_number: String::new(),
        provider_ref: Some(seen.provider_ref.clone()),
        item_id: None,
        on_account_pence: 0,
        settled_on: seen.settled_on,
        payout_id: None,
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        recorded_at: cmd.at,
        version: 1,
    };
    // Money that went without our yes is owed until a person says otherwise: it stands on the account as a debit.
    if let Some(customer) = payment.customer_id.map(CustomerId) {
        let debit: ItemId = cmd.id();
        let lines =
            [sundry_domain::ledger::card_refund_approved(Pence::ZERO, amount), card_refund_paid(amount)].concat();
        let posted = journal(cmd, &row, "CardRefundFound", Some(debit), lines).await?;
        let item = account_debit(cmd, (customer, debit, &row.number, amount), "refund", posted);
        ledger::add_items(&mut cmd.tx, org, vec![item]).await?;
        row.item_id = Some(debit.0);
    }
    let id = row.id;
    cards::add_refund(&mut cmd.tx, org, row).await?;
    Ok(id)
}
