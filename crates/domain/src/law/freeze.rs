//! What a stop of the law comes to for a person at the desk: what is stopped, until when, who may still be spoken to, what
//! resumes (BS-03, BS-05, BS-06, BS-07).
use super::act::Act;
use super::capacity::{Capacity, Matter};
use super::death::Death;
use super::enforcement::Method;
use super::facts::CaseFacts;
use super::insolvency::{Insolvency, InsolvencyKind};
use super::may::may;
use super::moratorium::{COOLING_DAYS, Moratorium};
use crate::calendar::add_days;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// Contact that stays allowed.
    StillAllowed {
        /// The debt adviser.
        Adviser = "adviser", "Speak with the debt adviser";
        /// Money that is offered.
        VoluntaryPayment = "voluntary_payment", "Take a payment that is offered";
        /// What falls due from now on.
        OngoingBill = "ongoing_bill", "Bill what falls due from now on, by itself";
        /// Answers to what the person asks.
        AnswerQuestion = "answer_question", "Answer what the customer asks";
        /// The office-holder.
        OfficeHolder = "office_holder", "Write to the office-holder";
        /// The personal representatives.
        Representatives = "representatives", "Write to the personal representatives";
        /// Whoever told us.
        Informant = "informant", "Speak with whoever told us, as they agreed";
        /// An attorney, a deputy, an appointee.
        Representative = "representative", "Write to whoever may act for the customer";
        /// Papers the law makes us send.
        LegalNotice = "legal_notice", "Send a notice that the law asks for";
    }
}

named! {
    /// What happens when a stop ends.
    Resumes {
        /// The stage before goes on.
        SameStage = "same_stage", "Recovery goes on at the stage before";
        /// Interest from the day after, never for the days between.
        InterestFromThen = "interest_from_then", "Interest runs again from that day, not for the days between";
        /// A plan, by new days that are agreed.
        PlanByAgreement = "plan_by_agreement", "The plan goes on by new days that are agreed";
        /// What is left is given up.
        WriteOffRest = "write_off_rest", "What no dividend paid is written off";
        /// The estate is claimed from.
        ClaimFromEstate = "claim_from_estate", "The debt is claimed from the estate";
        /// Nothing by itself: somebody decides.
        SomebodyDecides = "somebody_decides", "Somebody decides what follows";
    }
}

/// A stop of the law in one view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none while nobody knows.
    pub until_on: Option<NaiveDate>,
    /// First day on which recovery may go on, policy's cooling days counted.
    pub recovery_from: Option<NaiveDate>,
    /// What stays allowed.
    pub allowed: Vec<StillAllowed>,
    /// What follows.
    pub then: Vec<Resumes>,
}

impl Moratorium {
    /// The stop of a moratorium.
    pub fn freeze(&self) -> Freeze {
        use StillAllowed::{Adviser, AnswerQuestion, LegalNotice, OngoingBill, VoluntaryPayment};
        Freeze {
            from_on: self.starts_on,
            until_on: self.last_day(),
            recovery_from: self.resumes_on().map(|day| add_days(day, COOLING_DAYS)),
            allowed: vec![Adviser, VoluntaryPayment, OngoingBill, AnswerQuestion, LegalNotice],
            then: vec![Resumes::SameStage, Resumes::InterestFromThen, Resumes::PlanByAgreement],
        }
    }
}

impl Insolvency {
    /// The stop of an insolvency.
    pub fn freeze(&self) -> Freeze {
        use StillAllowed::{AnswerQuestion, LegalNotice, OfficeHolder, OngoingBill};
        let mut allowed = vec![OfficeHolder, OngoingBill, AnswerQuestion, LegalNotice];
        if matches!(self.kind, InsolvencyKind::Dissolved) {
            allowed = vec![LegalNotice];
        }
        let then = match self.kind {
            InsolvencyKind::CompanyMoratorium | InsolvencyKind::OtherNation => Resumes::SomebodyDecides,
            _ if self.revoked => Resumes::SameStage,
            _ => Resumes::WriteOffRest,
        };
        let until_on = if self.revoked { self.ended_on } else { None };
        let recovery_from = until_on.map(|last| add_days(last, 1));
        Freeze { from_on: self.on, until_on, recovery_from, allowed, then: vec![then] }
    }
}

impl Death {
    /// The stop of a death: to the person for ever, to the estate for a time.
    pub fn freeze(&self) -> Freeze {
        Freeze {
            from_on: self.told_on,
            until_on: None,
            recovery_from: Some(self.demand_from()),
            allowed: vec![StillAllowed::Representatives, StillAllowed::Informant],
            then: vec![Resumes::ClaimFromEstate],
        }
    }
}

impl Capacity {
    /// The stop where somebody cannot act; none where they can.
    pub fn freeze(&self, today: NaiveDate) -> Option<Freeze> {
        let somebody = self.authorities.iter().any(|one| one.may(Matter::Letters, today).is_ok());
        self.lacks.then(|| Freeze {
            from_on: today,
            until_on: None,
            recovery_from: somebody.then_some(today),
            allowed: if somebody { vec![StillAllowed::Representative] } else { vec![] },
            then: vec![if somebody { Resumes::SameStage } else { Resumes::SomebodyDecides }],
        })
    }
}

/// Every act there is, each once, to be told in one list.
pub const EVERY_ACT: [Act; 32] = [
    Act::Statement,
    Act::Chase,
    Act::Call,
    Act::LetterOfClaim,
    Act::InterestDemand,
    Act::Compensation,
    Act::CourtInterest,
    Act::Fee,
    Act::Decision,
    Act::Agency,
    Act::Trace,
    Act::UseTracedAddress,
    Act::Court,
    Act::JudgmentRequest,
    Act::Enforcement(Method::Warrant),
    Act::Enforcement(Method::Writ),
    Act::Enforcement(Method::AttachmentOfEarnings),
    Act::Enforcement(Method::ChargingOrder),
    Act::Enforcement(Method::OrderForSale),
    Act::Enforcement(Method::ThirdPartyDebt),
    Act::Enforcement(Method::Information),
    Act::Enforcement(Method::Petition),
    Act::StatutoryDemand,
    Act::Suspension,
    Act::ProposePlan,
    Act::PlanDefault,
    Act::SetOff,
    Act::CollectArrears,
    Act::MoveToRelative,
    Act::HomeOffice,
    Act::WriteOff,
    Act::WriteBack,
];

/// Acts that stand open on a day, in the order of [`EVERY_ACT`].
pub fn open_acts(facts: &CaseFacts, on: NaiveDate) -> Vec<Act> {
    EVERY_ACT.into_iter().filter(|act| may(*act, facts, on).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::moratorium::MoratoriumKind;
    use super::*;
    use crate::customers::{CustomerKind, Flag, FlagKind};
    use crate::money::Pence;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn moratorium() -> Moratorium {
        Moratorium {
            kind: MoratoriumKind::Standard,
            starts_on: d("2026-09-14"),
            notified_end_on: None,
            treatment_ended_on: None,
        }
    }

    #[test]
    fn leg_07_a_moratorium_stops_until_its_end_and_then_the_same_stage_goes_on() {
        let freeze = moratorium().freeze();
        assert_eq!((freeze.until_on, freeze.recovery_from), (Some(d("2026-11-12")), Some(d("2026-11-20"))));
        assert!(freeze.allowed.contains(&StillAllowed::Adviser) && freeze.allowed.contains(&StillAllowed::OngoingBill));
        assert_eq!(freeze.then[0], Resumes::SameStage);
        let open = Moratorium { kind: MoratoriumKind::MentalHealthCrisis, ..moratorium() }.freeze();
        assert_eq!((open.until_on, open.recovery_from), (None, None));
    }

    #[test]
    fn leg_06_an_insolvency_leaves_the_office_holder_and_ends_in_a_write_off() {
        for kind in InsolvencyKind::ALL {
            let case =
                Insolvency { kind: *kind, on: d("2026-03-02"), ended_on: None, revoked: false, final_dividend: false };
            let freeze = case.freeze();
            assert_eq!(freeze.allowed.contains(&StillAllowed::OfficeHolder), *kind != InsolvencyKind::Dissolved);
            let legal = matches!(kind, InsolvencyKind::CompanyMoratorium | InsolvencyKind::OtherNation);
            assert_eq!(freeze.then, [if legal { Resumes::SomebodyDecides } else { Resumes::WriteOffRest }], "{kind:?}");
            let revoked = Insolvency { revoked: true, ended_on: Some(d("2026-05-01")), ..case }.freeze();
            assert_eq!(revoked.recovery_from, Some(d("2026-05-02")));
        }
    }

    #[test]
    fn leg_08_a_death_leaves_the_representatives() {
        let death =
            Death { on: d("2026-06-18"), told_on: d("2026-06-20"), source: "Family".into(), to_representatives: true };
        let freeze = death.freeze();
        assert_eq!((freeze.until_on, freeze.recovery_from), (None, Some(d("2026-07-18"))));
        assert_eq!(freeze.allowed, [StillAllowed::Representatives, StillAllowed::Informant]);
    }

    #[test]
    fn bs_07_without_capacity_and_without_anybody_everything_waits() {
        let mut person = Capacity::default();
        assert_eq!(person.freeze(d("2026-11-22")), None);
        person.lacks = true;
        let freeze = person.freeze(d("2026-11-22")).expect("stopped");
        assert_eq!((freeze.recovery_from, freeze.allowed), (None, vec![]));
        assert_eq!(freeze.then, [Resumes::SomebodyDecides]);
    }

    #[test]
    fn bs_03_in_a_moratorium_only_giving_up_stays_open() {
        let mut case = CaseFacts::of(CustomerKind::SoleTrader, Pence(600_000));
        assert!(open_acts(&case, d("2026-10-01")).contains(&Act::Chase));
        case.flags.push(Flag {
            kind: FlagKind::BreathingSpace,
            evidence: "Notice 123".into(),
            starts_on: d("2026-09-14"),
            ends_on: moratorium().last_day(),
            review_on: None,
        });
        case.step.written_off = Pence(1);
        assert_eq!(open_acts(&case, d("2026-10-01")), [Act::WriteBack]);
        assert!(open_acts(&case, d("2026-11-13")).contains(&Act::Chase));
        let names: std::collections::BTreeSet<String> = EVERY_ACT.iter().map(|act| format!("{act:?}")).collect();
        assert_eq!(names.len(), EVERY_ACT.len());
    }
}
