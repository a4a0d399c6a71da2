//! The letters of a case: that breathing space has begun and what stops, to the debtor and to their adviser; sympathy after
//! a death. None asks anybody for money (BS-03, BS-06).
use crate::core::command::Command;
use crate::delivery::{NewLetter, Recipient, add_missing_shipped, compose_all, recipients_of, stationery};
use crate::{Fault, No, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::EventKind;
use sundry_domain::recovery::person_case::refusals::CASE_STATE;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_paper::{Language, long_date, pounds};
use sundry_store::Tx;
use sundry_store::delivery::{self, LetterRow, RecipientRow};
use sundry_store::people::{self, CaseRow};

/// The letter to the debt adviser, with every other debt we hold (reg 14).
const ADVISER: &str = "breathing_space_adviser";

/// Writes the letters of a case in force, once; they then wait to leave like any letter.
pub(super) async fn write(cmd: &mut Command, row: &CaseRow) -> Outcome<()> {
    let org = cmd.by.org;
    let Some(template) = EventKind::parse(&row.kind).and_then(EventKind::letter) else {
        let message = "Choose something else: only breathing space and a death have a letter";
        return Err(Invalid::field("act", message, "write").into());
    };
    let customer = row.customer_id.map(CustomerId).ok_or_else(|| No::Absent("customer".into()))?;
    if let Some(one) = letter_of(&mut cmd.tx, org, row).await? {
        let sentence = format!("{} was written on {}", one.number, written(one.dated_on));
        return Err(CASE_STATE.because(sentence).into());
    }
    add_missing_shipped(cmd, &[template, ADVISER]).await?;
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&customer.0);
    let to = to.ok_or_else(|| Fault::new("whose case it is, is not known"))?;
    let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
    let mut letters = Vec::new();
    if row.kind == EventKind::BreathingSpace.as_str()
        && let Some(adviser) = adviser(&to, row)
    {
        let fields = fields(cmd, row, &adviser).await?;
        letters.push(letter(cmd, ADVISER, adviser, fields));
    }
    let fields = fields(cmd, row, &to).await?;
    letters.push(letter(cmd, template, to, fields));
    let composed = compose_all(cmd, &paper, letters).await?;
    let numbers: Vec<&str> = composed.iter().map(|one| one.number.as_str()).collect();
    let detail = serde_json::json!({ "letter": numbers.join(", ") });
    cmd.tell("CaseLetterWritten", format!("case {}", row.number), detail);
    Ok(())
}

/// The letter that was written since the case was ours, unless it was withdrawn: a second is refused.
pub(super) async fn letter_of(tx: &mut Tx, org: OrgId, row: &CaseRow) -> Outcome<Option<LetterRow>> {
    let template = EventKind::parse(&row.kind).and_then(EventKind::letter);
    let (Some(template), Some(customer)) = (template, row.customer_id) else { return Ok(None) };
    let since = row.confirmed_on.unwrap_or(row.received_on);
    let all = delivery::letters_of_customer(tx, org, CustomerId(customer)).await?;
    let counts = |one: &LetterRow| one.template_code == template && one.dated_on >= since && one.state != "withdrawn";
    Ok(all.into_iter().find(counts))
}

/// The debt adviser of the notice, where it says how to reach them.
fn adviser(to: &Recipient, row: &CaseRow) -> Option<Recipient> {
    let reachable = !row.contact_email.trim().is_empty() || !row.contact_address.trim().is_empty();
    if row.contact_name.trim().is_empty() || !reachable {
        return None;
    }
    let face = RecipientRow {
        name: row.contact_name.trim().to_owned(),
        address1: row.contact_address.trim().to_owned(),
        address2: String::new(),
        town: String::new(),
        postcode: String::new(),
        email: row.contact_email.trim().to_owned(),
        channel: if row.contact_email.trim().is_empty() { "post" } else { "email" }.into(),
        letter_format: "standard".into(),
        ..to.row.clone()
    };
    Some(Recipient { instead: Some(Box::new(face)), ..Recipient::themselves(to.row.clone(), false) })
}

async fn fields(cmd: &mut Command, row: &CaseRow, to: &Recipient) -> Outcome<BTreeMap<&'static str, String>> {
    let (org, language) = (cmd.by.org, to.language());
    let stopped = people::items_of_case(&mut cmd.tx, org, row.id).await?;
    let owed = people::debts_of(&mut cmd.tx, org, CustomerId(to.row.id), row.starts_on).await?;
    let others: Vec<String> = owed
        .iter()
        .filter(|debt| !stopped.iter().any(|item| item.item_id == debt.id))
        .map(|debt| format!("- {}: {}", debt.number, pounds(debt.open_pence)))
        .collect();
    let others = match (others.is_empty(), language) {
        (false, _) => others.join("\n"),
        (true, Language::English) => "We hold no other debt.".to_owned(),
        (true, Language::Welsh) => "Nid oes gennym unrhyw ddyled arall.".to_owned(),
    };
    let stopped = stopped.iter().filter(|item| item.freed_on.is_none()).map(|item| format!("- {}", item.number));
    Ok(BTreeMap::from([
        ("began_on", long_date(row.starts_on, language)),
        ("components", stopped.collect::<Vec<_>>().join("\n")),
        ("lasts", lasts(row.ends_on, language)),
        ("others", others),
        ("person", to.row.name.clone()),
    ]))
}

fn letter(cmd: &Command, template: &str, to: Recipient, fields: BTreeMap<&'static str, String>) -> NewLetter {
    NewLetter {
        kind: LetterKind::Circumstances,
        template: template.into(),
        to,
        dated_on: cmd.today,
        due_on: None,
        next_letter_on: None,
        sum: Pence::ZERO,
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields,
        run: None,
    }
}

/// How long it lasts; a crisis has no last day before treatment ends, and the letter does not say which it is.
fn lasts(ends_on: Option<NaiveDate>, language: Language) -> String {
    match (ends_on, language) {
        (Some(last), Language::English) => format!("It lasts until {}.", long_date(last, language)),
        (Some(last), Language::Welsh) => format!("Mae'n para tan {}.", long_date(last, language)),
        (None, Language::English) => "We have not been told yet when it ends.".to_owned(),
        (None, Language::Welsh) => "Nid ydym wedi cael gwybod eto pryd y daw i ben.".to_owned(),
    }
}
