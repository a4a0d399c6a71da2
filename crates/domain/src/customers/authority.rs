//! Who may act for a customer: the document, what it lets them do, and until when (BS-07).
use super::refusals::{AUTHORITY_BEYOND, AUTHORITY_OVER, AUTHORITY_UNPROVED};
use crate::refusal::{Invalid, Refusal};
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// By what authority somebody acts.
    Authority {
        /// A lasting power of attorney for property and finance, registered.
        Attorney = "attorney", "Attorney (lasting power, property and finance)";
        /// A deputy of the Court of Protection.
        Deputy = "deputy", "Deputy (Court of Protection)";
        /// Receives somebody's benefits for them.
        Appointee = "appointee", "Appointee (DWP)";
        /// An attorney under a deed made before October 2007.
        EnduringAttorney = "enduring_attorney", "Attorney (enduring power)";
        /// Acts in court only.
        LitigationFriend = "litigation_friend", "Litigation friend";
        /// May talk to us, by signed consent.
        Consent = "consent", "By signed consent";
        /// Named in the will.
        Executor = "executor", "Executor";
        /// Appointed where there is no will.
        Administrator = "administrator", "Administrator of the estate";
    }
}

named! {
    /// What somebody asks to do for a customer.
    ActFor {
        /// Get the letters.
        Letters = "letters", "Get the letters";
        /// Talk to us about the account.
        Speak = "speak", "Talk to us";
        /// Pay out of the customer's money, agree Direct Debits.
        Pay = "pay", "Pay and set up a Direct Debit";
        /// Agree a payment plan.
        Plan = "plan", "Agree a payment plan";
        /// Bind the customer's property: a deferred payment agreement, a charge.
        Bind = "bind", "Bind the customer's property";
        /// Answer a court claim.
        Court = "court", "Answer in court";
    }
}

impl Authority {
    /// What the document that proves it is called.
    pub fn document(self) -> &'static str {
        match self {
            Authority::Attorney => "the stamped power of attorney, or its access code",
            Authority::Deputy => "the sealed order",
            Authority::Appointee => "the BF57 letter",
            Authority::EnduringAttorney => "the deed, and its registration if capacity is lost",
            Authority::LitigationFriend => "the certificate of suitability",
            Authority::Consent => "the signed consent",
            Authority::Executor | Authority::Administrator => "the grant",
        }
    }

    /// The most that the law lets this authority do; its document may give less.
    pub fn may(self, act: ActFor) -> bool {
        use ActFor::*;
        match self {
            Authority::Attorney | Authority::Deputy | Authority::EnduringAttorney => act != Court,
            Authority::Executor | Authority::Administrator => true,
            // An appointee handles benefits: correspondence and payment out of them, nothing beyond (BS-E10).
            Authority::Appointee => matches!(act, Letters | Speak | Pay),
            Authority::Consent => act == Speak || act == Letters,
            Authority::LitigationFriend => matches!(act, Court | Speak),
        }
    }

    /// Whether it is about a person who lives, so that it ends with their death.
    pub fn ends_with_death(self) -> bool {
        !matches!(self, Authority::Executor | Authority::Administrator)
    }
}

/// An authority as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// By what authority.
    pub authority: Authority,
    /// Their name.
    pub name: String,
    /// What the document lets them do.
    pub scope: Vec<ActFor>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none where it does not end by itself.
    pub to_on: Option<NaiveDate>,
    /// Whether the document is kept here.
    pub proved: bool,
}

impl Acting {
    /// Whether it is in force on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|last| day <= last)
    }

    /// What is wrong with it as typed.
    pub fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if self.name.trim().is_empty() {
            wrong.push(Invalid::field("name", "Enter the name of who acts", &self.name));
        }
        if self.scope.is_empty() {
            wrong.push(Invalid::field("scope", "Choose what they may do", ""));
        }
        if let Some(beyond) = self.scope.iter().find(|act| !self.authority.may(**act)) {
            let message = format!("{} cannot {}", self.authority.name(), beyond.name().to_lowercase());
            wrong.push(Invalid::field("scope", message, beyond.as_str()));
        }
        if let Some(last) = self.to_on.filter(|last| *last < self.from_on) {
            let message = format!("Enter a date on or after {}", written(self.from_on));
            wrong.push(Invalid::field("to_on", message, last.to_string()));
        }
        wrong
    }

    /// Whether they may do this for the customer today.
    ///
    /// # Errors
    /// `BS-07-UNPROVED`, `BS-07-OVER`, `BS-07-BEYOND`.
    pub fn may(&self, act: ActFor, today: NaiveDate) -> Result<(), Refusal> {
        if !self.authority.may(act) {
            let sentence = match (self.authority, act) {
                (Authority::Appointee, ActFor::Bind | ActFor::Plan) => {
                    format!("{} is an appointee, who handles benefits and binds nothing else", self.name)
                }
                _ => format!("{} does not let {} {}", self.authority.name(), self.name, act.name().to_lowercase()),
            };
            return Err(AUTHORITY_BEYOND.because(sentence));
        }
        if !self.scope.contains(&act) {
            let sentence = format!("The document does not let {} {}", self.name, act.name().to_lowercase());
            return Err(AUTHORITY_BEYOND.because(sentence));
        }
        if !self.holds_on(today) {
            let sentence = match self.to_on.filter(|last| *last < today) {
                Some(last) => format!("The authority of {} ended on {}", self.name, written(last)),
                None => format!("The authority of {} begins on {}", self.name, written(self.from_on)),
            };
            return Err(AUTHORITY_OVER.because(sentence));
        }
        if !self.proved {
            let sentence = format!("We have not seen {}", self.authority.document());
            return Err(AUTHORITY_UNPROVED.because(sentence));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn acting(authority: Authority, scope: &[ActFor]) -> Acting {
        Acting {
            authority,
            name: "Jan Webb".into(),
            scope: scope.to_vec(),
            from_on: d("2026-04-01"),
            to_on: Some(d("2026-09-30")),
            proved: true,
        }
    }

    #[test]
    fn bs_e10_an_appointee_cannot_bind_the_property() {
        let who = acting(Authority::Appointee, &[ActFor::Letters, ActFor::Pay]);
        let no = who.may(ActFor::Bind, d("2026-05-01")).expect_err("needs a deputy or an attorney");
        assert_eq!(no.code, "BS-07-BEYOND");
        assert!(no.way_out.contains("deputy"));
        assert_eq!(who.may(ActFor::Pay, d("2026-05-01")), Ok(()));
        let attorney = acting(Authority::Attorney, &[ActFor::Bind]);
        assert_eq!(attorney.may(ActFor::Bind, d("2026-05-01")), Ok(()));
    }

    #[test]
    fn cus_12_scope_dates_and_document_all_count() {
        let who = acting(Authority::Deputy, &[ActFor::Letters]);
        let code = |who: &Acting, act, day| who.may(act, d(day)).map_or_else(|no| no.code, |()| "allowed".into());
        assert_eq!(code(&who, ActFor::Letters, "2026-04-01"), "allowed");
        assert_eq!(code(&who, ActFor::Letters, "2026-09-30"), "allowed");
        assert_eq!(code(&who, ActFor::Letters, "2026-10-01"), "BS-07-OVER");
        assert_eq!(code(&who, ActFor::Letters, "2026-03-31"), "BS-07-OVER");
        assert_eq!(code(&who, ActFor::Plan, "2026-05-01"), "BS-07-BEYOND");
        assert_eq!(code(&Acting { proved: false, ..who }, ActFor::Letters, "2026-05-01"), "BS-07-UNPROVED");
    }

    #[test]
    fn cus_12_a_scope_beyond_the_authority_is_said_at_its_field() {
        let wrong = acting(Authority::Consent, &[ActFor::Speak, ActFor::Plan]).check();
        assert_eq!((wrong.len(), wrong[0].field.as_str(), wrong[0].typed.as_str()), (1, "scope", "plan"));
        let mut bad = acting(Authority::Deputy, &[]);
        (bad.name, bad.to_on) = (" ".into(), Some(d("2026-03-01")));
        assert_eq!(bad.check().len(), 3);
        for authority in Authority::ALL {
            assert!(ActFor::ALL.iter().any(|act| authority.may(*act)), "{}", authority.name());
            assert!(!authority.document().is_empty());
        }
    }
}
