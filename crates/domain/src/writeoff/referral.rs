//! The question to the owning service: go on, suspend, give up or court (REC-06).
use crate::calendar::add_days;
use crate::catalogue;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What referrals refuse.
pub mod refusals {
    use super::catalogue::refusals;
    refusals! {
        /// A service that meets eligible needs.
        CARE_ACT = "REC-06-CARE-ACT", "REC-06", "Ask whether to go on, to give up or to go to court; the service goes on";
        /// Treatment that cannot wait.
        URGENT_TREATMENT = "REC-06-URGENT-TREATMENT", "REC-06", "Ask whether to go on, to give up or to go to court; treatment goes on";
        /// Safeguarding.
        SAFEGUARDING = "REC-06-SAFEGUARDING", "REC-06", "Ask whether to go on, to give up or to go to court; the service goes on";
        /// Statutory education.
        EDUCATION = "REC-06-EDUCATION", "REC-06", "Ask whether to go on, to give up or to go to court; the service goes on";
        /// A question about it is open.
        OPEN = "REC-06-OPEN", "REC-06", "Wait for the answer, or withdraw the question";
        /// The question is over.
        OVER = "REC-06-OVER", "REC-06", "Open the debt's write-off page: the question has been settled";
        /// A link that cannot be used.
        LINK = "REC-06-LINK", "REC-06", "Ask the team that sent it for a new link";
        /// Silence never suspends.
        DEFAULT = "REC-06-DEFAULT", "REC-06", "Choose what follows if nobody answers: go on, give up or court";
        /// No address to write from.
        NO_ADDRESS = "REC-06-NO-ADDRESS", "REC-06", "Ask an administrator to enter where our pages are reached";
    }
}

named! {
    /// What the service gives to the customer, as far as it matters here.
    ServiceNeed {
        /// A service that may be suspended.
        Ordinary = "ordinary", "An ordinary service";
        /// Meets eligible needs under the Care Act.
        CareAct = "care_act", "Care that meets eligible needs";
        /// Urgent or immediately necessary treatment.
        UrgentTreatment = "urgent_treatment", "Urgent or immediately necessary treatment";
        /// Bound up with safeguarding.
        Safeguarding = "safeguarding", "Safeguarding";
        /// Statutory education.
        Education = "education", "Statutory education";
    }
}

named! {
    /// What a service may answer.
    ServiceAnswer {
        /// Go on with the service and with recovery.
        Continue = "continue", "Go on with the service and with recovery";
        /// Suspend the service.
        Suspend = "suspend", "Suspend the service";
        /// Give the debt up.
        WriteOff = "write_off", "Give the debt up";
        /// Go to court.
        Court = "court", "Go to court";
    }
}

impl ServiceNeed {
    /// What a type of debt and the holds on the account say; the person who asks may only add to it.
    pub fn of(debt_type: &str, holds: &[String]) -> ServiceNeed {
        let words = debt_type.to_lowercase();
        let has = |all: &[&str]| all.iter().any(|one| words.contains(one));
        if holds.iter().any(|hold| hold == "safeguarding") {
            ServiceNeed::Safeguarding
        } else if has(&["care", "contribution", "respite", "residential"]) && !has(&["career", "child care place"]) {
            ServiceNeed::CareAct
        } else if has(&["overseas", "treatment", "patient"]) {
            ServiceNeed::UrgentTreatment
        } else if has(&["school", "education"]) {
            ServiceNeed::Education
        } else {
            ServiceNeed::Ordinary
        }
    }

    /// The answers that a service may be offered: never to suspend what must go on.
    pub fn answers(self) -> Vec<ServiceAnswer> {
        ServiceAnswer::ALL.iter().copied().filter(|answer| may_suggest(self, *answer).is_ok()).collect()
    }
}

/// Whether an answer may be suggested or taken at all.
///
/// # Errors
/// `REC-06-CARE-ACT`, `REC-06-URGENT-TREATMENT`, `REC-06-SAFEGUARDING`, `REC-06-EDUCATION`.
pub fn may_suggest(need: ServiceNeed, answer: ServiceAnswer) -> Result<(), Refusal> {
    if answer != ServiceAnswer::Suspend {
        return Ok(());
    }
    let kind = match need {
        ServiceNeed::Ordinary => return Ok(()),
        ServiceNeed::CareAct => refusals::CARE_ACT,
        ServiceNeed::UrgentTreatment => refusals::URGENT_TREATMENT,
        ServiceNeed::Safeguarding => refusals::SAFEGUARDING,
        ServiceNeed::Education => refusals::EDUCATION,
    };
    Err(kind.because(format!("{} is not suspended for a debt", need.name())))
}

/// Whether silence may mean this answer: never to suspend, which is the service's own decision.
///
/// # Errors
/// `REC-06-DEFAULT`.
pub fn may_default(answer: ServiceAnswer) -> Result<(), Refusal> {
    match answer {
        ServiceAnswer::Suspend => {
            Err(refusals::DEFAULT.because("A service is never suspended because nobody answered"))
        }
        _ => Ok(()),
    }
}

/// The last day to answer, and the last day on which the link opens.
pub fn clock(asked_on: NaiveDate, days: i64) -> (NaiveDate, NaiveDate) {
    let answer_by = add_days(asked_on, days);
    (answer_by, add_days(answer_by, 28))
}

/// Whether the service is reminded today: half-way, once.
pub fn remind_on(asked_on: NaiveDate, days: i64) -> NaiveDate {
    add_days(asked_on, days / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dun_18_what_must_go_on_is_never_suspended() {
        let code = |need| may_suggest(need, ServiceAnswer::Suspend).expect_err("refused").code;
        assert_eq!(code(ServiceNeed::CareAct), "REC-06-CARE-ACT");
        assert_eq!(code(ServiceNeed::UrgentTreatment), "REC-06-URGENT-TREATMENT");
        assert_eq!(code(ServiceNeed::Safeguarding), "REC-06-SAFEGUARDING");
        assert_eq!(code(ServiceNeed::Education), "REC-06-EDUCATION");
        assert_eq!(may_suggest(ServiceNeed::Ordinary, ServiceAnswer::Suspend), Ok(()));
        assert_eq!(ServiceNeed::CareAct.answers().len(), 3);
        assert_eq!(ServiceNeed::Ordinary.answers().len(), 4);
    }

    #[test]
    fn dun_18_the_debt_says_what_the_service_is() {
        let of = |debt_type: &str| ServiceNeed::of(debt_type, &[]);
        assert_eq!(of("care"), ServiceNeed::CareAct);
        assert_eq!(of("Overseas visitor"), ServiceNeed::UrgentTreatment);
        assert_eq!(of("School places"), ServiceNeed::Education);
        assert_eq!(of("hall hire"), ServiceNeed::Ordinary);
        assert_eq!(ServiceNeed::of("hall hire", &["safeguarding".into()]), ServiceNeed::Safeguarding);
    }

    #[test]
    fn wof_08_silence_never_suspends_and_fourteen_days_are_given() {
        assert_eq!(may_default(ServiceAnswer::Suspend).expect_err("refused").code, "REC-06-DEFAULT");
        assert_eq!(may_default(ServiceAnswer::WriteOff), Ok(()));
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(clock(day("2026-11-02"), 14), (day("2026-11-16"), day("2026-12-14")));
        assert_eq!(remind_on(day("2026-11-02"), 14), day("2026-11-09"));
    }
}
