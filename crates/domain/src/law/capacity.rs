//! Who may speak, pay and bind for a customer, and when nobody may (BS-07).
use super::refusals;
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// What somebody is to a customer.
    RepresentativeRole {
        /// Attorney for property and finance, registered.
        Attorney = "attorney", "Attorney (lasting power)";
        /// Attorney under a deed before October 2007.
        EnduringAttorney = "enduring_attorney", "Attorney (enduring power)";
        /// Deputy of the Court of Protection.
        Deputy = "deputy", "Deputy";
        /// Receives benefits for them, and no more.
        Appointee = "appointee", "Appointee";
        /// Stands in at court.
        LitigationFriend = "litigation_friend", "Litigation friend";
        /// Talks to us with signed consent.
        Consent = "consent", "Representative by consent";
        /// Executor or administrator, with a grant.
        PersonalRepresentative = "personal_representative", "Personal representative";
    }
}

named! {
    /// What somebody wants to do for a customer.
    Matter {
        /// Hear and speak about the account.
        Speak = "speak", "Speak about the account";
        /// Receive letters.
        Letters = "letters", "Receive letters";
        /// Pay from the customer's money.
        Pay = "pay", "Pay";
        /// Agree a plan.
        Plan = "plan", "Agree a plan";
        /// Give a Direct Debit instruction.
        DirectDebit = "direct_debit", "Give a Direct Debit instruction";
        /// Sign a deferred payment agreement.
        DeferredPayment = "deferred_payment", "Sign a deferred payment agreement";
        /// Take part in a claim.
        Claim = "claim", "Take part in a claim";
        /// Settle the estate.
        Estate = "estate", "Settle the estate";
    }
}

impl RepresentativeRole {
    /// What the role reaches.
    pub fn reaches(self, matter: Matter) -> bool {
        use Matter::*;
        match self {
            RepresentativeRole::Attorney | RepresentativeRole::EnduringAttorney | RepresentativeRole::Deputy => {
                matches!(matter, Speak | Letters | Pay | Plan | DirectDebit | DeferredPayment)
            }
            RepresentativeRole::Appointee => matches!(matter, Speak | Letters | Pay),
            RepresentativeRole::LitigationFriend => matches!(matter, Claim),
            RepresentativeRole::Consent => matches!(matter, Speak),
            RepresentativeRole::PersonalRepresentative => matches!(matter, Speak | Letters | Pay | Plan | Estate),
        }
    }

    /// The document that shows it.
    pub fn document(self) -> &'static str {
        match self {
            RepresentativeRole::Attorney => "the stamped power or its access code",
            RepresentativeRole::EnduringAttorney => "the deed, registered if capacity is lost",
            RepresentativeRole::Deputy => "the sealed order",
            RepresentativeRole::Appointee => "the appointee's letter (BF57)",
            RepresentativeRole::LitigationFriend => "the certificate",
            RepresentativeRole::Consent => "the signed consent",
            RepresentativeRole::PersonalRepresentative => "the grant",
        }
    }
}

/// Somebody's authority for a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// What they are.
    pub role: RepresentativeRole,
    /// The document we saw.
    pub seen: Option<String>,
    /// The last day on which it holds.
    pub ends_on: Option<NaiveDate>,
    /// What a court order leaves out.
    pub except: Vec<Matter>,
}

impl Authority {
    /// Refuses what the role, the document or the date does not reach.
    pub fn may(&self, matter: Matter, today: NaiveDate) -> Result<(), Refusal> {
        if let Some(last) = self.ends_on.filter(|last| *last < today) {
            return Err(refusals::AUTHORITY_EXPIRED.because(format!("The authority ended on {}", written(last))));
        }
        let needs = |who: &str| {
            let sentence = format!("{} cannot {}: {who}", self.role.name(), matter.name().to_lowercase());
            Err(refusals::NO_AUTHORITY.because(sentence))
        };
        if !self.role.reaches(matter) || self.except.contains(&matter) {
            return needs("it takes a deputy or an attorney");
        }
        match &self.seen {
            Some(seen) if !seen.trim().is_empty() => Ok(()),
            _ => needs(&format!("we have not seen {}", self.role.document())),
        }
    }
}

/// What is known of a person's capacity. Capacity is presumed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// An assessment says that they cannot decide this.
    pub lacks: bool,
    /// Who may act.
    pub authorities: Vec<Authority>,
}

impl Capacity {
    /// Refuses a letter or call to somebody who cannot act, where nobody may receive it for them.
    pub fn may_be_written_to(&self, today: NaiveDate) -> Result<(), Refusal> {
        self.someone(Matter::Letters, today, || {
            refusals::NO_REPRESENTATIVE.because("The customer cannot manage this and nobody may act for them")
        })
    }

    /// Refuses a step at court against somebody who cannot act, without a litigation friend.
    pub fn may_be_sued(&self, today: NaiveDate) -> Result<(), Refusal> {
        self.someone(Matter::Claim, today, || {
            refusals::LITIGATION_FRIEND.because("The customer is a protected party without a litigation friend")
        })
    }

    fn someone(&self, matter: Matter, today: NaiveDate, none: impl Fn() -> Refusal) -> Result<(), Refusal> {
        if !self.lacks {
            return Ok(());
        }
        let mut expired = None;
        for authority in self.authorities.iter().filter(|one| one.role.reaches(matter)) {
            match authority.may(matter, today) {
                Ok(()) => return Ok(()),
                Err(refusal) if refusal.code == refusals::AUTHORITY_EXPIRED.code => expired = Some(refusal),
                Err(_) => {}
            }
        }
        Err(expired.unwrap_or_else(none))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn authority(role: RepresentativeRole) -> Authority {
        Authority { role, seen: Some("seen 1 June 2026".into()), ends_on: None, except: vec![] }
    }

    fn code(authority: &Authority, matter: Matter) -> String {
        authority.may(matter, d("2026-11-22")).map_or_else(|refusal| refusal.code, |()| "may".into())
    }

    #[test]
    fn bs_e10_an_appointee_cannot_sign_a_deferred_payment_agreement() {
        let appointee = authority(RepresentativeRole::Appointee);
        let refused = appointee.may(Matter::DeferredPayment, d("2026-11-22")).expect_err("not theirs");
        assert_eq!(refused.code, "BS-07-NO-AUTHORITY");
        let sentence = "Appointee cannot sign a deferred payment agreement: it takes a deputy or an attorney";
        assert_eq!(refused.sentence, sentence);
        assert_eq!(code(&authority(RepresentativeRole::Deputy), Matter::DeferredPayment), "may");
    }

    #[test]
    fn cus_12_each_role_reaches_what_its_document_says() {
        for role in RepresentativeRole::ALL {
            let wanted = if *role == RepresentativeRole::LitigationFriend { Matter::Claim } else { Matter::Speak };
            assert_eq!(code(&authority(*role), wanted), "may", "{role:?}");
            let unseen = Authority { seen: None, ..authority(*role) };
            assert_eq!(code(&unseen, wanted), "BS-07-NO-AUTHORITY", "{role:?}");
            assert!(!role.document().is_empty());
        }
        let mut deputy = authority(RepresentativeRole::Deputy);
        deputy.except.push(Matter::DirectDebit);
        assert_eq!(code(&deputy, Matter::DirectDebit), "BS-07-NO-AUTHORITY");
        deputy.ends_on = Some(d("2026-11-21"));
        assert_eq!(code(&deputy, Matter::Speak), "BS-07-EXPIRED");
        assert_eq!(code(&authority(RepresentativeRole::Consent), Matter::Plan), "BS-07-NO-AUTHORITY");
    }

    #[test]
    fn bs_07_somebody_who_cannot_act_needs_somebody_who_may() {
        let today = d("2026-11-22");
        let mut person = Capacity::default();
        assert_eq!((person.may_be_written_to(today), person.may_be_sued(today)), (Ok(()), Ok(())));
        person.lacks = true;
        assert_eq!(person.may_be_written_to(today).expect_err("nobody").code, "BS-07-NO-REPRESENTATIVE");
        assert_eq!(person.may_be_sued(today).expect_err("nobody").code, "BS-07-LITIGATION-FRIEND");
        let mut attorney = authority(RepresentativeRole::Attorney);
        attorney.ends_on = Some(d("2026-01-01"));
        person.authorities = vec![attorney];
        assert_eq!(person.may_be_written_to(today).expect_err("expired").code, "BS-07-EXPIRED");
        person.authorities =
            vec![authority(RepresentativeRole::Attorney), authority(RepresentativeRole::LitigationFriend)];
        assert_eq!((person.may_be_written_to(today), person.may_be_sued(today)), (Ok(()), Ok(())));
    }
}
