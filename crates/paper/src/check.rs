//! Nothing is printed that does not add up.

use crate::letter::{InvoiceTable, Letter, LetterItem, LetterKind};
use crate::money::pounds;

/// The first sum in a letter that disagrees with its parts, as a sentence.
pub(crate) fn disagreement(letter: &Letter) -> Option<String> {
    if let Some(invoice) = &letter.invoice {
        let whole = || differ("the sum of the letter", letter.sum_pence, i128::from(invoice.gross_pence));
        return invoice_disagreement(invoice).or_else(whole);
    }
    let counted = !letter.items.is_empty()
        && !matches!(letter.kind, LetterKind::Other | LetterKind::Plan | LetterKind::Receipt | LetterKind::DirectDebit);
    let owed = total(letter.items.iter().map(|item| item.owed_pence));
    let whole = || {
        if counted { differ("the sum of the letter", letter.sum_pence, owed) } else { None }
    };
    letter.items.iter().find_map(item_disagreement).or_else(whole).or_else(|| ageing_disagreement(letter))
}

fn ageing_disagreement(letter: &Letter) -> Option<String> {
    let ageing = letter.ageing.as_ref()?;
    let bands = total(ageing.bands.iter().map(|(_, pence)| *pence)) + total([ageing.unallocated_pence]);
    differ("the balance by age", letter.sum_pence, bands)
}

fn invoice_disagreement(invoice: &InvoiceTable) -> Option<String> {
    let net = total(invoice.lines.iter().map(|line| line.net_pence));
    let vat = total(invoice.vat.iter().map(|line| line.vat_pence));
    let gross = total([invoice.net_pence, invoice.vat_pence]);
    let untaxed = invoice.lines.iter().all(|line| !line.taxable);
    let none_due = || {
        if untaxed { differ("VAT with no taxable line", invoice.vat_pence, 0) } else { None }
    };
    differ("the total without VAT", invoice.net_pence, net)
        .or_else(|| differ("the total VAT", invoice.vat_pence, vat))
        .or_else(|| differ("the total", invoice.gross_pence, gross))
        .or_else(none_due)
}

fn item_disagreement(item: &LetterItem) -> Option<String> {
    let left = total([item.amount_pence, item.charges_pence]) - total([item.paid_pence, item.in_query_pence]);
    differ(&format!("what is left of {}", item.number), item.owed_pence, left)
}

/// Wide enough that no list of pence can overflow it.
fn total(pence: impl IntoIterator<Item = i64>) -> i128 {
    pence.into_iter().map(i128::from).sum()
}

fn differ(what: &str, printed: i64, summed: i128) -> Option<String> {
    let agreed = i128::from(printed) == summed;
    let summed = i64::try_from(summed).map(pounds).unwrap_or_else(|_| "more than can be counted".to_owned());
    (!agreed).then(|| format!("{what} is given as {} and adds up to {summed}", pounds(printed)))
}
