//! What a report says, in one shape.

use crate::problem::FormatProblem;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which report it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Arrival of a submission, on day one.
    Input,
    /// A submission was withdrawn.
    Withdrawal,
    /// ARUDD: unpaid collections.
    Unpaid,
    /// ADDACS: instructions amended or cancelled at the bank.
    Amended,
    /// AUDDIS: instructions accepted or returned.
    Instructions,
    /// DDICA: indemnity claims.
    Claims,
    /// AWACS: credits that reached a moved account.
    WrongAccount,
    /// ARUCS: credits that came back.
    ReturnedCredits,
    /// None we know.
    Unknown,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [ReportKind; 9] = [
        ReportKind::Input,
        ReportKind::Withdrawal,
        ReportKind::Unpaid,
        ReportKind::Amended,
        ReportKind::Instructions,
        ReportKind::Claims,
        ReportKind::WrongAccount,
        ReportKind::ReturnedCredits,
        ReportKind::Unknown,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            ReportKind::Input => "input",
            ReportKind::Withdrawal => "withdrawal",
            ReportKind::Unpaid => "arudd",
            ReportKind::Amended => "addacs",
            ReportKind::Instructions => "auddis",
            ReportKind::Claims => "ddica",
            ReportKind::WrongAccount => "awacs",
            ReportKind::ReturnedCredits => "arucs",
            ReportKind::Unknown => "unknown",
        }
    }
}

/// What an item does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// The item was not taken in.
    Rejected,
    /// The item was changed on arrival.
    Altered,
    /// The item came back on arrival.
    Returned,
    /// A collection came back unpaid.
    Unpaid,
    /// The bank amended or cancelled an instruction.
    Amended,
    /// The file of instructions with this serial was accepted.
    Lodged,
    /// The file of instructions with this serial was rejected.
    NotLodged,
    /// The bank returned an instruction.
    InstructionReturned,
    /// An indemnity claim, one for each collection claimed.
    Claim,
    /// A claim withdrawn.
    ClaimWithdrawn,
    /// A credit reached an account that has moved.
    WrongAccount,
    /// A credit came back.
    CreditReturned,
    /// A submission was withdrawn.
    Withdrawn,
}

impl ItemKind {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemKind::Rejected => "rejected",
            ItemKind::Altered => "altered",
            ItemKind::Returned => "returned",
            ItemKind::Unpaid => "unpaid",
            ItemKind::Amended => "amended",
            ItemKind::Lodged => "lodged",
            ItemKind::NotLodged => "not_lodged",
            ItemKind::InstructionReturned => "instruction_returned",
            ItemKind::Claim => "claim",
            ItemKind::ClaimWithdrawn => "claim_withdrawn",
            ItemKind::WrongAccount => "wrong_account",
            ItemKind::CreditReturned => "credit_returned",
            ItemKind::Withdrawn => "withdrawn",
        }
    }
}

/// An account at a bank, as far as the report names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// In whose name.
    pub name: Option<String>,
    /// Six digits.
    pub sort_code: Option<String>,
    /// Eight digits.
    pub account: Option<String>,
}

/// One thing a report tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it does.
    pub kind: ItemKind,
    /// The same item of the same report always has the same key.
    pub key: String,
    /// Reference of the instruction or credit, trimmed.
    pub reference: String,
    /// Transaction code, when given.
    pub code: Option<String>,
    /// Reason code, one character; empty where the report gave none we know.
    pub reason: String,
    /// The bank's own words, with the code as it stood.
    pub reason_words: String,
    /// How much.
    pub amount_pence: i64,
    /// When the money was first processed or taken.
    pub original_on: Option<NaiveDate>,
    /// From when it counts, or when we are debited.
    pub effective_on: Option<NaiveDate>,
    /// The account as it was.
    pub bank: Bank,
    /// The account as it is now, when the report says.
    pub new_bank: Bank,
    /// Our serial, for items about a whole file.
    pub serial: Option<String>,
    /// How many instructions were accepted and rejected, for items about a whole file.
    pub counts: Option<(u32, u32)>,
    /// The bank's own number for a claim.
    pub bank_reference: Option<String>,
}

impl Item {
    /// An item with nothing in it yet.
    pub(super) fn of(kind: ItemKind) -> Self {
        Self {
            kind,
            key: String::new(),
            reference: String::new(),
            code: None,
            reason: String::new(),
            reason_words: String::new(),
            amount_pence: 0,
            original_on: None,
            effective_on: None,
            bank: Bank::default(),
            new_bank: Bank::default(),
            serial: None,
            counts: None,
            bank_reference: None,
        }
    }
}

/// Accepted and rejected totals of one side of one of our accounts (input report).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountTotal {
    /// Accepted debits: how many and how much.
    pub debits: (u32, i64),
    /// Accepted credits.
    pub credits: (u32, i64),
    /// Rejected debits.
    pub rejected_debits: (u32, i64),
    /// Rejected credits.
    pub rejected_credits: (u32, i64),
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Which.
    pub kind: ReportKind,
    /// Every service user number it names; all of them must be ours.
    pub suns: Vec<String>,
    /// The day it is of.
    pub report_on: Option<NaiveDate>,
    /// False for a file that is marked as a test: it changes nothing.
    pub live: bool,
    /// Our volume serial, when it is about one submission.
    pub serial: Option<String>,
    /// Totals of an input report.
    pub accepted: Option<AccountTotal>,
    /// What it tells.
    pub items: Vec<Item>,
    /// Why it cannot be taken at all; then there are no items.
    pub errors: Vec<FormatProblem>,
    /// Items that could not be read and wait for a person.
    pub held: Vec<FormatProblem>,
}

impl Report {
    pub(super) fn new(kind: ReportKind) -> Self {
        Self {
            kind,
            suns: Vec::new(),
            report_on: None,
            live: true,
            serial: None,
            accepted: None,
            items: Vec::new(),
            errors: Vec::new(),
            held: Vec::new(),
        }
    }

    pub(super) fn refused(problem: FormatProblem) -> Self {
        Self { errors: vec![problem], ..Self::new(ReportKind::Unknown) }
    }

    pub(super) fn sun(&mut self, found: Option<&str>) {
        if let Some(sun) = found.map(str::trim).filter(|s| !s.is_empty()) {
            self.suns.push(sun.to_owned());
        }
    }

    /// Adds an item under the key that stands for it: kind, day, reference, reason, value, and its place among equals.
    pub(super) fn push(&mut self, mut item: Item) {
        let on = |day: Option<NaiveDate>| day.map_or(String::new(), |d| d.to_string());
        let key = format!(
            "{}|{}|{}|{}|{}|{}|{}|{}",
            item.kind.as_str(),
            on(self.report_on),
            item.reference,
            item.reason,
            item.amount_pence,
            on(item.original_on),
            item.serial.as_deref().unwrap_or(""),
            item.bank_reference.as_deref().unwrap_or(""),
        );
        let same = self.items.iter().filter(|other| other.key.starts_with(&key)).count();
        item.key = format!("{key}|{same}");
        self.items.push(item);
    }

    pub(super) fn sort_suns(&mut self) {
        self.suns.sort();
        self.suns.dedup();
        if !self.errors.is_empty() {
            self.items.clear();
        }
    }
}
