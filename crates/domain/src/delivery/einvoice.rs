//! Where an e-invoice stands, from the first try to the buyer's last word.
use serde::{Deserialize, Serialize};

/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EState {
    /// It cannot be written yet, or waits to be sent again.
    Blocked,
    /// Its file is being written.
    Writing,
    /// The writer stopped before it was known whether the file lies there.
    Unknown,
    /// Its file lies ready for the access point.
    Written,
    /// The access point delivered it.
    Delivered,
    /// An access point rejected it by its rules.
    Rejected,
    /// The buyer has it (AB).
    Acknowledged,
    /// The buyer works on it (IP).
    InProcess,
    /// The buyer asks something (UQ).
    Queried,
    /// Accepted on conditions (CA).
    Conditional,
    /// The buyer refuses it (RE).
    Refused,
    /// The buyer accepts it (AP).
    Accepted,
    /// The buyer says it is paid (PD).
    Paid,
    /// It goes another way.
    Withdrawn,
}

/// What happens to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EEvent {
    /// Its file is in place.
    Written,
    /// We cannot tell whether it is.
    Lost,
    /// The access point delivered it.
    Delivered,
    /// An access point rejected it.
    Rejected,
    /// The buyer answers: AB, IP, UQ, CA, RE, AP or PD.
    Answered(EState),
    /// It is to be sent again.
    Again,
    /// It goes another way.
    Withdraw,
}

use EState::{
    Accepted, Acknowledged, Blocked, Conditional, Delivered, InProcess, Paid, Queried, Refused, Rejected, Unknown,
    Withdrawn, Writing, Written,
};

impl EState {
    /// All states.
    pub const ALL: [EState; 14] = [
        Blocked,
        Writing,
        Unknown,
        Written,
        Delivered,
        Rejected,
        Acknowledged,
        InProcess,
        Queried,
        Conditional,
        Refused,
        Accepted,
        Paid,
        Withdrawn,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Blocked => "blocked",
            Writing => "writing",
            Unknown => "unknown",
            Written => "written",
            Delivered => "delivered",
            Rejected => "rejected",
            Acknowledged => "acknowledged",
            InProcess => "in_process",
            Queried => "queried",
            Conditional => "conditional",
            Refused => "refused",
            Accepted => "accepted",
            Paid => "paid",
            Withdrawn => "withdrawn",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Blocked => "Cannot be sent yet",
            Writing => "Being written",
            Unknown => "Not known",
            Written => "Ready for the access point",
            Delivered => "Delivered",
            Rejected => "Rejected by the rules",
            Acknowledged => "Received by the customer",
            InProcess => "Being processed",
            Queried => "Customer has a question",
            Conditional => "Accepted on conditions",
            Refused => "Refused by the customer",
            Accepted => "Accepted",
            Paid => "Customer says it is paid",
            Withdrawn => "Sent another way",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<EState> {
        EState::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The state that a buyer's code (UNCL 4343) means.
    pub fn of_code(code: &str) -> Option<EState> {
        Some(match code {
            "AB" => Acknowledged,
            "IP" => InProcess,
            "UQ" => Queried,
            "CA" => Conditional,
            "RE" => Refused,
            "AP" => Accepted,
            "PD" => Paid,
            _ => return None,
        })
    }

    /// Whether the customer has it, as far as anyone told us.
    pub fn has_arrived(self) -> bool {
        matches!(self, Delivered | Acknowledged | InProcess | Queried | Conditional | Refused | Accepted | Paid)
    }

    /// Whether it is not chased as it stands: it did not arrive, or its buyer asks or refuses.
    pub fn stops_chasing(self) -> bool {
        matches!(self, Blocked | Unknown | Rejected | Queried | Refused)
    }
}

/// Where it stands after an event; none when the event changes nothing there.
pub fn after(state: EState, event: EEvent) -> Option<EState> {
    let out = matches!(state, Written | Unknown | Delivered | Acknowledged | InProcess | Queried | Conditional);
    match event {
        EEvent::Written => (state == Writing).then_some(Written),
        EEvent::Lost => (state == Writing).then_some(Unknown),
        EEvent::Delivered => matches!(state, Written | Unknown).then_some(Delivered),
        EEvent::Rejected => matches!(state, Written | Unknown | Delivered).then_some(Rejected),
        EEvent::Answered(Acknowledged) => matches!(state, Written | Unknown | Delivered).then_some(Acknowledged),
        // A buyer who accepted or refused may think again; one who paid has said all.
        EEvent::Answered(to) => {
            let again = matches!((state, to), (Accepted | Refused, Queried | Conditional | Refused | Accepted | Paid));
            ((out || again) && state != to).then_some(to)
        }
        EEvent::Again => matches!(state, Unknown | Rejected | Refused).then_some(Blocked),
        EEvent::Withdraw => matches!(state, Blocked | Unknown | Rejected | Refused).then_some(Withdrawn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn del_04_an_e_invoice_goes_its_way_and_no_other() {
        let walk = |events: &[EEvent]| events.iter().try_fold(Writing, |state, event| after(state, *event));
        let said = |code| EEvent::Answered(EState::of_code(code).expect("a code"));
        use EEvent::{Again, Delivered as D, Rejected as R, Withdraw, Written as W};
        assert_eq!(walk(&[W, D, said("AB"), said("IP"), said("AP"), said("PD")]), Some(Paid));
        assert_eq!(walk(&[W, said("UQ"), said("IP"), said("CA")]), Some(Conditional));
        assert_eq!(walk(&[W, D, R, Again]), Some(Blocked));
        assert_eq!(walk(&[W, said("RE"), said("AP")]), Some(Accepted));
        assert_eq!(walk(&[EEvent::Lost, Withdraw]), Some(Withdrawn));
        // What is said late changes nothing.
        for late in [&[W, said("AP"), said("AB")][..], &[W, said("PD"), said("RE")], &[W, said("AP"), D], &[W, Again]] {
            assert_eq!(walk(late), None, "{late:?}");
        }
        for state in EState::ALL {
            assert_eq!(EState::parse(state.as_str()), Some(state));
            assert!(!(state.stops_chasing() && matches!(state, Delivered | Accepted | Paid)));
        }
        assert_eq!(EState::of_code("ZZ"), None);
    }
}
