//! Preparing a proof, reviewing somebody else's, and who looks after a line.
use super::make::made;
use super::{PREPARES, REVIEWS};
use crate::close::check_text;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::delivery::proof_pdf_of;
use crate::{Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::close::refusals::{PROOF_DECIDED, PROOF_OWN_WORK, PROOF_TOO_EARLY, PROOF_UNEXPLAINED};
use sundry_domain::close::{Proof, ProofKind};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_paper::{ProofGroup, ProofLine, ProofSheet};
use sundry_store::control::{self, KeptFileRow};
use sundry_store::control_proof::{self as rows, ProofRow};

fn must_hold_one(by: &Actor, duties: &[Duty]) -> Outcome<()> {
    match duties {
        [first, ..] if !duties.iter().any(|duty| by.holds(*duty)) => Ok(by.must_hold(*first)?),
        _ => Ok(()),
    }
}

/// Prepares the proof of an account as at a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrepareProof {
    /// Idempotency key.
    pub key: String,
    /// receivables, bank, suspense, direct_debit or refunds.
    pub kind: String,
    /// GL code of the bank; empty otherwise.
    #[serde(default)]
    pub subject: String,
    /// As at the end of this day.
    pub as_at: NaiveDate,
    /// What is said of it; needed where something is left unexplained.
    #[serde(default)]
    pub words: String,
}

/// A proof that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofPrepared {
    /// Its number.
    pub number: String,
    /// What is left unexplained.
    pub unexplained_pence: i64,
    /// Hash of its PDF.
    pub file_sha256: String,
}

/// Makes the proof, prints it and keeps both by their hashes; it waits for somebody else's review.
///
/// # Errors
/// Duty; a day to come; no such account; a difference that is not explained in words.
pub async fn prepare_proof(desk: &Desk, by: &Actor, ask: PrepareProof) -> Outcome<ProofPrepared> {
    must_hold_one(by, PREPARES)?;
    let mut wrong: Vec<Invalid> = check_text("words", &ask.words, 1_000)?.into_iter().collect();
    let kind = ProofKind::parse(&ask.kind);
    if kind.is_none() {
        wrong.push(Invalid::field("kind", "Choose one of the accounts", &ask.kind));
    }
    let (Some(kind), true) = (kind, wrong.is_empty()) else { return Err(wrong.into()) };
    if ask.as_at > desk.today() {
        let sentence = format!("{} has not come.", ask.as_at.format("%-d %B %Y"));
        return Err(PROOF_TOO_EARLY.because(sentence).allowed_from(ask.as_at).into());
    }
    command!(desk, by, "prepare_proof", &ask.key, &ask, |cmd| { prepare(cmd, kind, &ask).await })
}

async fn prepare(cmd: &mut Command, kind: ProofKind, ask: &PrepareProof) -> Outcome<ProofPrepared> {
    let org = cmd.by.org;
    let proof = made(&mut cmd.tx, org, (kind, ask.subject.trim()), ask.as_at).await?;
    if proof.unexplained() != Pence::ZERO && ask.words.trim().is_empty() {
        return Err(PROOF_UNEXPLAINED.because(format!("{} is left unexplained.", proof.unexplained())).into());
    }
    let number = format!("PRF-{:06}", cmd.next_number("PRF").await?);
    let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let title = super::make::subjects(&mut cmd.tx, org).await?.into_iter();
    let title = title.filter(|one| one.kind == kind && one.subject == proof.subject).map(|one| one.title).next();
    let title = title.unwrap_or_else(|| kind.name().to_owned());
    let pdf = proof_pdf_of(sheet(cmd, &proof, (site.name, title, number.clone()), ask.words.trim())).await?;
    let file_sha256 = cmd.desk.files().put(org.0, &pdf)?;
    let kept = KeptFileRow {
        sha256: file_sha256.clone(),
        name: format!("{number}.pdf"),
        media_type: "application/pdf".into(),
        size_bytes: pdf.len() as i64,
    };
    control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
    let content = serde_json::to_value(&proof)?;
    let row = ProofRow {
        id: cmd.id(),
        number: number.clone(),
        kind: kind.as_str().into(),
        subject: proof.subject.clone(),
        as_at: ask.as_at,
        ledger_pence: proof.ledger.0,
        other_pence: proof.other.0,
        open_pence: proof.explained().0,
        unexplained_pence: proof.unexplained().0,
        lines_count: proof.open_lines(),
        content_sha256: sha256_hex(&serde_json::to_vec(&proof)?),
        content,
        file_sha256: file_sha256.clone(),
        words: ask.words.trim().into(),
        state: "prepared".into(),
        prepared_by: cmd.by.user.0,
        prepared_by_name: cmd.by.name.clone(),
        prepared_on: cmd.today,
        reviewed_by_name: String::new(),
        reviewed_on: None,
        review_words: String::new(),
    };
    rows::add_proof(&mut cmd.tx, org, &row, cmd.at).await?;
    let told = ProofPrepared { number, unexplained_pence: proof.unexplained().0, file_sha256 };
    let detail = serde_json::json!({
        "kind": row.kind, "subject": row.subject, "as_at": row.as_at, "ledger_pence": row.ledger_pence,
        "content_sha256": row.content_sha256, "file_sha256": row.file_sha256,
    });
    cmd.tell("ProofPrepared", format!("proof {}", row.number), detail);
    Ok(told)
}

fn sheet(
    cmd: &Command,
    proof: &Proof,
    (organisation, title, number): (String, String, String),
    words: &str,
) -> ProofSheet {
    let groups = proof.groups.iter().map(|group| ProofGroup {
        title: group.title.clone(),
        count: group.count,
        pence: group.amount.0,
        lines: group
            .lines
            .iter()
            .map(|line| ProofLine {
                what: line.what.clone(),
                why: line.why.clone(),
                on: line.on,
                owner: line.owner.clone(),
                pence: line.amount.0,
            })
            .collect(),
    });
    ProofSheet {
        organisation,
        title,
        number,
        as_at: proof.as_at,
        other: (proof.other_name.clone(), proof.other.0),
        groups: groups.collect(),
        ledger: ("Balance in the ledger".into(), proof.ledger.0),
        words: words.to_owned(),
        prepared: (cmd.by.name.clone(), cmd.today),
    }
}

/// Reviews somebody else's proof.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReviewProof {
    /// Idempotency key.
    pub key: String,
    /// The proof.
    pub number: String,
    /// Yes; otherwise it goes back.
    pub accept: bool,
    /// What is said; needed to send it back.
    #[serde(default)]
    pub words: String,
}

/// A proof that was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofReviewed {
    /// The proof.
    pub number: String,
    /// reviewed or sent_back.
    pub state: String,
}

/// Accepts a proof as evidence for the close, or sends it back.
///
/// # Errors
/// Duty; one's own proof; one that was decided; sent back without a word.
pub async fn review_proof(desk: &Desk, by: &Actor, ask: ReviewProof) -> Outcome<ProofReviewed> {
    must_hold_one(by, REVIEWS)?;
    let mut wrong: Vec<Invalid> = check_text("words", &ask.words, 1_000)?.into_iter().collect();
    if !ask.accept && ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter what must be put right", &ask.words));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "review_proof", &ask.key, &ask, |cmd| {
        let row = rows::proof_numbered(&mut cmd.tx, cmd.by.org, ask.number.trim()).await?;
        let row = row.ok_or_else(|| No::Absent(format!("proof {}", ask.number)))?;
        if row.state != "prepared" {
            return Err(PROOF_DECIDED
                .because(format!("{} was decided by {}.", row.number, row.reviewed_by_name))
                .into());
        }
        if row.prepared_by == cmd.by.user.0 {
            return Err(PROOF_OWN_WORK.because("You prepared this proof yourself.").into());
        }
        let state = if ask.accept { "reviewed" } else { "sent_back" };
        let decided = (state, cmd.by.user.0, cmd.by.name.as_str(), cmd.today, ask.words.trim());
        if !rows::decide_proof(&mut cmd.tx, cmd.by.org, row.id, decided).await? {
            return Err(PROOF_DECIDED.because(format!("{} was decided by somebody else.", row.number)).into());
        }
        let event = if ask.accept { "ProofReviewed" } else { "ProofSentBack" };
        let detail = serde_json::json!({ "words": ask.words, "file_sha256": row.file_sha256 });
        cmd.tell(event, format!("proof {}", row.number), detail);
        Ok(ProofReviewed { number: row.number, state: state.into() })
    })
}

/// Gives an open line of an account an owner, and says what is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnLine {
    /// Idempotency key.
    pub key: String,
    /// The account.
    pub kind: String,
    /// The line's key.
    pub line: String,
    /// Who looks after it.
    pub owner: String,
    /// What is known.
    #[serde(default)]
    pub words: String,
}

/// A line with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineOwned {
    /// The line's key.
    pub line: String,
    /// Who looks after it.
    pub owner: String,
}

/// Notes who looks after an open line; it stands in every proof until the line is cleared.
///
/// # Errors
/// Duty; fields to put right.
pub async fn own_line(desk: &Desk, by: &Actor, ask: OwnLine) -> Outcome<LineOwned> {
    must_hold_one(by, PREPARES)?;
    let mut wrong: Vec<Invalid> = check_text("words", &ask.words, 300)?.into_iter().collect();
    wrong.extend(check_text("owner", &ask.owner, 100)?);
    if ask.owner.trim().is_empty() {
        wrong.push(Invalid::field("owner", "Enter who looks after it", &ask.owner));
    }
    if ProofKind::parse(&ask.kind).is_none() {
        wrong.push(Invalid::field("kind", "Choose one of the accounts", &ask.kind));
    }
    if ask.line.trim().is_empty() || ask.line.chars().count() > 200 {
        wrong.push(Invalid::field("line", "Choose a line", &ask.line));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "own_line", &ask.key, &ask, |cmd| {
        let name = cmd.by.name.clone();
        let owned = (ask.owner.trim(), ask.words.trim(), name.as_str());
        let at = cmd.at;
        rows::set_line_owner(&mut cmd.tx, cmd.by.org, (&ask.kind, ask.line.trim()), owned, at).await?;
        cmd.tell("ProofLineOwned", ask.line.trim(), &ask);
        Ok(LineOwned { line: ask.line.trim().into(), owner: ask.owner.trim().into() })
    })
}

/// Proofs that were kept, newest first; of one day where one is given.
///
/// # Errors
/// Duty.
pub async fn proofs(desk: &Desk, by: &Actor, as_at: Option<NaiveDate>) -> Outcome<Vec<ProofRow>> {
    by.must_hold(Duty::RunReports)?;
    Ok(rows::proofs(&mut desk.look().await?, by.org, as_at, 500).await?)
}

/// One proof, shown to be what was kept.
///
/// # Errors
/// Duty; no such proof; one whose content does not match its hash.
pub async fn proof(desk: &Desk, by: &Actor, number: &str) -> Outcome<(ProofRow, Proof)> {
    by.must_hold(Duty::RunReports)?;
    let row = rows::proof_numbered(&mut desk.look().await?, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("proof {number}")))?;
    let kept: Proof = serde_json::from_value(row.content.clone())?;
    if sha256_hex(&serde_json::to_vec(&kept)?) != row.content_sha256 {
        return Err(Fault::new(format!("the content of {} does not match its hash", row.number)).into());
    }
    Ok((row, kept))
}

/// The PDF of a proof, by its hash: name and bytes.
///
/// # Errors
/// Duty; no such proof.
pub async fn proof_pdf(desk: &Desk, by: &Actor, number: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::RunReports)?;
    let row = rows::proof_numbered(&mut desk.look().await?, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("proof {number}")))?;
    Ok((format!("{}.pdf", row.number), desk.files().get(by.org.0, &row.file_sha256)?))
}
