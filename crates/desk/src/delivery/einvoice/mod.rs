//! Invoices over the Peppol network: made of the posted document, handed to an access point, answered by the buyer.
mod answers;
mod list;
mod make;
mod send;

pub use answers::{
    AnswerTaken, AnswersTaken, SettleEinvoice, TakeAnswer, collect_answers, settle_einvoice, take_answer,
};
pub use list::{EinvoiceShown, EinvoicesPage, einvoice, einvoice_xml, einvoices};
pub use make::{Made, MadeProblem, preview_einvoice};
pub(super) use make::{data_in_pdf, find_document};
pub use send::{EinvoicesSent, SendEinvoices, send_einvoices};

use crate::Desk;
use std::path::PathBuf;
use sundry_domain::ids::OrgId;

/// The folder that an access point fetches documents from, and one that it leaves answers in.
pub(super) fn folder(desk: &Desk, org: OrgId, name: &str) -> PathBuf {
    desk.home().join("einvoices").join(org.0.to_string()).join(name)
}
