//! ARUDD and ARUCS: what came back, under each of our accounts.

use super::item::{Bank, Item, ItemKind, Report, ReportKind};
use super::{all_deep, day, digits, pounds, said, said_any};
use crate::bank_statement::xml::Node;
use crate::problem::FormatProblem;

pub(super) fn read(root: &Node, kind: ReportKind, element: &str) -> Report {
    let mut report = Report::new(kind);
    let header = root.child("Header");
    match day(header.and_then(|h| said_any(h, &["currentProcessingDate", "processingDate"])), "Header") {
        Ok(on) => report.report_on = on,
        Err(problem) => report.errors.push(problem),
    }
    if report.report_on.is_none() && report.errors.is_empty() {
        report.errors.push(FormatProblem::new("bacs.date", "Header", "the report has no processing date"));
    }
    for service in all_deep(root, "ServiceLicenseInformation") {
        report.sun(said(service, "userNumber"));
    }
    for account in all_deep(root, "OriginatingAccountRecord") {
        one_account(account, element, &mut report);
    }
    report
}

fn one_account(account: &Node, element: &str, report: &mut Report) {
    let items: Vec<&Node> = account.all(element).collect();
    let mut sum = 0i64;
    for (index, node) in items.iter().enumerate() {
        let at = format!("{element} {}", index + 1);
        match item(node, report.kind, &at) {
            Ok(item) => {
                sum = sum.saturating_add(item.amount_pence);
                report.push(item);
            }
            Err(problem) => report.errors.push(problem),
        }
    }
    let Some(totals) = account.child("Totals") else { return };
    let stated = said(totals, "numberOf").and_then(|n| n.parse::<usize>().ok());
    let value = said(totals, "valueOf").and_then(|v| pounds(v, "Totals").ok());
    if stated.is_some_and(|n| n != items.len()) || value.is_some_and(|v| v != sum) {
        let message = format!(
            "the totals say {} of {} and the items are {} of {}",
            said(totals, "numberOf").unwrap_or("?"),
            said(totals, "valueOf").unwrap_or("?"),
            items.len(),
            crate::money::write_pounds(sum)
        );
        report.errors.push(FormatProblem::new("bacs.total", "Totals", message));
    }
}

fn item(node: &Node, kind: ReportKind, at: &str) -> Result<Item, FormatProblem> {
    let as_kind = if kind == ReportKind::Unpaid { ItemKind::Unpaid } else { ItemKind::CreditReturned };
    let value = said(node, "valueOf").unwrap_or("");
    let payer = node.child("PayerAccount").or_else(|| node.child("ReceiverAccount"));
    let code = said(node, "returnCode").unwrap_or("");
    let words = said(node, "returnDescription").unwrap_or("");
    let reference = said(node, "ref").or_else(|| payer.and_then(|p| said(p, "ref"))).unwrap_or("");
    Ok(Item {
        reference: reference.to_owned(),
        code: said(node, "transCode").map(str::to_owned),
        reason: reason(code, words, kind),
        reason_words: format!("{words} ({code})").trim().to_owned(),
        amount_pence: pounds(value, at)?,
        original_on: day(said(node, "originalProcessingDate"), at)?,
        bank: payer.map(bank).unwrap_or_default(),
        ..Item::of(as_kind)
    })
}

pub(super) fn bank(node: &Node) -> Bank {
    Bank {
        name: said(node, "name").map(str::to_owned),
        sort_code: digits(said(node, "sortCode"), 6),
        account: digits(said(node, "number"), 8),
    }
}

/// The reason by its words where they are known, else by the last character of the code.
///
/// Public samples show four-digit codes whose last digit is not the reason, beside words that are.
fn reason(code: &str, words: &str, kind: ReportKind) -> String {
    let upper = words.to_uppercase();
    let known: &[(&str, &str)] = if kind == ReportKind::Unpaid {
        &[
            ("REFER TO PAYER", "0"),
            ("INSTRUCTION CANCELLED", "1"),
            ("DECEASED", "2"),
            ("TRANSFERRED", "3"),
            ("ADVANCE NOTICE DISPUTED", "4"),
            ("NO ACCOUNT", "5"),
            ("NO INSTRUCTION", "6"),
            ("AMOUNT DIFFERS", "7"),
            ("NOT YET DUE", "8"),
            ("PRESENTATION OVERDUE", "9"),
            ("FREQUENCY DIFFERS", "9"),
            ("SERVICE USER DIFFERS", "A"),
            ("ORIGINATOR DIFFERS", "A"),
            ("ACCOUNT CLOSED", "B"),
        ]
    } else {
        &[
            ("INVALID", "0"),
            ("DECEASED", "2"),
            ("TRANSFERRED", "3"),
            ("NO ACCOUNT", "5"),
            ("ACCOUNT CLOSED", "B"),
            ("REQUESTED", "C"),
        ]
    };
    if let Some((_, reason)) = known.iter().find(|(text, _)| upper.contains(text)) {
        return (*reason).to_owned();
    }
    let allowed = if kind == ReportKind::Unpaid { "0123456789AB" } else { "0235BC" };
    let one = code.trim().to_uppercase();
    let last = one.chars().next_back().filter(|c| one.len() == 1 && allowed.contains(*c));
    last.map(String::from).unwrap_or_default()
}
