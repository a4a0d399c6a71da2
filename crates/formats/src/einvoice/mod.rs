//! Electronic invoices: Peppol BIS Billing 3.0 in UBL 2.1 out and in, and the answers that come back; the same invoice
//! in CII D16B, as hybrid PDFs carry it.

mod answer;
mod check;
mod cii_in;
mod cii_out;
mod envelope;
mod ids;
mod model;
mod ubl_in;
mod ubl_out;
mod xml_out;

pub use answer::{Answer, AnswerReason, Code, read_answer};
pub use check::{check, check_core};
pub use cii_in::read_cii;
pub use cii_out::write_cii;
pub use envelope::{Envelope, document_type_id, participant_id};
pub use ids::{gln_is_right, is_endpoint_scheme, read_endpoint, vat_number};
pub use model::{
    Attachment, Category, Contact, EInvoice, Endpoint, Kind, Line, Party, PayInto, PostalAddress, VatTotal,
};
pub use ubl_in::read_ubl;
pub use ubl_out::write_ubl;

/// The rules that a document follows (BT-24).
pub const CUSTOMIZATION: &str = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0";
/// The business process (BT-23).
pub const PROFILE: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
/// The rules that the data of a hybrid PDF follows (BT-24): the European standard and nothing beyond it.
pub const GUIDELINE: &str = "urn:cen.eu:en16931:2017";
