//! What plans refuse.
use crate::catalogue::refusals;

refusals! {
    /// A promise of nothing.
    PROMISE_AMOUNT = "PP-PROMISE-AMOUNT", "Promises", "Enter an amount above zero and at most what is owed";
    /// A promise while another is open.
    PROMISE_OPEN = "PP-PROMISE-OPEN", "Promises", "Withdraw the open promise first";
    /// A promise that was decided.
    PROMISE_DECIDED = "PP-PROMISE-DECIDED", "Promises", "Take a new promise";
    /// A hold that has ended.
    HOLD_ENDED = "PP-HOLD-ENDED", "Holds", "Place a new hold";
    /// A promise for a day that has passed.
    PROMISE_DATE = "PP-PROMISE-DATE", "Promises", "Agree a day from today on";
    /// Instalments of nothing.
    INSTALMENT_NOTHING = "PP-02-NOTHING", "PP-02", "Agree fewer instalments";
    /// An instalment above the debt, or not above zero.
    INSTALMENT_AMOUNT = "PP-02-AMOUNT", "PP-02", "Enter an instalment above zero and at most what is owed";
    /// Longer than anybody here may grant.
    TOO_LONG = "PP-02-TOO-LONG", "PP-02, PP-04", "Agree a larger instalment, or ask for approval with the budget";
    /// Instalments that do not add up to the debt.
    SUM = "PP-06-SUM", "PP-06", "Make the instalments add up to what is open on the chosen invoices";
    /// An instalment in the past.
    PAST = "PP-06-PAST", "PP-06", "Choose a first day from today on";
    /// Instalments out of order, or two on a day.
    ORDER = "PP-06-ORDER", "PP-06", "Put each instalment after the one before";
    /// A plan without an invoice.
    NO_ITEM = "PP-06-NO-ITEM", "PP-01", "Choose what the plan is for";
    /// A disputed invoice whose query was not decided.
    DISPUTED = "PP-06-DISPUTED", "PP-06", "Decide the query first, or leave the invoice out";
    /// An invoice in another plan that runs.
    SECOND_PLAN = "PP-06-SECOND-PLAN", "PP-06", "Change the plan that runs: a new version replaces it";
    /// We ask for a plan in breathing space.
    MORATORIUM = "PP-06-BREATHING-SPACE", "PP-06, BS-03", "Wait for the moratorium to end; what the customer offers may be taken";
    /// Interest or a fee on a plan with a person.
    INTEREST = "PP-02-INTEREST", "PP-02", "Agree the plan without interest and fees, or ask legal services to approve it";
    /// Interest nobody agreed in writing.
    INTEREST_UNWRITTEN = "PP-02-INTEREST-WRITTEN", "PP-02", "Have the interest agreed in writing first";
    /// A business plan of more than three months without a word on interest.
    INTEREST_UNDECIDED = "PP-04-INTEREST", "PP-04", "Record whether interest for late payment is charged or waived";
    /// Below the least instalment.
    TOO_LITTLE = "PP-04-MINIMUM", "PP-04", "Agree more, or take a budget that shows that less is all there is";
    /// Leaves less than a person on care must keep.
    BELOW_FLOOR = "PP-03-FLOOR", "PP-03", "Lower the instalment, or ask a manager to approve it";
    /// A budget that leaves nothing.
    NOTHING_LEFT = "PP-03-NOTHING-LEFT", "PP-03", "Agree a token payment for a time, signpost debt advice, or review in three months";
    /// A budget with a hole in it.
    BUDGET = "PP-03-BUDGET", "PP-03", "Complete the budget";
    /// Somebody without the standing to grant it.
    APPROVER = "PP-04-APPROVER", "PP-04", "Send the plan for approval";
    /// An instalment whose day has passed is history.
    PAST_INSTALMENT = "PP-06-HISTORY", "PP-06", "Change instalments to come; what is past stays as it was agreed";
    /// Called kept where cash is short.
    NOT_KEPT = "PP-06-NOT-KEPT", "PP-06", "Nothing: receipts decide whether a plan is kept";
    /// Broken by hand before its time.
    NOT_BROKEN = "PP-05-NOT-BROKEN", "PP-05", "Wait until the day named, or agree a new plan";
    /// A plan with somebody vulnerable is not broken by itself.
    VULNERABLE_BREAK = "PP-05-VULNERABLE", "PP-05, BS-08", "Ask a manager to decide after speaking with the customer";
    /// A plan that is over.
    PLAN_OVER = "PP-01-OVER", "PP-01", "Agree a new plan";
}
