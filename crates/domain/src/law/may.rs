//! The one place that says whether an act is allowed. Asked when a step is decided and again when it leaves.
use super::act::Act;
use super::facts::CaseFacts;
use super::gates;
use super::holds::Hold;
use super::refusals;
use crate::customers::{CustomerKind, Flag, FlagKind};
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;

/// Allowed, or the refusal: code, sentence, rule, way out, and the day from which it may.
pub type Verdict = Result<(), Refusal>;

type Gate = fn(Act, &CaseFacts, NaiveDate) -> Verdict;

/// In order of precedence: freezes of law, holds, who the customer is, the step's own rules, contact, cash, amount.
const GATES: [Gate; 9] =
    [freezes, capacity, holds, customer, gates::of_the_debt, gates::of_the_step, contact, cash_before_chase, balance];

/// Whether an act is allowed on a day.
pub fn may(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    GATES.iter().try_for_each(|gate| gate(act, facts, on))
}

/// Every reason against an act, the first the one that [`may`] gives.
pub fn reasons(act: Act, facts: &CaseFacts, on: NaiveDate) -> Vec<Refusal> {
    GATES.iter().filter_map(|gate| gate(act, facts, on).err()).collect()
}

/// The first day from which nothing known stands against it; none where a reason has no day.
pub fn may_from(act: Act, facts: &CaseFacts, on: NaiveDate) -> Option<NaiveDate> {
    let mut day = on;
    for _ in 0..16 {
        let against = reasons(act, facts, day);
        if against.is_empty() {
            return Some(day);
        }
        let days: Option<Vec<NaiveDate>> = against.iter().map(|refusal| refusal.allowed_from).collect();
        match days?.into_iter().max() {
            Some(next) if next > day => day = next,
            _ => return None,
        }
    }
    None
}

fn flag(facts: &CaseFacts, kind: FlagKind, on: NaiveDate) -> Option<&Flag> {
    facts.flags.iter().find(|flag| flag.kind == kind && flag.holds_on(on))
}

fn freezes(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    if act.is_ours_alone() {
        return Ok(());
    }
    moratorium(act, facts, on)?;
    death(act, facts, on)?;
    let insolvent = flag(facts, FlagKind::Insolvent, on).filter(|_| act != Act::Statement);
    if let Some(flag) = insolvent {
        let incurred_on = facts.debt.incurred_on.unwrap_or(NaiveDate::MIN);
        let stops = |case: &super::insolvency::Insolvency| case.stops(incurred_on, facts.debt.fraud);
        if facts.person.insolvency.as_ref().is_none_or(stops) {
            return Err(until(refusals::INSOLVENT.because("The customer is insolvent"), flag.ends_on));
        }
    }
    Ok(())
}

/// Leave is for contact and for steps in proceedings: no interest, fee or charge is ever allowed for these days (BS-03).
fn moratorium(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    if let Some(flag) = flag(facts, FlagKind::BreathingSpace, on) {
        return match &facts.person.leave {
            Some(leave) if !act.is_charge() => leave.check(),
            _ => Err(until(refusals::BREATHING_SPACE.because("This debt is in breathing space"), flag.ends_on)),
        };
    }
    match facts.debt.joint {
        Some(joint) if joint.other_frozen && !joint.released => {
            Err(refusals::JOINT_FROZEN.because("Somebody who owes this debt too is in breathing space"))
        }
        _ => Ok(()),
    }
}

fn death(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let Some(flag) = flag(facts, FlagKind::Deceased, on) else { return Ok(()) };
    if matches!(act, Act::MoveToRelative | Act::Trace) {
        return Ok(());
    }
    match &facts.person.death {
        Some(death) if act == Act::Statement && death.to_representatives => Ok(()),
        Some(death) => death.may_demand(on),
        None => Err(until(refusals::DECEASED.because("The customer has died"), flag.ends_on)),
    }
}

fn capacity(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    if act.is_of_court() {
        facts.person.capacity.may_be_sued(on)?;
    } else if act.reaches_the_person() {
        facts.person.capacity.may_be_written_to(on)?;
    }
    Ok(())
}

fn holds(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let Some(blocked) = act.stopped_by() else { return Ok(()) };
    // A reminder leaves out what is in query and asks for the rest; what goes beyond a reminder waits for the answer.
    let leaves_out = |hold: &Hold| hold.part && matches!(act, Act::Chase | Act::Call);
    let stopping = |hold: &&Hold| hold.holds_on(on) && !leaves_out(hold) && hold.reason.blocks().contains(&blocked);
    match facts.holds.iter().filter(stopping).min_by_key(|hold| hold.reason) {
        Some(hold) => {
            let sentence = format!("On hold: {}", hold.reason.name().to_lowercase());
            Err(until(hold.reason.refusal().because(sentence), hold.ends_on))
        }
        None => Ok(()),
    }
}

fn customer(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    if act.is_serious() && flag(facts, FlagKind::GoneAway, on).is_some() {
        return Err(refusals::GONE_AWAY_CLAIM.because("The customer has gone away from the address we hold"));
    }
    if (act.needs_a_person() || act == Act::PlanDefault) && is_vulnerable(facts, on) {
        return Err(refusals::VULNERABLE.because("The customer is flagged as vulnerable"));
    }
    if act == Act::Agency || act.is_of_court() {
        let nhs_to_nhs = facts.we_are_nhs && facts.customer_kind == CustomerKind::NhsBody;
        if nhs_to_nhs || facts.customer_kind.is_public_authority() {
            return Err(refusals::PUBLIC_BODY.because("NHS bodies and councils are not sent to court or an agency"));
        }
    }
    if act.needs_a_person() && !facts.step.decided_by_person {
        return Err(refusals::NO_PERSON.because("No person decided this step"));
    }
    Ok(())
}

/// Flagged, and no manager decided after a review that is still fresh.
fn is_vulnerable(facts: &CaseFacts, on: NaiveDate) -> bool {
    let known = &facts.person.vulnerabilities;
    if known.is_empty() {
        return flag(facts, FlagKind::Vulnerable, on).is_some();
    }
    known.iter().any(|one| one.stops_automatic_steps(on))
}

fn contact(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    match &facts.step.contact {
        Some(contact) if act.reaches_the_person() => super::contact::may_contact(contact, on),
        _ => Ok(()),
    }
}

fn cash_before_chase(act: Act, facts: &CaseFacts, _: NaiveDate) -> Verdict {
    if !act.waits_for_cash() {
        return Ok(());
    }
    if facts.unallocated > Pence::ZERO {
        let sentence = format!("{} of this customer waits to be allocated", facts.unallocated);
        return Err(refusals::CASH_FIRST.because(sentence));
    }
    if facts.bank_file_unposted && act != Act::WriteOff {
        return Err(refusals::BANK_FILE_FIRST.because("A bank file of today is not posted"));
    }
    Ok(())
}

fn balance(act: Act, facts: &CaseFacts, _: NaiveDate) -> Verdict {
    let least = match act {
        Act::WriteBack | Act::Trace | Act::UseTracedAddress | Act::MoveToRelative => return Ok(()),
        Act::Chase | Act::Call => facts.minimum_to_chase.max(Pence(1)),
        Act::LetterOfClaim | Act::Agency | Act::Court => facts.minimum_to_claim.max(Pence(1)),
        _ => Pence(1),
    };
    if facts.balance < least {
        let sentence = format!("The balance of {} is below the least amount of {least}", facts.balance);
        return Err(refusals::MINIMUM_BALANCE.because(sentence));
    }
    Ok(())
}

fn until(refusal: Refusal, last: Option<NaiveDate>) -> Refusal {
    match last.and_then(|day| day.succ_opt()) {
        Some(day) => refusal.allowed_from(day),
        None => refusal,
    }
}

#[cfg(test)]
#[path = "may_tests.rs"]
mod tests;
