//! Raising what is owed, taking it back, giving it up.
pub mod activity;
mod amend;
mod amended;
mod amounts;
mod choices;
pub mod contracts;
mod credit;
mod documents;
mod import;
mod invoice;
mod raise;
pub mod uplifts;
mod vat;
mod write_off;

pub use amend::{AmendInvoice, AmendmentAsked, request_amendment};
pub use amended::{AmendedLine, Amendment};
pub use choices::{InvoiceChoices, VatChoice, invoice_choices};
pub use credit::{CreditAsked, CreditLine, RequestCredit, request_credit_note};
pub use documents::{DocumentsAsk, DocumentsPage, documents_list};
pub use import::{ImportInvoices, import_invoices};
pub use invoice::{InvoiceShown, JournalShown, LetterSeen, QuerySeen, invoice};
pub use raise::{
    InvoiceForm, InvoiceLine, InvoicePreview, InvoiceRaised, PreviewLine, PreviewRate, RaiseInvoice, preview_invoice,
    raise_invoice,
};
pub use vat::{
    AskVatReturn, ClaimVatRelief, FileVatReturn, ReliefClaimed, ReliefShown, VatReturnShown, claim_vat_relief,
    file_vat_return, vat_return,
};
pub use write_off::{RequestWriteBack, RequestWriteOff, WriteOffAsked, request_write_back, request_write_off};

pub(crate) use amend::post_amendment;
pub(crate) use credit::{ask_credit, post_credit_note};
pub(crate) use write_off::{post_write_back, post_write_off, written_off_before};
