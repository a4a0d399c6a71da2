//! Changes of the charge: which standing orders no longer fit, and the letter that says so four weeks before.
use super::facts::Book;
use crate::core::actor::Actor;
use crate::delivery::{NewLetter, Recipient, add_missing_shipped, compose_all, recipients_of, stationery};
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use sundry_domain::cash::standing_orders::refusals::TOO_LATE;
use sundry_domain::cash::standing_orders::{Frequency, write_by};
use sundry_domain::control::Duty;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_paper::Language;
use sundry_store::standing_order::{TaskRow, add_task, written_about};

/// A standing order that no longer fits the charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateChange {
    /// The order.
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// Name.
    pub name: String,
    /// How often.
    pub frequency: String,
    /// The charge before, a week.
    pub weekly_before_pence: i64,
    /// The new charge, a week.
    pub weekly_pence: i64,
    /// What their bank sends.
    pub amount_pence: i64,
    /// What it must send.
    pub right_pence: i64,
    /// The letter is written already.
    pub written: bool,
}

/// Every standing order that no longer fits on a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RateChanges {
    /// First day of the new charge.
    pub from_on: NaiveDate,
    /// The last day on which the payers may be written to.
    pub write_by: NaiveDate,
    /// The orders.
    pub orders: Vec<RateChange>,
}

/// Lists the standing orders whose amount no longer equals the charge from a day on.
///
/// # Errors
/// Duty.
pub async fn rate_changes(desk: &Desk, by: &Actor, from_on: NaiveDate) -> Outcome<RateChanges> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let book = Book::load(&mut look, by.org, (from_on, from_on)).await?;
    let written: HashSet<i64> = written_about(&mut look, by.org, from_on).await?.into_iter().map(|(id,)| id).collect();
    let orders = book.orders.iter().filter_map(|(row, terms)| {
        let right = terms.change_on(from_on)?;
        let before = from_on.pred_opt().and_then(|day| terms.weekly_on(day)).unwrap_or_default();
        Some(RateChange {
            number: row.number.clone(),
            customer: row.customer_number.clone(),
            name: row.customer_name.clone(),
            frequency: row.frequency.clone(),
            weekly_before_pence: before.0,
            weekly_pence: terms.weekly_on(from_on).unwrap_or_default().0,
            amount_pence: row.amount_pence,
            right_pence: right.0,
            written: written.contains(&row.id),
        })
    });
    Ok(RateChanges { from_on, write_by: write_by(from_on), orders: orders.collect() })
}

/// Writes to payers that their charge changes and what to ask their bank for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeLetters {
    /// Idempotency key.
    pub key: String,
    /// First day of the new charge.
    pub from_on: NaiveDate,
    /// The orders; empty for all that no longer fit.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// It is less than four weeks before, and you know it.
    #[serde(default)]
    pub late_known: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesWritten {
    /// Letters.
    pub letters: i64,
    /// Held for want of an address.
    pub held: i64,
    /// Orders left out, as they were written to before.
    pub written_before: i64,
}

/// Writes the letters, once for each order and change.
///
/// # Errors
/// Duty; less than four weeks before, where that is not said to be known.
pub async fn write_change_letters(desk: &Desk, by: &Actor, ask: ChangeLetters) -> Outcome<ChangesWritten> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "write_change_letters", &ask.key, &ask, |cmd| {
        if cmd.today > write_by(ask.from_on) && !ask.late_known {
            let sentence = format!("The last day to write was {}.", written(write_by(ask.from_on)));
            return Err(TOO_LATE.because(sentence).into());
        }
        let org = cmd.by.org;
        let book = Book::load(&mut cmd.tx, org, (ask.from_on, ask.from_on)).await?;
        let known: HashSet<&str> = book.orders.iter().map(|(row, _)| row.number.as_str()).collect();
        if let Some(strange) = ask.numbers.iter().find(|number| !known.contains(number.trim())) {
            return Err(Invalid::field("numbers", "Is no standing order that runs then", strange).into());
        }
        let written: HashSet<i64> =
            written_about(&mut cmd.tx, org, ask.from_on).await?.into_iter().map(|(id,)| id).collect();
        let wanted = |number: &str| ask.numbers.is_empty() || ask.numbers.iter().any(|one| one.trim() == number);
        add_missing_shipped(cmd, &["standing_order_change"]).await?;
        let head = stationery(&mut cmd.tx, org, cmd.today).await?;
        let customers: Vec<i64> = book.orders.iter().map(|(row, _)| row.customer_id).collect();
        let (Some(first), Some(last)) = (customers.iter().min(), customers.iter().max()) else {
            return Err(Invalid::field("numbers", "No standing order runs then", "").into());
        };
        let people = recipients_of(&mut cmd.tx, org, CustomerId(*first), CustomerId(*last), cmd.today).await?;
        let (mut letters, mut tasks, mut before) = (Vec::new(), Vec::new(), 0);
        for (row, terms) in &book.orders {
            let Some(right) = terms.change_on(ask.from_on).filter(|_| wanted(&row.number)) else { continue };
            if written.contains(&row.id) {
                before += 1;
                continue;
            }
            let Some(to) = people.get(&row.customer_id).cloned() else { continue };
            let weekly = terms.weekly_on(ask.from_on).unwrap_or_default();
            letters.push(letter(
                cmd.today,
                ask.from_on,
                to,
                (row.reference.as_str(), terms.frequency),
                (weekly, right, terms.amount),
            ));
            tasks.push(done_task(cmd.id(), row, ask.from_on, right, cmd.today, &cmd.by.name));
        }
        let composed = compose_all(cmd, &head, letters).await?;
        for (task, letter) in tasks.into_iter().zip(&composed) {
            let task = TaskRow { letter_id: Some(letter.letter.0), ..task };
            add_task(&mut cmd.tx, org, 0, &task, cmd.at).await?;
        }
        let held = composed.iter().filter(|letter| letter.state == "held").count() as i64;
        let told = ChangesWritten { letters: composed.len() as i64, held, written_before: before };
        cmd.tell("StandingOrderChangesWritten", format!("charge from {}", ask.from_on), &told);
        Ok(told)
    })
}

fn letter(
    today: NaiveDate,
    from_on: NaiveDate,
    to: Recipient,
    (reference, frequency): (&str, Frequency),
    (weekly, right, now): (Pence, Pence, Pence),
) -> NewLetter {
    let fields = BTreeMap::from([
        ("reference", reference.to_owned()),
        ("frequency", frequency_in(frequency, to.language()).to_owned()),
        ("amount_before", now.to_string()),
        ("weekly", weekly.to_string()),
    ]);
    NewLetter {
        kind: LetterKind::Statement,
        template: "standing_order_change".into(),
        to,
        dated_on: today,
        due_on: Some(from_on),
        next_letter_on: None,
        sum: right,
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields,
        run: None,
    }
}

fn frequency_in(frequency: Frequency, language: Language) -> &'static str {
    match (frequency, language) {
        (known, Language::English) => known.name(),
        (Frequency::Weekly, Language::Welsh) => "bob wythnos",
        (Frequency::TwoWeekly, Language::Welsh) => "bob 2 wythnos",
        (Frequency::FourWeekly, Language::Welsh) => "bob 4 wythnos",
        (Frequency::Monthly, Language::Welsh) => "bob mis",
        (Frequency::Quarterly, Language::Welsh) => "bob 3 mis",
    }
}

/// That the letter was written is kept as a task that is done.
fn done_task(
    id: i64,
    row: &sundry_store::standing_order::OrderRow,
    from_on: NaiveDate,
    right: Pence,
    today: NaiveDate,
    by: &str,
) -> TaskRow {
    TaskRow {
        id,
        standing_order_id: row.id,
        order_number: row.number.clone(),
        customer_id: row.customer_id,
        customer_number: row.customer_number.clone(),
        customer_name: row.customer_name.clone(),
        kind: "rate_change".into(),
        from_on,
        to_on: from_on,
        due_pence: right.0,
        received_pence: row.amount_pence,
        difference_pence: row.amount_pence - right.0,
        advice: "write".into(),
        words: format!("From {} it must send {right}.", written(from_on)),
        state: "done".into(),
        done_how: "letter".into(),
        done_on: Some(today),
        done_by_name: by.to_owned(),
        letter_id: None,
    }
}
