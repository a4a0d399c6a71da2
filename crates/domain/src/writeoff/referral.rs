//! The question to the owning service: go on, suspend, give up or court (REC-06).
use crate::calendar::add_days;
use crate::catalogue;
use crate::law::refusals::SUSPENSION_FORBIDDEN;
use crate::law::{ServiceAnswer, ServiceKind};
use crate::refusal::Refusal;
use chrono::NaiveDate;

/// What referrals refuse.
pub mod refusals {
    use super::catalogue::refusals;
    refusals! {
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

/// What a type of debt and the holds on the account say of the service; the person who asks may only add to it.
pub fn service_of(debt_type: &str, holds: &[String]) -> ServiceKind {
    let words = debt_type.to_lowercase();
    let has = |all: &[&str]| all.iter().any(|one| words.contains(one));
    if holds.iter().any(|hold| hold == "safeguarding") {
        ServiceKind::Safeguarding
    } else if has(&["care", "contribution", "respite", "residential"]) && !has(&["career", "careers"]) {
        ServiceKind::EligibleCare
    } else if has(&["overseas", "treatment", "patient"]) {
        ServiceKind::UrgentTreatment
    } else if has(&["school", "education"]) {
        ServiceKind::StatutoryEducation
    } else {
        ServiceKind::Other
    }
}

/// The answers that a service may be offered: never to suspend what must go on.
pub fn answers(service: ServiceKind) -> Vec<ServiceAnswer> {
    ServiceAnswer::ALL.iter().copied().filter(|answer| may_suggest(service, *answer).is_ok()).collect()
}

/// Whether an answer may be suggested or taken at all.
///
/// # Errors
/// `REC-06-FORBIDDEN`.
pub fn may_suggest(service: ServiceKind, answer: ServiceAnswer) -> Result<(), Refusal> {
    if answer != ServiceAnswer::Suspend || service == ServiceKind::Other {
        return Ok(());
    }
    Err(SUSPENSION_FORBIDDEN.because(format!("{} is never suspended for a debt", service.name())))
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
        for service in ServiceKind::ALL {
            let suspend = may_suggest(*service, ServiceAnswer::Suspend);
            match service {
                ServiceKind::Other => assert_eq!(suspend, Ok(())),
                _ => assert_eq!(suspend.expect_err("refused").code, "REC-06-FORBIDDEN", "{service:?}"),
            }
        }
        assert_eq!([answers(ServiceKind::EligibleCare).len(), answers(ServiceKind::Other).len()], [3, 4]);
    }

    #[test]
    fn dun_18_the_debt_says_what_the_service_is() {
        let of = |debt_type: &str| service_of(debt_type, &[]);
        assert_eq!(of("care"), ServiceKind::EligibleCare);
        assert_eq!(of("Overseas visitor"), ServiceKind::UrgentTreatment);
        assert_eq!(of("School places"), ServiceKind::StatutoryEducation);
        assert_eq!(of("hall hire"), ServiceKind::Other);
        assert_eq!(service_of("hall hire", &["safeguarding".into()]), ServiceKind::Safeguarding);
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
