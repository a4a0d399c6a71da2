//! What people and servers can tell of a document's way, and what follows from it (DEL-01 to DEL-06).
use serde::{Deserialize, Serialize};

/// Something that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The customer's mail server took it.
    Accepted,
    /// The e-mail came back.
    Bounced,
    /// Their server still tries.
    Delayed,
    /// The reader called it unwanted.
    Complained,
    /// It was handed to the post in a signed batch.
    HandedOver,
    /// The post brought it back.
    Returned,
    /// A person put it on the buyer's portal.
    Uploaded,
    /// The portal accepted it.
    PortalAccepted,
    /// The portal rejected it.
    PortalRejected,
    /// The customer opened it on their page.
    Opened,
    /// The customer told us that they have it.
    Confirmed,
    /// It could not be sent.
    NotSent,
}

impl Known {
    /// All of them.
    pub const ALL: [Known; 12] = [
        Known::Accepted,
        Known::Bounced,
        Known::Delayed,
        Known::Complained,
        Known::HandedOver,
        Known::Returned,
        Known::Uploaded,
        Known::PortalAccepted,
        Known::PortalRejected,
        Known::Opened,
        Known::Confirmed,
        Known::NotSent,
    ];

    /// Those that a person may record.
    pub const BY_PERSON: [Known; 7] = [
        Known::Uploaded,
        Known::PortalAccepted,
        Known::PortalRejected,
        Known::Returned,
        Known::Bounced,
        Known::Opened,
        Known::Confirmed,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Known::Accepted => "server_accepted",
            Known::Bounced => "bounced",
            Known::Delayed => "delayed",
            Known::Complained => "complained",
            Known::HandedOver => "handed_over",
            Known::Returned => "returned",
            Known::Uploaded => "uploaded",
            Known::PortalAccepted => "portal_accepted",
            Known::PortalRejected => "portal_rejected",
            Known::Opened => "opened",
            Known::Confirmed => "confirmed",
            Known::NotSent => "not_sent",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Known::Accepted => "Accepted by the customer's mail server",
            Known::Bounced => "The e-mail came back",
            Known::Delayed => "Their mail server still tries",
            Known::Complained => "The reader called it unwanted",
            Known::HandedOver => "Handed to the post",
            Known::Returned => "The post brought it back",
            Known::Uploaded => "Put on the customer's portal",
            Known::PortalAccepted => "Accepted by the portal",
            Known::PortalRejected => "Rejected by the portal",
            Known::Opened => "Opened by the customer",
            Known::Confirmed => "The customer says they have it",
            Known::NotSent => "It could not be sent",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Known> {
        Known::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The way it belongs to.
    pub fn way(self) -> &'static str {
        match self {
            Known::Accepted | Known::Bounced | Known::Delayed | Known::Complained => "email",
            Known::HandedOver | Known::Returned | Known::NotSent => "post",
            Known::Uploaded | Known::PortalAccepted | Known::PortalRejected => "portal",
            Known::Opened => "page",
            Known::Confirmed => "hand",
        }
    }

    /// Whether the document is not chased until it was sent again.
    pub fn stops_chasing(self) -> bool {
        matches!(self, Known::Bounced | Known::Returned | Known::PortalRejected | Known::NotSent)
    }

    /// Whether it says nothing about arrival, so that what stood before still stands.
    pub fn says_nothing(self) -> bool {
        matches!(self, Known::Delayed | Known::Complained)
    }
}

/// What a person does next about a document that did not arrive, by what became of it.
pub fn next_step(outcome: &str) -> &'static str {
    match outcome {
        "bounced" => "Ask for the right e-mail address, then send it again",
        "returned" => "Find the new address, then send it again",
        "portal_rejected" => "Put right what the portal names, then upload it again",
        "not_sent" | "failed" => "Put right what is named, then send it again",
        "blocked" => "Put right what is named; the next sending tries again",
        "rejected" => "Put right what the rules name, then send it again",
        "refused" | "queried" => "Raise a query with the customer's reason",
        "unknown" => "Ask whether it arrived, then settle it",
        "held" => "Find an address, or upload it to the portal",
        "written" | "writing" => "Wait for the access point",
        "waiting" => "Print or send what waits",
        _ => "Write the letter, or record that it arrived",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn del_06_what_came_back_stops_the_chase_and_what_arrived_does_not() {
        for known in Known::ALL {
            assert_eq!(Known::parse(known.as_str()), Some(known));
            assert!(!(known.stops_chasing() && known.says_nothing()));
            assert!(!next_step(known.as_str()).is_empty());
        }
        let stops: Vec<&str> = Known::ALL.into_iter().filter(|k| k.stops_chasing()).map(Known::as_str).collect();
        assert_eq!(stops, ["bounced", "returned", "portal_rejected", "not_sent"]);
    }
}
