//! Flags that change what we do, each with evidence, start, end and review (A7, BS-08).
use crate::refusal::Invalid;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is flagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Needs care in how and whether we chase.
    Vulnerable,
    /// A moratorium: the law freezes the debts it names.
    BreathingSpace,
    /// Bankruptcy, administration, liquidation, a voluntary arrangement or a debt relief order.
    Insolvent,
    /// Has died.
    Deceased,
    /// Post comes back.
    GoneAway,
    /// In hospital.
    InHospital,
    /// Papers must be kept.
    LegalHold,
    /// No more on credit.
    CreditRisk,
    /// Needs larger print, another channel, more time.
    ExtraSupport,
}

impl FlagKind {
    /// All kinds.
    pub const ALL: [FlagKind; 9] = [
        FlagKind::Vulnerable,
        FlagKind::BreathingSpace,
        FlagKind::Insolvent,
        FlagKind::Deceased,
        FlagKind::GoneAway,
        FlagKind::InHospital,
        FlagKind::LegalHold,
        FlagKind::CreditRisk,
        FlagKind::ExtraSupport,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            FlagKind::Vulnerable => "vulnerable",
            FlagKind::BreathingSpace => "breathing_space",
            FlagKind::Insolvent => "insolvent",
            FlagKind::Deceased => "deceased",
            FlagKind::GoneAway => "gone_away",
            FlagKind::InHospital => "in_hospital",
            FlagKind::LegalHold => "legal_hold",
            FlagKind::CreditRisk => "credit_risk",
            FlagKind::ExtraSupport => "extra_support",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            FlagKind::Vulnerable => "Vulnerable",
            FlagKind::BreathingSpace => "Breathing space",
            FlagKind::Insolvent => "Insolvent",
            FlagKind::Deceased => "Deceased",
            FlagKind::GoneAway => "Gone away",
            FlagKind::InHospital => "In hospital",
            FlagKind::LegalHold => "Legal hold",
            FlagKind::CreditRisk => "Credit risk",
            FlagKind::ExtraSupport => "Extra support",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<FlagKind> {
        FlagKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Flags that stop recovery by themselves.
    pub fn stops_recovery(self) -> bool {
        matches!(self, FlagKind::BreathingSpace | FlagKind::Insolvent | FlagKind::Deceased)
    }
}

/// A flag on a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// What.
    pub kind: FlagKind,
    /// How we know: a notice, a letter, a call.
    pub evidence: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, if known.
    pub ends_on: Option<NaiveDate>,
    /// When to look at it again.
    pub review_on: Option<NaiveDate>,
}

impl Flag {
    /// Whether it holds on a day; first and last day included.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }

    /// What is wrong with it.
    pub fn validate(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if self.evidence.trim().is_empty() {
            wrong.push(Invalid::field("evidence", "Enter how we know: a notice, a letter, a call", &self.evidence));
        }
        if let Some(last) = self.ends_on.filter(|last| *last < self.starts_on) {
            let message = format!("Enter a date on or after {}", self.starts_on.format("%-d %B %Y"));
            wrong.push(Invalid::field("end date", message, last.to_string()));
        }
        if let Some(review) = self.review_on.filter(|review| *review < self.starts_on) {
            let message = format!("Enter a date on or after {}", self.starts_on.format("%-d %B %Y"));
            wrong.push(Invalid::field("review date", message, review.to_string()));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_holds_from_its_first_to_its_last_day() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let mut flag = Flag {
            kind: FlagKind::BreathingSpace,
            evidence: "Notice 123".into(),
            starts_on: d("2026-09-14"),
            ends_on: Some(d("2026-11-12")),
            review_on: None,
        };
        assert!(!flag.holds_on(d("2026-09-13")) && flag.holds_on(d("2026-09-14")));
        assert!(flag.holds_on(d("2026-11-12")) && !flag.holds_on(d("2026-11-13")));
        assert_eq!(flag.validate(), []);
        flag.evidence = " ".into();
        flag.ends_on = Some(d("2026-01-01"));
        assert_eq!(flag.validate().len(), 2);
        for kind in FlagKind::ALL {
            assert_eq!(FlagKind::parse(kind.as_str()), Some(kind));
        }
    }
}
