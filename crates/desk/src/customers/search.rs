//! One box that finds customers, items, receipts and references (A3).
use crate::{Actor, Desk, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{normalise_name, normalise_reference};
use sundry_domain::money::Pence;
use sundry_store::customers::{self, CustomerLine, FoundItem, FoundReceipt};

/// The most of each group.
const MOST: i64 = 20;

/// A customer found by a reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundReference {
    /// What sort of reference.
    pub kind: String,
    /// The reference.
    pub reference: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
}

/// The one thing that was meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exact {
    /// customer, invoice, credit_note, receipt, reference or another kind of item.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// The account it is on, if any.
    pub customer_number: String,
}

/// What was found, in groups.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// What was searched.
    pub text: String,
    /// The one thing that was meant, when it is plain: open it at once.
    pub exact: Option<Exact>,
    /// Customers by number or name.
    pub customers: Vec<CustomerLine>,
    /// Customers by another reference.
    pub references: Vec<FoundReference>,
    /// Invoices and other items by number, or of this amount.
    pub items: Vec<FoundItem>,
    /// Receipts by number, or of this amount.
    pub receipts: Vec<FoundReceipt>,
}

/// Finds by customer number, name, any reference, document or receipt number, or amount.
pub async fn search(desk: &Desk, by: &Actor, text: &str) -> Outcome<Found> {
    by.must_hold(Duty::View)?;
    let text: String = text.trim().chars().take(200).collect();
    let mut found = Found { text: text.clone(), ..Found::default() };
    if text.is_empty() {
        return Ok(found);
    }
    let (org, today, upper) = (by.org, desk.today(), text.to_uppercase());
    let mut look = desk.look().await?;
    found.customers = customers::by_number_prefix(&mut look, org, today, &upper, MOST).await?;
    let name = normalise_name(&text);
    if !name.is_empty() {
        let mut more = customers::by_name_prefix(&mut look, org, today, &name, MOST).await?;
        let words: Vec<&str> = name.split(' ').collect();
        more.extend(customers::by_name_words(&mut look, org, today, &words, MOST).await?);
        for line in more {
            if found.customers.len() < MOST as usize && found.customers.iter().all(|c| c.id != line.id) {
                found.customers.push(line);
            }
        }
    }
    let reference = normalise_reference(&text);
    if !reference.is_empty() {
        let rows = customers::by_reference(&mut look, org, &reference, MOST).await?;
        let shown = |(kind, reference, customer_number, customer_name)| FoundReference {
            kind,
            reference,
            customer_number,
            customer_name,
        };
        found.references = rows.into_iter().map(shown).collect();
    }
    found.items = customers::items_by_number(&mut look, org, &upper, MOST).await?;
    found.receipts = customers::receipts_by_number(&mut look, org, &upper, MOST).await?;
    if let Some(amount) = Pence::parse(&text).filter(|amount| *amount != Pence::ZERO) {
        found.items.extend(customers::items_by_amount(&mut look, org, amount.0, MOST).await?);
        found.receipts.extend(customers::receipts_by_amount(&mut look, org, amount.size().0, MOST).await?);
    }
    found.exact = exact(&found, &upper, &name, &reference);
    Ok(found)
}

/// The one hit whose number, reference or whole name is what was typed.
fn exact(found: &Found, upper: &str, name: &str, reference: &str) -> Option<Exact> {
    let mut hits = Vec::new();
    for c in found.customers.iter().filter(|c| c.number == upper) {
        hits.push(Exact { kind: "customer".into(), number: c.number.clone(), customer_number: c.number.clone() });
    }
    for i in found.items.iter().filter(|i| i.number == upper && i.kind != "receipt") {
        let customer_number = i.customer_number.clone();
        hits.push(Exact { kind: i.kind.clone(), number: i.number.clone(), customer_number });
    }
    for r in found.receipts.iter().filter(|r| r.number == upper) {
        hits.push(Exact { kind: "receipt".into(), number: r.number.clone(), customer_number: String::new() });
    }
    if hits.is_empty() {
        for r in found.references.iter().filter(|r| normalise_reference(&r.reference) == reference) {
            let (number, customer_number) = (r.reference.clone(), r.customer_number.clone());
            hits.push(Exact { kind: "reference".into(), number, customer_number });
        }
    }
    if hits.is_empty() {
        for c in found.customers.iter().filter(|c| c.search_name == name) {
            hits.push(Exact { kind: "customer".into(), number: c.number.clone(), customer_number: c.number.clone() });
        }
    }
    if hits.len() == 1 { hits.pop() } else { None }
}
