//! The kind of a customer decides which law applies.
use serde::{Deserialize, Serialize};

/// What the customer is. Unknown is treated as an individual: the safe choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// A person acting for themselves.
    Individual,
    /// A person in business.
    SoleTrader,
    /// A company, charity, university or other incorporated body.
    Company,
    /// A council or other public body.
    PublicBody,
    /// An NHS body.
    NhsBody,
    /// Someone we employ or employed.
    Employee,
    /// Not yet known.
    Unknown,
}

impl CustomerKind {
    /// All kinds.
    pub const ALL: [CustomerKind; 7] = [
        CustomerKind::Individual,
        CustomerKind::SoleTrader,
        CustomerKind::Company,
        CustomerKind::PublicBody,
        CustomerKind::NhsBody,
        CustomerKind::Employee,
        CustomerKind::Unknown,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            CustomerKind::Individual => "individual",
            CustomerKind::SoleTrader => "sole_trader",
            CustomerKind::Company => "company",
            CustomerKind::PublicBody => "public_body",
            CustomerKind::NhsBody => "nhs_body",
            CustomerKind::Employee => "employee",
            CustomerKind::Unknown => "unknown",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            CustomerKind::Individual => "Individual",
            CustomerKind::SoleTrader => "Sole trader",
            CustomerKind::Company => "Company",
            CustomerKind::PublicBody => "Public body",
            CustomerKind::NhsBody => "NHS body",
            CustomerKind::Employee => "Employee",
            CustomerKind::Unknown => "Not known",
        }
    }

    /// Reads a stored name or a word that import files use; an empty word is unknown.
    pub fn parse(text: &str) -> Option<CustomerKind> {
        let word = text.trim().to_lowercase().replace([' ', '-'], "_");
        if let Some(kind) = CustomerKind::ALL.into_iter().find(|kind| kind.as_str() == word) {
            return Some(kind);
        }
        match word.as_str() {
            "" => Some(CustomerKind::Unknown),
            "person" => Some(CustomerKind::Individual),
            "trader" => Some(CustomerKind::SoleTrader),
            "council" => Some(CustomerKind::PublicBody),
            "health" | "nhs" => Some(CustomerKind::NhsBody),
            "insurer" | "university" | "school" | "charity" | "business" => Some(CustomerKind::Company),
            "staff" => Some(CustomerKind::Employee),
            _ => None,
        }
    }

    /// A person in law: the protocol for debt claims protects them. Unknown counts as one.
    pub fn is_individual(self) -> bool {
        !matches!(self, CustomerKind::Company | CustomerKind::PublicBody | CustomerKind::NhsBody)
    }

    /// Acts in the course of a business or public function, so that the late payment act can apply.
    pub fn is_in_business(self) -> bool {
        matches!(
            self,
            CustomerKind::SoleTrader | CustomerKind::Company | CustomerKind::PublicBody | CustomerKind::NhsBody
        )
    }

    /// A public authority, whose agreed terms are cut back to thirty days.
    pub fn is_public_authority(self) -> bool {
        matches!(self, CustomerKind::PublicBody | CustomerKind::NhsBody)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_import_files_are_understood() {
        let words = [
            ("person", CustomerKind::Individual),
            ("Council", CustomerKind::PublicBody),
            ("health", CustomerKind::NhsBody),
            ("insurer", CustomerKind::Company),
            ("university", CustomerKind::Company),
            ("school", CustomerKind::Company),
            ("charity", CustomerKind::Company),
            ("Sole trader", CustomerKind::SoleTrader),
            ("", CustomerKind::Unknown),
        ];
        for (word, kind) in words {
            assert_eq!(CustomerKind::parse(word), Some(kind), "{word}");
        }
        assert_eq!(CustomerKind::parse("martian"), None);
        for kind in CustomerKind::ALL {
            assert_eq!(CustomerKind::parse(kind.as_str()), Some(kind));
        }
    }
}
