//! What must be on file before a debt is given up, by reason (REC-09).
use super::WriteOffReason;
use crate::money::Pence;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// A kind of evidence.
    EvidenceKind {
        /// Reminders, and the final one among them.
        Letters = "letters", "Reminders sent, with the final one";
        /// What the service says: go on, suspend, give up, go to court.
        ServiceView = "service_view", "The service's view";
        /// A certificate or another record of the death.
        Death = "death", "Record of the death";
        /// A search for probate, or an answer of those who settle the estate.
        NoEstate = "no_estate", "Nothing in the estate";
        /// A notice of the insolvency.
        Insolvency = "insolvency", "Notice of insolvency";
        /// The office-holder's answer that nothing is paid out.
        NoDividend = "no_dividend", "No dividend, or the last one";
        /// Post that came back, or a visit.
        GoneAway = "gone_away", "Gone away";
        /// The answer of a tracing agent or of our own search.
        Trace = "trace", "Tracing without result";
        /// How the last day of a claim was worked out.
        Limitation = "limitation", "Last day of a claim worked out";
        /// The judgment.
        Judgment = "judgment", "Judgment";
        /// Enforcement that was tried, or why none can work.
        Enforcement = "enforcement", "Enforcement tried";
        /// What support is needed, without a diagnosis, and who confirms it.
        Circumstances = "circumstances", "Circumstances confirmed";
        /// Costs against the amount.
        Cost = "cost", "Cost of going on against the amount";
    }
}

/// The evidence that a reason takes. Below the amount that is worth a question the service is not asked.
pub fn evidence_needed(reason: WriteOffReason, amount: Pence, ask_service_from: Pence) -> Vec<EvidenceKind> {
    use EvidenceKind::*;
    let mut needed = match reason {
        WriteOffReason::DeceasedNoEstate => vec![Death, NoEstate],
        WriteOffReason::InsolventNoDividend => vec![Insolvency, NoDividend],
        WriteOffReason::Untraceable => vec![Letters, GoneAway, Trace],
        WriteOffReason::StatuteBarred => vec![Limitation],
        WriteOffReason::Uneconomic => vec![Letters, Cost],
        WriteOffReason::Unenforceable => vec![Judgment, Enforcement],
        WriteOffReason::Compassionate => vec![Circumstances],
    };
    if amount >= ask_service_from {
        needed.push(ServiceView);
    }
    needed
}

/// A piece of evidence that is asked for, and what is on file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Which.
    pub kind: EvidenceKind,
    /// What there is, in words; nothing while it is missing.
    pub found: Option<String>,
}

/// The checklist of a reason: each need with what is on file.
pub fn checklist(
    reason: WriteOffReason,
    amount: Pence,
    ask_service_from: Pence,
    on_file: &[(EvidenceKind, String)],
) -> Vec<Need> {
    let found = |kind| on_file.iter().find(|(have, _)| *have == kind).map(|(_, words)| words.clone());
    let needed = evidence_needed(reason, amount, ask_service_from);
    needed.into_iter().map(|kind| Need { kind, found: found(kind) }).collect()
}

/// The names of what is missing, for a sentence; empty when all is there.
pub fn missing(list: &[Need]) -> String {
    let names: Vec<String> =
        list.iter().filter(|need| need.found.is_none()).map(|need| need.kind.name().to_lowercase()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wof_01_each_reason_has_its_checklist_and_the_service_is_asked_where_it_is_worth_it() {
        let names = |reason, pence| -> Vec<&str> {
            evidence_needed(reason, Pence(pence), Pence(5_000)).into_iter().map(EvidenceKind::as_str).collect()
        };
        assert_eq!(names(WriteOffReason::DeceasedNoEstate, 90_000), ["death", "no_estate", "service_view"]);
        assert_eq!(names(WriteOffReason::Uneconomic, 4_999), ["letters", "cost"]);
        assert_eq!(names(WriteOffReason::Untraceable, 5_000), ["letters", "gone_away", "trace", "service_view"]);
        for reason in WriteOffReason::ALL {
            assert!(!evidence_needed(reason, Pence(1), Pence(5_000)).is_empty(), "{reason:?}");
        }
    }

    #[test]
    fn wof_01_what_is_missing_is_said_in_words() {
        let on_file = [(EvidenceKind::Death, "Certificate".to_owned())];
        let list = checklist(WriteOffReason::DeceasedNoEstate, Pence(90_000), Pence(5_000), &on_file);
        assert_eq!(missing(&list), "nothing in the estate, the service's view");
        assert_eq!(list[0].found.as_deref(), Some("Certificate"));
        let all: Vec<_> = EvidenceKind::ALL.iter().map(|kind| (*kind, "x".to_owned())).collect();
        assert_eq!(missing(&checklist(WriteOffReason::Unenforceable, Pence(1), Pence(5_000), &all)), "");
    }
}
