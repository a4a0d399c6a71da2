//! What is known of a case when an act is weighed: the debt, the person, the step.
use super::capacity::Capacity;
use super::contact::ContactFacts;
use super::death::{Death, OwesBecause};
use super::debt_facts::DebtClass;
use super::enforcement::JudgmentFacts;
use super::give_up::GiveUp;
use super::holds::Hold;
use super::insolvency::Insolvency;
use super::judgment::ClaimAtCourt;
use super::late_payment::DebtNature;
use super::limitation::Limitation;
use super::moratorium::MoratoriumLeave;
use super::overseas::HomeOfficeFacts;
use super::pre_action::ClaimFacts;
use super::vulnerability::Vulnerability;
use crate::customers::{CustomerKind, Flag};
use crate::money::Pence;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
    /// More of the debt, where the act asks for it.
    #[serde(default)]
    pub debt: DebtFacts,
    /// More of the person.
    #[serde(default)]
    pub person: PersonFacts,
    /// What the step itself needs.
    #[serde(default)]
    pub step: StepFacts,
}

impl CaseFacts {
    /// A case of which no more is known than who owes how much.
    pub fn of(customer_kind: CustomerKind, balance: Pence) -> CaseFacts {
        CaseFacts {
            customer_kind,
            flags: vec![],
            holds: vec![],
            balance,
            minimum_to_chase: Pence::ZERO,
            minimum_to_claim: Pence::ZERO,
            unallocated: Pence::ZERO,
            bank_file_unposted: false,
            we_are_nhs: false,
            debt: DebtFacts::default(),
            person: PersonFacts::default(),
            step: StepFacts::default(),
        }
    }
}

/// What is known of the debt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebtFacts {
    /// What it arises from.
    pub nature: DebtNature,
    /// When it was incurred.
    pub incurred_on: Option<NaiveDate>,
    /// When it was due.
    pub due_on: Option<NaiveDate>,
    /// The last day without interest under the act.
    pub relevant_day: Option<NaiveDate>,
    /// The contract has its own substantial interest.
    pub contract_interest: bool,
    /// The contract provides for a charge for chasing.
    pub contract_fee: bool,
    /// From fraud: it survives bankruptcy and debt relief.
    pub fraud: bool,
    /// How long it can be sued for.
    pub limitation: Option<Limitation>,
    /// The person said they will not pay it.
    pub refused_to_pay: bool,
    /// It is a care charge.
    pub care: Option<CareDebt>,
    /// It is overpaid benefit.
    pub benefit: Option<BenefitDebt>,
    /// It is overpaid pay, or a direct payment that was not spent.
    pub overpaid: Option<OverpaidDebt>,
    /// It is owed with somebody else.
    pub joint: Option<JointDebt>,
    /// Interest as it is asked.
    pub interest: InterestAsk,
}

/// A care charge (Care Act s69).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareDebt {
    /// A deferred payment agreement could be entered into.
    pub deferral_possible: bool,
    /// The adult refused one on this day.
    pub deferral_refused_on: Option<NaiveDate>,
    /// The debt is deferred under an agreement.
    pub deferred: bool,
}

/// Overpaid benefit (REC-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenefitDebt {
    /// When a valid decision notice was sent.
    pub notice_on: Option<NaiveDate>,
    /// An appeal or reconsideration is open.
    pub appeal_open: bool,
}

/// Overpaid pay, or a direct payment that was not spent (REC-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverpaidDebt {
    /// Which of the two.
    pub class: DebtClass,
    /// When the calculation, or the statement of the unspent sum, was sent.
    pub told_on: Option<NaiveDate>,
}

/// A debt shared with somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointDebt {
    /// The other debtor is in a moratorium.
    pub other_frozen: bool,
    /// A manager released this debtor after legal advice.
    pub released: bool,
}

/// Interest as somebody wants to charge it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterestAsk {
    /// Interest on interest.
    pub compound: bool,
    /// With VAT on it.
    pub with_vat: bool,
    /// The fixed sum was charged before.
    pub compensated: bool,
    /// The claim is being made: section 69 may be pleaded.
    pub in_claim: bool,
}

/// What is known of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonFacts {
    /// Leave to go on in a moratorium.
    pub leave: Option<MoratoriumLeave>,
    /// How they are insolvent.
    pub insolvency: Option<Insolvency>,
    /// How we know of their death.
    pub death: Option<Death>,
    /// Capacity, and who may act.
    pub capacity: Capacity,
    /// Vulnerabilities in detail; the flag alone stops too.
    pub vulnerabilities: Vec<Vulnerability>,
    /// Not to be traced.
    pub do_not_trace: bool,
    /// Scotland, Northern Ireland, or abroad.
    pub outside_england_and_wales: bool,
}

/// What the step itself needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepFacts {
    /// A person decided it.
    pub decided_by_person: bool,
    /// How the person is reached.
    pub contact: Option<ContactFacts>,
    /// What happened since the letter of claim.
    pub pre_action: Option<PreAction>,
    /// The agency.
    pub agency: Option<AgencyFacts>,
    /// The service.
    pub service: Option<ServiceFacts>,
    /// The claim.
    pub claim: Option<ClaimAtCourt>,
    /// The judgment.
    pub judgment: Option<JudgmentFacts>,
    /// The plan.
    pub plan: Option<PlanState>,
    /// What is given up.
    pub give_up: Option<GiveUp>,
    /// What was given up before.
    pub written_off: Pence,
    /// What would be told to the Home Office.
    pub home_office: Option<HomeOfficeFacts>,
    /// The search.
    pub trace: Option<TraceFacts>,
    /// Why a relative owes it, and the document.
    pub relative: Option<(OwesBecause, String)>,
}

/// What happened since the letter of claim, and what still hangs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreAction {
    /// The dates.
    pub dates: ClaimFacts,
    /// The reply form is partly completed and nobody cleared it up.
    pub reply_unclear: bool,
    /// A manager's reason to issue early because time runs out.
    pub time_runs_out: Option<String>,
    /// A plan that was agreed since the letter of claim broke on this day: an updated letter comes first.
    #[serde(default)]
    pub plan_broke_on: Option<NaiveDate>,
}

/// What placing with an agency needs (REC-07).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyFacts {
    /// The data-sharing agreement is on file.
    pub agreement: bool,
    /// The debt is with an agency.
    pub placed: bool,
    /// The steps before were taken.
    pub steps_taken: bool,
    /// We hold an address.
    pub address_held: bool,
}

named! {
    /// Which service would be suspended.
    ServiceKind {
        /// Meets eligible needs under the Care Act.
        EligibleCare = "eligible_care", "Care that meets eligible needs";
        /// Urgent or immediately necessary treatment.
        UrgentTreatment = "urgent_treatment", "Urgent or immediately necessary treatment";
        /// For somebody's safety.
        Safeguarding = "safeguarding", "Safeguarding";
        /// Education that the law provides.
        StatutoryEducation = "statutory_education", "Statutory education";
        /// Everything else.
        Other = "other", "Other service";
    }
}

named! {
    /// What the service answered.
    ServiceAnswer {
        /// Go on.
        Continue = "continue", "Continue";
        /// Suspend.
        Suspend = "suspend", "Suspend";
        /// Give it up.
        WriteOff = "write_off", "Write off";
        /// To court.
        Court = "court", "Court";
    }
}

/// The question to the service (REC-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFacts {
    /// Which.
    pub kind: ServiceKind,
    /// When it was asked.
    pub asked_on: Option<NaiveDate>,
    /// What it said.
    pub answer: Option<ServiceAnswer>,
}

impl ServiceFacts {
    /// Days in which a service answers.
    pub const DAYS: i64 = 14;

    /// The first day on which silence is escalated.
    pub fn escalate_on(&self) -> Option<NaiveDate> {
        self.asked_on.filter(|_| self.answer.is_none()).map(|on| crate::calendar::add_days(on, Self::DAYS + 1))
    }
}

/// How a plan stands, for the law; plans work it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanState {
    /// How much it is behind.
    pub behind: Pence,
    /// The first day on which it is broken, if it can be said.
    pub broken_from: Option<NaiveDate>,
}

/// A search for somebody, or an address it found (REC-08).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceFacts {
    /// A lawful basis is recorded, and the source may be used for debt.
    pub basis: bool,
    /// Proven by two sources, and a person accepted it.
    pub accepted: bool,
    /// The letter only asks whether they are this person.
    pub only_asks_who: bool,
}
