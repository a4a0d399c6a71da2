//! What a case of the service desk is told: where its query or its requests stand, and nobody's name.
use super::servicenow::CaseMeaning;
use super::{QueryState, Resolution};
use crate::words::written;
use chrono::NaiveDate;

/// A request for an invoice that a case became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFact {
    /// Its number.
    pub number: String,
    /// asked, sent_back, withdrawn or invoiced.
    pub state: String,
    /// Why it was sent back.
    pub reason: String,
    /// The invoice it became.
    pub invoice: String,
}

/// What a case of theirs is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// By which it is known whether it was told.
    pub tag: String,
    /// The state it goes to; none leaves it.
    pub meaning: Option<CaseMeaning>,
    /// A comment, which who asked sees. No person is named in it.
    pub words: String,
}

/// What is told about a query that a case became.
pub fn tell_of_query(number: &str, state: QueryState, resolution: &str, answer_by: NaiveDate, told: &str) -> Telling {
    let telling = |tag: String, meaning, words: String| Telling { tag, meaning, words };
    match state {
        QueryState::Resolved => {
            let how = Resolution::parse(resolution).map_or_else(|| resolution.to_owned(), |one| one.name().to_owned());
            telling(
                format!("resolved/{resolution}"),
                Some(CaseMeaning::Resolved),
                format!("{number} is resolved. {how}."),
            )
        }
        QueryState::Withdrawn => {
            telling("withdrawn".into(), Some(CaseMeaning::Resolved), format!("{number} was taken back."))
        }
        _ => {
            let again = if told.is_empty() || told == "open" { "" } else { " again" };
            let words =
                format!("It is {number} with the income team{again}, to be answered by {}.", written(answer_by));
            telling("open".into(), Some(CaseMeaning::InProgress), words)
        }
    }
}

/// What is told about the requests that a case became.
pub fn tell_of_requests(requests: &[RequestFact]) -> Telling {
    let mut words = Vec::new();
    for one in requests {
        words.push(match one.state.as_str() {
            "invoiced" => format!("{} is invoice {}.", one.number, one.invoice),
            "sent_back" => format!("{} is sent back: {}", one.number, one.reason),
            "withdrawn" => format!("{} was taken back.", one.number),
            _ => format!("{} waits for the income team.", one.number),
        });
    }
    let is = |state: &str| requests.iter().any(|one| one.state == state);
    let meaning = if is("sent_back") {
        CaseMeaning::OnHold
    } else if is("asked") {
        CaseMeaning::InProgress
    } else {
        CaseMeaning::Resolved
    };
    let tag: Vec<String> = requests.iter().map(|one| format!("{}/{}", one.number, one.state)).collect();
    Telling { tag: tag.join(" "), meaning: Some(meaning), words: words.join("\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qry_05_what_became_of_it_is_told_there_and_names_nobody() {
        let day = "2026-05-18".parse().expect("a date");
        let told = tell_of_query("QRY-000001", QueryState::Open, "", day, "");
        assert_eq!(told.words, "It is QRY-000001 with the income team, to be answered by 18 May 2026.");
        let ended = tell_of_query("QRY-000001", QueryState::Resolved, "charge_stands", day, &told.tag);
        assert_eq!(ended.words, "QRY-000001 is resolved. The charge stands.");
        assert_eq!(ended.meaning, Some(CaseMeaning::Resolved));
        assert!(tell_of_query("QRY-000001", QueryState::Open, "", day, &ended.tag).words.contains("again"));
        let request = |state: &str| RequestFact {
            number: "REQ-000001".into(),
            state: state.into(),
            reason: "Which hall?".into(),
            invoice: "INV-000009".into(),
        };
        let of = |states: &[&str]| tell_of_requests(&states.iter().map(|one| request(one)).collect::<Vec<_>>());
        assert_eq!(of(&["invoiced", "asked"]).meaning, Some(CaseMeaning::InProgress));
        assert_eq!(of(&["invoiced", "sent_back"]).meaning, Some(CaseMeaning::OnHold));
        assert_eq!(of(&["invoiced"]).words, "REQ-000001 is invoice INV-000009.");
    }
}
