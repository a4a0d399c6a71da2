//! Input and withdrawal reports: what became of a submission on the day it arrived.

use super::item::{AccountTotal, Item, ItemKind, Report, ReportKind};
use super::unpaid::bank;
use super::{all_deep, day, pounds, said};
use crate::bank_statement::xml::Node;
use crate::problem::FormatProblem;

pub(super) fn input(root: &Node) -> Report {
    let mut report = Report::new(ReportKind::Input);
    for header in root.all("Header") {
        match day(header.child("ProcessingDate").and_then(|d| said(d, "date")), "Header/ProcessingDate") {
            Ok(on) => report.report_on = on,
            Err(problem) => report.errors.push(problem),
        }
    }
    serial(root, &mut report);
    for file in all_deep(root, "UserFileInformation") {
        report.sun(said(file, "userNumber"));
    }
    for (index, error) in all_deep(root, "Error").into_iter().enumerate() {
        match fault(error, &format!("Error {}", index + 1)) {
            Ok(item) => report.push(item),
            Err(problem) => report.held.push(problem),
        }
    }
    match totals(root) {
        Ok(totals) => report.accepted = totals,
        Err(problem) => report.errors.push(problem),
    }
    report
}

pub(super) fn withdrawal(root: &Node) -> Report {
    let mut report = Report::new(ReportKind::Withdrawal);
    serial(root, &mut report);
    for file in all_deep(root, "UserFileInformation") {
        report.sun(said(file, "userNumber"));
    }
    for header in all_deep(root, "ProcessingDate") {
        report.report_on = report.report_on.or(day(said(header, "date"), "ProcessingDate").ok().flatten());
    }
    let mut sum = 0i64;
    for totals in all_deep(root, "Totals") {
        let debit = totals.child("Debit").and_then(|d| said(d, "valueOf")).unwrap_or("0");
        match pounds(debit, "Totals/Debit") {
            Ok(pence) => sum = sum.saturating_add(pence),
            Err(problem) => report.errors.push(problem),
        }
    }
    let serial = report.serial.clone();
    report.push(Item { serial, amount_pence: sum, ..Item::of(ItemKind::Withdrawn) });
    report
}

fn serial(root: &Node, report: &mut Report) {
    let submissions = all_deep(root, "SubmissionInformation");
    report.serial = submissions.iter().find_map(|s| said(s, "volumeSerialNumber")).map(str::to_owned);
    if report.serial.is_none() {
        report.errors.push(FormatProblem::new(
            "bacs.serial",
            "SubmissionInformation",
            "the report names no submission",
        ));
    }
}

fn fault(error: &Node, at: &str) -> Result<Item, FormatProblem> {
    let message = error.child("ErrorMessage");
    let words = message.and_then(|m| said(m, "type")).unwrap_or("").to_uppercase();
    let kind = match words.as_str() {
        "REJECTED" => ItemKind::Rejected,
        "AMENDED" => ItemKind::Altered,
        "RETURNED" => ItemKind::Returned,
        _ => return Err(FormatProblem::new("bacs.record", at, "the error has no type we know")),
    };
    let line = error.child("ErrorItem");
    let of = |name: &str| line.and_then(|l| said(l, name));
    Ok(Item {
        reference: of("reference").or_else(|| of("ref")).unwrap_or("").to_owned(),
        code: of("transCode").map(str::to_owned),
        reason_words: message.and_then(|m| said(m, "line1")).unwrap_or(&words).to_owned(),
        amount_pence: of("valueOf").map_or(Ok(0), |v| pounds(v, at))?,
        bank: line.and_then(|l| l.child("DestinationAccount")).map(bank).unwrap_or_default(),
        ..Item::of(kind)
    })
}

fn totals(root: &Node) -> Result<Option<AccountTotal>, FormatProblem> {
    let accounts = all_deep(root, "AccountTotal");
    if accounts.is_empty() {
        return Ok(None);
    }
    let mut sum = AccountTotal::default();
    for account in accounts {
        let at = "AccountTotal";
        let side = |entry: &str, records: &str| -> Result<(u32, i64), FormatProblem> {
            let Some(node) = account.at(&format!("{entry}/{records}")) else { return Ok((0, 0)) };
            let count = said(node, "numberOf").and_then(|n| n.parse().ok()).unwrap_or(0);
            Ok((count, pounds(said(node, "valueOf").unwrap_or("0"), at)?))
        };
        let add = |into: &mut (u32, i64), more: (u32, i64)| {
            into.0 += more.0;
            into.1 = into.1.saturating_add(more.1);
        };
        add(&mut sum.debits, side("DebitEntry", "AcceptedRecords")?);
        add(&mut sum.credits, side("CreditEntry", "AcceptedRecords")?);
        add(&mut sum.rejected_debits, side("DebitEntry", "RejectedRecords")?);
        add(&mut sum.rejected_credits, side("CreditEntry", "RejectedRecords")?);
    }
    Ok(Some(sum))
}
