//! The one place that says whether a recovery act is allowed. Asked when a step is decided and again when it leaves.
use super::holds::{Blocked, Hold};
use super::refusals;
use crate::customers::{CustomerKind, Flag, FlagKind};
use crate::money::Pence;
use crate::refusal::{Refusal, RefusalKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A statement of account, not a demand.
    Statement,
    /// A reminder or a call that chases.
    Chase,
    /// A letter of claim or letter before action.
    LetterOfClaim,
    /// Interest demanded.
    InterestDemand,
    /// A decision put before a person.
    Decision,
    /// Placing with an agency.
    Agency,
    /// Issuing a claim.
    Court,
}

impl Act {
    fn stopped_by(self) -> Blocked {
        match self {
            Act::Statement => Blocked::Statements,
            Act::Chase | Act::LetterOfClaim | Act::Decision => Blocked::Letters,
            Act::InterestDemand => Blocked::InterestDemand,
            Act::Agency => Blocked::Agency,
            Act::Court => Blocked::Court,
        }
    }

    /// Beyond reminders: needs a worthwhile balance and a known address.
    fn is_serious(self) -> bool {
        matches!(self, Act::LetterOfClaim | Act::Agency | Act::Court)
    }
}

/// What is known of a case when an act is weighed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFacts {
    /// What the customer is.
    pub customer_kind: CustomerKind,
    /// Flags on the customer that bear on this debt (an ongoing liability leaves out the moratorium).
    pub flags: Vec<Flag>,
    /// Holds on the debt or the customer.
    pub holds: Vec<Hold>,
    /// What is open on the debts the act is about.
    pub balance: Pence,
    /// The site's least balance for a reminder.
    pub minimum_to_chase: Pence,
    /// The site's least balance for claims and agencies.
    pub minimum_to_claim: Pence,
    /// Money of this customer that waits to be allocated, above zero.
    pub unallocated: Pence,
    /// A bank file of today has been received and is not posted.
    pub bank_file_unposted: bool,
    /// Our own organisation is an NHS body.
    pub we_are_nhs: bool,
}

/// Whether an act is allowed today. In order of precedence: freezes of law, holds, who the customer is, cash, amount.
pub fn may_act(facts: &CaseFacts, act: Act, today: NaiveDate) -> Result<(), Refusal> {
    freezes(facts, act, today)?;
    holds(facts, act, today)?;
    customer(facts, act, today)?;
    if act != Act::Statement {
        cash_before_chase(facts)?;
    }
    balance(facts, act)
}

fn flag(facts: &CaseFacts, kind: FlagKind, today: NaiveDate) -> Option<&Flag> {
    facts.flags.iter().find(|flag| flag.kind == kind && flag.holds_on(today))
}

fn freezes(facts: &CaseFacts, act: Act, today: NaiveDate) -> Result<(), Refusal> {
    let frozen: [(FlagKind, RefusalKind, &str); 3] = [
        (FlagKind::BreathingSpace, refusals::BREATHING_SPACE, "This debt is in breathing space"),
        (FlagKind::Deceased, refusals::DECEASED, "The customer has died"),
        (FlagKind::Insolvent, refusals::INSOLVENT, "The customer is insolvent"),
    ];
    for (kind, refusal, sentence) in frozen {
        let stops = !(kind == FlagKind::Insolvent && act == Act::Statement);
        if let Some(flag) = flag(facts, kind, today).filter(|_| stops) {
            return Err(until(refusal.because(sentence), flag.ends_on));
        }
    }
    Ok(())
}

fn holds(facts: &CaseFacts, act: Act, today: NaiveDate) -> Result<(), Refusal> {
    // A reminder leaves out what is in query and asks for the rest; what goes beyond a reminder waits for the answer.
    let leaves_out = |hold: &Hold| hold.part && act == Act::Chase;
    let stopping =
        |hold: &&Hold| hold.holds_on(today) && !leaves_out(hold) && hold.reason.blocks().contains(&act.stopped_by());
    match facts.holds.iter().filter(stopping).min_by_key(|hold| hold.reason) {
        Some(hold) => {
            let sentence = format!("On hold: {}", hold.reason.name().to_lowercase());
            Err(until(hold.reason.refusal().because(sentence), hold.ends_on))
        }
        None => Ok(()),
    }
}

fn customer(facts: &CaseFacts, act: Act, today: NaiveDate) -> Result<(), Refusal> {
    if act.is_serious() && flag(facts, FlagKind::GoneAway, today).is_some() {
        return Err(refusals::GONE_AWAY_CLAIM.because("The customer has gone away from the address we hold"));
    }
    if matches!(act, Act::Agency | Act::Court) {
        if flag(facts, FlagKind::Vulnerable, today).is_some() {
            return Err(refusals::VULNERABLE.because("The customer is flagged as vulnerable"));
        }
        let nhs_to_nhs = facts.we_are_nhs && facts.customer_kind == CustomerKind::NhsBody;
        if nhs_to_nhs || facts.customer_kind.is_public_authority() {
            return Err(refusals::PUBLIC_BODY.because("NHS bodies and councils are not sent to court or an agency"));
        }
    }
    Ok(())
}

fn cash_before_chase(facts: &CaseFacts) -> Result<(), Refusal> {
    if facts.unallocated > Pence::ZERO {
        let sentence = format!("{} of this customer waits to be allocated", facts.unallocated);
        return Err(refusals::CASH_FIRST.because(sentence));
    }
    if facts.bank_file_unposted {
        return Err(refusals::BANK_FILE_FIRST.because("A bank file of today is not posted"));
    }
    Ok(())
}

fn balance(facts: &CaseFacts, act: Act) -> Result<(), Refusal> {
    let least = match act {
        Act::Statement | Act::Decision | Act::InterestDemand => Pence(1),
        Act::Chase => facts.minimum_to_chase.max(Pence(1)),
        Act::LetterOfClaim | Act::Agency | Act::Court => facts.minimum_to_claim.max(Pence(1)),
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
mod tests {
    use super::super::holds::HoldReason;
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn facts() -> CaseFacts {
        CaseFacts {
            customer_kind: CustomerKind::Individual,
            flags: vec![],
            holds: vec![],
            balance: Pence(50_000),
            minimum_to_chase: Pence(500),
            minimum_to_claim: Pence(5_000),
            unallocated: Pence::ZERO,
            bank_file_unposted: false,
            we_are_nhs: false,
        }
    }

    fn flagged(kind: FlagKind) -> Flag {
        let (starts_on, ends_on) = (d("2026-09-14"), Some(d("2026-11-12")));
        Flag { kind, evidence: "Notice".into(), starts_on, ends_on, review_on: None }
    }

    fn held(reason: HoldReason) -> Hold {
        Hold { reason, starts_on: d("2026-09-01"), ends_on: None, part: false }
    }

    fn code(facts: &CaseFacts, act: Act) -> String {
        may_act(facts, act, d("2026-10-01")).map_or_else(|refusal| refusal.code, |()| "allowed".into())
    }

    const EVERY_ACT: [Act; 7] =
        [Act::Statement, Act::Chase, Act::LetterOfClaim, Act::InterestDemand, Act::Decision, Act::Agency, Act::Court];

    #[test]
    fn nothing_stands_in_the_way() {
        for act in EVERY_ACT {
            assert_eq!(code(&facts(), act), "allowed");
        }
    }

    #[test]
    fn freezes_outrank_everything() {
        let mut case = facts();
        case.holds.push(held(HoldReason::Dispute));
        case.flags = vec![flagged(FlagKind::Insolvent), flagged(FlagKind::Deceased), flagged(FlagKind::BreathingSpace)];
        for act in EVERY_ACT {
            assert_eq!(code(&case, act), "BS-03-BREATHING-SPACE");
        }
        case.flags.pop();
        assert_eq!(code(&case, Act::Chase), "BS-06-DECEASED");
        case.flags.pop();
        assert_eq!(code(&case, Act::Chase), "BS-05-INSOLVENT");
        assert_eq!(code(&case, Act::Statement), "allowed");
    }

    #[test]
    fn bs_e1_recovery_may_restart_the_day_after_the_last() {
        let mut case = facts();
        case.flags.push(flagged(FlagKind::BreathingSpace));
        let refused = may_act(&case, Act::Chase, d("2026-11-12")).expect_err("frozen");
        assert_eq!(refused.allowed_from, Some(d("2026-11-13")));
        assert_eq!(may_act(&case, Act::Chase, d("2026-11-13")), Ok(()));
    }

    #[test]
    fn every_hold_stops_letters_by_its_own_code() {
        for reason in HoldReason::ALL {
            let mut case = facts();
            case.holds.push(held(*reason));
            assert_eq!(code(&case, Act::Chase), reason.refusal().code);
            assert_eq!(code(&case, Act::Court), reason.refusal().code);
        }
        let mut case = facts();
        case.holds = vec![held(HoldReason::GoneAway), held(HoldReason::Dispute)];
        assert_eq!(code(&case, Act::Chase), "REC-04-HOLD-DISPUTE");
        assert_eq!(code(&case, Act::Statement), "allowed");
    }

    #[test]
    fn qry_02_a_part_in_query_stops_everything_but_the_reminder_of_the_rest() {
        let mut case = facts();
        case.holds.push(Hold { part: true, ..held(HoldReason::Dispute) });
        for act in EVERY_ACT {
            let stopped = !matches!(act, Act::Chase | Act::Statement);
            assert_eq!(code(&case, act), if stopped { "REC-04-HOLD-DISPUTE" } else { "allowed" }, "{act:?}");
        }
        case.holds.push(held(HoldReason::Complaint));
        assert_eq!(code(&case, Act::Chase), "REC-04-HOLD-COMPLAINT");
    }

    #[test]
    fn who_the_customer_is() {
        let mut case = facts();
        case.flags = vec![flagged(FlagKind::GoneAway)];
        assert_eq!(code(&case, Act::LetterOfClaim), "REC-02-GONE-AWAY");
        assert_eq!(code(&case, Act::Chase), "allowed");
        case.flags = vec![flagged(FlagKind::Vulnerable)];
        assert_eq!(code(&case, Act::Court), "BS-08-VULNERABLE");
        case.flags.clear();
        case.customer_kind = CustomerKind::NhsBody;
        case.we_are_nhs = true;
        assert_eq!(code(&case, Act::Agency), "REC-04-PUBLIC-BODY");
        assert_eq!(code(&case, Act::Court), "REC-04-PUBLIC-BODY");
        assert_eq!(code(&case, Act::Chase), "allowed");
    }

    #[test]
    fn cash_before_chase() {
        let mut case = facts();
        case.bank_file_unposted = true;
        assert_eq!(code(&case, Act::Chase), "REC-X7-BANK-FILE");
        case.unallocated = Pence(1);
        assert_eq!(code(&case, Act::Chase), "REC-X7-CASH");
        assert_eq!(code(&case, Act::Statement), "allowed");
    }

    #[test]
    fn small_balances_are_not_taken_to_court() {
        let mut case = facts();
        case.balance = Pence(4_999);
        assert_eq!(code(&case, Act::LetterOfClaim), "REC-02-MINIMUM-BALANCE");
        assert_eq!(code(&case, Act::Chase), "allowed");
        case.balance = Pence(499);
        assert_eq!(code(&case, Act::Chase), "REC-02-MINIMUM-BALANCE");
    }
}
