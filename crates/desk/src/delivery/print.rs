//! The print batch: every waiting letter by post, in files with control totals, each letter once (P14).
use super::Progress;
use super::backing::beside;
use super::court_forms::enclose;
use super::leaving::may_not_leave;
use super::letters::{kept_pdf, printer, read_content};
use super::notify::carries;
use super::proof::note_letter;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::delivery::notify::NotifyKind;
use sundry_domain::delivery::proof::Known;
use sundry_domain::delivery::refusals::{BATCH_NOT_PRINTED, NOT_SET, NOTHING_TO_PRINT};
use sundry_domain::delivery::{PrintTotals, totals_agree};
use sundry_domain::ids::{BatchId, DocumentId, LetterId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_paper::{LETTERS_IN_A_PART, Letter, PrintFile, PrintPart, Printer, SetLetter};
use sundry_store::control::KeptFileRow;
use sundry_store::delivery::backing::documents_with;
use sundry_store::delivery::{self, BatchRow, LetterRow, PartRow};
use sundry_store::{Tx, control};

/// Prints the letters that wait.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrintLetters {
    /// Idempotency key.
    pub key: String,
    /// At most this many.
    pub limit: i64,
}

/// A batch with its files.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BatchView {
    /// The batch and its control totals.
    pub batch: BatchRow,
    /// Its files.
    pub parts: Vec<PartRow>,
    /// Letters that could not be set: they wait for a person.
    pub parked: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct BatchOpened {
    number: String,
}

/// Prints every waiting letter by post. A batch that was stopped half-way is continued first; no letter is printed twice.
///
/// # Errors
/// `DLV-NOTHING-TO-PRINT`.
pub async fn print_letters(desk: &Desk, by: &Actor, ask: PrintLetters, progress: Progress<'_>) -> Outcome<BatchView> {
    by.must_hold(Duty::ReleaseRuns)?;
    let opened = open_batch(desk, by, &ask).await?;
    let mut look = desk.look().await?;
    let row = delivery::batch(&mut look, by.org, &opened.number).await?;
    let row = row.ok_or_else(|| Fault::new(format!("there is no batch {}", opened.number)))?;
    if row.state != "printing" {
        return view(&mut look, by, row).await;
    }
    let letters = delivery::letters_of_batch(&mut look, by.org, BatchId(row.id)).await?;
    let done = delivery::parts_of_batch(&mut look, by.org, BatchId(row.id)).await?;
    drop(look);
    let total = letters.len() as i64;
    for (part, chunk) in (1i64..).zip(letters.chunks(LETTERS_IN_A_PART)) {
        if !done.iter().any(|p| p.part == part) {
            print_part(desk, by, &row, part, chunk).await?;
        }
        progress((part * LETTERS_IN_A_PART as i64).min(total), total);
    }
    end_batch(desk, by, &row).await
}

async fn open_batch(desk: &Desk, by: &Actor, ask: &PrintLetters) -> Outcome<BatchOpened> {
    command!(desk, by, "open_print_batch", &ask.key, ask, |cmd| {
        let org = cmd.by.org;
        if let Some(stopped) = delivery::batch_under_way(&mut cmd.tx, org).await? {
            cmd.tell("PrintBatchContinued", format!("batch {}", stopped.number), ask);
            return Ok(BatchOpened { number: stopped.number });
        }
        let (id, number) = (cmd.id::<BatchId>(), format!("PRN-{:06}", cmd.next_number("PRN").await?));
        let limit = ask.limit.clamp(1, 1_000_000);
        // What GOV.UK Notify carries is not printed here as well.
        let claimed = if carries(&mut cmd.tx, org, NotifyKind::Letter).await? {
            delivery::claim_left_out(&mut cmd.tx, org, id, limit).await?
        } else {
            delivery::claim_letters(&mut cmd.tx, org, id, limit).await?
        };
        if claimed == 0 {
            return Err(NOTHING_TO_PRINT.because("No letter waits to be printed").into());
        }
        let row = BatchRow {
            id: id.0,
            number: number.clone(),
            dated_on: cmd.today,
            letters_count: claimed as i64,
            sheets_count: 0,
            total_pence: 0,
            first_number: String::new(),
            last_number: String::new(),
            state: "printing".into(),
            file_sha256: String::new(),
            run_by: cmd.by.name.clone(),
            checked_by: String::new(),
            recorded_at: cmd.at,
        };
        delivery::add_batch(&mut cmd.tx, org, &row).await?;
        cmd.tell("PrintBatchOpened", format!("batch {number}"), serde_json::json!({ "letters": claimed }));
        Ok(BatchOpened { number })
    })
}

/// A letter by its id: its kept file and size, or why it could not be set.
type Kept = (i64, Result<(String, SetLetter), String>);

/// What was set of a chunk: a kept file for each letter, why not for those that could not be set, and the print file.
#[derive(Default)]
struct SetChunk {
    files: HashMap<i64, (String, usize)>,
    unset: HashMap<i64, String>,
    part: Option<(PrintPart, String)>,
}

#[derive(Serialize)]
struct PartAsk<'a> {
    batch: &'a str,
    part: i64,
    letters: Vec<i64>,
}

/// One file of the batch: set outside the transaction, then recorded whole or not at all.
async fn print_part(desk: &Desk, by: &Actor, batch: &BatchRow, part: i64, chunk: &[LetterRow]) -> Outcome<()> {
    let mut look = desk.look().await?;
    let stopped = may_not_leave(&mut look, by.org, batch.dated_on.max(desk.today()), chunk).await?;
    let going: Vec<&LetterRow> =
        chunk.iter().filter(|row| row.state == "waiting" && !stopped.contains_key(&row.id)).collect();
    let (mut letters, unread) = contents(&mut look, by, batch, chunk, &going).await?;
    for (id, letter) in &mut letters {
        if let Some(head) = going.iter().find(|head| head.id == *id) {
            enclose(desk, &mut look, by.org, head, letter).await?;
        }
    }
    // Paper has no size to refuse: what backs a document is printed after it.
    for head in backed(&mut look, by.org, &going).await? {
        let files = beside(desk, &mut look, by.org, head).await?.files;
        letters
            .iter_mut()
            .filter(|(id, _)| *id == head.id)
            .for_each(|(_, letter)| letter.enclosures.extend(files.clone()));
    }
    drop(look);
    let mut set = set_chunk(desk, by, batch, letters).await?;
    set.unset.extend(unread);
    let going: Vec<LetterRow> = going.into_iter().cloned().collect();
    let ask = PartAsk { batch: &batch.number, part, letters: chunk.iter().map(|row| row.id).collect() };
    let key = format!("{}/part/{part}", batch.number);
    command!(desk, by, "print_part", &key, &ask, |cmd| {
        record_part(cmd, batch, part, &going, &stopped, &set).await?;
        Ok(part)
    })
    .map(drop)
}

/// The letters whose documents have files behind them.
async fn backed<'a>(look: &mut Tx, org: OrgId, going: &[&'a LetterRow]) -> Outcome<Vec<&'a LetterRow>> {
    let documents = || going.iter().filter_map(|head| head.document_id);
    let (Some(first), Some(last)) = (documents().min(), documents().max()) else { return Ok(Vec::new()) };
    let with = documents_with(look, org, DocumentId(first), DocumentId(last)).await?;
    Ok(going.iter().copied().filter(|head| head.document_id.is_some_and(|id| with.contains(&id))).collect())
}

async fn contents(
    look: &mut Tx,
    by: &Actor,
    batch: &BatchRow,
    chunk: &[LetterRow],
    going: &[&LetterRow],
) -> Outcome<(Vec<(i64, Letter)>, Vec<(i64, String)>)> {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { return Ok(Default::default()) };
    let (first, last) = (LetterId(first.id), LetterId(last.id));
    let rows = delivery::contents_of_batch(look, by.org, BatchId(batch.id), first, last).await?;
    let mut by_id: HashMap<i64, String> = rows.into_iter().collect();
    let (mut letters, mut unread) = (Vec::with_capacity(going.len()), Vec::new());
    for head in going {
        let content = by_id.remove(&head.id).unwrap_or_default();
        match read_content(head, &content) {
            Ok(letter) => letters.push((head.id, letter)),
            Err(no) => unread.push((head.id, no.to_string())),
        }
    }
    Ok((letters, unread))
}

/// Sets and keeps a chunk off the threads that answer requests, on as many threads as there are cores; each letter is
/// set once, for its own file and for the print file.
async fn set_chunk(desk: &Desk, by: &Actor, batch: &BatchRow, letters: Vec<(i64, Letter)>) -> Outcome<SetChunk> {
    if letters.is_empty() {
        return Ok(SetChunk::default());
    }
    let (files, org, number, day) = (desk.files().clone(), by.org.0, batch.number.clone(), batch.dated_on);
    let work = tokio::task::spawn_blocking(move || -> Outcome<SetChunk> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = letters.len().div_ceil(threads);
        let each = |some: &[(i64, Letter)]| -> Outcome<Vec<Kept>> {
            let printer = printer();
            let one = |(id, letter): &(i64, Letter)| -> Outcome<Kept> {
                Ok((
                    *id,
                    match set_one(&printer, letter) {
                        Ok(set) => Ok((files.put(org, &set.pdf)?, set)),
                        Err(why) => Err(why),
                    },
                ))
            };
            some.iter().map(one).collect()
        };
        let done = std::thread::scope(|scope| {
            let workers: Vec<_> = letters.chunks(share).map(|some| scope.spawn(move || each(some))).collect();
            let joined = workers.into_iter().map(|worker| worker.join().map_err(|_| Fault::new("the printer stopped")));
            joined.map(|outcome| outcome?).collect::<Outcome<Vec<_>>>()
        })?;
        let (mut chunk, mut set) = (SetChunk::default(), Vec::with_capacity(letters.len()));
        for (id, outcome) in done.into_iter().flatten() {
            match outcome {
                Ok((sha256, letter)) => {
                    chunk.files.insert(id, (sha256, letter.pdf.len()));
                    set.push(letter);
                }
                Err(why) => drop(chunk.unset.insert(id, why)),
            }
        }
        if set.is_empty() {
            return Ok(chunk);
        }
        let file = PrintFile { batch: &number, printed_on: day, part: 1, parts: 1 };
        let part = printer().print_file(&file, &set).map_err(|fault| Fault::new(fault.to_string()))?;
        let sha256 = files.put(org, &part.pdf)?;
        Ok(SetChunk { part: Some((part, sha256)), ..chunk })
    });
    work.await.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?
}

/// One letter as PDF; even a printer that breaks on it says so, and goes on with the next.
fn set_one(printer: &Printer, letter: &Letter) -> Result<SetLetter, String> {
    let set = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| printer.set_letter(letter)));
    set.map_err(|_| "the printer broke on it".to_owned())?.map_err(|fault| fault.to_string())
}

async fn record_part(
    cmd: &mut crate::core::command::Command,
    batch: &BatchRow,
    part: i64,
    going: &[LetterRow],
    stopped: &HashMap<i64, Refusal>,
    set: &SetChunk,
) -> Outcome<()> {
    let (org, id, at) = (cmd.by.org, BatchId(batch.id), cmd.at);
    for (letter, refusal) in stopped {
        let why = format!("{}: {}", refusal.code, refusal.sentence);
        if delivery::move_letter(&mut cmd.tx, org, LetterId(*letter), ("waiting", "waiting"), "withdrawn", &why).await?
        {
            cmd.tell("LetterWithdrawn", format!("letter {letter}"), &why);
        }
    }
    let (going, parked): (Vec<&LetterRow>, Vec<&LetterRow>) =
        going.iter().partition(|row| !set.unset.contains_key(&row.id));
    for row in parked {
        let why = format!("{}: It could not be set: {}", NOT_SET.code, set.unset[&row.id]);
        if delivery::move_letter(&mut cmd.tx, org, LetterId(row.id), ("waiting", "waiting"), "failed", &why).await? {
            note_letter(cmd, row, Known::NotSent, &batch.number, &why).await?;
            cmd.tell("LetterParked", format!("letter {}", row.number), &why);
        }
    }
    for row in &going {
        let (sha256, size) = set.files.get(&row.id).ok_or_else(|| Fault::new("a letter was not set"))?;
        if !delivery::mark_printed(&mut cmd.tx, org, id, LetterId(row.id), sha256).await? {
            return Err(Fault::new(format!("{} changed while it was being printed", row.number)).into());
        }
        let kept = kept_pdf(sha256, &format!("{}.pdf", row.number), *size);
        control::add_kept_file(&mut cmd.tx, org, &kept, at).await?;
    }
    let mut row = PartRow {
        part,
        letters_count: going.len() as i64,
        sheets_count: 0,
        total_pence: going.iter().map(|letter| letter.total_pence).sum(),
        first_number: going.first().map(|letter| letter.number.clone()).unwrap_or_default(),
        last_number: going.last().map(|letter| letter.number.clone()).unwrap_or_default(),
        file_sha256: String::new(),
    };
    if let Some((print, sha256)) = &set.part {
        row.sheets_count = print.sheets as i64;
        row.file_sha256 = sha256.clone();
        let kept = kept_pdf(sha256, &format!("{}-{part}.pdf", batch.number), print.pdf.len());
        control::add_kept_file(&mut cmd.tx, org, &kept, at).await?;
    }
    delivery::add_part(&mut cmd.tx, org, id, &row, at).await?;
    cmd.tell("LettersPrinted", format!("batch {}", batch.number), &row);
    Ok(())
}

/// Ends the batch: control totals over its files, and a control list that is kept.
async fn end_batch(desk: &Desk, by: &Actor, batch: &BatchRow) -> Outcome<BatchView> {
    let mut look = desk.look().await?;
    let letters = delivery::letters_of_batch(&mut look, by.org, BatchId(batch.id)).await?;
    drop(look);
    let mut list = String::from("letter,total,state\r\n");
    for row in &letters {
        list.push_str(&format!("{},{},{}\r\n", row.number, Pence(row.total_pence).pounds(), row.state));
    }
    let sha256 = desk.files().put(by.org.0, list.as_bytes())?;
    let key = format!("{}/end", batch.number);
    command!(desk, by, "end_print_batch", &key, &batch.number, |cmd| {
        let org = cmd.by.org;
        let parts = delivery::parts_of_batch(&mut cmd.tx, org, BatchId(batch.id)).await?;
        let printed: Vec<&PartRow> = parts.iter().filter(|part| part.letters_count > 0).collect();
        let row = BatchRow {
            letters_count: parts.iter().map(|part| part.letters_count).sum(),
            sheets_count: parts.iter().map(|part| part.sheets_count).sum(),
            total_pence: parts.iter().map(|part| part.total_pence).sum(),
            first_number: printed.first().map(|part| part.first_number.clone()).unwrap_or_default(),
            last_number: printed.last().map(|part| part.last_number.clone()).unwrap_or_default(),
            state: "printed".into(),
            file_sha256: sha256.clone(),
            ..batch.clone()
        };
        delivery::end_batch(&mut cmd.tx, org, &row).await?;
        let kept = KeptFileRow {
            sha256: sha256.clone(),
            name: format!("{}.csv", batch.number),
            media_type: "text/csv".into(),
            size_bytes: list.len() as i64,
        };
        control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
        cmd.tell("PrintBatchPrinted", format!("batch {}", batch.number), &row);
        let parked = delivery::parked_in_batch(&mut cmd.tx, org, BatchId(batch.id)).await?;
        Ok(BatchView { batch: row, parts, parked })
    })
}

/// A person signs that the paper they hold is what was printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConfirmBatch {
    /// Idempotency key.
    pub key: String,
    /// Number of the batch.
    pub number: String,
    /// Letters they counted.
    pub letters_count: i64,
    /// Sheets they counted.
    pub sheets_count: i64,
    /// The sum on their list.
    pub total_pence: Pence,
}

/// Signs for a batch.
///
/// # Errors
/// `DLV-TOTALS` when the counts differ; `DLV-BATCH-STATE` when it is not printed, or was signed for.
pub async fn confirm_batch(desk: &Desk, by: &Actor, ask: ConfirmBatch) -> Outcome<BatchView> {
    by.must_hold(Duty::ReleaseRuns)?;
    command!(desk, by, "confirm_batch", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = delivery::batch(&mut cmd.tx, org, &ask.number).await?;
        let row = row.ok_or_else(|| No::Absent("batch".into()))?;
        let printed = PrintTotals { letters: row.letters_count, sheets: row.sheets_count, sum: Pence(row.total_pence) };
        let counted = PrintTotals { letters: ask.letters_count, sheets: ask.sheets_count, sum: ask.total_pence };
        if row.state != "printed" {
            return Err(BATCH_NOT_PRINTED.because(format!("{} is {}", row.number, row.state)).into());
        }
        totals_agree(&printed, &counted)?;
        let name = cmd.by.name.clone();
        if !delivery::check_batch(&mut cmd.tx, org, BatchId(row.id), &name).await? {
            return Err(BATCH_NOT_PRINTED.because(format!("{} was signed for", row.number)).into());
        }
        let letters = delivery::letters_of_batch(&mut cmd.tx, org, BatchId(row.id)).await?;
        for letter in letters.iter().filter(|letter| letter.state == "printed") {
            note_letter(cmd, letter, Known::HandedOver, &row.number, "").await?;
        }
        cmd.tell("PrintBatchChecked", format!("batch {}", row.number), &ask);
        let parts = delivery::parts_of_batch(&mut cmd.tx, org, BatchId(row.id)).await?;
        let parked = delivery::parked_in_batch(&mut cmd.tx, org, BatchId(row.id)).await?;
        Ok(BatchView { batch: BatchRow { state: "checked".into(), checked_by: name, ..row }, parts, parked })
    })
}

/// Every batch, newest first.
pub async fn batches(desk: &Desk, by: &Actor) -> Outcome<Vec<BatchRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(delivery::batches(&mut look, by.org).await?)
}

/// One batch with its files and letters.
pub async fn batch(desk: &Desk, by: &Actor, number: &str) -> Outcome<(BatchView, Vec<LetterRow>)> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = delivery::batch(&mut look, by.org, number).await?.ok_or_else(|| No::Absent("batch".into()))?;
    let letters = delivery::letters_of_batch(&mut look, by.org, BatchId(row.id)).await?;
    Ok((view(&mut look, by, row).await?, letters))
}

async fn view(look: &mut Tx, by: &Actor, batch: BatchRow) -> Outcome<BatchView> {
    let parts = delivery::parts_of_batch(look, by.org, BatchId(batch.id)).await?;
    let parked = delivery::parked_in_batch(look, by.org, BatchId(batch.id)).await?;
    Ok(BatchView { batch, parts, parked })
}
