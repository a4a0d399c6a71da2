//! Requests from services: who may ask for what, the steps, and the clock.
pub mod refusals;

use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

/// Working days until a request should be answered.
pub const ANSWER_DAYS: i64 = 2;

named! {
    /// Where a request stands.
    RequestState {
        /// It waits for the desk.
        Asked = "asked", "Waits for the desk";
        /// It waits for the service.
        SentBack = "sent_back", "Sent back";
        /// The service took it back.
        Withdrawn = "withdrawn", "Withdrawn";
        /// It became an invoice.
        Invoiced = "invoiced", "Invoiced";
    }
}

/// A step of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStep {
    /// The desk takes it on.
    Take,
    /// The desk makes it an invoice.
    Approve,
    /// The desk sends it back with a reason.
    SendBack,
    /// The service puts it right and sends it again.
    Correct,
    /// The service takes it back.
    Withdraw,
}

/// Whether a step may be taken in a state.
///
/// # Errors
/// `BIL-02-STATE`.
pub fn may_step(number: &str, state: RequestState, step: RequestStep) -> Result<(), Refusal> {
    use RequestState::{Asked, SentBack};
    let may = match step {
        RequestStep::Take | RequestStep::Approve | RequestStep::SendBack => state == Asked,
        RequestStep::Correct | RequestStep::Withdraw => matches!(state, Asked | SentBack),
    };
    if may {
        return Ok(());
    }
    Err(refusals::STATE.because(format!("{number} is {}", state.name().to_lowercase())))
}

/// A service that a person asks for, or one cost centre of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnService {
    /// Service.
    pub service: String,
    /// Cost centre; empty for all of the service.
    #[serde(default)]
    pub cost_centre: String,
}

/// Whether one of a person's services covers a request.
pub fn covers(own: &[OwnService], service: &str, cost_centre: &str) -> bool {
    own.iter().any(|one| {
        one.service.eq_ignore_ascii_case(service) && (one.cost_centre.is_empty() || one.cost_centre == cost_centre)
    })
}

/// Whether a person may ask for an invoice of a service and cost centre.
///
/// # Errors
/// `BIL-02-NO-SERVICE`, `BIL-02-NOT-YOURS`.
pub fn may_ask_for(own: &[OwnService], service: &str, cost_centre: &str) -> Result<(), Refusal> {
    if own.is_empty() {
        return Err(refusals::NO_SERVICE.because("No service has been given to you to ask for"));
    }
    if covers(own, service, cost_centre) {
        return Ok(());
    }
    let what = if cost_centre.is_empty() { service.to_owned() } else { format!("{service}, {cost_centre}") };
    Err(refusals::NOT_YOURS.because(format!("You do not ask for invoices of “{what}”")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bil_02_a_person_asks_for_their_own_service_and_cost_centre() {
        let own =
            |service: &str, cost_centre: &str| OwnService { service: service.into(), cost_centre: cost_centre.into() };
        let mine = [own("Licensing", "CC1"), own("Halls", "")];
        for (service, centre, code) in [
            ("Licensing", "CC1", None),
            ("Licensing", "CC2", Some("BIL-02-NOT-YOURS")),
            ("Licensing", "", Some("BIL-02-NOT-YOURS")),
            ("halls", "CC9", None),
            ("Care", "CC1", Some("BIL-02-NOT-YOURS")),
        ] {
            let no = may_ask_for(&mine, service, centre).err().map(|no| no.code);
            assert_eq!(no.as_deref(), code, "{service} {centre}");
        }
        assert_eq!(may_ask_for(&[], "Halls", "").expect_err("none").code, "BIL-02-NO-SERVICE");
    }

    #[test]
    fn bil_02_each_step_in_its_states() {
        use RequestState::*;
        use RequestStep::*;
        for (step, states) in [
            (Take, &[Asked][..]),
            (Approve, &[Asked]),
            (SendBack, &[Asked]),
            (Correct, &[Asked, RequestState::SentBack]),
            (Withdraw, &[Asked, RequestState::SentBack]),
        ] {
            for state in RequestState::ALL {
                let may = may_step("REQ-000001", *state, step);
                assert_eq!(may.is_ok(), states.contains(state), "{step:?} when {state:?}");
            }
        }
        let no = may_step("REQ-000001", Invoiced, Approve).expect_err("once");
        assert_eq!((no.code.as_str(), no.sentence.as_str()), ("BIL-02-STATE", "REQ-000001 is invoiced"));
    }
}
