//! What recovery refuses.
use crate::catalogue::refusals;

refusals! {
    /// Late-payment interest from a consumer.
    CONSUMER = "LP-06-CONSUMER", "LP-01; LPCDA 1998 s2", "Interest can be claimed from a consumer only in a court claim (s69)";
    /// The debt is a statutory charge, not a contract for goods or services.
    STATUTORY_CHARGE = "LP-01-STATUTORY", "LP-01; LPCDA 1998 s1", "This is not a commercial debt; no interest before a court claim";
    /// A salary overpayment.
    EMPLOYEE = "LP-01-EMPLOYEE", "LP-01", "A salary overpayment is not a commercial debt; agree repayment instead";
    /// Consumer credit, mortgage, pledge or charge.
    EXCEPTED = "LP-01-EXCEPTED", "LP-01; LPCDA 1998 s2(5)", "Use the agreement's own terms";
    /// A contract between NHS bodies.
    NHS_CONTRACT = "LP-01-NHS", "LP-01; NHS Act 2006 s9", "Use NHS dispute resolution and agreement of balances";
    /// The contract has its own interest.
    CONTRACT_RATE = "LP-01-CONTRACT-RATE", "LP-01; LPCDA 1998 s8", "Charge the contract's own interest";
    /// The debt is disputed.
    INTEREST_DISPUTED = "LP-01-DISPUTED", "LP-01", "Resolve the dispute first; interest goes on accruing";
    /// No interest yet.
    INTEREST_TOO_EARLY = "LP-06-TOO-EARLY", "LP-02, LP-06", "Wait until the day after the relevant day";
    /// Documents were asked for and not sent.
    DOCUMENTS_OWED = "REC-03-DOCUMENTS", "REC-03", "Send the documents, or explain why not, then wait 30 days";
    /// A claim before its time.
    CLAIM_TOO_EARLY = "REC-03-TOO-EARLY", "REC-03", "Wait until the day named";
    /// A moratorium freezes the debt.
    BREATHING_SPACE = "BS-03-BREATHING-SPACE", "BS-03; SI 2020/1311 regs 7, 11", "Wait for the moratorium to end; speak only with the debt adviser";
    /// The customer has died.
    DECEASED = "BS-06-DECEASED", "BS-06", "Write to the personal representatives";
    /// The customer is insolvent.
    INSOLVENT = "BS-05-INSOLVENT", "BS-05", "Prove the debt with the office-holder";
    /// The document did not arrive, or came back.
    NOT_RECEIVED = "REC-04-NOT-RECEIVED", "DEL-06; REC-04", "Send the document again first; the chase goes on when it was sent";
    /// A dispute is open.
    HOLD_DISPUTE = "REC-04-HOLD-DISPUTE", "REC-04", "Resolve the dispute; the same stage restarts after 14 days";
    /// A plan is being kept.
    HOLD_PLAN = "REC-04-HOLD-PLAN", "REC-04", "Wait while the plan is kept";
    /// A moratorium hold placed by hand.
    HOLD_BREATHING_SPACE = "REC-04-HOLD-BREATHING-SPACE", "REC-04, BS-03", "Wait for the moratorium to end";
    /// An insolvency hold.
    HOLD_INSOLVENCY = "REC-04-HOLD-INSOLVENCY", "REC-04, BS-05", "Prove the debt with the office-holder";
    /// A hold on death.
    HOLD_DECEASED = "REC-04-HOLD-DECEASED", "REC-04, BS-06", "Write to the personal representatives";
    /// A review of vulnerability.
    HOLD_VULNERABILITY = "REC-04-HOLD-VULNERABILITY", "REC-04, BS-08", "Finish the review";
    /// A promise to pay.
    HOLD_PROMISE = "REC-04-HOLD-PROMISE", "REC-04", "Wait until three working days after the promised day";
    /// An indemnity claim under the Direct Debit Guarantee.
    HOLD_INDEMNITY_CLAIM = "REC-04-HOLD-CLAIM", "REC-04, DD-05", "Contact the customer and decide the claim";
    /// A complaint.
    HOLD_COMPLAINT = "REC-04-HOLD-COMPLAINT", "REC-04", "Answer the complaint";
    /// A safeguarding matter.
    HOLD_SAFEGUARDING = "REC-04-HOLD-SAFEGUARDING", "REC-04", "Ask the safeguarding lead";
    /// A funding decision is awaited.
    HOLD_FUNDING = "REC-04-HOLD-FUNDING", "REC-04", "Wait for the funding decision";
    /// A credit note is coming.
    HOLD_CREDIT_PENDING = "REC-04-HOLD-CREDIT", "REC-04", "Post the credit note";
    /// Post comes back.
    HOLD_GONE_AWAY = "REC-04-HOLD-GONE-AWAY", "REC-04", "Trace the customer";
    /// With the lawyers.
    HOLD_LEGAL = "REC-04-HOLD-LEGAL", "REC-04", "Ask legal services";
    /// A letter of claim to an address that is known to be wrong.
    GONE_AWAY_CLAIM = "REC-02-GONE-AWAY", "REC-02", "Trace the customer first";
    /// Vulnerable customers go to court or an agency only by a person's decision.
    VULNERABLE = "BS-08-VULNERABLE", "BS-08", "Ask a manager to decide after a review";
    /// An agency or the court against an NHS body or council.
    PUBLIC_BODY = "REC-04-PUBLIC-BODY", "REC-04", "Escalate to director level and agreement of balances";
    /// The balance is too small for the step.
    MINIMUM_BALANCE = "REC-02-MINIMUM-BALANCE", "REC-02, REC-07", "Send a statement, or propose a small write-off";
    /// Money of this customer waits to be allocated.
    CASH_FIRST = "REC-X7-CASH", "Cash before chase", "Allocate the customer's money first";
    /// Today's bank file is not posted.
    BANK_FILE_FIRST = "REC-X7-BANK-FILE", "Cash before chase", "Post today's bank file first";
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
}
