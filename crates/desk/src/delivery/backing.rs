//! Files that show what a document charges for, and go with it: masked, joined with it, and no larger than taken.
use super::court_forms::whole_content_of;
use super::documents::document_letters;
use super::einvoice::find_document;
use super::letters::{content_of, printer};
use super::stationery::stationery;
use crate::core::vault::sha256_hex;
use crate::customers::receiver::rules_of;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, contains_printed_card_number};
use sundry_domain::delivery::backing::{
    COLUMNS_MOST, ROWS_MOST, SIZE_MOST, fits, mask_line, mask_table, may_go_with, nhs_numbers_in,
};
use sundry_domain::delivery::refusals::BACKING_KIND;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};
use sundry_domain::refusal::Invalid;
use sundry_formats::einvoice::Attachment;
use sundry_formats::plain_table;
use sundry_paper::{Enclosure, Letter, Plain, look_into};
use sundry_store::Tx;
use sundry_store::billing::DocumentRow;
use sundry_store::control::{self, KeptFileRow};
use sundry_store::delivery::backing::{self, BackingRow};
use sundry_store::delivery::{self, LetterRow};

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

/// Puts a file behind an invoice or a credit note.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AttachBacking {
    /// Idempotency key.
    pub key: String,
    /// Number of the document.
    pub number: String,
    /// Name of the file.
    pub name: String,
    /// Whether a person looked through a PDF and it names no patient.
    pub looked_through: bool,
}

/// What backs a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackingShown {
    /// Number of the document.
    pub number: String,
    /// The files, oldest first.
    pub files: Vec<BackingRow>,
    /// Size of document and files as one PDF; 0 where there are none.
    pub bundle_bytes: i64,
    /// The size that the customer takes, in thousands of bytes; none for any.
    pub longest_kb: Option<i64>,
}

/// A file as it will be kept: masked, a text as pages.
struct Masked {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
    count: i64,
}

fn may_attach(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::RaiseInvoice) { Ok(()) } else { Ok(by.must_hold(Duty::ReleaseRuns)?) }
}

/// A name without folders, and with nothing that no name holds.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control() && !"\"<>|*?:".contains(*c)).take(100).collect::<String>().trim().to_owned()
}

/// Masks a file by its kind.
fn masked(ask: &AttachBacking, bytes: &[u8], author: &str, day: chrono::NaiveDate) -> Outcome<Masked> {
    let name = plain_name(&ask.name);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    if bytes.is_empty() || bytes.len() > SIZE_MOST || stem.is_empty() {
        let words = format!("Choose a file with a name, of at most {} MB", SIZE_MOST / 1024 / 1024);
        return Err(Invalid::field("file", words, &ask.name).into());
    }
    match ending.to_ascii_lowercase().as_str() {
        "pdf" if bytes.starts_with(b"%PDF-") => {
            seen_in(bytes, ask.looked_through)?;
            Ok(Masked { name: name.clone(), media_type: "application/pdf", bytes: bytes.to_vec(), count: 0 })
        }
        "csv" if !bytes.contains(&0) => {
            let mut rows = plain_table::read(bytes, ROWS_MOST, COLUMNS_MOST)
                .map_err(|why| Invalid::field("file", format!("{}: {}", why.at, why.message), &ask.name))?;
            let count = mask_table(&mut rows);
            Ok(Masked { name: name.clone(), media_type: "text/csv", bytes: plain_table::write(&rows), count })
        }
        "txt" if !bytes.contains(&0) => {
            let text = plain_table::text_of(bytes);
            if text.lines().count() > ROWS_MOST {
                return Err(Invalid::field("file", format!("It has more than {ROWS_MOST} lines"), &ask.name).into());
            }
            let (lines, counts): (Vec<String>, Vec<i64>) = text.lines().map(mask_line).unzip();
            let plain =
                Plain { title: stem.to_owned(), author: author.to_owned(), lines, dated_on: day, ..Plain::default() };
            let bytes = printer().plain_pdf(&plain).map_err(|why| Fault::new(why.to_string()))?;
            Ok(Masked { name: format!("{stem}.pdf"), media_type: "application/pdf", bytes, count: counts.iter().sum() })
        }
        _ => Err(BACKING_KIND.because(format!("{name} is no PDF, CSV or text, or not what its ending says")).into()),
    }
}

/// Looks into a PDF for what may not go with a document.
fn seen_in(bytes: &[u8], looked_through: bool) -> Outcome<()> {
    let seen = look_into(bytes).map_err(|_| BACKING_KIND.because("The PDF cannot be read"))?;
    if seen.unsafe_parts {
        return Err(BACKING_KIND.because("The PDF is locked, or holds a program").into());
    }
    let on: Vec<usize> = seen.pages.iter().map(|words| nhs_numbers_in(words)).collect();
    let page = on.iter().position(|count| *count > 0).map(|at| at + 1);
    if seen.pages.iter().any(|words| contains_printed_card_number(words)) {
        return Err(BACKING_KIND.because("The PDF shows a card number").into());
    }
    Ok(may_go_with(on.iter().sum(), page, looked_through)?)
}

/// Puts a file behind a document. What names a patient is masked, or the file is refused; what is kept is masked.
///
/// # Errors
/// Duty; absent document; `DLV-BACKING-KIND`, `DLV-BACKING-NAMES`, `DLV-BACKING-UNSEEN`; `DLV-PDF-SIZE` when document
/// and files as one PDF would be larger than the customer takes.
pub async fn attach_backing(desk: &Desk, by: &Actor, ask: AttachBacking, bytes: Vec<u8>) -> Outcome<BackingShown> {
    may_attach(by)?;
    let mut look = desk.look().await?;
    let document = find_document(&mut look, by.org, &ask.number).await?;
    let author = stationery(&mut look, by.org, desk.today()).await?.letterhead.name;
    let hash = sha256_hex(&bytes);
    let (asked, day, name) = (ask.clone(), desk.today(), author.clone());
    let work = tokio::task::spawn_blocking(move || masked(&asked, &bytes, &name, day)).await;
    let file = work.map_err(|error| Fault::new(format!("the file could not be read: {error}")))??;
    let enclosure = as_pages(&file.name, file.media_type, &file.bytes, (&author, day))?;
    let (letter, mut all) = parts_of(desk, &mut look, by.org, &document).await?;
    drop(look);
    all.push(enclosure);
    let rules = rules_of(&mut desk.look().await?, by.org, CustomerId(document.customer_id)).await?;
    fits(joined(letter, all).await?.len(), rules.pdf_longest_kb)?;
    let sha256 = desk.files().put(by.org.0, &file.bytes)?;
    let kept = KeptFileRow {
        sha256: sha256.clone(),
        name: file.name.clone(),
        media_type: file.media_type.into(),
        size_bytes: file.bytes.len() as i64,
    };
    command!(desk, by, "attach_backing", &ask.key, &(&ask, &hash), |cmd| {
        control::add_kept_file(&mut cmd.tx, cmd.by.org, &kept, cmd.at).await?;
        let row = BackingRow {
            id: cmd.id(),
            document_id: document.id,
            name: kept.name.clone(),
            media_type: kept.media_type.clone(),
            size_bytes: kept.size_bytes,
            file_sha256: sha256.clone(),
            masked_count: file.count,
            added_on: cmd.today,
            added_by_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        backing::add(&mut cmd.tx, cmd.by.org, &row).await?;
        let detail = serde_json::json!({ "name": row.name, "sha256": sha256, "masked": row.masked_count });
        cmd.tell("BackingAttached", format!("{} {}", document.kind.replace('_', " "), document.number), detail);
        Ok(())
    })?;
    backing_of(desk, by, &ask.number).await
}

/// Takes a file away from a document; what was sent with it stays as it was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawBacking {
    /// Idempotency key.
    pub key: String,
    /// Number of the document.
    pub number: String,
    /// The file, by its id.
    pub file: i64,
}

/// Takes a file away.
///
/// # Errors
/// Duty; absent document or file.
pub async fn withdraw_backing(desk: &Desk, by: &Actor, ask: WithdrawBacking) -> Outcome<BackingShown> {
    may_attach(by)?;
    command!(desk, by, "withdraw_backing", &ask.key, &ask, |cmd| {
        let document = find_document(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        if !backing::withdraw(&mut cmd.tx, cmd.by.org, (document.id, ask.file), cmd.today).await? {
            return Err(No::Absent("file".into()));
        }
        let subject = format!("{} {}", document.kind.replace('_', " "), document.number);
        cmd.tell("BackingWithdrawn", subject, serde_json::json!({ "file": ask.file }));
        Ok(())
    })?;
    backing_of(desk, by, &ask.number).await
}

/// What backs a document.
///
/// # Errors
/// Duty; absent document.
pub async fn backing_of(desk: &Desk, by: &Actor, number: &str) -> Outcome<BackingShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let document = find_document(&mut look, by.org, number).await?;
    let files = backing::of_document(&mut look, by.org, DocumentId(document.id)).await?;
    let rules = rules_of(&mut look, by.org, CustomerId(document.customer_id)).await?;
    let mut bundle_bytes = 0;
    if !files.is_empty() {
        let (letter, all) = parts_of(desk, &mut look, by.org, &document).await?;
        bundle_bytes = joined(letter, all).await?.len() as i64;
    }
    Ok(BackingShown { number: document.number, files, bundle_bytes, longest_kb: rules.pdf_longest_kb })
}

/// Document and files as one PDF with an index.
///
/// # Errors
/// Duty; absent document; `DLV-PDF-SIZE` when the customer takes no PDF of that size.
pub async fn bundle_pdf(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<u8>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let document = find_document(&mut look, by.org, number).await?;
    let rules = rules_of(&mut look, by.org, CustomerId(document.customer_id)).await?;
    let (letter, all) = parts_of(desk, &mut look, by.org, &document).await?;
    drop(look);
    let pdf = joined(letter, all).await?;
    fits(pdf.len(), rules.pdf_longest_kb)?;
    Ok(pdf)
}

/// A kept file as pages behind its document.
fn as_pages(
    name: &str,
    media_type: &str,
    bytes: &[u8],
    (author, day): (&str, chrono::NaiveDate),
) -> Outcome<Enclosure> {
    let title = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    if media_type != "text/csv" {
        return Ok(Enclosure::pages(title, bytes.to_vec()));
    }
    let table = plain_table::read(bytes, ROWS_MOST + 1, COLUMNS_MOST).map_err(|why| Fault::new(why.message.clone()))?;
    let plain = Plain { title: title.clone(), author: author.to_owned(), table, dated_on: day, ..Plain::default() };
    let pdf = printer().plain_pdf(&plain).map_err(|why| Fault::new(why.to_string()))?;
    Ok(Enclosure::pages(title, pdf))
}

/// The letter of a document, written or as it would be, and its backing files as pages.
async fn parts_of(desk: &Desk, tx: &mut Tx, org: OrgId, document: &DocumentRow) -> Outcome<(Letter, Vec<Enclosure>)> {
    let files = enclosures_of(desk, tx, org, DocumentId(document.id)).await?;
    let written = delivery::letter_of_document(tx, org, &document.number).await?;
    let letter = match written {
        Some(head) => content_of(tx, org, &head).await?,
        None => {
            let fact = delivery::document_fact(tx, org, DocumentId(document.id)).await?;
            let fact = fact.ok_or_else(|| Fault::new("a document without its facts"))?;
            let mut new = document_letters(tx, org, desk.today(), None, &[fact]).await?;
            let new = new.pop().ok_or_else(|| Fault::new("a document without its letter"))?;
            let paper = stationery(tx, org, desk.today()).await?;
            super::compose::content(&paper, &document.number, &new, None)?
        }
    };
    Ok((letter, files))
}

async fn enclosures_of(desk: &Desk, tx: &mut Tx, org: OrgId, document: DocumentId) -> Outcome<Vec<Enclosure>> {
    let mut all = Vec::new();
    let author = control::organisation(tx, org).await?.map_or_else(String::new, |row| row.name);
    for row in backing::of_document(tx, org, document).await? {
        let bytes = desk.files().get(org.0, &row.file_sha256)?;
        all.push(as_pages(&row.name, &row.media_type, &bytes, (&author, row.added_on))?);
    }
    Ok(all)
}

async fn joined(letter: Letter, all: Vec<Enclosure>) -> Outcome<Vec<u8>> {
    let work = tokio::task::spawn_blocking(move || printer().bundle(&letter, &all)).await;
    let pdf = work.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?;
    Ok(pdf.map_err(|why| Fault::new(why.to_string()))?)
}

/// What leaves beside a letter: the files behind its document, and how large a PDF its customer takes.
pub(super) struct Beside {
    pub files: Vec<Enclosure>,
    pub longest_kb: Option<i64>,
}

/// What leaves beside a letter that carries a document; nothing beside any other.
pub(super) async fn beside(desk: &Desk, tx: &mut Tx, org: OrgId, head: &LetterRow) -> Outcome<Beside> {
    let Some(document) = head.document_id else { return Ok(Beside { files: Vec::new(), longest_kb: None }) };
    let files = enclosures_of(desk, tx, org, DocumentId(document)).await?;
    let rules = rules_of(tx, org, CustomerId(head.customer_id)).await?;
    Ok(Beside { files, longest_kb: rules.pdf_longest_kb })
}

/// A letter that was written, with other papers behind it, as one PDF with an index.
pub(crate) async fn bundle_of(desk: &Desk, by: &Actor, number: &str, parts: Vec<Enclosure>) -> Outcome<Vec<u8>> {
    let mut look = desk.look().await?;
    let head = delivery::letter(&mut look, by.org, number).await?;
    let head = head.ok_or_else(|| No::Absent(format!("letter {number}")))?;
    let letter = whole_content_of(desk, &mut look, by.org, &head).await?;
    drop(look);
    joined(letter, parts).await
}

/// A table as pages.
pub(crate) fn printed_table(title: &str, table: Vec<Vec<String>>, day: chrono::NaiveDate) -> Outcome<Enclosure> {
    let plain = Plain { title: title.to_owned(), table, dated_on: day, ..Plain::default() };
    let pdf = printer().plain_pdf(&plain).map_err(|why| Fault::new(why.to_string()))?;
    Ok(Enclosure::pages(title, pdf))
}
