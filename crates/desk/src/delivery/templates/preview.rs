//! A letter before it is live: on a made-up account, or as it would go to a real one today.
use super::super::compose::{NewLetter, Recipient, content, paper_kind};
use super::super::documents::{document_letters, recipients_of};
use super::super::letters::{printer, set};
use super::super::stationery::{Stationery, stationery};
use super::show::{kind_of, wording_of};
use crate::customers::find;
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::in_sentence;
use sundry_paper::samples::{TRIED, of_template};
use sundry_paper::{HtmlMail, Language, Letter, LetterItem, Template, examples};
use sundry_store::Tx;
use sundry_store::delivery::templates::newest_document;
use sundry_store::delivery::{self, DocumentFact};
use sundry_store::ledger::{self, ItemRow};

/// What to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewTemplate {
    /// The letter.
    pub code: String,
    /// The version; 0 is the draft under way.
    pub version: i64,
    /// Number of a real account; empty for a made-up one.
    pub account: String,
    /// Which made-up account, from 0.
    pub sample: usize,
    /// en or cy instead of the account's own; may be empty.
    pub language: String,
    /// Set in large print whatever the account asks for.
    pub large_print: bool,
}

/// A made-up account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleAccount {
    /// Its place.
    pub sample: usize,
    /// Who it is.
    pub name: String,
}

/// The made-up accounts that letters are tried on.
pub fn sample_accounts() -> Vec<SampleAccount> {
    let one = |(sample, (name, ..)): (usize, &(&str, _, _, _))| SampleAccount { sample, name: (*name).to_owned() };
    TRIED.iter().enumerate().map(one).collect()
}

/// A letter as it would be, in every shape it leaves in.
pub struct Previewed {
    /// What it says.
    pub letter: Letter,
    /// As e-mail.
    pub mail: HtmlMail,
}

impl Previewed {
    /// As PDF.
    ///
    /// # Errors
    /// A letter that cannot be set.
    pub async fn pdf(self) -> Outcome<Vec<u8>> {
        set(self.letter).await
    }

    /// Its pages as pictures (SVG).
    ///
    /// # Errors
    /// A letter that cannot be set.
    pub async fn pictures(self) -> Outcome<Vec<String>> {
        let work = tokio::task::spawn_blocking(move || printer().pictures(&self.letter)).await;
        let pages = work.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?;
        Ok(pages.map_err(|fault| Fault::new(fault.to_string()))?)
    }
}

/// A letter as it would be. Looking at a real account is told to the audit trail, once a day for each letter.
///
/// # Errors
/// Duty; absent when there is no such version or account; an account that has nothing for such a letter.
pub async fn preview_template(desk: &Desk, by: &Actor, ask: PreviewTemplate) -> Outcome<Previewed> {
    if !by.holds(Duty::ApproveSettings) {
        by.must_hold(Duty::ManageSettings)?;
    }
    let mut look = desk.look().await?;
    let template = wording_of(&mut look, by.org, &ask.code, ask.version).await?;
    let letter = if ask.account.trim().is_empty() {
        made_up(&template, &ask)?
    } else {
        let letter = on_account(&mut look, by.org, desk.today(), template, &ask).await?;
        drop(look);
        tell(desk, by, &ask).await?;
        letter
    };
    let mail = printer().html(&letter).map_err(|fault| Fault::new(fault.to_string()))?;
    Ok(Previewed { letter, mail })
}

async fn tell(desk: &Desk, by: &Actor, ask: &PreviewTemplate) -> Outcome<()> {
    let (code, account) = (&ask.code, ask.account.trim());
    let key = format!("preview/{}/{}/{code}/{account}", by.user.0, desk.today());
    command!(desk, by, "preview_letter", &key, &(code, account), |cmd| {
        cmd.tell("LetterPreviewed", format!("customer {account}"), serde_json::json!({ "letter": code }));
        Ok(())
    })
}

fn made_up(template: &Template, ask: &PreviewTemplate) -> Outcome<Letter> {
    let kind = paper_kind(kind_of(&ask.code), &ask.code);
    let sample = if ask.language == "cy" { 2 } else { ask.sample };
    let letter = of_template(template, kind, sample).map_err(|missing| {
        let all: Vec<String> = missing.iter().map(ToString::to_string).collect();
        Invalid::field("version", format!("It cannot be filled: {}", all.join("; ")), ask.version.to_string())
    })?;
    let letter = Letter { large_print: ask.large_print || letter.large_print, ..letter };
    Ok(match kind_of(&ask.code) {
        LetterKind::Circumstances => Letter { sum_pence: 0, due_on: None, payment: None, ..letter },
        _ => letter,
    })
}

async fn on_account(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    template: Template,
    ask: &PreviewTemplate,
) -> Outcome<Letter> {
    let customer = CustomerId(find(tx, org, &ask.account).await?.id);
    let to = recipients_of(tx, org, customer, customer, day).await?.remove(&customer.0);
    let mut to = to.ok_or_else(|| Fault::new("the account is not there"))?;
    if !ask.language.is_empty() {
        to.row.language = ask.language.clone();
        if let Some(face) = &mut to.instead {
            face.language = ask.language.clone();
        }
    }
    if ask.large_print {
        to.row.letter_format = "large_print".into();
        if let Some(face) = &mut to.instead {
            face.letter_format = "large_print".into();
        }
    }
    let mut paper: Stationery = stationery(tx, org, day).await?;
    let kind = kind_of(&ask.code);
    let mut new = match kind {
        LetterKind::Invoice | LetterKind::CreditNote => carrying(tx, org, day, to, (kind, ask)).await?,
        _ => asking(tx, org, day, to, (kind, ask)).await?,
    };
    if kind == LetterKind::Circumstances {
        (new.sum, new.items) = (Pence::ZERO, Vec::new());
    }
    for (name, example) in examples(new.to.language()) {
        if !super::super::compose::values_of_every_letter().contains(&name) {
            new.fields.entry(name).or_insert_with(|| example.to_owned());
        }
    }
    paper.templates.insert(ask.code.clone(), (ask.version, template));
    content(&paper, "LTR-000000", &new, None)
}

/// The letter of the newest document of that kind.
async fn carrying(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    to: Recipient,
    (kind, ask): (LetterKind, &PreviewTemplate),
) -> Outcome<NewLetter> {
    let none = || {
        let what = if kind == LetterKind::Invoice { "invoice" } else { "credit note" };
        Invalid::field("account", format!("This account has no {what} to show: choose another"), &ask.account)
    };
    let id = newest_document(tx, org, to.row.id, kind.as_str()).await?.ok_or_else(none)?;
    let fact: DocumentFact = delivery::document_fact(tx, org, DocumentId(id)).await?.ok_or_else(none)?;
    let mut letters = document_letters(tx, org, day, None, std::slice::from_ref(&fact)).await?;
    let new = letters.pop().ok_or_else(none)?;
    Ok(NewLetter { template: ask.code.clone(), to, ..new })
}

/// A letter about what is open today.
async fn asking(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    to: Recipient,
    (kind, ask): (LetterKind, &PreviewTemplate),
) -> Outcome<NewLetter> {
    let open = ledger::open_items_of(tx, org, CustomerId(to.row.id)).await?;
    let all = kind == LetterKind::Statement;
    let rows: Vec<&ItemRow> = open.iter().filter(|row| all || row.open_pence > row.disputed_pence).collect();
    let items: Vec<LetterItem> = rows.iter().map(|row| item(row, all)).collect();
    let sum: i64 = items.iter().map(|one| one.owed_pence).sum();
    if rows.is_empty() && matches!(kind, LetterKind::Reminder | LetterKind::LetterOfClaim | LetterKind::ClaimNotice) {
        return Err(Invalid::field("account", "This account owes nothing today: choose another", &ask.account).into());
    }
    let services: Vec<&str> = rows.iter().map(|row| row.service.as_str()).filter(|name| !name.is_empty()).collect();
    let (listed, english) = match to.language() {
        Language::English => ("what is listed below", true),
        Language::Welsh => ("yr hyn a restrir isod", false),
    };
    let said = |name: &&str| if english { in_sentence(name) } else { (*name).to_owned() };
    let for_what = services.first().map_or_else(|| listed.to_owned(), said);
    let wait = if kind == LetterKind::LetterOfClaim { 30 } else { 14 };
    Ok(NewLetter {
        kind,
        template: ask.code.clone(),
        to,
        dated_on: day,
        due_on: (!all).then(|| add_days(day, wait)),
        next_letter_on: Some(add_days(day, wait + 14)),
        sum: Pence(sum),
        items,
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields: BTreeMap::from([("for_what", for_what)]),
        run: None,
    })
}

fn item(row: &ItemRow, all: bool) -> LetterItem {
    let in_query = if all { 0 } else { row.disputed_pence };
    LetterItem {
        number: row.number.clone(),
        dated_on: row.dated_on,
        due_on: Some(row.due_on).filter(|_| row.open_pence > 0),
        description: [&row.service, &row.debt_type]
            .into_iter()
            .find(|text| !text.is_empty())
            .cloned()
            .unwrap_or_default(),
        amount_pence: row.original_pence,
        charges_pence: 0,
        late: None,
        paid_pence: row.original_pence - row.open_pence,
        in_query_pence: in_query,
        owed_pence: row.open_pence - in_query,
    }
}
