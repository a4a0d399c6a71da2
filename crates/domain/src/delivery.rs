//! What is sent, and how it reaches the customer.
pub mod backing;
pub mod court_forms;
pub mod einvoice;
pub mod notify;
pub mod proof;
pub mod template;

use crate::customers::is_email;
use crate::money::Pence;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What delivery refuses.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// What was counted is not what was printed.
        TOTALS_DIFFER = "DLV-TOTALS", "reliability P14", "Count again; if a letter is missing, print a copy of it";
        /// A batch that is not ready to be checked.
        BATCH_NOT_PRINTED = "DLV-BATCH-STATE", "reliability P14", "Finish printing the batch, or look at who checked it";
        /// Letters of a live home taken as sent.
        LIVE_POST = "DLV-LIVE-POST", "Delivery", "Print what waits, or send it by e-mail";
        /// A letter that asks for more than is open by now.
        PAID_SINCE = "DUN-15-PAID", "DUN-15", "Nothing: the next run asks for what is left, where anything is";
        /// Nothing to print.
        NOTHING_TO_PRINT = "DLV-NOTHING-TO-PRINT", "Print batches", "Wait until letters are written";
        /// No mail server is set.
        NO_MAIL_SERVER = "DLV-NO-MAIL-SERVER", "E-mail", "Set the mail server and the sender's address";
        /// A demo or training home, in which nothing leaves.
        NOTHING_LEAVES = "DLV-NOTHING-LEAVES", "design 5", "Do it in a live home; here, take what waits as sent";
        /// A letter that cannot be set: only that one waits.
        NOT_SET = "DLV-NOT-SET", "reliability P17", "Put right what is named, then try it again, or withdraw it";
        /// No form of the protocol in the customer's language and size.
        FORMS_MISSING = "REC-02-FORMS", "REC-02", "Put the protocol's own form under Admin, Court forms; the next run writes the letter";
        /// A file that cannot be a form.
        FORM_FILE = "REC-02-FORM-FILE", "REC-02", "Save the protocol's own form as a PDF without a password, of at most 5 MB and 40 pages";
        /// GOV.UK Notify is not set up for what is asked.
        NO_NOTIFY = "DLV-NO-NOTIFY", "formats: GOV.UK Notify", "Set it up with its key and its e-mail template, and say what it carries";
        /// GOV.UK Notify takes no message as it is set up.
        NOTIFY_SAYS_NO = "DLV-NOTIFY-NO", "formats: GOV.UK Notify", "Check the set-up: its key, the clock of this machine, the template, and whether the service there is live";
        /// GOV.UK Notify does not answer.
        NOTIFY_SILENT = "DLV-NOTIFY-SILENT", "formats: GOV.UK Notify", "Try again later: what was not sent still waits";
        /// E-mail goes another way.
        NOTIFY_CARRIES = "DLV-NOTIFY-CARRIES", "formats: GOV.UK Notify", "Send by GOV.UK Notify, or say in its set-up that it does not carry e-mail";
        /// The mail server cannot be reached.
        MAIL_SERVER_DOWN = "DLV-MAIL-SERVER-DOWN", "E-mail", "Try again later: what was not sent still waits";
        /// No participant id of ours.
        NO_PARTICIPANT = "DLV-NO-PARTICIPANT", "formats: Peppol", "Enter our Peppol participant id in the settings";
        /// An e-invoice that cannot go from where it stands to there.
        EINVOICE_STATE = "DLV-EINVOICE-STATE", "formats: Peppol", "Look at where it stands; an answer of the customer's comes by its file";
        /// An answer to a document that we never sent.
        ANSWER_UNKNOWN = "DLV-ANSWER-UNKNOWN", "formats: Peppol", "Ask the access point whose answer it is";
        /// An answer from, or to, somebody else.
        ANSWER_STRANGER = "DLV-ANSWER-STRANGER", "formats: Peppol", "Compare the participant ids with the customer's and with ours";
        /// A message that came back and names none of ours.
        BOUNCE_UNKNOWN = "DLV-BOUNCE-UNKNOWN", "DEL-01", "Look at the message by hand: it is about mail that was not sent from here";
        /// A document that is on its way already.
        ON_ITS_WAY = "DLV-ON-ITS-WAY", "DEL-06", "Wait until it has gone, or settle the letter first";
        /// A PDF that shows who a patient is.
        BACKING_NAMES_SOMEONE = "DLV-BACKING-NAMES", "NHS-02", "Mask what names a patient in the file it was made from, then attach the new one";
        /// A PDF that nobody looked through.
        BACKING_NOT_LOOKED_AT = "DLV-BACKING-UNSEEN", "NHS-02", "Look through it; if it names no patient, tick that and attach it";
        /// A backing file that cannot go with a document.
        BACKING_KIND = "DLV-BACKING-KIND", "DEL-07", "Attach a PDF, a CSV file or plain text";
        /// A PDF larger than its receiver takes.
        PDF_TOO_LARGE = "DLV-PDF-SIZE", "BIL-16", "Attach less, or agree a larger size and set it with the customer's rules";
        /// A block whose wording the law fixes was changed.
        LOCKED_BLOCK = "DLV-LOCKED-BLOCK", "DEL-10", "Leave the block as it is: the rule beside it fixes its words";
        /// A block that the law wants is not in the letter.
        LEGAL_BLOCK_MISSING = "DLV-LEGAL-BLOCK", "DEL-10", "Put the block back: the rule beside it wants it in this letter";
        /// A draft with something to mend.
        TEMPLATE_FAULTS = "DLV-TEMPLATE-FAULTS", "DEL-10", "Mend what is marked Fix, then ask again";
        /// A draft that is not where it was, or was changed by someone else.
        DRAFT_STATE = "DLV-DRAFT-STATE", "DEL-10", "Open the letter again and look at its draft";
        /// A draft that says what the letter in use says.
        DRAFT_SAME = "DLV-DRAFT-SAME", "DEL-10", "Change its wording, or withdraw the draft";
        /// A letter whose outcome is settled.
        LETTER_SETTLED = "DLV-LETTER-STATE", "reliability P16", "Look at the letter again";
    }
}

/// Control totals of a print batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintTotals {
    /// Letters.
    pub letters: i64,
    /// Sheets of paper.
    pub sheets: i64,
    /// Sum of the letters' sums.
    pub sum: Pence,
}

/// Whether what a person counted is what was printed.
pub fn totals_agree(printed: &PrintTotals, counted: &PrintTotals) -> Result<(), Refusal> {
    if printed == counted {
        return Ok(());
    }
    Err(refusals::TOTALS_DIFFER.because(format!(
        "{} letters, {} sheets and {} were printed; {} letters, {} sheets and {} were counted",
        printed.letters, printed.sheets, printed.sum, counted.letters, counted.sheets, counted.sum
    )))
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// An invoice.
    Invoice,
    /// A credit note.
    CreditNote,
    /// A statement of account.
    Statement,
    /// A reminder of any stage.
    Reminder,
    /// A letter of claim or letter before action.
    LetterOfClaim,
    /// About a Direct Debit: set up, notice of a collection, a collection that came back.
    DirectDebit,
    /// Something happened that the customer must know of: a cheque came back unpaid.
    Notice,
    /// Thanks for money received.
    Receipt,
    /// The answer to a query or a complaint.
    Answer,
    /// About a payment plan: agreed or changed, an instalment missed, ended.
    Plan,
    /// About what happened to a person: breathing space, a death. It asks nobody for money (BS-03, BS-06).
    Circumstances,
    /// Fourteen days' notice of a claim to who answered the letter of claim (REC-03).
    ClaimNotice,
}

impl LetterKind {
    /// All kinds.
    pub const ALL: [LetterKind; 12] = [
        LetterKind::Invoice,
        LetterKind::CreditNote,
        LetterKind::Statement,
        LetterKind::Reminder,
        LetterKind::LetterOfClaim,
        LetterKind::DirectDebit,
        LetterKind::Notice,
        LetterKind::Receipt,
        LetterKind::Answer,
        LetterKind::Plan,
        LetterKind::Circumstances,
        LetterKind::ClaimNotice,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            LetterKind::Invoice => "invoice",
            LetterKind::CreditNote => "credit_note",
            LetterKind::Statement => "statement",
            LetterKind::Reminder => "reminder",
            LetterKind::LetterOfClaim => "letter_of_claim",
            LetterKind::DirectDebit => "direct_debit",
            LetterKind::Notice => "notice",
            LetterKind::Receipt => "receipt",
            LetterKind::Answer => "answer",
            LetterKind::Plan => "plan",
            LetterKind::Circumstances => "circumstances",
            LetterKind::ClaimNotice => "claim_notice",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<LetterKind> {
        LetterKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Printed and posted.
    Post,
    /// E-mailed.
    Email,
    /// Neither address is usable: a person must look.
    Held,
}

/// What is known about reaching a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachFacts {
    /// The customer asked for e-mail.
    pub prefers_email: bool,
    /// E-mail address, if any.
    pub email: String,
    /// A postal address is held.
    pub has_address: bool,
    /// Post comes back.
    pub gone_away: bool,
}

/// The way a letter goes. A letter of claim goes by post unless the customer asked for e-mail or no post reaches them.
pub fn way_to_send(kind: LetterKind, facts: &ReachFacts) -> Way {
    let email = is_email(&facts.email);
    let post = facts.has_address && !facts.gone_away;
    match (facts.prefers_email && email, post, email) {
        (true, _, _) => Way::Email,
        (false, true, _) => Way::Post,
        (false, false, true) if kind != LetterKind::LetterOfClaim || !facts.gone_away => Way::Email,
        _ => Way::Held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p14_a_batch_is_checked_only_when_the_totals_agree() {
        let printed = PrintTotals { letters: 3, sheets: 5, sum: Pence(12_000) };
        assert_eq!(totals_agree(&printed, &printed), Ok(()));
        for counted in [
            PrintTotals { letters: 2, ..printed },
            PrintTotals { sheets: 6, ..printed },
            PrintTotals { sum: Pence(12_001), ..printed },
        ] {
            assert_eq!(totals_agree(&printed, &counted).expect_err("differs").code, "DLV-TOTALS");
        }
    }

    #[test]
    fn the_customers_wish_then_post_then_what_is_left() {
        let facts = |prefers_email, email: &str, has_address, gone_away| ReachFacts {
            prefers_email,
            email: email.into(),
            has_address,
            gone_away,
        };
        let way = |facts: &ReachFacts| way_to_send(LetterKind::Reminder, facts);
        assert_eq!(way(&facts(true, "ann@example.org", true, false)), Way::Email);
        assert_eq!(way(&facts(true, "not an address", true, false)), Way::Post);
        assert_eq!(way(&facts(false, "ann@example.org", true, false)), Way::Post);
        assert_eq!(way(&facts(false, "ann@example.org", true, true)), Way::Email);
        assert_eq!(way(&facts(false, "", true, true)), Way::Held);
        assert_eq!(way_to_send(LetterKind::LetterOfClaim, &facts(false, "ann@example.org", true, true)), Way::Held);
        for kind in LetterKind::ALL {
            assert_eq!(LetterKind::parse(kind.as_str()), Some(kind));
        }
    }
}
