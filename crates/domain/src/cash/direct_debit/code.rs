//! Transaction codes, and the reasons the bank gives with what follows from each (DD-02, DD-06).
use serde::{Deserialize, Serialize};

/// What a record of the file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransactionCode {
    /// First collection.
    #[serde(rename = "01")]
    First,
    /// Regular collection.
    #[serde(rename = "17")]
    Regular,
    /// Presented again.
    #[serde(rename = "18")]
    Again,
    /// Final: the instruction ends.
    #[serde(rename = "19")]
    Final,
}

impl TransactionCode {
    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        match self {
            TransactionCode::First => "01",
            TransactionCode::Regular => "17",
            TransactionCode::Again => "18",
            TransactionCode::Final => "19",
        }
    }

    /// Reads a code.
    pub fn parse(text: &str) -> Option<TransactionCode> {
        use TransactionCode::{Again, Final, First, Regular};
        [First, Regular, Again, Final].into_iter().find(|code| code.as_str() == text)
    }
}

/// What follows for the mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing; the collection may be presented again.
    MayRepresent,
    /// The instruction is cancelled.
    Cancel,
    /// Cancelled; the payer has died: no letters.
    Deceased,
    /// No collection until a person has looked.
    Suspend,
    /// New details are taken over and a 0N goes to the new account; no 0C to the old.
    MovedBank,
    /// New details are taken over; nothing is sent.
    NewDetails,
    /// The instruction stands again; nothing is sent.
    Reinstate,
    /// The instruction was never taken: rejected.
    Reject,
    /// Rejected for something of ours: a person of ours mends it.
    RejectAlert,
}

/// A reason code, what it means in our words, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportCode {
    /// One character.
    pub code: &'static str,
    /// In our words.
    pub meaning: &'static str,
    /// What follows.
    pub action: Action,
}

const fn code(code: &'static str, meaning: &'static str, action: Action) -> ReportCode {
    ReportCode { code, meaning, action }
}

const UNPAID: [ReportCode; 12] = [
    code("0", "Refer to payer", Action::MayRepresent),
    code("1", "Cancelled by payer", Action::Cancel),
    code("2", "Payer deceased", Action::Deceased),
    code("3", "Account transferred", Action::Suspend),
    code("4", "Advance notice disputed", Action::Suspend),
    code("5", "No account, or the wrong type", Action::Cancel),
    code("6", "No instruction", Action::Suspend),
    code("7", "Amount differs from notice", Action::Suspend),
    code("8", "Amount not yet due", Action::Suspend),
    code("9", "Presentation overdue, or the frequency differs", Action::Suspend),
    code("A", "Service user differs", Action::Suspend),
    code("B", "Account closed", Action::Cancel),
];

const AMENDED: [ReportCode; 9] = [
    code("0", "Cancelled: refer to payer", Action::Cancel),
    code("1", "Cancelled by payer", Action::Cancel),
    code("2", "Payer deceased", Action::Deceased),
    code("3", "Account moved to another bank", Action::MovedBank),
    code("B", "Account closed", Action::Cancel),
    code("C", "Account moved to another branch", Action::NewDetails),
    code("D", "Advance notice disputed; cancelled by payer", Action::Cancel),
    code("E", "Instruction amended", Action::NewDetails),
    code("R", "Instruction reinstated by the bank", Action::Reinstate),
];

const RETURNED: [ReportCode; 19] = [
    code("1", "Cancelled by payer", Action::Cancel),
    code("2", "Payer deceased", Action::Deceased),
    code("3", "Account transferred", Action::Reject),
    code("5", "No account", Action::Reject),
    code("6", "No instruction to cancel", Action::RejectAlert),
    code("7", "Instruction with an amount", Action::RejectAlert),
    code("B", "Account closed", Action::Cancel),
    code("C", "Account moved to another branch", Action::NewDetails),
    code("F", "Account of the wrong type", Action::Reject),
    code("G", "The bank takes no Direct Debits on the account", Action::Reject),
    code("H", "Instruction expired", Action::Reject),
    code("I", "Payer's reference not unique", Action::RejectAlert),
    code("K", "Cancelled by the bank", Action::Reject),
    code("L", "Payer's account details are wrong", Action::Reject),
    code("M", "Transaction code and user status do not fit", Action::RejectAlert),
    code("N", "Not allowed at the payer's branch", Action::Reject),
    code("O", "Reference not allowed", Action::RejectAlert),
    code("P", "Payer's name missing", Action::RejectAlert),
    code("Q", "Service user's name missing", Action::RejectAlert),
];

fn find(table: &'static [ReportCode], code: &str) -> Option<&'static ReportCode> {
    table.iter().find(|row| row.code == code)
}

/// Why a collection came back (ARUDD). None for a code we do not know: the item is held, never guessed.
pub fn unpaid(code: &str) -> Option<&'static ReportCode> {
    find(&UNPAID, code)
}

/// Why the bank amended an instruction (ADDACS).
pub fn amended(code: &str) -> Option<&'static ReportCode> {
    find(&AMENDED, code)
}

/// Why the bank returned an instruction (AUDDIS).
pub fn instruction_returned(code: &str) -> Option<&'static ReportCode> {
    find(&RETURNED, code)
}

/// Why a payer's bank claims a collection back (DDICA).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimReason {
    /// 1 to 8.
    pub code: &'static str,
    /// In our words.
    pub meaning: &'static str,
}

impl ClaimReason {
    /// All eight.
    pub const ALL: [ClaimReason; 8] = [
        ClaimReason { code: "1", meaning: "Amount or date differs from the notice" },
        ClaimReason { code: "2", meaning: "No advance notice, or the amount is disputed" },
        ClaimReason { code: "3", meaning: "Instruction cancelled by the paying bank" },
        ClaimReason { code: "4", meaning: "Payer cancelled direct with us" },
        ClaimReason { code: "5", meaning: "No instruction held, or the payer denies the authority" },
        ClaimReason { code: "6", meaning: "Signature fraudulent or not to the mandate" },
        ClaimReason { code: "7", meaning: "Claim raised at our request" },
        ClaimReason { code: "8", meaning: "Payer does not recognise the service user" },
    ];

    /// The reason of a code.
    pub fn parse(code: &str) -> Option<ClaimReason> {
        Self::ALL.into_iter().find(|reason| reason.code == code)
    }
}
