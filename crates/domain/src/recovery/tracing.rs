//! Tracing: which sources may be searched on which ground, how sure a result is, and when an address may be used (REC-08).
use super::agency_refusals as no;
use crate::law::refusals::{DO_NOT_TRACE, TRACE_BASIS};
use crate::refusal::Refusal;
use crate::words::named;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

named! {
    /// Where somebody is looked for, in the order of REC-08.
    TraceSource {
        /// Our own records, where the law lets us share them.
        OwnRecords = "own_records", "Our own records";
        /// What the post wrote on a letter that came back.
        ReturnedPost = "returned_post", "Notes on returned post";
        /// The open electoral register.
        OpenRegister = "open_register", "Open electoral register";
        /// Companies House.
        CompaniesHouse = "companies_house", "Companies House";
        /// Land Registry.
        LandRegistry = "land_registry", "Land Registry";
        /// Probate search.
        Probate = "probate", "Probate search";
        /// Individual Insolvency Register.
        InsolvencyRegister = "insolvency_register", "Individual Insolvency Register";
        /// Register of Judgments.
        JudgmentRegister = "judgment_register", "Register of Judgments";
        /// A tracing agency or bureau, paid.
        Bureau = "bureau", "Tracing agency";
        /// Council tax records: off unless a legal gateway is recorded.
        CouncilTax = "council_tax", "Council tax records";
    }
}

named! {
    /// What somebody is looked for.
    TracePurpose {
        /// A new address.
        Trace = "TRACE", "Find the address";
        /// Whether the address is theirs.
        ConfirmAddress = "CONFIRM_ADDRESS", "Confirm the address";
        /// Who employs them.
        Employer = "EMPLOYER", "Find the employer";
        /// Whether they have died.
        DeceasedCheck = "DECEASED_CHECK", "Check for a death";
        /// Whether they are insolvent.
        InsolvencyCheck = "INSOLVENCY_CHECK", "Check for insolvency";
        /// Whether the company lives.
        CompanyCheck = "COMPANY_CHECK", "Check the company";
    }
}

named! {
    /// The ground in law for looking.
    LawfulBasis {
        /// Article 6(1)(e).
        PublicTask = "public_task", "Public task (UK GDPR Art 6(1)(e))";
        /// Article 6(1)(f).
        LegitimateInterest = "legitimate_interest", "Legitimate interest (Art 6(1)(f))";
        /// Article 6(1)(b).
        Contract = "contract", "Contract (Art 6(1)(b))";
        /// DPA 2018 schedule 2 paragraph 5.
        LegalClaim = "legal_claim", "A legal claim (DPA 2018 Sch 2 para 5)";
        /// A public register that anybody may read.
        PublicRegister = "public_register", "A public register";
    }
}

named! {
    /// What a search found.
    TraceResult {
        /// Lives where we think.
        Confirmed = "CONFIRMED", "Lives at the address we have";
        /// A new address, proved.
        FoundProven = "FOUND_PROVEN", "New address, proved";
        /// A new address, not proved.
        FoundUnproven = "FOUND_UNPROVEN", "New address, not proved";
        /// Several people fit.
        Multiple = "MULTIPLE", "Several people fit";
        /// Nobody.
        NotFound = "NOT_FOUND", "Not found";
        /// Has died.
        Deceased = "DECEASED", "Has died";
        /// Is insolvent.
        Insolvent = "INSOLVENT", "Is insolvent";
        /// Is abroad.
        GoneAbroad = "GONE_ABROAD", "Has gone abroad";
    }
}

impl TraceResult {
    /// What is done next.
    pub fn next(self) -> &'static str {
        match self {
            TraceResult::Confirmed => "Nothing: the address is confirmed today",
            TraceResult::FoundProven => "Have the new address confirmed by someone else, then write there",
            TraceResult::FoundUnproven => "Ask at the new address whether this is the person, without amounts",
            TraceResult::Multiple => "Compare the people who fit; nothing is sent",
            TraceResult::NotFound => "Search the next source, visit, or propose a write-off",
            TraceResult::Deceased => "Check the death and flag it; write to the personal representatives",
            TraceResult::Insolvent => "Check the register and flag it; prove the debt",
            TraceResult::GoneAbroad => "Ask legal services: court rules differ abroad",
        }
    }

    /// Whether an address came with it.
    pub fn has_address(self) -> bool {
        matches!(self, TraceResult::FoundProven | TraceResult::FoundUnproven | TraceResult::Multiple)
    }
}

/// Whether a search may be made.
pub fn may_search(source: TraceSource, gateway: bool, do_not_trace: bool, why: &str) -> Result<(), Refusal> {
    if do_not_trace {
        return Err(DO_NOT_TRACE.because("This person may not be traced"));
    }
    if source == TraceSource::CouncilTax && !gateway {
        return Err(
            no::SOURCE_OFF.because("Council tax records may not be used for other debts without a legal gateway")
        );
    }
    if why.trim().is_empty() {
        return Err(TRACE_BASIS.because("Nobody has said why this search is needed"));
    }
    Ok(())
}

/// What speaks for a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The name that came back is the one asked for.
    pub name_agrees: bool,
    /// So is the date of birth.
    pub birth_agrees: bool,
    /// It is linked to an address we knew.
    pub linked_address: bool,
    /// How many independent sources say so.
    pub sources: i64,
    /// When the newest of them saw the person.
    pub last_seen_on: Option<NaiveDate>,
}

/// How sure a result is, in per cent, and what it is worth: "found" is not "proven".
///
/// Proof needs the same full name, the same date of birth or a linked former address, two independent sources, and one
/// of them not older than twelve months. A name that differs brings a proven result down to an unproven one.
pub fn weigh(said: TraceResult, evidence: &Evidence, today: NaiveDate) -> (TraceResult, i64) {
    let year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today);
    let recent = evidence.last_seen_on.is_some_and(|day| day >= year_ago && day <= today);
    let person = evidence.birth_agrees || evidence.linked_address;
    let points = 30 * i64::from(evidence.name_agrees)
        + 25 * i64::from(evidence.birth_agrees)
        + 10 * i64::from(evidence.linked_address)
        + 10 * evidence.sources.clamp(0, 2)
        + 15 * i64::from(recent);
    let proven = evidence.name_agrees && person && recent && evidence.sources >= 2;
    let result = match said {
        TraceResult::FoundProven | TraceResult::FoundUnproven if proven && said == TraceResult::FoundProven => said,
        TraceResult::FoundProven => TraceResult::FoundUnproven,
        other => other,
    };
    (result, points)
}

/// Words of places where people live whom nobody may write to by machine.
const RESTRICTED: &[&str] =
    &["care home", "nursing home", "residential home", "prison", "hmp ", "hospital", "hospice", "refuge", "hostel"];

/// Whether an address is of a kind that few may see.
pub fn is_restricted(address: &str) -> bool {
    let lower = format!("{} ", address.to_lowercase());
    RESTRICTED.iter().any(|word| lower.contains(word))
}

/// Whether a found address may become the customer's, by someone else's yes.
pub fn may_use(result: TraceResult, confidence: i64, level: i64, restricted: bool) -> Result<(), Refusal> {
    if restricted {
        return Err(no::RESTRICTED.because("This looks like a care home, a prison, a hospital or a refuge"));
    }
    if result != TraceResult::FoundProven || confidence < level {
        let sentence = format!(
            "This address is {confidence} per cent sure and {}; it takes {level} per cent and proof",
            if result == TraceResult::FoundProven { "proved" } else { "not proved" }
        );
        return Err(no::NOT_SURE.because(sentence));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn strong() -> Evidence {
        Evidence {
            name_agrees: true,
            birth_agrees: true,
            linked_address: false,
            sources: 2,
            last_seen_on: Some(d("2026-05-01")),
        }
    }

    #[test]
    fn cus_17_proof_needs_name_person_two_sources_and_a_recent_one() {
        let today = d("2026-11-22");
        let weighed = |evidence: Evidence| weigh(TraceResult::FoundProven, &evidence, today);
        assert_eq!(weighed(strong()), (TraceResult::FoundProven, 90));
        assert_eq!(weighed(Evidence { name_agrees: false, ..strong() }), (TraceResult::FoundUnproven, 60));
        assert_eq!(weighed(Evidence { birth_agrees: false, ..strong() }), (TraceResult::FoundUnproven, 65));
        assert_eq!(weighed(Evidence { sources: 1, ..strong() }), (TraceResult::FoundUnproven, 80));
        assert_eq!(weighed(Evidence { last_seen_on: Some(d("2025-11-21")), ..strong() }).0, TraceResult::FoundUnproven);
        let linked = Evidence { birth_agrees: false, linked_address: true, ..strong() };
        assert_eq!(weighed(linked), (TraceResult::FoundProven, 75));
        assert_eq!(weigh(TraceResult::FoundUnproven, &strong(), today).0, TraceResult::FoundUnproven);
        assert_eq!(weigh(TraceResult::NotFound, &strong(), today).0, TraceResult::NotFound);
    }

    #[test]
    fn cus_17_an_address_below_the_level_is_not_used() {
        assert_eq!(may_use(TraceResult::FoundProven, 90, 80, false), Ok(()));
        let code =
            |result, confidence, restricted| may_use(result, confidence, 80, restricted).expect_err("refused").code;
        assert_eq!(code(TraceResult::FoundProven, 79, false), "CUS-17-CONFIDENCE");
        assert_eq!(code(TraceResult::FoundUnproven, 95, false), "CUS-17-CONFIDENCE");
        assert_eq!(code(TraceResult::FoundProven, 95, true), "CUS-17-RESTRICTED");
        assert!(is_restricted("HMP Northumberland, Acklington") && is_restricted("Elm Tree Nursing Home"));
        assert!(!is_restricted("4 Hospitality Way") || is_restricted("4 Hospital Way"));
    }

    #[test]
    fn rec_08_council_tax_is_off_and_some_people_may_not_be_traced() {
        let code = |source, gateway, mark, why: &str| {
            may_search(source, gateway, mark, why).map_or_else(|refusal| refusal.code, |()| "allowed".into())
        };
        assert_eq!(code(TraceSource::OpenRegister, false, false, "Post came back"), "allowed");
        assert_eq!(code(TraceSource::CouncilTax, false, false, "Post came back"), "REC-08-SOURCE");
        assert_eq!(code(TraceSource::CouncilTax, true, false, "Post came back"), "allowed");
        assert_eq!(code(TraceSource::OpenRegister, false, true, "Post came back"), "REC-08-DO-NOT-TRACE");
        assert_eq!(code(TraceSource::OpenRegister, false, false, " "), "REC-08-BASIS");
    }
}
