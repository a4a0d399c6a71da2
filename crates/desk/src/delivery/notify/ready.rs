//! What is looked at before a letter is given to GOV.UK Notify, and what is given.
use crate::core::vault::sha256_hex;
use crate::delivery::backing::{Beside, beside};
use crate::delivery::court_forms::whole_content_of;
use crate::delivery::letters::{content_of, printer};
use crate::{Actor, Desk, Fault, Outcome};
use sundry_domain::delivery::backing::fits;
use sundry_domain::delivery::notify::{NotifyKind, email_faults, letter_faults};
use sundry_formats::notify::as_plain_words;
use sundry_paper::{Enclosure, Letter, Printer, look_into};
use sundry_store::delivery::LetterRow;
use sundry_store::delivery::notify_queue::NotifyMessageRow;

/// What is given for a letter.
pub(super) struct Ready {
    /// Its document.
    pub pdf: Vec<u8>,
    /// The hash of it.
    pub sha256: String,
    /// The subject of the e-mail.
    pub subject: String,
    /// Its words.
    pub message: String,
}

/// What came of looking.
pub(super) enum Preflight {
    /// It may go.
    Goes(Box<Ready>),
    /// It does not go this way: why, in sentences.
    LeftOut(Vec<String>),
    /// It cannot be set at all.
    NotSet(String),
}

/// Sets a letter and looks whether it may go this way.
pub(super) async fn preflight(desk: &Desk, by: &Actor, letter: &LetterRow, kind: NotifyKind) -> Outcome<Preflight> {
    let mut look = desk.look().await?;
    let content = whole_content_of(desk, &mut look, by.org, letter).await;
    let beside = beside(desk, &mut look, by.org, letter).await;
    drop(look);
    let sent_to = letter.sent_to.clone();
    let work = tokio::task::spawn_blocking(move || -> Result<Preflight, String> {
        let (content, beside) = (content.map_err(|no| no.to_string())?, beside.map_err(|no| no.to_string())?);
        looked_at(&printer(), &content, &beside, (kind, &sent_to))
    });
    // One that cannot be set stops only itself (P17).
    let done = work.await.unwrap_or_else(|error| Err(format!("the printer broke on it: {error}")));
    Ok(done.unwrap_or_else(Preflight::NotSet))
}

fn looked_at(
    printer: &Printer,
    content: &Letter,
    beside: &Beside,
    (kind, sent_to): (NotifyKind, &str),
) -> Result<Preflight, String> {
    let pdf = pdf_of(printer, content, &beside.files)?;
    let mut faults = match kind {
        NotifyKind::Email => email_faults(sent_to, pdf.len()),
        NotifyKind::Letter => {
            let to = &content.to;
            let lines: Vec<String> = std::iter::once(to.name.clone()).chain(to.address.clone()).collect();
            let pages = look_into(&pdf).map_err(|fault| fault.to_string())?.pages.len();
            letter_faults(&lines, pages.div_ceil(2))
        }
    };
    if kind == NotifyKind::Email
        && let Err(no) = fits(pdf.len(), beside.longest_kb)
    {
        faults.push(no.sentence);
    }
    if kind == NotifyKind::Letter {
        let how = |pages: bool| if pages { "is printed with the letter" } else { "is put into the envelope" };
        faults.extend(content.enclosures.iter().map(|one| format!("{} {} here", one.title, how(one.pdf.is_some()))));
    }
    if !faults.is_empty() {
        return Ok(Preflight::LeftOut(faults));
    }
    let (subject, message) = match kind {
        NotifyKind::Email => words_of(printer, content)?,
        NotifyKind::Letter => Default::default(),
    };
    Ok(Preflight::Goes(Box::new(Ready { sha256: sha256_hex(&pdf), pdf, subject, message })))
}

fn pdf_of(printer: &Printer, content: &Letter, files: &[Enclosure]) -> Result<Vec<u8>, String> {
    let alone = files.is_empty() && !content.encloses_pages();
    let set = if alone { printer.pdf(content) } else { printer.bundle(content, files) };
    set.map_err(|fault| fault.to_string())
}

fn words_of(printer: &Printer, content: &Letter) -> Result<(String, String), String> {
    let mail = printer.html(content).map_err(|fault| fault.to_string())?;
    Ok((mail.subject, as_plain_words(&mail.text)))
}

/// The same again for a message whose answer was lost: its kept file, and its words.
pub(super) async fn given_before(
    desk: &Desk,
    by: &Actor,
    letter: &LetterRow,
    message: &NotifyMessageRow,
) -> Outcome<Ready> {
    let pdf = desk.files().get(by.org.0, &message.file_sha256)?;
    let content = content_of(&mut desk.look().await?, by.org, letter).await?;
    let email = message.kind == NotifyKind::Email.as_str();
    let work = tokio::task::spawn_blocking(
        move || {
            if email { words_of(&printer(), &content) } else { Ok(Default::default()) }
        },
    );
    let words = work.await.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?;
    let (subject, message_words) = words.map_err(Fault::new)?;
    Ok(Ready { pdf, sha256: message.file_sha256.clone(), subject, message: message_words })
}
