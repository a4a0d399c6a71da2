//! The evidence bundle of a case: one PDF with an index, the letter of claim on top (LEG-05).
use super::basis::{contracts_behind, how_they_went, invoices_of};
use super::find;
use crate::customers::timeline;
use crate::delivery::{bundle_of, letter_pdf, printed_table};
use crate::{Actor, Desk, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::CASE_EMPTY;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_paper::Enclosure;
use sundry_store::court::{self as store, CaseItemRow};
use sundry_store::delivery::LetterRow;
use sundry_store::{Tx, cash, delivery};

/// Happenings of the account that are read at once.
const PAGE: i64 = 500;
/// Happenings of the account in the bundle, at most; it says so where there are more.
const MOST: usize = 10_000;

/// The bundle: letter of claim, contracts, invoices, reminders, how each went, what was said and paid, what happened in
/// the case.
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
    let invoices = invoices_of(&mut look, by.org, &items).await?;
    let letters = letters_about(&mut look, by.org, &invoices, &items).await?;
    drop(look);
    let mut parts = vec![printed_table("Debts of the claim", debts_of_claim(&items), today)?];
    parts.extend(contracts_behind(desk, by, &invoices, &account).await?);
    for letter in letters.iter().filter(|one| one.number != row.letter_number) {
        let title = match letter.kind.as_str() {
            "invoice" => format!("Invoice, {}", letter.number),
            _ => letter.number.clone(),
        };
        parts.push(Enclosure::pages(title, letter_pdf(desk, by, &letter.number).await?));
    }
    parts.push(how_they_went(desk, by, &letters, &invoices).await?);
    let rows = happened_on(desk, by, &account).await?;
    let rows = std::iter::once(head(&["Day", "What happened", "Amount", "Who"])).chain(rows).collect();
    parts.push(printed_table("The account: letters, calls, queries, plans and money", rows, today)?);
    let rows = events.iter().map(|one| vec![one.on_day.to_string(), one.words.clone(), one.actor_name.clone()]);
    let rows = std::iter::once(head(&["Day", "What happened in the case", "Who"])).chain(rows).collect();
    parts.push(printed_table("The case", rows, today)?);
    let pdf = bundle_of(desk, by, &row.letter_number, parts).await?;
    Ok((format!("{}-bundle.pdf", row.number), pdf))
}

fn head(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn debts_of_claim(items: &[CaseItemRow]) -> Vec<Vec<String>> {
    let debts = items.iter().map(|item| {
        vec![
            item.item_number.clone(),
            item.part.replace('_', " "),
            item.due_on.to_string(),
            Pence(item.added_pence).pounds(),
        ]
    });
    std::iter::once(head(&["Number", "What", "Due", "Amount"])).chain(debts).collect()
}

/// The letters that carried these invoices, then those that name the debts, each once and none that was withdrawn.
async fn letters_about(tx: &mut Tx, org: OrgId, invoices: &[String], items: &[CaseItemRow]) -> Outcome<Vec<LetterRow>> {
    let mut found: Vec<LetterRow> = Vec::new();
    for invoice in invoices {
        found.extend(delivery::letter_of_document(tx, org, invoice).await?);
    }
    for item in items {
        found.extend(delivery::letters_of_item(tx, org, item.item_id).await?);
    }
    let mut letters: Vec<LetterRow> = Vec::new();
    for letter in found {
        if letter.state != "withdrawn" && !letters.iter().any(|one| one.id == letter.id) {
            letters.push(letter);
        }
    }
    Ok(letters)
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
