//! The printer: letters in, PDF bytes out.

use crate::bundle::{Plain, PlainJob};
use crate::check::disagreement;
use crate::html::{self, HtmlMail};
use crate::hybrid::{HYBRID_NAME, described};
use crate::letter::{Attachment, Letter};
use crate::money::{pounds, tie_dates};
use crate::proof::ProofSheet;
use crate::qr;
use crate::sheet::{Attach, Enclosed, Sheet};
use crate::world::{Desk, Layout, Shared};
use chrono::{Datelike, NaiveDate};
use hayro_syntax::Pdf;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Smart};
use typst::layout::Frame;
use typst::model::{Document, DocumentInfo};
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// At most this many letters share one print file.
pub const LETTERS_IN_A_PART: usize = 200;

/// The typesetter remembers its work; after this many letters it is made to forget, or it would grow without end.
const FORGET_AFTER: usize = 20;

/// What stops a letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperFault {
    /// The figures disagree; nothing was printed.
    #[error("letter {number} does not add up: {why}")]
    DoesNotAddUp {
        /// The letter.
        number: String,
        /// Which sum.
        why: String,
    },
    /// The typesetter or the PDF standard refused, such as for an unreadable logo.
    #[error("letter {number} could not be set: {why}")]
    NotSet {
        /// The letter, or the print batch.
        number: String,
        /// In the typesetter's words.
        why: String,
    },
    /// A print batch with no letter in it.
    #[error("the print batch is empty")]
    EmptyBatch,
}

/// A run of letters for the print room.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The batch's number, on the control sheet.
    pub number: &'a str,
    /// The date on the control sheet.
    pub printed_on: NaiveDate,
    /// The letters, in the order of printing.
    pub letters: &'a [Letter],
}

/// One file of a print batch: a control sheet, then letters that each start on a new sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintPart {
    /// The file.
    pub pdf: Vec<u8>,
    /// How many letters.
    pub letters: usize,
    /// How many sheets of paper, printed on both sides, without the control sheet.
    pub sheets: usize,
    /// The sum of the letters' sums.
    pub sum_pence: i64,
    /// The first letter's number.
    pub first: String,
    /// The last letter's number.
    pub last: String,
}

/// A letter that was set: its file, and its pages for the print room.
#[derive(Clone)]
pub struct SetLetter {
    /// The letter as PDF/A-3a and PDF/UA-1, its enclosures and its attachment inside the file.
    pub pdf: Vec<u8>,
    pages: EcoVec<Page>,
    encloses: bool,
    author: String,
    number: String,
    sum_pence: i64,
}

/// Where a print file stands in its batch.
#[derive(Debug, Clone, Copy)]
pub struct PrintFile<'a> {
    /// The batch's number, on the control sheet.
    pub batch: &'a str,
    /// The date on the control sheet.
    pub printed_on: NaiveDate,
    /// Which file, from 1.
    pub part: usize,
    /// Of how many.
    pub parts: usize,
}

/// Sets letters. Cheap to clone; clones share the typeface and may work in different threads.
#[derive(Clone)]
pub struct Printer {
    shared: Arc<Shared>,
    since_forgetting: Arc<AtomicUsize>,
}

impl Default for Printer {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Serialize)]
struct Job {
    title: String,
    author: String,
    year: i32,
    month: u32,
    day: u32,
    print: bool,
    control: Option<Control>,
    letters: Vec<Sheet>,
}

impl Job {
    fn letter(sheet: Sheet, print: bool) -> Job {
        let (title, author) = (sheet.title.clone(), sheet.from_name.clone());
        let (year, month, day) = (sheet.year, sheet.month, sheet.day);
        Job { title, author, year, month, day, print, control: None, letters: vec![sheet] }
    }

    fn control(control: Control, author: String, on: NaiveDate) -> Job {
        let (title, year, month, day) = (control.title.clone(), on.year(), on.month(), on.day());
        Job { title, author, year, month, day, print: true, control: Some(control), letters: Vec::new() }
    }
}

#[derive(Serialize)]
struct Control {
    title: String,
    rows: Vec<(String, String)>,
}

impl Printer {
    /// Loads the typeface and reads the layout.
    pub fn new() -> Self {
        Self { shared: Arc::new(Shared::new()), since_forgetting: Arc::default() }
    }

    /// The letter as PDF/A-3a and PDF/UA-1, its enclosures and its attachment inside the file.
    pub fn pdf(&self, letter: &Letter) -> Result<Vec<u8>, PaperFault> {
        Ok(self.kept(letter)?.0)
    }

    /// The letter set once, for the file that is kept and for a print file.
    pub fn set_letter(&self, letter: &Letter) -> Result<SetLetter, PaperFault> {
        let (pdf, mut document) = self.kept(letter)?;
        let encloses = letter.enclosures.iter().any(|enclosure| enclosure.pdf.is_some());
        if encloses {
            // In the kept file the enclosures are files inside; the print room needs them as pages.
            let mut files = BTreeMap::new();
            let job = Job::letter(self.sheet(letter, &mut files, true)?, true);
            document = self.set(&job, files, &letter.number)?;
        }
        let (pages, number) = (document.pages().into(), letter.number.clone());
        let author = self.printable(&letter.organisation.name);
        Ok(SetLetter { pdf, pages, encloses, author, number, sum_pence: letter.sum_pence })
    }

    fn kept(&self, letter: &Letter) -> Result<(Vec<u8>, PagedDocument), PaperFault> {
        let mut files = BTreeMap::new();
        let job = Job::letter(self.sheet(letter, &mut files, false)?, false);
        let ident = format!("{}/{}", letter.organisation.name, letter.number);
        let options = options(ident, &[PdfStandard::A_3a, PdfStandard::Ua_1], letter.dated_on)?;
        let document = self.set(&job, files, &letter.number)?;
        let pdf = written(&document, &options, &letter.number)?;
        if carried(letter).is_none_or(|one| one.name != HYBRID_NAME) {
            return Ok((pdf, document));
        }
        let pdf = described(&pdf).ok_or_else(|| not_set(&letter.number, "its data cannot be described in the file"))?;
        Ok((pdf, document))
    }

    /// The pages of the letter as pictures (SVG), set as its PDF is.
    pub fn pictures(&self, letter: &Letter) -> Result<Vec<String>, PaperFault> {
        let mut files = BTreeMap::new();
        let job = Job::letter(self.sheet(letter, &mut files, false)?, false);
        let document = self.set(&job, files, &letter.number)?;
        let options = typst_svg::SvgOptions::default();
        guarded(&letter.number, || Ok(document.pages().iter().map(|page| typst_svg::svg(page, &options)).collect()))
    }

    /// The proof of an account as PDF/A-3a and PDF/UA-1.
    pub fn proof_pdf(&self, proof: &ProofSheet) -> Result<Vec<u8>, PaperFault> {
        if let Some(why) = proof.disagreement() {
            return Err(PaperFault::DoesNotAddUp { number: proof.number.clone(), why });
        }
        let mut proof = proof.clone();
        let texts = [&mut proof.organisation, &mut proof.title, &mut proof.number, &mut proof.words];
        let fixed = texts.into_iter().chain([&mut proof.other.0, &mut proof.ledger.0, &mut proof.prepared.0]);
        fixed.for_each(|text| *text = self.printable(text));
        for group in &mut proof.groups {
            group.title = self.printable(&group.title);
            for line in &mut group.lines {
                for text in [&mut line.what, &mut line.why, &mut line.owner] {
                    *text = self.printable(text);
                }
            }
        }
        let ident = format!("{}/{}", proof.organisation, proof.number);
        let options = options(ident, &[PdfStandard::A_3a, PdfStandard::Ua_1], proof.as_at)?;
        let data = serde_json::to_vec(&proof.job()).map_err(|why| not_set(&proof.number, &why.to_string()))?;
        let files = BTreeMap::from([("job.json".to_owned(), Bytes::new(data))]);
        let document = self.set_files(files, Layout::Proof, &proof.number)?;
        written(&document, &options, &proof.number)
    }

    /// The pages of a letter with its enclosures after it, for people: no control sheet, no blank pages.
    pub(crate) fn pages_for_print(&self, letter: &Letter) -> Result<EcoVec<Page>, PaperFault> {
        let mut files = BTreeMap::new();
        let job = Job::letter(self.sheet(letter, &mut files, true)?, true);
        Ok(self.set(&job, files, &letter.number)?.pages().into())
    }

    fn plain_document(&self, plain: &Plain, small: bool) -> Result<PagedDocument, PaperFault> {
        let job = PlainJob::of(plain, small, |text| self.printable(text));
        let data = serde_json::to_vec(&job).map_err(|why| not_set(&plain.title, &why.to_string()))?;
        let files = BTreeMap::from([("job.json".to_owned(), Bytes::new(data))]);
        self.set_files(files, Layout::Plain, &plain.title)
    }

    pub(crate) fn plain_pages(&self, plain: &Plain, small: bool) -> Result<EcoVec<Page>, PaperFault> {
        Ok(self.plain_document(plain, small)?.pages().into())
    }

    pub(crate) fn plain(&self, plain: &Plain, small: bool) -> Result<Vec<u8>, PaperFault> {
        let document = self.plain_document(plain, small)?;
        let ident = format!("{}/{}", plain.author, plain.title);
        let options = options(ident, &[PdfStandard::A_3a, PdfStandard::Ua_1], plain.dated_on)?;
        written(&document, &options, &plain.title)
    }

    /// Pages one after another as one PDF, without tags: its parts were tagged each for itself.
    pub(crate) fn bound_pages(
        &self,
        first: EcoVec<Page>,
        rest: EcoVec<Page>,
        letter: &Letter,
    ) -> Result<Vec<u8>, PaperFault> {
        let mut pages = first;
        pages.extend(rest);
        let info = DocumentInfo {
            title: Some(self.printable(&letter.title).into()),
            author: vec![self.printable(&letter.organisation.name).into()],
            ..DocumentInfo::default()
        };
        let document = PagedDocument::new(pages, info);
        let options = options(format!("{}/bundle", letter.number), &[], letter.dated_on)?;
        written(&document, &PdfOptions { tagged: false, ..options }, &letter.number)
    }

    /// The letter as an e-mail: subject, HTML and plain text.
    pub fn html(&self, letter: &Letter) -> Result<HtmlMail, PaperFault> {
        refuse_wrong_sums(letter)?;
        Ok(html::mail(letter, &Sheet::of(letter)))
    }

    /// A print batch in files of up to [`LETTERS_IN_A_PART`] letters, for printing on both sides.
    pub fn batch_pdf(&self, batch: &Batch<'_>) -> Result<Vec<PrintPart>, PaperFault> {
        if batch.letters.is_empty() {
            return Err(PaperFault::EmptyBatch);
        }
        let parts = batch.letters.len().div_ceil(LETTERS_IN_A_PART);
        let chunks = batch.letters.chunks(LETTERS_IN_A_PART).enumerate();
        let part = |(at, letters): (usize, &[Letter])| {
            let set = letters.iter().map(|letter| self.set_letter(letter)).collect::<Result<Vec<_>, _>>()?;
            self.print_file(&PrintFile { batch: batch.number, printed_on: batch.printed_on, part: at + 1, parts }, &set)
        };
        chunks.map(part).collect()
    }

    /// One file for the print room: a control sheet, then the pages of letters as they were set.
    ///
    /// It is for a machine that prints, so it is not tagged: people read the kept letters. It claims PDF/A-3b when no
    /// enclosure had to be put in as pages.
    pub fn print_file(&self, file: &PrintFile<'_>, letters: &[SetLetter]) -> Result<PrintPart, PaperFault> {
        let (Some(first), Some(last)) = (letters.first(), letters.last()) else { return Err(PaperFault::EmptyBatch) };
        let number = file.batch;
        let sum_pence =
            letters.iter().try_fold(0i64, |sum, letter| sum.checked_add(letter.sum_pence)).ok_or_else(|| {
                PaperFault::DoesNotAddUp { number: number.to_owned(), why: "the sum is too large".to_owned() }
            })?;
        let sheets: usize = letters.iter().map(|letter| letter.pages.len().div_ceil(2)).sum();
        let author = first.author.clone();
        let (first, last) = (first.number.clone(), last.number.clone());
        let rows = [
            ("Print batch", number.to_owned()),
            ("File", format!("{} of {}", file.part, file.parts)),
            ("Date", crate::money::long_date(file.printed_on, crate::letter::Language::English)),
            ("Letters", letters.len().to_string()),
            ("Sheets, both sides, without this one", sheets.to_string()),
            ("Sum of the letters", pounds(sum_pence)),
            ("First number", first.clone()),
            ("Last number", last.clone()),
        ];
        let rows = rows.into_iter().map(|(label, value)| (label.to_owned(), self.printable(&value))).collect();
        let title = self.printable(&format!("Print batch {number}, file {} of {}", file.part, file.parts));
        let job = Job::control(Control { title, rows }, author, file.printed_on);
        let control = self.set(&job, BTreeMap::new(), number)?;
        let document = bound(&control, letters);
        let standard: &[PdfStandard] =
            if letters.iter().any(|letter| letter.encloses) { &[] } else { &[PdfStandard::A_3b] };
        let options = options(format!("{number}/{}", file.part), standard, file.printed_on)?;
        let pdf = written(&document, &PdfOptions { tagged: false, ..options }, number)?;
        Ok(PrintPart { pdf, letters: letters.len(), sheets, sum_pence, first, last })
    }

    /// Characters in a letter that the typeface lacks; they are printed as `[?]`, so a clerk may want to know.
    pub fn unprintable(&self, letter: &Letter) -> BTreeSet<char> {
        let mut missing = BTreeSet::new();
        Sheet::of(letter).each_text(&mut |text| missing.extend(text.chars().filter(|&c| !self.shown(c))));
        missing
    }

    /// The sheet of one letter, its files put among the others.
    fn sheet(&self, letter: &Letter, files: &mut BTreeMap<String, Bytes>, print: bool) -> Result<Sheet, PaperFault> {
        refuse_wrong_sums(letter)?;
        let mut sheet = Sheet::of(letter);
        if let Some(logo) = &letter.organisation.logo_svg {
            sheet.logo = shelve(files, "logo", "svg", logo.as_bytes());
        }
        let link = letter.payment.as_ref().and_then(|payment| payment.link.as_deref());
        if let Some(svg) = link.and_then(qr::svg) {
            sheet.code = shelve(files, "code", "svg", svg.as_bytes());
        }
        for (at, enclosure) in letter.enclosures.iter().enumerate() {
            let Some(pdf) = &enclosure.pdf else { continue };
            let title = enclosure.title.clone();
            if print {
                let (path, pages) = (shelve(files, "enclosure", "pdf", pdf), pages_of(pdf, &letter.number, &title)?);
                sheet.enclosed.push(Enclosed { title, path, pages });
            } else {
                let name = format!("{}-{}.pdf", at + 1, plain_name(&title));
                let path = shelve(files, "enclosure", "pdf", pdf);
                let media_type = "application/pdf".to_owned();
                sheet.attach.push(Attach { name, path, media_type, description: title, relationship: "supplement" });
            }
        }
        if let Some(one) = carried(letter).filter(|_| !print) {
            let path = shelve(files, "attachment", "bin", &one.bytes);
            let (name, media_type) = (plain_name(&one.name), one.media_type.clone());
            let description = one.description.clone();
            sheet.attach.push(Attach { name, path, media_type, description, relationship: "alternative" });
        }
        sheet.each_text(&mut |text| *text = tie_dates(&self.printable(text)));
        Ok(sheet)
    }

    /// Sets a job; a fault or a panic of the typesetter is this job's alone.
    fn set(&self, job: &Job, mut files: BTreeMap<String, Bytes>, number: &str) -> Result<PagedDocument, PaperFault> {
        let data = serde_json::to_vec(job).map_err(|why| not_set(number, &why.to_string()))?;
        files.insert("job.json".to_owned(), Bytes::new(data));
        self.set_files(files, Layout::Letter, number)
    }

    fn set_files(
        &self,
        files: BTreeMap<String, Bytes>,
        layout: Layout,
        number: &str,
    ) -> Result<PagedDocument, PaperFault> {
        let desk = Desk::new(&self.shared, files, layout);
        let answer = guarded(number, || typst::compile::<PagedDocument>(&desk).output.map_err(|why| sentences(&why)));
        let count = self.since_forgetting.fetch_add(1, Ordering::Relaxed) + 1;
        if answer.is_err() || count >= FORGET_AFTER {
            self.since_forgetting.store(0, Ordering::Relaxed);
            comemo::evict(0);
        }
        answer
    }

    fn shown(&self, character: char) -> bool {
        is_unseen(character) || self.shared.can_show(character)
    }

    /// Drops unseen characters and marks each run of characters the typeface lacks as `[?]`.
    fn printable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut marked = false;
        for character in text.chars() {
            if character.is_whitespace() && character != '\u{a0}' {
                out.push(' ');
            } else if is_unseen(character) {
                continue;
            } else if self.shared.can_show(character) {
                out.push(character);
            } else {
                if !marked {
                    out.push_str("[?]");
                }
                marked = true;
                continue;
            }
            marked = false;
        }
        out
    }
}

/// A panic of the typesetter is a fault of its job.
fn guarded<T>(number: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, PaperFault> {
    let answer = catch_unwind(AssertUnwindSafe(work));
    answer
        .unwrap_or_else(|_| Err("the typesetter stopped unexpectedly".to_owned()))
        .map_err(|why| not_set(number, &why))
}

fn written(document: &PagedDocument, options: &PdfOptions, number: &str) -> Result<Vec<u8>, PaperFault> {
    guarded(number, || typst_pdf::pdf(document, options).map_err(|why| sentences(&why)))
}

/// The control sheet and the letters behind it, each from the front of a new sheet.
fn bound(control: &PagedDocument, letters: &[SetLetter]) -> PagedDocument {
    let mut pages: EcoVec<Page> = EcoVec::new();
    let runs = std::iter::once(control.pages()).chain(letters.iter().map(|letter| letter.pages.as_slice()));
    for run in runs {
        if let Some(last) = pages.last().filter(|_| pages.len() % 2 == 1) {
            let blank = Page { frame: Frame::hard(last.frame.size()), ..last.clone() };
            pages.push(blank);
        }
        pages.extend(run.iter().cloned());
    }
    let info: DocumentInfo = control.info().clone();
    PagedDocument::new(pages, info)
}

/// Controls, joiners, direction marks and variation selectors: they have no shape of their own.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || character.is_whitespace()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The file that goes inside the PDF. A copy is for people: a machine that read its data would book it twice.
fn carried(letter: &Letter) -> Option<&Attachment> {
    letter.attachment.as_ref().filter(|_| !letter.copy)
}

fn refuse_wrong_sums(letter: &Letter) -> Result<(), PaperFault> {
    match disagreement(letter) {
        Some(why) => Err(PaperFault::DoesNotAddUp { number: letter.number.clone(), why }),
        None => Ok(()),
    }
}

fn not_set(number: &str, why: &str) -> PaperFault {
    PaperFault::NotSet { number: number.to_owned(), why: why.to_owned() }
}

fn sentences(diagnostics: &[SourceDiagnostic]) -> String {
    let all: Vec<_> = diagnostics.iter().map(|one| one.message.as_str()).collect();
    all.join("; ")
}

/// Puts bytes on the shelf under a name used again by every job; the same bytes lie there once.
fn shelve(files: &mut BTreeMap<String, Bytes>, kind: &str, ending: &str, bytes: &[u8]) -> String {
    let same = files.iter().find(|(name, held)| name.starts_with(kind) && held.as_slice() == bytes);
    if let Some((name, _)) = same {
        return name.clone();
    }
    let name = format!("{kind}-{}.{ending}", files.len());
    files.insert(name.clone(), Bytes::new(bytes.to_vec()));
    name
}

fn pages_of(pdf: &[u8], number: &str, title: &str) -> Result<usize, PaperFault> {
    let opened = Pdf::new(Arc::new(pdf.to_vec()));
    opened
        .map(|document| document.pages().len())
        .map_err(|_| not_set(number, &format!("{title} is not a readable PDF")))
}

/// A file name safe on every system.
fn plain_name(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' });
    let name: String = plain.take(60).collect();
    let name = name.trim_matches(['.', '-']).to_owned();
    if name.is_empty() { "file".to_owned() } else { name }
}

fn options(ident: String, standards: &[PdfStandard], day: NaiveDate) -> Result<PdfOptions, PaperFault> {
    let standards = PdfStandards::new(standards).map_err(|why| not_set(&ident, why.message()))?;
    let creator = Smart::Custom(Some("Sundry".to_owned()));
    let midnight = typst::foundations::Datetime::from_ymd_hms(
        day.year(),
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
        0,
        0,
        0,
    );
    let timestamp = midnight.map(typst_pdf::Timestamp::new_utc);
    Ok(PdfOptions { ident: Smart::Custom(ident), creator, timestamp, standards, ..PdfOptions::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_the_typeface_lacks_are_marked_and_unseen_ones_dropped() {
        let printer = Printer::new();
        assert_eq!(printer.printable("ŵ ŷ ẁ ẃ ẅ ỳ £ – — ’ é ł ş"), "ŵ ŷ ẁ ẃ ẅ ỳ £ – — ’ é ł ş");
        assert_eq!(printer.printable("李小龙 🎉!"), "[?] [?]!");
        assert_eq!(printer.printable("a\u{200b}b\u{0}c\nd"), "abc d");
    }

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(plain_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(plain_name("Reply form (Annex 1)"), "Reply-form--Annex-1");
        assert_eq!(plain_name("李"), "file");
    }
}
