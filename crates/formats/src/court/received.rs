//! Any answer of the court, told apart by what it is.

use super::answers::{BulkAnswer, Defence, Feedback, read_defences, read_feedback, read_submitted};
use super::shape::tree;
use crate::problem::{FormatProblem, shown};

/// An answer of the court.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CourtAnswer {
    /// To a bulk: taken or refused.
    Submitted(BulkAnswer),
    /// How each request of a bulk stands.
    Feedback(Feedback),
    /// What defendants said.
    Defences(Vec<Defence>),
}

/// Reads an answer of the court, whichever it is.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_answer(bytes: &[u8]) -> Result<CourtAnswer, Vec<FormatProblem>> {
    let root = tree(bytes).map_err(|problem| vec![problem])?;
    match root.name.as_str() {
        "bulkResponse" => read_submitted(bytes).map(CourtAnswer::Submitted),
        "bulkFeedbackResponse" => read_feedback(bytes).map(CourtAnswer::Feedback),
        "submitQueryResponse" => read_defences(bytes).map(CourtAnswer::Defences),
        other => {
            let message = format!("the file is a {}, not an answer of the court", shown(other));
            Err(vec![FormatProblem::new("court.wrong_message", "", message)])
        }
    }
}
