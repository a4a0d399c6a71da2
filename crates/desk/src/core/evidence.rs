//! Files kept as evidence: sealed on disk, then noted with what they are about.
use super::command::Command;
use crate::{Desk, Outcome};
use sundry_domain::control::evidence_kind;
use sundry_store::control::{KeptFileRow, add_kept_file};
use sundry_store::evidence::{self as rows, EvidenceRow};

/// A file as it came.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A name without the folders that some programs send, and without what no name holds.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && !"\"<>|*?:".contains(*c)).take(120).collect();
    if kept.trim().is_empty() { "file".into() } else { kept.trim().to_owned() }
}

/// Seals the bytes on disk before the command that names them begins.
///
/// # Errors
/// `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`.
pub(crate) fn seal(desk: &Desk, org: i64, file: &NewFile) -> Outcome<KeptFileRow> {
    let name = plain_name(&file.name);
    let media_type = evidence_kind(&name, &file.bytes)?;
    let sha256 = desk.files().put(org, &file.bytes)?;
    Ok(KeptFileRow { sha256, name, media_type: media_type.into(), size_bytes: file.bytes.len() as i64 })
}

/// Notes a sealed file with a case.
pub(crate) async fn note(
    cmd: &mut Command,
    subject: &str,
    file: &KeptFileRow,
    (words, came_from): (&str, &str),
) -> Outcome<bool> {
    let (org, at) = (cmd.by.org, cmd.at);
    add_kept_file(&mut cmd.tx, org, file, at).await?;
    let row = EvidenceRow {
        id: cmd.id(),
        subject: subject.to_owned(),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size_bytes: file.size_bytes,
        sha256: file.sha256.clone(),
        words: words.trim().to_owned(),
        came_from: came_from.to_owned(),
        recorded_on: cmd.today,
        recorded_at: at,
    };
    let added = rows::add_evidence(&mut cmd.tx, org, &row).await?;
    if added {
        let detail = serde_json::json!({ "name": row.name, "sha256": row.sha256, "came_from": came_from });
        cmd.tell("EvidenceAdded", subject.to_owned(), detail);
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn names_lose_their_folders_and_their_tricks() {
        assert_eq!(plain_name("C:\\Users\\me\\log book.pdf"), "log book.pdf");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("a\u{0}\"b.png"), "ab.png");
        assert_eq!(plain_name("  "), "file");
    }
}
