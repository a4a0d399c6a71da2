//! The letters that answer queries and complaints: what we found, what is credited, what is left to pay, what comes next.
use super::hold::items_held;
use crate::Outcome;
use crate::core::command::Command;
use crate::delivery::{NewLetter, Recipient, add_missing_templates, compose, recipients_of, stationery};
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::queries::{ComplaintOutcome, Resolution, Stage};
use sundry_paper::{Language, long_date, pounds};
use sundry_store::queries::QueryRow;
use sundry_store::queries::complaints::ComplaintRow;

const ANSWER: &str = include_str!("answer.json");
const COMPLAINT: &str = include_str!("complaint.json");
/// Days of grace after a dispute (REC-04).
const GRACE: i64 = 14;

/// What the customer is told.
pub(super) enum Told<'a> {
    /// It is over without a credit note.
    Ended(Resolution),
    /// It is credited by this note.
    Credited(&'a str),
}

/// Writes the letter; gives its number, or nothing where it could not be written: then the trail says why.
pub(super) async fn write(cmd: &mut Command, row: &QueryRow, told: Told<'_>) -> Outcome<String> {
    let org = cmd.by.org;
    add_missing_templates(cmd, &[ANSWER]).await?;
    let id = CustomerId(row.customer_id);
    let Some(to) = recipients_of(&mut cmd.tx, org, id, id, cmd.today).await?.remove(&row.customer_id) else {
        return Ok(String::new());
    };
    let items = items_held(cmd, row).await?;
    let item = items.first().map(|item| match items.len() {
        1 => item.number.as_str(),
        // Its instalments are answered together.
        _ => item.number.rsplit_once('/').map_or(item.number.as_str(), |(whole, _)| whole),
    });
    let language = to.language();
    let due_on = add_days(cmd.today, GRACE);
    let open = items.iter().fold(Pence::ZERO, |sum, item| {
        sum.plus(Pence(item.open_pence).minus(Pence(item.disputed_pence)).max(Pence::ZERO))
    });
    let fields = BTreeMap::from([
        ("query", row.number.clone()),
        ("asked_on", long_date(row.opened_on, language)),
        ("about", about(item, language)),
        ("outcome", outcome(&told, row, language)),
        ("words", if row.answer.is_empty() { String::new() } else { row.answer.clone() }),
        ("left", left(item, open, &long_date(due_on, language), language)),
    ]);
    send(cmd, ("query_answer", &format!("query {}", row.number)), to, open, fields).await
}

/// Writes the letter that answers a complaint; gives its number, or nothing where it could not be written.
pub(super) async fn write_complaint(
    cmd: &mut Command,
    row: &ComplaintRow,
    outcome: ComplaintOutcome,
) -> Outcome<String> {
    add_missing_templates(cmd, &[COMPLAINT]).await?;
    let id = CustomerId(row.customer_id);
    let found = recipients_of(&mut cmd.tx, cmd.by.org, id, id, cmd.today).await?.remove(&row.customer_id);
    let Some(to) = found else { return Ok(String::new()) };
    let language = to.language();
    let fields = BTreeMap::from([
        ("complaint", row.number.clone()),
        ("asked_on", long_date(row.opened_on, language)),
        ("outcome", decision(outcome, language).to_owned()),
        ("words", row.answer.clone()),
        ("next", next_for_them(&row.stage, language).to_owned()),
    ]);
    send(cmd, ("complaint_answer", &format!("complaint {}", row.number)), to, Pence::ZERO, fields).await
}

fn decision(outcome: ComplaintOutcome, language: Language) -> &'static str {
    match (outcome, language) {
        (ComplaintOutcome::Upheld, Language::English) => "You were right, and we are sorry.",
        (ComplaintOutcome::Upheld, Language::Welsh) => "Roeddech yn iawn, ac mae'n ddrwg gennym.",
        (ComplaintOutcome::PartlyUpheld, Language::English) => "You were right in part, and we are sorry.",
        (ComplaintOutcome::PartlyUpheld, Language::Welsh) => "Roeddech yn rhannol iawn, ac mae'n ddrwg gennym.",
        (_, Language::English) => "We have looked into it, and we think that we acted rightly.",
        (_, Language::Welsh) => "Rydym wedi edrych i mewn i'r mater, ac rydym o'r farn inni weithredu'n gywir.",
    }
}

fn next_for_them(stage: &str, language: Language) -> &'static str {
    match (Stage::parse(stage), language) {
        (Some(Stage::Stage1), Language::English) => {
            "You can ask us to look again (stage 2). Somebody who had no part in this answer will do so."
        }
        (Some(Stage::Stage1), Language::Welsh) => {
            "Gallwch ofyn i ni edrych eto (cam 2). Bydd rhywun nad oedd â rhan yn yr ateb hwn yn gwneud hynny."
        }
        (_, Language::English) => "This is our last answer. You can ask the ombudsman to look into it.",
        (_, Language::Welsh) => "Dyma ein hateb olaf. Gallwch ofyn i'r ombwdsmon edrych i mewn i'r mater.",
    }
}

async fn send(
    cmd: &mut Command,
    (template, about): (&str, &str),
    to: Recipient,
    sum: Pence,
    mut fields: BTreeMap<&'static str, String>,
) -> Outcome<String> {
    let paper = stationery(&mut cmd.tx, cmd.by.org, cmd.today).await?;
    fields.insert("cannot_pay", cannot_pay(sum, &paper.letterhead.phone, to.language()));
    let letter = NewLetter {
        kind: LetterKind::Answer,
        template: template.into(),
        to,
        dated_on: cmd.today,
        due_on: None,
        next_letter_on: None,
        sum,
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields,
        run: None,
    };
    match compose(cmd, &paper, vec![letter]).await?.pop() {
        Some(Ok(letter)) => Ok(letter.number),
        Some(Err(why)) => {
            cmd.tell("AnswerNotWritten", about.to_owned(), why);
            Ok(String::new())
        }
        None => Ok(String::new()),
    }
}

fn cannot_pay(left: Pence, phone: &str, language: Language) -> String {
    match language {
        _ if left == Pence::ZERO => String::new(),
        Language::English => format!("Call us on {phone}. We can talk about what you can manage."),
        Language::Welsh => format!("Ffoniwch ni ar {phone}. Gallwn siarad am yr hyn y gallwch ei dalu."),
    }
}

fn about(item: Option<&str>, language: Language) -> String {
    match (item, language) {
        (Some(item), Language::Welsh) => format!("anfoneb {item}"),
        (Some(item), Language::English) => format!("invoice {item}"),
        (None, Language::Welsh) => "eich cyfrif".into(),
        (None, Language::English) => "your account".into(),
    }
}

fn outcome(told: &Told<'_>, row: &QueryRow, language: Language) -> String {
    let new = &row.rebilled_as;
    let (english, welsh) = match told {
        Told::Credited(note) if !new.is_empty() => (
            format!(
                "You were right. We have sent a new invoice, {new}, and taken the old charge back with credit note {note}."
            ),
            format!(
                "Roeddech yn iawn. Rydym wedi anfon anfoneb newydd, {new}, ac wedi tynnu'r hen dâl yn ôl gyda nodyn credyd {note}."
            ),
        ),
        Told::Credited(note) => (
            format!(
                "You were right. We have taken the charge back with credit note {note}, which comes with its own letter."
            ),
            format!(
                "Roeddech yn iawn. Rydym wedi tynnu'r tâl yn ôl gyda nodyn credyd {note}, a ddaw gyda'i lythyr ei hun."
            ),
        ),
        Told::Ended(Resolution::Rebilled) => (
            format!("We have sent a new invoice, {new}, in its place."),
            format!("Rydym wedi anfon anfoneb newydd, {new}, yn ei lle."),
        ),
        Told::Ended(Resolution::ChargeStands) => (
            "We have looked into it, and the charge is right.".into(),
            "Rydym wedi edrych i mewn i'r mater, ac mae'r tâl yn gywir.".into(),
        ),
        Told::Ended(Resolution::Paid) => {
            ("We have found your payment. Thank you.".into(), "Rydym wedi dod o hyd i'ch taliad. Diolch.".into())
        }
        Told::Ended(_) => ("We have looked into it.".into(), "Rydym wedi edrych i mewn i'r mater.".into()),
    };
    if language == Language::Welsh { welsh } else { english }
}

fn left(item: Option<&str>, open: Pence, by: &str, language: Language) -> String {
    match (item, open > Pence::ZERO, language) {
        (None, ..) => String::new(),
        (Some(item), true, Language::English) => {
            format!(
                "{} is left to pay on invoice {}. We will not write to you about it again before {by}.",
                pounds(open.0),
                item
            )
        }
        (Some(item), true, Language::Welsh) => {
            format!(
                "Mae {} ar ôl i'w dalu ar anfoneb {}. Ni fyddwn yn ysgrifennu atoch amdano eto cyn {by}.",
                pounds(open.0),
                item
            )
        }
        (Some(item), false, Language::English) => format!("Nothing is left to pay on invoice {item}."),
        (Some(item), false, Language::Welsh) => format!("Nid oes dim ar ôl i'w dalu ar anfoneb {item}."),
    }
}
