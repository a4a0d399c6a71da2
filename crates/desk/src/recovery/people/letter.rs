//! The letter of a case: that breathing space has begun and what stops, or sympathy after a death. Neither asks anybody
//! for money (BS-03, BS-06).
use crate::core::command::Command;
use crate::delivery::{NewLetter, add_missing_shipped, compose_all, recipients_of, stationery};
use crate::{Fault, No, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::EventKind;
use sundry_domain::recovery::person_case::refusals::CASE_STATE;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_paper::{Language, long_date};
use sundry_store::delivery;
use sundry_store::people::{self, CaseRow};

/// Writes the letter of a case in force, once; it then waits to leave like any letter.
pub(super) async fn write(cmd: &mut Command, row: &CaseRow) -> Outcome<()> {
    let org = cmd.by.org;
    let Some(template) = EventKind::parse(&row.kind).and_then(EventKind::letter) else {
        let message = "Choose something else: only breathing space and a death have a letter";
        return Err(Invalid::field("act", message, "write").into());
    };
    let customer = row.customer_id.map(CustomerId).ok_or_else(|| No::Absent("customer".into()))?;
    let since = row.confirmed_on.unwrap_or(row.received_on);
    let before = delivery::letters_of_customer(&mut cmd.tx, org, customer).await?;
    let there =
        before.iter().find(|one| one.template_code == template && one.dated_on >= since && one.state != "withdrawn");
    if let Some(one) = there {
        let sentence = format!("{} was written on {}", one.number, written(one.dated_on));
        return Err(CASE_STATE.because(sentence).into());
    }
    add_missing_shipped(cmd, &[template]).await?;
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&customer.0);
    let to = to.ok_or_else(|| Fault::new("whose case it is, is not known"))?;
    let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
    let language = to.language();
    let stopped = people::items_of_case(&mut cmd.tx, org, row.id).await?;
    let stopped = stopped.iter().filter(|item| item.freed_on.is_none()).map(|item| format!("- {}", item.number));
    let fields = BTreeMap::from([
        ("began_on", long_date(row.starts_on, language)),
        ("components", stopped.collect::<Vec<_>>().join("\n")),
        ("lasts", lasts(row.ends_on, language)),
        ("person", to.row.name.clone()),
    ]);
    let letter = NewLetter {
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
    };
    let composed = compose_all(cmd, &paper, vec![letter]).await?;
    let numbers: Vec<&str> = composed.iter().map(|one| one.number.as_str()).collect();
    let detail = serde_json::json!({ "letter": numbers.join(", ") });
    cmd.tell("CaseLetterWritten", format!("case {}", row.number), detail);
    Ok(())
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
