//! What a provider says of a payment becomes its state, and once it is paid, a receipt.
use super::provider::SeenPayment;
use super::start::{chosen_of, open_now};
use crate::cash::common::{Known, again};
use crate::cash::placing::{Share, Why, changed, place};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::delivery::receipts::send_receipt;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Fault, Outcome, command};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::cards::{CardState, next_state, placed};
use sundry_domain::ids::{CustomerId, ReceiptId};
use sundry_domain::ledger::{card_taken, card_taken_to_suspense};
use sundry_domain::money::Pence;
use sundry_store::cash::cards::{self, CardPaymentRow};
use sundry_store::cash::{self as store_cash, ReceiptRow};
use sundry_store::customers;

/// Minutes after which a payment that is not finished is asked for again; every hour after the last.
const AGAIN: [i64; 6] = [1, 3, 5, 15, 60, 95];
/// After so many times a person looks.
const GIVE_UP: i64 = 60;

/// What became of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CardSeen {
    pub payment: String,
    pub state: String,
    pub receipt: String,
}

/// When to ask again after so many times; none when it has gone on too long.
fn ask_after(asked: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let minutes = usize::try_from(asked).ok().and_then(|at| AGAIN.get(at)).copied().unwrap_or(60);
    (asked < GIVE_UP).then(|| now + TimeDelta::minutes(minutes))
}

/// Whether there is something new in what was seen.
fn is_news(row: &CardPaymentRow, seen: &SeenPayment) -> bool {
    let now = CardState::parse(&row.state).unwrap_or(CardState::Asked);
    next_state(now, seen.state).is_some()
        || (now.is_paid() && (seen.fee_pence > row.fee_pence || seen.settled_on.is_some() && row.settled_on.is_none()))
}

/// Notes what the provider said: moves the state forward only, and posts the receipt once.
pub(super) async fn note(desk: &Desk, by: &Actor, row: CardPaymentRow, seen: &SeenPayment) -> Outcome<CardPaymentRow> {
    if !is_news(&row, seen) && row.ask_again_at.is_none() {
        return Ok(row);
    }
    let told = (&row.number, seen.state, seen.pence, seen.fee_pence, seen.settled_on);
    let key = format!("card-seen/{}/{}/{}", row.id, row.version, seen.state.as_str());
    let noted: Outcome<CardSeen> = command!(desk, by, "note_card_payment", &key, &told, |cmd| {
        let now = cards::payment(&mut cmd.tx, cmd.by.org, row.id).await?.ok_or_else(changed)?;
        note_now(cmd, now, seen).await
    });
    match noted {
        // Another was quicker with the same key: what it noted stands.
        Err(no) if no.code() != Some("OPS-KEY-REUSED") => return Err(no),
        _ => {}
    }
    let row = cards::payment(&mut desk.look().await?, by.org, row.id).await?;
    Ok(row.ok_or_else(|| Fault::new("a card payment has gone"))?)
}

/// The provider gave no answer: it is asked again later, and in the end a person looks.
pub(super) async fn put_off(desk: &Desk, by: &Actor, row: &CardPaymentRow) -> Outcome<()> {
    let key = format!("card-silent/{}/{}", row.id, row.version);
    command!(desk, by, "put_off_card_payment", &key, &row.number, |cmd| {
        let mut now = cards::payment(&mut cmd.tx, cmd.by.org, row.id).await?.ok_or_else(changed)?;
        if now.ask_again_at.is_some() {
            now.asked_count += 1;
            now.ask_again_at = ask_after(now.asked_count, cmd.at);
            if now.ask_again_at.is_none() {
                now.needs_look = "The provider never answered".into();
            }
            if !cards::change_payment(&mut cmd.tx, cmd.by.org, &now).await? {
                return Err(again("the card payment has moved on"));
            }
        }
        cmd.tell("CardProviderSilent", format!("card payment {}", now.number), now.asked_count);
        Ok(())
    })
}

/// The same inside another command.
pub(super) async fn note_now(cmd: &mut Command, mut row: CardPaymentRow, seen: &SeenPayment) -> Outcome<CardSeen> {
    let now = CardState::parse(&row.state).ok_or_else(|| Fault::new("a card payment's state cannot be read"))?;
    let next = next_state(now, seen.state);
    if let Some(next) = next {
        if next.is_paid() && !now.is_paid() {
            become_paid(cmd, &mut row, seen, now).await?;
        }
        row.state = next.as_str().into();
        row.state_reason = seen.reason.chars().take(300).collect();
        row.next_url = String::new();
    }
    let state = CardState::parse(&row.state).unwrap_or(now);
    row.fee_pence = row.fee_pence.max(seen.fee_pence);
    row.settled_on = row.settled_on.or(seen.settled_on.filter(|_| state.is_paid()));
    if !seen.last_four.is_empty() {
        row.last_four = seen.last_four.clone();
    }
    row.ask_again_at = None;
    if state.is_open() {
        row.asked_count += 1;
        row.ask_again_at = ask_after(row.asked_count, cmd.at);
        if row.ask_again_at.is_none() {
            row.needs_look = "The provider never said what became of it".into();
        }
    }
    if !cards::change_payment(&mut cmd.tx, cmd.by.org, &row).await? {
        return Err(again("the card payment has moved on"));
    }
    if row.money_ref.is_empty() && state.is_paid() && !seen.reference.is_empty() && row.provider == "pay360_scp" {
        cards::set_money_ref(&mut cmd.tx, cmd.by.org, row.id, &seen.reference).await?;
    }
    let event = match next {
        Some(next) if next.is_paid() && !now.is_paid() => "CardPaymentPaid",
        Some(CardState::Settled) => "CardPaymentSettled",
        Some(CardState::Failed | CardState::Cancelled | CardState::Expired) => "CardPaymentEnded",
        _ => "CardPaymentLookedAt",
    };
    let answer = CardSeen { payment: row.number.clone(), state: row.state.clone(), receipt: row.receipt_number };
    cmd.tell(event, format!("card payment {}", row.number), (&answer, seen.pence));
    Ok(answer)
}

/// The money is taken: a receipt, against what was chosen as far as it is still open, the rest on account.
async fn become_paid(cmd: &mut Command, row: &mut CardPaymentRow, seen: &SeenPayment, was: CardState) -> Outcome<()> {
    let paid = if seen.pence > 0 { Pence(seen.pence) } else { Pence(row.amount_pence) };
    let mut look = Vec::new();
    if paid.0 != row.amount_pence {
        look.push(format!("{paid} was taken and {} was asked for", Pence(row.amount_pence)));
        row.amount_pence = paid.0;
    }
    if matches!(was, CardState::Failed | CardState::Cancelled | CardState::Expired) {
        look.push(format!("It was paid after it had ended: {}", was.name().to_lowercase()));
    }
    let receipt = match row.customer_id {
        Some(customer) => {
            let (receipt, left) = on_account(cmd, row, CustomerId(customer), paid).await?;
            if left {
                look.push("Some of what it was to pay had been paid before: the rest is on the account".into());
            }
            receipt
        }
        None => in_suspense(cmd, row, paid).await?,
    };
    (row.receipt_id, row.receipt_number) = (Some(receipt.id), receipt.number);
    if !look.is_empty() {
        row.needs_look = look.join(". ");
    }
    Ok(())
}

/// How the payment came, for people.
fn words_of(row: &CardPaymentRow) -> String {
    let way = match row.channel.as_str() {
        "telephone" => "by telephone",
        "link" => "from a payment link",
        "file" => "in a payment file",
        _ => "found in a settlement",
    };
    format!("Card payment {} {way}", row.number)
}

async fn new_receipt(cmd: &mut Command, row: &CardPaymentRow, paid: Pence, payer_name: String) -> Outcome<ReceiptRow> {
    Ok(ReceiptRow {
        id: cmd.id::<ReceiptId>().0,
        number: format!("RCT-{:06}", cmd.next_number("RCT").await?),
        bank_line_id: None,
        customer_id: row.customer_id,
        item_id: None,
        method: method_of(row).into(),
        received_on: cmd.today,
        amount_pence: paid.0,
        state: if row.customer_id.is_some() { "identified" } else { "suspense" }.into(),
        reason: words_of(row),
        owner: String::new(),
        payer_name,
        words: words_of(row),
        recorded_at: cmd.at,
        version: 1,
    })
}

/// A payment file also brings cash, cheques and transfers.
fn method_of(row: &CardPaymentRow) -> &'static str {
    match row.description.split_once(": ").map(|(method, _)| method) {
        Some("Cash") if row.channel == "file" => "cash",
        Some("Cheque") if row.channel == "file" => "cheque",
        Some("Transfer") if row.channel == "file" => "bank",
        _ => "card",
    }
}

async fn on_account(
    cmd: &mut Command,
    row: &CardPaymentRow,
    customer: CustomerId,
    paid: Pence,
) -> Outcome<(ReceiptRow, bool)> {
    let org = cmd.by.org;
    let known = customers::customer(&mut cmd.tx, org, customer).await?;
    let known = known.ok_or_else(|| Fault::new("a card payment's customer is not there"))?;
    let chosen = chosen_of(row);
    let lines = placed(&chosen, &open_now(cmd, customer).await?, paid);
    let fewer = Pence::total(lines.values()) < Pence::total(chosen.values());
    let for_what = for_what(cmd, &lines).await?;
    let mut receipt = new_receipt(cmd, row, paid, known.name.clone()).await?;
    let share = Share {
        customer: Known { id: customer, number: known.number.clone(), name: known.name.clone() },
        amount: paid,
        lines,
    };
    let why = Why { reason: &words_of(row), confidence_ppm: 1_000_000 };
    let item = place(cmd, &receipt, &share, cmd.today, &why, card_taken).await?;
    receipt.item_id = Some(item.0);
    store_cash::add_receipts(&mut cmd.tx, org, vec![receipt.clone()]).await?;
    if row.channel == "telephone" || row.channel == "link" {
        send_receipt(cmd, customer, &receipt.number, paid, for_what).await?;
    }
    Ok((receipt, fewer))
}

/// What the receipt letter says it paid; empty where it paid no invoice.
async fn for_what(cmd: &mut Command, lines: &BTreeMap<sundry_domain::ids::ItemId, Pence>) -> Outcome<String> {
    let mut numbers = Vec::new();
    for item in lines.keys().take(10) {
        let item = sundry_store::ledger::item(&mut cmd.tx, cmd.by.org, *item).await?;
        numbers.extend(item.map(|item| item.number));
    }
    Ok(numbers.join(", "))
}

async fn in_suspense(cmd: &mut Command, row: &CardPaymentRow, paid: Pence) -> Outcome<ReceiptRow> {
    let receipt = new_receipt(cmd, row, paid, String::new()).await?;
    let journal = NewJournal {
        posted_on: cmd.today,
        event: "ReceiptInSuspense",
        source: format!("receipt {}", receipt.number),
        reason: format!("{}: {}", words_of(row), row.description),
        customer: None,
        item: None,
        lines: card_taken_to_suspense(paid),
    };
    post(cmd, journal).await?;
    let receipt = ReceiptRow { words: format!("{}: {}", words_of(row), row.description), ..receipt };
    store_cash::add_receipts(&mut cmd.tx, cmd.by.org, vec![receipt.clone()]).await?;
    Ok(receipt)
}
