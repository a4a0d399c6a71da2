//! A mandate's life (DD-01): every step is in the table, and nothing else is allowed.
use super::refusals::STATE;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$outer:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $text:literal, $title:literal;)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$name),*];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$name => $text,)* }
            }

            /// For people.
            pub fn name(self) -> &'static str {
                match self { $($type::$name => $title,)* }
            }

            /// Reads a stored name.
            pub fn parse(text: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}

words! {
    /// Where a mandate stands.
    MandateState {
        /// The form has not come back signed.
        Draft = "draft", "Not signed yet";
        /// The 0N waits for the next file.
        AwaitingLodgement = "awaiting_lodgement", "Waiting to be lodged";
        /// The 0N was sent.
        Lodged = "lodged", "Lodged";
        /// Collections may be taken.
        Active = "active", "Active";
        /// Stopped until a person has looked.
        Suspended = "suspended", "Suspended";
        /// Over.
        Cancelled = "cancelled", "Cancelled";
        /// Two years without a collection.
        Dormant = "dormant", "Dormant";
        /// The bank did not take it.
        Rejected = "rejected", "Rejected";
    }
}

words! {
    /// How the authority was given.
    Route {
        /// A signed form.
        Paper = "paper", "Signed form";
        /// By telephone, with the approved script.
        Telephone = "telephone", "By telephone";
        /// On the web.
        Web = "web", "Online";
        /// Face to face, paperless.
        FaceToFace = "face_to_face", "Face to face";
    }
}

impl Route {
    /// Whether a confirmation must be sent.
    pub fn is_paperless(self) -> bool {
        self != Route::Paper
    }
}

words! {
    /// What happens to a mandate.
    MandateEvent {
        /// The form came back signed.
        Sign = "sign", "The form was signed";
        /// The 0N went.
        Lodge = "lodge", "The instruction was sent to the bank";
        /// The bank accepted it, or the waiting days are over.
        Activate = "activate", "The instruction is active";
        /// Something must be looked at.
        Suspend = "suspend", "Collections were stopped";
        /// A person has looked.
        Resume = "resume", "Collections may go on";
        /// Payer, bank or we ended it.
        Cancel = "cancel", "The mandate was cancelled";
        /// Two years went by.
        Sleep = "sleep", "The mandate became dormant";
        /// The bank returned the 0N.
        Reject = "reject", "The bank rejected the instruction";
        /// The bank reinstated it.
        Reinstate = "reinstate", "The bank reinstated the instruction";
        /// New bank details: lodged again.
        ChangeBank = "change_bank", "Bank details changed";
    }
}

use MandateEvent as E;
use MandateState as S;

/// Every step a mandate may take: from, what happens, to.
pub const TRANSITIONS: &[(S, E, S)] = &[
    (S::Draft, E::Sign, S::AwaitingLodgement),
    (S::Draft, E::Cancel, S::Cancelled),
    (S::AwaitingLodgement, E::Lodge, S::Lodged),
    (S::AwaitingLodgement, E::Suspend, S::Suspended),
    (S::AwaitingLodgement, E::Cancel, S::Cancelled),
    (S::AwaitingLodgement, E::ChangeBank, S::AwaitingLodgement),
    (S::Lodged, E::Activate, S::Active),
    (S::Lodged, E::Suspend, S::Suspended),
    (S::Lodged, E::Cancel, S::Cancelled),
    (S::Lodged, E::Reject, S::Rejected),
    (S::Lodged, E::ChangeBank, S::AwaitingLodgement),
    (S::Active, E::Suspend, S::Suspended),
    (S::Active, E::Cancel, S::Cancelled),
    (S::Active, E::Reject, S::Rejected),
    (S::Active, E::Sleep, S::Dormant),
    (S::Active, E::ChangeBank, S::AwaitingLodgement),
    (S::Suspended, E::Resume, S::Active),
    (S::Suspended, E::Cancel, S::Cancelled),
    (S::Suspended, E::Reject, S::Rejected),
    (S::Suspended, E::Sleep, S::Dormant),
    (S::Suspended, E::ChangeBank, S::AwaitingLodgement),
    (S::Cancelled, E::Reinstate, S::Active),
    (S::Suspended, E::Reinstate, S::Active),
];

impl MandateState {
    /// Where a step leads, or the refusal.
    pub fn after(self, event: MandateEvent) -> Result<MandateState, Refusal> {
        let found = TRANSITIONS.iter().find(|(from, what, _)| (*from, *what) == (self, event));
        found.map(|(_, _, to)| *to).ok_or_else(|| {
            STATE.because(format!("A mandate that is {} cannot take the step “{}”", self.name(), event.name()))
        })
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        matches!(self, S::Cancelled | S::Dormant | S::Rejected)
    }
}

/// What is wrong with a core reference, if anything.
pub fn reference_problem(reference: &str) -> Option<&'static str> {
    let length = reference.chars().count();
    let mut plain = reference.chars().filter(char::is_ascii_alphanumeric);
    let first = plain.clone().next();
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '&' | '/' | '-' | ' ');
    if !(6..=18).contains(&length) {
        Some("A reference has 6 to 18 characters")
    } else if !reference.chars().all(allowed) {
        Some("A reference has capitals, digits and . & / - only")
    } else if plain.clone().count() < 6 {
        Some("A reference has at least 6 letters or digits")
    } else if reference.chars().take(6).any(|c| c == ' ') || reference.ends_with(' ') {
        Some("The first six characters may not be blank, nor the last")
    } else if plain.all(|c| Some(c) == first) {
        Some("A reference may not repeat one character")
    } else if reference.starts_with("DDIC") {
        Some("A reference may not begin with DDIC")
    } else {
        None
    }
}
