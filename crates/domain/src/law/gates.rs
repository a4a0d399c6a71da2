//! What each act asks of the debt and of itself, beyond what stops every act.
use super::act::Act;
use super::death::may_move_to_relative;
use super::debt_facts::{DebtClass, SpecialDebt};
use super::enforcement::{Method, may_enforce};
use super::facts::{CaseFacts, PreAction, ServiceAnswer, ServiceKind};
use super::holds::HoldReason;
use super::insolvency::may_petition;
use super::judgment::may_request_judgment;
use super::late_payment::{LateFacts, Regime, eligible, in_claim_regime};
use super::limitation::in_time;
use super::may::Verdict;
use super::overseas::may_report;
use super::pre_action::{Protocol, may_issue, protocol_for};
use super::{give_up, refusals};
use crate::calendar::{add_days, add_months};
use crate::money::Pence;
use crate::words::written;
use chrono::NaiveDate;

/// Years after the due date in which an agency takes a debt.
const AGENCY_YEARS: i32 = 5;

/// Limitation, care, benefit, interest: what the debt itself forbids.
pub(super) fn of_the_debt(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let of_court = matches!(act, Act::Court | Act::StatutoryDemand);
    if act == Act::LetterOfClaim || of_court {
        care(facts)?;
        match &facts.debt.limitation {
            Some(limitation) => in_time(limitation, on)?,
            None if of_court => {
                return Err(refusals::LIMITATION_UNKNOWN.because("No last day for a claim was worked out"));
            }
            None => {}
        }
    }
    let barred = facts.debt.limitation.as_ref().is_some_and(|limitation| limitation.barred_on(on));
    if matches!(act, Act::Chase | Act::Call | Act::Agency) && barred && facts.debt.refused_to_pay {
        return Err(refusals::BARRED_SAID_NO.because("The debt is out of time and the customer will not pay it"));
    }
    if act.stopped_by().is_some() && !matches!(act, Act::Statement | Act::Decision) {
        benefit(facts, on)?;
        overpaid(act, facts)?;
    }
    match act {
        Act::InterestDemand | Act::Compensation => late_interest(act, facts, on),
        Act::CourtInterest => court_interest(facts, on),
        Act::Fee if !facts.debt.contract_fee => Err(refusals::FEE.because("The contract provides for no charge")),
        _ => Ok(()),
    }
}

fn care(facts: &CaseFacts) -> Verdict {
    match facts.debt.care {
        Some(care) if care.deferral_possible && care.deferral_refused_on.is_none() => {
            Err(refusals::DPA_FIRST.because("A deferred payment agreement is possible and was not refused"))
        }
        _ => Ok(()),
    }
}

fn benefit(facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let Some(benefit) = facts.debt.benefit else { return Ok(()) };
    let Some(notice) = benefit.notice_on else {
        return Err(refusals::BENEFIT_NOTICE.because("No decision notice was sent"));
    };
    if benefit.appeal_open {
        return Err(refusals::BENEFIT_APPEAL.because("An appeal is open"));
    }
    let last = add_months(notice, 1);
    if on <= last {
        let sentence = format!("The decision can be appealed until {}", written(last));
        return Err(refusals::BENEFIT_APPEAL.because(sentence).allowed_from(add_days(last, 1)));
    }
    Ok(())
}

/// A direct payment is asked back after the audit, with its statement; what goes beyond a reminder for overpaid pay
/// comes after the letter with the calculation.
fn overpaid(act: Act, facts: &CaseFacts) -> Verdict {
    match facts.debt.overpaid.filter(|debt| debt.told_on.is_none()).map(|debt| debt.class) {
        Some(DebtClass::DirectPayment) => {
            Err(refusals::UNSPENT_STATEMENT.because("No statement of the unspent sum was sent"))
        }
        Some(DebtClass::Salary) if act.is_serious() => {
            Err(refusals::PAY_CALCULATION.because("The calculation of the overpaid pay was not sent"))
        }
        _ => Ok(()),
    }
}

/// Whether a dispute is open on a day: one that is over stands among the holds too, since it moved the clock.
fn disputed(facts: &CaseFacts, on: NaiveDate) -> bool {
    facts.holds.iter().any(|hold| hold.reason == HoldReason::Dispute && hold.holds_on(on))
}

fn late_facts(facts: &CaseFacts, on: NaiveDate) -> LateFacts {
    LateFacts {
        customer_kind: facts.customer_kind,
        nature: facts.debt.nature,
        contract_interest: facts.debt.contract_interest,
        we_are_nhs: facts.we_are_nhs,
        disputed: disputed(facts, on),
    }
}

fn late_interest(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let ask = facts.debt.interest;
    SpecialDebt { care: facts.debt.care, ..SpecialDebt::default() }.may_bear_interest()?;
    if ask.compound {
        return Err(refusals::COMPOUNDING.because("Interest is not charged on interest"));
    }
    if ask.with_vat {
        return Err(refusals::VAT_ON_INTEREST.because("Interest and compensation bear no VAT"));
    }
    if act == Act::Compensation && ask.compensated {
        return Err(refusals::COMPENSATION_TWICE.because("The fixed sum was charged on this invoice"));
    }
    // The contract's own interest is demanded by its own terms; the fixed sum belongs to the act alone.
    let own = act == Act::InterestDemand && facts.debt.contract_interest;
    eligible(&LateFacts { contract_interest: facts.debt.contract_interest && !own, ..late_facts(facts, on) })?;
    match facts.debt.relevant_day {
        Some(relevant) if on <= relevant => {
            let first = add_days(relevant, 1);
            let sentence = format!("No interest runs before {}", written(first));
            Err(refusals::INTEREST_TOO_EARLY.because(sentence).allowed_from(first))
        }
        _ => Ok(()),
    }
}

fn court_interest(facts: &CaseFacts, on: NaiveDate) -> Verdict {
    if !facts.debt.interest.in_claim {
        return Err(refusals::COURT_INTEREST_ONLY_IN_CLAIM.because("The court's interest is claimed, not charged"));
    }
    match in_claim_regime(&LateFacts { disputed: false, ..late_facts(facts, on) }) {
        Regime::Section69 => Ok(()),
        Regime::None => Err(refusals::NHS_CONTRACT.because("This debt is not taken to court")),
        Regime::LatePaymentAct | Regime::Contract => {
            Err(refusals::INTEREST_TWICE.because("Other interest already runs on this debt"))
        }
    }
}

/// What the step itself asks for.
pub(super) fn of_the_step(act: Act, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let step = &facts.step;
    match act {
        Act::Agency => agency(facts, on),
        Act::LetterOfClaim => offer_answered(facts),
        Act::Court => claim(facts, on),
        Act::JudgmentRequest => match &step.claim {
            Some(claim) => may_request_judgment(claim, on),
            None => Err(refusals::NOT_ISSUED.because("There is no claim")),
        },
        Act::Enforcement(method) => enforcement(method, facts, on),
        Act::StatutoryDemand => may_petition(facts.customer_kind.is_individual(), facts.balance, disputed(facts, on)),
        Act::Suspension => suspension(facts),
        Act::PlanDefault => plan_default(facts, on),
        Act::ProposePlan => match disputed(facts, on) {
            true => Err(refusals::HOLD_DISPUTE.because("A disputed debt is not put into a plan")),
            false => Ok(()),
        },
        Act::Trace => trace(facts),
        Act::UseTracedAddress => traced_address(facts),
        Act::HomeOffice => may_report(&step.home_office.clone().unwrap_or_default(), on),
        Act::MoveToRelative => {
            let (ground, document) = step.relative.as_ref().map_or((None, ""), |(ground, text)| (Some(*ground), text));
            may_move_to_relative(ground, document)
        }
        Act::WriteOff => match &step.give_up {
            Some(asked) => give_up::may_give_up(asked, facts, on),
            None => Err(refusals::GIVE_UP_EVIDENCE.because("Nothing says how much is given up, and why")),
        },
        Act::WriteBack if step.written_off <= Pence::ZERO => {
            Err(refusals::NOTHING_TO_WRITE_BACK.because("Nothing of this debt was written off"))
        }
        _ => Ok(()),
    }
}

fn agency(facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let known = facts.step.agency.unwrap_or_default();
    for (right, refusal, sentence) in [
        (known.agreement, refusals::AGENCY_AGREEMENT, "No data-sharing agreement is on file"),
        (!known.placed, refusals::AGENCY_PLACED, "The debt is with an agency"),
        (known.steps_taken, refusals::AGENCY_STEPS, "The steps of the pathway were not taken"),
        (known.address_held, refusals::AGENCY_NO_ADDRESS, "We hold no address"),
    ] {
        if !right {
            return Err(refusal.because(sentence));
        }
    }
    match facts.debt.due_on.map(|due| add_months(due, 12 * AGENCY_YEARS)) {
        Some(last) if on > last => {
            Err(refusals::AGENCY_TOO_OLD.because(format!("The debt was due more than {AGENCY_YEARS} years ago")))
        }
        _ => Ok(()),
    }
}

fn offer_answered(facts: &CaseFacts) -> Verdict {
    match &facts.step.pre_action {
        Some(known) if known.dates.offer_unanswered => {
            Err(refusals::OFFER_UNANSWERED.because("The customer's offer was not answered"))
        }
        _ => Ok(()),
    }
}

fn claim(facts: &CaseFacts, on: NaiveDate) -> Verdict {
    if facts.person.outside_england_and_wales {
        return Err(refusals::OTHER_COURT.because("The customer is not in England or Wales"));
    }
    let Some(known) = &facts.step.pre_action else {
        return Err(refusals::NO_LETTER.because("No letter of claim was sent"));
    };
    known.outlives_plan()?;
    if known.reply_unclear {
        return Err(refusals::REPLY_UNCLEAR.because("The reply form is only partly completed"));
    }
    offer_answered(facts)?;
    let protocol = protocol_for(facts.customer_kind);
    // Where time is about to run out, a manager may issue early and ask for a stay.
    let hurry = |from: Option<NaiveDate>| runs_out_before(facts, known, from);
    let replied = protocol == Protocol::DebtClaims && known.dates.replied_on.is_some();
    if replied && known.dates.notice_on.is_none() && !hurry(Some(add_days(on, 15))) {
        return Err(refusals::NO_NOTICE.because("The customer replied and no fourteen days' notice was given"));
    }
    match may_issue(protocol, &known.dates, on) {
        Err(refusal) if refusal.code == refusals::CLAIM_TOO_EARLY.code && hurry(refusal.allowed_from) => Ok(()),
        verdict => verdict,
    }
}

impl PreAction {
    /// Refuses a claim on a letter of claim after which a plan broke: an updated letter comes first (PP-05, REC-03).
    pub fn outlives_plan(&self) -> Verdict {
        match self.plan_broke_on.filter(|broke| self.dates.letter_on <= *broke) {
            Some(broke) => {
                let sentence = format!("A plan broke on {}: no updated letter of claim was sent since", written(broke));
                Err(refusals::NO_LETTER.because(sentence))
            }
            None => Ok(()),
        }
    }
}

fn runs_out_before(facts: &CaseFacts, known: &PreAction, from: Option<NaiveDate>) -> bool {
    let reason = known.time_runs_out.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    let safe = facts.debt.limitation.as_ref().and_then(|limitation| limitation.safe_on);
    reason && matches!((safe, from), (Some(safe), Some(from)) if safe < from)
}

fn enforcement(method: Method, facts: &CaseFacts, on: NaiveDate) -> Verdict {
    match &facts.step.judgment {
        Some(judgment) => may_enforce(method, judgment, on),
        None => Err(refusals::NO_JUDGMENT.because("There is no judgment")),
    }
}

fn suspension(facts: &CaseFacts) -> Verdict {
    let Some(service) = facts.step.service else {
        return Err(refusals::SUSPENSION_SERVICE.because("The service was not asked"));
    };
    if service.kind != ServiceKind::Other {
        let sentence = format!("{} is never suspended for a debt", service.kind.name());
        return Err(refusals::SUSPENSION_FORBIDDEN.because(sentence));
    }
    match service.answer {
        Some(ServiceAnswer::Suspend) => Ok(()),
        Some(answer) => {
            let sentence = format!("The service answered: {}", answer.name().to_lowercase());
            Err(refusals::SUSPENSION_SERVICE.because(sentence))
        }
        None => Err(refusals::SUSPENSION_SERVICE.because("The service has not answered")),
    }
}

fn plan_default(facts: &CaseFacts, on: NaiveDate) -> Verdict {
    let Some(plan) = facts.step.plan else {
        return Err(refusals::PLAN_NOT_BROKEN.because("No plan runs"));
    };
    match plan.broken_from {
        Some(from) if on >= from => Ok(()),
        Some(from) => {
            let sentence = format!("{} can be caught up before {}", plan.behind, written(from));
            Err(refusals::PLAN_NOT_BROKEN.because(sentence).allowed_from(from))
        }
        None => Err(refusals::PLAN_NOT_BROKEN.because("The plan is not broken")),
    }
}

fn trace(facts: &CaseFacts) -> Verdict {
    if facts.person.do_not_trace {
        return Err(refusals::DO_NOT_TRACE.because("This person must not be traced"));
    }
    if !facts.step.trace.is_some_and(|trace| trace.basis) {
        return Err(refusals::TRACE_BASIS.because("No lawful basis is recorded for this source"));
    }
    Ok(())
}

fn traced_address(facts: &CaseFacts) -> Verdict {
    match facts.step.trace {
        Some(trace) if trace.accepted || trace.only_asks_who => Ok(()),
        _ => Err(refusals::TRACE_UNPROVEN.because("Nobody accepted the address that was found")),
    }
}
