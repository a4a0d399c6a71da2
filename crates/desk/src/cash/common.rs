//! What several use cases of the room need: finding, checking, saying no.
use crate::{Fault, No, Outcome};
use sundry_domain::control::refuse_card_number;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::engine::Class;

/// A customer as people name them.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub id: CustomerId,
    pub number: String,
    pub name: String,
}

/// The receipt with a number.
pub(super) async fn find_receipt(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ReceiptRow> {
    let absent = || No::Absent(format!("receipt {number}"));
    cash::receipt_numbered(tx, org, number.trim()).await?.ok_or_else(absent)
}

/// The customer with a number.
pub(super) async fn find_customer(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<Known> {
    let row = cash::customer_numbered(tx, org, number.trim()).await?;
    let (id, number, name) = row.ok_or_else(|| No::Absent(format!("customer {number}")))?;
    Ok(Known { id: CustomerId(id), number, name })
}

/// Refuses texts that hold a card number.
pub(super) fn check_words(fields: &[(&str, &str)]) -> Outcome<()> {
    for (field, text) in fields {
        refuse_card_number(field, text)?;
    }
    Ok(())
}

/// Something must be typed.
pub(super) fn must_say(field: &str, message: &str, typed: &str, wrong: &mut Vec<Invalid>) {
    if typed.trim().is_empty() {
        wrong.push(Invalid::field(field, message, typed));
    }
}

/// Nothing happened and all of it may be tried again: somebody was quicker.
pub(super) fn again(words: &str) -> No {
    No::Fault(Fault { words: words.into(), class: Class::NotDone })
}
