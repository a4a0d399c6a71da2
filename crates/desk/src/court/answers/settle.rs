//! A person's decision on a line that could not be done.
use super::take::either;
use super::work::save;
use crate::core::typed::words_wrong;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::court::case_refusals::ANSWER_DECIDED;
use sundry_domain::refusal::Invalid;
use sundry_store::court_answers as store;

/// Settles a line of an answer with a reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettleCourtAnswer {
    /// Idempotency key.
    pub key: String,
    /// Id of the line.
    pub line: i64,
    /// What was done about it, or why nothing is.
    pub words: String,
}

/// A line that was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSettled {
    /// Id of the line.
    pub line: i64,
    /// settled.
    pub state: String,
}

/// Settles a line: what it told is done by hand, or nothing is to be done.
///
/// # Errors
/// Duty; fields; absent; `CT-05-ANSWER-DECIDED`; `CT-CASE-CHANGED`.
pub async fn settle_court_answer(desk: &Desk, by: &Actor, ask: SettleCourtAnswer) -> Outcome<AnswerSettled> {
    either(by)?;
    if ask.words.trim().is_empty() {
        let message = "Say what was done about it, or why nothing is, in up to 500 characters";
        return Err(Invalid::field("words", message, &ask.words).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 500);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "settle_court_answer", &ask.key, &ask, |cmd| {
        let row = store::answer(&mut cmd.tx, cmd.by.org, ask.line).await?;
        let mut row = row.ok_or_else(|| No::Absent(format!("line {} of a court answer", ask.line)))?;
        if row.state != "open" {
            return Err(ANSWER_DECIDED
                .because(format!("Line {} is {}, so there is nothing to settle", row.seq, row.state))
                .into());
        }
        row.state = "settled".into();
        row.outcome = ask.words.trim().to_owned();
        (row.decided_on, row.decided_by) = (Some(cmd.today), cmd.by.name.clone());
        save(cmd, &row).await?;
        cmd.tell("CourtAnswerSettled", format!("court answer {}", row.id), &ask);
        Ok(AnswerSettled { line: row.id, state: row.state })
    })
}
