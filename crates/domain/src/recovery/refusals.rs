//! What recovery refuses.
use crate::catalogue::refusals;

refusals! {
    /// The document did not arrive, or came back.
    NOT_RECEIVED = "REC-04-NOT-RECEIVED", "DEL-06; REC-04", "Send the document again first; the chase goes on when it was sent";
    /// A net remittance that does not add up.
    REMITTANCE_DIFFERS = "REC-07-REMITTANCE", "REC-07", "Query the remittance with the agency";
    /// No address that a letter could go to.
    UNREACHABLE = "REC-04-UNREACHABLE", "REC-04", "Find an address, or an e-mail address the customer agrees to";
    /// A second statement on the same day.
    STATEMENT_TODAY = "REC-STATEMENT-TODAY", "DEL-05", "Print a copy of today's statement, or write another tomorrow";
    /// A letter that cannot be written, or a customer who cannot be decided: only that one waits.
    PARKED = "REC-PARKED", "reliability P17", "Put right what is named: the next run tries it again";
    /// A day that has not come.
    RUN_FUTURE = "REC-RUN-FUTURE", "Runs", "Release the run on its day; a preview may look ahead";
    /// A day before one that was released.
    RUN_ORDER = "REC-RUN-ORDER", "Runs", "Release today's run: it catches up what was missed";
    /// Another worker took the run over.
    RUN_TAKEN_OVER = "REC-RUN-TAKEN-OVER", "reliability P11", "Nothing: the other worker finishes the run";
    /// A draft that changed, waits for a yes, or is not there.
    PATHWAY_DRAFT = "REC-PATHWAY-DRAFT", "E1", "Read the draft again, and change what you then see";
    /// A draft with faults.
    PATHWAY_FAULTS = "REC-PATHWAY-FAULTS", "E1; X3", "Put right what says Fix, try it on the live book, and ask again";
    /// A version that would change a day that was run, or may be running.
    PATHWAY_LIVE_FROM = "REC-PATHWAY-LIVE-FROM", "E1; Runs", "Choose a later day: what was decided keeps its version";
    /// A pathway that is not live cannot be chosen.
    PATHWAY_NOT_LIVE = "REC-PATHWAY-NOT-LIVE", "DUN-16", "Choose one of the pathways in force";
    /// Two trials over one pathway at a time.
    TRIAL_RUNS = "DUN-17-TRIAL", "DUN-17", "End the trial that runs, or wait until it is over";
    /// A trial whose first day has come before its yes.
    TRIAL_LATE = "DUN-17-LATE", "DUN-17; CTL-01", "Turn it down, and let it be asked again from a later day";
    /// Nothing to charge beyond what was charged.
    CHARGES_SAME = "DUN-11-SAME", "DUN-11; LP-04", "Nothing: charge again when more days have passed";
    /// Less is owed than was charged, and the difference is paid.
    CHARGES_PAID = "DUN-11-PAID", "DUN-11; LP-04", "Take the payment off the charge first, then work it out again";
    /// A fee on a debt that no contract stands behind.
    FEE_DEBT = "DUN-09-FEE-DEBT", "DUN-09; REC-04", "Leave the fee out: only a contract can provide for it";
    /// A fee of a consumer by a term that nobody has judged.
    FEE_FAIR = "DUN-09-FEE-FAIR", "DUN-09; LP-08", "Have the term judged, and record who found it fair to a consumer";
    /// A fee on what is not overdue.
    FEE_NOT_LATE = "DUN-09-FEE-NOT-LATE", "DUN-09", "Charge it when the invoice is overdue";
    /// A second fee on one invoice.
    FEE_ONCE = "DUN-09-FEE-ONCE", "DUN-09", "One fee belongs to one invoice, waived or not";
    /// A fee beside the fixed sum of the act.
    FEE_FIXED_SUM = "DUN-09-FEE-FIXED-SUM", "DUN-09; LP-05", "Leave the fee out, or have the fixed sum waived first";
    /// Two terms for the same debts.
    FEE_OVERLAPS = "DUN-09-FEE-OVERLAPS", "DUN-09", "Withdraw the term that stands, or choose other days";
    /// A fee by a term that nobody else has said yes to.
    FEE_WAITS = "DUN-09-FEE-WAITS", "DUN-09; CTL-01", "Have somebody else say yes to the term first";
    /// A term that was withdrawn.
    FEE_WITHDRAWN = "DUN-09-FEE-WITHDRAWN", "DUN-09", "Nothing: it counts no longer";
    /// Nothing is left of a charge to waive.
    CHARGE_SETTLED = "DUN-12-SETTLED", "DUN-12; LP-06", "Nothing: the charge is paid, corrected or waived";
    /// Who charged it cannot be who waives it.
    WAIVED_BY_POSTER = "DUN-12-SAME-PERSON", "DUN-12; LP-06; CTL-02", "Ask somebody else to waive it, who did not charge it";
    /// Pay is not touched without the employee's written agreement or a term of the contract.
    PAY_AGREEMENT = "REC-05-AGREEMENT", "REC-05; Employment Rights Act 1996 s13", "Record the written agreement, or name the term of the contract";
    /// Pay taken back sooner than it was overpaid.
    PAY_TOO_FAST = "REC-05-TOO-FAST", "REC-05", "Take less each time, or record that the employee asked in writing for more";
    /// A payment to a provider is not cut before they were told.
    SET_OFF_NOTICE = "REC-05-SET-OFF-NOTICE", "REC-05; SC-04", "Send the provider notice, and record it";
    /// A calculation of overpaid pay that does not come to the debt.
    PAY_TOTAL = "REC-05-TOTAL", "REC-05", "Ask payroll which is right: correct the figures, or credit the debt and bill it anew";
    /// The calculation of a debt was sent.
    PAY_CALCULATED = "REC-05-CALCULATED", "REC-05", "Withdraw the recorded fact with the reason first, if the calculation was wrong";
    /// One debt is taken back once at a time.
    TAKING_RUNS = "REC-05-RUNS", "REC-05", "End what runs first, or record what it took";
    /// A deduction that was recorded, or a recovery that is over.
    TAKING_STATE = "REC-05-STATE", "REC-05", "Look at the recovery: it shows what was taken and what is to come";
    /// More than was agreed, or more than is open.
    TAKEN_MORE = "REC-05-MORE", "REC-05; Employment Rights Act 1996 s13", "Record what was agreed; what was taken beyond it goes back";
}
