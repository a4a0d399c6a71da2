//! Feedback held against what was sent.

use super::answers::{Feedback, FeedbackItem, FeedbackStatus};
use std::collections::BTreeMap;

/// What feedback means for a request of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done: number, dates and fee count.
    Accepted,
    /// The court has more to say; also where it accepted without a number.
    AwaitingData,
    /// Refused: a person mends it.
    Rejected,
}

/// Feedback that fits a request of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// What was said.
    pub item: FeedbackItem,
    /// What it means.
    pub outcome: Outcome,
}

/// Feedback that nobody may act on before a person looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What was said.
    pub item: FeedbackItem,
    /// Why it is held.
    pub why: String,
}

/// Holds feedback against the requests that were sent, and claim numbers against the cases that bear them.
pub fn match_feedback(
    feedback: &Feedback,
    sent: &[String],
    cases_by_claim: &BTreeMap<String, String>,
) -> (Vec<Matched>, Vec<Held>) {
    let (mut matched, mut held) = (Vec::new(), Vec::new());
    for item in &feedback.items {
        let hold = |why: String| Held { item: item.clone(), why };
        if !sent.contains(&item.request_id) {
            held.push(hold(format!("{} is no request that we sent", item.request_id)));
            continue;
        }
        let other = item.claim_number.as_ref().and_then(|number| cases_by_claim.get(number));
        if let Some(case) = other.filter(|case| **case != item.request_id) {
            held.push(hold(format!("the claim number stands on {case}")));
            continue;
        }
        let outcome = match item.status {
            FeedbackStatus::Accepted if item.request_type == "mcolClaim" && item.claim_number.is_none() => {
                Outcome::AwaitingData
            }
            FeedbackStatus::Accepted => Outcome::Accepted,
            FeedbackStatus::Rejected => Outcome::Rejected,
            _ => Outcome::AwaitingData,
        };
        matched.push(Matched { item: item.clone(), outcome });
    }
    (matched, held)
}
