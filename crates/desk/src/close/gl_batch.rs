//! Batches of journals for the general ledger: balanced, numbered without gaps, never sent twice (P15).
use super::refusals::{BATCH_ANSWERED, NOTHING_TO_SEND};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Desk, Fault, No, Outcome, command};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::control::Duty;
use sundry_domain::ledger::gl_category;
use sundry_domain::refusal::Invalid;
use sundry_formats::gl::{Batch, Line, LineEnding, Mode, Side, file_name, write};
use sundry_store::close::{self, BatchSum, GlBatchRow};
use sundry_store::control::{self, KeptFileRow};

/// Makes batches of all journals that are in none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MakeGlBatch {
    /// Idempotency key.
    pub key: String,
    /// Journals posted up to this day.
    pub up_to: NaiveDate,
}

/// The batches that were made, one for each month, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GlBatchesMade {
    /// Each.
    pub batches: Vec<GlBatchRow>,
}

/// Makes one balanced file for each month that has journals in no batch.
///
/// # Errors
/// Nothing to send; someone without the duty.
pub async fn make_gl_batch(desk: &Desk, by: &Actor, ask: MakeGlBatch) -> Outcome<GlBatchesMade> {
    by.must_hold(Duty::PostJournals)?;
    command!(desk, by, "make_gl_batch", &ask.key, &ask, |cmd| {
        let journals = close::journals_to_send(&mut cmd.tx, cmd.by.org, ask.up_to).await?;
        let mut months: BTreeMap<(i32, u32), Vec<i64>> = BTreeMap::new();
        for journal in journals {
            let month = (journal.posted_on.year(), journal.posted_on.month());
            months.entry(month).or_default().push(journal.id);
        }
        if months.is_empty() {
            let sentence = format!("There is no journal up to {} that is not in a batch.", ask.up_to);
            return Err(NOTHING_TO_SEND.because(sentence).into());
        }
        let mut batches = Vec::new();
        for (month, ids) in months {
            let row = make_one(cmd, month, &ids).await?;
            cmd.tell("GlBatchMade", format!("gl batch {}", row.number), &row);
            batches.push(row);
        }
        Ok(GlBatchesMade { batches })
    })
}

async fn make_one(cmd: &mut Command, month: (i32, u32), journals: &[i64]) -> Outcome<GlBatchRow> {
    let org = cmd.by.org;
    let (id, number) = (cmd.id::<i64>(), cmd.next_number("GLB").await?);
    close::add_to_batch(&mut cmd.tx, org, id, journals).await?;
    let sums = close::sums_of_batch(&mut cmd.tx, org, id).await?;
    let entity = control::organisation(&mut cmd.tx, org).await?.map(|o| o.code).unwrap_or_default();
    let batch = batch_of(&entity, month, number, &cmd.by.name, &sums)?;
    let written = write(&batch, LineEnding::Lf).map_err(|problems| {
        let said: Vec<String> = problems.iter().take(3).map(|p| format!("{} {}", p.code, p.message)).collect();
        Fault::new(format!("gl batch {number} cannot be written: {}", said.join("; ")))
    })?;
    let name = file_name(&batch, 1);
    let sha256 = cmd.desk.files().put(org.0, &written.bytes)?;
    let kept = KeptFileRow {
        sha256: sha256.clone(),
        name: name.clone(),
        media_type: "text/csv".into(),
        size_bytes: written.bytes.len() as i64,
    };
    control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
    let row = GlBatchRow {
        id,
        number,
        made_on: cmd.today,
        journals_count: journals.len() as i64,
        entries_count: sums.iter().map(|sum| sum.entries).sum(),
        debit_pence: written.totals.debits,
        credit_pence: written.totals.credits,
        file_sha256: sha256,
        file_name: name,
        state: "made".into(),
        recorded_at: cmd.at,
    };
    close::add_batch(&mut cmd.tx, org, &row).await?;
    Ok(row)
}

fn batch_of(entity: &str, month: (i32, u32), number: i64, by: &str, sums: &[BatchSum]) -> Outcome<Batch> {
    let mut lines = Vec::new();
    for sum in sums {
        for (side, amount) in [(Side::Debit, sum.debit_pence), (Side::Credit, sum.credit_pence)] {
            if amount > 0 {
                lines.push(line_of(entity, number, lines.len() + 1, sum, side, amount));
            }
        }
    }
    let last = lines.last().map(|line| line.journal_on).ok_or_else(|| Fault::new("a gl batch without entries"))?;
    Ok(Batch {
        number: u64::try_from(number).unwrap_or(0),
        entity: entity.into(),
        period: format!("{:04}{:02}", month.0, month.1),
        journal_on: last,
        currency: "GBP".into(),
        mode: Mode::Summary,
        approved_by: by.into(),
        lines,
    })
}

fn line_of(entity: &str, number: i64, line: usize, sum: &BatchSum, side: Side, amount: i64) -> Line {
    let mut dimensions: [String; 7] = Default::default();
    dimensions[0].clone_from(&sum.cost_centre);
    // The same batch gives the same identities, so that a copy of the file is the same bytes.
    let hash = sha256_hex(format!("{entity}/{number}/{line}").as_bytes());
    let id = format!("{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32]);
    Line {
        entity: entity.into(),
        journal_on: sum.posted_on,
        category: gl_category(&sum.event).into(),
        account: sum.gl_code.clone(),
        dimensions,
        tax_code: String::new(),
        currency: "GBP".into(),
        side,
        amount,
        base_amount: amount,
        customer: String::new(),
        document: String::new(),
        description: format!("{} {}", sum.event, sum.posted_on).chars().take(100).collect(),
        reversal_of: String::new(),
        journal_line_id: id,
    }
}

/// Every batch, newest first.
pub async fn gl_batches(desk: &Desk, by: &Actor) -> Outcome<Vec<GlBatchRow>> {
    by.must_hold(Duty::RunReports)?;
    Ok(close::batches(&mut desk.look().await?, by.org).await?)
}

/// Name and bytes of a batch's file: the same for ever.
pub async fn gl_batch_file(desk: &Desk, by: &Actor, number: i64) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::RunReports)?;
    let batch = close::batch_numbered(&mut desk.look().await?, by.org, number).await?;
    let batch = batch.ok_or_else(|| No::Absent(format!("gl batch {number}")))?;
    Ok((batch.file_name, desk.files().get(by.org.0, &batch.file_sha256)?))
}

/// Enters the general ledger's answer to a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AcknowledgeGlBatch {
    /// Idempotency key.
    pub key: String,
    /// The batch.
    pub number: i64,
    /// Whether the general ledger took all of it.
    pub accepted: bool,
    /// Its own reference.
    pub ledger_reference: String,
    /// What it said.
    pub message: String,
}

/// The batch as it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GlBatchAcknowledged {
    /// Number.
    pub number: i64,
    /// acknowledged or rejected.
    pub state: String,
}

/// Enters the general ledger's answer. A rejected batch keeps its journals and its file, to be sent again.
///
/// # Errors
/// No such batch; one that was accepted before.
pub async fn acknowledge_gl_batch(desk: &Desk, by: &Actor, ask: AcknowledgeGlBatch) -> Outcome<GlBatchAcknowledged> {
    by.must_hold(Duty::PostJournals)?;
    let mut wrong: Vec<Invalid> = Vec::new();
    for (field, text) in [("ledger_reference", &ask.ledger_reference), ("message", &ask.message)] {
        wrong.extend(super::check_text(field, text, 200)?);
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "acknowledge_gl_batch", &ask.key, &ask, |cmd| {
        let state = if ask.accepted { "acknowledged" } else { "rejected" };
        if close::batch_numbered(&mut cmd.tx, cmd.by.org, ask.number).await?.is_none() {
            return Err(No::Absent(format!("gl batch {}", ask.number)));
        }
        if !close::answer_batch(&mut cmd.tx, cmd.by.org, ask.number, state).await? {
            return Err(BATCH_ANSWERED.because(format!("Batch {} was accepted before.", ask.number)).into());
        }
        cmd.tell("GlBatchAnswered", format!("gl batch {}", ask.number), &ask);
        Ok(GlBatchAcknowledged { number: ask.number, state: state.into() })
    })
}
