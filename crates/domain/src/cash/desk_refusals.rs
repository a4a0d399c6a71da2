//! What the cash desk refuses: refunds and payment batches, cheques and paying in, suspense and transfers.
use crate::catalogue::refusals;

refusals! {
    /// More than the credit, or nothing at all.
    REFUND_AMOUNT = "CSH-REFUND-AMOUNT", "CSH-13", "Refund no more than what is in credit";
    /// The customer owes us.
    OPEN_DEBTS = "GL-02-REFUND-OPEN-DEBTS", "GL-02", "Set the credit against the debts, or say who allows the refund all the same";
    /// There is something to look at first.
    REFUND_WARNING = "CSH-REFUND-WARNING", "CSH-13; DD-05; CTL-10", "Look at each warning, then ask again and say that you have";
    /// Payee details nobody has checked.
    CALL_BACK = "CTL-01-CALL-BACK", "CTL-01", "Ring the payee on a number you knew before, and say whom you spoke to and when";
    /// What was refunded stays refunded.
    REFUNDED = "CSH-REFUNDED", "GL-02", "Take the refund back first";
    /// A refund that is not in a state for it.
    REFUND_STATE = "CSH-REFUND-STATE", "GL-02", "Look at the refund again";
    /// A payment batch that is not in a state for it.
    BATCH_STATE = "CSH-BATCH-STATE", "CSH-13", "Look at the batch again";
    /// Nothing to pay.
    BATCH_EMPTY = "CSH-BATCH-EMPTY", "CSH-13", "Wait until a refund is approved, or choose another way of paying";
    /// A payment file that cannot be written.
    PAYMENT_FILE = "CSH-PAYMENT-FILE", "CSH-13", "Mend what is named, or give the batch up and pay by list";
    /// A payment that is not in a state for it.
    COUNTER_STATE = "CSH-16-STATE", "CSH-16", "Look at the payment again";
    /// Shares that are not the whole.
    COUNTER_SHARES = "CSH-16-SHARES", "CSH-16", "Change the shares until they add up to what was paid";
    /// The slip is not what was counted.
    SLIP_TOTAL = "CSH-16-SLIP-TOTAL", "CSH-16", "Count again; take out what is not there, or record what is missing";
    /// Nothing to pay in.
    SLIP_EMPTY = "CSH-16-SLIP-EMPTY", "CSH-16", "Record a cheque or cash first";
    /// The bank line is not the batch.
    TIE = "CSH-16-TIE", "CSH-16", "Choose the bank line of the same amount, or ask the bank about the difference";
    /// It does not wait in suspense.
    NOT_IN_SUSPENSE = "CSH-11-STATE", "CSH-11", "Look at the receipt again";
    /// Suspense nobody has explained.
    SUSPENSE_UNEXPLAINED = "GL-04-SUSPENSE", "GL-03; GL-04", "Give each receipt an owner, a reason and a next step, or clear it";
    /// Offsetting takes somebody's word.
    OFFSET_AUTHORITY = "CSH-13-AUTHORITY", "CSH-13", "Say who allows the offset, and where that is written";
    /// Somewhere money cannot go.
    TRANSFER_TO = "CSH-TRANSFER-TO", "GL-02", "Choose another account, or a fund that takes money for others";
    /// What was kept of pay or of a payment belongs to the debt it was agreed for.
    KEPT = "CSH-KEPT", "REC-05; GL-02", "Undo the deduction where the overpayment is taken back";
}
