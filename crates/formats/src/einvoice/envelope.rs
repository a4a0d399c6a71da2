//! What an access point needs to know of a document, beside the document.

use super::{CUSTOMIZATION, EInvoice, Endpoint, Kind, PROFILE};
use serde::{Deserialize, Serialize};

/// The sidecar of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Participant id of the sender.
    pub sender: String,
    /// Participant id of the receiver.
    pub receiver: String,
    /// Document type id.
    pub document_type: String,
    /// Process id.
    pub process: String,
    /// Number of the document.
    pub number: String,
    /// Name of the file beside this one.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Its size.
    pub bytes: usize,
}

impl Envelope {
    /// The envelope of a document in a file.
    pub fn of(invoice: &EInvoice, file: &str, sha256: &str, bytes: usize) -> Envelope {
        Envelope {
            sender: participant_id(&invoice.seller.endpoint),
            receiver: participant_id(&invoice.buyer.endpoint),
            document_type: document_type_id(invoice.kind),
            process: format!("cenbii-procid-ubl::{PROFILE}"),
            number: invoice.number.clone(),
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            bytes,
        }
    }
}

/// `iso6523-actorid-upis::0088:5790000435944`.
pub fn participant_id(endpoint: &Endpoint) -> String {
    format!("iso6523-actorid-upis::{}:{}", endpoint.scheme, endpoint.id)
}

/// The document type as service registers know it.
pub fn document_type_id(kind: Kind) -> String {
    let root = match kind {
        Kind::Invoice => "Invoice",
        Kind::CreditNote => "CreditNote",
    };
    format!("busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:{root}-2::{root}##{CUSTOMIZATION}::2.1")
}
