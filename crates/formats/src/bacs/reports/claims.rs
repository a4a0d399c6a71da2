//! DDICA: indemnity claims under the Guarantee, and claims withdrawn.

use super::item::{Bank, Item, ItemKind, Report, ReportKind};
use super::{all_deep, day, digits, pounds};
use crate::bank_statement::xml::Node;
use crate::money::write_pounds;
use crate::problem::FormatProblem;

pub(super) fn read(document: &Node) -> Report {
    let mut report = Report::new(ReportKind::Claims);
    for sun in all_deep(document, "ServiceUserNumber") {
        report.sun(Some(&sun.text));
    }
    let groups = [
        ("NewAdvices", "DDICAdvice", "TotalValueOfDebits", ItemKind::Claim),
        ("Cancellations", "DDICCancellation", "TotalValueOfCancellations", ItemKind::ClaimWithdrawn),
    ];
    let mut known = false;
    for (group, element, total, kind) in groups {
        for node in document.all(group) {
            known = true;
            if let Err(problem) = claims(node, element, total, kind, &mut report) {
                report.errors.push(problem);
            }
        }
    }
    if !known {
        return Report::refused(FormatProblem::new("bacs.report", "", "<Document> is not a Bacs report we know"));
    }
    report
}

fn claims(group: &Node, element: &str, total: &str, kind: ItemKind, report: &mut Report) -> Result<(), FormatProblem> {
    let debited_on = day(group.text_at("DateOfDebit").or_else(|| group.text_at("DateOfCredit")), element)?;
    report.report_on = report.report_on.or(debited_on);
    let mut sum = 0i64;
    for (index, advice) in group.all(element).enumerate() {
        let at = format!("{element} {}", index + 1);
        let before = report.items.len();
        one(advice, &at, kind, debited_on, report)?;
        let split: i64 = report.items[before..].iter().map(|item| item.amount_pence).sum();
        let stated = advice.text_at("TotalAmount").map(|text| pounds(text, &at)).transpose()?;
        if stated.is_some_and(|stated| stated != split) {
            let message = format!("the claim's collections are {} and its total is not", write_pounds(split));
            return Err(FormatProblem::new("bacs.total", at, message));
        }
        sum = sum.saturating_add(split);
    }
    let stated = group.text_at(total).map(|text| pounds(text, total)).transpose()?;
    if stated.is_some_and(|stated| stated != sum) {
        let message = format!("the claims are {} and the total is not", write_pounds(sum));
        return Err(FormatProblem::new("bacs.total", total, message));
    }
    Ok(())
}

/// An item for each collection claimed; the whole amount when the claim names none.
fn one(
    advice: &Node,
    at: &str,
    kind: ItemKind,
    debited_on: Option<chrono::NaiveDate>,
    report: &mut Report,
) -> Result<(), FormatProblem> {
    let text = |name: &str| advice.text_at(name).map(str::to_owned);
    let reason = text("ReasonCode").unwrap_or_default();
    let claim = Item {
        reference: text("SUReference").unwrap_or_default(),
        reason_words: format!("{} ({reason})", text("ReasonCodeMeaning").unwrap_or_default()).trim().to_owned(),
        reason: reason.trim_start_matches('0').to_owned(),
        bank_reference: text("PayingBankReference").or_else(|| text("SeqNo")),
        effective_on: debited_on,
        bank: Bank {
            name: text("PayerName"),
            sort_code: digits(advice.text_at("PayerSortCode"), 6),
            account: digits(advice.text_at("PayerAccount"), 8),
        },
        ..Item::of(kind)
    };
    let collections: Vec<&Node> = advice.child("DDCollections").map_or(Vec::new(), |c| c.children.iter().collect());
    if collections.is_empty() {
        let amount_pence = pounds(advice.text_at("TotalAmount").unwrap_or(""), at)?;
        report.push(Item { amount_pence, ..claim });
        return Ok(());
    }
    for collection in collections {
        let amount_pence = pounds(collection.text_at("Amount").unwrap_or(""), at)?;
        let original_on = day(collection.text_at("DateOfDirectDebit"), at)?;
        report.push(Item { amount_pence, original_on, ..claim.clone() });
    }
    Ok(())
}
