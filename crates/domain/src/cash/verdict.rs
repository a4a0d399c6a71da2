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
    /// Further customers' shares, where one payer pays for several.
    pub others: Vec<OtherShare>,
    /// What the tolerance clears: more than nothing was paid short, less was paid over.
    pub difference: Pence,
    /// Posterior probability in parts per million.
    pub confidence_ppm: i64,
    /// Plain sentences for it.
    pub reasons_for: Vec<String>,
    /// Plain sentences against it.
    pub reasons_against: Vec<String>,
}

/// What of the money is another customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherShare {
    /// Whose share.
    pub customer: CustomerId,
    /// What would be set against which item.
    pub lines: Vec<(ItemId, Pence)>,
}

impl Candidate {
    /// What would be set against which item, of all customers.
    pub fn all_lines(&self) -> impl Iterator<Item = (ItemId, Pence)> + '_ {
        self.lines.iter().chain(self.others.iter().flat_map(|other| &other.lines)).copied()
    }
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
