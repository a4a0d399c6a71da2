//! What the court room refuses of its cases.
use crate::catalogue::refusals;

refusals! {
    /// The case is not where the step begins.
    CASE_STATE = "CT-CASE-STATE", "CT-03, CT-05", "Look at where the case stands";
    /// The debt is in another case.
    CASE_TWICE = "CT-CASE-TWICE", "CT-04", "Go on with that case";
    /// Nothing that could be claimed.
    CASE_EMPTY = "CT-CASE-EMPTY", "CT-04", "Choose debts with something open";
    /// A debt that no letter of claim names, beside one that has its letter.
    NOT_NAMED = "CT-CASE-NOT-NAMED", "REC-03; CT-04", "Refer it once a letter of claim has named it";
    /// Money came after the claim was signed.
    PAID_SINCE = "CT-04-PAID-SINCE", "CT-04; formats/26", "Prepare the claim again and have it signed again";
    /// Our number at the court is not set.
    NO_COURT_NUMBER = "CT-03-NO-NUMBER", "formats/26", "Enter our customer number at the court in the settings";
    /// None of the claims can go.
    NOTHING_TO_FILE = "CT-03-NOTHING", "CT-03", "Put right what is named, or issue on paper";
    /// A claim number that another case has.
    CLAIM_NUMBER = "CT-05-CLAIM-NUMBER", "formats/26", "Check the number with the court";
    /// An answer file that was taken before.
    ANSWER_TWICE = "CT-05-ANSWER-TWICE", "formats/26", "Look at the file that was taken; take the court's next answer";
    /// A line of an answer that nobody has to decide.
    ANSWER_DECIDED = "CT-05-ANSWER-DECIDED", "formats/26", "Look at what became of the line";
    /// A case that was changed meanwhile.
    CASE_CHANGED = "CT-CASE-CHANGED", "reliability P04", "Look at the case now and try again";
    /// A proof of nothing.
    NO_PROOF = "BS-05-NO-PROOF", "BS-05", "Nothing: the procedure asks for no proof, or nothing was owed at its date";
    /// A dividend after the last, or above the whole debt.
    DIVIDEND_OVER = "BS-05-DIVIDEND", "BS-05; LEG-06", "Compare with the office-holder's notice of every dividend";
    /// The procedure is recorded for this customer and has not ended.
    INSOLVENCY_TWICE = "BS-05-TWICE", "BS-05; LEG-06", "Go on with the one that is open";
    /// Before the day of a demand to the estate.
    ESTATE_STATE = "BS-06-STATE", "BS-06", "Look at where the estate stands";
    /// The customer's estate is open.
    ESTATE_TWICE = "BS-06-TWICE", "BS-06; LEG-08", "Go on with the estate that is open";
    /// A charge that still secures something.
    CHARGE_OWED = "CT-07-CHARGE-OWED", "CT-07; LEG-10", "Release it when what it secures is paid, or say who allows it";
    /// A charge that was released.
    CHARGE_RELEASED = "CT-07-CHARGE-RELEASED", "LEG-10", "Nothing: it was released before";
}
