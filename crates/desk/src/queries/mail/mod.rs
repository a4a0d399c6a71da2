//! The shared mailbox (QRY-06): each message is read, placed by the rules, and kept; a person sorts what the rules leave.
mod apply;
mod collect;
mod facts;
mod imap;
mod list;
mod mailboxes;
mod reading;
mod sort;
mod take;

pub(super) use apply::for_a_person;
pub use collect::{MailCollected, MailboxVisited, ask_for_due_mail, collect_mail};
pub use list::{MailAsk, MailPage, MailShown, mail, mail_list, mail_source};
pub use mailboxes::{KeepMailbox, Mailbox, PauseMailbox, keep_mailbox, mailboxes, pause_mailbox};
pub use sort::{MailSorted, SortMail, sort_mail};
pub use take::{MailTaken, TakeMail, take_mail};
