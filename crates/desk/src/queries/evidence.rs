//! Files kept with a case: given by us, by a service, by the customer.
use super::may_work;
pub use crate::core::evidence::NewFile;
use crate::core::evidence::{note, seal};
use crate::core::vault::sha256_hex;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::evidence::{self as rows, EvidenceRow};
use sundry_store::queries;

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
