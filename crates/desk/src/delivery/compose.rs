//! Writing letters inside a command: typed content that never changes, its hash, its number, its way.
use super::court_forms::in_force;
use super::einvoice::data_in_pdf;
use super::pay_links::new_link;
use super::stationery::Stationery;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::customers::CustomerKind;
use sundry_domain::delivery::court_forms::CourtForm;
use sundry_domain::delivery::{LetterKind, ReachFacts, Way, way_to_send};
use sundry_domain::ids::{DocumentId, LetterId, RunId};
use sundry_domain::money::Pence;
use sundry_domain::reports::{AgeingBasis, AgeingItem, Bucket, Buckets, age_items};
use sundry_paper::{
    Addressee, Ageing, Attachment, Audience, Enclosure, Fields, InvoiceTable, Language, Letter, LetterItem,
    LetterKind as PaperKind, Payment, fill, long_date, pounds,
};
use sundry_store::delivery::court_forms::{add_letter_forms, forms};
use sundry_store::delivery::pay_links::{PayLinkRow, add_links, items_of_invoices};
use sundry_store::delivery::proof::{portals, takers_of_data};
use sundry_store::delivery::{LetterRow, NewLetterRow, RecipientRow, add_letters};

/// The template of the debt protocol's letter to a person.
const LETTER_OF_CLAIM: &str = "letter_of_claim";

/// Whom a letter goes to.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The customer's row.
    pub row: RecipientRow,
    /// Post comes back.
    pub gone_away: bool,
    /// Who gets the letters in the customer's place, with their own address, language and format.
    pub instead: Option<Box<RecipientRow>>,
    /// Why a letter waits for a person before it leaves; empty where it does not.
    pub waits: String,
}

impl Recipient {
    /// The customer themselves.
    pub fn themselves(row: RecipientRow, gone_away: bool) -> Recipient {
        Recipient { row, gone_away, instead: None, waits: String::new() }
    }

    /// Whose name, address, language and format a letter has.
    pub fn face(&self) -> &RecipientRow {
        self.instead.as_deref().unwrap_or(&self.row)
    }

    /// What the customer is; unknown where the stored word cannot be read.
    pub fn kind(&self) -> CustomerKind {
        CustomerKind::parse(&self.row.kind).unwrap_or(CustomerKind::Unknown)
    }

    /// How they can be reached.
    pub fn reach(&self) -> ReachFacts {
        let face = self.face();
        ReachFacts {
            prefers_email: face.channel == "email",
            email: face.email.clone(),
            has_address: !face.address1.trim().is_empty() || !face.postcode.trim().is_empty(),
            gone_away: self.gone_away && self.instead.is_none(),
        }
    }

    fn address(&self) -> Vec<String> {
        let face = self.face();
        let parts = [&face.address1, &face.address2, &face.town, &face.postcode];
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    /// The language as it is kept, and whether their letters are in large print.
    pub(super) fn form_of_letters(&self) -> (&'static str, bool) {
        let language = if self.language() == Language::Welsh { "cy" } else { "en" };
        (language, self.face().letter_format == "large_print")
    }

    /// The language of their letters.
    pub fn language(&self) -> Language {
        if self.face().language == "cy" { Language::Welsh } else { Language::English }
    }
}

/// A letter to write.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// What is sent.
    pub kind: LetterKind,
    /// Code of the template.
    pub template: String,
    /// To whom.
    pub to: Recipient,
    /// The date on it.
    pub dated_on: NaiveDate,
    /// Pay by, or answer by.
    pub due_on: Option<NaiveDate>,
    /// When the next letter would go.
    pub next_letter_on: Option<NaiveDate>,
    /// The sum printed large.
    pub sum: Pence,
    /// Open items in the table.
    pub items: Vec<LetterItem>,
    /// The items by id, with what is open of each.
    pub item_ids: Vec<(i64, i64)>,
    /// The document it carries, with its number.
    pub document: Option<(DocumentId, String)>,
    /// Its lines.
    pub invoice: Option<InvoiceTable>,
    /// Fields of the template beyond those every letter has.
    pub fields: BTreeMap<&'static str, String>,
    /// The run that writes it.
    pub run: Option<RunId>,
}

impl NewLetter {
    /// Whether the protocol's own forms go with it.
    fn takes_forms(&self) -> bool {
        takes_forms(&self.template)
    }
}

/// Whether the protocol's own forms go with the letters of a template.
pub(super) fn takes_forms(template: &str) -> bool {
    template == LETTER_OF_CLAIM
}

/// A letter that was written.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Composed {
    /// Id.
    pub letter: LetterId,
    /// Number.
    pub number: String,
    /// waiting or held.
    pub state: String,
    /// post or email.
    pub channel: String,
    /// The sum printed large.
    pub total_pence: i64,
}

/// Writes letters with consecutive numbers; gives them in order. One that cannot be written takes no number and says
/// why; the others are written (P17).
pub(crate) async fn compose(
    cmd: &mut Command,
    stationery: &Stationery,
    letters: Vec<NewLetter>,
) -> Outcome<Vec<Result<Composed, String>>> {
    if letters.is_empty() {
        return Ok(Vec::new());
    }
    // None taken yet: the series waits for us, and only what is written takes a number.
    let mut number = cmd.next_numbers("LTR", 0).await?;
    let (mut rows, mut composed, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let invoiced = invoiced(cmd, stationery, &letters).await?;
    let carries = letters.iter().any(|new| new.document.is_some());
    let portals = if carries { portals(&mut cmd.tx, cmd.by.org).await? } else { Vec::new() };
    let portals: BTreeMap<i64, String> = portals.into_iter().collect();
    let takers = if carries { takers_of_data(&mut cmd.tx, cmd.by.org).await? } else { Vec::new() };
    let takers: BTreeSet<i64> = takers.into_iter().collect();
    let claims = letters.iter().any(NewLetter::takes_forms);
    let (known, mut enclosed) = (if claims { forms(&mut cmd.tx, cmd.by.org).await? } else { Vec::new() }, Vec::new());
    for new in letters {
        let own = match new.takes_forms().then(|| in_force(&known, new.to.form_of_letters(), new.dated_on)).transpose()
        {
            Ok(own) => own.unwrap_or_default(),
            Err(no) => {
                composed.push(Err(no.to_string()));
                continue;
            }
        };
        let (data, no_data) = match &new.document {
            Some((document, _)) if takers.contains(&new.to.row.id) => {
                match data_in_pdf(&mut cmd.tx, cmd.by.org, *document).await? {
                    Ok(data) => (Some(data), None),
                    Err(why) => (None, Some(why)),
                }
            }
            _ => (None, None),
        };
        let (link, address) = link_of(cmd, stationery, &new, &invoiced).unzip();
        let portal = new.document.as_ref().and_then(|_| portals.get(&new.to.row.id));
        composed.push(match row(cmd, stationery, &format!("LTR-{number:06}"), new, Parts { link: address, data }) {
            Ok(mut row) => {
                if let Some(reason) = held_because(portal, no_data) {
                    (row.head.state, row.head.state_reason) = ("held".into(), reason);
                }
                number += 1;
                let written = Composed::of(&row.head);
                enclosed.extend((1..).zip(&own).map(|(place, form)| (row.head.id, place, form.id)));
                if let Some(form) = own.first() {
                    let versions: Vec<_> = own.iter().map(|one| (&one.form, one.from_on, &one.file_sha256)).collect();
                    let detail = serde_json::json!({ "language": form.language, "forms": versions });
                    cmd.tell("FormsEnclosed", format!("letter {}", written.number), detail);
                }
                rows.push(row);
                links.extend(link);
                Ok(written)
            }
            Err(no) => Err(no.to_string()),
        });
    }
    cmd.next_numbers("LTR", rows.len() as i64).await?;
    add_links(&mut cmd.tx, cmd.by.org, links).await?;
    add_letters(&mut cmd.tx, cmd.by.org, rows).await?;
    add_letter_forms(&mut cmd.tx, cmd.by.org, &enclosed).await?;
    Ok(composed)
}

/// Writes letters that belong together: all of them, or none.
pub(crate) async fn compose_all(
    cmd: &mut Command,
    stationery: &Stationery,
    letters: Vec<NewLetter>,
) -> Outcome<Vec<Composed>> {
    let written = compose(cmd, stationery, letters).await?;
    let all = written.into_iter().collect::<Result<Vec<_>, String>>();
    Ok(all.map_err(|why| Fault::new(format!("a letter could not be written: {why}")))?)
}

impl Composed {
    pub(super) fn of(head: &LetterRow) -> Composed {
        Composed {
            letter: LetterId(head.id),
            number: head.number.clone(),
            state: head.state.clone(),
            channel: head.channel.clone(),
            total_pence: head.total_pence,
        }
    }
}

/// The items of the invoices that these letters carry, where links are made.
async fn invoiced(cmd: &mut Command, stationery: &Stationery, letters: &[NewLetter]) -> Outcome<BTreeMap<String, i64>> {
    if stationery.pay_links.is_empty() {
        return Ok(BTreeMap::new());
    }
    let carries = letters.iter().filter(|new| new.kind == LetterKind::Invoice);
    let numbers: Vec<String> = carries.filter_map(|new| new.document.as_ref()).map(|(_, n)| n.clone()).collect();
    Ok(items_of_invoices(&mut cmd.tx, cmd.by.org, &numbers).await?.into_iter().collect())
}

/// Whether a letter says how to pay: a collection is taken, a credit and a receipt ask for nothing.
fn asks_for_money(kind: LetterKind) -> bool {
    !matches!(
        kind,
        LetterKind::CreditNote
            | LetterKind::DirectDebit
            | LetterKind::Receipt
            | LetterKind::Answer
            | LetterKind::Circumstances
    )
}

/// The payment link of a letter that asks for items, where we take cards by link.
fn link_of(
    cmd: &Command,
    stationery: &Stationery,
    new: &NewLetter,
    invoiced: &BTreeMap<String, i64>,
) -> Option<((PayLinkRow, Vec<i64>), String)> {
    let mut items: Vec<i64> = new.item_ids.iter().filter(|(_, open)| *open > 0).map(|(item, _)| *item).collect();
    items.extend(new.document.as_ref().and_then(|(_, number)| invoiced.get(number)));
    if stationery.pay_links.is_empty() || !asks_for_money(new.kind) || items.is_empty() {
        return None;
    }
    let account = &new.to.row.number;
    let description = match &new.document {
        Some((_, number)) => format!("Invoice {number}, account {account}"),
        None => format!("Account {account}"),
    };
    let (row, address) = new_link(cmd, &stationery.pay_links, (new.to.row.id, account), description);
    Some(((row, items), address))
}

/// Why a letter waits for a person: its customer takes documents through a portal, or as data that cannot be made.
fn held_because(portal: Option<&String>, no_data: Option<String>) -> Option<String> {
    match (portal, no_data) {
        (Some(portal), None) => Some(format!("To be uploaded to {portal}")),
        (Some(portal), Some(why)) => Some(format!("To be uploaded to {portal}, without the data in its PDF: {why}")),
        (None, Some(why)) => Some(format!("The data in its PDF cannot be made; it can go without. {why}")),
        (None, None) => None,
    }
}

/// What a letter carries beside its words.
struct Parts {
    link: Option<String>,
    data: Option<Attachment>,
}

fn row(cmd: &Command, stationery: &Stationery, number: &str, new: NewLetter, parts: Parts) -> Outcome<NewLetterRow> {
    let (version, _) = template(stationery, &new.template)?;
    let letter = Letter { attachment: parts.data, ..content(stationery, number, &new, parts.link)? };
    let content = serde_json::to_string(&letter)?;
    let Leaving { channel, state, reason, sent_to } = leaving(new.kind, &new.to);
    let head = LetterRow {
        id: cmd.id::<LetterId>().0,
        number: number.to_owned(),
        kind: new.kind.as_str().into(),
        customer_id: new.to.row.id,
        document_id: new.document.as_ref().map(|(id, _)| id.0),
        template_code: new.template.clone(),
        template_version: *version,
        dated_on: new.dated_on,
        channel: channel.into(),
        sent_to,
        state: state.into(),
        total_pence: new.sum.0,
        content_sha256: sha256_hex(content.as_bytes()),
        file_sha256: String::new(),
        batch_id: None,
        run_id: new.run.map(|run| run.0),
        attempts: 0,
        state_reason: reason,
        recorded_at: cmd.at,
    };
    Ok(NewLetterRow { head, content, items: new.item_ids })
}

/// How a letter leaves.
pub(super) struct Leaving {
    pub channel: &'static str,
    pub state: &'static str,
    pub reason: String,
    pub sent_to: String,
}

fn leaving(kind: LetterKind, to: &Recipient) -> Leaving {
    let way = way_to_send(kind, &to.reach());
    let (channel, state, reason) = match way {
        Way::Post => ("post", "waiting", ""),
        Way::Email => ("email", "waiting", ""),
        Way::Held => ("post", "held", "We hold no address that this letter could go to"),
    };
    // What we do not print ourselves goes to the supplier; what nobody may get waits.
    let (state, reason) = match (to.waits.as_str(), made_elsewhere(&to.face().letter_format)) {
        ("", Some(form)) if way == Way::Post => ("held", format!("To be made in {form} by the supplier")),
        ("", _) => (state, reason.to_owned()),
        (why, _) => ("held", why.to_owned()),
    };
    let sent_to = match way {
        Way::Email => to.face().email.clone(),
        _ => std::iter::once(to.face().name.clone()).chain(to.address()).collect::<Vec<_>>().join(", "),
    };
    Leaving { channel, state, reason, sent_to }
}

/// The format of a letter that we cannot print; none for those we can.
fn made_elsewhere(format: &str) -> Option<&'static str> {
    match format {
        "braille" => Some("Braille"),
        "easy_read" => Some("easy read"),
        "audio" => Some("audio"),
        _ => None,
    }
}

/// How a letter that was written before leaves by the customer's way of today.
pub(super) fn way_of(to: &Recipient, letter: &LetterRow) -> Outcome<Leaving> {
    let kind = LetterKind::parse(&letter.kind).ok_or_else(|| Fault::new("what a letter is cannot be read"))?;
    Ok(leaving(kind, to))
}

fn template<'a>(stationery: &'a Stationery, code: &str) -> Outcome<&'a (i64, sundry_paper::Template)> {
    let found = stationery.templates.get(code);
    Ok(found.ok_or_else(|| Fault::new(format!("there is no live template {code}")))?)
}

/// The letter as the printer takes it.
pub(super) fn content(stationery: &Stationery, number: &str, new: &NewLetter, link: Option<String>) -> Outcome<Letter> {
    let (_, template) = template(stationery, &new.template)?;
    let language = new.to.language();
    let individual = new.to.kind().is_individual();
    let shown = new.document.as_ref().map_or(number, |(_, number)| number.as_str());
    let fields = Fields {
        language,
        audience: if individual { Audience::Individuals } else { Audience::Businesses },
        values: values(stationery, shown, new, language),
    };
    let filled = fill(template, &fields).map_err(|missing| {
        let all: Vec<String> = missing.iter().map(ToString::to_string).collect();
        Fault::new(format!("template {} cannot be filled: {}", new.template, all.join("; ")))
    })?;
    let asks = asks_for_money(new.kind);
    let dated = asks || new.kind == LetterKind::DirectDebit;
    Ok(Letter {
        kind: paper_kind(new.kind, &new.template),
        language,
        organisation: stationery.head_in(language),
        to: addressee(&new.to, individual, language),
        number: shown.to_owned(),
        dated_on: new.dated_on,
        due_on: new.due_on.filter(|_| dated),
        title: filled.title,
        sum_pence: new.sum.0,
        blocks: filled.blocks,
        invoice: new.invoice.clone(),
        ageing: ageing(new, language),
        items: new.items.clone(),
        payment: (asks || (new.kind == LetterKind::Answer && new.sum > Pence::ZERO))
            .then(|| payment(stationery, &new.to, link)),
        signed_by: None,
        enclosures: enclosures(&new.template, language),
        attachment: None,
        large_print: new.to.face().letter_format == "large_print",
        copy: false,
    })
}

/// The bands of a statement, as at its date, by due date; credits stand apart (DEL-05).
fn ageing(new: &NewLetter, language: Language) -> Option<Ageing> {
    if new.kind != LetterKind::Statement || new.items.is_empty() {
        return None;
    }
    let item = |one: &LetterItem| AgeingItem {
        invoice_on: one.dated_on,
        due_on: one.due_on.unwrap_or(one.dated_on),
        open: Pence(one.owed_pence),
    };
    let items: Vec<AgeingItem> = new.items.iter().map(item).collect();
    let buckets = Buckets::default();
    let row = age_items(&items, new.dated_on, AgeingBasis::Due, &buckets);
    let name = |bucket: &Bucket| match language {
        Language::English => bucket.name.clone(),
        Language::Welsh => match bucket.code.as_str() {
            "not_due" => "Heb fod yn ddyledus".to_owned(),
            "over_365" => "Dros 365 diwrnod".to_owned(),
            _ => bucket.name.replace("days", "diwrnod"),
        },
    };
    let bands = buckets.0.iter().zip(&row.buckets).map(|(bucket, pence)| (name(bucket), pence.0)).collect();
    Some(Ageing { as_at: new.dated_on, bands, unallocated_pence: row.unallocated.0 })
}

pub(super) fn addressee(to: &Recipient, individual: bool, language: Language) -> Addressee {
    let colleagues = if language == Language::Welsh { "gydweithwyr" } else { "colleagues" };
    Addressee {
        name: to.face().name.clone(),
        salutation: if individual || to.instead.is_some() { salutation(to) } else { colleagues.to_owned() },
        address: to.address(),
        customer_number: to.row.number.clone(),
    }
}

/// By name; to whom acts for somebody by their own name, without the words that say so.
fn salutation(to: &Recipient) -> String {
    let name = &to.face().name;
    let own = name.split_once(", for ").or_else(|| name.split_once(", ar ran ")).map_or(name.as_str(), |(own, _)| own);
    // "Dear personal representatives", as it is said.
    let estate = own.strip_prefix("The ").filter(|_| to.instead.is_some());
    estate.unwrap_or(own).to_owned()
}

fn payment(stationery: &Stationery, to: &Recipient, link: Option<String>) -> Payment {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let online = given(&stationery.pay_online).filter(|_| link.is_none());
    Payment {
        reference: to.row.number.clone(),
        online_code: online.as_ref().map(|_| to.row.number.clone()),
        online: online.or_else(|| link.clone()),
        link,
        phone: given(&stationery.pay_phone),
    }
}

/// The names of the fields that every letter has.
pub(super) fn values_of_every_letter() -> [&'static str; 18] {
    [
        "amount",
        "answer_by",
        "charges",
        "charges_sentence",
        "complaints",
        "daily_interest",
        "daily_interest_sentence",
        "due_on",
        "email",
        "interest_continues",
        "next_letter_on",
        "number",
        "organisation",
        "phone",
        "phone_hours",
        "reply_address",
        "team",
        "web",
    ]
}

/// Fields every template may use; a letter's own fields go over them.
fn values(stationery: &Stationery, number: &str, new: &NewLetter, language: Language) -> BTreeMap<String, String> {
    let from = stationery.head_in(language);
    let date = |day: Option<NaiveDate>| long_date(day.unwrap_or(new.dated_on), language);
    let reply = std::iter::once(from.name.clone()).chain(from.address.clone()).collect::<Vec<_>>().join(", ");
    let no_interest = match language {
        Language::English => "No. We are not adding interest or charges.",
        Language::Welsh => "Nac oes. Nid ydym yn ychwanegu llog na thaliadau.",
    };
    let common: [(&str, String); 18] = [
        ("amount", pounds(new.sum.0)),
        ("answer_by", date(new.due_on)),
        ("charges", pounds(0)),
        ("charges_sentence", String::new()),
        ("complaints", stationery.complaints.clone()),
        ("daily_interest", pounds(0)),
        ("daily_interest_sentence", String::new()),
        ("due_on", date(new.due_on)),
        ("email", from.email.clone()),
        ("interest_continues", no_interest.to_owned()),
        ("next_letter_on", date(new.next_letter_on.or(new.due_on))),
        ("number", number.to_owned()),
        ("organisation", from.name.clone()),
        ("phone", from.phone.clone()),
        ("phone_hours", from.phone_hours.clone()),
        ("reply_address", reply),
        ("team", from.team_name.clone()),
        ("web", from.web.clone()),
    ];
    let own = new.fields.iter().map(|(name, text)| (*name, text.clone()));
    common.into_iter().chain(own).map(|(name, text)| (name.to_owned(), text)).collect()
}

pub(super) fn paper_kind(kind: LetterKind, template: &str) -> PaperKind {
    match (kind, template) {
        (LetterKind::Invoice, _) => PaperKind::Invoice,
        (LetterKind::CreditNote, _) => PaperKind::CreditNote,
        (LetterKind::Statement, "standing_order_change" | "standing_order_shortfall") => PaperKind::Other,
        (LetterKind::Statement, _) => PaperKind::Statement,
        (LetterKind::DirectDebit, _) => PaperKind::DirectDebit,
        (LetterKind::LetterOfClaim, "letter_before_action") => PaperKind::LetterBeforeAction,
        (LetterKind::LetterOfClaim, _) => PaperKind::LetterOfClaim,
        (LetterKind::Receipt, _) => PaperKind::Receipt,
        (LetterKind::Answer, _) => PaperKind::Other,
        (LetterKind::Reminder, "reminder_2") => PaperKind::Reminder2,
        (LetterKind::Reminder, "final_notice") => PaperKind::FinalNotice,
        (LetterKind::Reminder, _) => PaperKind::Reminder1,
        (LetterKind::Plan, _) => PaperKind::Plan,
        (LetterKind::Notice | LetterKind::Circumstances, _) => PaperKind::Other,
        (LetterKind::ClaimNotice, _) => PaperKind::LetterOfClaim,
    }
}

/// What goes with a letter of claim; the pages of the protocol's own forms are put in as it leaves.
fn enclosures(template: &str, language: Language) -> Vec<Enclosure> {
    let forms: &[CourtForm] = if takes_forms(template) { CourtForm::ALL } else { &[] };
    let title = |form: &CourtForm| if language == Language::Welsh { form.welsh() } else { form.name() };
    let named =
        |form: &CourtForm| Enclosure { form: form.as_str().to_owned(), title: title(form).to_owned(), pdf: None };
    forms.iter().map(named).collect()
}
