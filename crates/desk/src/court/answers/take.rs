//! Taking an answer file, whole or not at all, and working its lines.
use super::lines::{Draft, heads, pieces};
use super::work::work;
use crate::core::command::{Command, answer_to};
use crate::core::typed::lines_wrong;
use crate::core::vault::sha256_hex;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::ANSWER_TWICE;
use sundry_domain::refusal::Invalid;
use sundry_formats::FormatProblem;
use sundry_formats::court::{CourtAnswer, read_answer};
use sundry_store::control::{KeptFileRow, add_kept_file};
use sundry_store::court_answers::{self as store, AnswerFileRow, AnswerRow};

/// Takes an answer file of the court.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeCourtAnswers {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// Works the lines of a file again: those that wait, and those that a person has to decide.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkCourtAnswers {
    /// Idempotency key.
    pub key: String,
    /// Number of the file.
    pub file: String,
}

/// An answer file, and what became of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtAnswersTaken {
    /// Its number.
    pub file: String,
    /// Lines in it.
    pub lines: i64,
    /// Lines that were done.
    pub done: i64,
    /// Lines that ask for nothing now.
    pub noted: i64,
    /// Lines that say what an earlier file said.
    pub again: i64,
    /// Lines that a person must decide.
    pub open: i64,
    /// Lines that a person decided.
    pub settled: i64,
    /// Lines that are not worked yet.
    pub waiting: i64,
}

pub(super) fn either(by: &Actor) -> Outcome<()> {
    Ok(by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?)
}

/// Everything wrong with a file: the row of the answer and the field in it.
fn not_understood(problems: Vec<FormatProblem>) -> Vec<Invalid> {
    let one = |problem: FormatProblem| {
        let row = problem.at.split(['/', ' ']).nth(1).and_then(|number| number.parse().ok());
        let message = match problem.at.is_empty() {
            true => problem.message,
            false => format!("{}: {}", problem.at, problem.message),
        };
        Invalid { row, field: "file".into(), message, typed: problem.code }
    };
    problems.into_iter().map(one).collect()
}

/// Takes a file and works its lines. A file that was stopped half-way goes on where it was, with the same key.
///
/// # Errors
/// Duty; a file that is not understood; `CT-05-ANSWER-TWICE`.
pub async fn take_court_answers(desk: &Desk, by: &Actor, ask: TakeCourtAnswers) -> Outcome<CourtAnswersTaken> {
    either(by)?;
    let wrong = lines_wrong(&[("file", &ask.file_name)], 200);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let answer = read_answer(&ask.bytes).map_err(not_understood)?;
    let drafts: Vec<Draft> = pieces(&answer).iter().map(Draft::of).collect();
    for draft in &drafts {
        refuse_cards(&[("file", &draft.words)])?;
    }
    let number = keep(desk, by, &ask, &answer, &drafts).await?;
    let file = file(desk, by, &number).await?;
    work(desk, by, &file, &["waiting"]).await?;
    counted(desk, by, &file).await
}

/// What is hashed of a request with a file.
#[derive(Serialize)]
struct FileAsked<'a> {
    file_name: &'a str,
    sha256: &'a str,
}

async fn keep(
    desk: &Desk,
    by: &Actor,
    ask: &TakeCourtAnswers,
    answer: &CourtAnswer,
    drafts: &[Draft],
) -> Outcome<String> {
    let sha256 = sha256_hex(&ask.bytes);
    let asked = FileAsked { file_name: &ask.file_name, sha256: &sha256 };
    command!(desk, by, "take_court_answers", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        if let Some(file) = store::file_with(&mut cmd.tx, org, &sha256).await? {
            return Err(ANSWER_TWICE.because(format!("This file was taken before, as {}", file.number)).into());
        }
        let kept = KeptFileRow {
            sha256: cmd.desk.files().put(org.0, &ask.bytes)?,
            name: ask.file_name.clone(),
            media_type: "application/xml".into(),
            size_bytes: i64::try_from(ask.bytes.len()).unwrap_or(i64::MAX),
        };
        add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
        let (kind, our_reference, court_reference) = heads(answer);
        let file = AnswerFileRow {
            id: cmd.id(),
            number: format!("CTA-{:06}", cmd.next_number("CTA").await?),
            kind: kind.into(),
            name: ask.file_name.clone(),
            file_sha256: kept.sha256,
            our_reference,
            court_reference,
            lines_count: i64::try_from(drafts.len()).unwrap_or(i64::MAX),
            taken_on: cmd.today,
            taken_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        store::add_file(&mut cmd.tx, org, &file).await?;
        let rows = rows_of(cmd, &file, drafts).await?;
        store::add_answers(&mut cmd.tx, org, &rows).await?;
        let told = serde_json::json!({ "kind": file.kind, "sha256": file.file_sha256, "lines": file.lines_count });
        cmd.tell("CourtAnswersTaken", format!("court answer file {}", file.number), told);
        Ok(file.number)
    })
}

/// The rows of a file; what was told before is marked so and not done again.
async fn rows_of(cmd: &mut Command, file: &AnswerFileRow, drafts: &[Draft]) -> Outcome<Vec<AnswerRow>> {
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    for (seq, draft) in (1..).zip(drafts) {
        let fingerprint = draft.fingerprint(&file.our_reference);
        let before = store::told_before(&mut cmd.tx, cmd.by.org, &fingerprint).await?.into_iter().next();
        let before = before.map(|(number,)| number);
        let twice = (!seen.insert(fingerprint.clone())).then(|| file.number.clone());
        let told = before.or(twice);
        rows.push(AnswerRow {
            id: cmd.id(),
            file_id: file.id,
            seq,
            about: draft.about.clone(),
            said: draft.said.into(),
            request: draft.request.clone(),
            claim_number: draft.claim_number.clone(),
            words: draft.words.clone(),
            fingerprint,
            state: if told.is_some() { "again".into() } else { "waiting".into() },
            case_number: String::new(),
            decided_on: told.as_ref().map(|_| cmd.today),
            outcome: told.map_or_else(String::new, |number| format!("{number} said the same")),
            decided_by: String::new(),
            recorded_at: cmd.at,
            version: 1,
        });
    }
    Ok(rows)
}

async fn file(desk: &Desk, by: &Actor, number: &str) -> Outcome<AnswerFileRow> {
    let mut look = desk.look().await?;
    let row = store::file(&mut look, by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("court answer file {}", number.trim())))
}

async fn counted(desk: &Desk, by: &Actor, file: &AnswerFileRow) -> Outcome<CourtAnswersTaken> {
    let mut look = desk.look().await?;
    let mut told = CourtAnswersTaken { file: file.number.clone(), ..CourtAnswersTaken::default() };
    for line in store::answers_of(&mut look, by.org, file.id).await? {
        told.lines += 1;
        match line.state.as_str() {
            "done" => told.done += 1,
            "noted" => told.noted += 1,
            "again" => told.again += 1,
            "open" => told.open += 1,
            "settled" => told.settled += 1,
            _ => told.waiting += 1,
        }
    }
    Ok(told)
}

/// Works the lines of a file again: after a stop, by somebody with the duty, or when a case has moved on.
///
/// # Errors
/// Duty; absent.
pub async fn work_court_answers(desk: &Desk, by: &Actor, ask: WorkCourtAnswers) -> Outcome<CourtAnswersTaken> {
    either(by)?;
    if let Some(before) = answer_to(desk, by, ("work_court_answers", &ask.key), &ask).await? {
        return Ok(before);
    }
    let file = file(desk, by, &ask.file).await?;
    work(desk, by, &file, &["waiting", "open"]).await?;
    let told = counted(desk, by, &file).await?;
    command!(desk, by, "work_court_answers", &ask.key, &ask, |cmd| {
        cmd.tell("CourtAnswersWorked", format!("court answer file {}", file.number), &told);
        Ok(told.clone())
    })
}
