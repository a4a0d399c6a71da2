//! What would make the rules, or our own ledger, refuse a document: told before it is written.

use super::{Category, EInvoice, Kind, Party, gln_is_right, is_endpoint_scheme};
use crate::problem::{FormatProblem, shown};

/// The largest attachment, in bytes, that access points take as a rule.
const LARGEST_ATTACHMENT: usize = 10 * 1024 * 1024;
/// Media types that may be embedded (BR-CL-24).
const MEDIA: [&str; 6] = [
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
];

/// Everything wrong with a document for the Peppol network; empty when it may be written.
pub fn check(invoice: &EInvoice) -> Vec<FormatProblem> {
    let mut wrong = Vec::new();
    let mut say = |code: &str, at: &str, words: &str| wrong.push(FormatProblem::new(code, at, words));
    if blank(&invoice.buyer_reference) && blank(&invoice.order) {
        say("PEPPOL-EN16931-R003", "buyer reference", "It has neither a buyer reference nor a purchase order");
    }
    for (at, one) in [("supplier", &invoice.seller), ("customer", &invoice.buyer)] {
        endpoint(at, one, &mut say);
    }
    wrong.extend(check_core(invoice));
    wrong
}

/// Everything wrong with a document by the European standard alone, as a hybrid PDF carries it: no network, so nobody
/// needs an id on one.
pub fn check_core(invoice: &EInvoice) -> Vec<FormatProblem> {
    let mut wrong = Vec::new();
    let mut say = |code: &str, at: &str, words: &str| wrong.push(FormatProblem::new(code, at, words));
    if invoice.gross_pence > 0 && invoice.due_on.is_none() && blank(&invoice.terms) {
        say("BR-CO-25", "due date", "It has neither a due date nor payment terms");
    }
    if invoice.kind == Kind::CreditNote && invoice.corrects.is_none() {
        say("BR-55", "corrects", "A credit note names the invoice that it corrects");
    }
    if invoice.lines.is_empty() {
        say("BR-16", "lines", "It has no line");
    }
    if invoice.period.is_some_and(|(from, to)| to < from) {
        say("BR-29", "period", "The service period ends before it starts");
    }
    treatments(invoice, &mut say);
    sums(invoice, &mut say);
    for (at, one) in [("supplier", &invoice.seller), ("customer", &invoice.buyer)] {
        party(at, one, &mut say);
    }
    for one in &invoice.attachments {
        if !MEDIA.contains(&one.mime.as_str()) {
            let words = format!("{} is of a type that cannot be embedded", shown(&one.filename));
            say("BR-CL-24", "attachment", &words);
        }
        if one.bytes.is_empty() || one.bytes.len() > LARGEST_ATTACHMENT {
            say("attachment.size", "attachment", &format!("{} is empty or over 10 MB", shown(&one.filename)));
        }
    }
    wrong
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn treatments(invoice: &EInvoice, say: &mut impl FnMut(&str, &str, &str)) {
    let has = |category: Category| invoice.lines.iter().any(|line| line.category == category);
    let others = invoice.lines.iter().any(|line| line.category != Category::O);
    if has(Category::O) && others {
        say(
            "BR-O-12",
            "lines",
            "Lines outside the scope of VAT stand beside lines within it: raise them as two invoices",
        );
    }
    if has(Category::O) && !(blank(&invoice.seller.vat_number) && blank(&invoice.buyer.vat_number)) {
        say("BR-O-02", "VAT number", "Outside the scope of VAT no VAT number may stand on it");
    }
    if others && !invoice.lines.is_empty() && blank(&invoice.seller.vat_number) {
        say("BR-S-02", "VAT number", "Standard, zero-rated and exempt lines need our VAT number");
    }
    if has(Category::AE) && blank(&invoice.buyer.vat_number) {
        say("BR-AE-02", "VAT number", "A reverse charge needs the customer's VAT number");
    }
    for category in Category::ALL.into_iter().filter(|one| one.needs_reason() && has(*one)) {
        if blank(invoice.reason(category)) {
            say("BR-E-10", "VAT", &format!("No reason is given why VAT category {} has no VAT", category.as_str()));
        }
    }
    for line in &invoice.lines {
        let charged = line.rate_bp > 0;
        if charged != (line.category == Category::S) {
            let words = format!("Line {} has category {} and a rate that is not its", line.id, line.category.as_str());
            say("BR-S-05", "VAT", &words);
        }
    }
}

fn sums(invoice: &EInvoice, say: &mut impl FnMut(&str, &str, &str)) {
    let wide = |values: &mut dyn Iterator<Item = i64>| values.map(i128::from).sum::<i128>();
    let net = i128::from(invoice.net_pence);
    if wide(&mut invoice.lines.iter().map(|line| line.net_pence)) != net {
        say("BR-CO-10", "totals", "The lines do not add up to the net amount");
    }
    if wide(&mut invoice.vat.iter().map(|one| one.net_pence)) != net {
        say("BR-CO-13", "totals", "The amounts by VAT treatment do not add up to the net amount");
    }
    if wide(&mut invoice.vat.iter().map(|one| one.vat_pence)) != i128::from(invoice.vat_pence) {
        say("BR-CO-14", "totals", "VAT by treatment does not add up to the VAT amount");
    }
    if net + i128::from(invoice.vat_pence) != i128::from(invoice.gross_pence) {
        say("BR-CO-15", "totals", "Net and VAT do not add up to the total");
    }
    for one in &invoice.vat {
        // The rules let a sum of lines, each rounded, lie up to a pound from the rate; ours never lies so far.
        let exact = i128::from(one.net_pence) * i128::from(one.rate_bp);
        if (exact - i128::from(one.vat_pence) * 10_000).abs() >= 1_000_000 {
            say("BR-CO-17", "totals", &format!("VAT at {} basis points is a pound or more from the rate", one.rate_bp));
        }
    }
    for line in &invoice.lines {
        let base = i128::from(line.base_e4);
        if base <= 0 || line.price_e4 < 0 {
            say("PEPPOL-EN16931-R121", "price", &format!("Line {} has a price that cannot be", line.id));
            continue;
        }
        // quantity x price / base, in hundredths of a penny, against the line's amount.
        let worked = i128::from(line.quantity_e4) * i128::from(line.price_e4);
        let gap = worked - i128::from(line.net_pence) * 100 * base;
        if gap.abs() > 200 * base {
            let words = format!("Line {} is not its quantity at its price", line.id);
            say("PEPPOL-EN16931-R120", "price", &words);
        }
    }
}

fn endpoint(at: &str, party: &Party, say: &mut impl FnMut(&str, &str, &str)) {
    let id = party.endpoint.id.trim();
    if id.is_empty() || !is_endpoint_scheme(&party.endpoint.scheme) {
        say("PEPPOL-EN16931-R010", at, "The Peppol participant id is missing, or its scheme is not known");
    } else if party.endpoint.scheme == "0088" && !gln_is_right(id) {
        say("PEPPOL-COMMON-R040", at, "The GLN's last digit does not agree with the others");
    }
}

fn party(at: &str, party: &Party, say: &mut impl FnMut(&str, &str, &str)) {
    if blank(&party.name) {
        say("BR-06", at, "The name is missing");
    }
    if at == "supplier" && blank(&party.vat_number) && blank(&party.identifier) {
        say("BR-CO-26", at, "The supplier has neither a VAT number nor another number");
    }
}
