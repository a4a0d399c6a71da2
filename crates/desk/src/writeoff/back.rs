//! What was written off, for ever: searched, paid after all, and the people who are there again.
use crate::core::typed::{all_right, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use sundry_domain::control::Duty;
use sundry_domain::customers::normalise_name;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::writeoff::losses::{self, MoneyRow, WrittenOffRow};

/// Write-offs shown at once.
const PAGE: i64 = 100;

/// Which write-offs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WriteOffsAsk {
    /// A number of a write-off, a debt or an account, or a part of a name; all when empty.
    pub search: String,
    /// Where the page begins.
    pub before: Option<i64>,
}

/// A page of write-offs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WriteOffsPage {
    /// Newest first.
    pub rows: Vec<WrittenOffRow>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// Everything that was ever written off, newest first.
///
/// # Errors
/// Duty.
pub async fn write_offs_list(desk: &Desk, by: &Actor, ask: WriteOffsAsk) -> Outcome<WriteOffsPage> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let text = ask.search.trim();
    let name = normalise_name(text);
    let before = ask.before.unwrap_or(i64::MAX);
    let mut rows = losses::written_off(&mut look, by.org, (text, &name), before, PAGE + 1).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.item_id);
    Ok(WriteOffsPage { rows, next })
}

/// What was written off of a customer and did not come back: who works the account sees it at once.
///
/// # Errors
/// Duty.
pub async fn written_off_left(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Pence> {
    by.must_hold(Duty::View)?;
    let all = losses::written_off_of(&mut desk.look().await?, by.org, customer.0).await?;
    Ok(Pence(all.iter().map(left).sum()))
}

/// Money that waits, with the write-off it pays most likely.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WaitingMoney {
    /// The money.
    pub money: MoneyRow,
    /// The write-off: exact debt, by its number in the payer's words, by its amount, or the oldest.
    pub write_off: Option<WrittenOffRow>,
    /// Why this one, in words.
    pub why: String,
    /// How much of the write-off it would restore.
    pub restore_pence: i64,
}

/// Money on accounts whose debts were written off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MoneyWaiting {
    /// Oldest first.
    pub rows: Vec<WaitingMoney>,
    /// Their sum.
    pub total_pence: i64,
}

/// Money that came for what was written off: which receipt, which debt.
///
/// # Errors
/// Duty.
pub async fn waiting_money(desk: &Desk, by: &Actor) -> Outcome<MoneyWaiting> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let money = losses::money_waiting(&mut look, by.org).await?;
    let mut of: HashMap<i64, Vec<WrittenOffRow>> = HashMap::new();
    let mut rows = Vec::new();
    for one in money {
        let offs = match of.entry(one.customer_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let all = losses::written_off_of(&mut look, by.org, one.customer_id).await?;
                place.insert(all.into_iter().filter(|row| left(row) > 0).collect())
            }
        };
        if offs.is_empty() {
            continue;
        }
        rows.push(matched(one, offs));
    }
    let total_pence = rows.iter().map(|row| row.money.left_pence).sum();
    Ok(MoneyWaiting { rows, total_pence })
}

fn left(row: &WrittenOffRow) -> i64 {
    row.amount_pence - row.restored_pence
}

fn matched(money: MoneyRow, offs: &[WrittenOffRow]) -> WaitingMoney {
    let named = offs.iter().find(|row| !row.debt_number.is_empty() && money.words.contains(&row.debt_number));
    let exact = || offs.iter().find(|row| left(row) == money.left_pence);
    let (found, why) = match (named, exact()) {
        (Some(row), _) => (Some(row), format!("The payer names {}", row.debt_number)),
        (None, Some(row)) => (Some(row), "The amount is exactly what was given up".to_owned()),
        (None, None) => (offs.first(), "The oldest debt that was given up".to_owned()),
    };
    let restore_pence = found.map_or(0, |row| left(row).min(money.left_pence));
    WaitingMoney { write_off: found.cloned(), why, restore_pence, money }
}

/// A customer whose debt was given up and who is there again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reappeared {
    /// Account.
    pub customer_number: String,
    /// Name.
    pub customer_name: String,
    /// Their write-offs that were not restored.
    pub write_offs: Vec<WrittenOffRow>,
    /// What they come to.
    pub left_pence: i64,
    /// The signs.
    pub signs: Vec<Reappearance>,
}

/// A sign that somebody is there again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reappearance {
    /// invoice, account, bank or address.
    pub kind: String,
    /// The invoice, the other account, the address.
    pub what: String,
    /// In words.
    pub words: String,
    /// When.
    pub on: NaiveDate,
}

/// Customers whose debts were given up and who are there again; of one account, or of all when it is empty.
///
/// # Errors
/// Duty.
pub async fn reappearances(desk: &Desk, by: &Actor, account: &str) -> Outcome<Vec<Reappeared>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let mut all: Vec<(i64, Reappeared)> = Vec::new();
    for sign in losses::signs(&mut look, by.org).await? {
        let seen =
            Reappearance { words: words(&sign.kind, &sign.what), kind: sign.kind, what: sign.what, on: sign.on_day };
        if let Some((_, last)) = all.last_mut().filter(|(id, _)| *id == sign.customer_id) {
            last.signs.push(seen);
            continue;
        }
        let write_offs = losses::written_off_of(&mut look, by.org, sign.customer_id).await?;
        let write_offs: Vec<WrittenOffRow> = write_offs.into_iter().filter(|row| left(row) > 0).collect();
        let Some(first) = write_offs.first() else { continue };
        let one = Reappeared {
            customer_number: first.customer_number.clone(),
            customer_name: first.customer_name.clone(),
            left_pence: write_offs.iter().map(left).sum(),
            signs: vec![seen],
            write_offs,
        };
        all.push((sign.customer_id, one));
    }
    let wanted = |one: &Reappeared| account.trim().is_empty() || one.customer_number == account.trim();
    Ok(all.into_iter().map(|(_, one)| one).filter(wanted).collect())
}

fn words(kind: &str, what: &str) -> String {
    match kind {
        "invoice" => format!("Billed again: {what}"),
        "account" => format!("Another account of the same name at the same postcode: {what}"),
        "bank" => format!("Another account pays from the same bank account: {what}"),
        _ => format!("A new address: {what}"),
    }
}

/// Says that somebody looked at a sign and leaves the debt written off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeeSign {
    /// Idempotency key.
    pub key: String,
    /// Account.
    pub customer: String,
    /// invoice, account, bank or address.
    pub kind: String,
    /// The invoice, the other account, the address.
    pub what: String,
    /// Why the debt stays written off.
    pub words: String,
}

/// What was looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SawSign {
    /// Account.
    pub customer: String,
    /// What was written off and stays so.
    pub left_pence: i64,
}

/// Says that somebody looked at a sign and leaves the debt written off; to open it again, ask for a write-back.
///
/// # Errors
/// Duty; absent sign; invalid without words.
pub async fn see_sign(desk: &Desk, by: &Actor, ask: SeeSign) -> Outcome<SawSign> {
    by.must_hold(Duty::ProposeWriteOff)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter why the debt stays written off", &ask.words).into());
    }
    all_right(words_wrong(&[("words", &ask.words)], 1_000))?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "see_reappearance", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut found = None;
        for sign in losses::signs(&mut cmd.tx, org).await? {
            if sign.kind != ask.kind || sign.what != ask.what {
                continue;
            }
            let offs = losses::written_off_of(&mut cmd.tx, org, sign.customer_id).await?;
            if offs.first().is_some_and(|row| row.customer_number == ask.customer.trim()) {
                found = Some((sign.customer_id, offs));
                break;
            }
        }
        let (customer, offs) = found.ok_or_else(|| No::Absent("such a sign".into()))?;
        let sign = format!("{} {}", ask.kind, ask.what);
        let (name, today, at) = (cmd.by.name.clone(), cmd.today, cmd.at);
        losses::see_sign(&mut cmd.tx, org, customer, (&sign, ask.words.trim()), (&name, today, at)).await?;
        cmd.tell("ReappearanceSeen", format!("customer {}", ask.customer.trim()), &ask);
        Ok(SawSign { customer: ask.customer.trim().to_owned(), left_pence: Pence(offs.iter().map(left).sum()).0 })
    })
}
