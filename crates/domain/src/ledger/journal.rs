//! A journal: entries whose debits equal their credits (GL-01).
use super::{GlRole, refusals};
use crate::money::Pence;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// One entry of a journal. Either debit or credit is above zero, never both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// The part its GL code plays.
    pub role: GlRole,
    /// The income code, where the role is income.
    pub income_code: Option<String>,
    /// The cost centre, if any.
    pub cost_centre: String,
    /// Debit.
    pub debit: Pence,
    /// Credit.
    pub credit: Pence,
}

/// Whether an event posted the journal or a person typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalSource {
    /// Posted by an event of the receivables desk.
    Event,
    /// Typed by a person.
    Manual,
}

/// A balanced set of entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    lines: Vec<EntryLine>,
}

impl Journal {
    /// A journal of these entries, if they balance and each has exactly one side.
    pub fn balanced(lines: Vec<EntryLine>) -> Result<Journal, Refusal> {
        let one_sided = |line: &EntryLine| {
            let sides = (line.debit.0, line.credit.0);
            matches!(sides, (1.., 0) | (0, 1..))
        };
        let debits: i128 = lines.iter().map(|line| i128::from(line.debit.0)).sum();
        let credits: i128 = lines.iter().map(|line| i128::from(line.credit.0)).sum();
        if lines.is_empty() || !lines.iter().all(one_sided) || debits != credits {
            let sentence = format!("Debits of {debits} and credits of {credits} pence do not make a journal");
            return Err(refusals::NOT_BALANCED.because(sentence));
        }
        Ok(Journal { lines })
    }

    /// A journal from a door: one that a person typed may not touch a control account.
    pub fn from_source(lines: Vec<EntryLine>, source: JournalSource) -> Result<Journal, Refusal> {
        if source == JournalSource::Manual && lines.iter().any(|line| line.role.is_control()) {
            return Err(refusals::DIRECT_TO_CONTROL.because("A typed journal cannot post to the control account"));
        }
        Journal::balanced(lines)
    }

    /// Its entries.
    pub fn lines(&self) -> &[EntryLine] {
        &self.lines
    }

    /// The mirror image, which undoes it.
    pub fn reversed(&self) -> Journal {
        let mirrored =
            self.lines.iter().cloned().map(|line| EntryLine { debit: line.credit, credit: line.debit, ..line });
        Journal { lines: mirrored.collect() }
    }

    /// Sum of the debits, which is also the sum of the credits.
    pub fn total(&self) -> Pence {
        self.lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.debit))
    }

    /// Debits less credits of a role.
    pub fn net_of(&self, role: GlRole) -> Pence {
        let of_role = self.lines.iter().filter(|line| line.role == role);
        of_role.fold(Pence::ZERO, |sum, line| sum.plus(line.debit).minus(line.credit))
    }
}
