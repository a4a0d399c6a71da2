//! GOV.UK Notify as a way of sending: e-mails with their file, and our letters printed there.
//!
//! ```text
//! waiting letter -> preflight -> (left out: printed or mailed here) | message with its own reference -> Notify
//! lost answer    -> asked by reference -> (there: settled) | (not there: the same reference again, for a day)
//! callback, poll -> status -> proof of arrival, the address marked, sent again by post, or a person
//! ```
//! One message has one reference, and a message that may have left is never made anew.
mod client;
mod door;
mod due;
mod lists;
mod news;
mod ready;
mod send;
mod settings;
mod settle;

pub use door::{NotifyHeard, take_notify_callback};
pub use due::ask_for_due_notify;
pub use lists::{
    EmailTrusted, NotifyState, TrustEmail, failed_emails_list, notify_left_out, notify_messages, notify_state,
    trust_email,
};
pub use news::{NotifyPolled, poll_notify};
pub use send::{NotifySent, SendByNotify, send_by_notify};
pub use settings::{CheckNotify, NotifyChecked, NotifyShown, SetNotify, check_notify, notify_shown, set_notify};

pub(super) use settings::carries;
