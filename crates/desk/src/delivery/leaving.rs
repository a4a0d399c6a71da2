//! The law asked again when a letter leaves: what was right when it was written may be wrong by then.
use super::recorded::RecordedFacts;
use super::time_left::out_of_time;
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::calendar::add_days;
use sundry_domain::customers::{CustomerKind, Flag, FlagKind};
use sundry_domain::delivery::LetterKind;
use sundry_domain::delivery::refusals::PAID_SINCE;
use sundry_domain::ids::{CustomerId, LetterId, OrgId};
use sundry_domain::law::refusals::{DECEASED, POSTED_LATE};
use sundry_domain::law::{Act, CaseFacts, DebtFacts, Hold, HoldReason, SpecialDebt, flags_that_bear, may};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_domain::words::written;
use sundry_store::delivery::{self, FlagFact, ItemNow, LetterRow};
use sundry_store::people::{StoppedDebtRow, case_items_of_range};
use sundry_store::plans::{self, HoldRow};
use sundry_store::{Tx, control, ledger};

/// The letter to whoever deals with the estate.
const CONDOLENCE: &str = "condolence";

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

/// What a case says of a debt, as the rules take it; none where it no longer stops it, or stops the whole account by
/// its flag.
pub(crate) fn freeze_of(row: &StoppedDebtRow, day: NaiveDate) -> Option<Flag> {
    let stops = row.kind == FlagKind::BreathingSpace.as_str() && row.freed_on.is_none_or(|from| day < from);
    stops.then(|| Flag {
        kind: FlagKind::BreathingSpace,
        evidence: row.number.clone(),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        review_on: None,
    })
}

/// The days on which a case froze a debt, over or not; none where it stops the whole account by its flag.
pub(crate) fn freeze_as_it_was(row: &StoppedDebtRow) -> Option<Flag> {
    let freed = row.freed_on.and_then(|from| from.pred_opt());
    let was = freeze_of(row, row.starts_on)?;
    Some(Flag { ends_on: was.ends_on.into_iter().chain(freed).min(), ..was })
}

/// Whether somebody who owes a debt too may be asked for it: after a death at once, in breathing space once a manager
/// has freed it.
pub(crate) fn is_spared(row: &StoppedDebtRow, day: NaiveDate) -> bool {
    let dead = row.kind == FlagKind::Deceased.as_str();
    row.joint_customer_id.is_some() && (dead || row.freed_on.is_some_and(|from| from <= day))
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
            Some(LetterKind::Reminder | LetterKind::Notice | LetterKind::Plan) => Act::Chase,
            Some(LetterKind::LetterOfClaim | LetterKind::ClaimNotice) => Act::LetterOfClaim,
            Some(LetterKind::Statement) => Act::Statement,
            Some(LetterKind::Circumstances) => {
                if let Err(refusal) = may_tell(tx, org, day, letter).await? {
                    stopped.insert(letter.id, refusal);
                }
                continue;
            }
            _ => continue,
        };
        let (mut facts, items) = facts(tx, org, day, letter, act, site.kind == "nhs").await?;
        let asks = matches!(
            LetterKind::parse(&letter.kind),
            Some(LetterKind::Reminder | LetterKind::LetterOfClaim | LetterKind::ClaimNotice)
        );
        if asks {
            // Money came since it was decided: no reminder leaves before it is set against something.
            facts.unallocated = Pence(ledger::unallocated_of(tx, org, CustomerId(letter.customer_id)).await?);
        }
        let verdict = may(act, &facts, day).and_then(|()| if asks { still_owed(&items) } else { Ok(()) });
        let verdict = verdict.and_then(|()| in_its_time(letter, day));
        if let Err(refusal) = verdict {
            stopped.insert(letter.id, refusal);
        }
    }
    Ok(stopped)
}

/// A letter about a person's circumstances asks for nothing, so neither freeze nor hold stops it; but once they have
/// died none goes to them, only the one to whoever deals with the estate (BS-03, BS-06).
async fn may_tell(tx: &mut Tx, org: OrgId, day: NaiveDate, letter: &LetterRow) -> Outcome<Result<(), Refusal>> {
    let customer = CustomerId(letter.customer_id);
    let flags = delivery::flags_of_range(tx, org, customer, customer, day).await?;
    let died = flags.iter().any(|flag| flag.kind == FlagKind::Deceased.as_str());
    if died && letter.template_code != CONDOLENCE {
        return Ok(Err(DECEASED.because("The customer has died")));
    }
    Ok(Ok(()))
}

/// A letter of claim is posted on the day it is dated, or on the next: its time to answer runs from its date (REC-02).
fn in_its_time(letter: &LetterRow, day: NaiveDate) -> Result<(), Refusal> {
    let last = add_days(letter.dated_on, 1);
    if letter.kind != LetterKind::LetterOfClaim.as_str() || day <= last {
        return Ok(());
    }
    Err(POSTED_LATE.because(format!("It is dated {} and was not posted by the next day", written(letter.dated_on))))
}

/// What a letter asks for must still be owed: a payment since it was decided makes its sum wrong.
fn still_owed(items: &[ItemNow]) -> Result<(), Refusal> {
    let paid = items.iter().filter(|item| item.asked_pence > 0 && item.asked_pence > item.open_pence);
    let paid: i64 = paid.map(|item| item.asked_pence - item.open_pence).sum();
    if paid > 0 {
        let sentence = format!("{} of what it asks for was paid or credited since it was written", Pence(paid));
        return Err(PAID_SINCE.because(sentence));
    }
    Ok(())
}

async fn facts(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    letter: &LetterRow,
    act: Act,
    we_are_nhs: bool,
) -> Outcome<(CaseFacts, Vec<ItemNow>)> {
    let customer = CustomerId(letter.customer_id);
    let items = delivery::letter_items_now(tx, org, LetterId(letter.id)).await?;
    let mut held = plans::holds_of_range(tx, org, customer, customer).await?;
    if letter.kind == LetterKind::Plan.as_str() {
        // A letter of the plan itself: neither it nor a promise stands in its way.
        held.retain(|hold| !matches!(HoldReason::parse(&hold.reason), Some(HoldReason::Plan | HoldReason::Promise)));
    }
    let named = |id: i64| items.iter().find(|item| item.id == id);
    let bears = |hold: &&HoldRow| hold.item_id.is_none_or(|item| named(item).is_some());
    // The letter asks for no more than what nobody disputes by now.
    let asks_for_the_rest = |item: &ItemNow| item.asked_pence <= item.open_pence - item.disputed_pence;
    let as_it_bears = |hold: &HoldRow| {
        let part = is_of_part(hold) && hold.item_id.and_then(named).is_some_and(asks_for_the_rest);
        Some(Hold { part, ..hold_of(hold)? })
    };
    let flags = delivery::flags_of_range(tx, org, customer, customer, day).await?;
    let cases = case_items_of_range(tx, org, customer, customer).await?;
    let of_letter: Vec<_> = cases.iter().filter(|row| named(row.item_id).is_some()).collect();
    let spared = !items.is_empty()
        && items.iter().all(|item| of_letter.iter().any(|row| row.item_id == item.id && is_spared(row, day)));
    // A case says which debts its moratorium bears on; a flag without one bears on all.
    let by_case = |flag: &&FlagFact| flag.case_id.is_some() && flag.kind == FlagKind::BreathingSpace.as_str();
    let mut flags: Vec<Flag> = flags.iter().filter(|flag| !by_case(flag)).filter_map(flag_of).collect();
    if spared {
        flags.retain(|flag| !matches!(flag.kind, FlagKind::BreathingSpace | FlagKind::Deceased));
    }
    let freezes: Vec<Flag> = of_letter.iter().filter_map(|row| freeze_of(row, day)).collect();
    let oldest = items.iter().map(|item| item.dated_on).min();
    let kind = recipient_kind(tx, org, customer).await?;
    let mut flags = if act == Act::Statement { flags } else { flags_that_bear(&flags, oldest.unwrap_or(day)) };
    flags.extend(freezes);
    let recorded = RecordedFacts::of_range(tx, org, (customer, customer)).await?;
    let special = items.iter().map(|item| recorded.special(item.id, &item.debt_type, day));
    let mut debt = DebtFacts::default();
    SpecialDebt::strictest(special).told_to(&mut debt);
    if act == Act::LetterOfClaim {
        debt.limitation = out_of_time(tx, org, day, &items).await?;
    }
    let facts = CaseFacts {
        flags,
        debt,
        holds: held.iter().filter(bears).filter_map(as_it_bears).collect(),
        we_are_nhs,
        ..CaseFacts::of(kind, balance_of(letter, &items))
    };
    Ok((facts, items))
}

/// What is open of what a letter names; that a plan is paid may be said when nothing is.
fn balance_of(letter: &LetterRow, items: &[ItemNow]) -> Pence {
    let open = Pence(items.iter().map(|item| item.open_pence).sum());
    if letter.kind == LetterKind::Plan.as_str() { open.max(Pence(1)) } else { open }
}

async fn recipient_kind(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Outcome<CustomerKind> {
    let rows = delivery::recipients(tx, org, customer, customer).await?;
    Ok(rows.first().and_then(|row| CustomerKind::parse(&row.kind)).unwrap_or(CustomerKind::Unknown))
}
