//! What a message does to queries: it joins one, whose clock and history know it, or opens one. It moves no money.
use super::super::act::{again, change, find, next, wait_over};
use super::super::categories::category_at;
use super::super::raise::{RaiseQuery, raise};
use crate::core::command::Command;
use crate::core::evidence::note;
use crate::delivery::write_mail;
use crate::{No, Outcome};
use sundry_domain::ids::CustomerId;
use sundry_domain::queries::{MailWriter, QueryAct, QueryState, Source};
use sundry_paper::{Language, long_date};
use sundry_store::control::{KeptFileRow, organisation};
use sundry_store::customers::customer;
use sundry_store::queries::QueryRow;
use sundry_store::queries::mail::{InboundFileRow, InboundMailRow};

/// The longest text that opens a query, in characters.
const LONGEST: usize = 4_000;

/// What is kept of a message with a query.
pub(super) struct Kept<'a> {
    /// The message itself, or its masked text.
    pub shown: &'a KeptFileRow,
    /// Its files.
    pub files: &'a [InboundFileRow],
}

/// Joins a message to a query: a customer who was asked has replied; a closed query may open again.
pub(super) async fn join(
    cmd: &mut Command,
    mail: &InboundMailRow,
    kept: &Kept<'_>,
    (number, reopen, from_service): (&str, bool, bool),
) -> Outcome<QueryRow> {
    let mut row = find(cmd, number).await?;
    if reopen {
        row.state = next(&row, QueryAct::Reopen)?.as_str().into();
        again(cmd, &mut row).await?;
        change(cmd, &row, "QueryReopened", None).await?;
    } else if row.state == QueryState::WaitingForCustomer.as_str() && !from_service {
        row.state = next(&row, QueryAct::CustomerReplied)?.as_str().into();
        let desk = cmd.desk.clone();
        wait_over(cmd, &desk, &mut row).await?;
        change(cmd, &row, "CustomerReplied", None).await?;
    }
    keep_with(cmd, mail, kept, &row.number).await?;
    cmd.tell("MailJoined", format!("query {}", row.number), told(mail));
    Ok(row)
}

/// Opens a query with a message, about something that holds nothing of the debt.
pub(super) async fn open(
    cmd: &mut Command,
    mail: &InboundMailRow,
    kept: &Kept<'_>,
    ask: RaiseQuery,
    follows: Option<&str>,
) -> Outcome<String> {
    let words = words(mail, follows);
    let raised = raise(cmd, &RaiseQuery { words, ..ask }, Source::Email).await?;
    keep_with(cmd, mail, kept, &raised.number).await?;
    cmd.tell("MailOpened", format!("query {}", raised.number), told(mail));
    Ok(raised.number)
}

/// Says to whoever wrote that their message is here, under which number, and by when it is answered. What a program
/// wrote is not answered, and nothing of the message is sent back.
pub(super) async fn acknowledge(cmd: &mut Command, mail: &InboundMailRow, row: &QueryRow) -> Outcome<()> {
    let to = if mail.reply_to.is_empty() { &mail.from_address } else { &mail.reply_to };
    if mail.writer != MailWriter::Person.as_str() || to.is_empty() {
        return Ok(());
    }
    let site = organisation(&mut cmd.tx, cmd.by.org).await?.map_or_else(String::new, |site| site.name);
    let customer = customer(&mut cmd.tx, cmd.by.org, CustomerId(row.customer_id)).await?;
    let welsh = customer.is_some_and(|one| one.language == "cy");
    let language = if welsh { Language::Welsh } else { Language::English };
    let day = long_date(row.answer_by, language);
    let (number, subject) = (&row.number, if welsh { "mae eich neges wedi cyrraedd" } else { "we have your message" });
    let text = match language {
        Language::English => format!(
            "Thank you for your message. Its number is {number}. Somebody will answer it by {day}.\n\n\
             Please keep {number} in the subject when you write to us about it again.\n\n{site}\n"
        ),
        Language::Welsh => format!(
            "Diolch am eich neges. Ei rhif yw {number}. Bydd rhywun yn ei hateb erbyn {day}.\n\n\
             Cadwch {number} yn y pwnc wrth ysgrifennu atom amdani eto.\n\n{site}\n"
        ),
    };
    write_mail(cmd, to, (&format!("{number}: {subject}"), &text), &format!("query {number}")).await?;
    cmd.tell("MailAcknowledged", format!("query {number}"), serde_json::json!({ "message": mail.number, "to": to }));
    Ok(())
}

/// A category in which a message may open a query by itself: the one that is wished for, if it holds nothing.
pub(super) async fn quiet_category(cmd: &mut Command, wished: &str) -> Outcome<Option<String>> {
    for code in [wished, "other"] {
        if let Some(found) = category_at(cmd, code).await?.filter(|one| !one.dispute) {
            return Ok(Some(found.code));
        }
    }
    Ok(None)
}

/// Whether a refusal means that a person must look, rather than that we broke.
pub(in crate::queries) fn for_a_person(no: No) -> Outcome<String> {
    match no {
        No::Refused(refusal) => Ok(format!("{} ({})", refusal.sentence, refusal.code)),
        No::Invalid(all) => Ok(all.into_iter().map(|one| one.message).collect::<Vec<_>>().join("; ")),
        No::Absent(what) => Ok(format!("There is no {what}")),
        other => Err(other),
    }
}

fn told(mail: &InboundMailRow) -> serde_json::Value {
    serde_json::json!({ "message": mail.number, "from": mail.from_address, "subject": mail.subject })
}

fn words(mail: &InboundMailRow, follows: Option<&str>) -> String {
    let follows = follows.map(|number| format!("Follows {number}.\n\n")).unwrap_or_default();
    let text = if mail.words.trim().is_empty() { "(no text)" } else { mail.words.trim() };
    let all = match mail.subject.trim() {
        "" => format!("{follows}{text}"),
        subject => format!("{follows}{subject}\n\n{text}"),
    };
    if all.chars().count() <= LONGEST {
        return all;
    }
    all.chars().take(LONGEST - 1).chain(['…']).collect()
}

async fn keep_with(cmd: &mut Command, mail: &InboundMailRow, kept: &Kept<'_>, number: &str) -> Outcome<()> {
    let subject = format!("query {number}");
    let from = if mail.from_address.is_empty() { "e-mail" } else { mail.from_address.as_str() };
    let ending = if mail.masked { "txt" } else { "eml" };
    let message = KeptFileRow { name: format!("{}.{ending}", mail.number), ..kept.shown.clone() };
    let about: String = mail.subject.chars().take(300).collect();
    note(cmd, &subject, &message, (&about, from)).await?;
    for file in kept.files.iter().filter(|file| !file.sha256.is_empty()) {
        let row = KeptFileRow {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
        };
        note(cmd, &subject, &row, (&format!("Came with {}", mail.number), from)).await?;
    }
    Ok(())
}
