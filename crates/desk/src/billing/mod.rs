//! Raising what is owed, taking it back, giving it up.
pub mod activity;
mod amend;
mod amended;
mod amounts;
mod choices;
pub mod contracts;
mod credit;
mod deposits;
mod discounts;
mod documents;
pub mod feeders;
mod form;
mod import;
mod invoice;
mod lease;
mod many;
mod pay_by;
mod payment_terms;
mod raise;
pub mod requests;
pub mod uplifts;
mod vat;

pub use amend::{AmendInvoice, AmendmentAsked, request_amendment};
pub use amended::{AmendedLine, Amendment};
pub use choices::{InvoiceChoices, VatChoice, invoice_choices};
pub use credit::{CreditAsked, CreditLine, RequestCredit, request_credit_note};
pub use deposits::{
    AskDeposit, DepositAsked, DepositShown, DepositUsed, DepositsPage, ReturnDeposit, UseDeposit, ask_deposit, deposit,
    deposits_list, return_deposit, use_deposit,
};
pub use discounts::{DiscountGiven, GiveDiscount, give_discount};
pub use documents::{DocumentsAsk, DocumentsPage, documents_list};
pub use form::{InvoiceForm, InvoiceLine, ScheduleLine};
pub use import::{ImportInvoices, import_invoices};
pub use invoice::{InvoiceShown, JournalShown, LetterSeen, QuerySeen, invoice};
pub use payment_terms::{
    AddPaymentTerms, CustomerTerms, PaymentTermsShown, SetCustomerTerms, SetPaymentTerms, TermsPartAsked,
    add_payment_terms, customer_terms, payment_terms_list, set_customer_terms, set_payment_terms,
};
pub use raise::{
    InvoicePreview, InvoiceRaised, PreviewLine, PreviewRate, RaiseInvoice, preview_invoice, raise_invoice,
};
pub use vat::{
    AskVatReturn, ClaimVatRelief, FileVatReturn, ReliefClaimed, ReliefShown, VatReturnShown, claim_vat_relief,
    file_vat_return, vat_return,
};

pub(crate) use amend::post_amendment;
pub(crate) use credit::{ask_credit, post_credit_note, set_against};
pub(crate) use discounts::give_due_discounts;
pub(crate) use vat::relief_on;
