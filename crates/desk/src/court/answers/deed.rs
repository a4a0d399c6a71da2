//! Doing what a line asks, by the commands that do it by hand; each has a key of its own, so none is done twice.
use super::find::Deed;
use super::lines::asked;
use crate::court::export::CLAIM_REFUSED;
use crate::court::{
    EnterJudgment, Happened, RecordIssue, RecordResponse, due, enter_judgment, find, happened, must_be, note,
    record_issue, record_response, save,
};
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::words::{counted, written};
use sundry_store::court as store;

/// Does it; the answer says what was done. The key is the line's.
pub(super) async fn act(desk: &Desk, by: &Actor, key: String, case: String, deed: Deed) -> Outcome<String> {
    match deed {
        Deed::Hold(words) | Deed::Noted(words) | Deed::Done(words) => Ok(words),
        Deed::Issue { claim, on, fee } => {
            let words = format!("Issued as {claim}, fee {fee}");
            let ask = RecordIssue { key, case, claim_number: claim, issued_on: on, fee, served: "online".into() };
            let done = record_issue(desk, by, ask).await?;
            Ok(format!("{words}; to answer by {}", written(done.respond_by)))
        }
        Deed::Judgment { on, kind, warrant } => {
            let ask = EnterJudgment {
                key: key.clone(),
                case: case.clone(),
                on,
                kind: kind.into(),
                interest: None,
                instalment: None,
                every: String::new(),
                first_on: None,
            };
            let done = enter_judgment(desk, by, ask).await?;
            if let Some(words) = warrant {
                let ask = Noting { case, words, work: "See that the warrant's fee is on the case".into() };
                note_on_case(desk, by, format!("{key} warrant"), ask).await?;
            }
            Ok(format!("Judgment by {kind} entered for {}", sundry_domain::money::Pence(done.judgment_pence)))
        }
        Deed::Response { kind, on, words } => {
            let ask = RecordResponse { key, case, kind: kind.into(), on, words };
            Ok(record_response(desk, by, ask).await?.next)
        }
        Deed::Refused { about, words } => refused(desk, by, key, RefusedByCourt { case, about, words }).await,
        Deed::AllRefused { cases, words } => {
            let count = counted(i64::try_from(cases.len()).unwrap_or(i64::MAX), "case");
            for case in cases {
                let key = format!("{key} {case}");
                refused(desk, by, key, RefusedByCourt { case, about: CLAIM.into(), words: words.clone() }).await?;
            }
            Ok(format!("{count} to be put right: {words}"))
        }
        Deed::Note { words, work } => {
            note_on_case(desk, by, key, Noting { case, words, work: work.unwrap_or_default() }).await
        }
    }
}

const CLAIM: &str = "mcolClaim";

/// A request that the court refused.
#[derive(Debug, Serialize, Deserialize)]
struct RefusedByCourt {
    case: String,
    about: String,
    words: String,
}

/// Brings a refused request back to its case, with the reason, as work for a person.
async fn refused(desk: &Desk, by: &Actor, key: String, ask: RefusedByCourt) -> Outcome<String> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    command!(desk, by, "court_refused", &key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        let (states, kind, next): (&[&str], &str, &str) = match ask.about.as_str() {
            CLAIM => (&["filed"], "claim", "Put right what the court refused, and prepare the claim again"),
            "mcolJudgment" | "mcolJudgmentWarrant" => {
                (&["issued"], "judgment", "Put right what the court refused, and ask for judgment again")
            }
            "mcolWarrant" => {
                (&["judgment"], "enforcement", "The court refused the warrant: choose again how to enforce")
            }
            _ => (
                &["issued", "judgment", "satisfied", "closed"],
                "tell_court",
                "The court refused what it was told: tell it again",
            ),
        };
        must_be(&row, states)?;
        let event = if ask.about == CLAIM {
            row.state = "accepted".into();
            (row.signed_by, row.signed_on) = (String::new(), None);
            save(cmd, &mut row).await?;
            CLAIM_REFUSED
        } else {
            store::meet(&mut cmd.tx, org, row.id, "entered", today).await?;
            "court_refused"
        };
        let words = format!("The court refused {}. {}", asked(&ask.about), ask.words);
        note(cmd, row.id, vec![happened(event, words), due(kind, today, next)]).await?;
        cmd.tell("CourtRefused", format!("court case {}", row.number), &ask);
        Ok(next.to_owned())
    })
}

/// What the court tells of a case, and what is to be done about it; empty for nothing.
#[derive(Debug, Serialize, Deserialize)]
struct Noting {
    case: String,
    words: String,
    work: String,
}

/// Notes what the court tells. It moves no money.
async fn note_on_case(desk: &Desk, by: &Actor, key: String, ask: Noting) -> Outcome<String> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    command!(desk, by, "note_court_answer", &key, &ask, |cmd| {
        let row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        let mut events: Vec<Happened<'_>> = vec![happened("court_told", ask.words.clone())];
        if !ask.work.is_empty() {
            events.push(due("court_told", cmd.today, ask.work.clone()));
        }
        note(cmd, row.id, events).await?;
        cmd.tell("CourtTold", format!("court case {}", row.number), &ask);
        Ok(if ask.work.is_empty() { "Noted on the case".to_owned() } else { ask.work.clone() })
    })
}
