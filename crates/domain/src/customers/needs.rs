//! What a customer needs of us: the need and what we change for it, never the diagnosis (BS-08).
use crate::calendar::add_months;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Months until a marker is looked at again, where no day was given.
pub const REVIEW_MONTHS: i32 = 6;
/// Days that are added to what we ask for while a marker holds.
pub const MORE_DAYS: i64 = 14;

named! {
    /// Why a customer needs care.
    Need {
        /// Mental health.
        MentalHealth = "mental_health", "Mental health";
        /// Physical health.
        PhysicalHealth = "physical_health", "Physical health";
        /// Cannot decide about this alone.
        Capacity = "capacity", "Mental capacity";
        /// Sight, hearing.
        Sensory = "sensory", "Sight or hearing";
        /// Memory, understanding.
        Cognitive = "cognitive", "Memory or understanding";
        /// Somebody died.
        Bereavement = "bereavement", "Bereavement";
        /// Divorce, loss of work, birth.
        LifeEvent = "life_event", "A change in life";
        /// Violence or control at home: contact only where it is safe.
        Abuse = "abuse", "Abuse: contact only where it is safe";
        /// Money does not reach.
        Resilience = "resilience", "Little money to spare";
        /// Reading, numbers, the internet.
        Literacy = "literacy", "Reading or the internet";
        /// Another language.
        Language = "language", "Another language";
        /// A safeguarding matter.
        Safeguarding = "safeguarding", "Safeguarding";
        /// In prison.
        Custody = "custody", "In custody";
        /// Serves or served.
        ArmedForces = "armed_forces", "Armed forces";
        /// Not long to live.
        Terminal = "terminal", "Terminal illness";
        /// In hospital.
        Hospital = "hospital", "In hospital";
    }
}

named! {
    /// What we change for a customer.
    Adjustment {
        /// Larger print.
        LargePrint = "large_print", "Large print";
        /// By e-mail only.
        EmailOnly = "email_only", "By e-mail only";
        /// No calls.
        NoCalls = "no_calls", "No calls";
        /// No visits.
        NoVisits = "no_visits", "No visits";
        /// Calls at a time they chose.
        CallTimes = "call_times", "Calls only at times they chose";
        /// More time to answer.
        MoreTime = "more_time", "More time to answer";
        /// One person deals with them.
        NamedOfficer = "named_officer", "A named officer";
        /// Nothing to the address we hold.
        NoPost = "no_post", "No post to the address we hold";
    }
}

impl Need {
    /// Whether it says something of health, or of a danger: seen only by who needs it (UK GDPR Art 9).
    pub fn is_sensitive(self) -> bool {
        !matches!(self, Need::Resilience | Need::Language | Need::LifeEvent | Need::ArmedForces)
    }

    /// Whether recovery waits for a person to look at it, as nobody may be able to answer for the customer.
    pub fn holds_recovery(self) -> bool {
        matches!(self, Need::Capacity | Need::Safeguarding | Need::Terminal)
    }
}

/// When a marker set on a day is looked at again.
pub fn review_on(set_on: NaiveDate, asked: Option<NaiveDate>) -> NaiveDate {
    asked.unwrap_or_else(|| add_months(set_on, REVIEW_MONTHS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cus_13_a_marker_is_reviewed_after_six_months_unless_sooner() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(review_on(d("2026-08-31"), None), d("2027-02-28"));
        assert_eq!(review_on(d("2026-08-31"), Some(d("2026-10-01"))), d("2026-10-01"));
    }

    #[test]
    fn cus_13_health_and_danger_are_for_few_eyes() {
        for need in [Need::MentalHealth, Need::Abuse, Need::Safeguarding, Need::Capacity, Need::Terminal] {
            assert!(need.is_sensitive(), "{}", need.name());
        }
        assert!(!Need::Language.is_sensitive());
        let holding: Vec<&Need> = Need::ALL.iter().filter(|need| need.holds_recovery()).collect();
        assert_eq!(holding, [&Need::Capacity, &Need::Safeguarding, &Need::Terminal]);
    }
}
