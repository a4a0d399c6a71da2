//! Which category of the general ledger's file an event belongs to.

/// The words of an event's name that give its category, the first that fits.
const WORDS: &[(&str, &str)] = &[
    ("Revers", "REVERSAL"),
    ("Return", "REVERSAL"),
    ("Unpaid", "REVERSAL"),
    ("Undone", "REVERSAL"),
    ("WriteOff", "WRITEOFF"),
    ("WrittenOff", "WRITEOFF"),
    ("WriteBack", "WRITEOFF"),
    ("Allowance", "BAD_DEBT_PROVISION"),
    ("Refund", "REFUND"),
    ("Credit", "CREDIT"),
    ("Allocat", "ALLOCATION"),
    ("Interest", "INTEREST"),
    ("Compensation", "INTEREST"),
    ("Fee", "FEE"),
    ("Cost", "FEE"),
    ("Receipt", "RECEIPT"),
    ("Suspense", "RECEIPT"),
    ("Cash", "RECEIPT"),
    ("Invoice", "INVOICE"),
];

/// The category of the neutral journal file for an event such as `InvoiceRaised`.
pub fn gl_category(event: &str) -> &'static str {
    WORDS.iter().find(|(word, _)| event.contains(word)).map_or("TRANSFER", |(_, category)| *category)
}

#[cfg(test)]
mod tests {
    use super::gl_category;

    #[test]
    fn every_event_has_a_category() {
        let pairs = [
            ("InvoiceRaised", "INVOICE"),
            ("CreditNoteRaised", "CREDIT"),
            ("ReceiptPosted", "RECEIPT"),
            ("ReceiptReversed", "REVERSAL"),
            ("CashAllocated", "ALLOCATION"),
            ("DebtWrittenOff", "WRITEOFF"),
            ("SomethingElse", "TRANSFER"),
        ];
        for (event, category) in pairs {
            assert_eq!(gl_category(event), category, "{event}");
        }
    }
}
