//! What of an account may not be referred to court yet: the page says so before anybody ticks it (LEG-02).
use super::refer::letters_of;
use crate::customers::find as find_customer;
use crate::{Actor, Desk, Outcome};
use std::collections::BTreeMap;
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::law::protocol_for;
use sundry_store::agency;

/// Debts of a customer that a referral of them all would refuse or leave out today: by id of the item, why and when
/// they may come.
///
/// # Errors
/// Duty; absent.
pub async fn not_referable(desk: &Desk, by: &Actor, customer: &str, items: &[i64]) -> Outcome<BTreeMap<i64, String>> {
    by.must_hold(Duty::WorkCases)?;
    let mut look = desk.look().await?;
    let who = find_customer(&mut look, by.org, customer).await?;
    let (mut free, mut found) = (Vec::new(), BTreeMap::new());
    for &item in items {
        if let Some(number) = agency::claimed_as(&mut look, by.org, ItemId(item)).await? {
            found.insert(item, format!("It is in court case {number}: go on with that case."));
        } else if let Some(number) = agency::placed_as(&mut look, by.org, ItemId(item)).await? {
            let why = format!("It is with an agency, as {number}. It may be referred once it is called back.");
            found.insert(item, why);
        } else {
            free.push(item);
        }
    }
    let letters = letters_of(&mut look, by.org, CustomerId(who.id), &free).await?;
    // Where none has a letter of claim, none stands apart from the others.
    if letters.is_empty() {
        return Ok(found);
    }
    let days = protocol_for(CustomerKind::parse(&who.kind).unwrap_or(CustomerKind::Unknown)).letter_days();
    for item in free.into_iter().filter(|item| !letters.contains_key(item)) {
        let why = format!(
            "No letter of claim names it yet. It may be referred once its own letter has gone; a claim may follow \
             {days} days after."
        );
        found.insert(item, why);
    }
    Ok(found)
}
