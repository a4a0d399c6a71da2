//! What is kept as evidence: files of a few kinds, of a bounded size, that are what their names say.
use super::refusals;
use crate::refusal::Refusal;

/// The largest file that is kept.
pub const LARGEST_EVIDENCE: usize = 20 * 1024 * 1024;

/// The kinds of file that are kept: ending, media type, and how such a file begins.
pub const EVIDENCE_KINDS: &[(&str, &str, &[u8])] = &[
    ("pdf", "application/pdf", b"%PDF-"),
    ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", "image/jpeg", b"\xff\xd8\xff"),
    ("jpeg", "image/jpeg", b"\xff\xd8\xff"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ("eml", "message/rfc822", b""),
    ("csv", "text/csv", b""),
    ("txt", "text/plain", b""),
];

/// The media type of a file that may be kept as evidence.
///
/// # Errors
/// `QRY-EVIDENCE-SIZE`, `QRY-EVIDENCE-KIND`.
pub fn evidence_kind(name: &str, bytes: &[u8]) -> Result<&'static str, Refusal> {
    if bytes.is_empty() || bytes.len() > LARGEST_EVIDENCE {
        return Err(refusals::EVIDENCE_SIZE.because(format!("The file has {} bytes", bytes.len())));
    }
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    let found = EVIDENCE_KINDS.iter().find(|(known, ..)| *known == ending);
    let (_, media_type, begins) =
        found.ok_or_else(|| refusals::EVIDENCE_KIND.because("This kind of file is not kept as evidence"))?;
    let is_text = !begins.is_empty() || !bytes.contains(&0);
    if !bytes.starts_with(begins) || !is_text {
        return Err(refusals::EVIDENCE_KIND.because(format!("The file is not what its ending, .{ending}, says")));
    }
    Ok(media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qry_01_evidence_is_what_its_name_says() {
        let kind = |name: &str, bytes: &[u8]| evidence_kind(name, bytes).map_err(|no| no.code);
        assert_eq!(kind("Photo.PNG", b"\x89PNG\r\n\x1a\n..."), Ok("image/png"));
        assert_eq!(kind("mail.eml", b"From: a@b.uk\r\n"), Ok("message/rfc822"));
        for (name, bytes) in
            [("a.pdf", b"MZ..".as_slice()), ("a.exe", b"MZ"), ("a", b"x"), ("a.txt", b"a\0b"), ("a.html", b"<script>")]
        {
            assert_eq!(kind(name, bytes), Err("QRY-EVIDENCE-KIND".into()), "{name}");
        }
        assert_eq!(kind("a.pdf", b""), Err("QRY-EVIDENCE-SIZE".into()));
        assert_eq!(kind("a.txt", &vec![b'a'; LARGEST_EVIDENCE + 1]), Err("QRY-EVIDENCE-SIZE".into()));
    }
}
