//! Somebody who acts for a customer, as we recorded it: never more than the law gives their role (BS-07, CUS-12).
use crate::law::refusals::{AUTHORITY_EXPIRED, NO_AUTHORITY};
use crate::law::{Authority, Matter, RepresentativeRole};
use crate::refusal::{Invalid, Refusal};
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An authority as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// What they are to the customer.
    pub role: RepresentativeRole,
    /// Their name.
    pub name: String,
    /// What the document lets them do.
    pub scope: Vec<Matter>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none where it does not end by itself.
    pub to_on: Option<NaiveDate>,
    /// The document, once a copy of it is kept.
    pub seen: Option<String>,
}

impl Acting {
    /// What is wrong with it as typed.
    pub fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if self.name.trim().is_empty() {
            wrong.push(Invalid::field("name", "Enter the name of who acts", &self.name));
        }
        if self.scope.is_empty() {
            wrong.push(Invalid::field("scope", "Choose what they may do", ""));
        }
        if let Some(beyond) = self.scope.iter().find(|matter| !self.role.reaches(**matter)) {
            let message = format!("{} cannot {}", self.role.name(), beyond.name().to_lowercase());
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
    /// `BS-07-NO-AUTHORITY`, `BS-07-EXPIRED`.
    pub fn may(&self, matter: Matter, today: NaiveDate) -> Result<(), Refusal> {
        let whole = Authority {
            role: self.role,
            seen: self.seen.clone(),
            ends_on: self.to_on,
            except: Matter::ALL.iter().copied().filter(|one| !self.scope.contains(one)).collect(),
        };
        if self.from_on > today && self.role.reaches(matter) && self.scope.contains(&matter) {
            let sentence = format!("The authority of {} begins on {}", self.name, written(self.from_on));
            return Err(NO_AUTHORITY.because(sentence).allowed_from(self.from_on));
        }
        // What was never theirs is said first: a new document would not help.
        if !self.role.reaches(matter) || !self.scope.contains(&matter) {
            return Authority { ends_on: None, ..whole }.may(matter, today);
        }
        whole.may(matter, today).map_err(|no| match no.code == AUTHORITY_EXPIRED.code {
            true => AUTHORITY_EXPIRED.because(format!("{}: {}", self.name, no.sentence)),
            false => no,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn acting(role: RepresentativeRole, scope: &[Matter]) -> Acting {
        Acting {
            role,
            name: "Jan Webb".into(),
            scope: scope.to_vec(),
            from_on: d("2026-04-01"),
            to_on: Some(d("2026-09-30")),
            seen: Some("Order of 3 March 2026".into()),
        }
    }

    #[test]
    fn cus_12_scope_dates_and_document_all_count() {
        let who = acting(RepresentativeRole::Deputy, &[Matter::Letters]);
        let code = |who: &Acting, matter, day| who.may(matter, d(day)).map_or_else(|no| no.code, |()| "allowed".into());
        assert_eq!(code(&who, Matter::Letters, "2026-04-01"), "allowed");
        assert_eq!(code(&who, Matter::Letters, "2026-09-30"), "allowed");
        assert_eq!(code(&who, Matter::Letters, "2026-10-01"), "BS-07-EXPIRED");
        assert_eq!(code(&who, Matter::Letters, "2026-03-31"), "BS-07-NO-AUTHORITY");
        assert_eq!(code(&who, Matter::Plan, "2026-05-01"), "BS-07-NO-AUTHORITY");
        assert_eq!(code(&who, Matter::Plan, "2026-10-01"), "BS-07-NO-AUTHORITY", "a new order would not help");
        assert_eq!(code(&Acting { seen: None, ..who }, Matter::Letters, "2026-05-01"), "BS-07-NO-AUTHORITY");
    }

    #[test]
    fn cus_12_a_scope_beyond_the_role_is_said_at_its_field() {
        let wrong = acting(RepresentativeRole::Consent, &[Matter::Speak, Matter::Plan]).check();
        assert_eq!((wrong.len(), wrong[0].field.as_str(), wrong[0].typed.as_str()), (1, "scope", "plan"));
        let mut bad = acting(RepresentativeRole::Deputy, &[]);
        (bad.name, bad.to_on) = (" ".into(), Some(d("2026-03-01")));
        assert_eq!(bad.check().len(), 3);
    }
}
