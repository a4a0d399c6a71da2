//! Bank lines that are not customers' money.
use super::facts::BankLineFacts;
use crate::money::Pence;

/// Words in the text, all of which must be there, and what the line then is.
const TEXTS: &[(&[&str], &str)] = &[
    (&["INTEREST"], "Bank interest"),
    (&["GROSS", "INT"], "Bank interest"),
    (&["CHARGE"], "Bank charges"),
    (&["CHARGES"], "Bank charges"),
    (&["FEE"], "Bank charges"),
    (&["FEES"], "Bank charges"),
    (&["COMMISSION"], "Bank charges"),
    (&["TRANSFER"], "A transfer between our own accounts"),
    (&["TFR"], "A transfer between our own accounts"),
    (&["SWEEP"], "A transfer between our own accounts"),
    (&["RESERVE"], "A transfer between our own accounts"),
    (&["DEPOSIT"], "A transfer between our own accounts"),
    (&["HMRC"], "A repayment from HM Revenue and Customs"),
    (&["VAT"], "A repayment from HM Revenue and Customs"),
    (&["REFUND"], "A refund that came back"),
    (&["RETURNED"], "A payment that came back"),
    (&["REVERSED"], "A payment that came back"),
    (&["REVERSAL"], "A payment that came back"),
    (&["RECALL"], "A payment that was recalled"),
    (&["RECALLED"], "A payment that was recalled"),
    (&["PAYROLL"], "Payroll"),
    (&["SALARY"], "Payroll"),
    (&["SALARIES"], "Payroll"),
    (&["WAGES"], "Payroll"),
];

/// Words in the payer's name, all of which must be there.
const PAYERS: &[(&[&str], &str)] = &[
    (&["HM", "REVENUE"], "A repayment from HM Revenue and Customs"),
    (&["HMRC"], "A repayment from HM Revenue and Customs"),
    (&["TREASURY"], "A treasury movement"),
    (&["BANK", "PLC"], "An entry of the bank's own"),
    (&["OUR", "BANK"], "An entry of the bank's own"),
];

/// Bank codes of entries that no customer makes.
const KINDS: &[(&str, &str)] = &[("INT", "Bank interest"), ("CHG", "Bank charges"), ("COM", "Bank charges")];

/// Why the line is not a customer's money, whatever else it says: it is not money in.
pub(super) fn not_money_in(line: &BankLineFacts) -> Option<String> {
    (line.amount <= Pence::ZERO).then(|| "The line is not money in.".to_string())
}

/// Why a line without a reference, from nobody we know, is not a customer's money.
pub(super) fn why_not(line: &BankLineFacts) -> Option<String> {
    let (text, payer) = (words(&line.text), words(&line.payer_name));
    let kind = line.kind.trim().to_uppercase();
    let by_payer = PAYERS.iter().find(|(all, _)| all.iter().all(|w| payer.iter().any(|p| p == w)));
    let by_text = TEXTS.iter().find(|(all, _)| all.iter().all(|w| text.iter().any(|t| t == w)));
    let by_kind = KINDS.iter().find(|(code, _)| *code == kind);
    let what = by_text.or(by_payer).map(|(_, what)| *what).or(by_kind.map(|(_, what)| *what))?;
    Some(format!("{what}: the line names no customer and no item."))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_uppercase).collect()
}
