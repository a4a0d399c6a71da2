//! The one shape that every bank statement is read into.

use crate::problem::FormatProblem;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

/// A file from a bank, read. With any error there are no statements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BankStatementFile {
    /// `camt.053`, `camt.052`, `camt.054`, `mt940`, `mt942`, `bai2`, `ofx`, `csv:<profile>`, `payment-file:<layout>`, or
    /// empty when it was not recognised.
    pub format: String,
    /// The version of the format, such as `02` for camt; empty when the format has none.
    pub version: String,
    /// What a CSV profile says the file is of: `bank`, `card`, `cheque`, `directdebit`; empty for other formats.
    pub kind: String,
    /// The statements in file order.
    pub statements: Vec<Statement>,
    /// Why the file cannot be trusted.
    pub errors: Vec<FormatProblem>,
    /// What is odd but does not stop it.
    pub warnings: Vec<FormatProblem>,
}

impl BankStatementFile {
    /// A file that was refused for one reason.
    pub(crate) fn refused(format: &str, problem: FormatProblem) -> Self {
        Self { format: format.to_owned(), errors: vec![problem], ..Self::default() }
    }

    /// The file with the rule "errors, then no statements" applied.
    pub(crate) fn settled(mut self) -> Self {
        if !self.errors.is_empty() {
            self.statements.clear();
        }
        self
    }

    /// How a file ends, in one word: `accepted`, `warned`, `held` for a person to decide, or `rejected` with nothing usable in it.
    pub fn outcome(&self) -> &'static str {
        match (self.errors.as_slice(), self.warnings.as_slice()) {
            ([], []) => "accepted",
            ([], _) => "warned",
            (errors, _) if errors.iter().any(|e| rejects(&e.code)) => "rejected",
            _ => "held",
        }
    }

    /// Whether the format is one whose booked entries update cash: not an intraday report, an advice or a list of takings.
    pub fn moves_cash(&self) -> bool {
        !matches!(self.format.as_str(), "camt.052" | "camt.054" | "mt942")
            && !self.format.starts_with("payment-file")
            && matches!(self.kind.as_str(), "" | "bank")
    }
}

/// Problems after which nothing of a file can be used; with any other a person decides.
pub fn rejects(code: &str) -> bool {
    const CODES: [&str; 15] = [
        "camt.not_xml",
        "camt.wrong_message",
        "camt.truncated",
        "csv.empty",
        "csv.old_workbook",
        "csv.workbook",
        "csv.format",
        "ofx.status",
        "ofx.no_statement",
        "ofx.kind",
        "ofx.not_ofx",
        "bai.record",
        "format.unknown",
        "encoding.control",
        "payfile.record",
    ];
    CODES.contains(&code) || ["xml.", "zip.", "file.", "xlsx."].iter().any(|family| code.starts_with(family))
}

/// One statement of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The account as the bank writes it (UK: often sort code and account run together); may be empty in CSV.
    pub account: String,
    /// The account owner's name when given.
    pub account_name: Option<String>,
    /// ISO 4217 code of the statement.
    pub currency: String,
    /// The bank's identity of the statement.
    pub id: String,
    /// Statement or sequence number, as given.
    pub number: Option<String>,
    /// Page within the statement, where the format has pages.
    pub page: Option<u32>,
    /// Opening booked balance in minor units.
    pub opening: Option<i64>,
    /// Closing booked balance in minor units.
    pub closing: Option<i64>,
    /// First day covered.
    pub from_on: Option<NaiveDate>,
    /// Last day covered.
    pub to_on: Option<NaiveDate>,
    /// The entries in file order.
    pub entries: Vec<Entry>,
    /// Details from the bank that have no field of their own.
    pub other: Vec<(String, String)>,
}

impl Statement {
    /// Sum of money in over all entries, in minor units.
    pub fn credits(&self) -> i64 {
        self.entries.iter().map(|e| e.amount.max(0)).sum()
    }

    /// Sum of money out over all entries, in minor units, as a positive number.
    pub fn debits(&self) -> i64 {
        self.entries.iter().map(|e| (-e.amount).max(0)).sum()
    }

    /// Net movement of the booked entries.
    pub(crate) fn booked_movement(&self) -> i64 {
        self.entries.iter().filter(|e| e.status == EntryStatus::Booked).map(|e| e.amount).sum()
    }

    /// A stable key for each entry, in order: the bank's own reference where it has one, otherwise what the entry says
    /// and its running index among identical entries, so that two equal payments on one day stay two.
    pub fn entry_keys(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut keys = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let base = match &entry.bank_reference {
                Some(reference) => format!("{}|ref|{reference}|{}|{}", self.account, entry.booked_on, entry.amount),
                None => format!(
                    "{}|{}|{}|{}|{}",
                    self.account,
                    entry.booked_on,
                    entry.value_on.map(|d| d.to_string()).unwrap_or_default(),
                    entry.amount,
                    entry.narrative()
                ),
            };
            let index = seen.entry(base.clone()).and_modify(|n| *n += 1).or_insert(1);
            keys.push(if *index == 1 { base } else { format!("{base}|{index}") });
        }
        keys
    }
}

/// Where an entry stands with the bank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryStatus {
    /// On the account: may be posted.
    #[default]
    Booked,
    /// Not yet on the account: shown, never posted.
    Pending,
    /// For information, expected or in the future: shown, never posted.
    Information,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The day the bank booked it.
    pub booked_on: NaiveDate,
    /// The day it counts for interest.
    pub value_on: Option<NaiveDate>,
    /// Minor units of the statement's currency; money in is positive.
    pub amount: i64,
    /// The bank's own code for the kind of payment: `BGC`, `FPI`, `NTRF`, `PMNT/RCDT/BOOK`.
    pub kind: String,
    /// Who paid (or, on money out, who was paid), when the bank says.
    pub payer_name: Option<String>,
    /// That party's sort code, when given apart from the account.
    pub payer_sort_code: Option<String>,
    /// That party's account, as given.
    pub payer_account: Option<String>,
    /// The bank's own reference of the entry.
    pub bank_reference: Option<String>,
    /// The reference the payer or we gave (end-to-end identity, account owner reference).
    pub customer_reference: Option<String>,
    /// Remittance text and narrative.
    pub text: String,
    /// Booked, pending or for information.
    pub status: EntryStatus,
    /// The bank marks it as a reversal; the amount already carries the right sign.
    pub reversal: bool,
    /// The payments inside a batch booking.
    pub details: Vec<Detail>,
    /// Where in the file.
    pub at: String,
    /// Details from the bank that have no field of their own.
    pub other: Vec<(String, String)>,
}

impl Entry {
    /// An entry with nothing but a date, an amount and a place.
    pub(crate) fn bare(booked_on: NaiveDate, amount: i64, at: String) -> Self {
        Self {
            booked_on,
            value_on: None,
            amount,
            kind: String::new(),
            payer_name: None,
            payer_sort_code: None,
            payer_account: None,
            bank_reference: None,
            customer_reference: None,
            text: String::new(),
            status: EntryStatus::Booked,
            reversal: false,
            details: Vec::new(),
            at,
            other: Vec::new(),
        }
    }

    /// Everything that may hold a reference, joined by single spaces: customer reference, then text.
    pub fn narrative(&self) -> String {
        let parts = [self.customer_reference.as_deref().unwrap_or(""), self.text.as_str()];
        parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ")
    }
}

/// One payment inside a batch booking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// Minor units with sign, when the bank gives it.
    pub amount: Option<i64>,
    /// Who paid (or was paid).
    pub payer_name: Option<String>,
    /// That party's sort code.
    pub payer_sort_code: Option<String>,
    /// That party's account, as given.
    pub payer_account: Option<String>,
    /// End-to-end identity unless it says that there is none.
    pub customer_reference: Option<String>,
    /// The bank's reference of this payment.
    pub bank_reference: Option<String>,
    /// Remittance text.
    pub text: String,
    /// Why it was returned, when it is a return.
    pub return_reason: Option<String>,
}
