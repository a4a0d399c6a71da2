//! What is told of the two lists.
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What an amount of a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// What is owed on it now.
    Open,
    /// What it was billed for, paid or not.
    Billed,
}

impl Basis {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Open => "open",
            Basis::Billed => "billed",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Basis> {
        [Basis::Open, Basis::Billed].into_iter().find(|basis| basis.as_str() == text)
    }
}

/// What their list says of a row besides its amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Nothing, or that it is owed.
    #[default]
    Owed,
    /// That it is paid.
    Paid,
    /// That they dispute it.
    Disputed,
}

impl Said {
    /// Reads what a status column says: `Paid`, `In dispute`, `On hold`; `Unpaid` and anything else is owed.
    pub fn read(status: &str) -> Said {
        let status = status.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| status.contains(word));
        if says(&["disput", "quer", "hold", "reject", "contest", "stopped"]) {
            Said::Disputed
        } else if says(&["unpaid", "not paid", "part", "to be paid", "to pay", "unsettled", "uncleared"]) {
            Said::Owed
        } else if says(&["paid", "settled", "cleared"]) {
            Said::Paid
        } else {
            Said::Owed
        }
    }
}

/// A row of their list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TheirRow {
    /// The row as a spreadsheet numbers it.
    pub row: u32,
    /// The reference they give it, ours if they are kind.
    pub reference: String,
    /// Their description.
    pub words: String,
    /// The person or account it is for, as they write it.
    pub name: String,
    /// The amount as it stands in their list.
    pub listed: Pence,
    /// How much of it they show as paid, where the list says.
    pub paid: Option<Pence>,
    /// When they show it paid.
    pub paid_on: Option<NaiveDate>,
    /// The date they give it.
    pub on: Option<NaiveDate>,
    /// What they say of it.
    pub said: Said,
}

impl TheirRow {
    /// What the row counts for.
    pub fn counts(&self, basis: Basis) -> Pence {
        match (basis, self.paid, self.said) {
            (Basis::Billed, ..) => self.listed,
            (Basis::Open, Some(paid), _) => self.listed.minus(paid),
            (Basis::Open, None, Said::Paid) => Pence::ZERO,
            (Basis::Open, None, _) => self.listed,
        }
    }
}

/// What an item of ours is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OurKind {
    /// An invoice, or anything else that is owed.
    #[default]
    Bill,
    /// A credit note.
    Credit,
    /// Money of theirs that is set against nothing.
    Receipt,
}

/// An item of our ledger, or a row of a second file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OurRow {
    /// The item, or the row of the second file.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Their order number on it, or empty.
    pub order: String,
    /// The account's number.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// What it is.
    pub kind: OurKind,
    /// The date on it.
    pub on: NaiveDate,
    /// What it was raised for; below nothing for a credit.
    pub original: Pence,
    /// What it counts for in our total: nothing where it is settled or outside the period.
    pub counts: Pence,
    /// When it was last paid or credited, if it was.
    pub settled_on: Option<NaiveDate>,
    /// Dated outside the period, and here only so that a row of theirs can find it.
    pub outside: bool,
}

/// How two rows are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// What amounts mean.
    pub basis: Basis,
    /// A difference no larger is rounding.
    pub rounding: Pence,
    /// Dates no further apart are the same.
    pub days: i64,
    /// How sure the matcher must be, in parts per million, to pair rows that share no whole reference.
    pub pair_from_ppm: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { basis: Basis::Open, rounding: Pence(1), days: 7, pair_from_ppm: 700_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_a_status_is_read_as_people_write_it() {
        for (status, said) in [
            ("Paid", Said::Paid),
            ("PAID 12/10", Said::Paid),
            ("Settled", Said::Paid),
            ("Unpaid", Said::Owed),
            ("Part-paid", Said::Owed),
            ("Not paid", Said::Owed),
            ("In dispute", Said::Disputed),
            ("Query raised, not paid", Said::Disputed),
            ("On hold", Said::Disputed),
            ("", Said::Owed),
            ("Approved", Said::Owed),
        ] {
            assert_eq!(Said::read(status), said, "{status}");
        }
    }
}
