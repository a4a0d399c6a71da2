//! The evidence bundle of a case: one PDF with an index, the letter of claim on top (LEG-05).
use super::find;
use crate::customers::timeline;
use crate::delivery::{bundle_of, letter_pdf, printed_table};
use crate::{Actor, Desk, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::CASE_EMPTY;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_paper::Enclosure;
use sundry_store::court as store;
use sundry_store::{cash, delivery};

/// Happenings of the account that are read at once.
const PAGE: i64 = 500;
/// Happenings of the account in the bundle, at most; it says so where there are more.
const MOST: usize = 10_000;

/// The bundle: letter of claim, invoices, reminders, what was said and paid, what happened in the case.
///
/// # Errors
/// Duty; absent; `CT-CASE-EMPTY` before a letter of claim, since the letter is its first part.
pub async fn case_bundle(desk: &Desk, by: &Actor, number: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    if row.letter_number.is_empty() {
        return Err(CASE_EMPTY.because("The bundle begins with the letter of claim, which has not gone").into());
    }
    let customer = CustomerId(row.customer_id);
    let items = store::items_of(&mut look, by.org, row.id).await?;
    let events = store::events_of(&mut look, by.org, row.id).await?;
    let (account, _) = cash::customer_name(&mut look, by.org, customer).await?.unwrap_or_default();
    let mut letters: Vec<String> = Vec::new();
    for item in &items {
        for letter in delivery::letters_of_item(&mut look, by.org, item.item_id).await? {
            if letter.state != "withdrawn" && letter.number != row.letter_number && !letters.contains(&letter.number) {
                letters.push(letter.number);
            }
        }
    }
    drop(look);
    let debts = items.iter().map(|item| {
        vec![
            item.item_number.clone(),
            item.part.replace('_', " "),
            item.due_on.to_string(),
            Pence(item.added_pence).pounds(),
        ]
    });
    let head = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
    let debts = std::iter::once(head(&["Number", "What", "Due", "Amount"])).chain(debts).collect();
    let mut parts = vec![printed_table("Debts of the claim", debts, today)?];
    for letter in &letters {
        parts.push(Enclosure { title: letter.clone(), pdf: Some(letter_pdf(desk, by, letter).await?) });
    }
    let rows = happened_on(desk, by, &account).await?;
    let rows = std::iter::once(head(&["Day", "What happened", "Amount", "Who"])).chain(rows).collect();
    parts.push(printed_table("The account: letters, calls, queries, plans and money", rows, today)?);
    let rows = events.iter().map(|one| vec![one.on_day.to_string(), one.words.clone(), one.actor_name.clone()]);
    let rows = std::iter::once(head(&["Day", "What happened in the case", "Who"])).chain(rows).collect();
    parts.push(printed_table("The case", rows, today)?);
    let pdf = bundle_of(desk, by, &row.letter_number, parts).await?;
    Ok((format!("{}-bundle.pdf", row.number), pdf))
}

/// All that happened on an account, newest first, as rows of a table: evidence is not cut short in silence.
async fn happened_on(desk: &Desk, by: &Actor, account: &str) -> Outcome<Vec<Vec<String>>> {
    let (mut rows, mut before) = (Vec::new(), String::new());
    loop {
        let part = timeline(desk, by, account, &before, PAGE).await?;
        for one in part.events {
            let sum = if one.amount_pence == 0 { String::new() } else { Pence(one.amount_pence).pounds() };
            rows.push(vec![one.on.to_string(), one.words, sum, one.who]);
        }
        match part.older {
            Some(older) if rows.len() < MOST => before = older,
            Some(_) => {
                let words = "What is older stands on the account and not in this bundle".to_owned();
                rows.push(vec![String::new(), words, String::new(), String::new()]);
                return Ok(rows);
            }
            None => return Ok(rows),
        }
    }
}
