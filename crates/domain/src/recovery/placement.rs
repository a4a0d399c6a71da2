//! Placing debts with an agency, and calling them back: what may go, what must come home the same day (REC-07).
use super::agency_refusals as no;
use super::{Act, CaseFacts, HoldReason, may};
use crate::calendar::add_days;
use crate::law::AgencyFacts;
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Working days an agency has to confirm a recall.
pub const CONFIRM_DAYS: i64 = 2;
/// A commission may differ from the contract's by this much.
pub const COMMISSION_TOLERANCE: Pence = Pence(2);

/// What is known when a customer's debts are to be placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFacts {
    /// What bears on the debts themselves, with what the step needs; the balance is that of the debts to be placed.
    pub case: CaseFacts,
    /// The agency takes new debts.
    pub agency_active: bool,
    /// Least balance the agency takes.
    pub agency_least: Pence,
    /// A claim has been issued or prepared on one of the debts.
    pub at_court: bool,
}

/// Whether a customer's debts may be placed today: the law and REC-07 first, then the agency's terms.
pub fn may_place(facts: &PlaceFacts, today: NaiveDate) -> Result<(), Refusal> {
    may(Act::Agency, &facts.case, today)?;
    if facts.at_court {
        return Err(no::AT_COURT.because("One of these debts is part of a claim"));
    }
    if !facts.agency_active {
        return Err(no::AGENCY_CLOSED.because("This agency takes no new debts of ours"));
    }
    if facts.case.balance < facts.agency_least {
        let sentence = format!("{} is less than the {} this agency takes", facts.case.balance, facts.agency_least);
        return Err(no::BELOW_AGENCY.because(sentence));
    }
    Ok(())
}

/// How a placement stands today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The agency goes on.
    Runs,
    /// The agency waits: something is promised, agreed, or to be posted.
    Waits(Refusal),
    /// The agency stops and gives it back, today.
    Recall(Refusal),
}

/// What brings a placement home at once, whatever its hold: REC-07 names them. All other holds let the agency wait.
const RECALLING: &[&str] = &[
    "BS-03-BREATHING-SPACE",
    "BS-05-INSOLVENT",
    "BS-06-DECEASED",
    "BS-08-VULNERABLE",
    "REC-04-HOLD-BREATHING-SPACE",
    "REC-04-HOLD-INSOLVENCY",
    "REC-04-HOLD-DECEASED",
    "REC-04-HOLD-SAFEGUARDING",
    "REC-04-HOLD-VULNERABILITY",
    "REC-04-HOLD-DISPUTE",
    "REC-04-HOLD-COMPLAINT",
    "REC-04-HOLD-CLAIM",
    "REC-04-HOLD-LEGAL",
    "REC-04-PUBLIC-BODY",
    "REC-05-APPEAL",
];

/// A placement that was in order when it went.
const PLACED: AgencyFacts = AgencyFacts { agreement: true, placed: false, steps_taken: true, address_held: true };

/// Weighs a placement again: what may not be placed today must not stay placed (DUN-15).
///
/// A bank file that waits stops no agency by itself; money of this customer that waits does. A balance below the
/// least amount goes on, since what was placed is chased to its end; nothing left is a recall.
pub fn standing(case: &CaseFacts, today: NaiveDate) -> Standing {
    if case.balance <= Pence::ZERO {
        return Standing::Recall(no::PAID.because("Nothing is left to pay"));
    }
    let enough = case.minimum_to_claim.max(Pence(1)).max(case.balance);
    let mut weighed = CaseFacts { bank_file_unposted: false, balance: enough, ..case.clone() };
    // What was asked when it was placed is not asked again: its age, its steps, its agreement.
    weighed.debt.due_on = None;
    weighed.step.decided_by_person = true;
    weighed.step.agency = Some(PLACED);
    match may(Act::Agency, &weighed, today) {
        Ok(()) => Standing::Runs,
        // The agency traces; that the post comes back is no reason to stop it.
        Err(refusal) if refusal.code == "REC-02-GONE-AWAY" || refusal.code == "REC-04-HOLD-GONE-AWAY" => Standing::Runs,
        Err(refusal) if RECALLING.contains(&refusal.code.as_str()) => Standing::Recall(refusal),
        Err(refusal) => Standing::Waits(refusal),
    }
}

/// Terms that decide what an agency earns on one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeTerms {
    /// When placed.
    pub placed_on: NaiveDate,
    /// When recalled.
    pub recalled_on: Option<NaiveDate>,
    /// Days after that for which the contract still gives commission.
    pub after_recall_days: i64,
    /// Commission.
    pub rate: BasisPoints,
    /// VAT on it.
    pub vat_rate: BasisPoints,
}

/// Commission and VAT that one payment earns: nothing before the placement or after the recall (REC-07).
pub fn earned(terms: &FeeTerms, paid_on: NaiveDate, amount: Pence) -> (Pence, Pence) {
    let last = terms.recalled_on.map(|day| add_days(day, terms.after_recall_days));
    if paid_on < terms.placed_on || last.is_some_and(|last| paid_on > last) {
        return (Pence::ZERO, Pence::ZERO);
    }
    let part = |sum: Pence, rate: BasisPoints| {
        let share = divide_half_up(i128::from(sum.0) * i128::from(rate.0), 10_000);
        Pence(i64::try_from(share).unwrap_or(i64::MAX))
    };
    let commission = part(amount, terms.rate);
    (commission, part(commission, terms.vat_rate))
}

/// What to ask the agency about one row's commission; nothing when it agrees to within two pence.
pub fn commission_query(terms: &FeeTerms, paid_on: NaiveDate, asked: (Pence, Pence), due: (Pence, Pence)) -> String {
    let agrees = |one: Pence, other: Pence| one.minus(other).size() <= COMMISSION_TOLERANCE;
    if agrees(asked.0, due.0) && agrees(asked.1, due.1) {
        return String::new();
    }
    let after = terms.recalled_on.filter(|day| paid_on > add_days(*day, terms.after_recall_days));
    let why = match after {
        Some(day) => format!("it was paid after the recall of {}", written(day)),
        None if paid_on < terms.placed_on => "it was paid before the debt was placed".to_owned(),
        None => format!("the contract gives {} and VAT of {}", due.0, due.1),
    };
    format!("Commission of {} and VAT of {} is asked; {why}.", asked.0, asked.1)
}

/// What an agency's closure code means for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Their code.
    pub code: &'static str,
    /// What it says.
    pub name: &'static str,
    /// The hold it places until somebody has seen the evidence.
    pub hold: Option<HoldReason>,
    /// What a person does next.
    pub next: &'static str,
}

/// Every closure code that is understood; another one is held and the debt stays placed.
pub const CLOSURES: &[Closure] = &[
    closure("RTC", "Given back to us", None, "Decide the next step"),
    closure("DEC", "The person has died", Some(HoldReason::Deceased), "Ask for the personal representatives"),
    closure("BK", "Bankrupt", Some(HoldReason::Insolvency), "Prove the debt with the trustee"),
    closure("IVA", "Individual voluntary arrangement", Some(HoldReason::Insolvency), "Prove the debt"),
    closure("DRO", "Debt relief order", Some(HoldReason::Insolvency), "Check the order on the register"),
    closure("TD", "Not found", None, "Trace the person, or propose a write-off"),
    closure("PE", "Prescribed, or paid elsewhere: a person must look", None, "Ask the agency what it means"),
    closure("BS", "Breathing space", Some(HoldReason::BreathingSpace), "Ask for the notice and match it to the debts"),
    closure("PIF", "Paid in full", None, "Wait for the money: it closes when it is here"),
    closure("SET", "Settled for less", None, "Check that the settlement was approved before"),
    closure("DISP", "In dispute", Some(HoldReason::Dispute), "Open a query and ask the service"),
    closure("HOLD", "On hold with the agency", None, "Ask the agency why"),
    closure("DMP", "Debt management plan", None, "Set up the plan"),
    closure("LOI", "Low income", Some(HoldReason::VulnerabilityReview), "Review the circumstances"),
    closure("ABU", "Abusive, or abandoned", None, "Ask the agency what happened"),
];

const fn closure(code: &'static str, name: &'static str, hold: Option<HoldReason>, next: &'static str) -> Closure {
    Closure { code, name, hold, next }
}

impl Closure {
    /// Whether the debt comes back to us at once: not while money or an answer is still to come.
    pub fn ends(&self) -> bool {
        !matches!(self.code, "PIF" | "SET" | "HOLD" | "PE" | "ABU")
    }
}

/// The closure with a code.
pub fn closure_of(code: &str) -> Option<&'static Closure> {
    CLOSURES.iter().find(|one| one.code.eq_ignore_ascii_case(code.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::Hold;
    use super::*;
    use crate::customers::{CustomerKind, Flag, FlagKind};

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn case() -> CaseFacts {
        CaseFacts { minimum_to_claim: Pence(5_000), ..CaseFacts::of(CustomerKind::Individual, Pence(120_000)) }
    }

    fn facts() -> PlaceFacts {
        let mut case = case();
        case.debt.due_on = Some(d("2026-03-01"));
        case.step.decided_by_person = true;
        case.step.agency = Some(PLACED);
        PlaceFacts { case, agency_active: true, agency_least: Pence(5_000), at_court: false }
    }

    fn code(facts: &PlaceFacts) -> String {
        may_place(facts, d("2026-07-01")).map_or_else(|refusal| refusal.code, |()| "allowed".into())
    }

    fn with(change: impl Fn(&mut PlaceFacts)) -> String {
        let mut facts = facts();
        change(&mut facts);
        code(&facts)
    }

    #[test]
    fn leg_01_what_may_not_be_placed_says_why() {
        assert_eq!(code(&facts()), "allowed");
        assert_eq!(with(|f| f.at_court = true), "REC-07-AT-COURT");
        assert_eq!(with(|f| f.agency_active = false), "REC-07-AGENCY-CLOSED");
        assert_eq!(with(|f| f.agency_least = Pence(120_001)), "REC-07-BELOW-AGENCY");
        assert_eq!(with(|f| f.case.balance = Pence(4_999)), "REC-02-MINIMUM-BALANCE");
        assert_eq!(with(|f| f.case.step.decided_by_person = false), "CTL-05-PERSON");
        let agency = |change: fn(&mut AgencyFacts)| {
            with(|f| {
                let mut known = PLACED;
                change(&mut known);
                f.case.step.agency = Some(known);
            })
        };
        assert_eq!(agency(|known| known.agreement = false), "REC-07-AGREEMENT");
        assert_eq!(agency(|known| known.placed = true), "REC-07-PLACED");
        assert_eq!(agency(|known| known.steps_taken = false), "REC-07-STEPS");
        assert_eq!(agency(|known| known.address_held = false), "REC-07-NO-ADDRESS");
        assert_eq!(with(|f| f.case.debt.due_on = Some(d("2021-06-30"))), "REC-07-TOO-OLD");
        assert_eq!(with(|f| f.case.debt.due_on = Some(d("2021-07-01"))), "allowed", "five years to the day");
    }

    #[test]
    fn dun_15_each_event_recalls_or_holds_the_same_day() {
        let today = d("2026-07-10");
        let told = |case: &CaseFacts| match standing(case, today) {
            Standing::Runs => "runs".to_owned(),
            Standing::Waits(refusal) => format!("waits {}", refusal.code),
            Standing::Recall(refusal) => format!("recall {}", refusal.code),
        };
        assert_eq!(told(&case()), "runs");
        assert_eq!(told(&CaseFacts { balance: Pence::ZERO, ..case() }), "recall REC-07-PAID");
        assert_eq!(told(&CaseFacts { balance: Pence(10), ..case() }), "runs");
        assert_eq!(told(&CaseFacts { bank_file_unposted: true, ..case() }), "runs");
        assert_eq!(told(&CaseFacts { unallocated: Pence(100), ..case() }), "waits REC-X7-CASH");
        let flagged = |kind| CaseFacts {
            flags: vec![Flag {
                kind,
                evidence: "x".into(),
                starts_on: d("2026-07-01"),
                ends_on: None,
                review_on: None,
            }],
            ..case()
        };
        assert_eq!(told(&flagged(FlagKind::BreathingSpace)), "recall BS-03-BREATHING-SPACE");
        assert_eq!(told(&flagged(FlagKind::Deceased)), "recall BS-06-DECEASED");
        assert_eq!(told(&flagged(FlagKind::Insolvent)), "recall BS-05-INSOLVENT");
        assert_eq!(told(&flagged(FlagKind::Vulnerable)), "recall BS-08-VULNERABLE");
        assert_eq!(told(&flagged(FlagKind::GoneAway)), "runs");
        let held = |reason| CaseFacts {
            holds: vec![Hold { reason, starts_on: d("2026-07-01"), ends_on: None, part: false }],
            ..case()
        };
        let recalled = [
            HoldReason::BreathingSpace,
            HoldReason::Deceased,
            HoldReason::Insolvency,
            HoldReason::Safeguarding,
            HoldReason::VulnerabilityReview,
            HoldReason::Dispute,
            HoldReason::IndemnityClaim,
            HoldReason::Complaint,
            HoldReason::Legal,
        ];
        for reason in HoldReason::ALL {
            let kind = told(&held(*reason));
            let expected = match reason {
                one if recalled.contains(one) => "recall",
                HoldReason::GoneAway => "runs",
                _ => "waits",
            };
            assert!(kind.starts_with(expected), "{reason:?}: {kind}");
        }
    }

    #[test]
    fn rec_e7_row_by_row_only_what_came_while_placed_earns() {
        let terms = FeeTerms {
            placed_on: d("2026-07-01"),
            recalled_on: Some(d("2026-08-01")),
            after_recall_days: 0,
            rate: BasisPoints(1_200),
            vat_rate: BasisPoints(2_000),
        };
        let on = |day: &str, pence| earned(&terms, d(day), Pence(pence));
        assert_eq!(on("2026-07-10", 30_000), (Pence(3_600), Pence(720)));
        assert_eq!(on("2026-07-20", 20_000), (Pence(2_400), Pence(480)));
        assert_eq!(on("2026-08-05", 70_000), (Pence::ZERO, Pence::ZERO));
        assert_eq!(on("2026-06-30", 70_000), (Pence::ZERO, Pence::ZERO));
        let late = commission_query(&terms, d("2026-08-05"), (Pence(8_400), Pence(1_680)), (Pence::ZERO, Pence::ZERO));
        assert!(late.contains("after the recall of 1 August 2026"), "{late}");
        let asked =
            |pence| commission_query(&terms, d("2026-07-10"), (Pence(pence), Pence(720)), (Pence(3_600), Pence(720)));
        assert_eq!(asked(3_602), "");
        assert!(asked(3_603).contains("the contract gives £36.00"));
    }

    #[test]
    fn every_closure_code_is_known_once() {
        for one in CLOSURES {
            assert_eq!(closure_of(&one.code.to_lowercase()), Some(one));
        }
        assert_eq!(closure_of("XYZ"), None);
    }
}
