//! Which set of letters a reminder comes from: ordinary, or one for care, staff, bereavement or somebody vulnerable.
use crate::customers::{CustomerKind, FlagKind};
use crate::law::{DebtClass, deadline};
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// A set of letters; the first that fits is used.
    LetterSet {
        /// After a death.
        Bereavement = "bereavement", "After a death";
        /// To somebody who needs care.
        Gentle = "gentle", "To somebody who needs care";
        /// For care and support.
        Care = "care", "For care and support";
        /// To staff, for pay.
        Staff = "staff", "To staff";
        /// Every other.
        Ordinary = "ordinary", "Ordinary";
    }
}

/// Reminders that each set has of its own; a letter of claim has the form that the protocol gives it.
const OWN: &[&str] = &["reminder_1", "reminder_2", "final_notice"];

impl LetterSet {
    /// The set for these debts of this customer.
    pub fn of(kind: CustomerKind, flags: &[FlagKind], bereaved: bool, debt_types: &[&str]) -> LetterSet {
        let care = |debt: &&str| DebtClass::of_debt_type(debt) == DebtClass::Care;
        let pay = |debt: &&str| DebtClass::of_debt_type(debt) == DebtClass::Salary;
        if bereaved {
            LetterSet::Bereavement
        } else if flags.contains(&FlagKind::Vulnerable) {
            LetterSet::Gentle
        } else if debt_types.iter().any(care) && kind.is_individual() {
            LetterSet::Care
        } else if kind == CustomerKind::Employee || debt_types.iter().any(pay) {
            LetterSet::Staff
        } else {
            LetterSet::Ordinary
        }
    }

    /// The template that this set has in the place of an ordinary one.
    pub fn template(self, ordinary: &str) -> String {
        match self {
            LetterSet::Ordinary => ordinary.to_owned(),
            _ if !OWN.contains(&ordinary) => ordinary.to_owned(),
            set => format!("{}_reminder", set.as_str()),
        }
    }

    /// The day to pay by: two weeks more for somebody who needs care or is bereaved.
    pub fn pay_by(self, ordinary: NaiveDate) -> NaiveDate {
        match self {
            LetterSet::Bereavement | LetterSet::Gentle => deadline(ordinary, true),
            _ => ordinary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dun_20_the_most_sensitive_set_wins() {
        let set = |kind, flags: &[FlagKind], bereaved, debts: &[&str]| LetterSet::of(kind, flags, bereaved, debts);
        let person = CustomerKind::Individual;
        assert_eq!(set(person, &[], false, &["trade_waste"]), LetterSet::Ordinary);
        assert_eq!(set(person, &[], false, &["trade_waste", "care_contribution"]), LetterSet::Care);
        assert_eq!(set(person, &[], false, &["Client contribution"]), LetterSet::Care);
        assert_eq!(set(person, &[], false, &["careers fair"]), LetterSet::Ordinary);
        assert_eq!(set(CustomerKind::Company, &[], false, &["care_fees"]), LetterSet::Ordinary);
        assert_eq!(set(CustomerKind::Employee, &[], false, &["salary_overpayment"]), LetterSet::Staff);
        assert_eq!(set(person, &[FlagKind::Vulnerable], false, &["care_contribution"]), LetterSet::Gentle);
        assert_eq!(set(person, &[FlagKind::Vulnerable], true, &["care_contribution"]), LetterSet::Bereavement);
    }

    #[test]
    fn dun_20_only_reminders_have_another_wording() {
        assert_eq!(LetterSet::Care.template("reminder_2"), "care_reminder");
        assert_eq!(LetterSet::Care.template("letter_of_claim"), "letter_of_claim");
        assert_eq!(LetterSet::Ordinary.template("reminder_2"), "reminder_2");
    }
}
