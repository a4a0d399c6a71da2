//! The protocol's own forms: supplied by the site as PDF, kept by version, sent with each letter of claim (REC-02).
use super::compose::{Recipient, takes_forms};
use super::letters::{content_of, kept_pdf};
use crate::core::command::Command;
use crate::core::desk::Mode;
use crate::core::vault::sha256_hex;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::delivery::court_forms::CourtForm;
use sundry_domain::delivery::refusals::{FORM_FILE, FORMS_MISSING};
use sundry_domain::ids::{LetterId, OrgId};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_domain::words::written;
use sundry_paper::{Enclosure, Letter, look_into};
use sundry_store::delivery::LetterRow;
use sundry_store::delivery::court_forms::{self as store, CourtFormRow};
use sundry_store::{Tx, control};

/// The largest form, in bytes.
const SIZE_MOST: usize = 5 * 1024 * 1024;
/// The most pages of a form.
const PAGES_MOST: usize = 40;
/// What a form says that came with a home of made people.
const DEMONSTRATION: &str = "Demonstration form: replace with the protocol's own";

/// Every form that was ever supplied, the newest of each first.
///
/// # Errors
/// Duty.
pub async fn court_forms(desk: &Desk, by: &Actor) -> Outcome<Vec<CourtFormRow>> {
    by.must_hold(Duty::View).or_else(|no| by.must_hold(Duty::ManageSettings).map_err(|_| no))?;
    let mut look = desk.look().await?;
    Ok(store::forms(&mut look, by.org).await?)
}

/// Supplies a form, from a day on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PutCourtForm {
    /// Idempotency key.
    pub key: String,
    /// information_sheet, reply_form or financial_statement.
    pub form: String,
    /// en or cy.
    pub language: String,
    /// In large print.
    #[serde(default)]
    pub large: bool,
    /// First day on which it goes with letters; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Where it comes from.
    pub source: String,
    /// Name of the file.
    #[serde(default)]
    pub name: String,
}

impl PutCourtForm {
    fn wrong(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if CourtForm::parse(&self.form).is_none() {
            wrong.push(Invalid::field("form", "Choose which form it is", &self.form));
        }
        if !matches!(self.language.as_str(), "en" | "cy") {
            wrong.push(Invalid::field("language", "Choose English or Welsh", &self.language));
        }
        if let Some(day) = self.from_on.filter(|day| *day < today) {
            wrong.push(Invalid::field("from_on", "Enter today or a later day", day.to_string()));
        }
        if self.source.trim().is_empty() || self.source.chars().count() > 300 {
            let say = "Say where the form comes from, in up to 300 characters";
            wrong.push(Invalid::field("source", say, &self.source));
        }
        wrong
    }
}

/// How many pages a PDF has that may go with a letter.
fn pages_of(bytes: &[u8]) -> Result<i64, Refusal> {
    if bytes.len() > SIZE_MOST {
        return Err(FORM_FILE.because(format!("The file is larger than {} MB", SIZE_MOST / 1024 / 1024)));
    }
    if !bytes.starts_with(b"%PDF-") {
        return Err(FORM_FILE.because("The file is no PDF"));
    }
    let seen = look_into(bytes).map_err(|_| FORM_FILE.because("The PDF cannot be read"))?;
    if seen.unsafe_parts {
        return Err(FORM_FILE.because("The PDF is locked, or holds a program"));
    }
    match seen.pages.len() {
        pages @ 1..=PAGES_MOST => Ok(pages as i64),
        pages => Err(FORM_FILE.because(format!("The PDF has {pages} pages, and not 1 to {PAGES_MOST}"))),
    }
}

/// Supplies a form; those before it are kept, and go with the letters that they went with.
///
/// # Errors
/// Duty; invalid fields; `REC-02-FORM-FILE`.
pub async fn put_court_form(desk: &Desk, by: &Actor, ask: PutCourtForm, bytes: Vec<u8>) -> Outcome<CourtFormRow> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("source", &ask.source), ("name", &ask.name)])?;
    let (hash, size_bytes) = (sha256_hex(&bytes), bytes.len() as i64);
    let seen = bytes.clone();
    let work = tokio::task::spawn_blocking(move || pages_of(&seen)).await;
    let pages = work.unwrap_or_else(|_| Err(FORM_FILE.because("The PDF cannot be read")));
    command!(desk, by, "put_court_form", &ask.key, &(&ask, &hash), |cmd| {
        let wrong = ask.wrong(cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let pages = pages.clone()?;
        let (org, at, today) = (cmd.by.org, cmd.at, cmd.today);
        let file_sha256 = cmd.desk.files().put(org.0, &bytes)?;
        control::add_kept_file(&mut cmd.tx, org, &kept_pdf(&file_sha256, &ask.name, bytes.len()), at).await?;
        let row = CourtFormRow {
            id: cmd.id(),
            form: ask.form.clone(),
            language: ask.language.clone(),
            large: ask.large,
            from_on: ask.from_on.unwrap_or(today),
            name: ask.name.clone(),
            pages,
            size_bytes,
            file_sha256,
            source: ask.source.trim().to_owned(),
            added_by_name: cmd.by.name.clone(),
            added_on: today,
            recorded_at: at,
        };
        store::add_forms(&mut cmd.tx, org, std::slice::from_ref(&row)).await?;
        cmd.tell("CourtFormPut", format!("court form {}", row.form), &row);
        Ok(row)
    })
}

/// The forms in force for a letter of a day, one of each.
pub(super) fn in_force<'a>(
    all: &'a [CourtFormRow],
    (language, large): (&str, bool),
    day: NaiveDate,
) -> Result<Vec<&'a CourtFormRow>, Refusal> {
    let one = |form: &CourtForm| {
        let of = all.iter().filter(|row| row.form == form.as_str() && row.language == language && row.large == large);
        let newest = of.filter(|row| row.from_on <= day).max_by_key(|row| (row.from_on, row.id));
        newest.ok_or_else(|| {
            let tongue = if language == "cy" { "Welsh" } else { "English" };
            let size = if large { ", in large print" } else { "" };
            let name = form.name().to_lowercase();
            let day = written(day);
            FORMS_MISSING.because(format!("There is no {name} in {tongue}{size} for a letter of claim of {day}"))
        })
    };
    CourtForm::ALL.iter().map(one).collect()
}

/// Why letters may not be written for want of a form, in their order: to whom, the template, and the date on each.
pub(crate) async fn lacking_forms(
    tx: &mut Tx,
    org: OrgId,
    letters: &[(&Recipient, &str, NaiveDate)],
) -> Outcome<Vec<Option<Refusal>>> {
    if !letters.iter().any(|one| takes_forms(one.1)) {
        return Ok(vec![None; letters.len()]);
    }
    let all = store::forms(tx, org).await?;
    let lacks = |to: &Recipient, dated_on: NaiveDate| in_force(&all, to.form_of_letters(), dated_on).err();
    Ok(letters.iter().map(|one| if takes_forms(one.1) { lacks(one.0, one.2) } else { None }).collect())
}

/// Whether a letter's list of enclosures names a form here; letters written before it kept which one tell it by title.
fn names(one: &Enclosure, form: &str) -> bool {
    if !one.form.is_empty() {
        return one.form == form;
    }
    CourtForm::parse(form).is_some_and(|form| [form.name(), form.welsh()].contains(&one.title.as_str()))
}

/// Puts the pages of the forms that go with a letter into it.
pub(super) async fn enclose(
    desk: &Desk,
    tx: &mut Tx,
    org: OrgId,
    head: &LetterRow,
    letter: &mut Letter,
) -> Outcome<()> {
    if letter.enclosures.iter().all(|one| one.pdf.is_some()) {
        return Ok(());
    }
    for row in store::forms_of_letter(tx, org, LetterId(head.id)).await? {
        if let Some(one) = letter.enclosures.iter_mut().find(|one| one.pdf.is_none() && names(one, &row.form)) {
            one.pdf = Some(desk.files().get(org.0, &row.file_sha256)?);
        }
    }
    Ok(())
}

/// A letter as it leaves: what was written, and the pages of its forms.
pub(super) async fn whole_content_of(desk: &Desk, tx: &mut Tx, org: OrgId, head: &LetterRow) -> Outcome<Letter> {
    let mut letter = content_of(tx, org, head).await?;
    enclose(desk, tx, org, head, &mut letter).await?;
    Ok(letter)
}

/// A page that says what belongs in its place.
pub fn demonstration_form(title: &str) -> Vec<u8> {
    let text = format!("BT /F1 18 Tf 50 780 Td ({title}) Tj 0 -30 Td ({DEMONSTRATION}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let (mut pdf, mut table) = ("%PDF-1.7\n".to_owned(), "0000000000 65535 f \n".to_owned());
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    let end = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    format!("{pdf}xref\n0 {size}\n{table}{end}").into_bytes()
}

/// Forms for a home of made people, in both languages and sizes; a live home has none until somebody supplies them.
pub(crate) async fn seed(cmd: &mut Command) -> Outcome<()> {
    if cmd.desk.mode() == Mode::Live {
        return Ok(());
    }
    let (org, at, today) = (cmd.by.org, cmd.at, cmd.today);
    let from_on = NaiveDate::from_ymd_opt(2017, 10, 1).unwrap_or(today);
    let mut rows = Vec::new();
    for (form, language) in CourtForm::ALL.iter().flat_map(|form| ["en", "cy"].map(|language| (*form, language))) {
        let title = if language == "cy" { format!("{}, in Welsh", form.name()) } else { form.name().to_owned() };
        let pdf = demonstration_form(&title);
        let file_sha256 = cmd.desk.files().put(org.0, &pdf)?;
        let name = format!("{}-{language}.pdf", form.as_str());
        control::add_kept_file(&mut cmd.tx, org, &kept_pdf(&file_sha256, &name, pdf.len()), at).await?;
        for large in [false, true] {
            rows.push(CourtFormRow {
                id: cmd.id(),
                form: form.as_str().to_owned(),
                language: language.to_owned(),
                large,
                from_on,
                name: name.clone(),
                pages: 1,
                size_bytes: pdf.len() as i64,
                file_sha256: file_sha256.clone(),
                source: DEMONSTRATION.to_owned(),
                added_by_name: cmd.by.name.clone(),
                added_on: today,
                recorded_at: at,
            });
        }
    }
    Ok(store::add_forms(&mut cmd.tx, org, &rows).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn row(id: i64, form: CourtForm, language: &str, from: &str) -> CourtFormRow {
        CourtFormRow {
            id,
            form: form.as_str().into(),
            language: language.into(),
            large: false,
            from_on: d(from),
            name: "form.pdf".into(),
            pages: 1,
            size_bytes: 1,
            file_sha256: String::new(),
            source: "The site".into(),
            added_by_name: "Ada".into(),
            added_on: d(from),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn rec_02_all_three_forms_are_in_force_in_the_customers_language_and_size_or_nothing_goes() {
        let mut all: Vec<CourtFormRow> =
            (1..).zip(CourtForm::ALL).map(|(id, form)| row(id, *form, "en", "2026-01-01")).collect();
        all.push(row(4, CourtForm::ReplyForm, "en", "2026-06-01"));
        let ids = |day: &str| {
            in_force(&all, ("en", false), d(day)).map(|rows| rows.iter().map(|row| row.id).collect::<Vec<i64>>())
        };
        assert_eq!(ids("2026-05-31"), Ok(vec![1, 2, 3]));
        assert_eq!(ids("2026-06-01"), Ok(vec![1, 4, 3]), "the newer one takes its place from its day");
        let before = in_force(&all, ("en", false), d("2025-12-31")).expect_err("none yet");
        assert_eq!(before.code, "REC-02-FORMS");
        let welsh = in_force(&all, ("cy", false), d("2026-06-01")).expect_err("no Welsh one");
        let sentence = "There is no information sheet in Welsh for a letter of claim of 1 June 2026";
        assert_eq!((welsh.code.as_str(), welsh.sentence.as_str()), ("REC-02-FORMS", sentence));
        assert!(in_force(&all, ("en", true), d("2026-06-01")).is_err(), "no large print");
    }

    #[test]
    fn rec_02_a_letter_names_its_forms_by_their_stored_names_and_older_letters_by_title() {
        let read = |json: &str| serde_json::from_str::<Enclosure>(json).expect("an enclosure");
        let now = read(r#"{"form":"reply_form","title":"Information sheet","pdf":null}"#);
        assert!(names(&now, "reply_form") && !names(&now, "information_sheet"), "whatever it is called");
        for title in ["Reply form", "Ffurflen ateb"] {
            let before = read(&format!(r#"{{"title":"{title}","pdf":null}}"#));
            assert!(names(&before, "reply_form") && !names(&before, "information_sheet"), "{title}");
        }
        assert!(!names(&read(r#"{"title":"Statement of account","pdf":null}"#), "reply_form"));
    }

    #[test]
    fn rec_02_a_form_is_a_pdf_that_can_be_read() {
        assert_eq!(pages_of(&demonstration_form("Reply form")).map_err(|no| no.code), Ok(1));
        let code = |bytes: &[u8]| pages_of(bytes).expect_err("is refused").code;
        assert_eq!(code(b"<html>"), "REC-02-FORM-FILE");
        assert_eq!(code(b"%PDF-1.7 not really"), "REC-02-FORM-FILE");
        assert_eq!(code(&vec![b' '; SIZE_MOST + 1]), "REC-02-FORM-FILE");
    }
}
