//! Whether a collection may be taken, and under which code (DD-02, DD-04, DD-07).
use super::code::{Action, TransactionCode, unpaid};
use super::dates::{collection_dates, dormant_from, last_representation, taken_in_time};
use super::mandate::MandateState;
use super::refusals::*;
use crate::calendar::Calendar;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;

/// Everything that decides about one collection.
#[derive(Clone, Debug)]
pub struct CollectFacts {
    /// The mandate's reference, for the sentence.
    pub reference: String,
    /// Where the mandate stands.
    pub state: MandateState,
    /// Why it stands there, in words.
    pub state_reason: String,
    /// When the 0N was processed.
    pub lodged_on: Option<NaiveDate>,
    /// Working days from there to the first collection.
    pub first_lead_days: i64,
    /// When the first collection that was paid was taken.
    pub first_collected_on: Option<NaiveDate>,
    /// When it was last collected from.
    pub last_collected_on: Option<NaiveDate>,
    /// A report about it, or a held one that may be, waits.
    pub advice_waits: bool,
    /// A claim under it waits for a person.
    pub claim_open: bool,
    /// Why the customer or the debt is held, if it is.
    pub held: Option<String>,
    /// The day notified.
    pub notified_for: Option<NaiveDate>,
    /// When the notice was with the payer.
    pub notice_with_payer_on: Option<NaiveDate>,
    /// Working days' notice agreed.
    pub notice_days: i64,
    /// The amount notified.
    pub notified: Pence,
    /// What is open of what it was notified for.
    pub open: Pence,
    /// The day it would be taken.
    pub entry_on: NaiveDate,
    /// The last collection under the instruction.
    pub is_final: bool,
    /// Somebody confirmed that nothing will be owed later.
    pub final_confirmed: bool,
}

/// The code under which a collection may be taken, or the first rule against it.
pub fn may_collect(facts: &CollectFacts, calendar: &Calendar) -> Result<TransactionCode, Refusal> {
    stands(facts, calendar)?;
    if facts.advice_waits {
        return Err(ADVICE_WAITS.because(format!("A report about {} has not been dealt with", facts.reference)));
    }
    if facts.claim_open {
        return Err(CLAIM_OPEN.because(format!("A claim under {} waits for a decision", facts.reference)));
    }
    if let Some(why) = &facts.held {
        return Err(HELD.because(format!("{}: {why}", facts.reference)));
    }
    noticed(facts, calendar)?;
    if facts.open != facts.notified {
        let sentence =
            format!("{} was told {} and {} is open of what it was for", facts.reference, facts.notified, facts.open);
        return Err(AMOUNT_DIFFERS.because(sentence));
    }
    if facts.is_final && !facts.final_confirmed {
        return Err(
            FINAL_NOT_CONFIRMED.because(format!("Nobody confirmed the final collection of {}", facts.reference))
        );
    }
    let Some(first) = facts.first_collected_on else {
        return Ok(TransactionCode::First);
    };
    if first >= collection_dates(calendar, facts.entry_on, 0)?.input_on {
        let sentence = format!("The first collection of {} is not paid yet: it is taken on {first}", facts.reference);
        return Err(FIRST_UNPAID.because(sentence));
    }
    Ok(if facts.is_final { TransactionCode::Final } else { TransactionCode::Regular })
}

/// The instruction stands, has stood long enough, and not too long.
fn stands(facts: &CollectFacts, calendar: &Calendar) -> Result<(), Refusal> {
    let lodged = facts.lodged_on;
    if let Some(lodged) = lodged
        && matches!(facts.state, MandateState::Active | MandateState::Dormant)
    {
        let from = dormant_from(lodged, facts.last_collected_on);
        if facts.entry_on >= from || facts.state == MandateState::Dormant {
            return Err(DORMANT.because(format!("{} is dormant from {from}", facts.reference)));
        }
    }
    let Some(lodged) = lodged.filter(|_| facts.state == MandateState::Active) else {
        let why = if facts.state_reason.is_empty() { String::new() } else { format!(": {}", facts.state_reason) };
        let state = facts.state.name().to_lowercase();
        return Err(NOT_ACTIVE.because(format!("{} is {state}{why}", facts.reference)));
    };
    if facts.first_collected_on.is_none() {
        let from = calendar.add(lodged, facts.first_lead_days)?;
        if facts.entry_on < from {
            let sentence = format!("The first collection of {} may be taken from {from}", facts.reference);
            return Err(LEAD_TIME.because(sentence).allowed_from(from));
        }
    }
    Ok(())
}

/// Notice was given, in time, of this day.
fn noticed(facts: &CollectFacts, calendar: &Calendar) -> Result<(), Refusal> {
    let (Some(day), Some(with_payer)) = (facts.notified_for, facts.notice_with_payer_on) else {
        return Err(NO_NOTICE.because(format!("No advance notice was sent for {}", facts.reference)));
    };
    let dates = collection_dates(calendar, facts.entry_on, facts.notice_days)?;
    if with_payer > dates.notice_by {
        let from = calendar.add(with_payer, facts.notice_days)?;
        let sentence = format!(
            "Notice to {} is with the payer on {}; {} working days are agreed",
            facts.reference,
            written(with_payer),
            facts.notice_days
        );
        return Err(SHORT_NOTICE.because(sentence).allowed_from(from));
    }
    let first = calendar.next_or_same(day)?;
    if dates.entry_on < first {
        let sentence =
            format!("{} was told {}; {} is earlier", facts.reference, written(first), written(dates.entry_on));
        return Err(TOO_EARLY.because(sentence).allowed_from(first));
    }
    if !taken_in_time(calendar, day, dates.entry_on)? {
        let sentence = format!(
            "{} was told {}; {} is more than 3 working days later",
            facts.reference,
            written(first),
            written(dates.entry_on)
        );
        return Err(TOO_LATE.because(sentence));
    }
    Ok(())
}

/// What decides about presenting a collection again.
#[derive(Clone, Debug)]
pub struct RepresentFacts {
    /// Why it came back.
    pub reason: String,
    /// When it was first presented.
    pub first_presented_on: NaiveDate,
    /// What came back.
    pub amount: Pence,
    /// What is to be presented.
    pub asked: Pence,
    /// How often it was presented again before.
    pub times_before: i64,
    /// How often at most.
    pub most: i64,
    /// The day it would be taken.
    pub entry_on: NaiveDate,
    /// Today: notice goes out now.
    pub today: NaiveDate,
}

/// Whether an unpaid collection may be presented again (DD-07).
pub fn may_represent(facts: &RepresentFacts, calendar: &Calendar) -> Result<(), Refusal> {
    match unpaid(&facts.reason) {
        Some(row) if row.action == Action::MayRepresent => {}
        Some(row) => return Err(NOT_AGAIN.because(format!("It came back because: {}", row.meaning))),
        None => return Err(NOT_AGAIN.because("The reason it came back is not known")),
    }
    if facts.asked != facts.amount {
        let sentence = format!("{} came back and {} would be presented", facts.amount, facts.asked);
        return Err(AGAIN_AMOUNT.because(sentence));
    }
    if facts.times_before >= facts.most {
        return Err(AGAIN_OFTEN.because(format!("It was presented again {} times before", facts.times_before)));
    }
    let last = last_representation(calendar, facts.first_presented_on)?;
    if facts.entry_on > last {
        return Err(AGAIN_LATE.because(format!("The last day to present it again is {last}")));
    }
    Ok(())
}
