//! Which pre-action rules apply, and the first day on which a claim may be issued (REC-01, REC-03).
use super::refusals;
use crate::calendar::add_days;
use crate::customers::CustomerKind;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The rules before a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Pre-Action Protocol for Debt Claims: people, and anyone whose kind is not known.
    DebtClaims,
    /// Practice Direction on pre-action conduct: companies and public bodies.
    PracticeDirection,
}

impl Protocol {
    /// Days to wait after the letter.
    pub fn letter_days(self) -> i64 {
        match self {
            Protocol::DebtClaims => 30,
            Protocol::PracticeDirection => 14,
        }
    }
}

/// The protocol for a kind of customer; unknown is treated as an individual.
pub fn protocol_for(kind: CustomerKind) -> Protocol {
    if kind.is_individual() { Protocol::DebtClaims } else { Protocol::PracticeDirection }
}

/// What happened since the letter of claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFacts {
    /// Date of the letter of claim.
    pub letter_on: NaiveDate,
    /// A completed reply form was received.
    pub replied_on: Option<NaiveDate>,
    /// Documents were asked for.
    pub documents_requested: bool,
    /// They were sent, or we explained why not.
    pub documents_sent_on: Option<NaiveDate>,
    /// Written notice of 14 days after a reply without agreement.
    pub notice_on: Option<NaiveDate>,
    /// An offer to pay over time that we have not answered.
    #[serde(default)]
    pub offer_unanswered: bool,
}

impl ClaimFacts {
    /// A letter, and nothing since.
    pub fn of(letter_on: NaiveDate) -> ClaimFacts {
        ClaimFacts {
            letter_on,
            replied_on: None,
            documents_requested: false,
            documents_sent_on: None,
            notice_on: None,
            offer_unanswered: false,
        }
    }
}

/// The first day on which a claim may be issued. "Not less than 30 days": the thirty-first is the first.
pub fn earliest_issue(protocol: Protocol, facts: &ClaimFacts) -> Result<NaiveDate, Refusal> {
    let mut earliest = add_days(facts.letter_on, protocol.letter_days() + 1);
    if protocol == Protocol::DebtClaims {
        if let Some(replied) = facts.replied_on {
            earliest = earliest.max(add_days(replied, 31));
        }
        if facts.documents_requested {
            let Some(sent) = facts.documents_sent_on else {
                return Err(refusals::DOCUMENTS_OWED.because("The customer asked for documents that were not sent"));
            };
            earliest = earliest.max(add_days(sent, 31));
        }
    }
    if let Some(notice) = facts.notice_on {
        earliest = earliest.max(add_days(notice, 15));
    }
    Ok(earliest)
}

/// Whether a claim may be issued on a day.
pub fn may_issue(protocol: Protocol, facts: &ClaimFacts, on: NaiveDate) -> Result<(), Refusal> {
    let earliest = earliest_issue(protocol, facts)?;
    if on < earliest {
        let sentence = format!("A claim may not be issued before {}", earliest.format("%-d %B %Y"));
        return Err(refusals::CLAIM_TOO_EARLY.because(sentence).allowed_from(earliest));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn letter(on: &str) -> ClaimFacts {
        ClaimFacts::of(d(on))
    }

    #[test]
    fn rec_e1_no_reply() {
        let facts = letter("2026-06-01");
        let reply_by = add_days(d("2026-06-01"), Protocol::DebtClaims.letter_days());
        assert_eq!(reply_by, d("2026-07-01"), "the last day of the reply");
        assert_eq!(earliest_issue(Protocol::DebtClaims, &facts), Ok(d("2026-07-02")));
        let refused = may_issue(Protocol::DebtClaims, &facts, d("2026-07-01")).expect_err("a day early");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("REC-03-TOO-EARLY", Some(d("2026-07-02"))));
        assert_eq!(may_issue(Protocol::DebtClaims, &facts, d("2026-07-02")), Ok(()));
    }

    #[test]
    fn rec_e2_a_reply_form_seeking_advice() {
        let facts = replied();
        assert_eq!(earliest_issue(Protocol::DebtClaims, &facts), Ok(d("2026-07-21")));
    }

    fn replied() -> ClaimFacts {
        ClaimFacts { replied_on: Some(d("2026-06-20")), ..letter("2026-06-01") }
    }

    #[test]
    fn rec_e3_documents_asked_for_and_sent() {
        let mut facts = ClaimFacts { documents_requested: true, ..replied() };
        let owed = earliest_issue(Protocol::DebtClaims, &facts).expect_err("owed");
        assert_eq!(owed.code, "REC-03-DOCUMENTS");
        facts.documents_sent_on = Some(d("2026-07-10"));
        assert_eq!(earliest_issue(Protocol::DebtClaims, &facts), Ok(d("2026-08-10")));
    }

    #[test]
    fn rec_e4_no_agreement_and_fourteen_days_notice() {
        let sent = ClaimFacts { documents_requested: true, documents_sent_on: Some(d("2026-07-10")), ..replied() };
        let facts = ClaimFacts { notice_on: Some(d("2026-08-03")), ..sent };
        assert_eq!(earliest_issue(Protocol::DebtClaims, &facts), Ok(d("2026-08-18")));
    }

    #[test]
    fn rec_e9_a_company_has_fourteen_days() {
        let protocol = protocol_for(CustomerKind::Company);
        assert_eq!((protocol, protocol.letter_days()), (Protocol::PracticeDirection, 14));
        assert_eq!(earliest_issue(protocol, &letter("2026-11-12")), Ok(d("2026-11-27")));
    }

    #[test]
    fn rec_e10_a_customer_of_unknown_kind_is_treated_as_an_individual() {
        for kind in [CustomerKind::Unknown, CustomerKind::SoleTrader, CustomerKind::Employee] {
            assert_eq!(protocol_for(kind), Protocol::DebtClaims);
        }
        assert_eq!(Protocol::DebtClaims.letter_days(), 30);
    }
}
