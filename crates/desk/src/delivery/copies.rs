//! Copies of invoices and credit notes sent again by the customer's way of today, each marked as one on every page.
use super::compose::{Composed, Recipient, addressee, way_of};
use super::documents::recipients_of;
use super::letters::content_of;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::NO_DUTY;
use sundry_domain::ids::{CustomerId, LetterId};
use sundry_domain::refusal::Invalid;
use sundry_paper::Letter;
use sundry_store::delivery::court_forms::same_forms;
use sundry_store::delivery::{self, LetterRow, NewLetterRow};

/// The most copies of one request.
const MOST: usize = 200;

/// Sends copies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendCopies {
    /// Idempotency key.
    pub key: String,
    /// Numbers of invoices and credit notes.
    pub documents: Vec<String>,
}

/// What was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CopiesSent {
    /// The letters that wait to leave, or are held for want of an address.
    pub letters: Vec<Composed>,
    /// Documents that no letter of ours carried: they came from an old ledger.
    pub without: Vec<String>,
}

/// Writes a copy of the letter of each document, to leave by the customer's way of today; the originals stay as sent.
///
/// # Errors
/// Duty; no document named, or more than 200; a document that is not there.
pub async fn send_copies(desk: &Desk, by: &Actor, ask: SendCopies) -> Outcome<CopiesSent> {
    if ![Duty::WorkCases, Duty::RaiseInvoice, Duty::AnswerQueries].into_iter().any(|duty| by.holds(duty)) {
        return Err(NO_DUTY
            .because("Sending a copy takes the duty to work cases, raise invoices or answer queries")
            .into());
    }
    if ask.documents.is_empty() || ask.documents.len() > MOST {
        let say = "Choose between 1 and 200 invoices or credit notes";
        return Err(Invalid::field("documents", say, ask.documents.len().to_string()).into());
    }
    command!(desk, by, "send_copies", &ask.key, &ask, |cmd| {
        let (mut rows, mut without) = (Vec::new(), Vec::new());
        let mut number = cmd.next_numbers("LTR", 0).await?;
        for document in &ask.documents {
            match original_of(cmd, document).await? {
                Some(original) => {
                    rows.push(copy_of(cmd, &original, &format!("LTR-{number:06}")).await?);
                    number += 1;
                }
                None => without.push(document.clone()),
            }
        }
        cmd.next_numbers("LTR", rows.len() as i64).await?;
        let letters: Vec<Composed> = rows.iter().map(|row| Composed::of(&row.head)).collect();
        delivery::add_letters(&mut cmd.tx, cmd.by.org, rows).await?;
        let sent = CopiesSent { letters, without };
        cmd.tell("CopiesSent", "copies", (&ask.documents, &sent));
        Ok(sent)
    })
}

/// The letter that first carried a document.
async fn original_of(cmd: &mut Command, number: &str) -> Outcome<Option<LetterRow>> {
    let found = delivery::letter_of_document(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    match found {
        Some(letter) => Ok(Some(letter)),
        None if delivery::is_document(&mut cmd.tx, cmd.by.org, number.trim()).await? => Ok(None),
        None => Err(No::Absent(format!("invoice {}", number.trim()))),
    }
}

async fn copy_of(cmd: &mut Command, original: &LetterRow, number: &str) -> Outcome<NewLetterRow> {
    let org = cmd.by.org;
    let customer = CustomerId(original.customer_id);
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&customer.0);
    let to = to.ok_or_else(|| Fault::new("whose letter it is, is not known"))?;
    let first = content_of(&mut cmd.tx, org, original).await?;
    let letter = Letter { to: addressed(&to, &first), copy: true, ..first };
    let content = serde_json::to_string(&letter)?;
    let way = way_of(&to, original)?;
    let head = LetterRow {
        id: cmd.id::<LetterId>().0,
        number: number.to_owned(),
        channel: way.channel.into(),
        sent_to: way.sent_to,
        state: way.state.into(),
        state_reason: if way.reason.is_empty() { format!("Copy of {}", original.number) } else { way.reason },
        content_sha256: sha256_hex(content.as_bytes()),
        file_sha256: String::new(),
        batch_id: None,
        run_id: None,
        attempts: 0,
        recorded_at: cmd.at,
        ..original.clone()
    };
    Ok(NewLetterRow { head, content, items: Vec::new() })
}

/// To where the customer is today, by the name on the original.
fn addressed(to: &Recipient, first: &Letter) -> sundry_paper::Addressee {
    let today = addressee(to, to.kind().is_individual(), to.language());
    sundry_paper::Addressee { salutation: first.to.salutation.clone(), ..today }
}

/// Writes a letter again by post, as itself and not as a copy, with the items it names; held where no address is known.
pub(super) async fn again_by_post(cmd: &mut Command, original: &LetterRow) -> Outcome<Composed> {
    let org = cmd.by.org;
    let customer = CustomerId(original.customer_id);
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&customer.0);
    let mut to = to.ok_or_else(|| Fault::new("whose letter it is, is not known"))?;
    to.row.email.clear();
    let first = content_of(&mut cmd.tx, org, original).await?;
    let letter = Letter { to: addressed(&to, &first), ..first };
    let content = serde_json::to_string(&letter)?;
    let way = way_of(&to, original)?;
    let number = cmd.next_number("LTR").await?;
    let head = LetterRow {
        id: cmd.id::<LetterId>().0,
        number: format!("LTR-{number:06}"),
        channel: way.channel.into(),
        sent_to: way.sent_to,
        state: way.state.into(),
        state_reason: if way.reason.is_empty() { format!("Instead of {}", original.number) } else { way.reason },
        content_sha256: sha256_hex(content.as_bytes()),
        file_sha256: String::new(),
        batch_id: None,
        attempts: 0,
        recorded_at: cmd.at,
        ..original.clone()
    };
    let items = delivery::items_of_letter(&mut cmd.tx, org, LetterId(original.id)).await?;
    let written = Composed::of(&head);
    delivery::add_letters(&mut cmd.tx, org, vec![NewLetterRow { head, content, items }]).await?;
    same_forms(&mut cmd.tx, org, LetterId(original.id), written.letter).await?;
    Ok(written)
}
