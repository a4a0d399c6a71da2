//! Ending a query: by credit, rebill, or explanation; and what becomes of it when its credit note is decided (C2).
use super::QueryStands;
use super::act::{again, change, close, find, next};
use super::hold::release;
use super::letter::{Told, write};
use super::lines::{LineLeft, lines_left};
use crate::billing::{CreditLine, ask_credit};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{DocumentId, ItemId, QueryId};
use sundry_domain::money::Pence;
use sundry_domain::queries::{Cause, QueryAct, Resolution, net_of_disputed, refusals};
use sundry_domain::refusal::Invalid;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::queries::{self, QueryRow};
use sundry_store::{billing, plans};

/// Ends a query.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ResolveQuery {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// upheld (a credit note is asked for), rebilled (so is it, for the old charge), charge_stands, explained, paid or
    /// other.
    pub resolution: String,
    /// What the customer is told.
    #[serde(default)]
    pub words: String,
    /// For upheld and rebilled: lines to credit; when empty, the disputed part, or all that is left when rebilled.
    #[serde(default)]
    pub credit: Vec<CreditLine>,
    /// Why the charge is taken back; dispute_agreed when empty.
    #[serde(default)]
    pub credit_reason: String,
    /// What had gone wrong; the likely cause when empty.
    #[serde(default)]
    pub cause: String,
    /// For rebilled: the invoice that took its place.
    #[serde(default)]
    pub rebilled_as: String,
    /// Whether the customer gets a letter; they do when not said.
    #[serde(default)]
    pub letter: Option<bool>,
}

/// Ends a query. What is to be credited stays held until someone else has decided; everything else is chased again.
///
/// # Errors
/// `QRY-STATE`, `QRY-NO-ITEM`, `QRY-NAME-LINES`, `QRY-NOT-REBILLED`; what the credit note refuses; invalid fields.
pub async fn resolve_query(desk: &Desk, by: &Actor, ask: ResolveQuery) -> Outcome<QueryStands> {
    by.must_hold(Duty::AnswerQueries)?;
    let (resolution, cause) = check(&ask)?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "resolve_query", &ask.key, &ask, |cmd| {
        let mut row = find(cmd, &ask.number).await?;
        row.state = next(&row, QueryAct::Resolve)?.as_str().into();
        if resolution == Resolution::Rebilled {
            row.rebilled_as = rebilled(cmd, &row, &ask.rebilled_as).await?;
        }
        let approval = if resolution.credits() { credit(cmd, &row, &ask, resolution).await? } else { None };
        row.cause = cause.unwrap_or_else(|| Cause::likely(&row.category, resolution)).as_str().into();
        close(cmd, &mut row, resolution.as_str());
        if !ask.words.trim().is_empty() {
            row.answer = ask.words.trim().into();
        }
        match &approval {
            // Held until it is decided, however long that takes.
            Some(number) => {
                row.approval.clone_from(number);
                plans::move_holds_of_query(&mut cmd.tx, cmd.by.org, QueryId(row.id), None).await?;
            }
            None => {
                release(cmd, &row).await?;
                if ask.letter.unwrap_or(true) {
                    row.letter = write(cmd, &row, Told::Ended(resolution)).await?;
                }
            }
        }
        change(cmd, &row, "QueryResolved", approval).await
    })
}

fn check(ask: &ResolveQuery) -> Outcome<(Resolution, Option<Cause>)> {
    let mut wrong = Vec::new();
    let resolution = Resolution::parse(&ask.resolution);
    if resolution.is_none() {
        let names: Vec<&str> = Resolution::ALL.iter().map(|one| one.as_str()).collect();
        wrong.push(Invalid::field("resolution", format!("Choose one of {}", names.join(", ")), &ask.resolution));
    }
    let cause = if ask.cause.is_empty() { None } else { Some(Cause::parse(&ask.cause)) };
    if cause == Some(None) {
        wrong.push(Invalid::field("cause", "Choose what had gone wrong from the list", &ask.cause));
    }
    if ask.words.chars().count() > 2_000 {
        wrong.push(Invalid::field("words", "Enter what the customer is told, in at most 2,000 characters", &ask.words));
    }
    match resolution.filter(|_| wrong.is_empty()) {
        Some(resolution) => Ok((resolution, cause.flatten())),
        None => Err(wrong.into()),
    }
}

/// The invoice that took the place of the one in query; it must be there, and be another one.
async fn rebilled(cmd: &mut Command, row: &QueryRow, number: &str) -> Outcome<String> {
    let number = number.trim();
    let found = billing::document_numbered(&mut cmd.tx, cmd.by.org, "invoice", number).await?;
    let old = match row.item_id {
        Some(id) => ledger::item(&mut cmd.tx, cmd.by.org, ItemId(id)).await?,
        None => None,
    };
    match found {
        Some(new) if old.is_none_or(|old| old.document_id != Some(new.id)) => Ok(new.number),
        Some(_) => Err(refusals::NOT_REBILLED.because(format!("{number} is the invoice in query")).into()),
        None => Err(refusals::NOT_REBILLED.because(format!("There is no invoice {number:?}")).into()),
    }
}

/// Asks for the credit note; none where nothing is left to credit.
async fn credit(
    cmd: &mut Command,
    row: &QueryRow,
    ask: &ResolveQuery,
    resolution: Resolution,
) -> Outcome<Option<String>> {
    let org = cmd.by.org;
    let item = match row.item_id {
        Some(id) => ledger::item(&mut cmd.tx, org, ItemId(id)).await?,
        None => None,
    };
    let item = item.filter(|item| item.kind == "invoice");
    let item = item.ok_or_else(|| refusals::NO_ITEM.because(format!("{} names no invoice to credit", row.number)))?;
    let lines = lines_of(cmd, &item).await?;
    if resolution == Resolution::Rebilled && lines.iter().all(|line| line.net_pence <= 0) {
        return Ok(None);
    }
    let lines = if ask.credit.is_empty() { to_credit(row, &lines, resolution)? } else { ask.credit.clone() };
    let reason = if ask.credit_reason.is_empty() { "dispute_agreed" } else { &ask.credit_reason };
    let words = format!("{}: {}", row.number, if ask.words.trim().is_empty() { &row.words } else { &ask.words });
    Ok(Some(ask_credit(cmd, &item.number, &lines, reason, &words).await?.approval))
}

async fn lines_of(cmd: &mut Command, item: &ItemRow) -> Outcome<Vec<LineLeft>> {
    match item.document_id {
        Some(document) => lines_left(&mut cmd.tx, cmd.by.org, DocumentId(document)).await,
        None => Ok(Vec::new()),
    }
}

/// Which lines the disputed part comes out of, where nobody says; none means all that is left of every line.
fn to_credit(row: &QueryRow, lines: &[LineLeft], resolution: Resolution) -> Outcome<Vec<CreditLine>> {
    let left = lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.gross()));
    let disputed = Pence(row.disputed_pence);
    let one = match (row.line, lines) {
        (Some(number), all) => all.iter().find(|line| line.line == number),
        (None, [only]) => Some(only),
        _ => None,
    };
    match one {
        _ if resolution == Resolution::Rebilled || disputed >= left => Ok(Vec::new()),
        Some(line) if disputed > Pence::ZERO => {
            let net = net_of_disputed(disputed, Pence(line.net_pence), Pence(line.vat_pence));
            let number = u32::try_from(line.line).unwrap_or_default();
            Ok(vec![CreditLine { line: number, net_pence: net.0 }])
        }
        _ => {
            let sentence = format!("{disputed} is disputed and {left} is left on {} lines", lines.len());
            Err(refusals::NAME_LINES.because(sentence).into())
        }
    }
}

/// The credit note that a query asked for is decided: posted, and the customer is told; or refused, and the query goes
/// on as it was, its part still held.
pub(crate) async fn credit_decided(cmd: &mut Command, approval: &str, made: Option<&str>) -> Outcome<()> {
    let Some(mut row) = queries::query_of_approval(&mut cmd.tx, cmd.by.org, approval).await? else { return Ok(()) };
    if row.state != "resolved" {
        return Ok(());
    }
    match made {
        Some(credit_note) => {
            release(cmd, &row).await?;
            row.letter = write(cmd, &row, Told::Credited(credit_note)).await?;
            change(cmd, &row, "QueryCredited", None).await?;
        }
        None => {
            row.state = next(&row, QueryAct::Reopen)?.as_str().into();
            row.approval.clear();
            again(cmd, &mut row).await?;
            change(cmd, &row, "QueryCreditRefused", None).await?;
        }
    }
    Ok(())
}
