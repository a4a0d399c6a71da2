//! What billing refuses.
use crate::catalogue::refusals;

refusals! {
    /// A body without a VAT number charges VAT.
    NOT_REGISTERED = "INV-03-NOT-REGISTERED", "INV-03; VATA 1994 Sch 11 para 5", "Use exempt or outside scope, or enter the organisation's VAT registration number";
    /// An amount larger than any door accepts.
    TOO_LARGE = "INV-08-TOO-LARGE", "INV-08", "Check the quantity and the unit price";
    /// A document number would not fit a Bacs reference.
    NUMBER_TOO_LONG = "INV-04-NUMBER-TOO-LONG", "INV-04", "Use a shorter prefix or fewer digits";
    /// The VAT period of the tax point has been filed.
    VAT_PERIOD_FILED = "INV-05-PERIOD-FILED", "INV-05", "Correct it in the open VAT period";
    /// A VAT return that does not follow the last one.
    VAT_GAP = "INV-05-RETURN-GAP", "INV-05", "Begin on the day after the last return ended";
    /// A VAT return whose period is not over.
    VAT_NOT_OVER = "INV-05-RETURN-OPEN", "INV-05", "File it after its last day";
    /// Credit above what is left of the line.
    CREDIT_ABOVE_LINE = "INV-09-ABOVE-LINE", "INV-09", "Credit no more than the line less what was credited before";
    /// A credit of nothing, or less.
    CREDIT_NOT_POSITIVE = "INV-09-NOT-POSITIVE", "INV-09", "Enter an amount above zero";
    /// A credit against a line that the invoice does not have, or twice in one note.
    CREDIT_WRONG_LINE = "INV-09-WRONG-LINE", "INV-09", "Name each line of the invoice once";
    /// An amendment that would bill the same again.
    AMEND_SAME = "INV-09-SAME", "INV-09", "Change what is wrong, or leave the invoice as it is";
    /// Relief asked before six months have passed.
    RELIEF_TOO_EARLY = "INV-10-TOO-EARLY", "INV-10; VATA 1994 s36", "Wait until six months after the later of supply and due date";
    /// Relief asked after four years and six months.
    RELIEF_TOO_LATE = "INV-10-TOO-LATE", "INV-10; VATA 1994 s36", "No relief can be claimed; the debt is lost in full";
    /// Relief on a debt that bore no VAT.
    RELIEF_NO_VAT = "INV-10-NO-VAT", "INV-10", "Write the debt off without VAT relief";
    /// A discount on an invoice that was credited in part.
    DISCOUNT_CREDITED = "BIL-18-CREDITED", "BIL-18", "Ask for a credit note of what is right";
    /// A discount before all the rest is paid.
    DISCOUNT_NOT_PAID = "BIL-18-NOT-PAID", "BIL-18", "Set the payment against the invoice first";
    /// A discount for a payment that came late.
    DISCOUNT_LATE = "BIL-18-LATE", "BIL-18", "The rest is owed; a credit note takes someone else's yes";
    /// A discount that was given before, or was never offered.
    DISCOUNT_NONE = "BIL-18-NONE", "BIL-18", "Look at the terms on the invoice";
    /// An item must be named where an invoice has several.
    WHICH_INSTALMENT = "BIL-09-WHICH", "BIL-09", "Name the instalment, as in INV-000123/2";
    /// VAT on a deposit that is given back.
    DEPOSIT_VAT = "BIL-15-RETURNABLE-VAT", "BIL-15; INV-05", "Use VAT code O, or make it a part of the price paid early";
    /// More than is left of a deposit.
    DEPOSIT_LEFT = "BIL-15-MORE-THAN-LEFT", "BIL-15", "Use at most what is left";
    /// More than was paid of a deposit.
    DEPOSIT_UNPAID = "BIL-15-NOT-PAID", "BIL-15", "Use at most what is paid, or wait for the payment";
    /// A deposit used for someone else's invoice, or for a deposit.
    DEPOSIT_ELSEWHERE = "BIL-15-OTHER-ACCOUNT", "BIL-15", "Choose an open invoice of the same customer";
}
