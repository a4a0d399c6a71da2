//! Which debts are proposed, why, and what stands in the way (REC-09).
use super::{
    Candidate, DISCLOSED_ABOVE, Evidence, SERVICE_DAYS, UNECONOMIC_BELOW, WriteOffReason, desk_refusals,
    may_write_off_small, reasons_to_give_up,
};
use crate::calendar::{add_days, add_months};
use crate::customers::CustomerKind;
use crate::law::refusals as law;
use crate::law::{Act, CaseFacts, GiveUp, Hold, HoldReason, Insolvency, may};
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The criteria, each a policy with a date where it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// Days overdue before a debt is looked at.
    pub age_days: i64,
    /// Below this a debt is uneconomic once the final reminder has gone.
    pub uneconomic_below: Pence,
    /// The greatest small balance.
    pub small_maximum: Pence,
    /// Days overdue before a small balance may go.
    pub small_age_days: i64,
    /// Days a service has to answer.
    pub service_days: i64,
    /// From this amount one case is disclosed singly.
    pub disclosed_from: Pence,
    /// Months after which an untraced customer's debt is proposed.
    pub gone_away_months: i64,
    /// Above this a committee decides.
    pub committee_above: Pence,
}

impl Default for Criteria {
    fn default() -> Self {
        Criteria {
            age_days: 90,
            uneconomic_below: UNECONOMIC_BELOW,
            small_maximum: Pence(1_000),
            small_age_days: 60,
            service_days: SERVICE_DAYS,
            disclosed_from: DISCLOSED_ABOVE,
            gone_away_months: 3,
            committee_above: Pence(1_000_000),
        }
    }
}

impl Criteria {
    /// Stored name, words, and value of each; the values are pence, days or months.
    pub fn named(&self) -> [(&'static str, &'static str, i64); 8] {
        [
            ("age_days", "Days overdue before a debt is looked at", self.age_days),
            ("uneconomic_below", "Uneconomic below, in pence", self.uneconomic_below.0),
            ("small_maximum", "Greatest small balance, in pence", self.small_maximum.0),
            ("small_age_days", "Days overdue before a small balance goes", self.small_age_days),
            ("service_days", "Days a service has to answer", self.service_days),
            ("disclosed_from", "Disclosed singly above, in pence", self.disclosed_from.0),
            ("gone_away_months", "Months gone away before a debt is proposed", self.gone_away_months),
            ("committee_above", "A committee decides above, in pence", self.committee_above.0),
        ]
    }

    /// Sets one by its stored name; false when there is none of the name.
    pub fn set(&mut self, name: &str, value: i64) -> bool {
        match name {
            "age_days" => self.age_days = value,
            "uneconomic_below" => self.uneconomic_below = Pence(value),
            "small_maximum" => self.small_maximum = Pence(value),
            "small_age_days" => self.small_age_days = value,
            "service_days" => self.service_days = value,
            "disclosed_from" => self.disclosed_from = Pence(value),
            "gone_away_months" => self.gone_away_months = value,
            "committee_above" => self.committee_above = Pence(value),
            _ => return false,
        }
        true
    }
}

/// What is known of a debt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtFacts {
    /// What is open.
    pub open: Pence,
    /// What of it is disputed.
    pub disputed: Pence,
    /// When due.
    pub due_on: NaiveDate,
    /// Last payment on it.
    pub last_paid_on: Option<NaiveDate>,
    /// Reminders sent.
    pub letters: i64,
    /// The final reminder has gone.
    pub final_sent: bool,
    /// Stored names of the holds that stand, on it or on the account.
    pub holds: Vec<String>,
    /// Money of the customer that is set against nothing.
    pub money_held: Pence,
    /// Since when the customer is known to be dead.
    pub deceased_since: Option<NaiveDate>,
    /// Since when they are insolvent.
    pub insolvent_since: Option<NaiveDate>,
    /// Since when post comes back.
    pub gone_away_since: Option<NaiveDate>,
    /// The last day on which a claim may be issued, where it was worked out.
    pub claim_until: Option<NaiveDate>,
    /// Searches for probate on file.
    pub probate_searches: u32,
    /// Sources tried to find the customer, on file.
    pub sources_tried: u32,
    /// Ways of enforcing that failed, on file.
    pub enforcement_failed: u32,
    /// The newest insolvency recorded, where its kind and dates are known.
    pub insolvency: Option<Insolvency>,
    /// Grounds of compassion are on file.
    pub compassionate: bool,
}

impl DebtFacts {
    fn candidate(&self, criteria: &Criteria) -> Candidate {
        Candidate {
            open: self.open,
            deceased: self.deceased_since.is_some(),
            insolvency: self.insolvency.clone(),
            probate_searches: self.probate_searches,
            gone_away: self.gone_away_since.is_some(),
            sources_tried: self.sources_tried,
            final_notice_sent: self.final_sent,
            enforcement_failed: (self.enforcement_failed > 0).then_some(self.enforcement_failed),
            compassionate: self.compassionate,
            uneconomic_below: criteria.uneconomic_below,
            ..Candidate::default()
        }
    }
}

/// A piece of evidence that a reason needs, and what is on file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Which.
    pub kind: Evidence,
    /// What there is, in words; nothing while it is missing.
    pub found: Option<String>,
}

/// The checklist of a reason: each need with what is on file.
pub fn checklist(reason: WriteOffReason, on_file: &[(Evidence, String)]) -> Vec<Need> {
    let found = |kind| on_file.iter().find(|(have, _)| *have == kind).map(|(_, words)| words.clone());
    reason.evidence().into_iter().map(|kind| Need { kind, found: found(kind) }).collect()
}

/// What a checklist lacks, for a sentence; empty when it is whole.
pub fn missing(list: &[Need]) -> String {
    let lacks = list.iter().filter(|need| need.found.is_none());
    lacks.map(|need| need.kind.name()).collect::<Vec<_>>().join(", ")
}

/// Holds that stop a write-off: each means that the debt may yet be paid, changed or settled.
const STOPPING: &[&str] = &[
    "breathing_space",
    "dispute",
    "plan",
    "promise",
    "complaint",
    "safeguarding",
    "vulnerability_review",
    "awaiting_funding",
    "credit_pending",
    "indemnity_claim",
    "legal",
    "service_referral",
];

/// What stands in the way of giving a debt up; every reason, the first the weightiest.
pub fn in_the_way(facts: &DebtFacts) -> Vec<Refusal> {
    let mut all = Vec::new();
    if facts.money_held > Pence::ZERO {
        let sentence = format!("{} of the customer is not set against anything", facts.money_held);
        all.push(desk_refusals::MONEY_HELD.because(sentence));
    }
    if facts.disputed > Pence::ZERO {
        all.push(law::GIVE_UP_DISPUTED.because(format!("{} is disputed", facts.disputed)));
    }
    for hold in STOPPING.iter().filter(|name| facts.holds.iter().any(|held| held == *name)) {
        let (kind, words) = match *hold {
            "plan" => (law::GIVE_UP_IN_PLAN, "The debt is in a payment plan".to_owned()),
            "dispute" if facts.disputed > Pence::ZERO => continue,
            "dispute" => (law::GIVE_UP_DISPUTED, "The debt is disputed".to_owned()),
            other => (desk_refusals::HELD, format!("A hold stands: {}", other.replace('_', " "))),
        };
        all.push(kind.because(words));
    }
    all
}

/// The reason that the facts speak for, if any: what is on file already first, then what is worth a search.
pub fn suggested(facts: &DebtFacts, criteria: &Criteria, today: NaiveDate) -> Option<WriteOffReason> {
    if facts.open <= Pence::ZERO || today < add_days(facts.due_on, criteria.age_days) {
        return None;
    }
    let on_file = reasons_to_give_up(&facts.candidate(criteria), today);
    let months = i32::try_from(criteria.gone_away_months).unwrap_or(3);
    let gone = facts.gone_away_since.is_some_and(|day| add_months(day, months) <= today);
    let dead = facts.deceased_since.is_some_and(|day| add_months(day, 6) <= today);
    let first = on_file.first().copied().filter(|reason| *reason != WriteOffReason::Uneconomic);
    let worth_a_look = [
        (facts.claim_until.is_some_and(|last| last < today), WriteOffReason::StatuteBarred),
        (dead, WriteOffReason::DeceasedNoEstate),
        (facts.insolvent_since.is_some(), WriteOffReason::InsolventNoDividend),
        (gone, WriteOffReason::Untraceable),
    ];
    let worth_a_look = worth_a_look.into_iter().find(|(fits, _)| *fits).map(|(_, reason)| reason);
    first.or(worth_a_look).or(on_file.first().copied())
}

/// A reason for people.
pub fn reason_name(reason: WriteOffReason) -> &'static str {
    match reason {
        WriteOffReason::DeceasedNoEstate => "Died, no estate",
        WriteOffReason::InsolventNoDividend => "Insolvent, no dividend",
        WriteOffReason::Untraceable => "Cannot be found",
        WriteOffReason::StatuteBarred => "Out of time",
        WriteOffReason::Uneconomic => "Too small to pursue",
        WriteOffReason::Unenforceable => "Judgment cannot be enforced",
        WriteOffReason::Compassionate => "On compassionate grounds",
    }
}

/// Whether a debt may be put on a schedule for a reason.
///
/// # Errors
/// What stands in the way; `REC-09-AMOUNT`, `REC-09-NOT-UNECONOMIC`, `REC-09-NOT-BARRED`; `BS-05-WRITE-OFF-EARLY` while
/// an order runs or the last dividend is to come (BS-05).
pub fn may_propose(
    facts: &DebtFacts,
    amount: Pence,
    reason: WriteOffReason,
    criteria: &Criteria,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if let Some(first) = in_the_way(facts).into_iter().next() {
        return Err(first);
    }
    may(Act::WriteOff, &before_the_law(facts, amount, reason, criteria), today)?;
    match reason {
        WriteOffReason::StatuteBarred => match facts.claim_until.filter(|last| *last >= today) {
            Some(last) => {
                let refusal =
                    desk_refusals::NOT_BARRED.because(format!("A claim may be issued until {}", written(last)));
                Err(refusal.allowed_from(add_days(last, 1)))
            }
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A write-off as the law weighs it: what is open, held and known of the debtor, and what is asked.
fn before_the_law(facts: &DebtFacts, amount: Pence, reason: WriteOffReason, criteria: &Criteria) -> CaseFacts {
    let disputed = (facts.disputed > Pence::ZERO).then_some(HoldReason::Dispute);
    let held = facts.holds.iter().filter_map(|name| HoldReason::parse(name)).chain(disputed);
    let hold = |reason| Hold { reason, starts_on: facts.due_on, ends_on: None, part: false };
    let mut case = CaseFacts::of(CustomerKind::Unknown, facts.open);
    case.holds = held.map(hold).collect();
    case.unallocated = facts.money_held;
    case.person.insolvency = facts.insolvency.clone();
    case.step.give_up = Some(GiveUp {
        amount,
        reason,
        overridden: false,
        error: false,
        missing: Vec::new(),
        uneconomic_below: criteria.uneconomic_below,
    });
    case
}

/// Why a balance does not go in bulk, for people.
pub fn why_not_small(word: &str) -> &'static str {
    match word {
        "larger" => "Above the maximum",
        "owes_more" => "The account owes more than the maximum",
        "too_new" => "Not overdue long enough",
        "money_held" => "Money on the account is not set against anything",
        _ => "Disputed, or a hold stands",
    }
}

/// Whether a balance is small and old enough to go in bulk, else why not: a stable word for the list.
pub fn small_balance(
    facts: &DebtFacts,
    account_owes: Pence,
    maximum: Pence,
    criteria: &Criteria,
    today: NaiveDate,
) -> Result<(), &'static str> {
    if may_write_off_small(facts.open, maximum).is_err() {
        return Err("larger");
    }
    if account_owes > maximum {
        return Err("owes_more");
    }
    if today < add_days(facts.due_on, criteria.small_age_days) {
        return Err("too_new");
    }
    if facts.money_held > Pence::ZERO {
        return Err("money_held");
    }
    if !in_the_way(facts).is_empty() {
        return Err("held");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::InsolvencyKind;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn facts(open: i64) -> DebtFacts {
        DebtFacts { open: Pence(open), due_on: d("2026-01-10"), ..DebtFacts::default() }
    }

    #[test]
    fn wof_01_the_facts_speak_for_a_reason() {
        let all = Criteria::default();
        let today = d("2026-11-22");
        let of = |facts: &DebtFacts| suggested(facts, &all, today);
        assert_eq!(of(&facts(4_000)), None, "no final reminder");
        assert_eq!(of(&DebtFacts { final_sent: true, ..facts(4_999) }), Some(WriteOffReason::Uneconomic));
        assert_eq!(of(&DebtFacts { final_sent: true, ..facts(5_000) }), None);
        let gone = DebtFacts { gone_away_since: Some(d("2026-08-22")), ..facts(90_000) };
        assert_eq!(of(&gone), Some(WriteOffReason::Untraceable));
        assert_eq!(of(&DebtFacts { gone_away_since: Some(d("2026-08-23")), ..gone.clone() }), None);
        let dead = DebtFacts { deceased_since: Some(d("2026-05-22")), ..gone.clone() };
        assert_eq!(of(&dead), Some(WriteOffReason::DeceasedNoEstate));
        let barred = DebtFacts { claim_until: Some(d("2026-11-21")), ..dead };
        assert_eq!(of(&barred), Some(WriteOffReason::StatuteBarred));
        assert_eq!(of(&DebtFacts { due_on: d("2026-09-10"), ..barred }), None, "not yet ninety days");
    }

    #[test]
    fn bs_05_nothing_is_given_up_while_an_order_runs() {
        let order = Insolvency {
            kind: InsolvencyKind::DebtReliefOrder,
            on: d("2026-03-02"),
            ended_on: None,
            revoked: false,
            final_dividend: false,
        };
        let bound = DebtFacts { insolvency: Some(order), insolvent_since: Some(d("2026-03-02")), ..facts(90_000) };
        let may = |day: &str| {
            may_propose(&bound, Pence(90_000), WriteOffReason::InsolventNoDividend, &Criteria::default(), d(day))
        };
        let refused = may("2027-03-01").expect_err("it runs for twelve months");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("BS-05-WRITE-OFF-EARLY", Some(d("2027-03-02"))));
        assert!(may("2027-03-02").is_ok());
        assert_eq!(suggested(&bound, &Criteria::default(), d("2027-03-02")), Some(WriteOffReason::InsolventNoDividend));
    }

    #[test]
    fn rec_09_what_stands_in_the_way_is_named_with_its_code() {
        let codes = |facts: DebtFacts| -> Vec<String> {
            in_the_way(&facts).into_iter().map(|refusal| refusal.code.to_string()).collect()
        };
        assert!(codes(facts(100)).is_empty());
        let held = |names: &[&str]| DebtFacts { holds: names.iter().map(|n| (*n).to_owned()).collect(), ..facts(100) };
        assert_eq!(codes(held(&["deceased", "insolvency", "gone_away"])), Vec::<String>::new());
        assert_eq!(codes(held(&["plan", "breathing_space"])), ["REC-09-HELD", "REC-09-IN-PLAN"]);
        let both = DebtFacts { money_held: Pence(1), disputed: Pence(50), ..held(&["dispute"]) };
        assert_eq!(codes(both), ["REC-09-MONEY-ON-ACCOUNT", "REC-09-DISPUTED"]);
    }

    #[test]
    fn rec_09_a_reason_must_fit() {
        let all = Criteria::default();
        let today = d("2026-11-22");
        let code = |facts: &DebtFacts, amount, reason| {
            may_propose(facts, Pence(amount), reason, &all, today)
                .map_or_else(|no| no.code.to_string(), |()| String::new())
        };
        assert_eq!(code(&facts(5_000), 5_000, WriteOffReason::Uneconomic), "REC-09-NOT-UNECONOMIC");
        assert_eq!(code(&facts(4_999), 4_999, WriteOffReason::Uneconomic), "");
        assert_eq!(code(&facts(100), 101, WriteOffReason::Untraceable), "REC-09-AMOUNT");
        let kept = Criteria { uneconomic_below: Pence(10_000), ..Criteria::default() };
        let small = may_propose(&facts(9_999), Pence(9_999), WriteOffReason::Uneconomic, &kept, today);
        assert!(small.is_ok(), "the site's own amount counts");
        let in_time = DebtFacts { claim_until: Some(today), ..facts(100) };
        assert_eq!(code(&in_time, 100, WriteOffReason::StatuteBarred), "REC-09-NOT-BARRED");
        let late = DebtFacts { claim_until: Some(d("2026-11-21")), ..facts(100) };
        assert_eq!(code(&late, 100, WriteOffReason::StatuteBarred), "");
    }

    #[test]
    fn wof_03_a_small_balance_is_small_alone_old_and_free() {
        let all = Criteria::default();
        let small = |facts: &DebtFacts, owes| small_balance(facts, Pence(owes), Pence(1_000), &all, d("2026-11-22"));
        assert_eq!(small(&facts(1_000), 1_000), Ok(()));
        assert_eq!(small(&facts(1_001), 1_001), Err("larger"));
        assert_eq!(small(&facts(500), 5_000), Err("owes_more"));
        assert_eq!(small(&DebtFacts { due_on: d("2026-09-24"), ..facts(500) }, 500), Err("too_new"));
        assert_eq!(small(&DebtFacts { due_on: d("2026-09-23"), ..facts(500) }, 500), Ok(()));
        assert_eq!(small(&DebtFacts { holds: vec!["promise".into()], ..facts(500) }, 500), Err("held"));
        assert_eq!(small(&DebtFacts { money_held: Pence(5), ..facts(500) }, 500), Err("money_held"));
    }

    #[test]
    fn wof_01_what_is_missing_is_said_in_words() {
        let on_file = [(Evidence::History, "Kept".to_owned()), (Evidence::ProofOfDeath, "Certificate".to_owned())];
        let list = checklist(WriteOffReason::DeceasedNoEstate, &on_file);
        assert_eq!(missing(&list), "loss category, VAT relief, letters and calls, probate searches");
        let all: Vec<_> = Evidence::ALL.iter().map(|kind| (*kind, "x".to_owned())).collect();
        assert_eq!(missing(&checklist(WriteOffReason::Unenforceable, &all)), "");
    }

    #[test]
    fn wof_01_evidence_on_file_speaks_before_a_date_does() {
        let today = d("2026-11-22");
        let of = |facts: &DebtFacts| suggested(facts, &Criteria::default(), today);
        let searched = DebtFacts { deceased_since: Some(d("2026-09-01")), probate_searches: 3, ..facts(90_000) };
        assert_eq!(of(&searched), Some(WriteOffReason::DeceasedNoEstate));
        assert_eq!(of(&DebtFacts { probate_searches: 2, ..searched }), None);
        let tried = DebtFacts { enforcement_failed: 1, ..facts(90_000) };
        assert_eq!(of(&tried), Some(WriteOffReason::Unenforceable));
    }

    #[test]
    fn criteria_are_set_by_name() {
        let mut all = Criteria::default();
        for (name, _, value) in Criteria::default().named() {
            assert!(all.set(name, value + 1), "{name}");
        }
        assert!(!all.set("other", 1));
        assert!(all.named().iter().zip(Criteria::default().named()).all(|(new, old)| new.2 == old.2 + 1));
    }
}
