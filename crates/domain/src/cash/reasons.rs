//! Evidence in plain sentences.
use super::references::How;
use crate::money::Pence;

/// Sentences for and against one candidate.
#[derive(Clone, Debug, Default)]
pub(super) struct Reasons {
    pub pros: Vec<String>,
    pub cons: Vec<String>,
}

impl Reasons {
    pub(super) fn supports(&mut self, sentence: String) {
        self.pros.push(sentence);
    }

    pub(super) fn against(&mut self, sentence: String) {
        self.cons.push(sentence);
    }
}

/// How the reference names an item.
pub(super) fn found(how: How, number: &str) -> String {
    match how {
        How::Full => format!("The reference contains invoice {number} exactly."),
        How::Squeezed => format!("The reference contains invoice {number}, written with other spacing or marks."),
        How::Digits => format!("The reference contains the digits of invoice {number}."),
        How::Confused => format!("The reference is invoice {number} with a letter in place of a digit."),
        How::LeftOut => format!("The reference is invoice {number} with one digit missing or too many."),
        How::Mistyped => format!("The reference is invoice {number} with one slip: a digit changed or two swapped."),
        How::Cut => format!("The reference breaks off in a number that begins like invoice {number}."),
        How::OtherLetters => format!("The reference contains the digits of invoice {number} after other letters."),
    }
}

/// The payer's name is the customer's, and how many others have it.
pub(super) fn name_agrees(sharing: usize) -> String {
    match sharing {
        0 | 1 => "The payer's name is the customer's.".into(),
        2 => "The payer's name is the customer's, and one other customer's.".into(),
        many => format!("The payer's name is the customer's, and {} other customers'.", many - 1),
    }
}

/// The payer's account is known.
pub(super) fn account_agrees(learned: bool, times: i64) -> String {
    if learned && times > 1 {
        format!("The payer's account has paid for this customer before: a person said so {times} times.")
    } else if learned {
        "The payer's account has paid for this customer before.".into()
    } else {
        "The payer's account is the customer's.".into()
    }
}

/// A difference that the tolerance clears.
pub(super) fn forgiven(difference: Pence, open: Pence, tolerance: Pence) -> String {
    let side = if difference > Pence::ZERO { "less" } else { "more" };
    let size = difference.size();
    format!(
        "The amount is {size} {side} than what is open on it, {open}; differences up to {tolerance} are cleared by rule."
    )
}
