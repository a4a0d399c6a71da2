//! What a submission says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Transaction codes (fields of two characters).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    /// First collection under an instruction.
    #[serde(rename = "01")]
    First,
    /// Regular collection; also the contra of credits.
    #[serde(rename = "17")]
    Regular,
    /// An unpaid collection presented again.
    #[serde(rename = "18")]
    Represent,
    /// Final collection; the instruction ends.
    #[serde(rename = "19")]
    Final,
    /// Direct Credit; also the contra of debits.
    #[serde(rename = "99")]
    Credit,
    /// A new instruction lodged.
    #[serde(rename = "0N")]
    New,
    /// An instruction cancelled.
    #[serde(rename = "0C")]
    Cancel,
    /// A paper instruction taken over into AUDDIS.
    #[serde(rename = "0S")]
    Convert,
}

impl Code {
    /// All of them.
    pub const ALL: [Code; 8] = [
        Code::First,
        Code::Regular,
        Code::Represent,
        Code::Final,
        Code::Credit,
        Code::New,
        Code::Cancel,
        Code::Convert,
    ];

    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::First => "01",
            Code::Regular => "17",
            Code::Represent => "18",
            Code::Final => "19",
            Code::Credit => "99",
            Code::New => "0N",
            Code::Cancel => "0C",
            Code::Convert => "0S",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// Takes money from the other account.
    pub fn is_debit(self) -> bool {
        matches!(self, Code::First | Code::Regular | Code::Represent | Code::Final)
    }

    /// Tells of an instruction and moves no money.
    pub fn is_instruction(self) -> bool {
        matches!(self, Code::New | Code::Cancel | Code::Convert)
    }
}

/// Our account, as the file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account: String,
    /// The account's name, at most 18 of the character set.
    pub name: String,
    /// The service user's name as it stands on customers' statements, at most 18.
    pub narrative: String,
}

/// One movement or instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it does.
    pub code: Code,
    /// The other account: six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account: String,
    /// In whose name it is, at most 18.
    pub name: String,
    /// What they see, at most 18; six or more for a Direct Debit.
    pub reference: String,
    /// Nothing for an instruction.
    pub amount_pence: i64,
    /// Day two: money moves the working day after.
    pub process_on: NaiveDate,
}

/// Who balances the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contra {
    /// We write contra records.
    #[default]
    Written,
    /// The bank adds them.
    ByBank,
}

/// How lines end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// Carriage return and line feed.
    #[default]
    CrLf,
    /// Line feed.
    Lf,
    /// Nothing: records follow each other.
    None,
}

impl LineEnd {
    pub(super) fn bytes(self) -> &'static str {
        match self {
            LineEnd::CrLf => "\r\n",
            LineEnd::Lf => "\n",
            LineEnd::None => "",
        }
    }
}

/// One file for one service user number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Six characters, used once a day; not all noughts.
    pub serial: String,
    /// Service user number, six digits.
    pub sun: String,
    /// The day it is made.
    pub created_on: NaiveDate,
    /// After the last processing day.
    pub expires_on: NaiveDate,
    /// Several processing days, each in its record (106 characters).
    pub multi_day: bool,
    /// Our account.
    pub origin: Origin,
    /// In the order they are to stand.
    pub records: Vec<Record>,
    /// Who balances it.
    pub contra: Contra,
    /// How lines end.
    pub line_end: LineEnd,
}

/// The control totals of the user trailer, contras included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Pence of 01, 17, 18, 19 and debit contras.
    pub debits_pence: i64,
    /// Pence of 99 and credit contras.
    pub credits_pence: i64,
    /// How many debits.
    pub debits: u32,
    /// How many credits.
    pub credits: u32,
    /// How many 0N, 0C and 0S.
    pub instructions: u32,
}

/// A file, and what it adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What its trailer says.
    pub totals: Totals,
}
