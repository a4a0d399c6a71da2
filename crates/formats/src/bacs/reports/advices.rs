//! ADDACS and AUDDIS: messaging advices about instructions, and AWACS about credits.

use super::item::{Bank, Item, ItemKind, Report, ReportKind};
use super::unpaid::bank;
use super::{all_deep, day, digits, said, said_any};
use crate::bank_statement::xml::Node;
use crate::problem::{FormatProblem, shown};

pub(super) fn read(root: &Node) -> Report {
    let mut report = header(root, ReportKind::Instructions);
    for (index, advice) in all_deep(root, "MessagingAdvice").into_iter().enumerate() {
        report.sun(said(advice, "user-number"));
        if said(advice, "file-type").is_some_and(|file| file != "LIVE") {
            report.live = false;
        }
        let at = format!("MessagingAdvice {}", index + 1);
        match one(advice, &at) {
            Ok((item, kind)) => {
                if kind == ReportKind::Amended {
                    report.kind = kind;
                }
                report.serial = report.serial.take().or_else(|| item.serial.clone());
                report.push(item);
            }
            Err(problem) => report.held.push(problem),
        }
    }
    report
}

/// AWACS: the credit arrived, the account has moved.
pub(super) fn wrong_account(root: &Node) -> Report {
    let mut report = header(root, ReportKind::WrongAccount);
    for service in all_deep(root, "ServiceLicenseInformation") {
        report.sun(said(service, "userNumber"));
    }
    let advices = all_deep(root, "MessagingAdvice").into_iter().chain(all_deep(root, "WrongAccountItem"));
    for (index, advice) in advices.enumerate() {
        report.sun(said(advice, "user-number"));
        match day(said(advice, "effective-date"), &format!("advice {}", index + 1)) {
            Ok(effective_on) => {
                report.push(Item { effective_on, ..about(advice, ItemKind::WrongAccount) });
            }
            Err(problem) => report.held.push(problem),
        }
    }
    report
}

fn header(root: &Node, kind: ReportKind) -> Report {
    let mut report = Report::new(kind);
    for header in all_deep(root, "MessagingHeader") {
        report.sun(said(header, "user-number"));
    }
    let headers = all_deep(root, "Header").into_iter().chain(all_deep(root, "MessagingHeader"));
    for header in headers {
        let made = said_any(header, &["report-generation-date", "processingDate", "currentProcessingDate"]);
        match day(made.map(|text| text.get(..10).unwrap_or(text)), "Header") {
            Ok(on) => report.report_on = report.report_on.or(on),
            Err(problem) => report.errors.push(problem),
        }
    }
    report
}

fn one(advice: &Node, at: &str) -> Result<(Item, ReportKind), FormatProblem> {
    let record = said(advice, "record-type").unwrap_or("");
    let (item, kind) = match record {
        "A" => (about(advice, ItemKind::Amended), ReportKind::Amended),
        "V" => (file(advice, ItemKind::Lodged), ReportKind::Instructions),
        "R" => (file(advice, ItemKind::NotLodged), ReportKind::Instructions),
        "N" | "D" => (about(advice, ItemKind::InstructionReturned), ReportKind::Instructions),
        other => {
            let message = format!("“{}” is not a record type we know", shown(other));
            return Err(FormatProblem::new("bacs.record", at, message));
        }
    };
    let effective_on = day(said(advice, "effective-date"), at)?;
    Ok((Item { effective_on, original_on: day(said(advice, "due-date"), at)?, ..item }, kind))
}

fn about(advice: &Node, kind: ItemKind) -> Item {
    let code = said(advice, "reason-code").unwrap_or("").to_uppercase();
    let words = advice.child("MessagingError").and_then(|e| said(e, "line1")).unwrap_or("");
    let text = |name: &str| said(advice, name).map(str::to_owned);
    let old = Bank {
        name: text("payer-name"),
        sort_code: digits(said(advice, "payer-sort-code"), 6),
        account: digits(said(advice, "payer-account-number"), 8),
    };
    let nested = advice.child("PayerAccount").map(bank);
    Item {
        reference: said_any(advice, &["reference", "payer-reference"]).unwrap_or("").to_owned(),
        code: text("transaction-code"),
        reason_words: format!("{words} ({code})").trim().to_owned(),
        reason: if code.len() == 1 { code } else { String::new() },
        bank: nested.unwrap_or(old),
        new_bank: Bank {
            name: text("payer-new-name"),
            sort_code: digits(said(advice, "payer-new-sort-code"), 6),
            account: digits(said(advice, "payer-new-account-number"), 8),
        },
        ..Item::of(kind)
    }
}

fn file(advice: &Node, kind: ItemKind) -> Item {
    let number = |name: &str| said(advice, name).and_then(|n| n.parse::<u32>().ok());
    let words = advice.child("MessagingError").and_then(|e| said(e, "line1")).unwrap_or("");
    Item {
        serial: said(advice, "vol-serial-number").map(str::to_owned),
        counts: number("accepted-ddi").zip(number("rejected-ddi")),
        reason_words: words.to_owned(),
        ..Item::of(kind)
    }
}
