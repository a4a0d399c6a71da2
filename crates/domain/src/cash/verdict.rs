//! What the matcher answers.
use crate::ids::{BankLineId, CustomerId, ItemId};
use crate::money::Pence;
use serde::{Deserialize, Serialize};

/// One way to use the money, with how likely it is and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Whose money it would be.
    pub customer: Option<CustomerId>,
    /// What would be set against which item.
    pub lines: Vec<(ItemId, Pence)>,
    /// What would stay on the customer's account.
    pub on_account: Pence,
    /// Posterior probability in parts per million.
    pub confidence_ppm: i64,
    /// Plain sentences for it.
    pub reasons_for: Vec<String>,
    /// Plain sentences against it.
    pub reasons_against: Vec<String>,
}

/// What to do with the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// Certain: set it against these items (and the rest, if any, on the account).
    Post(Candidate),
    /// Certain whose it is, and that no item is left to pay: on the customer's account.
    OnAccount(Candidate),
    /// A person chooses among the candidates.
    Suggest,
    /// Nobody known: suspense.
    Suspense,
    /// Not a customer's money, and why.
    NotAReceipt(String),
}

/// The answer for one bank line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The line.
    pub line: BankLineId,
    /// What to do.
    pub decision: Decision,
    /// Best first, at most three.
    pub candidates: Vec<Candidate>,
}

impl Verdict {
    /// What is posted without a person, if anything.
    pub fn posted(&self) -> Option<&Candidate> {
        match &self.decision {
            Decision::Post(candidate) | Decision::OnAccount(candidate) => Some(candidate),
            Decision::Suggest | Decision::Suspense | Decision::NotAReceipt(_) => None,
        }
    }
}
