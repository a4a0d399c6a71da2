//! The law asked again when a letter leaves: what was right when it was written may be wrong by then.
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::customers::{CustomerKind, Flag, FlagKind};
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, LetterId, OrgId};
use sundry_domain::law::{Act, CaseFacts, Hold, HoldReason, flags_that_bear, may};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::delivery::{self, FlagFact, ItemNow, LetterRow};
use sundry_store::plans::{self, HoldRow};
use sundry_store::{Tx, control};

/// A flag as the rules take it; none where the stored word cannot be read.
pub(crate) fn flag_of(fact: &FlagFact) -> Option<Flag> {
    Some(Flag {
        kind: FlagKind::parse(&fact.kind)?,
        evidence: fact.evidence.clone(),
        starts_on: fact.from_on,
        ends_on: fact.to_on,
        review_on: fact.review_on,
    })
}

/// A hold as the rules take it; none where the stored word cannot be read.
pub(crate) fn hold_of(row: &HoldRow) -> Option<Hold> {
    Some(Hold { reason: HoldReason::parse(&row.reason)?, starts_on: row.from_on, ends_on: row.last_day(), part: false })
}

/// Whether a hold is that of a query about one item: it bears on what is disputed of it, not on the rest.
pub(crate) fn is_of_part(row: &HoldRow) -> bool {
    row.query_id.is_some() && row.item_id.is_some()
}

/// Letters that may no longer leave, with the reason.
pub(super) async fn may_not_leave(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    letters: &[LetterRow],
) -> Outcome<HashMap<i64, Refusal>> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let mut stopped = HashMap::new();
    for letter in letters {
        let act = match LetterKind::parse(&letter.kind) {
            // A notice that a payment came back says what is owed again, so it goes only where a reminder may.
            Some(LetterKind::Reminder | LetterKind::Notice) => Act::Chase,
            Some(LetterKind::LetterOfClaim) => Act::LetterOfClaim,
            Some(LetterKind::Statement) => Act::Statement,
            _ => continue,
        };
        let facts = facts(tx, org, day, letter, act, site.kind == "nhs").await?;
        if let Err(refusal) = may(act, &facts, day) {
            stopped.insert(letter.id, refusal);
        }
    }
    Ok(stopped)
}

async fn facts(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    letter: &LetterRow,
    act: Act,
    we_are_nhs: bool,
) -> Outcome<CaseFacts> {
    let customer = CustomerId(letter.customer_id);
    let items = delivery::letter_items_now(tx, org, LetterId(letter.id)).await?;
    let held = plans::holds_of_range(tx, org, customer, customer).await?;
    let named = |id: i64| items.iter().find(|item| item.id == id);
    let bears = |hold: &&HoldRow| hold.item_id.is_none_or(|item| named(item).is_some());
    // The letter asks for no more than what nobody disputes by now.
    let asks_for_the_rest = |item: &ItemNow| item.asked_pence <= item.open_pence - item.disputed_pence;
    let as_it_bears = |hold: &HoldRow| {
        let part = is_of_part(hold) && hold.item_id.and_then(named).is_some_and(asks_for_the_rest);
        Some(Hold { part, ..hold_of(hold)? })
    };
    let flags = delivery::flags_of_range(tx, org, customer, customer, day).await?;
    let flags: Vec<Flag> = flags.iter().filter_map(flag_of).collect();
    let oldest = items.iter().map(|item| item.dated_on).min();
    let kind = recipient_kind(tx, org, customer).await?;
    Ok(CaseFacts {
        flags: if act == Act::Statement { flags } else { flags_that_bear(&flags, oldest.unwrap_or(day)) },
        holds: held.iter().filter(bears).filter_map(as_it_bears).collect(),
        we_are_nhs,
        ..CaseFacts::of(kind, Pence(items.iter().map(|item| item.open_pence).sum()))
    })
}

async fn recipient_kind(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Outcome<CustomerKind> {
    let rows = delivery::recipients(tx, org, customer, customer).await?;
    Ok(rows.first().and_then(|row| CustomerKind::parse(&row.kind)).unwrap_or(CustomerKind::Unknown))
}
