//! Letters: written in commands, printed in batches, e-mailed; each once, each with its state.
mod backing;
mod compose;
mod copies;
mod court_forms;
mod documents;
pub mod einvoice;
mod instead;
mod item_line;
mod leaving;
mod letters;
mod mail;
mod messages;
pub mod notify;
pub(crate) mod pay_links;
mod pretend;
mod print;
mod proof;
pub(crate) mod receipts;
mod recorded;
mod stationery;
pub mod templates;
mod time_left;

pub use backing::{
    AttachBacking, BackingShown, WithdrawBacking, attach_backing, backing_of, bundle_pdf, withdraw_backing,
};
pub(crate) use backing::{bundle_of, printed_table};
pub use compose::{Composed, NewLetter, Recipient};
pub(crate) use compose::{compose, compose_all};
pub use copies::{CopiesSent, SendCopies, send_copies};
pub use court_forms::{PutCourtForm, court_forms, demonstration_form, put_court_form};
pub(crate) use court_forms::{lacking_forms, seed as seed_court_forms};
pub(crate) use documents::{document_letters, recipients_of};
pub(crate) use instead::to_joint_debtor;
pub(crate) use item_line::line_of_item;
pub(crate) use leaving::{flag_of, freeze_as_it_was, freeze_of, hold_of, is_of_part, is_spared};
pub use letters::{
    LetterView, Reprint, Reprinted, SettleLetter, Settled, letter, letter_counts, letter_pdf, letters_in_state,
    letters_of_customer, letters_since, reprint, settle_letter,
};
pub(crate) use letters::{proof_pdf_of, set as set_pdf, sha256_of_json};
pub(crate) use mail::may_write_outside;
pub use mail::{
    MailSettings, SendEmails, SendTestMessage, Sent, TestMessageSent, mail_settings, send_emails, send_test_message,
};
pub(crate) use messages::write_mail;
pub use messages::{MailSent, send_mail};
pub use pretend::{PostPretended, PretendPost, pretend_post};
pub use print::{BatchView, ConfirmBatch, PrintLetters, batch, batches, confirm_batch, print_letters};
pub use proof::{
    BounceTaken, DeliveryShown, NotReceived, RecordProof, SendAgain, SentAgain, TakeBounce, delivery_of, not_received,
    record_proof, send_again, take_bounce,
};
pub(crate) use proof::{came_back, letter_of_bounce};
pub(crate) use recorded::RecordedFacts;
pub use stationery::Stationery;
pub(crate) use stationery::{
    PAYMENT_RETURNED, SALARY_CALCULATION, SENSITIVE, SET_OFF, add_missing_shipped, add_missing_templates, seed,
    stationery,
};
pub(crate) use time_left::limitation_by;

/// Told after each part of a long piece of work: how many are done, of how many.
pub type Progress<'a> = &'a (dyn Fn(i64, i64) + Send + Sync);
