//! What is sent, and how it reaches the customer.
use crate::customers::is_email;
use serde::{Deserialize, Serialize};

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// An invoice.
    Invoice,
    /// A credit note.
    CreditNote,
    /// A statement of account.
    Statement,
    /// A reminder of any stage.
    Reminder,
    /// A letter of claim or letter before action.
    LetterOfClaim,
}

impl LetterKind {
    /// All kinds.
    pub const ALL: [LetterKind; 5] = [
        LetterKind::Invoice,
        LetterKind::CreditNote,
        LetterKind::Statement,
        LetterKind::Reminder,
        LetterKind::LetterOfClaim,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            LetterKind::Invoice => "invoice",
            LetterKind::CreditNote => "credit_note",
            LetterKind::Statement => "statement",
            LetterKind::Reminder => "reminder",
            LetterKind::LetterOfClaim => "letter_of_claim",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<LetterKind> {
        LetterKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Printed and posted.
    Post,
    /// E-mailed.
    Email,
    /// Neither address is usable: a person must look.
    Held,
}

/// What is known about reaching a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachFacts {
    /// The customer asked for e-mail.
    pub prefers_email: bool,
    /// E-mail address, if any.
    pub email: String,
    /// A postal address is held.
    pub has_address: bool,
    /// Post comes back.
    pub gone_away: bool,
}

/// The way a letter goes. A letter of claim goes by post unless the customer asked for e-mail or no post reaches them.
pub fn way_to_send(kind: LetterKind, facts: &ReachFacts) -> Way {
    let email = is_email(&facts.email);
    let post = facts.has_address && !facts.gone_away;
    match (facts.prefers_email && email, post, email) {
        (true, _, _) => Way::Email,
        (false, true, _) => Way::Post,
        (false, false, true) if kind != LetterKind::LetterOfClaim || !facts.gone_away => Way::Email,
        _ => Way::Held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_wish_then_post_then_what_is_left() {
        let facts = |prefers_email, email: &str, has_address, gone_away| ReachFacts {
            prefers_email,
            email: email.into(),
            has_address,
            gone_away,
        };
        let way = |facts: &ReachFacts| way_to_send(LetterKind::Reminder, facts);
        assert_eq!(way(&facts(true, "ann@example.org", true, false)), Way::Email);
        assert_eq!(way(&facts(true, "not an address", true, false)), Way::Post);
        assert_eq!(way(&facts(false, "ann@example.org", true, false)), Way::Post);
        assert_eq!(way(&facts(false, "ann@example.org", true, true)), Way::Email);
        assert_eq!(way(&facts(false, "", true, true)), Way::Held);
        assert_eq!(
            way_to_send(LetterKind::LetterOfClaim, &facts(false, "ann@example.org", true, true)),
            Way::Held
        );
        for kind in LetterKind::ALL {
            assert_eq!(LetterKind::parse(kind.as_str()), Some(kind));
        }
    }
}
