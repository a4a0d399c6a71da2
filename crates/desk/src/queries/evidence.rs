//! Files kept with a case: given by us, by a service, by the customer.
use super::may_work;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::queries::evidence_kind;
use sundry_domain::refusal::Invalid;
use sundry_store::control::{KeptFileRow, add_kept_file};
use sundry_store::queries;
use sundry_store::queries::evidence::{self as rows, EvidenceRow};

/// A file as it came.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Adds a file to a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddEvidence {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// What the file shows.
    #[serde(default)]
    pub words: String,
}

/// The file that was kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EvidenceAdded {
    /// Its hash: what it is asked for by.
    pub sha256: String,
    /// Its name.
    pub name: String,
    /// Whether the query had the same file before.
    pub was_there: bool,
}

/// A name without the folders that some programs send, and without what no name holds.
pub(super) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && !"\"<>|*?:".contains(*c)).take(120).collect();
    if kept.trim().is_empty() { "file".into() } else { kept.trim().to_owned() }
}

/// Seals the bytes on disk before the command that names them begins.
///
/// # Errors
/// `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`.
pub(super) fn seal(desk: &Desk, org: i64, file: &NewFile) -> Outcome<KeptFileRow> {
    let name = plain_name(&file.name);
    let media_type = evidence_kind(&name, &file.bytes)?;
    let sha256 = desk.files().put(org, &file.bytes)?;
    Ok(KeptFileRow { sha256, name, media_type: media_type.into(), size_bytes: file.bytes.len() as i64 })
}

/// Notes a sealed file with a case.
pub(super) async fn note(
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

/// Keeps a file with a query.
///
/// # Errors
/// Duty; absent query; `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`.
pub async fn add_evidence(desk: &Desk, by: &Actor, ask: AddEvidence, file: NewFile) -> Outcome<EvidenceAdded> {
    may_work(by)?;
    if ask.words.chars().count() > 500 {
        return Err(Invalid::field("words", "Enter what it shows, in at most 500 characters", &ask.words).into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    let kept = seal(desk, by.org.0, &file)?;
    let asked = (&ask, sha256_hex(&file.bytes));
    command!(desk, by, "add_evidence", &ask.key, &asked, |cmd| {
        let query = queries::query_numbered(&mut cmd.tx, cmd.by.org, ask.number.trim()).await?;
        let query = query.ok_or_else(|| No::Absent(format!("query {}", ask.number.trim())))?;
        let subject = format!("query {}", query.number);
        let from = cmd.by.name.clone();
        let added = note(cmd, &subject, &kept, (&ask.words, &from)).await?;
        if !added {
            cmd.tell("EvidenceSeenAgain", subject, &kept.sha256);
        }
        Ok(EvidenceAdded { sha256: kept.sha256.clone(), name: kept.name.clone(), was_there: !added })
    })
}

/// A file of a query, proved by its hash.
///
/// # Errors
/// Absent when the query has no such file.
pub async fn evidence_file(desk: &Desk, by: &Actor, number: &str, sha256: &str) -> Outcome<(EvidenceRow, Vec<u8>)> {
    by.must_hold(Duty::View)?;
    let all = rows::evidence_of(&mut desk.look().await?, by.org, &format!("query {}", number.trim())).await?;
    let row = all.into_iter().find(|row| row.sha256 == sha256);
    let row = row.ok_or_else(|| No::Absent("file".into()))?;
    let bytes = desk.files().get(by.org.0, &row.sha256)?;
    Ok((row, bytes))
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
