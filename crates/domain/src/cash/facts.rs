//! What the matcher is told: open items, customers, bank lines.
use crate::ids::{BankLineId, CustomerId, ItemId};
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One open item, or one cleared lately (`open` nothing) so that a second payment of it is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenItemFacts {
    /// The item.
    pub item: ItemId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The number people quote, in whatever shape the series has.
    pub number: String,
    /// The date on the document.
    pub invoice_on: NaiveDate,
    /// When it falls due.
    pub due_on: NaiveDate,
    /// What is open on it today.
    pub open: Pence,
    /// The customer's own order number, or empty.
    pub po_number: String,
    /// What it is for, as our services are named; or empty.
    pub service: String,
    /// A later part of an invoice: who quotes the invoice means the first part that is open.
    pub later_part: bool,
}

/// One customer as payers and banks may name them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerFacts {
    /// The customer.
    pub customer: CustomerId,
    /// The customer number people quote.
    pub number: String,
    /// The name on the account.
    pub name: String,
    /// Fingerprints of the bank accounts the customer is known to pay from.
    pub account_prints: Vec<String>,
    /// Other references that mean this customer.
    pub references: Vec<String>,
}

/// A bank account that has paid for a customer before, whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedPayer {
    /// Fingerprint of the sort code and account number.
    pub print: String,
    /// For whom it paid.
    pub customer: CustomerId,
    /// How many payments of it a person has given to this customer.
    pub times: i64,
}

/// A payer's name that a person has said means a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedName {
    /// The name as the bank writes it.
    pub name: String,
    /// For whom it paid.
    pub customer: CustomerId,
}

/// Words that have gone with one kind of invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedWording {
    /// The words, as [`wording_of`](super::wording_of) gives them.
    pub words: String,
    /// The service of the invoices they paid.
    pub service: String,
    /// How often a person has said so.
    pub times: i64,
}

/// What corrections by people have taught, besides payers' accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lessons {
    /// Payers' names.
    pub names: Vec<LearnedName>,
    /// Wordings.
    pub wordings: Vec<LearnedWording>,
}

/// Money that is on its way: a promise, an instalment of a plan, a standing order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// From whom.
    pub customer: CustomerId,
    /// How much.
    pub amount: Pence,
    /// When.
    pub due_on: NaiveDate,
    /// `promised`, `agreed in a plan`, `due by standing order`: completes "A payment of this amount was …".
    pub what: String,
    /// The debts it is for, before all others; empty where nobody said.
    pub items: Vec<ItemId>,
}

/// One line of a bank statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankLineFacts {
    /// The line.
    pub line: BankLineId,
    /// The bank's own running number of the line, or empty. Where it has six
    /// digits or more it says which of two payments of one item came first.
    pub bank_key: String,
    /// The date on the statement.
    pub on: NaiveDate,
    /// Money in is positive.
    pub amount: Pence,
    /// The bank's code for the kind of entry: BGC, FPI, CHQ, TFR.
    pub kind: String,
    /// The payer as the bank writes them, often cut at 18 characters.
    pub payer_name: String,
    /// Fingerprint of the payer's sort code and account number.
    pub payer_print: Option<String>,
    /// The reference or narrative.
    pub text: String,
}
