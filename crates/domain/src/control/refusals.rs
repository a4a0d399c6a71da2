//! What control refuses.
use crate::catalogue::refusals;

refusals! {
    /// Deciding on one's own request.
    OWN_WORK = "CTL-01-OWN-WORK", "CTL-01", "Ask a colleague who holds the duty to decide";
    /// A duty the person does not hold.
    NO_DUTY = "CTL-01-NO-DUTY", "CTL-01", "Ask someone who holds the duty, or an administrator to give it";
    /// Two duties that may not be exercised by one person on one transaction.
    CONFLICT = "CTL-01-CONFLICT", "CTL-01", "Ask a colleague to take one of the two steps";
    /// Above the person's limit.
    ABOVE_LIMIT = "CTL-02-ABOVE-LIMIT", "CTL-02", "Send it to someone with a higher limit";
    /// What is to be approved is not what was read.
    CHANGED = "CTL-01-CHANGED", "CTL-01", "Read it again, then decide";
    /// Decided already.
    DECIDED = "CTL-01-DECIDED", "CTL-01", "Look at the decision; ask again if something else is wanted";
    /// A payment card number in free text.
    CARD_NUMBER = "CTL-06-CARD-NUMBER", "CTL-06; PCI DSS", "Remove the card number; take card payments on the provider's page";
    /// A kind of file that is not kept as evidence, or one that is not what its name says.
    EVIDENCE_KIND = "QRY-EVIDENCE-KIND", "Queries", "Send a PDF, a picture, an e-mail, a document, a workbook or plain text";
    /// A file too large to keep.
    EVIDENCE_SIZE = "QRY-EVIDENCE-SIZE", "Queries", "Send at most 20 MB in one file";
    /// No security code is set up.
    CODE_NOT_SET = "CTL-07-CODE-NOT-SET", "CTL-07", "Set up a security code under Your account";
    /// The security code is wrong or has been used.
    CODE_WRONG = "CTL-07-CODE-WRONG", "CTL-07", "Enter the six digits that your authenticator shows now";
    /// Too many wrong codes.
    CODE_LOCKED = "CTL-07-CODE-LOCKED", "CTL-07", "Wait a quarter of an hour, or ask an administrator to reset the code";
}
