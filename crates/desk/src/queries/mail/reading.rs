//! A message read and made ready to be kept: what is shown of it masked, its files tasted and sealed.
use crate::core::vault::sha256_hex;
use crate::{Desk, Outcome};
use sundry_domain::control::{contains_card_number, mask_card_numbers};
use sundry_domain::ids::OrgId;
use sundry_domain::queries::{MailWriter, evidence_kind};
use sundry_formats::bounce::{Bounce, read_bounce};
use sundry_formats::mail::{Message, Writer, read_message};
use sundry_store::control::KeptFileRow;
use sundry_store::queries::mail::InboundFileRow;

/// A message, sealed and read.
pub(super) struct Read {
    /// What stands in it.
    pub message: Message,
    /// What it says of a message of ours, where it is a bounce.
    pub bounce: Option<Bounce>,
    /// The message as it came.
    pub whole: KeptFileRow,
    /// What is kept as evidence of a query: the message, or its text where a card number is masked in it.
    pub shown: KeptFileRow,
    /// Hash of who wrote what.
    pub content_sha256: String,
    /// Whether a card number was masked.
    pub masked: bool,
    /// Its files, each with the media type under which it is kept.
    pub files: Vec<(InboundFileRow, String)>,
    /// Its size where it lay.
    pub size_bytes: i64,
}

impl Read {
    /// What wrote it, in the words of the rules.
    pub fn writer(&self) -> MailWriter {
        match self.message.writer {
            Writer::Person => MailWriter::Person,
            Writer::Automatic => MailWriter::Automatic,
            Writer::Bulk => MailWriter::Bulk,
        }
    }
}

/// Reads a message and seals it and its files on disk, before the command that names them begins.
pub(super) fn read(desk: &Desk, org: OrgId, bytes: &[u8], size_there: Option<i64>) -> Outcome<Read> {
    let mut message = read_message(bytes);
    let size_bytes = size_there.unwrap_or(bytes.len() as i64);
    if size_bytes > bytes.len() as i64 {
        let words =
            format!("It has {} MB; only its beginning was fetched, the rest is in the mailbox", size_bytes >> 20);
        message.troubles.push(words);
    }
    let content_sha256 = content(&message);
    let masked = [&message.subject, &message.text, &message.quoted].into_iter().any(|text| contains_card_number(text));
    for text in [&mut message.subject, &mut message.text, &mut message.quoted, &mut message.from.name] {
        *text = mask_card_numbers(text);
    }
    let whole = sealed(desk, org, "message.eml", "message/rfc822", bytes)?;
    let shown = if masked {
        let text = format!("Subject: {}\n\n{}\n\n{}\n", message.subject, message.text, message.quoted);
        sealed(desk, org, "message.txt", "text/plain", text.as_bytes())?
    } else {
        whole.clone()
    };
    let mut files = Vec::new();
    for (seq, file) in (1i64..).zip(&message.attachments) {
        files.push(tasted(desk, org, seq, file)?);
    }
    for file in &mut message.attachments {
        file.bytes = Vec::new();
    }
    let bounce = read_bounce(bytes).ok();
    Ok(Read { message, bounce, whole, shown, content_sha256, masked, files, size_bytes })
}

fn sealed(desk: &Desk, org: OrgId, name: &str, media_type: &str, bytes: &[u8]) -> Outcome<KeptFileRow> {
    let sha256 = desk.files().put(org.0, bytes)?;
    Ok(KeptFileRow { sha256, name: name.into(), media_type: media_type.into(), size_bytes: bytes.len() as i64 })
}

/// The same words of the same sender, whichever way they came.
fn content(message: &Message) -> String {
    let files: Vec<String> = message.attachments.iter().map(|file| sha256_hex(&file.bytes)).collect();
    let parts = [&message.from.address, &message.subject, &message.text, &message.quoted, &files.join(" ")];
    sha256_hex(parts.map(String::as_str).join("\u{0}").as_bytes())
}

/// A file that is kept by the rules of evidence, or the reason why it is left out.
fn tasted(
    desk: &Desk,
    org: OrgId,
    seq: i64,
    file: &sundry_formats::mail::Attachment,
) -> Outcome<(InboundFileRow, String)> {
    let name = crate::core::evidence::plain_name(&mask_card_numbers(&file.name));
    let mut row = InboundFileRow {
        mail_id: 0,
        seq,
        name,
        media_type: file.media_type.clone(),
        size_bytes: file.bytes.len() as i64,
        sha256: String::new(),
        left_out: String::new(),
    };
    match evidence_kind(&row.name, &file.bytes) {
        Err(no) => row.left_out = no.sentence,
        Ok(kind) if is_text(kind) && contains_card_number(&String::from_utf8_lossy(&file.bytes)) => {
            row.left_out = "It holds a payment card number, which is never kept".into();
        }
        Ok(kind) => {
            row.sha256 = desk.files().put(org.0, &file.bytes)?;
            return Ok((row, kind.to_owned()));
        }
    }
    Ok((row, String::new()))
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || kind == "message/rfc822"
}
