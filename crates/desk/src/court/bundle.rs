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

/// Happenings of the account in the bundle, at most.
const MOST: i64 = 500;

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
    let seen = timeline(desk, by, &account, "", MOST).await?;
    let rows = seen.events.iter().map(|one| {
        let sum = if one.amount_pence == 0 { String::new() } else { Pence(one.amount_pence).pounds() };
        vec![one.on.to_string(), one.words.clone(), sum, one.who.clone()]
    });
    let rows = std::iter::once(head(&["Day", "What happened", "Amount", "Who"])).chain(rows).collect();
    parts.push(printed_table("The account: letters, calls, queries, plans and money", rows, today)?);
    let rows = events.iter().map(|one| vec![one.on_day.to_string(), one.words.clone(), one.actor_name.clone()]);
    let rows = std::iter::once(head(&["Day", "What happened in the case", "Who"])).chain(rows).collect();
    parts.push(printed_table("The case", rows, today)?);
    let pdf = bundle_of(desk, by, &row.letter_number, parts).await?;
    Ok((format!("{}-bundle.pdf", row.number), pdf))
}
