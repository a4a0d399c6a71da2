//! Bank lines that are not customers' money.
use super::facts::BankLineFacts;
use crate::money::Pence;

/// Words in the text, all of which must be there, and what the line then is, if the bank
/// or the Revenue wrote it. Customers pay fees and charges and make transfers too.
const TEXTS: &[(&[&str], &str)] = &[
    (&["INTEREST"], INTEREST),
    (&["GROSS", "INT"], INTEREST),
    (&["CHARGE"], CHARGES),
    (&["CHARGES"], CHARGES),
    (&["FEE"], CHARGES),
    (&["FEES"], CHARGES),
    (&["COMMISSION"], CHARGES),
    (&["TRANSFER"], TRANSFER),
    (&["TFR"], TRANSFER),
    (&["SWEEP"], TRANSFER),
    (&["RESERVE"], TRANSFER),
    (&["DEPOSIT"], TRANSFER),
    (&["HMRC"], REVENUE),
    (&["VAT"], REVENUE),
    (&["REFUND"], "A refund that came back"),
    (&["RETURNED"], CAME_BACK),
    (&["REVERSED"], CAME_BACK),
    (&["REVERSAL"], CAME_BACK),
    (&["RECALL"], RECALLED),
    (&["RECALLED"], RECALLED),
    (&["PAYROLL"], PAYROLL),
    (&["SALARY"], PAYROLL),
    (&["SALARIES"], PAYROLL),
    (&["WAGES"], PAYROLL),
];

/// Words that say it on a line without any payer, where all other words are the bank's as well.
const ALONE: &[(&[&str], &str)] = &[
    (&["INTEREST"], INTEREST),
    (&["GROSS", "INT"], INTEREST),
    (&["BANK", "CHARGE"], CHARGES),
    (&["BANK", "CHARGES"], CHARGES),
    (&["BANK", "FEES"], CHARGES),
    (&["SWEEP"], TRANSFER),
    (&["TRANSFER", "RESERVE"], TRANSFER),
    (&["TFR", "RESERVE"], TRANSFER),
    (&["TRANSFER", "DEPOSIT"], TRANSFER),
    (&["OWN", "TRANSFER"], TRANSFER),
    (&["HMRC"], REVENUE),
    (&["VAT", "REPAYMENT"], REVENUE),
    (&["REFUND", "REVERSED"], CAME_BACK),
    (&["PAYROLL"], PAYROLL),
    (&["SALARIES"], PAYROLL),
];

/// Other words that banks use on such lines.
const BANKS_WORDS: &[&str] = &[
    "CREDIT",
    "GROSS",
    "NET",
    "INT",
    "BANK",
    "PAID",
    "EARNED",
    "REPAYMENT",
    "REFUND",
    "REVERSED",
    "RECALL",
    "RETURNED",
    "CHARGE",
    "CHARGES",
    "FEES",
    "COMMISSION",
    "VAT",
    "TRANSFER",
    "TFR",
    "RESERVE",
    "DEPOSIT",
    "SWEEP",
    "FROM",
    "TO",
    "FOR",
    "ON",
    "OF",
    "OUR",
    "OWN",
    "A",
    "C",
    "AC",
    "ACC",
    "ACCT",
    "ACCOUNT",
    "ACCOUNTS",
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
];

const INTEREST: &str = "Bank interest";
const CHARGES: &str = "Bank charges";
const TRANSFER: &str = "A transfer between our own accounts";
const REVENUE: &str = "A repayment from HM Revenue and Customs";
const CAME_BACK: &str = "A payment that came back";
const RECALLED: &str = "A payment that was recalled";
const PAYROLL: &str = "Payroll";

/// Words in the payer's name, all of which must be there.
const PAYERS: &[(&[&str], &str)] = &[
    (&["HM", "REVENUE"], REVENUE),
    (&["HMRC"], REVENUE),
    (&["TREASURY"], "A treasury movement"),
    (&["BANK", "PLC"], "An entry of the bank's own"),
    (&["OUR", "BANK"], "An entry of the bank's own"),
];

/// Bank codes of entries that no customer makes.
const KINDS: &[(&str, &str)] = &[("INT", INTEREST), ("CHG", CHARGES), ("COM", CHARGES)];

/// Why the line is not a customer's money, whatever else it says: it is not money in.
pub(super) fn not_money_in(line: &BankLineFacts) -> Option<String> {
    (line.amount <= Pence::ZERO).then(|| "The line is not money in.".to_string())
}

/// Why a line that points to no customer is not a customer's money.
///
/// The bank, our own treasury or the Revenue must have made it: as the payer, or, where
/// there is no payer at all, by the bank's code or by a text with no word of anybody
/// else's. A payer with any other name may be a customer, whatever the text says.
pub(super) fn why_not(line: &BankLineFacts, from_nobody: bool) -> Option<String> {
    let (text, payer) = (words(&line.text), words(&line.payer_name));
    let kind = line.kind.trim().to_uppercase();
    let by_payer = says(PAYERS, &payer);
    let what = if by_payer.is_some() {
        says(TEXTS, &text).or(by_payer)
    } else if from_nobody {
        let by_kind = KINDS.iter().find(|(code, _)| *code == kind).map(|(_, what)| *what);
        by_kind.or_else(|| says(ALONE, &text).filter(|_| text.iter().all(|word| is_the_banks(word))))
    } else {
        None
    };
    what.map(|what| format!("{what}: the line names no customer and no item."))
}

/// What the words say, by the first row of which all are there.
fn says(rows: &[(&[&str], &'static str)], words: &[String]) -> Option<&'static str> {
    rows.iter().find(|(all, _)| all.iter().all(|w| words.iter().any(|t| t == w))).map(|(_, what)| *what)
}

/// A word of the bank's own, a date or a number.
fn is_the_banks(word: &str) -> bool {
    let letters = word.trim_matches(|c: char| c.is_ascii_digit());
    letters.is_empty() || BANKS_WORDS.contains(&letters) || ALONE.iter().any(|(all, _)| all.contains(&letters))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_uppercase).collect()
}
