//! Files that show what a document charges for, and go with it.
use crate::{Desk, Outcome};
use sundry_domain::ids::{DocumentId, OrgId};
use sundry_formats::einvoice::Attachment;
use sundry_store::Tx;
use sundry_store::delivery::backing;

/// The backing files of a document, as an e-invoice carries them.
pub(super) async fn attachments(
    desk: &Desk,
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Outcome<Vec<Attachment>> {
    let mut all = Vec::new();
    for row in backing::of_document(tx, org, document).await? {
        all.push(Attachment {
            id: format!("{}", all.len() + 1),
            description: row.name.clone(),
            filename: row.name,
            mime: row.media_type,
            bytes: desk.files().get(org.0, &row.file_sha256)?,
        });
    }
    Ok(all)
}
