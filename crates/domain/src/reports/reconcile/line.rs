//! A line of the result: rows of theirs, items of ours, the class of their difference and a sentence.
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $title:literal, $todo:literal;)*) => {
        /// Why two rows differ, or that they do not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Class { $($(#[$doc])* $name,)* }

        impl Class {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [Class] = &[$(Class::$name),*];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(Class::$name => $text,)* }
            }

            /// For people.
            pub fn name(self) -> &'static str {
                match self { $(Class::$name => $title,)* }
            }

            /// What is usually done about it.
            pub fn next(self) -> &'static str {
                match self { $(Class::$name => $todo,)* }
            }
        }
    };
}

classes! {
    /// On their list, and nothing like it here.
    OnlyTheirs = "only_theirs", "Missing on our side", "Ask for their document, or bill it";
    /// Here, and nothing like it on their list.
    OnlyOurs = "only_ours", "Missing on theirs", "Send them a copy";
    /// The amounts differ.
    AmountDiffers = "amount_differs", "Amount differs", "Compare the two documents";
    /// The amounts agree and the dates, or the periods, do not.
    DateDiffers = "date_differs", "Date or period differs", "Check which period it belongs to";
    /// Listed twice.
    Duplicate = "duplicate", "Duplicate", "Ask them to take one off";
    /// Paid, they say, and not received here.
    PaidNotReceived = "paid_not_received", "Paid by them, not received by us", "Ask for date, amount and reference of the payment";
    /// Received here, and still owed on their list.
    ReceivedNotShown = "received_not_shown", "Received by us, not shown by them", "Tell them the receipt";
    /// A credit or money on account that their list does not take.
    CreditNotTaken = "credit_not_taken", "Credit not taken", "Send them the credit note";
    /// They dispute it.
    Disputed = "disputed", "Disputed by them", "Raise a query, or answer the open one";
    /// A penny or so.
    Rounding = "rounding", "Rounding", "Nothing, or a small-balance write-off";
    /// The same size with the other sign.
    Sign = "sign", "Sign the wrong way round", "Ask which of the two is the credit";
    /// No difference.
    Agreed = "agreed", "Agreed", "Nothing";
}

impl Class {
    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Class> {
        Class::ALL.iter().copied().find(|class| class.as_str() == text)
    }
}

/// How a line stands against the last reconciliation that was signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It was not there, or nothing was signed before.
    #[default]
    New,
    /// It was there, with the same class and difference.
    Same,
    /// It was there, with another class or difference.
    Changed,
    /// It was there and is not any more.
    Gone,
}

impl Change {
    /// All of them.
    pub const ALL: [Change; 4] = [Change::New, Change::Same, Change::Changed, Change::Gone];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Same => "same",
            Change::Changed => "changed",
            Change::Gone => "gone",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Change::New => "New",
            Change::Same => "As last time",
            Change::Changed => "Changed",
            Change::Gone => "Cleared since",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Change> {
        Change::ALL.into_iter().find(|change| change.as_str() == text)
    }
}

/// A line of the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Why the two sides differ.
    pub class: Class,
    /// Rows of their list, by the spreadsheet's numbers.
    pub their_rows: Vec<u32>,
    /// Their reference.
    pub their_reference: String,
    /// The name they give.
    pub their_name: String,
    /// Their date.
    pub their_on: Option<NaiveDate>,
    /// What the rows count for.
    pub theirs: Pence,
    /// Items of ours.
    pub our_ids: Vec<i64>,
    /// The number of the item, or of the first.
    pub our_number: String,
    /// Its account.
    pub our_account: String,
    /// Its date.
    pub our_on: Option<NaiveDate>,
    /// What the items count for.
    pub ours: Pence,
    /// The difference in a sentence.
    pub words: String,
    /// How sure the pair is, in parts per million; a shared reference is certain.
    pub sure_ppm: i64,
    /// By what the line is known again next month.
    pub key: String,
    /// How it stands against the last reconciliation that was signed.
    pub change: Change,
}

impl Line {
    /// What takes their amount to ours.
    pub fn difference(&self) -> Pence {
        self.ours.minus(self.theirs)
    }
}
