//! The cash desk's pages: suspense, refunds, payments out, cheques and cash, overpayments, a receipt's history.
//!
//! Each is a heading with a body; the bodies are made here from rows of the desk, so that they can be shown in samples.

mod batches;
mod counter;
mod credits;
mod history;
mod paying_in;
mod refunds;
#[cfg(test)]
mod samples;
mod suspense;

pub use batches::{batch_body, batches_body};
pub use counter::{TakeTyped, payment_body, register_body, take_form};
pub use credits::{DecisionTyped, decision_form, overpayments_body, transfer_form, transfers_body};
pub use history::history_body;
pub use paying_in::{slip_body, slips_body};
pub use refunds::{RefundTyped, refund_body, refund_form, refunds_body};
pub use suspense::{SuspenseTyped, suspense_body};

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use sundry_domain::cash::refunds::{RefundMethod, RefundReason};
use sundry_store::cash_counter::CounterPaymentRow;

/// A page of the cash desk.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct DeskPage {
    /// The frame; errors belong to the fields of the body.
    pub frame: Frame,
    /// The heading.
    pub title: String,
    /// A line over it; may be empty.
    pub caption: String,
    /// The way back: address and words.
    pub crumbs: Vec<(String, String)>,
    /// Buttons and links beside the heading.
    pub actions: Html,
    /// Everything under it.
    pub content: Html,
}

impl DeskPage {
    /// The heading.
    pub fn heading(&self) -> String {
        self.title.clone()
    }
}

impl Plain for DeskPage {
    fn above(&self) -> Html {
        let crumbs: Vec<_> = self.crumbs.iter().filter(|(href, _)| self.frame.opens(href)).cloned().collect();
        if crumbs.is_empty() { Html::default() } else { ui::breadcrumbs(crumbs).into() }
    }

    fn caption(&self) -> Html {
        (&self.caption).into()
    }

    fn actions(&self) -> Html {
        self.actions.clone()
    }

    fn body(&self) -> Html {
        self.content.clone()
    }
}

/// The places of the cash room that the reader may open, with the one that is shown.
pub fn places(frame: &Frame, here: &str) -> Html {
    const PLACES: [(&str, &str); 9] = [
        ("/cash", "Receipts"),
        ("/cash/suspense", "Suspense"),
        ("/cash/counter", "Cheques and cash"),
        ("/cash/overpayments", "Overpayments"),
        ("/recovery/overpayments", "Kept back"),
        ("/cash/refunds", "Refunds"),
        ("/cash/payment-batches", "Payments out"),
        ("/cash/files", "Bank files"),
        ("/direct-debits", "Direct Debit"),
    ];
    let nav = ui::sub_navigation("Cash");
    let open = PLACES.iter().filter(|(href, _)| frame.opens(href));
    open.fold(nav, |nav, (href, words)| nav.place(*words, *href, *href == here)).into()
}

/// What a list says of where it stands.
pub fn state_tag(state: &str) -> ui::Tag {
    let (words, colour) = match state {
        "asked" => ("Waiting for approval", TagColour::Yellow),
        "approved" => ("Approved", TagColour::Blue),
        "in_batch" => ("In a batch", TagColour::Blue),
        "sent" => ("Sent", TagColour::Blue),
        "paid" | "acknowledged" => ("Paid", TagColour::Green),
        "refused" | "rejected" => ("Refused", TagColour::Red),
        "returned" => ("Came back", TagColour::Red),
        "withdrawn" => ("Withdrawn", TagColour::Grey),
        "draft" => ("Draft", TagColour::Yellow),
        "written" => ("File written", TagColour::Blue),
        "held" => ("In the office", TagColour::Yellow),
        "paying_in" | "made" => ("On a slip", TagColour::Blue),
        "banked" => ("At the bank", TagColour::Green),
        "cleared" => ("Cleared", TagColour::Green),
        "done" => ("Done", TagColour::Green),
        _ => ("Not known", TagColour::Grey),
    };
    ui::tag(words, colour)
}

/// The number of an approval, as a link for those who may open it.
fn approval(frame: &Frame, number: &str) -> Html {
    let href = format!("/approvals/{number}");
    if frame.opens(&href) { ui::link(href, number) } else { Html::text(number) }
}

/// A cheque by its number, or cash.
fn what(row: &CounterPaymentRow) -> String {
    match (row.method.as_str(), row.cheque_number.as_str()) {
        ("cheque", "") => "Cheque, no number".to_owned(),
        ("cheque", number) => format!("Cheque {number}"),
        _ => "Cash".to_owned(),
    }
}

/// The words of a reason.
fn reason_words(code: &str) -> String {
    RefundReason::parse(code).map_or_else(|| code.to_owned(), |reason| reason.name().to_owned())
}

/// The words of a way of paying.
fn method_words(code: &str) -> String {
    RefundMethod::parse(code).map_or_else(|| code.to_owned(), |method| method.name().to_owned())
}
