//! What the law refuses, act by act.
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
    /// The service was asked.
    HOLD_SERVICE_REFERRAL = "REC-06-HOLD-SERVICE", "REC-06", "Wait for the service's answer; the question ends by itself";
    /// A letter of claim to an address that is known to be wrong.
    GONE_AWAY_CLAIM = "REC-02-GONE-AWAY", "REC-02", "Trace the customer first";
    /// A letter of claim that was not posted by the day after its date.
    POSTED_LATE = "REC-02-POSTED", "REC-02", "Nothing: the next run writes it anew; post that one on its day";
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
    /// A step with legal effect that no person decided.
    NO_PERSON = "CTL-05-PERSON", "CTL-05; UK GDPR Art 22", "Have a person decide, and record who";
    /// A reminder or call too soon after the last, or once too often.
    CONTACT_BUDGET = "DUN-19-BUDGET", "DUN-19", "Wait until the day named";
    /// In the hours or on a day in which we leave people alone.
    QUIET_HOURS = "DUN-19-QUIET", "DUN-19", "Wait until the day named";
    /// A way of contact the person must not be reached by.
    UNSAFE_CHANNEL = "BS-08-UNSAFE-CHANNEL", "BS-08", "Use the safe contact on the account";
    /// Barred debts are not threatened with court.
    STATUTE_BARRED = "CT-08-BARRED", "CT-08; Limitation Act 1980", "Ask politely without naming court, or propose a write-off";
    /// The person said they will not pay a barred debt.
    BARRED_SAID_NO = "CT-08-SAID-NO", "CT-08", "Stop asking; propose a write-off";
    /// No limitation date was worked out.
    LIMITATION_UNKNOWN = "CT-08-UNKNOWN", "CT-08", "Work out the limitation date from the due date and its evidence";
    /// Scotland and Northern Ireland have their own procedure.
    OTHER_COURT = "CT-00-OTHER-COURT", "CT-03", "Pass the case to solicitors there";
    /// A claim without a letter of claim.
    NO_LETTER = "REC-03-NO-LETTER", "REC-02, REC-03", "Send the letter of claim first";
    /// A reply form that is partly completed.
    REPLY_UNCLEAR = "REC-03-REPLY", "REC-03", "Contact the customer to clear up the reply form";
    /// A time-to-pay offer waits for our answer.
    OFFER_UNANSWERED = "REC-02-OFFER", "REC-02, REC-03", "Answer the offer in writing, with reasons if it is refused";
    /// An answer to the reply form without fourteen days' notice.
    NO_NOTICE = "REC-03-NOTICE", "REC-03", "Give fourteen days' written notice";
    /// A care debt for which a deferred payment was not offered.
    DPA_FIRST = "SC-06-DPA", "SC-06; Care Act 2014 s69(2)", "Offer a deferred payment agreement, or record why none is possible";
    /// A benefit decision can still be appealed.
    BENEFIT_APPEAL = "REC-05-APPEAL", "REC-05", "Wait for the appeal, or for the month after the decision notice";
    /// A benefit overpayment nobody has decided on.
    BENEFIT_NOTICE = "REC-05-NOTICE", "REC-05", "Send the decision notice first";
    /// A direct payment asked back before the audit's statement.
    UNSPENT_STATEMENT = "REC-05-UNSPENT", "REC-05", "Send the statement of the unspent sum, and record it";
    /// More than a reminder for overpaid pay whose calculation was not sent.
    PAY_CALCULATION = "REC-05-CALCULATION", "REC-05", "Send the calculation, gross and net with the tax year, and record it";
    /// A fact of another kind of debt.
    FACT_OF_ANOTHER = "REC-05-OTHER-DEBT", "REC-05, SC-06", "Record it of the debt it is about, or correct the type of this debt";
    /// A fact that cannot follow what is known.
    FACT_ORDER = "REC-05-ORDER", "REC-05, SC-06", "Record what comes before it first";
    /// A recorded fact that was withdrawn.
    FACT_WITHDRAWN = "REC-05-WITHDRAWN", "REC-05", "Nothing: it counts no longer";
    /// Interest of the court asked outside a claim.
    COURT_INTEREST_ONLY_IN_CLAIM = "LP-07-CLAIM-ONLY", "LP-07; County Courts Act 1984 s69", "Warn of it in the letter of claim; charge it in the claim";
    /// Two kinds of interest on the same days.
    INTEREST_TWICE = "LP-07-TWICE", "LP-07; County Courts Act 1984 s69(4)", "Claim the interest that already runs";
    /// Interest on a debt for which there is a judgment.
    JUDGED = "LP-10-JUDGMENT", "LP-04, LP-10", "Look at the court case: its judgment says what paying late adds";
    /// Interest on interest.
    COMPOUNDING = "LP-06-COMPOUNDING", "LP-04, LP-06", "Charge simple interest on the principal";
    /// VAT on interest.
    VAT_ON_INTEREST = "LP-06-VAT", "LP-04, LP-06", "Charge interest and compensation without VAT";
    /// A second fixed sum for one debt.
    COMPENSATION_TWICE = "LP-05-TWICE", "LP-05", "One fixed sum belongs to one invoice";
    /// A charge the contract does not provide for.
    FEE = "REC-04-FEE", "REC-04", "Leave the charge out: only a contract can provide for it";
    /// Deferred-payment interest under another regime.
    CARE_INTEREST = "LP-08-CARE", "LP-08, SC-06", "Use the interest of the deferred payment agreement";
    /// The agency has not agreed how data are shared.
    AGENCY_AGREEMENT = "REC-07-AGREEMENT", "REC-07", "Have the data-sharing agreement signed first";
    /// Placed already.
    AGENCY_PLACED = "REC-07-PLACED", "REC-07", "Recall the open placement first";
    /// Steps before the agency were not taken.
    AGENCY_STEPS = "REC-07-STEPS", "REC-07", "Take the steps of the pathway first";
    /// Older than an agency takes.
    AGENCY_TOO_OLD = "REC-07-TOO-OLD", "REC-07", "Propose a write-off, or decide on a claim in time";
    /// No address to place with.
    AGENCY_NO_ADDRESS = "REC-07-NO-ADDRESS", "REC-07", "Trace the customer first";
    /// The person is not to be traced.
    DO_NOT_TRACE = "REC-08-DO-NOT-TRACE", "REC-08, BS-08", "Ask the safeguarding lead";
    /// A search without a lawful basis.
    TRACE_BASIS = "REC-08-BASIS", "REC-08", "Record the lawful basis, or use another source";
    /// A candidate address nobody accepted, or one too unsure.
    TRACE_UNPROVEN = "REC-08-UNPROVEN", "REC-08", "Have a person accept the address, or send a letter that asks whether they are this person";
    /// Needs met by law are not suspended.
    SUSPENSION_FORBIDDEN = "REC-06-FORBIDDEN", "REC-06", "Go on with the service; choose another way to recover";
    /// The service decides on suspension, not we.
    SUSPENSION_SERVICE = "REC-06-SERVICE", "REC-06", "Ask the service; without an answer in fourteen days, escalate";
    /// A claim that was not issued.
    NOT_ISSUED = "CT-05-NOT-ISSUED", "CT-05", "Issue the claim first";
    /// The defendant still has time.
    DEFAULT_TOO_EARLY = "CT-05-TOO-EARLY", "CT-05; CPR 12.3", "Wait until the day named";
    /// The defendant answered.
    DEFAULT_DEFENDED = "CT-05-DEFENDED", "CT-05; CPR 12.3", "Answer the defence; there is no judgment by default";
    /// An admission waits.
    DEFAULT_ADMISSION = "CT-05-ADMISSION", "CT-05", "Decide on the admission";
    /// It was paid.
    DEFAULT_PAID = "CT-05-PAID", "CT-05", "Tell the court that it was paid";
    /// Six months went by.
    DEFAULT_STAYED = "CT-05-STAYED", "CT-05; CPR 15.11", "Apply to lift the stay";
    /// Serves overseas.
    DEFAULT_ARMED_FORCES = "CT-05-ARMED-FORCES", "CT-05", "Ask legal services";
    /// Nobody to stand in for a protected party.
    LITIGATION_FRIEND = "BS-07-LITIGATION-FRIEND", "BS-07; CPR 21", "Have a litigation friend appointed first";
    /// Nobody may receive letters for a person without capacity.
    NO_REPRESENTATIVE = "BS-07-NO-REPRESENTATIVE", "BS-07", "Find who may act, or refer for appointeeship or deputyship; keep the limitation diary";
    /// An authority that has run out.
    AUTHORITY_EXPIRED = "BS-07-EXPIRED", "BS-07", "Ask for the renewed authority; letters to that person wait";
    /// Nothing to enforce.
    NO_JUDGMENT = "CT-07-NO-JUDGMENT", "CT-07", "Get a judgment first";
    /// An instalment order that is kept.
    JUDGMENT_INSTALMENTS = "CT-07-INSTALMENTS", "CT-07", "Wait while the order is kept";
    /// Older than six years.
    JUDGMENT_OLD = "CT-07-PERMISSION", "CT-07; CPR 83.2", "Ask the court for permission first";
    /// Nobody weighed whether it is in proportion.
    NO_PROPORTIONALITY = "CT-07-PROPORTIONALITY", "CT-07; Equality Act 2010 s149", "Record the proportionality check and the vulnerability check";
    /// Above the county court's warrant.
    WARRANT_TOO_MUCH = "CT-07-WARRANT-MOST", "CT-07", "Transfer to the High Court for a writ of control";
    /// Below the least warrant.
    WARRANT_TOO_LITTLE = "CT-07-WARRANT-LEAST", "CT-07", "Wait until £50 or one instalment is owed";
    /// Below the least writ.
    WRIT_TOO_LITTLE = "CT-07-WRIT-LEAST", "CT-07", "Use a county court warrant";
    /// Regulated credit stays in the county court.
    CONSUMER_CREDIT = "CT-07-CONSUMER-CREDIT", "CT-07", "Use a county court warrant";
    /// Below the least attachment.
    ATTACHMENT_TOO_LITTLE = "CT-07-ATTACHMENT-LEAST", "CT-07", "Choose another way";
    /// No employer to attach.
    ATTACHMENT_WORK = "CT-07-ATTACHMENT-WORK", "CT-07", "Choose another way, or the armed forces' own procedure";
    /// An order for sale of a home for too little.
    SALE_TOO_LITTLE = "CT-07-SALE-LEAST", "CT-07", "Keep the charge; wait for the sale";
    /// Joint money for one person's debt.
    JOINT_ACCOUNT = "CT-07-JOINT-ACCOUNT", "CT-07", "Choose another account, or another way";
    /// Below the level of bankruptcy or winding up.
    PETITION_TOO_LITTLE = "BS-05-PETITION-LEAST", "BS-05; Insolvency Act 1986", "Choose another way";
    /// Insolvency is not for disputed debts.
    PETITION_DISPUTED = "BS-05-PETITION-DISPUTED", "BS-05, CT-07", "Have the dispute decided first";
    /// No demand so soon after a death.
    DEATH_TOO_SOON = "BS-06-TOO-SOON", "BS-06", "Send the condolence letter; wait until the day named";
    /// Relatives do not owe it.
    RELATIVE = "BS-06-RELATIVE", "BS-06", "Claim from the estate; a relative owes only by contract, guarantee, joint debt or top-up agreement";
    /// A debt shared with somebody whose part is frozen.
    JOINT_FROZEN = "BS-03-JOINT", "BS-03", "Ask a manager, after legal advice, to release the other debtor";
    /// An override without the standing or the reason.
    OVERRIDE = "BS-03-OVERRIDE", "BS-03; SI 2020/1311 reg 11", "Only a manager can go on, with a reason of regulation 11(2) or 11(10)";
    /// The plan is not broken.
    PLAN_NOT_BROKEN = "PP-05-KEPT", "PP-05", "Wait until the day named";
    /// A disputed item.
    GIVE_UP_DISPUTED = "REC-09-DISPUTED", "GL-02", "Resolve the dispute first; an error is a credit note";
    /// An item in a plan.
    GIVE_UP_IN_PLAN = "REC-09-IN-PLAN", "GL-02", "End the plan first";
    /// More than is open, or nothing.
    GIVE_UP_AMOUNT = "REC-09-AMOUNT", "GL-02", "Write off at most what is open";
    /// Called uneconomic and too large for it.
    GIVE_UP_NOT_UNECONOMIC = "REC-09-NOT-UNECONOMIC", "REC-09", "Choose the reason that fits, or go on with recovery";
    /// Evidence is missing.
    GIVE_UP_EVIDENCE = "REC-09-EVIDENCE", "REC-09, WOF-01", "Add what is missing to the pack";
    /// An error is not a loss.
    GIVE_UP_ERROR = "REC-09-ERROR", "REC-09, NHS-05", "Raise a credit note";
    /// Too early to give up an insolvent debt.
    GIVE_UP_TOO_EARLY = "BS-05-WRITE-OFF-EARLY", "BS-05", "Wait until the day named, or for the last dividend";
    /// Nothing was written off.
    NOTHING_TO_WRITE_BACK = "GL-02-WRITE-BACK", "GL-02, WOF-04", "Allocate the money to what is open";
    /// A debt in query is not reported to the Home Office.
    HOME_OFFICE_QUERY = "NHS-03-QUERY", "NHS-03", "Finish the query or the review of eligibility first";
    /// Not yet, or not enough, to report.
    HOME_OFFICE_NOT_RIPE = "NHS-03-NOT-RIPE", "NHS-03", "Wait until £500 is two months old";
    /// The patient was not told.
    HOME_OFFICE_NOT_TOLD = "NHS-03-NOT-TOLD", "NHS-03", "Send an invoice that bears the notice";
    /// Somebody who may not bind the customer.
    NO_AUTHORITY = "BS-07-NO-AUTHORITY", "BS-07", "Ask for the order, the power of attorney or the grant";
}
